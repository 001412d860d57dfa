#include "guard.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "drift.h"
#include "exposure.h"
#include "lots.h"
#include "stakes.h"

#define SHARE_MIN (PL_BUDGET_ONE / 16) /* what remains must be worth sharing */
#define COST_MAX ((pl_u128)1 << 62)
/* A budget costs as much as judging some accounts: once more than one in DUE_PART have lost theirs
 * at two ticks in a row, only one in PILOTS is given a new one, until no more than one in DUE_PART
 * of these lose it. Not in books so small that it does not matter. */
#define DUE_PART 8
#define PILOTS 16
#define BUDGETS_MIN 32
#define VOLS_PART 8 /* of what remains, one part in so many is for vols that move alone */
#define NOT_DUE UINT32_MAX

struct account {
    struct pl_band *bands; /* in their gauges while the account is not due */
    size_t count, capacity;
    uint64_t vols_spent, vols_limit; /* by vols that moved alone; up to which all is well */
    uint32_t due_at;                 /* place among the due; NOT_DUE */
    bool unbounded; /* due again as soon as what it holds moves, though it was judged */
    bool known;     /* its stakes are those of the slots it has */
    bool listed;    /* among the unbounded, whether it still is or not */
};

struct pl_guard {
    struct pl_gauges gauges;
    bool loaded;
    uint8_t filter;
    uint32_t account_count, due_count, unbounded_count;
    uint32_t budgets, pilot_budgets; /* accounts with bands; pilots among them */
    bool sparing;                    /* everybody is given a budget, not only pilots */
    bool in_vain;                    /* but too many lost theirs at the last tick */
    struct account *accounts;
    uint32_t *due, *unbounded;
    struct pl_stakes stakes;
    bool stakes_known; /* false: out of memory; everybody is due when a vol moves alone */
    uint32_t *options; /* of the account in hand */
    size_t option_capacity;
    struct pl_exposure exposure;
};

struct pl_guard *pl_guard_open(uint32_t accounts, uint8_t filter)
{
    struct pl_guard *g = calloc(1, sizeof *g);
    if (g == NULL)
        return NULL;
    g->filter = filter;
    g->sparing = true;
    g->account_count = g->due_count = accounts;
    g->accounts = calloc((size_t)accounts + 1, sizeof *g->accounts);
    g->due = calloc((size_t)accounts + 1, sizeof *g->due);
    g->unbounded = calloc((size_t)accounts + 1, sizeof *g->unbounded);
    bool stakes = pl_stakes_open(&g->stakes, accounts);
    if (g->accounts == NULL || g->due == NULL || g->unbounded == NULL || !stakes) {
        pl_guard_close(g);
        return NULL;
    }
    for (uint32_t i = 0; i < accounts; i++)
        g->due[i] = g->accounts[i].due_at = i;
    return g;
}

void pl_guard_close(struct pl_guard *g)
{
    if (g == NULL)
        return;
    for (uint32_t i = 0; i < g->account_count && g->accounts != NULL; i++)
        free(g->accounts[i].bands);
    pl_gauges_free(&g->gauges);
    pl_stakes_free(&g->stakes);
    free(g->options);
    free(g->exposure.slopes);
    free(g->exposure.options);
    free(g->accounts);
    free(g->due);
    free(g->unbounded);
    free(g);
}

static struct pl_gauge *gauge_of(struct pl_guard *g, const struct pl_band *band)
{
    return &g->gauges.items[band->gauge];
}

static bool is_pilot(uint32_t account)
{
    return account % PILOTS == 0;
}

static void detach(struct pl_guard *g, uint32_t account)
{
    struct account *a = &g->accounts[account];
    g->budgets -= a->count > 0;
    g->pilot_budgets -= a->count > 0 && is_pilot(account);
    for (size_t i = 0; i < a->count; i++)
        pl_gauge_remove(gauge_of(g, &a->bands[i]), &a->bands[i]);
    a->count = 0;
}

static void become_due(struct pl_guard *g, uint32_t account)
{
    struct account *a = &g->accounts[account];
    if (a->due_at != NOT_DUE)
        return;
    detach(g, account);
    a->due_at = g->due_count;
    g->due[g->due_count++] = account;
}

static void all_due(struct pl_guard *g)
{
    for (uint32_t i = 0; i < g->account_count; i++)
        become_due(g, i);
}

