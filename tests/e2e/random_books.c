/* Random books through two devices, byte for byte: verdicts, records per underlying, summaries, and
 * rows with their quotes. Usage: random_books URI URI BOOKS. If the second is a simulated card,
 * every few books find it behind another link, at random. PL_SEED reruns a run; PL_BOOK (a number)
 * runs one book of it alone. Ends with `N passed, M failed`. */
#include "../unit/support/plain_book.h"

#include <time.h>

#include "stage/pl.h"

#define ACCOUNTS 60
#define ROWS 12 /* read back after each sweep */
#define BOOKS_A_LINK 5

static struct book books[2];
static struct book_account accounts[ACCOUNTS];

struct answer {
    int code;
    struct pl_verdict verdicts[ACCOUNTS];
    int count;
    struct pl_underlying_verdict records[ACCOUNTS * BOOK_UNDERLYINGS];
    int64_t record_count;
    struct pl_tick_summary summary;
};

static void judge(struct pl *pl, const struct pl_batch *batch, struct answer *a)
{
    memset(a, 0, sizeof *a);
    a->code = pl_submit(pl, batch);
    while (a->code == 0) {
        const struct pl_underlying_verdict *records;
        int got = pl_poll(pl, a->verdicts + a->count, ACCOUNTS - (size_t)a->count, &a->summary);
        if (got <= 0 || a->count == ACCOUNTS) {
            a->code = got;
            break;
        }
        int64_t n = pl_poll_underlyings(pl, &records);
        memcpy(a->records + a->record_count, records, (size_t)n * sizeof *records);
        a->record_count += n;
        a->count += got;
    }
}

/* What differs, or NULL. */
static const char *difference(const struct answer *a, const struct answer *b)
{
    if (a->code != b->code)
        return "return code";
    if (a->count != b->count)
        return "number of verdicts";
    for (int i = 0; i < a->count; i++) {
        if (memcmp(&a->verdicts[i], &b->verdicts[i], sizeof a->verdicts[i]) != 0)
            return "a verdict";
    }
    if (a->record_count != b->record_count ||
        memcmp(a->records, b->records, (size_t)a->record_count * sizeof a->records[0]) != 0)
        return "records per underlying";
    if (memcmp(&a->summary, &b->summary, sizeof a->summary) != 0)
        return "summary";
    return NULL;
}

static const char *compare_rows(struct pl *const pl[2], uint64_t *random)
{
    for (int n = 0; n < ROWS; n++) {
        uint32_t i =
            (uint32_t)random_below(random, pl[0]->stage.row_count + 1); /* one past the end */
        struct pl_row row[2];
        struct pl_quote quote[2];
        memset(row, 0, sizeof row);
        memset(quote, 0, sizeof quote);
        int code[2];
        for (int d = 0; d < 2; d++)
            code[d] = pl[d]->ops->read_row(pl[d]->dev, i, &row[d], &quote[d]);
        if (code[0] != code[1] || memcmp(&row[0], &row[1], sizeof row[0]) != 0)
            return "a row";
        if (memcmp(&quote[0], &quote[1], sizeof quote[0]) != 0)
            return "a quote";
    }
    return NULL;
}

/* One book: a load, three ticks, each with a sweep. Returns what differs, or NULL. */
static const char *run(struct pl *const pl[2], uint64_t seed, uint32_t scenarios)
{
    static struct answer answers[2];
    for (int d = 0; d < 2; d++) {
        book_make(&books[d], seed, scenarios);
        book_load(&books[d], pl[d]);
        for (uint32_t n = 0; n < books[d].node_count; n++)
            book_set_node(&books[d], pl[d], n);
    }
    struct book *b = &books[0];
    const char *wrong = NULL;
    for (int tick = 0; tick < 3 && wrong == NULL; tick++) {
        for (int d = 0; d < 2; d++)
            book_commit(b, pl[d]);
        struct pl_account list[ACCOUNTS];
        for (int i = 0; i < ACCOUNTS; i++) {
            book_account(b, &accounts[i], (uint8_t)random_within(&b->random, 1, 3), true);
            list[i] = accounts[i].account;
        }
        struct pl_batch batch = { .accounts = list,
                                  .count = random_below(&b->random, ACCOUNTS + 1),
                                  .position_version = random_u64(&b->random),
                                  .filter = (uint8_t)random_below(&b->random, 4),
                                  .per_underlying = random_once_in(&b->random, 2) };
        for (int d = 0; d < 2; d++)
            judge(pl[d], &batch, &answers[d]);
        wrong = difference(&answers[0], &answers[1]);
        if (wrong == NULL)
            wrong = compare_rows(pl, &b->random);
        for (uint32_t n = 1; n < b->node_count; n++) {
            if (random_once_in(&b->random, 3))
                continue;
            book_move(b, n, b->nodes[n].price * random_real(&b->random, 0.9, 1.1), 6);
            for (int d = 0; d < 2; d++)
                book_set_node(b, pl[d], n);
        }
        b->now_us += random_within(&b->random, 0, 3600000000);
    }
    for (int d = 0; d < 2; d++)
        book_close(&books[d]);
    return wrong;
}

