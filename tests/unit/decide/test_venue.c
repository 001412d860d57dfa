/* The venue as a whole, by seeds: random books, prices with gaps, sources that are missing, late or
 * lie, plans that are wrong, bidders that vanish. After every input the ledger holds; nothing is
 * done to a healthy account or on a price that does not permit it; the same inputs give the same
 * bytes. PL_SEED=n PL_ROUNDS=0 runs the one seed alone. */
#include "../support/random.h"

#include "decide/rule.h"
#include "decide/venue.h"
#include "pl_abi.h"

#define E8 INT64_C(100000000)
#define SECOND INT64_C(1000000)
#define ASSETS_MAX 3
#define PER_ASSET 5 /* coin, linear perpetual, inverse perpetual, future, put */
#define ACCOUNTS_MAX 12
#define INPUTS_MAX 40000
#define START_US INT64_C(1700000000000000)

enum { COIN, LINEAR, INVERSE, FUTURE, PUT };

struct world {
    uint64_t seed;
    uint32_t assets, accounts, instruments;
    struct pl_venue_rules rules;
    struct pl_fusion_rules fusion[ASSETS_MAX];
    struct pl_contract contracts[ASSETS_MAX * PER_ASSET];
    struct pl_venue_instrument abouts[ASSETS_MAX * PER_ASSET];
    struct pl_venue_terms terms[ASSETS_MAX * PER_ASSET];
    struct pl_venue_expiry expiries[ASSETS_MAX];
    bool pegged[ASSETS_MAX];
    int64_t redeemed_us[ASSETS_MAX]; /* of the rate that stands */
    struct pl_venue_setup setup;
    int64_t true_price[ASSETS_MAX];
    int64_t spoke_us[ASSETS_MAX][PL_FUSION_SOURCES_MAX];
    bool dead[ASSETS_MAX][PL_FUSION_SOURCES_MAX];
    struct pl_venue *venue;
    struct pl_venue_input *inputs;
    uint32_t input_count;
    uint64_t hash;
    int64_t now_us;
    uint64_t seen[PL_VENUE_ACTIONS];
    uint8_t verdicts[ACCOUNTS_MAX];
    bool planning[ACCOUNTS_MAX];
    int64_t plan_target[ACCOUNTS_MAX];
};

static struct pl_venue_action actions[8192];
static struct pl_venue_input inputs[INPUTS_MAX];

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *b = bytes;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ b[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Fresh sources of an asset that may be counted, by what this test sent. */
static int speaking_since(const struct world *w, uint32_t asset, int64_t time_us)
{
    int count = 0;
    for (int s = 0; s < w->fusion[asset].source_count; s++)
        count += w->spoke_us[asset][s] != 0 && w->spoke_us[asset][s] >= time_us;
    return count;
}

static int speaking(const struct world *w, uint32_t asset)
{
    return speaking_since(w, asset, w->now_us - w->fusion[asset].age_max_us);
}

static bool bounded(const struct world *w, uint32_t instrument)
{
    const uint32_t asset = w->abouts[instrument].asset;
    const int64_t why = pl_venue_pegged(w->venue, asset)->reason;
    return instrument % PER_ASSET == COIN && w->pegged[asset] &&
           (why == PL_PEGGED_BOUNDED || why == PL_PEGGED_REDEMPTION);
}

/* Who gained is known by prices that were good at the tick before. */
static void check_session(const struct world *w, const struct pl_venue_action *a)
{
    const struct pl_ledger *l = pl_venue_ledger(w->venue);
    const int64_t age_us = w->rules.permission.line[PL_QUALITY_THIN].age_us;
    assert_true(a->value_e8 >= 0 && a->value_e8 <= a->price);
    for (uint32_t i = 0; i < w->instruments && a->reason != PL_VENUE_UNPRICED; i++)
        if (pl_ledger_open_interest(l, i) > 0 && i % PER_ASSET != COIN)
            assert_true(speaking_since(w, w->abouts[i].asset,
                                       w->now_us - age_us - w->fusion[0].age_max_us) >=
                        w->fusion[w->abouts[i].asset].sources_min);
}

static void check_allowed(const struct world *w, const struct pl_venue_action *a)
{
    const struct pl_ledger *l = pl_venue_ledger(w->venue);
    uint32_t count;
    const struct pl_ledger_entry *p = pl_ledger_positions(l, a->account, &count);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t instrument = pl_ledger_instrument(l, &p[i]);
        const uint32_t asset = w->abouts[instrument].asset;
        assert_true(pl_venue_instrument_allowed(w->venue, instrument) & PL_ACTION_LIQUIDATION);
        if (bounded(w, instrument))
            assert_true(w->now_us - w->redeemed_us[asset] <= w->rules.pegged.age_max_us);
        else
            assert_true(speaking(w, asset) >= w->fusion[asset].sources_min);
    }
}

