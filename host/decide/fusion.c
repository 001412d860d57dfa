#include "decide/fusion.h"

#include <errno.h>
#include <string.h>

#include "decide/exact.h"

/* No padding: states are compared and copied as bytes. */
_Static_assert(sizeof(struct pl_fused) == 6 * 8 + 4 * 4 + PL_FUSION_SOURCES_MAX, "pl_fused");
_Static_assert(sizeof(struct pl_fusion) ==
                   PL_FUSION_SOURCES_MAX * 4 * 8 + sizeof(struct pl_fused) + 4 * 8 + 8,
               "pl_fusion");

/* The sources that count at a step, and where each comes from. */
struct candidates {
    struct pl_estimate estimate[PL_FUSION_SOURCES_MAX];
    int64_t source_us[PL_FUSION_SOURCES_MAX];
    int source[PL_FUSION_SOURCES_MAX];
    unsigned count;
};

void pl_fusion_start(struct pl_fusion *f)
{
    memset(f, 0, sizeof *f);
    for (int i = 0; i < PL_FUSION_SOURCES_MAX; i++) {
        f->source[i].source_us = -1;
        f->source[i].reason = PL_FUSION_ABSENT;
    }
}

/* part > share_q40 of whole. */
static bool exceeds(int64_t part, int64_t share_q40, int64_t whole)
{
    return (pl_i128)part * PL_COEFFICIENT_ONE > (pl_i128)share_q40 * whole;
}

static int64_t ratio_up(int64_t part, int64_t whole)
{
    uint32_t flags = 0;
    return pl_mul_div_up(part, PL_COEFFICIENT_ONE, whole, &flags);
}

static enum pl_fusion_reason judge_content(const struct pl_fusion_rules *rules,
                                           const struct pl_fusion_report *r)
{
    const bool quoted = r->bid != 0 || r->ask != 0;
    if (r->price <= 0 || (quoted && (r->bid <= 0 || r->ask <= 0)))
        return PL_FUSION_NEGATIVE;
    if (r->price > PL_PRICE_MAX || r->bid > PL_PRICE_MAX || r->ask > PL_PRICE_MAX)
        return PL_FUSION_OUT_OF_RANGE;
    if (r->bid > r->ask)
        return PL_FUSION_CROSSED;
    if (r->confidence < 0 || exceeds(r->confidence, rules->confidence_max_q40, r->price))
        return PL_FUSION_CONFIDENCE;
    return PL_FUSION_KEPT;
}

int pl_fusion_take(struct pl_fusion *f, const struct pl_fusion_rules *rules, int source,
                   const struct pl_fusion_report *r, enum pl_fusion_reason *reason)
{
    if (source < 0 || source >= rules->source_count || r->arrival_us < f->time_us)
        return -EINVAL;
    struct pl_fusion_source *s = &f->source[source];
    f->time_us = r->arrival_us;
    if (r->source_us > r->arrival_us && r->source_us - r->arrival_us > rules->future_max_us) {
        *reason = PL_FUSION_FUTURE;
        return 0;
    }
    if (r->source_us <= s->source_us) {
        *reason = r->source_us < s->source_us ? PL_FUSION_OUT_OF_ORDER : PL_FUSION_DUPLICATED;
        return 0;
    }
    *reason = judge_content(rules, r);
    s->source_us = r->source_us;
    s->reason = *reason;
    s->estimate = (struct pl_estimate){ 0, 0 };
    if (*reason == PL_FUSION_KEPT) {
        uint32_t flags = 0;
        const int64_t least = pl_money_scale_up(r->price, rules->confidence_min_q40, &flags);
        s->estimate = (struct pl_estimate){ r->price, pl_max64(r->confidence, least) };
    }
    return 0;
}

static enum pl_fusion_reason consider(const struct pl_fusion_rules *rules,
                                      const struct pl_fusion_source *s, const struct pl_rate *rate,
                                      int64_t now_us, struct candidates *c)
{
    struct pl_estimate e = s->estimate;
    if (s->reason != PL_FUSION_KEPT)
        return (enum pl_fusion_reason)s->reason;
    if (now_us > s->source_us && now_us - s->source_us > rules->age_max_us)
        return PL_FUSION_STALE;
    if (rate != NULL) {
        if (!rate->known)
            return PL_FUSION_UNCONVERTED;
        if (!pl_convert(&e, rate))
            return PL_FUSION_OUT_OF_RANGE;
        if (e.confidence > e.price)
            return PL_FUSION_CONFIDENCE;
    }
    c->estimate[c->count] = e;
    c->source_us[c->count] = rate != NULL ? pl_min64(s->source_us, rate->source_us) : s->source_us;
    c->count++;
    return PL_FUSION_KEPT;
}

static bool is_outlying(const struct pl_fusion_rules *rules, struct pl_estimate e, int64_t middle)
{
    const int64_t distance = e.price > middle ? e.price - middle : middle - e.price;
    return exceeds(distance - e.confidence, rules->outlier_q40, middle);
}

