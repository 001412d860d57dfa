/* host/model/pricing.c and its ROMs, eight options at a time, for profile full: the same steps in
 * the same order, so the same bits. Words are 51 and 52 bits, which is what a 52-bit multiply-high
 * takes: floor(x y / 2^52) is one instruction, floor(x y / 2^51) the same of 2 x. Where C branches,
 * both sides are computed and one is chosen. */
#include "black_avx512.h"

#include <immintrin.h>

#include "model/arith.h"
#include "model/pl_tables.h"

#define INLINE static inline __attribute__((always_inline))
#define W PL_FULL_W
#define R PL_FULL_R
#define FB PL_FULL_FB
#define VALUE_BITS 51 /* of pl_arith_full */
#define XB (W - PL_Z_INTEGER_BITS)
#define ALL(x) _mm512_set1_epi64((int64_t)(x))
#define ADD _mm512_add_epi64
#define SUB _mm512_sub_epi64
#define SHL _mm512_slli_epi64
#define SHR _mm512_srli_epi64
#define PICK(mask, yes, no) _mm512_mask_blend_epi64(mask, no, yes)

typedef __m512i vec;

/* struct pl_mag of eight lanes. */
struct mag {
    vec m, e;
};

/* As in pricing.c, what the steps hand on. */
struct core {
    struct mag forward, strike, low, gap, recip_forward, log_moneyness, vol, total_vol, recip_vol;
    struct mag density, bracket, low_discounted, otm, parity;
    vec a_abs, b, mills_a, mills_b;
    __mmask8 forward_high, vol_saturated, settled, a_negative, in_the_money;
};

/* A real of the expiry, in every lane. */
INLINE struct mag real(struct pl_real r)
{
    return (struct mag){ ALL(r.m), ALL(r.e) };
}

INLINE vec zero(void)
{
    return _mm512_setzero_si512();
}

INLINE __mmask8 is_zero(vec x)
{
    return _mm512_testn_epi64_mask(x, x);
}

/* floor(x y / 2^52) and floor(x y / 2^51) */
INLINE vec mul52(vec x, vec y)
{
    return _mm512_madd52hi_epu64(zero(), x, y);
}

INLINE vec mul51(vec x, vec y)
{
    return mul52(ADD(x, x), y);
}

/* x >> n, 0 for n of 64 and more (as a number without sign). */
INLINE vec shr(vec x, vec n)
{
    return _mm512_srlv_epi64(x, n);
}

/* e is n less than the number of bits. */
INLINE struct mag normalise(vec v, vec n)
{
    const vec zeros = _mm512_lzcnt_epi64(v);
    const struct mag r = { SHR(_mm512_sllv_epi64(v, zeros), 64 - W),
                           _mm512_maskz_sub_epi64(_mm512_test_epi64_mask(v, v), SUB(ALL(64), zeros),
                                                  n) };
    return r;
}

INLINE struct mag mul_right(struct mag x, vec y, vec y_e)
{
    const vec p = mul51(x.m, y), carry = SHR(p, W);
    const vec e = ADD(ADD(x.e, y_e), SUB(carry, ALL(1)));
    const struct mag r = { shr(p, carry), _mm512_maskz_mov_epi64(_mm512_test_epi64_mask(p, p), e) };
    return r;
}

INLINE struct mag mul(struct mag x, struct mag y)
{
    return mul_right(x, SHL(y.m, R - W), y.e);
}

INLINE struct mag mul_real(struct mag x, struct mag y)
{
    return mul_right(x, y.m, y.e);
}

INLINE struct mag mul_fixed(struct mag x, vec y)
{
    return normalise(mul51(x.m, y), SUB(ALL(W - 1), x.e));
}

/* The larger of two by exponent, and the smaller moved to its grid. */
struct pair {
    vec big, big_e, down;
    __mmask8 swap;
};

