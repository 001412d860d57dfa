/* The whole margin model again, in doubles, written from its description (Black-76 by erfc, exp and
 * pow of the C library), against the public API on random books: equity, both excesses and the net
 * Greeks. */
#include "../support/random_book.h"

struct result {
    double equity, maintenance, initial, gross,
        worst_loss; /* gross: of everything held, for the tolerance */
    double delta, vega, theta, rho, theta_gross;
};

static double normal(double x)
{
    return 0.5 * erfc(-x / sqrt(2));
}

static double density(double x)
{
    return exp(-x * x / 2) / sqrt(2 * M_PI);
}

static double black(double f, double k, double t, double sigma, double d, bool call)
{
    double s = sigma * sqrt(t);
    if (s == 0)
        return d * fmax(call ? f - k : k - f, 0);
    double d1 = log(f / k) / s + s / 2, d2 = d1 - s;
    return call ? d * (f * normal(d1) - k * normal(d2)) : d * (k * normal(-d2) - f * normal(-d1));
}

static double seconds_left(const struct book *b, const struct book_instrument *i)
{
    return i->expiry_us > b->now_us ? (double)(i->expiry_us - b->now_us) / 1e6 : 0;
}

static double moving_share(const struct book *b, const struct book_instrument *i)
{
    const struct book_underlying *u = &b->underlyings[i->underlying];
    bool averaged = i->kind == PL_KIND_OPTION || (i->kind == PL_KIND_FUTURE && !i->coin);
    return averaged && u->averaging_s > 0 ? fmin(1, seconds_left(b, i) / u->averaging_s) : 1;
}

static double rate_of(const struct book *b, const struct book_instrument *i)
{
    const struct book_underlying *u = &b->underlyings[i->underlying];
    double r = i->coin ? 0 : b->nodes[i->forward_node].rate;
    return !i->coin && u->has_floor ? fmax(r, u->floor) : r;
}

static double skewed(double k, double cbase, double cap0, double t, const struct book_underlying *u)
{
    double cap = cbase * sqrt(t) + cap0;
    double star =
        fmax(u->min_k_star, sqrt(t) * u->min_width * (u->vol_static + sqrt(t) * u->vol_scale));
    double y = k * cap / star;
    y = k >= 0 ? fmin(y, cap) : fmax(y, -cap);
    return fmax(0, 1 + y);
}

static double shocked_vol(const struct book *b, const struct book_instrument *i, uint8_t rule)
{
    const struct book_underlying *u = &b->underlyings[i->underlying];
    double sigma = b->nodes[i->node].vol, days = seconds_left(b, i) / 86400,
           t = seconds_left(b, i) / BOOK_YEAR_S;
    double m = pow(30 / fmax(days, u->dte_floor), days <= 30 ? u->short_power : u->long_power);
    double k = log(i->strike / b->nodes[i->forward_node].price);
    switch (rule) {
    case PL_VOL_RULE_UP: return fmax(u->min_up, sigma * (1 + u->vol_up * m));
    case PL_VOL_RULE_DOWN: return sigma * fmax(0, 1 - u->vol_down * m);
    case PL_VOL_RULE_LINEAR: return sigma * skewed(k, u->linear_cbase, u->linear_cap, t, u);
    case PL_VOL_RULE_ABS: return sigma * skewed(fabs(k), u->abs_cbase, u->abs_cap, t, u);
    default: return sigma;
    }
}

static double option_discount(const struct book *b, const struct book_instrument *i)
{
    double index = b->nodes[b->underlyings[i->underlying].node].price;
    return i->coin ? index / b->nodes[i->forward_node].price
                   : exp(-rate_of(b, i) * seconds_left(b, i) / BOOK_YEAR_S);
}

/* Value of one contract with the price moved by h. Inverse ones are valued by their legs elsewhere.
 */
