/* What a journal of a venue holds, by its entries alone. */
#ifndef PL_TEST_RECORD_H
#define PL_TEST_RECORD_H

#include "journal/journal.h"
#include "journal/venue_records.h"

#define RECORD_INPUTS_MAX 40000

struct record {
    struct pl_venue_record venue; /* block NULL: none was set up */
    uint32_t input_count;
    struct pl_venue_input inputs[RECORD_INPUTS_MAX];
    uint64_t batches[RECORD_INPUTS_MAX]; /* of each input */
    uint64_t actions, acknowledged;
    uint64_t hash;   /* of all actions */
    bool digests;    /* is wanted: */
    uint64_t digest; /* of everything but the chain, which starts by chance */
};

/* FNV-1a, going on from `hash`. */
uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t count);

/* Told of each entry, in order. */
typedef void record_visitor(void *context, const struct pl_journal_entry *entry);
/* Fails the test where the journal cannot be read. Free out->venue. */
void record_read(struct pl_journal *journal, struct record *out, record_visitor *visit,
                 void *context);

/* As far as an input's kind uses it. */
bool same_input(const struct pl_venue_input *a, const struct pl_venue_input *b);

#endif
