/* A card over any bus gives the bytes of the model: device: random books, streams in many pieces,
 * filters, records per underlying, rows; and every failure leaves what was judged before it. */
#include "../support/random_book.h"

#include <errno.h>

#include "dev/card.h"
#include "fake_card.h"
#include "model/fixmath.h"
#include "stage/pl.h"

#include "../support/watched.h"

static struct fake_card fake;
static struct pl_dev *card;
static struct pl_card_options options;
static struct book book;
static struct book_account accounts[64];

static const struct pl_dev_ops card_ops = {
    .scheme = "fake",
    PL_CARD_OPERATIONS,
};

static void open_started(void)
{
    char message[PL_MESSAGE_BYTES];
    struct pl_bus bus = fake_bus(&fake);
    options.description = "a fake card";
    assert_int_equal(pl_card_open(&bus, &options, &card, message), 0);
}

static void open_card(uint8_t profile, uint64_t seed)
{
    fake_start(&fake, profile, seed);
    open_started();
}

static void close_card(void)
{
    pl_card_close(card);
    assert_null(fake.trouble);
    fake_end(&fake);
}

/* A handle on the fake card, loaded as book_open() would. */
static struct pl *open_handle(struct book *b)
{
    struct pl *pl = calloc(1, sizeof *pl);
    assert_non_null(pl);
    pl->ops = &card_ops;
    pl->dev = card;
    card_ops.capabilities(card, &pl->stage.capabilities);
    book_load(b, pl);
    for (uint32_t n = 0; n < b->node_count; n++)
        book_set_node(b, pl, n);
    book_commit(b, pl);
    return pl;
}

/* Everything that one submission gives, in the order of polls. */
struct outcome {
    struct pl_verdict verdicts[64];
    struct pl_underlying_verdict records[4096];
    size_t verdict_count, record_count;
    struct pl_tick_summary summary;
    int end;
};

static void collect(struct pl *pl, struct outcome *o, uint64_t *random)
{
    *o = (struct outcome){ .summary = { .serial = 77 } };
    for (;;) {
        const struct pl_underlying_verdict *records;
        size_t room = 64 - o->verdict_count + 1, most = 1 + random_below(random, 8);
        struct pl_verdict unused, *to = room > 1 ? o->verdicts + o->verdict_count : &unused;
        room = room > 1 ? room - 1 : 1;
        o->end = pl_poll(pl, to, most < room ? most : room, &o->summary);
        if (o->end <= 0)
            break;
        assert_true(o->verdict_count + (size_t)o->end <= 64);
        o->verdict_count += (size_t)o->end;
        int64_t n = pl_poll_underlyings(pl, &records);
        assert_true(n >= 0 && o->record_count + (size_t)n <= 4096);
        if (n > 0)
            memcpy(o->records + o->record_count, records, (size_t)n * sizeof *records);
        o->record_count += (size_t)n;
    }
    for (int again = 0; again < 2; again++) { /* the end stays the end */
        struct pl_verdict unused;
        assert_int_equal(pl_poll(pl, &unused, 1, NULL), o->end);
    }
}

static void must_be_equal(const struct outcome *a, const struct outcome *b)
{
    assert_int_equal(a->end, b->end);
    assert_int_equal(a->verdict_count, b->verdict_count);
    assert_memory_equal(a->verdicts, b->verdicts, a->verdict_count * sizeof a->verdicts[0]);
    assert_int_equal(a->record_count, b->record_count);
    assert_memory_equal(a->records, b->records, a->record_count * sizeof a->records[0]);
    assert_memory_equal(&a->summary, &b->summary, sizeof a->summary);
}

static size_t make_accounts(struct pl_account *list)
{
    size_t count = random_below(&book.random, 61);
    for (size_t i = 0; i < count; i++) {
        uint8_t mode = (uint8_t)random_within(&book.random, PL_MODE_PORTFOLIO, PL_MODE_ISOLATED);
        book_account(&book, &accounts[i], mode, random_once_in(&book.random, 2));
        if (i > 0 && random_once_in(&book.random, 4)) /* numbers need not differ */
            accounts[i].account.account = accounts[i - 1].account.account;
        list[i] = accounts[i].account;
    }
    return count;
}

