/* The operations table of the model: device: whole loads, ticks and sweeps as records and slots. */
#include "../support/tables_fixture.h"

#include <errno.h>

#include "dev/dev.h"

static const struct pl_dev_ops *const ops = &pl_dev_model_ops;
static struct pl_dev *dev;

static int open_device(void **state)
{
    (void)state;
    char message[PL_MESSAGE_BYTES];
    return ops->open("", &dev, message);
}

static int close_device(void **state)
{
    (void)state;
    ops->close(dev);
    return 0;
}

/* One linear instrument in one expiry of one underlying: MODEL first. */
static size_t small_load(struct pl_line *lines)
{
    const struct pl_model model = { .kind = PL_RECORD_MODEL,
                                    .table_version = 3,
                                    .instruments = 1,
                                    .expiries = 1,
                                    .underlyings = 1,
                                    .classes = 1,
                                    .multipliers = 1 };
    const struct pl_underlying u = { .kind = PL_RECORD_UNDERLYING,
                                     .basis_up = ONE,
                                     .basis_down = ONE };
    const struct pl_expiry e = { .kind = PL_RECORD_EXPIRY };
    const struct pl_instrument i = { .kind = PL_RECORD_INSTRUMENT,
                                     .row = PL_ROW_KIND_LINEAR,
                                     .unit = pl_real_pack(pl_real_from_int(1)) };
    const struct pl_class c = { .kind = PL_RECORD_CLASS };
    const struct pl_multiplier m = { .kind = PL_RECORD_MULTIPLIER, .value = ONE };
    const void *records[] = { &model, &u, &e, &i, &c, &m };
    for (size_t n = 0; n < 6; n++)
        memcpy(&lines[n], records[n], sizeof lines[n]);
    return 6;
}

static int commit(uint64_t tick, uint64_t price)
{
    struct pl_line lines[3];
    const struct pl_tick_price p = { .kind = PL_RECORD_TICK_PRICE,
                                     .forward = price,
                                     .index_price = price };
    const struct pl_tick_time t = { .kind = PL_RECORD_TICK_TIME, .moving = ONE };
    const struct pl_tick_commit c = { .kind = PL_RECORD_TICK_COMMIT, .tick = tick };
    memcpy(&lines[0], &p, sizeof lines[0]);
    memcpy(&lines[1], &t, sizeof lines[1]);
    memcpy(&lines[2], &c, sizeof lines[2]);
    return ops->tick(dev, lines, 3);
}

static void load_and_commit(void)
{
    struct pl_line lines[6];
    uint64_t detail;
    assert_int_equal(ops->load(dev, lines, small_load(lines), &detail), 0);
    assert_int_equal(commit(1, 100), 0);
}

static void a_load_starts_with_a_model(void **state)
{
    (void)state;
    struct pl_line lines[7];
    uint64_t detail = 9;
    assert_int_equal(ops->load(dev, NULL, 0, &detail), -PL_STATUS_MALFORMED_RECORD);
    assert_int_equal(detail, 0);
    size_t n = small_load(lines);
    assert_int_equal(ops->load(dev, lines + 1, n - 1, &detail), -PL_STATUS_MALFORMED_RECORD);
    assert_int_equal(detail, 0);
    lines[n] = lines[0]; /* and holds one */
    assert_int_equal(ops->load(dev, lines, n + 1, &detail), -PL_STATUS_MALFORMED_RECORD);
    assert_int_equal(detail, n);
}

static void a_refused_load_names_its_record(void **state)
{
    (void)state;
    struct pl_line lines[6], good[6];
    uint64_t detail;
    size_t n = small_load(good);
    for (size_t bad = 1; bad < n; bad++) {
        memcpy(lines, good, sizeof lines);
        lines[bad].bytes[0] = 99;
        assert_int_equal(ops->load(dev, lines, n, &detail), -PL_STATUS_MALFORMED_RECORD);
        assert_int_equal(detail, bad);
        assert_int_equal(commit(1, 100), -PL_STATUS_NOT_LOADED);
    }
    for (size_t missing = 1; missing < n;
         missing++) { /* a good record in its place: finish names kind and index */
        memcpy(lines, good, sizeof lines);
        lines[missing] = good[missing == 1 ? 2 : 1];
        assert_int_equal(ops->load(dev, lines, n, &detail), -PL_STATUS_MALFORMED_RECORD);
        assert_int_equal(detail, (uint64_t)good[missing].bytes[0] << 32);
    }
    assert_int_equal(ops->load(dev, good, n, &detail), 0);
}

static void counts_beyond_the_device_are_a_limit(void **state)
{
    (void)state;
    struct pl_line lines[6];
    uint64_t detail;
    size_t n = small_load(lines);
    uint32_t counts[] = { 0, PL_INSTRUMENTS_MAX + 1, UINT32_MAX };
    for (size_t i = 0; i < 3; i++) {
        memcpy(lines[0].bytes + offsetof(struct pl_model, instruments), &counts[i],
               sizeof counts[i]);
        assert_int_equal(ops->load(dev, lines, n, &detail), -PL_STATUS_LIMIT);
    }
}