static double contract_value(const struct book *b, const struct book_instrument *i, double h,
                             uint8_t rule)
{
    double v = moving_share(b, i), factor = 1 - v + v * h;
    if (i->kind != PL_KIND_OPTION)
        return i->size * b->nodes[i->node].price * factor;
    double f = b->nodes[i->forward_node].price * factor, t = seconds_left(b, i) / BOOK_YEAR_S;
    return i->size *
           black(f, i->strike, t, shocked_vol(b, i, rule), option_discount(b, i), i->is_call);
}

/* One thing with a P&L of its own: an option expiry, a linear contract, a coin, the coin legs. */
struct part {
    double value, shocked[PL_SCENARIOS_MAX], up, down, long_discount, short_discount, basis_weight;
};

struct total {
    double pnl[PL_SCENARIOS_MAX], basis, mm, im, order_loss, naked;
};

static void add_part(const struct book *b, const struct book_underlying *u, const struct part *p,
                     struct total *t)
{
    for (uint32_t s = 0; s < b->scenario_count[u->table]; s++) {
        const struct book_scenario *x = &b->scenarios[u->table][s];
        double pnl =
            p->shocked[s] * (p->shocked[s] >= 0 ? p->long_discount : p->short_discount) - p->value;
        t->pnl[s] += x->dampening * (x->rule >= PL_VOL_RULE_LINEAR ? -fabs(pnl) : pnl);
    }
    t->basis += fmin(fmin(p->up, p->down) - p->value, 0) * p->basis_weight;
}

static void start_part(const struct book *b, const struct book_instrument *i, struct part *p)
{
    const struct book_underlying *u = &b->underlyings[i->underlying];
    *p = (struct part){ .long_discount = 1, .short_discount = 1 };
    if (i->kind != PL_KIND_OPTION)
        return;
    double t = seconds_left(b, i) / BOOK_YEAR_S, r = rate_of(b, i);
    p->basis_weight = u->basis_add + u->basis_mult * t;
    if (u->discount) {
        p->long_discount = u->long_base * exp(-t * (r * u->long_mult + u->long_add));
        p->short_discount =
            fmin(exp(r * t), u->short_base * exp(t * (r * u->short_mult + u->short_add)));
    }
}

static double confidence(const struct book *b, uint32_t node)
{
    return (double)b->nodes[node].words.confidence_q40 / (double)Q40;
}

static double penalty(const struct book_underlying *u, double c)
{
    return c < u->threshold ? (1 - c) * u->margin : 0;
}

static double oracle_rate(const struct book *b, const struct book_instrument *i,
                          bool perpetual_held)
{
    const struct book_underlying *u = &b->underlyings[i->underlying];
    double c = fmin(confidence(b, u->node),
                    confidence(b, i->kind == PL_KIND_OPTION ? i->forward_node : i->node));
    if (i->kind != PL_KIND_OPTION)
        return penalty(u, c);
    c = fmin(c, (double)b->nodes[i->forward_node].words.vol_confidence_q40 / (double)Q40);
    c = fmin(c, (double)b->nodes[i->forward_node].words.rate_confidence_q40 / (double)Q40);
    for (uint32_t n = 0; perpetual_held && n < b->instrument_count; n++) {
        if (b->instruments[n].kind == PL_KIND_PERPETUAL &&
            b->instruments[n].underlying == i->underlying)
            c = fmin(c, confidence(b, b->instruments[n].node));
    }
    return penalty(u, c);
}

/* The reference amount of one contract, and what linear rates apply to. */
static double reference_amount(const struct book *b, const struct book_instrument *i)
{
    bool inverse = i->coin && i->kind != PL_KIND_OPTION;
    uint32_t node = i->kind == PL_KIND_SPOT ? i->node : b->underlyings[i->underlying].node;
    return i->size * (inverse ? 1 : b->nodes[node].price);
}

static double notional_amount(const struct book *b, const struct book_instrument *i)
{
    bool inverse = i->coin && i->kind != PL_KIND_OPTION;
    return inverse || i->kind == PL_KIND_OPTION ? reference_amount(b, i)
                                                : i->size * b->nodes[i->node].price;
}

