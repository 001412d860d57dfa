#include "decide/breaker.h"

#include <errno.h>
#include <string.h>

#include "decide/exact.h"
#include "decide/rule.h"

/* No padding: states are compared and copied as bytes. */
_Static_assert(sizeof(struct pl_breaker) ==
                   sizeof(struct pl_window_range) + sizeof(struct pl_window_sum) + 8 * 8,
               "pl_breaker");

void pl_breaker_start(struct pl_breaker *b, const struct pl_breaker_rules *rules, int64_t now_us)
{
    memset(b, 0, sizeof *b);
    b->since_us = b->hot_us = b->reopen_us = b->time_us = now_us;
    b->reason = PL_BREAKER_REOPENED;
    pl_window_sum_start(&b->liquidated, rules->liquidation_window_us, now_us);
}

static int64_t ratio_up(int64_t part, int64_t whole)
{
    uint32_t flags = 0;
    return pl_mul_div_up(part, PL_COEFFICIENT_ONE, whole, &flags);
}

/* The larger of the rise from `low` and the fall from `high`. */
static int64_t move_of(int64_t price, int64_t low, int64_t high)
{
    return pl_max64(ratio_up(price - low, low), ratio_up(high - price, high));
}

static void measure(struct pl_breaker *b, const struct pl_breaker_rules *rules,
                    const struct pl_breaker_input *input, int64_t now_us,
                    int64_t seen[PL_BREAKER_TRIGGERS])
{
    int64_t low, high;
    seen[PL_BREAKER_MOVE] = 0;
    if (input->price != 0) {
        if (b->started)
            pl_window_range_add(&b->range, rules->move_window_us, now_us, input->price);
        else
            pl_window_range_start(&b->range, rules->move_window_us, now_us, input->price);
        b->started = 1;
        pl_window_range_of(&b->range, &low, &high);
        seen[PL_BREAKER_MOVE] = move_of(input->price, low, high);
    }
    seen[PL_BREAKER_SPREAD] = input->spread_q40;
    seen[PL_BREAKER_LIQUIDATED] = pl_window_sum_add(&b->liquidated, rules->liquidation_window_us,
                                                    now_us, input->liquidated_e8);
    seen[PL_BREAKER_UNDERLYINGS] = input->underlyings;
}

/* The first trigger that reaches share_q40 of its level, or -1. */
static int reached(const struct pl_breaker_levels *levels, int64_t share_q40,
                   const int64_t seen[PL_BREAKER_TRIGGERS])
{
    for (int i = 0; i < PL_BREAKER_TRIGGERS; i++)
        if (levels->at[i] > 0 &&
            (pl_i128)seen[i] * PL_COEFFICIENT_ONE >= (pl_i128)levels->at[i] * share_q40)
            return i;
    return -1;
}

static void change(struct pl_breaker *b, int64_t to, int64_t reason, int64_t price, int64_t now_us)
{
    b->state = to;
    b->reason = reason;
    b->since_us = b->hot_us = now_us;
    if (price != 0)
        b->anchor = price;
}

/* Upwards by what was seen; true when the state changed. */
static bool trip(struct pl_breaker *b, const struct pl_breaker_rules *rules, int64_t price,
                 const int64_t seen[PL_BREAKER_TRIGGERS], int64_t now_us)
{
    const int halts = reached(&rules->halted, PL_COEFFICIENT_ONE, seen);
    const int warns = reached(&rules->cautious, PL_COEFFICIENT_ONE, seen);
    if (halts >= 0 && b->state < PL_BREAKER_HALTED)
        change(b, PL_BREAKER_HALTED, halts, price, now_us);
    else if (warns >= 0 && b->state < PL_BREAKER_CAUTIOUS)
        change(b, PL_BREAKER_CAUTIOUS, warns, price, now_us);
    else
        return false;
    return true;
}

static bool is_calm(const struct pl_breaker *b, const struct pl_breaker_rules *rules, int64_t price,
                    const int64_t seen[PL_BREAKER_TRIGGERS])
{
    const struct pl_breaker_levels *levels =
        b->state == PL_BREAKER_HALTED ? &rules->halted : &rules->cautious;
    int64_t now[PL_BREAKER_TRIGGERS];
    memcpy(now, seen, sizeof now);
    if (levels->at[PL_BREAKER_MOVE] > 0 && price == 0)
        return false;
    now[PL_BREAKER_MOVE] = price != 0 && b->anchor != 0 ? move_of(price, pl_min64(b->anchor, price),
                                                                  pl_max64(b->anchor, price))
                                                        : 0;
    return reached(levels, rules->release_q40, now) < 0;
}

static int64_t reopening(const struct pl_breaker *b, const struct pl_breaker_rules *rules)
{
    const int64_t hold =
        b->state == PL_BREAKER_HALTED ? rules->halted_hold_us : rules->cautious_hold_us;
    if (b->state == PL_BREAKER_NORMAL)
        return b->since_us;
    return pl_max64(b->since_us + hold, b->hot_us + rules->calm_us);
}

static void reopen(struct pl_breaker *b, const struct pl_breaker_rules *rules, bool calm,
                   int64_t price, int64_t now_us)
{
    if (!calm) {
        b->hot_us = now_us;
        b->anchor = price != 0 ? price : b->anchor;
    }
    if (now_us < reopening(b, rules))
        return;
    change(b, b->state - 1, PL_BREAKER_REOPENED, price, now_us);
    if (price != 0)
        pl_window_range_start(&b->range, rules->move_window_us, now_us, price);
}

int pl_breaker_step(struct pl_breaker *b, const struct pl_breaker_rules *rules,
                    const struct pl_breaker_input *input, int64_t now_us,
                    struct pl_breaker_event *event)
{
    if (now_us < b->time_us || now_us > PL_TIME_MAX_US || input->price < 0 ||
        input->spread_q40 < 0 || input->liquidated_e8 < 0 || input->underlyings < 0)
        return -EINVAL;
    int64_t seen[PL_BREAKER_TRIGGERS];
    const bool gap = now_us - b->time_us > rules->calm_us;
    const int64_t from = b->state;
    b->time_us = now_us;
    measure(b, rules, input, now_us, seen);
    if (!trip(b, rules, input->price, seen, now_us) && b->state != PL_BREAKER_NORMAL) {
        const bool calm = !gap && is_calm(b, rules, input->price, seen);
        reopen(b, rules, calm, input->price, now_us);
    }
    b->reopen_us = reopening(b, rules);
    *event = (struct pl_breaker_event){ from, b->state, b->reason, 0, now_us };
    if (b->state > from)
        event->measure = seen[b->reason];
    return 0;
}
