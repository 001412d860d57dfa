/* Vectors of eight 64-bit words and what the kernels do with them, by AVX-512 with IFMA.
 * vec_avx2.h has the same for AVX2. Compiled for that instruction set only.
 *
 * A sum of products is two halves, 2^HALF_BITS high + low, of words below 2^52 times sizes whose
 * sum is below 2^SIZE_BITS. */
#ifndef PL_CPU_VEC_AVX512_H
#define PL_CPU_VEC_AVX512_H

#include <immintrin.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))
#define KERNEL INLINE /* a function between v_enter() and v_leave() */
#define HALF_BITS 52
#define SIZE_BITS 42

typedef __m512i vec;
typedef __mmask8 mask;

/* Around a call of a KERNEL, which may use mul52() and v_leading_zeros(). */
INLINE unsigned v_enter(void)
{
    return 0;
}

INLINE void v_leave(unsigned before)
{
    (void)before;
}

INLINE vec v_zero(void)
{
    return _mm512_setzero_si512();
}

INLINE vec v_all(uint64_t x)
{
    return _mm512_set1_epi64((int64_t)x);
}

INLINE vec v_load(const void *from) /* 64-byte aligned */
{
    return _mm512_load_si512(from);
}

INLINE vec v_loadu(const void *from)
{
    return _mm512_loadu_si512(from);
}

INLINE void v_storeu(void *to, vec x)
{
    _mm512_storeu_si512(to, x);
}

INLINE vec v_add(vec a, vec b)
{
    return _mm512_add_epi64(a, b);
}

INLINE vec v_sub(vec a, vec b)
{
    return _mm512_sub_epi64(a, b);
}

INLINE vec v_and(vec a, vec b)
{
    return _mm512_and_si512(a, b);
}

INLINE vec v_andnot(vec a, vec b) /* ~a & b */
{
    return _mm512_andnot_si512(a, b);
}

INLINE vec v_or(vec a, vec b)
{
    return _mm512_or_si512(a, b);
}

INLINE vec v_min(vec a, vec b) /* signed */
{
    return _mm512_min_epi64(a, b);
}

INLINE vec v_abs(vec a)
{
    return _mm512_abs_epi64(a);
}

INLINE vec v_shl(vec a, const unsigned n)
{
    return _mm512_slli_epi64(a, n);
}

INLINE vec v_shr(vec a, const unsigned n)
{
    return _mm512_srli_epi64(a, n);
}

/* By a count per word; 0 for counts of 64 and more, as numbers without sign. */
INLINE vec v_shlv(vec a, vec n)
{
    return _mm512_sllv_epi64(a, n);
}

INLINE vec v_shrv(vec a, vec n)
{
    return _mm512_srlv_epi64(a, n);
}

INLINE vec v_mullo(vec a, vec b)
{
    return _mm512_mullo_epi64(a, b);
}

INLINE vec v_leading_zeros(vec a)
{
    return _mm512_lzcnt_epi64(a);
}

/* floor(a b / 2^52) of words below 2^52 */
INLINE vec mul52(vec a, vec b)
{
    return _mm512_madd52hi_epu64(v_zero(), a, b);
}

INLINE mask m_and(mask a, mask b)
{
    return a & b;
}

INLINE mask m_or(mask a, mask b)
{
    return a | b;
}

INLINE mask m_xor(mask a, mask b)
{
    return a ^ b;
}

INLINE mask m_not(mask a)
{
    return (mask)~a;
}

INLINE mask m_from_bits(uint8_t bits)
{
    return bits;
}

INLINE uint8_t m_bits(mask m)
{
    return m;
}

INLINE mask m_zero(vec a)
{
    return _mm512_testn_epi64_mask(a, a);
}

INLINE mask m_nonzero(vec a)
{
    return _mm512_test_epi64_mask(a, a);
}

INLINE mask m_none(void)
{
    return 0;
}

INLINE mask m_all(void)
{
    return 0xff;
}

INLINE mask m_negative(vec a)
{
    return _mm512_movepi64_mask(a);
}

INLINE mask m_equal(vec a, vec b)
{
    return _mm512_cmpeq_epi64_mask(a, b);
}

INLINE mask m_above(vec a, vec b) /* signed */
{
    return _mm512_cmpgt_epi64_mask(a, b);
}

INLINE vec v_pick(mask m, vec yes, vec no)
{
    return _mm512_mask_blend_epi64(m, no, yes);
}

INLINE vec v_keep(mask m, vec a) /* elsewhere 0 */
{
    return _mm512_maskz_mov_epi64(m, a);
}

INLINE vec v_negate(mask m, vec a) /* elsewhere a */
{
    return _mm512_mask_sub_epi64(a, m, v_zero(), a);
}

INLINE _Bool v_any(vec a, uint64_t bits) /* of any word */
{
    return _mm512_test_epi64_mask(a, v_all(bits)) != 0;
}

INLINE int64_t v_least(vec a)
{
    return _mm512_reduce_min_epi64(a);
}

