/* host/model/row.c: evaluations LANES at a time, then what is left of a row, one row each. */

/* What the tables of the load and the frozen tick are to every kernel of this file. */
struct tables {
    __global const struct pl_instrument *instruments;
    __global const struct pl_expiry *expiries;
    __global const struct pl_underlying *underlyings;
    __global const struct pl_class *classes;
    __global const struct pl_scenario *scenarios;
    __global const struct expiry_tick *ticks;
};

/* struct pl_expiry_tick */
struct expiry_tick {
    struct pl_tick_price price;
    struct pl_tick_time time;
    struct pl_tick_shift shift;
};

struct real {
    long m;
    int e;
};

/* floor((a b + round) / 2^shift), its low 64 bits; shift in 1..63. */
long product(long a, long b, ulong round, uint shift)
{
    const ulong low = (ulong)a * (ulong)b, sum = low + round;
    const long high = mul_hi(a, b) + (sum < low);
    return (long)((ulong)high << (64 - shift) | sum >> shift);
}

#define HALF_COEFFICIENT (1UL << (PL_COEFFICIENT_BITS - 1))
#define COEFFICIENT_ONE (1L << PL_COEFFICIENT_BITS)

/* Beyond 63 bits it is LONG_MAX with the sign, which no entry takes. */
long scaled_down(long value, long coefficient)
{
    const long high = mul_hi(value, coefficient) >> (PL_COEFFICIENT_BITS - 1);
    if (high != high >> 63)
        return high < 0 ? -LONG_MAX : LONG_MAX;
    return product(value, coefficient, 0, PL_COEFFICIENT_BITS);
}

long scaled_up(long value, long coefficient)
{
    return -scaled_down(-value, coefficient);
}

struct real unpack(ulong word, bool *good)
{
    const ulong m = word & ((1UL << PL_REAL_BITS) - 1);
    const uint e = (uint)(word >> PL_REAL_BITS);
    struct real r;
    r.m = (long)m;
    r.e = (int)(e ^ 0x800u) - 0x800;
    if (word == 0)
        r.e = 0;
    else if (m >> (PL_REAL_BITS - 1) == 0)
        *good = false;
    return r;
}

struct real real_mul(struct real a, struct real b)
{
    const ulong x = abs(a.m), y = abs(b.m);
    const ulong high = mul_hi(x, y), low = x * y;
    struct real r;
    r.m = 0;
    r.e = 0;
    if (high == 0) /* normalised ones have 103 bits; so one of them is 0 */
        return r;
    const int drop = 128 - (int)clz(high) - PL_REAL_BITS; /* 51 or 52 */
    const long m = (long)(high << (64 - drop) | low >> drop);
    r.m = (a.m < 0) != (b.m < 0) ? -m : m;
    r.e = a.e + b.e + drop - PL_REAL_BITS;
    return r;
}

struct real real_from_price(ulong price)
{
    const int bits = 64 - (int)clz(price);
    struct real r;
    r.m = (long)(price << (PL_REAL_BITS - bits));
    r.e = price == 0 ? 0 : bits;
    return r;
}

struct real real_of(long m, int e)
{
    struct real r;
    r.m = m;
    r.e = e;
    return r;
}

/* As pl_real_to_int(), but what is beyond 63 bits is LONG_MAX of its sign: no entry takes it. */
long real_to_int(struct real r, int shift)
{
    const ulong size = abs(r.m);
    const int up = r.e - PL_REAL_BITS + shift;
    if (size == 0)
        return 0;
    if (up + 64 - (int)clz(size) > 63)
        return r.m < 0 ? -LONG_MAX : LONG_MAX;
    if (up >= 0)
        return r.m < 0 ? -(long)(size << up) : (long)(size << up);
    if (up < -63)
        return 0;
    const uint n = (uint)-up;
    const ulong rest = size & ((1UL << n) - 1), middle = 1UL << (n - 1);
    const long whole = (long)(size >> n);
    return r.m < 0 ? -(whole + (rest > middle)) : whole + (rest >= middle);
}

