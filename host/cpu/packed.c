#include "packed.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "model/money.h"
#include "model/tables.h"

/* The quick close keeps every intermediate value of an expiry below 2^60: see expiry_kernel.h. */
#define DISCOUNT_QUICK_MAX (2 * PL_COEFFICIENT_ONE)
#define COEFFICIENT_QUICK_MAX (4 * PL_COEFFICIENT_ONE)
#define ROW_SHIFT_QUICK_MAX 40
#define SECOND_CACHE_BYTES (UINT64_C(1) << 20)

static void make_shocks(const struct pl_tables *t, const struct pl_underlying *u,
                        struct pl_cpu_shocks *out)
{
    const struct pl_scenario *s = pl_tables_scenarios(t, u);
    uint32_t n = u->scenario_count;
    *out = (struct pl_cpu_shocks){ .count = (uint8_t)n, .quick = u->offset_group == 0 };
    out->tail = n % PL_CPU_LANES == 1;
    out->vectors = (uint8_t)((n + PL_CPU_LANES - 1) / PL_CPU_LANES - out->tail);
    for (uint32_t i = 0; i < n; i++) {
        bool last = out->tail && i == n - 1;
        uint32_t vector = last ? out->vectors : i / PL_CPU_LANES;
        uint32_t lane = last ? PL_CPU_TAIL : i % PL_CPU_LANES;
        bool skew = s[i].vol_rule == PL_VOL_RULE_LINEAR || s[i].vol_rule == PL_VOL_RULE_ABS;
        out->skew[vector] |= (uint8_t)(skew << lane);
        out->damped[vector] |= s[i].dampening != PL_COEFFICIENT_ONE;
        out->dampening[vector][lane] = s[i].dampening;
        out->quick &= s[i].dampening <= PL_COEFFICIENT_ONE;
    }
    out->damped[out->vectors] = true; /* what is beside the tail, or behind the last, counts 0 */
    if (out->vectors > 0 && !out->tail && n % PL_CPU_LANES != 0)
        out->damped[out->vectors - 1] = true;
}

static void make_terms(const struct pl_cpu_packed *p, uint32_t expiry, struct pl_cpu_terms *out)
{
    const struct pl_tables *t = p->tables;
    const struct pl_expiry *e = &t->expiries[expiry];
    const struct pl_expiry_tick *tick = &t->frozen[expiry];
    const struct pl_cpu_shocks *s = &p->shocks[e->underlying];
    out->underlying = e->underlying;
    out->row_shift = (uint8_t)e->row_shift;
    out->scenario = e->scenario;
    out->perpetual = e->perpetual;
    out->long_discount = tick->time.long_discount;
    out->short_discount = tick->time.short_discount;
    out->coefficients[PL_CPU_BASIS_UP] = e->scenario ? tick->time.basis_weight : 0;
    out->coefficients[PL_CPU_GROSS] = tick->price.penalty;
    out->coefficients[PL_CPU_GROSS_AGAIN] = tick->price.penalty_perpetual;
    out->quick = s->quick && e->row_shift >= 0 && e->row_shift <= ROW_SHIFT_QUICK_MAX &&
                 out->long_discount <= DISCOUNT_QUICK_MAX &&
                 out->short_discount <= DISCOUNT_QUICK_MAX &&
                 out->coefficients[PL_CPU_BASIS_UP] <= COEFFICIENT_QUICK_MAX &&
                 out->coefficients[PL_CPU_GROSS] <= COEFFICIENT_QUICK_MAX &&
                 out->coefficients[PL_CPU_GROSS_AGAIN] <= COEFFICIENT_QUICK_MAX;
}

static uint64_t word(int64_t entry)
{
    return (uint64_t)entry + PL_CPU_BIAS;
}

static void pack_main(const struct pl_row *row, const struct pl_cpu_shocks *s, bool is_short,
                      uint64_t *out)
{
    int64_t sign = is_short ? -1 : 1;
    out[PL_CPU_VALUE] = word(sign * row->base);
    out[PL_CPU_BASIS_UP] = word(sign * row->basis_up);
    out[PL_CPU_BASIS_DOWN] = word(sign * row->basis_down);
    out[PL_CPU_FEE] = word(-row->fee);
    out[PL_CPU_GROSS] = word(-row->gross);
    out[PL_CPU_MM] = word(-(is_short ? row->mm_short : row->mm_long));
    out[PL_CPU_IM] = word(-(is_short ? row->im_short : row->im_long));
    out[PL_CPU_TAIL] = word(s->tail ? sign * row->scenario[s->count - 1] : 0);
}

