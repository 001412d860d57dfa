/* The journal as its header states it: batches, the chain, actions that wait, and every refusal. */
#include "../support/random.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include "journal/handle.h"
#include "journal/words.h"

static char folder[64], path[96], message[PL_JOURNAL_MESSAGE_BYTES];
static struct pl_journal *journal;

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/plimsoll-journal-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.journal", folder);
    message[0] = '\0';
    journal = NULL;
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    static const char *const names[] = { "a.journal", "a.journal-wal", "a.journal-shm",
                                         "a.journal-journal", "b.journal" };
    char name[128];
    pl_journal_close(journal);
    assert_int_equal(chmod(folder, 0700), 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(name, sizeof name, "%s/%s", folder, names[i]);
        unlink(name);
    }
    assert_int_equal(rmdir(folder), 0); /* nothing else was left */
    return 0;
}

static void open_as(enum pl_journal_mode mode)
{
    if (pl_journal_open(path, mode, &journal, message) != 0)
        fail_msg("open: %s", message);
}

static void close_now(void)
{
    pl_journal_close(journal);
    journal = NULL;
}

static void must_not_open(enum pl_journal_mode mode, int error, const char *words)
{
    int got = pl_journal_open(path, mode, &journal, message);
    if (got != error || strstr(message, words) == NULL || strstr(message, path) != message)
        fail_msg("open: %d \"%s\", not %d with \"%s\"", got, message, error, words);
    assert_null(journal);
}

static void must_hold(int code)
{
    if (code != 0)
        fail_msg("%d: %s", code, pl_journal_message(journal));
}

static void must_refuse(int got, int error, const char *words)
{
    if (got != error || strstr(pl_journal_message(journal), words) == NULL)
        fail_msg("%d \"%s\", not %d with \"%s\"", got, pl_journal_message(journal), error, words);
}

static uint64_t append(uint32_t kind, uint32_t account, const char *text)
{
    uint64_t sequence;
    must_hold(pl_journal_append(journal, kind, account, text, strlen(text), &sequence));
    return sequence;
}

/* Batches of 4 entries: an input, a verdict and two actions, of which one is acknowledged in the
 * batch after. */
static void fill(int batches)
{
    for (int i = 0; i < batches; i++) {
        char text[32];
        struct pl_journal_entry action;
        bool possibly_sent;
        snprintf(text, sizeof text, "of batch %d", i);
        must_hold(pl_journal_begin(journal, 1000 * (i + 1)));
        append(PL_ENTRY_COMMIT, PL_JOURNAL_NO_ACCOUNT, text);
        append(PL_ENTRY_VERDICT, 7, text);
        append(PL_ENTRY_ACTION, 7, "a");
        append(PL_ENTRY_ACTION + 5, 8, "bc");
        if (pl_journal_next_action(journal, &action, &possibly_sent) == 1)
            must_hold(pl_journal_acknowledge(journal, action.sequence));
        must_hold(pl_journal_commit(journal));
    }
}

/* A journal at rest. */
static void make(int batches)
{
    open_as(PL_JOURNAL_CREATE);
    fill(batches);
    close_now();
}

static void run_sql(const char *text)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", text, sqlite3_errmsg(db));
    sqlite3_close(db);
}

static void must_name(const char *words)
{
    open_as(PL_JOURNAL_READ);
    must_refuse(pl_journal_verify(journal, NULL), -EBADMSG, words);
    close_now();
}