/* Names the outliers, unless that leaves no majority. */
static void drop_outliers(const struct pl_fusion_rules *rules, const struct candidates *all,
                          struct candidates *kept, struct pl_fused *fused)
{
    const int64_t middle = pl_aggregate_middle(all->estimate, all->count);
    for (unsigned i = 0; i < all->count; i++) {
        if (is_outlying(rules, all->estimate[i], middle)) {
            fused->reason[all->source[i]] = PL_FUSION_OUTLYING;
            continue;
        }
        kept->estimate[kept->count] = all->estimate[i];
        kept->source_us[kept->count] = all->source_us[i];
        kept->source[kept->count++] = all->source[i];
    }
    if (2 * kept->count > all->count)
        return;
    fused->disputed = 1;
    for (unsigned i = 0; i < all->count; i++)
        fused->reason[all->source[i]] = PL_FUSION_KEPT;
    *kept = *all;
}

static int count_venues(const struct pl_fusion_rules *rules, const struct candidates *kept,
                        int64_t price)
{
    uint32_t venues = 0;
    for (unsigned i = 0; i < kept->count; i++) {
        const struct pl_estimate e = kept->estimate[i];
        const int64_t farthest =
            pl_max64(e.price + e.confidence - price, price - (e.price - e.confidence));
        if (!exceeds(farthest, rules->support_q40, price))
            venues |= UINT32_C(1) << rules->source[kept->source[i]].venue;
    }
    return __builtin_popcount(venues);
}

/* The time of the sources_min-th newest of the kept. */
static int64_t time_of_quorum(const struct pl_fusion_rules *rules, const struct candidates *kept)
{
    int64_t newest[PL_FUSION_SOURCES_MAX];
    for (unsigned i = 0; i < kept->count; i++) {
        unsigned at = i;
        for (; at > 0 && newest[at - 1] < kept->source_us[i]; at--)
            newest[at] = newest[at - 1];
        newest[at] = kept->source_us[i];
    }
    return newest[rules->sources_min - 1];
}

static void price_of(const struct pl_fusion_rules *rules, const struct candidates *all,
                     const struct candidates *kept, struct pl_fused *fused)
{
    int64_t lowest_end = INT64_MAX, highest_start = 0;
    fused->now = pl_aggregate_held(kept->estimate, kept->count, all->estimate, all->count);
    for (unsigned i = 0; i < kept->count; i++) {
        const struct pl_estimate e = kept->estimate[i];
        lowest_end = pl_min64(lowest_end, e.price + e.confidence);
        highest_start = pl_max64(highest_start, e.price - e.confidence);
    }
    fused->spread_q40 = ratio_up(pl_max64(highest_start - lowest_end, 0), fused->now.price);
    fused->source_us = time_of_quorum(rules, kept);
    fused->venues = count_venues(rules, kept, fused->now.price);
    fused->fresh = 1;
}

/* The average moves by the price that held until now. */
static void follow(struct pl_fusion *f, const struct pl_fusion_rules *rules, int64_t now_us,
                   struct pl_fused *fused)
{
    const int64_t price = fused->now.price;
    if (price == 0)
        return;
    if (f->last.now.price == 0)
        pl_average_start(&f->average, price, now_us);
    else
        pl_average_hold(&f->average, price, now_us, rules->average_half_life_us);
    fused->average_price = pl_average_value(&f->average);
    const int64_t average = pl_max64(fused->average_price, 1);
    fused->divergence_q40 = ratio_up(price > average ? price - average : average - price, average);
}

int pl_fusion_step(struct pl_fusion *f, const struct pl_fusion_rules *rules,
                   const struct pl_rate *rates, int64_t now_us, struct pl_fused *fused)
{
    struct candidates all, kept;
    if (now_us < f->time_us)
        return -EINVAL;
    f->time_us = now_us;
    all.count = kept.count = 0;
    struct pl_fused next = f->last;
    next.fresh = next.disputed = next.venues = 0;
    memset(next.reason, PL_FUSION_ABSENT, sizeof next.reason);
    for (int i = 0; i < rules->source_count; i++) {
        const int32_t quote = rules->source[i].quote;
        const struct pl_rate *rate = quote == PL_FUSION_USD ? NULL : &rates[quote];
        all.source[all.count] = i;
        next.reason[i] = (uint8_t)consider(rules, &f->source[i], rate, now_us, &all);
    }
    if (all.count > 0)
        drop_outliers(rules, &all, &kept, &next);
    next.sources = (int32_t)kept.count;
    if (next.sources >= rules->sources_min)
        price_of(rules, &all, &kept, &next);
    follow(f, rules, now_us, &next);
    f->last = next;
    *fused = next;
    return 0;
}

struct pl_rate pl_fusion_rate(const struct pl_fusion_rules *rules, const struct pl_fused *fused)
{
    struct pl_rate rate = { .worth = fused->now,
                            .source_us = fused->source_us,
                            .decimals = rules->decimals };
    if (rules->implied) {
        const int64_t price = fused->now.price, average = fused->average_price;
        rate.worth.price = average;
        rate.worth.confidence += price > average ? price - average : average - price;
    }
    rate.known = fused->fresh && rate.worth.confidence < rate.worth.price;
    return rate;
}

struct pl_fused pl_fusion_marked(const struct pl_fusion_rules *rules, const struct pl_fused *fused)
{
    struct pl_fused marked = *fused;
    marked.now = pl_fusion_rate(rules, fused).worth;
    return marked;
}
