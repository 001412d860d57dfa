/* narrow against pl_money_limit(pl_shift_down / pl_shift_up). SUM_WIDTH comes from make. */
#include "Vnarrow.h"
#include "support/model.h"
#include "support/bench.h"

using namespace bench;

static const unsigned latency = 4;

struct Result {
    int64_t money;
    bool overflow;
    s128 sum;
    int shift;
    bool up;
};

struct Model {
    Bench<Vnarrow> &b;
    Pipeline<Result> pipeline{ latency };
    uint64_t overflows = 0, fits = 0;

    explicit Model(Bench<Vnarrow> &b) : b(b)
    {
    }
    void cycle(bool enable, bool valid, s128 sum, int shift, bool up)
    {
        b.dut.en_i = enable;
        b.dut.valid_i = valid;
        b.dut.up_i = up;
        b.dut.shift_i = (uint8_t)shift;
        put(b.dut.sum_i, (u128)sum, SUM_WIDTH);
        b.settle();
        b.expect(b.dut.valid_o == pipeline.valid(), "valid_o %d", b.dut.valid_o);
        if (pipeline.valid()) {
            const Result &r = pipeline.result();
            b.expect((int64_t)b.dut.money_o == r.money && b.dut.overflow_o == r.overflow,
                     "sum %016" PRIX64 "%016" PRIX64 " shift %d up %d: %" PRId64
                     " %d, expected %" PRId64 " %d",
                     (uint64_t)(r.sum >> 64), (uint64_t)r.sum, r.shift, r.up,
                     (int64_t)b.dut.money_o, b.dut.overflow_o, r.money, r.overflow);
        }
        if (enable) {
            uint32_t flags = 0;
            const pl_i128 wide = up ? pl_shift_up(sum, shift) : pl_shift_down(sum, shift);
            const int64_t money = pl_money_limit(wide, &flags);
            pipeline.enter(valid, { money, flags != 0, sum, shift, up });
            overflows += valid && flags != 0;
            fits += valid && flags == 0;
        }
        b.tick();
    }
    void drain()
    {
        for (unsigned i = 0; i < latency; i++)
            cycle(true, false, 0, 0, false);
    }
};

int main()
{
    const int top = PL_ROW_SHIFT_MAX;
    const s128 lowest = sign_extend((u128)1 << (SUM_WIDTH - 1), SUM_WIDTH);
    Bench<Vnarrow> b("narrow", 1000000);
    b.reset();
    Model m(b);
    Stall enable(b.random), source(b.random);

    b.begin("random sums and shifts, with stalls and gaps");
    for (uint64_t i = 0; i < b.count; i++) {
        s128 sum = b.random.magnitude(SUM_WIDTH);
        if (sum == lowest && SUM_WIDTH == 128)
            sum++; /* its negation, in pl_shift_up, has no 128-bit value */
        m.cycle(enable.go(), source.go(), sum, (int)b.random.below(2 * top + 1) - top,
                b.random.percent(50));
    }
    m.drain();
    b.expect(!b.is_long() || (m.overflows > b.count / 20 && m.fits > b.count / 20),
             "%" PRIu64 " overflows, %" PRIu64 " fits", m.overflows, m.fits);
    b.end();

    b.begin("every shift: both sides of each power of two");
    for (int shift = -top; shift <= top; shift++)
        for (int bit = 0; bit < SUM_WIDTH - 1; bit++)
            for (int near = -1; near <= 1; near++)
                for (int up = 0; up <= 1; up++) {
                    m.cycle(true, true, ((s128)1 << bit) + near, shift, up);
                    m.cycle(true, true, -((s128)1 << bit) + near, shift, up);
                }
    m.drain();
    b.end();

    b.begin("every shift: both sides of each limit");
    for (int shift = 0; shift <= top && 64 + shift < SUM_WIDTH - 1; shift++)
        for (int near = -2; near <= 2; near++)
            for (int up = 0; up <= 1; up++) {
                const s128 one = (s128)1 << shift;
                m.cycle(true, true, ((s128)1 << 63) * one + near, shift, up);
                m.cycle(true, true, (((s128)1 << 63) - 1) * one + near, shift, up);
                m.cycle(true, true, -((s128)1 << 63) * one + near, shift, up);
                m.cycle(true, true, (-((s128)1 << 63) - 1) * one + near, shift, up);
            }
    m.drain();
    b.end();
    return b.finish();
}
