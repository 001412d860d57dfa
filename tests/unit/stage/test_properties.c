/* What must hold between verdicts, whatever the book: through the public API on plain and random
 * books. */
#include "../support/plain_book.h"

#include "stage/pl.h"

static struct book book;
static struct book_account account, other;

/* Requirements of a verdict in 1e-8. */
static int64_t maintenance(const struct pl_verdict *v)
{
    return v->equity - v->maintenance_excess;
}

static int64_t initial(const struct pl_verdict *v)
{
    return v->equity - v->initial_excess;
}

static int64_t distance(int64_t a, int64_t b)
{
    return a < b ? b - a : a - b;
}

/* Worse is higher; INDETERMINATE has no place in the order. */
static int badness(const struct pl_verdict *v)
{
    assert_int_not_equal(v->state, PL_STATE_INDETERMINATE);
    return v->state;
}

/* Every price at full confidence. */
static void trust_all(struct book *b)
{
    for (uint32_t n = 0; n < b->node_count; n++) {
        struct pl_price *p = &b->nodes[n].words;
        p->confidence_q40 = p->vol_confidence_q40 = p->rate_confidence_q40 = Q40;
    }
}

static bool same_units(const struct pl *a, const struct pl *b)
{
    for (uint32_t g = 0; g < a->stage.group_count; g++) {
        if (a->stage.groups[g].price_decimals != b->stage.groups[g].price_decimals ||
            a->stage.groups[g].row_shift != b->stage.groups[g].row_shift)
            return false;
    }
    return true;
}

static void must_be_near(const struct pl_verdict *a, const struct pl_verdict *b, int64_t tolerance)
{
    if (a->state != b->state || a->flags != b->flags ||
        distance(a->equity, b->equity) > tolerance ||
        distance(a->maintenance_excess, b->maintenance_excess) > tolerance ||
        distance(a->initial_excess, b->initial_excess) > tolerance)
        fail_msg("state %u %u, equity %" PRId64 " %" PRId64 ", maintenance %" PRId64 " %" PRId64
                 ", initial %" PRId64 " %" PRId64,
                 a->state, b->state, a->equity, b->equity, a->maintenance_excess,
                 b->maintenance_excess, a->initial_excess, b->initial_excess);
}

static void call_put_and_future_at_one_strike_carry_no_risk(void **state)
{
    (void)state;
    plain_book(&book, 1);
    struct pl *pl = book_open(&book, "model:");
    for (uint32_t k = 0; k < 5; k++) {
        plain_account(&account, PL_MODE_PORTFOLIO, 0);
        plain_hold(&account, PLAIN_CALLS + k, 1234, 0);
        plain_hold(&account, PLAIN_PUTS + k, -1234, 0);
        plain_hold(&account, PLAIN_FUTURE, -1234, book.instruments[PLAIN_CALLS + k].strike);
        struct pl_verdict v = book_judge(pl, &account.account);
        assert_true(llabs(v.equity) <= 2 && v.worst_loss >= -4 && maintenance(&v) <= 4 &&
                    initial(&v) <= 4);
        assert_true(llabs(v.delta) <= 4 && llabs(v.vega) <= 4);
    }
    pl_close(pl);
    book_close(&book);
}

/* Values, per contract, of every option of the plain book. */
static void quote_options(struct pl *pl, double values[10])
{
    for (uint32_t k = 0; k < 10; k++) {
        struct pl_instrument_quote q;
        assert_int_equal(pl_quote_instrument(pl, PLAIN_CALLS + k, &q), 0);
        assert_int_equal(q.flags, 0);
        values[k] = q.value;
    }
}