/* Towards nothing, and with all that is out not beyond it. */
static void check_closes(const struct world *w, const struct pl_venue_action *a)
{
    const int64_t held = pl_ledger_steps(pl_venue_ledger(w->venue), a->account, a->instrument);
    const int64_t out = pl_venue_out(w->venue, a->account, a->instrument);
    assert_true(held != 0 && (held < 0) == (a->steps > 0));
    assert_true(out > 0 && out <= (held < 0 ? -held : held));
}

static void check_action(struct world *w, const struct pl_venue_action *a)
{
    w->seen[a->kind]++;
    assert_true(a->kind < PL_VENUE_ACTIONS);
    assert_non_null(pl_venue_action_reason(a));
    assert_int_equal(a->time_us, w->now_us);
    switch (a->kind) {
    case PL_VENUE_PLAN:
        w->planning[a->account] = true;
        w->plan_target[a->account] = a->steps;
        assert_true(w->verdicts[a->account] >= PL_STATE_LIQUIDATE ||
                    (w->verdicts[a->account] == PL_STATE_MARGIN_CALL && a->steps == 1));
        check_allowed(w, a);
        break;
    case PL_VENUE_AUCTION:
        assert_true(w->verdicts[a->account] >= PL_STATE_LIQUIDATE);
        check_allowed(w, a);
        break;
    case PL_VENUE_SEND_CLOSE:
        check_closes(w, a);
        check_allowed(w, a);
        break;
    case PL_VENUE_DELEVERAGED: check_allowed(w, a); break;
    case PL_VENUE_SOCIALISED: check_session(w, a); break;
    case PL_VENUE_BORNE: assert_true(a->value_e8 > 0 && a->value_e8 <= a->other); break;
    default: break;
    }
}

static uint32_t apply(struct world *w, struct pl_venue_input in)
{
    char message[PL_LEDGER_MESSAGE_BYTES] = "";
    assert_true(w->input_count < INPUTS_MAX);
    in.time_us = w->now_us;
    w->inputs[w->input_count++] = in;
    const uint32_t count = pl_venue_apply(w->venue, &in, actions);
    assert_true(count <= pl_venue_actions_max(w->venue));
    w->hash = hash_bytes(w->hash, actions, count * sizeof actions[0]);
    if (pl_ledger_check(pl_venue_ledger(w->venue), message) != 0)
        fail_msg("input %u of kind %u: %s", w->input_count, in.kind, message);
    for (uint32_t i = 0; i < count; i++)
        check_action(w, &actions[i]);
    return count;
}

static bool refused(uint32_t count)
{
    return count > 0 && actions[count - 1].kind == PL_VENUE_REFUSED;
}

static struct pl_venue_input input(enum pl_venue_kind kind, uint32_t account)
{
    struct pl_venue_input in;
    memset(&in, 0, sizeof in);
    in.kind = kind;
    in.account = account;
    return in;
}