/* The URI with a random link where it is a simulated card's. What it names itself stays. */
static void with_link(char *out, size_t size, const char *uri, uint64_t seed)
{
    static const char *const parts[][6] = {
        { "gen=1", "gen=2", "gen=3", "gen=4", "gen=5" },
        { "width=1", "width=4", "width=8", "width=16" },
        { "mps=128", "mps=256", "mps=512" },
        { "mrrs=128", "mrrs=512", "mrrs=4096" },
        { "rcb=64", "rcb=128" },
        { "tags=1", "tags=8", "tags=32", "tags=256" },
        { "rtt_ns=1", "rtt_ns=400", "rtt_ns=1000", "rtt_ns=3000" },
        { "stall=0", "stall=5", "stall=40", "stall=80" },
        { "reorder=0", "reorder=50", "reorder=100" },
    };
    uint64_t random = seed;
    int n = snprintf(out, size, "%s", uri);
    if (strncmp(uri, "sim:", 4) != 0)
        return;
    for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++) {
        size_t count = 0;
        while (count < 6 && parts[p][count] != NULL)
            count++;
        const char *part = parts[p][random_below(&random, count)];
        char name[16];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(part, "=") + 1, part);
        if (strstr(uri, name) == NULL)
            n +=
                snprintf(out + n, size - (size_t)n, "%s%s", uri[4] == 0 && n == 4 ? "" : ",", part);
    }
}

int main(int argc, char **argv)
{
    char message[PL_MESSAGE_BYTES] = "", uri[512] = "";
    struct pl *pl[2] = { NULL, NULL };
    if (argc != 4) {
        fprintf(stderr, "usage: random_books URI URI BOOKS\n");
        return 2;
    }
    uint64_t seed = random_seed((uint64_t)time(NULL)), count = strtoull(argv[3], NULL, 0);
    const char *only = getenv("PL_BOOK");
    unsigned passed = 0, failed = 0;
    for (uint64_t i = 0; i < count; i++) {
        if (only != NULL && strtoull(only, NULL, 0) != i)
            continue;
        if (pl[1] == NULL || i % BOOKS_A_LINK == 0) {
            with_link(uri, sizeof uri, argv[2], seed + i / BOOKS_A_LINK);
            for (int d = 0; d < 2; d++) {
                if (pl[d] != NULL)
                    pl_close(pl[d]);
                if (pl_open(d == 0 ? argv[1] : uri, &pl[d], message) != 0) {
                    fprintf(stderr, "random_books: %s\n", message);
                    return 1;
                }
            }
        }
        struct pl_capabilities c;
        pl_capabilities(pl[1], &c);
        uint64_t mixed = seed + i * UINT64_C(0x9E3779B97F4A7C15);
        const char *wrong = run(pl, mixed, c.scenarios < PL_SCENARIOS_MAX ? c.scenarios : 40);
        if (wrong == NULL) {
            passed++;
            continue;
        }
        failed++;
        printf("FAIL book %llu: %s differs between %s and %s\n", (unsigned long long)i, wrong,
               argv[1], uri);
    }
    for (int d = 0; d < 2; d++) {
        if (pl[d] != NULL)
            pl_close(pl[d]);
    }
    printf("%u passed, %u failed\n", passed, failed);
    return failed != 0;
}