static void entries_come_back_as_they_were_appended(void **state)
{
    (void)state;
    struct pl_journal_entry e;
    make(3);
    open_as(PL_JOURNAL_READ);
    must_hold(pl_journal_verify(journal, NULL));
    must_hold(pl_journal_list(journal, &pl_journal_all));
    uint64_t count = 0;
    while (pl_journal_next(journal, &e) == 1) {
        count++;
        assert_int_equal(e.sequence, count);
        assert_int_equal(e.time_us, 1000 * e.batch);
        if (e.kind == PL_ENTRY_ACTION + 5)
            assert_true(e.account == 8 && e.payload_bytes == 2 && memcmp(e.payload, "bc", 2) == 0);
    }
    assert_int_equal(count, 14);
    assert_int_equal(pl_journal_end(journal)->sequence, 14);
    assert_int_equal(pl_journal_end(journal)->batch, 3);
    assert_int_equal(pl_journal_waiting(journal), 4);
    struct pl_journal_filter filter = pl_journal_all;
    filter.account = 7;
    filter.since_us = 2000;
    filter.until_us = 2000;
    must_hold(pl_journal_list(journal, &filter));
    assert_int_equal(pl_journal_next(journal, &e), 1);
    assert_int_equal(e.kind, PL_ENTRY_VERDICT);
    assert_int_equal(pl_journal_next(journal, &e), 1);
    assert_true(pl_entry_is_action(e.kind));
    assert_int_equal(pl_journal_next(journal, &e), 0);
    must_refuse(pl_journal_begin(journal, 9999), -EROFS, "reading only");
    bool possibly_sent;
    must_refuse(pl_journal_next_action(journal, &e, &possibly_sent), -EROFS, "reading only");
}

static void an_action_leaves_after_its_commit_and_once(void **state)
{
    (void)state;
    struct pl_journal_entry a;
    bool possibly_sent = true;
    open_as(PL_JOURNAL_WRITE);
    must_hold(pl_journal_begin(journal, 5));
    uint64_t first = append(PL_ENTRY_ACTION + 1, 3, "one");
    uint64_t second = append(PL_ENTRY_ACTION + 2, 4, "two");
    assert_int_equal(pl_journal_next_action(journal, &a, &possibly_sent), 0);
    must_refuse(pl_journal_acknowledge(journal, first), -ENOENT, "not durable");
    must_hold(pl_journal_commit(journal));
    assert_int_equal(pl_journal_next_action(journal, &a, &possibly_sent), 1);
    assert_true(a.sequence == first && !possibly_sent && a.account == 3);
    assert_int_equal(pl_journal_next_action(journal, &a, &possibly_sent), 1);
    assert_true(a.sequence == second && !possibly_sent);
    assert_int_equal(pl_journal_next_action(journal, &a, &possibly_sent), 0);
    must_hold(pl_journal_begin(journal, 6));
    must_hold(pl_journal_acknowledge(journal, second));
    must_refuse(pl_journal_acknowledge(journal, second), -ENOENT, "no action that waits");
    must_hold(pl_journal_commit(journal));
    close_now();
    open_as(PL_JOURNAL_WRITE);
    assert_int_equal(pl_journal_waiting(journal), 1);
    assert_int_equal(pl_journal_next_action(journal, &a, &possibly_sent), 1);
    assert_true(a.sequence == first && possibly_sent && memcmp(a.payload, "one", 3) == 0);
    assert_int_equal(pl_journal_next_action(journal, &a, &possibly_sent), 0);
}

/* Also when a reading of actions is never brought to its end. */
static void the_log_does_not_grow_without_bound(void **state)
{
    (void)state;
    static uint8_t payload[PL_JOURNAL_ACTION_BYTES_MAX];
    char wal[128];
    struct stat info;
    struct pl_journal_entry action;
    bool possibly_sent;
    snprintf(wal, sizeof wal, "%s-wal", path);
    open_as(PL_JOURNAL_WRITE);
    sqlite3_wal_autocheckpoint(journal->db, 20);
    for (int i = 0; i < 40; i++) {
        must_hold(pl_journal_begin(journal, i));
        for (int k = 0; k < 10; k++)
            must_hold(
                pl_journal_append(journal, PL_ENTRY_ACTION, 1, payload, sizeof payload, NULL));
        must_hold(pl_journal_commit(journal));
        assert_int_equal(pl_journal_next_action(journal, &action, &possibly_sent), 1);
    }
    assert_int_equal(stat(wal, &info), 0);
    if (info.st_size > 80 * 4096)
        fail_msg("the log has %ld bytes", (long)info.st_size);
}

