/* Vectors of eight 64-bit words and what the kernels do with them, by AVX2 and FMA: two registers
 * each. What the functions are to do is said in vec_avx512.h. Compiled for that instruction set
 * only. */
#ifndef PL_CPU_VEC_AVX2_H
#define PL_CPU_VEC_AVX2_H

#include <immintrin.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))
#define KERNEL                                                                                     \
    static __attribute__((noinline)) /* so that nothing leaves v_enter() .. v_leave()              \
                                      */
#define HALF_BITS 32
#define SIZE_BITS 32

typedef struct {
    __m256i a, b;
} vec;
typedef vec mask; /* all bits of a word, or none */

#define BOTH(f, x, ...) ((vec){ f((x).a, ##__VA_ARGS__), f((x).b, ##__VA_ARGS__) })
#define PAIRS(f, x, y) ((vec){ f((x).a, (y).a), f((x).b, (y).b) })

/* mul52() and v_leading_zeros() need numbers rounded towards zero. */
INLINE unsigned v_enter(void)
{
    unsigned before = _mm_getcsr();
    _mm_setcsr(before | _MM_ROUND_TOWARD_ZERO);
    return before;
}

INLINE void v_leave(unsigned before)
{
    _mm_setcsr(before);
}

INLINE vec v_zero(void)
{
    return (vec){ _mm256_setzero_si256(), _mm256_setzero_si256() };
}

INLINE vec v_all(uint64_t x)
{
    return (vec){ _mm256_set1_epi64x((int64_t)x), _mm256_set1_epi64x((int64_t)x) };
}

INLINE vec v_load(const void *from)
{
    const __m256i *p = from;
    return (vec){ _mm256_load_si256(p), _mm256_load_si256(p + 1) };
}

INLINE vec v_loadu(const void *from)
{
    const __m256i *p = from;
    return (vec){ _mm256_loadu_si256(p), _mm256_loadu_si256(p + 1) };
}

INLINE void v_storeu(void *to, vec x)
{
    __m256i *p = to;
    _mm256_storeu_si256(p, x.a);
    _mm256_storeu_si256(p + 1, x.b);
}

INLINE vec v_add(vec a, vec b)
{
    return PAIRS(_mm256_add_epi64, a, b);
}

INLINE vec v_sub(vec a, vec b)
{
    return PAIRS(_mm256_sub_epi64, a, b);
}

INLINE vec v_and(vec a, vec b)
{
    return PAIRS(_mm256_and_si256, a, b);
}

INLINE vec v_andnot(vec a, vec b)
{
    return PAIRS(_mm256_andnot_si256, a, b);
}

INLINE vec v_or(vec a, vec b)
{
    return PAIRS(_mm256_or_si256, a, b);
}

INLINE vec v_xor(vec a, vec b)
{
    return PAIRS(_mm256_xor_si256, a, b);
}

INLINE vec v_shl(vec a, const int n)
{
    return BOTH(_mm256_slli_epi64, a, n);
}

INLINE vec v_shr(vec a, const int n)
{
    return BOTH(_mm256_srli_epi64, a, n);
}

INLINE vec v_shlv(vec a, vec n)
{
    return PAIRS(_mm256_sllv_epi64, a, n);
}

INLINE vec v_shrv(vec a, vec n)
{
    return PAIRS(_mm256_srlv_epi64, a, n);
}

/* Products of the lower 32 bits of each word, without sign and with it. */
INLINE vec v_mul32(vec a, vec b)
{
    return PAIRS(_mm256_mul_epu32, a, b);
}

INLINE vec v_muls32(vec a, vec b)
{
    return PAIRS(_mm256_mul_epi32, a, b);
}

INLINE vec v_mullo(vec a, vec b)
{
    vec cross = v_add(v_mul32(v_shr(a, 32), b), v_mul32(a, v_shr(b, 32)));
    return v_add(v_mul32(a, b), v_shl(cross, 32));
}

INLINE mask m_and(mask a, mask b)
{
    return v_and(a, b);
}

INLINE mask m_or(mask a, mask b)
{
    return v_or(a, b);
}

INLINE mask m_xor(mask a, mask b)
{
    return v_xor(a, b);
}

INLINE mask m_not(mask a)
{
    return v_xor(a, v_all(UINT64_MAX));
}

INLINE mask m_equal(vec a, vec b)
{
    return PAIRS(_mm256_cmpeq_epi64, a, b);
}

INLINE mask m_above(vec a, vec b)
{
    return PAIRS(_mm256_cmpgt_epi64, a, b);
}

INLINE mask m_zero(vec a)
{
    return m_equal(a, v_zero());
}

