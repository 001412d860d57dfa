/* Host memory behind AXI4 as the benches of the dma room see it: latency, reordering between ids,
 * interleaving, back-pressure, error responses, responses that come late or never; and the checks
 * of every rule that a master has to keep.
 *
 * A line that was never written reads as a pattern of its address. Each cycle: drive(), settle,
 * sample(), tick.
 */
#ifndef PL_AXI_MEMORY_H
#define PL_AXI_MEMORY_H

#include "support/bench.h"
#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <set>
#include <vector>

namespace bench
{
typedef std::array<uint32_t, 16> Line;

inline Line pattern(uint64_t address)
{
    Random random(address);
    Line line;
    for (auto &word : line)
        word = (uint32_t)random.bits();
    return line;
}
template <class Port> Line get_line(const Port &port)
{
    Line line;
    for (int i = 0; i < 16; i++)
        line[i] = port[i];
    return line;
}
template <class Port> void put_line(Port &port, const Line &line)
{
    for (int i = 0; i < 16; i++)
        port[i] = line[i];
}

struct Region {
    uint64_t begin, end;
    bool holds(uint64_t address, uint64_t bytes) const
    {
        return address >= begin && address + bytes <= end;
    }
};

struct Bus {
    unsigned latency = 40, spread = 60; /* cycles: at least, and at most this much more */
    bool stalls = true;                 /* random ready and valid */
    std::map<uint64_t, Line> memory;
    std::set<uint64_t> bad;  /* lines answered with an error */
    std::set<uint64_t> lost; /* lines whose burst or write is not answered while `keep` */
    bool keep = false;
    std::set<uint64_t> cut,
        over; /* lines after which a burst ends, or goes on, against the rules */
    std::vector<Region> readable, writable;

