/* Row store: reads of both banks on both ports against a reference while rows are written, copied
 * and flipped, words with injected errors corrected or reported, also after a copy; which port is
 * blocked when. PROFILE, SCENARIOS, INSTRUMENTS and LANES come from make. */
#include "Vrow_store.h"
#include "support/bench.h"
#include <vector>

using namespace bench;

enum {
    META = 45,
    ROW = PROFILE == 1 ? 52 : 36,
    ENTRIES = 18 + SCENARIOS,
    COLUMNS = 1 + ENTRIES,
    ALL = (1 << LANES) - 1, /* lanes */
    WAIT = 8,               /* cycles for which a written word waits for port 0, at most */
};

struct Word {
    uint64_t bits = 0; /* as it lies in the store */
    unsigned inject = 0;
};

struct Row {
    Word column[COLUMNS];
};

struct Read {
    bool valid = false;
    Row row;
};

struct Write {
    bool valid = false;
    unsigned instrument = 0,
             column = 0; /* column: as counted here, or COLUMNS: one that this card does not have */
    uint64_t value = 0;
};

/* A word on its way to the memory of a column; with one lane it is there a cycle after it came. */
struct Waiting {
    bool valid = false;
    unsigned bank = 0, instrument = 0;
    Word word;
};

template <class Port> uint64_t field(const Port &port, unsigned at, unsigned width)
{
    uint64_t value = port[at / 32];
    value |= (uint64_t)port[at / 32 + 1] << 32;
    value >>= at % 32;
    if (at % 32 + width > 64)
        value |= (uint64_t)port[at / 32 + 2] << (64 - at % 32);
    return value & ((UINT64_C(1) << width) - 1);
}

uint64_t field(uint64_t port, unsigned at, unsigned width)
{
    return port >> at & ((UINT64_C(1) << width) - 1);
}

struct Model {
    Bench<Vrow_store> &b;
    std::vector<Row> bank[2] = { std::vector<Row>(INSTRUMENTS), std::vector<Row>(INSTRUMENTS) };
    unsigned frozen = 0;
    Read answers[LANES][3];
    bool asking[LANES] = {}, asking_live[LANES] = {};
    unsigned asked[LANES] = {};
    std::vector<uint64_t> there =
        std::vector<uint64_t>(INSTRUMENTS);    /* when a row may be read live */
    Waiting coming[COLUMNS], waiting[COLUMNS]; /* of the cycle before; of those before that */
    bool writing = false; /* a write came in the cycle before, whatever its column */
    bool waits = false;   /* and one before that is not yet there */
    bool clash = false;   /* a word came in the cycle before for a column whose last one waits */
    unsigned refused = 0; /* cycles for which that waited */
    uint64_t copies = 0;  /* bit k: k + 1 cycles ago */
    uint64_t forced = 0;
    uint64_t corrected = 0, uncorrectable = 0, reads[LANES] = {}, live_reads = 0;

