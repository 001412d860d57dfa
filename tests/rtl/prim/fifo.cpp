/* FIFO: order, exact capacity, latency, levels and full rate. WIDTH, DEPTH, READ_STAGES,
 * ALMOST_FULL come from make. */
#include "Vfifo.h"
#include "support/bench.h"
#include <deque>

using namespace bench;

struct Entry {
    u128 word;
    uint64_t visible; /* first cycle in which it can stand at the output */
};

struct Model {
    Bench<Vfifo> &b;
    std::deque<Entry> held;
    uint64_t accepted = 0, delivered = 0, last_out = 0;
    bool offering = false;
    u128 word = 0;

    explicit Model(Bench<Vfifo> &b) : b(b)
    {
    }
    void cycle(bool offer, bool take)
    {
        if (!offering && offer) {
            offering = true;
            word = low_bits(b.random.wide(), WIDTH);
        }
        b.dut.valid_i = offering;
        b.dut.ready_i = take;
        put(b.dut.data_i, offering ? word : b.random.wide(), WIDTH);
        b.settle();
        const bool visible = !held.empty() && held.front().visible <= b.cycle;
        b.expect(b.dut.valid_o == visible, "valid_o %d, %zu words held", b.dut.valid_o,
                 held.size());
        b.expect(b.dut.ready_o == (held.size() < DEPTH), "ready_o %d, %zu words held",
                 b.dut.ready_o, held.size());
        b.expect(b.dut.level_o == held.size(), "level %u, %zu words held", (unsigned)b.dut.level_o,
                 held.size());
        b.expect(b.dut.almost_full_o == (held.size() >= ALMOST_FULL), "almost_full_o %d at %zu",
                 b.dut.almost_full_o, held.size());
        if (b.dut.valid_o && visible)
            b.expect(get(b.dut.data_o) == held.front().word, "wrong word");
        const bool in = offering && b.dut.ready_o, out = b.dut.valid_o && take;
        if (out && visible) {
            held.pop_front();
            delivered++;
        }
        if (in) {
            held.push_back({ word, b.cycle + 1 + READ_STAGES });
            offering = false;
            accepted++;
        }
        b.tick();
    }
};

int main()
{
    Bench<Vfifo> b("fifo", 500000);
    b.reset();
    Model m(b);
    Stall source(b.random), sink(b.random);

    b.begin("random stalls on both sides");
    for (uint64_t i = 0; i < b.count; i++)
        m.cycle(source.go(), sink.go());
    b.end();

    b.begin("fills to DEPTH words, then drains");
    for (int i = 0; i < 2 * DEPTH + 8; i++)
        m.cycle(true, false);
    b.expect(m.held.size() == DEPTH, "%zu words held", m.held.size());
    while (m.offering || !m.held.empty())
        m.cycle(false, true);
    b.expect(m.accepted == m.delivered, "%" PRIu64 " in, %" PRIu64 " out", m.accepted, m.delivered);
    b.end();

    /* The round trip of a word, latency cycles, must fit into the depth for full rate. */
    b.begin("one word per cycle without stalls");
    if (DEPTH > 1 + READ_STAGES) {
        const uint64_t before = m.accepted;
        for (int i = 0; i < 1000; i++)
            m.cycle(true, true);
        b.expect(m.accepted - before == 1000, "%" PRIu64 " words in 1000 cycles",
                 m.accepted - before);
    }
    b.end();

    b.begin("stays nearly full under a slow consumer, nearly empty under a slow producer");
    for (uint64_t i = 0; i < b.count / 10; i++)
        m.cycle(true, b.random.percent(30));
    for (uint64_t i = 0; i < b.count / 10; i++)
        m.cycle(b.random.percent(30), true);
    b.end();

    b.begin("reset forgets the words held");
    for (int i = 0; i < 3; i++)
        m.cycle(true, false);
    b.dut.valid_i = 0;
    b.reset();
    m.held.clear();
    m.offering = false;
    for (int i = 0; i < 1000; i++)
        m.cycle(source.go(), sink.go());
    b.end();
    return b.finish();
}