static void compare_sweep(struct pl *pl, struct pl *model)
{
    static struct outcome a, b;
    struct pl_account list[64];
    struct pl_batch batch = {
        .accounts = list,
        .count = make_accounts(list),
        .position_version = random_u64(&book.random),
        .filter = (uint8_t)(random_once_in(&book.random, 2) ? 0 : random_below(&book.random, 7)),
        .per_underlying = random_once_in(&book.random, 2)
    };
    assert_int_equal(pl_submit(pl, &batch), 0);
    collect(pl, &a, &book.random);
    assert_int_equal(pl_submit(model, &batch), 0);
    collect(model, &b, &book.random);
    must_be_equal(&a, &b);
    assert_int_equal(a.end, 0);
    assert_int_equal(a.summary.accounts, batch.count);
}

static void compare_rows(struct pl *pl, struct pl *model)
{
    for (uint32_t i = 0; i <= pl->stage.row_count; i++) {
        struct pl_row a, b;
        struct pl_quote p, q;
        int error = card_ops.read_row(card, i, &a, &p);
        assert_int_equal(model->ops->read_row(model->dev, i, &b, &q), error);
        assert_int_equal(error, i < pl->stage.row_count ? 0 : -ENOENT);
        if (error != 0)
            continue;
        assert_memory_equal(&a, &b, sizeof a);
        assert_memory_equal(&p, &q, sizeof p);
        assert_int_equal(card_ops.read_row(card, i, &a, NULL), 0);
    }
}

static void move_prices(void)
{
    for (uint32_t n = 1; n < book.node_count; n++) {
        struct pl_price *p = &book.nodes[n].words;
        if (p->has_price && p->price.mantissa > 100 && random_once_in(&book.random, 2))
            p->price.mantissa += (int64_t)random_below(&book.random, 21) - 10;
    }
    book.now_us += 1000000;
}

static void random_books_give_the_bytes_of_the_model(void **state)
{
    (void)state;
    uint64_t seed = random_seed(12), sweeps = 0, pieces = 0;
    for (uint64_t round = 0, rounds = random_rounds(30); round < rounds; round++) {
        bool small = random_once_in(&seed, 4);
        options.verdict_lines = 1 + random_below(&seed, 40);
        options.piece_slots = 1 + random_below(&seed, 200);
        open_card(small ? PL_PROFILE_SMALL : PL_PROFILE_FULL, random_u64(&seed));
        book_make(&book, random_u64(&seed), small ? PL_SCENARIOS_MAX_SMALL : PL_SCENARIOS_MAX);
        struct pl *pl = open_handle(&book);
        struct pl *model = book_open(&book, small ? "model:profile=small" : "model:");
        for (int tick = 0; tick < 3; tick++) {
            for (int n = 0; n < 4; n++, sweeps++)
                compare_sweep(pl, model);
            compare_rows(pl, model);
            move_prices();
            for (uint32_t n = 0; n < book.node_count; n++) {
                book_set_node(&book, pl, n);
                book_set_node(&book, model, n);
            }
            book_commit(&book, pl);
            book_commit(&book, model);
        }
        pieces += fake.sweeps;
        pl_close(pl); /* closes the card */
        assert_null(fake.trouble);
        fake_end(&fake);
        pl_close(model);
        book_close(&book);
    }
    options = (struct pl_card_options){ 0 };
    assert_true(pieces > 2 * sweeps);
}

static void watched_accounts_give_the_verdicts_of_the_model(void **state)
{
    (void)state;
    uint64_t seed = random_seed(21), ticks = 0, by_window = 0;
    for (uint64_t round = 0, rounds = random_rounds(30); round < rounds; round++) {
        open_card(PL_PROFILE_FULL, random_u64(&seed));
        book_make(&book, random_u64(&seed), PL_SCENARIOS_MAX);
        struct pl *const pl[2] = { open_handle(&book), book_open(&book, "model:") };
        for (int set = 0; set < 3; set++) {
            const char *wrong = watched_compare(&book, accounts, pl, &ticks);
            if (wrong != NULL)
                fail_msg("%s", wrong);
            compare_sweep(pl[0], pl[1]);
        }
        by_window += fake.ticks;
        pl_close(pl[0]);
        assert_null(fake.trouble);
        fake_end(&fake);
        pl_close(pl[1]);
        book_close(&book);
    }
    assert_true(ticks > 100 && by_window > ticks / 4);
}

