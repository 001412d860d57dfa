#include "partial.h"

#include <string.h>

#include "exact.h"

#define ONE PL_COEFFICIENT_ONE
#define TRIFLE 256 /* of so many steps one is not worth a judgement */
#define STEPS 6    /* tried after the last cover */
#define BLENDS 6   /* halvings of the way to closing everything */

_Static_assert(PL_COVER_COLUMNS_MAX > PL_PARTIAL_POSITIONS_MAX * PL_PARTIAL_LEVELS, "columns");

struct work {
    struct pl_partial *p;
    const struct pl_partial_rules *rules;
    const struct pl_partial_position *positions;
    const struct pl_partial_judge *judge;
    uint32_t count, columns; /* the last column: what stays uncovered */
};

const struct pl_partial_rules pl_partial_defaults = { .buffer_q40 = ONE / 10 };

int pl_partial_check(const struct pl_partial_rules *rules, char message[PL_RULE_MESSAGE_BYTES])
{
    return pl_rule_within("partial.buffer_q40", rules->buffer_q40, 0, ONE, message);
}

const char *pl_partial_reason(enum pl_partial_reason reason)
{
    static const char *const texts[] = {
        [PL_PARTIAL_PLANNED] = "the plan restores the target",
        [PL_PARTIAL_NOT_NEEDED] = "the account holds its target",
        [PL_PARTIAL_LIMITED] = "limits keep the plan from the target",
        [PL_PARTIAL_HOPELESS] = "no close restores the target: the book is auctioned",
        [PL_PARTIAL_INDETERMINATE] = "the account cannot be judged",
        [PL_PARTIAL_TOO_MANY] = "more positions than a plan can have",
        [PL_PARTIAL_MALFORMED] = "a position's steps, limit, notional or levels are out of range",
    };
    return (size_t)reason < sizeof texts / sizeof texts[0] ? texts[reason] : "?";
}

/* Steps of a level, of the first `steps`. */
static int64_t level_steps(const struct pl_partial_position *q, int level, int64_t steps)
{
    int64_t before = 0;
    for (int i = 0; i < level; i++)
        before += pl_min64(q->levels[i].steps, q->steps);
    int64_t left = pl_max64(0, steps - before);
    return level == PL_PARTIAL_LEVELS - 1 ? left : pl_min64(left, q->levels[level].steps);
}

static int64_t level_cost(const struct pl_partial_position *q, int level, int64_t steps)
{
    uint32_t flags = 0;
    int64_t notional = pl_mul_div_up(q->notional_e8, steps, q->steps, &flags);
    return pl_money_scale_up(notional, q->levels[level].rate_q40, &flags);
}

int64_t pl_partial_cost(const struct pl_partial_position *q, int64_t steps)
{
    uint32_t flags = 0;
    int64_t cost = 0;
    for (int level = 0; level < PL_PARTIAL_LEVELS; level++)
        cost = pl_money_add(cost, level_cost(q, level, level_steps(q, level, steps)), &flags);
    return cost;
}

static int64_t total_cost(const struct work *w, const int64_t *closed)
{
    uint32_t flags = 0;
    int64_t cost = 0;
    for (uint32_t i = 0; i < w->count; i++) {
        if (closed[i] != 0)
            cost = pl_money_add(cost, pl_partial_cost(&w->positions[i], closed[i]), &flags);
    }
    return cost;
}

static struct pl_partial_judgement judge(struct work *w, const int64_t *closed, int64_t *relief)
{
    w->p->judgements++;
    return w->judge->judge(w->judge->context, closed, total_cost(w, closed), relief);
}

static int64_t requirement_of(const struct work *w, const struct pl_partial_judgement *j)
{
    return w->rules->initial ? j->initial_e8 : j->maintenance_e8;
}

/* Excess over the requirement raised by the buffer. */
static int64_t beyond(const struct work *w, const struct pl_partial_judgement *j)
{
    uint32_t flags = 0;
    int64_t raised = pl_money_scale_up(requirement_of(w, j), ONE + w->rules->buffer_q40, &flags);
    return pl_money_sub(j->equity_e8, raised, &flags);
}

static bool no_riskier(const struct work *w, const struct pl_partial_judgement *j)
{
    const struct pl_partial_judgement *b = &w->p->before;
    return j->known && j->maintenance_e8 <= b->maintenance_e8 && j->initial_e8 <= b->initial_e8 &&
           (pl_i128)j->equity_e8 - j->maintenance_e8 >= (pl_i128)b->equity_e8 - b->maintenance_e8;
}

static bool holds(const struct work *w, const struct pl_partial_judgement *j)
{
    return no_riskier(w, j) && beyond(w, j) >= 0;
}