INLINE struct pair align(struct mag x, struct mag y)
{
    struct pair p;
    p.swap = is_zero(x.m) | (_mm512_cmpgt_epi64_mask(y.e, x.e) & ~is_zero(y.m));
    const vec small = PICK(p.swap, x.m, y.m), small_e = PICK(p.swap, x.e, y.e);
    p.big = PICK(p.swap, y.m, x.m);
    p.big_e = PICK(p.swap, y.e, x.e);
    p.down =
        _mm512_maskz_srlv_epi64(_mm512_test_epi64_mask(small, small), small, SUB(p.big_e, small_e));
    return p;
}

INLINE struct mag add(struct mag x, struct mag y)
{
    const struct pair p = align(x, y);
    const vec m = ADD(p.big, p.down), carry = SHR(m, W);
    return (struct mag){ shr(m, carry), ADD(p.big_e, carry) };
}

INLINE struct mag sub(struct mag x, struct mag y, __mmask8 *negative)
{
    const struct pair p = align(x, y);
    const __mmask8 under = _mm512_cmpgt_epu64_mask(p.down, p.big);
    *negative = (p.swap ^ under) & _mm512_cmpneq_epi64_mask(p.big, p.down);
    return normalise(_mm512_abs_epi64(SUB(p.big, p.down)), SUB(ALL(W), p.big_e));
}

INLINE vec two_rows(const uint64_t *low, const uint64_t *high)
{
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)low)),
                              _mm256_loadu_si256((const __m256i *)high), 1);
}

INLINE __m128i two_words(const uint64_t *low, const uint64_t *high)
{
    return _mm_castpd_si128(_mm_loadh_pd(_mm_castsi128_pd(_mm_loadl_epi64((const __m128i *)low)),
                                         (const double *)high));
}

/* The coefficients of eight rows, one coefficient of all in each vector: loading whole rows and
 * turning them round takes a third of the time of five gathers. */
INLINE void coefficients(const uint64_t *rom, vec rows, vec out[5])
{
    _Static_assert(PL_FULL_DEGREE == 4, "five coefficients");
    const vec first = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
    const vec second = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
    uint64_t at[PL_CPU_OPTIONS];
    _mm512_storeu_si512(at, ADD(SHL(rows, 2), rows));
    const vec r04 = two_rows(rom + at[0], rom + at[4]), r15 = two_rows(rom + at[1], rom + at[5]);
    const vec r26 = two_rows(rom + at[2], rom + at[6]), r37 = two_rows(rom + at[3], rom + at[7]);
    const vec even = _mm512_unpacklo_epi64(r04, r15), odd = _mm512_unpackhi_epi64(r04, r15);
    const vec even2 = _mm512_unpacklo_epi64(r26, r37), odd2 = _mm512_unpackhi_epi64(r26, r37);
    out[0] = _mm512_permutex2var_epi64(even, first, even2);
    out[1] = _mm512_permutex2var_epi64(odd, first, odd2);
    out[2] = _mm512_permutex2var_epi64(even, second, even2);
    out[3] = _mm512_permutex2var_epi64(odd, second, odd2);
    const uint64_t *last = rom + 4;
    vec c = _mm512_castsi128_si512(two_words(last + at[0], last + at[1]));
    c = _mm512_inserti64x2(c, two_words(last + at[2], last + at[3]), 1);
    c = _mm512_inserti64x2(c, two_words(last + at[4], last + at[5]), 2);
    out[4] = _mm512_inserti64x2(c, two_words(last + at[6], last + at[7]), 3);
}

INLINE vec horner(const uint64_t *rom, vec row, vec t)
{
    vec c[5];
    coefficients(rom, row, c);
    vec acc = c[4];
    acc = ADD(c[3], mul52(acc, _mm512_and_si512(t, ALL(PL_FULL_T_MASK_3))));
    acc = ADD(c[2], mul52(acc, _mm512_and_si512(t, ALL(PL_FULL_T_MASK_2))));
    acc = ADD(c[1], mul52(acc, _mm512_and_si512(t, ALL(PL_FULL_T_MASK_1))));
    return ADD(c[0], mul52(acc, _mm512_and_si512(t, ALL(PL_FULL_T_MASK_0))));
}

