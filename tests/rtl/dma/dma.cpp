/* The dma room against a host, stand-ins for the other rooms and a memory that reorders, stalls and
 * fails. READS, BURST_LINES, WRITES, TIMEOUT and OPERATION_TIMEOUT come from make. */
#include "dma/host.h"

using namespace bench;

struct Planner {
    Bench<Vdma> &b;
    Card &card;
    Random &random;
    uint64_t area = 0; /* of this plan: nothing is shared between plans */

    explicit Planner(Bench<Vdma> &b, Card &card) : b(b), card(card), random(b.random)
    {
    }
    uint64_t place(uint64_t lines)
    {
        area += (lines + random.below(200)) * 64 + 64;
        return UINT64_C(0x4000000000000) + area - 64 * lines;
    }
    void refuse(Plan &p, unsigned status)
    {
        p.status = status;
        p.runs = p.early = false;
        p.lines = p.verdict_lines = 0;
    }
    void fill(Plan &p)
    {
        p.s.tick = random.bits();
        p.s.time_us = (int64_t)random.bits();
        p.s.position_version = random.bits();
        p.s.address = random.bits();
        p.s.count = random.bits();
        p.s.verdict_address = random.bits();
        p.s.verdict_lines = random.bits();
        p.s.filter = (uint8_t)random.bits();
        p.s.per_underlying = (uint8_t)random.bits();
        p.room_detail = random.bits();
    }
    Plan records(bool tick, bool faults)
    {
        Plan p;
        fill(p);
        p.s.op = tick ? PL_OP_TICK : PL_OP_LOAD;
        p.s.count = 1 + random.below(random.percent(90) ? 40 : 1500);
        p.s.address = place(p.s.count);
        p.committed = random.percent(50);
        p.loaded = tick || random.percent(50);
        p.runs = true;
        p.bytes_read = 64 * p.s.count;
        card.bus.allow(p.readable, p.s.address, p.s.count);
        p.detail = p.room_detail;
        if (random.percent(20))
            p.room_status = PL_STATUS_MALFORMED_RECORD;
        p.status = p.room_status;
        switch (random.below(12)) {
        case 0:
            p.s.count = 0;
            refuse(p, tick ? PL_STATUS_OK : PL_STATUS_MALFORMED_RECORD);
            break;
        case 1:
            p.s.count = (1 << 24) + 1 + (random.percent(50) ? 0 : random.bits() >> 8);
            refuse(p, PL_STATUS_BAD_OPERATION);
            break;
        case 2:
            p.s.address += 1 + random.below(63);
            refuse(p, PL_STATUS_BAD_ADDRESS);
            break;
        case 3:
            if (tick) {
                p.loaded = false;
                refuse(p, PL_STATUS_NOT_LOADED);
            }
            break;
        default:
            if (faults && random.percent(30)) {
                p.fault_record = random.below(p.s.count);
                card.bus.bad.insert(p.s.address + 64 * p.fault_record);
                p.status = PL_STATUS_BUS_ERROR;
                p.detail = p.fault_record;
                p.bytes_read = 64 * p.fault_record;
            }
        }
        if (!p.runs) {
            p.detail = p.bytes_read = 0;
        }
        return p;
    }
    Plan watch(bool faults)
    {
        Plan p;
        fill(p);
        p.s.op = PL_OP_WATCH;
        p.s.filter = (uint8_t)random.below(PL_STATE_BANKRUPT + 1);
        p.s.count =
            random.percent(10) ? 0 : 1 + random.below(random.percent(90) ? 300 : WATCH_SLOTS);
        const uint64_t lines = (p.s.count + 7) / 8;
        p.committed = random.percent(50);
        p.runs = true;
        p.detail = p.room_detail;
        if (p.s.count != 0) {
            p.s.address = place(lines);
            card.bus.allow(p.readable, p.s.address, lines);
            p.bytes_read = 64 * lines;
        }
        if (random.percent(20))
            p.room_status = PL_STATUS_LIMIT;
        p.status = p.room_status;
        switch (random.below(12)) {
        case 0:
            p.s.count = WATCH_SLOTS + 1 + (random.percent(50) ? 0 : random.bits() >> 8);
            refuse(p, PL_STATUS_LIMIT);
            break;
        case 1:
            p.s.filter = (uint8_t)(PL_STATE_BANKRUPT + 1 + random.below(200));
            refuse(p, PL_STATUS_BAD_OPERATION);
            break;
        case 2:
            if (p.s.count != 0) {
                p.s.address += 1 + random.below(63);
                refuse(p, PL_STATUS_BAD_ADDRESS);
            }
            break;
        case 3:
            p.loaded = false;
            refuse(p, PL_STATUS_NOT_LOADED);
            break;
        default:
            if (faults && lines != 0 && random.percent(30)) {
                p.fault_record = random.below(lines);
                card.bus.bad.insert(p.s.address + 64 * p.fault_record);
                p.status = PL_STATUS_BUS_ERROR;
                p.detail = p.fault_record;
                p.bytes_read = 64 * p.fault_record;
            }
        }
        if (!p.runs)
            p.detail = p.bytes_read = 0;
        return p;
    }
    Plan commit()
    {
        Plan p;
        fill(p);
        p.s.op = PL_OP_COMMIT;
        p.runs = true;
        p.loaded = random.percent(50);
        p.room_status = p.loaded ? PL_STATUS_OK : PL_STATUS_NOT_LOADED;
        p.status = p.room_status;
        return p;
    }
    Plan rows()
    {
        Plan p;
        fill(p);
        p.s.op = PL_OP_READ_ROWS;
        p.s.count = 1 + random.below(5);
        p.instruments = (uint32_t)(p.s.count + random.below(1000));
        p.s.address = random.below(p.instruments - p.s.count + 1);
        p.lines = p.verdict_lines = 9 * p.s.count;
        p.s.verdict_lines = p.lines + random.below(2);
        p.s.verdict_address = place(p.s.verdict_lines);
        card.bus.allow(p.writable, p.s.verdict_address, p.lines);
        p.runs = true;
        switch (random.below(12)) {
        case 0:
            p.s.address = p.instruments - p.s.count + 1;
            refuse(p, PL_STATUS_BAD_OPERATION);
            break;
        case 1:
            p.s.address |= UINT64_C(1) << (24 + random.below(40));
            refuse(p, PL_STATUS_BAD_OPERATION);
            break;
        case 2:
            p.s.verdict_lines = p.lines - 1;
            refuse(p, PL_STATUS_RING_FULL);
            break;
        case 3:
            p.s.verdict_address += 8;
            refuse(p, PL_STATUS_BAD_ADDRESS);
            break;
        case 4:
            p.loaded = random.percent(50);
            p.committed = false;
            refuse(p, PL_STATUS_NOT_LOADED);
            break;
        case 5:
            p.s.count = 0;
            refuse(p, PL_STATUS_OK);
            break;
        }
        return p;
    }
    struct List {
        std::vector<struct pl_scatter> entries;
        void write(Bus &bus, uint64_t address) const
        {
            for (size_t i = 0; i < entries.size(); i += 4) {
                Line line = pattern(address + 16 * i + 7);
                for (size_t j = i; j < i + 4 && j < entries.size(); j++)
                    memcpy(line.data() + 4 * (j - i), &entries[j], 16);
                bus.memory[address + 16 * i] = line;
            }
        }
    };
    Plan sweep(bool faults)
    {
        Plan p;
        fill(p);
        p.s.op = PL_OP_SWEEP;
        p.s.filter = (uint8_t)random.below(PL_STATE_BANKRUPT + 1);
        p.s.per_underlying = (uint8_t)random.below(2);
        p.lines = random.below(40);
        p.s.verdict_lines = p.lines + random.below(10);
        p.s.verdict_address = place(p.s.verdict_lines);
        card.bus.allow(p.writable, p.s.verdict_address, p.s.verdict_lines);
        p.verdict_lines = p.lines;
        p.detail = p.room_detail;
        p.runs = true;
        List list;
        const bool one = random.percent(25); /* piece, without a list */
        const unsigned size = one ? 1 : 1 + (unsigned)random.below(random.percent(70) ? 12 : 200),
                       style = one ? 5 : (unsigned)random.below(6);
        for (unsigned i = 0; i < size; i++) {
            struct pl_scatter e = {};
            const uint64_t lines = style == 0                   ? 0
                                   : style == 1                 ? random.below(2)
                                   : style == 2                 ? 1
                                   : style == 3 && i > size / 2 ? 0
                                                                : one + random.below(30);
            e.slots = (uint32_t)(8 * lines);
            e.address = place(lines);
            list.entries.push_back(e);
        }
        const unsigned listed = one ? 0 : (size + 3) / 4; /* lines */
        p.s.one_piece = one;
        p.s.count = one ? list.entries[0].slots : size;
        p.s.address = one ? list.entries[0].address : place(listed);
        uint64_t failed = size;
        if (!one && random.percent(15)) {
            failed = random.below(size);
            struct pl_scatter &e = list.entries[failed];
            p.beat_status = PL_STATUS_BAD_OPERATION;
            switch (random.below(3)) {
            case 0:
                e.address += 8 * (1 + random.below(7));
                p.beat_status = PL_STATUS_BAD_ADDRESS;
                break;
            case 1: e.slots += 1 + (uint32_t)random.below(7); break;
            default: e.reserved0 = UINT32_C(1) << random.below(32);
            }
        }
        if (!one) {
            list.write(card.bus, p.s.address);
            card.bus.allow(p.readable, p.s.address, listed);
        }
        for (uint64_t i = 0; i < failed; i++) {
            const struct pl_scatter &e = list.entries[i];
            if (e.slots != 0)
                card.bus.allow(p.readable, e.address, e.slots / 8);
            for (unsigned j = 0; j < e.slots / 8; j++)
                p.beats.push_back(e.address + 64 * j);
        }
        if (p.beat_status != 0)
            p.detail = failed;
        else if (p.beats.empty())
            p.beat_status = PL_STATUS_MALFORMED_SLOT;
        p.bytes_read = 64 * (p.beats.size() + listed);
        p.status = p.beat_status;
        p.check_read = p.beat_status == 0;
        if (faults && p.beat_status == 0) {
            if (random.percent(20)) { /* a line of the stream */
                const uint64_t at = random.below(p.beats.size());
                card.bus.bad.insert(p.beats[at]);
                p.beats.resize(at);
                p.beat_status = PL_STATUS_BUS_ERROR;
            } else if (!one && random.percent(20)) { /* a line of the list */
                const uint64_t at = random.below(listed);
                card.bus.bad.insert(p.s.address + 64 * at);
                p.beat_status = PL_STATUS_BUS_ERROR;
                p.prefix = true;
                p.detail = 4 * at;
            } else if (p.lines != 0 && random.percent(30)) { /* a line of verdicts */
                card.bus.bad.insert(p.s.verdict_address + 64 * random.below(p.lines));
                p.status = PL_STATUS_BUS_ERROR;
            }
            if (p.beat_status != 0) {
                p.status = p.beat_status;
                p.check_read = false;
            }
        }
        if (p.status == PL_STATUS_OK && random.percent(20)) { /* the room finds a fault */
            p.stop_at = 1 + random.below(p.beats.size());
            p.room_status = PL_STATUS_MALFORMED_SLOT;
            p.status = p.room_status;
            p.check_read = false;
        }
        if (p.room_status == PL_STATUS_OK && p.status != PL_STATUS_OK && !p.beats.empty() &&
            !p.prefix && p.beat_status != PL_STATUS_OK &&
            random.percent(30)) { /* it never sees what is wrong with the list */
            p.early = true;
            p.stop_at = 1 + random.below(p.beats.size());
            p.status = PL_STATUS_OK;
            p.detail = p.room_detail;
        } else if (p.status == PL_STATUS_OK && random.percent(20)) {
            p.early = true;
            p.stop_at = 1 + random.below(p.beats.size());
        }
        switch (random.below(25)) {
        case 0:
            if (random.percent(30))
                p.s.count = 0;
            else if (!one)
                p.s.count = 65537 + (random.percent(50) ? 0 : random.bits() >> 10);
            else if (random.percent(50))
                p.s.count += 1 + random.below(7);
            else
                p.s.count |= UINT64_C(1) << (32 + random.below(32));
            refuse(p, PL_STATUS_BAD_OPERATION);
            break;
        case 1:
            p.s.filter = (uint8_t)(PL_STATE_BANKRUPT + 1 + random.below(200));
            refuse(p, PL_STATUS_BAD_OPERATION);
            break;
        case 2:
            p.s.per_underlying = (uint8_t)(2 + random.below(254));
            refuse(p, PL_STATUS_BAD_OPERATION);
            break;
        case 3:
            (random.percent(50) ? p.s.address : p.s.verdict_address) += 1 + random.below(63);
            refuse(p, PL_STATUS_BAD_ADDRESS);
            break;
        case 4:
            (random.percent(50) ? p.loaded : p.committed) = false;
            refuse(p, PL_STATUS_NOT_LOADED);
            break;
        }
        if (!p.runs) {
            p.detail = p.bytes_read = 0;
            p.check_read = true;
        }
        return p;
    }
    void any(bool faults)
    {
        Plan p;
        switch (random.below(9)) {
        case 8: p = watch(faults); break;
        case 0:
            fill(p);
            p.s.op = random.percent(50) ? PL_OP_NOP : PL_OP_FENCE;
            break;
        case 1:
            fill(p);
            p.s.op = PL_OP_SELF_TEST;
            if (random.percent(50))
                p.s.op = (uint8_t)(PL_OP_SELF_TEST + random.below(248 - 1));
            p.status = PL_STATUS_BAD_OPERATION;
            break;
        case 2: p = records(true, faults); break;
        case 3: p = records(false, faults); break;
        case 4: p = commit(); break;
        case 5: p = rows(); break;
        default: p = sweep(faults);
        }
        bool wrong_phase = false;
        if (random.percent(4)) {
            wrong_phase = random.percent(50);
            if (!wrong_phase)
                p.s.one_piece = (uint8_t)(p.s.op == PL_OP_SWEEP ? 2 + random.below(254)
                                                                : 1 + random.below(255));
            refuse(p, PL_STATUS_BAD_OPERATION);
            p.detail = p.bytes_read = 0;
            p.check_read = true;
        }
        if (p.runs && p.s.op == PL_OP_COMMIT)
            p.detail = 0;
        card.submit(p, wrong_phase);
    }
    void nop()
    {
        Plan p;
        card.submit(p, false);
    }
};