INLINE mask m_nonzero(vec a)
{
    return m_not(m_zero(a));
}

INLINE mask m_none(void)
{
    return v_zero();
}

INLINE mask m_all(void)
{
    return v_all(UINT64_MAX);
}

INLINE mask m_negative(vec a)
{
    return m_above(v_zero(), a);
}

INLINE mask m_from_bits(uint8_t bits)
{
    const vec of_word = { _mm256_setr_epi64x(1, 2, 4, 8), _mm256_setr_epi64x(16, 32, 64, 128) };
    return m_equal(v_and(v_all(bits), of_word), of_word);
}

INLINE uint8_t m_bits(mask m)
{
    int low = _mm256_movemask_pd(_mm256_castsi256_pd(m.a));
    return (uint8_t)(low | _mm256_movemask_pd(_mm256_castsi256_pd(m.b)) << 4);
}

INLINE vec v_pick(mask m, vec yes, vec no)
{
    return (vec){ _mm256_blendv_epi8(no.a, yes.a, m.a), _mm256_blendv_epi8(no.b, yes.b, m.b) };
}

INLINE vec v_keep(mask m, vec a)
{
    return v_and(m, a);
}

INLINE vec v_negate(mask m, vec a)
{
    return v_sub(v_xor(a, m), m);
}

INLINE vec v_abs(vec a)
{
    return v_negate(m_negative(a), a);
}

INLINE vec v_min(vec a, vec b)
{
    return v_pick(m_above(a, b), b, a);
}

INLINE _Bool v_any(vec a, uint64_t bits)
{
    return !_mm256_testz_si256(_mm256_or_si256(a.a, a.b), _mm256_set1_epi64x((int64_t)bits));
}

INLINE int64_t v_least(vec a)
{
    __m256i four = _mm256_blendv_epi8(a.a, a.b, _mm256_cmpgt_epi64(a.a, a.b));
    __m128i x = _mm256_castsi256_si128(four), y = _mm256_extracti128_si256(four, 1);
    x = _mm_blendv_epi8(x, y, _mm_cmpgt_epi64(x, y));
    int64_t first = _mm_cvtsi128_si64(x), second = _mm_extract_epi64(x, 1);
    return first < second ? first : second;
}

INLINE vec v_least_of(const int64_t rows[8][8])
{
    int64_t least[8];
    for (int i = 0; i < 8; i++)
        least[i] = v_least(v_load(rows[i]));
    return v_loadu(least);
}

INLINE void v_columns(const int64_t rows[8][8], const int columns[4], vec out[4])
{
    for (int n = 0; n < 4; n++) {
        const int64_t(*r)[8] = rows;
        const int c = columns[n];
        out[n] = (vec){ _mm256_setr_epi64x(r[0][c], r[1][c], r[2][c], r[3][c]),
                        _mm256_setr_epi64x(r[4][c], r[5][c], r[6][c], r[7][c]) };
    }
}

INLINE vec v_first(vec a)
{
    const __m256i first = _mm256_broadcastq_epi64(_mm256_castsi256_si128(a.a));
    return (vec){ first, first };
}

INLINE vec v_swap_pairs(vec a)
{
    return BOTH(_mm256_shuffle_epi32, a, 0x4e);
}

/* The bits of doubles. Under v_enter() nothing is rounded up. */
#define TWO_52 UINT64_C(0x4330000000000000)
#define TWO_84 UINT64_C(0x4530000000000000)
#define TWO_84_52 UINT64_C(0x4530000000100000)
#define TWO_104 UINT64_C(0x4670000000000000)

INLINE __m256d from52(__m256i x) /* of words below 2^52 */
{
    const __m256i magic = _mm256_set1_epi64x(TWO_52);
    return _mm256_sub_pd(_mm256_castsi256_pd(_mm256_or_si256(x, magic)),
                         _mm256_castsi256_pd(magic));
}

/* 2^104 + a b, rounded down to a multiple of 2^52, has the quotient as its mantissa. */
INLINE __m256i mul52_half(__m256i a, __m256i b)
{
    const __m256i base = _mm256_set1_epi64x(TWO_104);
    __m256d sum = _mm256_fmadd_pd(from52(a), from52(b), _mm256_castsi256_pd(base));
    return _mm256_xor_si256(_mm256_castpd_si256(sum), base);
}

INLINE vec mul52(vec a, vec b)
{
    return PAIRS(mul52_half, a, b);
}

