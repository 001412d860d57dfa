/* money_add against pl_money_add and pl_money_sub. SUBTRACT and COUNT come from make. */
#include "Vmoney_add.h"
#include "support/model.h"
#include "support/bench.h"
#include "prim/words.h"

using namespace bench;

struct Model {
    Bench<Vmoney_add> &b;
    int64_t sum[COUNT] = {};
    bool overflow[COUNT] = {}, known = false;
    uint64_t overflows = 0, fits = 0;

    explicit Model(Bench<Vmoney_add> &b) : b(b)
    {
    }
    /* The pair given is one of COUNT; the others are random. */
    void cycle(bool enable, int64_t given_x, int64_t given_y)
    {
        const unsigned given = (unsigned)b.random.below(COUNT);
        b.dut.en_i = enable;
        for (unsigned i = 0; i < COUNT; i++) {
            const int64_t x = i == given ? given_x : (int64_t)b.random.magnitude(64);
            const int64_t y = i == given ? given_y : (int64_t)b.random.magnitude(64);
            put_word(b.dut.a_i, i, (uint64_t)x, 64);
            put_word(b.dut.b_i, i, (uint64_t)y, 64);
            if (enable) {
                uint32_t flags = 0;
                sum[i] = SUBTRACT ? pl_money_sub(x, y, &flags) : pl_money_add(x, y, &flags);
                overflow[i] = flags != 0;
                overflow[i] ? overflows++ : fits++;
            }
        }
        b.settle();
        b.tick();
        known = known || enable;
        for (unsigned i = 0; i < COUNT && known; i++) {
            const int64_t shown = (int64_t)word(b.dut.sum_o, i, 64);
            const bool over = word(b.dut.overflow_o, i, 1) != 0;
            b.expect(shown == sum[i] && over == overflow[i],
                     "word %u: %" PRId64 " %d, expected %" PRId64 " %d", i, shown, over, sum[i],
                     overflow[i]);
        }
    }
};

int main()
{
    Bench<Vmoney_add> b("money_add", 1000000);
    b.dut.clk_i = 0;
    b.settle();
    Model m(b);
    Stall enable(b.random);

    b.begin("random money, with stalls");
    for (uint64_t i = 0; i < b.count; i++)
        m.cycle(enable.go(), (int64_t)b.random.magnitude(64), (int64_t)b.random.magnitude(64));
    b.expect(!b.is_long() || (m.overflows > b.count / 1000 && m.fits > b.count / 20),
             "%" PRIu64 " overflows, %" PRIu64 " fits", m.overflows, m.fits);
    b.end();

    b.begin("both sides of both limits");
    const int64_t corner[] = {
        INT64_MIN, INT64_MIN + 1, INT64_MIN / 2,     INT64_MIN / 2 - 1, -2,       -1, 0, 1,
        2,         INT64_MAX / 2, INT64_MAX / 2 + 1, INT64_MAX - 1,     INT64_MAX
    };
    for (int64_t x : corner)
        for (int64_t y : corner)
            m.cycle(true, x, y);
    b.end();
    return b.finish();
}
