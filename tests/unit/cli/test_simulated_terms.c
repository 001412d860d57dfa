/* What the venue does for the instruments of a simulated book: expiries at the average of the last
 * half hour, or at the book's price; funding of perpetuals; widths and haircuts that follow
 * volatility. A quiet hour, so nobody is liquidated, and every balance can be computed by hand. */
#define _POSIX_C_SOURCE 200809L
#include "../support/random.h"

#include <unistd.h>

#include "simulate.h"

#define MODEL "bracketed.json"
#define SCENARIOS "portfolio.json"
#define PATH_BYTES 512
#define E8 INT64_C(100000000)
#define MINUTES 43 /* from 07:20 to 08:02; the expiry is at 08:00 */

enum { BTC, FUTURE, INVERSE, CALL, PUT, PERPETUAL }; /* instruments */
enum { LONG, SHORT };                                /* accounts */

static char folder[] = "/tmp/plimsoll-terms-XXXXXX";
static struct pl_simulation s;
static bool far;  /* the book has options that expire in days, too */
static bool coin; /* its perpetual is inverse */

static const struct {
    const char *symbol, *line, *cells;
} far_options[] = {
    { "BTC-8-60", "option,BTC,2026-03-08T08:00:00Z,60000,call,F8,cash,1,0.1", "100,0.9" },
    { "BTC-8-70", "option,BTC,2026-03-08T08:00:00Z,70000,call,F8,cash,1,0.1", "100,2" },
    { "BTC-20", "option,BTC,2026-03-20T08:00:00Z,60000,call,F20,cash,1,0.1", "100,3" },
    { "F8", NULL, "61000," },
    { "F20", NULL, "60000," },
};
#define FAR_OPTIONS (sizeof far_options / sizeof *far_options)