/* A set that does not fit is refused before the card sees it; a smaller one is taken. */
static void a_card_says_how_many_slots_it_watches(void **state)
{
    (void)state;
    struct pl_account list[WATCHED_ACCOUNTS];
    fake_start(&fake, PL_PROFILE_FULL, 5);
    fake.watch_slots = WATCHED_ACCOUNTS;
    open_started();
    book_make(&book, 5, PL_SCENARIOS_MAX);
    struct pl *pl = open_handle(&book);
    for (size_t i = 0; i < WATCHED_ACCOUNTS; i++) {
        book_account(&book, &accounts[i], PL_MODE_PORTFOLIO, true);
        list[i] = accounts[i].account;
    }
    struct pl_batch batch = { .accounts = list, .count = WATCHED_ACCOUNTS };
    assert_int_equal(pl_watch(pl, &batch), -PL_STATUS_LIMIT);
    assert_non_null(strstr(pl_message(pl), "at most 1024 accounts and 40 slots"));
    batch.count = 1;
    assert_int_equal(pl_watch(pl, &batch), 0);
    pl_close(pl);
    assert_null(fake.trouble);
    fake_end(&fake);
    book_close(&book);
}

/* A line is lost on the way to the window: every next call says so, and the next commit mends it.
 */
static void a_refused_tick_is_told_and_mended(void **state)
{
    (void)state;
    uint64_t seed = random_seed(31), ticks = 0;
    for (int next = 0; next < 3; next++) {
        struct pl_verdict unused;
        struct pl_batch none = { .count = 0 };
        bool ended;
        int code = 0;
        open_card(PL_PROFILE_FULL, random_u64(&seed));
        book_make(&book, random_u64(&seed), PL_SCENARIOS_MAX);
        struct pl *const pl[2] = { open_handle(&book), book_open(&book, "model:") };
        assert_null(watched_compare(&book, accounts, pl, &ticks));
        do { /* until a tick goes by the window */
            fake.window_line++;
            move_prices();
            for (uint32_t n = 0; n < book.node_count; n++)
                book_set_node(&book, pl[0], n);
            assert_int_equal(pl_tick(pl[0]), 0);
        } while (fake.window_status == PL_STATUS_OK);
        if (next == 0)
            code = pl_commit(pl[0], book.now_us);
        else if (next == 1)
            code = pl_submit(pl[0], &none);
        for (uint32_t polls = 0; next == 2 && code == 0 && polls < WATCHED_POLLS; polls++)
            code = pl_watched(pl[0], &unused, 1, NULL, &ended);
        assert_int_equal(code, -PL_STATUS_MALFORMED_RECORD);
        assert_non_null(strstr(pl_message(pl[0]), "pl_commit"));
        assert_int_equal(pl_commit(pl[0], book.now_us), 0);
        for (uint32_t n = 0; n < book.node_count; n++)
            book_set_node(&book, pl[1], n);
        while (pl[1]->stage.tick < pl[0]->stage.tick)
            assert_int_equal(pl_commit(pl[1], book.now_us), 0);
        compare_sweep(pl[0], pl[1]);
        assert_int_equal(fake.window_status, PL_STATUS_OK);
        pl_close(pl[0]);
        assert_null(fake.trouble);
        fake_end(&fake);
        pl_close(pl[1]);
        book_close(&book);
    }
}

/* One linear instrument in one expiry of one underlying: MODEL first. */
#define LOAD_LINES 6
static void small_load(struct pl_line *lines)
{
    const struct pl_model model = { .kind = PL_RECORD_MODEL,
                                    .table_version = 3,
                                    .instruments = 1,
                                    .expiries = 1,
                                    .underlyings = 1,
                                    .classes = 1,
                                    .multipliers = 1 };
    const struct pl_underlying u = { .kind = PL_RECORD_UNDERLYING,
                                     .basis_up = Q40,
                                     .basis_down = Q40 };
    const struct pl_expiry e = { .kind = PL_RECORD_EXPIRY };
    const struct pl_instrument i = { .kind = PL_RECORD_INSTRUMENT,
                                     .row = PL_ROW_KIND_LINEAR,
                                     .unit = pl_real_pack(pl_real_from_int(1)) };
    const struct pl_class c = { .kind = PL_RECORD_CLASS };
    const struct pl_multiplier m = { .kind = PL_RECORD_MULTIPLIER, .value = Q40 };
    const void *records[LOAD_LINES] = { &model, &u, &e, &i, &c, &m };
    for (size_t n = 0; n < LOAD_LINES; n++)
        memcpy(&lines[n], records[n], sizeof lines[n]);
}

