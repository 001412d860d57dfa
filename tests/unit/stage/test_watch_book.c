/* A book that is larger than a card's watched set stays in a device in software. */
#include "../support/plain_book.h"

#define WATCHED_ACCOUNTS (PL_WATCH_ACCOUNTS_MAX + 500)
#include "../support/watched.h"

static struct book books[2];
static struct book_account accounts[WATCHED_ACCOUNTS];

static void open_books(struct pl *pl[2], const char *const uris[2], uint64_t seed)
{
    for (int d = 0; d < 2; d++) {
        assert_int_equal(pl_open(uris[d], &pl[d], NULL), 0);
        book_make(&books[d], seed, PL_SCENARIOS_MAX);
        book_load(&books[d], pl[d]);
        for (uint32_t n = 0; n < books[d].node_count; n++)
            book_set_node(&books[d], pl[d], n);
        book_commit(&books[d], pl[d]);
    }
}

static void a_book_that_stays_gives_the_models_verdicts(void **state)
{
    (void)state;
    static const char *const uris[2] = { "model:", "cpu:" };
    uint64_t seed = random_seed(21), ticks = 0;
    for (uint64_t round = 0, rounds = random_rounds(6); round < rounds; round++) {
        struct pl *pl[2];
        open_books(pl, uris, seed + round);
        const char *wrong = watched_compare(&books[0], accounts, pl, &ticks);
        if (wrong != NULL)
            fail_msg("book %" PRIu64 ": %s", round, wrong);
        for (int d = 0; d < 2; d++) {
            book_close(&books[d]);
            pl_close(pl[d]);
        }
    }
    assert_true(ticks > 0);
}

static void a_device_in_software_watches_more_than_a_card(void **state)
{
    (void)state;
    struct pl *pl;
    struct pl_capabilities c;
    assert_int_equal(pl_open("cpu:", &pl, NULL), 0);
    pl_capabilities(pl, &c);
    assert_true(c.watch_accounts > PL_WATCH_ACCOUNTS_MAX && c.watch_slots > PL_WATCH_SLOTS_MAX);
    pl_close(pl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_book_that_stays_gives_the_models_verdicts),
        cmocka_unit_test(a_device_in_software_watches_more_than_a_card),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