INLINE vec lookup(const uint64_t *rom, vec x, const int bits, const int index_bits)
{
    const int low_bits = bits - index_bits;
    const vec row = _mm512_and_si512(SHR(x, low_bits), ALL((1 << index_bits) - 1));
    const vec low = _mm512_andnot_si512(x, ALL((UINT64_C(1) << low_bits) - 1));
    return horner(rom, row, SHL(low, R - low_bits));
}

INLINE struct mag recip(struct mag x)
{
    const vec q = lookup(pl_arith_full.recip, x.m, W - 1, PL_RECIP_INDEX_BITS);
    return (struct mag){ SHL(q, W - 1 - FB), SUB(ALL(1), x.e) };
}

INLINE struct mag exp2_neg(vec y)
{
    const vec q = lookup(pl_arith_full.exp2, y, W, PL_EXP2_INDEX_BITS);
    return (struct mag){ SHL(q, W - 1 - FB), SUB(zero(), SHR(y, W)) };
}

INLINE vec mills(vec z)
{
    static const uint8_t index_bits[8] = PL_MILLS_INDEX_BITS;
    static const uint16_t first_row[8] = PL_MILLS_FIRST_ROW;
    const vec all_bits = _mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)index_bits));
    const vec all_rows = _mm512_cvtepu16_epi64(_mm_loadu_si128((const __m128i *)first_row));
    const vec z1 = ADD(z, ALL(UINT64_C(1) << XB));
    const vec octave = _mm512_and_si512(SUB(ALL(63 - XB), _mm512_lzcnt_epi64(z1)), ALL(7));
    const vec bits = _mm512_permutexvar_epi64(octave, all_bits);
    const vec low_bits = SUB(ADD(ALL(XB), octave), bits);
    const vec row_mask = SUB(_mm512_sllv_epi64(ALL(1), bits), ALL(1));
    const vec low_mask = SUB(_mm512_sllv_epi64(ALL(1), low_bits), ALL(1));
    const vec row = _mm512_and_si512(shr(z1, low_bits), row_mask);
    return horner(pl_arith_full.mills, ADD(_mm512_permutexvar_epi64(octave, all_rows), row),
                  _mm512_sllv_epi64(_mm512_andnot_si512(z1, low_mask), SUB(ALL(R), low_bits)));
}

INLINE void step_normalise(vec forward, vec strike, struct core *c)
{
    c->forward_high = _mm512_cmpge_epu64_mask(forward, strike);
    c->forward = normalise(forward, zero());
    c->strike = normalise(strike, zero());
    c->low.m = PICK(c->forward_high, c->strike.m, c->forward.m);
    c->low.e = PICK(c->forward_high, c->strike.e, c->forward.e);
    c->gap = normalise(_mm512_abs_epi64(SUB(forward, strike)), zero());
}

INLINE void step_log_moneyness(struct core *c)
{
    c->recip_forward = recip(c->forward);
    const struct mag z = mul(c->gap, c->recip_forward);
    const __mmask8 z_zero = is_zero(z.m);
    const __mmask8 near = z_zero | _mm512_cmple_epi64_mask(z.e, ALL(-PL_NEAR_LOG2_RANGE));
    const vec down = PICK(near, SUB(ALL(1 - PL_NEAR_LOG2_RANGE), z.e), ALL(1));
    const vec z8 = _mm512_maskz_srlv_epi64((__mmask8)~z_zero, z.m, down);
    const vec middle = ALL(UINT64_C(1) << (W - 1));
    const vec g =
        lookup(pl_arith_full.near, PICK(c->forward_high, SUB(middle, z8), ADD(middle, z8)), W,
               PL_NEAR_INDEX_BITS);
    const vec p = mul51(SHL(g, W - 1 - FB), SHL(z.m, R - W));
    const struct mag q = mul(c->strike, c->recip_forward);
    const vec neg_ln = lookup(pl_arith_full.ln, q.m, W - 1, PL_LN_INDEX_BITS);
    const vec far = _mm512_abs_epi64(SUB(_mm512_mullo_epi64(q.e, ALL(PL_FULL_LN2)), neg_ln));
    c->log_moneyness = normalise(PICK(near, p, far), PICK(near, SUB(ALL(W), z.e), ALL(FB)));
}