static int load(const struct pl_dev_ops *ops, struct pl_dev *dev)
{
    struct pl_line lines[LOAD_LINES];
    uint64_t detail;
    small_load(lines);
    return ops->load(dev, lines, LOAD_LINES, &detail);
}

static int tick(const struct pl_dev_ops *ops, struct pl_dev *dev, uint64_t number, uint64_t price)
{
    struct pl_line lines[3];
    const struct pl_tick_price p = { .kind = PL_RECORD_TICK_PRICE,
                                     .forward = price,
                                     .index_price = price };
    const struct pl_tick_time t = { .kind = PL_RECORD_TICK_TIME, .moving = Q40 };
    const struct pl_tick_commit c = { .kind = PL_RECORD_TICK_COMMIT, .tick = number };
    memcpy(&lines[0], &p, sizeof lines[0]);
    memcpy(&lines[1], &t, sizeof lines[1]);
    memcpy(&lines[2], &c, sizeof lines[2]);
    return ops->tick(dev, lines, 3);
}

static uint64_t header(uint32_t account)
{
    return pl_slot_header(PL_TAG_HEADER, account, PL_MODE_CROSS, 0);
}

/* `count` accounts that hold their number, each of two slots, and END. */
static size_t plain_stream(uint64_t *slots, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        slots[2 * i] = header(i);
        slots[2 * i + 1] = pl_slot_position(PL_TAG_POSITION, (int64_t)i + 1, 0);
    }
    slots[2 * count] = (uint64_t)PL_TAG_END << 56;
    return 2 * count + 1;
}

/* Both devices, step by step the same codes, whatever happens. */
static void malformed_streams_give_the_codes_of_the_model(void **state)
{
    (void)state;
    uint64_t seed = random_seed(3), failed = 0, good = 0;
    const struct pl_dev_ops *model_ops = &pl_dev_model_ops;
    struct pl_dev *model;
    char message[PL_MESSAGE_BYTES];
    options.verdict_lines = 12;
    open_card(PL_PROFILE_FULL, random_u64(&seed));
    assert_int_equal(model_ops->open("", &model, message), 0);
    assert_int_equal(load(&card_ops, card), 0);
    assert_int_equal(load(model_ops, model), 0);
    assert_int_equal(tick(&card_ops, card, 1, 100), 0);
    assert_int_equal(tick(model_ops, model, 1, 100), 0);
    for (uint64_t round = 0, rounds = random_rounds(2000); round < rounds; round++) {
        uint64_t slots[64];
        size_t count = plain_stream(slots, (uint32_t)random_below(&seed, 30));
        uint8_t filter = (uint8_t)random_below(&seed, 6);
        bool records = random_once_in(&seed, 2);
        for (uint64_t n = random_below(&seed, 3); n > 0; n--) /* any tag, any place */
            slots[random_below(&seed, count)] =
                (uint64_t)random_within(&seed, 0, 9) << 56 | random_below(&seed, 3) << 32;
        count -= random_once_in(&seed, 8); /* no END */
        if (random_once_in(&seed, 20))
            count = 0;
        assert_int_equal(card_ops.sweep(card, slots, count, filter, records), 0);
        assert_int_equal(model_ops->sweep(model, slots, count, filter, records), 0);
        struct pl_tick_summary a = { 0 }, b = { 0 };
        int got, want;
        do {
            struct pl_verdict v, w;
            const struct pl_underlying_verdict *p, *q;
            got = card_ops.poll(card, &v, 1, &a);
            want = model_ops->poll(model, &w, 1, &b);
            assert_int_equal(got, want);
            if (got > 0)
                assert_memory_equal(&v, &w, sizeof v);
            int64_t n = card_ops.underlyings(card, &p);
            assert_int_equal(n, model_ops->underlyings(model, &q));
            if (n > 0)
                assert_memory_equal(p, q, (size_t)n * sizeof *p);
        } while (got > 0 && !random_once_in(&seed, 50)); /* or the next sweep ends this one */
        assert_memory_equal(&a, &b, sizeof a);
        failed += got < 0;
        good += got == 0;
        assert_null(fake.trouble);
    }
    assert_true(failed > 0 && good > 0);
    model_ops->close(model);
    close_card();
    options = (struct pl_card_options){ 0 };
}

