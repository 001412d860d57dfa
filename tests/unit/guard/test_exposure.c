/* What moves really take of equity and excesses, against the bound, in money: for every account and
 * tick of random books, both ways, whatever its state is. */
#include "market_moves.h"

#include "guard/exposure.h"
#include "guard/lots.h"
#include "model/fixed.h"
#include "stage/pl.h"

#define ACCOUNTS 24
#define TICKS 12
#define SLOTS_MAX 256
#define FAR (INT64_C(1) << 60)

static struct book book;
static struct book_account accounts[ACCOUNTS];

/* An account as it was measured: by the state that it is taken to be in. */
struct measured {
    bool good;
    struct pl_verdict verdict; /* what was true then */
    struct pl_exposure exposure[PL_STATE_BANKRUPT + 1];
    int64_t *origins[PL_STATE_BANKRUPT + 1];
};

struct tally {
    uint64_t bounds, tripped;
    double closest; /* the largest share of a bound that was used */
};

static const uint8_t states[] = { PL_STATE_HEALTHY, PL_STATE_MARGIN_CALL, PL_STATE_LIQUIDATE,
                                  PL_STATE_BANKRUPT };

static void feed_load(struct pl *pl, struct pl_gauges *g)
{
    struct pl_line *records;
    size_t count;
    assert_int_equal(pl_stage_load_records(&pl->stage, &records, &count), 0);
    if (!pl_gauges_rescale(g, records, count, pl->stage.capabilities.profile))
        assert_int_equal(pl_gauges_load(g, records, count, pl->stage.capabilities.profile), 0);
    free(records);
}

static void feed_tick(struct pl *pl, struct pl_gauges *g)
{
    struct pl_line *records;
    size_t count;
    assert_int_equal(pl_stage_committed_records(&pl->stage, &records, &count), 0);
    assert_int_equal(pl_gauges_tick(g, records, count), 0);
    free(records);
}

/* What drifts of single options cost is together no less than what the drift of all costs. */
static void check_parts(const struct pl_gauges *g, const struct pl_exposure *e)
{
    for (uint32_t need = 0; need < e->need_count; need++) {
        pl_i128 whole = 0, parts = 0;
        for (size_t i = 0; i < e->count; i++)
            whole +=
                g->items[e->slopes[i].gauge].relative ? 0 : e->slopes[i].cost[need][PL_SIDE_UP];
        for (size_t i = 0; i < e->option_count; i++)
            parts += e->options[i].cost[need];
        assert_true(parts >= whole - (pl_i128)e->count);
    }
}

static void measure(struct pl *pl, struct pl_gauges *g, const struct pl_account *account,
                    struct measured *m)
{
    uint64_t slots[SLOTS_MAX];
    char message[PL_MESSAGE_BYTES];
    m->verdict = book_judge(pl, account);
    assert_true(pl_stage_slots_max(account) <= SLOTS_MAX);
    int64_t count = pl_stage_account_slots(&pl->stage, account, slots, message);
    assert_true(count > 0);
    m->good = (m->verdict.flags & ~(unsigned)PL_FLAG_GREEKS) == 0;
    for (size_t n = 0; n < 4 && m->good; n++) {
        struct pl_exposure *e = &m->exposure[states[n]];
        bool below = states[n] == PL_STATE_BANKRUPT;
        struct pl_verdict as_if = { .state = states[n],
                                    .equity = below ? -FAR : FAR,
                                    .maintenance_excess = n >= 2 ? -FAR : FAR,
                                    .initial_excess = n >= 1 ? -FAR : FAR };
        if (e->slopes == NULL) {
            e->capacity = pl_exposure_slopes_max(SLOTS_MAX);
            e->slopes = calloc(e->capacity, sizeof *e->slopes);
            m->origins[states[n]] = calloc(e->capacity, sizeof(int64_t));
            e->options = calloc(pl_exposure_options_max(SLOTS_MAX), sizeof *e->options);
            assert_true(e->slopes != NULL && m->origins[states[n]] != NULL && e->options != NULL);
        }
        m->good = pl_exposure_measure(g, slots, (size_t)count, &as_if, e);
        for (size_t i = 0; i < e->count && m->good; i++)
            m->origins[states[n]][i] = pl_gauges_origin(g, e->slopes[i].gauge);
        if (m->good)
            check_parts(g, e);
    }
}

/* What the moves so far may take of a need; negative: a gauge tripped or left its reach. */
static pl_i128 bound_of(const struct pl_gauges *g, const struct pl_exposure *e,
                        const int64_t *origins, uint32_t need)
{
    pl_i128 bound = FAR - e->needs[need].margin; /* roundings */
    for (size_t i = 0; i < e->count; i++) {
        const struct pl_gauge *gauge = &g->items[e->slopes[i].gauge];
        struct pl_band band = { .origin = origins[i],
                                .unit = gauge->relative ? origins[i] : PL_MOVE_ONE,
                                .cost = { PL_BUDGET_ONE, PL_BUDGET_ONE } };
        uint64_t move = pl_band_spent(gauge, &band); /* Q.32, rounded up */
        if (move == UINT64_MAX)
            return -1;
        int side = gauge->value < band.origin ? PL_SIDE_DOWN : PL_SIDE_UP;
        bound += ((e->slopes[i].cost[need][side] * move) >> PL_BUDGET_BITS) + 1;
    }
    return bound;
}

