/* The five ROM evaluators against pl_rom_*() of the C model, under stalls. PROFILE comes from make.
 */
#include "Vroms.h"
#include "pricing/model.h"
#include "support/bench.h"

using namespace bench;

static const unsigned latency = PROFILE == 1 ? 21 : 11; /* pl_pricing_pkg::rom_mills() */

struct Result {
    uint64_t recip, neg_ln, log_ratio, exp2_neg, mills;
};

/* {e, m} as the pipeline carries it, e in 12 bits. */
static uint64_t packed(struct pl_mag x)
{
    return x.m | (uint64_t)((uint32_t)x.e & 0xfff) << word;
}

static uint64_t low(uint64_t x, unsigned bits)
{
    return x & ((UINT64_C(1) << bits) - 1);
}

/* The five read one word: each takes the bits of its own argument. */
static Result model(uint64_t x)
{
    const unsigned xb = word - PL_Z_INTEGER_BITS;
    const uint64_t m = low(x, word - 1) | UINT64_C(1) << (word - 1);
    const int32_t e = (int32_t)((x >> word & 0xfff) ^ 0x800) - 0x800;
    const uint64_t z = low(x, word + 1) < (UINT64_C(63) << xb) ? low(x, word + 1) : low(x, word);
    return { packed(pl_rom_recip(arith, { m, e })), pl_rom_neg_ln(arith, m),
             pl_rom_log_ratio(arith, low(x, word)),
             packed(pl_rom_exp2_neg(arith, low(x, word + 10))), pl_rom_mills(arith, z) };
}

/* Any argument; often next to a segment's edge; z + 1 with an octave chosen evenly, and z below 63.
 */
static uint64_t argument(Random &random)
{
    const unsigned xb = word - PL_Z_INTEGER_BITS;
    uint64_t x = random.bits();
    const unsigned octave = (unsigned)random.below(6);
    const uint64_t one = UINT64_C(1) << xb;
    const uint64_t z = ((one << octave) | (x & ((one << octave) - 1))) - one;
    if (random.percent(60))
        x = (x & ~((one << 6) - 1)) | z;
    if (random.percent(40)) {
        const unsigned zeros = (unsigned)random.below(word);
        x = (x >> zeros << zeros) - random.below(3) + 1;
    }
    if (low(x, word + 1) >= (UINT64_C(63) << xb))
        x &= ~(UINT64_C(1) << word);
    return x;
}

int main()
{
    Bench<Vroms> b("roms", 1000000);
    Stall enable(b.random);
    Pipeline<Result> pipeline(latency);
    b.reset();
    b.begin("random arguments and edges of segments, with stalls");
    for (uint64_t n = 0; n < b.count; n++) {
        const uint64_t x = argument(b.random);
        b.dut.en_i = enable.go();
        b.dut.x_i = x;
        b.settle();
        if (pipeline.valid()) {
            const Result &want = pipeline.result();
            b.expect(b.dut.recip_o == want.recip, "1/x %" PRIx64 ", not %" PRIx64, b.dut.recip_o,
                     want.recip);
            b.expect(b.dut.neg_ln_o == want.neg_ln, "-ln %" PRIx64 ", not %" PRIx64, b.dut.neg_ln_o,
                     want.neg_ln);
            b.expect(b.dut.log_ratio_o == want.log_ratio, "ratio %" PRIx64 ", not %" PRIx64,
                     b.dut.log_ratio_o, want.log_ratio);
            b.expect(b.dut.exp2_neg_o == want.exp2_neg, "2^-y %" PRIx64 ", not %" PRIx64,
                     b.dut.exp2_neg_o, want.exp2_neg);
            b.expect(b.dut.mills_o == want.mills, "M %" PRIx64 ", not %" PRIx64, b.dut.mills_o,
                     want.mills);
        }
        if (b.dut.en_i)
            pipeline.enter(true, model(x));
        b.tick();
    }
    b.end();
    return b.finish();
}