static void random_operations(Bench<Vdma> &b, Card &c, Planner &plan, uint64_t cycles, bool faults)
{
    for (uint64_t i = 0; i < cycles; i++) {
        if (i % 8192 == 0) {
            c.bus.latency = (unsigned)b.random.below(300);
            c.bus.spread = (unsigned)b.random.below(200);
        }
        if (c.room() && b.random.percent(3))
            plan.any(faults);
        c.cycle();
    }
    b.expect(c.finish(400000), "%zu submissions without completion", c.plans.size());
    b.expect(c.pulses == c.completed, "%u interrupts of %u", c.pulses, c.completed);
    b.expect(c.errors.empty(), "%zu errors, the first %u", c.errors.size(),
             c.errors.empty() ? 0 : c.errors[0]);
}

static double stream_rate(Bench<Vdma> &b, Card &c, Planner &plan, unsigned lines)
{
    Plan p;
    Planner::List list;
    p.s.op = PL_OP_SWEEP;
    p.s.count = 400;
    for (unsigned i = 0; i < p.s.count; i++) {
        struct pl_scatter e = { UINT64_C(0x8000000000) + 4096 * b.random.below(1 << 20), lines * 8,
                                0 };
        list.entries.push_back(e);
        c.bus.allow(p.readable, e.address, lines);
        for (unsigned j = 0; j < lines; j++)
            p.beats.push_back(e.address + 64 * j);
    }
    p.s.address = plan.place(p.s.count / 4);
    p.s.verdict_address = plan.place(1);
    c.bus.allow(p.readable, p.s.address, p.s.count / 4);
    list.write(c.bus, p.s.address);
    p.bytes_read = 64 * (p.beats.size() + p.s.count / 4);
    p.runs = true;
    c.submit(p, false);
    b.expect(c.finish(200000), "no completion");
    return (double)p.beats.size() / (double)(c.last_beat - c.first_beat + 1);
}

