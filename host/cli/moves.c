#include "moves.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"

#define YEAR_US 31536000e6
#define DELTA_MAX 4e18

static uint32_t node_of(const struct pl_session *session, const char *name)
{
    const struct pl_book *book = session->book;
    for (uint32_t i = 0; i < book->underlying_count; i++) {
        if (strcmp(book->underlyings[i].name, name) == 0)
            return book->underlyings[i].node;
    }
    return UINT32_MAX;
}

int pl_moves_open(struct pl_moves *m, const struct pl_session *session)
{
    *m = (struct pl_moves){ 0 };
    while (pl_underlying_name(session->device, (uint16_t)m->count) != NULL)
        m->count++;
    m->nodes = calloc(m->count, sizeof *m->nodes);
    m->last = calloc(m->count, sizeof *m->last);
    m->returns = calloc(m->count, sizeof *m->returns);
    m->sums = calloc((size_t)m->count * m->count, sizeof *m->sums);
    if (m->nodes == NULL || m->last == NULL || m->returns == NULL || m->sums == NULL) {
        pl_complain("out of memory");
        pl_moves_close(m);
        return -ENOMEM;
    }
    for (uint32_t i = 0; i < m->count; i++)
        m->nodes[i] = node_of(session, pl_underlying_name(session->device, (uint16_t)i));
    return 0;
}

void pl_moves_close(struct pl_moves *m)
{
    free(m->nodes);
    free(m->last);
    free(m->returns);
    free(m->sums);
}

static double price_of(const struct pl_session *session, uint32_t node)
{
    if (node == UINT32_MAX || !session->prices[node].has_price)
        return 0;
    struct pl_decimal p = session->prices[node].price;
    return (double)p.mantissa * pow(10, p.exponent);
}

void pl_moves_take(struct pl_moves *m, const struct pl_session *session)
{
    bool first = m->time_us == 0;
    double passed = first ? 0 : (double)(session->time_us - m->time_us);
    double keep = exp2(-passed / (double)PL_MOVES_HALF_LIFE_US);
    m->time_us = session->time_us;
    for (uint32_t i = 0; i < m->count; i++) {
        double price = price_of(session, m->nodes[i]);
        m->returns[i] = price > 0 && m->last[i] > 0 ? log(price / m->last[i]) : 0;
        m->last[i] = price > 0 ? price : m->last[i];
    }
    for (uint32_t i = 0; i < m->count; i++) {
        for (uint32_t k = 0; k < m->count; k++) {
            double *sum = &m->sums[(size_t)i * m->count + k];
            *sum = *sum * keep + m->returns[i] * m->returns[k];
        }
    }
    m->years = m->years * keep + passed / YEAR_US;
}

static double covariance(const struct pl_moves *m, uint32_t i, uint32_t k)
{
    return m->years > 0 ? m->sums[(size_t)i * m->count + k] / m->years : 0;
}

double pl_moves_vol(const struct pl_moves *m, uint32_t underlying)
{
    return sqrt(covariance(m, underlying, underlying));
}

/* The delta in the leader's terms, with the account's whole variance. */
static double joint_delta(const struct pl_moves *m, const struct pl_underlying_verdict *records,
                          int64_t count, uint32_t *leader)
{
    double variance = 0, most = -1, with_leader = 0;
    for (int64_t i = 0; i < count; i++) {
        double one = fabs((double)records[i].delta) * pl_moves_vol(m, records[i].underlying);
        if (one > most) {
            most = one;
            *leader = records[i].underlying;
        }
    }
    for (int64_t i = 0; i < count; i++) {
        double delta = (double)records[i].delta;
        for (int64_t k = 0; k < count; k++)
            variance += delta * (double)records[k].delta *
                        covariance(m, records[i].underlying, records[k].underlying);
        with_leader += delta * covariance(m, records[i].underlying, *leader);
    }
    double vol = pl_moves_vol(m, *leader);
    double delta = vol > 0 ? sqrt(fmax(variance, 0)) / vol : 0;
    return fmin(with_leader < 0 ? -delta : delta, DELTA_MAX);
}

int pl_moves_account(const struct pl_moves *m, struct pl_session *session, uint32_t account,
                     int64_t horizon_us, struct pl_verdict *v, struct pl_breach_input *out,
                     uint32_t *leader)
{
    const struct pl_underlying_verdict *records;
    struct pl_batch batch = { .accounts = &session->accounts[account],
                              .count = 1,
                              .filter = PL_STATE_HEALTHY,
                              .per_underlying = true };
    struct pl_verdict none;
    int error = pl_submit(session->device, &batch);
    int got = error != 0 ? error : pl_poll(session->device, v, 1, NULL);
    int64_t count = got == 1 ? pl_poll_underlyings(session->device, &records) : 0;
    *leader = 0;
    double delta = count > 0 ? joint_delta(m, records, count, leader) : 0;
    if (got == 1)
        got = pl_poll(session->device, &none, 1, NULL);
    if (got < 0 || count < 0) {
        pl_complain("%s", pl_message(session->device));
        return got < 0 ? got : (int)count;
    }
    *out = (struct pl_breach_input){
        .excess_e8 = v->maintenance_excess,
        .requirement_e8 = v->equity - v->maintenance_excess,
        .delta_e8 = (int64_t)delta,
        .gamma_e8 = v->gamma,
        .theta_e8 = v->theta,
        .vol_q40 =
            count > 0 ? (int64_t)ldexp(fmin(pl_moves_vol(m, *leader), 64), PL_COEFFICIENT_BITS) : 0,
        .horizon_us = horizon_us,
    };
    return 0;
}