static double bracket(const struct book *b, const struct book_instrument *i, double quantity,
                      bool initial)
{
    const struct book_class *c = &b->classes[i->kind];
    double notional = fabs(quantity) * notional_amount(b, i), most = 0;
    if (!c->brackets)
        return notional * (quantity < 0 ? (initial ? c->linear_im_short : c->linear_mm_short)
                                        : (initial ? c->linear_im_long : c->linear_mm_long));
    for (uint32_t n = 0; n < b->bracket_count; n++) {
        const struct book_bracket *x = &b->brackets[n];
        most = fmax(most, initial ? notional * x->im - x->im_cum : notional * x->mm - x->mm_cum);
    }
    return most;
}

static double column(const struct book *b, const struct book_instrument *i, double quantity)
{
    const struct book_class *c = &b->classes[i->kind];
    return fabs(quantity) * reference_amount(b, i) * (quantity < 0 ? c->im_short : c->im_long);
}

/* The largest loss, over the scenarios, of one contract bought (side 1) or sold (-1) alone. */
static double order_loss(const struct book *b, const struct book_instrument *i, int side)
{
    const struct book_underlying *u = &b->underlyings[i->underlying];
    bool inverse = i->coin && i->kind != PL_KIND_OPTION;
    double worst = 0, index = b->nodes[u->node].price;
    if (u->table < 0 || (i->kind == PL_KIND_SPOT && !b->classes[i->kind].scenario))
        return 0;
    for (uint32_t s = 0; s < b->scenario_count[u->table]; s++) {
        const struct book_scenario *x = &b->scenarios[u->table][s];
        struct part p;
        start_part(b, i, &p);
        double base = inverse ? i->size * index / b->nodes[i->node].price
                              : contract_value(b, i, 1, PL_VOL_RULE_NONE);
        double value = inverse ? base * x->shock : contract_value(b, i, x->shock, x->rule);
        double loss = side > 0 ? base - value * p.long_discount : value * p.short_discount - base;
        worst = fmax(worst, (x->rule >= PL_VOL_RULE_LINEAR ? fabs(loss) : loss) * x->dampening);
    }
    if (i->kind != PL_KIND_OPTION)
        return worst;
    struct part p;
    start_part(b, i, &p);
    double base = contract_value(b, i, 1, PL_VOL_RULE_NONE);
    double up = contract_value(b, i, u->basis_up, PL_VOL_RULE_NONE);
    double down = contract_value(b, i, u->basis_down, PL_VOL_RULE_NONE);
    double basis = side > 0 ? base - fmin(up, down) : fmax(up, down) - base;
    return fmax(worst, basis * p.basis_weight);
}

static void add_orders(const struct book *b, const struct book_instrument *i,
                       const struct pl_holding *h, bool portfolio, bool perpetual, struct total *t)
{
    double q = (double)h->steps * i->step, buy = (double)h->buy_steps * i->step,
           sell = (double)h->sell_steps * i->step;
    if (h->buy_steps == 0 && h->sell_steps == 0)
        return;
    double more = fmax(fabs(q), fmax(fabs(q + buy), fabs(q - sell))) - fabs(q);
    t->im += more * notional_amount(b, i) * b->classes[i->kind].fee;
    if (portfolio) {
        t->im += more * reference_amount(b, i) * oracle_rate(b, i, perpetual);
        if (i->kind == PL_KIND_OPTION)
            t->im += sell * b->underlyings[i->underlying].naked_im * reference_amount(b, i);
        t->im += fmax(column(b, i, q), fmax(column(b, i, q + buy), column(b, i, q - sell))) -
                 column(b, i, q);
        t->order_loss += fmax(buy * order_loss(b, i, 1), sell * order_loss(b, i, -1));
    } else {
        t->im += fmax(bracket(b, i, q, true),
                      fmax(bracket(b, i, q + buy, true), bracket(b, i, q - sell, true))) -
                 bracket(b, i, q, true);
    }
}