static void option_values_are_monotonic_in_price_and_vol(void **state)
{
    (void)state;
    double before[10], after[10];
    plain_book(&book, 1);
    struct pl *pl = book_open(&book, "model:");
    uint64_t r = random_seed(21);
    quote_options(pl, before);
    double price = 20000, vol = 0.01;
    for (uint64_t i = 0, rounds = random_rounds(300); i < rounds; i++) {
        plain_price(&book, pl, PLAIN_FUTURE, price *= 1 + random_log(&r, 1e-9, 2e-2));
        book_commit(&book, pl);
        quote_options(pl, after);
        for (int k = 0; k < 10 && i > 0; k++)
            assert_true(k < 5 ? after[k] >= before[k] - 1e-7 : after[k] <= before[k] + 1e-7);
        memcpy(before, after, sizeof before);
    }
    for (uint64_t i = 0, rounds = random_rounds(300); i < rounds; i++) {
        vol = fmin(7.9, vol * (1 + random_log(&r, 1e-8, 5e-2)));
        for (uint32_t k = 0; k < 10; k++) {
            book_set_vol(&book, book.instruments[PLAIN_CALLS + k].node, vol);
            book_set_node(&book, pl, book.instruments[PLAIN_CALLS + k].node);
        }
        book_commit(&book, pl);
        quote_options(pl, after);
        for (int k = 0; k < 10 && i > 0; k++)
            assert_true(after[k] >= before[k] - 1e-7);
        memcpy(before, after, sizeof before);
    }
    pl_close(pl);
    book_close(&book);
}

static void a_position_against_itself_is_nothing(void **state)
{
    (void)state;
    plain_book(&book, 1);
    struct pl *pl = book_open(&book, "model:");
    for (uint8_t mode = PL_MODE_PORTFOLIO; mode <= PL_MODE_ISOLATED; mode++) {
        for (uint32_t i = 0; i <= PLAIN_OTHER_PERPETUAL; i++) {
            plain_account(&account, mode, 777);
            struct pl_verdict none = book_judge(pl, &account.account);
            double entry = i == PLAIN_INVERSE ? 50000 : 0;
            plain_hold(&account, i, 123456, entry);
            plain_hold(&account, i, -123456, entry);
            struct pl_verdict v = book_judge(pl, &account.account);
            if (i == PLAIN_INVERSE) /* each leg's coins are rounded down by at most 1e-9 */
                assert_true(none.equity - v.equity >= 0 && none.equity - v.equity <= 5001);
            else
                VERDICTS_EQUAL(v, none);
        }
    }
    pl_close(pl);
    book_close(&book);
}

static void shuffle(uint64_t *r, struct pl_holding *h, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t k = random_below(r, i);
        struct pl_holding kept = h[i - 1];
        h[i - 1] = h[k], h[k] = kept;
    }
}

static void the_order_of_holdings_and_accounts_is_irrelevant(void **state)
{
    (void)state;
    enum { ACCOUNTS = 30 };
    static struct book_account all[ACCOUNTS];
    static struct pl_account accounts[ACCOUNTS];
    static struct pl_verdict v[ACCOUNTS], w[ACCOUNTS];
    uint64_t seed = random_seed(22);
    for (uint64_t round = 0, rounds = random_rounds(20); round < rounds; round++) {
        book_make(&book, seed + round, 20);
        struct pl *pl = book_open(&book, "model:");
        for (uint32_t i = 0; i < ACCOUNTS; i++) {
            book_account(&book, &all[i], (uint8_t)(1 + i % 3), true);
            all[i].account.account = i;
            accounts[i] = all[i].account;
        }
        struct pl_batch batch = { .accounts = accounts, .count = ACCOUNTS };
        assert_int_equal(pl_submit(pl, &batch), 0);
        assert_int_equal(pl_poll(pl, v, ACCOUNTS, NULL), ACCOUNTS);
        for (uint32_t i = 0; i < ACCOUNTS; i++) {
            shuffle(&book.random, all[i].holdings, all[i].account.holding_count);
            accounts[ACCOUNTS - 1 - i] = all[i].account;
        }
        assert_int_equal(pl_submit(pl, &batch), 0);
        assert_int_equal(pl_poll(pl, w, ACCOUNTS, NULL), ACCOUNTS);
        for (uint32_t i = 0; i < ACCOUNTS; i++)
            VERDICTS_EQUAL(v[i], w[ACCOUNTS - 1 - i]);
        pl_close(pl);
        book_close(&book);
    }
}

/* Entries have few digits here, so that every part's cost is exact. Inverse legs are rounded per
 * holding. */
