/* Random books through the public API: a margin model (written as JSON), instruments, prices and
 * accounts, with every number kept as a double too, for references written apart from the code. */
#ifndef PL_TEST_RANDOM_BOOK_H
#define PL_TEST_RANDOM_BOOK_H

#include "random.h"

#include <unistd.h>

#include "plimsoll.h"

#define BOOK_TABLES 2
#define BOOK_UNDERLYINGS 4
#define BOOK_INSTRUMENTS 128
#define BOOK_NODES 256
#define BOOK_HOLDINGS 24
#define BOOK_BRACKETS 3
#define BOOK_NOW_US INT64_C(1770000000000000)
#define BOOK_YEAR_S 31536000.0
#define Q40 (INT64_C(1) << 40)

struct book_scenario {
    double shock, dampening;
    uint8_t rule;
};

/* Names as in model.json. */
struct book_underlying {
    char name[PL_SYMBOL_BYTES];
    int table, group; /* -1: none */
    double mm_factor, im_factor, vol_up, vol_down, min_up, short_power, long_power, dte_floor;
    double linear_cap, linear_cbase, abs_cap, abs_cbase, min_k_star, min_width, vol_static,
        vol_scale;
    bool discount;
    double long_base, long_mult, long_add, short_base, short_mult, short_add;
    double basis_up, basis_down, basis_add, basis_mult, threshold, margin, peg_threshold,
        peg_factor;
    double naked_mm, naked_im;
    int averaging_s;
    bool has_floor;
    double floor;
    uint32_t node;
};

struct book_bracket {
    double from, mm, mm_cum, im, im_cum;
};

/* The class of one kind; linear: plain rates, or (brackets) the book's bracket table. */
struct book_class {
    double mm_long, im_long, mm_short, im_short, fee;
    bool brackets, scenario;
    double linear_mm_long, linear_im_long, linear_mm_short, linear_im_short;
};

struct book_node {
    char symbol[PL_SYMBOL_BYTES];
    double price, vol, rate;
    struct pl_price words;
};

struct book_instrument {
    char symbol[PL_SYMBOL_BYTES], forward[PL_SYMBOL_BYTES];
    uint8_t kind;
    bool is_call, coin;
    int64_t expiry_us;
    double strike, size, step; /* size of a contract, contracts of a step */
    uint32_t underlying, node, forward_node;
};

struct book {
    uint64_t random;
    char path[64];
    int64_t now_us;
    uint32_t scenario_count[BOOK_TABLES];
    struct book_scenario scenarios[BOOK_TABLES][PL_SCENARIOS_MAX];
    double credit[2]; /* of the offset groups */
    int max_age_s;
    uint32_t underlying_count, instrument_count, node_count, bracket_count;
    struct book_underlying underlyings[BOOK_UNDERLYINGS];
    struct book_class classes[PL_KIND_OPTION + 1]; /* by kind */
    struct book_bracket brackets[BOOK_BRACKETS];
    struct book_node nodes[BOOK_NODES]; /* [0]: settlement currency */
    struct book_instrument instruments[BOOK_INSTRUMENTS];
    struct pl_instrument_def defs[BOOK_INSTRUMENTS];
    int64_t multipliers_q40[4];
};

struct book_account {
    struct pl_account account;
    struct pl_holding holdings[BOOK_HOLDINGS];
    double entries[BOOK_HOLDINGS];
};

/* A decimal of `digits` significant digits near `value`, and that decimal as a double. */
static UNUSED struct pl_decimal book_decimal(double value, int digits, double *exact)
{
    int exponent = value == 0 ? 0 : (int)floor(log10(fabs(value))) - digits + 1;
    int64_t mantissa = llround(value / pow(10, exponent));
    if (exact != NULL)
        *exact = exponent < 0 ? (double)mantissa / pow(10, -exponent)
                              : (double)mantissa * pow(10, exponent);
    return (struct pl_decimal){ mantissa, exponent };
}

static double book_round(double value) /* to four decimals, which JSON then holds exactly enough */
{
    return round(value * 1e4) / 1e4;
}