    explicit Model(Bench<Vrow_store> &b) : b(b)
    {
    }
    static unsigned word(unsigned column)
    {
        return column <= 18 ? column : 24 + column - 19;
    }
    /* A row that no live read waits for. */
    unsigned free_row()
    {
        for (;;) {
            const unsigned row = (unsigned)b.random.below(INSTRUMENTS);
            bool awaited = false;
            for (unsigned l = 0; l < LANES; l++)
                awaited |= asking[l] && asking_live[l] && asked[l] == row;
            if (!awaited)
                return row;
        }
    }
    Write random_write(unsigned column)
    {
        Write w;
        w.valid = true;
        w.instrument = free_row();
        w.column = column;
        w.value = b.random.bits() >> (column == 0 ? 64 - META : 65 - ROW) |
                  (column == 0 ? 0 : b.random.bits() << 63);
        return w;
    }
    void store(const Write &w, unsigned inject)
    {
        if (!w.valid || w.column == COLUMNS)
            return;
        const uint64_t magnitude = w.value & ((UINT64_C(1) << (ROW - 1)) - 1);
        const uint64_t bits = w.column == 0 ? w.value : (w.value >> 63) << (ROW - 1) | magnitude;
        coming[w.column] = { true, !frozen, w.instrument, { bits, inject } };
    }
    bool busy() const
    {
        return writing || waits;
    }
    bool is_awaited(unsigned instrument) const
    {
        for (unsigned c = 0; c < COLUMNS; c++)
            if ((coming[c].valid && coming[c].instrument == instrument) ||
                (waiting[c].valid && waiting[c].instrument == instrument))
                return true;
        return false;
    }
    /* The end of a cycle: words that waited are there, those on their way arrive. */
    void advance(const Write &a, const Write &second, bool port_0_free)
    {
        const bool there = waits && port_0_free;
        clash = false;
        for (const Write *w : { &a, &second })
            clash |= w->valid && w->column < COLUMNS &&
                     (coming[w->column].valid || waiting[w->column].valid);
        for (unsigned c = 0; c < COLUMNS; c++) {
            Waiting &w = waiting[c];
            if (w.valid && there) {
                bank[w.bank][w.instrument].column[c] = w.word;
                w.valid = false;
            }
            if (coming[c].valid && LANES == 1)
                bank[coming[c].bank][coming[c].instrument].column[c] = coming[c].word;
            else if (coming[c].valid)
                w = coming[c];
            coming[c].valid = false;
        }
        refused = waits && !there ? refused + 1 : 0;
        waits = LANES == 2 && (writing || (waits && !there));
        writing = a.valid || second.valid;
    }
    unsigned place(const Write &w)
    {
        if (w.column < COLUMNS)
            return word(w.column);
        return SCENARIOS == 40 || b.random.percent(50) ? 19 + (unsigned)b.random.below(5) : 63;
    }
    void look()
    {
        for (unsigned l = 0; l < LANES; l++) {
            const Read &r = answers[l][2];
            bool one = false, two = false;
            b.expect((b.dut.valid_o >> l & 1) == r.valid, "lane %u: valid_o %d", l, b.dut.valid_o);
            for (unsigned c = 0; r.valid && c < COLUMNS; c++) {
                const Word &w = r.row.column[c];
                const uint64_t got = c == 0 ? field(b.dut.meta_o, l * META, META)
                                            : field(b.dut.row_o, (l * ENTRIES + c - 1) * ROW, ROW);
                two |= w.inject == 3;
                one |= w.inject == 1 || w.inject == 2;
                b.expect(w.inject == 3 || got == w.bits,
                         "lane %u column %u: %" PRIx64 ", not %" PRIx64, l, c, got, w.bits);
            }
            b.expect((b.dut.corrected_o >> l & 1) == one && (b.dut.uncorrectable_o >> l & 1) == two,
                     "lane %u: flags %d %d, not %d %d", l, b.dut.corrected_o >> l & 1,
                     b.dut.uncorrectable_o >> l & 1, one, two);
            corrected += one;
            uncorrectable += two;
            answers[l][2] = answers[l][1];
            answers[l][1] = answers[l][0];
            answers[l][0].valid = false;
        }
    }
    void cycle(const Write &a, const Write &second, bool copy, unsigned copied, unsigned inject,
               unsigned asks)
    {
        b.dut.bank_i = frozen;
        b.dut.write_a_valid_i = a.valid;
        b.dut.write_a_instrument_i = a.instrument;
        b.dut.write_a_column_i = a.valid ? place(a) : 0;
        b.dut.write_a_value_i = a.value;
        b.dut.write_b_valid_i = second.valid;
        b.dut.write_b_instrument_i = second.instrument;
        b.dut.write_b_column_i = second.valid ? place(second) : 0;
        b.dut.write_b_value_i = second.value;
        b.dut.copy_valid_i = copy;
        b.dut.copy_instrument_i = copied;
        b.dut.inject_i = inject;
        if (copy)
            there[copied] = b.cycle + 4;
        for (unsigned l = 0; l < LANES; l++)
            if (!asking[l] && (asks >> l & 1)) {
                asking[l] = true;
                asked[l] = (unsigned)b.random.below(INSTRUMENTS);
                asking_live[l] = b.random.percent(50) && there[asked[l]] <= b.cycle &&
                                 !is_awaited(asked[l]) && !(a.valid && a.instrument == asked[l]) &&
                                 !(second.valid && second.instrument == asked[l]);
            }
        uint64_t valid = 0, live = 0, instruments = 0;
        for (unsigned l = 0; l < LANES; l++) {
            valid |= (uint64_t)asking[l] << l;
            live |= (uint64_t)asking_live[l] << l;
            instruments |= (uint64_t)asked[l] << 24 * l;
        }
        b.dut.read_valid_i = valid;
        b.dut.read_live_i = live;
        b.dut.read_instrument_i = instruments;
        b.settle();
        look();
        const bool force = clash || refused >= WAIT - 1, copied_0 = (copies >> 2 & 1) != 0;
        const bool port_1_free = (copies & 1) == 0;
        const bool free[] = { LANES == 1 ? port_1_free : !force && !copied_0, port_1_free };
        const bool port_0_free = !copied_0 && !(LANES == 2 && asking[0] && free[0]);
        forced += force;
        b.expect(b.dut.busy_o == busy(), "busy %d", b.dut.busy_o);
        for (unsigned l = 0; l < LANES; l++) {
            b.expect((b.dut.read_ready_o >> l & 1) == free[l], "lane %u: ready %d", l,
                     b.dut.read_ready_o >> l & 1);
            if (asking[l] && free[l]) {
                answers[l][0].valid = true;
                answers[l][0].row = bank[frozen != asking_live[l]][asked[l]];
                live_reads += asking_live[l];
                asking[l] = false;
                reads[l]++;
            }
        }
        if (copy)
            bank[!frozen][copied] = bank[frozen][copied];
        advance(a, second, port_0_free);
        store(a, inject);
        store(second, inject);
        copies = copies << 1 | copy;
        b.tick();
    }
    void quiet(unsigned cycles, unsigned asks)
    {
        while (cycles-- > 0)
            cycle({}, {}, false, 0, 0, asks);
    }
    void settle(unsigned asks)
    {
        while (busy())
            quiet(1, asks);
    }
};

