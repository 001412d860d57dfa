/* The numbers of the pipeline, LANES of them at a time: 1 on devices that have no vectors. Masks
 * are all ones or 0. Shifts by 64 and more yield 0 where the specification says so (OpenCL's own
 * take the count modulo 64). */
/* Numbers pass from step to step in registers, not in memory. */
#define INLINE static inline __attribute__((always_inline))

#define CAT2(a, b) a##b
#define CAT(a, b) CAT2(a, b)

#if LANES == 1
typedef ulong V;
typedef long S;
#define TRUTH(condition) (-(long)(condition))
#define AS_V(x) as_ulong(x)
#define AS_S(x) as_long(x)
#define LOAD(array) ((array)[0])
#else
typedef CAT(ulong, LANES) V;
typedef CAT(long, LANES) S;
#define TRUTH(condition) (condition)
#define AS_V(x) CAT(as_ulong, LANES)(x)
#define AS_S(x) CAT(as_long, LANES)(x)
#define LOAD(array) CAT(vload, LANES)(0, array)
#endif
#define LOW32 0xffffffffUL
#define PICK(mask, yes, no) select(no, yes, mask)
#define ALL(x) ((V)(ulong)(x))
#define EVERY(x) ((S)(long)(x))

struct mag {
    V m;
    S e;
};

/* (f (x)) after, lane by lane: EACH(clz, x, ), or EACH(records +, x, ->field). */
#if LANES == 1
#define EACH(f, x, after) ((V)((f (x)) after))
#define LANE_NUMBERS 0UL
#elif LANES == 2
#define EACH(f, x, after) (V)((f (x.s0)) after, (f (x.s1)) after)
#define LANE_NUMBERS (V)(0, 1)
#elif LANES == 4
#define EACH(f, x, after)                                                                          \
    (V)((f (x.s0)) after, (f (x.s1)) after, (f (x.s2)) after, (f (x.s3)) after)
#define LANE_NUMBERS (V)(0, 1, 2, 3)
#else
#define EACH(f, x, after)                                                                          \
    (V)((f (x.s0)) after, (f (x.s1)) after, (f (x.s2)) after, (f (x.s3)) after,                    \
        (f (x.s4)) after, (f (x.s5)) after, (f (x.s6)) after, (f (x.s7)) after)
#define LANE_NUMBERS (V)(0, 1, 2, 3, 4, 5, 6, 7)
#endif

/* The words at p[at]. */
INLINE V gather(__global const ulong *p, V at)
{
    return EACH(p +, at, [0]);
}

/* Compilers make one vector instruction of it, but not of PoCL's clz() of a vector. */
INLINE V leading_zeros(V x)
{
    return EACH(clz, x, );
}

/* floor(x y / 2^n), n in 33..52, x and y below 2^52. Vectors have 32-bit multiplies, which take the low
 * halves of their operands. */
INLINE V mul_by(V x, V y, int n)
{
#if LANES == 1
    return mul_hi(x << (64 - PL_REAL_BITS), y << (PL_REAL_BITS - n));
#else
    const V xh = (x >> 32) & LOW32, xl = x & LOW32, yh = (y >> 32) & LOW32, yl = y & LOW32;
    return ((xh * yh) << (64 - n)) + ((xh * yl + xl * yh + ((xl * yl) >> 32)) >> (n - 32));
#endif
}

INLINE V mul(V x, V y)
{
    return mul_by(x, y, R);
}

INLINE V mul_1(V x, V y)
{
    return mul_by(x, y, R - 1);
}

INLINE V shr(V x, S n)
{
    return PICK(TRUTH(AS_V(n) > ALL(63)), ALL(0), x >> AS_V(n));
}

/* e is n less than the number of bits. */
INLINE struct mag normalise(V v, S n)
{
    const V zeros = leading_zeros(v);
    struct mag r;
    r.m = (v << zeros) >> (64 - W);
    r.e = PICK(TRUTH(v != ALL(0)), 64 - AS_S(zeros) - n, EVERY(0));
    return r;
}

/* A product of `bits` bits or one more, whose exponent is e where it has no more. */
INLINE struct mag of_product(V p, S e, int bits)
{
    const V carry = p >> bits;
    struct mag r;
    r.m = p >> carry;
    r.e = PICK(TRUTH(p != ALL(0)), e + AS_S(carry), EVERY(0));
    return r;
}

INLINE struct mag mag_mul_right(struct mag x, V y, S y_e)
{
    return of_product(mul_1(x.m, y), x.e + y_e - 1, W);
}

INLINE struct mag mag_mul(struct mag x, struct mag y)
{
    return mag_mul_right(x, y.m << (R - W), y.e);
}

/* y is a real: 52 bits. */
INLINE struct mag mag_mul_real(struct mag x, struct mag y)
{
    return mag_mul_right(x, y.m >> (PL_REAL_BITS - R), y.e);
}

INLINE struct mag mag_mul_fixed(struct mag x, V y)
{
    return normalise(mul_1(x.m, y), (W - 1) - x.e);
}

INLINE struct mag mag_pick(S mask, struct mag yes, struct mag no)
{
    struct mag r;
    r.m = PICK(mask, yes.m, no.m);
    r.e = PICK(mask, yes.e, no.e);
    return r;
}

/* The larger of two by exponent, and the smaller moved to its grid. */
struct pair {
    V big, down;
    S big_e, swap;
};

INLINE struct pair align(struct mag x, struct mag y)
{
    struct pair p;
    p.swap = TRUTH(x.m == ALL(0)) | (TRUTH(y.m != ALL(0)) & TRUTH(y.e > x.e));
    const struct mag big = mag_pick(p.swap, y, x), small = mag_pick(p.swap, x, y);
    p.big = big.m;
    p.big_e = big.e;
    p.down = PICK(TRUTH(small.m == ALL(0)), ALL(0), shr(small.m, big.e - small.e));
    return p;
}

INLINE struct mag mag_add(struct mag x, struct mag y)
{
    const struct pair p = align(x, y);
    const V m = p.big + p.down, carry = m >> W;
    struct mag r;
    r.m = m >> carry;
    r.e = p.big_e + AS_S(carry);
    return r;
}

INLINE struct mag mag_sub(struct mag x, struct mag y, S *negative)
{
    const struct pair p = align(x, y);
    const S under = TRUTH(p.down > p.big);
    *negative = (p.swap ^ under) & TRUTH(p.big != p.down);
    return normalise(PICK(under, p.down - p.big, p.big - p.down), W - p.big_e);
}

/* Reals of the contract: mantissas of 52 bits, without sign. */
INLINE struct mag mag_unpack(V word)
{
    struct mag r;
    r.m = word & ((1UL << PL_REAL_BITS) - 1);
    r.e = AS_S(word) >> PL_REAL_BITS;
    return r;
}

INLINE struct mag mag_of_reals(struct mag x, struct mag y)
{
    return of_product(mul_by(x.m, y.m, PL_REAL_BITS - 1), x.e + y.e - 1, PL_REAL_BITS);
}
