/* Little-endian words in bytes, whatever the processor. */
#ifndef PL_JOURNAL_WORDS_H
#define PL_JOURNAL_WORDS_H

#include <stdint.h>

static inline void pl_word_put(uint8_t *out, unsigned bytes, uint64_t value)
{
    for (unsigned i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> 8 * i);
}

static inline uint64_t pl_word_get(const uint8_t *in, unsigned bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value |= (uint64_t)in[i] << 8 * i;
    return value;
}

#endif
