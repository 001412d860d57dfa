/* Read engine: order, alignment of bursts, ids, rate, errors, time-outs and cancels against a
 * memory that reorders. READS, BURST_LINES and TIMEOUT come from make. */
#include "Vread_engine.h"
#include "dma/axi_memory.h"

using namespace bench;

enum { OK = 0, BUS_ERROR = 201, TIMED_OUT = 202 };

struct Expected {
    uint64_t address;
    unsigned client;
    bool last;
};

struct Engine {
    Bench<Vread_engine> &b;
    Bus bus;
    ReadSide<Vread_engine> side;
    Stall sink;
    std::deque<Expected> expected;
    std::set<uint64_t> wrong;    /* lines that a burst of wrong length spoils */
    std::set<uint64_t> doubtful; /* lines before these: right, or an error as well */
    uint64_t address = 0, lines = 0, delivered = 0, bad = 0;
    unsigned client = 0, timeouts = 0;
    bool offering = false, take_always = false, cancelling = false;
    bool held = false;
    Line held_line = {};

    explicit Engine(Bench<Vread_engine> &b) : b(b), side(b, bus, READS, BURST_LINES), sink(b.random)
    {
        bus.readable.push_back({ 0, UINT64_C(1) << 40 });
    }
    void offer(uint64_t at, uint64_t count, unsigned of)
    {
        offering = true;
        address = at;
        lines = count;
        client = of;
    }
    void cycle()
    {
        b.dut.cancel_i = cancelling;
        b.dut.command_valid_i = offering;
        b.dut.command_line_i = (offering ? address : b.random.bits()) >> 6;
        b.dut.command_lines_i = offering ? lines : 1 + b.random.below(100);
        b.dut.command_client_i = offering ? client : b.random.below(4);
        b.dut.line_ready_i = take_always || sink.go();
        side.drive();
        b.settle();
        const bool valid = b.dut.line_valid_o && !cancelling;
        if (held && !cancelling)
            b.expect(valid && get_line(b.dut.line_o) == held_line,
                     "a line changed while it waited");
        if (valid && b.dut.line_ready_i) {
            if (b.dut.line_status_o == TIMED_OUT) {
                b.expect(!expected.empty() && b.dut.line_client_o == expected.front().client &&
                             b.dut.line_last_o,
                         "time-out for client %u", b.dut.line_client_o);
                timeouts++;
            } else if (b.expect(!expected.empty(), "a line that nobody asked for") &&
                       timeouts == 0) {
                const Expected &e = expected.front();
                const bool is_bad = bus.bad.count(e.address) != 0 || wrong.count(e.address) != 0;
                b.expect(b.dut.line_client_o == e.client && b.dut.line_last_o == e.last,
                         "client or last at %" PRIx64, e.address);
                const bool is_error = b.dut.line_status_o == BUS_ERROR;
                b.expect(is_error == is_bad || doubtful.count(e.address) != 0,
                         "status %u at %" PRIx64, b.dut.line_status_o, e.address);
                b.expect(is_error || (b.dut.line_status_o == OK &&
                                      get_line(b.dut.line_o) == bus.line(e.address)),
                         "data of %" PRIx64, e.address);
                bad += is_bad;
                delivered++;
                expected.pop_front();
            }
            b.expect(timeouts <= 1, "more lines after a time-out");
        }
        held = valid && !b.dut.line_ready_i;
        held_line = get_line(b.dut.line_o);
        if (offering && b.dut.command_ready_o) {
            for (uint64_t i = 0; i < lines; i++)
                expected.push_back({ address + 64 * i, client, i + 1 == lines });
            offering = false;
        }
        side.sample();
        b.tick();
    }
    void random_command()
    {
        const uint64_t most = b.random.percent(70)   ? 3u * BURST_LINES
                              : b.random.percent(50) ? 1
                                                     : 40u * BURST_LINES;
        offer(b.random.below(UINT64_C(1) << 28) * 64, 1 + b.random.below(most),
              (unsigned)b.random.below(4));
    }
    void drain(uint64_t limit)
    {
        for (uint64_t i = 0; i < limit && (offering || !expected.empty()); i++)
            cycle();
        b.expect(expected.empty(), "%zu lines never came", expected.size());
    }
    /* Everything is forgotten; what is out comes back unless it is lost. */
    void cancel(bool until_quiet)
    {
        cancelling = true;
        offering = false;
        expected.clear();
        timeouts = 0;
        held = false;
        cycle();
        for (int i = 0; i < 20000 && until_quiet && !(b.dut.quiet_o && !b.dut.m_axi_arvalid); i++)
            cycle();
        cancelling = false;
        if (until_quiet) {
            b.expect(b.dut.quiet_o, "never quiet");
            b.expect(side.out.empty(), "quiet with %zu reads out", side.out.size());
        }
    }
};

