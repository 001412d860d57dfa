#include "ledger_fixture.h"

#include "decide/withdrawal.h"

#define MINUTE INT64_C(60000000)
#define ACCOUNTS 6
#define ROOM 8

static const struct pl_ledger_size size = {
    .accounts = ACCOUNTS,
    .currencies = 2,
    .instruments = CONTRACTS,
    .pools = 2,
    .entries = 400,
    .flows = true,
};
static const uint32_t pools[ACCOUNTS] = { 0, 0, 0, 0, 0, 1 };
static const bool healthy[ACCOUNTS] = { true, true, true, true, true, true };

#define RULES                                                                                      \
    {                                                                                              \
        .lock_us = 5 * MINUTE, .window_us = 64 * MINUTE,                                           \
        .window_share_q40 = PL_COEFFICIENT_ONE / 10, .window_floor_e8 = 1000, .least_e8 = 10,      \
    }
static const struct pl_withdrawal_rules rules[2] = { RULES, RULES };

struct desk {
    struct pl_ledger *l;
    struct pl_withdrawals *w;
    struct pl_withdrawal_outcome outcomes[ROOM];
    uint32_t count;
};

static struct desk desk_open(void)
{
    struct desk d = { .l = ledger_open(&size, pools) };
    d.w = pl_withdrawals_create(calloc(1, pl_withdrawals_bytes(2, ROOM)), 2, ROOM, 0);
    for (uint32_t i = 0; i < ACCOUNTS; i++)
        ledger_deposit(d.l, i, USD, 1000);
    return d;
}

static void desk_close(struct desk *d)
{
    free(d->l);
    free(d->w);
}

static enum pl_withdrawal_reason ask(struct desk *d, uint32_t account, int64_t amount,
                                     int64_t time_us)
{
    uint64_t id;
    enum pl_ledger_reason why;
    const enum pl_withdrawal_reason reason = pl_withdrawal_request(
        d->w, rules, d->l, account, USD, amount, amount, true, time_us, &id, &why);
    assert_int_equal(id != 0, reason == PL_WITHDRAWAL_OK);
    ledger_holds(d->l);
    return reason;
}

static enum pl_withdrawal_reason first_outcome(struct desk *d, const bool *states, bool may,
                                               int64_t time_us)
{
    assert_int_equal(pl_withdrawals_release(d->w, rules, d->l, states, may, time_us, d->outcomes,
                                            ROOM, &d->count),
                     PL_WITHDRAWAL_OK);
    ledger_holds(d->l);
    return d->count == 0 ? PL_WITHDRAWAL_UNKNOWN : d->outcomes[0].reason;
}

static void a_withdrawal_waits_out_its_lock_in_escrow(void **state)
{
    (void)state;
    struct desk d = desk_open();
    assert_int_equal(ask(&d, 0, 400, MINUTE), PL_WITHDRAWAL_OK);
    assert_int_equal(pl_ledger_cash(d.l, 0, USD), 600);
    assert_int_equal(pl_ledger_cash(d.l, pl_ledger_escrow(d.l), USD), 400);
    first_outcome(&d, healthy, true, 6 * MINUTE - 1);
    assert_int_equal(d.count, 0);
    assert_int_equal(first_outcome(&d, healthy, true, 6 * MINUTE), PL_WITHDRAWAL_OK);
    assert_int_equal(pl_ledger_cash(d.l, pl_ledger_escrow(d.l), USD), 0);
    assert_true(pl_ledger_accounts_cash(d.l, USD) == 5600);
    assert_int_equal(d.w->count, 0);
    desk_close(&d);
}

