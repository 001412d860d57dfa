/* What the C model makes of the records and commits that the tables take. */
#ifndef PL_BENCH_TABLES_REFERENCE_H
#define PL_BENCH_TABLES_REFERENCE_H

#include <algorithm>
#include <vector>

#include "tables/book.h"

/* struct pl_tables with its memory, and what a card does not take of what the contract allows. */
struct Model {
    pl_tables t = {};
    void *memory = nullptr;

    ~Model()
    {
        free(memory);
    }
    bool fits(const pl_model &m) const
    {
        return pl_tables_size(&m, PROFILE) != 0 && m.instruments <= INSTRUMENTS &&
               m.expiries <= EXPIRIES && m.underlyings <= UNDERLYINGS && m.classes <= CLASSES &&
               m.bracket_tables < BRACKET_TABLES;
    }
    void place(const pl_line &record)
    {
        pl_model m;
        memcpy(&m, &record, sizeof m);
        free(memory);
        memory = aligned_alloc(PL_LINE_BYTES, pl_tables_size(&m, PROFILE));
        pl_tables_place(&t, &m, PROFILE, memory);
    }
    /* What model_load() makes of the first record. */
    uint8_t first(const Records &r) const
    {
        pl_model m;
        if (r.empty() || r[0].bytes[0] != PL_RECORD_MODEL)
            return PL_STATUS_MALFORMED_RECORD;
        memcpy(&m, &r[0], sizeof m);
        return fits(m) ? PL_STATUS_OK : PL_STATUS_LIMIT;
    }
    uint8_t one(bool tick, const pl_line &r)
    {
        if (tick)
            return r.bytes[0] == PL_RECORD_TICK_COMMIT && t.complete
                       ? (uint8_t)PL_STATUS_MALFORMED_RECORD
                       : (uint8_t)pl_tables_tick(&t, &r);
        const uint8_t status = (uint8_t)pl_tables_load(&t, &r);
        return status == PL_STATUS_OK && r.bytes[0] == PL_RECORD_SCENARIO &&
                       reinterpret_cast<const pl_scenario *>(&r)->count > SCENARIOS
                   ? (uint8_t)PL_STATUS_LIMIT
                   : status;
    }
    /* Takes the first `limit` records; `finished`: and ends the load. */
    uint8_t run(bool tick, const Records &r, size_t limit, bool finished, uint64_t *detail,
                size_t *accepted)
    {
        uint8_t status = PL_STATUS_OK;
        size_t i = 0;
        *detail = 0;
        *accepted = 0;
        if (!tick) {
            status = first(r);
            if (status != PL_STATUS_OK || limit == 0)
                return status;
            place(r[0]);
            i = *accepted = 1;
        }
        for (; i < std::min(limit, r.size()); i++) {
            status = one(tick, r[i]);
            *detail = i;
            if (status != PL_STATUS_OK)
                return status;
            *accepted = i + 1;
        }
        *detail = 0;
        return tick || !finished ? status : (uint8_t)pl_tables_finish(&t, detail);
    }
    /* A commit; `due` gets the instruments that it fills the rows of. */
    uint8_t commit(uint64_t tick, std::vector<unsigned> *due)
    {
        if (t.complete) /* a row that C fills loses this */
            memset(t.rows, 0xA5, t.model.instruments * sizeof *t.rows);
        const uint8_t status = (uint8_t)pl_tables_commit(&t, tick, 0);
        due->clear();
        for (unsigned i = 0; status == PL_STATUS_OK && i < t.model.instruments; i++) {
            const unsigned char *bytes = reinterpret_cast<const unsigned char *>(&t.rows[i]);
            if (std::any_of(bytes, bytes + sizeof t.rows[i],
                            [](unsigned char x) { return x != 0xA5; }))
                due->push_back(i);
        }
        return status;
    }
};

#endif
