/* The fused prices of a book, as rows of its ticks. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "feed/memory.h"
#include "sources.h"

#define Q40_ONE (INT64_C(1) << PL_COEFFICIENT_BITS)

static int refuse_memory(const struct pl_book *book)
{
    pl_complain("%s: out of memory", book->path);
    return -ENOMEM;
}

int pl_fusing_open(struct pl_fusing *f, const struct pl_book *book,
                   const struct pl_fusion_rules *rules)
{
    const size_t n = (size_t)book->underlying_count + 1;
    *f = (struct pl_fusing){ .rules = rules };
    f->fusions = calloc(n, sizeof *f->fusions);
    f->fused = calloc(n, sizeof *f->fused);
    f->rates = calloc(n, sizeof *f->rates);
    if (f->fusions == NULL || f->fused == NULL || f->rates == NULL ||
        pl_sources_open(&f->sources, book) != 0)
        return refuse_memory(book);
    for (uint32_t u = 0; u < book->underlying_count; u++)
        pl_fusion_start(&f->fusions[u]);
    return 0;
}

void pl_fusing_close(struct pl_fusing *f)
{
    pl_sources_close(&f->sources);
    free(f->fusions);
    free(f->fused);
    free(f->rates);
}

int pl_fusing_step(struct pl_fusing *f, int64_t time_us)
{
    const struct pl_book *book = f->sources.book;
    struct pl_sourced next;
    enum pl_fusion_reason reason;
    while (pl_sources_next(&f->sources, time_us, &next))
        if (pl_fusion_take(&f->fusions[next.underlying], &f->rules[next.underlying],
                           (int)next.number, &next.report, &reason) != 0)
            return -EINVAL;
    for (uint32_t u = 0; u < book->underlying_count; u++) { /* quote currencies come first */
        if (pl_fusion_step(&f->fusions[u], &f->rules[u], f->rates, time_us, &f->fused[u]) != 0)
            return -EINVAL;
        f->rates[u] = pl_fusion_rate(&f->rules[u], &f->fused[u]);
    }
    return 0;
}

struct merge {
    struct pl_book *book;
    struct pl_book_tick *ticks;
    struct pl_book_tick_row *rows;
    uint64_t ticks_capacity, rows_capacity;
    uint32_t tick_count, row_count;
    bool *ticked; /* by node: the ticks price it */
};

static int add_row(struct merge *m, struct pl_book_tick_row row)
{
    struct pl_book_tick_row *rows =
        m->row_count == PL_BOOK_ROWS_MAX
            ? NULL
            : pl_memory_grow(m->rows, &m->rows_capacity, m->row_count + UINT64_C(1), sizeof *rows);
    if (rows == NULL)
        return refuse_memory(m->book);
    m->rows = rows;
    rows[m->row_count++] = row;
    m->ticks[m->tick_count - 1].row_count++;
    return 0;
}

static int add_tick(struct merge *m, int64_t time_us)
{
    struct pl_book_tick *ticks =
        pl_memory_grow(m->ticks, &m->ticks_capacity, m->tick_count + UINT64_C(1), sizeof *ticks);
    if (ticks == NULL)
        return refuse_memory(m->book);
    m->ticks = ticks;
    ticks[m->tick_count++] = (struct pl_book_tick){ .time_us = time_us, .first_row = m->row_count };
    return 0;
}

/* All ticks, with the rows that they have. */
static int merge_times(struct merge *m)
{
    const struct pl_book *book = m->book;
    uint32_t tick = 0, report = 0;
    int error = 0;
    while ((tick < book->tick_count || report < book->report_count) && error == 0) {
        const int64_t time_us = pl_book_next_us(book, tick, report);
        error = add_tick(m, time_us);
        while (report < book->report_count && book->reports[report].time_us == time_us)
            report++;
        if (tick == book->tick_count || book->ticks[tick].time_us != time_us)
            continue;
        for (uint32_t i = 0; i < book->ticks[tick].row_count && error == 0; i++)
            error = add_row(m, book->tick_rows[book->ticks[tick].first_row + i]);
        tick++;
    }
    return error;
}

static void take_over(struct merge *m)
{
    struct pl_book *book = m->book;
    pl_memory_free(book->ticks);
    pl_memory_free(book->tick_rows);
    book->ticks = m->ticks;
    book->tick_count = m->tick_count;
    book->tick_rows = m->rows;
    book->tick_row_count = m->row_count;
    *m = (struct merge){ .book = book, .ticked = m->ticked };
}

/* A price that is held keeps its age. */
static int add_price(struct merge *m, uint32_t node, const struct pl_fused *fused)
{
    return add_row(m, (struct pl_book_tick_row){
                          .node = node,
                          .field = PL_TICK_FIELD_PRICE,
                          .has_price = true,
                          .price = { fused->now.price, -PL_SOURCES_DECIMALS },
                          .confidence_q40 = Q40_ONE,
                          .price_time_us = fused->source_us,
                      });
}

/* The index prices, and as marks of perpetuals that the ticks never price. */
static int add_fused(struct merge *m, const struct pl_fusing *f)
{
    const struct pl_book *book = m->book;
    int error = 0;
    for (uint32_t u = 0; u < book->underlying_count && error == 0; u++) {
        const struct pl_fused marked = pl_fusion_marked(&f->rules[u], &f->fused[u]);
        if (marked.now.price <= 0)
            continue;
        error = add_price(m, book->underlyings[u].node, &marked);
        for (uint32_t i = 0; i < book->instrument_count && error == 0; i++) {
            const struct pl_book_instrument *x = &book->instruments[i];
            if (x->kind == PL_KIND_PERPETUAL && x->underlying == u && !m->ticked[x->node])
                error = add_price(m, x->node, &marked);
        }
    }
    return error;
}

static int note_ticked(struct merge *m)
{
    m->ticked = pl_memory_alloc((size_t)m->book->node_count + 1);
    if (m->ticked == NULL)
        return refuse_memory(m->book);
    for (uint32_t i = 0; i < m->book->tick_row_count; i++)
        m->ticked[m->book->tick_rows[i].node] = true;
    return 0;
}

static int fuse(struct merge *m, struct pl_fusing *f)
{
    const struct pl_book *book = m->book;
    int error = 0;
    for (uint32_t t = 0; t < book->tick_count && error == 0; t++) {
        const struct pl_book_tick *tick = &book->ticks[t];
        error = pl_fusing_step(f, tick->time_us);
        error = error != 0 ? error : add_tick(m, tick->time_us);
        for (uint32_t i = 0; i < tick->row_count && error == 0; i++)
            error = add_row(m, book->tick_rows[tick->first_row + i]);
        error = error != 0 ? error : add_fused(m, f);
    }
    return error;
}

int pl_book_fuse(struct pl_book *book, const struct pl_fusion_rules *rules)
{
    struct merge m = { .book = book };
    struct pl_fusing f;
    if (book->source_count == 0)
        return 0;
    int error = note_ticked(&m);
    error = error != 0 ? error : merge_times(&m);
    if (error == 0) {
        take_over(&m);
        error = pl_fusing_open(&f, book, rules);
        error = error != 0 ? error : fuse(&m, &f);
        pl_fusing_close(&f);
    }
    if (error == 0)
        take_over(&m);
    pl_memory_free(m.ticked);
    pl_memory_free(m.ticks);
    pl_memory_free(m.rows);
    return error;
}