static void it_is_checked_at_request_and_at_release(void **state)
{
    (void)state;
    struct desk d = desk_open();
    uint64_t id;
    enum pl_ledger_reason why;
    assert_int_equal(ask(&d, ACCOUNTS, 100, 0), PL_WITHDRAWAL_ACCOUNT);
    assert_int_equal(ask(&d, 0, 9, 0), PL_WITHDRAWAL_AMOUNT);
    assert_int_equal(ask(&d, 0, 1001, 0), PL_WITHDRAWAL_NOT_FREE);
    assert_int_equal(pl_withdrawal_request(d.w, rules, d.l, 0, USD, 100, 99, true, 0, &id, &why),
                     PL_WITHDRAWAL_NOT_FREE);
    assert_int_equal(pl_withdrawal_request(d.w, rules, d.l, 0, USD, 100, 100, false, 0, &id, &why),
                     PL_WITHDRAWAL_PRICES);
    /* Bad debt of pool 0, which account 5 does not belong to. */
    assert_int_equal(ask(&d, 0, 100, 0), PL_WITHDRAWAL_OK);
    assert_int_equal(ask(&d, 5, 100, 0), PL_WITHDRAWAL_OK);
    assert_int_equal(pl_ledger_pay(d.l, PL_CAUSE_BAD_DEBT, pl_ledger_debt(d.l, 0), 1, USD, 7),
                     PL_LEDGER_OK);
    assert_int_equal(ask(&d, 1, 100, 0), PL_WITHDRAWAL_BAD_DEBT);
    assert_int_equal(first_outcome(&d, healthy, true, 5 * MINUTE), PL_WITHDRAWAL_BAD_DEBT);
    assert_int_equal(d.count, 2);
    assert_int_equal(d.outcomes[1].reason, PL_WITHDRAWAL_OK);
    assert_int_equal(first_outcome(&d, healthy, false, 6 * MINUTE), PL_WITHDRAWAL_PRICES);
    assert_int_equal(pl_ledger_pay(d.l, PL_CAUSE_SOCIALISED, 1, pl_ledger_debt(d.l, 0), USD, 7),
                     PL_LEDGER_OK);
    const bool ill[ACCOUNTS] = { false, true, true, true, true, true };
    assert_int_equal(first_outcome(&d, ill, true, 7 * MINUTE), PL_WITHDRAWAL_UNHEALTHY);
    assert_int_equal(first_outcome(&d, healthy, true, 7 * MINUTE), PL_WITHDRAWAL_OK);
    assert_int_equal(ask(&d, 0, 100, MINUTE), PL_WITHDRAWAL_TIME_BACK);
    desk_close(&d);
}

static void an_account_in_need_gets_its_money_back_first(void **state)
{
    (void)state;
    struct desk d = desk_open();
    enum pl_ledger_reason why;
    for (uint32_t i = 0; i < ROOM; i++)
        assert_int_equal(ask(&d, i % 2, 100, 0), PL_WITHDRAWAL_OK);
    assert_int_equal(ask(&d, 2, 100, 0), PL_WITHDRAWAL_FULL);
    assert_int_equal(pl_withdrawal_recall(d.w, d.l, 0), 4);
    assert_int_equal(pl_ledger_cash(d.l, 0, USD), 1000);
    assert_int_equal(pl_ledger_cash(d.l, 1, USD), 600);
    assert_int_equal(d.w->count, 4);
    assert_int_equal(pl_withdrawal_cancel(d.w, d.l, 1, &why), PL_WITHDRAWAL_UNKNOWN);
    assert_int_equal(pl_withdrawal_cancel(d.w, d.l, 2, &why), PL_WITHDRAWAL_OK);
    assert_int_equal(pl_withdrawals_waiting(d.w)[0].id, 4);
    assert_int_equal(pl_ledger_cash(d.l, 1, USD), 700);
    ledger_holds(d.l);
    desk_close(&d);
}

static void the_window_holds_up_its_currency_in_order(void **state)
{
    (void)state;
    struct desk d = desk_open();
    for (uint32_t i = 0; i < ACCOUNTS; i++) /* a tenth of 6,000 is below the floor of 1,000 */
        assert_int_equal(ask(&d, i, 400, 0), PL_WITHDRAWAL_OK);
    assert_int_equal(first_outcome(&d, healthy, true, 5 * MINUTE), PL_WITHDRAWAL_OK);
    assert_int_equal(d.w->count, 4);
    assert_int_equal(d.outcomes[2].reason, PL_WITHDRAWAL_WINDOW);
    assert_int_equal(pl_withdrawal_window_left(d.w, rules, d.l, USD, 5 * MINUTE), 200);
    /* A later small one does not overtake. */
    assert_int_equal(ask(&d, 0, 50, 6 * MINUTE), PL_WITHDRAWAL_OK);
    assert_int_equal(first_outcome(&d, healthy, true, 20 * MINUTE), PL_WITHDRAWAL_WINDOW);
    assert_int_equal(d.outcomes[4].reason, PL_WITHDRAWAL_WINDOW);
    /* More than a window is refused at once. */
    ledger_deposit(d.l, 3, USD, 5000);
    assert_int_equal(ask(&d, 3, 2000, 20 * MINUTE), PL_WITHDRAWAL_WINDOW);
    assert_int_equal(first_outcome(&d, healthy, true, 90 * MINUTE), PL_WITHDRAWAL_OK);
    assert_int_equal(d.w->count, 3);
    desk_close(&d);
}

