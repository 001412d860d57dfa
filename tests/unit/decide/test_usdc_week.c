/* Real prices: the week in which USDC lost its peg, on two venues and in three quote currencies.
 * The minutes are the reports of tests/data/books/usdc2023. */
#include "vectors.h"

#include "decide/permission.h"
#include "decide/rule.h"
#include "feed/book.h"
#include "feed/text_error.h"

#define MINUTES (4 * 1440)
#define FIRST_MINUTE INT64_C(27973441) /* the one that ends at 00:01 on 10 March 2023 */

/* BTC in USD, USDT and USDC on Binance.US, and in USDC on Kraken. */
enum { USD, USDT, USDC, KRAKEN_USDC, MARKETS };
enum { BINANCE_US, KRAKEN };
static const char *const market_name[MARKETS] = { "binanceus_BTCUSD", "binanceus_BTCUSDT",
                                                  "binanceus_BTCUSDC", "kraken_BTCUSDC" };

struct minute {
    struct pl_estimate btc[MARKETS]; /* 10^-4; price 0: nothing traded; half the range */
};
static struct minute week[MINUTES];

static struct pl_text_error problems;

static int64_t in_hundredths_of_a_cent(struct pl_decimal price)
{
    int64_t value;
    assert_int_equal(pl_decimal_scale(price, 4, 0, &value), 0);
    return value;
}

static int read_week(void **state)
{
    (void)state;
    struct pl_book *book;
    if (pl_book_load(data_path("books/usdc2023"), &book, &problems) != 0)
        fail_msg("%s", problems.text);
    for (int m = 0; m < MARKETS; m++)
        assert_string_equal(book->sources[m].name, market_name[m]);
    for (uint32_t i = 0; i < book->report_count; i++) {
        const struct pl_book_report *r = &book->reports[i];
        const int64_t minute = r->time_us / PL_MINUTE_US - FIRST_MINUTE;
        assert_in_range(minute, 0, MINUTES - 1);
        assert_in_range(r->source, 0, MARKETS - 1);
        week[minute].btc[r->source] =
            (struct pl_estimate){ in_hundredths_of_a_cent(r->price),
                                  in_hundredths_of_a_cent(r->confidence) };
    }
    assert_int_equal(book->report_count, 19528);
    pl_book_free(book);
    return 0;
}

/* Three assets: USDT and USDC as crosses of BTC, and BTC itself. */
struct desk {
    struct pl_fusion_rules usdt_rules, usdc_rules, btc_rules;
    struct pl_permission_rules permission;
    struct pl_breaker_rules breaker_rules;
    struct pl_fusion usdt, usdc, btc;
    struct pl_breaker breaker, usdc_breaker;
    struct pl_estimate last[MARKETS];
    struct pl_fused price;
    enum pl_quality quality;
    enum pl_permission_reason reason;
    struct pl_breaker_event event, usdc_event;
};

static void must_hold(int result, const char *message)
{
    if (result != 0)
        fail_msg("%s", message);
}

/* The defaults, with ages for prices that come once a minute and not every minute. */
static void desk_open(struct desk *d)
{
    char message[PL_RULE_MESSAGE_BYTES];
    memset(d, 0, sizeof *d);
    pl_fusion_defaults(&d->btc_rules);
    d->btc_rules.age_max_us = 3 * PL_MINUTE_US;
    d->usdt_rules = d->usdc_rules = d->btc_rules;
    d->btc_rules.decimals = 4;
    d->btc_rules.source_count = MARKETS;
    d->btc_rules.source[USDT].quote = 0;
    d->btc_rules.source[USDC].quote = d->btc_rules.source[KRAKEN_USDC].quote = 1;
    d->btc_rules.source[KRAKEN_USDC].venue = KRAKEN;
    d->usdt_rules.implied = 1;
    d->usdt_rules.sources_min = 1;
    d->usdt_rules.confidence_max_q40 = PL_Q40_MILLIONTHS(100000);
    d->usdt_rules.average_half_life_us = 10 * PL_MINUTE_US;
    d->usdc_rules = d->usdt_rules;
    d->usdt_rules.source_count = 1;
    d->usdc_rules.source_count = 2;
    d->usdc_rules.source[1].venue = KRAKEN;
    pl_permission_defaults(&d->permission);
    const int64_t minutes[PL_QUALITIES] = { 0, 30, 5, 3, 2 };
    for (int q = PL_QUALITY_POOR; q < PL_QUALITIES; q++)
        d->permission.line[q].age_us = minutes[q] * PL_MINUTE_US;
    pl_breaker_defaults(&d->breaker_rules);
    must_hold(pl_fusion_check(&d->usdt_rules, 0, message), message);
    must_hold(pl_fusion_check(&d->usdc_rules, 1, message), message);
    must_hold(pl_fusion_check(&d->btc_rules, 2, message), message);
    must_hold(pl_permission_check(&d->permission, message), message);
    must_hold(pl_breaker_check(&d->breaker_rules, message), message);
    pl_fusion_start(&d->usdt);
    pl_fusion_start(&d->usdc);
    pl_fusion_start(&d->btc);
    pl_breaker_start(&d->breaker, &d->breaker_rules, FIRST_MINUTE * PL_MINUTE_US);
    d->usdc_breaker = d->breaker;
}