int pl_guard_load(struct pl_guard *g, const struct pl_line *records, size_t count, uint8_t profile)
{
    if (g->loaded && pl_gauges_rescale(&g->gauges, records, count, profile))
        return 0;
    all_due(g);
    int error = pl_gauges_load(&g->gauges, records, count, profile);
    if (error == 0 && !pl_stakes_start(&g->stakes, g->gauges.tables.model.instruments))
        error = -ENOMEM;
    for (uint32_t i = 0; i < g->account_count; i++)
        g->accounts[i].known = false;
    g->loaded = g->stakes_known = error == 0;
    g->sparing = true;
    if (error != 0)
        pl_gauges_free(&g->gauges);
    return error;
}

/* Gives each band what it has spent, and its share of what remains of the account's budget, by what
 * it costs and how far its gauge moves. False: too little remains, or a gauge left its reach. */
static bool share(struct pl_guard *g, uint32_t account)
{
    struct account *a = &g->accounts[account];
    pl_u128 total = 0;
    uint64_t spent = a->vols_spent;
    if (spent > PL_BUDGET_ONE)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        struct pl_band *b = &a->bands[i];
        uint64_t here = pl_band_spent(gauge_of(g, b), b);
        if (here > PL_BUDGET_ONE - spent)
            return false;
        spent += here;
        uint64_t cost = b->cost[0] > b->cost[1] ? b->cost[0] : b->cost[1];
        total += (pl_u128)cost * gauge_of(g, b)->weight;
    }
    uint64_t rest = PL_BUDGET_ONE - spent;
    if (rest < SHARE_MIN)
        return false;
    uint64_t for_vols = g->stakes.accounts[account].count > 0 ? rest / VOLS_PART : 0;
    a->vols_limit = a->vols_spent + for_vols;
    rest -= for_vols;
    for (size_t i = 0; i < a->count; i++) {
        struct pl_band *b = &a->bands[i];
        struct pl_gauge *gauge = gauge_of(g, b);
        uint64_t cost = b->cost[0] > b->cost[1] ? b->cost[0] : b->cost[1];
        uint64_t part =
            total == 0
                ? 0
                : (uint64_t)(((pl_u128)cost * gauge->weight >> 6) * rest / ((total >> 6) + 1));
        pl_gauge_allow(gauge, b, pl_band_spent(gauge, b) + part);
    }
    return true;
}

/* Every band that its gauge has left: its account shares its budget anew, or is due. Trips are over
 * then: who is judged on this tick has seen what tripped. */
static void look(struct pl_guard *g)
{
    for (size_t i = 0; i < g->gauges.count; i++) {
        struct pl_gauge *gauge = &g->gauges.items[i];
        struct pl_band *band;
        while ((band = pl_gauge_left(gauge)) != NULL) {
            if (!share(g, band->account))
                become_due(g, band->account);
        }
    }
    for (size_t i = 0; i < g->gauges.count; i++)
        g->gauges.items[i].tripped = false;
}

/* In new units a row may not have the room that it had. */
static void check_units(struct pl_guard *g)
{
    for (uint32_t e = 0; e < g->gauges.tables.model.expiries && g->gauges.rescaled; e++) {
        if (!pl_lots_fit(&g->gauges, (uint16_t)e))
            g->gauges.items[pl_gauge_ratio(&g->gauges, (uint16_t)e)].tripped = true;
    }
    g->gauges.rescaled = false;
}

/* A vol moved alone: only its holders see it. */
static void spend_vol(struct pl_guard *g, const struct pl_vol_move *move)
{
    const struct pl_holder_list *list = &g->stakes.lists[move->instrument];
    for (uint32_t i = 0; i < list->count; i++) {
        struct pl_holder h = list->items[i];
        struct account *a = &g->accounts[h.account];
        if (a->due_at != NOT_DUE)
            continue;
        uint64_t cost = g->stakes.accounts[h.account].items[h.stake].cost;
        pl_u128 spent = ((pl_u128)cost * (uint64_t)move->drift >> PL_MOVE_BITS) + 1;
        bool bounded = !a->unbounded && move->drift < PL_DRIFT_MAX && spent <= PL_BUDGET_ONE;
        a->vols_spent += bounded ? (uint64_t)spent : 0;
        if (!bounded || (a->vols_spent > a->vols_limit && !share(g, h.account)))
            become_due(g, h.account);
    }
}

/* What moved may be anybody's. */
static void end_unbounded(struct pl_guard *g)
{
    for (uint32_t i = 0; i < g->unbounded_count; i++) {
        struct account *a = &g->accounts[g->unbounded[i]];
        if (a->unbounded)
            become_due(g, g->unbounded[i]);
        a->unbounded = a->listed = false;
    }
    g->unbounded_count = 0;
}

