/* Payloads of the venue (decide/venue.h): how it was set up, and what it was given. Its structures
 * stand as they lie in memory, little-endian and without padding, like its actions. */
#ifndef PL_JOURNAL_VENUE_RECORDS_H
#define PL_JOURNAL_VENUE_RECORDS_H

#include "decide/venue.h"
#include "journal.h"
#include "records.h"

/* To be raised when the same inputs may lead to other actions: an older journal is then recomputed
 * by the program that wrote it. */
#define PL_DECISIONS_VERSION 2

/* How an input stands in a record. */
enum pl_given_tag {
    PL_GIVEN_INPUT = 1,    /* time, kind, account, and what its kind uses of the union */
    PL_GIVEN_VERDICTS = 2, /* time, first account, count: each its latest verdict */
};
#define PL_GIVEN_VERDICTS_BYTES (1 + 8 + 4 + 4)

/* Bytes of the union that an input of a kind uses; negative: there is no such kind. */
int pl_given_bytes(uint32_t kind);
void pl_payload_input(struct pl_payload *payload, const struct pl_venue_input *input);
void pl_payload_verdicts(struct pl_payload *payload, int64_t time_us, uint32_t first,
                         uint32_t count);
/* After the tag. */
void pl_read_input(struct pl_reading *reading, struct pl_venue_input *input);

/* What the venue is told of a verdict, at a time. */
void pl_venue_input_of(struct pl_venue_input *input, int64_t time_us, uint32_t account,
                       const struct pl_verdict *verdict);

/* The account that an action concerns, or PL_JOURNAL_NO_ACCOUNT: some are of an asset, of a fund or
 * of nobody. */
uint32_t pl_action_account(const struct pl_venue_action *action);

/* `run` says for people by what parameters the inputs came about. */
void pl_payload_venue(struct pl_payload *payload, const char *run,
                      const struct pl_venue_rules *rules, const struct pl_venue_setup *setup);

#define PL_RUN_TEXT_BYTES 192
/* A venue as it was; what `setup` points to lies in one block of memory. */
struct pl_venue_record {
    char run[PL_RUN_TEXT_BYTES];
    struct pl_venue_rules rules;
    struct pl_venue_setup setup;
    void *block;
};
/* 0; -EBADMSG: not such a record; -EPROTONOSUPPORT: of other structures or another
 * PL_DECISIONS_VERSION; -ENOMEM. */
int pl_read_venue(const uint8_t *payload, size_t bytes, struct pl_venue_record *out);
void pl_venue_record_free(struct pl_venue_record *record);

#endif
