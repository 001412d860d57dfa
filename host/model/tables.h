/* What a device holds: the loaded model and instruments, the live tick and the frozen one with its
 * risk rows.
 *
 * A load starts with a MODEL record, which sizes the tables; the caller gives the memory. Tick
 * records change the live tick only; a commit freezes it and reprices the rows of what changed, so
 * that nothing ever sees part of a tick. Not thread-safe: one writer; sweeps of other threads may
 * run between commits. */
#ifndef PL_MODEL_TABLES_H
#define PL_MODEL_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pl_abi.h"
#include "row.h"

/* The tick of one expiry: live while records arrive, frozen for sweeps. */
struct pl_expiry_tick {
    struct pl_tick_price price;
    struct pl_tick_time time;
    struct pl_tick_shift shift;
};

struct pl_tables {
    const struct pl_arith *arith;
    pl_row_price *price; /* of a row's scenarios; NULL: pl_black_value(), one after the other */
    bool fills_rows;     /* another fills the rows of `repriced` after a commit, not the commit */
    uint8_t profile;     /* PL_PROFILE_* */
    bool complete;       /* every entry of every table is loaded and consistent */
    bool committed;      /* a tick is frozen */
    uint64_t tick;
    int64_t time_us;
    struct pl_model model;
    struct pl_scenario *scenarios; /* [table * PL_SCENARIOS_MAX + index] */
    struct pl_underlying *underlyings;
    struct pl_expiry *expiries;
    struct pl_instrument *instruments;
    struct pl_class *classes;
    struct pl_bracket *brackets; /* [(table - 1) * PL_BRACKETS_MAX + index] */
    struct pl_multiplier *multipliers;
    struct pl_offset_group *offset_groups; /* [index - 1] */
    struct pl_expiry_tick *live, *frozen;
    struct pl_tick_vol *live_vols, *frozen_vols;
    int64_t *live_im_factor, *frozen_im_factor;
    uint8_t *expiry_changed, *instrument_changed;
    struct pl_row *rows;
    uint32_t *repriced; /* instruments whose rows the last commit filled, increasing */
    uint32_t repriced_count;
};

/* Bytes of memory that the tables of `model` need; 0 if its counts break a limit of the profile. */
size_t pl_tables_size(const struct pl_model *model, uint8_t profile);

/* Empties the tables and lays them out in `memory` (64-byte aligned, pl_tables_size bytes). */
void pl_tables_place(struct pl_tables *tables, const struct pl_model *model, uint8_t profile,
                     void *memory);

/* Takes one load record other than MODEL, or one tick record other than COMMIT.
 * Returns PL_STATUS_OK, _MALFORMED_RECORD (an unknown kind, an index or value outside its range),
 * or _NOT_LOADED (a tick record before the load is complete). */
enum pl_status pl_tables_load(struct pl_tables *tables, const struct pl_line *record);
enum pl_status pl_tables_tick(struct pl_tables *tables, const struct pl_line *record);

/* Ends a load: checks that every entry was loaded and that references and orders hold.
 * On PL_STATUS_MALFORMED_RECORD, *detail is the record kind (bits 63:32) and index (bits 31:0). */
enum pl_status pl_tables_finish(struct pl_tables *tables, uint64_t *detail);

/* Freezes the live tick and reprices what changed. `tick` must exceed the previous one. */
enum pl_status pl_tables_commit(struct pl_tables *tables, uint64_t tick, int64_t time_us);

static inline const struct pl_scenario *pl_tables_scenarios(const struct pl_tables *t,
                                                            const struct pl_underlying *u)
{
    return &t->scenarios[(size_t)u->scenario_table * PL_SCENARIOS_MAX];
}

#endif