static void a_batch_that_is_given_up_leaves_nothing(void **state)
{
    (void)state;
    open_as(PL_JOURNAL_WRITE);
    fill(1);
    uint64_t end = pl_journal_end(journal)->sequence;
    must_hold(pl_journal_begin(journal, 5000));
    append(PL_ENTRY_ACTION, 1, "x");
    assert_int_equal(pl_journal_losses(journal), 0);
    must_hold(pl_journal_give_up(journal));
    assert_int_equal(pl_journal_losses(journal), 1);
    must_hold(pl_journal_begin(journal, 1000));
    must_hold(pl_journal_commit(journal)); /* nothing in it */
    assert_int_equal(pl_journal_end(journal)->sequence, end);
    must_hold(pl_journal_verify(journal, NULL));
    must_hold(pl_journal_begin(journal, 5000));
    append(PL_ENTRY_ACTION, 1, "y");
    close_now(); /* with a batch open */
    open_as(PL_JOURNAL_WRITE);
    assert_int_equal(pl_journal_end(journal)->sequence, end);
    must_hold(pl_journal_verify(journal, NULL));
}

static void calls_out_of_turn_are_refused_and_do_no_harm(void **state)
{
    (void)state;
    static uint8_t large[PL_JOURNAL_ACTION_BYTES_MAX + 1];
    struct pl_journal_entry e;
    open_as(PL_JOURNAL_WRITE);
    fill(1);
    must_refuse(pl_journal_append(journal, PL_ENTRY_VERDICT, 1, "", 0, NULL), -EINVAL, "begin");
    must_refuse(pl_journal_acknowledge(journal, 1), -EINVAL, "begin");
    must_refuse(pl_journal_commit(journal), -EINVAL, "begin");
    must_refuse(pl_journal_give_up(journal), -EINVAL, "begin");
    must_refuse(pl_journal_begin(journal, 999), -EINVAL, "time goes back");
    must_refuse(pl_journal_next(journal, &e), -EINVAL, "list");
    must_hold(pl_journal_begin(journal, 1000));
    must_refuse(pl_journal_begin(journal, 1000), -EINVAL, "open already");
    must_refuse(pl_journal_verify(journal, NULL), -EINVAL, "batch is open");
    static const uint32_t kinds[] = { 0,         100, 107, 200,
                                      202,       299, 400, PL_ENTRY_ACKNOWLEDGED,
                                      UINT32_MAX };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        must_refuse(pl_journal_append(journal, kinds[i], 1, "", 0, NULL), -EINVAL, "kind");
    must_refuse(pl_journal_append(journal, PL_ENTRY_ACTION, 1, large, sizeof large, NULL), -EFBIG,
                "at most 4096");
    must_hold(pl_journal_append(journal, PL_ENTRY_ACTION, 1, large, sizeof large - 1, NULL));
    must_hold(pl_journal_append(journal, PL_ENTRY_VERDICT, 1, NULL, 0, NULL));
    must_refuse(pl_journal_acknowledge(journal, 2), -ENOENT, "no action that waits");
    must_hold(pl_journal_commit(journal));
    must_hold(pl_journal_verify(journal, NULL));
}