/* Word i: the least of row i. */
INLINE vec v_least_of(const int64_t rows[8][8])
{
    const vec low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
    const vec high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
    vec two[4], four[2];
    for (int i = 0; i < 4; i++) {
        const vec a = v_load(rows[2 * i]), b = v_load(rows[2 * i + 1]);
        two[i] = v_min(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
    }
    for (int i = 0; i < 2; i++) {
        const vec a = two[2 * i], b = two[2 * i + 1];
        four[i] =
            v_min(_mm512_permutex2var_epi64(a, low, b), _mm512_permutex2var_epi64(a, high, b));
    }
    return v_min(_mm512_shuffle_i64x2(four[0], four[1], 0x44),
                 _mm512_shuffle_i64x2(four[0], four[1], 0xee));
}

/* Word i of out[n]: word columns[n] of row i. */
INLINE void v_columns(const int64_t rows[8][8], const int columns[4], vec out[4])
{
    const vec pick = _mm512_setr_epi64(columns[0], columns[0] + 8, columns[1], columns[1] + 8,
                                       columns[2], columns[2] + 8, columns[3], columns[3] + 8);
    const vec low = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
    const vec high = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
    vec two[4], first[2], second[2];
    for (int i = 0; i < 4; i++)
        two[i] = _mm512_permutex2var_epi64(v_load(rows[2 * i]), pick, v_load(rows[2 * i + 1]));
    for (int i = 0; i < 2; i++) {
        first[i] = _mm512_permutex2var_epi64(two[2 * i], low, two[2 * i + 1]);
        second[i] = _mm512_permutex2var_epi64(two[2 * i], high, two[2 * i + 1]);
    }
    out[0] = _mm512_shuffle_i64x2(first[0], first[1], 0x44);
    out[1] = _mm512_shuffle_i64x2(first[0], first[1], 0xee);
    out[2] = _mm512_shuffle_i64x2(second[0], second[1], 0x44);
    out[3] = _mm512_shuffle_i64x2(second[0], second[1], 0xee);
}

INLINE vec v_first(vec a) /* the first word, everywhere */
{
    return _mm512_broadcastq_epi64(_mm512_castsi512_si128(a));
}

INLINE vec v_swap_pairs(vec a) /* words 1, 0, 3, 2, .. */
{
    return _mm512_shuffle_epi32(a, (_MM_PERM_ENUM)0x4e);
}

/* What of a position's words is to be multiplied: w, or 2^52 - w where side is -1 and not 0. */
INLINE vec v_words(vec w, int32_t side)
{
    return _mm512_mask_sub_epi64(w, (mask)side, v_zero(), w);
}

INLINE void v_add_product(vec *low, vec *high, vec words, vec size)
{
    *low = _mm512_madd52lo_epu64(*low, words, size);
    *high = _mm512_madd52hi_epu64(*high, words, size);
}

/* (2^HALF_BITS high + low) / 2^shift, floored, modulo 2^64; shift from -12 to 40. */
INLINE vec v_join(vec high, vec low, int shift)
{
    high = _mm512_sll_epi64(high, _mm_cvtsi32_si128(HALF_BITS - shift));
    low = shift < 0 ? _mm512_sll_epi64(low, _mm_cvtsi32_si128(-shift))
                    : _mm512_srl_epi64(low, _mm_cvtsi32_si128(shift));
    return _mm512_add_epi64(high, low);
}

/* value * coefficient / 2^40, floored; |value| below 2^58, coefficient at most 2^42 */
INLINE vec v_scale(vec value, vec coefficient)
{
    vec high = _mm512_srai_epi64(value, 40), low = _mm512_slli_epi64(value, 12);
    return _mm512_madd52hi_epu64(_mm512_mullo_epi64(high, coefficient), low, coefficient);
}

/* table[index], of eight entries */
INLINE vec v_table8(const uint16_t table[8], vec index)
{
    vec all = _mm512_cvtepu16_epi64(_mm_loadu_si128((const __m128i *)table));
    return _mm512_permutexvar_epi64(index, all);
}

INLINE vec v_two_rows(const uint64_t *low, const uint64_t *high)
{
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)low)),
                              _mm256_loadu_si256((const __m256i *)high), 1);
}

INLINE __m128i v_two_words(const uint64_t *low, const uint64_t *high)
{
    return _mm_castpd_si128(_mm_loadh_pd(_mm_castsi128_pd(_mm_loadl_epi64((const __m128i *)low)),
                                         (const double *)high));
}

/* out[i] is entry i of each of eight rows of five words: loading whole rows and turning them round
 * takes a third of the time of five gathers. */
INLINE void v_turn_rows(const uint64_t *rom, vec rows, vec out[5])
{
    const vec first = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
    const vec second = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
    uint64_t at[8];
    v_storeu(at, v_add(v_shl(rows, 2), rows));
    const vec r04 = v_two_rows(rom + at[0], rom + at[4]),
              r15 = v_two_rows(rom + at[1], rom + at[5]);
    const vec r26 = v_two_rows(rom + at[2], rom + at[6]),
              r37 = v_two_rows(rom + at[3], rom + at[7]);
    const vec even = _mm512_unpacklo_epi64(r04, r15), odd = _mm512_unpackhi_epi64(r04, r15);
    const vec even2 = _mm512_unpacklo_epi64(r26, r37), odd2 = _mm512_unpackhi_epi64(r26, r37);
    out[0] = _mm512_permutex2var_epi64(even, first, even2);
    out[1] = _mm512_permutex2var_epi64(odd, first, odd2);
    out[2] = _mm512_permutex2var_epi64(even, second, even2);
    out[3] = _mm512_permutex2var_epi64(odd, second, odd2);
    const uint64_t *last = rom + 4;
    vec c = _mm512_castsi128_si512(v_two_words(last + at[0], last + at[1]));
    c = _mm512_inserti64x2(c, v_two_words(last + at[2], last + at[3]), 1);
    c = _mm512_inserti64x2(c, v_two_words(last + at[4], last + at[5]), 2);
    out[4] = _mm512_inserti64x2(c, v_two_words(last + at[6], last + at[7]), 3);
}

#endif
