/* money_add against pl_money_add and pl_money_sub. SUBTRACT comes from make. */
#include "Vmoney_add.h"
#include "support/model.h"
#include "support/bench.h"

using namespace bench;

struct Model {
    Bench<Vmoney_add> &b;
    int64_t sum = 0;
    bool overflow = false, known = false;
    uint64_t overflows = 0, fits = 0;

    explicit Model(Bench<Vmoney_add> &b) : b(b)
    {
    }
    void cycle(bool enable, int64_t x, int64_t y)
    {
        b.dut.en_i = enable;
        b.dut.a_i = (uint64_t)x;
        b.dut.b_i = (uint64_t)y;
        b.settle();
        b.tick();
        if (enable) {
            uint32_t flags = 0;
            sum = SUBTRACT ? pl_money_sub(x, y, &flags) : pl_money_add(x, y, &flags);
            overflow = flags != 0;
            known = true;
            overflow ? overflows++ : fits++;
        }
        if (known)
            b.expect((int64_t)b.dut.sum_o == sum && b.dut.overflow_o == overflow,
                     "%" PRId64 " and %" PRId64 ": %" PRId64 " %d, expected %" PRId64 " %d", x, y,
                     (int64_t)b.dut.sum_o, b.dut.overflow_o, sum, overflow);
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
