/* The life of a world: what it gives to its venue, tick by tick, by its seed. */
#ifndef PL_TEST_VENUE_LIFE_H
#define PL_TEST_VENUE_LIFE_H

#include "venue_checks.h"
#include "venue_crashes.h"

static void send_marks(struct world *w, uint64_t *r)
{
    for (uint32_t i = 0; i < w->instruments; i++) {
        const bool own = w->setup.terms != NULL && i % PER_ASSET == COIN;
        if (own && !random_once_in(r, 20))
            continue;
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
        if (!random_once_in(r, w->pegged[a] ? 4 : 40))
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
        const int64_t index = pl_venue_index(w->venue, in.as.number.instrument);
        in.as.number.value_q40 = random_once_in(r, 3) ? index / 1000 * random_within(r, 900, 1002)
                                                      : index + random_within(r, 0, 1000);
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
            const bool lies = w->honest ? s == LIAR && random_once_in(r, 2) : random_once_in(r, 15);
            struct pl_fusion_report *p = &in.as.report.report;
            in.as.report.source = (uint32_t)s;
            p->price = w->true_price[a] + random_within(r, -50, 50);
            p->confidence = w->true_price[a] / 1000;
            if (lies && random_once_in(r, 2)) { /* nonsense, or a price that could be */
                p->price = random_word(r, 40);
                p->confidence = random_word(r, 30);
            } else if (lies) {
                p->price = p->price / 1000 * random_within(r, 700, 1300);
            }
            p->source_us = w->now_us - random_within(r, 0, 2) * SECOND;
            if (random_once_in(r, 20))
                p->source_us += random_within(r, -100, 100) * SECOND;
            if (p->source_us <= w->now_us + SECOND && p->source_us > w->spoke_us[a][s]) {
                w->spoke_us[a][s] = p->source_us;
                w->said[a][s] = (struct pl_estimate){ p->price, p->confidence };
            }
            apply(w, in);
        }
    }
    apply(w, input(PL_VENUE_TICK, 0));
    send_marks(w, r);
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

static bool anything_out(const struct world *w, uint32_t account)
{
    bool any = false;
    for (uint32_t i = 0; i < w->instruments; i++)
        any |= pl_venue_out(w->venue, account, i) > 0;
    return any;
}

