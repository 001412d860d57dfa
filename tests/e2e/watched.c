/* Watched accounts of random books on two devices, byte for byte: after commits, after ticks of the
 * window, and while a sweep runs. Usage: watched URI URI BOOKS. PL_SEED reruns a run; PL_BOOK (a
 * number) runs one book of it alone. Ends with `N passed, M failed`. */
#include "../unit/support/plain_book.h"

#include <time.h>

#include "stage/pl.h"

#include "../unit/support/watched.h"

static struct book books[2];
static struct book_account accounts[WATCHED_ACCOUNTS];

/* One book: a load, then sets of watched accounts with their ticks. Returns what differs, or NULL.
 */
static const char *run(struct pl *const pl[2], uint64_t seed, uint32_t scenarios, uint64_t *ticks)
{
    const char *wrong = NULL;
    for (int d = 0; d < 2; d++) {
        book_make(&books[d], seed, scenarios);
        book_load(&books[d], pl[d]);
        for (uint32_t n = 0; n < books[d].node_count; n++)
            book_set_node(&books[d], pl[d], n);
        book_commit(&books[d], pl[d]);
    }
    for (int set = 0; set < 2 && wrong == NULL; set++)
        wrong = watched_compare(&books[0], accounts, pl, ticks);
    for (int d = 0; d < 2; d++)
        book_close(&books[d]);
    return wrong;
}

int main(int argc, char **argv)
{
    char message[PL_MESSAGE_BYTES] = "";
    struct pl *pl[2] = { NULL, NULL };
    if (argc != 4) {
        fprintf(stderr, "usage: watched URI URI BOOKS\n");
        return 2;
    }
    for (int d = 0; d < 2; d++) {
        if (pl_open(argv[1 + d], &pl[d], message) != 0) {
            fprintf(stderr, "watched: %s\n", message);
            return 1;
        }
    }
    struct pl_capabilities c;
    pl_capabilities(pl[1], &c);
    uint64_t seed = random_seed((uint64_t)time(NULL)), count = strtoull(argv[3], NULL, 0);
    const char *only = getenv("PL_BOOK");
    unsigned passed = 0, failed = 0;
    uint64_t ticks = 0;
    for (uint64_t i = 0; i < count; i++) {
        if (only != NULL && strtoull(only, NULL, 0) != i)
            continue;
        uint64_t mixed = seed + i * UINT64_C(0x9E3779B97F4A7C15);
        const char *wrong =
            run(pl, mixed, c.scenarios < PL_SCENARIOS_MAX ? c.scenarios : 40, &ticks);
        if (wrong == NULL) {
            passed++;
            continue;
        }
        failed++;
        printf("FAIL book %llu: %s differs between %s and %s\n", (unsigned long long)i, wrong,
               argv[1], argv[2]);
    }
    for (int d = 0; d < 2; d++)
        pl_close(pl[d]);
    printf("%llu evaluations of watched accounts\n%u passed, %u failed\n",
           (unsigned long long)ticks, passed, failed);
    return failed != 0;
}
