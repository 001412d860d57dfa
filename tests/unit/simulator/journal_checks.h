/* What must hold of the journal in the end: it is intact and has what a life without a crash
 * leaves: every input once, in its batch; every action that they lead to, which left and was
 * acknowledged once; nothing else. Decided again by its records alone it gives the venue's bytes.
 */
#ifndef PL_TEST_JOURNAL_CHECKS_H
#define PL_TEST_JOURNAL_CHECKS_H

#include "journal/replay_venue.h"
#include "venue_crashes.h"

struct repetition {
    struct pl_replay_venue venue;
    char message[PL_MESSAGE_BYTES];
    const struct world *world;
    uint32_t records; /* of inputs */
};

/* A copy goes on as the venue itself. */
static struct pl_venue *moved(const struct world *w, struct pl_venue *venue)
{
    const size_t bytes = pl_venue_bytes(&w->setup);
    struct pl_venue *copy = aligned_alloc(16, (bytes + 15) / 16 * 16);
    assert_non_null(copy);
    memset(copy, 0x5a, bytes);
    memcpy(copy, venue, pl_venue_state_bytes(venue));
    free(venue);
    return copy;
}

static int repeat(struct repetition *r, const struct pl_journal_entry *e)
{
    if (pl_entry_is_action(e->kind))
        return pl_replay_venue_action(&r->venue, e);
    const int differs = pl_replay_venue_complete(&r->venue);
    if (differs != 0 || (e->kind != PL_ENTRY_VENUE && e->kind != PL_ENTRY_GIVEN))
        return differs;
    if (e->kind == PL_ENTRY_VENUE)
        return pl_replay_venue_set_up(&r->venue, e);
    if (r->records++ == 20)
        r->venue.venue = moved(r->world, r->venue.venue);
    return pl_replay_venue_given(&r->venue, e);
}

static void check_entry(void *context, const struct pl_journal_entry *e)
{
    struct repetition *r = context;
    if (repeat(r, e) != 0)
        fail_msg("entry %" PRIu64 ": %s", e->sequence, r->message);
    if (!pl_entry_is_action(e->kind))
        return;
    const struct letter *l = process_letter(e->sequence);
    if (l->unmarked > 1 || l->unmarked + l->marked == 0 ||
        memcmp(&l->action, e->payload, sizeof l->action) != 0)
        fail_msg("action %" PRIu64 " came %d times unmarked and %d times marked", e->sequence,
                 l->unmarked, l->marked);
}

/* What all of it comes to, where that is wanted for comparison. */
static uint64_t check_journal(const struct world *w, bool digest)
{
    struct pl_journal *journal;
    char message[PL_JOURNAL_MESSAGE_BYTES];
    struct repetition r = { .world = w };
    r.venue.message = r.message;
    if (pl_journal_open(PROCESS_JOURNAL, PL_JOURNAL_READ, &journal, message) != 0)
        fail_msg("%s", message);
    if (pl_journal_verify(journal, NULL) != 0)
        fail_msg("%s", pl_journal_message(journal));
    found.digests = digest;
    record_read(journal, &found, check_entry, &r);
    pl_venue_record_free(&found.venue);
    assert_int_equal(pl_replay_venue_complete(&r.venue), 0);
    assert_memory_equal(r.venue.venue, w->venue, pl_venue_state_bytes(w->venue));
    assert_int_equal(found.input_count, w->input_count);
    for (uint32_t i = 0; i < w->input_count; i++)
        if (!same_input(&found.inputs[i], &w->inputs[i]) || found.batches[i] != batches[i])
            fail_msg("input %" PRIu32 " is another in the journal", i);
    assert_true(found.hash == w->hash);
    assert_int_equal(found.acknowledged, found.actions);
    assert_int_equal(pl_journal_waiting(journal), 0);
    pl_replay_venue_forget(&r.venue);
    pl_journal_close(journal);
    return found.digest;
}

#endif
