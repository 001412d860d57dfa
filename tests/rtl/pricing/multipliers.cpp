/* mul_tiled against 128-bit arithmetic: 48 random widths per SEED, tile size and SHARE, all from
 * make, under stalls; a shared multiplier steps every fourth cycle at most. */
#include "Vmultipliers.h"
#include "support/bench.h"

using namespace bench;

static const unsigned instances = 48, history = 16;

/* The generator of multipliers.sv. */
static unsigned draw(unsigned index, unsigned modulus)
{
    uint64_t state = UINT64_C(1000) * SEED + index + 1;
    for (int i = 0; i < 8; i++)
        state = state * 48271 % 2147483647;
    return (unsigned)(state % modulus);
}

static unsigned pieces(unsigned width, unsigned tile)
{
    return (width + tile - 1) / tile;
}

/* Latency as mul_tiled's contract has it: tiles by the cheaper way, two registers, an adder tree
 * over the diagonals. */
static unsigned latency_of(unsigned x_width, unsigned y_width)
{
    const unsigned upright = pieces(x_width, WIDE) * pieces(y_width, NARROW);
    const unsigned flat = pieces(x_width, NARROW) * pieces(y_width, WIDE);
    const unsigned diagonals = upright < flat ? pieces(x_width, WIDE) + pieces(y_width, NARROW) - 1
                                              : pieces(x_width, NARROW) + pieces(y_width, WIDE) - 1;
    unsigned levels = 0;
    while (1u << levels < diagonals)
        levels++;
    return 2 + levels;
}

/* A word of any length, often all ones or a power of two. */
static uint64_t operand(Random &random)
{
    const unsigned length = (unsigned)random.below(65);
    const uint64_t all = length == 0 ? 0 : ~UINT64_C(0) >> (64 - length);
    return random.percent(20)   ? all
           : random.percent(20) ? all ^ (all >> 1)
           : random.percent(20) ? ~all
                                : random.bits() & all;
}

int main()
{
    Bench<Vmultipliers> b("multipliers", 100000);
    Stall enable(b.random);
    uint64_t x[history] = {}, y[history] = {};
    uint64_t enabled = 0, next = 0; /* steps; the first cycle in which the next one may come */
    b.reset();
    b.begin("random operands, with stalls");
    for (uint64_t n = 0; n < b.count; n++) {
        b.dut.en_i = enable.go() && b.cycle >= next;
        b.dut.x_i = operand(b.random);
        b.dut.y_i = operand(b.random);
        b.settle();
        for (unsigned i = 0; i < instances && enabled > history; i++) {
            const unsigned x_width = 1 + draw(3 * i, 64), y_width = 1 + draw(3 * i + 1, 64);
            const unsigned shift = draw(3 * i + 2, x_width + y_width);
            const uint64_t at = (enabled - latency_of(x_width, y_width)) % history;
            const u128 want = low_bits(x[at], x_width) * low_bits(y[at], y_width) >> shift;
            u128 got = 0;
            for (unsigned k = 0; k < 4; k++)
                got |= (u128)b.dut.p_o[4 * i + k] << (32 * k);
            b.expect(got == want, "%u x %u bits >> %u: %" PRIx64 " * %" PRIx64, x_width, y_width,
                     shift, x[at], y[at]);
        }
        if (b.dut.en_i) {
            x[enabled % history] = b.dut.x_i;
            y[enabled % history] = b.dut.y_i;
            enabled++;
            next = b.cycle + SHARE;
        }
        b.tick();
    }
    b.expect(enabled > b.count / (4 * SHARE), "only %" PRIu64 " steps", enabled);
    b.end();
    return b.finish();
}