static void splitting_a_position_over_holdings_is_irrelevant(void **state)
{
    (void)state;
    uint64_t r = random_seed(23);
    plain_book(&book, 1);
    struct pl *pl = book_open(&book, "model:");
    for (uint64_t round = 0, rounds = random_rounds(300); round < rounds; round++) {
        uint8_t mode = (uint8_t)random_within(&r, 1, 3);
        int64_t inverse_parts = 0;
        plain_account(&account, mode, 5000);
        plain_account(&other, mode, 5000);
        for (uint64_t n = random_within(&r, 1, 4); n > 0; n--) {
            uint32_t i = (uint32_t)random_below(&r, PLAIN_OTHER_PERPETUAL + 1);
            double price = i == PLAIN_OTHER_PERPETUAL ? 2.5 : 50000;
            double entry =
                i == PLAIN_OTHER_PERPETUAL || (i >= PLAIN_PERPETUAL && i <= PLAIN_INVERSE) ? price
                                                                                           : 0;
            int64_t steps = random_word(&r, 20), left = steps;
            plain_hold(&account, i, steps, entry);
            for (int parts = 3; parts > 0; parts--) {
                int64_t part = parts == 1 ? left : random_word(&r, 18);
                plain_hold(&other, i, part, entry);
                left -= part;
                inverse_parts += i == PLAIN_INVERSE;
            }
        }
        struct pl_verdict v = book_judge(pl, &account.account), w = book_judge(pl, &other.account);
        if (inverse_parts == 0)
            VERDICTS_EQUAL(v, w);
        else
            assert_true(distance(v.equity, w.equity) <= inverse_parts * 5001);
    }
    pl_close(pl);
    book_close(&book);
}

static void cash_moves_every_excess_by_itself_and_never_worsens_the_state(void **state)
{
    (void)state;
    uint64_t seed = random_seed(24);
    for (uint64_t round = 0, rounds = random_rounds(30); round < rounds; round++) {
        book_make(&book, seed + round, 30);
        struct pl *pl = book_open(&book, "model:");
        for (int i = 0; i < 30; i++) {
            book_account(&book, &account, (uint8_t)random_within(&book.random, 1, 3), true);
            struct pl_verdict v = book_judge(pl, &account.account);
            int64_t more = (int64_t)random_below(&book.random, 1000000000000);
            account.account.cash_e8 += more;
            struct pl_verdict w = book_judge(pl, &account.account);
            assert_true(w.equity == v.equity + more &&
                        w.maintenance_excess == v.maintenance_excess + more &&
                        w.initial_excess == v.initial_excess + more);
            assert_true(badness(&w) <= badness(&v));
        }
        pl_close(pl);
        book_close(&book);
    }
}

static void priced_long_collateral_never_worsens_a_verdict(void **state)
{
    (void)state;
    uint64_t seed = random_seed(25);
    for (uint64_t round = 0, rounds = random_rounds(30); round < rounds; round++) {
        book_make(&book, seed + round, 30);
        book.classes[PL_KIND_SPOT].scenario = book.classes[PL_KIND_SPOT].brackets = false;
        for (uint32_t u = 0; u < book.underlying_count; u++)
            book.underlyings[u].peg_factor = 2; /* a group takes the highest of its members */
        trust_all(&book);
        struct pl *pl = book_open(&book, "model:");
        for (int i = 0; i < 30; i++) {
            book_account(&book, &account, (uint8_t)random_within(&book.random, 1, 3), true);
            for (size_t k = 0; k < account.account.holding_count;
                 k++) /* more of a debt is less of it */
                account.holdings[k].steps =
                    book.instruments[account.holdings[k].instrument].kind == PL_KIND_SPOT
                        ? llabs(account.holdings[k].steps)
                        : account.holdings[k].steps;
            struct pl_verdict v = book_judge(pl, &account.account);
            uint32_t coin;
            do
                coin = (uint32_t)random_below(&book.random, book.instrument_count);
            while (book.instruments[coin].kind != PL_KIND_SPOT);
            book_hold(&book, &account, coin,
                      llabs(book_steps(&book, &book.instruments[coin], 1e6)));
            struct pl_verdict w = book_judge(pl, &account.account);
            assert_true(w.equity >= v.equity && w.maintenance_excess >= v.maintenance_excess - 2 &&
                        w.initial_excess >= v.initial_excess - 2);
            assert_true(badness(&w) <= badness(&v));
        }
        pl_close(pl);
        book_close(&book);
    }
}

