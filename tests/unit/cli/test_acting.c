/* A loop that journals and acts: killed at each of its writes in turn, on a disk that fails at each
 * of its operations in turn, and with somebody else at its file. What was broken off and run again
 * ends with the journal of an undisturbed run; no action is lost, and none comes twice unmarked. */
#include "../support/random.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../journal/disk.h"
#include "../journal/killer.h"
#include "acting_run.h"
#include "journal/replay.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SLOW 1
#endif
#endif
#ifdef SLOW
#define STRIDE 5 /* sanitized: every fifth write or operation */
#else
#define STRIDE 1
#endif
#define TINY "tests/data/books/tiny"
#define FEB2026 "tests/data/books/feb2026"

static char folder[64], path[96], other[96];
static struct mailbox *mailbox;

static void clean(void)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
    char name[128];
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    unlink(other);
    memset(mailbox, 0, sizeof *mailbox);
}

/* No order is answered in the batch that it stands in. */
static void must_wait_for_answers(const struct acting_journal *j)
{
    for (size_t i = 0; i < j->count; i++)
        for (size_t k = i + 1;
             j->entries[i].entry.kind == PL_ENTRY_ACTION + PL_VENUE_SEND_CLOSE && k < j->count &&
             j->entries[k].entry.batch == j->entries[i].entry.batch;
             k++)
            if (j->entries[k].entry.kind == PL_ENTRY_ACTION + PL_VENUE_FILLED &&
                j->entries[k].entry.account == j->entries[i].entry.account)
                fail_msg("entry %zu is filled in its own batch", i + 1);
}

static void run_undisturbed(const char *book, struct acting_journal *out)
{
    struct acting_outcome o;
    char problem[256];
    clean();
    acting_run(book, PL_SIMULATED_MINIMAL, path, mailbox, NULL, &o);
    assert_true(o.opened && o.completed && !o.withheld && o.repeated == 0);
    acting_read(path, out);
    if (!acting_same(out, out, mailbox, problem))
        fail_msg("undisturbed: %s", problem);
    must_wait_for_answers(out);
    assert_true(o.sent > 5 && o.actions_withheld == 0);
}

/* The n-th write of the process is its last; true when it came to that. */
static bool run_until_killed(const char *book, uint64_t at)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        struct acting_outcome o;
        killer_open(at);
        acting_run(book, PL_SIMULATED_MINIMAL, path, mailbox, NULL, &o);
        _exit(o.completed && !o.withheld ? 0 : 1);
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    const bool killed = WIFSIGNALED(status);
    if (killed ? WTERMSIG(status) != SIGKILL : !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("killed at %" PRIu64 ": status %x, %s", at, (unsigned)status, mailbox->problem);
    return killed;
}

static uint64_t marked(void)
{
    uint64_t count = 0;
    for (size_t i = 0; i < MAILBOX_ENTRIES; i++)
        count += mailbox->letters[i].marked;
    return count;
}

/* Twice in a row, then to the end. False: it came to its end before. */
static bool kill_at(const char *book, uint64_t at, uint64_t then,
                    const struct acting_journal *wanted, uint64_t *repeated)
{
    struct acting_journal got;
    char problem[256];
    clean();
    const bool killed = run_until_killed(book, at);
    run_until_killed(book, then);
    if (run_until_killed(book, KILLER_NEVER))
        fail_msg("killed by nobody");
    acting_read(path, &got);
    if (!acting_same(wanted, &got, mailbox, problem))
        fail_msg("killed at write %" PRIu64 ", then at %" PRIu64 ": %s", at, then, problem);
    acting_forget(&got);
    *repeated += marked();
    return killed;
}

static void no_action_is_lost_or_doubled_wherever_the_loop_is_killed(void **state)
{
    (void)state;
    uint64_t r = random_seed(21), kills = 0, repeated = 0;
    struct acting_journal wanted;
    bool killed = true;
    run_undisturbed(TINY, &wanted);
    for (uint64_t at = 0; killed; at += STRIDE) {
        assert_true(at < 2000);
        killed = kill_at(TINY, at, random_below(&r, 90), &wanted, &repeated);
        kills += killed;
    }
    acting_forget(&wanted);
    print_message("%" PRIu64 " kills, %" PRIu64 " actions handed out again\n", kills, repeated);
    assert_true(kills > 80 / STRIDE && repeated > 80 / STRIDE);
}