static void make_rules(struct world *w, uint64_t *r)
{
    char message[PL_VENUE_MESSAGE_BYTES];
    pl_venue_defaults(&w->rules);
    w->rules.calls = !random_once_in(r, 4);
    w->rules.auctions = !random_once_in(r, 4);
    w->rules.auction.bid_min = 1;
    w->rules.liquidation.call_us = 5 * 60 * SECOND;
    w->rules.withdrawal.lock_us = random_within(r, 0, 120) * SECOND;
    w->rules.waterfall.policy = (uint32_t)random_below(r, PL_POLICIES);
    w->rules.breaker.calm_us = 120 * SECOND;
    w->rules.volatility.bar_us = 10 * SECOND;
    w->rules.volatility.bars_min = 1;
    w->rules.settlement.window_us = random_within(r, 1, 10) * 60 * SECOND;
    w->rules.settlement.covered_q40 = random_within(r, 1, 50) * (PL_COEFFICIENT_ONE / 100);
    w->rules.socialised.session_us = 3600 * SECOND;
    w->rules.socialised.offset_us = random_within(r, 0, 3599) * SECOND;
    w->rules.funding.interval_us = random_within(r, 1, 10) * 60 * SECOND;
    w->rules.grain_q40 = PL_Q40_MILLIONTHS(random_within(r, 100, 2000));
    w->rules.width.rise_q40_per_hour = w->rules.haircut.rise_q40_per_hour =
        PL_Q40_MILLIONTHS(200000);
    if (random_once_in(r, 2)) {
        w->rules.addon.position_unit_e8 = random_within(r, 1, 100000) * E8;
        w->rules.addon.position_slope_q40 = PL_Q40_MILLIONTHS(random_within(r, 0, 20000));
        w->rules.addon.position_max_q40 = PL_Q40_MILLIONTHS(50000);
        w->rules.addon.interest_high_e8 = random_within(r, 1000, 1000000) * E8;
        w->rules.addon.interest_max_q40 = PL_Q40_MILLIONTHS(random_within(r, 0, 50000));
    }
    if (random_once_in(r, 2)) { /* mostly quiet breakers, so that more is done */
        for (int t = 0; t < PL_BREAKER_TRIGGERS; t++)
            w->rules.breaker.cautious.at[t] = w->rules.breaker.halted.at[t] = 0;
        w->rules.venue_breaker = w->rules.breaker;
    }
    for (uint32_t a = 0; a < w->assets; a++) {
        struct pl_fusion_rules *f = &w->fusion[a];
        pl_fusion_defaults(f);
        f->decimals = 2;
        f->source_count = (int32_t)random_within(r, 3, 6);
        for (int s = 0; s < f->source_count; s++)
            f->source[s].venue = s % 3;
    }
    w->setup = (struct pl_venue_setup){
        .size = { .accounts = w->accounts,
                  .currencies = 1,
                  .instruments = w->instruments,
                  .pools = 1,
                  .entries = 60 * w->accounts + 400,
                  .flows = !random_once_in(r, 4),
                  .open = true },
        .contracts = w->contracts,
        .instruments = w->abouts,
        .terms = random_once_in(r, 8) ? NULL : w->terms,
        .pegged = w->pegged,
        .expiries = w->expiries,
        .expiry_count = w->assets,
        .assets = w->assets,
        .fusion = w->fusion,
        .closes = random_once_in(r, 5) ? 2 : 64,
        .withdrawals = 4,
        .start_us = START_US,
    };
    if (pl_venue_check(&w->rules, &w->setup, message) != 0)
        fail_msg("%s", message);
}

/* Prices in cents. Steps: 0.001 coin; linear 0.001; inverse: 10 USD, against steps of the coin. */
static void make_contracts(struct world *w, uint64_t *r)
{
    for (uint32_t a = 0; a < w->assets; a++) {
        w->pegged[a] = random_once_in(r, 2);
        w->expiries[a] =
            (struct pl_venue_expiry){ a, START_US + random_within(r, 0, 1000) * SECOND };
        for (uint32_t k = 0; k < PER_ASSET; k++) {
            const uint32_t i = a * PER_ASSET + k;
            w->contracts[i] = (struct pl_contract){ .numerator = 1000, .denominator = 1 };
            w->abouts[i] = (struct pl_venue_instrument){ .asset = a,
                                                         .coin = k == INVERSE ? a * PER_ASSET
                                                                              : PL_VENUE_NONE };
            if (k == COIN)
                w->terms[i].kind = random_once_in(r, 3) ? PL_VENUE_OWED : PL_VENUE_COLLATERAL;
            if (k == COIN) {
                w->terms[i].yield = (uint32_t)random_below(r, PL_VENUE_YIELDS);
                w->terms[i].yield_q40 = random_within(r, 0, pl_accrual_defaults.growth_max_q40);
            }
            if (k == LINEAR)
                w->terms[i].kind = PL_VENUE_PERPETUAL;
            if (k == FUTURE || k == PUT)
                w->terms[i] = (struct pl_venue_terms){
                    .kind = PL_VENUE_EXPIRY,
                    .expiry = a,
                    .payoff = { .kind = k == PUT ? PL_KIND_OPTION : PL_KIND_FUTURE,
                                .is_put = true,
                                .strike = random_within(r, 200000, 6000000) },
                };
        }
    }
}