/* A fresh handle at the prices as they are. */
static struct pl_verdict judge_afresh(const struct pl *pl, const struct pl_account *a, bool *same)
{
    struct pl *fresh = book_open(&book, "model:");
    struct pl_verdict v = book_judge(fresh, a);
    *same = same_units(pl, fresh);
    pl_close(fresh);
    return v;
}

static void a_price_move_across_brackets_equals_a_fresh_evaluation(void **state)
{
    (void)state;
    plain_book(&book, 1);
    struct pl *pl = book_open(&book, "model:");
    uint64_t r = random_seed(26);
    int equal = 0;
    for (uint64_t round = 0, rounds = random_rounds(60); round < rounds; round++) {
        plain_price(&book, pl, PLAIN_PERPETUAL,
                    random_real(&r, 45000, 60000)); /* 0.2 crosses 10000, 5 crosses 250000 */
        book_commit(&book, pl);
        static const int64_t steps[] = { 200, -200, 5000, -5000, 7 };
        plain_account(&account, PL_MODE_CROSS, 20000);
        plain_hold(&account, PLAIN_PERPETUAL, steps[random_below(&r, 5)], 50000);
        bool same;
        struct pl_verdict v = book_judge(pl, &account.account),
                          w = judge_afresh(pl, &account.account, &same);
        if (same)
            VERDICTS_EQUAL(v, w);
        else
            must_be_near(&v, &w, 4);
        equal += same;
        double notional = fabs((double)account.holdings[0].steps) / 1000 *
                          book.nodes[book.instruments[PLAIN_PERPETUAL].node].price;
        double expected =
            fmax(notional * 0.01, fmax(notional * 0.03 - 200, notional * 0.1 - 17700));
        assert_true(fabs((double)maintenance(&v) / 1e8 - expected) < 1e-6);
    }
    print_message("%d with equal units\n", equal);
    assert_true(equal > 10);
    pl_close(pl);
    book_close(&book);
}

static void incremental_ticks_equal_a_fresh_load(void **state)
{
    (void)state;
    uint64_t seed = random_seed(27), equal = 0, all = 0;
    for (uint64_t round = 0, rounds = random_rounds(40); round < rounds; round++) {
        book_make(&book, seed + round, 25);
        uint64_t *r = &book.random;
        struct pl *pl = book_open(&book, "model:");
        for (uint64_t ticks = random_below(r, 8); ticks > 0; ticks--) {
            book.now_us += random_within(r, 0, 5000000);
            for (uint64_t n = random_below(r, 20); n > 0; n--) {
                uint32_t node = (uint32_t)random_within(r, 1, book.node_count - 1);
                struct book_node *x = &book.nodes[node];
                if (x->words.has_vol)
                    book_set_vol(&book, node, fmin(7, x->vol * random_real(r, 0.8, 1.25)));
                else
                    book_move(&book, node, x->price * random_real(r, 0.95, 1.05), 8);
                x->words.confidence_q40 =
                    random_once_in(r, 3) ? (int64_t)random_below(r, Q40) : Q40;
                x->words.time_us = book.now_us;
                book_set_node(&book, pl, node);
            }
            book_commit(&book, pl);
        }
        struct pl *fresh = book_open(&book, "model:");
        bool same = same_units(pl, fresh);
        for (int i = 0; i < 10; i++, all++, equal += same) {
            book_account(&book, &account, (uint8_t)random_within(r, 1, 3), true);
            struct pl_verdict v = book_judge(pl, &account.account),
                              w = book_judge(fresh, &account.account);
            if (same)
                VERDICTS_EQUAL(v, w);
            else
                must_be_near(&v, &w, 2000 + llabs(v.equity) / 1000000000);
        }
        pl_close(fresh);
        pl_close(pl);
        book_close(&book);
    }
    print_message("%" PRIu64 " of %" PRIu64 " with equal units\n", equal, all);
    assert_true(equal * 4 > all);
}

