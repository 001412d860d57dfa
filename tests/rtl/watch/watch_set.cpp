/* Watched set: random sets with everything that is refused, loaded while the set in force is read
 * and looked up, against what is found in the stream by a reference; aborts, loads of a new model,
 * the rates without stalls. INSTRUMENTS and LINES come from make. */
#include "Vwatch_set.h"
#include "support/bench.h"
#include <cstring>
#include <vector>
#define _Static_assert static_assert
#define _Alignas alignas
extern "C" {
#include "pl_abi.h"
}

using namespace bench;

static const uint64_t SLOTS = 8 * LINES, RARE = LINES > 100 ? 20 : 1;

struct Set {
    uint64_t slots = 0, version = 0;
    unsigned filter = 0;
    std::vector<uint64_t> stream; /* whole lines */
    /* what is found in it */
    unsigned status = PL_STATUS_OK;
    uint64_t detail = 0;
    unsigned accounts = 0, lines = 0; /* up to END */
    std::vector<bool> named;

    void judge(uint64_t instruments)
    {
        named.assign(INSTRUMENTS, false);
        status = PL_STATUS_OK, detail = 0, accounts = lines = 0;
        if (slots > SLOTS) {
            status = PL_STATUS_LIMIT;
            return;
        }
        for (uint64_t i = 0; i < slots; i++) {
            const unsigned tag = (unsigned)(stream[i] >> 56),
                           instrument = stream[i] >> 32 & 0xFFFFFF;
            if (tag == PL_TAG_END) {
                lines = (unsigned)(i / 8 + 1);
                return;
            }
            if (tag == PL_TAG_HEADER && ++accounts > PL_WATCH_ACCOUNTS_MAX) {
                status = PL_STATUS_LIMIT, detail = i;
                return;
            }
            if (tag == PL_TAG_POSITION || tag == PL_TAG_REQUIREMENT) {
                if (instrument >= instruments) {
                    status = PL_STATUS_MALFORMED_SLOT, detail = i;
                    return;
                }
                named[instrument] = true;
            }
        }
        if (slots != 0)
            status = PL_STATUS_MALFORMED_SLOT, detail = slots;
    }
};

struct Driver {
    Bench<Vwatch_set> &b;
    Stall source, sink;
    bool slow = true, gentle = false; /* gentle: nothing is aborted */
    uint64_t instruments = INSTRUMENTS;
    /* in force */
    Set held;
    bool watching = false;
    /* WATCH in progress */
    enum { NONE, START, FEED, DONE } loading = NONE;
    Set next;
    size_t taken = 0;
    bool offering = false, changed_while_busy = false, busy_before = false;
    uint64_t load_began = 0, load_cycles = 0;
    /* run */
    enum { IDLE, RISEN, WAIT, READ, REST } run = IDLE;
    unsigned wait = 0;
    size_t came = 0;
    uint64_t read_began = 0;
    bool stalled = false;
    /* lookup */
    bool looked_up = false;
    /* seen: OK, removed, LIMIT of slots, LIMIT of accounts, instrument, no END, aborted, read
     * whole, read aborted, forgotten */
    uint64_t seen[10] = {};