static void the_first_altered_entry_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *words;
    } cases[] = {
        { "UPDATE entry SET payload = x'00' WHERE sequence = 6", "entry 6 was altered" },
        { "UPDATE entry SET payload = CAST('of batch 2' AS BLOB) WHERE sequence = 6",
          "entry 6 was altered" },
        { "UPDATE entry SET payload = x'' WHERE sequence = 1", "entry 1 was altered" },
        { "UPDATE entry SET hash = zeroblob(32) WHERE sequence = 9", "entry 9 was altered" },
        { "UPDATE entry SET hash = x'00' WHERE sequence = 9", "entry 9 was altered" },
        { "UPDATE entry SET kind = kind + 1 WHERE sequence >= 4", "entry 4 was altered" },
        { "UPDATE entry SET account = 8 WHERE sequence = 2", "entry 2 was altered" },
        { "UPDATE entry SET time_us = time_us + 1 WHERE sequence = 14", "entry 14 was altered" },
        { "UPDATE entry SET batch = 1 WHERE sequence = 5", "entry 5 was altered" },
        { "UPDATE entry SET sequence = 100 WHERE sequence = 5",
          "entry 5 is missing or was altered; the next one says it is 6" },
        { "UPDATE entry SET sequence = -5 WHERE sequence = 5", "entry 1 is missing" },
        { "DELETE FROM entry WHERE sequence = 3", "entry 3 is missing" },
        { "DELETE FROM entry WHERE sequence = 1", "entry 1 is missing" },
        { "DELETE FROM entry WHERE sequence >= 14", "entry 14 is missing" },
        { "DELETE FROM entry", "entry 1 is missing" },
        { "UPDATE entry SET sequence = -1 WHERE sequence = 3; UPDATE entry SET sequence = 3 WHERE "
          "sequence = 4; UPDATE entry SET sequence = 4 WHERE sequence = -1",
          "entry 3 was altered" },
        { "INSERT INTO entry SELECT 15, 3, 3000, 201, 7, x'', zeroblob(32)",
          "entry 15 was altered" },
        { "UPDATE journal SET start = zeroblob(32)", "entry 1 was altered" },
        { "UPDATE journal SET hash = zeroblob(32)", "the end was altered" },
        { "UPDATE journal SET sequence = 13", "the end was altered" },
        { "UPDATE journal SET sequence = 15", "entry 15 is missing" },
        { "DELETE FROM waiting WHERE sequence = (SELECT max(sequence) FROM waiting)",
          "waiting actions was altered: 13 is missing" },
        { "INSERT INTO waiting VALUES(3)", "waiting actions was altered at 3" },
        { "INSERT INTO waiting VALUES(99)", "waiting actions was altered at 99" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        make(3);
        run_sql(cases[i].sql);
        must_name(cases[i].words);
        unlink(path);
    }
}

/* Who rewrites the chain from an altered entry on is found by a hash kept elsewhere. */
static void a_hash_kept_elsewhere_holds_the_journal(void **state)
{
    (void)state;
    uint8_t early[PL_JOURNAL_HASH_BYTES], start[PL_JOURNAL_HASH_BYTES];
    open_as(PL_JOURNAL_WRITE);
    memcpy(start, pl_journal_start(journal), sizeof start);
    fill(2);
    memcpy(early, pl_journal_end(journal)->hash, sizeof early);
    must_hold(pl_journal_begin(journal, 9000));
    append(PL_ENTRY_VERDICT, 1, "later");
    must_hold(pl_journal_commit(journal));
    must_hold(pl_journal_verify(journal, early));
    must_hold(pl_journal_verify(journal, start));
    must_hold(pl_journal_verify(journal, pl_journal_end(journal)->hash));
    early[31] ^= 1;
    must_refuse(pl_journal_verify(journal, early), -EBADMSG, "no entry has the given hash");
}

