/* Groups instruments into expiries and rows, in the contract's order: underlying, expiry,
 * instrument. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/decimal.h"
#include "feed/text_time.h"
#include "stage.h"

static int refuse(char *message, const char *symbol, const char *what)
{
    snprintf(message, PL_MESSAGE_BYTES, "instrument %s: %s", symbol, what);
    return -EINVAL;
}

static int add_node(struct pl_stage *s, const char *symbol, uint32_t *node)
{
    return pl_symbols_add(&s->nodes, symbol, strlen(symbol), node, NULL);
}

static bool symbol_fits(const char *symbol)
{
    return symbol != NULL && symbol[0] != '\0' && strlen(symbol) < PL_SYMBOL_BYTES;
}

static bool exponent_fits(struct pl_decimal d)
{
    return d.exponent >= -PL_DECIMAL_EXPONENT_MAX && d.exponent <= PL_DECIMAL_EXPONENT_MAX;
}

/* The lot is one quantity step: step * contract_size units. */
static bool multiply(struct pl_decimal a, struct pl_decimal b, struct pl_decimal *out)
{
    __extension__ __int128 product = (__int128)a.mantissa * b.mantissa;
    int32_t exponent = a.exponent + b.exponent;
    while (product != 0 && product % 10 == 0) {
        product /= 10;
        exponent++;
    }
    if (product <= 0 || product > INT64_C(999999999999999999) || exponent < -18 || exponent > 18)
        return false;
    *out = (struct pl_decimal){ (int64_t)product, exponent };
    return true;
}

static struct pl_decimal trimmed(struct pl_decimal d)
{
    for (; d.mantissa != 0 && d.mantissa % 10 == 0; d.exponent++)
        d.mantissa /= 10;
    return d;
}

static const char *check_def(const struct pl_instrument_def *d)
{
    bool dated = d->kind == PL_KIND_FUTURE || d->kind == PL_KIND_OPTION;
    if (d->kind < PL_KIND_SPOT || d->kind > PL_KIND_OPTION)
        return "unknown kind";
    if (!symbol_fits(d->underlying))
        return "its underlying needs a name of 1 to 63 characters";
    if (dated != (d->expiry_us > 0))
        return dated ? "a future or option needs an expiry"
                     : "only futures and options have an expiry";
    if (d->expiry_us > PL_TEXT_TIME_MAX_US)
        return "its expiry lies beyond the year 9999";
    if (!exponent_fits(d->strike) || !exponent_fits(d->contract_size) ||
        !exponent_fits(d->quantity_step))
        return "a strike, contract_size or quantity_step is too large or too small";
    if (d->kind == PL_KIND_OPTION && (d->strike.mantissa <= 0 || !symbol_fits(d->forward)))
        return "an option needs a strike above 0 and the symbol of its forward";
    if (d->kind == PL_KIND_SPOT && d->coin_settled)
        return "a coin is not coin-settled";
    return NULL;
}

static int find_underlying(struct pl_stage *s, const char *name, uint32_t *index)
{
    for (*index = 0; *index < s->underlying_count; (*index)++) {
        if (strcmp(s->underlyings[*index].name, name) == 0)
            return 0;
    }
    if (s->underlying_count == PL_UNDERLYINGS_MAX)
        return -ERANGE;
    struct pl_stage_underlying *u = &s->underlyings[s->underlying_count++];
    *u = (struct pl_stage_underlying){ .coin_row = PL_NO_INDEX, .naked_row = PL_NO_INDEX };
    snprintf(u->name, sizeof u->name, "%s", name);
    u->spec = pl_model_spec_underlying(s->spec, name);
    return add_node(s, name, &u->node);
}

