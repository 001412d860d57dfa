/* How the evaluation scales through the library: N accounts of 10 positions over 1,000 instruments
 * (options and perpetuals of four underlyings, tests/data/models/portfolio.json: 31 scenarios and
 * the basis), in pieces of 100,000 accounts. Prints seconds of a processor, accounts per second, ns
 * per position and the peak resident memory for each N; asserts nothing about time.
 *
 *   scale [--rows] [DEVICE [N ...]]    default: model:, 10,000, 100,000 and 1,000,000 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "clock.h"
#include "plimsoll.h"
#include "rows.h"

#define UNDERLYINGS 4
#define INSTRUMENTS 1000
#define EXPIRIES 6
#define POSITIONS 10
#define PIECE 100000
#define NOW_US INT64_C(1770000000000000)
#define DAY_US INT64_C(86400000000)
#define FULL (INT64_C(1) << 40)

static const char *const names[UNDERLYINGS] = { "BTC", "ETH", "SOL", "XRP" };
static const int64_t spots[UNDERLYINGS] = { 70000, 2500, 120, 2 };

static struct pl_instrument_def defs[INSTRUMENTS];
static char symbols[INSTRUMENTS][32], forwards[UNDERLYINGS][EXPIRIES][32];

static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static void check(struct pl *pl, int code, const char *what)
{
    if (code >= 0)
        return;
    fprintf(stderr, "%s: %s\n", what, pl_message(pl));
    exit(1);
}

/* Instrument 0 of each underlying is its perpetual, the others are options: 250 each. */
static void make_instruments(void)
{
    for (int i = 0; i < INSTRUMENTS; i++) {
        int u = i % UNDERLYINGS, k = i / UNDERLYINGS, expiry = k % EXPIRIES;
        struct pl_instrument_def *d = &defs[i];
        snprintf(symbols[i], sizeof symbols[i], k == 0 ? "%s-PERP" : "%s-O%d", names[u], k);
        *d = (struct pl_instrument_def){ .symbol = symbols[i],
                                         .underlying = names[u],
                                         .kind = PL_KIND_PERPETUAL,
                                         .contract_size = { 1, 0 },
                                         .quantity_step = { 1, -3 } };
        if (k == 0)
            continue;
        snprintf(forwards[u][expiry], sizeof forwards[u][expiry], "%s-F%d", names[u], expiry);
        d->kind = PL_KIND_OPTION;
        d->forward = forwards[u][expiry];
        d->expiry_us = NOW_US + (expiry + 1) * 20 * DAY_US;
        d->is_call = k % 2;
        d->strike = (struct pl_decimal){ spots[u] * (50 + k % 100), -2 };
    }
}

static void set_price(struct pl *pl, const char *symbol, struct pl_decimal price, bool option,
                      int64_t vol_percent)
{
    struct pl_price p = { .has_price = true,
                          .has_vol = option,
                          .price = price,
                          .vol = { vol_percent, -2 },
                          .rate = { 3, -2 },
                          .confidence_q40 = FULL,
                          .vol_confidence_q40 = FULL,
                          .rate_confidence_q40 = FULL,
                          .time_us = NOW_US };
    check(pl, pl_set_price(pl, pl_price_id(pl, symbol), &p), symbol);
}

static void set_prices(struct pl *pl)
{
    for (int u = 0; u < UNDERLYINGS; u++) {
        set_price(pl, names[u], (struct pl_decimal){ spots[u] * 1000, -3 }, false, 0);
        for (int e = 0; e < EXPIRIES; e++)
            set_price(pl, forwards[u][e], (struct pl_decimal){ spots[u] * (1000 + e), -3 }, false,
                      0);
    }
    for (int i = 0; i < INSTRUMENTS; i++) {
        int u = i % UNDERLYINGS, k = i / UNDERLYINGS;
        set_price(pl, symbols[i], (struct pl_decimal){ spots[u] * 1001, -3 }, k > 0, 40 + k % 50);
    }
}

