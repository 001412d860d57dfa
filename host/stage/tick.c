/* The records of a tick: what changed since the last one, then COMMIT. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "derive.h"
#include "feed/decimal.h"
#include "model/fixmath.h"
#include "model/money.h"
#include "stage.h"

bool pl_stage_is_priced(const struct pl_stage *s, uint32_t node)
{
    const struct pl_price *p = &s->prices[node];
    int64_t whole;
    return p->has_price && p->price.mantissa > 0 && pl_decimal_scale(p->price, 0, 0, &whole) == 0;
}

/* A rounded word is precise enough from here on; an exact one always is. */
static uint64_t least_rounded_word(const struct pl_stage *s)
{
    return UINT64_C(1) << (s->capabilities.profile == PL_PROFILE_SMALL ? 19 : 28);
}

bool pl_stage_price_word(const struct pl_stage *s, uint32_t node, int decimals, uint64_t *word)
{
    struct pl_decimal price = s->last_prices[node];
    int64_t value;
    if (pl_decimal_scale(price, decimals, 0, &value) != 0 || value <= 0 ||
        (uint64_t)value >> pl_stage_price_bits(s) != 0)
        return false;
    *word = (uint64_t)value;
    return price.exponent + decimals >= 0 || *word >= least_rounded_word(s);
}

static uint8_t age_flag(const struct pl_stage *s, uint32_t node)
{
    int64_t limit_us = (int64_t)s->spec->max_price_age_s * 1000000;
    bool stale = limit_us > 0 && s->time_us - s->prices[node].time_us > limit_us;
    return stale ? PL_FLAG_STALE : 0;
}

static int64_t confidence(const struct pl_stage *s, uint32_t node)
{
    return s->prices[node].confidence_q40;
}

/* The lowest confidence of each underlying's perpetuals; full where it has none. */
static void set_perpetual_confidences(struct pl_stage *s)
{
    for (uint32_t u = 0; u < s->underlying_count; u++)
        s->underlyings[u].perpetual_confidence = PL_COEFFICIENT_ONE;
    for (uint32_t g = 0; g < s->group_count; g++) {
        int64_t *lowest = &s->underlyings[s->groups[g].underlying].perpetual_confidence;
        if (s->groups[g].perpetual)
            *lowest = pl_min64(*lowest, confidence(s, s->groups[g].price_node));
    }
}

static void set_penalties(const struct pl_stage *s, const struct pl_group *g,
                          struct pl_tick_price *r)
{
    const struct pl_stage_underlying *u = &s->underlyings[g->underlying];
    int64_t alone = confidence(s, u->node);
    if (g->kind == PL_GROUP_COIN_LEG || g->kind == PL_GROUP_NAKED)
        return; /* their notional is counted elsewhere */
    alone = pl_min64(alone, confidence(s, g->price_node));
    if (g->kind == PL_GROUP_OPTIONS) {
        const struct pl_price *forward = &s->prices[g->price_node];
        alone =
            pl_min64(alone, pl_min64(forward->vol_confidence_q40, forward->rate_confidence_q40));
    }
    int64_t with_perpetual = pl_min64(alone, u->perpetual_confidence);
    r->penalty = pl_derive_penalty(u->spec, alone);
    r->penalty_perpetual =
        g->kind == PL_GROUP_OPTIONS ? pl_derive_penalty(u->spec, with_perpetual) : r->penalty;
}

static uint64_t ttl_us(const struct pl_stage *s, const struct pl_group *g)
{
    return g->expiry_us > s->time_us ? (uint64_t)(g->expiry_us - s->time_us) : 0;
}

/* The rate of a group in Q.48, raised to the model's floor; 0 for coin-settled options. */
static int64_t group_rate(const struct pl_stage *s, const struct pl_group *g)
{
    const struct pl_underlying_spec *spec = s->underlyings[g->underlying].spec;
    int64_t rate = 0;
    if (g->kind != PL_GROUP_OPTIONS || g->coin_settled ||
        pl_decimal_scale(s->prices[g->price_node].rate, 0, PL_RATE_BITS, &rate) != 0)
        return 0;
    int64_t floor = spec->rate_floor * (1 << (PL_RATE_BITS - PL_COEFFICIENT_BITS));
    return spec->has_rate_floor ? pl_max64(rate, floor) : rate;
}

