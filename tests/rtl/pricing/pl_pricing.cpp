/* pl_pricing against pl_black(): every bit of every output, under bubbles and stalls. PROFILE comes
 * from make. */
#include <cmath>

#include "Vpl_pricing.h"
#include "pricing/cases.h"
#include "pricing/model.h"
#include "support/bench.h"

using namespace bench;

static const unsigned depth = PROFILE == 1 ? 120 : 93; /* pl_pricing_pkg::depth() */

struct Result {
    Case c;
    struct pl_black_out want;
    uint16_t tag;
};

/* How often a branch of the model was taken: a bench that misses one tests less than it says. */
struct Reached {
    uint64_t domain, saturated, gamma, no_gamma, vol_saturated, near, put, theta_plus, rate_minus;
};

struct Model {
    Bench<Vpl_pricing> &b;
    Pipeline<Result> pipeline{ depth };
    Reached reached = {};
    Stall enable, source;

    explicit Model(Bench<Vpl_pricing> &b) : b(b), enable(b.random), source(b.random)
    {
    }

    void real(const char *name, unsigned position, struct pl_real want)
    {
        const int64_t m = (int64_t)field(b.dut.out_o, position, 52);
        const int64_t e = (int64_t)(field(b.dut.out_o, position + 52, 12) ^ 0x800) - 0x800;
        const bool negative = field(b.dut.out_o, position + 64, 1) != 0;
        b.expect((negative ? -m : m) == want.m && e == want.e && negative == (want.m < 0),
                 "%s %d %" PRIx64 " e %" PRId64 ", expected %" PRIx64 " e %d", name, negative,
                 (uint64_t)m, e, (uint64_t)want.m, want.e);
    }
    void compare(const Result &r)
    {
        const struct pl_black_out &want = r.want;
        const uint64_t value = field(b.dut.out_o, 0, 64), flags = field(b.dut.out_o, 584, 2);
        b.expect(b.dut.tag_o == r.tag, "tag %x, expected %x", b.dut.tag_o, r.tag);
        b.expect(value == (uint64_t)want.value,
                 "value %" PRId64 ", expected %" PRId64 "; F %" PRIu64 " K %" PRIu64
                 " vol %" PRIu64,
                 (int64_t)value, want.value, r.c.in.forward, r.c.in.strike, r.c.in.vol_q45);
        b.expect(flags == want.flags, "flags %" PRIu64 ", expected %u", flags, want.flags);
        real("delta", 64, want.delta);
        real("gamma", 129, want.gamma);
        real("vega", 194, want.vega);
        real("theta", 259, want.theta);
        real("theta_decay", 324, want.theta_decay);
        real("rho", 389, want.rho);
        real("vanna", 454, want.vanna);
        real("volga", 519, want.volga);
    }
    void note(const Case &c, const struct pl_black_out &o)
    {
        if (o.flags & PL_PRICE_DOMAIN) {
            reached.domain++;
            return;
        }
        const double s =
            (double)c.in.vol_q45 * 0x1p-45 * std::ldexp((double)c.x.sqrt_t.m, c.x.sqrt_t.e - 52);
        reached.saturated += (o.flags & PL_PRICE_SATURATED) != 0;
        reached.gamma += o.gamma.m != 0;
        reached.no_gamma += o.gamma.m == 0 && s < 15.9;
        reached.vol_saturated += s > 16.1;
        reached.near += std::fabs((double)c.in.strike / (double)c.in.forward - 1) < 0.06;
        reached.put += !c.in.is_call;
        reached.theta_plus += o.theta.m > 0;
        reached.rate_minus += c.x.rate_q48 < 0;
    }
    /* What is not valid is driven all the same: garbage must do no harm. */
    void cycle(bool enabled, bool valid, const Case &c)
    {
        Result r = { c, {}, (uint16_t)b.random.bits() };
        b.dut.en_i = enabled;
        b.dut.valid_i = valid;
        b.dut.tag_i = r.tag;
        drive(b.dut.in_i, c);
        b.settle();
        b.expect(b.dut.valid_o == pipeline.valid(), "valid_o %d", b.dut.valid_o);
        if (pipeline.valid())
            compare(pipeline.result());
        if (enabled) {
            if (valid) {
                pl_black(arith, &c.x, &c.in, &r.want);
                note(c, r.want);
            }
            pipeline.enter(valid, r);
        }
        b.tick();
    }
    void evaluate(const char *name, void (*make)(Random &, Case &), uint64_t count)
    {
        b.begin(name);
        for (uint64_t given = 0; given < count;) {
            Case c = {};
            make(b.random, c);
            c.in.is_call = b.random.percent(50);
            const bool enabled = enable.go(), valid = source.go();
            cycle(enabled, valid, c);
            given += enabled && valid;
        }
        b.end();
    }
    void drain()
    {
        b.begin("the pipeline runs dry");
        for (unsigned i = 0; i < depth; i++)
            cycle(true, false, {});
        b.end();
    }
};

static void any_case(Random &random, Case &c)
{
    static void (*const kinds[])(Random &, Case &) = { market_case, edge_case, wild_case,
                                                       broken_case };
    kinds[random.below(4)](random, c);
}

/* A reset forgets what is in flight, also during a stall. */
static void reset_in_flight(Bench<Vpl_pricing> &b)
{
    b.begin("nothing comes out after a reset");
    b.dut.en_i = 1;
    b.dut.valid_i = 1;
    for (unsigned i = 0; i < depth / 2; i++)
        b.tick();
    b.dut.rst_ni = 0;
    b.dut.en_i = 0;
    b.tick();
    b.dut.rst_ni = 1;
    b.dut.en_i = 1;
    b.dut.valid_i = 0;
    for (unsigned i = 0; i < 2 * depth; i++) {
        b.settle();
        b.expect(!b.dut.valid_o, "valid_o");
        b.tick();
    }
    b.end();
}

int main()
{
    Bench<Vpl_pricing> b("pl_pricing", 1000000);
    b.reset();
    Model m(b);
    m.evaluate("markets", market_case, b.count / 4);
    m.evaluate("thresholds of every branch", edge_case, b.count / 4);
    m.evaluate("any bits in domain", wild_case, b.count / 4);
    m.evaluate("broken words", broken_case, b.count / 8);
    m.evaluate("all of these, mixed", any_case, b.count - b.count / 4 * 3 - b.count / 8);
    m.drain();
    reset_in_flight(b);

    b.begin("every branch was reached");
    const Reached &n = m.reached;
    printf("domain %" PRIu64 ", saturated %" PRIu64 ", gamma %" PRIu64 ", none %" PRIu64
           ", s = 16 %" PRIu64 ", near %" PRIu64 ", puts %" PRIu64 ", theta > 0 %" PRIu64
           ", r < 0 %" PRIu64 "\n",
           n.domain, n.saturated, n.gamma, n.no_gamma, n.vol_saturated, n.near, n.put, n.theta_plus,
           n.rate_minus);
    const uint64_t few = b.count / 1000;
    b.expect(b.count < 10000 || (n.domain > few && n.saturated > few && n.gamma > few &&
                                 n.no_gamma > few && n.vol_saturated > few && n.near > few &&
                                 n.put > few && n.theta_plus > few && n.rate_minus > few),
             "a branch was missed");
    b.end();
    return b.finish();
}
