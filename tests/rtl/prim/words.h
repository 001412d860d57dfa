/* Words side by side on packed ports; COUNT comes from make. */
#ifndef PL_WORDS_H
#define PL_WORDS_H

#include "support/bench.h"

namespace bench
{
/* Word `i` of a packed port, of any width: `width` bits at i * width. */
template <class Port> void put_word(Port &port, unsigned i, u128 value, unsigned width)
{
    if constexpr (COUNT == 1) {
        put(port, value, width);
    } else {
        for (unsigned bit = 0; bit < width; bit++) {
            const unsigned at = i * width + bit;
            if constexpr (sizeof(Port) <= 8)
                port = (Port)((port & ~((u128)1 << at)) | (value >> bit & 1) << at);
            else
                port[at / 32] = (port[at / 32] & ~(1u << at % 32)) | (uint32_t)(value >> bit & 1)
                                                                         << at % 32;
        }
    }
}
template <class Port> u128 word(const Port &port, unsigned i, unsigned width)
{
    if constexpr (sizeof(Port) <= 8) {
        return low_bits((u128)port >> i * width, width);
    } else {
        u128 value = 0;
        for (unsigned bit = 0; bit < width; bit++)
            value |= (u128)(port[(i * width + bit) / 32] >> (i * width + bit) % 32 & 1) << bit;
        return value;
    }
}
} // namespace bench

#endif