static double book_draw(struct book *b, double low, double high)
{
    return book_round(random_real(&b->random, low, high));
}

static UNUSED uint32_t book_add_node(struct book *b, const char *symbol, double price, int digits)
{
    assert_true(b->node_count < BOOK_NODES);
    struct book_node *n = &b->nodes[b->node_count];
    *n = (struct book_node){ .price = price };
    snprintf(n->symbol, sizeof n->symbol, "%s", symbol);
    n->words = (struct pl_price){ .has_price = true,
                                  .price = book_decimal(price, digits, &n->price),
                                  .confidence_q40 = Q40,
                                  .vol_confidence_q40 = Q40,
                                  .rate_confidence_q40 = Q40,
                                  .time_us = b->now_us };
    return b->node_count++;
}

/* Changes a node's price, vol or rate in both forms. */
static UNUSED void book_move(struct book *b, uint32_t node, double price, int digits)
{
    b->nodes[node].words.price = book_decimal(price, digits, &b->nodes[node].price);
}

static void book_set_vol(struct book *b, uint32_t node, double vol)
{
    b->nodes[node].words.has_vol = true;
    b->nodes[node].words.vol = book_decimal(vol, 5, &b->nodes[node].vol);
}

static void book_make_underlying(struct book *b, uint32_t index)
{
    struct book_underlying *u = &b->underlyings[index];
    uint64_t *r = &b->random;
    *u = (struct book_underlying){ .group = random_once_in(r, 3) ? 0 : -1 };
    snprintf(u->name, sizeof u->name, "U%u", index);
    u->table = u->group >= 0 ? 0 : (int)random_within(r, -1, BOOK_TABLES - 1);
    u->mm_factor = u->group >= 0 ? 0.8 : book_draw(b, 0.5, 1.2),
    u->im_factor = u->group >= 0 ? 1.1 : book_draw(b, 1, 1.5);
    u->vol_up = book_draw(b, 0, 0.9), u->vol_down = book_draw(b, 0, 0.9),
    u->min_up = book_draw(b, 0, 0.6);
    u->short_power = book_draw(b, 0, 0.5), u->long_power = book_draw(b, 0, 0.3),
    u->dte_floor = book_draw(b, 0.5, 2);
    u->linear_cap = book_draw(b, -0.1, 0.3), u->linear_cbase = book_draw(b, -0.1, 0.1);
    u->abs_cap = book_draw(b, -0.1, 0.3), u->abs_cbase = book_draw(b, -0.1, 0.1);
    u->min_k_star = 0.01, u->min_width = book_draw(b, 1, 5), u->vol_static = 0.6,
    u->vol_scale = -0.1;
    u->discount = !random_once_in(r, 4);
    u->long_base = book_draw(b, 0.8, 1), u->long_mult = book_draw(b, 0, 2),
    u->long_add = book_draw(b, 0, 0.1);
    u->short_base = book_draw(b, 1, 1.2), u->short_mult = book_draw(b, 0, 1),
    u->short_add = book_draw(b, 0, 0.1);
    u->basis_up = book_draw(b, 1, 1.1), u->basis_down = book_draw(b, 0.9, 1);
    u->basis_add = book_draw(b, 0, 0.5), u->basis_mult = book_draw(b, 0, 2);
    u->threshold = 0.55, u->margin = book_draw(b, 0, 1), u->peg_threshold = 0.98,
    u->peg_factor = 2; /* members of an offset group have the same */
    u->naked_mm = book_draw(b, 0, 0.01), u->naked_im = u->naked_mm + book_draw(b, 0, 0.01);
    if (random_once_in(r, 4))
        u->naked_mm = u->naked_im = 0;
    u->averaging_s = random_once_in(r, 2) ? 1800 : 0;
    u->has_floor = !random_once_in(r, 3),
    u->floor = random_once_in(r, 2) ? 0 : book_draw(b, -0.05, 0.05);
}

