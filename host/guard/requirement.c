#include "requirement.h"

#include "model/money.h"

#define TIE 16 /* money: lines closer than this may both be the highest */

/* Lowest or highest slope among the lines that are the highest at this notional; the lowest of all
 * lines is 0. */
static int64_t slope_at(const struct pl_bracket *b, bool initial, pl_i128 notional, bool steepest)
{
    pl_i128 values[PL_BRACKETS_MAX], best = 0;
    int64_t slope = steepest ? 0 : INT64_MAX;
    for (uint32_t i = 0; i < b->count; i++) {
        int64_t rate = initial ? b[i].im_rate : b[i].mm_rate;
        values[i] =
            ((notional * rate) >> PL_COEFFICIENT_BITS) - (initial ? b[i].im_cum : b[i].mm_cum);
        best = values[i] > best ? values[i] : best;
    }
    if (best <= TIE)
        slope = 0;
    for (uint32_t i = 0; i < b->count; i++) {
        int64_t rate = initial ? b[i].im_rate : b[i].mm_rate;
        if (values[i] >= best - TIE)
            slope = steepest ? pl_max64(slope, rate) : pl_min64(slope, rate);
    }
    return slope;
}

/* Lines are convex, so that slopes grow with the notional, which moves by a third at most. */
static struct pl_span span_of(const struct pl_bracket *b, bool initial, pl_i128 size)
{
    pl_i128 low = slope_at(b, initial, size * 2 / 3, false);
    pl_i128 high = slope_at(b, initial, size * 3 / 2 + 1, true);
    return (struct pl_span){ ((size - 1) * low) >> PL_COEFFICIENT_BITS,
                             ((size * high) >> PL_COEFFICIENT_BITS) + 1 };
}

static const struct pl_bracket *brackets_of(const struct pl_tables *t, const struct pl_class *c,
                                            int64_t lots)
{
    uint16_t table = lots < 0 ? c->short_brackets : c->long_brackets;
    return table == 0 || lots == 0 ? NULL : &t->brackets[(size_t)(table - 1) * PL_BRACKETS_MAX];
}

struct pl_requirement pl_bracket_span(const struct pl_tables *t, const struct pl_class *c,
                                      int64_t lots, pl_i128 size)
{
    const struct pl_bracket *b = brackets_of(t, c, lots);
    if (b == NULL)
        return (struct pl_requirement){ { 0, 0 }, { 0, 0 } };
    return (struct pl_requirement){ span_of(b, false, size), span_of(b, true, size) };
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
