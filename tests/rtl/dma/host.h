/* The host of the dma bench, and stand-ins for the rooms that the dma serves. Each submission is
 * planned together with the completion that it must get and with what the stand-ins see and do; the
 * host checks the completions in memory, the stand-ins everything else.
 */
#ifndef PL_DMA_HOST_H
#define PL_DMA_HOST_H

#include "Vdma.h"
#include "dma/axi_memory.h"
#define _Static_assert static_assert
#define _Alignas alignas
#include "pl_abi.h"
#include <cstring>

namespace bench
{
struct Plan {
    struct pl_submission s = {};
    uint32_t status = PL_STATUS_OK;
    uint64_t detail = 0, verdict_lines = 0, bytes_read = 0;
    bool runs = false, check_read = true, any_detail = false;
    bool loaded = true, committed = true;
    uint32_t instruments = 4096;
    std::vector<Region> readable, writable;
    uint64_t fault_record = ~UINT64_C(0); /* this one cannot be read */
    std::vector<uint64_t> beats;          /* addresses, then, unless 0: */
    uint8_t beat_status = 0;
    bool prefix = false;             /* the status may come before all beats */
    uint64_t stop_at = ~UINT64_C(0); /* the sweep ends after so many beats: it failed, or */
    bool early = false;              /* its accounts ended there: the other beats are discarded */
    uint8_t room_status = PL_STATUS_OK; /* what the room answers */
    uint64_t room_detail = 0;
    uint64_t lines = 0;                  /* written to verdict_address */
    bool hangs = false, refused = false; /* the unit never answers; there is never a grant */
};

struct Card {
    Bench<Vdma> &b;
    Bus bus;
    ReadSide<Vdma> reads;
    WriteSide<Vdma> writes;
    Stall record_stall, beat_stall, line_stall;

    /* host */
    static constexpr uint64_t SUBMIT = UINT64_C(0x1122000000000),
                              COMPLETE = UINT64_C(0x2233000000000),
                              WATCH = UINT64_C(0x7744000000000); /* above everything else */
    unsigned entries = 8, complete_entries = 8;
    uint32_t submitted = 0, rung = 0, completed = 0, consumed = 0, pulses = 0, answered = 0,
             serial = 0;
    bool consumes = true, rings = true, loose = false, ring_none = false, resetting = false;
    std::deque<Plan> plans; /* not completed */
    std::vector<unsigned> errors;
    uint64_t completions_of[256] = {}, marks = 0;
    uint64_t started = 0;
    int taken_back = 0;

    /* what a stand-in does */
    enum Work { NONE, RECORDS, WATCHED, COMMIT, SWEEP, ROWS, DONE } work = NONE;
    bool watching = false; /* lines of the watched set come at any time */
    uint64_t watch_lines = 0, watch_answered = 0, marked = 0;
    bool watch_offered = false, mark_open = false;
    uint64_t taken = 0, written = 0, delay = 0, stalls_in = 0, stalls_out = 0, first_beat = 0,
             last_beat = 0, first_line = 0, last_line = 0, clear_cycles = 0;
    bool ended = false, stopped = false, aborted = false, was_clear = false,
         completed_pulse = false;
    bool beat_held = false, record_held = false, sweep_was_done = false, line_offered = false;
    Line held = {};
    uint8_t ended_status = 0;

