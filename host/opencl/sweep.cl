/* The sweep: one account a work item. A quick account is in portfolio mode, without resting orders,
 * flags or offset groups, and no sum of one of its expiries reaches 2^55 of money; everything else
 * is left to the specification, and so is every error.
 *
 * Sums: an entry, with its sign, is added as entry + 2^51, times the size |lots|, in two halves of 32
 * bits: low below 2^42 and high below 2^62 for 1,023 positions. Without the bias, the true sum is
 * 2^32 high + low, high with a sign. Shifted down by row_shift s <= 40 it must lie below 2^55.
 *
 * Bounds: |value| < 2^55; discounted by at most 2, less another value: below 2^57; dampening is at
 * most 1; 31 expiries of an underlying stay below 2^62, and so do 127 values of an account. */
#define SUM_BITS 55
#define POSITIONS_MAX 1023
#define EXPIRIES_MAX 31 /* of one underlying */
#define ACCOUNT_EXPIRIES_MAX 127
#define ROW_SHIFT_MAX 40
#define DISCOUNT_MAX (2 * COEFFICIENT_ONE)
#define BIAS (1UL << 51)
#define MAIN_WORDS 16 /* of a row: the columns besides scenarios lie in its first words */

typedef CAT(ulong, WIDE) wide;
typedef CAT(long, WIDE) swide;
#define AS_SWIDE(x) CAT(as_long, WIDE)(x)
#define WIDE_LOAD(p) CAT(vload, WIDE)(0, p)
#define WIDE_STORE(value, p) CAT(vstore, WIDE)(value, 0, p)

/* Words that take the sign of the position; those that count for long ones, and for short ones. The
 * others are requirements, which stand with a minus: they round up. */
__constant ulong signed_words[MAIN_WORDS] = {
    [ROW_BASE] = ~0UL,  [ROW_BASIS_UP] = ~0UL, [ROW_BASIS_DOWN] = ~0UL, [ROW_DELTA] = ~0UL,
    [ROW_GAMMA] = ~0UL, [ROW_VEGA] = ~0UL,     [ROW_THETA] = ~0UL,      [ROW_RHO] = ~0UL
};
__constant ulong long_words[MAIN_WORDS] = {
    [ROW_BASE] = ~0UL,  [ROW_BASIS_UP] = ~0UL, [ROW_BASIS_DOWN] = ~0UL, [ROW_DELTA] = ~0UL,
    [ROW_GAMMA] = ~0UL, [ROW_VEGA] = ~0UL,     [ROW_THETA] = ~0UL,      [ROW_RHO] = ~0UL,
    [ROW_FEE] = ~0UL,   [ROW_GROSS] = ~0UL,    [ROW_MM_LONG] = ~0UL,    [ROW_IM_LONG] = ~0UL
};
__constant ulong short_words[MAIN_WORDS] = {
    [ROW_BASE] = ~0UL,  [ROW_BASIS_UP] = ~0UL, [ROW_BASIS_DOWN] = ~0UL, [ROW_DELTA] = ~0UL,
    [ROW_GAMMA] = ~0UL, [ROW_VEGA] = ~0UL,     [ROW_THETA] = ~0UL,      [ROW_RHO] = ~0UL,
    [ROW_FEE] = ~0UL,   [ROW_GROSS] = ~0UL,    [ROW_MM_SHORT] = ~0UL,   [ROW_IM_SHORT] = ~0UL
};

/* One account, while its slots go by. */
struct account {
    bool bad; /* not quick */
    long value, fee, mm, im, greeks[5];
    long mm_loss, im_loss; /* and oracle terms */
    long worst_loss;
    uint worst_underlying, worst_scenario;
    /* the open underlying */
    uint underlying, expiries;
    bool is_open, perpetual;
    long basis, oracle, oracle_perpetual;
    long pnl[PL_SCENARIOS_MAX];
};

long add(long a, long b, bool *bad)
{
    const long sum = (long)((ulong)a + (ulong)b);
    *bad = *bad || ((a ^ sum) & (b ^ sum)) < 0;
    return sum;
}