/* One column per position and level, and one for what stays uncovered. */
static void start_cover(struct work *w)
{
    struct pl_partial *p = w->p;
    uint32_t n = 0, flags = 0;
    for (uint32_t i = 0; i < w->count; i++) {
        const struct pl_partial_position *q = &w->positions[i];
        for (int level = 0; level < PL_PARTIAL_LEVELS; level++) {
            int64_t steps = level_steps(q, level, q->limit);
            if (steps == 0)
                continue;
            p->owner[n] = (uint16_t)i;
            p->steps[n] = steps;
            p->segment[n++] = level_cost(q, level, steps);
        }
    }
    int64_t lacking = pl_money_sub(0, beyond(w, &p->before), &flags);
    p->segment[n] = pl_mul_div_up(lacking, PL_PARTIAL_PRICE_MAX, 1, &flags);
    w->columns = n + 1;
    pl_cover_start(&p->cover, p->segment, w->columns);
}

/* The plane of a judgement at `closed`: what it needs, and what each column gives. */
static bool add_plane(struct work *w, const struct pl_partial_judgement *j, const int64_t *closed)
{
    struct pl_partial *p = w->p;
    const int64_t raise = ONE + w->rules->buffer_q40;
    uint32_t flags = 0;
    int64_t need = pl_money_scale_up(requirement_of(w, j), raise, &flags);
    for (uint32_t i = 0; i < w->count; i++) {
        p->relief[i] = pl_money_scale_down(p->relief[i], raise, &flags);
        need = pl_money_add(
            need, pl_mul_div_up(p->relief[i], closed[i], w->positions[i].steps, &flags), &flags);
    }
    need = pl_money_sub(need, p->before.equity_e8, &flags);
    for (uint32_t c = 0; c + 1 < w->columns; c++) {
        uint32_t i = p->owner[c];
        int64_t relief = pl_mul_div_down(p->relief[i], p->steps[c], w->positions[i].steps, &flags);
        p->covers[c] = pl_money_sub(relief, p->segment[c], &flags);
    }
    p->covers[w->columns - 1] = pl_max64(need, 0);
    return flags == 0 && pl_cover_need(&p->cover, p->covers, need);
}

/* The cover's shares in whole steps, up. */
static void read_cover(struct work *w, int64_t *closed)
{
    struct pl_partial *p = w->p;
    memset(closed, 0, w->count * sizeof *closed);
    int64_t part =
        0; /* in 2^-40 of a step: levels of one position add up before they are rounded */
    for (uint32_t c = 0; c + 1 < w->columns; c++) {
        int64_t share = pl_cover_share_q40(&p->cover, c);
        pl_i128 steps = (pl_i128)share * p->steps[c] + part;
        /* what is below 2^-20 of a step is the solver's rounding */
        bool last = c + 2 == w->columns || p->owner[c + 1] != p->owner[c];
        pl_i128 up = last ? ONE - (ONE >> 20) : 0;
        int64_t whole = (int64_t)((steps + up) >> PL_COEFFICIENT_BITS);
        p->rounded[p->owner[c]] = last && (steps & (ONE - 1)) > ONE >> 20;
        closed[p->owner[c]] += whole;
        part = last ? 0 : (int64_t)(steps & (ONE - 1));
    }
}

/* Planes and covers until a cover holds; *closed is the last one. */
static bool search(struct work *w, int64_t *closed, struct pl_partial_judgement *j)
{
    struct pl_partial *p = w->p;
    memset(closed, 0, w->count * sizeof *closed);
    *j = p->before;
    start_cover(w);
    for (int n = 0; n < PL_COVER_ROWS_MAX; n++) {
        if (!add_plane(w, j, closed))
            return false;
        read_cover(w, p->last);
        bool same = n > 0 && memcmp(p->last, closed, w->count * sizeof *closed) == 0;
        memcpy(closed, p->last, w->count * sizeof *closed);
        if (same)
            return false;
        *j = judge(w, closed, p->relief);
        if (holds(w, j))
            return true;
        if (!j->known)
            return false;
    }
    return false;
}

/* The position whose next step restores most for its price; count: none restores anything. */
static uint32_t best_step(const struct work *w, const int64_t *closed)
{
    uint32_t best = w->count;
    int64_t best_gain = 0, best_cost = 1;
    for (uint32_t i = 0; i < w->count; i++) {
        const struct pl_partial_position *q = &w->positions[i];
        if (closed[i] == q->limit)
            continue;
        uint32_t flags = 0;
        int64_t cost = pl_partial_cost(q, closed[i] + 1) - pl_partial_cost(q, closed[i]);
        int64_t gain = pl_mul_div_down(w->p->relief[i], 1, q->steps, &flags) - cost;
        if (gain > 0 && (pl_i128)gain * best_cost > (pl_i128)best_gain * (cost + 1)) {
            best = i;
            best_gain = gain;
            best_cost = cost + 1;
        }
    }
    return best;
}

/* Large steps, rounded up, may miss the target that the cover meets: single steps from there. */
static bool step_on(struct work *w, int64_t *closed, struct pl_partial_judgement *j)
{
    for (int n = 0; n < STEPS && j->known; n++) {
        uint32_t i = best_step(w, closed);
        if (i == w->count)
            return false;
        closed[i]++;
        *j = judge(w, closed, w->p->relief);
        if (holds(w, j))
            return true;
    }
    return false;
}