    explicit Card(Bench<Vdma> &b)
        : b(b), reads(b, bus, READS, BURST_LINES), writes(b, bus), record_stall(b.random),
          beat_stall(b.random), line_stall(b.random)
    {
        quiet_inputs();
    }
    void quiet_inputs()
    {
        b.dut.enable_i = 1;
        b.dut.soft_reset_i = 0;
        b.dut.submit_base_i = SUBMIT;
        b.dut.complete_base_i = COMPLETE;
        b.dut.submit_valid_i = b.dut.consumed_valid_i = 0;
        b.dut.record_done_i = b.dut.commit_done_i = b.dut.sweep_done_i = b.dut.rows_done_i = 0;
        b.dut.watch_done_i = b.dut.watch_line_valid_i = b.dut.watch_mark_i = 0;
        b.dut.ring_grant_i = b.dut.sweep_grant_i = 0;
    }
    void restart(unsigned submit, unsigned complete)
    {
        for (unsigned i = 0; i < 4096; i++) {
            bus.memory.erase(SUBMIT + 64 * i);
            Line zero = {};
            bus.memory[COMPLETE + 64 * i] = zero;
        }
        entries = submit;
        complete_entries = complete;
        submitted = rung = completed = consumed = pulses = answered = 0;
        plans.clear();
        errors.clear();
        work = NONE;
        ended = stopped = beat_held = record_held = was_clear = false;
        clear_cycles = written = stalls_in = stalls_out = 0;
        ended_status = 0;
        watch_lines = watch_answered = marked = 0;
        watch_offered = mark_open = false;
        bus.bad.clear();
        bus.lost.clear();
        bus.keep = false;
        limits();
    }
    void limits()
    {
        if (loose)
            return;
        bus.readable.clear();
        bus.writable.clear();
        bus.allow(bus.readable, SUBMIT, entries);
        bus.allow(bus.writable, COMPLETE, complete_entries);
        bus.allow(bus.writable, WATCH, 1 << 24);
        if (plans.empty())
            return;
        for (const Region &r : plans.front().readable)
            bus.readable.push_back(r);
        for (const Region &r : plans.front().writable)
            bus.writable.push_back(r);
    }
    bool room() const
    {
        return submitted - completed < entries;
    }
    void submit(Plan plan, bool wrong_phase)
    {
        const bool phase = (submitted / entries) % 2 == 0;
        plan.s.serial = (serial++ & 0x7FFFFFFF) | (uint32_t)(phase != wrong_phase) << 31;
        Line line;
        memcpy(line.data(), &plan.s, 64);
        bus.memory[SUBMIT + 64 * (submitted % entries)] = line;
        submitted++;
        plans.push_back(plan);
        if (plans.size() == 1)
            limits();
    }
    static Line result(uint64_t address)
    {
        return pattern(address ^ 0x5555);
    }
    void complete()
    {
        const uint64_t address = COMPLETE + 64 * (completed % complete_entries);
        struct pl_completion c;
        memcpy(&c, bus.memory[address].data(), 64);
        if ((c.serial >> 31) != ((completed / complete_entries) % 2 == 0))
            return;
        if (!b.expect(!plans.empty(), "a completion of nothing"))
            return;
        const Plan &p = plans.front();
        b.expect((c.serial & 0x7FFFFFFF) == (p.s.serial & 0x7FFFFFFF), "serial %x of %x", c.serial,
                 p.s.serial);
        b.expect(c.status == p.status, "status %u not %u, op %u", c.status, p.status, p.s.op);
        b.expect(p.any_detail || c.detail == p.detail,
                 "detail %" PRIu64 " not %" PRIu64 ", op %u status %u", c.detail, p.detail, p.s.op,
                 c.status);
        b.expect(c.verdict_lines == p.verdict_lines, "verdict lines %" PRIu64 " not %" PRIu64,
                 c.verdict_lines, p.verdict_lines);
        b.expect(!p.check_read || c.bytes_read == p.bytes_read,
                 "bytes read %" PRIu64 " not %" PRIu64 ", op %u status %u", c.bytes_read,
                 p.bytes_read, p.s.op, c.status);
        b.expect(c.bytes_written == 64 * written, "bytes written %" PRIu64 " not %" PRIu64,
                 c.bytes_written, 64 * written);
        b.expect(c.cycles > 5 && c.cycles < b.cycle - started, "cycles %" PRIu64, c.cycles);
        b.expect(c.stall_input == stalls_in && c.stall_output == stalls_out,
                 "stalls %" PRIu64 " %" PRIu64, c.stall_input, c.stall_output);
        b.expect(watching ? writes.unanswered_below(WATCH) == 1 : writes.unanswered() == 1,
                 "completed with %zu lines unanswered", writes.unanswered() - 1);
        b.expect(!p.early || ended, "completed before the list's end");
        b.expect(p.runs == (work == DONE), "op %u was %s done", p.s.op, p.runs ? "not" : "");
        for (uint64_t i = 0; i < p.lines && p.status == PL_STATUS_OK; i++)
            b.expect(bus.memory[p.s.verdict_address + 64 * i] ==
                         result(p.s.verdict_address + 64 * i),
                     "line %" PRIu64, i);
        const bool failed_sweep =
            p.runs && p.s.op == PL_OP_SWEEP && (p.room_status != PL_STATUS_OK || ended_status != 0);
        b.expect(failed_sweep ? clear_cycles >= 64 : clear_cycles == 0,
                 "%" PRIu64 " cycles of clear", clear_cycles);
        completions_of[p.status]++;
        plans.pop_front();
        completed++;
        started = b.cycle;
        work = NONE;
        written = stalls_in = stalls_out = clear_cycles = 0;
        ended_status = 0;
        limits();
    }
    void start(Work what)
    {
        b.expect(work == NONE && !plans.empty() && plans.front().runs, "started %d while %d", what,
                 work);
        work = what;
        taken = written = stalls_in = stalls_out = 0;
        ended = stopped = aborted = line_offered = false;
        ended_status = 0;
        delay = b.random.below(100);
    }
    void cycle()
    {
        static const Plan idle;
        const Plan &p = plans.empty() ? idle : plans.front();
        auto &d = b.dut;
        d.submit_entries_i = ring_none ? 0 : entries;
        d.complete_entries_i = complete_entries;
        d.submit_valid_i = rings && rung != submitted && b.random.percent(10);
        d.submit_total_i = d.submit_valid_i ? submitted : (uint32_t)b.random.bits();
        if (taken_back > 0) { /* a doorbell one too far, and back in the next cycle */
            d.submit_valid_i = true;
            d.submit_total_i = submitted + (taken_back-- == 2);
        }
        d.consumed_valid_i = consumes && consumed != completed && b.random.percent(5);
        d.consumed_total_i = d.consumed_valid_i ? completed : (uint32_t)b.random.bits();
        d.loaded_i = p.loaded;
        d.committed_i = p.committed;
        d.instruments_i = p.instruments;
        d.record_ready_i = (work == RECORDS || work == WATCHED) && record_stall.go();
        /* a grant comes some time after its request and stays */
        d.ring_grant_i = d.ring_request_o && (d.ring_grant_i || b.random.percent(20)) && !p.refused;
        d.sweep_grant_i =
            d.sweep_request_o && (d.sweep_grant_i || b.random.percent(20)) && !p.refused;
        watch_offered = watch_offered || (watching && !resetting && b.random.percent(10));
        d.watch_line_valid_i = watch_offered;
        d.watch_line_address_i = WATCH + 64 * watch_lines;
        put_line(d.watch_line_data_i, result(d.watch_line_address_i));
        d.watch_mark_i = watching && !mark_open && b.random.percent(5);
        d.beat_ready_i = ((work == SWEEP && !ended && !stopped) || (p.early && !ended)) &&
                         (!bus.stalls || beat_stall.go());
        d.stall_input_i = work == SWEEP && b.random.percent(30);
        d.stall_output_i = work == SWEEP && b.random.percent(30);
        stalls_in += d.stall_input_i;
        stalls_out += d.stall_output_i;
        /* results, at any time of a sweep */
        const bool room_ready =
            work == SWEEP ? ended || stopped || b.random.percent(2) : work == ROWS;
        line_offered = line_offered || (room_ready && written < p.lines && !p.hangs &&
                                        (!bus.stalls || line_stall.go()));
        d.line_valid_i = line_offered;
        const uint64_t line_address = p.s.verdict_address + 64 * written;
        d.line_address_i = line_offered ? line_address : b.random.bits();
        put_line(d.line_data_i, result(line_address));
        bool done = false;
        if (!p.hangs && written == p.lines && !line_offered) {
            if (work == RECORDS)
                done = taken == p.s.count;
            else if (work == WATCHED)
                done = taken == (p.s.count + 7) / 8;
            else
                done = work == SWEEP ? ended || stopped : work == COMMIT || work == ROWS;
        }
        done = done && delay == 0;
        if (delay != 0)
            delay--;
        d.record_done_i = done && work == RECORDS;
        d.watch_done_i = done && work == WATCHED;
        d.commit_done_i = done && work == COMMIT;
        d.sweep_done_i = done && work == SWEEP;
        d.rows_done_i = done && work == ROWS;
        const uint8_t status =
            work == SWEEP && ended_status != 0 && !p.early ? ended_status : p.room_status;
        d.record_status_i = d.commit_status_i = d.sweep_status_i = d.watch_status_i =
            done ? status : (uint8_t)b.random.bits();
        d.record_detail_i = d.sweep_detail_i = d.watch_detail_i =
            done ? p.room_detail : b.random.bits();
        d.sweep_lines_i = done ? written : b.random.bits();
        reads.drive();
        writes.drive();
        b.settle();
        if (done)
            work = DONE;
        look(p);
        reads.sample();
        writes.sample();
        watched_lines();
        for (const auto &w : writes.answered)
            answered += w.address >= COMPLETE && w.address < COMPLETE + 64 * complete_entries;
        if (d.submit_valid_i)
            rung = submitted;
        if (d.consumed_valid_i)
            consumed = completed;
        b.tick();
        if (!resetting)
            complete();
    }
    void watched_lines()
    {
        auto &d = b.dut;
        for (const auto &w : writes.answered)
            watch_answered += w.address >= WATCH;
        if (d.watch_mark_i) {
            marked = watch_lines;
            mark_open = true;
        } else if (mark_open && d.watch_reached_o) {
            b.expect(watch_answered >= marked || !errors.empty(),
                     "reached with %" PRIu64 " of %" PRIu64 " answered", watch_answered, marked);
            mark_open = false;
            marks++;
        }
        if (d.watch_line_valid_i && d.watch_line_ready_o) {
            watch_lines++;
            watch_offered = false;
        }
    }
    void look(const Plan &p)
    {
        auto &d = b.dut;
        if (d.completion_o) {
            pulses++;
            b.expect(pulses <= answered, "an interrupt before the completion's answer");
        }
        if (d.error_valid_o)
            errors.push_back(d.error_status_o);
        if (resetting)
            return; /* the rooms are reset as well */
        const unsigned ring_starts =
            d.record_start_o + d.watch_start_o + d.commit_start_o + d.rows_start_o;
        b.expect(ring_starts + d.sweep_start_o <= 1, "two starts");
        b.expect(ring_starts == 0 || (d.ring_request_o && d.ring_grant_i), "start without grant");
        b.expect(!d.sweep_start_o || (d.sweep_request_o && d.sweep_grant_i), "sweep without grant");
        b.expect(!d.ring_request_o || !d.sweep_request_o, "two requests");
        b.expect(!(work == RECORDS || work == WATCHED || work == COMMIT || work == ROWS) ||
                     d.ring_request_o || !errors.empty(),
                 "request fell in operation %d", work);
        b.expect(!d.sweep_busy_o || d.sweep_request_o, "busy without request");
        if (d.line_valid_i && d.line_ready_o) {
            if (written == 0)
                first_line = b.cycle;
            last_line = b.cycle;
            written++;
            line_offered = false;
        }
        /* records */
        if (record_held)
            b.expect(d.record_valid_o && get_line(d.record_o) == held,
                     "a record changed while it waited");
        record_held = d.record_valid_o && !d.record_ready_i && !d.soft_reset_i;
        if (record_held)
            held = get_line(d.record_o);
        if (d.record_valid_o && d.record_ready_i) {
            b.expect(get_line(d.record_o) == bus.line(p.s.address + 64 * taken), "record %" PRIu64,
                     taken);
            b.expect(taken < (work == WATCHED ? (p.s.count + 7) / 8 : p.s.count) &&
                         taken < p.fault_record,
                     "record %" PRIu64 " is too many", taken);
            taken++;
            delay = b.random.below(100);
        }
        if (d.record_abort_o) {
            b.expect((work == RECORDS || work == WATCHED) && taken == p.fault_record,
                     "aborted at record %" PRIu64, taken);
            work = DONE;
        }
        /* beats */
        if (beat_held && !d.sweep_clear_o && !d.soft_reset_i)
            b.expect(d.beat_valid_o && get_line(d.beat_o) == held,
                     "a beat changed while it waited");
        beat_held =
            d.beat_valid_o && !d.beat_ready_i && !d.sweep_clear_o && (work == SWEEP || p.early);
        if (beat_held)
            held = get_line(d.beat_o);
        if (d.beat_valid_o && d.beat_ready_i)
            beat(p);
        clear_cycles += d.sweep_clear_o;
        b.expect(!d.sweep_clear_o || d.sweep_busy_o, "clear without a sweep");
        b.expect(!(work == SWEEP && taken > 0) || d.sweep_busy_o || !errors.empty(), "not busy");
        /* starts */
        if (d.record_start_o) {
            start(RECORDS);
            b.expect(d.record_tick_o == (p.s.op == PL_OP_TICK) &&
                         (p.s.op == PL_OP_TICK || p.s.op == PL_OP_LOAD) &&
                         d.record_count_o == p.s.count,
                     "start of records");
        }
        if (d.watch_start_o) {
            start(WATCHED);
            b.expect(p.s.op == PL_OP_WATCH && d.watch_slots_o == p.s.count &&
                         d.sweep_filter_o == p.s.filter &&
                         d.sweep_version_o == p.s.position_version,
                     "start of a watched set");
        }
        if (d.commit_start_o) {
            start(COMMIT);
            b.expect(p.s.op == PL_OP_COMMIT && d.commit_tick_o == p.s.tick &&
                         d.commit_time_o == (uint64_t)p.s.time_us,
                     "start of a commit");
        }
        if (d.sweep_start_o) {
            start(SWEEP);
            b.expect(p.s.op == PL_OP_SWEEP && d.sweep_filter_o == p.s.filter &&
                         d.sweep_per_underlying_o == p.s.per_underlying &&
                         d.sweep_version_o == p.s.position_version &&
                         d.sweep_address_o == p.s.verdict_address &&
                         d.sweep_lines_o == p.s.verdict_lines,
                     "start of a sweep");
        }
        if (d.rows_start_o) {
            start(ROWS);
            b.expect(p.s.op == PL_OP_READ_ROWS && d.rows_first_o == p.s.address &&
                         d.rows_count_o == p.s.count && d.rows_address_o == p.s.verdict_address,
                     "start of rows");
        }
    }
    void beat(const Plan &p)
    {
        auto &d = b.dut;
        if (taken == 0)
            first_beat = b.cycle;
        last_beat = b.cycle;
        if (d.beat_status_o != PL_STATUS_OK) {
            b.expect(d.beat_status_o == p.beat_status && d.beat_last_o,
                     "beat status %u not %u, last %u", d.beat_status_o, p.beat_status,
                     d.beat_last_o);
            b.expect(taken == p.beats.size() || (p.prefix && taken < p.beats.size()),
                     "status after %" PRIu64 " of %zu beats", taken, p.beats.size());
            ended = true;
            ended_status = d.beat_status_o;
        } else if (b.expect(taken < p.beats.size(), "beat %" PRIu64 " of %zu", taken,
                            p.beats.size())) {
            b.expect(get_line(d.beat_o) == bus.line(p.beats[taken]), "beat %" PRIu64, taken);
            const bool last = taken + 1 == p.beats.size() && p.beat_status == PL_STATUS_OK;
            b.expect(d.beat_last_o == last, "last %u at beat %" PRIu64 " of %zu", d.beat_last_o,
                     taken, p.beats.size());
            taken++;
            ended = last;
            stopped = stopped || taken == p.stop_at;
        }
        if (ended || taken == p.stop_at)
            delay = b.random.below(100);
    }
    /* Runs until all is completed or an error stops the card. */
    bool finish(uint64_t limit)
    {
        for (uint64_t i = 0; i < limit && (!plans.empty() || pulses < completed); i++)
            cycle();
        return plans.empty();
    }
    /* Waits for an error. */
    void expect_error(unsigned status, uint64_t limit)
    {
        for (uint64_t i = 0; i < limit && errors.empty(); i++)
            cycle();
        b.expect(errors.size() == 1 && errors[0] == status, "%zu errors, the first %u, not %u",
                 errors.size(), errors.empty() ? 0 : errors[0], status);
    }
    /* The registers and rooms of the card go with it. */
    void soft_reset(bool clean, unsigned submit, unsigned complete_ring)
    {
        auto &d = b.dut;
        d.soft_reset_i = 1;
        d.enable_i = 0;
        work = NONE;
        resetting = true;
        rings = consumes = false;
        plans.clear();
        plans.push_back(Plan());
        line_offered = false;
        beat_held = record_held = false;
        uint64_t i = 0, begun = 0;
        const uint64_t bursts = reads.bursts;
        for (; i < TIMEOUT + 100 && !d.reset_done_o; i++) {
            if (i == 2)
                b.expect(!d.clean_o && !d.needs_flr_o, "still says how the last reset ended");
            cycle();
            begun = reads.bursts - bursts;
        }
        b.expect(i >= 64 && d.reset_done_o, "no end of a reset");
        b.expect(begun <= 1, "%" PRIu64 " reads begun in a reset", begun);
        b.expect(d.clean_o == clean && d.needs_flr_o == !clean, "clean %u, needs_flr %u", d.clean_o,
                 d.needs_flr_o);
        if (clean)
            b.expect(reads.out.empty() && writes.unanswered() == 0,
                     "clean with %zu reads, %zu writes", reads.out.size(), writes.unanswered());
        cycle();
        d.soft_reset_i = 0;
        b.expect(!d.reset_done_o, "two ends of a reset");
        cycle();
        b.expect(d.clean_o == clean && d.needs_flr_o == !clean, "how the reset ended did not hold");
        const bool keep = bus.keep;
        const auto lost = bus.lost;
        restart(submit, complete_ring);
        if (!clean) {
            bus.keep = keep;
            bus.lost = lost;
        }
        quiet_inputs();
        resetting = false;
        rings = consumes = true;
        started = b.cycle;
    }
};
} // namespace bench

#endif