static void no_period_of_a_window_lets_more_out(void **state)
{
    (void)state;
    uint64_t seed = random_seed(13);
    enum { RELEASES = 4000 };
    static int64_t when[RELEASES], amounts[RELEASES];
    for (uint64_t round = random_rounds(20); round > 0; round--) {
        struct desk d = desk_open(), again = desk_open();
        uint32_t released = 0;
        int64_t now = 0, out = 0;
        for (uint32_t i = 0; i < ACCOUNTS; i++)
            ledger_deposit(d.l, i, USD, 1000000), ledger_deposit(again.l, i, USD, 1000000);
        struct pl_withdrawal_rules r[2] = { rules[0], rules[1] };
        r[USD].window_floor_e8 = 1000000; /* above the share, so that the limit does not move */
        for (uint32_t event = 0; event < 600; event++) {
            const uint32_t account = (uint32_t)random_below(&seed, ACCOUNTS);
            const int64_t amount = random_within(&seed, 1, 200000);
            bool states[ACCOUNTS];
            for (uint32_t i = 0; i < ACCOUNTS; i++)
                states[i] = !random_once_in(&seed, 5);
            const bool may = !random_once_in(&seed, 6);
            const uint64_t kind = random_below(&seed, 8);
            now += random_within(&seed, 0, 5 * MINUTE);
            for (int k = 0; k < 2; k++) {
                struct desk *x = k == 0 ? &d : &again;
                uint64_t id;
                enum pl_ledger_reason why;
                if (kind < 5)
                    pl_withdrawal_request(x->w, r, x->l, account, USD, amount, amount, may, now,
                                          &id, &why);
                else if (kind < 7)
                    pl_withdrawals_release(x->w, r, x->l, states, may, now, x->outcomes, ROOM,
                                           &x->count);
                else
                    pl_withdrawal_recall(x->w, x->l, account);
                ledger_holds(x->l);
            }
            for (uint32_t i = 0; i < d.count && kind >= 5 && kind < 7; i++) {
                if (d.outcomes[i].reason != PL_WITHDRAWAL_OK)
                    continue;
                assert_true(d.outcomes[i].withdrawal.due_us <= now && may);
                assert_true(states[d.outcomes[i].withdrawal.account]);
                when[released] = now;
                amounts[released++] = d.outcomes[i].withdrawal.amount_e8;
                out += d.outcomes[i].withdrawal.amount_e8;
            }
            int64_t escrow = 0;
            for (uint32_t i = 0; i < d.w->count; i++)
                escrow += pl_withdrawals_waiting(d.w)[i].amount_e8;
            assert_int_equal(escrow, pl_ledger_cash(d.l, pl_ledger_escrow(d.l), USD));
            assert_true(pl_ledger_accounts_cash(d.l, USD) == 6000 + 6000000 - out - escrow);
        }
        for (uint32_t i = 0; i < released; i++) {
            int64_t sum = 0;
            for (uint32_t j = i; j < released && when[j] - when[i] <= r[USD].window_us; j++)
                sum += amounts[j];
            assert_true(sum <= r[USD].window_floor_e8);
        }
        assert_true(released > 0);
        assert_true(ledger_same(d.l, again.l));
        assert_memory_equal(d.w, again.w, pl_withdrawals_bytes(2, ROOM));
        desk_close(&d);
        desk_close(&again);
    }
}

static void wrong_rules_are_named(void **state)
{
    (void)state;
    char message[PL_RULE_MESSAGE_BYTES];
    struct pl_withdrawal_rules wrong = pl_withdrawal_defaults;
    assert_int_equal(pl_withdrawal_check(&wrong, message), 0);
    wrong.window_share_q40 = PL_COEFFICIENT_ONE;
    assert_int_not_equal(pl_withdrawal_check(&wrong, message), 0);
    assert_non_null(strstr(message, "window_share_q40"));
    wrong = pl_withdrawal_defaults;
    wrong.least_e8 = 0;
    assert_int_not_equal(pl_withdrawal_check(&wrong, message), 0);
    assert_non_null(strstr(message, "least_e8 is 0:"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_withdrawal_waits_out_its_lock_in_escrow),
        cmocka_unit_test(it_is_checked_at_request_and_at_release),
        cmocka_unit_test(an_account_in_need_gets_its_money_back_first),
        cmocka_unit_test(the_window_holds_up_its_currency_in_order),
        cmocka_unit_test(no_period_of_a_window_lets_more_out),
        cmocka_unit_test(wrong_rules_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