static void add_greeks(const struct book *b, const struct book_instrument *i, double q,
                       struct result *out)
{
    double scale = q * i->size;
    if (i->kind != PL_KIND_OPTION) {
        out->delta += scale * b->nodes[i->node].price;
        return;
    }
    double f = b->nodes[i->forward_node].price, t = seconds_left(b, i) / BOOK_YEAR_S,
           sigma = b->nodes[i->node].vol;
    double d = option_discount(b, i), s = sigma * sqrt(t), d1 = log(f / i->strike) / s + s / 2,
           d2 = d1 - s;
    int sign = i->is_call ? 1 : -1;
    double decay = -d * f * density(d1) * sigma / (2 * sqrt(t));
    out->delta += scale * f * d * sign * normal(sign * d1);
    out->vega += scale * d * f * density(d1) * sqrt(t) / 100;
    out->theta +=
        scale * (decay + rate_of(b, i) * black(f, i->strike, t, sigma, d, i->is_call)) / 365;
    out->theta_gross += fabs(scale * decay) / 365;
    out->rho += scale * sign * i->strike * t * d * normal(sign * d2) / 100;
}

/* Portfolio requirements of one holding besides the scenario loss. */
static void add_columns(const struct book *b, const struct book_instrument *i, double q,
                        bool perpetual, struct total *t)
{
    const struct book_class *c = &b->classes[i->kind];
    double amount = fabs(q) * reference_amount(b, i);
    t->mm += amount * (q < 0 ? c->mm_short : c->mm_long);
    t->im += amount * ((q < 0 ? c->im_short : c->im_long) + oracle_rate(b, i, perpetual));
}

static bool same_expiry(const struct book_instrument *a, const struct book_instrument *b)
{
    return a->kind == PL_KIND_OPTION && b->kind == PL_KIND_OPTION &&
           a->underlying == b->underlying && a->expiry_us == b->expiry_us && a->coin == b->coin;
}

/* Values and P&L of the holdings that share an expiry with holding `first`; false if an earlier one
 * did. */
static bool sum_expiry(const struct book *b, const struct book_account *a, size_t first,
                       struct part *p)
{
    const struct book_instrument *lead = &b->instruments[a->holdings[first].instrument];
    const struct book_underlying *u = &b->underlyings[lead->underlying];
    start_part(b, lead, p);
    for (size_t n = 0; n < a->account.holding_count; n++) {
        const struct book_instrument *i = &b->instruments[a->holdings[n].instrument];
        if (n != first && !same_expiry(i, lead))
            continue;
        if (n < first)
            return false;
        double q = (double)a->holdings[n].steps * i->step;
        p->value += q * contract_value(b, i, 1, PL_VOL_RULE_NONE);
        for (uint32_t s = 0; u->table >= 0 && s < b->scenario_count[u->table]; s++)
            p->shocked[s] += q * contract_value(b, i, b->scenarios[u->table][s].shock,
                                                b->scenarios[u->table][s].rule);
        p->up += q * contract_value(b, i, u->basis_up, PL_VOL_RULE_NONE);
        p->down += q * contract_value(b, i, u->basis_down, PL_VOL_RULE_NONE);
    }
    return true;
}

/* Coin leg N / entry, moving with the index; settlement leg -N index / mark, which does not move.
 */
static void add_inverse(const struct book *b, const struct book_instrument *i, double q,
                        double entry, struct total *t, struct result *out)
{
    const struct book_underlying *u = &b->underlyings[i->underlying];
    double n = q * i->size, index = b->nodes[u->node].price, leg = n / entry * index;
    out->equity += leg - n * index / b->nodes[i->node].price;
    out->delta += leg;
    out->gross += fabs(leg) + fabs(n) + 5 * index; /* coins are rounded to 1e-9, and shocked */
    for (uint32_t s = 0; u->table >= 0 && s < b->scenario_count[u->table]; s++)
        t->pnl[s] +=
            leg * (b->scenarios[u->table][s].shock - 1) * b->scenarios[u->table][s].dampening;
}