static void underlyings_do_not_offset_without_a_group(void **state)
{
    (void)state;
    uint64_t seed = random_seed(28), checked = 0;
    for (uint64_t round = 0, rounds = random_rounds(40); round < rounds; round++) {
        book_make(&book, seed + round, 30);
        for (uint32_t u = 0; u < book.underlying_count; u++)
            book.underlyings[u].group = -1;
        struct pl *pl = book_open(&book, "model:");
        for (int i = 0; i < 20; i++, checked++) {
            book_account(&book, &account, (uint8_t)random_within(&book.random, 1, 3), true);
            account.account.multiplier = 0, account.account.cash_e8 = 0;
            struct pl_verdict whole = book_judge(pl, &account.account);
            int64_t equity = 0, mm = 0, im = 0;
            for (uint32_t u = 0; u < book.underlying_count; u++) {
                other = account;
                other.account.holdings = other.holdings, other.account.holding_count = 0;
                for (size_t k = 0; k < account.account.holding_count; k++) {
                    if (book.instruments[account.holdings[k].instrument].underlying == u)
                        other.holdings[other.account.holding_count++] = account.holdings[k];
                }
                struct pl_verdict v = book_judge(pl, &other.account);
                equity += v.equity, mm += maintenance(&v), im += initial(&v);
            }
            /* entry costs of all underlyings are rounded once, so the whole may be worth 1e-8 each
             * more */
            assert_true(whole.equity >= equity && whole.equity - equity <= book.underlying_count);
            assert_true(maintenance(&whole) == mm && initial(&whole) == im);
        }
        pl_close(pl);
        book_close(&book);
    }
}

static void a_groups_requirement_lies_between_joint_and_separate(void **state)
{
    (void)state;
    int64_t before = INT64_MAX;
    for (int credit = 0; credit <= 4; credit++) {
        plain_book(&book, 1);
        book.underlyings[0].group = book.underlyings[1].group = 0;
        book.credit[0] = credit / 4.0;
        struct pl *pl = book_open(&book, "model:");
        plain_account(&account, PL_MODE_PORTFOLIO, 0);
        plain_hold(&account, PLAIN_PERPETUAL, 1000, 50000);          /* 50050: +-7507.5 */
        plain_hold(&account, PLAIN_OTHER_PERPETUAL, -10000000, 2.5); /* -25100: +-3765 */
        struct pl_verdict v = book_judge(pl, &account.account);
        int64_t expected = llround(((7507.5 + 3765) - credit / 4.0 * (2 * 3765)) * 1e8);
        assert_true(distance(maintenance(&v), expected) <= 2 && maintenance(&v) < before);
        before = maintenance(&v);
        pl_close(pl);
        book_close(&book);
    }
}

static void huge_quantities_and_prices_are_exact_or_flagged(void **state)
{
    (void)state;
    uint64_t r = random_seed(29), flagged = 0, rounds = random_rounds(300);
    plain_book(&book, 1);
    struct pl *pl = book_open(&book, "model:");
    for (uint64_t round = 0; round < rounds; round++) {
        double price = random_log(&r, 1e-3, 1e15);
        uint32_t i = random_once_in(&r, 2) ? PLAIN_COIN : PLAIN_PERPETUAL;
        plain_price(&book, pl, PLAIN_COIN, price);
        plain_price(&book, pl, PLAIN_PERPETUAL, price * 1.01);
        book_commit(&book, pl);
        plain_account(&account, (uint8_t)random_within(&r, 1, 3), 0);
        int64_t steps = random_word(&r, 31);
        plain_hold(&account, i, steps, 0);
        struct pl_verdict v = book_judge(pl, &account.account);
        double expected = (double)steps / 1000 * book.nodes[book.instruments[i].node].price;
        bool overflow = (v.flags & (PL_FLAG_OVERFLOW | PL_FLAG_SATURATED)) != 0;
        if (fabs(expected) > 9.3e10)
            assert_true(overflow && v.state == PL_STATE_INDETERMINATE);
        else if (!overflow && !(v.flags & PL_FLAG_UNPRICED))
            assert_true(fabs((double)v.equity / 1e8 - expected) <= 1e-9 * fabs(expected) + 1e-6);
        flagged += overflow;
    }
    print_message("%" PRIu64 " of %" PRIu64 " flagged\n", flagged, rounds);
    assert_true(flagged > 0 && flagged < rounds);
    pl_close(pl);
    book_close(&book);
}

