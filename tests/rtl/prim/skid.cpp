/* Skid register: every word once, in order, one cycle later, at full rate, whatever the stalls.
 * WIDTH comes from make. */
#include "Vskid.h"
#include "support/bench.h"
#include <deque>

using namespace bench;

struct Model {
    Bench<Vskid> &b;
    std::deque<u128> held;
    uint64_t accepted = 0, delivered = 0;
    bool offering = false;
    u128 word = 0;

    explicit Model(Bench<Vskid> &b) : b(b)
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
        b.expect(b.dut.valid_o == !held.empty(), "valid_o %d, %zu words held", b.dut.valid_o,
                 held.size());
        b.expect(b.dut.ready_o == (held.size() < 2), "ready_o %d, %zu words held", b.dut.ready_o,
                 held.size());
        if (b.dut.valid_o && !held.empty())
            b.expect(get(b.dut.data_o) == held.front(), "wrong word");
        const bool in = offering && b.dut.ready_o, out = b.dut.valid_o && take;
        if (out && !held.empty()) {
            held.pop_front();
            delivered++;
        }
        if (in) {
            held.push_back(word);
            offering = false;
            accepted++;
        }
        b.tick();
    }
};

int main()
{
    Bench<Vskid> b("skid", 500000);
    b.reset();
    Model m(b);

    b.begin("random stalls on both sides");
    Stall source(b.random), sink(b.random);
    for (uint64_t i = 0; i < b.count; i++)
        m.cycle(source.go(), sink.go());
    b.end();

    b.begin("drains when the source stops");
    while (m.offering)
        m.cycle(false, true);
    for (int i = 0; i < 3; i++)
        m.cycle(false, true);
    b.expect(m.accepted == m.delivered && m.held.empty(), "%" PRIu64 " in, %" PRIu64 " out",
             m.accepted, m.delivered);
    b.end();

    b.begin("one word per cycle without stalls");
    const uint64_t before = m.accepted;
    for (int i = 0; i < 1000; i++)
        m.cycle(true, true);
    b.expect(m.accepted - before == 1000, "%" PRIu64 " words in 1000 cycles", m.accepted - before);
    b.end();

    b.begin("reset forgets the words held");
    m.cycle(true, false);
    m.cycle(true, false);
    b.dut.valid_i = 0;
    b.reset();
    m.held.clear();
    m.offering = false;
    for (int i = 0; i < 100; i++)
        m.cycle(source.go(), sink.go());
    b.end();
    return b.finish();
}
