#include "bridge.hpp"

#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace sim
{
namespace
{
/* Bytes that a packet costs beside its payload: framing 2, data link layer 6, transaction header 4
 * and 12 for a request, 8 for a completion (pcie-bench, SIGCOMM 2018). Of the line rate,
 * acknowledgements and flow control take the rest of the data link layer's share. */
constexpr unsigned REQUEST_BYTES = 24, COMPLETION_BYTES = 20;
constexpr double LINK_SHARE = 0.9022;

constexpr uint8_t OKAY = 0, SLVERR = 2, DECERR = 3; /* AMBA AXI, IHI 0022, table A3-4 */
constexpr uint8_t INCR = 1, SIZE_64 = 6;
constexpr uint64_t PAGE = 4096;
constexpr double LINK_AHEAD = 2;          /* cycles of work that the link takes beforehand */
constexpr unsigned SPLIT_ONCE_IN = 16;    /* completions shorter than they could be */
constexpr uint64_t LATE_CYCLES = 100000;  /* of read_late: beyond the core's patience */
constexpr uint64_t FLIP_CYCLES = 20000;   /* of bit_flip */
constexpr uint64_t FAULT_AFTER_MAX = 500; /* transactions, when the seed chooses */
constexpr unsigned TEXTS_MAX = 8;

const char *const fault_names[] = { "none",        "read_error", "read_lost", "read_late",
                                    "write_error", "write_lost", "stuck",     "poison",
                                    "bit_flip",    "link_down" };
constexpr unsigned FAULTS = sizeof fault_names / sizeof fault_names[0];

unsigned fault_number(const char *name)
{
    unsigned n = 0;
    while (n < FAULTS && strcmp(name, fault_names[n]) != 0)
        n++;
    return n;
}

bool power_of_two_within(uint32_t value, uint32_t low, uint32_t high)
{
    return value >= low && value <= high && (value & (value - 1)) == 0;
}

bool within(uint64_t value, uint64_t low, uint64_t high)
{
    return value >= low && value <= high;
}

double line_rate(uint32_t generation, uint32_t width) /* bytes per second */
{
    static const double transfers[] = { 2.5e9, 5e9, 8e9, 16e9, 32e9 };
    double coding = generation <= 2 ? 8.0 / 10 : 128.0 / 130;
    return transfers[generation - 1] * width * coding / 8;
}
} // namespace

std::string Bridge::check(const pl_sim_options &o)
{
    if (!within(o.generation, 1, 5))
        return "gen must lie in 1..5";
    if (!power_of_two_within(o.width, 1, 16))
        return "width must be 1, 2, 4, 8 or 16";
    if (!power_of_two_within(o.mps, 128, 4096))
        return "mps must be a power of two in 128..4096";
    if (!power_of_two_within(o.mrrs, 128, 4096))
        return "mrrs must be a power of two in 128..4096";
    if (o.rcb != 64 && o.rcb != 128)
        return "rcb must be 64 or 128";
    if (!within(o.tags, 1, 1024))
        return "tags must lie in 1..1024";
    if (!within(o.rtt_ns, 1, 1000000))
        return "rtt_ns must lie in 1..1000000";
    if (!within(o.clock_mhz, 1, 2000))
        return "clock_mhz must lie in 1..2000";
    if (o.reorder_percent > 100)
        return "reorder= must lie in 0..100";
    if (o.stall_percent > 99)
        return "stall must lie in 0..99";
    if (o.fault != nullptr && fault_number(o.fault) == FAULTS) {
        std::string text = std::string("there is no fault \"") + o.fault + "\"; there are";
        for (unsigned n = 1; n < FAULTS; n++)
            text += std::string(n > 1 ? ", " : " ") + fault_names[n];
        return text;
    }
    return "";
}

Bridge::Bridge(const pl_sim_options &o)
    : options(o), state(o.seed),
      bytes_per_cycle(line_rate(o.generation, o.width) * LINK_SHARE / (o.clock_mhz * 1e6)),
      rtt((uint64_t)o.rtt_ns * o.clock_mhz / 1000)
{
    if (o.fault != nullptr)
        fault = (Fault)fault_number(o.fault);
    fault_after = o.fault_after != UINT64_MAX ? o.fault_after : random() % FAULT_AFTER_MAX;
}

/* splitmix64 (Steele, Lea, Flood 2014) */
uint64_t Bridge::random()
{
    state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

bool Bridge::stalls()
{
    return options.stall_percent > 0 && random() % 100 < options.stall_percent;
}

void Bridge::error(const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (errors++ < TEXTS_MAX)
        texts += (texts.empty() ? "cycle " : "; cycle ") + std::to_string(now) + ": " + text;
}

bool Bridge::add_memory(void *memory, uint64_t address, uint64_t bytes, uint32_t access)
{
    if (bytes == 0 || address % LINE != 0 || bytes % LINE != 0 || address + bytes < address)
        return false;
    auto after = std::find_if(regions.begin(), regions.end(),
                              [&](const Region &r) { return r.address >= address; });
    if ((after != regions.end() && address + bytes > after->address) ||
        (after != regions.begin() && (after - 1)->address + (after - 1)->bytes > address))
        return false;
    regions.insert(after, { address, bytes, (uint8_t *)memory, access });
    return true;
}

void Bridge::remove_memory(uint64_t address)
{
    regions.erase(std::remove_if(regions.begin(), regions.end(),
                                 [&](const Region &r) { return r.address == address; }),
                  regions.end());
}

uint8_t *Bridge::find(uint64_t address, uint64_t bytes, uint32_t access)
{
    for (size_t n = 0; n < regions.size(); n++) {
        size_t at = (last_region + n) % regions.size();
        const Region &r = regions[at];
        if (address >= r.address && address - r.address <= r.bytes &&
            bytes <= r.bytes - (address - r.address)) {
            last_region = at;
            return (r.access & access) != 0 ? r.memory + (address - r.address) : nullptr;
        }
    }
    return nullptr;
}

bool Bridge::read_line(uint64_t address, uint32_t *line)
{
    if (host.read != nullptr)
        return host.read(host.context, address, line) == 0;
    const uint8_t *from = find(address, LINE, PL_SIM_READ);
    if (from != nullptr)
        memcpy(line, from, LINE);
    return from != nullptr;
}

bool Bridge::write_line(uint64_t address, const uint32_t *line)
{
    if (host.write != nullptr)
        return host.write(host.context, address, line) == 0;
    uint8_t *to = find(address, LINE, PL_SIM_WRITE);
    if (to != nullptr)
        memcpy(to, line, LINE);
    else
        error("the memory at %" PRIx64 " went before a line was written there", address);
    return to != nullptr;
}

void Bridge::check_stable(const MasterOut &out, const MasterIn &in)
{
    if (held_ar &&
        !(out.arvalid && out.araddr == held.araddr && out.arid == held.arid &&
          out.arlen == held.arlen && out.arsize == held.arsize && out.arburst == held.arburst))
        error("AR changed before it was taken");
    if (held_aw &&
        !(out.awvalid && out.awaddr == held.awaddr && out.awid == held.awid &&
          out.awlen == held.awlen && out.awsize == held.awsize && out.awburst == held.awburst))
        error("AW changed before it was taken");
    if (held_w && !(out.wvalid && out.wlast == held.wlast && out.wstrb == held.wstrb &&
                    memcmp(out.wdata, held_data, LINE) == 0))
        error("W changed before it was taken");
    held_ar = out.arvalid && !in.arready;
    held_aw = out.awvalid && !in.awready;
    held_w = out.wvalid && !in.wready;
    if (held_ar || held_aw || held_w)
        held = out;
    if (held_w)
        memcpy(held_data, out.wdata, LINE);
}

void Bridge::check_burst(const char *channel, uint64_t address, unsigned lines, uint8_t size,
                         uint8_t burst, uint32_t access)
{
    uint64_t bytes = (uint64_t)lines * LINE;
    if (burst != INCR)
        error("%s: burst type %u is not INCR", channel, burst);
    if (size != SIZE_64)
        error("%s: beats of 2^%u bytes, not 64", channel, size);
    if (address % LINE != 0)
        error("%s: address %" PRIx64 " is not that of a line", channel, address);
    if (address / PAGE != (address + bytes - 1) / PAGE)
        error("%s: %u lines from %" PRIx64 " cross a 4 KiB boundary", channel, lines, address);
    if (host.read == nullptr && find(address, bytes, access) == nullptr)
        error("%s: %u lines at %" PRIx64 " are not memory that the card may %s", channel, lines,
              address, access == PL_SIM_READ ? "read" : "write");
}

/* Counts a transaction; the fault that strikes it. */
Bridge::Fault Bridge::fault_of(bool read)
{
    bool due = !fired && fault != Fault::NONE && transactions >= fault_after;
    transactions++;
    if (!due)
        return Fault::NONE;
    switch (fault) {
    case Fault::READ_ERROR:
    case Fault::READ_LOST:
    case Fault::READ_LATE:
    case Fault::POISON:
        if (!read)
            return Fault::NONE;
        break;
    case Fault::WRITE_ERROR:
    case Fault::WRITE_LOST:
        if (read)
            return Fault::NONE;
        break;
    case Fault::STUCK: stuck = true; break;
    case Fault::BIT_FLIP: inject_until = now + FLIP_CYCLES; break;
    case Fault::LINK_DOWN: down = true; break;
    default: break;
    }
    fired = true;
    return fault;
}

void Bridge::take_read(const MasterOut &out)
{
    Read &r = reads[out.arid % IDS];
    unsigned lines = out.arlen + 1u;
    check_burst("AR", out.araddr, lines, out.arsize, out.arburst, PL_SIM_READ);
    if (lines > PAGE / LINE) {
        error("AR: %u lines", lines);
        return;
    }
    if (r.active) {
        error("AR: id %u is outstanding", out.arid);
        return;
    }
    r = Read();
    r.active = true;
    r.address = out.araddr;
    r.lines = (uint8_t)lines;
    r.fault = fault_of(true);
    active_ids |= UINT64_C(1) << (out.arid % IDS);
    for (unsigned line = 0; line < lines;) { /* request packets end at multiples of MRRS */
        uint64_t at = r.address + line * LINE;
        uint64_t end = (at / options.mrrs + 1) * options.mrrs;
        line += (unsigned)std::min<uint64_t>(lines - line, (end - at + LINE - 1) / LINE);
        r.tlp_end[r.tlps++] = (uint8_t)line;
        requests[place(request_head, request_count++, IDS * TLPS)] = out.arid % IDS;
    }
}

/* Request packets leave while the link and the tags last, before writes. */
void Bridge::issue_reads()
{
    while (request_count > 0 && up_free < (double)now + LINK_AHEAD && tags_used < options.tags) {
        Read &r = reads[requests[request_head]];
        request_head = place(request_head, 1, IDS * TLPS);
        request_count--;
        tags_used++;
        up_free = std::max(up_free, (double)now) + REQUEST_BYTES / bytes_per_cycle;
        uint64_t ready = (uint64_t)std::ceil(up_free) + rtt + random() % (rtt / 8 + 1);
        if (r.fault == Fault::READ_LOST)
            ready = UINT64_MAX;
        else if (r.fault == Fault::READ_LATE && r.issued == 0)
            ready += LATE_CYCLES;
        r.ready_at[r.issued++] = ready;
        counted.read_requests++;
        counted.up_bytes += REQUEST_BYTES;
    }
}

/* One completion packet of the oldest request of an id. */
void Bridge::answer(unsigned id)
{
    Read &r = reads[id];
    unsigned left = r.tlp_end[r.answered] - r.line;
    unsigned lines = std::min(left, options.mps / LINE);
    if (random() % SPLIT_ONCE_IN == 0)
        lines = 1 + (unsigned)(random() % lines);
    if (lines < left) { /* then it ends at a multiple of RCB */
        unsigned over = (unsigned)((r.address + (r.line + lines) * LINE) % options.rcb) / LINE;
        lines = over < lines ? lines - over : std::min(left, lines + options.rcb / LINE - over);
    }
    for (unsigned n = 0; n < lines; n++) {
        Beat &b = beats[place(beat_head, beat_count++, BEATS)];
        bool poisoned = r.fault == Fault::POISON && r.line == r.lines / 2;
        b.id = (uint8_t)id;
        b.resp = !read_line(r.address + r.line * LINE, b.data) ? DECERR
                 : poisoned || r.fault == Fault::READ_ERROR    ? SLVERR
                                                               : OKAY;
        if (b.resp != OKAY)
            for (uint32_t &word : b.data)
                word = (uint32_t)random();
        b.last = ++r.line == r.lines;
    }
    if (r.line == r.tlp_end[r.answered]) {
        r.answered++;
        tags_used--;
    }
    down_free =
        std::max(down_free, (double)now) + (lines * LINE + COMPLETION_BYTES) / bytes_per_cycle;
    counted.completions++;
    counted.read_bytes += lines * LINE;
    counted.down_bytes += lines * LINE + COMPLETION_BYTES;
}

/* Any id whose data are there may be next; in the share of cases that `reorder_percent` leaves, the
 * one whose data came first. */
void Bridge::answer_reads()
{
    while (down_free < (double)now + 1 && beat_count + options.mps / LINE <= BEATS) {
        uint8_t ready[IDS];
        unsigned count = 0, first = 0;
        for (uint64_t left = active_ids; left != 0; left &= left - 1) {
            unsigned id = (unsigned)__builtin_ctzll(left);
            const Read &r = reads[id];
            if (r.answered < r.issued && r.ready_at[r.answered] <= now)
                ready[count++] = (uint8_t)id;
            if (count > 1 && ready[count - 1] == id &&
                r.ready_at[r.answered] < reads[ready[first]].ready_at[reads[ready[first]].answered])
                first = count - 1;
        }
        if (count == 0)
            break;
        bool any = options.reorder_percent >= 100 || random() % 100 < options.reorder_percent;
        answer(ready[any ? random() % count : first]);
    }
}

void Bridge::take_write(const MasterOut &out)
{
    unsigned lines = out.awlen + 1u;
    check_burst("AW", out.awaddr, lines, out.awsize, out.awburst, PL_SIM_WRITE);
    Fault struck = fault_of(false);
    Burst &b = bursts[place(burst_head, burst_count++, BURSTS)];
    b = Burst();
    b.address = out.awaddr;
    b.id = out.awid;
    b.lines = (uint16_t)lines;
    b.lost = struck == Fault::WRITE_LOST;
    b.dropped = b.lost || struck == Fault::WRITE_ERROR;
    b.resp = struck == Fault::WRITE_ERROR ? SLVERR : OKAY;
}

void Bridge::take_data(const MasterOut &out)
{
    unsigned at = place(burst_head, bursts_taken, BURSTS);
    Burst &b = bursts[at];
    uint64_t address = b.address + (uint64_t)b.taken * LINE;
    unsigned bytes = LINE + (b.taken == 0 || address % options.mps == 0 ? REQUEST_BYTES : 0);
    if (out.wstrb != UINT64_MAX)
        error("W: strobes %016" PRIx64 " of a line", out.wstrb);
    b.taken++;
    if (out.wlast != (b.taken == b.lines))
        error("W: last is %d at line %u of %u", out.wlast, b.taken, b.lines);
    up_free = std::max(up_free, (double)now) + bytes / bytes_per_cycle;
    uint64_t visible = (uint64_t)std::ceil(up_free) + rtt / 2 + random() % (rtt / 8 + 1);
    if (host.write == nullptr && find(address, LINE, PL_SIM_WRITE) == nullptr)
        b.resp = DECERR;
    if (b.resp == DECERR || b.dropped) {
        b.visible++;
    } else {
        for (unsigned n = 0; n < pending_count; n++) /* writes of one line stay in their order */
            if (pending[n].address == address)
                visible = std::max(visible, pending[n].visible_at + 1);
        Pending &p = pending[pending_count++];
        p.address = address;
        p.visible_at = visible;
        p.burst = at;
        memcpy(p.data, out.wdata, LINE);
    }
    b.done_at = std::max(b.done_at, visible + 1 + random() % 8);
    if (b.taken == b.lines)
        bursts_taken++;
    counted.write_tlps += bytes > LINE;
    counted.write_bytes += LINE;
    counted.up_bytes += bytes;
}

/* Lines reach memory, whatever their order. */
void Bridge::show_lines()
{
    for (unsigned n = 0; n < pending_count;) {
        Pending &p = pending[n];
        if (p.visible_at > now) {
            n++;
            continue;
        }
        if (!write_line(p.address, p.data))
            bursts[p.burst].resp = DECERR;
        bursts[p.burst].visible++;
        counted.last_line = now;
        if (n != --pending_count)
            pending[n] = pending[pending_count];
    }
}

/* What this clock edge takes. */
void Bridge::pass(const MasterOut &out, MasterIn &in)
{
    if (in.rvalid && out.rready) {
        in.rvalid = false;
        if (in.rlast) {
            reads[in.rid].active = false;
            active_ids &= ~(UINT64_C(1) << in.rid);
        }
    }
    if (in.bvalid && out.bready)
        in.bvalid = false;
    if (out.arvalid && in.arready)
        take_read(out);
    if (out.wvalid && in.wready)
        take_data(out);
    if (out.awvalid && in.awready)
        take_write(out);
}

/* What the core sees in the next cycle. */
void Bridge::drive(MasterIn &in)
{
    bool moves = !down && !stuck && !on_hold;
    in.inject = now < inject_until ? 3 : 0;
    in.arready = moves && !stalls();
    in.awready = moves && burst_count < BURSTS && !stalls();
    in.wready = moves && bursts_taken < burst_count && pending_count < PENDING &&
                up_free < (double)now + LINK_AHEAD && !stalls();
    if (!in.rvalid && beat_count > 0 && !down && !stalls()) {
        const Beat &b = beats[beat_head];
        in.rvalid = true;
        in.rid = b.id;
        in.rresp = b.resp;
        in.rlast = b.last;
        memcpy(in.rdata, b.data, LINE);
        beat_head = place(beat_head, 1, BEATS);
        beat_count--;
    }
    while (!in.bvalid && bursts_taken > 0 && !down) {
        Burst &b = bursts[burst_head];
        if (b.visible < b.lines || b.done_at > now || stalls())
            break;
        in.bvalid = !b.lost;
        in.bid = b.id;
        in.bresp = b.resp;
        burst_head = place(burst_head, 1, BURSTS);
        burst_count--;
        bursts_taken--;
    }
}

void Bridge::reset()
{
    for (Read &r : reads)
        r = Read();
    active_ids = 0;
    request_count = tags_used = beat_count = burst_count = bursts_taken = pending_count = 0;
    inject_until = 0;
    stuck = held_ar = held_aw = held_w = false;
}

void Bridge::step(const MasterOut &out, MasterIn &in)
{
    check_stable(out, in);
    pass(out, in);
    now++;
    if (!down) {
        issue_reads();
        answer_reads();
        show_lines();
    }
    drive(in);
}

pl_sim_statistics Bridge::statistics() const
{
    pl_sim_statistics s = counted;
    s.cycles = now;
    s.bytes_per_cycle = bytes_per_cycle;
    s.read_limit =
        std::min((double)LINE, bytes_per_cycle * options.mps / (options.mps + COMPLETION_BYTES));
    s.write_limit = std::min((double)LINE, bytes_per_cycle * LINE / (LINE + REQUEST_BYTES));
    return s;
}
} // namespace sim