static void resting_orders_never_improve_anything(void **state)
{
    (void)state;
    uint64_t seed = random_seed(30);
    for (uint64_t round = 0, rounds = random_rounds(40); round < rounds; round++) {
        book_make(&book, seed + round, 30);
        struct pl *pl = book_open(&book, "model:");
        for (int i = 0; i < 25; i++) {
            book_account(&book, &account, (uint8_t)random_within(&book.random, 1, 3), true);
            struct pl_verdict with = book_judge(pl, &account.account);
            other = account;
            other.account.holdings = other.holdings;
            for (size_t k = 0; k < other.account.holding_count; k++)
                other.holdings[k].buy_steps = other.holdings[k].sell_steps = 0;
            struct pl_verdict without = book_judge(pl, &other.account);
            assert_true(with.equity == without.equity &&
                        with.maintenance_excess == without.maintenance_excess &&
                        with.initial_excess <= without.initial_excess &&
                        with.worst_loss == without.worst_loss);
        }
        pl_close(pl);
        book_close(&book);
    }
}

/* What a resting order costs is not less than what its fill would need, whatever the term. */
static void an_order_requires_at_least_what_its_fill_does(void **state)
{
    (void)state;
    uint64_t seed = random_seed(31);
    for (uint64_t round = 0, rounds = random_rounds(60); round < rounds; round++) {
        book_make(&book, seed + round, 30);
        uint64_t *r = &book.random;
        for (uint32_t u = 0; u < book.underlying_count; u++)
            book.underlyings[u].has_floor = true, book.underlyings[u].floor = 0;
        struct pl *pl = book_open(&book, "model:");
        for (int i = 0; i < 25; i++) {
            book_account(&book, &account, (uint8_t)random_within(r, 1, 3), true);
            account.account.multiplier = 0;
            struct pl_verdict resting = book_judge(pl, &account.account);
            other = account;
            other.account.holdings = other.holdings;
            for (size_t k = 0; k < account.account.holding_count; k++) {
                struct pl_holding *h = &other.holdings[k];
                const struct book_instrument *x = &book.instruments[h->instrument];
                int64_t fill = random_once_in(r, 2) ? h->buy_steps : -h->sell_steps;
                h->buy_steps = h->sell_steps = 0;
                if (!x->coin || x->kind == PL_KIND_OPTION) {
                    h->steps += fill;
                } else if (fill != 0) { /* inverse: filled at the mark */
                    assert_true(other.account.holding_count < BOOK_HOLDINGS);
                    struct pl_holding *filled = &other.holdings[other.account.holding_count++];
                    *filled = (struct pl_holding){ .instrument = h->instrument,
                                                   .steps = fill,
                                                   .entry_price = book.nodes[x->node].words.price };
                }
            }
            struct pl_verdict filled = book_judge(pl, &other.account);
            if (initial(&filled) > initial(&resting) + 100000 + initial(&resting) / 1000000000)
                fail_msg(
                    "book %" PRIu64 ", account %d, mode %u: resting %" PRId64 ", filled %" PRId64,
                    seed + round, i, account.account.mode, initial(&resting), initial(&filled));
        }
        pl_close(pl);
        book_close(&book);
    }
}

static int64_t scaled_up(int64_t requirement, int64_t multiplier)
{
    __extension__ __int128 product = (__int128)requirement * multiplier;
    return (int64_t)((product + Q40 - 1) >> 40);
}

static void the_multiplier_scales_requirements_exactly(void **state)
{
    (void)state;
    uint64_t seed = random_seed(32);
    for (uint64_t round = 0, rounds = random_rounds(30); round < rounds; round++) {
        book_make(&book, seed + round, 30);
        struct pl *pl = book_open(&book, "model:");
        for (int i = 0; i < 25; i++) {
            book_account(&book, &account, (uint8_t)random_within(&book.random, 1, 3), true);
            account.account.multiplier = 0;
            struct pl_verdict one = book_judge(pl, &account.account);
            for (uint16_t m = 1; m < 4; m++) {
                account.account.multiplier = m;
                struct pl_verdict v = book_judge(pl, &account.account);
                assert_true(v.equity == one.equity &&
                            maintenance(&v) ==
                                scaled_up(maintenance(&one), book.multipliers_q40[m]) &&
                            initial(&v) == scaled_up(initial(&one), book.multipliers_q40[m]));
            }
        }
        pl_close(pl);
        book_close(&book);
    }
}

