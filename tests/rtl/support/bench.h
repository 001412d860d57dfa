/* What every RTL bench shares: clock and reset, seeded random numbers, stalls, wide ports,
 * counting.
 *
 * A bench drives inputs, calls settle(), looks at outputs, and calls tick(). It counts scenarios:
 * in each, any number of expectations, of which the first few broken ones are printed. PL_SEED
 * repeats a run, PL_COUNT scales its length.
 */
#ifndef PL_BENCH_H
#define PL_BENCH_H

#include <cinttypes>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <verilated.h>
#if VM_COVERAGE
#include <string>
#include <unistd.h>
#include <verilated_cov.h>
#endif

namespace bench
{
__extension__ typedef unsigned __int128 u128;
__extension__ typedef __int128 s128;

inline uint64_t environment(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text != nullptr && *text != '\0' ? strtoull(text, nullptr, 0) : otherwise;
}

/* splitmix64 (Steele, Lea, Flood 2014): the same numbers on every machine. */
class Random
{
  public:
    explicit Random(uint64_t seed) : state(seed)
    {
    }
    uint64_t bits()
    {
        state += UINT64_C(0x9E3779B97F4A7C15);
        uint64_t z = state;
        z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
        return z ^ (z >> 31);
    }
    uint64_t below(uint64_t n)
    {
        return bits() % n;
    }
    bool percent(unsigned p)
    {
        return below(100) < p;
    }
    u128 wide()
    {
        return (u128)bits() << 64 | bits();
    }
    /* A signed number of at most `width` bits: every magnitude as likely, often next to a power of
     * two. */
    s128 magnitude(unsigned width)
    {
        const unsigned length = (unsigned)below(width);
        u128 value = length == 0 ? 0 : wide() >> (128 - length);
        if (percent(25))
            value = ((u128)1 << length) - below(3);
        const s128 top = (s128)(((u128)1 << (width - 1)) - 1);
        const s128 s = value > (u128)top ? top : (s128)value;
        return percent(50) ? s : percent(2) ? -top - 1 : -s;
    }

  private:
    uint64_t state;
};

/* Whether a stream moves this cycle: always, never for long, or anything between, changing every
 * few dozen cycles. */
class Stall
{
  public:
    explicit Stall(Random &random) : random(random)
    {
    }
    bool go()
    {
        static const unsigned levels[] = { 0, 10, 50, 90, 100, 100 };
        if (left == 0) {
            left = 1 + (unsigned)random.below(64);
            level = levels[random.below(6)];
        }
        left--;
        return random.percent(level);
    }

  private:
    Random &random;
    unsigned left = 0, level = 0;
};

/* Ports of any width up to 128 bits as one type. */
template <class Port> u128 get(const Port &port)
{
    if constexpr (sizeof(Port) <= 8) {
        return (u128)port;
    } else {
        u128 value = 0;
        for (size_t i = 0; i < sizeof(Port) / 4 && i < 4; i++)
            value |= (u128)port[i] << (32 * i);
        return value;
    }
}

inline u128 low_bits(u128 value, unsigned width)
{
    return width >= 128 ? value : value & (((u128)1 << width) - 1);
}

inline s128 sign_extend(u128 value, unsigned width)
{
    return (s128)(value << (128 - width)) >> (128 - width);
}

template <class Port> void put(Port &port, u128 value, unsigned width)
{
    value = low_bits(value, width);
    if constexpr (sizeof(Port) <= 8) {
        port = (Port)value;
    } else {
        for (size_t i = 0; i < sizeof(Port) / 4; i++)
            port[i] = i < 4 ? (uint32_t)(value >> (32 * i)) : 0;
    }
}

template <class Dut> class Bench
{
  public:
    uint64_t seed, count, cycle = 0;
    Random random;
    VerilatedContext context;
    Dut dut;

    /* `length` is the number of random operations of a scenario unless PL_COUNT says otherwise. */
    explicit Bench(const char *title, uint64_t length)
        : seed(environment("PL_SEED", (uint64_t)time(nullptr) * 1000003 + (uint64_t)clock())),
          count(environment("PL_COUNT", length)), random(seed), dut(shuffled(context, seed)),
          title(title)
    {
        printf("%s: PL_SEED=%" PRIu64 " PL_COUNT=%" PRIu64 "\n", title, seed, count);
        fflush(stdout);
    }
    void settle()
    {
        dut.eval();
    }
    void tick()
    {
        dut.clk_i = 1;
        dut.eval();
        dut.clk_i = 0;
        context.timeInc(1);
        cycle++;
    }
    void reset()
    {
        dut.clk_i = 0;
        dut.rst_ni = 0;
        settle();
        for (int i = 0; i < 3; i++)
            tick();
        dut.rst_ni = 1;
        settle();
    }
    /* Whether the run is long enough to expect every kind of case in it. */
    bool is_long() const
    {
        return count >= 20000;
    }
    void begin(const char *name)
    {
        scenario = name;
        broken = 0;
    }
    bool expect(bool holds, const char *format, ...) __attribute__((format(printf, 3, 4)))
    {
        if (!holds && broken++ < 5) {
            va_list arguments;
            va_start(arguments, format);
            printf("%s: %s: cycle %" PRIu64 ": ", title, scenario, cycle);
            vprintf(format, arguments);
            printf("\n");
            va_end(arguments);
        }
        return holds;
    }
    void end()
    {
        broken == 0 ? passed++ : failed++;
        if (broken != 0)
            printf("%s: FAIL %s (%" PRIu64 " broken expectations, PL_SEED=%" PRIu64 ")\n", title,
                   scenario, broken, seed);
    }
    int finish()
    {
        dut.final();
        write_coverage();
        printf("%u passed, %u failed\n", passed, failed);
        return failed != 0;
    }

  private:
    void write_coverage()
    {
#if VM_COVERAGE
        const char *folder = getenv("PL_COVERAGE");
        const std::string name = std::to_string(getpid()) + ".dat";
        if (folder != nullptr)
            context.coveragep()->write((std::string(folder) + "/" + name).c_str());
#endif
    }
    /* Registers without reset start with random bits; where changes of bits are counted, with 0. */
    static VerilatedContext *shuffled(VerilatedContext &context, uint64_t seed)
    {
        context.randReset(VM_COVERAGE ? 0 : 2);
        context.randSeed((int)(seed % 2147483646 + 1));
        return &context;
    }

    const char *title, *scenario = "";
    uint64_t broken = 0;
    unsigned passed = 0, failed = 0;
};

/* A fixed-latency pipeline with clock enable `en_i`: remembers what must come out of it, and checks
 * that it does, in exactly `latency` enabled cycles. */
template <class Result> class Pipeline
{
  public:
    explicit Pipeline(unsigned latency) : latency(latency), slot(new Slot[latency]())
    {
    }
    /* An enabled cycle ends: what entered in it. */
    void enter(bool valid, const Result &result)
    {
        slot[at] = { valid, result };
        at = (at + 1) % latency;
    }
    /* What stands at the output now: entered `latency` enabled cycles ago. */
    bool valid() const
    {
        return slot[at].valid;
    }
    const Result &result() const
    {
        return slot[at].result;
    }

  private:
    struct Slot {
        bool valid;
        Result result;
    };
    unsigned latency, at = 0;
    std::unique_ptr<Slot[]> slot;
};
} // namespace bench

#endif
