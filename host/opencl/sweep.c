#include "sweep.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "layout.h"
#include "model/tables.h"

#define PIECE_SLOTS (1u << 21) /* 16 MiB: what is sent at a time */
#define NOWHERE UINT32_MAX

int pl_ocl_sweep_open(struct pl_ocl_sweep *s, struct pl_ocl_rows *rows)
{
    *s = (struct pl_ocl_sweep){ .rows = rows };
    return pl_ocl_kernel_make(rows->device, &s->kernel, "sweep_accounts");
}

static void drop_accounts(struct pl_ocl_device *d, struct pl_ocl_accounts *a)
{
    pl_ocl_release(d, &a->slots);
    pl_ocl_release(d, &a->starts);
    pl_ocl_release(d, &a->answers);
    pl_ocl_release(d, &a->findings);
    if (!d->lost) { /* it may still write to them */
        free(a->from);
        free(a->said);
        free(a->findings_back);
        free(a->places);
    }
    *a = (struct pl_ocl_accounts){ 0 };
}

static void forget_kept(struct pl_ocl_sweep *s)
{
    drop_accounts(s->rows->device, &s->kept);
    free(s->kept_slots);
    s->kept_slots = NULL;
    s->kept_count = 0;
}

void pl_ocl_sweep_close(struct pl_ocl_sweep *s)
{
    if (s->rows == NULL)
        return;
    struct pl_ocl_device *d = s->rows->device;
    drop_accounts(d, &s->streamed);
    if (!d->lost)
        forget_kept(s);
    pl_ocl_release(d, &s->found);
    pl_ocl_kernel_drop(d, &s->kernel);
    s->rows = NULL;
}

/* Room for the answers to `count` accounts. */
static int make_room(struct pl_ocl_device *d, struct pl_ocl_accounts *a, uint32_t count)
{
    if (count <= a->capacity)
        return 0;
    drop_accounts(d, a);
    a->from = malloc(((size_t)count + 1) * sizeof *a->from);
    a->said = malloc(count);
    a->findings_back = malloc(count * sizeof *a->findings_back);
    a->places = malloc(count * sizeof *a->places);
    if (a->from == NULL || a->said == NULL || a->findings_back == NULL || a->places == NULL) {
        drop_accounts(d, a);
        return -ENOMEM;
    }
    a->capacity = count;
    return 0;
}

/* Accounts from slots[0], a header, up to END, or to the first header from slots[aim] on. */
static uint32_t count_accounts(const uint64_t *slots, size_t count, size_t aim, size_t *length)
{
    uint32_t accounts = 0;
    size_t i = 0;
    for (; i < count && pl_slot_tag(slots[i]) != PL_TAG_END; i++) {
        if (pl_slot_tag(slots[i]) != PL_TAG_HEADER)
            continue;
        if (i >= aim)
            break;
        accounts++;
    }
    *length = i;
    return accounts;
}

/* Sends the accounts from slots[base] on. */
static int send_accounts(struct pl_ocl_device *d, struct pl_ocl_accounts *a, const uint64_t *slots,
                         size_t count, size_t base, size_t aim)
{
    size_t length;
    uint32_t accounts = count_accounts(slots + base, count - base, aim, &length), n = 0;
    int error = make_room(d, a, accounts);
    if (error != 0)
        return error;
    for (size_t i = 0; i < length; i++) {
        if (pl_slot_tag(slots[base + i]) == PL_TAG_HEADER)
            a->from[n++] = (uint32_t)i;
    }
    a->from[n] = (uint32_t)length;
    a->base = base;
    a->length = length;
    a->count = accounts;
    a->next = 0;
    error = pl_ocl_write(d, &a->slots, slots + base, length * sizeof *slots);
    error = error != 0
                ? error
                : pl_ocl_write(d, &a->starts, a->from, ((size_t)accounts + 1) * sizeof *a->from);
    error = error != 0 ? error : pl_ocl_reserve(d, &a->answers, accounts);
    return error != 0 ? error
                      : pl_ocl_reserve(d, &a->findings, accounts * sizeof *a->findings_back);
}