static void nothing_works_before_its_time(void **state)
{
    (void)state;
    struct pl_verdict v;
    struct pl_row row;
    struct pl_quote quote;
    uint64_t slots[3];
    size_t count = plain_stream(slots, 1);
    struct pl_tick_summary summary = { .accounts = 77 };
    open_card(PL_PROFILE_FULL, 1);
    assert_int_equal(pl_card_poll(card, &v, 1, &summary), 0);
    assert_int_equal(summary.accounts, 0);
    assert_int_equal(tick(&card_ops, card, 1, 100), -PL_STATUS_NOT_LOADED);
    assert_int_equal(pl_card_sweep(card, slots, count, 0, false), -PL_STATUS_NOT_LOADED);
    assert_int_equal(pl_card_poll(card, &v, 1, NULL), -PL_STATUS_NOT_LOADED);
    assert_int_equal(load(&card_ops, card), 0);
    assert_int_equal(pl_card_read_row(card, 0, &row, &quote), -PL_STATUS_NOT_LOADED);
    assert_int_equal(pl_card_sweep(card, slots, count, 0, false), -PL_STATUS_NOT_LOADED);
    assert_int_equal(tick(&card_ops, card, 1, 100), 0);
    assert_int_equal(tick(&card_ops, card, 1, 100), -PL_STATUS_MALFORMED_RECORD);
    assert_int_equal(tick(&card_ops, card, 2, UINT64_MAX), -PL_STATUS_MALFORMED_RECORD);
    assert_int_equal(tick(&card_ops, card, 2, 100), 0);
    assert_int_equal(load(&card_ops, card), 0); /* forgets the tick */
    assert_int_equal(pl_card_sweep(card, slots, count, 0, false), -PL_STATUS_NOT_LOADED);
    close_card();
}

static void a_refused_load_names_its_record(void **state)
{
    (void)state;
    struct pl_line lines[LOAD_LINES], good[LOAD_LINES];
    uint64_t detail = 9;
    open_card(PL_PROFILE_FULL, 1);
    small_load(good);
    assert_int_equal(pl_card_load(card, NULL, 0, &detail), -PL_STATUS_MALFORMED_RECORD);
    assert_int_equal(detail, 0);
    assert_int_equal(pl_card_load(card, good + 1, 5, &detail), -PL_STATUS_MALFORMED_RECORD);
    for (size_t bad = 1; bad < LOAD_LINES; bad++) {
        memcpy(lines, good, sizeof lines);
        lines[bad].bytes[0] = 99;
        assert_int_equal(pl_card_load(card, lines, LOAD_LINES, &detail),
                         -PL_STATUS_MALFORMED_RECORD);
        assert_int_equal(detail, bad);
        assert_int_equal(tick(&card_ops, card, 1, 100), -PL_STATUS_NOT_LOADED);
        memcpy(lines, good, sizeof lines);
        lines[bad] = good[bad == 1 ? 2 : 1];
        assert_int_equal(pl_card_load(card, lines, LOAD_LINES, &detail),
                         -PL_STATUS_MALFORMED_RECORD);
        assert_int_equal(detail, (uint64_t)good[bad].bytes[0] << 32);
    }
    assert_int_equal(pl_card_load(card, good, LOAD_LINES, &detail), 0);
    close_card();
}

static void counts_beyond_the_card_are_a_limit(void **state)
{
    (void)state;
    struct pl_line lines[LOAD_LINES];
    uint64_t detail, slots[3];
    size_t count = plain_stream(slots, 1);
    struct pl_verdict v;
    const struct {
        size_t field;
        uint32_t most;
    } counts[] = { { offsetof(struct pl_model, instruments), 512 },
                   { offsetof(struct pl_model, expiries), 512 },
                   { offsetof(struct pl_model, underlyings), 16 },
                   { offsetof(struct pl_model, classes), 256 },
                   { offsetof(struct pl_model, bracket_tables), 63 },
                   { offsetof(struct pl_model, scenario_tables), PL_SCENARIO_TABLES_MAX },
                   { offsetof(struct pl_model, multipliers), PL_MULTIPLIERS_MAX } };
    open_card(PL_PROFILE_FULL, 1);
    assert_int_equal(load(&card_ops, card), 0);
    assert_int_equal(tick(&card_ops, card, 1, 100), 0);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        small_load(lines);
        uint32_t over = counts[i].most + 1;
        memcpy(lines[0].bytes + counts[i].field, &over, sizeof over);
        assert_int_equal(pl_card_load(card, lines, LOAD_LINES, &detail), -PL_STATUS_LIMIT);
    }
    assert_int_equal(pl_card_sweep(card, slots, count, 0, false), 0); /* the load before stands */
    assert_int_equal(pl_card_poll(card, &v, 1, NULL), 1);
    close_card();
}