/* Whether budgets are worth what they cost, by how many of those that there were are lost. */
static void weigh(struct pl_guard *g, uint32_t budgets, uint32_t pilots)
{
    bool many = budgets >= BUDGETS_MIN && budgets - g->budgets > budgets / DUE_PART;
    if (g->sparing)
        g->sparing = !(many && g->in_vain);
    else
        g->sparing = pilots - g->pilot_budgets <= pilots / DUE_PART;
    g->in_vain = many;
}

int pl_guard_tick(struct pl_guard *g, const struct pl_line *records, size_t count)
{
    uint32_t budgets = g->budgets, pilots = g->pilot_budgets;
    if (!g->loaded) {
        all_due(g);
        return 0;
    }
    int error = pl_gauges_tick(&g->gauges, records, count);
    if (error != 0 || (g->gauges.few_vols && !g->stakes_known)) {
        all_due(g);
        g->loaded &= error == 0;
    } else if (g->gauges.few_vols) {
        for (uint32_t i = 0; i < g->gauges.move_count; i++)
            spend_vol(g, &g->gauges.moves[i]);
    } else {
        end_unbounded(g);
        check_units(g);
        look(g);
    }
    weigh(g, budgets, pilots);
    return error;
}

size_t pl_guard_due(const struct pl_guard *g, const uint32_t **accounts)
{
    *accounts = g->due;
    return g->due_count;
}

static void no_longer_due(struct pl_guard *g, uint32_t account)
{
    struct account *a = &g->accounts[account];
    uint32_t last = g->due[--g->due_count];
    g->due[a->due_at] = last;
    g->accounts[last].due_at = a->due_at;
    a->due_at = NOT_DUE;
}

/* The part of a need's margin, Q.32, rounded up. */
static pl_u128 part_of(const struct pl_need *need, pl_i128 money)
{
    pl_u128 m = (pl_u128)money, margin = (pl_u128)need->margin;
    return m >> 90 != 0 ? COST_MAX : ((m << PL_BUDGET_BITS) + margin - 1) / margin;
}

/* The budget of a move of 1, rounded up; COST_MAX and more cannot be guarded. */
static pl_u128 cost_of(const struct pl_exposure *e, const struct pl_slope *s, int side)
{
    pl_u128 most = 0;
    for (uint32_t need = 0; need < e->need_count; need++) {
        pl_u128 cost = part_of(&e->needs[need], s->cost[need][side]);
        most = cost > most ? cost : most;
    }
    return most;
}

static void set_stakes(const struct pl_exposure *e, struct pl_account_stakes *stakes)
{
    assert(e->option_count == stakes->count);
    for (uint32_t i = 0; i < stakes->count; i++) {
        pl_u128 most = 0;
        for (uint32_t need = 0; need < e->need_count; need++) {
            pl_u128 cost = part_of(&e->needs[need], e->options[i].cost[need]);
            most = cost > most ? cost : most;
        }
        stakes->items[i].cost = (uint64_t)(most < COST_MAX ? most : COST_MAX);
    }
}

static bool grow(void **items, size_t *capacity, size_t count, size_t size)
{
    if (count <= *capacity)
        return true;
    void *grown = realloc(*items, count * size);
    if (grown == NULL)
        return false;
    *items = grown;
    *capacity = count;
    return true;
}

static bool make_bands(struct pl_guard *g, uint32_t account)
{
    struct account *a = &g->accounts[account];
    const struct pl_exposure *e = &g->exposure;
    if (!grow((void **)&a->bands, &a->capacity, e->count, sizeof *a->bands))
        return false;
    for (size_t i = 0; i < e->count; i++) {
        const struct pl_slope *s = &e->slopes[i];
        struct pl_gauge *gauge = &g->gauges.items[s->gauge];
        pl_u128 down = cost_of(e, s, PL_SIDE_DOWN), up = cost_of(e, s, PL_SIDE_UP);
        int64_t origin = pl_gauges_origin(&g->gauges, s->gauge);
        if (down >= COST_MAX || up >= COST_MAX || (gauge->relative && origin <= 0) ||
            !pl_gauge_reserve(gauge))
            return false;
        a->bands[i] = (struct pl_band){
            .account = account,
            .gauge = s->gauge,
            .at = { UINT32_MAX, UINT32_MAX },
            .origin = origin,
            .unit = gauge->relative ? origin : PL_MOVE_ONE,
            .cost = { (uint64_t)down, (uint64_t)up },
        };
    }
    a->count = e->count;
    return true;
}