static struct pl_venue *open_venue(const struct world *w)
{
    const size_t bytes = pl_venue_bytes(&w->setup);
    void *memory = aligned_alloc(16, (bytes + 15) / 16 * 16);
    assert_non_null(memory);
    return pl_venue_create(memory, &w->rules, &w->setup);
}

/* Marks: the venue's own; else the fused price; of the inverse one what ten dollars of coin are
 * worth, owed. */
static int64_t mark_of(const struct world *w, uint32_t i)
{
    bool known;
    if (w->setup.terms != NULL && i % PER_ASSET == COIN)
        return pl_venue_mark(w->venue, i, &known);
    const int64_t price = pl_venue_fused(w->venue, w->abouts[i].asset)->now.price;
    if (i % PER_ASSET == PUT)
        return pl_max64(w->terms[i].payoff.strike - price, 0);
    return i % PER_ASSET == INVERSE ? -1000000 : price;
}

static void send_marks(struct world *w)
{
    for (uint32_t i = 0; i < w->instruments; i++) {
        struct pl_venue_input in = input(PL_VENUE_MARK, 0);
        in.as.mark.instrument = i;
        in.as.mark.price = mark_of(w, i);
        in.as.mark.known = pl_venue_fused(w->venue, w->abouts[i].asset)->now.price > 0;
        apply(w, in);
    }
}

/* What redemption pays: mostly the true price, sometimes nonsense, suspended or old. */
static void send_redemptions(struct world *w, uint64_t *r)
{
    for (uint32_t a = 0; a < w->assets; a++) {
        struct pl_venue_input in = input(PL_VENUE_REDEMPTION, a);
        if (!random_once_in(r, 4))
            continue;
        in.as.redemption.price = random_once_in(r, 10) ? random_word(r, 40) : w->true_price[a];
        in.as.redemption.open = !random_once_in(r, 8);
        in.as.redemption.source_us = w->now_us - random_within(r, -1, 60) * SECOND;
        if (!refused(apply(w, in)))
            w->redeemed_us[a] = in.as.redemption.source_us;
    }
}

static void send_prices(struct world *w, uint64_t *r)
{
    send_redemptions(w, r);
    if (random_once_in(r, 10)) {
        struct pl_venue_input in =
            input(random_once_in(r, 5) ? PL_VENUE_WRITE_DOWN : PL_VENUE_INDEX, 0);
        in.as.number.instrument = (uint32_t)random_below(r, w->instruments);
        in.as.number.value_q40 = pl_venue_index(w->venue, in.as.number.instrument) / 1000 *
                                 random_within(r, random_once_in(r, 4) ? 900 : 1000, 1002);
        apply(w, in);
    }
    if (random_once_in(r, 5)) {
        struct pl_venue_input in = input(PL_VENUE_RATE, 0);
        in.as.number.instrument = (uint32_t)random_below(r, w->instruments);
        in.as.number.value_q40 = random_word(r, 38);
        apply(w, in);
    }
    if (random_once_in(r, 10)) {
        struct pl_venue_input in = input(PL_VENUE_IMPLIED, (uint32_t)random_below(r, w->assets));
        in.as.number.value_q40 = random_word(r, 44);
        apply(w, in);
    }
    for (uint32_t a = 0; a < w->assets; a++) {
        const int64_t width = random_once_in(r, 8) ? 120 : 8; /* per mille */
        w->true_price[a] += w->true_price[a] / 1000 * random_within(r, -width, width * 3 / 4);
        w->true_price[a] = w->true_price[a] < 100000 ? 100000 : w->true_price[a];
        for (int s = 0; s < w->fusion[a].source_count; s++) {
            struct pl_venue_input in = input(PL_VENUE_REPORT, a);
            if (random_once_in(r, 30))
                w->dead[a][s] = !w->dead[a][s];
            if (w->dead[a][s] || random_once_in(r, 12))
                continue;
            const bool lies = random_once_in(r, 15);
            struct pl_fusion_report *p = &in.as.report.report;
            in.as.report.source = (uint32_t)s;
            p->price = lies ? random_word(r, 40) : w->true_price[a] + random_within(r, -50, 50);
            p->confidence = lies ? random_word(r, 30) : w->true_price[a] / 1000;
            p->source_us = w->now_us - random_within(r, 0, 2) * SECOND;
            if (random_once_in(r, 20))
                p->source_us += random_within(r, -100, 100) * SECOND;
            if (p->source_us <= w->now_us + SECOND && p->source_us > w->spoke_us[a][s])
                w->spoke_us[a][s] = p->source_us;
            apply(w, in);
        }
    }
    apply(w, input(PL_VENUE_TICK, 0));
    send_marks(w);
}