static void report(struct pl_fusion *f, const struct pl_fusion_rules *rules, int source,
                   struct pl_estimate e, int64_t now)
{
    enum pl_fusion_reason reason;
    const struct pl_fusion_report r = {
        .price = e.price, .confidence = e.confidence, .source_us = now, .arrival_us = now
    };
    assert_int_equal(pl_fusion_take(f, rules, source, &r, &reason), 0);
}

static void report_cross(struct desk *d, struct pl_fusion *f, const struct pl_fusion_rules *rules,
                         int source, int market, int64_t now)
{
    struct pl_estimate worth;
    if (pl_convert_cross(d->last[USD], d->last[market], rules->decimals, &worth))
        report(f, rules, source, worth, now);
}

static void step_breaker(const struct desk *d, struct pl_breaker *breaker,
                         const struct pl_fused *price, int64_t now, struct pl_breaker_event *event)
{
    const struct pl_breaker_input in = { .price = price->fresh ? price->now.price : 0,
                                         .spread_q40 = price->fresh ? price->spread_q40 : 0 };
    assert_int_equal(pl_breaker_step(breaker, &d->breaker_rules, &in, now, event), 0);
}

/* Quote currencies first, then BTC, its quality, and the breakers. */
static void desk_minute(struct desk *d, const struct minute *minute, int64_t now)
{
    struct pl_fused usdt, usdc;
    for (int m = 0; m < MARKETS; m++)
        if (minute->btc[m].price > 0)
            d->last[m] = minute->btc[m];
    if (minute->btc[USDT].price > 0)
        report_cross(d, &d->usdt, &d->usdt_rules, 0, USDT, now);
    if (minute->btc[USDC].price > 0)
        report_cross(d, &d->usdc, &d->usdc_rules, 0, USDC, now);
    if (minute->btc[KRAKEN_USDC].price > 0)
        report_cross(d, &d->usdc, &d->usdc_rules, 1, KRAKEN_USDC, now);
    assert_int_equal(pl_fusion_step(&d->usdt, &d->usdt_rules, NULL, now, &usdt), 0);
    assert_int_equal(pl_fusion_step(&d->usdc, &d->usdc_rules, NULL, now, &usdc), 0);
    const struct pl_rate rates[] = { pl_fusion_rate(&d->usdt_rules, &usdt),
                                     pl_fusion_rate(&d->usdc_rules, &usdc) };
    for (int m = 0; m < MARKETS; m++)
        if (minute->btc[m].price > 0)
            report(&d->btc, &d->btc_rules, m, minute->btc[m], now);
    assert_int_equal(pl_fusion_step(&d->btc, &d->btc_rules, rates, now, &d->price), 0);
    d->quality = pl_permission_quality(&d->permission, &d->price, now, &d->reason);
    step_breaker(d, &d->breaker, &d->price, now, &d->event);
    step_breaker(d, &d->usdc_breaker, &usdc, now, &d->usdc_event);
}

static int64_t minute_us(int i)
{
    return (FIRST_MINUTE + i) * PL_MINUTE_US;
}

/* |a - b| in millionths of b. */
static int64_t apart(int64_t a, int64_t b)
{
    return (a > b ? a - b : b - a) * 1000000 / b;
}