static void ticks_need_a_load_and_increase(void **state)
{
    (void)state;
    assert_int_equal(commit(1, 100), -PL_STATUS_NOT_LOADED);
    load_and_commit();
    assert_int_equal(commit(1, 100), -PL_STATUS_MALFORMED_RECORD);
    assert_int_equal(commit(0, 100), -PL_STATUS_MALFORMED_RECORD);
    assert_int_equal(commit(2, UINT64_MAX), -PL_STATUS_MALFORMED_RECORD);
    assert_int_equal(commit(2, 100), 0);
    struct pl_row row;
    struct pl_quote quote;
    assert_int_equal(ops->read_row(dev, 0, &row, &quote), 0);
    assert_int_equal(row.base, 100);
    assert_int_equal(ops->read_row(dev, 1, &row, &quote), -ENOENT);
}

static void sweeps_need_a_commit(void **state)
{
    (void)state;
    const uint64_t slots[] = { slot_header(1, PL_MODE_CROSS, 0), slot_end() };
    struct pl_verdict v;
    struct pl_row row;
    struct pl_quote quote;
    assert_int_equal(ops->sweep(dev, slots, 2, 0, false), -PL_STATUS_NOT_LOADED);
    assert_int_equal(ops->poll(dev, &v, 1, NULL), -PL_STATUS_NOT_LOADED);
    assert_int_equal(ops->read_row(dev, 0, &row, &quote), -PL_STATUS_NOT_LOADED);
    load_and_commit();
    assert_int_equal(ops->sweep(dev, slots, 2, 0, false), 0);
    assert_int_equal(ops->poll(dev, &v, 1, NULL), 1);
    struct pl_line lines[6];
    uint64_t detail;
    assert_int_equal(ops->load(dev, lines, small_load(lines), &detail),
                     0); /* a load forgets the tick */
    assert_int_equal(ops->sweep(dev, slots, 2, 0, false), -PL_STATUS_NOT_LOADED);
}

static void a_malformed_slot_comes_after_the_verdicts_before_it(void **state)
{
    (void)state;
    load_and_commit();
    const uint64_t slots[] = {
        slot_header(1, PL_MODE_CROSS, 0), slot_position(0, 3), slot_header(2, PL_MODE_CROSS, 0),
        slot_header(3, PL_MODE_CROSS, 0), slot_position(7, 1), slot_end()
    };
    struct pl_verdict v[8];
    struct pl_tick_summary summary = { .accounts = 77 };
    for (size_t max = 1; max < 8; max++) {
        assert_int_equal(ops->sweep(dev, slots, 6, 0, false), 0);
        int taken = 0, got;
        while ((got = ops->poll(dev, v + taken, max, &summary)) > 0)
            taken += got;
        assert_int_equal(got, -PL_STATUS_MALFORMED_SLOT);
        assert_int_equal(taken, 2);
        assert_true(v[0].account == 1 && v[0].equity == 300 && v[1].account == 2);
        assert_int_equal(ops->poll(dev, v, max, &summary),
                         -PL_STATUS_MALFORMED_SLOT); /* and again */
        assert_int_equal(summary.accounts, 77);      /* no summary of a failed sweep */
    }
}

static void records_come_with_their_verdicts_only(void **state)
{
    (void)state;
    load_and_commit();
    const uint64_t slots[] = { slot_header(1, PL_MODE_CROSS, 0), slot_position(0, 3),
                               slot_header(2, PL_MODE_CROSS, 0), slot_position(0, -3),
                               slot_header(3, PL_MODE_CROSS, 0), slot_end() };
    struct pl_verdict v[4];
    const struct pl_underlying_verdict *r;
    assert_int_equal(ops->sweep(dev, slots, 6, PL_STATE_BANKRUPT, true), 0);
    assert_int_equal(ops->poll(dev, v, 4, NULL), 1);
    assert_int_equal(v[0].account, 2);
    assert_int_equal(ops->underlyings(dev, &r), 1); /* not of the accounts that were filtered out */
    assert_true(r[0].account == 2 && r[0].value == -300);
    assert_int_equal(ops->poll(dev, v, 4, NULL), 0);
    assert_int_equal(ops->underlyings(dev, &r), 0);
    assert_int_equal(ops->sweep(dev, slots, 6, 0, false), 0);
    assert_int_equal(ops->poll(dev, v, 4, NULL), 3);
    assert_int_equal(ops->underlyings(dev, &r), 0);
}

static void a_poll_without_room_is_not_the_end(void **state)
{
    (void)state;
    load_and_commit();
    const uint64_t slots[] = { slot_header(1, PL_MODE_CROSS, 0), slot_end() };
    struct pl_verdict v;
    struct pl_tick_summary summary = { .accounts = 77 };
    assert_int_equal(ops->sweep(dev, slots, 2, 0, false), 0);
    assert_int_equal(ops->poll(dev, &v, 0, &summary), 0);
    assert_int_equal(summary.accounts, 77);
    assert_int_equal(ops->poll(dev, &v, 1, &summary), 1);
    assert_int_equal(ops->poll(dev, &v, 1, &summary), 0);
    assert_int_equal(summary.accounts, 1);
}

