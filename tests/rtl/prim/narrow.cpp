/* narrow against pl_money_limit(pl_shift_down / pl_shift_up). SUM_WIDTH and COUNT come from make.
 */
#include "Vnarrow.h"
#include "support/model.h"
#include "support/bench.h"
#include "prim/words.h"

using namespace bench;

static const unsigned latency = 4;

struct Result {
    int64_t money[COUNT];
    bool overflow[COUNT], up[COUNT];
    s128 sum[COUNT];
    int shift;
};

struct Model {
    Bench<Vnarrow> &b;
    Pipeline<Result> pipeline{ latency };
    uint64_t overflows = 0, fits = 0;

    explicit Model(Bench<Vnarrow> &b) : b(b)
    {
    }
    s128 any_sum()
    {
        const s128 sum = b.random.magnitude(SUM_WIDTH);
        const s128 lowest = sign_extend((u128)1 << (SUM_WIDTH - 1), SUM_WIDTH);
        return sum == lowest && SUM_WIDTH == 128
                   ? sum + 1 /* its negation, in pl_shift_up, has no 128-bit value */
                   : sum;
    }
    /* The sum given is one of COUNT; the others are random. */
    void cycle(bool enable, bool valid, s128 given_sum, int shift, bool given_up)
    {
        const unsigned given = (unsigned)b.random.below(COUNT);
        Result next = {};
        b.dut.en_i = enable;
        b.dut.valid_i = valid;
        b.dut.shift_i = (uint8_t)shift;
        next.shift = shift;
        for (unsigned i = 0; i < COUNT; i++) {
            const s128 sum = i == given ? given_sum : any_sum();
            const bool up = i == given ? given_up : b.random.percent(50);
            put_word(b.dut.sum_i, i, (u128)sum, SUM_WIDTH);
            put_word(b.dut.up_i, i, up, 1);
            uint32_t flags = 0;
            next.money[i] =
                pl_money_limit(up ? pl_shift_up(sum, shift) : pl_shift_down(sum, shift), &flags);
            next.overflow[i] = flags != 0;
            next.sum[i] = sum;
            next.up[i] = up;
            overflows += enable && valid && flags != 0;
            fits += enable && valid && flags == 0;
        }
        b.settle();
        b.expect(b.dut.valid_o == pipeline.valid(), "valid_o %d", b.dut.valid_o);
        for (unsigned i = 0; i < COUNT && pipeline.valid(); i++) {
            const Result &r = pipeline.result();
            const int64_t money = (int64_t)word(b.dut.money_o, i, 64);
            const bool overflow = word(b.dut.overflow_o, i, 1) != 0;
            b.expect(money == r.money[i] && overflow == r.overflow[i],
                     "sum %016" PRIX64 "%016" PRIX64 " shift %d up %d: %" PRId64
                     " %d, expected %" PRId64 " %d",
                     (uint64_t)(r.sum[i] >> 64), (uint64_t)r.sum[i], r.shift, r.up[i], money,
                     overflow, r.money[i], r.overflow[i]);
        }
        if (enable)
            pipeline.enter(valid, next);
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
    Bench<Vnarrow> b("narrow", 1000000);
    b.reset();
    Model m(b);
    Stall enable(b.random), source(b.random);

    b.begin("random sums and shifts, with stalls and gaps");
    for (uint64_t i = 0; i < b.count; i++)
        m.cycle(enable.go(), source.go(), m.any_sum(), (int)b.random.below(2 * top + 1) - top,
                b.random.percent(50));
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