static int64_t magnitude(int64_t x)
{
    return x < 0 ? -x : x;
}

/* A part of a position's notional, up. */
static int64_t part(int64_t notional_e8, long double part)
{
    return (int64_t)ceill((long double)notional_e8 * part) + 1;
}

/* What add-ons ask, as far as their roundings; the venue's own count stays below it. */
static int64_t added(const struct world *w, uint32_t instrument, int64_t notional_e8, bool initial)
{
    const struct pl_addon_rules *r = &w->rules.addon;
    const struct pl_ledger *l = pl_venue_ledger(w->venue);
    const long double one = PL_COEFFICIENT_ONE;
    uint32_t flags = 0;
    long double share = (long double)notional_e8 / (long double)r->position_unit_e8 *
                        (long double)r->position_slope_q40 / one;
    share = fminl(share, (long double)r->position_max_q40 / one);
    const int64_t open =
        magnitude(pl_ledger_value(l, instrument, (int64_t)pl_ledger_open_interest(l, instrument),
                                  mark_of(w, instrument), &flags));
    if (initial && (w->setup.terms == NULL || instrument % PER_ASSET != COIN))
        share += (long double)r->interest_max_q40 / one *
                 fminl(1, (long double)open / (long double)r->interest_high_e8);
    return part(notional_e8, share + 0x1p-38L);
}

/* Maintenance 5 %, initial 8 % of the notional. */
static void judge(struct world *w, uint32_t account, struct pl_venue_input *in)
{
    const struct pl_ledger *l = pl_venue_ledger(w->venue);
    uint32_t count, flags = 0;
    const struct pl_ledger_entry *p = pl_ledger_positions(l, account, &count);
    int64_t notional = 0, equity = pl_ledger_cash(l, account, 0), maintenance = 0, initial = 0;
    for (uint32_t k = 0; k < count; k++) {
        const uint32_t i = pl_ledger_instrument(l, &p[k]);
        const int64_t value = pl_ledger_value(l, i, p[k].amount, mark_of(w, i), &flags);
        equity = pl_money_add(equity, value, &flags);
        notional = pl_money_add(notional, magnitude(value), &flags);
        maintenance = pl_money_add(maintenance, added(w, i, magnitude(value), false), &flags);
        initial = pl_money_add(initial, added(w, i, magnitude(value), true), &flags);
    }
    if (flags != 0)
        equity = notional = 0;
    *in = input(PL_VENUE_VERDICT, account);
    in->as.verdict.equity_e8 = equity;
    in->as.verdict.maintenance_excess_e8 = equity - notional / 20;
    in->as.verdict.initial_excess_e8 = equity - notional * 2 / 25;
    in->as.verdict.position_version = pl_venue_version(w->venue);
    in->as.verdict.state = flags != 0                                 ? PL_STATE_INDETERMINATE
                           : equity < 0                               ? PL_STATE_BANKRUPT
                           : in->as.verdict.maintenance_excess_e8 < 0 ? PL_STATE_LIQUIDATE
                           : in->as.verdict.initial_excess_e8 < 0     ? PL_STATE_MARGIN_CALL
                                                                      : PL_STATE_HEALTHY;
    w->verdicts[account] = (uint8_t)in->as.verdict.state;
    if (flags == 0 && in->as.verdict.state == PL_STATE_HEALTHY &&
        in->as.verdict.initial_excess_e8 < initial)
        w->verdicts[account] = PL_STATE_MARGIN_CALL; /* or may be */
    if (flags == 0 && in->as.verdict.state <= PL_STATE_MARGIN_CALL &&
        in->as.verdict.maintenance_excess_e8 < maintenance)
        w->verdicts[account] = PL_STATE_LIQUIDATE;
}

