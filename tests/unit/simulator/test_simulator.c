/* The simulator: random books, prices with gaps, sources that are missing, late or lie, plans that
 * are wrong, bidders that vanish, nonsense; and the process that decides breaks off at some write
 * of its journal, and goes on with what is durable. venue_life.h has what is given, process.h who
 * decides and breaks; venue_checks.h says what must hold after every input, venue_crashes.h through
 * a crash, journal_checks.h of the journal in the end; venue_coverage.h and crash_coverage.h what
 * must have happened. PL_SEED=n PL_ROUNDS=0 runs one seed alone. */
#include "crash_coverage.h"
#include "journal_checks.h"
#include "venue_coverage.h"
#include "venue_life.h"

#define TICKS_MAX 26
#define FEW_TICKS 3
#define BROKEN_EVERYWHERE 1000 /* each of so many seeds */

/* Mostly at some batch; else while the journal is made, or while it is closed. */
static struct break_plan draw_plan(uint64_t seed, int ticks)
{
    uint64_t r = ~seed;
    struct break_plan plan = { .must_break = true };
    const uint64_t where = random_below(&r, 8);
    plan.batch = where == 0   ? 0
                 : where == 1 ? UINT64_MAX
                              : 2 + random_below(&r, (uint64_t)ticks * 3 / 2 + 1);
    plan.after = random_below(&r, where == 0 ? 60 : 24);
    plan.checkpoint = random_once_in(&r, 2) ? (int)random_within(&r, 2, 40) : 0;
    plan.random = r;
    return plan;
}

static int ticks_of(uint64_t seed)
{
    uint64_t r = seed;
    return (int)random_within(&r, 1, TICKS_MAX);
}

static uint64_t current_seed;

static int say_seed(void **state)
{
    (void)state;
    process_speak();
    print_message("last seed %" PRIu64 "; it runs alone by:\n"
                  "PL_SEED=%" PRIu64 " PL_ROUNDS=0 build/unit/simulator/test_simulator\n",
                  current_seed, current_seed);
    return 0;
}

static struct world w;

/* One life of a world; what its journal holds, as far as that is compared. */
static uint64_t play_one(uint64_t seed, int ticks, const struct break_plan *plan)
{
    memset(&w, 0, sizeof w);
    w.seed = seed;
    w.ticks = ticks;
    w.plan = *plan;
    disk_open();
    disk_observe(note_operation);
    process_new_receiver();
    play(&w);
    const uint64_t digest = check_journal(&w, !plan->must_break);
    disk_close();
    free(w.venue);
    return digest;
}

/* Broken at every write in turn, it ends with the journal of an undisturbed life. */
static uint64_t break_everywhere(uint64_t seed)
{
    struct break_plan plan = { .batch = UINT64_MAX, .checkpoint = 12 };
    const uint64_t digest = play_one(seed, FEW_TICKS, &plan);
    uint64_t crashes = 0, at = 0;
    do {
        plan = (struct break_plan){ .random = seed + at, .after = at, .checkpoint = 12 };
        if (play_one(seed, FEW_TICKS, &plan) != digest)
            fail_msg("broken at operation %" PRIu64 " the journal is another", at);
        crashes += w.crashes;
        at++;
    } while (w.crashes > 0);
    return crashes;
}

static void whatever_comes_and_wherever_it_breaks_the_venue_keeps_its_rules(void **state)
{
    (void)state;
    static struct coverage all;
    const uint64_t seed = random_seed(1), rounds = random_rounds(10000);
    uint64_t crashes = 0, repeated = 0, everywhere = 0;
    for (uint64_t round = 0; round < rounds; round++) {
        current_seed = seed + round;
        const int ticks = ticks_of(current_seed);
        const struct break_plan plan = draw_plan(current_seed, ticks);
        play_one(current_seed, ticks, &plan);
        assert_true(w.crashes > 0);
        crashes += w.crashes;
        repeated += process_repeated();
        for (int kind = 0; kind < PL_VENUE_ACTIONS; kind++)
            for (int reason = 0; reason < REASONS_MAX; reason++)
                all.seen[kind][reason] += w.because[kind][reason];
        if (current_seed % BROKEN_EVERYWHERE == 0)
            everywhere += break_everywhere(current_seed);
    }
    print_coverage(&all);
    print_crash_coverage();
    print_message("%" PRIu64 " crashes, %" PRIu64 " actions handed out again; %" PRIu64
                  " crashes more of seeds that are broken at every write\n",
                  crashes, repeated, everywhere);
    if (rounds >= 10000) {
        check_coverage(&all);
        check_crash_coverage();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(whatever_comes_and_wherever_it_breaks_the_venue_keeps_its_rules,
                                  say_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
