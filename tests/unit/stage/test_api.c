/* The public functions: every refusal, every call out of turn, and that what is refused leaves
 * nothing behind. */
#include "../support/plain_book.h"

#include <errno.h>

static struct book book;
static struct book_account account;
static struct pl *pl;

static int open_book(void **state)
{
    (void)state;
    plain_book(&book, 1);
    pl = book_open(&book, "model:");
    plain_account(&account, PL_MODE_CROSS, 1000);
    plain_hold(&account, PLAIN_PERPETUAL, 100, 50000);
    return 0;
}

static int close_book(void **state)
{
    (void)state;
    pl_close(pl);
    book_close(&book);
    return 0;
}

static void devices_are_named_by_uri(void **state)
{
    (void)state;
    static const struct {
        const char *uri;
        int error;
    } cases[] = {
        { "model:", 0 },
        { "model:profile=full", 0 },
        { "model:profile=small", 0 },
        { "model", -ENODEV },
        { "", -ENODEV },
        { "modelx:", -ENODEV },
        { "fpga:0", -ENODEV },
        { ":", -ENODEV },
        { "model:profile=medium", -EINVAL },
        { "model:profile", -EINVAL },
        { "model: ", -EINVAL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char message[PL_MESSAGE_BYTES] = "x";
        struct pl *opened = NULL;
        assert_int_equal(pl_open(cases[i].uri, &opened, message), cases[i].error);
        assert_true((opened == NULL) == (cases[i].error != 0) &&
                    (message[0] == '\0') == (cases[i].error == 0));
        pl_close(opened);
        assert_int_equal(pl_open(cases[i].uri, &opened, NULL), cases[i].error);
        pl_close(opened);
    }
    pl_close(NULL);
}

static void capabilities_tell_the_profile(void **state)
{
    (void)state;
    struct pl_capabilities c;
    struct pl *small;
    assert_int_equal(pl_open("model:profile=small", &small, NULL), 0);
    pl_capabilities(small, &c);
    assert_true(c.profile == PL_PROFILE_SMALL && c.scenarios == 16 && c.instruments == 512 &&
                c.description != NULL);
    pl_close(small);
    pl_capabilities(pl, &c);
    assert_true(c.profile == PL_PROFILE_FULL && c.scenarios == 40 &&
                c.instruments == PL_INSTRUMENTS_MAX);
}

/* Nothing works on a handle that holds nothing, and everything says so. */
static void must_be_empty(struct pl *empty)
{
    struct pl_price price = book.nodes[0].words;
    struct pl_batch batch = { .accounts = &account.account, .count = 1 };
    struct pl_instrument_quote quote;
    assert_int_equal(pl_price_id(empty, "BTC"), -ENOENT);
    assert_int_equal(pl_price_id(empty, "settlement:USD"), -ENOENT);
    assert_int_equal(pl_set_price(empty, 0, &price), -ENOENT);
    assert_int_equal(pl_commit(empty, 1), -PL_STATUS_NOT_LOADED);
    assert_true(pl_message(empty)[0] != '\0');
    assert_int_equal(pl_submit(empty, &batch), -PL_STATUS_NOT_LOADED);
    assert_true(pl_message(empty)[0] != '\0');
    assert_true(pl_quote_instrument(empty, 0, &quote) < 0);
    assert_null(pl_underlying_name(empty, 0));
}

static void nothing_works_before_a_load(void **state)
{
    (void)state;
    struct pl *empty;
    assert_int_equal(pl_open("model:", &empty, NULL), 0);
    assert_string_equal(pl_message(empty), "");
    must_be_empty(empty);
    pl_close(empty);
}

static void accounts_need_a_committed_tick(void **state)
{
    (void)state;
    struct pl *fresh;
    assert_int_equal(pl_open("model:", &fresh, NULL), 0);
    book_load(&book, fresh);
    struct pl_batch batch = { .accounts = &account.account, .count = 1 };
    struct pl_instrument_quote quote;
    assert_int_equal(pl_submit(fresh, &batch), -PL_STATUS_NOT_LOADED);
    assert_int_equal(pl_quote_instrument(fresh, 0, &quote), -PL_STATUS_NOT_LOADED);
    pl_close(fresh);
}

static void a_second_load_starts_anew(void **state)
{
    (void)state;
    struct pl_batch batch = { .accounts = &account.account, .count = 1 };
    struct pl_instrument_quote quote;
    struct pl_verdict before = book_judge(pl, &account.account);
    book_load(&book, pl);
    assert_int_equal(pl_submit(pl, &batch), -PL_STATUS_NOT_LOADED);
    assert_int_equal(pl_quote_instrument(pl, 0, &quote), -PL_STATUS_NOT_LOADED);
    book_commit(&book, pl);
    assert_int_equal(book_judge(pl, &account.account).state,
                     PL_STATE_INDETERMINATE); /* no prices yet */
    for (uint32_t n = 0; n < book.node_count; n++)
        book_set_node(&book, pl, n);
    book_commit(&book, pl);
    struct pl_verdict again = book_judge(pl, &account.account);
    VERDICTS_EQUAL(before, again);
}

static struct pl_setup setup_of(struct pl_instrument_def *defs, size_t count)
{
    book_define(&book);
    memcpy(defs, book.defs, count * sizeof *defs);
    return (
        struct pl_setup){ .model_path = book.path, .instruments = defs, .instrument_count = count };
}

static void must_refuse_load(const struct pl_setup *setup, int error, const char *text)
{
    int got = pl_load(pl, setup);
    if (got != error || strstr(pl_message(pl), text) == NULL)
        fail_msg("load: %d with \"%s\", not %d with \"%s\"", got, pl_message(pl), error, text);
    must_be_empty(pl);
}

static void a_model_in_memory_is_the_same_as_its_file(void **state)
{
    (void)state;
    char text[65536];
    struct pl_instrument_def d[6];
    struct pl_setup setup = setup_of(d, 6);
    FILE *f = fopen(book.path, "r");
    assert_non_null(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    struct pl_verdict before = book_judge(pl, &account.account);
    setup.model_path = "no/such/file";
    setup.model_text = "{";
    must_refuse_load(&setup, -EINVAL, "no/such/file:1");
    setup.model_text = text;
    setup.instrument_count = book.instrument_count;
    setup.instruments = book.defs;
    setup.multipliers_q40 = book.multipliers_q40;
    setup.multiplier_count = 4;
    assert_int_equal(pl_load(pl, &setup), 0);
    for (uint32_t n = 0; n < book.node_count; n++)
        book_set_node(&book, pl, n);
    book_commit(&book, pl);
    struct pl_verdict again = book_judge(pl, &account.account);
    VERDICTS_EQUAL(before, again);
    assert_int_equal(before.model_version, again.model_version);
}

static void a_bad_definition_is_refused_by_name(void **state)
{
    (void)state;
    struct pl_instrument_def d[6];
    struct pl_setup setup = setup_of(d, 6);
    char wide[PL_SYMBOL_BYTES + 8];
    memset(wide, 'x', sizeof wide);
    wide[sizeof wide - 1] = '\0';
#define REFUSED(index, member, value)                                                              \
    do {                                                                                           \
        setup = setup_of(d, 6);                                                                    \
        d[index].member = value;                                                                   \
        must_refuse_load(&setup, -EINVAL,                                                          \
                         d[index].symbol != NULL && strlen(d[index].symbol) < 64 ? d[index].symbol \
                                                                                 : "");            \
    } while (0)
    REFUSED(0, symbol, NULL);
    REFUSED(0, symbol, "");
    REFUSED(0, symbol, wide);
    REFUSED(1, underlying, NULL);
    REFUSED(1, underlying, "");
    REFUSED(1, underlying, wide);
    REFUSED(4, forward, NULL);
    REFUSED(4, forward, "");
    REFUSED(0, kind, 0);
    REFUSED(0, kind, 5);
    REFUSED(0, coin_settled, true);
    REFUSED(1, expiry_us, 5);
    REFUSED(2, expiry_us, 0);
    REFUSED(2, expiry_us, -5);
    REFUSED(4, strike.mantissa, 0);
    REFUSED(4, strike.mantissa, -1);
    REFUSED(1, contract_size.mantissa, 0);
    REFUSED(1, contract_size.mantissa, -1);
    REFUSED(1, quantity_step.mantissa, 0);
    REFUSED(1, quantity_step.exponent, -40);
    REFUSED(1, quantity_step.exponent, INT32_MAX);
    REFUSED(1, quantity_step.exponent, INT32_MIN);
    REFUSED(1, contract_size.exponent, INT32_MIN);
    REFUSED(1, contract_size.mantissa, INT64_MAX);
    REFUSED(5, forward, "ANOTHER");
    REFUSED(3, symbol, "PERP"); /* twice */
}

static void a_bad_setup_is_refused(void **state)
{
    (void)state;
    struct pl_instrument_def d[6];
    struct pl_setup setup = setup_of(d, 6);
    setup.instrument_count = 0;
    must_refuse_load(&setup, -EINVAL, "instruments");
    setup = setup_of(d, 6);
    setup.model_path = "/nonexistent/model.json";
    assert_true(pl_load(pl, &setup) < 0 && pl_message(pl)[0] != '\0');
    must_be_empty(pl);
    const int64_t wrong[][2] = {
        { 0, Q40 }, { 2 * Q40, Q40 }, { Q40, 0 }, { Q40, -1 }, { Q40, 64 * Q40 + 1 }
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        setup = setup_of(d, 6);
        setup.multipliers_q40 = wrong[i], setup.multiplier_count = 2;
        must_refuse_load(&setup, -EINVAL, "multipliers");
    }
    setup.multiplier_count = 0;
    must_refuse_load(&setup, -EINVAL, "multipliers");
    setup.multiplier_count = PL_MULTIPLIERS_MAX + 1;
    must_refuse_load(&setup, -EINVAL, "multipliers");
    FILE *f = fopen(book.path, "w"); /* a model without classes */
    fputs(
        "{\"format\": 1, \"name\": \"x\", \"description\": \"\", \"coverage\": 0.99, \"max_price_age_s\": 0,\n"
        "\"scenarios\": {}, \"underlyings\": {\"default\": {}}, \"classes\": {}, \"brackets\": {}}\n",
        f);
    fclose(f);
    setup = setup_of(d, 6);
    assert_int_equal(pl_load(pl, &setup), -EINVAL);
    assert_true(pl_message(pl)[0] != '\0');
    must_be_empty(pl);
}

static void the_small_device_refuses_what_exceeds_it(void **state)
{
    (void)state;
    struct pl *small;
    struct pl_instrument_def d[6];
    struct pl_setup setup = setup_of(d, 6);
    assert_int_equal(pl_open("model:profile=small", &small, NULL), 0);
    book.scenario_count[0] = 17;
    for (int i = 0; i < 17; i++)
        book.scenarios[0][i] = (struct book_scenario){ 1, 1, PL_VOL_RULE_NONE };
    book_write(&book);
    assert_int_equal(pl_load(small, &setup), -PL_STATUS_LIMIT);
    assert_non_null(strstr(pl_message(small), "17 scenarios"));
    assert_int_equal(pl_load(pl, &setup), 0);
    pl_close(small);
}

static void symbols_have_numbers(void **state)
{
    (void)state;
    assert_true(pl_price_id(pl, "BTC") >= 0 && pl_price_id(pl, "PERP") >= 0 &&
                pl_price_id(pl, "FUT") >= 0);
    assert_int_equal(pl_price_id(pl, "settlement:USD"), pl_price_id(pl, "settlement:ANY"));
    assert_int_equal(pl_price_id(pl, ""), -ENOENT);
    assert_int_equal(pl_price_id(pl, "btc"), -ENOENT);
    assert_int_equal(pl_price_id(pl, "BTC "), -ENOENT);
    assert_string_equal(pl_underlying_name(pl, 0), "BTC");
    assert_string_equal(pl_underlying_name(pl, 1), "ALT");
    assert_null(pl_underlying_name(pl, 2));
    assert_null(pl_underlying_name(pl, UINT16_MAX));
}

static void must_refuse_price(struct pl_price p)
{
    int got = pl_set_price(pl, pl_price_id(pl, "PERP"), &p);
    if (got != -EINVAL || strstr(pl_message(pl), "PERP") == NULL)
        fail_msg("set_price: %d, \"%s\"", got, pl_message(pl));
}

static void prices_have_ranges(void **state)
{
    (void)state;
    const struct pl_price good = book.nodes[book.instruments[PLAIN_PERPETUAL].node].words;
    struct pl_verdict before = book_judge(pl, &account.account);
    struct pl_price p;
#define WRONG(member, value) (p = good, p.member = (value), must_refuse_price(p))
    WRONG(price.mantissa, -1);
    WRONG(rate, ((struct pl_decimal){ 64000001, -6 }));
    WRONG(rate, ((struct pl_decimal){ -64000001, -6 }));
    WRONG(rate.exponent, INT32_MAX);
    p = good, p.rate = (struct pl_decimal){ 1, INT32_MAX };
    must_refuse_price(p);
    WRONG(confidence_q40, -1);
    WRONG(confidence_q40, Q40 + 1);
    WRONG(vol_confidence_q40, -1);
    WRONG(vol_confidence_q40, Q40 + 1);
    WRONG(rate_confidence_q40, INT64_MIN);
    WRONG(rate_confidence_q40, INT64_MAX);
    p = good, p.has_vol = true;
    p.vol = (struct pl_decimal){ 8, 0 };
    must_refuse_price(p);
    p.vol = (struct pl_decimal){ -1, -9 };
    must_refuse_price(p);
    p.vol = (struct pl_decimal){ 1, 30 };
    must_refuse_price(p);
    assert_int_equal(pl_set_price(pl, -1, &good), -ENOENT);
    assert_int_equal(pl_set_price(pl, 1000000, &good), -ENOENT);
    assert_int_equal(pl_set_price(pl, INT64_MIN, &good), -ENOENT);
    assert_int_equal(pl_commit(pl, book.now_us), 0); /* nothing of it counts */
    struct pl_verdict after = book_judge(pl, &account.account);
    VERDICTS_EQUAL(before, after);
}

/* Any words a caller can write: refused or unpriced, never undefined, and the other instruments
 * stand. */
static void absurd_prices_and_times_do_no_harm(void **state)
{
    (void)state;
    const struct pl_price good = book.nodes[book.instruments[PLAIN_INVERSE].node].words;
    static const char *const symbols[] = { "INV", "BTC", "C0", "settlement:USD", "ALT", "FUT" };
    static const struct pl_decimal prices[] = {
        { 1, INT32_MAX },  { 1, INT32_MIN },
        { INT64_MAX, 40 }, { INT64_MAX, -40 },
        { 1, 41 },         { 1, -41 },
        { 1, 40 },         { 1, -40 },
        { INT64_MAX, 0 },  { INT64_MAX, INT32_MAX },
    };
    static const int64_t times[] = { INT64_MIN, INT64_MAX, -1, 0 };
    struct book_account other;
    plain_account(&other, PL_MODE_PORTFOLIO, 100);
    plain_hold(&other, PLAIN_OTHER_PERPETUAL, 1000, 2.5);
    struct pl_verdict before = book_judge(pl, &other.account);
    book.max_age_s = 300;
    for (size_t s = 0; s < 6; s++) {
        for (size_t i = 0; i < sizeof prices / sizeof prices[0]; i++) {
            for (size_t t = 0; t < 4; t++) {
                struct pl_price p = good;
                p.price = prices[i], p.time_us = times[t];
                pl_set_price(pl, pl_price_id(pl, symbols[s]), &p);
                book_commit(&book, pl);
            }
        }
        struct pl_verdict after = book_judge(pl, &other.account);
        bool touched = s == 4;
        if (!touched)
            assert_true(after.equity == before.equity && after.state == before.state);
        for (uint32_t n = 0; n < book.node_count; n++)
            book_set_node(&book, pl, n);
        book_commit(&book, pl);
        after = book_judge(pl, &other.account);
        VERDICTS_EQUAL(before, after);
    }
}

static void a_price_that_is_none_is_ignored_whatever_it_says(void **state)
{
    (void)state;
    struct pl_price p = book.nodes[book.instruments[PLAIN_OTHER_COIN].node].words;
    struct pl_verdict before = book_judge(pl, &account.account);
    p.has_price = false;
    p.price = (struct pl_decimal){ INT64_MAX, 30 };
    assert_int_equal(pl_set_price(pl, pl_price_id(pl, "ALT"), &p), 0);
    book_commit(&book, pl);
    struct pl_verdict after = book_judge(pl, &account.account);
    assert_int_equal(after.table_version, before.table_version);
    VERDICTS_EQUAL(before, after);
}

static void time_does_not_run_backwards(void **state)
{
    (void)state;
    assert_int_equal(pl_commit(pl, book.now_us - 1), -EINVAL);
    assert_true(pl_message(pl)[0] != '\0');
    assert_int_equal(book_judge(pl, &account.account).tick, 1); /* the tick before stands */
    assert_int_equal(pl_commit(pl, book.now_us), 0);
    assert_int_equal(book_judge(pl, &account.account).tick, 2);
    assert_int_equal(pl_commit(pl, book.now_us + 1), 0);
    assert_int_equal(book_judge(pl, &account.account).tick, 3);
}

static void extreme_tick_times_are_handled(void **state)
{
    (void)state;
    static const int64_t times[] = { INT64_MIN, -1, 0, INT64_MAX };
    for (size_t i = 0; i < 4; i++) {
        struct pl *fresh;
        book.max_age_s = 60;
        assert_int_equal(pl_open("model:", &fresh, NULL), 0);
        book_load(&book, fresh);
        for (uint32_t n = 0; n < book.node_count; n++)
            book_set_node(&book, fresh, n);
        int got = pl_commit(fresh, times[i]);
        assert_true(got == 0 || got == -EINVAL);
        pl_close(fresh);
    }
}

static void must_refuse_account(const struct pl_account *a, const char *text)
{
    struct pl_batch batch = { .accounts = a, .count = 1 };
    struct pl_verdict v;
    int got = pl_submit(pl, &batch);
    if (got != -ERANGE || strstr(pl_message(pl), text) == NULL ||
        strstr(pl_message(pl), "account 1") == NULL)
        fail_msg("submit: %d, \"%s\", not \"%s\"", got, pl_message(pl), text);
    assert_true(pl_poll(pl, &v, 1, NULL) <= 0); /* no verdict of it */
    assert_true(book_judge(pl, &account.account).account == 1);
}

static void a_bad_account_is_refused_by_number(void **state)
{
    (void)state;
    struct book_account a;
    plain_account(&a, PL_MODE_CROSS, 1);
#define BAD(text, statement)                                                                       \
    do {                                                                                           \
        plain_account(&a, PL_MODE_PORTFOLIO, 1);                                                   \
        statement;                                                                                 \
        must_refuse_account(&a.account, text);                                                     \
    } while (0)
    BAD("no instrument 16", plain_hold(&a, 16, 1, 0));
    BAD("no instrument", plain_hold(&a, UINT32_MAX, 1, 0));
    BAD("mode", a.account.mode = 0);
    BAD("mode", a.account.mode = 4);
    BAD("multiplier", a.account.multiplier = 4);
    BAD("multiplier", a.account.multiplier = UINT16_MAX);
    BAD("BTC", plain_hold(&a, PLAIN_COIN, 1, 0)->buy_steps = -1);
    BAD("BTC", plain_hold(&a, PLAIN_COIN, 1, 0)->sell_steps = INT64_MIN);
    BAD("BTC", plain_hold(&a, PLAIN_COIN, 1, 0)->sell_steps = PL_ORDER_LOTS_MAX + 1);
    BAD("BTC", plain_hold(&a, PLAIN_COIN, INT64_C(1) << 31, 0));
    BAD("BTC", plain_hold(&a, PLAIN_COIN, -(INT64_C(1) << 31), 0));
    BAD("BTC", plain_hold(&a, PLAIN_COIN, INT64_MIN, 0));
    BAD("BTC",
        (plain_hold(&a, PLAIN_COIN, INT64_MAX, 0), plain_hold(&a, PLAIN_COIN, INT64_MAX, 0)));
    BAD("INV", plain_hold(&a, PLAIN_INVERSE, 1, 0));
    BAD("INV", plain_hold(&a, PLAIN_INVERSE, 1, -5));
    BAD("", plain_hold(&a, PLAIN_PERPETUAL, INT64_MAX, 1e17));
    BAD("cash",
        (plain_hold(&a, PLAIN_PERPETUAL, 2000000000, 1e6), plain_hold(&a, PLAIN_PERPETUAL, 1, 1)));
    BAD("", plain_hold(&a, PLAIN_PERPETUAL, 1, 1)->entry_price.exponent = INT32_MAX);
    BAD("", plain_hold(&a, PLAIN_INVERSE, 1, 1)->entry_price.exponent = INT32_MIN);
    BAD("", plain_hold(&a, PLAIN_INVERSE, 1, 1)->entry_price.exponent = INT32_MAX);
}

/* Costs that cancel only beyond 128 bits must not wrap into a plausible cash. */
static void costs_never_wrap(void **state)
{
    (void)state;
    struct book_account a;
    plain_account(&a, PL_MODE_CROSS, 0);
    for (int i = 0; i < 8;
         i++) { /* +s at one price, -s at another: the lots cancel, the costs do not */
        struct pl_holding *h = plain_hold(&a, PLAIN_PERPETUAL, i % 2 ? -INT64_MAX : INT64_MAX, 1);
        h->entry_price = i % 2 ? (struct pl_decimal){ 9, 13 } : (struct pl_decimal){ -9, 13 };
    }
    must_refuse_account(&a.account, "");
    plain_account(&a, PL_MODE_PORTFOLIO, 0);
    for (int i = 0; i < 20; i++)
        plain_hold(&a, PLAIN_INVERSE, INT64_MAX, 1)->entry_price = (struct pl_decimal){ 1, -7 };
    must_refuse_account(&a.account, "");
}

static void an_accounts_slots_are_limited(void **state)
{
    (void)state;
    size_t count = PL_ACCOUNT_SLOTS_MAX;
    struct pl_holding *many = calloc(count, sizeof *many);
    for (size_t i = 0; i < count; i++)
        many[i] = (struct pl_holding){ .instrument = PLAIN_COIN, .steps = i % 2 ? 2 : -1 };
    struct pl_account a = {
        .account = 1, .mode = PL_MODE_CROSS, .holdings = many, .holding_count = count
    };
    assert_int_equal(book_judge(pl, &a).equity,
                     (int64_t)(count / 2) * 50 * 100000000); /* they add up to one slot */
    free(many);
}

static void polling_in_pieces_gives_the_same_bytes(void **state)
{
    (void)state;
    enum { ACCOUNTS = 257 };
    static struct book_account all[ACCOUNTS];
    static struct pl_account accounts[ACCOUNTS];
    static struct pl_verdict whole[ACCOUNTS], piece[ACCOUNTS];
    struct pl_tick_summary first, summary;
    for (uint32_t i = 0; i < ACCOUNTS; i++) {
        book_account(&book, &all[i], (uint8_t)(1 + i % 3), true);
        all[i].account.account = i;
        accounts[i] = all[i].account;
    }
    for (uint8_t filter = 0; filter <= 5; filter++) {
        struct pl_batch batch = {
            .accounts = accounts, .count = ACCOUNTS, .position_version = 99, .filter = filter
        };
        assert_int_equal(pl_submit(pl, &batch), 0);
        int n = pl_poll(pl, whole, ACCOUNTS, &first);
        assert_true(n >= 0);
        if (n > 0)
            assert_int_equal(pl_poll(pl, piece, 1, &first), 0);
        assert_int_equal(first.accounts, ACCOUNTS);
        assert_int_equal(first.flagged, n);
        assert_int_equal(first.status, PL_STATUS_OK);
        uint32_t states = 0;
        for (int i = 0; i < 5; i++)
            states += first.by_state[i];
        assert_int_equal(states, ACCOUNTS);
        for (int i = 0; i < n; i++)
            assert_true(whole[i].state >= filter && whole[i].position_version == 99 &&
                        whole[i].serial == (uint32_t)i &&
                        (i == 0 || whole[i].account > whole[i - 1].account));
        for (size_t max = 1; max < 20; max += 6) {
            assert_int_equal(pl_submit(pl, &batch), 0);
            int taken = 0, got;
            while ((got = pl_poll(pl, piece + taken, max, &summary)) > 0)
                taken += got;
            assert_true(got == 0 && taken == n);
            assert_memory_equal(whole, piece, (size_t)n * sizeof *whole);
            assert_memory_equal(&first, &summary, sizeof first);
            assert_int_equal(pl_poll(pl, piece, 1, &summary), 0);
        }
    }
}

static void an_empty_batch_has_a_summary(void **state)
{
    (void)state;
    struct pl_batch batch = { .accounts = NULL, .count = 0 };
    struct pl_verdict v;
    struct pl_tick_summary summary;
    assert_int_equal(pl_submit(pl, &batch), 0);
    assert_int_equal(pl_poll(pl, &v, 1, &summary), 0);
    assert_true(summary.accounts == 0 && summary.flagged == 0 && summary.tick == 1 &&
                summary.last_account == UINT32_MAX);
}

/* A refused submission ends the one before it: its slots are gone, and no verdict may come from
 * them. */
static void a_refused_submission_leaves_no_sweep_behind(void **state)
{
    (void)state;
    enum { ACCOUNTS = 3000 };
    static struct pl_account accounts[ACCOUNTS];
    struct pl_verdict v[4];
    for (uint32_t i = 0; i < ACCOUNTS; i++)
        accounts[i] = account.account, accounts[i].account = i;
    struct pl_batch batch = { .accounts = accounts, .count = 10 };
    assert_int_equal(pl_submit(pl, &batch), 0);
    assert_int_equal(pl_poll(pl, v, 4, NULL), 4);
    accounts[ACCOUNTS - 1].mode = 77;
    batch.count = ACCOUNTS;
    assert_int_equal(pl_submit(pl, &batch), -ERANGE);
    assert_true(pl_poll(pl, v, 4, NULL) <= 0);
}

/* The verdicts that a commit or a load cuts off are missing, and pl_poll() must not call that the
 * end. */
static void a_tick_during_a_sweep_is_not_taken_for_its_end(void **state)
{
    (void)state;
    static struct pl_account accounts[10];
    struct pl_verdict v[10];
    struct pl_tick_summary summary = { 0 };
    for (uint32_t i = 0; i < 10; i++)
        accounts[i] = account.account, accounts[i].account = i;
    struct pl_batch batch = { .accounts = accounts, .count = 10 };
    assert_int_equal(pl_submit(pl, &batch), 0);
    assert_int_equal(pl_poll(pl, v, 4, NULL), 4);
    book_commit(&book, pl);
    int taken = 4, got;
    while ((got = pl_poll(pl, v + taken, 1, &summary)) > 0)
        taken += got;
    assert_true(got < 0 || taken == 10); /* either they still come, or the loss is an error */
    book_judge(pl, &account.account);
}

static void records_per_underlying_add_up_to_the_verdict(void **state)
{
    (void)state;
    uint64_t seed = random_seed(9);
    for (uint64_t round = 0, rounds = random_rounds(20); round < rounds; round++) {
        static struct book b;
        static struct book_account a[40];
        static struct pl_account accounts[40];
        static struct pl_verdict v[40];
        book_make(&b, seed + round, 20);
        for (uint32_t u = 0; u < b.underlying_count; u++)
            b.underlyings[u].group = -1;
        struct pl *device = book_open(&b, "model:");
        for (uint32_t i = 0; i < 40; i++) {
            book_account(&b, &a[i], (uint8_t)(1 + i % 3), true);
            a[i].account.multiplier = 0, a[i].account.account = i;
            accounts[i] = a[i].account;
        }
        struct pl_batch batch = { .accounts = accounts, .count = 40, .per_underlying = true };
        assert_int_equal(pl_submit(device, &batch), 0);
        const struct pl_underlying_verdict *r;
        uint32_t next = 0;
        for (;;) {
            int n = pl_poll(device, v, 7, NULL);
            if (n <= 0)
                break;
            int64_t count = pl_poll_underlyings(device, &r), at = 0;
            for (int i = 0; i < n; i++, next++) {
                __extension__ __int128 costs = 0; /* 1e-18, rounded once */
                int64_t equity = accounts[next].cash_e8, mm = 0, im = 0, delta = 0, vega = 0,
                        worst = 0;
                for (int64_t k = 0; k < (int64_t)accounts[next].holding_count; k++) {
                    const struct book_instrument *x =
                        &b.instruments[a[next].holdings[k].instrument];
                    if (x->kind == PL_KIND_SPOT || x->kind == PL_KIND_OPTION || x->coin)
                        continue;
                    if (a[next].holdings[k].entry_price.mantissa == 0)
                        continue;
                    __extension__ __int128 cost =
                        (__int128)a[next].holdings[k].steps *
                        b.defs[a[next].holdings[k].instrument].quantity_step.mantissa *
                        b.defs[a[next].holdings[k].instrument].contract_size.mantissa *
                        a[next].holdings[k].entry_price.mantissa;
                    int exponent = b.defs[a[next].holdings[k].instrument].quantity_step.exponent +
                                   b.defs[a[next].holdings[k].instrument].contract_size.exponent +
                                   a[next].holdings[k].entry_price.exponent + 18;
                    for (; exponent > 0; exponent--)
                        cost *= 10;
                    __int128 power = 1;
                    for (; exponent < 0; exponent++)
                        power *= 10;
                    __int128 paid = -cost / power;
                    costs += paid * power > -cost ? paid - 1 : paid;
                }
                __int128 cents = costs / INT64_C(10000000000);
                equity += (int64_t)(cents * INT64_C(10000000000) > costs ? cents - 1 : cents);
                uint16_t last = 0;
                for (bool any = false; at < count && r[at].account == next; at++, any = true) {
                    assert_true(!any || r[at].underlying > last);
                    last = r[at].underlying;
                    assert_int_equal(r[at].serial, v[i].serial);
                    equity += r[at].value, mm += r[at].maintenance_requirement,
                        im += r[at].initial_requirement;
                    delta += r[at].delta, vega += r[at].vega;
                    worst = r[at].worst_loss < worst ? r[at].worst_loss : worst;
                }
                assert_int_equal(v[i].account, next);
                assert_int_equal(v[i].equity, equity);
                assert_int_equal(v[i].maintenance_excess, equity - mm);
                assert_int_equal(v[i].initial_excess, equity - im);
                assert_true(v[i].delta == delta && v[i].vega == vega && v[i].worst_loss == worst);
            }
            assert_int_equal(at, count);
        }
        assert_int_equal(next, 40);
        pl_close(device);
        book_close(&b);
    }
}

static void two_handles_give_the_same_bytes(void **state)
{
    (void)state;
    static struct book b, again;
    static struct book_account a;
    uint64_t seed = random_seed(10);
    for (uint64_t round = 0, rounds = random_rounds(20); round < rounds; round++) {
        book_make(&b, seed + round, 20);
        book_make(&again, seed + round, 20);
        struct pl *first = book_open(&b, "model:"), *second = book_open(&again, "model:");
        for (int i = 0; i < 20; i++) {
            book_account(&b, &a, (uint8_t)random_within(&b.random, 1, 3), true);
            struct pl_verdict v = book_judge(first, &a.account), w = book_judge(second, &a.account);
            assert_memory_equal(&v, &w, sizeof v);
        }
        pl_close(first);
        pl_close(second);
        book_close(&b);
        book_close(&again);
    }
}

/* One handle is told of new vols alone, the other one of every price. */
static void new_vols_alone_give_what_all_prices_give(void **state)
{
    (void)state;
    static struct book b, again;
    static struct book_account a;
    uint64_t seed = random_seed(14), told = 0;
    for (uint64_t round = 0, rounds = random_rounds(20); round < rounds; round++) {
        book_make(&b, seed + round, 20);
        book_make(&again, seed + round, 20);
        struct pl *some = book_open(&b, "cpu:"), *all = book_open(&again, "model:");
        for (int tick = 0; tick < 10; tick++) {
            uint64_t one_in = random_once_in(&b.random, 3) ? 2 : 40;
            for (uint32_t i = 0; i < b.instrument_count; i++) {
                struct pl_price *p = &b.nodes[b.instruments[i].node].words;
                if (b.instruments[i].kind != PL_KIND_OPTION || !random_once_in(&b.random, one_in))
                    continue;
                p->has_vol = !random_once_in(&b.random, 10);
                p->vol.mantissa += p->vol.mantissa / 50;
                p->price.mantissa++; /* says nothing */
                book_set_node(&b, some, b.instruments[i].node);
                told++;
            }
            for (uint32_t n = 0; n < b.node_count; n++)
                book_set_node(&b, all, n);
            assert_int_equal(pl_tick(some), 0);
            assert_int_equal(pl_tick(all), 0);
            book_account(&b, &a, (uint8_t)random_within(&b.random, 1, 3), true);
            struct pl_verdict v = book_judge(some, &a.account), w = book_judge(all, &a.account);
            assert_memory_equal(&v, &w, sizeof v);
        }
        pl_close(some);
        pl_close(all);
        book_close(&b);
        book_close(&again);
    }
    assert_true(told > 0);
}

static void names_never_fail(void **state)
{
    (void)state;
    char text[PL_SYMBOL_BYTES];
    for (unsigned i = 0; i < 256; i++) {
        assert_non_null(pl_state_name((uint8_t)i));
        assert_non_null(pl_mode_name((uint8_t)i));
        assert_non_null(pl_kind_name((uint8_t)i));
        assert_non_null(pl_vol_rule_name((uint8_t)i));
        assert_non_null(pl_flag_name(i));
        assert_non_null(pl_error_name(-(int)i));
        assert_int_equal(pl_scenario_name(pl, 0, (uint8_t)i, text),
                         i < 6 || i >= 254 ? 0 : -ENOENT);
        pl_scenario_name(pl, (uint16_t)(i * 257), 0, text);
    }
    assert_string_equal(pl_state_name(5), "?");
    assert_string_equal(pl_mode_name(0), "?");
}

/* Any calls in any order, with any words: an error or an answer, never a crash. */
static void random_calls_never_crash(void **state)
{
    (void)state;
    uint64_t r = random_seed(11);
    struct pl *device;
    static struct book_account a;
    static struct pl_verdict v[8];
    const struct pl_underlying_verdict *records;
    struct pl_instrument_quote quote;
    assert_int_equal(pl_open("model:", &device, NULL), 0);
    for (uint64_t round = 0, rounds = random_rounds(4000); round < rounds; round++) {
        struct pl_tick_summary summary;
        switch (random_below(&r, 9)) {
        case 0:
            if (random_once_in(&r, 8)) {
                book_load(&book, device);
                book.now_us = BOOK_NOW_US;
            }
            break;
        case 1:
        case 2: {
            struct pl_price p = book.nodes[random_below(&r, book.node_count)].words;
            p.has_price = !random_once_in(&r, 5);
            if (random_once_in(&r, 3))
                p.price =
                    (struct pl_decimal){ random_word(&r, 63), (int32_t)random_within(&r, -25, 25) };
            if (random_once_in(&r, 20))
                p.price.exponent = (int32_t)random_word(&r, 31);
            p.has_vol = !random_once_in(&r, 5);
            p.vol = (struct pl_decimal){ random_word(&r, 40), (int32_t)random_within(&r, -12, 0) };
            p.rate = (struct pl_decimal){ random_word(&r, 20), -4 };
            p.time_us = random_once_in(&r, 3) ? random_word(&r, 63) : book.now_us;
            pl_set_price(device, random_within(&r, -1, book.node_count), &p);
            break;
        }
        case 3:
        case 4: pl_commit(device, book.now_us += random_word(&r, 30)); break;
        case 5: {
            book_account(&book, &a, (uint8_t)random_within(&r, 1, 3), true);
            for (size_t i = 0; i < a.account.holding_count; i++) {
                if (random_once_in(&r, 6))
                    a.holdings[i].steps = random_word(&r, 63);
                if (random_once_in(&r, 6))
                    a.holdings[i].entry_price =
                        (struct pl_decimal){ random_word(&r, 63),
                                             (int32_t)random_within(&r, -40, 40) };
                if (random_once_in(&r, 12))
                    a.holdings[i].entry_price.exponent = (int32_t)random_word(&r, 31);
            }
            a.account.cash_e8 = random_word(&r, 63);
            struct pl_batch batch = { &a.account, 1, random_u64(&r), (uint8_t)random_below(&r, 6),
                                      random_once_in(&r, 2) };
            pl_submit(device, &batch);
            break;
        }
        case 6: pl_poll(device, v, random_below(&r, 8), &summary); break;
        case 7: pl_poll_underlyings(device, &records); break;
        default: pl_quote_instrument(device, (uint32_t)random_below(&r, 20), &quote); break;
        }
    }
    pl_close(device);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_book, close_book)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(devices_are_named_by_uri),
        TEST(capabilities_tell_the_profile),
        TEST(nothing_works_before_a_load),
        TEST(accounts_need_a_committed_tick),
        TEST(a_second_load_starts_anew),
        TEST(a_model_in_memory_is_the_same_as_its_file),
        TEST(a_bad_definition_is_refused_by_name),
        TEST(a_bad_setup_is_refused),
        TEST(the_small_device_refuses_what_exceeds_it),
        TEST(symbols_have_numbers),
        TEST(prices_have_ranges),
        TEST(absurd_prices_and_times_do_no_harm),
        TEST(a_price_that_is_none_is_ignored_whatever_it_says),
        TEST(time_does_not_run_backwards),
        TEST(extreme_tick_times_are_handled),
        TEST(a_bad_account_is_refused_by_number),
        TEST(costs_never_wrap),
        TEST(an_accounts_slots_are_limited),
        TEST(polling_in_pieces_gives_the_same_bytes),
        TEST(an_empty_batch_has_a_summary),
        TEST(a_refused_submission_leaves_no_sweep_behind),
        TEST(a_tick_during_a_sweep_is_not_taken_for_its_end),
        TEST(records_per_underlying_add_up_to_the_verdict),
        TEST(two_handles_give_the_same_bytes),
        TEST(new_vols_alone_give_what_all_prices_give),
        TEST(names_never_fail),
        TEST(random_calls_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