/* Net short contracts per strike and expiry, calls and puts together. */
static double naked_shorts(const struct book *b, const struct book_account *a, uint32_t underlying)
{
    double sum = 0;
    for (size_t n = 0; n < a->account.holding_count; n++) {
        const struct book_instrument *lead = &b->instruments[a->holdings[n].instrument];
        double net = 0;
        bool earlier = false;
        for (size_t m = 0; m < a->account.holding_count; m++) {
            const struct book_instrument *i = &b->instruments[a->holdings[m].instrument];
            if (lead->kind != PL_KIND_OPTION || i->kind != PL_KIND_OPTION ||
                i->underlying != lead->underlying || i->expiry_us != lead->expiry_us ||
                i->strike != lead->strike)
                continue;
            earlier |= m < n;
            net += (double)a->holdings[m].steps * i->step * i->size;
        }
        if (!earlier && lead->underlying == underlying)
            sum += fmax(0, -net);
    }
    return sum;
}

static void one_underlying(const struct book *b, const struct book_account *a, uint32_t index,
                           struct total *t, struct result *out)
{
    const struct book_underlying *u = &b->underlyings[index];
    bool portfolio = a->account.mode == PL_MODE_PORTFOLIO, perpetual = false;
    for (size_t n = 0; n < a->account.holding_count; n++) {
        const struct book_instrument *i = &b->instruments[a->holdings[n].instrument];
        perpetual |= i->underlying == index && i->kind == PL_KIND_PERPETUAL &&
                     (a->holdings[n].steps != 0 || a->holdings[n].buy_steps != 0 ||
                      a->holdings[n].sell_steps != 0);
    }
    for (size_t n = 0; n < a->account.holding_count; n++) {
        const struct book_instrument *i = &b->instruments[a->holdings[n].instrument];
        double q = (double)a->holdings[n].steps * i->step;
        struct part p;
        if (i->underlying != index)
            continue;
        double fee = fabs(q) * notional_amount(b, i) * b->classes[i->kind].fee;
        t->mm += fee, t->im += fee;
        add_orders(b, i, &a->holdings[n], portfolio, perpetual, t);
        double price =
            fmax(notional_amount(b, i), fmax(reference_amount(b, i), i->strike * i->size));
        out->gross +=
            (fabs(q) + (double)(a->holdings[n].buy_steps + a->holdings[n].sell_steps) * i->step) *
            price;
        if (portfolio) {
            add_columns(b, i, q, perpetual, t);
        } else {
            t->mm += bracket(b, i, q, false), t->im += bracket(b, i, q, true);
        }
        if (i->coin && i->kind != PL_KIND_OPTION) {
            add_inverse(b, i, q, a->entries[n], t, out);
            continue;
        }
        add_greeks(b, i, q, out);
        out->equity -= i->kind == PL_KIND_SPOT ? 0 : q * i->size * a->entries[n];
        if (!sum_expiry(b, a, n, &p))
            continue;
        out->equity += p.value;
        if (u->table >= 0 && (i->kind != PL_KIND_SPOT || b->classes[i->kind].scenario))
            add_part(b, u, &p, t);
    }
    double naked = portfolio ? naked_shorts(b, a, index) * b->nodes[u->node].price : 0;
    t->mm += naked * u->naked_mm, t->im += naked * u->naked_im;
}

static double worst_of(const struct book *b, int table, const struct total *t)
{
    double worst = fmin(0, table >= 0 ? t->basis : 0);
    for (uint32_t s = 0; table >= 0 && s < b->scenario_count[table]; s++)
        worst = fmin(worst, t->pnl[s]);
    return worst;
}

