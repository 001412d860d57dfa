/* Arbiter: every word once, in its requester's order; packets whole; nobody waits for more than one
 * packet of each other; a choice stands until accepted. REQUESTERS and WIDTH come from make. */
#include "Varbiter.h"
#include "support/bench.h"
#include <deque>
#include <vector>

using namespace bench;

/* A word stands for its requester and its serial number, so that order and origin can be checked;
 * one to one, and every bit moves. */
static u128 word_of(unsigned requester, uint64_t serial)
{
    const u128 mixed =
        low_bits((u128)(serial * 64 + requester) * UINT64_C(0x9E3779B97F4A7C15), WIDTH);
    return mixed ^ mixed >> WIDTH / 2;
}

struct Requester {
    std::unique_ptr<Stall> stall;
    bool valid = false, last = false;
    uint64_t sent = 0;    /* words accepted */
    unsigned waiting = 0; /* packets of others since the request at the head of a packet */
    bool inside = false;  /* a packet has started */
};

struct Model {
    Bench<Varbiter> &b;
    std::vector<Requester> r = std::vector<Requester>(REQUESTERS);
    unsigned packet_percent = 100; /* words that end a packet */
    int owner = -1;
    int shown = -1; /* stalled choice */
    uint64_t delivered = 0;

    explicit Model(Bench<Varbiter> &b) : b(b)
    {
    }
    void drive(bool all)
    {
        unsigned valid = 0, last = 0;
        static_assert(REQUESTERS * WIDTH <= 128, "ports of up to 128 bits");
        u128 data = 0;
        for (unsigned i = 0; i < REQUESTERS; i++) {
            if (!r[i].valid && (all || r[i].stall->go())) {
                r[i].valid = true;
                r[i].last = b.random.percent(packet_percent);
            }
            valid |= (unsigned)r[i].valid << i;
            last |= (unsigned)r[i].last << i;
            data |= word_of(i, r[i].sent) << (i * WIDTH);
        }
        b.dut.valid_i = valid;
        b.dut.last_i = last;
        put(b.dut.data_i, data, REQUESTERS * WIDTH);
    }
    void cycle(bool all, bool take)
    {
        drive(all);
        b.dut.ready_i = take;
        b.settle();
        const unsigned valid = b.dut.valid_i, ready = b.dut.ready_o;
        const unsigned at = b.dut.index_o;
        const bool expected = owner >= 0 ? valid >> owner & 1 : valid != 0;
        b.expect(b.dut.valid_o == expected, "valid_o %d, valid_i %x, owner %d", b.dut.valid_o,
                 valid, owner);
        if (b.dut.valid_o) {
            b.expect(at < REQUESTERS && (valid >> at & 1), "index %u, valid_i %x", at, valid);
            b.expect(owner < 0 || at == (unsigned)owner, "index %u inside a packet of %d", at,
                     owner);
            b.expect(shown < 0 || at == (unsigned)shown, "index %u after %d was stalled", at,
                     shown);
            b.expect(ready == (take ? 1u << at : 0u), "ready_o %x, index %u", ready, at);
            b.expect(get(b.dut.data_o) == word_of(at, r[at].sent), "wrong word of %u", at);
            b.expect(b.dut.last_o == r[at].last, "last_o");
        }
        shown = b.dut.valid_o && !take ? (int)at : -1;
        if (b.dut.valid_o && take && at < REQUESTERS)
            accept(at);
        b.tick();
    }
    void accept(unsigned at)
    {
        if (!r[at].inside) {
            b.expect(r[at].waiting < REQUESTERS, "%u waited for %u packets", at, r[at].waiting);
            r[at].waiting = 0;
            for (unsigned i = 0; i < REQUESTERS; i++)
                r[i].waiting += i != at && r[i].valid;
        }
        r[at].inside = !r[at].last;
        owner = r[at].last ? -1 : (int)at;
        r[at].sent++;
        r[at].valid = false;
        delivered++;
    }
};

static void fair(Bench<Varbiter> &b, Model &m)
{
    std::vector<uint64_t> before;
    for (auto &q : m.r)
        before.push_back(q.sent);
    m.packet_percent = 100;
    const uint64_t start = m.delivered;
    for (int i = 0; i < 100 * REQUESTERS; i++)
        m.cycle(true, true);
    b.expect(m.delivered - start == 100 * REQUESTERS, "not one word per cycle");
    for (unsigned i = 0; i < REQUESTERS; i++)
        b.expect(m.r[i].sent - before[i] == 100, "%u got %" PRIu64 " of 100 turns", i,
                 m.r[i].sent - before[i]);
}

int main()
{
    Bench<Varbiter> b("arbiter", 500000);
    b.dut.valid_i = 0;
    b.reset();
    Model m(b);
    for (auto &q : m.r)
        q.stall.reset(new Stall(b.random));
    Stall sink(b.random);

    b.begin("single words, random stalls everywhere");
    for (uint64_t i = 0; i < b.count; i++)
        m.cycle(false, sink.go());
    b.end();

    b.begin("packets, with pauses inside");
    m.packet_percent = 30;
    for (uint64_t i = 0; i < b.count; i++)
        m.cycle(false, sink.go());
    b.end();

    b.begin("equal shares and one word per cycle when all ask");
    m.packet_percent = 100;
    while (m.owner >= 0)
        m.cycle(true, true);
    for (int i = 0; i < 2 * REQUESTERS; i++)
        m.cycle(true, true);
    while (m.owner >= 0)
        m.cycle(true, true);
    fair(b, m);
    b.end();
    return b.finish();
}
