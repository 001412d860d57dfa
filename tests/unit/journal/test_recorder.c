/* What the library was given is recorded, and recomputing it gives the same bytes; whatever is
 * changed in between is named. */
#include "../support/random_book.h"

#include <errno.h>

#include "journal/journal.h"
#include "journal/recorder.h"
#include "journal/records.h"
#include "journal/replay.h"

#define ACCOUNTS 40

static struct book book;
static struct book_account accounts[ACCOUNTS];
static struct pl_account batch_accounts[ACCOUNTS];
static struct pl_verdict verdicts[ACCOUNTS + 1];
static char path[64], text[1 << 17], message[PL_MESSAGE_BYTES];
static struct pl_journal *journal;
static struct pl_recorder *recorder;
static struct pl *device;

static void must_hold(int code)
{
    if (code != 0)
        fail_msg("%d: %s", code, pl_journal_message(journal));
}

static int open_all(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/plimsoll-recorder-XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    if (pl_journal_open(path, PL_JOURNAL_CREATE, &journal, message) != 0)
        fail_msg("%s", message);
    must_hold(pl_recorder_open(journal, &recorder));
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    pl_recorder_close(recorder);
    pl_journal_close(journal);
    pl_close(device);
    device = NULL;
    book_close(&book);
    return unlink(path);
}