/* Within some 1e-7 of the gross notional per scenario and factor. An expiry's rows share one unit,
 * so the lots of its options must be of one size: beside a large lot, a small one has few digits.
 */
static void the_small_profile_agrees_with_full(void **state)
{
    (void)state;
    uint64_t seed = random_seed(33);
    for (uint64_t round = 0, rounds = random_rounds(40); round < rounds; round++) {
        book_make(&book, seed + round, 16);
        for (uint32_t i = 0; i < book.instrument_count; i++) {
            if (book.instruments[i].kind == PL_KIND_OPTION)
                book.instruments[i].size = 1, book.instruments[i].step = 0.1;
        }
        struct pl *full = book_open(&book, "model:"),
                  *small = book_open(&book, "model:profile=small");
        for (int i = 0; i < 20; i++) {
            book_account(&book, &account, (uint8_t)random_within(&book.random, 1, 3), true);
            double gross = fabs((double)account.account.cash_e8) / 1e8;
            for (size_t k = 0; k < account.account.holding_count; k++) {
                const struct pl_holding *h = &account.holdings[k];
                const struct book_instrument *x = &book.instruments[h->instrument];
                double price = book.nodes[book.underlyings[x->underlying].node].price;
                gross += ((double)llabs(h->steps) + (double)h->buy_steps + (double)h->sell_steps) *
                         x->step * x->size *
                         (x->coin && x->kind != PL_KIND_OPTION ? 1 : fmax(price, x->strike));
            }
            struct pl_verdict v = book_judge(full, &account.account),
                              w = book_judge(small, &account.account);
            assert_true(v.profile == PL_PROFILE_FULL && w.profile == PL_PROFILE_SMALL);
            int64_t tolerance = (int64_t)(gross * 1e8 * 1e-6) + 100000;
            assert_int_equal(v.flags & ~PL_FLAG_GREEKS, w.flags & ~PL_FLAG_GREEKS);
            if (distance(v.equity, w.equity) > tolerance ||
                distance(v.maintenance_excess, w.maintenance_excess) > 3 * tolerance ||
                distance(v.initial_excess, w.initial_excess) > 3 * tolerance)
                fail_msg("book %" PRIu64 ": equity %" PRId64 " %" PRId64 ", maintenance %" PRId64
                         " %" PRId64 ", initial %" PRId64 " %" PRId64 ", gross %.9g",
                         seed + round, v.equity, w.equity, v.maintenance_excess,
                         w.maintenance_excess, v.initial_excess, w.initial_excess, gross);
        }
        pl_close(full);
        pl_close(small);
        book_close(&book);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(call_put_and_future_at_one_strike_carry_no_risk),
        cmocka_unit_test(option_values_are_monotonic_in_price_and_vol),
        cmocka_unit_test(a_position_against_itself_is_nothing),
        cmocka_unit_test(the_order_of_holdings_and_accounts_is_irrelevant),
        cmocka_unit_test(splitting_a_position_over_holdings_is_irrelevant),
        cmocka_unit_test(cash_moves_every_excess_by_itself_and_never_worsens_the_state),
        cmocka_unit_test(priced_long_collateral_never_worsens_a_verdict),
        cmocka_unit_test(a_price_move_across_brackets_equals_a_fresh_evaluation),
        cmocka_unit_test(incremental_ticks_equal_a_fresh_load),
        cmocka_unit_test(underlyings_do_not_offset_without_a_group),
        cmocka_unit_test(a_groups_requirement_lies_between_joint_and_separate),
        cmocka_unit_test(huge_quantities_and_prices_are_exact_or_flagged),
        cmocka_unit_test(resting_orders_never_improve_anything),
        cmocka_unit_test(an_order_requires_at_least_what_its_fill_does),
        cmocka_unit_test(the_multiplier_scales_requirements_exactly),
        cmocka_unit_test(the_small_profile_agrees_with_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