long scale_down(long value, long coefficient, bool *bad)
{
    const long high = mul_hi(value, coefficient) >> (PL_COEFFICIENT_BITS - 1);
    *bad = *bad || high != high >> 63;
    return product(value, coefficient, 0, PL_COEFFICIENT_BITS);
}

long scale_up(long value, long coefficient, bool *bad)
{
    *bad = *bad || value == LONG_MIN;
    const long down = scale_down((long)(0 - (ulong)value), coefficient, bad);
    *bad = *bad || down == LONG_MIN;
    return (long)(0 - (ulong)down);
}

/* floor(value * coefficient / 2^40) of values below 2^57 and coefficients of 0 to 2. */
swide scale_wide(swide value, swide coefficient)
{
    const swide vh = value >> 32, vl = value & (long)LOW32;
    const swide ch = coefficient >> 32, cl = coefficient & (long)LOW32;
    const wide low = (CAT(as_ulong, WIDE)(vl) * CAT(as_ulong, WIDE)(cl)) >> 32;
    const swide middle = vh * cl + vl * ch + AS_SWIDE(low);
    return ((vh * ch) << (64 - PL_COEFFICIENT_BITS)) + (middle >> (PL_COEFFICIENT_BITS - 32));
}

/* Slots of one expiry: slots[from..to), their size altogether, and how sums are narrowed. */
struct segment {
    __global const ulong *slots;
    __global const ulong *rows;
    uint from, to;
    ulong size;
};

struct halves {
    swide high;
    wide low;
};

/* Sums of WIDE words of the rows from `word` on. */
struct halves sum_words(const struct segment *s, uint word, wide is_signed, wide for_long,
                        wide for_short)
{
    struct halves h;
    wide low = (wide)(0UL), high = (wide)(0UL);
    for (uint p = s->from; p < s->to; p++) {
        const ulong slot = s->slots[p];
        const int lots = (int)(uint)pl_slot_position_lots(slot);
        const wide size = (wide)((ulong)abs(lots));
        const wide entry =
            WIDE_LOAD(s->rows + pl_slot_position_instrument(slot) * ROW_WORDS + word);
        const wide minus = lots < 0 ? (wide)(~0UL) : ~is_signed;
        const wide counted = lots < 0 ? for_short : for_long;
        const wide w = (((entry ^ minus) - minus) & counted) + BIAS;
        const wide a = (w & LOW32) * size, b = ((w >> 32) & LOW32) * size;
        low += a & LOW32;
        high += b + (a >> 32);
    }
    h.high = AS_SWIDE(high + (low >> 32)) - (long)(s->size << (51 - 32));
    h.low = low & LOW32;
    return h;
}

/* floor((2^32 high + low) / 2^shift), shift in -10..40, if it lies within +-2^SUM_BITS. */
long narrow(long high, ulong low, int shift, bool *bad)
{
    const int limit = SUM_BITS - 32 + shift;
    if (limit < 63)
        *bad = *bad || high >= 1L << limit || high < -(1L << limit);
    if (shift > 32)
        return high >> (shift - 32);
    return (long)(((ulong)high << (32 - shift)) + (shift < 0 ? low << -shift : low >> shift));
}

swide narrow_wide(struct halves h, int shift, bool *bad)
{
    const int limit = SUM_BITS - 32 + shift;
    if (limit < 63)
        *bad = *bad || any(h.high >= (swide)(1L << limit)) || any(h.high < (swide)(-(1L << limit)));
    if (shift > 32)
        return h.high >> (shift - 32);
    return AS_SWIDE((CAT(as_ulong, WIDE)(h.high) << (32 - shift)) + (h.low >> shift));
}

