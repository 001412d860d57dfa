#include "watch_set.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "states.h"

#define PERCENT_E8 INT64_C(10000000000)
#define CUT_PARTS 8 /* a set that does not fit gives up one part in so many at a time */

_Static_assert(offsetof(struct pl_watch_row, now) == 0, "compare() takes rows and verdicts");

bool pl_watch_distance(const struct pl_verdict *verdict, pl_i128 *percent_e8)
{
    pl_i128 requirement = pl_maintenance_requirement(verdict);
    if (verdict->state == PL_STATE_INDETERMINATE || requirement <= 0)
        return false;
    pl_i128 scaled = (pl_i128)verdict->maintenance_excess * PERCENT_E8;
    *percent_e8 = scaled / requirement - (scaled % requirement < 0 ? 1 : 0);
    return true;
}

/* By distance without rounding (|excess| <= 2^63 and requirement < 2^64, so that the products fit);
 * then those that cannot be judged. */
static int compare(const void *left, const void *right)
{
    const struct pl_verdict *a = left, *b = right;
    bool judged_a = a->state != PL_STATE_INDETERMINATE;
    bool judged_b = b->state != PL_STATE_INDETERMINATE;
    if (judged_a != judged_b)
        return judged_a ? -1 : 1;
    if (judged_a) {
        pl_i128 required_a = pl_maintenance_requirement(a);
        pl_i128 required_b = pl_maintenance_requirement(b);
        pl_i128 x = a->maintenance_excess * (required_b > 0 ? required_b : 1);
        pl_i128 y = b->maintenance_excess * (required_a > 0 ? required_a : 1);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return a->account < b->account ? -1 : a->account > b->account;
}

static int compare_rooms(const void *left, const void *right, void *context)
{
    const struct pl_verdict *a = left, *b = right;
    const int64_t *rooms = context;
    bool judged = a->state != PL_STATE_INDETERMINATE && b->state != PL_STATE_INDETERMINATE;
    if (judged && rooms[a->account] != rooms[b->account])
        return rooms[a->account] < rooms[b->account] ? -1 : 1;
    return compare(a, b);
}

/* `size`: of an item that begins with its verdict; accounts are numbered as in the book. */
static void sort(const struct pl_watch_set *set, void *items, size_t count, size_t size)
{
    if (set->rooms != NULL)
        qsort_r(items, count, size, compare_rooms, set->rooms);
    else
        qsort(items, count, size, compare);
}

/* The whole budgets that accounts have on this tick, whatever they were before. */
static int measure_rooms(struct pl_watch_set *set, const void *items, size_t count, size_t size)
{
    struct pl_session *session = set->session;
    struct pl *device = session->device;
    if (set->rooms == NULL)
        return 0;
    int error = pl_budget_start(device, session->book->account_count, PL_STATE_BANKRUPT + 1);
    for (size_t i = 0; i < count && error == 0; i++) {
        const struct pl_verdict *v = (const void *)((const char *)items + i * size);
        error = pl_budget_judged(device, v->account, &session->accounts[v->account], v);
        set->rooms[v->account] = pl_budget_room(device, v->account);
    }
    if (error != 0)
        pl_complain("tick %" PRIu64 ": %s", session->tick, pl_message(device));
    pl_budget_start(device, 0, 0);
    return error;
}

int pl_watch_set_open(struct pl_watch_set *set, struct pl_session *session, bool chooses,
                      bool by_room)
{
    *set = (struct pl_watch_set){ .session = session };
    set->rows = calloc(PL_WATCH_ACCOUNTS_MAX, sizeof *set->rows);
    set->spare = calloc(PL_WATCH_ACCOUNTS_MAX, sizeof *set->spare);
    set->accounts = calloc(PL_WATCH_ACCOUNTS_MAX, sizeof *set->accounts);
    if (by_room)
        set->rooms = calloc((size_t)session->book->account_count + 1, sizeof *set->rooms);
    if (set->rows == NULL || set->spare == NULL || set->accounts == NULL ||
        (by_room && set->rooms == NULL)) {
        pl_complain("%s: out of memory for the watched accounts", session->book->path);
        return -ENOMEM;
    }
    set->all = chooses ? pl_verdicts_alloc(session) : NULL;
    return chooses && set->all == NULL ? -ENOMEM : 0;
}

void pl_watch_set_close(struct pl_watch_set *set)
{
    free(set->all);
    free(set->rooms);
    free(set->accounts);
    free(set->spare);
    free(set->rows);
}

static struct pl_watch_row *find(const struct pl_watch_set *set, uint32_t account)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->rows[i].now.account == account)
            return &set->rows[i];
    return NULL;
}

