/* A process is killed at its n-th write, for every n, on a real disk; the next one finds nothing
 * lost and nothing doubled. */
#include "../support/random.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "killer.h"
#include "venue.h"

#define BATCHES 6

static char folder[64], path[96];

static void clean(void)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
    char name[128];
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

/* True when the process was killed, false when it came to its end. */
static bool live_until_killed(struct venue *venue, uint64_t at)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        killer_open(at);
        _exit(venue_live(venue, path, BATCHES) == 0 ? 0 : 1);
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    bool killed = WIFSIGNALED(status);
    if (killed ? WTERMSIG(status) != SIGKILL : !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("killed at %" PRIu64 ": status %x, %s", at, (unsigned)status, venue->problem);
    return killed;
}

/* Twice in a row: what is killed while it mends what a kill left, too. */
static void no_action_is_lost_or_doubled_by_a_kill(void **state)
{
    (void)state;
    uint64_t seed = random_seed(11), r = seed, kills = 0, repeated = 0;
    struct venue *venue =
        mmap(NULL, sizeof *venue, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(venue != MAP_FAILED);
    bool killed = true;
    for (uint64_t at = 0; killed; at++) {
        assert_true(at < 1000);
        clean();
        *venue = (struct venue){ .random = seed };
        killed = live_until_killed(venue, at);
        kills += killed;
        kills += live_until_killed(venue, random_below(&r, 60));
        if (venue->problem[0] == '\0')
            venue_settle(venue, path);
        if (venue->problem[0] != '\0')
            fail_msg("killed at %" PRIu64 ": %s", at, venue->problem);
        repeated += venue->repeated;
    }
    print_message("%" PRIu64 " kills, %" PRIu64 " actions handed out again\n", kills, repeated);
    assert_true(kills > 50 && repeated > 20);
    munmap(venue, sizeof *venue);
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/plimsoll-journal-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.journal", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    clean();
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_action_is_lost_or_doubled_by_a_kill, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