static void make_accounts(struct pl_account *accounts, struct pl_holding *holdings, size_t first,
                          size_t count)
{
    uint64_t random = first + 1;
    for (size_t a = 0; a < count; a++) {
        struct pl_holding *h = &holdings[a * POSITIONS];
        for (int p = 0; p < POSITIONS; p++) {
            uint64_t x = next(&random);
            h[p] = (struct pl_holding){ .instrument = (uint32_t)(x % INSTRUMENTS),
                                        .steps = (int64_t)(x >> 32 & 0xffff) - 0x8000 };
            if (h[p].instrument < UNDERLYINGS)
                h[p].entry_price = (struct pl_decimal){ spots[h[p].instrument], 0 };
        }
        accounts[a] =
            (struct pl_account){ .account = (uint32_t)(first + a),
                                 .mode = PL_MODE_PORTFOLIO,
                                 .cash_e8 = (int64_t)(next(&random) % 1000000) * 100000000,
                                 .holdings = h,
                                 .holding_count = POSITIONS };
    }
}

static void run(struct pl *pl, const char *device, size_t accounts_wanted)
{
    char row[128];
    struct pl_account *accounts = malloc(PIECE * sizeof *accounts);
    struct pl_holding *holdings = malloc((size_t)PIECE * POSITIONS * sizeof *holdings);
    struct pl_verdict *verdicts = malloc(PIECE * sizeof *verdicts);
    double submit = 0, poll = 0;
    uint64_t by_state[5] = { 0 };
    if (accounts == NULL || holdings == NULL || verdicts == NULL)
        exit(1);
    for (size_t first = 0; first < accounts_wanted; first += PIECE) {
        size_t count = accounts_wanted - first < PIECE ? accounts_wanted - first : PIECE;
        make_accounts(accounts, holdings, first, count);
        struct pl_batch batch = { .accounts = accounts, .count = count };
        struct pl_tick_summary summary;
        double start = clock_seconds();
        check(pl, pl_submit(pl, &batch), "submit");
        submit += clock_seconds() - start;
        start = clock_seconds();
        int got;
        while ((got = pl_poll(pl, verdicts, PIECE, &summary)) > 0)
            ;
        check(pl, got, "poll");
        poll += clock_seconds() - start;
        for (int s = 0; s < 5; s++)
            by_state[s] += summary.by_state[s];
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double total = submit + poll;
    printf(
        "%9zu accounts  %8.3f s (slots %.3f, sweep %.3f)  %10.0f accounts/s  %7.1f ns/position  %6.1f MiB peak  "
        "states %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
        accounts_wanted, total, submit, poll, (double)accounts_wanted / total,
        total * 1e9 / (double)(accounts_wanted * POSITIONS), (double)usage.ru_maxrss / 1024,
        by_state[0], by_state[1], by_state[2], by_state[3], by_state[4]);
    fflush(stdout);
    snprintf(row, sizeof row, "%zu positions | %s through the library", accounts_wanted * POSITIONS,
             device);
    rows_add("size", row, "ns/position", total * 1e9 / (double)(accounts_wanted * POSITIONS));
    snprintf(row, sizeof row, "%zu positions through the library, peak",
             accounts_wanted * POSITIONS);
    rows_add("memory", row, "MiB", (double)usage.ru_maxrss / 1024);
    free(accounts);
    free(holdings);
    free(verdicts);
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = { 10000, 100000, 1000000 };
    char message[PL_MESSAGE_BYTES];
    struct pl *pl;
    rows_start(&argc, argv);
    const char *device = argc > 1 ? argv[1] : "model:";
    if (pl_open(device, &pl, message) != 0) {
        fprintf(stderr, "%s\n", message);
        return 1;
    }
    make_instruments();
    const struct pl_setup setup = { .model_path = "tests/data/models/portfolio.json",
                                    .instruments = defs,
                                    .instrument_count = INSTRUMENTS };
    check(pl, pl_load(pl, &setup), "load");
    set_prices(pl);
    double start = clock_seconds();
    check(pl, pl_commit(pl, NOW_US), "commit");
    printf("first tick: %.3f ms for %d instruments\n", (clock_seconds() - start) * 1e3,
           INSTRUMENTS);
    start = clock_seconds();
    check(pl, pl_commit(pl, NOW_US + 1000000), "commit");
    printf("a second later, everything repriced: %.3f ms\n", (clock_seconds() - start) * 1e3);
    if (argc > 2) {
        for (int i = 2; i < argc; i++)
            run(pl, device, strtoull(argv[i], NULL, 10));
    } else {
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
            run(pl, device, sizes[i]);
    }
    pl_close(pl);
    return 0;
}