int main()
{
    Bench<Vdma> b("dma", 400000);
    Card c(b);
    Planner plan(b, c);
    c.restart(8, 8);
    b.reset();
    b.expect(!b.dut.clean_o && !b.dut.needs_flr_o, "says how a soft reset ended");

    b.begin("random operations, some refused, some that a room ends with an error");
    random_operations(b, c, plan, b.count / 2, false);
    b.end();
    b.begin("the same while lines of the watched set go out");
    c.watching = true;
    random_operations(b, c, plan, b.count / 4, false);
    b.expect(!b.is_long() || c.marks > 100, "%" PRIu64 " marks", c.marks);
    c.watching = false;
    for (int i = 0; i < 2000; i++)
        c.cycle(); /* the last of them */
    b.expect(!c.mark_open, "a mark is never reached");
    b.end();
    b.begin("a soft reset of an idle card");
    c.soft_reset(true, 2, 16);
    b.end();
    b.begin("bus errors in records, list, stream and verdicts");
    random_operations(b, c, plan, b.count / 2, true);
    if (b.is_long()) {
        static const unsigned all[] = { PL_STATUS_OK,
                                        PL_STATUS_BUS_ERROR,
                                        PL_STATUS_MALFORMED_SLOT,
                                        PL_STATUS_MALFORMED_RECORD,
                                        PL_STATUS_NOT_LOADED,
                                        PL_STATUS_BAD_OPERATION,
                                        PL_STATUS_BAD_ADDRESS };
        for (unsigned status : all)
            b.expect(c.completions_of[status] >= 3, "status %u only %" PRIu64 " times", status,
                     c.completions_of[status]);
    }
    b.end();

    b.begin("soft resets at any time drain the bus");
    for (uint64_t i = 0; i < 20 + b.count / 20000; i++) {
        const unsigned wait = (unsigned)b.random.below(2500);
        for (unsigned j = 0; j < wait; j++) {
            if (c.room() && b.random.percent(10))
                plan.any(true);
            c.cycle();
        }
        c.soft_reset(true, 1u << b.random.below(6), 1u << b.random.below(6));
    }
    c.soft_reset(true, 16, 4);
    random_operations(b, c, plan, 10000, true);
    c.soft_reset(true, 8, 8);
    b.end();

    b.begin("a stream in pages is read, and lines are written, at full rate");
    c.bus.stalls = false;
    c.bus.latency = READS * BURST_LINES >= 512 ? 250 : 8;
    c.bus.spread = 0;
    for (unsigned lines = 16; lines <= 64; lines *= 4) {
        const double rate = stream_rate(b, c, plan, lines);
        printf("%.4f lines per cycle in pieces of %u\n", rate, lines);
        b.expect(READS * BURST_LINES < 512 || rate >= 0.95, "%.3f lines per cycle in pieces of %u",
                 rate, lines);
    }
    c.bus.latency = WRITES; /* half of it for writes */
    {
        Plan p;
        p.s.op = PL_OP_READ_ROWS;
        p.s.count = 200;
        p.lines = p.verdict_lines = p.s.verdict_lines = 9 * p.s.count;
        p.s.verdict_address = plan.place(p.lines);
        c.bus.allow(p.writable, p.s.verdict_address, p.lines);
        p.runs = true;
        c.submit(p, false);
        b.expect(c.finish(200000), "no completion");
        const double rate = (double)(p.lines - 1) / (double)(c.last_line - c.first_line);
        b.expect(WRITES < 16 || rate >= 0.99, "%.3f lines written per cycle", rate);
    }
    c.bus.stalls = true;
    c.bus.latency = 40;
    c.bus.spread = 60;
    b.end();

    b.begin(
        "a lost read: TIMEOUT, an error, and the card goes on with the other ids; a reset says needs_flr, later clean");
    for (int round = 0; round < 3; round++) {
        c.loose = true;
        c.bus.keep = true;
        c.bus.readable = c.bus.writable = { { 0, UINT64_C(1) << 62 } };
        for (unsigned losses = 1; losses <= 2 && losses + 1 < READS; losses++) {
            Plan p = plan.records(false, false);
            while (!p.runs || p.status != PL_STATUS_OK)
                p = plan.records(false, false);
            p.fault_record = b.random.below(p.s.count);
            c.bus.lost.insert(p.s.address + 64 * p.fault_record);
            const uint64_t block = 64 * BURST_LINES; /* its burst is lost */
            const uint64_t address = p.s.address + 64 * p.fault_record;
            p.fault_record = address / block * block < p.s.address
                                 ? 0
                                 : (address / block * block - p.s.address) / 64;
            p.status = PL_STATUS_TIMEOUT;
            p.detail = p.fault_record;
            p.bytes_read = 64 * p.fault_record;
            c.submit(p, false);
            b.expect(c.finish(20 * TIMEOUT), "no completion");
            b.expect(c.errors.size() == losses && c.errors[0] == PL_STATUS_TIMEOUT, "%zu errors",
                     c.errors.size());
            plan.nop();
            Plan q = plan.commit();
            q.detail = 0;
            c.submit(q, false);
            b.expect(c.finish(20 * TIMEOUT), "stopped");
        }
        c.soft_reset(false, 8, 8);
        plan.nop();
        b.expect(c.finish(20 * TIMEOUT), "stopped");
        c.bus.keep = false; /* the late beats come now */
        Plan p = plan.records(false, false);
        c.submit(p, false);
        b.expect(c.finish(20 * TIMEOUT), "late beats stop it");
        c.soft_reset(true, 8, 8);
    }
    c.loose = false;
    b.end();

    b.begin("a sweep whose list or stream is lost gets TIMEOUT");
    for (int of_list = 0; of_list < 2; of_list++) {
        Plan p = plan.sweep(false);
        while (!p.runs || p.status != PL_STATUS_OK || p.beats.size() < 20)
            p = plan.sweep(false);
        c.bus.keep = true;
        c.bus.lost.insert(of_list ? p.s.address : p.beats[10]);
        p.status = p.beat_status = PL_STATUS_TIMEOUT;
        p.prefix = true;
        p.check_read = false;
        p.any_detail = true;
        c.submit(p, false);
        b.expect(c.finish(20 * TIMEOUT), "no completion");
        b.expect(c.errors.size() == 1 && c.errors[0] == PL_STATUS_TIMEOUT, "%zu errors",
                 c.errors.size());
        c.bus.keep = false;
        c.soft_reset(true, 8, 8);
    }
    b.end();

    b.begin("a lost write: an error, no completion; a reset says needs_flr");
    {
        Plan p = plan.rows();
        while (!p.runs)
            p = plan.rows();
        c.bus.keep = true;
        c.bus.lost.insert(p.s.verdict_address + 64 * b.random.below(p.lines));
        c.submit(p, false);
        c.expect_error(PL_STATUS_TIMEOUT, 20 * TIMEOUT);
        b.expect(c.completed == 0, "completed");
        c.soft_reset(false, 8, 8);
        c.soft_reset(false, 8, 8);
        c.bus.keep = false;
        for (int i = 0; i < 2000; i++)
            c.cycle();
        c.soft_reset(true, 8, 8);
        random_operations(b, c, plan, 5000, false);
    }
    b.end();

    b.begin("a write answered late: TIMEOUT is completed");
    {
        c.soft_reset(true, 8, 8);
        Plan p = plan.rows();
        while (!p.runs)
            p = plan.rows();
        p.status = PL_STATUS_TIMEOUT;
        c.bus.keep = true;
        c.bus.lost.insert(p.s.verdict_address + 64 * (p.lines - 1));
        c.submit(p, false);
        for (uint64_t i = 0; i < 20 * TIMEOUT && c.work != Card::DONE; i++)
            c.cycle();
        for (unsigned i = 0; i < TIMEOUT + TIMEOUT / 2; i++)
            c.cycle();
        c.bus.keep = false;
        b.expect(c.finish(20 * TIMEOUT) && c.errors.empty(), "no completion, or an error");
    }
    b.end();

    b.begin("a completion that cannot be written: its status is an error, and the card stops");
    c.soft_reset(true, 8, 8);
    c.bus.bad.insert(Card::COMPLETE + 64);
    plan.nop();
    plan.nop();
    plan.nop();
    c.expect_error(PL_STATUS_BUS_ERROR, 50000);
    for (int i = 0; i < 3000; i++)
        c.cycle();
    b.expect(c.completed == 2 && c.pulses == 1, "%u completions, %u interrupts", c.completed,
             c.pulses);
    b.end();

    b.begin("a full completion ring: RING_FULL after a wait");
    c.soft_reset(true, 8, 2);
    c.consumes = false;
    for (int i = 0; i < 3; i++)
        plan.nop();
    for (unsigned i = 0; i < TIMEOUT; i++)
        c.cycle();
    b.expect(c.errors.empty() && c.completed == 2, "did not wait");
    c.consumes = true;
    b.expect(c.finish(5000), "does not go on when there is room");
    for (int i = 0; i < 1000; i++)
        c.cycle();
    c.consumes = false;
    for (int i = 0; i < 3; i++)
        plan.nop();
    c.expect_error(PL_STATUS_RING_FULL, 4 * TIMEOUT + 5000);
    c.consumes = true;
    for (int i = 0; i < 2000; i++)
        c.cycle();
    b.expect(c.plans.size() == 1, "goes on after an error");
    b.end();

    b.begin("a doorbell too far ahead stops the ring");
    c.soft_reset(true, 8, 8);
    plan.nop();
    b.expect(c.finish(5000), "no completion");
    c.submitted += 9;
    c.expect_error(PL_STATUS_BAD_OPERATION, 5000);
    c.submitted = 1;
    b.end();

    b.begin("a doorbell that is taken back at once is as none");
    c.soft_reset(true, 8, 8);
    for (int i = 0; i < 20; i++) {
        plan.nop();
        b.expect(c.finish(5000), "no completion after %d doorbells taken back", i);
        c.taken_back = 2;
        for (int j = 0; j < 20; j++)
            c.cycle();
        b.expect(c.errors.empty(), "error %u", c.errors.empty() ? 0 : c.errors[0]);
    }
    b.end();

    b.begin("a submission that cannot be read is an error");
    c.soft_reset(true, 8, 8);
    c.bus.bad.insert(Card::SUBMIT);
    plan.nop();
    c.expect_error(PL_STATUS_BUS_ERROR, 5000);
    c.soft_reset(true, 8, 8);
    c.bus.keep = true;
    c.bus.lost.insert(Card::SUBMIT);
    plan.nop();
    c.expect_error(PL_STATUS_TIMEOUT, 4 * TIMEOUT);
    c.soft_reset(false, 8, 8);
    c.bus.keep = false;
    c.soft_reset(true, 8, 8);
    b.end();

    b.begin("a room that never answers: TIMEOUT, and the card stops");
    for (int i = 0; i < 3; i++) {
        Plan p = i == 0 ? plan.commit() : i == 1 ? plan.rows() : plan.sweep(false);
        while (!p.runs)
            p = i == 1 ? plan.rows() : plan.sweep(false);
        p.hangs = true;
        c.submit(p, false);
        c.expect_error(PL_STATUS_TIMEOUT, OPERATION_TIMEOUT + 10000);
        b.expect(c.completed == 0, "completed");
        c.soft_reset(true, 8, 8);
    }
    b.end();

    b.begin("a grant that never comes: TIMEOUT, and the card stops");
    for (int i = 0; i < 2; i++) {
        Plan p = i == 0 ? plan.commit() : plan.sweep(false);
        while (!p.runs)
            p = plan.sweep(false);
        p.refused = true;
        c.submit(p, false);
        c.expect_error(PL_STATUS_TIMEOUT, OPERATION_TIMEOUT + 10000);
        c.soft_reset(true, 8, 8);
    }
    b.end();

    b.begin("a watched line that cannot be written is told, once");
    c.watching = true;
    c.bus.bad.insert(Card::WATCH);
    c.expect_error(PL_STATUS_BUS_ERROR, 5000);
    c.watching = false;
    c.soft_reset(true, 8, 8);
    b.end();

    b.begin("without rings, or not enabled, nothing happens");
    c.ring_none = true;
    plan.nop();
    for (int i = 0; i < 1000; i++)
        c.cycle();
    b.expect(c.errors.empty() && c.completed == 0, "something happened without a ring");
    c.ring_none = false;
    b.dut.enable_i = 0;
    for (int i = 0; i < 1000; i++)
        c.cycle();
    b.expect(c.errors.empty() && c.completed == 0, "something happened while not enabled");
    b.dut.enable_i = 1;
    b.expect(c.finish(5000), "no completion when enabled");
    b.end();

    b.expect(c.writes.most <= WRITES + 1, "%" PRIu64 " writes outstanding", c.writes.most);
    return b.finish();
}