ulong shocked_forward(ulong forward, long moving, long shock)
{
    const long factor = COEFFICIENT_ONE + product(moving, shock - COEFFICIENT_ONE,
                                                  HALF_COEFFICIENT, PL_COEFFICIENT_BITS);
    return (ulong)product((long)forward, factor, HALF_COEFFICIENT, PL_COEFFICIENT_BITS);
}

long skew_multiplier(long k, long slope, long cap)
{
    const long y = product(k, slope, 0, PL_RATE_BITS);
    return max(0L, COEFFICIENT_ONE + (k >= 0 ? min(y, cap) : max(y, -cap)));
}

long vol_multiplier(__global const struct pl_tick_shift *shift, uint rule, long k)
{
    switch (rule) {
    case PL_VOL_RULE_UP: return shift->vol_up;
    case PL_VOL_RULE_DOWN: return shift->vol_down;
    case PL_VOL_RULE_LINEAR: return skew_multiplier(k, shift->linear_slope, shift->linear_cap);
    case PL_VOL_RULE_ABS: return skew_multiplier(k < 0 ? -k : k, shift->abs_slope, shift->abs_cap);
    default: return COEFFICIENT_ONE;
    }
}

bool is_skew(uint rule)
{
    return rule == PL_VOL_RULE_LINEAR || rule == PL_VOL_RULE_ABS;
}

/* What of a change decides whether it has a row at all. */
struct option {
    bool priced, good; /* as has_inputs() and gather() say */
    struct real unit;
};

struct option look_at(__global const struct pl_instrument *instrument,
                      __global const struct expiry_tick *tick,
                      __global const struct pl_ocl_change *change)
{
    struct option o;
    const bool option = instrument->row == PL_ROW_KIND_OPTION;
    o.good = true;
    o.unit = unpack(instrument->unit, &o.good);
    unpack(tick->price.discount, &o.good);
    unpack(tick->time.sqrt_t, &o.good);
    unpack(tick->time.half_inv_sqrt_t, &o.good);
    unpack(tick->time.years, &o.good);
    o.good = o.good && o.unit.m != 0 && abs(o.unit.e) <= EXPIRY_E_MAX;
    o.priced = tick->price.forward != 0 && tick->price.index_price != 0 && tick->time.kind != 0 &&
               (!option || (tick->shift.kind != 0 && change->vol_kind != 0));
    return o;
}

/* What the pipeline takes of a change, for each lane. */
struct inputs {
    V forward, strike, vol;
    S is_call;
    struct expiry_math x;
};

INLINE S within(struct mag x)
{
    return TRUTH(AS_V(x.e + EXPIRY_E_MAX) <= ALL(2 * EXPIRY_E_MAX));
}

/* Of the changes that `numbers` says. Discounts include the unit. */
INLINE void take(struct inputs *in, __global const struct pl_instrument *instruments,
                 __global const struct expiry_tick *ticks,
                 __global const struct pl_ocl_change *changes, V numbers)
{
    struct expiry_math *x = &in->x;
    const V instrument = EACH(changes +, numbers, ->instrument);
    const V expiry = EACH(instruments +, instrument, ->expiry);
    in->forward = EACH(ticks +, expiry, ->price.forward);
    in->strike = EACH(instruments +, instrument, ->strike);
    in->vol = EACH(changes +, numbers, ->vol);
    in->is_call = TRUTH(EACH(instruments +, instrument, ->is_call) != ALL(0));
    x->sqrt_t = mag_unpack(EACH(ticks +, expiry, ->time.sqrt_t));
    x->half_inv_sqrt_t = mag_unpack(EACH(ticks +, expiry, ->time.half_inv_sqrt_t));
    x->years = mag_unpack(EACH(ticks +, expiry, ->time.years));
    x->discount = mag_of_reals(mag_unpack(EACH(ticks +, expiry, ->price.discount)),
                               mag_unpack(EACH(instruments +, instrument, ->unit)));
    x->rate = AS_S(EACH(ticks +, expiry, ->price.rate));
    x->good = TRUTH(x->discount.m != ALL(0)) & within(x->discount) & within(x->sqrt_t) &
              within(x->half_inv_sqrt_t) & within(x->years);
}

