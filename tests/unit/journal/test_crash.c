/* Whenever the power fails, a process is killed or a disk refuses, no action is lost and none comes
 * twice without its mark. */
#include "../support/random.h"

#include "disk.h"
#include "venue.h"

#include "journal/journal.h"

#define NAME "venue.journal"
#define LIVES 8

static struct venue venue;

/* Some lives on one disk, each with a fault at a moment of its own. */
static void live_and_crash(uint64_t seed, enum disk_fault fault)
{
    uint64_t r = seed;
    venue = (struct venue){ .random = random_u64(&r) };
    disk_open();
    for (int life = 0; life < LIVES && venue.problem[0] == '\0'; life++) {
        disk_plan(fault, random_below(&r, random_once_in(&r, 2) ? 40 : 200), random_u64(&r));
        venue_live(&venue, NAME, 12);
        if (random_once_in(&r, 4))
            disk_keep();
        else
            disk_restart();
    }
    if (venue.problem[0] == '\0')
        venue_settle(&venue, NAME);
    disk_close();
    if (venue.problem[0] != '\0')
        fail_msg("seed %" PRIu64 ": %s", seed, venue.problem);
}

static void crash_often(enum disk_fault fault, uint64_t first_seed)
{
    uint64_t seed = random_seed(first_seed), crashes = 0, repeated = 0, doubt = 0, found = 0;
    uint64_t rounds = getenv("PL_SEED") != NULL ? 1 : random_rounds(600);
    for (uint64_t i = 0; i < rounds; i++) {
        live_and_crash(seed + i, fault);
        crashes += venue.crashes;
        repeated += venue.repeated;
        doubt += venue.batches_in_doubt;
        found += venue.found;
    }
    print_message("%" PRIu64 " crashes, %" PRIu64 " actions handed out again, %" PRIu64
                  " batches in doubt, %" PRIu64 " of them found\n",
                  crashes, repeated, doubt, found);
    assert_true(rounds == 1 || (crashes > rounds && repeated > rounds));
}

static void no_action_is_lost_or_doubled_when_the_power_fails(void **state)
{
    (void)state;
    crash_often(DISK_POWER, 1);
}

static void no_action_is_lost_or_doubled_on_a_full_disk(void **state)
{
    (void)state;
    crash_often(DISK_FULL, 100001);
}

static void no_action_is_lost_or_doubled_when_a_write_or_sync_fails(void **state)
{
    (void)state;
    crash_often(DISK_ERROR, 200001);
}

/* Every operation of one life in turn, by each fault. */
static void every_operation_may_be_the_last(void **state)
{
    (void)state;
    for (int fault = DISK_POWER; fault <= DISK_ERROR; fault++) {
        bool failed = true;
        for (uint64_t at = 0; failed; at++) {
            venue = (struct venue){ .random = 7 };
            disk_open();
            disk_plan((enum disk_fault)fault, at, at);
            venue_live(&venue, NAME, 10);
            failed = disk_failed();
            disk_restart();
            venue_live(&venue, NAME, 3);
            venue_settle(&venue, NAME);
            disk_close();
            if (venue.problem[0] != '\0')
                fail_msg("fault %d at %" PRIu64 ": %s", fault, at, venue.problem);
            assert_true(at < 10000);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_may_be_the_last),
        cmocka_unit_test(no_action_is_lost_or_doubled_when_the_power_fails),
        cmocka_unit_test(no_action_is_lost_or_doubled_on_a_full_disk),
        cmocka_unit_test(no_action_is_lost_or_doubled_when_a_write_or_sync_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