/* More records than the buffer takes at first, with COMMIT among them. */
static void long_ticks_and_loads_are_cut(void **state)
{
    (void)state;
    const size_t count = 40000;
    struct pl_line *lines = aligned_alloc(64, count * sizeof *lines);
    uint64_t detail;
    struct pl_row row;
    struct pl_quote quote;
    open_card(PL_PROFILE_FULL, 1);
    assert_non_null(lines);
    small_load(lines);
    for (size_t i = LOAD_LINES; i < count; i++)
        lines[i] = lines[1];
    fake.capacity = 4096;
    assert_int_equal(pl_card_load(card, lines, count, &detail), 0);
    assert_int_equal(tick(&card_ops, card, 1, 100), 0);
    for (size_t i = 0; i < count; i++) {
        struct pl_tick_price p = { .kind = PL_RECORD_TICK_PRICE,
                                   .forward = i + 1,
                                   .index_price = i + 1 };
        struct pl_tick_commit c = { .kind = PL_RECORD_TICK_COMMIT, .tick = i + 2 };
        memcpy(&lines[i], i == 500 || i == count - 1 ? (void *)&c : (void *)&p, sizeof lines[i]);
    }
    assert_int_equal(pl_card_tick(card, lines, 501), 0);
    assert_int_equal(pl_card_read_row(card, 0, &row, &quote), 0);
    assert_int_equal(row.base, 500);
    assert_int_equal(pl_card_tick(card, lines + 501, count - 501), 0);
    assert_int_equal(pl_card_read_row(card, 0, &row, &quote), 0);
    assert_int_equal(row.base, count - 1);
    free(lines);
    close_card();
}

static void a_commit_or_load_cancels_a_sweep_under_way(void **state)
{
    (void)state;
    uint64_t slots[101];
    size_t count = plain_stream(slots, 50);
    struct pl_verdict v;
    struct pl_tick_summary summary;
    options.verdict_lines = 20;
    for (int action = 0; action < 3; action++) {
        open_card(PL_PROFILE_FULL, 1);
        assert_int_equal(load(&card_ops, card), 0);
        assert_int_equal(tick(&card_ops, card, 1, 100), 0);
        assert_int_equal(pl_card_sweep(card, slots, count, 0, false), 0);
        assert_int_equal(pl_card_poll(card, &v, 1, &summary), 1);
        int expected = action < 2 ? -ECANCELED : 1;
        if (action == 0)
            assert_int_equal(load(&card_ops, card), 0);
        if (action == 1)
            assert_int_equal(tick(&card_ops, card, 2, 100), 0);
        struct pl_line price = { .bytes = { PL_RECORD_TICK_PRICE } };
        if (action == 2) /* the live tick does not matter to a sweep */
            assert_int_equal(pl_card_tick(card, &price, 1), 0);
        assert_int_equal(pl_card_poll(card, &v, 1, &summary), expected);
        assert_int_equal(pl_card_poll(card, &v, 1, &summary), expected);
        close_card();
    }
    options = (struct pl_card_options){ 0 };
}