/* A book with auctions, at some of its writes. */
static void a_crash_of_february_2026_goes_on(void **state)
{
    (void)state;
    uint64_t r = random_seed(22), kills = 0, repeated = 0;
    struct acting_journal wanted;
    run_undisturbed(FEB2026, &wanted);
    for (uint64_t i = 0, rounds = random_rounds(4); i < rounds; i++)
        kills +=
            kill_at(FEB2026, random_below(&r, 12000), random_below(&r, 4000), &wanted, &repeated);
    acting_forget(&wanted);
    print_message("%" PRIu64 " kills, %" PRIu64 " actions handed out again\n", kills, repeated);
}

/* Whatever fails, every tick is judged; mended, the run ends as if nothing had been. */
static void whatever_fails_of_the_disk_the_loop_stops_acting_and_goes_on_judging(void **state)
{
    (void)state;
    uint64_t stopped = 0, withheld = 0;
    struct acting_journal wanted, got;
    run_undisturbed(TINY, &wanted);
    for (int fault = DISK_POWER; fault <= DISK_ERROR; fault++) {
        bool failed = true;
        for (uint64_t at = 0; failed; at += STRIDE) {
            struct acting_outcome o, then;
            char problem[256];
            clean();
            disk_open();
            disk_plan((enum disk_fault)fault, at, at);
            acting_run(TINY, PL_SIMULATED_MINIMAL, "loop.journal", mailbox, NULL, &o);
            failed = disk_failed();
            if (!o.opened || !o.completed)
                fail_msg("fault %d at %" PRIu64 ": not every tick was judged: %s", fault, at,
                         o.said);
            if (o.withheld && strstr(o.said, "no action leaves any more") == NULL)
                fail_msg("fault %d at %" PRIu64 ": %s", fault, at, o.said);
            stopped += o.withheld;
            withheld += o.actions_withheld;
            disk_restart();
            acting_run(TINY, PL_SIMULATED_MINIMAL, "loop.journal", mailbox, NULL, &then);
            acting_read("loop.journal", &got);
            if (then.withheld || !acting_same(&wanted, &got, mailbox, problem))
                fail_msg("fault %d at %" PRIu64 ": %s%s", fault, at, then.said,
                         then.withheld ? "" : problem);
            acting_forget(&got);
            disk_close();
            assert_true(at < 2000);
        }
    }
    acting_forget(&wanted);
    print_message("stopped %" PRIu64 " times, %" PRIu64 " actions withheld\n", stopped, withheld);
    assert_true(stopped > 200 / STRIDE && withheld > stopped);
}

#define AFTER 4 /* actions */

/* So that the file's time is another than that of the last write. */
static void pause_for_clock(void)
{
    usleep(20000);
}

static void truncate_it(uint64_t arrived, const char *journal)
{
    if (arrived == AFTER)
        assert_int_equal(truncate(journal, 5000), 0);
}

static void alter_it(uint64_t arrived, const char *journal)
{
    if (arrived != AFTER)
        return;
    pause_for_clock();
    int file = open(journal, O_WRONLY);
    assert_true(file >= 0 && pwrite(file, "x", 1, 9000) == 1);
    close(file);
}

static void remove_it(uint64_t arrived, const char *journal)
{
    if (arrived == AFTER)
        unlink(journal);
}

static void replace_it(uint64_t arrived, const char *journal)
{
    if (arrived != AFTER)
        return;
    int file = open(other, O_WRONLY | O_CREAT, 0600);
    assert_true(file >= 0);
    close(file);
    assert_int_equal(rename(other, journal), 0);
}

static void cut_the_log(uint64_t arrived, const char *journal)
{
    char name[128];
    snprintf(name, sizeof name, "%s-wal", journal);
    if (arrived == AFTER)
        assert_int_equal(truncate(name, 32), 0);
}

static void a_journal_that_others_change_while_the_loop_runs_stops_the_acting(void **state)
{
    (void)state;
    const struct {
        acting_hook *hook;
        const char *words;
    } mischief[] = {
        { truncate_it, "it was truncated by another program" },
        { alter_it, "it was altered by another program" },
        { remove_it, "it was replaced or removed by another program" },
        { replace_it, "it was replaced or removed by another program" },
        { cut_the_log, "its log (-wal) was truncated by another program" },
    };
    for (size_t i = 0; i < sizeof mischief / sizeof mischief[0]; i++) {
        struct acting_outcome o;
        clean();
        acting_run(TINY, PL_SIMULATED_MINIMAL, path, mailbox, mischief[i].hook, &o);
        if (!o.completed || !o.withheld || o.actions_withheld == 0 ||
            strstr(o.said, mischief[i].words) == NULL ||
            strstr(o.said, "no action leaves any more") == NULL)
            fail_msg("%s: %" PRIu64 " sent, %" PRIu64 " withheld: %s", mischief[i].words, o.sent,
                     o.actions_withheld, o.said);
    }
}