static struct pl_real node_real(const struct pl_stage *s, uint32_t node, int decimals)
{
    uint64_t word = 0;
    pl_stage_price_word(s, node, decimals, &word);
    return pl_real_from_int((int64_t)word);
}

/* Forward of an inverse contract's settlement leg: index / mark. */
static bool inverse_word(const struct pl_stage *s, const struct pl_group *g, uint64_t *word)
{
    const struct pl_stage_underlying *u = &s->underlyings[g->underlying];
    struct pl_decimal mark = s->last_prices[g->price_node], index = s->last_prices[u->node];
    if (mark.mantissa == 0 || index.mantissa == 0)
        return false;
    struct pl_real ratio =
        pl_fix_quotient(pl_real_from_int(index.mantissa), pl_real_from_int(mark.mantissa));
    int exponent = index.exponent - mark.exponent + g->price_decimals;
    bool saturated = false;
    struct pl_real ten = pl_real_from_int(10);
    for (int i = 0; i < (exponent < 0 ? -exponent : exponent) && i < 64; i++)
        ratio = exponent < 0 ? pl_fix_quotient(ratio, ten) : pl_real_mul(ratio, ten);
    int64_t value = pl_real_to_int(ratio, 0, &saturated);
    *word = (uint64_t)value;
    return !saturated && value > 0 && *word >> pl_stage_price_bits(s) == 0;
}

static uint64_t unit_price_word(const struct pl_group *g)
{
    uint64_t word = 1;
    for (int i = 0; i < g->price_decimals; i++)
        word *= 10;
    return word;
}

/* Fills forward, index price and discount from the last usable prices; false when a word cannot be
 * made. */
static bool set_prices(const struct pl_stage *s, const struct pl_group *g, struct pl_tick_price *r)
{
    uint32_t index_node = s->underlyings[g->underlying].node;
    const struct pl_real one = pl_real_from_int(1);
    struct pl_real discount = one;
    bool good;
    if (g->kind == PL_GROUP_INVERSE) {
        good = inverse_word(s, g, &r->forward);
        r->index_price = unit_price_word(g);
    } else {
        good = pl_stage_price_word(s, g->price_node, g->price_decimals, &r->forward);
        uint32_t node = g->kind == PL_GROUP_SPOT ? g->price_node : index_node;
        good = pl_stage_price_word(s, node, g->price_decimals, &r->index_price) && good;
    }
    if (g->kind == PL_GROUP_OPTIONS) {
        r->rate = group_rate(s, g);
        if (g->coin_settled && good)
            discount = pl_fix_quotient(node_real(s, index_node, g->price_decimals),
                                       node_real(s, g->price_node, g->price_decimals));
        else if (!g->coin_settled)
            discount = pl_derive_discount(ttl_us(s, g), r->rate);
    }
    r->discount = pl_real_pack(discount);
    return good;
}

/* Past its expiry an instrument is worth what its settlement price says: only a price made at or
 * after the expiry is one. */
static bool unsettled(const struct pl_stage *s, const struct pl_group *g)
{
    return g->expiry_us != 0 && g->expiry_us <= s->time_us &&
           s->prices[g->price_node].time_us < g->expiry_us;
}

static uint8_t price_flags(const struct pl_stage *s, uint32_t node)
{
    return pl_stage_is_priced(s, node) ? age_flag(s, node) : PL_FLAG_UNPRICED;
}

/* What is flagged keeps the last usable prices: an unpriced coin is also judged at them. */
static void make_price(const struct pl_stage *s, uint32_t index, struct pl_tick_price *r)
{
    const struct pl_group *g = &s->groups[index];
    uint32_t index_node = s->underlyings[g->underlying].node;
    bool own_price_only = g->kind == PL_GROUP_SPOT;
    *r = (struct pl_tick_price){ .kind = PL_RECORD_TICK_PRICE, .index = (uint16_t)index };
    bool good = set_prices(s, g, r);
    if (!good)
        r->forward = r->index_price = 0;
    if (!good || unsettled(s, g))
        r->flags |= PL_FLAG_UNPRICED;
    r->flags |= price_flags(s, g->price_node) | (own_price_only ? 0 : price_flags(s, index_node));
    set_penalties(s, g, r);
}