#if LANES == 1
#define STORE(value, array) (array)[0] = (value)
#else
#define STORE(value, array) CAT(vstore, LANES)(value, 0, array)
#endif

/* An evaluation's scenario: its shock, its rule, and the word of the row that it fills; word 0: none.
 */
struct column {
    long shock;
    uint rule, word;
};

struct column column_of(struct tables t, __global const struct pl_instrument *instrument,
                        uint index, uint columns)
{
    __global const struct pl_expiry *e = &t.expiries[instrument->expiry];
    __global const struct pl_underlying *u = &t.underlyings[e->underlying];
    struct column c;
    c.shock = COEFFICIENT_ONE;
    c.rule = PL_VOL_RULE_NONE;
    c.word = 0;
    if (instrument->row != PL_ROW_KIND_OPTION || !e->scenario)
        return c;
    if (index >= columns - 2) {
        c.shock = index == columns - 2 ? u->basis_up : u->basis_down;
        c.word = index == columns - 2 ? ROW_BASIS_UP : ROW_BASIS_DOWN;
    } else if (index < u->scenario_count) {
        __global const struct pl_scenario *s =
            &t.scenarios[u->scenario_table * PL_SCENARIOS_MAX + index];
        c.shock = s->shock;
        c.rule = s->vol_rule;
        c.word = ROW_SCENARIO + index;
    }
    return c;
}

/* Scenario i of change n, and after the scenarios the two basis prices: evaluation n * columns + i.
 * Values go to the row fresh[n], with their flags. */
__kernel void price_values(__global const ulong *rom,
                           __global const struct pl_instrument *instruments,
                           __global const struct pl_expiry *expiries,
                           __global const struct pl_underlying *underlyings,
                           __global const struct pl_scenario *scenarios,
                           __global const struct expiry_tick *ticks,
                           __global const struct pl_ocl_change *changes, uint count, uint columns,
                           __global long *fresh)
{
    struct tables t;
    struct inputs in;
    struct core core;
    struct column column[LANES];
    ulong number[LANES], place[LANES], forward[LANES], vol[LANES];
    bool some = false, skew = false;
    const ulong first = get_global_id(0) * LANES, last = (ulong)count * columns - 1;
    if (first > last)
        return;
    t.instruments = instruments;
    t.expiries = expiries;
    t.underlyings = underlyings;
    t.scenarios = scenarios;
#pragma unroll
    for (uint lane = 0; lane < LANES; lane++) {
        const ulong at = min(first + lane, last);
        const uint n = (uint)at / columns;
        column[lane] =
            column_of(t, &instruments[changes[n].instrument], (uint)at % columns, columns);
        number[lane] = n;
        place[lane] = (ulong)n * ROW_WORDS + column[lane].word;
        some = some || column[lane].word != 0;
        skew = skew || is_skew(column[lane].rule);
    }
    if (!some)
        return;
    take(&in, instruments, ticks, changes, LOAD(number));
    long k[LANES], values[LANES];
    STORE(skew ? log_moneyness_q48(rom, in.strike, in.forward) : EVERY(0), k);
#pragma unroll
    for (uint lane = 0; lane < LANES; lane++) {
        __global const struct pl_ocl_change *change = &changes[number[lane]];
        __global const struct pl_instrument *instrument = &instruments[change->instrument];
        __global const struct expiry_tick *tick = &ticks[instrument->expiry];
        const long multiplier = vol_multiplier(&tick->shift, column[lane].rule, k[lane]);
        forward[lane] =
            shocked_forward(tick->price.forward, tick->time.moving, column[lane].shock);
        vol[lane] = (ulong)product((long)change->vol, multiplier, HALF_COEFFICIENT,
                                   PL_COEFFICIENT_BITS);
        if (column[lane].rule == PL_VOL_RULE_UP)
            vol[lane] =
                max(vol[lane], underlyings[expiries[instrument->expiry].underlying].vol_floor);
    }
    STORE(core_run(rom, &in.x, LOAD(forward), in.strike, LOAD(vol), in.is_call, &core), values);
#pragma unroll
    for (uint lane = 0; lane < LANES; lane++) {
        if (column[lane].word != 0 && first + lane <= last)
            fresh[place[lane]] = values[lane];
    }
}

