#include "acting.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "buffer.h"

void pl_acting_open(struct pl_acting *a, struct pl_recording *recording, bool journaled)
{
    *a = (struct pl_acting){ .recording = recording, .journaled = journaled };
}

void pl_acting_close(struct pl_acting *a)
{
    free(a->batch);
    free(a->before);
    a->batch = a->before = NULL;
}

bool pl_acting_may(const struct pl_acting *a)
{
    return !a->journaled || !a->recording->failed;
}

static uint64_t total(const struct pl_action_run *runs, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += runs[i].count;
    return sum;
}

/* What was waiting for the batch stays. */
static void withhold(struct pl_acting *a)
{
    a->withheld += total(a->batch, a->batch_count);
    a->batch_count = a->before_count = 0;
}

static bool check(struct pl_acting *a, int error)
{
    if (error == 0)
        return true;
    pl_recording_check(a->recording, error);
    withhold(a);
    return false;
}

static bool note(struct pl_acting *a, uint64_t first, uint32_t count)
{
    if (a->batch_count == a->batch_capacity) {
        const size_t capacity = 2 * a->batch_capacity + 64;
        struct pl_action_run *batch = realloc(a->batch, capacity * sizeof *batch);
        if (batch == NULL) {
            pl_complain("out of memory for the actions of a batch");
            pl_recording_stop(a->recording);
            withhold(a);
            return false;
        }
        a->batch = batch;
        a->batch_capacity = capacity;
    }
    a->batch[a->batch_count++] = (struct pl_action_run){ first, count };
    return true;
}

void pl_acting_decided(struct pl_acting *a, const struct pl_venue_input *input,
                       const struct pl_venue_action *actions, uint32_t count)
{
    uint64_t first = 0;
    if (!a->journaled)
        return;
    if (a->recording->failed) {
        a->withheld += count;
        return;
    }
    int error = pl_recorder_decided(a->recording->recorder, input, actions, count, &first);
    if (!check(a, error) || (count > 0 && !note(a, first, count)))
        a->withheld += count;
}

/* Those of the batch before have arrived. */
static int acknowledge(struct pl_acting *a)
{
    int error = 0;
    for (size_t i = 0; i < a->before_count && error == 0; i++)
        for (uint32_t k = 0; k < a->before[i].count && error == 0; k++)
            error = pl_journal_acknowledge(a->recording->journal, a->before[i].first + k);
    a->before_count = 0;
    return error;
}

static int hand_out(struct pl_acting *a)
{
    struct pl_journal_entry action;
    bool possibly_sent;
    int got;
    while ((got = pl_journal_next_action(a->recording->journal, &action, &possibly_sent)) == 1) {
        a->sent++;
        a->repeated += possibly_sent;
        if (a->receive != NULL)
            a->receive(a->receiver, &action, possibly_sent);
    }
    return got;
}

bool pl_acting_let_out(struct pl_acting *a)
{
    struct pl_recording *r = a->recording;
    if (!a->journaled)
        return true;
    if (r->failed || !pl_journal_is_open(r->journal))
        return !r->failed;
    int error = acknowledge(a);
    error = error != 0 ? error : pl_recorder_complete(r->recorder);
    error = error != 0 ? error : pl_journal_commit(r->journal);
    if (!check(a, error))
        return false;
    struct pl_action_run *spare = a->before;
    const size_t spare_capacity = a->before_capacity;
    a->before = a->batch;
    a->before_count = a->batch_count;
    a->before_capacity = a->batch_capacity;
    a->batch = spare;
    a->batch_count = 0;
    a->batch_capacity = spare_capacity;
    const uint64_t durable = total(a->before, a->before_count), sent = a->sent;
    error = hand_out(a);
    a->withheld += error != 0 && a->sent - sent < durable ? durable - (a->sent - sent) : 0;
    return check(a, error);
}

void pl_acting_finish(struct pl_acting *a, int64_t time_us)
{
    if (!a->journaled || !pl_acting_let_out(a))
        return;
    if (a->before_count > 0 && !check(a, pl_journal_begin(a->recording->journal, time_us)))
        return;
    if (pl_acting_let_out(a))
        check(a, pl_journal_follow_end(a->recording->journal));
}