static void book_make_class(struct book *b, uint8_t kind)
{
    struct book_class *c = &b->classes[kind];
    bool option = kind == PL_KIND_OPTION;
    *c = (struct book_class){ .brackets = !option && random_once_in(&b->random, 2),
                              .scenario = random_once_in(&b->random, 2) };
    c->mm_long = option ? 0 : book_draw(b, 0, 0.1), c->im_long = c->mm_long + book_draw(b, 0, 0.1);
    c->mm_short = book_draw(b, 0, 0.1), c->im_short = c->mm_short + book_draw(b, 0, 0.1);
    c->fee = book_draw(b, 0, 0.002);
    c->linear_mm_long = book_draw(b, 0, 0.1),
    c->linear_im_long = c->linear_mm_long + book_draw(b, 0, 0.1);
    c->linear_mm_short = book_draw(b, 0, 0.1),
    c->linear_im_short = c->linear_mm_short + book_draw(b, 0, 0.1);
}

static void book_make_model(struct book *b, uint32_t scenarios_max)
{
    uint64_t *r = &b->random;
    for (int t = 0; t < BOOK_TABLES; t++) {
        b->scenario_count[t] = (uint32_t)random_within(r, 1, scenarios_max);
        for (uint32_t i = 0; i < b->scenario_count[t]; i++) {
            struct book_scenario *s = &b->scenarios[t][i];
            s->rule = (uint8_t)random_below(r, PL_VOL_RULE_ABS + 1);
            s->shock = s->rule >= PL_VOL_RULE_LINEAR ? 1 : book_round(random_log(r, 0.3, 3));
            s->dampening = random_once_in(r, 2) ? 1 : book_draw(b, 0, 1.2);
        }
    }
    b->credit[0] = random_once_in(r, 3) ? 0 : book_draw(b, 0, 1), b->credit[1] = 0;
    for (uint32_t u = 0; u < b->underlying_count; u++)
        book_make_underlying(b, u);
    for (uint8_t kind = PL_KIND_SPOT; kind <= PL_KIND_OPTION; kind++)
        book_make_class(b, kind);
    b->bracket_count = BOOK_BRACKETS;
    b->brackets[0] = (struct book_bracket){ 0, 0.01, 0, 0.02, 0 };
    b->brackets[1] = (struct book_bracket){ 10000, 0.03, 200, 0.05, 300 };
    b->brackets[2] = (struct book_bracket){ 250000, 0.1, 17700, 0.25, 50300 };
}

static struct book_instrument *book_add_instrument(struct book *b, uint8_t kind, bool coin,
                                                   uint32_t u, const char *symbol)
{
    static const double sizes[] = { 1, 0.1, 10, 0.01 }, steps[] = { 1, 0.1, 0.001 };
    assert_true(b->instrument_count < BOOK_INSTRUMENTS);
    struct book_instrument *i = &b->instruments[b->instrument_count++];
    *i = (struct book_instrument){ .kind = kind, .coin = coin, .underlying = u };
    snprintf(i->symbol, sizeof i->symbol, "%s", symbol);
    i->size = kind == PL_KIND_SPOT ? 1 : sizes[random_below(&b->random, 4)];
    if (coin && kind != PL_KIND_OPTION)
        i->size = random_once_in(&b->random, 2) ? 10 : 100;
    i->step = steps[random_below(&b->random, 3)];
    return i;
}

static void book_make_options(struct book *b, uint32_t u, double spot)
{
    static const double strikes[] = { 0.4, 0.8, 0.95, 1, 1.1, 1.5 };
    char symbol[PL_SYMBOL_BYTES];
    for (uint32_t e = 0, n = (uint32_t)random_within(&b->random, 1, 2); e < n; e++) {
        double ttl_s = random_once_in(&b->random, 4) ? random_real(&b->random, 60, 2000)
                                                     : random_log(&b->random, 2000, 1e8);
        double rate = book_draw(b, -0.1, 0.3);
        bool coin = random_once_in(&b->random, 3);
        snprintf(symbol, sizeof symbol, "F%u-%u", u, e);
        uint32_t forward = book_add_node(b, symbol, spot * random_real(&b->random, 0.95, 1.05), 9);
        b->nodes[forward].words.rate = book_decimal(rate, 4, &b->nodes[forward].rate);
        for (int k = 0; k < 6; k++) {
            snprintf(symbol, sizeof symbol, "O%u-%u-%d", u, e, k);
            struct book_instrument *i = book_add_instrument(b, PL_KIND_OPTION, coin, u, symbol);
            i->size = random_once_in(&b->random, 2) ? 1 : 0.1;
            i->is_call = random_once_in(&b->random, 2);
            i->expiry_us = b->now_us + (int64_t)(ttl_s * 1e6);
            book_decimal(spot * strikes[k], 3, &i->strike);
            i->node = book_add_node(b, symbol, 0, 9);
            i->forward_node = forward;
            snprintf(i->forward, sizeof i->forward, "%s", b->nodes[forward].symbol);
            book_set_vol(b, i->node, random_log(&b->random, 0.1, 3));
        }
    }
}

