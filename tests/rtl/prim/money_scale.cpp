/* money_scale against pl_money_scale_down and pl_money_scale_up. COUNT comes from make. */
#include "Vmoney_scale.h"
#include "support/model.h"
#include "support/bench.h"
#include "prim/words.h"

using namespace bench;

static const unsigned latency = 8;
static const unsigned coefficient_width = PL_COEFFICIENT_BITS + 8;
static const int64_t coefficient_max = PL_COEFFICIENT_MAX * PL_COEFFICIENT_ONE;

struct Result {
    int64_t money[COUNT];
    bool overflow[COUNT];
};

struct Model {
    Bench<Vmoney_scale> &b;
    Pipeline<Result> pipeline{ latency };
    uint64_t overflows = 0, fits = 0;

    explicit Model(Bench<Vmoney_scale> &b) : b(b)
    {
    }
    /* The pair given is one of COUNT; the others are random. */
    void cycle(bool enable, bool valid, int64_t given_money, int64_t given_coefficient,
               bool given_up)
    {
        const unsigned given = (unsigned)b.random.below(COUNT);
        Result r = {};
        b.dut.en_i = enable;
        b.dut.valid_i = valid;
        for (unsigned i = 0; i < COUNT; i++) {
            const int64_t money = i == given ? given_money : (int64_t)b.random.magnitude(64);
            const int64_t coefficient =
                i == given ? given_coefficient : (int64_t)b.random.magnitude(coefficient_width);
            const bool up = i == given ? given_up : b.random.percent(50);
            uint32_t flags = 0;
            put_word(b.dut.money_i, i, (uint64_t)money, 64);
            put_word(b.dut.coefficient_i, i, (u128)coefficient, coefficient_width);
            put_word(b.dut.up_i, i, up, 1);
            r.money[i] = up ? pl_money_scale_up(money, coefficient, &flags)
                            : pl_money_scale_down(money, coefficient, &flags);
            r.overflow[i] = flags != 0;
            overflows += enable && valid && flags != 0;
            fits += enable && valid && flags == 0;
        }
        b.settle();
        b.expect(b.dut.valid_o == pipeline.valid(), "valid_o %d", b.dut.valid_o);
        for (unsigned i = 0; i < COUNT && pipeline.valid(); i++) {
            const int64_t shown = (int64_t)word(b.dut.money_o, i, 64);
            const Result &expected = pipeline.result();
            b.expect(shown == expected.money[i] &&
                         (word(b.dut.overflow_o, i, 1) != 0) == expected.overflow[i],
                     "word %u: %" PRId64 ", expected %" PRId64, i, shown, expected.money[i]);
        }
        if (enable)
            pipeline.enter(valid, r);
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
    Bench<Vmoney_scale> b("money_scale", 1000000);
    b.reset();
    Model m(b);
    Stall enable(b.random), source(b.random);

    b.begin("random money and coefficients, with stalls and gaps");
    for (uint64_t i = 0; i < b.count; i++)
        m.cycle(enable.go(), source.go(), (int64_t)b.random.magnitude(64),
                (int64_t)b.random.magnitude(coefficient_width), b.random.percent(50));
    m.drain();
    b.expect(!b.is_long() || (m.overflows > b.count / 1000 && m.fits > b.count / 20),
             "%" PRIu64 " overflows, %" PRIu64 " fits", m.overflows, m.fits);
    b.end();

    b.begin("corners: limits, zero, one, both ends of the coefficient's domain");
    const int64_t money[] = {
        INT64_MIN, INT64_MIN + 1,  INT64_MIN / 64,     INT64_MIN / 64 - 1, -1,       0, 1,
        2,         INT64_MAX / 64, INT64_MAX / 64 + 1, INT64_MAX - 1,      INT64_MAX
    };
    const int64_t coefficient[] = { -coefficient_max,
                                    1 - coefficient_max,
                                    -PL_COEFFICIENT_ONE - 1,
                                    -PL_COEFFICIENT_ONE,
                                    1 - PL_COEFFICIENT_ONE,
                                    -1,
                                    0,
                                    1,
                                    PL_COEFFICIENT_ONE - 1,
                                    PL_COEFFICIENT_ONE,
                                    PL_COEFFICIENT_ONE + 1,
                                    coefficient_max - 1,
                                    coefficient_max };
    for (int64_t x : money)
        for (int64_t c : coefficient)
            for (int up = 0; up <= 1; up++)
                m.cycle(true, true, x, c, up);
    m.drain();
    b.end();
    return b.finish();
}