static void what_is_no_journal_is_refused(void **state)
{
    (void)state;
    must_not_open(PL_JOURNAL_READ, -ENOENT, "No such file");
    make(1);
    run_sql("PRAGMA user_version = 2");
    must_not_open(PL_JOURNAL_READ, -EPROTONOSUPPORT, "format 2; this program knows format 1");
    must_not_open(PL_JOURNAL_WRITE, -EPROTONOSUPPORT, "use a newer one");
    run_sql("PRAGMA user_version = 0");
    must_not_open(PL_JOURNAL_WRITE, -EBADMSG, "no journal of format 0");
    run_sql("PRAGMA user_version = 1; PRAGMA application_id = 1");
    must_not_open(PL_JOURNAL_WRITE, -EBADMSG, "not a journal");
    run_sql("PRAGMA application_id = 1349282418; CREATE TABLE more(x)");
    must_not_open(PL_JOURNAL_WRITE, -EBADMSG, "its tables");
    run_sql(
        "DROP TABLE more; ALTER TABLE entry RENAME TO old; CREATE VIEW entry AS SELECT * FROM old");
    must_not_open(PL_JOURNAL_READ, -EBADMSG, "its tables");
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    for (int i = 0; i < 1000; i++)
        fputs("account,mode,cash\n", f);
    fclose(f);
    must_not_open(PL_JOURNAL_READ, -EBADMSG, "not a journal");
    must_not_open(PL_JOURNAL_WRITE, -EBADMSG, "not a journal");
    assert_int_equal(truncate(path, 0), 0);
    must_not_open(PL_JOURNAL_READ, -EBADMSG, "empty");
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    must_not_open(PL_JOURNAL_READ, -EINVAL, "not a regular file");
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    must_not_open(PL_JOURNAL_WRITE, -EINVAL, "not a regular file");
    unlink(path);
    make(1);
    must_not_open(PL_JOURNAL_CREATE, -EEXIST, "name a new file");
    open_as(PL_JOURNAL_WRITE); /* nothing of all that harmed it */
    must_hold(pl_journal_verify(journal, NULL));
}

static void a_truncated_file_is_refused_or_named(void **state)
{
    (void)state;
    struct stat info;
    make(40);
    assert_int_equal(stat(path, &info), 0);
    for (off_t size = info.st_size - 1; size > 0; size -= 509) {
        assert_int_equal(truncate(path, size), 0);
        int error = pl_journal_open(path, PL_JOURNAL_READ, &journal, message);
        if (error == 0) {
            error = pl_journal_verify(journal, NULL);
            snprintf(message, sizeof message, "%s", pl_journal_message(journal));
        }
        if (error != -EBADMSG || message[0] == '\0')
            fail_msg("%ld of %ld bytes: %d %s", (long)size, (long)info.st_size, error, message);
        close_now();
        must_not_open(PL_JOURNAL_WRITE, -EBADMSG, "");
    }
}

/* All that readers see, in one hash-like sum; the number of entries read. */
static uint64_t content(uint64_t *count)
{
    struct pl_journal_entry e;
    uint64_t sum = 1469598103934665603u;
    *count = 0;
    must_hold(pl_journal_list(journal, &pl_journal_all));
    while (pl_journal_next(journal, &e) == 1) {
        ++*count;
        for (size_t i = 0; i < e.payload_bytes; i++)
            sum = (sum ^ e.payload[i]) * 1099511628211u;
        sum = (sum ^ e.sequence ^ e.kind << 8 ^ (uint64_t)e.account << 20 ^
               (uint64_t)e.time_us << 30 ^ e.batch << 50) *
              1099511628211u;
    }
    return sum;
}

static void an_altered_byte_is_found_or_changes_nothing(void **state)
{
    (void)state;
    uint64_t r = random_seed(5), found = 0, count, before_count;
    make(30);
    open_as(PL_JOURNAL_READ);
    uint64_t before = content(&before_count);
    close_now();
    int file = open(path, O_RDWR);
    off_t size = lseek(file, 0, SEEK_END);
    uint64_t rounds = random_rounds(1500);
    for (uint64_t i = 0; i < rounds; i++) {
        uint8_t was, is;
        off_t at = (off_t)random_below(&r, (uint64_t)size);
        assert_int_equal(pread(file, &was, 1, at), 1);
        is = was ^ (uint8_t)(1 + random_below(&r, 255));
        assert_int_equal(pwrite(file, &is, 1, at), 1);
        int error = pl_journal_open(path, PL_JOURNAL_READ, &journal, message);
        if (error == 0) {
            error = pl_journal_verify(journal, NULL);
            if (error == 0 && (content(&count) != before || count != before_count))
                fail_msg("byte %ld altered, and nobody noticed", (long)at);
            if (error != 0)
                assert_true(strlen(pl_journal_message(journal)) > strlen(path) + 2);
            close_now();
        }
        found += error != 0;
        assert_int_equal(pwrite(file, &was, 1, at), 1);
    }
    close(file);
    print_message("%" PRIu64 " of %" PRIu64 " altered bytes found, of a file of %ld\n", found,
                  rounds, (long)size);
    assert_true(found > rounds / 5);
    open_as(PL_JOURNAL_WRITE);
    must_hold(pl_journal_verify(journal, NULL));
}