static void plan(struct world *w, uint32_t account, uint64_t *r)
{
    const struct pl_ledger *l = pl_venue_ledger(w->venue);
    w->planning[account] = false;
    for (uint32_t i = 0; i < w->instruments; i++) {
        const int64_t held = pl_ledger_steps(l, account, i);
        struct pl_venue_input in = input(PL_VENUE_CLOSE, account);
        uint32_t flags = 0;
        if (held == 0 && !random_once_in(r, 20))
            continue;
        in.as.close.instrument = i;
        in.as.close.steps = w->plan_target[account] == 2 ? magnitude(held) : magnitude(held) / 2;
        if (random_once_in(r, 10))
            in.as.close.steps = random_word(r, 40); /* nonsense */
        in.as.close.price = held < 0 ? INT64_MAX / 4 : 0;
        in.as.close.value_e8 =
            pl_max64(0, magnitude(pl_ledger_value(l, i, in.as.close.steps, mark_of(w, i), &flags)));
        apply(w, in);
    }
    apply(w, input(PL_VENUE_PLANNED, account));
}

/* Fills what is out, some of it, or nothing. */
static void fill(struct world *w, uint32_t account, uint64_t *r)
{
    const struct pl_ledger *l = pl_venue_ledger(w->venue);
    if (random_once_in(r, 6))
        return;
    for (uint32_t i = 0; i < w->instruments; i++) {
        const int64_t out = pl_venue_out(w->venue, account, i);
        const int64_t held = pl_ledger_steps(l, account, i);
        struct pl_venue_input in = input(PL_VENUE_FILL, account);
        uint32_t flags = 0;
        if (out == 0)
            continue;
        in.as.close.instrument = i;
        in.as.close.steps = random_once_in(r, 4) ? random_within(r, 1, out) : out;
        in.as.close.value_e8 =
            magnitude(pl_ledger_value(l, i, in.as.close.steps, mark_of(w, i), &flags));
        in.as.close.price = magnitude(mark_of(w, i)) / 1000 *
                            (held > 0 ? random_within(r, 970, 1000) : random_within(r, 1000, 1030));
        if (i % PER_ASSET == INVERSE)
            in.as.close.price =
                pl_mul_div_down(in.as.close.steps, 1000000, mark_of(w, i - INVERSE), &flags);
        apply(w, in);
    }
    if (random_once_in(r, 3))
        apply(w, input(PL_VENUE_CANCELLED, account));
}

static void bid(struct world *w, uint32_t account, uint64_t *r)
{
    struct pl_venue_input verdict, in = input(PL_VENUE_BID, account);
    if (random_once_in(r, 3)) /* the bidder is gone */
        return;
    judge(w, account, &verdict);
    in.as.bid.bidder = random_once_in(r, 3) ? (uint32_t)random_below(r, w->accounts)
                                            : pl_ledger_outside(pl_venue_ledger(w->venue));
    in.as.bid.want_q40 =
        random_once_in(r, 2) ? PL_COEFFICIENT_ONE : random_within(r, -10, PL_COEFFICIENT_ONE);
    in.as.bid.price_max_e8 = verdict.as.verdict.equity_e8 / 100 * random_within(r, 20, 100);
    in.as.bid.bidder_excess_e8 = random_once_in(r, 8) ? -1 : 1;
    int64_t paid = pl_ledger_cash(pl_venue_ledger(w->venue), w->accounts, 0), told = 0;
    const uint32_t count = apply(w, in);
    paid -= pl_ledger_cash(pl_venue_ledger(w->venue), w->accounts, 0);
    for (uint32_t i = 0; i < count; i++)
        told += actions[i].kind == PL_VENUE_BOUGHT    ? actions[i].other
                : actions[i].kind == PL_VENUE_COVERED ? actions[i].value_e8
                                                      : 0;
    assert_int_equal(paid, told); /* by the fund */
}