int main()
{
    Bench<Vread_engine> b("read_engine", 100000);
    b.reset();
    Engine e(b);

    b.begin("random commands, latencies, orders and stalls; some lines bad");
    for (uint64_t i = 0; i < b.count; i++) {
        if (i % 4096 == 0) {
            e.bus.latency = (unsigned)b.random.below(300);
            e.bus.spread = (unsigned)b.random.below(200);
        }
        if (!e.offering && b.random.percent(20)) {
            e.random_command();
            if (b.random.percent(30))
                e.bus.bad.insert(e.address + 64 * b.random.below(e.lines));
        }
        e.cycle();
    }
    e.drain(200000);
    b.expect(e.delivered > b.count / (READS * BURST_LINES < 64 ? 100 : 20), "%" PRIu64 " lines",
             e.delivered);
    b.expect(!b.is_long() || e.bad > 10, "%" PRIu64 " bad lines", e.bad);
    b.end();

    b.begin("cancels at any time, also without waiting for quiet");
    for (uint64_t i = 0; i < b.count / 2; i++) {
        if (!e.offering && b.random.percent(20))
            e.random_command();
        if (b.random.below(500) == 0)
            e.cancel(b.random.percent(50));
        e.cycle();
    }
    e.cancel(true);
    b.end();

    /* As long as the ids cover the round trip. */
    b.begin("one line per cycle");
    e.bus.stalls = false;
    e.bus.latency = READS * BURST_LINES >= 512 ? 250 : 1;
    e.bus.spread = 0;
    e.take_always = true;
    uint64_t page = 0;
    for (unsigned i = 0; i < 6000; i++) {
        if (!e.offering)
            e.offer(4096 * page++, 64, 3);
        if (i == 1000)
            e.delivered = 0;
        e.cycle();
    }
    b.expect(READS * BURST_LINES < 32 || e.delivered >= 4990, "%" PRIu64 " of 5000", e.delivered);
    e.drain(20000);
    b.end();

    b.begin("lost bursts: a time-out, quarantine, the other ids go on, late beats are swallowed");
    e.bus.stalls = true;
    e.bus.spread = 100;
    for (int round = 0; round < 12; round++) {
        e.bus.keep = true;
        unsigned most = 0;
        for (int loss = 0; loss < 3 && most + 1 < READS; loss++) {
            e.offer((UINT64_C(1) << 30) + 4096 * (uint64_t)b.random.below(1000), 3 * BURST_LINES,
                    1);
            e.bus.lost.insert(e.address + 64 * b.random.below(e.lines));
            for (int i = 0; i < 20 * TIMEOUT && e.timeouts == 0; i++)
                e.cycle();
            b.expect(e.timeouts == 1, "no time-out");
            e.cancel(false);
            for (int i = 0; i < 3000; i++)
                e.cycle();
            b.expect(!b.dut.quiet_o && !e.side.out.empty(), "the lost read is forgotten");
            most = (unsigned)e.side.out.size();
            b.expect(e.timeouts == 0, "an idle engine timed out");
            for (int i = 0; i < 4; i++) {
                e.offer((UINT64_C(1) << 35) + 4096 * (uint64_t)b.random.below(1000),
                        5 * BURST_LINES, 2);
                e.drain(20000);
            }
        }
        e.bus.keep = false;
        for (int i = 0; i < 2000; i++) {
            if (!e.offering && b.random.percent(20))
                e.offer((UINT64_C(1) << 35) + 64 * (uint64_t)b.random.below(1000), 5 * BURST_LINES,
                        2);
            e.cycle();
        }
        e.drain(20000);
        b.expect(e.side.out.empty() && b.dut.quiet_o, "reads left");
        e.bus.lost.clear();
    }
    b.end();

    b.begin("every id lost: the next command times out too");
    e.bus.keep = true;
    for (unsigned i = 0; i < READS * BURST_LINES; i++)
        e.bus.lost.insert(64 * i);
    e.offer(0, READS * BURST_LINES, 1);
    for (int i = 0; i < 20 * TIMEOUT && e.timeouts == 0; i++)
        e.cycle();
    e.cancel(false);
    e.offer(UINT64_C(1) << 30, 1, 0);
    for (int i = 0; i < 3 * TIMEOUT && e.timeouts == 0; i++)
        e.cycle();
    b.expect(e.timeouts == 1, "no time-out without ids");
    e.cancel(false);
    e.bus.keep = false;
    e.cancel(true);
    e.offer(UINT64_C(1) << 30, 100, 0);
    e.drain(20000);
    b.end();

    b.begin("a burst of wrong length is an error from where it ends, or in its last line");
    for (uint64_t i = 0; i < 200; i++) {
        const uint64_t block = (UINT64_C(1) << 36) + 64 * BURST_LINES * i;
        const unsigned kind = (unsigned)b.random.below(3);
        unsigned right = BURST_LINES; /* lines before the spoilt ones */
        if (kind == 1) {
            right = 1 + (unsigned)b.random.below(BURST_LINES - 1);
            e.bus.cut.insert(block + 64 * (right - 1));
        } else if (kind == 2) {
            right = BURST_LINES - 1;
            for (uint64_t more = b.random.below(BURST_LINES - 1) + 1; more > 0; more--)
                e.bus.over.insert(block + 64 * (BURST_LINES - 2 + more));
        }
        for (unsigned j = 0; j < BURST_LINES && kind != 0; j++)
            (j < right ? e.doubtful : e.wrong).insert(block + 64 * j);
    }
    e.bad = 0;
    e.offer(UINT64_C(1) << 36, 200 * BURST_LINES, 0);
    e.drain(400000);
    b.expect(e.bad == e.wrong.size(), "%" PRIu64 " bad lines, not %zu", e.bad, e.wrong.size());
    b.end();
    return b.finish();
}
