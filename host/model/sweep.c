#include "sweep.h"

#include <stddef.h>
#include <string.h>

#include "brackets.h"
#include "close.h"

/* One account in flight: the expiry and the underlying that are open, and the sums of the account.
 */
struct account {
    const struct pl_tables *tables;
    const struct pl_trace *trace;
    uint64_t header;
    uint8_t mode;
    pl_i128 cash;
    size_t slots;
    int64_t last_instrument;       /* -1: none yet */
    const struct pl_row *last_row; /* of the slot before, if it was a position; else NULL */
    int64_t last_lots;
    bool expiry_open, underlying_open;
    uint16_t underlying;
    int view_count; /* 2 once an unpriced asset was met */
    struct pl_expiry_sums expiry;
    struct pl_sums sums[2];
    struct pl_account_sums views[2];
};

static void account_start(struct account *a, const struct pl_sweep *sweep, uint64_t header)
{
    a->tables = sweep->tables;
    a->trace = sweep->trace;
    a->header = header;
    a->mode = (uint8_t)pl_slot_header_mode(header);
    a->cash = 0;
    a->slots = 1;
    a->last_instrument = -1;
    a->last_row = NULL;
    a->expiry_open = a->underlying_open = false;
    a->view_count = 1;
    pl_close_account_start(&a->views[0]);
}

static void end_underlying(struct account *a)
{
    if (!a->underlying_open)
        return;
    for (int view = 0; view < a->view_count; view++) {
        struct pl_underlying_result result;
        pl_close_underlying(a->tables, a->underlying, &a->sums[view], &result);
        pl_close_account_add(a->tables, &result, view, &a->views[view], a->trace);
    }
    a->underlying_open = false;
}

static void end_expiry(struct account *a)
{
    if (!a->expiry_open)
        return;
    struct pl_sums closed;
    uint8_t scenario_count = a->tables->underlyings[a->underlying].scenario_count;
    pl_close_expiry(a->tables, &a->expiry, a->mode, &closed);
    if (a->trace != NULL)
        a->trace->expiry(a->trace->context, a->expiry.expiry, &closed, a->expiry.unpriced_asset);
    if (a->expiry.unpriced_asset &&
        a->view_count == 1) { /* from here on, two views of the account */
        a->sums[1] = a->sums[0];
        a->views[1] = a->views[0];
        a->view_count = 2;
    }
    for (int view = 0; view < a->view_count; view++) {
        if (!(a->expiry.unpriced_asset && view == 1)) /* view 1: the asset counts for nothing */
            pl_sums_add(&a->sums[view], &closed, scenario_count);
    }
    a->expiry_open = false;
}

static void start_expiry(struct account *a, uint16_t expiry)
{
    uint16_t underlying = a->tables->expiries[expiry].underlying;
    if (a->expiry_open && a->expiry.expiry == expiry)
        return;
    end_expiry(a);
    if (a->underlying_open && a->underlying != underlying)
        end_underlying(a);
    if (!a->underlying_open) {
        memset(a->sums, 0, (size_t)a->view_count * sizeof a->sums[0]);
        a->underlying = underlying;
        a->underlying_open = true;
    }
    const size_t scenarios =
        a->mode == PL_MODE_PORTFOLIO ? a->tables->underlyings[underlying].scenario_count : 0;
    memset(&a->expiry, 0,
           offsetof(struct pl_expiry_sums, scenario) + scenarios * sizeof a->expiry.scenario[0]);
    a->expiry.expiry = expiry;
    a->expiry_open = true;
}

static void note_flags(struct account *a, const struct pl_row *row, bool may_be_ignored)
{
    uint32_t unpriced = row->flags & (PL_FLAG_UNPRICED | PL_FLAG_STALE);
    a->expiry.flags |= row->flags & ~unpriced;
    if (unpriced != 0 && may_be_ignored)
        a->expiry.unpriced_asset = true;
    else
        a->expiry.flags |= unpriced;
}