    explicit Driver(Bench<Vwatch_set> &b) : b(b), source(b.random), sink(b.random)
    {
    }
    Set random_set()
    {
        Set s;
        const bool large = b.random.percent(SLOTS > 1000 ? 3 : 50);
        s.slots = b.random.percent(5) ? 0
                  : b.random.percent(4)
                      ? SLOTS + 1 + (b.random.bits() >> b.random.below(64)) % (UINT64_MAX - SLOTS)
                  : b.random.percent(5) ? SLOTS
                                        : 1 + b.random.below(large ? SLOTS : 64);
        s.version = b.random.bits(), s.filter = (unsigned)b.random.below(5);
        if (s.slots == 0 || s.slots > SLOTS) {
            s.judge(instruments);
            return s;
        }
        s.stream.resize((s.slots + 7) / 8 * 8);
        const bool crowd = s.slots > PL_WATCH_ACCOUNTS_MAX && b.random.percent(70);
        for (uint64_t &slot : s.stream) {
            static const unsigned tags[] = { PL_TAG_PAD,         PL_TAG_HEADER,   PL_TAG_CASH,
                                             PL_TAG_CASH_HIGH,   PL_TAG_POSITION, PL_TAG_ORDERS,
                                             PL_TAG_REQUIREMENT, PL_TAG_POSITION };
            const unsigned tag = tags[crowd && b.random.percent(60) ? 1 : b.random.below(8)];
            slot = (uint64_t)tag << 56 | b.random.bits() >> 8;
            if (tag == PL_TAG_POSITION || tag == PL_TAG_REQUIREMENT)
                slot = (slot & ~(UINT64_C(0xFFFFFF) << 32)) | b.random.below(instruments) << 32;
        }
        if (b.random.percent(10)) { /* an instrument that is not loaded */
            const unsigned power = (unsigned)b.random.below(24);
            const uint64_t other = b.random.percent(50) ? instruments : (uint64_t)1 << power;
            s.stream[b.random.below(s.slots)] =
                (uint64_t)(b.random.percent(50) ? PL_TAG_POSITION : PL_TAG_REQUIREMENT) << 56 |
                (other < instruments ? instruments : other & 0xFFFFFF) << 32;
        }
        if (b.random.percent(90)) /* END, mostly near the end */
            s.stream[b.random.percent(70) ? s.slots - 1 - b.random.below(s.slots < 9 ? s.slots : 9)
                                          : b.random.below(s.slots)] =
                (uint64_t)PL_TAG_END << 56 | b.random.bits() >> 8;
        for (uint64_t i = s.slots; i < s.stream.size(); i++) /* none of its business */
            s.stream[i] = (uint64_t)(b.random.percent(50) ? PL_TAG_END : PL_TAG_HEADER) << 56;
        s.judge(instruments);
        return s;
    }
    void begin(const Set &s)
    {
        next = s;
        loading = START;
    }
    /* One cycle. */
    void cycle(bool look, bool may_run)
    {
        const bool start = loading == START;
        bool abort = false, forget = false;
        b.dut.start_i = start;
        b.dut.slots_i = start ? next.slots : b.random.bits();
        b.dut.version_i = start ? next.version : b.random.bits();
        b.dut.filter_i = (uint8_t)(start ? next.filter : b.random.bits());
        if (loading == NONE && !gentle && b.random.below(3000 / RARE) == 0) { /* a new model */
            forget = true;
            instruments = b.random.percent(30) ? INSTRUMENTS : 1 + b.random.below(INSTRUMENTS);
            seen[9]++;
        }
        b.dut.load_started_i = forget;
        b.dut.instruments_i = (uint32_t)instruments;
        const bool feeding = (loading == START || loading == FEED) && next.slots <= SLOTS;
        offering = feeding && taken < next.stream.size() / 8 && (offering || !slow || source.go());
        b.dut.record_valid_i = offering;
        for (unsigned k = 0; k < 8; k++) {
            const uint64_t slot = offering ? next.stream[8 * taken + k] : b.random.bits();
            b.dut.record_i[2 * k] = (uint32_t)slot,
                               b.dut.record_i[2 * k + 1] = (uint32_t)(slot >> 32);
        }
        abort = !gentle && (loading == FEED ? b.random.below(600 * RARE) == 0
                                            : loading == NONE && b.random.below(100) == 0);
        b.dut.record_abort_i = abort;

        const bool busy = run != IDLE;
        b.dut.run_busy_i = busy;
        b.dut.read_start_i = run == WAIT && wait == 0;
        const bool read_abort = run == READ && !gentle && b.random.below(200 * RARE) == 0;
        b.dut.read_abort_i = read_abort;
        const bool ready = run == READ && (!slow || sink.go());
        b.dut.beat_ready_i = ready || (run != READ && b.random.percent(50));
        const uint64_t index = b.random.below(INSTRUMENTS);
        b.dut.lookup_valid_i = look;
        b.dut.lookup_i = (uint32_t)(look ? index : b.random.bits() & 0xFFFFFF);
        b.settle();

        /* what has happened */
        if (b.dut.done_o) {
            b.expect(loading == FEED, "done");
            b.expect(b.dut.status_o == next.status && b.dut.detail_o == next.detail,
                     "status %u at %" PRIu64 ", not %u at %" PRIu64, b.dut.status_o,
                     (uint64_t)b.dut.detail_o, next.status, next.detail);
            b.expect(8 * taken == next.stream.size(), "done after %zu of %zu lines", taken,
                     next.stream.size() / 8);
            if (next.status == PL_STATUS_OK) {
                b.expect(!busy_before, "changed while it is read");
                watching = next.slots != 0;
                if (watching)
                    held = next;
            }
            seen[next.slots == 0                  ? 1
                 : next.status == PL_STATUS_OK    ? 0
                 : next.slots > SLOTS             ? 2
                 : next.status == PL_STATUS_LIMIT ? 3
                 : next.detail == next.slots      ? 5
                                                  : 4]++;
            load_cycles = b.cycle - load_began;
            loading = NONE;
        }
        b.expect(b.dut.watching_o == watching, "watching_o %d", b.dut.watching_o);
        if (watching)
            b.expect(b.dut.accounts_o == held.accounts && b.dut.version_o == held.version &&
                         b.dut.filter_o == held.filter,
                     "%u accounts, not %u", b.dut.accounts_o, held.accounts);
        b.expect(b.dut.watched_o == looked_up, "watched_o %d", b.dut.watched_o);
        if (look)
            looked_up = watching && held.named[index];

        /* lines of the set */
        if (b.dut.beat_valid_o) {
            if (b.expect(run == READ && came < held.lines, "beat %zu of %u", came, held.lines)) {
                bool same = true;
                for (unsigned k = 0; k < 16; k++)
                    same = same && b.dut.beat_o[k] ==
                                       (uint32_t)(held.stream[8 * came + k / 2] >> (32 * (k & 1)));
                b.expect(same, "beat %zu of %u differs", came, held.lines);
                b.expect(b.dut.beat_last_o == (came + 1 == held.lines), "beat %zu of %u: last %d",
                         came, held.lines, b.dut.beat_last_o);
            }
        }
        if (run == READ) {
            b.expect(b.dut.read_busy_o || came == held.lines, "not busy after %zu of %u", came,
                     held.lines);
            b.expect(stalled ||
                         b.dut.beat_valid_o == (b.cycle - read_began >= 2 && came < held.lines),
                     "no beat %" PRIu64 " cycles after the start", b.cycle - read_began);
            stalled = stalled || !ready;
            came += b.dut.beat_valid_o && ready;
        }
        const bool taking = offering && b.dut.record_ready_o && !abort;
        const bool over = run == READ && (read_abort || !b.dut.read_busy_o);

        b.tick();
        /* what follows */
        busy_before = busy;
        if (loading == START && !abort)
            loading = FEED, taken = 0, load_began = b.cycle;
        else if (abort && loading != NONE)
            loading = NONE, offering = false, seen[6]++;
        if (taking)
            taken++, offering = false;
        if (forget)
            watching = false;
        switch (run) {
        case IDLE:
            if (may_run && watching && !forget && b.random.percent(20))
                run = RISEN;
            break;
        case RISEN:
            run = watching ? WAIT : IDLE;
            wait = (unsigned)b.random.below(4);
            break;
        case WAIT:
            if (wait-- == 0)
                run = READ, came = 0, read_began = b.cycle - 1, stalled = false;
            break;
        case READ:
            if (over) {
                seen[read_abort ? 8 : 7]++;
                run = REST, wait = (unsigned)b.random.below(30);
            }
            break;
        case REST:
            if (wait-- == 0)
                run = IDLE;
            break;
        }
    }
};