/* Every failure of a sweep, at every account: what was judged before it comes first. */
static void failures_come_after_the_verdicts_before_them(void **state)
{
    (void)state;
    uint64_t slots[101], seed = random_seed(8);
    size_t count = plain_stream(slots, 50);
    static const uint32_t statuses[] = { PL_STATUS_BUS_ERROR, PL_STATUS_TIMEOUT,
                                         PL_STATUS_UNCORRECTABLE, PL_STATUS_RING_FULL };
    options.verdict_lines = 21;
    for (uint64_t round = 0, rounds = random_rounds(60); round < rounds; round++) {
        struct pl_verdict v;
        struct pl_tick_summary summary = { .accounts = 77 };
        uint32_t taken = 0;
        int got;
        open_card(PL_PROFILE_FULL, random_u64(&seed));
        assert_int_equal(load(&card_ops, card), 0);
        assert_int_equal(tick(&card_ops, card, 1, 100), 0);
        uint32_t piece = (uint32_t)random_below(&seed, 5), before = piece * 10;
        fake.failure = FAKE_STATUS;
        fake.failing = fake.taken + 1 + piece;
        fake.accounts = random_below(&seed, 10);
        fake.status = statuses[random_below(&seed, 4)];
        assert_int_equal(pl_card_sweep(card, slots, count, 0, false), 0);
        while ((got = pl_card_poll(card, &v, 1, &summary)) == 1)
            assert_int_equal(v.account, taken++);
        assert_int_equal(got, -(int)fake.status);
        assert_int_equal(taken, before + fake.accounts);
        assert_int_equal(summary.accounts, 77);
        assert_int_equal(pl_card_poll(card, &v, 1, &summary), got);
        assert_string_not_equal(pl_card_message(card), "");
        bool reset = fake.status != PL_STATUS_RING_FULL;
        assert_int_equal(pl_card_sweep(card, slots, count, 0, false), reset ? -PL_STATUS_RESET : 0);
        if (reset) {
            assert_int_equal(tick(&card_ops, card, 2, 100), -PL_STATUS_RESET);
            assert_int_equal(load(&card_ops, card), 0);
            assert_int_equal(tick(&card_ops, card, 1, 100), 0);
            assert_int_equal(pl_card_sweep(card, slots, count, 0, false), 0);
        }
        for (taken = 0; (got = pl_card_poll(card, &v, 1, &summary)) == 1;)
            assert_int_equal(v.account, taken++);
        assert_true(got == 0 && taken == 50 && summary.accounts == 50);
        close_card();
    }
    options = (struct pl_card_options){ 0 };
}

static void a_dying_card_is_given_up(enum fake_failure failure, enum fake_reset reset, int expected)
{
    uint64_t slots[101];
    size_t count = plain_stream(slots, 50);
    struct pl_verdict v;
    struct pl_row row;
    struct pl_quote quote;
    open_card(PL_PROFILE_FULL, 4);
    assert_int_equal(load(&card_ops, card), 0);
    assert_int_equal(tick(&card_ops, card, 1, 100), 0);
    fake.failure = failure;
    fake.failing = fake.taken + 1;
    fake.status = PL_STATUS_UNCORRECTABLE;
    fake.reset = reset;
    assert_int_equal(pl_card_sweep(card, slots, count, 0, true), 0);
    assert_int_equal(pl_card_poll(card, &v, 1, NULL), expected);
    assert_int_equal(pl_card_poll(card, &v, 1, NULL), expected);
    fake.trouble = NULL;
    bool lost = reset != FAKE_RESET_CLEAN || failure == FAKE_DOWN;
    int after = lost ? -PL_STATUS_LINK_DOWN : -PL_STATUS_RESET;
    assert_int_equal(pl_card_sweep(card, slots, count, 0, true), after);
    assert_int_equal(pl_card_poll(card, &v, 1, NULL), after);
    assert_int_equal(tick(&card_ops, card, 2, 100), after);
    assert_int_equal(pl_card_read_row(card, 0, &row, &quote), after);
    assert_int_equal(load(&card_ops, card), lost ? after : 0);
    if (lost)
        assert_non_null(strstr(pl_card_message(card), "kept"));
    else
        assert_int_equal(tick(&card_ops, card, 1, 100), 0);
    if (!lost) {
        assert_int_equal(pl_card_sweep(card, slots, count, 0, true), 0);
        assert_int_equal(pl_card_poll(card, &v, 1, NULL), 1);
    }
    close_card();
}