static void add_position(struct account *a, const struct pl_row *row, int64_t lots)
{
    struct pl_expiry_sums *e = &a->expiry;
    int64_t size = lots < 0 ? -lots : lots;
    e->held |= lots != 0;
    if (lots != 0)
        note_flags(a, row, row->is_asset && lots > 0);
    e->value += (pl_i128)lots * row->base;
    e->greeks[PL_GREEK_DELTA] += (pl_i128)lots * row->delta;
    e->greeks[PL_GREEK_GAMMA] += (pl_i128)lots * row->gamma;
    e->greeks[PL_GREEK_VEGA] += (pl_i128)lots * row->vega;
    e->greeks[PL_GREEK_THETA] += (pl_i128)lots * row->theta;
    e->greeks[PL_GREEK_RHO] += (pl_i128)lots * row->rho;
    e->fee += (pl_i128)size * row->fee;
    if (a->mode != PL_MODE_PORTFOLIO) {
        struct pl_bracket_requirement r = pl_brackets_evaluate(a->tables, row, lots, &e->flags);
        e->bracket_mm = pl_money_add(e->bracket_mm, r.mm, &e->flags);
        e->bracket_im = pl_money_add(e->bracket_im, r.im, &e->flags);
        return;
    }
    e->mm += (pl_i128)size * (lots < 0 ? row->mm_short : row->mm_long);
    e->im += (pl_i128)size * (lots < 0 ? row->im_short : row->im_long);
    e->gross += (pl_i128)size * row->gross;
    e->basis_up += (pl_i128)lots * row->basis_up;
    e->basis_down += (pl_i128)lots * row->basis_down;
    uint32_t scenario_count = a->tables->underlyings[a->underlying].scenario_count;
    for (uint32_t i = 0; i < scenario_count; i++)
        e->scenario[i] += (pl_i128)lots * row->scenario[i];
}

static pl_i128 initial_column(const struct pl_row *row, int64_t lots)
{
    return lots < 0 ? (pl_i128)-lots * row->im_short : (pl_i128)lots * row->im_long;
}

static pl_i128 max128(pl_i128 a, pl_i128 b)
{
    return a > b ? a : b;
}

static int64_t size_of(int64_t lots)
{
    return lots < 0 ? -lots : lots;
}

/* What resting orders add to the initial requirement of the position before them, at the worse
 * side. Their flags cast doubt on that requirement only. */
static void add_orders(struct account *a, int64_t buy, int64_t sell)
{
    struct pl_expiry_sums *e = &a->expiry;
    const struct pl_row *row = a->last_row;
    int64_t lots = a->last_lots, held_size = size_of(lots);
    int64_t more =
        pl_max64(held_size, pl_max64(size_of(lots + buy), size_of(lots - sell))) - held_size;
    e->held |= buy != 0 || sell != 0;
    e->order_flags |= row->flags;
    e->order_im += (pl_i128)more * row->fee;
    if (a->mode != PL_MODE_PORTFOLIO) {
        int64_t held = pl_brackets_evaluate(a->tables, row, lots, &e->order_flags).im;
        int64_t bought = pl_brackets_evaluate(a->tables, row, lots + buy, &e->order_flags).im;
        int64_t sold = pl_brackets_evaluate(a->tables, row, lots - sell, &e->order_flags).im;
        int64_t worse = pl_max64(held, pl_max64(bought, sold)) - held;
        e->bracket_im = pl_money_add(e->bracket_im, worse, &e->flags);
        return;
    }
    pl_i128 held = initial_column(row, lots);
    pl_i128 worse = max128(initial_column(row, lots + buy), initial_column(row, lots - sell));
    e->order_im += max128(held, worse) - held + (pl_i128)sell * row->order_naked;
    e->order_loss += max128((pl_i128)buy * row->order_long, (pl_i128)sell * row->order_short);
    e->gross += (pl_i128)more * row->gross; /* read by the oracle term alone */
}

/* Returns false when the slot breaks the contract. */
static bool take_position(struct account *a, uint64_t slot)
{
    int64_t instrument = (int64_t)pl_slot_position_instrument(slot);
    int64_t lots = pl_slot_position_lots(slot);
    bool requirement = pl_slot_tag(slot) == PL_TAG_REQUIREMENT;
    if (instrument >= a->tables->model.instruments || instrument <= a->last_instrument)
        return false;
    const struct pl_row *row = &a->tables->rows[instrument];
    if (requirement != (row->row == PL_ROW_KIND_REQUIREMENT) || (requirement && lots < 0))
        return false;
    start_expiry(a, row->expiry);
    add_position(a, row, lots);
    a->last_instrument = instrument;
    a->last_row = requirement ? NULL : row;
    a->last_lots = lots;
    return true;
}

