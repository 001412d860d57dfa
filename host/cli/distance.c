/* plimsoll distance: how far the market may move before one account breaches its line. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "closing.h"
#include "commands.h"
#include "moves.h"
#include "states.h"

#define ONE PL_COEFFICIENT_ONE
#define HOUR_US (INT64_C(3600) * 1000000)
#define NO_UNDERLYING UINT32_MAX
#define PERCENT_TEXT 32

struct market {
    struct pl_session *session;
    uint32_t account;
    uint32_t *underlying_of; /* by node: of the book, or NO_UNDERLYING: it does not move */
    uint32_t moved;
    int64_t beta_q40, horizon_us;
    const struct pl_moves *moves;
    bool failed;
};

static bool map_nodes(struct market *m)
{
    const struct pl_book *book = m->session->book;
    m->underlying_of = malloc(book->node_count * sizeof *m->underlying_of);
    if (m->underlying_of == NULL) {
        pl_complain("out of memory");
        return false;
    }
    for (uint32_t n = 0; n < book->node_count; n++)
        m->underlying_of[n] = NO_UNDERLYING;
    for (uint32_t i = 0; i < book->instrument_count; i++) {
        const struct pl_book_instrument *x = &book->instruments[i];
        m->underlying_of[x->node] = m->underlying_of[x->forward] = x->underlying;
    }
    for (uint32_t u = 0; u < book->underlying_count; u++)
        m->underlying_of[book->underlyings[u].node] = u;
    return true;
}

/* price * (1 + move), with as many digits as fit. */
static struct pl_decimal moved_price(struct pl_decimal price, int64_t move_q40)
{
    while (price.mantissa != 0 && llabs(price.mantissa) < INT64_C(10000000000000000)) {
        price.mantissa *= 10;
        price.exponent--;
    }
    price.mantissa = (int64_t)((pl_i128)price.mantissa * (ONE + move_q40) >> PL_COEFFICIENT_BITS);
    while (price.mantissa > INT64_C(900000000000000000)) {
        price.mantissa /= 10;
        price.exponent++;
    }
    return price;
}

static int set_market(struct market *m, int64_t move_q40)
{
    struct pl_session *s = m->session;
    int error = 0;
    for (uint32_t n = 0; n < s->book->node_count && error == 0; n++) {
        uint32_t u = m->underlying_of[n];
        if (u == NO_UNDERLYING || s->price_ids[n] < 0 || !s->prices[n].has_price)
            continue;
        int64_t move = move_q40;
        if (u != m->moved)
            move = (int64_t)((pl_i128)move_q40 * m->beta_q40 >> PL_COEFFICIENT_BITS);
        struct pl_price price = s->prices[n];
        price.price = moved_price(price.price, pl_max64(move, -PL_DISTANCE_DOWN_MAX_Q40));
        error = pl_set_price(s->device, s->price_ids[n], &price);
    }
    error = error != 0 ? error : pl_commit(s->device, s->time_us);
    if (error != 0)
        pl_complain("moved prices: %s", pl_message(s->device));
    return error;
}

static bool judge(void *context, int64_t move_q40, int64_t *excess_e8)
{
    struct market *m = context;
    struct pl_verdict v;
    int error = set_market(m, move_q40);
    if (error == 0)
        error = pl_session_evaluate(m->session, &m->session->accounts[m->account], 1, &v, NULL);
    m->failed |= error != 0;
    *excess_e8 = v.maintenance_excess;
    return error == 0 && v.state != PL_STATE_INDETERMINATE;
}

static void percent(char out[PERCENT_TEXT], int64_t value_q40)
{
    snprintf(out, PERCENT_TEXT, "%.4f", ldexp((double)value_q40, -PL_COEFFICIENT_BITS) * 100);
}

static void put_move(struct pl_listing *list, const struct pl_distance *d)
{
    char text[PERCENT_TEXT];
    percent(text, d->move_q40 < 0 ? -d->move_q40 : d->move_q40);
    pl_listing_text(list, d->found ? text : d->unknown ? "unknown" : "none");
}

/* Of touching either move by this underlying's own vol. */
static void put_chance(const struct market *m, struct pl_listing *list,
                       const struct pl_distance *down, const struct pl_distance *up)
{
    char vol_text[PERCENT_TEXT], text[PERCENT_TEXT];
    bool now = (down->found && down->move_q40 == 0) || (up->found && up->move_q40 == 0);
    int64_t vol_q40 = 0;
    for (uint32_t i = 0; i < m->moves->count; i++) {
        if (m->moves->nodes[i] == m->session->book->underlyings[m->moved].node)
            vol_q40 = (int64_t)ldexp(fmin(pl_moves_vol(m->moves, i), 64), PL_COEFFICIENT_BITS);
    }
    int64_t chance = pl_breach_within_q40(down->found ? -down->move_q40 : 0,
                                          up->found ? up->move_q40 : 0, vol_q40, m->horizon_us);
    bool known = !down->unknown && !up->unknown && (vol_q40 > 0 || now);
    percent(vol_text, vol_q40);
    percent(text, now ? ONE : chance);
    pl_listing_text(list, vol_q40 > 0 ? vol_text : "unknown");
    pl_listing_text(list, known ? text : "unknown");
}

static bool holds(const struct pl_session *s, uint32_t account, uint32_t underlying)
{
    const struct pl_account *a = &s->accounts[account];
    for (size_t i = 0; i < a->holding_count; i++) {
        if (s->book->instruments[a->holdings[i].instrument].underlying == underlying)
            return true;
    }
    return false;
}