static int run(struct pl_ocl_sweep *s, struct pl_ocl_accounts *a, uint8_t filter)
{
    struct pl_ocl_rows *r = s->rows;
    const struct pl_model *m = &r->tables->model;
    const struct pl_ocl_argument arguments[] = {
        { .buffer = &a->slots },       { .buffer = &a->starts },      { .number = a->count },
        { .buffer = &r->rows },        { .number = m->instruments },  { .buffer = &r->expiries },
        { .buffer = &r->underlyings }, { .buffer = &r->scenarios },   { .buffer = &r->ticks },
        { .buffer = &r->more },        { .buffer = &r->multipliers }, { .number = m->multipliers },
        { .number = filter },          { .buffer = &a->answers },     { .buffer = &s->found },
        { .buffer = &a->findings },
    };
    int error = pl_ocl_zero(r->device, &s->found, sizeof s->found_back);
    return error != 0 ? error
                      : pl_ocl_run(r->device, &s->kernel, arguments,
                                   sizeof arguments / sizeof arguments[0], a->count);
}

/* Judges them by the frozen tick. */
static int judge(struct pl_ocl_sweep *s, struct pl_ocl_accounts *a, uint8_t filter)
{
    struct pl_ocl_device *d = s->rows->device;
    int error = run(s, a, filter);
    error = error != 0 ? error : pl_ocl_read(d, &s->found, &s->found_back, sizeof s->found_back);
    error = error != 0 ? error : pl_ocl_read(d, &a->answers, a->said, a->count);
    error = error != 0 ? error : pl_ocl_wait(d);
    if (error != 0)
        return error;
    const uint32_t found = s->found_back < a->count ? (uint32_t)s->found_back : a->count;
    error = pl_ocl_read(d, &a->findings, a->findings_back, found * sizeof *a->findings_back);
    error = error != 0 ? error : pl_ocl_wait(d);
    if (error != 0)
        return error;
    memset(a->places, 0xff, a->count * sizeof *a->places);
    for (uint32_t i = 0; i < found; i++) {
        if (a->findings_back[i].account < a->count)
            a->places[a->findings_back[i].account] = i;
    }
    a->next = 0;
    return 0;
}

static void fill(const struct pl_tables *t, uint64_t header, uint8_t state,
                 const struct pl_ocl_finding *f, struct pl_verdict *v)
{
    *v = (struct pl_verdict){
        .account = (uint32_t)pl_slot_header_account(header),
        .state = state,
        .mode = (uint8_t)pl_slot_header_mode(header),
        .worst_underlying = f->worst_underlying,
        .worst_scenario = f->worst_scenario,
        .profile = t->profile,
        .tick = t->tick,
        .equity = f->equity,
        .maintenance_excess = f->maintenance_excess,
        .initial_excess = f->initial_excess,
        .worst_loss = f->worst_loss,
        .model_version = t->model.model_version,
        .table_version = t->model.table_version,
        .delta = f->greeks[PL_OCL_DELTA],
        .gamma = f->greeks[PL_OCL_GAMMA],
        .vega = f->greeks[PL_OCL_VEGA],
        .theta = f->greeks[PL_OCL_THETA],
        .rho = f->greeks[PL_OCL_RHO],
    };
}

/* The next account's verdict, if it is to be returned: 1, or 0. */
static size_t take_next(struct pl_ocl_accounts *a, struct pl_sweep *sweep, struct pl_verdict *v)
{
    const uint32_t i = a->next++;
    const uint64_t header = sweep->slots[a->base + a->from[i]];
    const uint8_t state = a->said[i];
    const bool returned = state >= sweep->filter;
    sweep->next = a->base + a->from[i];
    if (state > PL_STATE_BANKRUPT || (returned && a->places[i] == NOWHERE))
        return pl_sweep_take_one(sweep, v);
    if (returned) {
        fill(sweep->tables, header, state, &a->findings_back[a->places[i]], v);
        v->serial = v->serial_again = sweep->serial++;
    }
    sweep->next = a->base + a->from[i + 1];
    sweep->summary.accounts++;
    sweep->summary.by_state[state]++;
    sweep->summary.flagged += returned;
    sweep->summary.last_account = (uint32_t)pl_slot_header_account(header);
    return returned;
}