/* From the exponent of the double that the word becomes, rounded towards zero. */
INLINE __m256i leading_zeros_half(__m256i x)
{
    const __m256i low = _mm256_set1_epi64x(TWO_52), high = _mm256_set1_epi64x(TWO_84);
    const __m256d both = _mm256_castsi256_pd(_mm256_set1_epi64x(TWO_84_52));
    __m256d of_low = _mm256_castsi256_pd(_mm256_blend_epi32(x, low, 0xaa));
    __m256d of_high = _mm256_castsi256_pd(_mm256_or_si256(_mm256_srli_epi64(x, 32), high));
    __m256d sum = _mm256_add_pd(_mm256_sub_pd(of_high, both), of_low);
    const __m256i exponent = _mm256_srli_epi64(_mm256_castpd_si256(sum), 52);
    return _mm256_min_epu16(_mm256_sub_epi64(_mm256_set1_epi64x(1023 + 63), exponent),
                            _mm256_set1_epi64x(64));
}

INLINE vec v_leading_zeros(vec a)
{
    return BOTH(leading_zeros_half, a);
}

INLINE vec v_words(vec w, int32_t side)
{
    const uint64_t flip = (uint64_t)(int64_t)side & ((UINT64_C(1) << 52) - 1);
    return v_add(v_xor(w, v_all(flip)), v_all(flip & 1));
}

INLINE void v_add_product(vec *low, vec *high, vec words, vec size)
{
    *low = v_add(*low, v_mul32(words, size));
    *high = v_add(*high, v_mul32(v_shr(words, 32), size));
}

INLINE vec v_srl(vec a, int n)
{
    const __m128i count = _mm_cvtsi32_si128(n);
    return BOTH(_mm256_srl_epi64, a, count);
}

INLINE vec v_sll(vec a, int n)
{
    const __m128i count = _mm_cvtsi32_si128(n);
    return BOTH(_mm256_sll_epi64, a, count);
}

INLINE vec v_join(vec high, vec low, int shift)
{
    if (shift > HALF_BITS)
        return v_srl(v_add(high, v_shr(low, HALF_BITS)), shift - HALF_BITS);
    return v_add(v_sll(high, HALF_BITS - shift),
                 shift < 0 ? v_sll(low, -shift) : v_srl(low, shift));
}

/* With value = 2^32 v1 + v0 and coefficient = 2^31 c1 + c0: 2^63 v1 c1, and what is left in units
 * of 2^31. */
INLINE vec v_scale(vec value, vec coefficient)
{
    const vec v1 = v_shr(value, 32), c1 = v_shr(coefficient, 31);
    const vec c0 = v_and(coefficient, v_all((UINT64_C(1) << 31) - 1));
    const vec bias = v_all(UINT64_C(1) << 63);
    vec rest = v_add(v_mul32(value, c1), v_shr(v_mul32(value, c0), 31));
    rest = v_add(rest, v_shl(v_muls32(v1, c0), 1));
    rest = v_sub(v_shr(v_add(rest, bias), 9), v_shr(bias, 9)); /* keeps the sign */
    return v_add(v_shl(v_muls32(v1, c1), 23), rest);
}

INLINE vec v_table8(const uint16_t table[8], vec index)
{
    const __m256i all = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)table));
    const vec found = { _mm256_permutevar8x32_epi32(all, index.a),
                        _mm256_permutevar8x32_epi32(all, index.b) };
    return v_and(found, v_all(UINT32_MAX));
}

INLINE void v_turn_rows(const uint64_t *rom, vec rows, vec out[5])
{
    uint64_t at[8];
    __m256i half[2][5];
    v_storeu(at, v_add(v_shl(rows, 2), rows));
    for (int h = 0; h < 2; h++) {
        const uint64_t *p[4];
        __m256i r[4];
        for (int i = 0; i < 4; i++) {
            p[i] = rom + at[4 * h + i];
            r[i] = _mm256_loadu_si256((const __m256i *)p[i]);
        }
        const __m256i even = _mm256_unpacklo_epi64(r[0], r[1]);
        const __m256i odd = _mm256_unpackhi_epi64(r[0], r[1]);
        const __m256i even2 = _mm256_unpacklo_epi64(r[2], r[3]);
        const __m256i odd2 = _mm256_unpackhi_epi64(r[2], r[3]);
        half[h][0] = _mm256_permute2x128_si256(even, even2, 0x20);
        half[h][1] = _mm256_permute2x128_si256(odd, odd2, 0x20);
        half[h][2] = _mm256_permute2x128_si256(even, even2, 0x31);
        half[h][3] = _mm256_permute2x128_si256(odd, odd2, 0x31);
        half[h][4] = _mm256_setr_epi64x((int64_t)p[0][4], (int64_t)p[1][4], (int64_t)p[2][4],
                                        (int64_t)p[3][4]);
    }
    for (int i = 0; i < 5; i++)
        out[i] = (vec){ half[0][i], half[1][i] };
}

#endif