static void make_time(const struct pl_stage *s, uint32_t index, struct pl_tick_time *time,
                      struct pl_tick_shift *shift)
{
    const struct pl_group *g = &s->groups[index];
    const struct pl_underlying_spec *spec = s->underlyings[g->underlying].spec;
    if (g->kind == PL_GROUP_OPTIONS) {
        pl_derive_time(spec, ttl_us(s, g), group_rate(s, g), time);
        pl_derive_shift(spec, ttl_us(s, g), shift);
        shift->index = (uint16_t)index;
    } else {
        struct pl_tick_time own = { 0 };
        if (g->kind == PL_GROUP_LINEAR && g->expiry_us != 0)
            pl_derive_time(spec, ttl_us(s, g), 0, &own);
        *time = (struct pl_tick_time){
            .kind = PL_RECORD_TICK_TIME,
            .moving = own.kind != 0 ? own.moving : PL_COEFFICIENT_ONE,
            .long_discount = PL_COEFFICIENT_ONE,
            .short_discount = PL_COEFFICIENT_ONE,
        };
        *shift = (struct pl_tick_shift){ 0 };
    }
    time->index = (uint16_t)index;
}

static void make_vol(const struct pl_stage *s, uint32_t row, struct pl_tick_vol *r)
{
    const struct pl_stage_row *x = &s->rows[row];
    const struct pl_price *p = &s->prices[s->instruments[x->instrument].node];
    int64_t word = 0;
    *r = (struct pl_tick_vol){ .kind = PL_RECORD_TICK_VOL, .index = row };
    if (!p->has_vol || pl_decimal_scale(p->vol, 0, PL_VOL_BITS, &word) != 0) {
        r->flags = PL_FLAG_UNPRICED;
        r->vol = x->vol.vol;
        return;
    }
    r->vol = (uint64_t)word;
    r->flags = age_flag(s, s->instruments[x->instrument].node);
}

struct writer {
    struct pl_line *lines;
    size_t count;
};

/* Writes a record when it differs from what was sent last, and remembers it. */
static void put(struct writer *w, const void *record, void *last, bool sent)
{
    if (sent && memcmp(record, last, PL_LINE_BYTES) == 0)
        return;
    memcpy(last, record, PL_LINE_BYTES);
    memcpy(&w->lines[w->count++], record, PL_LINE_BYTES);
}

static void put_group(struct pl_stage *s, struct writer *w, uint32_t index)
{
    struct pl_group *g = &s->groups[index];
    struct pl_tick_price price;
    struct pl_tick_time time;
    struct pl_tick_shift shift;
    make_price(s, index, &price);
    make_time(s, index, &time, &shift);
    put(w, &price, &g->price, g->sent);
    put(w, &time, &g->time, g->sent);
    if (g->kind == PL_GROUP_OPTIONS)
        put(w, &shift, &g->shift, g->sent);
    for (uint32_t r = g->first_row; r < g->first_row + g->row_count && g->kind == PL_GROUP_OPTIONS;
         r++) {
        struct pl_tick_vol vol;
        make_vol(s, r, &vol);
        put(w, &vol, &s->rows[r].vol, g->sent);
    }
    g->sent = true;
}

static void put_factor(struct writer *w, uint32_t underlying, int64_t im_loss_factor)
{
    struct pl_tick_underlying r = { .kind = PL_RECORD_TICK_UNDERLYING,
                                    .index = (uint16_t)underlying,
                                    .im_loss_factor = im_loss_factor };
    memcpy(&w->lines[w->count++], &r, PL_LINE_BYTES);
}