static void a_commit_or_load_cancels_a_sweep_under_way(void **state)
{
    (void)state;
    const uint64_t slots[] = { slot_header(1, PL_MODE_CROSS, 0), slot_header(2, PL_MODE_CROSS, 0),
                               slot_end() };
    struct pl_verdict v;
    struct pl_tick_summary summary;
    struct pl_line lines[6];
    uint64_t detail;
    for (int load = 0; load < 2; load++) {
        load_and_commit();
        assert_int_equal(ops->sweep(dev, slots, 3, 0, false), 0);
        assert_int_equal(ops->poll(dev, &v, 1, &summary), 1);
        assert_int_equal(load ? ops->load(dev, lines, small_load(lines), &detail) : commit(2, 100),
                         0);
        assert_int_equal(ops->poll(dev, &v, 1, &summary), -ECANCELED);
        assert_int_equal(ops->poll(dev, &v, 1, &summary), -ECANCELED);
    }
    load_and_commit();
    assert_int_equal(ops->sweep(dev, slots, 3, 0, false), 0);
    assert_int_equal(ops->poll(dev, &v, 1, &summary), 1);
    assert_int_equal(ops->poll(dev, &v, 1, &summary), 1);
    assert_int_equal(ops->poll(dev, &v, 1, &summary), 0); /* a complete one is not */
    assert_int_equal(commit(2, 100), 0);
    assert_int_equal(ops->poll(dev, &v, 1, &summary), 0);
}

static void random_loads_ticks_and_sweeps_never_crash(void **state)
{
    (void)state;
    uint64_t r = random_seed(41), loaded = 0;
    for (uint64_t round = 0, rounds = random_rounds(3000); round < rounds; round++) {
        struct pl_line lines[8];
        uint64_t detail;
        size_t n = small_load(lines);
        for (uint64_t flips = random_below(&r, 4); flips > 0; flips--) {
            size_t k = random_below(&r, n), byte = random_below(&r, 64);
            if (k > 0 || byte % 4 == 0) /* no counts that need gigabytes */
                lines[k].bytes[byte] ^= (uint8_t)(1u << random_below(&r, 8));
        }
        loaded += ops->load(dev, lines, n - random_once_in(&r, 10), &detail) == 0;
        for (uint64_t i = 1; i < 4; i++) {
            commit(i, random_u64(&r) >> random_below(&r, 64));
            for (size_t k = 0; k < n; k++) {
                for (size_t b = 0; b < 64; b++)
                    lines[k].bytes[b] = (uint8_t)random_u64(&r);
                lines[k].bytes[0] = (uint8_t)random_within(&r, 15, 22);
            }
            ops->tick(dev, lines, n);
        }
        uint64_t slots[16];
        for (size_t k = 0; k < 16; k++)
            slots[k] = (uint64_t)random_within(&r, 0, 8) << 56 |
                       (random_u64(&r) & UINT64_C(0x00000301ffffffff));
        struct pl_verdict v[4];
        struct pl_tick_summary summary;
        struct pl_row row;
        struct pl_quote quote;
        ops->sweep(dev, slots, 16, (uint8_t)random_below(&r, 6), random_once_in(&r, 2));
        while (ops->poll(dev, v, 4, &summary) > 0)
            ;
        ops->read_row(dev, (uint32_t)random_below(&r, 3), &row, &quote);
    }
    print_message("%" PRIu64 " of the loads were good\n", loaded);
    assert_true(loaded > 0);
}

static void schemes_are_found_by_their_whole_name(void **state)
{
    (void)state;
    const char *options = NULL;
    assert_ptr_equal(pl_dev_find("model:x=y:z", &options), ops);
    assert_string_equal(options, "x=y:z");
    assert_ptr_equal(pl_dev_find("model:", &options), ops);
    assert_string_equal(options, "");
    assert_null(pl_dev_find("mode:", &options));
    assert_null(pl_dev_find("model", &options));
    assert_null(pl_dev_find("modelling:", &options));
    assert_null(pl_dev_find("", &options));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_device, close_device)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schemes_are_found_by_their_whole_name),
        TEST(a_load_starts_with_a_model),
        TEST(a_refused_load_names_its_record),
        TEST(counts_beyond_the_device_are_a_limit),
        TEST(ticks_need_a_load_and_increase),
        TEST(sweeps_need_a_commit),
        TEST(a_malformed_slot_comes_after_the_verdicts_before_it),
        TEST(records_come_with_their_verdicts_only),
        TEST(a_poll_without_room_is_not_the_end),
        TEST(a_commit_or_load_cancels_a_sweep_under_way),
        TEST(random_loads_ticks_and_sweeps_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