static void load(uint64_t seed, const char *uri, uint32_t scenarios)
{
    struct pl_capabilities capabilities;
    book_make(&book, seed, scenarios);
    book_write(&book);
    book_define(&book);
    FILE *f = fopen(book.path, "r");
    assert_non_null(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    struct pl_setup setup = { .model_path = book.path,
                              .instruments = book.defs,
                              .instrument_count = book.instrument_count,
                              .multipliers_q40 = book.multipliers_q40,
                              .multiplier_count = 4,
                              .model_text = text };
    if (device == NULL)
        assert_int_equal(pl_open(uri, &device, NULL), 0);
    pl_capabilities(device, &capabilities);
    assert_int_equal(pl_load(device, &setup), 0);
    must_hold(pl_recorder_loaded(recorder, &setup, capabilities.profile));
    must_hold(pl_recorder_named(recorder, 5, "FIVE"));
    for (uint32_t i = 0; i < ACCOUNTS; i++) {
        book_account(&book, &accounts[i], (uint8_t)(1 + i % 3), i % 2);
        accounts[i].account.account = 100 + i;
    }
}

static void price(uint32_t node)
{
    book_set_node(&book, device, node);
    must_hold(pl_recorder_priced(recorder, book.nodes[node].symbol, &book.nodes[node].words));
}

static void commit(void)
{
    book_commit(&book, device);
    must_hold(pl_recorder_committed(recorder, book.now_us));
}

/* Submits `count` accounts, some changed and in any order, and takes all verdicts. */
static void submit(uint64_t *r, uint32_t count, uint8_t filter)
{
    for (uint32_t i = 0; i < count; i++) {
        struct book_account *a = &accounts[random_once_in(r, 9) ? random_below(r, ACCOUNTS) : i];
        if (random_once_in(r, 6))
            a->account.cash_e8 += random_within(r, -1000000000, 1000000000);
        if (random_once_in(r, 6) && a->account.holding_count > 0)
            a->account.holding_count--;
        batch_accounts[i] = a->account;
    }
    struct pl_batch batch = { .accounts = batch_accounts,
                              .count = count,
                              .position_version = random_u64(r),
                              .filter = filter,
                              .per_underlying = random_once_in(r, 4) };
    if (pl_submit(device, &batch) != 0)
        fail_msg("submit: %s", pl_message(device));
    must_hold(pl_recorder_submitted(recorder, &batch));
    int got;
    while ((got = pl_poll(device, verdicts, 1 + (size_t)random_below(r, ACCOUNTS), NULL)) > 0)
        must_hold(pl_recorder_judged(recorder, verdicts, (size_t)got));
    assert_int_equal(got, 0);
}

static void run_ticks(uint64_t *r, int ticks)
{
    for (int t = 0; t < ticks; t++) {
        for (uint32_t n = 0; n < book.node_count; n++) {
            if (t > 0 && !random_once_in(r, 4))
                continue;
            book.nodes[n].words.time_us = book.now_us;
            if (book.nodes[n].words.price.mantissa > 0)
                book_move(&book, n, book.nodes[n].price * random_real(r, 0.9, 1.1), 7);
            price(n);
        }
        commit();
        for (uint64_t n = random_below(r, 3); n > 0; n--)
            submit(r, (uint32_t)random_within(r, 1, ACCOUNTS),
                   random_once_in(r, 4) ? PL_STATE_LIQUIDATE : PL_STATE_HEALTHY);
        must_hold(pl_journal_append(journal, PL_ENTRY_ACTION, 1, "act", 3, NULL));
        must_hold(pl_journal_commit(journal));
        book.now_us += 1000000;
    }
}

/* Recomputes the journal; what pl_replay_entry() or _end() returned, with message and counts. */
static int recompute(const char *uri, struct pl_replay_counts *counts)
{
    struct pl_replay *replay;
    struct pl_journal_entry entry;
    int got, result = pl_replay_open(uri, &replay, message);
    assert_int_equal(result, 0);
    must_hold(pl_journal_list(journal, &pl_journal_all));
    while (result == 0 && (got = pl_journal_next(journal, &entry)) != 0) {
        assert_int_equal(got, 1);
        result = pl_replay_entry(replay, &entry);
    }
    result = result != 0 ? result : pl_replay_end(replay);
    snprintf(message, sizeof message, "%s", pl_replay_message(replay));
    if (counts != NULL)
        *counts = *pl_replay_counts(replay);
    pl_replay_close(replay);
    return result;
}

static void recomputing_gives_the_same_bytes(void **state)
{
    (void)state;
    uint64_t seed = random_seed(31), verdict_count = 0;
    uint64_t rounds = getenv("PL_SEED") != NULL ? 1 : random_rounds(12);
    for (uint64_t i = 0; i < rounds; i++) {
        uint64_t r = seed + i;
        struct pl_replay_counts counts;
        if (i > 0)
            open_all(NULL);
        load(r, "model:", 31);
        run_ticks(&r, 5);
        must_hold(pl_journal_verify(journal, NULL));
        if (recompute(i % 2 ? "cpu:" : "model:", &counts) != 0)
            fail_msg("seed %" PRIu64 ": %s", seed + i, message);
        assert_true(counts.loads == 1 && counts.ticks == 5 && counts.not_recomputed == 5);
        verdict_count += counts.verdicts;
        if (i + 1 < rounds)
            close_all(NULL);
    }
    print_message("%" PRIu64 " verdicts recomputed\n", verdict_count);
    assert_true(rounds == 1 || verdict_count > 100);
}

static void a_second_load_starts_anew(void **state)
{
    (void)state;
    uint64_t r = 3;
    load(41, "model:profile=small", 16);
    run_ticks(&r, 2);
    load(42, "model:profile=small", 16);
    book.now_us += 10000000;
    run_ticks(&r, 2);
    struct pl_replay_counts counts;
    if (recompute("model:profile=small", &counts) != 0)
        fail_msg("%s", message);
    assert_true(counts.loads == 2 && counts.ticks == 4);
    assert_int_equal(recompute("model:", NULL), -EINVAL);
    assert_non_null(strstr(message, "entry 1: recorded on a device of profile small"));
}

/* Of accounts only what changed is written. */
static void what_did_not_change_is_not_written_again(void **state)
{
    (void)state;
    uint64_t r = 3;
    size_t sizes[3] = { 0 };
    load(43, "model:", 31);
    for (uint32_t n = 0; n < book.node_count; n++)
        price(n);
    commit();
    struct pl_batch batch = { .accounts = batch_accounts, .count = ACCOUNTS };
    for (int t = 0; t < 3; t++) {
        for (uint32_t i = 0; i < ACCOUNTS; i++)
            batch_accounts[i] = accounts[i].account;
        if (t == 2)
            batch_accounts[random_below(&r, ACCOUNTS)].cash_e8++;
        assert_int_equal(pl_submit(device, &batch), 0);
        must_hold(pl_recorder_submitted(recorder, &batch));
    }
    must_hold(pl_journal_commit(journal));
    struct pl_journal_entry entry;
    struct pl_journal_filter filter = pl_journal_all;
    filter.kind_low = filter.kind_high = PL_ENTRY_SUBMIT;
    must_hold(pl_journal_list(journal, &filter));
    for (int t = 0; t < 3; t++) {
        assert_int_equal(pl_journal_next(journal, &entry), 1);
        sizes[t] = entry.payload_bytes;
    }
    assert_true(sizes[0] > ACCOUNTS * 20 && sizes[1] == 20 + 9 && sizes[2] > sizes[1] &&
                sizes[2] < 20 + 2 * 9 + 1 + 20 + PL_HOLDING_RECORD_BYTES * BOOK_HOLDINGS);
}

static void what_was_not_recorded_is_noticed(void **state)
{
    (void)state;
    struct pl_setup setup = { .model_path = "a file" };
    struct pl_price p = { .has_price = true };
    struct pl_batch batch = { .accounts = batch_accounts, .count = 1 };
    assert_int_equal(pl_recorder_loaded(recorder, &setup, PL_PROFILE_FULL), -EINVAL);
    assert_int_equal(pl_recorder_priced(recorder, "BTC", &p), -ESTALE);
    assert_int_equal(pl_recorder_committed(recorder, 5), -ESTALE);
    assert_int_equal(pl_recorder_submitted(recorder, &batch), -ESTALE);
    load(44, "model:", 31);
    for (uint32_t n = 0; n < book.node_count; n++)
        price(n);
    book_commit(&book, device); /* and nobody says so */
    commit();
    batch_accounts[0] = accounts[0].account;
    assert_int_equal(pl_submit(device, &batch), 0);
    must_hold(pl_recorder_submitted(recorder, &batch));
    assert_int_equal(pl_poll(device, verdicts, 1, NULL), 1);
    assert_int_equal(pl_recorder_judged(recorder, verdicts, 1), -EPROTO);
    assert_non_null(strstr(pl_journal_message(journal), "of tick 2, but 1 ticks were recorded"));
    assert_int_equal(pl_recorder_committed(recorder, book.now_us), -ESTALE);
    must_hold(pl_journal_give_up(journal));
    load(44, "model:", 31);
    commit();
    must_hold(pl_journal_give_up(journal));
    assert_int_equal(pl_recorder_committed(recorder, book.now_us), -ESTALE);
}

/* Copies the journal into another one, with one entry changed: what somebody does who rewrites the
 * chain. `alter` returns the bytes to append, 0 to leave the entry out. */
static void rewrite(size_t (*alter)(const struct pl_journal_entry *entry, uint8_t *payload))
{
    static uint8_t payload[1 << 20];
    struct pl_journal_entry entry;
    struct pl_journal *old = journal;
    char old_path[64];
    memcpy(old_path, path, sizeof path);
    snprintf(path, sizeof path, "/tmp/plimsoll-recorder-XXXXXX");
    close(mkstemp(path));
    assert_int_equal(pl_journal_open(path, PL_JOURNAL_WRITE, &journal, message), 0);
    assert_int_equal(pl_journal_list(old, &pl_journal_all), 0);
    while (pl_journal_next(old, &entry) == 1) {
        assert_true(entry.payload_bytes <= sizeof payload);
        memcpy(payload, entry.payload, entry.payload_bytes);
        size_t bytes = alter(&entry, payload);
        must_hold(pl_journal_begin(journal, entry.time_us));
        if (bytes > 0)
            must_hold(pl_journal_append(journal, entry.kind, entry.account, payload, bytes, NULL));
        must_hold(pl_journal_commit(journal));
    }
    pl_journal_close(old);
    unlink(old_path);
    must_hold(pl_journal_verify(journal, NULL)); /* the chain cannot tell */
}

static uint64_t to_alter; /* the n-th of a kind, from 1 */
static uint32_t kind_to_alter;
static size_t at_byte;
static int how; /* 0: a byte changes; 1: cut short; 2: left out */

static size_t alter_one(const struct pl_journal_entry *entry, uint8_t *payload)
{
    if (entry->kind != kind_to_alter || --to_alter != 0)
        return entry->payload_bytes;
    if (how == 0)
        payload[at_byte] ^= 1;
    return how == 2 ? 0 : entry->payload_bytes - (how == 1);
}

static void must_differ(uint32_t kind, uint64_t which, int manner, size_t byte, int result,
                        const char *words)
{
    uint64_t r = 9;
    close_all(NULL);
    open_all(NULL);
    load(45, "model:", 31);
    run_ticks(&r, 4);
    kind_to_alter = kind;
    to_alter = which;
    at_byte = byte;
    how = manner;
    pl_recorder_close(recorder);
    recorder = NULL;
    rewrite(alter_one);
    int got = recompute("model:", NULL);
    if (got != result || strstr(message, words) == NULL)
        fail_msg("kind %u: %d \"%s\", not %d with \"%s\"", kind, got, message, result, words);
}

static void the_first_difference_is_named(void **state)
{
    (void)state;
    must_differ(PL_ENTRY_VERDICT, 1, 0, offsetof(struct pl_verdict, equity), 1, ": equity is ");
    must_differ(PL_ENTRY_VERDICT, 2, 0, offsetof(struct pl_verdict, rho), 1, ": rho is ");
    must_differ(PL_ENTRY_VERDICT, 3, 0, offsetof(struct pl_verdict, state), 1, ": state is ");
    must_differ(PL_ENTRY_VERDICT, 1, 2, 0, 1, "");
    must_differ(PL_ENTRY_VERDICT, 1, 1, 0, -EBADMSG, "not a record of a verdict");
    must_differ(PL_ENTRY_SUBMIT, 1, 0, 0, 1, ": position_version is ");
    must_differ(PL_ENTRY_SUBMIT, 1, 1, 0, -EBADMSG, "not a record of a submission");
    must_differ(PL_ENTRY_SUBMIT, 1, 2, 0, 1, "");
    must_differ(PL_ENTRY_COMMIT, 1, 1, 0, -EBADMSG, "not a record of a commit");
    must_differ(PL_ENTRY_COMMIT, 2, 2, 0, 1, ": tick is ");
    must_differ(PL_ENTRY_LOAD, 1, 1, 0, -EBADMSG, "not a record of a load");
    must_differ(PL_ENTRY_LOAD, 1, 0, 0, -EPROTONOSUPPORT, "made under contract ");
    must_differ(PL_ENTRY_LOAD, 1, 0, 24, 1, "now refused: the journal's model:1:1");
}

/* Records that chance made: refused, never followed out of bounds. */
static void random_records_never_crash(void **state)
{
    (void)state;
    uint64_t r = random_seed(51), seed = r;
    uint8_t payload[512];
    static const uint32_t kinds[] = { PL_ENTRY_LOAD, PL_ENTRY_COMMIT, PL_ENTRY_SUBMIT,
                                      PL_ENTRY_NAMES, PL_ENTRY_VERDICT };
    load(46, "model:", 31);
    run_ticks(&seed, 2);
    for (uint64_t i = 0, rounds = random_rounds(300); i < rounds; i++) {
        struct pl_replay *replay;
        struct pl_journal_entry entry;
        assert_int_equal(pl_replay_open("model:", &replay, message), 0);
        must_hold(pl_journal_list(journal, &pl_journal_all));
        while (pl_journal_next(journal, &entry) == 1) {
            static uint8_t copy[1 << 18];
            if (random_once_in(&r, 3)) {
                entry.payload_bytes = (size_t)random_below(&r, sizeof payload);
                for (size_t b = 0; b < entry.payload_bytes; b++)
                    payload[b] = (uint8_t)(random_once_in(&r, 3) ? random_u64(&r) : 0);
                entry.payload = payload;
                entry.kind = kinds[random_below(&r, 5)];
            } else if (random_once_in(&r, 2) && entry.payload_bytes > 0 &&
                       entry.payload_bytes <= sizeof copy) {
                memcpy(copy, entry.payload, entry.payload_bytes);
                copy[random_below(&r, entry.payload_bytes)] ^= (uint8_t)random_u64(&r);
                entry.payload = copy;
            }
            pl_replay_entry(replay, &entry);
        }
        pl_replay_close(replay);
    }
}

static void an_input_of_no_kind_is_named(void **state)
{
    (void)state;
    load(1, "model:", 2);
    const struct pl_venue_input in = { .time_us = book.now_us, .kind = PL_VENUE_KINDS };
    uint64_t first;
    assert_int_equal(pl_recorder_decided(recorder, &in, NULL, 0, &first), -EINVAL);
    assert_non_null(strstr(pl_journal_message(journal), "an input of kind 21"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_all, close_all)
    const struct CMUnitTest tests[] = {
        TEST(recomputing_gives_the_same_bytes),
        TEST(a_second_load_starts_anew),
        TEST(what_did_not_change_is_not_written_again),
        TEST(what_was_not_recorded_is_noticed),
        TEST(the_first_difference_is_named),
        TEST(an_input_of_no_kind_is_named),
        TEST(random_records_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
