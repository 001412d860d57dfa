#include "line_store.h"

#include <stdbool.h>
#include <stddef.h>

#include "pl_abi.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#define LEAF_FEATURES 7
#define MOVDIR64B_BIT (1u << 28) /* of ECX; Intel SDM, CPUID leaf 7 */

__attribute__((target("movdir64b"))) static void store_direct(void *to, const void *line)
{
    _movdir64b(to, line);
}

__attribute__((target("avx512f"))) static void store_wide(void *to, const void *line)
{
    _mm512_stream_si512(to, _mm512_loadu_si512(line));
}

static void store_quarters(void *to, const void *line)
{
    for (int i = 0; i < PL_LINE_BYTES / (int)sizeof(__m128i); i++)
        _mm_stream_si128((__m128i *)to + i, _mm_loadu_si128((const __m128i *)line + i));
}

static bool has_direct(void)
{
    unsigned a, b, c, d;
    return __get_cpuid_count(LEAF_FEATURES, 0, &a, &b, &c, &d) != 0 && (c & MOVDIR64B_BIT) != 0;
}

int pl_line_stores(pl_line_store *out[PL_LINE_STORES_MAX])
{
    int count = 0;
    if (has_direct())
        out[count++] = store_direct;
    if (__builtin_cpu_supports("avx512f"))
        out[count++] = store_wide;
    out[count++] = store_quarters;
    return count;
}

pl_line_store *pl_line_store_for(enum pl_line_memory memory)
{
    pl_line_store *stores[PL_LINE_STORES_MAX];
    pl_line_stores(stores);
    return memory == PL_LINE_WRITE_COMBINING || stores[0] == store_direct ? stores[0] : NULL;
}

void pl_line_flush(void)
{
    _mm_sfence();
}
#else
int pl_line_stores(pl_line_store *out[PL_LINE_STORES_MAX])
{
    (void)out;
    return 0;
}

pl_line_store *pl_line_store_for(enum pl_line_memory memory)
{
    (void)memory;
    return NULL;
}

void pl_line_flush(void)
{
    __sync_synchronize();
}
#endif