static void judge_all(struct world *w, uint64_t *r)
{
    for (uint32_t a = 0; a < w->accounts; a++) {
        struct pl_venue_input verdict;
        judge(w, a, &verdict);
        if (random_once_in(r, 40))
            verdict.as.verdict.state = w->verdicts[a] = PL_STATE_INDETERMINATE;
        if (random_once_in(r, 40))
            verdict.as.verdict.position_version = 0;
        const uint32_t count = apply(w, verdict);
        if (verdict.as.verdict.position_version == 0)
            assert_true(refused(count) && actions[count - 1].reason == PL_VENUE_OLD);
        if (w->planning[a] && !random_once_in(r, 6)) /* else later, on other prices */
            plan(w, a, r);
        fill(w, a, r);
        if (pl_venue_auction(w->venue, a)->leg != PL_AUCTION_NONE)
            bid(w, a, r);
    }
}

static void money(struct world *w, uint64_t *r)
{
    const uint32_t account = (uint32_t)random_below(r, w->accounts);
    struct pl_venue_input in, verdict;
    judge(w, account, &verdict);
    if (random_once_in(r, 2)) {
        in = input(PL_VENUE_WITHDRAW, account);
        in.as.money.free_e8 = pl_max64(verdict.as.verdict.initial_excess_e8, 0);
        in.as.money.amount_e8 = in.as.money.free_e8 / 3;
        apply(w, in);
    }
    apply(w, input(PL_VENUE_RELEASE, 0));
    if (random_once_in(r, 10)) {
        in = input(PL_VENUE_TAKE_BACK, account);
        in.as.withdrawal.id = random_below(r, 20);
        apply(w, in);
    }
    if (random_once_in(r, 6)) {
        in = input(PL_VENUE_DEPOSIT, account);
        in.as.money.amount_e8 = random_within(r, -5, 2000) * E8;
        apply(w, in);
    }
    if (random_once_in(r, 6)) {
        in = input(PL_VENUE_FUND, 0);
        in.as.mark.instrument = (uint32_t)random_below(r, w->instruments);
        in.as.mark.price = random_within(r, -2000, 2000);
        apply(w, in);
    }
    if (random_once_in(r, 30)) {
        in = input(PL_VENUE_SETTLE, 0);
        in.as.mark.instrument = (uint32_t)random_within(r, LINEAR, PUT);
        in.as.mark.price = mark_of(w, in.as.mark.instrument);
        apply(w, in);
    }
}

static void open_positions(struct world *w, uint64_t *r)
{
    struct pl_venue_input in = input(PL_VENUE_DEPOSIT, w->accounts); /* the fund */
    in.as.money.amount_e8 = random_within(r, 1, 2000) * E8;
    apply(w, in);
    for (uint32_t a = 0; a < w->accounts; a++) {
        int64_t notional = 0;
        for (uint32_t i = 0; i < w->instruments; i++) {
            uint32_t flags = 0;
            if (random_once_in(r, 2))
                continue;
            in = input(PL_VENUE_OPEN, a);
            in.as.close.instrument = i;
            in.as.close.steps = random_within(r, i % PER_ASSET == COIN ? 0 : -2000, 2000);
            const int64_t price = i % PER_ASSET == INVERSE ? -1000000
                                  : i % PER_ASSET == PUT   ? w->true_price[i / PER_ASSET] / 20
                                                           : w->true_price[i / PER_ASSET];
            in.as.close.price = -in.as.close.steps * price * 1000;
            notional += magnitude(in.as.close.price);
            apply(w, in);
            if (i % PER_ASSET != INVERSE || in.as.close.steps == 0)
                continue;
            in.as.close.instrument = i - INVERSE; /* and the coins that it was entered for */
            in.as.close.steps =
                pl_mul_div_down(in.as.close.steps, 1000000, w->true_price[i / PER_ASSET], &flags);
            in.as.close.price = -in.as.close.steps * w->true_price[i / PER_ASSET] * 1000;
            apply(w, in);
        }
        in = input(PL_VENUE_DEPOSIT, a);
        in.as.money.amount_e8 = notional / 1000 * random_within(r, 60, 200) + 1;
        apply(w, in);
    }
}