INLINE void step_total_vol(struct mag sqrt_t, vec vol_q45, struct core *c)
{
    c->vol = normalise(vol_q45, ALL(PL_VOL_FRACTION_BITS));
    const struct mag s = mul_real(c->vol, sqrt_t);
    c->vol_saturated =
        _mm512_cmpge_epi64_mask(s.e, ALL(PL_VOL_TOTAL_E_MAX)) & (__mmask8)~is_zero(s.m);
    c->total_vol.m = PICK(c->vol_saturated, ALL(UINT64_C(1) << (W - 1)), s.m);
    c->total_vol.e = PICK(c->vol_saturated, ALL(PL_VOL_TOTAL_E_MAX), s.e);
    c->recip_vol = recip(c->total_vol);
}

INLINE void step_distance(struct core *c)
{
    const struct mag u = mul(c->log_moneyness, c->recip_vol);
    const __mmask8 u_none = is_zero(u.m);
    c->settled = is_zero(c->total_vol.m) |
                 (_mm512_cmpgt_epi64_mask(u.e, ALL(PL_Z_INTEGER_BITS)) & (__mmask8)~u_none);
    const vec u_fixed = _mm512_maskz_srlv_epi64((__mmask8) ~(c->settled | u_none), u.m,
                                                SUB(ALL(PL_Z_INTEGER_BITS), u.e));
    const vec half_s = _mm512_maskz_srlv_epi64((__mmask8)~c->settled, c->total_vol.m,
                                               SUB(ALL(PL_Z_INTEGER_BITS + 1), c->total_vol.e));
    c->a_negative = _mm512_cmplt_epu64_mask(u_fixed, half_s);
    c->a_abs = _mm512_abs_epi64(SUB(u_fixed, half_s));
    c->b = ADD(u_fixed, half_s);
}

INLINE void step_density(struct core *c)
{
    const struct mag z = normalise(c->a_abs, ALL(XB));
    const vec k = _mm512_maskz_sub_epi64(_mm512_test_epi64_mask(c->a_abs, c->a_abs),
                                         ALL(PL_Z_INTEGER_BITS), z.e);
    const vec square = mul52(z.m, SHL(z.m, R - W));
    const vec y = mul52(square, ALL(PL_FULL_HALF_LOG2E));
    const vec y_fixed = shr(SHL(y, 2 * PL_Z_INTEGER_BITS), ADD(k, k));
    c->density = exp2_neg(ADD(y_fixed, ALL(PL_FULL_LOG2_SQRT_2PI)));
    c->density.m = PICK(c->settled, zero(), c->density.m);
    c->density.e = PICK(c->settled, zero(), c->density.e);
}

INLINE void step_bracket(struct core *c)
{
    const vec difference = _mm512_maskz_sub_epi64(_mm512_cmpgt_epu64_mask(c->mills_a, c->mills_b),
                                                  c->mills_a, c->mills_b);
    const vec m = PICK(c->a_negative, ADD(c->mills_a, c->mills_b), difference);
    const vec p = mul51(c->density.m, m);
    const vec one = ALL(UINT64_C(1) << (W - 1)), tail = shr(p, SUB(zero(), c->density.e));
    const vec rest = _mm512_maskz_sub_epi64(_mm512_cmpgt_epu64_mask(one, tail), one, tail);
    const vec point = PICK(c->a_negative, ALL(W - 1), SUB(ALL(W - 1), c->density.e));
    c->bracket = normalise(PICK(c->a_negative, rest, p), point);
}