/* Fills what is out, some of it, or nothing: of orders that have left. */
static void fill(struct world *w, uint32_t account, uint64_t *r)
{
    const bool out = anything_out(w, account);
    if (random_once_in(r, 6) || (!out && !random_once_in(r, 10)))
        return;
    if (out)
        end_batch(w);
    const struct pl_ledger *l = pl_venue_ledger(w->venue);
    for (uint32_t i = 0; i < w->instruments; i++) {
        const int64_t steps = pl_venue_out(w->venue, account, i);
        const int64_t held = pl_ledger_steps(l, account, i);
        struct pl_venue_input in = input(PL_VENUE_FILL, account);
        uint32_t flags = 0;
        if (steps == 0)
            continue;
        in.as.close.instrument = i;
        in.as.close.steps = random_once_in(r, 4) ? random_within(r, 1, steps) : steps;
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
    end_batch(w); /* he looks at what has left */
    judge(w, account, &verdict);
    in.as.bid.bidder = random_once_in(r, 3) ? (uint32_t)random_below(r, w->accounts)
                                            : pl_ledger_outside(pl_venue_ledger(w->venue));
    in.as.bid.want_q40 =
        random_once_in(r, 2) ? PL_COEFFICIENT_ONE : random_within(r, -10, PL_COEFFICIENT_ONE);
    in.as.bid.price_max_e8 = verdict.as.verdict.equity_e8 / 100 * random_within(r, 20, 100);
    in.as.bid.bidder_excess_e8 = random_once_in(r, 8) ? -1 : 1;
    const uint32_t pool = w->account_pools[account];
    int64_t paid = w->fund[pool], told = 0;
    const uint32_t count = apply(w, in);
    paid -= w->fund[pool];
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
            verdict.as.verdict.state = w->judged[a] = PL_STATE_INDETERMINATE;
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
        in = input(PL_VENUE_DEPOSIT, random_once_in(r, 4)
                                         ? w->accounts + (uint32_t)random_below(r, w->pools)
                                         : account);
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

/* What is of no kind has no record, and needs none: it changes nothing. */
static void give_unknown_kind(const struct world *w, const struct pl_venue_input *in)
{
    const size_t bytes = pl_venue_state_bytes(w->venue);
    void *before = malloc(bytes);
    assert_non_null(before);
    memcpy(before, w->venue, bytes);
    const uint32_t count = pl_venue_apply(w->venue, in, actions);
    assert_true(count == 1 && refused(count) && actions[0].reason == PL_VENUE_UNKNOWN);
    assert_memory_equal(w->venue, before, bytes);
    free(before);
}

/* Inputs that nobody in his right mind sends; only prices and verdicts are what they claim. */
static void nonsense(struct world *w, uint64_t *r)
{
    static const uint32_t sane[] = { PL_VENUE_REPORT, PL_VENUE_TICK, PL_VENUE_MARK,
                                     PL_VENUE_VERDICT, PL_VENUE_REDEMPTION };
    struct pl_venue_input in;
    memset(&in, 0, sizeof in);
    in.kind = (uint32_t)random_below(r, PL_VENUE_KINDS + 1);
    for (size_t i = 0; i < sizeof sane / sizeof *sane; i++)
        if (in.kind == sane[i])
            return;
    in.account = (uint32_t)random_below(r, w->accounts + 5);
    if (in.kind == PL_VENUE_KINDS) {
        give_unknown_kind(w, &in);
        return;
    }
    in.time_us = random_once_in(r, 10) ? w->now_us - 1 : 0;
    int64_t words[4];
    for (int i = 0; i < 4; i++)
        words[i] = random_word(r, 20);
    memcpy(&in.as, words, sizeof words);
    apply(w, in);
    for (uint32_t a = 0; a < w->accounts; a++) /* positions and excesses have changed */
        w->planning[a] &= pl_venue_account(w->venue, a)->state == PL_LIQUIDATION_PARTIAL;
}

static void open_positions(struct world *w, uint64_t *r)
{
    struct pl_venue_input in;
    for (uint32_t pool = 0; pool < w->pools; pool++) {
        in = input(PL_VENUE_DEPOSIT, w->accounts + pool); /* its fund */
        in.as.money.amount_e8 = random_within(r, 1, 2000) * E8;
        apply(w, in);
    }
    for (uint32_t a = 0; a < w->accounts; a++) {
        int64_t notional = 0;
        for (uint32_t i = 0; i < w->instruments; i++) {
            uint32_t flags = 0;
            if (random_once_in(r, 2) || w->contracts[i].pool != w->account_pools[a])
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
    w->pools = w->assets > 1 ? (uint32_t)random_within(&r, 1, POOLS_MAX) : 1;
    w->honest = !random_once_in(&r, 4);
    for (uint32_t a = 0; a < w->accounts; a++)
        w->account_pools[a] = a % w->pools;
    w->inputs = inputs;
    w->now_us = START_US;
    w->batch = 2; /* after that of the set-up */
    make_contracts(w, &r);
    make_rules(w, &r);
    begin(w);
    assert_true(pl_venue_actions_max(w->venue) <= sizeof actions / sizeof actions[0]);
    for (uint32_t a = 0; a < w->assets; a++)
        w->true_price[a] = random_within(&r, 200000, 6000000);
    if (!random_once_in(&r, 4)) /* else nothing is priced yet */
        send_prices(w, &r);
    open_positions(w, &r);
    for (int tick = 0; tick < w->ticks; tick++) {
        w->now_us += random_once_in(&r, 12) ? random_within(&r, 60, 900) * SECOND
                                            : random_within(&r, 1, 30) * SECOND;
        send_prices(w, &r);
        judge_all(w, &r);
        money(w, &r);
        if (random_once_in(&r, 3))
            nonsense(w, &r);
        end_batch(w);
    }
    char message[PL_LEDGER_MESSAGE_BYTES];
    if (pl_ledger_recount(pl_venue_ledger(w->venue), message) != 0)
        fail_msg("recount: %s", message);
    finish(w);
}

#endif