static int take_instrument(struct pl_stage *s, const struct pl_instrument_def *d, char *message)
{
    struct pl_stage_instrument *i = &s->instruments[s->instrument_count];
    if (!symbol_fits(d->symbol))
        return refuse(message, "(unnamed)", "needs a symbol of 1 to 63 characters");
    const char *wrong = check_def(d);
    if (wrong != NULL)
        return refuse(message, d->symbol, wrong);
    snprintf(i->symbol, sizeof i->symbol, "%s", d->symbol);
    i->kind = d->kind;
    i->is_call = d->is_call;
    i->coin_settled = d->coin_settled;
    i->expiry_us = d->expiry_us;
    i->strike = trimmed(d->strike);
    i->step = trimmed(d->quantity_step);
    if (d->contract_size.mantissa <= 0 || d->quantity_step.mantissa <= 0 ||
        !multiply(d->contract_size, d->quantity_step, &i->lot))
        return refuse(message, d->symbol,
                      "contract_size * quantity_step must be above 0 with at most 18 digits");
    int error = find_underlying(s, d->underlying, &i->underlying);
    if (error == -ERANGE)
        return refuse(message, d->symbol, "too many underlyings");
    const struct pl_class_spec *c =
        pl_model_spec_class(s->spec, pl_kind_name(d->kind), d->underlying, d->symbol);
    if (c == NULL) {
        snprintf(message, PL_MESSAGE_BYTES,
                 "instrument %s: the model has no class \"%s:%s\" or \"%s\"; add one under "
                 "\"classes\"",
                 d->symbol, pl_kind_name(d->kind), d->underlying, pl_kind_name(d->kind));
        return -EINVAL;
    }
    i->margin_class = (uint16_t)(c - s->spec->classes);
    error = error != 0 ? error : add_node(s, d->symbol, &i->node);
    i->forward_node = i->node;
    if (error == 0 && d->kind == PL_KIND_OPTION)
        error = add_node(s, d->forward, &i->forward_node);
    s->instrument_count++;
    return error;
}

/* Underlyings of one offset group become neighbours; otherwise they keep the order in which they
 * came. */
static int compare_underlyings(const void *a, const void *b)
{
    const struct pl_stage_underlying *x = a, *y = b;
    if (x->spec->offset_group != y->spec->offset_group)
        return x->spec->offset_group < y->spec->offset_group ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

static int order_underlyings(struct pl_stage *s)
{
    uint32_t *by_node = calloc(s->nodes.count, sizeof *by_node);
    if (by_node == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < s->instrument_count; i++)
        s->instruments[i].underlying = s->underlyings[s->instruments[i].underlying].node;
    qsort(s->underlyings, s->underlying_count, sizeof *s->underlyings, compare_underlyings);
    for (uint32_t u = 0; u < s->underlying_count; u++)
        by_node[s->underlyings[u].node] = u;
    for (uint32_t i = 0; i < s->instrument_count; i++)
        s->instruments[i].underlying = by_node[s->instruments[i].underlying];
    free(by_node);
    return 0;
}

/* The groups that an instrument needs, as sort keys; one instrument per key, merged afterwards. */
struct need {
    enum pl_group_kind kind;
    uint32_t underlying, instrument;
    int64_t expiry_us;
    bool coin_settled;
};

static int compare_needs(const void *a, const void *b)
{
    const struct need *x = a, *y = b;
    if (x->underlying != y->underlying)
        return x->underlying < y->underlying ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->kind == PL_GROUP_OPTIONS && x->expiry_us != y->expiry_us)
        return x->expiry_us < y->expiry_us ? -1 : 1;
    if (x->kind == PL_GROUP_OPTIONS && x->coin_settled != y->coin_settled)
        return x->coin_settled ? 1 : -1;
    return x->instrument < y->instrument ? -1 : x->instrument > y->instrument;
}

static bool same_group(const struct need *x, const struct need *y)
{
    bool shared =
        x->kind == PL_GROUP_OPTIONS || x->kind == PL_GROUP_COIN_LEG || x->kind == PL_GROUP_NAKED;
    return shared && x->kind == y->kind && x->underlying == y->underlying &&
           (x->kind != PL_GROUP_OPTIONS ||
            (x->expiry_us == y->expiry_us && x->coin_settled == y->coin_settled));
}

