#include "rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "layout.h"
#include "model/money.h"
#include "model/tables.h"
#include "source.h"

#define BATCH_MAX 16384 /* 8 MiB of rows */

_Static_assert(sizeof(struct pl_expiry_tick) == 3 * PL_LINE_BYTES, "as rows.cl has it");

int pl_ocl_rows_open(struct pl_ocl_rows *r, struct pl_ocl_device *d, uint8_t profile)
{
    size_t words;
    *r = (struct pl_ocl_rows){ .device = d };
    r->rom_words = pl_ocl_rom(profile, &words);
    int error = r->rom_words == NULL
                    ? -ENOMEM
                    : pl_ocl_write(d, &r->rom, r->rom_words, words * sizeof(uint64_t));
    error = error != 0 ? error : pl_ocl_wait(d);
    error = error != 0 ? error : pl_ocl_kernel_make(d, &r->price_values, "price_values");
    error = error != 0 ? error : pl_ocl_kernel_make(d, &r->price_greeks, "price_greeks");
    return error != 0 ? error : pl_ocl_kernel_make(d, &r->finish_rows, "finish_rows");
}

static void free_host(struct pl_ocl_rows *r)
{
    if (r->device->lost) /* it may still read or write them */
        return;
    free(r->list);
    free(r->back);
    free(r->of_underlyings);
    r->list = NULL;
    r->back = NULL;
    r->of_underlyings = NULL;
}

static int take_host(struct pl_ocl_rows *r)
{
    const struct pl_model *m = &r->tables->model;
    free_host(r);
    r->batch = m->instruments < BATCH_MAX ? m->instruments : BATCH_MAX;
    r->list = calloc(r->batch, sizeof *r->list);
    r->back = malloc(r->batch * sizeof *r->back);
    r->of_underlyings = calloc(m->underlyings, sizeof *r->of_underlyings);
    return r->list == NULL || r->back == NULL || r->of_underlyings == NULL ? -ENOMEM : 0;
}

/* The quick close takes dampening up to 1, and no offset groups. */
static bool is_quick(const struct pl_tables *t, const struct pl_underlying *u)
{
    const struct pl_scenario *s = pl_tables_scenarios(t, u);
    bool quick = u->offset_group == 0;
    for (uint32_t i = 0; i < u->scenario_count; i++)
        quick &= s[i].dampening <= PL_COEFFICIENT_ONE;
    return quick;
}

static void look_at_underlyings(struct pl_ocl_rows *r)
{
    const struct pl_tables *t = r->tables;
    r->columns = 0;
    for (uint32_t i = 0; i < t->model.underlyings; i++) {
        r->of_underlyings[i].quick = is_quick(t, &t->underlyings[i]);
        if (t->underlyings[i].scenario_count > r->columns)
            r->columns = t->underlyings[i].scenario_count;
    }
    r->columns += 2;
}

static int send(struct pl_ocl_rows *r, struct pl_ocl_buffer *b, const void *from, size_t count,
                size_t size)
{
    return pl_ocl_write(r->device, b, from, count * size);
}

static size_t groups_of(const struct pl_ocl_rows *r, uint64_t evaluations)
{
    return (size_t)((evaluations + r->device->lanes - 1) / r->device->lanes);
}

int pl_ocl_rows_load(struct pl_ocl_rows *r, const struct pl_tables *t)
{
    const struct pl_model *m = &t->model;
    struct pl_ocl_device *d = r->device;
    r->tables = t;
    int error = take_host(r);
    if (error != 0)
        return error;
    look_at_underlyings(r);
    const struct {
        struct pl_ocl_buffer *buffer;
        const void *from;
        size_t count, size;
    } list[] = {
        { &r->instruments, t->instruments, m->instruments, sizeof *t->instruments },
        { &r->expiries, t->expiries, m->expiries, sizeof *t->expiries },
        { &r->underlyings, t->underlyings, m->underlyings, sizeof *t->underlyings },
        { &r->classes, t->classes, m->classes, sizeof *t->classes },
        { &r->scenarios, t->scenarios, (size_t)m->scenario_tables * PL_SCENARIOS_MAX,
          sizeof *t->scenarios },
        { &r->multipliers, t->multipliers, m->multipliers, sizeof *t->multipliers },
        { &r->ticks, t->frozen, m->expiries, sizeof *t->frozen },
        { &r->rows, t->rows, m->instruments, sizeof *t->rows },
    };
    for (size_t i = 0; i < sizeof list / sizeof list[0] && error == 0; i++)
        error = send(r, list[i].buffer, list[i].from, list[i].count, list[i].size);
    error = error != 0 ? error : pl_ocl_reserve(d, &r->changes, r->batch * sizeof *r->list);
    error = error != 0 ? error
                       : pl_ocl_reserve(d, &r->greeks,
                                        groups_of(r, r->batch) * d->lanes * PL_OCL_GREEK_WORDS *
                                            sizeof(int64_t));
    error = error != 0 ? error : pl_ocl_reserve(d, &r->fresh, r->batch * sizeof *r->back);
    return pl_ocl_settle(d, error != 0 ? error : pl_ocl_wait(d));
}