INLINE vec to_fixed(struct mag x)
{
    const vec down = SUB(ALL(W - PL_FRACTION_BITS), x.e);
    const __mmask8 left = _mm512_movepi64_mask(down);
    const vec up = _mm512_and_si512(SUB(zero(), down), ALL(63));
    return PICK(left, _mm512_sllv_epi64(x.m, up), shr(x.m, down));
}

INLINE vec step_value(struct core *c, __mmask8 *saturated)
{
    const vec limit_e = ALL(VALUE_BITS), limit = ALL((UINT64_C(1) << VALUE_BITS) - 1);
    const struct mag parity = { _mm512_maskz_mov_epi64(c->in_the_money, c->parity.m),
                                _mm512_maskz_mov_epi64(c->in_the_money, c->parity.e) };
    const __mmask8 wide =
        _mm512_cmpgt_epi64_mask(c->otm.e, limit_e) | _mm512_cmpgt_epi64_mask(parity.e, limit_e);
    const vec sum = ADD(to_fixed(c->otm), to_fixed(parity));
    const vec value = SHR(ADD(sum, ALL(UINT64_C(1) << (PL_FRACTION_BITS - 1))), PL_FRACTION_BITS);
    *saturated = wide | _mm512_cmpgt_epu64_mask(value, limit);
    return PICK(*saturated, limit, value);
}

INLINE vec core_run(const struct pl_expiry_math *x, const struct pl_cpu_options *in, struct core *c,
                    __mmask8 *saturated)
{
    const vec forward = _mm512_loadu_si512(in->forward), strike = _mm512_loadu_si512(in->strike);
    const struct mag discount = real(x->discount);
    step_normalise(forward, strike, c);
    step_log_moneyness(c);
    step_total_vol(real(x->sqrt_t), _mm512_loadu_si512(in->vol_q45), c);
    step_distance(c);
    c->mills_a = SHL(mills(c->a_abs), R - 2 - FB);
    c->mills_b = SHL(mills(c->b), R - 2 - FB);
    step_density(c);
    step_bracket(c);
    c->low_discounted = mul_real(c->low, discount);
    c->otm = mul(c->low_discounted, c->bracket);
    c->parity = mul_real(c->gap, discount);
    c->in_the_money = (__mmask8) ~(in->calls ^ c->forward_high);
    return step_value(c, saturated);
}

INLINE void store(struct pl_cpu_reals *out, struct mag x, __mmask8 negative, __mmask8 good)
{
    const vec m = SHL(x.m, PL_REAL_BITS - W);
    _mm512_storeu_si512(
        out->m, _mm512_maskz_mov_epi64(good, _mm512_mask_sub_epi64(m, negative, zero(), m)));
    _mm512_storeu_si512(out->e, _mm512_maskz_mov_epi64(good & (__mmask8)~is_zero(x.m), x.e));
}

INLINE struct mag pick(__mmask8 mask, struct mag yes, struct mag no)
{
    return (struct mag){ PICK(mask, yes.m, no.m), PICK(mask, yes.e, no.e) };
}

INLINE void step_delta_rho(const struct pl_expiry_math *x, __mmask8 calls, const struct core *c,
                           struct mag w, struct mag w_per_forward, __mmask8 good,
                           struct pl_cpu_greeks *out)
{
    const __mmask8 d1_positive = c->forward_high | c->a_negative;
    const __mmask8 d2_positive = c->forward_high & (__mmask8)~c->a_negative;
    const struct mag discount = real(x->discount);
    const struct mag d = { SHR(discount.m, PL_REAL_BITS - W), discount.e };
    __mmask8 negative;
    const struct mag tail1 =
        mul_fixed(w_per_forward, PICK(c->forward_high, c->mills_b, c->mills_a));
    const struct mag tail2 = mul_fixed(w, PICK(c->forward_high, c->mills_a, c->mills_b));
    const struct mag rest1 = sub(d, tail1, &negative);
    const struct mag rest2 = sub(mul_real(c->strike, discount), tail2, &negative);
    const struct mag delta = pick((__mmask8) ~(d1_positive ^ calls), rest1, tail1);
    const struct mag rho =
        mul_real(pick((__mmask8) ~(d2_positive ^ calls), rest2, tail2), real(x->years));
    store(&out->delta, delta, (__mmask8)~calls, good);
    store(&out->rho, rho, (__mmask8)~calls, good);
}

