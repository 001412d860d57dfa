/* The end of a load: is every table full, and does every reference hold? */
#include "tables.h"

static bool scenarios_full(const struct pl_tables *t, const struct pl_underlying *u)
{
    const struct pl_scenario *s = pl_tables_scenarios(t, u);
    for (uint32_t i = 0; i < u->scenario_count; i++) {
        if (s[i].kind != PL_RECORD_SCENARIO || s[i].count != u->scenario_count)
            return false;
    }
    return true;
}

/* Underlyings of one offset group are neighbours with as many scenarios and equal factors. */
static bool group_holds(const struct pl_tables *t, uint32_t index)
{
    const struct pl_underlying *u = &t->underlyings[index];
    if (u->offset_group == 0 || index == 0)
        return true;
    const struct pl_underlying *before = &t->underlyings[index - 1];
    if (before->offset_group == u->offset_group) {
        return before->scenario_count == u->scenario_count &&
               before->mm_loss_factor == u->mm_loss_factor &&
               before->im_loss_factor == u->im_loss_factor;
    }
    for (uint32_t i = 0; i + 1 < index; i++) {
        if (t->underlyings[i].offset_group == u->offset_group)
            return false;
    }
    return true;
}

/* Rows follow their expiries; an expiry holds coins only, or no coin. */
static bool instrument_holds(const struct pl_tables *t, uint32_t index)
{
    const struct pl_instrument *i = &t->instruments[index];
    if (i->kind != PL_RECORD_INSTRUMENT)
        return false;
    if (index == 0)
        return true;
    const struct pl_instrument *before = &t->instruments[index - 1];
    return before->expiry < i->expiry ||
           (before->expiry == i->expiry && before->is_asset == i->is_asset);
}

static bool bracket_tables_full(const struct pl_tables *t, uint32_t table)
{
    const struct pl_bracket *b = &t->brackets[(size_t)table * PL_BRACKETS_MAX];
    for (uint32_t i = 0; i == 0 || i < b->count; i++) {
        if (b[i].kind != PL_RECORD_BRACKET || b[i].count != b->count)
            return false;
    }
    return true;
}

static enum pl_status fail(uint64_t *detail, enum pl_record kind, uint32_t index)
{
    *detail = (uint64_t)kind << 32 | index;
    return PL_STATUS_MALFORMED_RECORD;
}

enum pl_status pl_tables_finish(struct pl_tables *t, uint64_t *detail)
{
    const struct pl_model *m = &t->model;
    for (uint32_t i = 0; i < m->underlyings; i++) {
        const struct pl_underlying *u = &t->underlyings[i];
        if (u->kind != PL_RECORD_UNDERLYING || !scenarios_full(t, u) || !group_holds(t, i))
            return fail(detail, PL_RECORD_UNDERLYING, i);
    }
    for (uint32_t i = 0; i < m->expiries; i++) {
        if (t->expiries[i].kind != PL_RECORD_EXPIRY ||
            (i > 0 && t->expiries[i - 1].underlying > t->expiries[i].underlying))
            return fail(detail, PL_RECORD_EXPIRY, i);
    }
    for (uint32_t i = 0; i < m->instruments; i++) {
        if (!instrument_holds(t, i))
            return fail(detail, PL_RECORD_INSTRUMENT, i);
    }
    for (uint32_t i = 0; i < m->classes; i++) {
        if (t->classes[i].kind != PL_RECORD_CLASS)
            return fail(detail, PL_RECORD_CLASS, i);
    }
    for (uint32_t i = 0; i < m->bracket_tables; i++) {
        if (!bracket_tables_full(t, i))
            return fail(detail, PL_RECORD_BRACKET, i + 1);
    }
    for (uint32_t i = 0; i < m->multipliers; i++) {
        if (t->multipliers[i].kind != PL_RECORD_MULTIPLIER)
            return fail(detail, PL_RECORD_MULTIPLIER, i);
    }
    for (uint32_t i = 0; i < m->offset_groups; i++) {
        if (t->offset_groups[i].kind != PL_RECORD_OFFSET_GROUP)
            return fail(detail, PL_RECORD_OFFSET_GROUP, i + 1);
    }
    t->complete = true;
    return PL_STATUS_OK;
}