    Line line(uint64_t address) const
    {
        auto found = memory.find(address);
        return found == memory.end() ? pattern(address) : found->second;
    }
    void allow(std::vector<Region> &regions, uint64_t begin, uint64_t lines)
    {
        regions.push_back({ begin, begin + 64 * lines });
    }
    static bool allowed(const std::vector<Region> &regions, uint64_t address, uint64_t bytes)
    {
        for (const auto &r : regions)
            if (r.holds(address, bytes))
                return true;
        return false;
    }
};

template <class Dut> struct ReadSide {
    Bench<Dut> &b;
    Bus &bus;
    unsigned ids, burst;
    struct Burst {
        uint64_t address;
        unsigned beats, sent;
        uint64_t due;
    };
    std::map<unsigned, Burst> out; /* by id */
    Stall address_stall, data_stall;
    bool offered = false, held = false, last = false;
    unsigned id = 0, held_id = 0, held_length = 0;
    uint64_t held_address = 0, beats = 0, bursts = 0;

    ReadSide(Bench<Dut> &b, Bus &bus, unsigned ids, unsigned burst)
        : b(b), bus(bus), ids(ids), burst(burst), address_stall(b.random), data_stall(b.random)
    {
    }
    bool is_lost(const Burst &r) const
    {
        for (unsigned i = 0; bus.keep && i < r.beats; i++)
            if (bus.lost.count(r.address + 64 * i))
                return true;
        return false;
    }
    void drive()
    {
        b.dut.m_axi_arready = !bus.stalls || address_stall.go();
        offered = false;
        std::vector<unsigned> ready;
        for (auto &r : out)
            if (r.second.due <= b.cycle && !is_lost(r.second))
                ready.push_back(r.first);
        if (!ready.empty() && (!bus.stalls || data_stall.go())) {
            offered = true;
            id = ready[0];
            if (bus.stalls)
                id = ready[b.random.below(ready.size())];
            else
                for (unsigned r : ready)
                    if (out[r].due < out[id].due)
                        id = r;
        }
        b.dut.m_axi_rvalid = offered;
        b.dut.m_axi_rid = offered ? id : (unsigned)b.random.below(ids);
        last = b.random.percent(50);
        Line line = pattern(b.random.bits());
        b.dut.m_axi_rresp = (unsigned)b.random.below(4);
        if (offered) {
            const Burst &r = out[id];
            const uint64_t address = r.address + 64 * r.sent;
            line = bus.line(address);
            last = (r.sent + 1 >= r.beats && bus.over.count(address) == 0) ||
                   bus.cut.count(address) != 0;
            b.dut.m_axi_rresp = bus.bad.count(address) ? 2 + (unsigned)b.random.below(2) : 0;
        }
        b.dut.m_axi_rlast = last;
        put_line(b.dut.m_axi_rdata, line);
    }
    void sample()
    {
        b.expect(b.dut.m_axi_rready, "rready is low");
        if (offered) {
            beats++;
            out[id].sent++;
            if (last)
                out.erase(id);
        }
        const bool valid = b.dut.m_axi_arvalid;
        const uint64_t address = b.dut.m_axi_araddr;
        const unsigned length = b.dut.m_axi_arlen + 1u, next = b.dut.m_axi_arid;
        if (held)
            b.expect(valid && address == held_address && next == held_id && length == held_length,
                     "AR changed while it waited");
        if (valid) {
            b.expect(b.dut.m_axi_arsize == 6 && b.dut.m_axi_arburst == 1, "AR size or burst");
            b.expect(address % 64 == 0 && length <= burst &&
                         address / (64 * burst) == (address + 64 * length - 1) / (64 * burst),
                     "AR %" PRIx64 " of %u lines leaves its block", address, length);
        }
        if (valid && b.dut.m_axi_arready) {
            b.expect(out.count(next) == 0, "id %u is outstanding", next);
            b.expect(Bus::allowed(bus.readable, address, 64 * length),
                     "reads %" PRIx64 ", %u lines", address, length);
            out[next] = { address, length, 0,
                          b.cycle + bus.latency + b.random.below(bus.spread + 1) };
            bursts++;
        }
        held = valid && !b.dut.m_axi_arready;
        held_address = address;
        held_id = next;
        held_length = length;
    }
};

template <class Dut> struct WriteSide {
    Bench<Dut> &b;
    Bus &bus;
    struct Write {
        uint64_t address;
        Line line;
        uint64_t due;
    };
    std::deque<uint64_t> addresses;
    std::deque<Line> data;
    std::deque<Write> waiting; /* both parts came, not answered */
    std::deque<Write> answered;
    Stall address_stall, data_stall, answer_stall;
    bool offered = false, address_held = false, data_held = false;
    uint64_t held_address = 0, writes = 0, most = 0;
    Line held_line = {};

    WriteSide(Bench<Dut> &b, Bus &bus)
        : b(b), bus(bus), address_stall(b.random), data_stall(b.random), answer_stall(b.random)
    {
    }
    size_t unanswered() const
    {
        return waiting.size() + std::max(addresses.size(), data.size());
    }
    /* Those of lines below an address. */
    size_t unanswered_below(uint64_t limit) const
    {
        size_t n = 0;
        for (uint64_t address : addresses)
            n += address < limit;
        for (const Write &w : waiting)
            n += w.address < limit;
        return n;
    }
    void drive()
    {
        b.dut.m_axi_awready = !bus.stalls || address_stall.go();
        b.dut.m_axi_wready = !bus.stalls || data_stall.go();
        offered = !waiting.empty() && waiting.front().due <= b.cycle &&
                  (!bus.stalls || answer_stall.go()) &&
                  !(bus.keep && bus.lost.count(waiting.front().address));
        b.dut.m_axi_bvalid = offered;
        b.dut.m_axi_bresp = offered && !bus.bad.count(waiting.front().address)
                                ? 0
                                : 2 + (unsigned)b.random.below(2);
    }
    void sample()
    {
        answered.clear();
        if (offered) {
            b.expect(b.dut.m_axi_bready, "bready is low");
            answered.push_back(waiting.front());
            waiting.pop_front();
        }
        if (address_held)
            b.expect(b.dut.m_axi_awvalid && b.dut.m_axi_awaddr == held_address,
                     "AW changed while it waited");
        if (data_held)
            b.expect(b.dut.m_axi_wvalid && get_line(b.dut.m_axi_wdata) == held_line,
                     "W changed while it waited");
        if (b.dut.m_axi_awvalid && b.dut.m_axi_awready) {
            const uint64_t address = b.dut.m_axi_awaddr;
            b.expect(b.dut.m_axi_awsize == 6 && b.dut.m_axi_awburst == 1 &&
                         b.dut.m_axi_awlen == 0 && b.dut.m_axi_awid == 0,
                     "AW size, burst, length or id");
            b.expect(address % 64 == 0 && Bus::allowed(bus.writable, address, 64),
                     "writes %" PRIx64, address);
            addresses.push_back(address);
        }
        if (b.dut.m_axi_wvalid && b.dut.m_axi_wready) {
            b.expect(b.dut.m_axi_wlast && b.dut.m_axi_wstrb == ~UINT64_C(0), "wlast or wstrb");
            data.push_back(get_line(b.dut.m_axi_wdata));
        }
        if (!addresses.empty() && !data.empty()) {
            const uint64_t due = b.cycle + bus.latency / 2 + b.random.below(bus.spread + 1);
            waiting.push_back({ addresses.front(), data.front(), due });
            bus.memory[addresses.front()] = data.front();
            writes++;
            addresses.pop_front();
            data.pop_front();
        }
        most = std::max(most, (uint64_t)unanswered());
        address_held = b.dut.m_axi_awvalid && !b.dut.m_axi_awready;
        held_address = b.dut.m_axi_awaddr;
        data_held = b.dut.m_axi_wvalid && !b.dut.m_axi_wready;
        held_line = get_line(b.dut.m_axi_wdata);
    }
};
} // namespace bench

#endif
