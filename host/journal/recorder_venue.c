/* What the venue was given, and what it did. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "handle.h"
#include "recorder_state.h"

static void end_run(struct pl_recorder *r)
{
    if (r->run_count > 0)
        pl_payload_verdicts(&r->inputs, r->run_us, r->run_first, r->run_count);
    r->run_count = 0;
}

int pl_recorder_complete(struct pl_recorder *r)
{
    end_run(r);
    if (r->inputs.used == 0)
        return 0;
    int error = pl_recorder_begin(r);
    error = error != 0 ? error : pl_recorder_append(r, PL_ENTRY_GIVEN, &r->inputs);
    r->inputs.used = 0;
    r->whole = r->whole && error == 0;
    return error;
}

void pl_recorder_at(struct pl_recorder *r, int64_t time_us)
{
    if (time_us > r->time_us)
        r->time_us = time_us;
}

int pl_recorder_venue(struct pl_recorder *r, const char *run, const struct pl_venue_rules *rules,
                      const struct pl_venue_setup *setup)
{
    pl_recorder_at(r, setup->start_us);
    int error = pl_recorder_begin(r);
    error = error != 0 ? error : pl_recorder_append_waiting(r);
    r->inputs.used = r->run_count = 0;
    r->inputs.failed = false;
    pl_payload_venue(&r->inputs, run, rules, setup);
    error = error != 0 ? error : pl_recorder_append(r, PL_ENTRY_VENUE, &r->inputs);
    r->inputs.used = 0;
    r->whole = r->whole && error == 0;
    return error;
}

/* It tells the latest verdict of its account: the number is enough. */
static bool tells_latest(const struct pl_recorder *r, const struct pl_venue_input *in)
{
    if (in->kind != PL_VENUE_VERDICT)
        return false;
    const int64_t place = pl_account_map_find(&r->map, in->account);
    return place >= 0 && r->given[place].verdict.kind == PL_VENUE_VERDICT &&
           memcmp(&r->given[place].verdict.as.verdict, &in->as.verdict, sizeof in->as.verdict) == 0;
}

static void put_input(struct pl_recorder *r, const struct pl_venue_input *in)
{
    if (!tells_latest(r, in)) {
        end_run(r);
        pl_payload_input(&r->inputs, in);
        return;
    }
    if (r->run_count > 0 &&
        (in->time_us != r->run_us || in->account != r->run_first + r->run_count))
        end_run(r);
    if (r->run_count == 0) {
        r->run_us = in->time_us;
        r->run_first = in->account;
    }
    r->run_count++;
}

int pl_recorder_decided(struct pl_recorder *r, const struct pl_venue_input *in,
                        const struct pl_venue_action *actions, uint32_t count, uint64_t *first)
{
    pl_recorder_at(r, in->time_us);
    int error = pl_recorder_begin(r);
    if (error != 0)
        return error;
    if (pl_given_bytes(in->kind) < 0) {
        r->whole = false;
        return pl_journal_refuse(r->journal, -EINVAL,
                                 "an input of kind %" PRIu32 " is none that can be recorded: the "
                                 "kinds are 0 to %d",
                                 in->kind, PL_VENUE_KINDS - 1);
    }
    put_input(r, in);
    if (r->inputs.failed)
        return pl_recorder_lose(r);
    error = count > 0 ? pl_recorder_complete(r) : 0;
    for (uint32_t i = 0; i < count && error == 0; i++) {
        uint64_t sequence;
        error = pl_journal_append(r->journal, PL_ENTRY_ACTION + actions[i].kind,
                                  pl_action_account(&actions[i]), &actions[i], sizeof actions[i],
                                  &sequence);
        if (i == 0 && error == 0)
            *first = sequence;
    }
    r->whole = r->whole && error == 0;
    return error;
}