static int price(struct pl_ocl_rows *r, uint32_t count)
{
    struct pl_ocl_device *d = r->device;
    const struct pl_ocl_argument values[] = {
        { .buffer = &r->rom },         { .buffer = &r->instruments }, { .buffer = &r->expiries },
        { .buffer = &r->underlyings }, { .buffer = &r->scenarios },   { .buffer = &r->ticks },
        { .buffer = &r->changes },     { .number = count },           { .number = r->columns },
        { .buffer = &r->fresh },
    };
    const struct pl_ocl_argument greeks[] = {
        { .buffer = &r->rom },     { .buffer = &r->instruments }, { .buffer = &r->ticks },
        { .buffer = &r->changes }, { .number = count },           { .buffer = &r->greeks },
    };
    const struct pl_ocl_argument finish[] = {
        { .buffer = &r->instruments }, { .buffer = &r->expiries },  { .buffer = &r->underlyings },
        { .buffer = &r->classes },     { .buffer = &r->scenarios }, { .buffer = &r->ticks },
        { .buffer = &r->changes },     { .number = count },         { .buffer = &r->greeks },
        { .buffer = &r->fresh },       { .buffer = &r->rows },
    };
    int error = pl_ocl_run(d, &r->price_values, values, sizeof values / sizeof values[0],
                           groups_of(r, (uint64_t)count * r->columns));
    error = error != 0 ? error
                       : pl_ocl_run(d, &r->price_greeks, greeks, sizeof greeks / sizeof greeks[0],
                                    groups_of(r, count));
    return error != 0
               ? error
               : pl_ocl_run(d, &r->finish_rows, finish, sizeof finish / sizeof finish[0], count);
}

/* The rows of repriced[first..first + count). */
static int commit_batch(struct pl_ocl_rows *r, uint32_t first, uint32_t count)
{
    const struct pl_tables *t = r->tables;
    struct pl_ocl_device *d = r->device;
    for (uint32_t i = 0; i < count; i++) {
        const struct pl_tick_vol *vol = &t->frozen_vols[t->repriced[first + i]];
        r->list[i] = (struct pl_ocl_change){ .vol = vol->vol,
                                             .instrument = t->repriced[first + i],
                                             .vol_flags = vol->flags,
                                             .vol_kind = vol->kind };
    }
    int error = pl_ocl_write(d, &r->changes, r->list, count * sizeof *r->list);
    error = error != 0 ? error : pl_ocl_zero(d, &r->fresh, count * sizeof *r->back);
    error = error != 0 ? error : price(r, count);
    error = error != 0 ? error : pl_ocl_read(d, &r->fresh, r->back, count * sizeof *r->back);
    error = error != 0 ? error : pl_ocl_wait(d);
    for (uint32_t i = 0; i < count && error == 0; i++)
        t->rows[t->repriced[first + i]] = r->back[i];
    return error;
}

/* The frozen expiries from the first to the last that has a row to price, and every underlying. */
static int send_tick(struct pl_ocl_rows *r)
{
    const struct pl_tables *t = r->tables;
    const size_t size = sizeof *t->frozen;
    for (uint32_t i = 0; i < t->model.underlyings; i++)
        r->of_underlyings[i].im_loss_factor = t->frozen_im_factor[i];
    int error =
        send(r, &r->more, r->of_underlyings, t->model.underlyings, sizeof *r->of_underlyings);
    if (error != 0 || t->repriced_count == 0)
        return error;
    const size_t first = t->instruments[t->repriced[0]].expiry;
    const size_t last = t->instruments[t->repriced[t->repriced_count - 1]].expiry;
    return pl_ocl_write_at(r->device, &r->ticks, first * size, &t->frozen[first],
                           (last - first + 1) * size);
}

int pl_ocl_rows_commit(struct pl_ocl_rows *r)
{
    const uint32_t count = r->tables->repriced_count;
    int error = send_tick(r);
    for (uint32_t first = 0; first < count && error == 0; first += r->batch)
        error = commit_batch(r, first, count - first < r->batch ? count - first : r->batch);
    return pl_ocl_settle(r->device, error != 0 ? error : pl_ocl_wait(r->device));
}

void pl_ocl_rows_close(struct pl_ocl_rows *r)
{
    struct pl_ocl_device *d = r->device;
    struct pl_ocl_buffer *const buffers[] = {
        &r->rom,       &r->instruments, &r->expiries, &r->underlyings, &r->classes,
        &r->scenarios, &r->multipliers, &r->ticks,    &r->more,        &r->changes,
        &r->greeks,    &r->fresh,       &r->rows,
    };
    if (d == NULL)
        return;
    free_host(r);
    if (!d->lost)
        free(r->rom_words);
    pl_ocl_kernel_drop(d, &r->price_values);
    pl_ocl_kernel_drop(d, &r->price_greeks);
    pl_ocl_kernel_drop(d, &r->finish_rows);
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        pl_ocl_release(d, buffers[i]);
}