/* closed + share / 2^BLENDS of the way to all limits. */
static void blend(const struct work *w, const int64_t *closed, int share, int64_t *out)
{
    for (uint32_t i = 0; i < w->count; i++) {
        pl_i128 way = (pl_i128)(w->positions[i].limit - closed[i]) * share;
        out[i] = closed[i] + (int64_t)((way + (1 << BLENDS) - 1) >> BLENDS);
    }
}

/* The least blend that holds, by halving; false: not even the limits do. */
static bool move_to_limits(struct work *w, int64_t *closed, struct pl_partial_judgement *j)
{
    int low = 0, high = 1 << BLENDS;
    int64_t *way = w->p->last;
    struct pl_partial_judgement best, one;
    blend(w, closed, high, way);
    best = judge(w, way, NULL);
    if (!holds(w, &best))
        return false;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        blend(w, closed, middle, way);
        one = judge(w, way, NULL);
        if (holds(w, &one))
            high = middle, best = one;
        else
            low = middle;
    }
    blend(w, closed, high, way);
    memcpy(closed, way, w->count * sizeof *closed);
    *j = best;
    return true;
}

/* Takes a step back wherever it was rounded up, is no trifle, and the account holds without it. */
static void take_back(struct work *w, int64_t *closed, struct pl_partial_judgement *j)
{
    for (uint32_t i = 0; i < w->count; i++) {
        if (closed[i] == 0 || (w->p->exact && (!w->p->rounded[i] || closed[i] >= TRIFLE)))
            continue;
        closed[i]--;
        struct pl_partial_judgement one = judge(w, closed, NULL);
        if (holds(w, &one))
            *j = one;
        else
            closed[i]++;
    }
}

static bool is_limited(const struct work *w)
{
    for (uint32_t i = 0; i < w->count; i++) {
        if (w->positions[i].limit < w->positions[i].steps)
            return true;
    }
    return false;
}

/* Within limits that bind: the cover as far as it goes, if it improves anything. */
static enum pl_partial_reason as_far_as_limits_go(struct work *w, struct pl_partial_judgement *j)
{
    struct pl_partial *p = w->p;
    if (!is_limited(w))
        return PL_PARTIAL_HOPELESS;
    *j = judge(w, p->closed, NULL);
    if (no_riskier(w, j) && j->maintenance_e8 < p->before.maintenance_e8)
        return PL_PARTIAL_LIMITED;
    blend(w, p->closed, 1 << BLENDS, p->last);
    *j = judge(w, p->last, NULL);
    if (!no_riskier(w, j) || j->maintenance_e8 == p->before.maintenance_e8)
        return PL_PARTIAL_HOPELESS;
    memcpy(p->closed, p->last, w->count * sizeof *p->closed);
    return PL_PARTIAL_LIMITED;
}

static bool is_well_formed(const struct pl_partial_position *q)
{
    bool good = q->steps > 0 && q->limit >= 0 && q->limit <= q->steps && q->notional_e8 >= 0;
    int64_t rate = 0;
    for (int level = 0; level < PL_PARTIAL_LEVELS; level++) {
        good = good && q->levels[level].steps >= 0 && q->levels[level].rate_q40 >= rate;
        rate = q->levels[level].rate_q40;
    }
    return good && rate <= ONE;
}

enum pl_partial_reason pl_partial_plan(struct pl_partial *p, const struct pl_partial_rules *rules,
                                       const struct pl_partial_position *positions, uint32_t count,
                                       const struct pl_partial_judge *given)
{
    struct work w = {
        .p = p, .rules = rules, .positions = positions, .judge = given, .count = count
    };
    struct pl_partial_judgement j;
    enum pl_partial_reason reason = PL_PARTIAL_PLANNED;
    if (count > PL_PARTIAL_POSITIONS_MAX)
        return PL_PARTIAL_TOO_MANY;
    for (uint32_t i = 0; i < count; i++) {
        if (!is_well_formed(&positions[i]))
            return PL_PARTIAL_MALFORMED;
    }
    p->judgements = 0;
    p->exact = false;
    memset(p->closed, 0, count * sizeof *p->closed);
    p->before = p->after = judge(&w, p->closed, p->relief);
    if (!p->before.known)
        return PL_PARTIAL_INDETERMINATE;
    if (beyond(&w, &p->before) >= 0)
        return PL_PARTIAL_NOT_NEEDED;
    p->exact = search(&w, p->closed, &j);
    if (p->exact || step_on(&w, p->closed, &j) || move_to_limits(&w, p->closed, &j))
        take_back(&w, p->closed, &j);
    else
        reason = as_far_as_limits_go(&w, &j);
    if (reason == PL_PARTIAL_HOPELESS) {
        memset(p->closed, 0, count * sizeof *p->closed);
        return reason;
    }
    p->after = j;
    p->cost_e8 = total_cost(&w, p->closed);
    p->notional_e8 = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t flags = 0;
        p->notional_e8 +=
            pl_mul_div_up(positions[i].notional_e8, p->closed[i], positions[i].steps, &flags);
    }
    return reason;
}
