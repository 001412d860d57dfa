/* The process breaks off with its disk and goes on: what it had promised is there, what was not
 * durable is given again and leads to the same, and then all is as it was before the crash. */
#ifndef PL_TEST_VENUE_CRASHES_H
#define PL_TEST_VENUE_CRASHES_H

#include "../journal/disk.h"
#include "venue_world.h"

#define CRASHES_MAX 8 /* of one life, each of the next ones with chance 1/3 */

static struct record found;

static void arm(struct break_plan *plan)
{
    plan->armed = true;
    disk_plan(DISK_POWER, plan->after, random_u64(&plan->random));
}

static void arm_if_due(struct world *w)
{
    if (!w->plan.armed && w->batch >= w->plan.batch)
        arm(&w->plan);
}

/* A process from what the journal holds; what it lost is given again. False: it broke, too. */
static bool start(struct world *w)
{
    found.digests = false;
    if (!process_start(&w->process, &w->rules, &w->setup, w->plan.checkpoint, &found))
        return false;
    const uint32_t durable = found.input_count;
    assert_true(durable >= w->durable && durable <= w->input_count);
    for (uint32_t i = 0; i < durable; i++)
        if (!same_input(&found.inputs[i], &w->inputs[i]) || found.batches[i] != batches[i])
            fail_msg("input %" PRIu32 " is another in the journal", i);
    uint64_t hash = found.hash;
    assert_true(durable == 0 || hash == hashes[durable - 1]);
    for (uint32_t i = durable; i < w->input_count; i++) {
        const uint32_t count = process_apply(&w->process, &w->inputs[i], actions);
        hash = hash_bytes(hash, actions, count * sizeof actions[0]);
    }
    assert_true(hash == w->hash);
    return process_let_out(&w->process);
}

static void mend_disk(struct world *w)
{
    struct break_plan *plan = &w->plan;
    if (random_once_in(&plan->random, 4))
        disk_keep(); /* the process alone was killed */
    else
        disk_restart();
    disk_plan(DISK_FINE, 0, 0);
    if (w->crashes < CRASHES_MAX && random_once_in(&plan->random, 3)) {
        plan->after = random_below(&plan->random, 60);
        arm(plan);
    }
}

static void recover(struct world *w)
{
    struct pl_venue *was = process_die(&w->process);
    w->crashes++;
    mend_disk(w);
    while (!start(w)) {
        free(process_die(&w->process));
        w->crashes++;
        mend_disk(w);
    }
    if (w->venue != NULL)
        assert_memory_equal(w->process.venue, was, pl_venue_state_bytes(was));
    free(was);
    w->venue = w->process.venue;
}

static void begin(struct world *w)
{
    arm_if_due(w);
    if (!start(w))
        recover(w);
    w->venue = w->process.venue;
}

/* Then all that was decided has left. */
static void end_batch(struct world *w)
{
    if (w->durable == w->input_count)
        return;
    arm_if_due(w);
    if (!process_let_out(&w->process))
        recover(w);
    assert_true(process_arrived() == w->acted);
    w->durable = w->input_count;
    w->batch++;
}

/* To the end; where nothing broke until then and it must, the power fails right after it. */
static void finish(struct world *w)
{
    if (w->plan.must_break && !w->plan.armed)
        arm(&w->plan);
    while (!process_finish(&w->process, w->now_us) || (w->plan.must_break && w->crashes == 0))
        recover(w);
    process_die(&w->process); /* but for its venue */
}

#endif