/* P&L of an expiry's scenarios: see close_expiry.c. */
void close_scenarios(struct account *a, const struct segment *s,
                     __global const struct pl_expiry *e, __global const struct expiry_tick *tick,
                     __global const struct pl_scenario *list, uint count, long base)
{
    const swide shorts = (swide)(tick->time.short_discount);
    const swide longs = (swide)(tick->time.long_discount);
    for (uint first = 0; first < count; first += WIDE) {
        long damp[WIDE], skew[WIDE];
        for (uint i = 0; i < WIDE; i++) {
            const uint at = min(first + i, count - 1);
            damp[i] = list[at].dampening;
            skew[i] = is_skew(list[at].vol_rule) ? -1 : 0;
        }
        const struct halves h = sum_words(s, ROW_SCENARIO + first, (wide)(~0UL), (wide)(~0UL),
                                          (wide)(~0UL));
        const swide value = narrow_wide(h, e->row_shift, &a->bad);
        swide pnl = scale_wide(value, select(longs, shorts, value)) - base;
        pnl = select(pnl, min(pnl, -pnl), WIDE_LOAD(skew));
        pnl = scale_wide(pnl, WIDE_LOAD(damp));
        WIDE_STORE(WIDE_LOAD(a->pnl + first) + pnl, a->pnl + first);
    }
}

void close_main(struct account *a, const long *high, const ulong *low, int shift,
                __global const struct pl_expiry *e, __global const struct expiry_tick *tick)
{
    const uint words[5] = { ROW_DELTA, ROW_GAMMA, ROW_VEGA, ROW_THETA, ROW_RHO };
    bool *bad = &a->bad;
    const ulong mm_low = low[ROW_MM_LONG] + low[ROW_MM_SHORT];
    const ulong im_low = low[ROW_IM_LONG] + low[ROW_IM_SHORT];
    const long mm_high = high[ROW_MM_LONG] + high[ROW_MM_SHORT] + (long)(mm_low >> 32);
    const long im_high = high[ROW_IM_LONG] + high[ROW_IM_SHORT] + (long)(im_low >> 32);
    const long value = narrow(high[ROW_BASE], low[ROW_BASE], shift, bad);
    a->value += value;
    a->fee -= narrow(high[ROW_FEE], low[ROW_FEE], shift, bad);
    a->mm -= narrow(mm_high, mm_low & LOW32, shift, bad);
    a->im -= narrow(im_high, im_low & LOW32, shift, bad);
    for (uint g = 0; g < 5; g++)
        a->greeks[g] += narrow(high[words[g]], low[words[g]],
                               words[g] == ROW_GAMMA ? shift - PL_GAMMA_SHIFT : shift, bad);
    const long gross = -narrow(high[ROW_GROSS], low[ROW_GROSS], shift, bad);
    a->oracle = add(a->oracle, scale_up(gross, tick->price.penalty, bad), bad);
    a->oracle_perpetual =
        add(a->oracle_perpetual, scale_up(gross, tick->price.penalty_perpetual, bad), bad);
    if (e->scenario) {
        const long up = narrow(high[ROW_BASIS_UP], low[ROW_BASIS_UP], shift, bad);
        const long down = narrow(high[ROW_BASIS_DOWN], low[ROW_BASIS_DOWN], shift, bad);
        const long loss = min(0L, min(up, down) - value);
        a->basis = add(a->basis, scale_down(loss, tick->time.basis_weight, bad), bad);
    }
}

/* Finds the slots of the expiry that starts at s->from. */
void find_segment(struct account *a, struct segment *s, uint end, uint instruments, long *last)
{
    const uint expiry = (uint)(s->rows[pl_slot_position_instrument(s->slots[s->from]) * ROW_WORDS] >>
                               ROW_EXPIRY_BIT) & 0xffff;
    s->size = 0;
    for (s->to = s->from; s->to < end; s->to++) {
        const ulong slot = s->slots[s->to];
        const uint tag = pl_slot_tag(slot);
        const long instrument = (long)pl_slot_position_instrument(slot);
        if ((tag != PL_TAG_POSITION && tag != PL_TAG_REQUIREMENT) || instrument >= instruments)
            break;
        const ulong head = s->rows[instrument * ROW_WORDS];
        if (((uint)(head >> ROW_EXPIRY_BIT) & 0xffff) != expiry)
            break;
        const int lots = (int)(uint)pl_slot_position_lots(slot);
        const bool requirement = ((head >> ROW_KIND_BIT) & 0xff) == PL_ROW_KIND_REQUIREMENT;
        a->bad = a->bad || ((head >> ROW_FLAGS_BIT) & 0xff) != 0 || instrument <= *last ||
                 requirement != (tag == PL_TAG_REQUIREMENT) || (requirement && lots < 0);
        *last = instrument;
        s->size += abs(lots);
    }
    a->bad = a->bad || s->to - s->from > POSITIONS_MAX;
}