static struct result evaluate(const struct book *b, const struct book_account *a)
{
    struct result out = { .equity = (double)a->account.cash_e8 / 1e8 };
    struct total group = { 0 };
    double mm = 0, im = 0, separate = 0, group_mm = 0, group_im = 0;
    out.gross = fabs(out.equity);
    for (uint32_t n = 0; n < b->underlying_count; n++) {
        const struct book_underlying *u = &b->underlyings[n];
        struct total t = { 0 };
        one_underlying(b, a, n, &t, &out);
        bool portfolio = a->account.mode == PL_MODE_PORTFOLIO;
        double loss = portfolio ? -worst_of(b, u->table, &t) : 0;
        double im_factor =
            u->im_factor + fmax(0, u->peg_threshold - b->nodes[0].price) * u->peg_factor;
        mm += t.mm, im += t.im + t.order_loss * im_factor;
        out.worst_loss = fmin(out.worst_loss, -loss);
        bool held = false;
        for (size_t k = 0; k < a->account.holding_count; k++)
            held |= b->instruments[a->holdings[k].instrument].underlying == n;
        if (u->group < 0) {
            mm += loss * u->mm_factor, im += loss * im_factor;
        } else if (held && portfolio) {
            separate += loss, group_mm = u->mm_factor, group_im = fmax(group_im, im_factor);
            group.basis += t.basis;
            for (uint32_t s = 0; s < b->scenario_count[0]; s++)
                group.pnl[s] += t.pnl[s];
        }
    }
    double loss = separate - b->credit[0] * fmax(0, separate + worst_of(b, 0, &group));
    double multiplier = (double)b->multipliers_q40[a->account.multiplier] / (double)Q40;
    out.maintenance = out.equity - multiplier * (mm + loss * group_mm);
    out.initial = out.equity - multiplier * (im + loss * group_im);
    return out;
}

static void near(const char *what, int64_t got_e8, double expected, double tolerance, uint64_t seed)
{
    if (!(fabs((double)got_e8 / 1e8 - expected) <= tolerance))
        fail_msg("%s %.9f, not %.9f (tolerance %.9f), book %" PRIu64, what, (double)got_e8 / 1e8,
                 expected, tolerance, seed);
}

static void check_book(uint64_t seed, uint8_t mode, bool orders)
{
    static struct book b;
    static struct book_account a;
    book_make(&b, seed, PL_SCENARIOS_MAX);
    struct pl *pl = book_open(&b, "model:");
    for (int n = 0; n < 25; n++) {
        book_account(&b, &a, mode == 0 ? (uint8_t)random_within(&b.random, 1, 3) : mode, orders);
        struct pl_verdict v = book_judge(pl, &a.account);
        struct result x = evaluate(&b, &a);
        double multiplier = (double)b.multipliers_q40[a.account.multiplier] / (double)Q40;
        double tolerance = 1e-9 * x.gross + 1e-6;
        assert_int_equal(v.flags & ~PL_FLAG_GREEKS, 0);
        near("equity", v.equity, x.equity, tolerance, seed);
        near("maintenance", v.maintenance_excess, x.maintenance, tolerance * fmax(1, multiplier),
             seed);
        near("initial", v.initial_excess, x.initial, tolerance * fmax(1, multiplier), seed);
        near("worst loss", v.worst_loss, x.worst_loss, tolerance, seed);
        near("delta", v.delta, x.delta, tolerance, seed);
        near("vega", v.vega, x.vega, tolerance, seed);
        near("rho", v.rho, x.rho, tolerance * 10, seed);
        if (!(v.flags & PL_FLAG_GREEKS))
            near("theta", v.theta, x.theta, tolerance + 1e-9 * x.theta_gross, seed);
    }
    pl_close(pl);
    book_close(&b);
}

static void run_books(uint64_t initial_seed, uint8_t mode, bool orders)
{
    uint64_t seed = random_seed(initial_seed);
    for (uint64_t i = 0, rounds = random_rounds(120); i < rounds; i++)
        check_book(seed + i, mode, orders);
}

static void portfolio_accounts_agree_with_doubles(void **state)
{
    (void)state;
    run_books(1000, PL_MODE_PORTFOLIO, false);
}

static void cross_and_isolated_accounts_agree_with_doubles(void **state)
{
    (void)state;
    run_books(2000, PL_MODE_CROSS, false);
    run_books(3000, PL_MODE_ISOLATED, true);
}

static void accounts_with_orders_agree_with_doubles(void **state)
{
    (void)state;
    run_books(4000, 0, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(portfolio_accounts_agree_with_doubles),
        cmocka_unit_test(cross_and_isolated_accounts_agree_with_doubles),
        cmocka_unit_test(accounts_with_orders_agree_with_doubles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