static void a_card_that_dies_in_a_sweep_is_given_up(void **state)
{
    (void)state;
    static const struct {
        enum fake_failure failure;
        int expected;
    } ways[] = { { FAKE_HANG, -PL_STATUS_TIMEOUT },      { FAKE_ERROR, -PL_STATUS_UNCORRECTABLE },
                 { FAKE_DOWN, -PL_STATUS_LINK_DOWN },    { FAKE_OTHERS, -PL_STATUS_RESET },
                 { FAKE_TROUBLE, -PL_STATUS_BUS_ERROR }, { FAKE_NUMBER, -EPROTO } };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        for (int reset = FAKE_RESET_CLEAN; reset <= FAKE_RESET_HANGS; reset++)
            a_dying_card_is_given_up(ways[i].failure, (enum fake_reset)reset, ways[i].expected);
    }
}

static void a_card_that_dies_in_a_commit_ends_the_sweep(void **state)
{
    (void)state;
    uint64_t slots[101];
    size_t count = plain_stream(slots, 50);
    struct pl_verdict v;
    struct pl_line price = { .bytes = { PL_RECORD_TICK_PRICE } };
    open_card(PL_PROFILE_FULL, 4);
    assert_int_equal(load(&card_ops, card), 0);
    assert_int_equal(tick(&card_ops, card, 1, 100), 0);
    assert_int_equal(pl_card_sweep(card, slots, count, 0, true), 0);
    fake.failure = FAKE_HANG;
    fake.failing = fake.taken + 2;
    assert_int_equal(pl_card_tick(card, &price, 1), -PL_STATUS_TIMEOUT);
    assert_int_equal(pl_card_poll(card, &v, 1, NULL), -PL_STATUS_TIMEOUT);
    assert_int_equal(tick(&card_ops, card, 2, 100), -PL_STATUS_RESET);
    close_card();
}

static void capabilities_come_from_the_registers(void **state)
{
    (void)state;
    struct pl_capabilities c;
    open_card(PL_PROFILE_SMALL, 1);
    pl_card_capabilities(card, &c);
    assert_true(c.profile == PL_PROFILE_SMALL && c.scenarios == PL_SCENARIOS_MAX_SMALL &&
                c.instruments == 512 && c.expiries == 512);
    assert_string_equal(c.description, "a fake card");
    close_card();
}

/* Two stream buffers of 2 MiB for one account, which must not be cut. */
static void an_account_longer_than_a_buffer_goes_in_one_piece(void **state)
{
    (void)state;
    const size_t count = 300000;
    uint64_t *slots = calloc(count, sizeof *slots);
    struct pl_verdict v;
    struct pl_tick_summary summary;
    assert_non_null(slots);
    slots[0] = header(9);
    slots[count - 2] = pl_slot_position(PL_TAG_POSITION, 3, 0); /* all between is padding */
    slots[count - 1] = (uint64_t)PL_TAG_END << 56;
    open_card(PL_PROFILE_FULL, 1);
    assert_int_equal(load(&card_ops, card), 0);
    assert_int_equal(tick(&card_ops, card, 1, 100), 0);
    assert_int_equal(pl_card_sweep(card, slots, count, 0, false), 0);
    assert_int_equal(pl_card_poll(card, &v, 1, &summary), 1);
    assert_true(v.account == 9 && v.equity == 300);
    assert_int_equal(pl_card_poll(card, &v, 1, &summary), 0);
    assert_int_equal(summary.slots, count);
    assert_int_equal(fake.sweeps, 1);
    free(slots);
    close_card();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_books_give_the_bytes_of_the_model),
        cmocka_unit_test(watched_accounts_give_the_verdicts_of_the_model),
        cmocka_unit_test(a_card_says_how_many_slots_it_watches),
        cmocka_unit_test(a_refused_tick_is_told_and_mended),
        cmocka_unit_test(malformed_streams_give_the_codes_of_the_model),
        cmocka_unit_test(nothing_works_before_its_time),
        cmocka_unit_test(a_refused_load_names_its_record),
        cmocka_unit_test(counts_beyond_the_card_are_a_limit),
        cmocka_unit_test(long_ticks_and_loads_are_cut),
        cmocka_unit_test(a_commit_or_load_cancels_a_sweep_under_way),
        cmocka_unit_test(failures_come_after_the_verdicts_before_them),
        cmocka_unit_test(a_card_that_dies_in_a_sweep_is_given_up),
        cmocka_unit_test(a_card_that_dies_in_a_commit_ends_the_sweep),
        cmocka_unit_test(capabilities_come_from_the_registers),
        cmocka_unit_test(an_account_longer_than_a_buffer_goes_in_one_piece),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
