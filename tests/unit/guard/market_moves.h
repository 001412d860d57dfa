/* Random books whose prices move, for the tests of the risk budget. */
#ifndef PL_TEST_MARKET_MOVES_H
#define PL_TEST_MARKET_MOVES_H

#include "../support/plain_book.h"

/* How the prices of a run move: far more often a little than much. */
struct weather {
    double price, own, vol, rate; /* largest relative moves; own: of one forward or mark alone */
    int64_t time_us;
    bool doubts; /* prices go missing, confidences and the currency's peg move */
};

/* One kind of move alone in half of the runs: nothing else then covers for it. */
static UNUSED struct weather draw_weather(uint64_t *random)
{
    struct weather w = { .price = random_log(random, 1e-6, 0.1),
                         .own = random_log(random, 1e-7, 0.01),
                         .vol = random_log(random, 1e-6, 0.3),
                         .rate = random_log(random, 1e-6, 0.02),
                         .time_us = (int64_t)random_log(random, 1e3, 1e11),
                         .doubts = random_once_in(random, 4) };
    if (random_once_in(random, 2))
        return w;
    uint64_t kind = random_below(random, 5);
    return (struct weather){ .price = kind == 0 ? w.price : 0,
                             .own = kind == 1 ? w.own : 0,
                             .vol = kind == 2 ? w.vol : 0,
                             .rate = kind == 3 ? w.rate : 0,
                             .time_us = kind == 4 ? w.time_us : 0 };
}

/* The size of an expected move times one that is sometimes large. */
static double draw_move(uint64_t *random, double size)
{
    double most = random_once_in(random, 10) ? 4 * size : size;
    return random_real(random, -most, most);
}

static void move_node(struct book *b, uint32_t n, const struct weather *w, double common)
{
    uint64_t *r = &b->random;
    struct book_node *node = &b->nodes[n];
    bool is_index = false;
    for (uint32_t u = 0; u < b->underlying_count; u++)
        is_index |= b->underlyings[u].node == n;
    double own = is_index ? 0 : draw_move(r, w->own);
    if (node->price > 0)
        book_move(b, n, node->price * (1 + common) * (1 + own), 9);
    if (node->words.has_vol && w->vol > 0 && random_once_in(r, 2))
        book_set_vol(b, n, fmin(7, fmax(0.001, node->vol * (1 + draw_move(r, w->vol)))));
    if (w->rate > 0)
        node->words.rate = book_decimal(node->rate + draw_move(r, w->rate), 4, &node->rate);
    if (w->doubts && random_once_in(r, 60))
        node->words.has_price = !node->words.has_price;
    if (w->doubts && random_once_in(r, 60))
        node->words.confidence_q40 = (int64_t)random_below(r, Q40);
    node->words.time_us = b->now_us;
}

static UNUSED void move_prices(struct book *b, struct pl *pl, const struct weather *w)
{
    uint64_t *r = &b->random;
    double common[BOOK_UNDERLYINGS];
    for (uint32_t u = 0; u < b->underlying_count; u++)
        common[u] = random_once_in(r, 4) ? 0 : draw_move(r, w->price);
    b->now_us += (int64_t)random_below(r, (uint64_t)w->time_us + 1);
    if (w->doubts && random_once_in(r, 4))
        book_move(b, 0, random_real(r, 0.95, 1), 6);
    for (uint32_t n = 1; n < b->node_count; n++) {
        uint32_t u = 0; /* nodes of one underlying lie together, its own first */
        while (u + 1 < b->underlying_count && n >= b->underlyings[u + 1].node)
            u++;
        move_node(b, n, w, common[u]);
    }
    for (uint32_t n = 0; n < b->node_count; n++)
        book_set_node(b, pl, n);
    book_commit(b, pl);
}

/* Ticks of vols alone. */
struct vol_course {
    double size;          /* as of the weather */
    uint32_t first, span; /* the instruments that they are of */
    bool trends;          /* they move one way only */
};

static UNUSED struct vol_course draw_vol_course(struct book *b)
{
    bool few = random_once_in(&b->random, 2);
    return (struct vol_course){ .size = random_log(&b->random, 1e-5, 1),
                                .first = (uint32_t)random_below(&b->random, b->instrument_count),
                                .span = few ? 4 : b->instrument_count,
                                .trends = random_once_in(&b->random, 2) };
}

/* A tick of up to a few vols, one in a hundred of them missing. */
static UNUSED void move_vols(struct book *b, struct pl *pl, const struct vol_course *course)
{
    uint64_t *r = &b->random;
    for (uint64_t n = random_below(r, 4); n > 0; n--) {
        uint32_t i =
            (course->first + (uint32_t)random_below(r, course->span)) % b->instrument_count;
        struct book_node *node = &b->nodes[b->instruments[i].node];
        double move = draw_move(r, course->size);
        if (b->instruments[i].kind != PL_KIND_OPTION)
            continue;
        move = course->trends ? fabs(move) : move;
        book_set_vol(b, b->instruments[i].node, fmin(7, fmax(0.001, node->vol * (1 + move))));
        node->words.has_vol = !random_once_in(r, 100);
        book_set_node(b, pl, b->instruments[i].node);
    }
    assert_int_equal(pl_tick(pl), 0);
}

/* A model whose skews have no jump, as real ones do not, in two of three books. */
static UNUSED void settle_model(struct book *b)
{
    for (uint32_t u = 0; u < b->underlying_count && !random_once_in(&b->random, 3); u++) {
        struct book_underlying *x = &b->underlyings[u];
        x->linear_cap = fabs(x->linear_cap), x->linear_cbase = fabs(x->linear_cbase);
        x->abs_cap = fabs(x->abs_cap), x->abs_cbase = fabs(x->abs_cbase);
    }
}

/* A random account; every second one holds little, so that no position hides another. */
static UNUSED void draw_account(struct book *b, struct book_account *a)
{
    uint64_t *r = &b->random;
    book_account(b, a, (uint8_t)(random_once_in(r, 2) ? PL_MODE_PORTFOLIO : random_within(r, 1, 3)),
                 random_once_in(r, 2));
    if (random_once_in(r, 2) && a->account.holding_count > 0)
        a->account.holding_count =
            1 + random_below(r, a->account.holding_count < 3 ? a->account.holding_count : 3);
}

#endif