static void no_source_is_an_outlier_because_its_quote_currency_fell(void **state)
{
    (void)state;
    struct desk d;
    unsigned kept[MARKETS] = { 0 }, premium = 0, unsure = 0;
    int64_t farthest = 0;
    desk_open(&d);
    for (int i = 0; i < MINUTES; i++) {
        desk_minute(&d, &week[i], minute_us(i));
        assert_false(d.price.disputed);
        for (int m = 0; m < MARKETS; m++) {
            const uint8_t reason = d.price.reason[m];
            kept[m] += reason == PL_FUSION_KEPT;
            unsure += reason == PL_FUSION_CONFIDENCE; /* its minute ranged over more than 10 % */
            if (reason == PL_FUSION_OUTLYING || reason == PL_FUSION_UNCONVERTED)
                fail_msg("minute %d: BTC in %s: %s", i, market_name[m],
                         pl_fusion_reason((enum pl_fusion_reason)reason));
        }
        premium += apart(d.last[KRAKEN_USDC].price, d.last[USD].price) > 50000;
        if (d.price.fresh) {
            const int64_t off = apart(d.price.now.price, d.last[USD].price);
            farthest = off > farthest ? off : farthest;
        }
    }
    print_message(
        "kept: usd %u, usdt %u, usdc %u, kraken_usdc %u of %d minutes; BTC/USDC more than "
        "5 %% above BTC/USD in %u; BTC at most %" PRId64 " millionths from BTC/USD\n",
        kept[USD], kept[USDT], kept[USDC], kept[KRAKEN_USDC], MINUTES, premium, farthest);
    assert_true(premium > 600);
    assert_in_range(unsure, 0, 10);
    assert_in_range(farthest, 0, 5000);
}

static void a_price_that_one_venue_shows_liquidates_nobody(void **state)
{
    (void)state;
    struct desk d;
    unsigned minutes[4][PL_QUALITIES] = { { 0 } };
    int64_t kraken = 0;
    desk_open(&d);
    for (int i = 0; i < MINUTES; i++) {
        desk_minute(&d, &week[i], minute_us(i));
        kraken = week[i].btc[KRAKEN_USDC].price > 0 ? minute_us(i) : kraken;
        minutes[i / 1440][d.quality]++;
        const uint32_t allowed =
            pl_permission_allowed(&d.permission, d.quality, PL_BREAKER_NORMAL, PL_BREAKER_NORMAL);
        if ((allowed & PL_ACTION_LIQUIDATION) == 0)
            continue;
        assert_true(d.price.venues == 2 && d.price.reason[KRAKEN_USDC] == PL_FUSION_KEPT);
        assert_true(minute_us(i) - kraken <= d.btc_rules.age_max_us);
    }
    for (int day = 0; day < 4; day++)
        print_message("%d March: none %u, poor %u, thin %u, fair %u, full %u minutes\n", 10 + day,
                      minutes[day][0], minutes[day][1], minutes[day][2], minutes[day][3],
                      minutes[day][4]);
    for (int day = 0; day < 4; day++)
        assert_true(minutes[day][PL_QUALITY_FULL] > 900); /* and the venue stays in business */
    assert_true(minutes[1][PL_QUALITY_POOR] > 300);       /* USDC at two prices on two venues */
}

/* Ten minutes at which one book, or one venue, shows 10 % less. */
static void a_wick_of_one_venue_liquidates_nobody(void **state)
{
    (void)state;
    const uint32_t markets[] = { 1 << USD, 1 << USD | 1 << USDT | 1 << USDC, 1 << KRAKEN_USDC,
                                 1 << USDC, 1 << USDT };
    uint64_t random = random_seed(1);
    for (uint64_t round = random_rounds(30); round > 0; round--) {
        const int from = (int)random_within(&random, 60, MINUTES - 61);
        const uint32_t wicked = markets[random_below(&random, 5)];
        struct desk true_desk, d;
        desk_open(&true_desk);
        desk_open(&d);
        for (int i = from - 60; i < from + 60; i++) {
            struct minute shown = week[i];
            for (int m = 0; m < MARKETS; m++)
                if ((wicked >> m & 1) && i >= from && i < from + 10)
                    shown.btc[m].price = shown.btc[m].price / 10 * 9;
            desk_minute(&true_desk, &week[i], minute_us(i));
            desk_minute(&d, &shown, minute_us(i));
            if (d.quality < PL_QUALITY_THIN)
                continue;
            const int64_t off = apart(d.price.now.price, true_desk.price.now.price);
            if (off > 20000)
                fail_msg("minute %d, markets %x: %" PRId64 " millionths off, yet %s", i, wicked,
                         off, pl_quality_name(d.quality));
        }
    }
}

/* What the breakers did, in order. It is USDC that several prices are shown of, and BTC that moves.
 */