int main()
{
    Bench<Vwatch_set> b("watch_set", LINES > 100 ? 5000000 : 2000000);
    b.dut.start_i = b.dut.record_valid_i = b.dut.record_abort_i = b.dut.load_started_i =
        b.dut.lookup_valid_i = 0;
    b.dut.read_start_i = b.dut.read_abort_i = b.dut.run_busy_i = 0;
    b.reset();
    Driver d(b);

    b.begin("random sets, read and looked up while the next one is loaded");
    d.cycle(true, false);
    for (uint64_t i = 0; i < b.count; i++) {
        if (i % 4096 == 0)
            d.slow = b.random.percent(80);
        if (d.loading == Driver::NONE && b.random.percent(10))
            d.begin(d.random_set());
        d.cycle(b.random.percent(50), true);
    }
    const uint64_t *seen = d.seen;
    const uint64_t enough = LINES > 100 ? 3 : 10;
    for (unsigned i = 0; i < 10; i++)
        b.expect(b.count < 2000000 || seen[i] >= enough ||
                     (i == 3 && SLOTS <= PL_WATCH_ACCOUNTS_MAX),
                 "kind %u: %" PRIu64 " times", i, seen[i]);
    for (unsigned i = 0; i < 100000 && d.loading != Driver::NONE; i++)
        d.cycle(false, false);
    b.expect(d.loading == Driver::NONE, "hangs");
    b.end();

    b.begin("the largest set, a line per 8 cycles; one account more than fits");
    d.gentle = true, d.slow = false, d.instruments = INSTRUMENTS;
    for (unsigned more = 0; more < 2; more++) {
        Set s;
        s.slots = SLOTS, s.version = b.random.bits(), s.filter = 1;
        s.stream.assign(SLOTS, (uint64_t)PL_TAG_POSITION << 56);
        for (unsigned i = 0; i < PL_WATCH_ACCOUNTS_MAX + more && i + 1 < SLOTS; i++)
            s.stream[SLOTS - 2 - i] = (uint64_t)PL_TAG_HEADER << 56;
        for (unsigned i = 0; i + PL_WATCH_ACCOUNTS_MAX + 2 < SLOTS; i++)
            s.stream[i] |= (uint64_t)(i % INSTRUMENTS) << 32;
        s.stream[SLOTS - 1] = (uint64_t)PL_TAG_END << 56;
        s.judge(INSTRUMENTS);
        b.expect(SLOTS <= PL_WATCH_ACCOUNTS_MAX ||
                     s.status == (more ? PL_STATUS_LIMIT : PL_STATUS_OK),
                 "the bench");
        d.begin(s);
        while (d.loading != Driver::NONE &&
               b.expect(b.cycle - d.load_began < 10 * SLOTS + 4 * INSTRUMENTS + 100000, "hangs"))
            d.cycle(true, false);
        b.expect(d.load_cycles <= INSTRUMENTS + SLOTS + 16, "%" PRIu64 " cycles", d.load_cycles);
    }
    for (unsigned i = 0; i < 4 * SLOTS; i++)
        d.cycle(true, true);
    b.end();

    b.begin("reset forgets the set");
    b.dut.start_i = b.dut.record_valid_i = b.dut.read_start_i = b.dut.lookup_valid_i =
        b.dut.run_busy_i = 0;
    b.reset();
    d.watching = d.looked_up = false, d.run = Driver::IDLE, d.loading = Driver::NONE,
    d.gentle = false, d.slow = true;
    d.cycle(true, false);
    for (unsigned i = 0; i < 20000; i++) {
        if (d.loading == Driver::NONE)
            d.begin(d.random_set());
        d.cycle(true, true);
    }
    b.end();
    return b.finish();
}
