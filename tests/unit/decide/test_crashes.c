/* Two crashes of BTC as the shipped books have them: one price of one venue, so nothing that asks
 * for more. Breaker, volatility and the width of a scenario, tick by tick. */
#include "vectors.h"

#include "decide/breaker.h"
#include "decide/parameters.h"
#include "decide/rule.h"
#include "decide/volatility.h"
#include "feed/csv.h"
#include "feed/decimal.h"
#include "feed/text_error.h"
#include "feed/text_time.h"

static struct pl_text_error problems;

struct crash {
    struct pl_breaker_rules breaker_rules;
    struct pl_volatility_rules volatility_rules;
    struct pl_parameter_rules width_rules;
    struct pl_breaker breaker;
    struct pl_volatility volatility;
    struct pl_parameter width;
    int64_t ticks, before_us;
    int64_t changes[PL_BREAKER_STATES];
    int64_t top_volatility_q40, top_width_q40;
};

/* The defaults, with calm and windows as long as the time between ticks needs. */
static void crash_open(struct crash *c, int64_t calm_us)
{
    char message[PL_RULE_MESSAGE_BYTES];
    memset(c, 0, sizeof *c);
    pl_breaker_defaults(&c->breaker_rules);
    c->breaker_rules.calm_us = calm_us;
    if (c->breaker_rules.move_window_us < 3 * calm_us)
        c->breaker_rules.move_window_us = 3 * calm_us;
    pl_volatility_defaults(&c->volatility_rules);
    if (calm_us > PL_HOUR_US) { /* a bar is no shorter than the time between ticks */
        c->volatility_rules.bar_us = calm_us;
        c->volatility_rules.bars_min = 4;
    }
    pl_parameter_width_defaults(&c->width_rules);
    assert_int_equal(pl_breaker_check(&c->breaker_rules, message), 0);
    assert_int_equal(pl_volatility_check(&c->volatility_rules, message), 0);
    pl_volatility_start(&c->volatility);
}

static void crash_tick(struct crash *c, int64_t price, int64_t now)
{
    struct pl_breaker_event event;
    const struct pl_breaker_input in = { .price = price };
    if (c->ticks++ == 0) {
        pl_breaker_start(&c->breaker, &c->breaker_rules, now);
        pl_parameter_start(&c->width, &c->width_rules, 0, now);
        c->before_us = now;
    }
    assert_int_equal(pl_breaker_step(&c->breaker, &c->breaker_rules, &in, now, &event), 0);
    c->changes[event.to] += event.from != event.to;
    assert_int_equal(pl_volatility_tick(&c->volatility, &c->volatility_rules, price, now), 0);
    const int64_t volatility =
        pl_volatility_now(&c->volatility, &c->volatility_rules, now).used_q40;
    const int64_t width = c->width.value_q40;
    assert_int_equal(pl_parameter_step(&c->width, &c->width_rules, volatility, now), 0);
    const int64_t allowed =
        (now - c->before_us) / 1000 * c->width_rules.rise_q40_per_hour / (PL_HOUR_US / 1000);
    assert_true(c->width.value_q40 - width <= allowed + 1);
    c->before_us = now;
    if (volatility > c->top_volatility_q40)
        c->top_volatility_q40 = volatility;
    if (c->width.value_q40 > c->top_width_q40)
        c->top_width_q40 = c->width.value_q40;
}

static void run(struct crash *c, const char *book)
{
    static const struct pl_csv_column columns[] = { { "time", true },       { "symbol", true },
                                                    { "price", true },      { "vol", false },
                                                    { "rate", false },      { "confidence", false },
                                                    { "price_time", false } };
    struct pl_csv *csv;
    struct pl_csv_cell cells[7];
    struct pl_decimal d;
    int64_t now, price;
    if (pl_csv_open(data_path(book), columns, 7, &problems, &csv) != 0)
        fail_msg("%s", problems.text);
    while (pl_csv_next(csv, cells) > 0) {
        if (cells[1].length != 3 || memcmp(cells[1].text, "BTC", 3) != 0)
            continue;
        assert_int_equal(pl_text_time_parse(cells[0].text, cells[0].length, &now), 0);
        assert_int_equal(pl_decimal_parse(cells[2].text, cells[2].length, &d), 0);
        assert_int_equal(pl_decimal_scale(d, 2, 0, &price), 0);
        crash_tick(c, price, now);
    }
    pl_csv_close(csv);
    print_message("%s: %d ticks; to normal %d, cautious %d, halted %d times; volatility up to "
                  "%.0f %%, width up to %.1f %%\n",
                  book, (int)c->ticks, (int)c->changes[0], (int)c->changes[1], (int)c->changes[2],
                  (double)c->top_volatility_q40 * 0x1p-40 * 100,
                  (double)c->top_width_q40 * 0x1p-40 * 100);
}

static void may_2021_halts_reopens_and_widens_scenarios_slowly(void **state)
{
    (void)state;
    static struct crash c;
    crash_open(&c, 2 * PL_MINUTE_US);
    run(&c, "books/may2021/ticks.csv.zst");
    assert_int_equal(c.ticks, 2881);
    assert_true(c.changes[PL_BREAKER_HALTED] >= 1);
    assert_true(c.changes[PL_BREAKER_NORMAL] >= c.changes[PL_BREAKER_HALTED]);
    assert_true(c.top_volatility_q40 > PL_Q40_MILLIONTHS(1500000));
    assert_true(c.top_width_q40 > PL_Q40_MILLIONTHS(150000));
}

static void february_2026_with_hours_between_ticks_trips_and_reopens(void **state)
{
    (void)state;
    static struct crash c;
    crash_open(&c, 8 * PL_HOUR_US);
    run(&c, "books/feb2026/ticks.csv.zst");
    assert_int_equal(c.ticks, 16);
    assert_true(c.changes[PL_BREAKER_CAUTIOUS] + c.changes[PL_BREAKER_HALTED] >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(may_2021_halts_reopens_and_widens_scenarios_slowly),
        cmocka_unit_test(february_2026_with_hours_between_ticks_trips_and_reopens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
