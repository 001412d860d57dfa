/* The window as a host and the tables see it: an AXI4 master that writes lines, and what must
 * become of each line. */
#ifndef PL_BENCH_WATCH_WINDOW_H
#define PL_BENCH_WATCH_WINDOW_H

#include <deque>
#include <map>

#include "tables/book.h"

struct Line {
    pl_line bytes;
    bool whole = true; /* in its beat; its burst may still spoil it */
};

inline uint8_t kind_of(const pl_line &line)
{
    return line.bytes[0];
}
template <class T> T field(const pl_line &line, unsigned at)
{
    T value;
    memcpy(&value, line.bytes + at, sizeof value);
    return value;
}
template <class T> void set_field(pl_line &line, unsigned at, T value)
{
    memcpy(line.bytes + at, &value, sizeof value);
}
inline uint32_t line_number(const pl_line &line)
{
    return field<uint32_t>(line, offsetof(pl_tick_price, line));
}
inline uint64_t tick_number(const pl_line &line)
{
    return field<uint64_t>(line, offsetof(pl_tick_price, tick));
}
static_assert(offsetof(pl_tick_price, line) == offsetof(pl_tick_vol, line) &&
                  offsetof(pl_tick_price, line) == offsetof(pl_tick_commit, line) &&
                  offsetof(pl_tick_price, tick) == offsetof(pl_tick_vol, tick) &&
                  offsetof(pl_tick_price, tick) == offsetof(pl_tick_commit, tick),
              "line and tick lie in the same place");

/* What records leave behind: per expiry and per instrument, their words without what means nothing.
 */
class Content
{
  public:
    void apply(const pl_line &record)
    {
        pl_line clean = {};
        if (kind_of(record) == PL_RECORD_TICK_PRICE) {
            memcpy(&clean, &record, sizeof clean);
            set_field<uint32_t>(clean, offsetof(pl_tick_price, line), 0);
            set_field<uint64_t>(clean, offsetof(pl_tick_price, tick), 0);
            at[field<uint16_t>(record, offsetof(pl_tick_price, index))] = clean;
        } else {
            pl_tick_vol from, to = {};
            memcpy(&from, &record, sizeof from);
            to.kind = from.kind;
            to.flags = from.flags;
            to.index = from.index;
            to.vol = from.vol;
            memcpy(&clean, &to, sizeof clean);
            at[UINT64_C(1) << 32 | from.index] = clean;
        }
    }
    bool operator==(const Content &other) const
    {
        return at.size() == other.at.size() &&
               std::equal(at.begin(), at.end(), other.at.begin(), [](const auto &a, const auto &b) {
                   return a.first == b.first && memcmp(&a.second, &b.second, sizeof a.second) == 0;
               });
    }
    void clear()
    {
        at.clear();
    }

  private:
    std::map<uint64_t, pl_line> at;
};

struct Tick {
    Records records;
    uint64_t number = 0;
};

/* What the window must make of the lines it has taken. */
class Judge
{
  public:
    bool loaded = false;
    pl_tables tables = {}; /* whose pl_tables_tick() judges records */
    uint8_t status = PL_STATUS_OK;
    bool error = false; /* since the last look: the status was set */
    uint64_t refused = 0, accepted_ticks = 0, accepted_records = 0;
    std::map<uint8_t, uint64_t> first_refusals;
    std::deque<Tick> complete; /* accepted, and not handed out */

