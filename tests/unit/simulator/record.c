#include "record.h"

#include "../support/random.h"

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *b = bytes;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ b[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static void read_given(struct record *out, const struct pl_journal_entry *e)
{
    struct pl_reading r = { .at = e->payload, .left = e->payload_bytes };
    while (r.left > 0 && !r.failed) {
        assert_true(out->input_count < RECORD_INPUTS_MAX);
        assert_int_equal(pl_read_word(&r, 1), PL_GIVEN_INPUT);
        out->batches[out->input_count] = e->batch;
        pl_read_input(&r, &out->inputs[out->input_count++]);
    }
    assert_false(r.failed);
}

static void read_entry(struct record *out, const struct pl_journal_entry *e)
{
    const uint64_t words[] = { e->sequence, e->batch,   (uint64_t)e->time_us,
                               e->kind,     e->account, e->payload_bytes };
    if (out->digests) {
        out->digest = hash_bytes(out->digest, words, sizeof words);
        out->digest = hash_bytes(out->digest, e->payload, e->payload_bytes);
    }
    if (e->kind == PL_ENTRY_VENUE)
        assert_int_equal(pl_read_venue(e->payload, e->payload_bytes, &out->venue), 0);
    if (e->kind == PL_ENTRY_GIVEN)
        read_given(out, e);
    if (pl_entry_is_action(e->kind)) {
        out->actions++;
        out->hash = hash_bytes(out->hash, e->payload, e->payload_bytes);
    }
    out->acknowledged += e->kind == PL_ENTRY_ACKNOWLEDGED;
}

void record_read(struct pl_journal *journal, struct record *out, record_visitor *visit,
                 void *context)
{
    struct pl_journal_entry entry;
    int got = 1, error = pl_journal_list(journal, &pl_journal_all);
    memset(&out->venue, 0, sizeof out->venue);
    out->input_count = 0;
    out->actions = out->acknowledged = out->hash = out->digest = 0;
    while (error == 0 && (got = pl_journal_next(journal, &entry)) == 1) {
        read_entry(out, &entry);
        visit(context, &entry);
    }
    if (error != 0 || got != 0)
        fail_msg("%s", pl_journal_message(journal));
}

bool same_input(const struct pl_venue_input *a, const struct pl_venue_input *b)
{
    const int bytes = pl_given_bytes(a->kind);
    return a->kind == b->kind && a->account == b->account && a->time_us == b->time_us &&
           bytes >= 0 && memcmp(&a->as, &b->as, (size_t)bytes) == 0;
}