enum { NORMAL = PL_BREAKER_NORMAL, CAUTIOUS = PL_BREAKER_CAUTIOUS, HALTED = PL_BREAKER_HALTED };
enum { MOVE = PL_BREAKER_MOVE, SPREAD = PL_BREAKER_SPREAD, REOPENED = PL_BREAKER_REOPENED };
static const struct {
    const char *asset;
    int day, hour, minute, to, reason;
} timeline[] = {
    { "USDC", 11, 3, 29, CAUTIOUS, SPREAD },   { "USDC", 11, 3, 42, HALTED, SPREAD },
    { "USDC", 11, 4, 23, CAUTIOUS, REOPENED }, { "USDC", 11, 4, 29, NORMAL, REOPENED },
    { "USDC", 11, 5, 12, CAUTIOUS, SPREAD },   { "USDC", 11, 5, 48, NORMAL, REOPENED },
    { "USDC", 11, 6, 6, CAUTIOUS, SPREAD },    { "USDC", 11, 6, 36, HALTED, SPREAD },
    { "USDC", 11, 7, 25, CAUTIOUS, REOPENED }, { "USDC", 11, 7, 30, NORMAL, REOPENED },
    { "USDC", 11, 7, 31, CAUTIOUS, SPREAD },   { "USDC", 11, 7, 38, NORMAL, REOPENED },
    { "USDC", 11, 8, 54, CAUTIOUS, MOVE },     { "USDC", 11, 8, 59, NORMAL, REOPENED },
    { "USDC", 11, 14, 7, CAUTIOUS, SPREAD },   { "USDC", 11, 14, 16, NORMAL, REOPENED },
    { "USDC", 11, 17, 14, CAUTIOUS, SPREAD },  { "USDC", 11, 17, 27, NORMAL, REOPENED },
    { "BTC", 13, 14, 24, CAUTIOUS, MOVE },     { "BTC", 13, 14, 29, NORMAL, REOPENED },
};
static const size_t timeline_count = sizeof timeline / sizeof *timeline;

static void must_be_next(const char *asset, int i, const struct pl_breaker_event *event, size_t *n)
{
    if (event->from == event->to)
        return;
    const int day = 10 + (i + 1) / 1440, hour = (i + 1) / 60 % 24, minute = (i + 1) % 60;
    print_message("%d March %02d:%02d  %-4s  %-8s -> %-8s  %s\n", day, hour, minute, asset,
                  pl_breaker_state((enum pl_breaker_state)event->from),
                  pl_breaker_state((enum pl_breaker_state)event->to),
                  pl_breaker_reason((enum pl_breaker_reason)event->reason));
    assert_true(*n < timeline_count);
    assert_string_equal(asset, timeline[*n].asset);
    assert_true(day == timeline[*n].day && hour == timeline[*n].hour &&
                minute == timeline[*n].minute);
    assert_int_equal(event->to, timeline[*n].to);
    assert_int_equal(event->reason, timeline[*n].reason);
    ++*n;
}

static void the_breakers_timeline_is_that_of_the_depeg(void **state)
{
    (void)state;
    struct desk d;
    size_t n = 0;
    desk_open(&d);
    for (int i = 0; i < MINUTES; i++) {
        desk_minute(&d, &week[i], minute_us(i));
        must_be_next("USDC", i, &d.usdc_event, &n);
        must_be_next("BTC", i, &d.event, &n);
    }
    assert_int_equal(n, timeline_count);
}

/* A copy of the state in the middle goes on to the same bytes. */
static void the_week_replays_from_any_minute(void **state)
{
    (void)state;
    static struct desk d, copy;
    desk_open(&d);
    for (int i = 0; i < MINUTES; i++) {
        if (i % 1000 == 500)
            memcpy(&copy, &d, sizeof copy);
        desk_minute(&d, &week[i], minute_us(i));
        if (i < 500)
            continue;
        desk_minute(&copy, &week[i], minute_us(i));
        assert_memory_equal(&d.btc, &copy.btc, sizeof d.btc);
        assert_memory_equal(&d.usdc, &copy.usdc, sizeof d.usdc);
        assert_memory_equal(&d.breaker, &copy.breaker, sizeof d.breaker);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_source_is_an_outlier_because_its_quote_currency_fell),
        cmocka_unit_test(a_price_that_one_venue_shows_liquidates_nobody),
        cmocka_unit_test(a_wick_of_one_venue_liquidates_nobody),
        cmocka_unit_test(the_breakers_timeline_is_that_of_the_depeg),
        cmocka_unit_test(the_week_replays_from_any_minute),
    };
    return cmocka_run_group_tests(tests, read_week, NULL);
}