static void fail(struct pl_sweep *sweep, int error)
{
    sweep->status = error == -ETIMEDOUT ? PL_STATUS_TIMEOUT : PL_STATUS_BUS_ERROR;
    sweep->summary.status = sweep->status;
    sweep->ended = true;
}

/* The next piece, if an account comes next; otherwise the specification takes what is there. */
static int next_piece(struct pl_ocl_sweep *s, struct pl_sweep *sweep)
{
    struct pl_ocl_accounts *a = &s->streamed;
    size_t at = sweep->next;
    while (at < sweep->count && pl_slot_tag(sweep->slots[at]) == PL_TAG_PAD)
        at++;
    if (at == sweep->count || pl_slot_tag(sweep->slots[at]) != PL_TAG_HEADER)
        return 0;
    int error = send_accounts(s->rows->device, a, sweep->slots, sweep->count, at, PIECE_SLOTS);
    error = error != 0 ? error : judge(s, a, sweep->filter);
    return pl_ocl_settle(s->rows->device, error);
}

size_t pl_ocl_sweep_take(struct pl_ocl_sweep *s, struct pl_sweep *sweep,
                         struct pl_verdict *verdicts, size_t max)
{
    struct pl_ocl_accounts *a = &s->streamed;
    size_t taken = 0;
    if (sweep->count == 0 || pl_slot_tag(sweep->slots[sweep->count - 1]) != PL_TAG_END)
        return pl_sweep_take(sweep, verdicts, max); /* to the error at its end */
    if (sweep->next == 0 && sweep->serial == 0) /* a new sweep: nothing of an earlier one counts */
        a->next = a->count = 0;
    while (taken < max && !sweep->ended) {
        if (a->next < a->count) {
            taken += take_next(a, sweep, &verdicts[taken]);
            continue;
        }
        a->next = a->count = 0;
        int error = next_piece(s, sweep);
        if (error != 0)
            fail(sweep, error);
        else if (a->count == 0)
            taken += pl_sweep_take_one(sweep, &verdicts[taken]);
    }
    return taken;
}

bool pl_ocl_sweep_keep(struct pl_ocl_sweep *s, const uint64_t *slots, size_t count, uint8_t filter)
{
    struct pl_ocl_device *d = s->rows->device;
    if (d->lost)
        return false;
    forget_kept(s);
    if (count == 0 || count > UINT32_MAX || pl_slot_tag(slots[0]) != PL_TAG_HEADER)
        return false;
    s->kept_slots = malloc(count * sizeof *slots);
    if (s->kept_slots == NULL)
        return false;
    memcpy(s->kept_slots, slots, count * sizeof *slots);
    s->kept_count = count;
    s->kept_filter = filter;
    int error = send_accounts(d, &s->kept, s->kept_slots, count, 0, count);
    error = pl_ocl_settle(d, error != 0 ? error : pl_ocl_wait(d));
    if (error != 0 && !d->lost)
        forget_kept(s);
    return error == 0;
}

size_t pl_ocl_sweep_judge_kept(struct pl_ocl_sweep *s)
{
    const struct pl_ocl_accounts *a = &s->kept;
    size_t most = 0;
    s->kept_error = pl_ocl_settle(s->rows->device, judge(s, &s->kept, s->kept_filter));
    for (uint32_t i = 0; i < a->count && s->kept_error == 0; i++)
        most += a->said[i] >= s->kept_filter;
    return most;
}

size_t pl_ocl_sweep_list_kept(struct pl_ocl_sweep *s, struct pl_sweep *sweep,
                              struct pl_verdict *verdicts, size_t max)
{
    struct pl_ocl_accounts *a = &s->kept;
    struct pl_verdict unused;
    size_t taken = 0;
    pl_sweep_start(sweep, sweep->tables, s->kept_slots, s->kept_count, s->kept_filter);
    if (s->kept_error != 0)
        fail(sweep, s->kept_error);
    while (a->next < a->count && !sweep->ended)
        taken += take_next(a, sweep, taken < max ? &verdicts[taken] : &unused);
    if (!sweep->ended) /* at END */
        pl_sweep_take_one(sweep, &unused);
    return taken;
}