    uint8_t status_of(const Line &line)
    {
        const uint8_t kind = kind_of(line.bytes);
        const uint64_t tick = tick_number(line.bytes);
        if (!line.whole)
            return PL_STATUS_BAD_ADDRESS;
        if (!loaded)
            return PL_STATUS_NOT_LOADED;
        if (kind == PL_RECORD_TICK_COMMIT
                ? tick == 0
                : (kind != PL_RECORD_TICK_PRICE && kind != PL_RECORD_TICK_VOL) ||
                      pl_tables_tick(&tables, &line.bytes) != PL_STATUS_OK)
            return PL_STATUS_MALFORMED_RECORD;
        if (line_number(line.bytes) != next || (tick != 0 && any && tick <= last))
            return PL_STATUS_MALFORMED_RECORD;
        return open_lines == PL_WINDOW_LINES ? PL_STATUS_LIMIT : PL_STATUS_OK;
    }
    void verdict(const Line &line)
    {
        const uint8_t s = status == PL_STATUS_OK ? status_of(line) : status;
        if (s != PL_STATUS_OK) {
            refused++;
            stop(s);
            return;
        }
        next++;
        open_lines++;
        if (kind_of(line.bytes) != PL_RECORD_TICK_COMMIT) {
            open.records.push_back(line.bytes);
        }
        open.number = tick_number(line.bytes);
        if (open.number != 0) {
            any = true;
            last = open.number;
            accepted_ticks++;
            accepted_records += open.records.size();
            complete.push_back(open);
            drop();
        }
    }
    void stop(uint8_t s)
    {
        if (status == PL_STATUS_OK) {
            status = s;
            error = true;
            first_refusals[s]++;
        }
        drop();
    }
    /* WINDOW_CLEAR, or a load: the status is then what is given. */
    void restart(uint8_t s)
    {
        status = PL_STATUS_OK;
        error = false;
        next = 1;
        any = false;
        complete.clear();
        drop();
        if (s != PL_STATUS_OK)
            stop(s);
    }
    bool has_open() const
    {
        return open_lines != 0;
    }

  private:
    uint32_t next = 1;
    bool any = false;
    uint64_t last = 0;
    unsigned open_lines = 0;
    Tick open;

    void drop()
    {
        open = Tick();
        open_lines = 0;
    }
};