void start_underlying(struct account *a, uint underlying)
{
    a->underlying = underlying;
    a->expiries = 0;
    a->is_open = true;
    a->perpetual = false;
    a->basis = a->oracle = a->oracle_perpetual = 0;
    for (uint i = 0; i < PL_SCENARIOS_MAX; i++)
        a->pnl[i] = 0;
}

void end_underlying(struct account *a, __global const struct pl_underlying *underlyings,
                    __global const struct pl_ocl_underlying *more)
{
    __global const struct pl_underlying *u = &underlyings[a->underlying];
    long worst = 0;
    uint scenario = WORST_NONE;
    for (uint i = 0; i < u->scenario_count; i++) {
        scenario = a->pnl[i] < worst ? i : scenario;
        worst = min(worst, a->pnl[i]);
    }
    scenario = a->basis < worst ? WORST_BASIS : scenario;
    worst = min(worst, a->basis);
    const long mm = scale_up(-worst, u->mm_loss_factor, &a->bad);
    const long im = scale_up(-worst, more[a->underlying].im_loss_factor, &a->bad);
    a->mm_loss = add(a->mm_loss, mm, &a->bad);
    a->im_loss = add(a->im_loss, im, &a->bad);
    a->im_loss = add(a->im_loss, a->perpetual ? a->oracle_perpetual : a->oracle, &a->bad);
    if (worst < a->worst_loss) {
        a->worst_loss = worst;
        a->worst_underlying = a->underlying;
        a->worst_scenario = scenario;
    }
    a->is_open = false;
}

/* Adds up the cash slots behind the header; returns the slot behind them. */
uint take_cash(struct account *a, __global const ulong *slots, uint at, uint end, long *cash)
{
    for (*cash = 0; at < end; at++) {
        const uint tag = pl_slot_tag(slots[at]);
        long amount = tag == PL_TAG_CASH || tag == PL_TAG_CASH_HIGH ? pl_slot_cash_amount(slots[at])
                                                                    : 0;
        if (tag == PL_TAG_CASH_HIGH) {
            a->bad = a->bad || amount != (long)(int)amount;
            amount = (long)((ulong)amount << 32);
        } else if (tag != PL_TAG_CASH) {
            break;
        }
        *cash = add(*cash, amount, &a->bad);
    }
    return at;
}

bool rest_is_padding(__global const ulong *slots, uint at, uint end)
{
    while (at < end && pl_slot_tag(slots[at]) == PL_TAG_PAD)
        at++;
    return at == end;
}

void start_account(struct account *a)
{
    a->bad = a->is_open = false;
    a->value = a->fee = a->mm = a->im = 0;
    for (uint g = 0; g < 5; g++)
        a->greeks[g] = 0;
    a->mm_loss = a->im_loss = a->worst_loss = 0;
    a->worst_underlying = 0xffff;
    a->worst_scenario = WORST_NONE;
}

