#include "requirement.h"

#include "model/money.h"

#define TIE 16 /* money: lines closer than this may both be the highest */
#define MONEY_MAX ((pl_i128)1 << 62)

struct slopes {
    int64_t maintenance, initial;
};

/* Of the lines `rate * notional - cum`, one of which is 0: the lowest or steepest slope among those
 * that are the highest. */
static int64_t slope_of(const int64_t *values, const int64_t *rates, uint32_t count, bool steepest)
{
    int64_t best = 0;
    for (uint32_t i = 0; i < count; i++)
        best = pl_max64(best, values[i]);
    int64_t slope = steepest || best <= TIE ? 0 : INT64_MAX;
    for (uint32_t i = 0; i < count; i++) {
        if (values[i] >= best - TIE)
            slope = steepest ? pl_max64(slope, rates[i]) : pl_min64(slope, rates[i]);
    }
    return slope;
}

/* rate * notional - cum, limited to 2^62 either way: what is beyond ties, which is no closer. */
static int64_t line_at(int64_t notional, int64_t rate, int64_t cum)
{
    const pl_i128 limit = (pl_i128)1 << 62;
    pl_i128 value = ((pl_i128)notional * rate >> PL_COEFFICIENT_BITS) - cum;
    return (int64_t)(value > limit ? limit : value < -limit ? -limit : value);
}

static struct slopes slopes_at(const struct pl_bracket *b, int64_t notional, bool steepest)
{
    int64_t values[2][PL_BRACKETS_MAX], rates[2][PL_BRACKETS_MAX];
    for (uint32_t i = 0; i < b->count; i++) {
        rates[0][i] = b[i].mm_rate;
        rates[1][i] = b[i].im_rate;
        values[0][i] = line_at(notional, b[i].mm_rate, b[i].mm_cum);
        values[1][i] = line_at(notional, b[i].im_rate, b[i].im_cum);
    }
    return (struct slopes){ slope_of(values[0], rates[0], b->count, steepest),
                            slope_of(values[1], rates[1], b->count, steepest) };
}

static struct pl_span span_of(pl_i128 size, int64_t low, int64_t high)
{
    return (struct pl_span){ ((size - 1) * low) >> PL_COEFFICIENT_BITS,
                             ((size * high) >> PL_COEFFICIENT_BITS) + 1 };
}

static const struct pl_bracket *brackets_of(const struct pl_tables *t, const struct pl_class *c,
                                            int64_t lots)
{
    uint16_t table = lots < 0 ? c->short_brackets : c->long_brackets;
    return table == 0 || lots == 0 ? NULL : &t->brackets[(size_t)(table - 1) * PL_BRACKETS_MAX];
}

/* Lines are convex, so that slopes grow with the notional, which moves by a third at most. */
struct pl_requirement pl_bracket_span(const struct pl_tables *t, const struct pl_class *c,
                                      int64_t lots, pl_i128 size)
{
    const struct pl_bracket *b = brackets_of(t, c, lots);
    if (b == NULL)
        return (struct pl_requirement){ { 0, 0 }, { 0, 0 } };
    if (size > MONEY_MAX) /* beyond every sum of an account that is guarded */
        return (struct pl_requirement){ { 0, 2 * MONEY_MAX }, { 0, 2 * MONEY_MAX } };
    struct slopes low = slopes_at(b, (int64_t)(size * 2 / 3), false);
    struct slopes high = slopes_at(b, (int64_t)(size * 3 / 2 + 1), true);
    return (struct pl_requirement){ span_of(size, low.maintenance, high.maintenance),
                                    span_of(size, low.initial, high.initial) };
}

struct pl_span pl_bracket_order_span(const struct pl_tables *t, const struct pl_class *c,
                                     int64_t lots, int64_t buy, int64_t sell, int64_t one, int bits)
{
    const int64_t sides[] = { lots, lots + buy, lots - sell };
    struct pl_span worst = { 0, 0 };
    for (int i = 0; i < 3; i++) {
        struct pl_span span =
            pl_bracket_span(t, c, sides[i], pl_lots_worth(sides[i], one, bits)).initial;
        worst.low = i == 0 || span.low < worst.low ? span.low : worst.low;
        worst.high = span.high > worst.high ? span.high : worst.high;
    }
    return worst;
}