static void book_make_instruments(struct book *b, uint32_t u)
{
    char symbol[PL_SYMBOL_BYTES];
    struct book_underlying *x = &b->underlyings[u];
    double spot = random_log(&b->random, 1e-3, 1e5);
    x->node = book_add_node(b, x->name, spot, 8);
    spot = b->nodes[x->node].price;
    book_add_instrument(b, PL_KIND_SPOT, false, u, x->name)->node = x->node;
    snprintf(symbol, sizeof symbol, "COIN%u", u); /* a coin with a price of its own */
    book_add_instrument(b, PL_KIND_SPOT, false, u, symbol)->node =
        book_add_node(b, symbol, spot * 0.97, 8);
    for (int coin = 0; coin < 2; coin++) {
        snprintf(symbol, sizeof symbol, "PERP%u-%d", u, coin);
        book_add_instrument(b, PL_KIND_PERPETUAL, coin, u, symbol)->node =
            book_add_node(b, symbol, spot * random_real(&b->random, 0.98, 1.02), 8);
        snprintf(symbol, sizeof symbol, "FUT%u-%d", u, coin);
        struct book_instrument *i = book_add_instrument(b, PL_KIND_FUTURE, coin, u, symbol);
        i->node = book_add_node(b, symbol, spot * random_real(&b->random, 0.95, 1.05), 8);
        i->expiry_us =
            b->now_us + random_within(&b->random, 1000000,
                                      random_once_in(&b->random, 2) ? 2000000000 : 20000000000000);
    }
    book_make_options(b, u, spot);
}

static void book_confidences(struct book *b)
{
    for (uint32_t n = 0; n < b->node_count; n++) {
        struct pl_price *p = &b->nodes[n].words;
        int64_t *words[] = { &p->confidence_q40, &p->vol_confidence_q40, &p->rate_confidence_q40 };
        for (int i = 0; i < 3; i++)
            *words[i] =
                random_once_in(&b->random, 5) ? (int64_t)random_below(&b->random, Q40) : Q40;
    }
}

static UNUSED void book_make(struct book *b, uint64_t seed, uint32_t scenarios_max)
{
    memset(b, 0, sizeof *b);
    b->random = seed;
    b->now_us = BOOK_NOW_US;
    b->underlying_count = (uint32_t)random_within(&b->random, 1, BOOK_UNDERLYINGS);
    book_add_node(b, "settlement:USD",
                  random_once_in(&b->random, 2) ? 1 : random_real(&b->random, 0.9, 1.01), 6);
    book_make_model(b, scenarios_max);
    for (uint32_t u = 0; u < b->underlying_count; u++)
        book_make_instruments(b, u);
    book_confidences(b);
    const int64_t multipliers[] = { Q40, Q40 / 2, 3 * Q40, Q40 + Q40 / 7 };
    memcpy(b->multipliers_q40, multipliers, sizeof multipliers);
}