/* The words of LANES changes: the value, then mantissas and exponents of the Greeks, each of all
 * lanes in turn. */
#define GREEK_WORDS (PL_OCL_GREEK_WORDS * LANES)

INLINE void put(__global long *words, uint word, S values)
{
    STORE(values, words + word * LANES);
}

INLINE void put_real(__global long *words, uint greek, struct reals r)
{
    put(words, PL_OCL_M + greek, r.m);
    put(words, PL_OCL_E + greek, r.e);
}

/* Value and Greeks of every change without a shock; what is no option has no use for them. */
__kernel void price_greeks(__global const ulong *rom,
                           __global const struct pl_instrument *instruments,
                           __global const struct expiry_tick *ticks,
                           __global const struct pl_ocl_change *changes, uint count,
                           __global long *out)
{
    struct inputs in;
    struct core core;
    struct greeks g;
    const ulong first = get_global_id(0) * LANES;
    if (first >= count)
        return;
    const V number = first + LANE_NUMBERS, last = ALL(count - 1);
    take(&in, instruments, ticks, changes, PICK(TRUTH(number > last), last, number));
    const S good = in.x.good & price_good(in.forward) & price_good(in.strike);
    __global long *words = out + get_global_id(0) * GREEK_WORDS;
    put(words, PL_OCL_VALUE,
        core_run(rom, &in.x, in.forward, in.strike, in.vol, in.is_call, &core));
    greeks_run(&in.x, in.is_call, &core, good, &g);
    put_real(words, PL_OCL_DELTA, g.delta);
    put_real(words, PL_OCL_GAMMA, g.gamma);
    put_real(words, PL_OCL_VEGA, g.vega);
    put_real(words, PL_OCL_THETA, g.theta);
    put_real(words, PL_OCL_RHO, g.rho);
}

/* An entry that exceeds the profile's word is limited and flagged. */
long entry(long value, uint flag, uint *flags)
{
    const long limit = (1L << ROW_BITS) - 1;
    if (value > limit || value < -limit) {
        *flags |= flag;
        return value < 0 ? -limit : limit;
    }
    return value;
}

/* price * unit rounded half-up. */
long price_entry(ulong price, struct real unit, uint *flags)
{
    const ulong high = mul_hi(price, (ulong)unit.m), low = price * (ulong)unit.m;
    const int shift = PL_REAL_BITS - unit.e - 1; /* then 1 is added, and halved */
    ulong value;
    if (price == 0 || shift > 125)
        value = 0;
    else if (shift >= 64)
        value = ((high >> (shift - 64)) + 1) >> 1;
    else if (shift < 0 || high >> shift != 0)
        value = LONG_MAX;
    else if (shift == 0)
        value = (low >> 1) + (low & 1);
    else
        value = ((high << (64 - shift) | low >> shift) >> 1) + ((low >> shift) & 1);
    return entry((long)value, PL_FLAG_SATURATED, flags);
}

long rate_entry(long value, long rate, uint *flags)
{
    return entry(scaled_up(value, rate), PL_FLAG_SATURATED, flags);
}

long greek_entry(struct real value, int shift, uint *flags)
{
    return entry(real_to_int(value, shift), PL_FLAG_GREEKS, flags);
}

/* A value without its flags, which are noted. */
long plain(long value, uint *flags)
{
    const uint price_flags = (uint)((ulong)value >> PL_OCL_FLAGS_SHIFT);
    if (price_flags & PRICE_DOMAIN)
        *flags |= PL_FLAG_DOMAIN;
    if (price_flags & PRICE_SATURATED)
        *flags |= PL_FLAG_SATURATED;
    return entry(value & ((1L << PL_OCL_FLAGS_SHIFT) - 1), PL_FLAG_SATURATED, flags);
}