static int64_t quantity(const struct pl_verdict *v, uint8_t which)
{
    return which == PL_QUANTITY_EQUITY        ? v->equity
           : which == PL_QUANTITY_MAINTENANCE ? v->maintenance_excess
                                              : v->initial_excess;
}

static void check(struct pl *pl, const struct pl_gauges *g, uint32_t number,
                  const struct measured *m, struct tally *tally, uint64_t seed, int tick)
{
    struct pl_verdict now = book_judge(pl, &accounts[number].account);
    for (size_t n = 0; n < 4; n++) {
        const struct pl_exposure *e = &m->exposure[states[n]];
        for (uint32_t need = 0; need < e->need_count; need++) {
            pl_i128 bound = bound_of(g, e, m->origins[states[n]], need);
            if (bound < 0) {
                tally->tripped++;
                continue;
            }
            const struct pl_need *x = &e->needs[need];
            pl_i128 rise =
                (pl_i128)quantity(&now, x->quantity) - quantity(&m->verdict, x->quantity);
            pl_i128 taken = x->falls ? -rise : rise;
            if (taken > bound || (now.flags & ~(unsigned)PL_FLAG_GREEKS) != 0)
                fail_msg("seed %" PRIu64 ", tick %d, account %u, mode %u, quantity %u: %s by %.9g, "
                         "at most %.9g; flags %x",
                         seed, tick, number, now.mode, x->quantity, x->falls ? "fell" : "rose",
                         (double)taken, (double)bound, now.flags);
            tally->bounds++;
            if (bound > 1000000)
                tally->closest = fmax(tally->closest, (double)taken / (double)bound);
        }
    }
}

static void run(const char *uri, uint64_t seed, struct tally *tally)
{
    static struct measured measured[ACCOUNTS];
    struct pl_gauges gauges = { 0 };
    bool small = strstr(uri, "small") != NULL;
    book_make(&book, seed, small ? PL_SCENARIOS_MAX_SMALL : PL_SCENARIOS_MAX);
    settle_model(&book);
    struct pl *pl = book_open(&book, uri);
    feed_load(pl, &gauges);
    feed_tick(pl, &gauges);
    for (int i = 0; i < ACCOUNTS; i++)
        draw_account(&book, &accounts[i]);
    struct weather weather = draw_weather(&book.random);
    uint32_t version = 0;
    for (int tick = 0; tick < TICKS; tick++) {
        if (tick % 3 == 0) { /* again from here */
            for (int i = 0; i < ACCOUNTS; i++)
                measure(pl, &gauges, &accounts[i].account, &measured[i]);
            for (size_t i = 0; i < gauges.count; i++)
                gauges.items[i].tripped = false;
            version = measured[0].verdict.table_version;
        }
        bool tripped[4096] = { false };
        assert_true(gauges.count <= 4096);
        for (size_t i = 0; i < gauges.count; i++)
            tripped[i] = gauges.items[i].tripped;
        move_prices(&book, pl, &weather);
        uint32_t units = book_judge(pl, &accounts[0].account).table_version;
        if (units != version)
            feed_load(pl, &gauges);
        version = units;
        bool kept = gauges.settled; /* else the gauges began anew: on to the next measurement */
        tick += kept ? 0 : 2 - tick % 3;
        feed_tick(pl, &gauges);
        for (size_t i = 0; i < gauges.count && kept; i++)
            gauges.items[i].tripped |= tripped[i];
        for (uint32_t e = 0; e < gauges.tables.model.expiries && gauges.rescaled; e++)
            gauges.items[pl_gauge_ratio(&gauges, (uint16_t)e)].tripped |=
                !pl_lots_fit(&gauges, (uint16_t)e);
        gauges.rescaled = false;
        for (uint32_t i = 0; i < ACCOUNTS && kept; i++) {
            if (measured[i].good)
                check(pl, &gauges, i, &measured[i], tally, seed, tick);
        }
    }
    for (int i = 0; i < ACCOUNTS; i++) {
        for (int state = 0; state <= PL_STATE_BANKRUPT; state++) {
            free(measured[i].exposure[state].slopes);
            free(measured[i].exposure[state].options);
            free(measured[i].origins[state]);
        }
    }
    memset(measured, 0, sizeof measured);
    pl_gauges_free(&gauges);
    pl_close(pl);
    book_close(&book);
}

static void run_books(const char *uri, uint64_t rounds)
{
    struct tally tally = { 0 };
    uint64_t seed = random_seed(20261122);
    for (uint64_t n = random_rounds(rounds); n > 0; n--, seed++)
        run(uri, seed, &tally);
    print_message("%s: %" PRIu64 " bounds, %" PRIu64 " tripped, the closest used to %.6f\n", uri,
                  tally.bounds, tally.tripped, tally.closest);
    assert_true(tally.bounds > 1000 && tally.closest > 0.5 && tally.closest <= 1);
}

static void moves_take_no_more_than_their_bound(void **state)
{
    (void)state;
    run_books("model:", 150);
}

static void moves_take_no_more_than_their_bound_in_small_words(void **state)
{
    (void)state;
    run_books("model:profile=small", 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_take_no_more_than_their_bound),
        cmocka_unit_test(moves_take_no_more_than_their_bound_in_small_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
