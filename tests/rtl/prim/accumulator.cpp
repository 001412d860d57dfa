/* Accumulator against 128-bit sums in C. PRODUCT_WIDTH, SUM_WIDTH and CHUNK come from make. */
#include "Vaccumulator.h"
#include "support/bench.h"

using namespace bench;

static const unsigned latency = (SUM_WIDTH + CHUNK - 1) / CHUNK;
static const s128 sum_max = (s128)(~(u128)0 >> (129 - SUM_WIDTH));
static const s128 sum_min = -sum_max - 1;

struct Result {
    s128 sum;
    bool overflow;
};

struct Model {
    Bench<Vaccumulator> &b;
    Pipeline<Result> pipeline{ latency };
    s128 sum = 0;
    bool overflow = false, open = false;
    Result run = { 0, false }; /* so far */
    s128 limit = 0;
    uint64_t sums = 0, overflows = 0;

    explicit Model(Bench<Vaccumulator> &b) : b(b)
    {
    }
    /* The contract, in the words of the header: the exact sum, or the limit of the first overflow's
     * side. */
    Result add(s128 product, bool first)
    {
        if (first) {
            sum = 0;
            overflow = false;
        }
        s128 next;
        const bool wraps =
            __builtin_add_overflow(sum, product, &next) || next > sum_max || next < sum_min;
        if (wraps && !overflow)
            limit = product < 0 ? sum_min : sum_max;
        overflow = overflow || wraps;
        sum = sign_extend((u128)sum + (u128)product, SUM_WIDTH);
        return { overflow ? limit : sum, overflow };
    }
    /* `ends`: the run before this cycle ends, if there is one. */
    void cycle(bool enable, bool valid, s128 product, bool ends, bool restart, bool negative)
    {
        ends = ends && open;
        const bool first = !open || ends || restart;
        b.dut.en_i = enable;
        b.dut.valid_i = valid;
        b.dut.first_i = first;
        b.dut.end_i = ends;
        put(b.dut.product_i, (u128)product, PRODUCT_WIDTH);
        b.dut.negative_i = negative;
        if (negative)
            product = -product;
        b.settle();
        b.expect(b.dut.valid_o == pipeline.valid(), "valid_o %d", b.dut.valid_o);
        if (b.dut.valid_o && pipeline.valid()) {
            const Result &r = pipeline.result();
            b.expect(sign_extend(get(b.dut.sum_o), SUM_WIDTH) == r.sum, "wrong sum (overflow %d)",
                     r.overflow);
            b.expect(b.dut.overflow_o == r.overflow, "overflow_o %d", b.dut.overflow_o);
            sums += enable;
            overflows += enable && r.overflow;
        }
        if (enable) {
            pipeline.enter(ends, run);
            open = valid || (open && !ends);
            if (valid)
                run = add(product, first);
        }
        b.tick();
    }
};

static void drain(Model &m)
{
    m.cycle(true, false, 0, true, false, false);
    for (unsigned i = 0; i < latency; i++)
        m.cycle(true, false, 0, false, false, false);
}

int main()
{
    Bench<Vaccumulator> b("accumulator", 1000000);
    b.reset();
    Model m(b);
    Stall enable(b.random), source(b.random);

    b.begin("random products and run lengths, with stalls and gaps");
    for (uint64_t i = 0; i < b.count; i++)
        m.cycle(enable.go(), source.go(), b.random.magnitude(PRODUCT_WIDTH), b.random.percent(20),
                b.random.percent(1), b.random.percent(50));
    drain(m);
    b.expect(!b.is_long() || (m.sums > b.count / 100), "only %" PRIu64 " sums", m.sums);
    b.end();

    b.begin("carries ripple through every chunk");
    for (int i = 0; i < 2000; i++) {
        static const int signs[] = { 1, -1, 1, -1, -1, 1 };
        const unsigned bit = (unsigned)b.random.below(PRODUCT_WIDTH - 1);
        for (int j = 0; j < 6; j++)
            m.cycle(true, true, signs[j] * ((((s128)1) << bit) - (j & 1)), j == 0, false, false);
    }
    drain(m);
    b.end();

    b.begin("sums at and beyond the limits");
    const s128 top = ((s128)1 << (PRODUCT_WIDTH - 2)) - 1 + ((s128)1 << (PRODUCT_WIDTH - 2));
    for (int run = 0; PRODUCT_WIDTH + 8 >= SUM_WIDTH && run < 200; run++) {
        const bool up = b.random.percent(50);
        const unsigned length = 1 + (unsigned)b.random.below(2000);
        for (unsigned i = 0; i < length; i++) {
            const bool with = b.random.percent(run < 100 ? 100 : 80) == up;
            m.cycle(enable.go(), true, with ? top : -top - 1, i == 0, false, run % 3 == 0);
        }
        drain(m);
    }
    if (PRODUCT_WIDTH + 8 >= SUM_WIDTH)
        b.expect(m.overflows > 20, "only %" PRIu64 " overflows", m.overflows);
    b.end();

    b.begin("a sum per cycle when every run has one product");
    const uint64_t before = m.sums;
    for (int i = 0; i < 1000; i++)
        m.cycle(true, true, b.random.magnitude(PRODUCT_WIDTH), true, false, b.random.percent(50));
    drain(m);
    b.expect(m.sums - before == 1000, "%" PRIu64 " sums", m.sums - before);
    b.end();
    return b.finish();
}