static size_t list_needs(const struct pl_stage *s, struct need *needs)
{
    size_t count = 0;
    for (uint32_t i = 0; i < s->instrument_count; i++) {
        const struct pl_stage_instrument *x = &s->instruments[i];
        const struct pl_underlying_spec *spec = s->underlyings[x->underlying].spec;
        struct need n = { PL_GROUP_SPOT, x->underlying, i, x->expiry_us, x->coin_settled };
        if (x->kind == PL_KIND_OPTION)
            n.kind = PL_GROUP_OPTIONS;
        else if (x->kind != PL_KIND_SPOT)
            n.kind = x->coin_settled ? PL_GROUP_INVERSE : PL_GROUP_LINEAR;
        needs[count++] = n;
        if (n.kind == PL_GROUP_INVERSE) {
            n.kind = PL_GROUP_COIN_LEG;
            needs[count++] = n;
        } else if (n.kind == PL_GROUP_OPTIONS && (spec->naked_mm != 0 || spec->naked_im != 0)) {
            n.kind = PL_GROUP_NAKED;
            needs[count++] = n;
        }
    }
    qsort(needs, count, sizeof *needs, compare_needs);
    return count;
}

static struct pl_stage_row *new_row(struct pl_stage *s, uint8_t kind, uint32_t instrument,
                                    uint16_t margin_class)
{
    struct pl_stage_row *row = &s->rows[s->row_count++];
    *row = (struct pl_stage_row){ .group = s->group_count - 1,
                                  .instrument = instrument,
                                  .kind = kind,
                                  .margin_class = margin_class };
    s->groups[s->group_count - 1].row_count++;
    return row;
}

/* Classes past the model's own: one without requirements, then the naked shorts of each underlying.
 */
static uint16_t null_class(const struct pl_stage *s)
{
    return (uint16_t)s->spec->class_count;
}

static struct pl_group *new_group(struct pl_stage *s, const struct need *n)
{
    struct pl_group *g = &s->groups[s->group_count++];
    *g = (struct pl_group){
        .kind = n->kind,
        .underlying = n->underlying,
        .instrument = n->instrument,
        .price_node = s->underlyings[n->underlying].node,
        .first_row = s->row_count,
    };
    return g;
}

/* A leg of several contracts: 1e9, whole and 1e-9 units, each a group because their row units
 * differ. */
static void start_legs(struct pl_stage *s, const struct need *n)
{
    struct pl_stage_underlying *u = &s->underlyings[n->underlying];
    bool coin = n->kind == PL_GROUP_COIN_LEG;
    uint8_t kind = coin ? PL_ROW_KIND_LINEAR : PL_ROW_KIND_REQUIREMENT;
    uint16_t margin_class = (uint16_t)(null_class(s) + (coin ? 0 : 1 + n->underlying));
    *(coin ? &u->coin_row : &u->naked_row) = s->row_count;
    for (int row = 0; row < PL_LEG_ROWS; row++) {
        new_group(s, n)->scenario = coin && u->spec->scenario_table >= 0;
        new_row(s, kind, PL_NO_INDEX, margin_class)->leg_exponent = PL_LEG_DECIMALS * (1 - row);
    }
}

static void start_group(struct pl_stage *s, const struct need *n)
{
    const struct pl_stage_instrument *i = &s->instruments[n->instrument];
    if (n->kind == PL_GROUP_COIN_LEG || n->kind == PL_GROUP_NAKED) {
        start_legs(s, n);
        return;
    }
    struct pl_group *g = new_group(s, n);
    g->price_node = n->kind == PL_GROUP_OPTIONS ? i->forward_node : i->node;
    g->expiry_us = n->expiry_us;
    g->coin_settled = n->coin_settled;
    g->perpetual = i->kind == PL_KIND_PERPETUAL;
    g->scenario = s->underlyings[n->underlying].spec->scenario_table >= 0 &&
                  (n->kind != PL_GROUP_SPOT || s->spec->classes[i->margin_class].scenario);
}