static const char *in_folder(const char *name)
{
    static char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(in_folder(name), "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int price_at(int minute)
{
    return minute % 2 == 0 ? 60000 : 60600;
}

/* Minutes from `gap` on, ten of them, have no tick. */
static void write_ticks(int gap)
{
    FILE *file = fopen(in_folder("ticks.csv"), "w");
    assert_non_null(file);
    fprintf(file, "time,symbol,price,vol\n");
    for (int m = 0; m < MINUTES; m++) {
        const int clock = 7 * 60 + 20 + m, price = price_at(m);
        static const char *const symbols[] = { "BTC", "BTC-F", "BTC-I", "BTC-USD" };
        if (m >= gap && m < gap + 10)
            continue;
        for (int k = 0; k < 4; k++)
            fprintf(file, "2026-03-06T%02d:%02d:00Z,%s,%d,\n", clock / 60, clock % 60, symbols[k],
                    price);
        for (size_t k = 0; k < FAR_OPTIONS && far; k++)
            fprintf(file, "2026-03-06T%02d:%02d:00Z,%s,%s\n", clock / 60, clock % 60,
                    far_options[k].symbol, far_options[k].cells);
        for (int k = 0; k < 2; k++)
            fprintf(file, "2026-03-06T%02d:%02d:00Z,%s,100,0.5\n", clock / 60, clock % 60,
                    k == 0 ? "BTC-C" : "BTC-P");
    }
    assert_int_equal(fclose(file), 0);
}

static void write_book(int gap, const char *settlements, const char *funding)
{
    FILE *file = fopen(in_folder("instruments.csv"), "w");
    assert_non_null(file);
    fprintf(file,
            "symbol,kind,underlying,expiry,strike,option_type,forward,settlement,"
            "contract_size,quantity_step\n"
            "BTC,spot,BTC,,,,,cash,1,0.0001\n"
            "BTC-F,future,BTC,2026-03-06T08:00:00Z,,,,cash,0.1,1\n"
            "BTC-I,future,BTC,2026-03-06T08:00:00Z,,,,coin,10,1\n"
            "BTC-C,option,BTC,2026-03-06T08:00:00Z,60000,call,BTC-F,cash,1,0.1\n"
            "BTC-P,option,BTC,2026-03-06T08:00:00Z,61000,put,BTC-F,coin,1,0.1\n"
            "BTC-USD,perpetual,BTC,,,,,%s\n",
            coin ? "coin,10,1" : "cash,1,0.0001");
    for (size_t k = 0; k < FAR_OPTIONS && far; k++)
        if (far_options[k].line != NULL)
            fprintf(file, "%s,%s\n", far_options[k].symbol, far_options[k].line);
    assert_int_equal(fclose(file), 0);
    write_file("accounts.csv", "account,mode,cash\nLONG,cross,1000000\nSHORT,cross,1000000\n");
    file = fopen(in_folder("positions.csv"), "w");
    assert_non_null(file);
    fprintf(file, "account,symbol,quantity,entry_price\n");
    for (int k = 0; k < 2; k++) {
        const char *account = k == LONG ? "LONG," : "SHORT,", *sign = k == LONG ? "" : "-";
        fprintf(file, "%sBTC-F,%s20,60000\n%sBTC-I,%s6000,60000\n%sBTC-C,%s3,\n%sBTC-P,%s2,\n",
                account, sign, account, sign, account, sign, account, sign);
        fprintf(file, "%sBTC-USD,%s%s,60000\n", account, sign, coin ? "9000" : "1.5");
    }
    assert_int_equal(fclose(file), 0);
    write_file("settlements.csv", settlements);
    write_file("funding.csv", funding);
    write_ticks(gap);
}

#define SETTLEMENTS "underlying,expiry,price\n"
#define FUNDING "time,symbol,rate\n"

static void play(void)
{
    const struct pl_options options = { .book = folder,
                                        .device = "cpu:",
                                        .simulate = { .compare = PL_NOT_GIVEN,
                                                      .market = { -1, -1, -1, -1 } } };
    char message[PL_LEDGER_MESSAGE_BYTES];
    assert_int_equal(pl_simulation_open(&s, &options, PL_SIMULATED_MINIMAL), PL_EXIT_OK);
    assert_int_equal(pl_simulation_run(&s), 0);
    assert_int_equal(s.so_far.liquidated_accounts, 0);
    assert_int_equal(pl_ledger_recount(pl_venue_ledger(s.venue), message), 0);
}

static int64_t cash(uint32_t account)
{
    return pl_ledger_cash(pl_venue_ledger(s.venue), account, 0);
}

static int64_t held(uint32_t account, uint32_t instrument)
{
    return pl_ledger_steps(pl_venue_ledger(s.venue), account, instrument);
}

/* Cash of the long after everything settled at an index, in dollars; the perpetual stays. */
static int64_t settled_cash(int64_t index)
{
    const int64_t call = index > 60000 ? 3 * (index - 60000) : 0;
    const int64_t put = index < 61000 ? 2 * (61000 - index) : 0;
    return (1000000 + 2 * (index - 60000) + call + put - 90000) * E8;
}

/* Coins, in ten thousandths of a step: what 60,000 dollars bought at 60,000, less at the index. */
static void assert_all_settled(int64_t index)
{
    const int64_t left = E8 - E8 * 60000 / index; /* of the long: floor(1 coin) - floor(cost) */
    const bool whole = E8 * 60000 % index == 0;
    for (uint32_t i = FUTURE; i <= PUT; i++)
        assert_true(held(LONG, i) == 0 && held(SHORT, i) == 0);
    assert_int_equal(held(LONG, BTC), left);
    assert_int_equal(held(SHORT, BTC), -left + (whole ? 0 : 1));
    assert_int_equal(held(LONG, PERPETUAL), 15000);
    assert_int_equal(cash(LONG), settled_cash(index));
    assert_int_equal(cash(LONG) + cash(SHORT), 2000000 * E8);
}

static void an_expiry_is_settled_at_the_average_of_the_last_half_hour(void **state)
{
    (void)state;
    write_book(MINUTES, SETTLEMENTS "BTC,2026-03-06T08:00:00Z,50000\n", FUNDING);
    play();
    assert_int_equal(s.setup.expiry_count, 1);
    assert_int_equal(s.expiries[0].settling, PL_SIMULATED_AT_AVERAGE);
    assert_int_equal(pl_decimal_compare(s.expiries[0].price, (struct pl_decimal){ 60300, 0 }), 0);
    assert_all_settled(60300);
    pl_simulation_close(&s);
    write_book(MINUTES, SETTLEMENTS, FUNDING); /* which takes no price of the book */
    play();
    assert_all_settled(60300);
    /* the device judged what the ledger holds */
    const struct pl_session_holdings *h = &s.session->holdings[LONG];
    for (uint32_t k = 0; k < h->count; k++)
        assert_true(h->items[k].instrument == BTC || h->items[k].instrument == PERPETUAL);
    pl_simulation_close(&s);
}

static void too_few_ticks_before_it_and_the_books_price_settles(void **state)
{
    (void)state;
    write_book(20, SETTLEMENTS "BTC,2026-03-06T08:00:00Z,50000\n", FUNDING);
    play();
    assert_int_equal(s.expiries[0].settling, PL_SIMULATED_AT_PRICE);
    assert_all_settled(50000);
    pl_simulation_close(&s);
}

static void without_either_it_is_held_on(void **state)
{
    (void)state;
    write_book(20, SETTLEMENTS, FUNDING);
    play();
    assert_int_equal(s.expiries[0].settling, PL_SIMULATED_STANDS);
    assert_int_equal(held(LONG, CALL), 30);
    assert_int_equal(held(LONG, FUTURE), 20);
    pl_simulation_close(&s);
}

/* Rate 2^-10 from 07:20, minus that from 07:40: the mark of each minute counts for a minute of
 * eight hours, and the payment is at 08:00. */
static void funding_is_paid_by_the_marks_and_rates_of_each_minute(void **state)
{
    (void)state;
    int64_t sum = 0, owed;
    write_book(MINUTES, SETTLEMENTS,
               FUNDING "2026-03-06T07:00:00Z,BTC-USD,0.04\n"
                       "2026-03-06T07:20:00Z,BTC-USD,0.0009765625\n"
                       "2026-03-06T07:39:30Z,BTC-USD,0.0078125\n"
                       "2026-03-06T07:39:50Z,BTC-USD,-0.0009765625\n"
                       "2026-03-06T08:02:00Z,BTC-USD,0.01\n");
    play();
    for (int m = 0; m < 40; m++)
        sum += m < 20 ? price_at(m) : -price_at(m);
    assert_int_equal(sum, 0); /* as many minutes of each price either way */
    assert_int_equal(cash(LONG), settled_cash(60300));
    assert_int_equal(s.so_far.funding_e8, 0);
    pl_simulation_close(&s);
    write_book(MINUTES, SETTLEMENTS, FUNDING "2026-03-06T07:20:00Z,BTC-USD,0.0009765625\n");
    play();
    for (int m = 0; m < 40; m++)
        sum += price_at(m);
    owed = sum * E8 * 3 / 2 / 480 / 1024; /* down: what the short receives */
    assert_int_equal(owed, 736083984);
    assert_int_equal(cash(LONG), settled_cash(60300) - owed - 1);
    assert_int_equal(cash(LONG) + cash(SHORT), 2000000 * E8 - 1); /* the residue has it */
    assert_int_equal(s.so_far.funding_e8, owed + 1);
    pl_simulation_close(&s);
}

/* 90,000 dollars at 2^-10 for 40 of 480 minutes: 7.32421875, at the mark of 07:59, 60,600, so
 * 12,086.17 hundred millionths of a coin. The future's coins are as ever. */
static void an_inverse_perpetual_pays_in_coin(void **state)
{
    (void)state;
    const int64_t left = E8 - E8 * 60000 / 60300, entered = E8 * 3 / 2;
    coin = true;
    write_book(MINUTES, SETTLEMENTS, FUNDING "2026-03-06T07:20:00Z,BTC-USD,0.0009765625\n");
    coin = false;
    play();
    assert_int_equal(held(LONG, PERPETUAL), 9000);
    assert_int_equal(held(LONG, BTC), left + entered - 12087);
    assert_int_equal(held(SHORT, BTC), -left + 1 - entered + 12086);
    assert_int_equal(cash(LONG) + cash(SHORT), 2000000 * E8);
    assert_in_range(s.so_far.funding_e8, 732421875, 732421875 + 60600 + 2);
    pl_simulation_close(&s);
}

/* Whatever stands in it, the rest of the market's rules do not touch it. */
static void rules_of_settlement_and_funding_may_stand_in_the_book(void **state)
{
    (void)state;
    write_book(20, SETTLEMENTS, FUNDING "2026-03-06T07:20:00Z,BTC-USD,0.0009765625\n");
    write_file("venue.json", "{\"settlement\": {\"covered\": 0.5, \"window_s\": 600},\n"
                             " \"funding\": {\"interval_s\": 1200, \"rate_max\": 0}}\n");
    play();
    assert_int_equal(s.expiries[0].settling, PL_SIMULATED_AT_AVERAGE);
    assert_all_settled(60300);
    pl_simulation_close(&s);
    unlink(in_folder("venue.json"));
}

/* A model of the tests' data, with this in front. */
static void write_model(const char *name, const char *before)
{
    static char text[1 << 17];
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "tests/data/models/%s", name);
    FILE *from = fopen(path, "r"), *to = fopen(in_folder("model.json"), "w");
    assert_true(from != NULL && to != NULL);
    const size_t length = fread(text, 1, sizeof text - 1, from);
    text[length] = '\0';
    assert_true(length > 1 && length < sizeof text - 1 && text[0] == '{');
    fprintf(to, "{%s%s", before, text + 1);
    assert_int_equal(fclose(from), 0);
    assert_int_equal(fclose(to), 0);
}

/* Verdicts on the last tick by a model that states what the venue said last. */
static void judge_by_a_stated_model(struct pl_verdict verdicts[2])
{
    const struct pl_options options = { .book = folder, .device = "model:" };
    struct pl_session *stated;
    char raised[256];
    snprintf(raised, sizeof raised,
             "\"raised\": {\"BTC\": {\"width\": %.13f, \"haircut\": %.13f}},",
             ldexp((double)pl_venue_width(s.venue, 0), -PL_COEFFICIENT_BITS),
             ldexp((double)pl_venue_haircut(s.venue, 0), -PL_COEFFICIENT_BITS));
    write_model(SCENARIOS, raised);
    assert_int_equal(pl_session_open(&options, &stated), PL_EXIT_OK);
    assert_int_equal(pl_session_seek(stated, PL_TICK_LAST), 0);
    assert_int_equal(pl_session_evaluate(stated, s.session->accounts, 2, verdicts, NULL), 0);
    pl_session_close(stated);
}

static void widths_and_haircuts_follow_volatility(void **state)
{
    (void)state;
    struct pl_verdict stated[2], plain[2];
    write_book(MINUTES, SETTLEMENTS, FUNDING);
    write_file("accounts.csv", "account,mode,cash\nLONG,portfolio,1000000\nSHORT,cross,1000000\n");
    write_file("positions.csv", "account,symbol,quantity,entry_price\n"
                                "LONG,BTC-USD,1.5,60000\nSHORT,BTC-USD,-1.5,60000\n"
                                "SHORT,BTC,2,\n");
    write_model(SCENARIOS, "");
    play();
    assert_int_equal(s.so_far.models_loaded, 0);
    memcpy(plain, s.verdicts, sizeof plain);
    pl_simulation_close(&s);
    write_file("venue.json", "{\"volatility\": {\"follow\": true, \"bar_s\": 60,\n"
                             " \"width\": {\"floor\": 0.2, \"rise\": 0.2},\n"
                             " \"haircut\": {\"floor\": 0.1, \"rise\": 0.2}}}\n");
    play();
    assert_true(s.so_far.models_loaded > 5);
    assert_true(pl_venue_width(s.venue, 0) > PL_COEFFICIENT_ONE / 4);
    assert_true(pl_venue_haircut(s.venue, 0) > PL_COEFFICIENT_ONE / 8);
    judge_by_a_stated_model(stated);
    for (int a = 0; a < 2; a++) {
        assert_int_equal(s.verdicts[a].maintenance_excess, stated[a].maintenance_excess);
        assert_int_equal(s.verdicts[a].initial_excess, stated[a].initial_excess);
        assert_int_equal(s.verdicts[a].equity, plain[a].equity);
        assert_true(s.verdicts[a].maintenance_excess < plain[a].maintenance_excess);
    }
    pl_simulation_close(&s);
    unlink(in_folder("venue.json"));
    write_model(MODEL, "");
}

/* A vol of 0.9 next to the money, two days ahead: 4 * 0.9 * sqrt(1 / 365) is 18.84 %, in grains of
 * half a per cent. Bars of an hour show nothing yet. */
static void options_next_to_the_money_imply_it(void **state)
{
    (void)state;
    far = true;
    write_book(MINUTES, SETTLEMENTS, FUNDING);
    far = false;
    write_file("venue.json", "{\"volatility\": {\"follow\": true, \"bar_s\": 3600,\n"
                             " \"width\": {\"rise\": 0.2}}}\n");
    play();
    assert_int_equal(
        (pl_venue_width(s.venue, 0) * 1000 + PL_COEFFICIENT_ONE / 2) >> PL_COEFFICIENT_BITS, 190);
    pl_simulation_close(&s);
    unlink(in_folder("venue.json"));
}

/* It is said before anything is judged. */
static void a_model_that_is_raised_already_cannot_follow(void **state)
{
    (void)state;
    const struct pl_options options = {
        .book = folder, .device = "cpu:", .simulate = { .market = { -1, -1, -1, -1 } }
    };
    write_book(MINUTES, SETTLEMENTS, FUNDING);
    write_file("venue.json", "{\"volatility\": {\"follow\": true}}\n");
    write_model(SCENARIOS, "\"raised\": {},");
    assert_int_equal(pl_simulation_open(&s, &options, PL_SIMULATED_MINIMAL), PL_EXIT_ERROR);
    pl_simulation_close(&s);
    unlink(in_folder("venue.json"));
    write_model(MODEL, "");
}

static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    write_file("book.json",
               "{\"format\": 1, \"name\": \"terms\", \"settlement_currency\": \"USD\"}\n");
    write_model(MODEL, "");
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = { "book.json",     "instruments.csv", "accounts.csv",
                                         "positions.csv", "settlements.csv", "funding.csv",
                                         "ticks.csv",     "model.json" };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(in_folder(names[i]));
    rmdir(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_expiry_is_settled_at_the_average_of_the_last_half_hour),
        cmocka_unit_test(too_few_ticks_before_it_and_the_books_price_settles),
        cmocka_unit_test(without_either_it_is_held_on),
        cmocka_unit_test(funding_is_paid_by_the_marks_and_rates_of_each_minute),
        cmocka_unit_test(an_inverse_perpetual_pays_in_coin),
        cmocka_unit_test(rules_of_settlement_and_funding_may_stand_in_the_book),
        cmocka_unit_test(widths_and_haircuts_follow_volatility),
        cmocka_unit_test(options_next_to_the_money_imply_it),
        cmocka_unit_test(a_model_that_is_raised_already_cannot_follow),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