static void book_write_underlying(FILE *f, const struct book_underlying *u, const char *name)
{
    fprintf(f, "\"%s\": {", name);
    if (u->table >= 0)
        fprintf(f, "\"scenarios\": \"t%d\", ", u->table);
    if (u->group >= 0)
        fprintf(f, "\"offset_group\": \"g%d\", ", u->group);
    fprintf(f, "\"loss_factor\": {\"mm\": %.10g, \"im\": %.10g}, ", u->mm_factor, u->im_factor);
    fprintf(
        f,
        "\"vol_shock\": {\"up\": %.10g, \"down\": %.10g, \"min_up\": %.10g, \"short_term_power\": %.10g, "
        "\"long_term_power\": %.10g, \"dte_floor\": %.10g}, ",
        u->vol_up, u->vol_down, u->min_up, u->short_power, u->long_power, u->dte_floor);
    fprintf(
        f,
        "\"skew\": {\"linear_cap\": %.10g, \"linear_cbase\": %.10g, \"abs_cap\": %.10g, \"abs_cbase\": %.10g, "
        "\"min_k_star\": %.10g, \"min_width_scale\": %.10g, \"vol_static\": %.10g, \"vol_scale\": %.10g}, ",
        u->linear_cap, u->linear_cbase, u->abs_cap, u->abs_cbase, u->min_k_star, u->min_width,
        u->vol_static, u->vol_scale);
    fprintf(
        f,
        "\"static_discount\": {\"long\": %.10g, \"long_rate_mult\": %.10g, \"long_rate_add\": %.10g, \"short\": %.10g, "
        "\"short_rate_mult\": %.10g, \"short_rate_add\": %.10g, \"enabled\": %s}, ",
        u->long_base, u->long_mult, u->long_add, u->short_base, u->short_mult, u->short_add,
        u->discount ? "true" : "false");
    fprintf(f, "\"basis\": {\"up\": %.10g, \"down\": %.10g, \"add\": %.10g, \"mult\": %.10g}, ",
            u->basis_up, u->basis_down, u->basis_add, u->basis_mult);
    fprintf(
        f,
        "\"confidence\": {\"threshold\": %.10g, \"margin\": %.10g}, \"peg\": {\"threshold\": %.10g, \"factor\": %.10g}, ",
        u->threshold, u->margin, u->peg_threshold, u->peg_factor);
    fprintf(f, "\"naked_short\": {\"mm\": %.10g, \"im\": %.10g}, \"settlement_averaging_s\": %d",
            u->naked_mm, u->naked_im, u->averaging_s);
    if (u->has_floor)
        fprintf(f, ", \"rate_floor\": %.10g", u->floor);
    fprintf(f, "}");
}

static void book_write_class(FILE *f, const struct book_class *c, uint8_t kind)
{
    fprintf(
        f,
        "\"%s\": {\"portfolio\": {\"long\": {\"mm\": %.10g, \"im\": %.10g}, \"short\": {\"mm\": %.10g, \"im\": %.10g}}, "
        "\"fee\": %.10g, ",
        pl_kind_name(kind), c->mm_long, c->im_long, c->mm_short, c->im_short, c->fee);
    if (kind == PL_KIND_SPOT)
        fprintf(f, "\"scenario\": %s, ", c->scenario ? "true" : "false");
    if (c->brackets)
        fprintf(f, "\"linear\": {\"long\": \"B\", \"short\": \"B\"}}");
    else
        fprintf(
            f,
            "\"linear\": {\"long\": {\"mm\": %.10g, \"im\": %.10g}, \"short\": {\"mm\": %.10g, \"im\": %.10g}}}",
            c->linear_mm_long, c->linear_im_long, c->linear_mm_short, c->linear_im_short);
}