void fill_greeks(__global struct pl_row *row, __global const long *words, ulong forward,
                 uint *flags)
{
    const struct real f = real_from_price(forward);
    const struct real percent = real_of(ONE_HUNDREDTH_M, ONE_HUNDREDTH_E);
    const struct real day = real_of(ONE_DAY_M, ONE_DAY_E);
    struct real r[5];
    for (uint i = 0; i < 5; i++)
        r[i] = real_of(words[(PL_OCL_M + i) * LANES], (int)words[(PL_OCL_E + i) * LANES]);
    const struct real gamma =
        real_mul(real_mul(real_mul(r[PL_OCL_GAMMA], f), f), percent);
    row->delta = greek_entry(real_mul(r[PL_OCL_DELTA], f), 0, flags);
    row->gamma = greek_entry(gamma, -PL_GAMMA_SHIFT, flags);
    row->vega = greek_entry(real_mul(r[PL_OCL_VEGA], percent), 0, flags);
    row->theta = greek_entry(real_mul(r[PL_OCL_THETA], day), 0, flags);
    row->rho = greek_entry(real_mul(r[PL_OCL_RHO], percent), 0, flags);
}

/* Value of one lot, of anything but an option, with the forward moved by `shock`. */
long shocked_value(uint kind, __global const struct expiry_tick *tick, struct real unit, long shock,
                   uint *flags)
{
    switch (kind) {
    case PL_ROW_KIND_LINEAR:
        return price_entry(shocked_forward(tick->price.forward, tick->time.moving, shock), unit,
                           flags);
    case PL_ROW_KIND_INVERSE: return -price_entry(tick->price.forward, unit, flags);
    default: return 0;
    }
}

void fill_requirements(__global struct pl_row *row, __global const struct pl_class *c,
                       __global const struct expiry_tick *tick, struct real unit, uint *flags)
{
    row->gross = price_entry(tick->price.index_price, unit, flags);
    row->notional = row->row == PL_ROW_KIND_LINEAR ? row->base : row->gross;
    row->mm_long = rate_entry(row->gross, c->mm_long, flags);
    row->mm_short = rate_entry(row->gross, c->mm_short, flags);
    row->im_long = rate_entry(row->gross, c->im_long, flags);
    row->im_short = rate_entry(row->gross, c->im_short, flags);
    row->fee = rate_entry(row->notional, c->fee, flags);
}

/* Losses of one lot bought and sold alone, the worst so far, in *bought and *sold. */
void order_loss(long base, long value, __global const struct expiry_tick *tick,
                __global const struct pl_scenario *s, long *bought, long *sold)
{
    long b = base - scaled_down(value, tick->time.long_discount);
    long a = scaled_up(value, tick->time.short_discount) - base;
    if (is_skew(s->vol_rule)) {
        b = b < 0 ? -b : b;
        a = a < 0 ? -a : a;
    }
    *bought = max(*bought, scaled_up(b, s->dampening));
    *sold = max(*sold, scaled_up(a, s->dampening));
}

void fill_orders(__global struct pl_row *row, __global const struct expiry_tick *tick,
                 __global const struct pl_underlying *u, __global const struct pl_scenario *s,
                 bool scenario, uint *flags)
{
    const bool inverse = row->row == PL_ROW_KIND_INVERSE;
    const uint count = scenario ? u->scenario_count : 0;
    const long base = inverse ? -row->base : row->base;
    long bought = 0, sold = 0;
    if (row->row == PL_ROW_KIND_REQUIREMENT)
        return;
    for (uint i = 0; i < count; i++) {
        long value = row->scenario[i];
        if (inverse)
            value = (long)shocked_forward((ulong)base, tick->time.moving, s[i].shock);
        order_loss(base, value, tick, &s[i], &bought, &sold);
    }
    if (count > 0) {
        const long low = min(row->basis_up, row->basis_down);
        const long high = max(row->basis_up, row->basis_down);
        bought = max(bought, scaled_up(base - low, tick->time.basis_weight));
        sold = max(sold, scaled_up(high - base, tick->time.basis_weight));
    }
    if (row->row == PL_ROW_KIND_OPTION)
        row->order_naked = rate_entry(row->gross, u->naked_im, flags);
    row->order_long = entry(bought, PL_FLAG_SATURATED, flags);
    row->order_short = entry(sold, PL_FLAG_SATURATED, flags);
}