static const char *join_group(struct pl_stage *s, const struct need *n)
{
    struct pl_stage_instrument *i = &s->instruments[n->instrument];
    if (n->kind == PL_GROUP_COIN_LEG || n->kind == PL_GROUP_NAKED)
        return NULL;
    if (n->kind == PL_GROUP_OPTIONS && s->groups[s->group_count - 1].price_node != i->forward_node)
        return "options of one underlying, expiry and settlement must name one forward";
    uint8_t kind = n->kind == PL_GROUP_OPTIONS   ? PL_ROW_KIND_OPTION
                   : n->kind == PL_GROUP_INVERSE ? PL_ROW_KIND_INVERSE
                                                 : PL_ROW_KIND_LINEAR;
    i->row = s->row_count;
    new_row(s, kind, n->instrument, i->margin_class);
    return NULL;
}

/* Calls and puts of one underlying, expiry and strike share a number: naked shorts net among them.
 */
struct strike_key {
    uint32_t underlying, instrument;
    int64_t expiry_us;
    struct pl_decimal strike; /* without trailing zeros, so equal values are equal words */
};

static int order64(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_strikes(const void *a, const void *b)
{
    const struct strike_key *x = a, *y = b;
    int order = order64(x->underlying, y->underlying);
    order = order != 0 ? order : order64(x->expiry_us, y->expiry_us);
    order = order != 0 ? order : order64(x->strike.mantissa, y->strike.mantissa);
    return order != 0 ? order : order64(x->strike.exponent, y->strike.exponent);
}

static int number_strikes(struct pl_stage *s)
{
    struct strike_key *keys = calloc(s->instrument_count, sizeof *keys);
    if (keys == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < s->instrument_count; i++) {
        const struct pl_stage_instrument *x = &s->instruments[i];
        keys[i] = (struct strike_key){ x->underlying, i, x->expiry_us, x->strike };
    }
    qsort(keys, s->instrument_count, sizeof *keys, compare_strikes);
    uint32_t number = 0;
    for (uint32_t i = 0; i < s->instrument_count; i++) {
        if (i > 0 && compare_strikes(&keys[i - 1], &keys[i]) != 0)
            number++;
        s->instruments[keys[i].instrument].naked_key = number;
    }
    free(keys);
    return 0;
}

/* Two instruments of one symbol would share a price. */
static int check_symbols(const struct pl_stage *s, char *message)
{
    uint8_t *seen = calloc(s->nodes.count, 1);
    int error = seen == NULL ? -ENOMEM : 0;
    for (uint32_t i = 0; i < s->instrument_count && error == 0; i++) {
        if (seen[s->instruments[i].node]++ != 0)
            error = refuse(message, s->instruments[i].symbol, "another instrument has this symbol");
    }
    free(seen);
    return error;
}

static int make_groups(struct pl_stage *s, char *message)
{
    size_t legs = 2 * PL_LEG_ROWS * (size_t)s->underlying_count;
    struct need *needs = calloc(2 * (size_t)s->instrument_count, sizeof *needs);
    s->groups = calloc(2 * (size_t)s->instrument_count + legs, sizeof *s->groups);
    s->rows = calloc((size_t)s->instrument_count + legs, sizeof *s->rows);
    if (needs == NULL || s->groups == NULL || s->rows == NULL) {
        free(needs);
        return -ENOMEM;
    }
    size_t count = list_needs(s, needs);
    int error = 0;
    for (size_t i = 0; i < count && error == 0; i++) {
        if (i == 0 || !same_group(&needs[i - 1], &needs[i]))
            start_group(s, &needs[i]);
        const char *wrong = join_group(s, &needs[i]);
        if (wrong != NULL)
            error = refuse(message, s->instruments[needs[i].instrument].symbol, wrong);
    }
    free(needs);
    return error;
}

static int take_multipliers(struct pl_stage *s, const struct pl_setup *setup, char *message)
{
    static const int64_t just_one[] = { INT64_C(1) << PL_COEFFICIENT_BITS };
    const int64_t *values = setup->multipliers_q40 != NULL ? setup->multipliers_q40 : just_one;
    size_t count = setup->multipliers_q40 != NULL ? setup->multiplier_count : 1;
    if (count < 1 || count > PL_MULTIPLIERS_MAX || values[0] != just_one[0]) {
        snprintf(message, PL_MESSAGE_BYTES,
                 "the table of multipliers needs 1 to %d entries, the first of them 1",
                 PL_MULTIPLIERS_MAX);
        return -EINVAL;
    }
    for (size_t i = 0; i < count; i++) {
        if (values[i] <= 0 || values[i] > (int64_t)PL_COEFFICIENT_MAX << PL_COEFFICIENT_BITS) {
            snprintf(message, PL_MESSAGE_BYTES,
                     "the table of multipliers: entry %zu must lie above 0 and at most at %d", i,
                     PL_COEFFICIENT_MAX);
            return -EINVAL;
        }
    }
    s->multipliers_q40 = calloc(count, sizeof *values);
    if (s->multipliers_q40 == NULL)
        return -ENOMEM;
    memcpy(s->multipliers_q40, values, count * sizeof *values);
    s->multiplier_count = (uint32_t)count;
    return 0;
}

static uint32_t scenario_count(const struct pl_stage *s, const struct pl_underlying_spec *u)
{
    return u->scenario_table < 0 ? 0 : s->spec->scenario_tables[u->scenario_table].count;
}

/* Losses offset scenario by scenario, so the underlyings of a group need as many, and equal
 * factors. */
static int check_offset_groups(const struct pl_stage *s, char *message)
{
    for (uint32_t i = 1; i < s->underlying_count; i++) {
        const struct pl_underlying_spec *a = s->underlyings[i - 1].spec,
                                        *b = s->underlyings[i].spec;
        if (a->offset_group < 0 || a->offset_group != b->offset_group)
            continue;
        if (scenario_count(s, a) != scenario_count(s, b) ||
            a->mm_loss_factor != b->mm_loss_factor || a->im_loss_factor != b->im_loss_factor ||
            a->peg_threshold != b->peg_threshold || a->peg_factor != b->peg_factor) {
            snprintf(message, PL_MESSAGE_BYTES,
                     "offset group \"%s\": %s and %s need the same number of scenarios and "
                     "the same loss factors and peg terms",
                     s->spec->offset_groups[a->offset_group].name, s->underlyings[i - 1].name,
                     s->underlyings[i].name);
            return -EINVAL;
        }
    }
    return 0;
}

static int check_limits(const struct pl_stage *s, char *message)
{
    if (s->row_count > s->capabilities.instruments || s->group_count > s->capabilities.expiries) {
        snprintf(message, PL_MESSAGE_BYTES,
                 "%u rows in %u expiries exceed this device (%u and %u): use a software device",
                 s->row_count, s->group_count, s->capabilities.instruments,
                 s->capabilities.expiries);
        return -PL_STATUS_LIMIT;
    }
    uint32_t classes = pl_stage_class_count(s);
    if (s->underlying_count > s->capabilities.underlyings || classes > s->capabilities.classes ||
        s->spec->bracket_table_count >= s->capabilities.bracket_tables) {
        snprintf(message, PL_MESSAGE_BYTES,
                 "%u underlyings, %u margin classes and %u bracket tables exceed this device (%u, "
                 "%u and %u): use a software device",
                 s->underlying_count, classes, s->spec->bracket_table_count,
                 s->capabilities.underlyings, s->capabilities.classes,
                 s->capabilities.bracket_tables - 1);
        return -PL_STATUS_LIMIT;
    }
    for (uint32_t t = 0; t < s->spec->scenario_table_count; t++) {
        if (s->spec->scenario_tables[t].count > s->capabilities.scenarios) {
            snprintf(message, PL_MESSAGE_BYTES,
                     "scenario table \"%s\" has %u scenarios; this device takes %u",
                     s->spec->scenario_tables[t].name, s->spec->scenario_tables[t].count,
                     s->capabilities.scenarios);
            return -PL_STATUS_LIMIT;
        }
    }
    return 0;
}

/* Which rows' vols are all that their nodes give: of options whose node is nothing else besides. */
static void note_vol_rows(struct pl_stage *s)
{
    for (uint32_t n = 0; n < s->nodes.count; n++)
        s->vol_rows[n] = PL_NO_INDEX;
    for (uint32_t r = 0; r < s->row_count; r++) {
        if (s->groups[s->rows[r].group].kind == PL_GROUP_OPTIONS)
            s->vol_rows[s->instruments[s->rows[r].instrument].node] = r;
    }
    for (uint32_t g = 0; g < s->group_count; g++)
        s->vol_rows[s->groups[g].price_node] = PL_NO_INDEX;
    for (uint32_t u = 0; u < s->underlying_count; u++)
        s->vol_rows[s->underlyings[u].node] = PL_NO_INDEX;
    s->vol_rows[s->stable_node] = PL_NO_INDEX;
    s->whole = true;
}

int pl_stage_layout(struct pl_stage *s, const struct pl_setup *setup, char *message)
{
    if (setup->instrument_count < 1 || setup->instrument_count > PL_INSTRUMENTS_MAX) {
        snprintf(message, PL_MESSAGE_BYTES, "a load needs 1 to %d instruments", PL_INSTRUMENTS_MAX);
        return -EINVAL;
    }
    s->instruments = calloc(setup->instrument_count, sizeof *s->instruments);
    s->underlyings = calloc(PL_UNDERLYINGS_MAX, sizeof *s->underlyings);
    int error = s->instruments == NULL || s->underlyings == NULL ? -ENOMEM : 0;
    error = error != 0 ? error : add_node(s, "settlement:", &s->stable_node);
    for (size_t i = 0; i < setup->instrument_count && error == 0; i++)
        error = take_instrument(s, &setup->instruments[i], message);
    error = error != 0 ? error : check_symbols(s, message);
    error = error != 0 ? error : order_underlyings(s);
    error = error != 0 ? error : number_strikes(s);
    error = error != 0 ? error : make_groups(s, message);
    error = error != 0 ? error : take_multipliers(s, setup, message);
    error = error != 0 ? error : check_offset_groups(s, message);
    error = error != 0 ? error : check_limits(s, message);
    if (error != 0)
        return error;
    s->prices = calloc(s->nodes.count, sizeof *s->prices);
    s->last_prices = calloc(s->nodes.count, sizeof *s->last_prices);
    s->vol_rows = calloc(s->nodes.count, sizeof *s->vol_rows);
    if (s->prices == NULL || s->last_prices == NULL || s->vol_rows == NULL)
        return -ENOMEM;
    note_vol_rows(s);
    int64_t full = INT64_C(1) << PL_COEFFICIENT_BITS;
    for (uint32_t n = 0; n < s->nodes.count; n++)
        s->prices[n] = (struct pl_price){ .confidence_q40 = full,
                                          .vol_confidence_q40 = full,
                                          .rate_confidence_q40 = full };
    return pl_stage_check_units(s, message);
}

void pl_stage_free(struct pl_stage *s)
{
    pl_model_spec_free(s->spec);
    pl_symbols_free(&s->nodes);
    free(s->prices);
    free(s->last_prices);
    free(s->vol_rows);
    free(s->underlyings);
    free(s->instruments);
    free(s->groups);
    free(s->rows);
    free(s->multipliers_q40);
    *s = (struct pl_stage){ .capabilities = s->capabilities };
}
