/* From verdict to action, for 1,000 accounts that breach in one tick (breaches.h), of 3, 12 and 40
 * positions, in portfolio and cross mode: the verdict into the venue, the plan with the exact judge
 * on the frozen rows, its closes into the venue, and the actions that come out. Without the disk;
 * all kinds in turns, so that what else the machine does falls on all. Prints median and 99th
 * percentile of one breach, in microseconds of processor time, and what of it is the plan, from
 * another round. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "breaches.h"
#include "clock.h"
#include "decide/exact.h"
#include "decide/what_if.h"
#include "dev/software.h"
#include "market.h"
#include "stage/pl.h"

#define ROUNDS 5 /* of the whole */
#define KINDS 6

static struct pl_what_if what_if;
static struct pl_partial partial;
static struct pl_partial_position positions[PL_WHAT_IF_POSITIONS_MAX];
static struct breaches breaches[KINDS];
static struct result {
    double whole[ROUNDS * BREACHES], plan[BREACHES];
    uint64_t count, planned, exact, judgements, closes, actions;
} results[KINDS];

static uint32_t give(struct breaches *b, struct result *r, const struct pl_venue_input *in)
{
    const uint32_t count = pl_venue_apply(b->venue, in, b->actions);
    for (uint32_t i = 0; i < count; i++) {
        if (b->actions[i].kind == PL_VENUE_REFUSED) {
            fprintf(stderr, "refused: %s\n",
                    pl_venue_reason((enum pl_venue_reason)b->actions[i].reason));
            exit(1);
        }
    }
    r->actions += count;
    return count;
}

static void give_verdict(struct breaches *b, struct result *r, uint32_t account)
{
    const struct pl_verdict *v = &b->verdicts[account];
    struct pl_venue_input in = { .time_us = BREACHES_NOW_US,
                                 .kind = PL_VENUE_VERDICT,
                                 .account = account };
    in.as.verdict.state = v->state;
    in.as.verdict.position_version = v->position_version;
    in.as.verdict.equity_e8 = v->equity;
    in.as.verdict.maintenance_excess_e8 = v->maintenance_excess;
    in.as.verdict.initial_excess_e8 = v->initial_excess;
    const uint32_t count = give(b, r, &in);
    if (count == 0 || b->actions[count - 1].kind != PL_VENUE_PLAN) {
        fprintf(stderr, "account %" PRIu32 ", %s: no plan was asked for, but %s\n", account,
                pl_state_name(v->state),
                count == 0 ? "nothing"
                           : pl_venue_action_name((enum pl_venue_action_kind)b->actions[0].kind));
        exit(1);
    }
}

static void plan(struct breaches *b, struct result *r, struct pl *pl, uint32_t account)
{
    const struct pl_partial_rules *rules = &pl_partial_defaults;
    char message[PL_MESSAGE_BYTES];
    market_must(
        pl_what_if_open(&what_if, &pl->stage, &pl->dev->tables, &b->accounts[account], message),
        message, "account");
    struct pl_partial_judge judge = pl_what_if_judge_partial(&what_if, rules, positions);
    for (uint32_t i = 0; i < what_if.position_count; i++) {
        struct pl_partial_position *p = &positions[i];
        p->levels[0] = (struct pl_partial_level){ p->steps / 3 + 1, PL_COEFFICIENT_ONE / 2000 };
        p->levels[1] = (struct pl_partial_level){ p->steps / 3 + 1, PL_COEFFICIENT_ONE / 1000 };
        p->levels[2] = (struct pl_partial_level){ p->steps, PL_COEFFICIENT_ONE / 400 };
    }
    const enum pl_partial_reason reason =
        pl_partial_plan(&partial, rules, positions, what_if.position_count, &judge);
    r->planned += reason == PL_PARTIAL_PLANNED;
    r->exact += partial.exact;
    r->judgements += partial.judgements;
}

static void close_planned(struct breaches *b, struct result *r, uint32_t account)
{
    struct pl_venue_input in = { .time_us = BREACHES_NOW_US,
                                 .kind = PL_VENUE_CLOSE,
                                 .account = account };
    for (uint32_t i = 0; i < what_if.position_count; i++) {
        uint32_t flags = 0;
        if (partial.closed[i] == 0)
            continue;
        in.as.close.instrument = what_if.positions[i].instrument;
        in.as.close.steps = partial.closed[i];
        in.as.close.value_e8 =
            pl_mul_div_up(positions[i].notional_e8, partial.closed[i], positions[i].steps, &flags);
        in.as.close.price = what_if.positions[i].steps < 0 ? INT64_MAX : 0;
        give(b, r, &in);
        r->closes++;
    }
    in.kind = PL_VENUE_PLANNED;
    give(b, r, &in);
}

static void decide(struct breaches *b, struct result *r, struct pl *pl, uint32_t account)
{
    const double start = clock_seconds();
    give_verdict(b, r, account);
    plan(b, r, pl, account);
    close_planned(b, r, account);
    r->whole[r->count++] = clock_seconds() - start;
}

static void time_plan(struct breaches *b, struct result *r, struct pl *pl, uint32_t account)
{
    static struct result unused;
    const double start = clock_seconds();
    plan(b, &unused, pl, account);
    r->plan[account] = clock_seconds() - start;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double part(double *took, uint64_t count, uint64_t percent)
{
    qsort(took, count, sizeof took[0], compare_doubles);
    return took[count * percent / 100] * 1e6;
}

int main(void)
{
    static const uint32_t counts[] = { 3, 12, 40 };
    struct pl *pl = breaches_open();
    for (int k = 0; k < KINDS; k++)
        breaches_make(&breaches[k], pl, k < 3 ? PL_MODE_PORTFOLIO : PL_MODE_CROSS, counts[k % 3]);
    for (int round = 0; round < ROUNDS; round++) {
        for (int k = 0; k < KINDS; k++)
            breaches_again(&breaches[k]);
        for (uint32_t a = 0; a < BREACHES; a++)
            for (int k = 0; k < KINDS; k++)
                decide(&breaches[k], &results[k], pl, a);
    }
    for (uint32_t a = 0; a < BREACHES; a++)
        for (int k = 0; k < KINDS; k++)
            time_plan(&breaches[k], &results[k], pl, a);
    printf("%d breaches in a tick, from verdict to actions, %d times:\n", BREACHES, ROUNDS);
    for (int k = 0; k < KINDS; k++) {
        struct result *r = &results[k];
        const double n = (double)r->count;
        const double median = part(r->whole, r->count, 50), most = part(r->whole, r->count, 99);
        printf("  %-9s %2" PRIu32 " positions: median %6.1f us (plan %5.1f), 99th %6.1f; %5.1f %% "
               "planned, %5.1f %% within the bound, %.1f judgements, %.1f closes, %.1f actions\n",
               pl_mode_name(breaches[k].mode), breaches[k].count, median,
               part(r->plan, BREACHES, 50), most, 100 * (double)r->planned / n,
               100 * (double)r->exact / n, (double)r->judgements / n, (double)r->closes / n,
               (double)r->actions / n);
    }
    pl_close(pl);
    return 0;
}