/* Writes the model to a temporary file; book_close() removes it. */
static UNUSED void book_write(struct book *b)
{
    static const char *const rules[] = { "none", "up", "down", "linear", "abs" };
    if (b->path[0] == '\0') {
        snprintf(b->path, sizeof b->path, "/tmp/plimsoll-model-XXXXXX");
        int made = mkstemp(b->path);
        assert_true(made >= 0);
        close(made);
    }
    FILE *f = fopen(b->path, "w");
    assert_non_null(f);
    fprintf(
        f,
        "{\"format\": 1, \"name\": \"random\", \"description\": \"\", \"coverage\": 0.99, \"max_price_age_s\": %d,\n"
        "\"scenarios\": {",
        b->max_age_s);
    for (int t = 0; t < BOOK_TABLES; t++) {
        fprintf(f, "%s\"t%d\": [", t > 0 ? ",\n" : "", t);
        for (uint32_t i = 0; i < b->scenario_count[t]; i++)
            fprintf(f, "%s{\"shock\": %.10g, \"vol\": \"%s\", \"dampening\": %.10g}",
                    i > 0 ? ", " : "", b->scenarios[t][i].shock, rules[b->scenarios[t][i].rule],
                    b->scenarios[t][i].dampening);
        fprintf(f, "]");
    }
    fprintf(
        f,
        "},\n\"offset_groups\": {\"g0\": {\"credit\": %.10g}, \"g1\": {\"credit\": %.10g}},\n\"underlyings\": {",
        b->credit[0], b->credit[1]);
    fprintf(f, "\"default\": {}");
    for (uint32_t u = 0; u < b->underlying_count; u++) {
        fprintf(f, ",\n");
        book_write_underlying(f, &b->underlyings[u], b->underlyings[u].name);
    }
    fprintf(f, "},\n\"classes\": {");
    for (uint8_t kind = PL_KIND_SPOT; kind <= PL_KIND_OPTION; kind++) {
        fprintf(f, "%s", kind > PL_KIND_SPOT ? ",\n" : "");
        book_write_class(f, &b->classes[kind], kind);
    }
    fprintf(f, "},\n\"brackets\": {\"B\": [");
    for (uint32_t i = 0; i < b->bracket_count; i++)
        fprintf(
            f,
            "%s{\"notional\": %.10g, \"mm_rate\": %.10g, \"mm_cum\": %.10g, \"im_rate\": %.10g, \"im_cum\": %.10g}",
            i > 0 ? ", " : "", b->brackets[i].from, b->brackets[i].mm, b->brackets[i].mm_cum,
            b->brackets[i].im, b->brackets[i].im_cum);
    fprintf(f, "]}}\n");
    fclose(f);
}

static UNUSED void book_close(struct book *b)
{
    if (b->path[0] != '\0')
        unlink(b->path);
}

static UNUSED void book_define(struct book *b)
{
    for (uint32_t n = 0; n < b->instrument_count; n++) {
        const struct book_instrument *i = &b->instruments[n];
        b->defs[n] = (struct pl_instrument_def){
            .symbol = i->symbol,
            .underlying = b->underlyings[i->underlying].name,
            .forward = i->kind == PL_KIND_OPTION ? i->forward : NULL,
            .kind = i->kind,
            .is_call = i->is_call,
            .coin_settled = i->coin,
            .expiry_us = i->expiry_us,
            .strike = i->kind == PL_KIND_OPTION ? book_decimal(i->strike, 3, NULL)
                                                : (struct pl_decimal){ 0, 0 },
            .contract_size = book_decimal(i->size, 1, NULL),
            .quantity_step = book_decimal(i->step, 1, NULL),
        };
    }
}

static UNUSED void book_set_node(const struct book *b, struct pl *pl, uint32_t node)
{
    int64_t id = pl_price_id(pl, b->nodes[node].symbol);
    assert_true(id >= 0);
    assert_int_equal(pl_set_price(pl, id, &b->nodes[node].words), 0);
}

static UNUSED void book_commit(const struct book *b, struct pl *pl)
{
    if (pl_commit(pl, b->now_us) != 0)
        fail_msg("commit: %s", pl_message(pl));
}

static UNUSED void book_load(struct book *b, struct pl *pl)
{
    book_write(b);
    book_define(b);
    struct pl_setup setup = { .model_path = b->path,
                              .instruments = b->defs,
                              .instrument_count = b->instrument_count,
                              .multipliers_q40 = b->multipliers_q40,
                              .multiplier_count = 4 };
    if (pl_load(pl, &setup) != 0)
        fail_msg("load: %s", pl_message(pl));
}