static void play(struct world *w)
{
    uint64_t r = w->seed;
    w->assets = (uint32_t)random_within(&r, 1, ASSETS_MAX);
    w->instruments = w->assets * PER_ASSET;
    w->accounts = (uint32_t)random_within(&r, 2, ACCOUNTS_MAX);
    w->inputs = inputs;
    w->now_us = START_US;
    make_contracts(w, &r);
    make_rules(w, &r);
    w->venue = open_venue(w);
    assert_true(pl_venue_actions_max(w->venue) <= sizeof actions / sizeof actions[0]);
    for (uint32_t a = 0; a < w->assets; a++)
        w->true_price[a] = random_within(&r, 200000, 6000000);
    if (!random_once_in(&r, 4)) /* else nothing is priced yet */
        send_prices(w, &r);
    open_positions(w, &r);
    for (int tick = 0; tick < 40; tick++) {
        w->now_us += random_once_in(&r, 12) ? random_within(&r, 60, 900) * SECOND
                                            : random_within(&r, 1, 30) * SECOND;
        send_prices(w, &r);
        judge_all(w, &r);
        money(w, &r);
    }
    char message[PL_LEDGER_MESSAGE_BYTES];
    if (pl_ledger_recount(pl_venue_ledger(w->venue), message) != 0)
        fail_msg("recount: %s", message);
    assert_true(pl_ledger_cash(pl_venue_ledger(w->venue), w->accounts, 0) >= 0);
}

static struct pl_venue *moved(const struct world *w, struct pl_venue *venue)
{
    struct pl_venue *copy = open_venue(w);
    memcpy(copy, venue, pl_venue_state_bytes(venue));
    free(venue);
    return copy;
}

static void replay(const struct world *w)
{
    struct pl_venue *again = open_venue(w);
    uint64_t hash = 0;
    for (uint32_t i = 0; i < w->input_count; i++) {
        if (i == w->input_count / 2) /* a copy goes on as the venue itself */
            again = moved(w, again);
        const uint32_t count = pl_venue_apply(again, &w->inputs[i], actions);
        hash = hash_bytes(hash, actions, count * sizeof actions[0]);
    }
    assert_true(hash == w->hash);
    assert_memory_equal(again, w->venue, pl_venue_state_bytes(again));
    free(again);
}

static uint64_t current_seed;

static int say_seed(void **state)
{
    (void)state;
    print_message("last seed %" PRIu64 ": PL_SEED=%" PRIu64 " PL_ROUNDS=0 runs it alone\n",
                  current_seed, current_seed);
    return 0;
}

static void whatever_comes_the_venue_keeps_its_rules(void **state)
{
    (void)state;
    static struct world w;
    uint64_t seen[PL_VENUE_ACTIONS] = { 0 };
    const uint64_t seed = random_seed(1), rounds = random_rounds(10000);
    for (uint64_t round = 0; round < rounds; round++) {
        memset(&w, 0, sizeof w);
        w.seed = seed + round;
        current_seed = w.seed;
        play(&w);
        replay(&w);
        for (int k = 0; k < PL_VENUE_ACTIONS; k++)
            seen[k] += w.seen[k];
        free(w.venue);
    }
    for (int k = 0; k < PL_VENUE_ACTIONS; k++)
        print_message("%9" PRIu64 " %s\n", seen[k],
                      pl_venue_action_name((enum pl_venue_action_kind)k));
    for (int k = 0; k < PL_VENUE_ACTIONS && rounds >= 1000; k++)
        if (seen[k] == 0)
            fail_msg("never seen: %s", pl_venue_action_name((enum pl_venue_action_kind)k));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(whatever_comes_the_venue_keeps_its_rules, say_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
