/* The bridge of the simulated card without the card: a random master in its place. Data, ordering,
 * bandwidth against the published figures, every fault, every rule of the checker.
 * PL_SEED repeats a run, PL_COUNT scales its length. */
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <memory>
#include <vector>

#include "bridge.hpp"

namespace
{
using sim::Bridge;
using sim::LINE;

uint64_t random_state;

uint64_t random_bits() /* splitmix64 (Steele, Lea, Flood 2014) */
{
    random_state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

uint64_t below(uint64_t n)
{
    return random_bits() % n;
}

pl_sim_options plain()
{
    pl_sim_options o = {};
    o.generation = 3;
    o.width = 16;
    o.mps = 256;
    o.mrrs = 512;
    o.rcb = 64;
    o.tags = 256;
    o.rtt_ns = 1000;
    o.clock_mhz = 250;
    o.stall_percent = 5;
    o.reorder_percent = 100;
    o.seed = random_bits();
    o.fault_after = UINT64_MAX;
    return o;
}

constexpr uint64_t READ_AT = 0x700000000000, WRITE_AT = 0x10000, MEMORY = 1 << 20;
constexpr unsigned IDS = 64;

/* Reads random places and compares; writes places in turn and compares after each response. */
class Master
{
  public:
    struct Read {
        bool active;
        uint64_t address;
        unsigned lines, line;
        uint64_t number;
        bool error;
    };
    struct Write {
        uint64_t address;
        unsigned lines;
        uint32_t value;
    };
    unsigned read_lines = 8, write_lines = 1; /* at most, per burst; 0: none */
    unsigned ids = IDS, writes_ahead = 32;
    bool fixed = false; /* always as long, one after the other */
    bool waits = true;  /* not always ready */
    std::vector<uint8_t> source, target;
    sim::MasterIn in = {};
    sim::MasterOut out = {};
    uint64_t cycles = 0, read_bytes = 0, write_bytes = 0, wrong = 0;
    uint64_t overtaken = 0, interleaved = 0, early = 0, read_errors = 0, write_errors = 0;
    uint64_t reads_done = 0, writes_done = 0, last_read_cycle = 0, last_write_cycle = 0;
    std::unique_ptr<Bridge> bridge;
    std::function<void(sim::MasterOut &)> spoil; /* breaks a rule */

    explicit Master(const pl_sim_options &o) : source(MEMORY), target(MEMORY), bridge(new Bridge(o))
    {
        for (uint8_t &byte : source)
            byte = (uint8_t)random_bits();
        bridge->add_memory(source.data(), READ_AT, MEMORY, PL_SIM_READ);
        bridge->add_memory(target.data(), WRITE_AT, MEMORY, PL_SIM_WRITE);
        memset(data, 0, sizeof data);
        out.wdata = data;
    }
    void run(uint64_t count)
    {
        for (; count > 0; count--)
            cycle();
    }
    bool idle() const
    {
        for (const Read &r : reads)
            if (r.active)
                return false;
        return writes.empty();
    }
    /* Starts nothing new; true when all that was started has ended. */
    bool drain(uint64_t most)
    {
        read_lines = write_lines = 0;
        for (; most > 0 && !idle(); most--)
            cycle();
        return idle();
    }

  private:
    Read reads[IDS] = {};
    uint64_t issued = 0;
    unsigned last_id = IDS;
    std::vector<Write> writes;      /* without a response, oldest first */
    size_t addressed = 0, sent = 0; /* of those: AW taken, all data sent */
    unsigned sent_lines = 0;
    uint64_t next_read = 0, next_write = 0;
    uint32_t next_value = 1;
    uint32_t data[16];

    void fill(uint32_t value)
    {
        for (unsigned n = 0; n < 16; n++)
            data[n] = value * 16 + n;
    }
    void take_response()
    {
        Read &r = reads[in.rid];
        if (!r.active) {
            wrong++;
            return;
        }
        r.error |= in.rresp != 0;
        if (in.rresp == 0 &&
            memcmp(in.rdata, &source[r.address - READ_AT + r.line * LINE], LINE) != 0)
            wrong++;
        interleaved += last_id < IDS && last_id != in.rid;
        last_id = in.rlast ? IDS : in.rid;
        read_bytes += LINE;
        last_read_cycle = cycles;
        wrong += in.rlast != (++r.line == r.lines);
        if (!in.rlast)
            return;
        for (const Read &other : reads)
            overtaken += other.active && other.number < r.number;
        read_errors += r.error;
        reads_done++;
        r.active = false;
    }
    bool is_written(const Write &w) const
    {
        for (unsigned line = 0; line < w.lines; line++)
            for (unsigned n = 0; n < 16; n++) {
                uint32_t word;
                memcpy(&word, &target[w.address - WRITE_AT + line * LINE + 4 * n], 4);
                if (word != (w.value + line) * 16 + n)
                    return false;
            }
        return true;
    }
    void take_write_response()
    {
        if (writes.empty() || sent == 0) {
            wrong++;
            return;
        }
        if (in.bresp == 0 && !is_written(writes[0]))
            wrong++;
        for (size_t n = 1; n < sent; n++)
            early += is_written(writes[n]);
        write_errors += in.bresp != 0;
        write_bytes += writes[0].lines * LINE;
        last_write_cycle = cycles;
        writes_done++;
        writes.erase(writes.begin());
        addressed--;
        sent--;
    }
    void start_read()
    {
        unsigned id = (unsigned)below(ids);
        for (unsigned n = 0; n < ids && reads[id].active; n++)
            id = (id + 1) % ids;
        if (reads[id].active)
            return;
        unsigned lines = fixed ? read_lines : 1 + (unsigned)below(read_lines);
        uint64_t place = fixed ? next_read : below(MEMORY / LINE / read_lines) * read_lines;
        next_read = (next_read + read_lines) % (MEMORY / LINE);
        reads[id] = { true, READ_AT + place * LINE, lines, 0, issued++, false };
        out.arvalid = true;
        out.arid = (uint8_t)id;
        out.araddr = reads[id].address;
        out.arlen = (uint8_t)(lines - 1);
        out.arsize = 6;
        out.arburst = 1;
    }
    void start_write()
    {
        unsigned lines = fixed ? write_lines : 1 + (unsigned)below(write_lines);
        next_write = (next_write + write_lines) % (MEMORY / LINE);
        writes.push_back({ WRITE_AT + next_write * LINE, lines, next_value });
        next_value += lines;
    }
    void cycle()
    {
        sim::MasterOut before = out;
        if (spoil)
            spoil(out);
        sim::MasterIn seen = in;
        bridge->step(out, in);
        out = before;
        cycles++;
        std::swap(seen, in); /* what the edge took */
        if (in.rvalid && out.rready)
            take_response();
        if (in.bvalid && out.bready)
            take_write_response();
        if (out.arvalid && in.arready)
            out.arvalid = false;
        if (out.awvalid && in.awready) {
            out.awvalid = false;
            addressed++;
        }
        if (out.wvalid && in.wready) {
            out.wvalid = false;
            if (++sent_lines == writes[sent].lines) {
                sent++;
                sent_lines = 0;
            }
        }
        std::swap(seen, in);
        bool go = !waits || below(10) > 0;
        if (!out.arvalid && read_lines > 0 && go)
            start_read();
        if (write_lines > 0 && writes.size() < writes_ahead && go)
            start_write();
        if (!out.awvalid && addressed < writes.size()) {
            out.awvalid = true;
            out.awid = 0;
            out.awaddr = writes[addressed].address;
            out.awlen = (uint8_t)(writes[addressed].lines - 1);
            out.awsize = 6;
            out.awburst = 1;
        }
        if (!out.wvalid && sent < writes.size()) {
            out.wvalid = true;
            out.wstrb = UINT64_MAX;
            out.wlast = sent_lines + 1 == writes[sent].lines;
            fill(writes[sent].value + sent_lines);
        }
        out.rready = !waits || below(8) > 0;
        out.bready = !waits || below(8) > 0;
    }
};

unsigned passed, failed;
const char *test_name = "";

bool expect(bool holds, const char *what)
{
    holds ? passed++ : failed++;
    if (!holds)
        printf("FAIL %s: %s\n", test_name, what);
    return holds;
}

uint64_t environment(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text != nullptr && *text != '\0' ? strtoull(text, nullptr, 0) : otherwise;
}

void random_traffic(uint64_t rounds)
{
    test_name = "random traffic";
    uint64_t overtaken = 0, interleaved = 0, early = 0;
    for (; rounds > 0; rounds--) {
        static const uint32_t sizes[] = { 128, 256, 512, 1024, 4096 };
        pl_sim_options o = plain();
        o.generation = 1 + (uint32_t)below(5);
        o.width = 1u << below(5);
        o.mps = sizes[below(5)];
        o.mrrs = sizes[below(5)];
        o.rcb = 64u << below(2);
        o.tags = 1 + (uint32_t)below(64);
        o.rtt_ns = 1 + (uint32_t)below(3000);
        o.clock_mhz = 100 + (uint32_t)below(400);
        o.stall_percent = (uint32_t)below(60);
        Master m(o);
        m.read_lines = 1u << below(7);
        m.write_lines = 1u << below(5);
        m.run(5000);
        bool ended = m.drain(2000000);
        expect(ended, "everything that starts ends");
        expect(m.wrong == 0, "data, responses and their order");
        if (!expect(m.bridge->error_count() == 0, "no rule is broken"))
            printf("  %s\n", m.bridge->error_text().c_str());
        expect(m.read_errors == 0 && m.write_errors == 0, "no errors");
        expect(m.reads_done > 0 && m.writes_done > 0, "something happens");
        overtaken += m.overtaken;
        interleaved += m.interleaved;
        early += m.early;
    }
    expect(overtaken > 100, "reads overtake each other");
    expect(interleaved > 100, "data of several reads interleave");
    expect(early > 100, "later lines become visible before earlier ones have their response");
}

/* GB/s each way, against docs/performance.md's sources: payload limits at MPS 256, MRRS 512,
 * RCB 64. */
void bandwidth(uint32_t generation, unsigned read_lines, unsigned write_lines, double reading,
               double writing)
{
    char text[160];
    pl_sim_options o = plain();
    o.generation = generation;
    o.stall_percent = 0;
    o.clock_mhz = 1000; /* the core is no limit */
    Master m(o);
    m.fixed = true;
    m.waits = false;
    m.read_lines = read_lines;
    m.write_lines = write_lines;
    m.writes_ahead = 512;
    m.run(20000);
    uint64_t read_start = m.read_bytes, write_start = m.write_bytes, start = m.cycles;
    m.run(200000);
    double seconds = (double)(m.cycles - start) / (o.clock_mhz * 1e6);
    double read = (double)(m.read_bytes - read_start) / seconds / 1e9;
    double write = (double)(m.write_bytes - write_start) / seconds / 1e9;
    printf("PCIe %u x16: read %.2f (%.2f), write %.2f (%.2f) GB/s\n", generation, read, reading,
           write, writing);
    snprintf(text, sizeof text, "PCIe %u: read %.3f for %.2f, write %.3f for %.2f", generation,
             read, reading, write, writing);
    expect(fabs(read - reading) <= 0.02 * reading && fabs(write - writing) <= 0.02 * writing, text);
    expect(m.wrong == 0 && m.bridge->error_count() == 0, "data at full speed");
}

void bandwidths()
{
    test_name = "bandwidth";
    bandwidth(3, 8, 0, 13.18, 0);
    bandwidth(3, 0, 4, 0, 12.99);
    bandwidth(3, 8, 4, 13.18,
              12.43); /* 12.46 each when as much is read as written: here reads go first */
    bandwidth(4, 8, 0, 26.37, 0);
    bandwidth(4, 0, 4, 0, 25.99);
    bandwidth(3, 0, 1, 0, 14.21 * 64 / 88); /* single lines, as the card writes them */
}

void latency()
{
    test_name = "latency";
    pl_sim_options o = plain();
    o.stall_percent = 0;
    Master m(o);
    m.write_lines = 0;
    m.waits = false;
    m.ids = 1;
    m.read_lines = 1;
    m.run(100000);
    double cycles = (double)m.cycles / (double)m.reads_done;
    expect(cycles >= 250 && cycles < 300, "one read at a time takes the round trip of 1 us");
}

struct Outcome {
    bool ended;
    uint64_t wrong, read_errors, write_errors;
    bool down, injected;
};

Outcome with_fault(const char *name, uint64_t after)
{
    pl_sim_options o = plain();
    o.fault = name;
    o.fault_after = after;
    Master m(o);
    bool injected = false;
    for (int n = 0; n < 3000; n++) {
        m.run(1);
        injected |= m.in.inject == 3;
    }
    bool ended = m.drain(50000);
    Outcome r = {
        ended, m.wrong, m.read_errors, m.write_errors, m.bridge->link_is_down(), injected
    };
    expect(m.bridge->fault_has_fired(), name);
    expect(m.bridge->error_count() == 0, "a fault is no broken rule");
    if (strcmp(name, "read_late") == 0)
        expect(m.drain(200000), "what is late comes");
    return r;
}

void faults()
{
    uint64_t after = below(200);
    test_name = "read_error";
    Outcome r = with_fault("read_error", after);
    expect(r.ended && r.read_errors == 1 && r.write_errors == 0 && r.wrong == 0, "one read");
    test_name = "poison";
    r = with_fault("poison", after);
    expect(r.ended && r.read_errors == 1 && r.write_errors == 0 && r.wrong == 0, "one read");
    test_name = "read_lost";
    r = with_fault("read_lost", after);
    expect(!r.ended && r.read_errors == 0 && r.wrong == 0, "one read never ends");
    test_name = "read_late";
    r = with_fault("read_late", after);
    expect(!r.ended && r.wrong == 0, "one read takes long");
    test_name = "write_error";
    r = with_fault("write_error", after);
    expect(r.ended && r.write_errors == 1 && r.read_errors == 0 && r.wrong == 0, "one write");
    test_name = "write_lost";
    r = with_fault("write_lost", after);
    expect(!r.ended, "one response never comes");
    test_name = "stuck";
    r = with_fault("stuck", after);
    expect(!r.ended && r.wrong == 0, "nothing is taken any more");
    test_name = "link_down";
    r = with_fault("link_down", after);
    expect(!r.ended && r.down && r.wrong == 0, "nothing moves");
    test_name = "bit_flip";
    r = with_fault("bit_flip", after);
    expect(r.ended && r.injected && r.wrong == 0, "the hook is pulled");
    test_name = "fault by the seed";
    for (int n = 0; n < 5; n++)
        expect(with_fault("read_error", UINT64_MAX).read_errors == 1, "within the run");
}

/* Each rule, broken now and then. */
void broken(const char *name, std::function<bool(sim::MasterOut &)> breaks)
{
    test_name = name;
    pl_sim_options o = plain();
    o.stall_percent = 50;
    Master m(o);
    m.read_lines = 4;
    m.write_lines = 4;
    m.run(500);
    expect(m.bridge->error_count() == 0, "not before");
    bool done = false;
    m.spoil = [&](sim::MasterOut &out) { done |= below(2) == 0 && breaks(out); };
    for (int n = 0; n < 2000 && m.bridge->error_count() == 0; n++)
        m.run(1);
    expect(done && m.bridge->error_count() > 0, "is noticed");
    expect(m.bridge->error_text().find("cycle") == 0, "and told");
}

void rules()
{
    auto when = [](bool sim::MasterOut::*valid, std::function<void(sim::MasterOut &)> change) {
        return [=](sim::MasterOut &out) {
            if (!(out.*valid))
                return false;
            change(out);
            return true;
        };
    };
    using Out = sim::MasterOut;
    broken("AR size", when(&Out::arvalid, [](Out &o) { o.arsize = 5; }));
    broken("AR burst", when(&Out::arvalid, [](Out &o) { o.arburst = 0; }));
    broken("AR unaligned", when(&Out::arvalid, [](Out &o) { o.araddr += 4; }));
    broken("AR outside", when(&Out::arvalid, [](Out &o) { o.araddr = READ_AT + MEMORY; }));
    broken("AR of memory to write", when(&Out::arvalid, [](Out &o) { o.araddr = WRITE_AT; }));
    broken("AR across 4 KiB", when(&Out::arvalid, [](Out &o) {
               o.araddr = READ_AT + 4096 - 64;
               o.arlen = 1;
           }));
    broken("AR withdrawn", when(&Out::arvalid, [](Out &o) { o.arvalid = false; }));
    broken("AR changed", when(&Out::arvalid, [](Out &o) { o.araddr ^= 64; }));
    broken("AW size", when(&Out::awvalid, [](Out &o) { o.awsize = 2; }));
    broken("AW burst", when(&Out::awvalid, [](Out &o) { o.awburst = 2; }));
    broken("AW outside", when(&Out::awvalid, [](Out &o) { o.awaddr = 64; }));
    broken("AW of memory to read", when(&Out::awvalid, [](Out &o) { o.awaddr = READ_AT; }));
    broken("AW withdrawn", when(&Out::awvalid, [](Out &o) { o.awvalid = false; }));
    broken("W strobes", when(&Out::wvalid, [](Out &o) { o.wstrb = 1; }));
    broken("W last", when(&Out::wvalid, [](Out &o) { o.wlast = !o.wlast; }));
    broken("W withdrawn", when(&Out::wvalid, [](Out &o) { o.wvalid = false; }));
    static uint32_t other[16];
    broken("W changed", when(&Out::wvalid, [](Out &o) { o.wdata = other; }));
    test_name = "id in use";
    pl_sim_options o = plain();
    o.stall_percent = 0;
    Bridge bridge(o);
    std::vector<uint8_t> memory(4096);
    bridge.add_memory(memory.data(), READ_AT, 4096, PL_SIM_READ);
    sim::MasterOut out = {};
    sim::MasterIn in = {};
    uint32_t none[16] = {};
    out.wdata = none;
    out.arvalid = true;
    out.araddr = READ_AT;
    out.arsize = 6;
    out.arburst = 1;
    for (int n = 0; n < 3; n++)
        bridge.step(out, in);
    expect(bridge.error_count() > 0 &&
               bridge.error_text().find("id 0 is outstanding") != std::string::npos,
           "is noticed");
}

void memory_ranges()
{
    test_name = "memory";
    Bridge bridge(plain());
    uint8_t some[64];
    expect(bridge.add_memory(some, 4096, 4096, PL_SIM_READ), "a first range");
    expect(!bridge.add_memory(some, 4096 + 4032, 64, PL_SIM_READ), "an overlap at its end");
    expect(!bridge.add_memory(some, 0, 4160, PL_SIM_READ), "an overlap at its start");
    expect(!bridge.add_memory(some, 64, 65536, PL_SIM_READ), "around it");
    expect(bridge.add_memory(some, 8192, 64, PL_SIM_READ), "right behind it");
    expect(bridge.add_memory(some, 4032, 64, PL_SIM_READ), "right before it");
    expect(!bridge.add_memory(some, 3, 64, PL_SIM_READ), "no whole lines");
    bridge.remove_memory(4096);
    expect(bridge.add_memory(some, 4096, 4096, PL_SIM_WRITE), "its place again");
}

/* Host memory behind functions; every line of the last quarter is refused. */
struct Functions {
    Master &master;
    uint64_t refused = 0;

    bool refuses(uint64_t place)
    {
        refused += place >= MEMORY / 4 * 3;
        return place >= MEMORY / 4 * 3;
    }
    static int read(void *context, uint64_t address, void *line)
    {
        Functions &f = *(Functions *)context;
        if (f.refuses(address - READ_AT))
            return -1;
        memcpy(line, &f.master.source[address - READ_AT], LINE);
        return 0;
    }
    static int write(void *context, uint64_t address, const void *line)
    {
        Functions &f = *(Functions *)context;
        if (f.refuses(address - WRITE_AT))
            return -1;
        memcpy(&f.master.target[address - WRITE_AT], line, LINE);
        return 0;
    }
};

void host_functions()
{
    test_name = "host functions";
    Master m(plain());
    Functions f = { m };
    m.bridge->set_host({ &f, Functions::read, Functions::write });
    m.write_lines = 16;
    m.run(100000);
    expect(m.drain(100000), "everything that starts ends");
    expect(m.wrong == 0 && m.bridge->error_count() == 0, "data, and no broken rule");
    expect(m.reads_done > m.read_errors && m.writes_done > m.write_errors, "most are served");
    expect(f.refused > 0 && m.read_errors > 0 && m.write_errors > 0, "a refusal is a response");
}

void holding()
{
    test_name = "hold";
    Master m(plain());
    m.run(1000);
    m.bridge->hold(true);
    m.run(10000); /* what was taken ends */
    uint64_t reads = m.reads_done, writes = m.writes_done;
    m.run(10000);
    expect(m.reads_done == reads && m.writes_done == writes, "nothing more is taken");
    m.bridge->hold(false);
    expect(m.drain(100000), "everything goes on");
    expect(m.wrong == 0 && m.bridge->error_count() == 0, "unharmed");
}

/* A master that begins anew at a bridge after its reset, as a core does. */
bool begins_anew(std::unique_ptr<Bridge> bridge)
{
    Master m(plain());
    bridge->reset();
    bridge->remove_memory(READ_AT);
    bridge->remove_memory(WRITE_AT);
    bridge->add_memory(m.source.data(), READ_AT, MEMORY, PL_SIM_READ);
    bridge->add_memory(m.target.data(), WRITE_AT, MEMORY, PL_SIM_WRITE);
    m.bridge = std::move(bridge);
    m.run(10000);
    return m.drain(100000) && m.reads_done > 0 && m.writes_done > 0 && m.wrong == 0 &&
           m.bridge->error_count() == 0;
}

void resetting()
{
    test_name = "reset";
    Master busy(plain());
    busy.run(1000 + below(100));
    expect(!busy.idle(), "something is under way");
    expect(begins_anew(std::move(busy.bridge)), "nothing old comes");
    test_name = "reset of a stuck link";
    pl_sim_options o = plain();
    o.fault = "stuck";
    o.fault_after = 0;
    Master stuck(o);
    stuck.run(5000);
    expect(!stuck.drain(5000), "it was stuck");
    expect(begins_anew(std::move(stuck.bridge)), "it goes again");
}

void option_checks()
{
    test_name = "options";
    expect(Bridge::check(plain()).empty(), "the usual ones");
    const std::function<void(pl_sim_options &)> wrong[] = {
        [](pl_sim_options &o) { o.generation = 6; },
        [](pl_sim_options &o) { o.width = 3; },
        [](pl_sim_options &o) { o.mps = 64; },
        [](pl_sim_options &o) { o.mrrs = 8192; },
        [](pl_sim_options &o) { o.rcb = 32; },
        [](pl_sim_options &o) { o.tags = 0; },
        [](pl_sim_options &o) { o.rtt_ns = 0; },
        [](pl_sim_options &o) { o.clock_mhz = 0; },
        [](pl_sim_options &o) { o.stall_percent = 100; },
        [](pl_sim_options &o) { o.fault = "x"; },
    };
    for (const auto &change : wrong) {
        pl_sim_options o = plain();
        change(o);
        expect(!Bridge::check(o).empty(), "one wrong");
    }
    expect(true, "");
}

/* The same seed gives the same run. */
void repeats()
{
    test_name = "seed";
    pl_sim_options o = plain();
    uint64_t state = random_state, cycles[2], overtaken[2];
    for (int n = 0; n < 2; n++) {
        random_state = state;
        Master m(o);
        m.run(3000);
        m.drain(100000);
        cycles[n] = m.cycles;
        overtaken[n] = m.overtaken;
    }
    expect(cycles[0] == cycles[1] && overtaken[0] == overtaken[1], "repeats a run");
}
} // namespace

int main()
{
    random_state = environment("PL_SEED", (uint64_t)time(nullptr) * 1000003 + (uint64_t)clock());
    printf("bridge: PL_SEED=%" PRIu64 "\n", random_state);
    option_checks();
    memory_ranges();
    host_functions();
    holding();
    resetting();
    random_traffic(environment("PL_COUNT", 40));
    bandwidths();
    latency();
    faults();
    rules();
    repeats();
    printf("%u passed, %u failed\n", passed, failed);
    return failed != 0;
}