static bool take_slot(struct account *a, uint64_t slot)
{
    if (++a->slots > PL_ACCOUNT_SLOTS_MAX)
        return false;
    switch (pl_slot_tag(slot)) {
    case PL_TAG_CASH:
        a->cash += pl_slot_cash_amount(slot);
        a->last_row = NULL;
        return true;
    case PL_TAG_CASH_HIGH:
        a->cash += (pl_i128)pl_slot_cash_amount(slot) * (INT64_C(1) << 32);
        a->last_row = NULL;
        return true;
    case PL_TAG_POSITION:
    case PL_TAG_REQUIREMENT: return take_position(a, slot);
    case PL_TAG_ORDERS:
        if (a->last_row == NULL)
            return false;
        add_orders(a, (int64_t)pl_slot_orders_buy(slot), (int64_t)pl_slot_orders_sell(slot));
        a->last_row = NULL;
        return true;
    default: return false;
    }
}

static void account_end(struct account *a, struct pl_verdict *verdict)
{
    end_expiry(a);
    end_underlying(a);
    for (int view = 0; view < a->view_count; view++)
        pl_close_account_end(a->tables, view, &a->views[view], a->trace);
    for (int view = 0; view < a->view_count; view++) {
        int64_t cash = pl_money_limit(a->cash, &a->views[view].flags);
        if (view == a->view_count - 1)
            pl_verdict_decide(a->tables, a->views, a->view_count, cash, a->header, verdict);
    }
}

void pl_sweep_start(struct pl_sweep *s, const struct pl_tables *tables, const uint64_t *slots,
                    size_t count, uint8_t filter)
{
    *s = (struct pl_sweep){
        .tables = tables, .slots = slots, .count = count, .stop = count, .filter = filter
    };
    s->status = tables->complete && tables->committed ? PL_STATUS_OK : PL_STATUS_NOT_LOADED;
    s->ended = s->status != PL_STATUS_OK;
    s->summary.tick = tables->tick;
    s->summary.last_account = UINT32_MAX;
}

static bool starts_account(const struct pl_sweep *s)
{
    uint64_t slot = s->slots[s->next];
    uint64_t mode = pl_slot_header_mode(slot);
    return pl_slot_tag(slot) == PL_TAG_HEADER && mode >= PL_MODE_PORTFOLIO &&
           mode <= PL_MODE_ISOLATED &&
           pl_slot_header_multiplier(slot) < s->tables->model.multipliers;
}

static int fail(struct pl_sweep *s, enum pl_status status)
{
    s->status = status;
    s->summary.status = status;
    s->ended = true;
    return -(int)status;
}

int pl_sweep_next(struct pl_sweep *s, struct pl_verdict *verdict)
{
    struct account account;
    if (s->status != PL_STATUS_OK)
        return fail(s, s->status);
    while (s->next < s->count && pl_slot_tag(s->slots[s->next]) == PL_TAG_PAD)
        s->next++;
    if (s->next == s->count)
        return fail(s, PL_STATUS_MALFORMED_SLOT); /* no END */
    if (pl_slot_tag(s->slots[s->next]) == PL_TAG_END) {
        s->summary.slots = s->next + 1;
        s->ended = true;
        return 0;
    }
    if (!starts_account(s))
        return fail(s, PL_STATUS_MALFORMED_SLOT);
    account_start(&account, s, s->slots[s->next++]);
    for (;; s->next++) {
        uint8_t tag = s->next == s->count ? PL_TAG_PAD : pl_slot_tag(s->slots[s->next]);
        if (s->next == s->count)
            return fail(s, PL_STATUS_MALFORMED_SLOT);
        if (tag == PL_TAG_HEADER || tag == PL_TAG_END)
            break;
        if (tag != PL_TAG_PAD && !take_slot(&account, s->slots[s->next]))
            return fail(s, PL_STATUS_MALFORMED_SLOT);
    }
    account_end(&account, verdict);
    s->summary.accounts++;
    s->summary.by_state[verdict->state]++;
    s->summary.flagged += verdict->state >= s->filter;
    s->summary.last_account = verdict->account;
    return 1;
}

size_t pl_sweep_take_one(struct pl_sweep *s, struct pl_verdict *verdict)
{
    if (pl_sweep_next(s, verdict) <= 0 || verdict->state < s->filter)
        return 0;
    verdict->serial = verdict->serial_again = s->serial++;
    return 1;
}

size_t pl_sweep_take(struct pl_sweep *s, struct pl_verdict *verdicts, size_t max)
{
    size_t taken = 0;
    while (taken < max && pl_sweep_goes_on(s))
        taken += pl_sweep_take_one(s, &verdicts[taken]);
    return taken;
}