/* Bursts on their way: address and data channels move independently of each other. */
template <class Dut> class Master
{
  public:
    uint64_t beats_offered = 0;
    std::deque<Line>
        sent; /* accepted beats, their burst's faults included, that were not taken yet */

    Master(bench::Bench<Dut> &b)
        : b(b), address(b.random), data(b.random), response(b.random), read(b.random)
    {
        b.dut.w_axi_awvalid = b.dut.w_axi_wvalid = b.dut.w_axi_bready = 0;
        b.dut.w_axi_arvalid = b.dut.w_axi_rready = 0;
    }
    bool full_speed = false;

    /* A burst of these lines; `fault`: something about it is not as it must be. */
    void burst(const Records &lines, bool fault)
    {
        Burst x;
        x.id = (unsigned)b.random.below(1u << ID_W);
        x.address = (unsigned)b.random.below(64) * 64;
        const unsigned what = fault ? 1 + (unsigned)b.random.below(5) : 0;
        if (what == 1)
            x.address += 1 + (unsigned)b.random.below(63);
        if (what == 2)
            x.size = (unsigned)b.random.below(6);
        if (what == 3)
            x.type = b.random.percent(50) ? 0 : 2;
        x.length = (unsigned)lines.size();
        const size_t at = b.random.below(lines.size());
        for (size_t i = 0; i < lines.size(); i++) {
            Beat y;
            y.line.bytes = lines[i];
            y.last = i + 1 == lines.size();
            if (what == 4 && i == at)
                y.strobes = b.random.percent(50) ? ~(UINT64_C(1) << b.random.below(64))
                                                 : b.random.bits() >> 1;
            if (what == 5 && i == at)
                y.last = !y.last;
            y.line.whole = !(what >= 1 && what <= 3) && y.strobes == ~UINT64_C(0) &&
                           y.last == (i + 1 == lines.size());
            x.whole = x.whole && y.line.whole;
            beats.push_back(y);
        }
        bursts.push_back(x);
    }
    size_t waiting() const
    {
        return beats.size();
    }
    bool idle() const
    {
        return bursts.empty() && beats.empty() && due.empty() && sent.empty() && !reading;
    }
    /* Drives the inputs of a cycle. */
    void drive()
    {
        auto &d = b.dut;
        if (!d.w_axi_awvalid && !bursts.empty() && (full_speed || address.go())) {
            const Burst &x = bursts.front();
            d.w_axi_awvalid = 1;
            d.w_axi_awid = x.id;
            d.w_axi_awaddr = x.address;
            d.w_axi_awlen = x.length - 1;
            d.w_axi_awsize = x.size;
            d.w_axi_awburst = x.type;
        }
        if (!d.w_axi_wvalid && !beats.empty() && (full_speed || data.go())) {
            const Beat &y = beats.front();
            d.w_axi_wvalid = 1;
            memcpy(&d.w_axi_wdata[0], &y.line.bytes, sizeof y.line.bytes);
            d.w_axi_wstrb = y.strobes;
            d.w_axi_wlast = y.last;
        }
        d.w_axi_bready = full_speed || response.go();
        if (!d.w_axi_arvalid && !reading && b.random.percent(1)) {
            d.w_axi_arvalid = 1;
            d.w_axi_arid = b.random.below(1u << ID_W);
            d.w_axi_arlen = b.random.percent(80) ? b.random.below(4) : b.random.below(256);
            d.w_axi_araddr = b.random.below(4096);
        }
        d.w_axi_rready = read.go();
    }
    /* Looks at the handshakes of a settled cycle; true if a beat was accepted. */
    bool see()
    {
        auto &d = b.dut;
        bool beat = false;
        if (d.w_axi_awvalid && d.w_axi_awready) {
            due.push_back(bursts.front());
            bursts.pop_front();
        }
        if (d.w_axi_wvalid && d.w_axi_wready) {
            sent.push_back(beats.front().line);
            beats.pop_front();
            beats_offered++;
            beat = true;
        }
        if (d.w_axi_bvalid && held_response)
            b.expect(d.w_axi_bid == response_id && d.w_axi_bresp == response_code,
                     "a waiting response changed");
        else
            b.expect(!held_response, "a response was withdrawn");
        held_response = d.w_axi_bvalid && !d.w_axi_bready;
        response_id = d.w_axi_bid;
        response_code = d.w_axi_bresp;
        if (d.w_axi_bvalid && d.w_axi_bready) {
            if (b.expect(!due.empty(), "a response without a burst")) {
                answered += due.front().length;
                b.expect(answered <= taken, "a response before its lines were taken");
                b.expect(d.w_axi_bid == due.front().id, "id of a response");
                b.expect(d.w_axi_bresp == (due.front().whole ? 0 : 2),
                         "response %u to a burst that is %s", d.w_axi_bresp,
                         due.front().whole ? "whole" : "not whole");
                due.pop_front();
            }
        }
        if (d.w_axi_arvalid && d.w_axi_arready) {
            reading = true;
            read_id = d.w_axi_arid;
            read_left = (unsigned)d.w_axi_arlen + 1;
        }
        if (d.w_axi_rvalid && d.w_axi_rready &&
            b.expect(reading && read_left > 0, "a read beat too many")) {
            bool zero = true;
            for (unsigned i = 0; i < 16; i++)
                zero = zero && d.w_axi_rdata[i] == 0;
            read_left--;
            b.expect(zero && d.w_axi_rresp == 2 && d.w_axi_rid == read_id &&
                         d.w_axi_rlast == (read_left == 0),
                     "answer to a read");
            if (read_left == 0) {
                reading = false;
                reads++;
            }
        }
        return beat;
    }
    /* After the clock: handshakes end. */
    void done(bool aw, bool w, bool ar)
    {
        auto &d = b.dut;
        if (aw)
            d.w_axi_awvalid = 0;
        if (w)
            d.w_axi_wvalid = 0;
        if (ar)
            d.w_axi_arvalid = 0;
    }
    uint64_t taken = 0, answered = 0, reads = 0;

  private:
    struct Burst {
        unsigned id = 0, address = 0, size = 6, type = 1, length = 0;
        bool whole = true;
    };
    struct Beat {
        Line line;
        uint64_t strobes = ~UINT64_C(0);
        bool last = false;
    };
    bench::Bench<Dut> &b;
    bench::Stall address, data, response, read;
    std::deque<Burst> bursts, due; /* due: accepted, not answered */
    std::deque<Beat> beats;
    bool held_response = false, reading = false;
    unsigned response_id = 0, response_code = 0, read_id = 0, read_left = 0;
};

#endif
