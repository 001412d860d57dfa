/* money_limit against pl_money_limit. VALUE_WIDTH comes from make. */
#include "Vmoney_limit.h"
#include "support/model.h"
#include "support/bench.h"

using namespace bench;

struct Result {
    int64_t money;
    bool overflow;
};

static void cycle(Bench<Vmoney_limit> &b, Pipeline<Result> &p, bool enable, bool valid, s128 value,
                  bool increment)
{
    b.dut.en_i = enable;
    b.dut.valid_i = valid;
    b.dut.increment_i = increment;
    put(b.dut.value_i, (u128)value, VALUE_WIDTH);
    b.settle();
    b.expect(b.dut.valid_o == p.valid(), "valid_o %d", b.dut.valid_o);
    if (p.valid())
        b.expect((int64_t)b.dut.money_o == p.result().money &&
                     b.dut.overflow_o == p.result().overflow,
                 "money %" PRId64 ", expected %" PRId64, (int64_t)b.dut.money_o, p.result().money);
    if (enable) {
        uint32_t flags = 0;
        const s128 top = (s128)(~(u128)0 >> (129 - VALUE_WIDTH));
        const int64_t money = pl_money_limit(value == top ? value : value + increment, &flags);
        p.enter(valid, { money, flags == PL_FLAG_OVERFLOW << 0 });
    }
    b.tick();
}

int main()
{
    Bench<Vmoney_limit> b("money_limit", 1000000);
    b.reset();
    Pipeline<Result> p(2);
    Stall enable(b.random), source(b.random);

    b.begin("random values");
    for (uint64_t i = 0; i < b.count; i++)
        cycle(b, p, enable.go(), source.go(), b.random.magnitude(VALUE_WIDTH),
              b.random.percent(50));
    b.end();

    b.begin("around the limits, and 64 and 65 bits");
    for (int sign = -1; sign <= 1; sign += 2)
        for (unsigned bit = 62; bit <= 66 && bit < VALUE_WIDTH - 1; bit++)
            for (int near = -4; near <= 4; near++)
                for (int increment = 0; increment <= 1; increment++)
                    cycle(b, p, true, true, sign * ((s128)1 << bit) + near, increment);
    for (int i = 0; i < 3; i++)
        cycle(b, p, true, false, 0, false);
    b.end();
    return b.finish();
}