static int put_distances(struct market *m, struct pl_output *out)
{
    static const struct pl_column columns[] = {
        { "underlying", "underlying", PL_COLUMN_TEXT },
        { "fall_percent", "breaches at a fall of %", PL_COLUMN_TEXT },
        { "rise_percent", "at a rise of %", PL_COLUMN_TEXT },
        { "vol_percent", "realised vol, % a year", PL_COLUMN_TEXT },
        { "probability_percent", "probability within, %", PL_COLUMN_TEXT },
    };
    const struct pl_distance_judge by_model = { m, judge };
    struct pl_listing list;
    pl_listing_start(&list, out, columns, sizeof columns / sizeof columns[0]);
    for (m->moved = 0; m->moved < m->session->book->underlying_count && !m->failed; m->moved++) {
        if (!holds(m->session, m->account, m->moved))
            continue;
        struct pl_distance down = pl_distance_find(&by_model, true);
        struct pl_distance up = pl_distance_find(&by_model, false);
        pl_listing_text(&list, m->session->book->underlyings[m->moved].name);
        put_move(&list, &down);
        put_move(&list, &up);
        put_chance(m, &list, &down, &up);
    }
    pl_output_listing(out, "distances", "one underlying moves, the others by beta times as much",
                      &list, true);
    return m->failed ? -EIO : 0;
}

static void put_probability(struct market *m, const struct pl_breach_input *in, uint32_t leader,
                            bool known, uint64_t hours, struct pl_output *out)
{
    char text[PERCENT_TEXT];
    struct pl_breach b = pl_breach_of(in);
    pl_output_text(out, "leader", "by the Greeks: moves with",
                   pl_underlying_name(m->session->device, (uint16_t)leader));
    percent(text, in->vol_q40);
    pl_output_text(out, "vol_percent", "its realised vol, % a year",
                   in->vol_q40 > 0 ? text : "unknown");
    percent(text, b.fall_q40);
    pl_output_text(out, "fall_percent", "breaches at a fall of %", b.falls ? text : "none");
    percent(text, b.rise_q40);
    pl_output_text(out, "rise_percent", "at a rise of %", b.rises ? text : "none");
    pl_output_count(out, "hours", "horizon, hours", hours);
    percent(text, b.probability_q40);
    pl_output_text(out, "probability_percent", "probability of a breach within, %",
                   in->vol_q40 > 0 && known ? text : "unknown");
}

static int seek(struct pl_session *s, uint64_t tick, struct pl_moves *moves)
{
    uint64_t last = s->book->tick_count;
    if (tick > last) /* says so */
        return pl_session_seek(s, tick);
    tick = tick == PL_TICK_LAST ? last : tick;
    int error = 0;
    while (s->tick < tick && error == 0) {
        error = pl_session_advance(s);
        if (error == 0)
            pl_moves_take(moves, s);
    }
    return error;
}

static int distance(const struct pl_options *options, struct market *m, struct pl_moves *moves,
                    struct pl_output *out, uint8_t *state)
{
    struct pl_session *s = m->session;
    struct pl_verdict v;
    struct pl_breach_input in;
    uint32_t leader;
    int error = seek(s, options->tick, moves);
    if (error == 0)
        error = pl_moves_account(moves, s, m->account, (int64_t)options->distance.hours * HOUR_US,
                                 &v, &in, &leader);
    if (error != 0)
        return error;
    *state = v.state;
    pl_output_text(out, "account", "account", options->account);
    pl_output_count(out, "tick", "tick", s->tick);
    pl_output_time(out, "time", "time", s->time_us);
    pl_output_state(out, v.state);
    pl_output_money(out, "maintenance_excess", "maintenance excess", v.maintenance_excess);
    put_probability(m, &in, leader, v.state != PL_STATE_INDETERMINATE, options->distance.hours,
                    out);
    error = pl_put_closing_prices(s, m->account, &v, out);
    return error != 0 ? error : put_distances(m, out);
}

int pl_cli_distance(const struct pl_options *options)
{
    struct pl_session *session;
    struct pl_moves moves;
    struct pl_output out;
    uint8_t state = PL_STATE_HEALTHY;
    enum pl_exit opened = pl_session_open(options, &session);
    if (opened != PL_EXIT_OK)
        return opened;
    struct market m = { .session = session,
                        .moves = &moves,
                        .beta_q40 = options->distance.beta_q40,
                        .horizon_us = (int64_t)options->distance.hours * HOUR_US };
    int64_t account = pl_book_find_account(session->book, options->account);
    int error = account < 0 || !map_nodes(&m) ? -EINVAL : pl_moves_open(&moves, session);
    if (account < 0)
        pl_complain("%s: no account \"%s\"; accounts.csv lists them", session->book->path,
                    options->account);
    pl_output_start(&out, options->format);
    if (error == 0) {
        m.account = (uint32_t)account;
        error = distance(options, &m, &moves, &out, &state);
        pl_moves_close(&moves);
    }
    if (error == 0)
        error = pl_output_finish(&out);
    else
        pl_output_free(&out);
    free(m.underlying_of);
    pl_session_close(session);
    if (error != 0)
        return PL_EXIT_ERROR;
    if (state >= PL_STATE_LIQUIDATE)
        return PL_EXIT_LIQUIDATE;
    return state == PL_STATE_INDETERMINATE ? PL_EXIT_INDETERMINATE : PL_EXIT_OK;
}