static void put_underlying(struct pl_stage *s, struct writer *w, uint32_t index)
{
    struct pl_stage_underlying *u = &s->underlyings[index];
    int64_t stable = PL_COEFFICIENT_ONE;
    struct pl_decimal last = s->last_prices[s->stable_node]; /* never given: 1 */
    if (last.mantissa > 0 && pl_decimal_scale(last, 0, PL_COEFFICIENT_BITS, &stable) != 0)
        stable = PL_COEFFICIENT_ONE;
    int64_t factor = pl_derive_im_loss_factor(u->spec, stable);
    if (u->sent && factor == u->im_loss_factor)
        return;
    u->im_loss_factor = factor;
    u->sent = true;
    put_factor(w, index, factor);
}

static void put_commit(const struct pl_stage *s, struct writer *w)
{
    struct pl_tick_commit commit = { .kind = PL_RECORD_TICK_COMMIT,
                                     .tick = s->tick,
                                     .time_us = s->time_us };
    memcpy(&w->lines[w->count++], &commit, PL_LINE_BYTES);
}

void pl_stage_note(struct pl_stage *s, uint32_t node)
{
    uint32_t row = s->vol_rows[node];
    if (row == PL_NO_INDEX || s->moved_count == PL_STAGE_MOVED_MAX)
        s->whole = true;
    else
        s->moved[s->moved_count++] = row;
}

void pl_stage_resend(struct pl_stage *s)
{
    s->whole = true;
    for (uint32_t g = 0; g < s->group_count; g++)
        s->groups[g].sent = false;
    for (uint32_t u = 0; u < s->underlying_count; u++)
        s->underlyings[u].sent = false;
}

/* Where no other price and no time has moved since everything was sent. */
static void put_moved(struct pl_stage *s, struct writer *w)
{
    for (uint32_t i = 0; i < s->moved_count; i++) {
        struct pl_stage_row *row = &s->rows[s->moved[i]];
        struct pl_tick_vol vol;
        make_vol(s, s->moved[i], &vol);
        put(w, &vol, &row->vol, true);
    }
}

static void put_whole(struct pl_stage *s, struct writer *w)
{
    set_perpetual_confidences(s);
    for (uint32_t g = 0; g < s->group_count; g++)
        put_group(s, w, g);
    for (uint32_t u = 0; u < s->underlying_count; u++)
        put_underlying(s, w, u);
}

int pl_stage_tick_records(struct pl_stage *s, struct pl_line **records, size_t *count)
{
    size_t most = 1 + (s->whole ? 3 * (size_t)s->group_count + s->row_count + s->underlying_count
                                : s->moved_count);
    struct writer w = { aligned_alloc(PL_LINE_BYTES, most * PL_LINE_BYTES), 0 };
    if (w.lines == NULL)
        return -ENOMEM;
    if (s->whole)
        put_whole(s, &w);
    else
        put_moved(s, &w);
    put_commit(s, &w);
    s->whole = false;
    s->moved_count = 0;
    *records = w.lines;
    *count = w.count;
    return 0;
}

int pl_stage_committed_records(const struct pl_stage *s, struct pl_line **records, size_t *count)
{
    size_t most = 3 * (size_t)s->group_count + s->row_count + s->underlying_count + 1;
    struct writer w = { aligned_alloc(PL_LINE_BYTES, most * PL_LINE_BYTES), 0 };
    if (w.lines == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < s->group_count; i++) {
        const struct pl_group *g = &s->groups[i];
        memcpy(&w.lines[w.count++], &g->price, PL_LINE_BYTES);
        memcpy(&w.lines[w.count++], &g->time, PL_LINE_BYTES);
        if (g->kind != PL_GROUP_OPTIONS)
            continue;
        memcpy(&w.lines[w.count++], &g->shift, PL_LINE_BYTES);
        for (uint32_t r = g->first_row; r < g->first_row + g->row_count; r++)
            memcpy(&w.lines[w.count++], &s->rows[r].vol, PL_LINE_BYTES);
    }
    for (uint32_t u = 0; u < s->underlying_count; u++)
        put_factor(&w, u, s->underlyings[u].im_loss_factor);
    put_commit(s, &w);
    *records = w.lines;
    *count = w.count;
    return 0;
}
