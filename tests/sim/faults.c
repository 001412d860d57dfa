/* Every fault of the simulated bus, at random places of random books: what the card returned before
 * it are the model's bytes, the failure has a code that fits, and afterwards a load, or opening the
 * card again, makes it whole. Usage: faults URI BOOKS, the URI as sim:profile=small,lanes=1.
 * PL_SEED reruns a run, PL_FAULT (a name) runs one fault alone. Ends with `N passed, M failed`. */
#include "../unit/support/random_book.h"

#include <errno.h>
#include <time.h>

#include "stage/pl.h"

#define ACCOUNTS 60
#define TICKS 2

static struct book book;
static struct book_account accounts[ACCOUNTS];
static struct pl_account list[ACCOUNTS];
static struct pl_verdict expected[TICKS][ACCOUNTS];
static struct pl_price prices[TICKS][BOOK_NODES];
static unsigned passed, failed;

struct fault {
    const char *name;
    int codes[4]; /* that may come of it; 0 ends the list */
    int lost;     /* a reset does not help, open again: 0 no, 1 yes, 2 perhaps */
};

static const struct fault faults[] = {
    { "read_error", { PL_STATUS_BUS_ERROR }, 0 },  { "poison", { PL_STATUS_BUS_ERROR }, 0 },
    { "read_lost", { PL_STATUS_TIMEOUT }, 1 },     { "read_late", { PL_STATUS_TIMEOUT }, 2 },
    { "write_error", { PL_STATUS_BUS_ERROR }, 0 }, { "write_lost", { PL_STATUS_TIMEOUT }, 1 },
    { "stuck", { PL_STATUS_TIMEOUT }, 1 },         { "bit_flip", { PL_STATUS_UNCORRECTABLE }, 0 },
    { "link_down", { PL_STATUS_LINK_DOWN }, 1 },
};

static bool expect(bool holds, const struct fault *fault, uint64_t place, const char *what,
                   int code)
{
    holds ? passed++ : failed++;
    if (!holds)
        printf("FAIL %s after %llu: %s (%d)\n", fault->name, (unsigned long long)place, what, code);
    return holds;
}

static int load(struct pl *pl)
{
    struct pl_setup setup = { .model_path = book.path,
                              .instruments = book.defs,
                              .instrument_count = book.instrument_count,
                              .multipliers_q40 = book.multipliers_q40,
                              .multiplier_count = 4 };
    return pl_load(pl, &setup);
}

/* Prices, commit, sweep of one tick; counts the verdicts that came. */
static int run_tick(struct pl *pl, int tick, struct pl_verdict *out, size_t *count)
{
    *count = 0;
    for (uint32_t n = 0; n < book.node_count; n++) {
        int error = pl_set_price(pl, pl_price_id(pl, book.nodes[n].symbol), &prices[tick][n]);
        if (error != 0)
            return error;
    }
    int error = pl_commit(pl, BOOK_NOW_US + tick);
    struct pl_batch batch = { .accounts = list, .count = ACCOUNTS, .position_version = 9 };
    error = error != 0 ? error : pl_submit(pl, &batch);
    while (error == 0) {
        struct pl_verdict more[ACCOUNTS + 1];
        int got = pl_poll(pl, more, ACCOUNTS + 1 - *count, NULL);
        if (got <= 0)
            return got;
        memcpy(out + *count, more, (size_t)got * sizeof *more);
        *count += (size_t)got;
    }
    return error;
}

static int run(struct pl *pl, const struct fault *fault, uint64_t place)
{
    int error = load(pl);
    for (int tick = 0; tick < TICKS && error == 0; tick++) {
        struct pl_verdict got[ACCOUNTS + 1];
        size_t count;
        error = run_tick(pl, tick, got, &count);
        bool same = count <= ACCOUNTS && memcmp(got, expected[tick], count * sizeof got[0]) == 0;
        if (!expect(same, fault, place, "a verdict that is not the model's", error) ||
            !expect(error != 0 || count == ACCOUNTS, fault, place, "verdicts are missing", error))
            return -EPROTO;
    }
    return error;
}

static bool fits(const struct fault *fault, int code)
{
    for (int i = 0; i < 4 && fault->codes[i] != 0; i++)
        if (code == -fault->codes[i])
            return true;
    return false;
}

static void strike(const char *uri, const struct fault *fault, uint64_t seed)
{
    char full[512], message[PL_MESSAGE_BYTES];
    struct pl *pl;
    uint64_t place = random_below(&seed, 200);
    snprintf(full, sizeof full, "%s,seed=%llu,fault=%s,fault_after=%llu", uri,
             (unsigned long long)(seed & 0xffff), fault->name, (unsigned long long)place);
    int error = pl_open(full, &pl, message);
    if (!expect(error == 0, fault, place, message, error))
        return;
    error = run(pl, fault, place);
    bool struck = error != 0;
    if (struck)
        expect(fits(fault, error), fault, place, pl_error_name(error), error);
    int again = run(pl, fault, place);
    if (fault->lost == 2 && again == -PL_STATUS_LINK_DOWN)
        expect(struck, fault, place, "lost without a failure", again);
    else if (fault->lost == 1 && struck)
        expect(again == -PL_STATUS_LINK_DOWN, fault, place, "a lost card must say so", again);
    else /* a flip may strike the second time */
        expect(again == 0 || fits(fault, again), fault, place, pl_error_name(again), again);
    pl_close(pl);
    printf("%s after %llu: %s; then %s\n", fault->name, (unsigned long long)place,
           pl_error_name(error), pl_error_name(again));
}

static int prepare(const char *model, uint64_t seed, uint32_t scenarios)
{
    struct pl *pl;
    book_make(&book, seed, scenarios);
    book_write(&book);
    book_define(&book);
    for (int i = 0; i < ACCOUNTS; i++) {
        book_account(&book, &accounts[i], (uint8_t)random_within(&book.random, 1, 3), true);
        list[i] = accounts[i].account;
    }
    for (int tick = 0; tick < TICKS; tick++)
        for (uint32_t n = 0; n < book.node_count; n++) {
            struct pl_price *p = &prices[tick][n];
            *p = book.nodes[n].words;
            if (p->has_price && p->price.mantissa > 100)
                p->price.mantissa += tick;
        }
    int error = pl_open(model, &pl, NULL);
    error = error != 0 ? error : load(pl);
    for (int tick = 0; tick < TICKS && error == 0; tick++) {
        struct pl_verdict got[ACCOUNTS + 1];
        size_t count;
        error = run_tick(pl, tick, got, &count);
        memcpy(expected[tick], got, sizeof expected[tick]);
    }
    if (error != 0)
        printf("model: %s\n", pl_message(pl));
    pl_close(pl);
    return error;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: faults URI BOOKS\n");
        return 2;
    }
    bool small = strstr(argv[1], "profile=small") != NULL;
    uint64_t seed = random_seed((uint64_t)time(NULL)), books = strtoull(argv[2], NULL, 0);
    const char *only = getenv("PL_FAULT");
    for (uint64_t n = 0; n < books; n++) {
        if (prepare(small ? "model:profile=small" : "model:", random_u64(&seed),
                    small ? PL_SCENARIOS_MAX_SMALL : PL_SCENARIOS_MAX) != 0)
            return 1;
        for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
            uint64_t own = random_u64(&seed);
            if (only == NULL || strcmp(only, faults[i].name) == 0)
                strike(argv[1], &faults[i], own);
        }
        book_close(&book);
    }
    printf("%u passed, %u failed\n", passed, failed);
    return failed != 0;
}
