/* The chain: the hash of an entry is over the hash of the one before it and everything that the
 * entry says, so that nothing can be altered, removed or moved without a trace. */
#ifndef PL_JOURNAL_CHAIN_H
#define PL_JOURNAL_CHAIN_H

#include "journal.h"

/* SHA-256 over: the hash before (of the first entry: the journal's start value), then little-endian
 * sequence (8 bytes), batch (8), time_us (8), kind (4), account (4), payload_bytes (8), payload. */
void pl_chain_hash(const uint8_t before[PL_JOURNAL_HASH_BYTES],
                   const struct pl_journal_entry *entry, uint8_t out[PL_JOURNAL_HASH_BYTES]);

#endif