int pl_watch_set_add(struct pl_watch_set *set, const char *name)
{
    const struct pl_book *book = set->session->book;
    int64_t account = pl_book_find_account(book, name);
    if (account < 0) {
        pl_complain("%s: no account \"%s\"; accounts.csv lists them", book->path, name);
        return -ENOENT;
    }
    if (find(set, (uint32_t)account) != NULL) {
        pl_complain("--account %s: given more than once", name);
        return -EINVAL;
    }
    set->rows[set->count++] = (struct pl_watch_row){ .now.account = (uint32_t)account };
    return 0;
}

int pl_watch_set_choose(struct pl_watch_set *set, size_t wanted)
{
    struct pl_session *session = set->session;
    size_t accounts = session->book->account_count;
    int error = pl_session_evaluate(session, session->accounts, accounts, set->all, NULL);
    if (error != 0)
        return error;
    for (size_t i = 0; i < accounts; i++)
        set->all[i].account = (uint32_t)i; /* verdicts come in order; this indexes our arrays */
    error = measure_rooms(set, set->all, accounts, sizeof *set->all);
    if (error != 0)
        return error;
    size_t count = wanted < accounts ? wanted : accounts;
    sort(set, set->all, accounts, sizeof *set->all);
    for (size_t i = 0; i < count; i++) {
        const struct pl_watch_row *old = find(set, set->all[i].account);
        set->spare[i] = old != NULL ? *old : (struct pl_watch_row){ 0 };
        set->spare[i].now = set->all[i];
    }
    struct pl_watch_row *swap = set->rows;
    set->rows = set->spare;
    set->spare = swap;
    set->count = count;
    set->left_out = 0;
    return 0;
}

int pl_watch_set_send(struct pl_watch_set *set)
{
    struct pl_session *session = set->session;
    for (;;) {
        for (size_t i = 0; i < set->count; i++)
            set->accounts[i] = session->accounts[set->rows[i].now.account];
        struct pl_batch batch = {
            .accounts = set->accounts,
            .count = set->count,
            .position_version = session->position_version,
            .filter = PL_STATE_HEALTHY,
        };
        int error = pl_watch(session->device, &batch);
        if (error == -PL_STATUS_LIMIT && set->all != NULL && set->count > 1) {
            size_t cut = (set->count + CUT_PARTS - 1) / CUT_PARTS;
            set->count -= cut; /* the last ones: furthest from their line */
            set->left_out += cut;
            continue;
        }
        if (error != 0)
            pl_complain("tick %" PRIu64 ": %s", session->tick, pl_message(session->device));
        set->position_version = session->position_version;
        return error;
    }
}

void pl_watch_set_age(struct pl_watch_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        set->rows[i].before = set->rows[i].now;
        set->rows[i].known = true;
    }
}

int pl_watch_set_take(struct pl_watch_set *set, const struct pl_verdict *verdicts, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        struct pl_watch_row *row = find(set, verdicts[i].account);
        if (row == NULL || verdicts[i].state > PL_STATE_BANKRUPT)
            continue;
        row->now = verdicts[i];
        found++;
    }
    if (count != set->count || found != count) {
        pl_complain("tick %" PRIu64
                    ": the device returned %zu verdicts, %zu of them valid ones of the "
                    "%zu watched accounts",
                    set->session->tick, count, found, set->count);
        return -EPROTO;
    }
    int error = measure_rooms(set, set->rows, set->count, sizeof *set->rows);
    if (error == 0)
        sort(set, set->rows, set->count, sizeof *set->rows);
    return error;
}
