/* Payloads of the inputs: what the library is given, as little-endian records (docs/journal.md).
 * Writing goes on into memory that grows; reading never passes the end of a payload. */
#ifndef PL_JOURNAL_RECORDS_H
#define PL_JOURNAL_RECORDS_H

#include "plimsoll.h"

/* Bytes being written. */
struct pl_payload {
    uint8_t *bytes;
    size_t used, capacity;
    bool failed; /* no memory, or a text of more than 65535 bytes: nothing is added any more */
};

void pl_payload_word(struct pl_payload *payload, unsigned bytes, uint64_t value);
/* Writes again where something stands. */
void pl_payload_word_at(struct pl_payload *payload, size_t at, unsigned bytes, uint64_t value);
void pl_payload_bytes(struct pl_payload *payload, const void *bytes, size_t count);
void pl_payload_text(struct pl_payload *payload, const char *text); /* NULL: as "" */
void pl_payload_load(struct pl_payload *payload, const struct pl_setup *setup, uint8_t profile);
void pl_payload_price(struct pl_payload *payload, const char *symbol, const struct pl_price *price);
void pl_payload_account(struct pl_payload *payload, const struct pl_account *account);
void pl_payload_free(struct pl_payload *payload);

/* How an account stands in a submission. */
enum pl_account_tag {
    PL_ACCOUNT_GIVEN = 1, /* in full */
    PL_ACCOUNT_RUN = 2,   /* first number, count: each as it was given last */
};

/* A payload being read. Past its end, words are 0 and `failed` is set. */
struct pl_reading {
    const uint8_t *at;
    size_t left;
    bool failed;
};

uint64_t pl_read_word(struct pl_reading *reading, unsigned bytes);
const uint8_t *pl_read_bytes(struct pl_reading *reading, size_t count); /* NULL: too few */
void pl_read_symbol(struct pl_reading *reading, char out[PL_SYMBOL_BYTES]);
void pl_read_price(struct pl_reading *reading, char symbol[PL_SYMBOL_BYTES],
                   struct pl_price *price);
/* All but the holdings, whose number is in holding_count. */
void pl_read_account(struct pl_reading *reading, struct pl_account *account);
void pl_read_holding(struct pl_reading *reading, struct pl_holding *holding);

#define PL_HOLDING_RECORD_BYTES 40

/* A load as it was: what `setup` points to lies in one block of memory. */
struct pl_load_record {
    struct pl_setup setup;
    uint8_t profile;
    uint64_t contract_hash;
    void *block;
};
/* 0, -EBADMSG (not such a record) or -ENOMEM. */
int pl_read_load(const uint8_t *payload, size_t bytes, struct pl_load_record *out);
void pl_load_record_free(struct pl_load_record *load);

#endif