/* What belongs to no entry is damage all the same. */
static void a_damaged_file_is_found_where_every_entry_is_intact(void **state)
{
    (void)state;
    const uint8_t pages = 5;
    make(2);
    int file = open(path, O_RDWR);
    assert_int_equal(pwrite(file, &pages, 1, 39), 1); /* of SQLite's list of free pages */
    close(file);
    must_name("every entry is intact, but the file is damaged");
}

/* Runs `work` in a process of its own; its exit status. */
static int in_child(int (*work)(void))
{
    int status = 0;
    pid_t child = fork();
    if (child == 0)
        _exit(work());
    assert_true(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int open_elsewhere(void)
{
    struct pl_journal *other;
    char text[PL_JOURNAL_MESSAGE_BYTES];
    for (int mode = PL_JOURNAL_READ; mode <= PL_JOURNAL_WRITE; mode++)
        if (pl_journal_open(path, (enum pl_journal_mode)mode, &other, text) != -EBUSY ||
            strstr(text, "another process has it open") == NULL)
            return 1;
    return 0;
}

static int read_elsewhere(void)
{
    struct pl_journal *other;
    return pl_journal_open(path, PL_JOURNAL_READ, &other, NULL) != 0 ||
           pl_journal_verify(other, NULL) != 0;
}

static void one_process_has_a_journal_open(void **state)
{
    (void)state;
    open_as(PL_JOURNAL_WRITE);
    assert_int_equal(in_child(open_elsewhere), 0); /* before the first batch, too */
    fill(2);
    assert_int_equal(in_child(open_elsewhere), 0);
    fill(0);
    close_now();
    open_as(PL_JOURNAL_READ);
    assert_int_equal(in_child(read_elsewhere), 0);
    assert_int_equal(pl_journal_open(path, PL_JOURNAL_WRITE, &(struct pl_journal *){ NULL }, NULL),
                     -EBUSY);
}

static int write_without_right(void)
{
    struct pl_journal *other;
    char text[PL_JOURNAL_MESSAGE_BYTES];
    if (geteuid() == 0 && setuid(65534) != 0)
        return 77;
    if (pl_journal_open(path, PL_JOURNAL_WRITE, &other, text) != -EACCES)
        return 1;
    if (pl_journal_open(path, PL_JOURNAL_READ, &other, text) != 0)
        return 2;
    return pl_journal_verify(other, NULL) == 0 ? 0 : 3;
}

static void a_journal_at_rest_is_read_where_nothing_can_be_written(void **state)
{
    (void)state;
    make(2);
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(chmod(folder, 0555), 0);
    int status = in_child(write_without_right);
    if (status == 77)
        skip();
    assert_int_equal(status, 0);
}

/* Leaves WAL and all behind, as a process that was killed does. */
static int write_and_vanish(void)
{
    if (pl_journal_open(path, PL_JOURNAL_WRITE, &journal, NULL) != 0)
        return 1;
    fill(3);
    return 0; /* by _exit: nothing is closed */
}

static void what_was_not_closed_is_read_and_made_whole(void **state)
{
    (void)state;
    char wal[128];
    struct stat info;
    snprintf(wal, sizeof wal, "%s-wal", path);
    assert_int_equal(in_child(write_and_vanish), 0);
    assert_int_equal(stat(wal, &info), 0);
    off_t size = info.st_size;
    assert_true(size > 0);
    open_as(PL_JOURNAL_READ); /* does not change it */
    must_hold(pl_journal_verify(journal, NULL));
    assert_int_equal(pl_journal_end(journal)->sequence, 14);
    close_now();
    assert_int_equal(stat(wal, &info), 0);
    assert_int_equal(info.st_size, size);
    open_as(PL_JOURNAL_WRITE);
    assert_int_equal(pl_journal_end(journal)->sequence, 14);
    assert_int_equal(pl_journal_waiting(journal), 4);
    close_now();
    assert_int_equal(stat(wal, &info), -1);
}

static int fill_the_disk(void)
{
    uint8_t payload[4096] = { 0 };
    struct pl_journal_entry action;
    bool possibly_sent;
    struct rlimit limit = { 200000, 200000 };
    signal(SIGXFSZ, SIG_IGN);
    if (pl_journal_open(path, PL_JOURNAL_WRITE, &journal, NULL) != 0 ||
        setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 1;
    int error = 0;
    for (int i = 0; i < 1000 && error == 0; i++) {
        error = pl_journal_begin(journal, 1000000 + i);
        error = error != 0
                    ? error
                    : pl_journal_append(journal, PL_ENTRY_ACTION, 1, payload, sizeof payload, NULL);
        error = error != 0 ? error : pl_journal_commit(journal);
    }
    if (error != -EIO && error != -ENOSPC && error != -EFBIG)
        return 2;
    if (strstr(pl_journal_message(journal), "open it again") == NULL)
        return 3;
    bool refuses = pl_journal_begin(journal, 2000000) == error &&
                   pl_journal_next_action(journal, &action, &possibly_sent) == error;
    bool reads =
        pl_journal_list(journal, &pl_journal_all) == 0 && pl_journal_next(journal, &action) == 1;
    pl_journal_close(journal);
    return !refuses ? 4 : !reads ? 5 : 0;
}

static void a_full_disk_stops_the_acting_and_nothing_else(void **state)
{
    (void)state;
    make(2);
    assert_int_equal(in_child(fill_the_disk), 0);
    open_as(PL_JOURNAL_WRITE); /* there is space again */
    must_hold(pl_journal_verify(journal, NULL));
    assert_true(pl_journal_waiting(journal) > 3);
}

static void kinds_have_names(void **state)
{
    (void)state;
    uint32_t low, high;
    assert_string_equal(pl_entry_kind_name(PL_ENTRY_ACTION + 99), "action");
    assert_string_equal(pl_entry_kind_name(PL_ENTRY_NAMES), "names");
    assert_string_equal(pl_entry_kind_name(400), "?");
    assert_true(pl_entry_kind_find("input", &low, &high) && low == 101 && high == 106);
    assert_false(pl_entry_kind_find("inputs", &low, &high));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        TEST(entries_come_back_as_they_were_appended),
        TEST(an_action_leaves_after_its_commit_and_once),
        TEST(the_log_does_not_grow_without_bound),
        TEST(a_batch_that_is_given_up_leaves_nothing),
        TEST(calls_out_of_turn_are_refused_and_do_no_harm),
        TEST(the_first_altered_entry_is_named),
        TEST(a_hash_kept_elsewhere_holds_the_journal),
        TEST(what_is_no_journal_is_refused),
        TEST(a_truncated_file_is_refused_or_named),
        TEST(an_altered_byte_is_found_or_changes_nothing),
        TEST(a_damaged_file_is_found_where_every_entry_is_intact),
        TEST(one_process_has_a_journal_open),
        TEST(a_journal_at_rest_is_read_where_nothing_can_be_written),
        TEST(what_was_not_closed_is_read_and_made_whole),
        TEST(a_full_disk_stops_the_acting_and_nothing_else),
        TEST(kinds_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