/* Values of everything but the Greeks. */
void fill_values(__global struct pl_row *row, __global const long *words,
                 __global const struct expiry_tick *tick, __global const struct pl_underlying *u,
                 __global const struct pl_scenario *s, struct real unit, bool scenario, uint *flags)
{
    const bool option = row->row == PL_ROW_KIND_OPTION;
    row->base = option ? plain(words[PL_OCL_VALUE * LANES], flags)
                       : shocked_value(row->row, tick, unit, COEFFICIENT_ONE, flags);
    if (option)
        fill_greeks(row, words, tick->price.forward, flags);
    else if (row->row == PL_ROW_KIND_LINEAR)
        row->delta = row->base;
    if (!scenario || row->row == PL_ROW_KIND_REQUIREMENT)
        return;
    for (uint i = 0; i < u->scenario_count; i++)
        row->scenario[i] = option ? plain(row->scenario[i], flags)
                                  : shocked_value(row->row, tick, unit, s[i].shock, flags);
    row->basis_up = option ? plain(row->basis_up, flags)
                           : shocked_value(row->row, tick, unit, u->basis_up, flags);
    row->basis_down = option ? plain(row->basis_down, flags)
                             : shocked_value(row->row, tick, unit, u->basis_down, flags);
}

void clear(__global struct pl_row *row)
{
    __global ulong *words = (__global ulong *)row;
    for (uint i = 0; i < ROW_WORDS; i++)
        words[i] = 0;
}

/* Finishes the rows of the changes, and puts them in place. */
__kernel void finish_rows(__global const struct pl_instrument *instruments,
                          __global const struct pl_expiry *expiries,
                          __global const struct pl_underlying *underlyings,
                          __global const struct pl_class *classes,
                          __global const struct pl_scenario *scenarios,
                          __global const struct expiry_tick *ticks,
                          __global const struct pl_ocl_change *changes, uint count,
                          __global const long *greeks,
                          __global struct pl_row *fresh, __global struct pl_row *rows)
{
    const uint n = (uint)get_global_id(0);
    if (n >= count)
        return;
    __global const struct pl_ocl_change *change = &changes[n];
    __global const struct pl_instrument *instrument = &instruments[change->instrument];
    __global const struct pl_expiry *e = &expiries[instrument->expiry];
    __global const struct expiry_tick *tick = &ticks[instrument->expiry];
    __global const struct pl_underlying *u = &underlyings[e->underlying];
    __global const struct pl_scenario *s = &scenarios[u->scenario_table * PL_SCENARIOS_MAX];
    __global struct pl_row *row = &fresh[n];
    const struct option o = look_at(instrument, tick, change);
    uint flags = tick->price.flags;
    if (instrument->row == PL_ROW_KIND_OPTION)
        flags |= change->vol_flags;
    if (!o.priced || !o.good) {
        clear(row);
        flags |= !o.priced ? PL_FLAG_UNPRICED : PL_FLAG_DOMAIN;
    }
    row->row = instrument->row;
    row->row_shift = e->row_shift;
    row->is_asset = instrument->is_asset;
    row->expiry = instrument->expiry;
    row->margin_class = instrument->margin_class;
    if (o.priced && o.good) {
        fill_values(row, greeks + n / LANES * GREEK_WORDS + n % LANES, tick, u, s, o.unit, e->scenario, &flags);
        fill_requirements(row, &classes[instrument->margin_class], tick, o.unit, &flags);
        fill_orders(row, tick, u, s, e->scenario, &flags);
    }
    row->flags = (uchar)flags;
    rows[change->instrument] = *row;
}