/* Trips of this tick are over once an account is judged on it. */
static bool guard_account(struct pl_guard *g, uint32_t account)
{
    struct account *a = &g->accounts[account];
    a->vols_spent = 0;
    if (g->stakes_known)
        set_stakes(&g->exposure, &g->stakes.accounts[account]);
    bool good = make_bands(g, account) && share(g, account);
    for (size_t i = 0; i < a->count && good; i++)
        pl_gauge_add(gauge_of(g, &a->bands[i]), &a->bands[i]);
    if (!good)
        a->count = 0;
    g->budgets += a->count > 0;
    g->pilot_budgets += a->count > 0 && is_pilot(account);
    return good;
}

/* What the account holds of options. */
static void note_options(struct pl_guard *g, uint32_t account, const uint64_t *slots, size_t count)
{
    const struct pl_instrument *instruments = g->gauges.tables.instruments;
    uint32_t held = 0;
    g->stakes_known &= grow((void **)&g->options, &g->option_capacity, count, sizeof *g->options);
    for (size_t i = 1; i < count && g->stakes_known; i++) {
        uint8_t tag = pl_slot_tag(slots[i]);
        if (tag != PL_TAG_POSITION && tag != PL_TAG_REQUIREMENT)
            continue;
        uint32_t instrument = (uint32_t)pl_slot_position_instrument(slots[i]);
        if (instruments[instrument].row == PL_ROW_KIND_OPTION)
            g->options[held++] = instrument;
    }
    g->stakes_known = g->stakes_known && pl_stakes_set(&g->stakes, account, g->options, held);
    g->accounts[account].known = true;
}

static bool can_bound(const struct pl_guard *g, uint32_t account, const struct pl_verdict *verdict)
{
    return g->loaded && (g->sparing || is_pilot(account)) && g->gauges.settled &&
           verdict->state < g->filter && (verdict->flags & ~(uint32_t)PL_FLAG_GREEKS) == 0;
}

bool pl_guard_wants_slots(const struct pl_guard *g, uint32_t account,
                          const struct pl_verdict *verdict)
{
    return !g->accounts[account].known || can_bound(g, account, verdict);
}

void pl_guard_judged(struct pl_guard *g, uint32_t account, const uint64_t *slots, size_t count,
                     const struct pl_verdict *verdict)
{
    struct account *a = &g->accounts[account];
    assert(account < g->account_count);
    if (a->due_at == NOT_DUE)
        detach(g, account);
    else
        no_longer_due(g, account);
    bool measured = can_bound(g, account, verdict) &&
                    grow((void **)&g->exposure.slopes, &g->exposure.capacity,
                         pl_exposure_slopes_max(count), sizeof *g->exposure.slopes) &&
                    grow((void **)&g->exposure.options, &g->exposure.option_capacity,
                         pl_exposure_options_max(count), sizeof *g->exposure.options) &&
                    pl_exposure_measure(&g->gauges, slots, count, verdict, &g->exposure);
    if (g->loaded && slots != NULL)
        note_options(g, account, slots, count); /* its instruments are in the caches now */
    a->unbounded = !measured || !guard_account(g, account);
    if (a->unbounded && !a->listed) {
        g->unbounded[g->unbounded_count++] = account;
        a->listed = true;
    }
}

void pl_guard_forget(struct pl_guard *g, uint32_t account)
{
    become_due(g, account);
    g->accounts[account].known = false;
}

int64_t pl_guard_room(const struct pl_guard *g, uint32_t account)
{
    const struct account *a = &g->accounts[account];
    uint64_t spent = a->vols_spent;
    pl_u128 cost = 0;
    if (a->due_at != NOT_DUE || a->unbounded)
        return 0;
    for (size_t i = 0; i < a->count; i++) {
        const struct pl_band *b = &a->bands[i];
        spent += pl_band_spent(&g->gauges.items[b->gauge], b);
        if (b->gauge < g->gauges.tables.model.underlyings)
            cost += b->cost[0] > b->cost[1] ? b->cost[0] : b->cost[1];
    }
    if (cost == 0)
        return INT64_MAX;
    return (int64_t)(((pl_u128)(PL_BUDGET_ONE - spent) << PL_MOVE_BITS) / cost);
}
