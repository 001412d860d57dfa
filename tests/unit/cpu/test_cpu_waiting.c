/* Rows that are priced when they are read: in random books whose prices move, accounts judged alone
 * or together, and quotes, are those of the specification at every tick, whatever was read before.
 */
#include "../guard/market_moves.h"

#define ACCOUNTS 12
#define TICKS 12

static struct book book;
static struct book_account accounts[ACCOUNTS];

static void send(struct pl *pl)
{
    for (uint32_t n = 0; n < book.node_count; n++)
        book_set_node(&book, pl, n);
    book_commit(&book, pl);
}

static void same_verdict(struct pl *model, struct pl *cpu, uint32_t account)
{
    struct pl_verdict expected = book_judge(model, &accounts[account].account);
    struct pl_verdict got = book_judge(cpu, &accounts[account].account);
    assert_memory_equal(&got, &expected, sizeof got);
}

static void same_quote(struct pl *model, struct pl *cpu, uint32_t instrument)
{
    struct pl_instrument_quote expected, got;
    memset(&expected, 0, sizeof expected);
    memset(&got, 0, sizeof got);
    assert_int_equal(pl_quote_instrument(model, instrument, &expected), 0);
    assert_int_equal(pl_quote_instrument(cpu, instrument, &got), 0);
    assert_memory_equal(&got, &expected, sizeof got);
}

static void run(uint64_t seed, const char *uri)
{
    book_make(&book, seed, PL_SCENARIOS_MAX);
    struct pl *model = book_open(&book, "model:"), *cpu = book_open(&book, uri);
    for (int i = 0; i < ACCOUNTS; i++)
        draw_account(&book, &accounts[i]);
    struct weather weather = draw_weather(&book.random);
    uint64_t *r = &book.random;
    for (int tick = 0; tick < TICKS; tick++) {
        for (int reads = (int)random_below(r, 4); reads > 0; reads--)
            same_verdict(model, cpu, (uint32_t)random_below(r, ACCOUNTS));
        if (random_once_in(r, 3))
            same_quote(model, cpu, (uint32_t)random_below(r, book.instrument_count));
        for (uint32_t i = 0; i < ACCOUNTS && random_once_in(r, 4); i++)
            same_verdict(model, cpu, i);
        move_prices(&book, model, &weather);
        send(cpu);
    }
    for (uint32_t i = 0; i < ACCOUNTS; i++)
        same_verdict(model, cpu, i);
    pl_close(model);
    pl_close(cpu);
    book_close(&book);
}

static void rows_are_of_the_tick_when_they_are_read(void **state)
{
    (void)state;
    uint64_t seed = random_seed(20261123);
    for (uint64_t n = random_rounds(150); n > 0; n--, seed++)
        run(seed, n % 3 == 0 ? "cpu:isa=plain" : "cpu:");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_of_the_tick_when_they_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
