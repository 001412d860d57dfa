/* Partial liquidations of the accounts of a book that are below their line, at every tick: how many
 * have a plan, how much of their notional it closes, how long it takes. Positions never change, so
 * an account is planned again at each tick.
 *
 *   plans BOOK */
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "cli/session.h"
#include "cli/states.h"
#include "decide/what_if.h"
#include "dev/software.h"
#include "stage/pl.h"

#define PLANS_MAX 1000000

static struct pl_what_if what_if;
static struct pl_partial partial;
static struct pl_partial_position positions[PL_WHAT_IF_POSITIONS_MAX];
static float took[PLANS_MAX], share[PLANS_MAX];
static size_t count, positions_seen;
static uint64_t by_reason[PL_PARTIAL_MALFORMED + 1], exact;

/* Impact and penalty: 1.55 % of the first million dollars, 1.6 % of the next four, then 1.75 %. */
static void set_levels(struct pl_partial_position *p)
{
    const int64_t rate = PL_COEFFICIENT_ONE / 10000;
    const double million = 1e14 / ((double)p->notional_e8 + 1) * (double)p->steps;
    p->levels[0] =
        (struct pl_partial_level){ million < 4e18 ? (int64_t)million : p->steps, 155 * rate };
    p->levels[1] =
        (struct pl_partial_level){ million < 1e18 ? (int64_t)(4 * million) : p->steps, 160 * rate };
    p->levels[2] = (struct pl_partial_level){ p->steps, 175 * rate };
}

static void plan(struct pl_session *s, uint32_t account)
{
    const struct pl_partial_rules *rules = &pl_partial_defaults;
    char message[PL_MESSAGE_BYTES];
    double start = clock_seconds();
    int error = pl_what_if_open(&what_if, &s->device->stage, &s->device->dev->tables,
                                &s->accounts[account], message);
    if (error != 0) {
        fprintf(stderr, "%s\n", message);
        return;
    }
    struct pl_partial_judge judge = pl_what_if_judge_partial(&what_if, rules, positions);
    int64_t notional = 1;
    for (uint32_t i = 0; i < what_if.position_count; i++) {
        set_levels(&positions[i]);
        notional += positions[i].notional_e8;
    }
    enum pl_partial_reason reason =
        pl_partial_plan(&partial, rules, positions, what_if.position_count, &judge);
    by_reason[reason]++;
    if (reason != PL_PARTIAL_PLANNED || count == PLANS_MAX)
        return;
    took[count] = (float)(clock_seconds() - start);
    share[count++] = (float)((double)partial.notional_e8 / (double)notional);
    exact += partial.exact;
    positions_seen += what_if.position_count;
}

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    struct pl_options options = { .book = argc > 1 ? argv[1] : "", .device = "model:" };
    struct pl_session *s;
    double sum = 0;
    if (pl_session_open(&options, &s) != 0)
        return 1;
    struct pl_verdict *verdicts = pl_verdicts_alloc(s);
    while (verdicts != NULL && s->tick < s->book->tick_count) {
        if (pl_session_advance(s) != 0 ||
            pl_session_evaluate(s, s->accounts, s->book->account_count, verdicts, NULL) != 0)
            return 1;
        for (uint32_t a = 0; a < s->book->account_count; a++) {
            if (verdicts[a].state == PL_STATE_LIQUIDATE)
                plan(s, a);
        }
    }
    for (int i = 0; i <= PL_PARTIAL_MALFORMED; i++)
        printf("%8llu %s\n", (unsigned long long)by_reason[i],
               pl_partial_reason((enum pl_partial_reason)i));
    if (count > 0) {
        for (size_t i = 0; i < count; i++)
            sum += (double)share[i];
        qsort(took, count, sizeof took[0], compare_floats);
        qsort(share, count, sizeof share[0], compare_floats);
        printf("%llu within the bound; closed of the notional: mean %.1f %%, median %.1f %%\n",
               (unsigned long long)exact, sum / (double)count * 100,
               (double)share[count / 2] * 100);
        printf("%.1f positions; median %.1f us, 99th %.1f us\n",
               (double)positions_seen / (double)count, (double)took[count / 2] * 1e6,
               (double)took[count * 99 / 100] * 1e6);
    }
    free(verdicts);
    pl_session_close(s);
    return 0;
}