static void a_journal_that_cannot_be_opened_withholds_every_action(void **state)
{
    (void)state;
    struct pl_journal *held;
    struct acting_outcome o;
    struct acting_journal wanted;
    run_undisturbed(TINY, &wanted);
    acting_forget(&wanted);
    assert_int_equal(pl_journal_open(path, PL_JOURNAL_WRITE, &held, NULL), 0);
    acting_run(TINY, PL_SIMULATED_MINIMAL, path, mailbox, NULL, &o);
    assert_true(o.completed && o.withheld && o.sent == 0 && o.actions_withheld > 5);
    assert_non_null(strstr(o.said, "another process has it open"));
    pl_journal_close(held);
    assert_int_equal(truncate(path, 9000), 0);
    acting_run(TINY, PL_SIMULATED_MINIMAL, path, mailbox, NULL, &o);
    assert_true(o.completed && o.withheld && o.sent == 0 && o.actions_withheld > 5);
    clean();
    acting_run(TINY, PL_SIMULATED_MARKET, path, mailbox, NULL, &o);
    acting_run(TINY, PL_SIMULATED_MINIMAL, path, mailbox, NULL, &o);
    assert_true(o.completed && o.withheld && o.sent == 0);
    assert_non_null(strstr(o.said, "entry 3 (venue) is not what this run gives"));
}

/* An entry with some bytes altered, or cut short. */
static const struct pl_journal_entry *damage(uint64_t *r, const struct acting_entry *e)
{
    static struct pl_journal_entry out;
    static uint8_t payload[1 << 16];
    out = e->entry;
    out.payload = payload;
    assert_true(out.payload_bytes <= sizeof payload);
    memcpy(payload, e->payload, out.payload_bytes);
    for (uint64_t n = 1 + random_below(r, 4); n > 0 && out.payload_bytes > 0; n--)
        payload[random_below(r, out.payload_bytes)] =
            (uint8_t)(random_once_in(r, 2) ? random_u64(r) : random_below(r, 3));
    if (random_once_in(r, 8))
        out.payload_bytes = (size_t)random_below(r, out.payload_bytes + 1);
    return &out;
}

/* Whatever a journal says of a venue is refused or decided on, and followed nowhere. */
static void damaged_records_of_a_venue_never_crash(void **state)
{
    (void)state;
    uint64_t r = random_seed(23), refused = 0, different = 0;
    const uint64_t rounds = random_rounds(300);
    struct acting_journal j;
    char message[PL_MESSAGE_BYTES];
    run_undisturbed(TINY, &j);
    for (uint64_t i = 0; i < rounds; i++) {
        struct pl_replay *replay;
        int result = 0;
        assert_int_equal(pl_replay_open("cpu:", &replay, message), 0);
        for (size_t e = 0; e < j.count && result == 0; e++) {
            const bool of_venue = j.entries[e].entry.kind >= PL_ENTRY_VENUE &&
                                  j.entries[e].entry.kind != PL_ENTRY_VERDICT;
            struct pl_journal_entry entry = j.entries[e].entry;
            entry.payload = j.entries[e].payload;
            result = pl_replay_entry(
                replay, of_venue && random_once_in(&r, 12) ? damage(&r, &j.entries[e]) : &entry);
        }
        refused += result < 0;
        different += result > 0;
        pl_replay_close(replay);
    }
    acting_forget(&j);
    print_message("%" PRIu64 " rounds: %" PRIu64 " refused, %" PRIu64 " different\n", rounds,
                  refused, different);
    assert_true(rounds < 100 || (refused > rounds / 10 && different > rounds / 10));
}

static int make_folder(void **state)
{
    (void)state;
    /* in memory where that is: kills lose nothing of what was written, synced or not */
    snprintf(folder, sizeof folder, "%s/plimsoll-acting-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.journal", folder);
    snprintf(other, sizeof other, "%s/other", folder);
    mailbox =
        mmap(NULL, sizeof *mailbox, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(mailbox != MAP_FAILED);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    clean();
    munmap(mailbox, sizeof *mailbox);
    return rmdir(folder);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        TEST(no_action_is_lost_or_doubled_wherever_the_loop_is_killed),
        TEST(a_crash_of_february_2026_goes_on),
        TEST(whatever_fails_of_the_disk_the_loop_stops_acting_and_goes_on_judging),
        TEST(a_journal_that_others_change_while_the_loop_runs_stops_the_acting),
        TEST(a_journal_that_cannot_be_opened_withholds_every_action),
        TEST(damaged_records_of_a_venue_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