int main()
{
    Bench<Vrow_store> b("row_store", 150000);
    b.dut.write_a_valid_i = b.dut.write_b_valid_i = b.dut.copy_valid_i = b.dut.read_valid_i = 0;
    b.dut.read_instrument_i = b.dut.read_live_i = 0;
    b.reset();
    Model m(b);

    b.begin("every word of both banks");
    for (unsigned k = 0; k < 2; k++) {
        for (unsigned i = 0; i < INSTRUMENTS; i++)
            for (unsigned c = 0; c < COLUMNS; c += 2) {
                Write first = m.random_write(c),
                      second = m.random_write(c + 1 < COLUMNS ? c + 1 : 0);
                first.instrument = second.instrument = i;
                second.valid = c + 1 < COLUMNS;
                m.cycle(first, second, false, 0, 0, 0);
            }
        m.settle(0);
        m.frozen = !m.frozen;
    }
    m.quiet(4 * INSTRUMENTS, ALL);
    b.end();

    b.begin("a read per cycle on each port while nothing else is done");
    const uint64_t before[2] = { m.reads[0], m.reads[LANES - 1] };
    m.quiet(100, ALL);
    b.expect(m.reads[0] - before[0] == 100 && m.reads[LANES - 1] - before[1] == 100,
             "%" PRIu64 " and %" PRIu64 " reads in 100 cycles", m.reads[0] - before[0],
             m.reads[LANES - 1] - before[1]);
    b.end();

    b.begin("reads among writes, copies, flips and injected errors");
    Stall ask_0(b.random), ask_1(b.random), writes(b.random), copies(b.random);
    for (uint64_t i = 0; i < b.count; i++) {
        Write first, second;
        const bool copying = i / 256 % 2 != 0;
        if (writes.go() && (m.copies & 3) == 0 && (!copying || b.random.percent(5))) {
            const unsigned ports = 1 + (unsigned)b.random.below(3);
            const unsigned c = (unsigned)b.random.below(COLUMNS + 1);
            if (ports & 1)
                first = m.random_write(c);
            if (ports & 2)
                second =
                    m.random_write((c + 1 + (unsigned)b.random.below(COLUMNS)) % (COLUMNS + 1));
        }
        const bool copy = copying && !first.valid && !second.valid && !m.busy() && copies.go();
        const unsigned inject = b.random.percent(2) ? 1 + (unsigned)b.random.below(3) : 0;
        m.cycle(first, second, copy, m.free_row(), inject,
                (unsigned)ask_1.go() << 1 | (unsigned)ask_0.go());
        if (b.random.percent(1)) { /* everything must be there, a copy 4 cycles after it came */
            m.settle(ALL);
            m.quiet((m.copies & 1) != 0   ? 3
                    : (m.copies & 2) != 0 ? 2
                    : (m.copies & 4) != 0 ? 1
                                          : 0,
                    ALL);
            m.frozen = !m.frozen;
        }
    }
    b.expect(LANES == 1 || !b.is_long() || m.forced > b.count / 1000,
             "only %" PRIu64 " reads made way", m.forced);
    b.expect(!b.is_long() || (m.corrected > b.count / 100 && m.uncorrectable > b.count / 100),
             "only %" PRIu64 " corrected, %" PRIu64 " uncorrectable", m.corrected, m.uncorrectable);
    b.expect(!b.is_long() || m.live_reads > b.count / 10, "only %" PRIu64 " live reads",
             m.live_reads);
    b.end();

    b.begin("contents survive reset, reads in flight do not");
    m.settle(ALL);
    m.quiet(4, ALL);
    b.dut.read_valid_i = 0;
    b.reset();
    for (unsigned l = 0; l < LANES; l++) {
        m.asking[l] = false;
        for (Read &r : m.answers[l])
            r.valid = false;
    }
    m.copies = 0;
    m.quiet(4 * INSTRUMENTS, ALL);
    b.end();
    return b.finish();
}