/* Account i has the slots starts[i] (its header) to starts[i + 1]. */
__kernel void sweep_accounts(__global const ulong *slots, __global const uint *starts,
                             uint accounts, __global const ulong *rows, uint instruments,
                             __global const struct pl_expiry *expiries,
                             __global const struct pl_underlying *underlyings,
                             __global const struct pl_scenario *scenarios,
                             __global const struct expiry_tick *ticks,
                             __global const struct pl_ocl_underlying *more,
                             __global const struct pl_multiplier *multipliers,
                             uint multiplier_count, uint filter, __global uchar *answers,
                             __global uint *found, __global struct pl_ocl_finding *findings)
{
    struct account a;
    struct segment s;
    const uint account = (uint)get_global_id(0);
    if (account >= accounts)
        return;
    const uint end = starts[account + 1];
    const ulong header = slots[starts[account]];
    long cash, last = -1;
    uint all_expiries = 0;
    start_account(&a);
    s.slots = slots;
    s.rows = rows;
    a.bad = pl_slot_header_mode(header) != PL_MODE_PORTFOLIO ||
            pl_slot_header_multiplier(header) >= multiplier_count ||
            end - starts[account] > PL_ACCOUNT_SLOTS_MAX;
    uint at = a.bad ? end : take_cash(&a, slots, starts[account] + 1, end, &cash);
    while (at < end && !a.bad) {
        const uint tag = pl_slot_tag(slots[at]);
        const ulong instrument = pl_slot_position_instrument(slots[at]);
        if (tag == PL_TAG_PAD && rest_is_padding(slots, at, end))
            break;
        if ((tag != PL_TAG_POSITION && tag != PL_TAG_REQUIREMENT) || instrument >= instruments) {
            a.bad = true;
            break;
        }
        s.from = at;
        find_segment(&a, &s, end, instruments, &last);
        const uint expiry = (uint)(rows[instrument * ROW_WORDS] >> ROW_EXPIRY_BIT) & 0xffff;
        __global const struct pl_expiry *e = &expiries[expiry];
        __global const struct expiry_tick *tick = &ticks[expiry];
        __global const struct pl_underlying *u = &underlyings[e->underlying];
        if (a.is_open && a.underlying != e->underlying)
            end_underlying(&a, underlyings, more);
        if (!a.is_open)
            start_underlying(&a, e->underlying);
        a.bad = a.bad || !more[e->underlying].quick || e->row_shift < 0 ||
                e->row_shift > ROW_SHIFT_MAX || tick->time.long_discount > DISCOUNT_MAX ||
                tick->time.short_discount > DISCOUNT_MAX || ++a.expiries > EXPIRIES_MAX ||
                ++all_expiries > ACCOUNT_EXPIRIES_MAX;
        if (a.bad)
            break;
        long high[MAIN_WORDS];
        ulong low[MAIN_WORDS];
        for (uint word = 0; word < MAIN_WORDS; word += WIDE) {
            const struct halves h =
                sum_words(&s, word, WIDE_LOAD(signed_words + word), WIDE_LOAD(long_words + word),
                          WIDE_LOAD(short_words + word));
            WIDE_STORE(h.high, high + word);
            WIDE_STORE(h.low, low + word);
        }
        const long before = a.value;
        close_main(&a, high, low, e->row_shift, e, tick);
        if (e->scenario)
            close_scenarios(&a, &s, e, tick, &scenarios[u->scenario_table * PL_SCENARIOS_MAX],
                            u->scenario_count, a.value - before);
        a.perpetual = a.perpetual || (e->perpetual && s.size != 0);
        at = s.to;
    }
    if (a.is_open && !a.bad)
        end_underlying(&a, underlyings, more);
    if (a.bad) {
        answers[account] = PL_OCL_NOT_QUICK;
        return;
    }
    const long multiplier = multipliers[pl_slot_header_multiplier(header)].value;
    const long mm = scale_up(add(a.mm_loss, a.fee + a.mm, &a.bad), multiplier, &a.bad);
    const long im = scale_up(add(a.im_loss, a.fee + a.im, &a.bad), multiplier, &a.bad);
    const long equity = add(a.value, cash, &a.bad);
    const long maintenance_excess = add(equity, -mm, &a.bad);
    const long initial_excess = add(equity, -im, &a.bad);
    const uint state = equity < 0               ? PL_STATE_BANKRUPT
                       : maintenance_excess < 0 ? PL_STATE_LIQUIDATE
                       : initial_excess < 0     ? PL_STATE_MARGIN_CALL
                                                : PL_STATE_HEALTHY;
    answers[account] = (uchar)(a.bad ? PL_OCL_NOT_QUICK : state);
    if (a.bad || state < filter)
        return;
    __global struct pl_ocl_finding *f = &findings[atomic_inc(found)];
    f->account = account;
    f->worst_underlying = (ushort)a.worst_underlying;
    f->worst_scenario = (uchar)a.worst_scenario;
    f->reserved0 = 0;
    f->equity = equity;
    f->maintenance_excess = maintenance_excess;
    f->initial_excess = initial_excess;
    f->worst_loss = a.worst_loss;
    for (uint g = 0; g < 5; g++)
        f->greeks[g] = a.greeks[g];
}