static uint8_t tag_of(uint8_t kind)
{
    return kind == PL_ROW_KIND_REQUIREMENT ? PL_TAG_REQUIREMENT : PL_TAG_POSITION;
}

static void set_tag(struct pl_cpu_packed *p, uint32_t instrument, uint8_t tag)
{
    struct pl_cpu_terms *e = &p->terms[p->expiries[instrument]];
    e->odd += (tag != PL_TAG_POSITION) - (p->tags[instrument] != PL_TAG_POSITION);
    p->tags[instrument] = tag;
}

static void pack_row(struct pl_cpu_packed *p, uint32_t instrument)
{
    const struct pl_row *row = &p->tables->rows[instrument];
    const struct pl_cpu_shocks *s = &p->shocks[p->terms[row->expiry].underlying];
    uint64_t *out = p->rows + instrument * p->stride;
    uint64_t *greeks = out + PL_CPU_GREEKS * PL_CPU_LANES;
    uint64_t *scenarios = out + PL_CPU_SCENARIOS * PL_CPU_LANES;
    pack_main(row, s, false, out + PL_CPU_LONG * PL_CPU_LANES);
    pack_main(row, s, true, out + PL_CPU_SHORT * PL_CPU_LANES);
    const int64_t list[PL_CPU_LANES] = { row->delta, row->gamma, row->vega, row->theta, row->rho };
    for (uint32_t i = 0; i < PL_CPU_LANES; i++)
        greeks[i] = word(list[i]);
    for (uint32_t i = 0; i < (uint32_t)s->vectors * PL_CPU_LANES; i++)
        scenarios[i] = word(row->scenario[i]);
    set_tag(p, instrument, row->flags != 0 ? 0 : tag_of(row->row));
}

uint64_t *pl_cpu_rows_take(size_t bytes)
{
    if (bytes < PL_CPU_HUGE_PAGE_BYTES)
        return aligned_alloc(PL_LINE_BYTES, bytes);
    if (bytes > PTRDIFF_MAX)
        return NULL;
    bytes = (bytes + PL_CPU_HUGE_PAGE_BYTES - 1) / PL_CPU_HUGE_PAGE_BYTES * PL_CPU_HUGE_PAGE_BYTES;
    uint64_t *rows = aligned_alloc(PL_CPU_HUGE_PAGE_BYTES, bytes);
    if (rows != NULL)
        madvise(rows, bytes, MADV_HUGEPAGE); /* refused: pages of the usual size */
    return rows;
}

int pl_cpu_packed_make(struct pl_cpu_packed *p, const struct pl_tables *t)
{
    const struct pl_model *m = &t->model;
    pl_cpu_packed_free(p);
    p->tables = t;
    p->shocks = calloc(m->underlyings, sizeof *p->shocks);
    if (p->shocks == NULL)
        return -ENOMEM;
    for (uint32_t u = 0; u < m->underlyings; u++) {
        make_shocks(t, &t->underlyings[u], &p->shocks[u]);
        if (p->shocks[u].vectors > p->vectors)
            p->vectors = p->shocks[u].vectors;
    }
    p->stride = (size_t)(PL_CPU_SCENARIOS + p->vectors) * PL_CPU_LANES;
    const size_t bytes = m->instruments * p->stride * sizeof *p->rows;
    p->far = bytes > SECOND_CACHE_BYTES;
    p->rows = pl_cpu_rows_take(bytes);
    p->tags = calloc(m->instruments, 1);
    p->expiries = calloc(m->instruments, sizeof *p->expiries);
    p->terms = calloc(m->expiries, sizeof *p->terms);
    if (p->rows == NULL || p->tags == NULL || p->expiries == NULL || p->terms == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < m->instruments; i++) {
        struct pl_cpu_terms *e = &p->terms[t->instruments[i].expiry];
        p->expiries[i] = t->instruments[i].expiry;
        if (e->count++ == 0)
            e->first = i;
        p->tags[i] = PL_TAG_POSITION;
        set_tag(p, i, tag_of(t->instruments[i].row));
    }
    return 0;
}

void pl_cpu_packed_renew(struct pl_cpu_packed *p, const uint32_t *instruments, uint32_t count)
{
    uint32_t before = UINT32_MAX;
    for (uint32_t n = 0; n < count; n++) {
        uint32_t expiry = p->expiries[instruments[n]];
        if (expiry != before)
            make_terms(p, expiry, &p->terms[expiry]);
        before = expiry;
        pack_row(p, instruments[n]);
    }
}

void pl_cpu_packed_free(struct pl_cpu_packed *p)
{
    free(p->shocks);
    free(p->rows);
    free(p->tags);
    free(p->expiries);
    free(p->terms);
    *p = (struct pl_cpu_packed){ 0 };
}