/* A device with the book loaded, priced and committed. */
static UNUSED struct pl *book_open(struct book *b, const char *uri)
{
    struct pl *pl;
    assert_int_equal(pl_open(uri, &pl, NULL), 0);
    book_load(b, pl);
    for (uint32_t n = 0; n < b->node_count; n++)
        book_set_node(b, pl, n);
    book_commit(b, pl);
    return pl;
}

/* What one step of an instrument is worth, about. */
static double book_step_worth(const struct book *b, const struct book_instrument *i)
{
    bool inverse = i->coin && i->kind != PL_KIND_OPTION;
    return i->size * i->step * (inverse ? 1 : b->nodes[b->underlyings[i->underlying].node].price);
}

/* The most steps worth that much; coins of inverse contracts and naked shorts have 31 bits. */
static double book_steps_max(const struct book *b, const struct book_instrument *i,
                             double worth_max)
{
    bool inverse = i->coin && i->kind != PL_KIND_OPTION;
    double units =
        i->size * i->step / (inverse ? b->nodes[b->underlyings[i->underlying].node].price : 1);
    double most = fmin(worth_max / book_step_worth(b, i), 1e8 / units);
    return fmin(fmax(most, 1), 1e8);
}

static UNUSED int64_t book_steps(struct book *b, const struct book_instrument *i, double worth_max)
{
    int64_t steps = (int64_t)random_log(&b->random, 1, book_steps_max(b, i, worth_max) + 1);
    return random_once_in(&b->random, 2) ? steps : -steps;
}

static UNUSED void book_hold(struct book *b, struct book_account *a, uint32_t instrument,
                             int64_t steps)
{
    size_t n = a->account.holding_count++;
    assert_true(n < BOOK_HOLDINGS);
    const struct book_instrument *i = &b->instruments[instrument];
    a->holdings[n] = (struct pl_holding){ .instrument = instrument, .steps = steps };
    a->entries[n] = 0;
    if (i->kind == PL_KIND_FUTURE || i->kind == PL_KIND_PERPETUAL)
        a->holdings[n].entry_price = book_decimal(
            b->nodes[i->node].price * random_real(&b->random, 0.8, 1.2), 6, &a->entries[n]);
    a->account.holdings = a->holdings;
}

static UNUSED void book_account(struct book *b, struct book_account *a, uint8_t mode, bool orders)
{
    uint64_t *r = &b->random;
    *a = (struct book_account){ .account = { .account = (uint32_t)random_below(r, 1000000),
                                             .mode = mode } };
    a->account.multiplier = (uint16_t)(random_once_in(r, 2) ? 0 : random_below(r, 4));
    double worth = random_log(r, 100, 1e8);
    a->account.cash_e8 = (int64_t)(random_real(r, -0.5, 1) * worth * 1e8);
    for (uint64_t n = random_below(r, 16); n > 0; n--) {
        uint32_t i = (uint32_t)random_below(r, b->instrument_count);
        bool twice = false;
        for (size_t k = 0; k < a->account.holding_count; k++)
            twice |= a->holdings[k].instrument == i;
        if (twice)
            continue;
        book_hold(b, a, i, book_steps(b, &b->instruments[i], worth));
        struct pl_holding *h = &a->holdings[a->account.holding_count - 1];
        if (orders && random_once_in(r, 3)) {
            double most = book_steps_max(b, &b->instruments[i], worth);
            h->buy_steps = (int64_t)random_below(r, (uint64_t)most + 1);
            h->sell_steps = (int64_t)random_below(r, (uint64_t)most + 1);
        }
    }
}

static UNUSED struct pl_verdict book_judge(struct pl *pl, const struct pl_account *account)
{
    struct pl_verdict v;
    struct pl_tick_summary summary;
    struct pl_batch batch = { .accounts = account, .count = 1, .position_version = 5 };
    if (pl_submit(pl, &batch) != 0)
        fail_msg("submit: %s", pl_message(pl));
    assert_int_equal(pl_poll(pl, &v, 1, &summary), 1);
    struct pl_verdict none;
    assert_int_equal(pl_poll(pl, &none, 1, &summary), 0);
    assert_int_equal(summary.accounts, 1);
    return v;
}

#endif