INLINE void step_theta(const struct pl_expiry_math *x, const struct core *c, struct mag w,
                       __mmask8 good, struct pl_cpu_greeks *out)
{
    const struct mag decay = mul_real(mul(w, c->vol), real(x->half_inv_sqrt_t));
    const struct mag value = pick(c->in_the_money, add(c->otm, c->parity), c->otm);
    const struct mag rate = normalise(ALL(pl_abs_u64(x->rate_q48)), ALL(PL_RATE_FRACTION_BITS));
    const struct mag carry = mul(value, rate);
    __mmask8 under;
    struct mag theta = sub(carry, decay, &under);
    if (x->rate_q48 < 0) {
        theta = add(carry, decay);
        under = 0xff;
    }
    store(&out->theta_decay, decay, 0xff, good);
    store(&out->theta, theta, under, good);
}

/* Lanes whose prices are in the domain. */
INLINE __mmask8 good_lanes(const struct pl_expiry_math *x, const struct pl_cpu_options *in)
{
    const struct pl_real *const r[4] = { &x->sqrt_t, &x->half_inv_sqrt_t, &x->discount, &x->years };
    const vec forward = _mm512_loadu_si512(in->forward), strike = _mm512_loadu_si512(in->strike);
    bool good = x->discount.m != 0;
    for (int i = 0; i < 4; i++)
        good = good && r[i]->m >= 0 && pl_real_is_normal(*r[i], PL_EXPIRY_E_MAX);
    const __mmask8 wide =
        _mm512_test_epi64_mask(_mm512_or_si512(forward, strike), ALL(~((UINT64_C(1) << W) - 1)));
    return good ? (__mmask8) ~(wide | is_zero(forward) | is_zero(strike)) : 0;
}

void pl_cpu_values_avx512(const struct pl_expiry_math *x, const struct pl_cpu_options *in,
                          struct pl_cpu_values *out)
{
    struct core c;
    __mmask8 saturated;
    const __mmask8 good = good_lanes(x, in);
    const vec value = core_run(x, in, &c, &saturated);
    _mm512_storeu_si512(out->value, _mm512_maskz_mov_epi64(good, value));
    out->domain = (uint8_t)~good;
    out->saturated = saturated & good;
}

void pl_cpu_greeks_avx512(const struct pl_expiry_math *x, const struct pl_cpu_options *in,
                          struct pl_cpu_values *out, struct pl_cpu_greeks *greeks)
{
    struct core c;
    __mmask8 saturated;
    const __mmask8 good = good_lanes(x, in);
    const vec value = core_run(x, in, &c, &saturated);
    const struct mag none = { zero(), zero() };
    const struct mag w = mul(c.low_discounted, c.density);
    const struct mag w_per_forward = mul(w, c.recip_forward);
    const struct mag sensitive = pick(c.vol_saturated, none, w);
    const struct mag sensitive_per_forward = pick(c.vol_saturated, none, w_per_forward);
    step_delta_rho(x, in->calls, &c, w, w_per_forward, good, greeks);
    step_theta(x, &c, sensitive, good, greeks);
    store(&greeks->vega, mul_real(sensitive, real(x->sqrt_t)), 0, good);
    store(&greeks->gamma, mul(mul(sensitive_per_forward, c.recip_forward), c.recip_vol), 0, good);
    _mm512_storeu_si512(out->value, _mm512_maskz_mov_epi64(good, value));
    out->domain = (uint8_t)~good;
    out->saturated = saturated & good;
}
