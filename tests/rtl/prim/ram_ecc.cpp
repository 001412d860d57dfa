/* Memory with ECC: what was written comes back two cycles after the read, errors corrected or
 * reported with it, and a read near a write yields the old or the new word. WIDTH and DEPTH come
 * from make. */
#include "Vram_ecc.h"
#include "support/bench.h"
#include <vector>

using namespace bench;

struct Word {
    u128 data = 0;
    unsigned inject = 0;
};

struct Expected {
    bool valid = false;
    Word word, other; /* other: also allowed */
};

struct Model {
    Bench<Vram_ecc> &b;
    std::vector<Word> memory = std::vector<Word>(DEPTH);
    std::vector<uint64_t> written = std::vector<uint64_t>(DEPTH);
    std::vector<Word> previous = std::vector<Word>(DEPTH);
    Expected pipeline[2];
    uint64_t corrected = 0, uncorrectable = 0;

    explicit Model(Bench<Vram_ecc> &b) : b(b)
    {
    }
    bool matches(const Word &w)
    {
        const bool one = w.inject == 1 || w.inject == 2, two = w.inject == 3;
        return b.dut.corrected_o == one && b.dut.uncorrectable_o == two &&
               (two || get(b.dut.data_o) == w.data);
    }
    void look()
    {
        const Expected &e = pipeline[1];
        b.expect(b.dut.valid_o == e.valid, "valid_o %d", b.dut.valid_o);
        if (!e.valid)
            b.expect(!b.dut.corrected_o && !b.dut.uncorrectable_o, "flags without a word");
        else
            b.expect(matches(e.word) || matches(e.other),
                     "wrong word or flags (%d %d), injected %u", b.dut.corrected_o,
                     b.dut.uncorrectable_o, e.word.inject);
        corrected += b.dut.corrected_o;
        uncorrectable += b.dut.uncorrectable_o;
        pipeline[1] = pipeline[0];
        pipeline[0] = Expected();
    }
    void cycle(bool write, unsigned to, const Word &word, bool read, unsigned from)
    {
        b.dut.write_valid_i = write;
        b.dut.write_address_i = to;
        put(b.dut.write_data_i, word.data, WIDTH);
        b.dut.inject_i = word.inject;
        b.dut.read_valid_i = read;
        b.dut.read_address_i = from;
        b.settle();
        look();
        if (write) {
            previous[to] = b.cycle - written[to] < 2 ? previous[to] : memory[to];
            memory[to] = word;
            written[to] = b.cycle;
        }
        if (read) {
            const bool near = b.cycle - written[from] < 2;
            pipeline[0] = { true, memory[from], near ? previous[from] : memory[from] };
        }
        b.tick();
    }
    Word random_word(unsigned inject_percent)
    {
        const unsigned inject =
            b.random.percent(inject_percent) ? 1 + (unsigned)b.random.below(3) : 0;
        return { low_bits(b.random.wide(), WIDTH), inject };
    }
};

int main()
{
    Bench<Vram_ecc> b("ram_ecc", 1000000);
    b.reset();
    Model m(b);
    Stall writes(b.random), reads(b.random);

    b.begin("every address holds its word");
    for (unsigned i = 0; i < DEPTH; i++)
        m.cycle(true, i, m.random_word(0), false, 0);
    m.cycle(false, 0, {}, false, 0);
    for (unsigned i = 0; i < DEPTH; i++)
        m.cycle(false, 0, {}, true, DEPTH - 1 - i);
    m.cycle(false, 0, {}, false, 0);
    m.cycle(false, 0, {}, false, 0);
    b.end();

    b.begin("random reads and writes, with injected errors");
    for (uint64_t i = 0; i < b.count; i++) {
        const unsigned to = (unsigned)b.random.below(DEPTH);
        m.cycle(writes.go() && b.cycle - m.written[to] >= 2, to, m.random_word(10), reads.go(),
                b.random.percent(20) ? to : (unsigned)b.random.below(DEPTH));
    }
    b.expect(!b.is_long() || (m.corrected > b.count / 100), "only %" PRIu64 " corrected",
             m.corrected);
    b.expect(!b.is_long() || (m.uncorrectable > b.count / 200), "only %" PRIu64 " uncorrectable",
             m.uncorrectable);
    b.end();

    b.begin("contents survive reset, words in flight do not");
    m.cycle(false, 0, {}, true, 0);
    b.dut.write_valid_i = 0;
    b.dut.read_valid_i = 0;
    b.reset();
    m.pipeline[0] = m.pipeline[1] = Expected();
    for (unsigned i = 0; i < DEPTH; i++)
        m.cycle(false, 0, {}, true, i);
    m.cycle(false, 0, {}, false, 0);
    m.cycle(false, 0, {}, false, 0);
    b.end();
    return b.finish();
}
