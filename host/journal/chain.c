#include "chain.h"

#include <nettle/sha2.h>

#include "words.h"

_Static_assert(PL_JOURNAL_HASH_BYTES == SHA256_DIGEST_SIZE, "one hash");

void pl_chain_hash(const uint8_t before[PL_JOURNAL_HASH_BYTES],
                   const struct pl_journal_entry *entry, uint8_t out[PL_JOURNAL_HASH_BYTES])
{
    uint8_t words[40];
    struct sha256_ctx sha;
    pl_word_put(words, 8, entry->sequence);
    pl_word_put(words + 8, 8, entry->batch);
    pl_word_put(words + 16, 8, (uint64_t)entry->time_us);
    pl_word_put(words + 24, 4, entry->kind);
    pl_word_put(words + 28, 4, entry->account);
    pl_word_put(words + 32, 8, entry->payload_bytes);
    sha256_init(&sha);
    sha256_update(&sha, PL_JOURNAL_HASH_BYTES, before);
    sha256_update(&sha, sizeof words, words);
    if (entry->payload_bytes > 0)
        sha256_update(&sha, entry->payload_bytes, entry->payload);
    sha256_digest(&sha, PL_JOURNAL_HASH_BYTES, out);
}
