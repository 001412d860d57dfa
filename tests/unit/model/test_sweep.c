/* The account stream: every way to break it is refused at its slot, and verdicts before it stand.
 */
#include "../support/tables_fixture.h"

#define ROWS 8 /* 0..5 linear, two per expiry; 6 and 7 requirement rows */

static struct tables_fixture fixture;
static struct pl_tables *const t = &fixture.t;

static int open_tables(void **state)
{
    (void)state;
    struct pl_model model = tables_counts(ROWS, 4, 2);
    model.multipliers = 3;
    tables_open(&fixture, &model, PL_PROFILE_FULL);
    tables_fill(&fixture);
    for (uint32_t i = 6; i < ROWS; i++) {
        struct pl_instrument r = { .kind = PL_RECORD_INSTRUMENT,
                                   .row = PL_ROW_KIND_REQUIREMENT,
                                   .index = i,
                                   .expiry = 3,
                                   .unit = pl_real_pack(pl_real_from_int(1)) };
        tables_take(&fixture, &r);
    }
    tables_ready(&fixture, 100);
    return 0;
}

static int close_tables(void **state)
{
    (void)state;
    tables_close(&fixture);
    return 0;
}

/* Two good accounts, then `bad`; the sweep must stop at bad[at] with both verdicts given. */
static void must_stop_at(const uint64_t *bad, size_t count, size_t at)
{
    uint64_t slots[64] = { slot_header(1, PL_MODE_PORTFOLIO, 0), slot_cash(5), slot_position(1, 3),
                           slot_header(2, PL_MODE_CROSS, 1), slot_cash(-7) };
    struct pl_sweep sweep;
    struct pl_verdict v;
    memcpy(&slots[5], bad, count * sizeof *bad);
    uint64_t *exact = malloc((5 + count) * sizeof *exact); /* so that a read past the end is seen */
    memcpy(exact, slots, (5 + count) * sizeof *exact);
    pl_sweep_start(&sweep, t, exact, 5 + count, 0);
    int got = 0, verdicts = 0;
    while ((got = pl_sweep_next(&sweep, &v)) == 1) {
        assert_true(v.account == (verdicts == 0 ? 1 : verdicts == 1 ? 2 : 9));
        assert_true(verdicts > 1 || v.equity == (verdicts == 0 ? 305 : -7));
        verdicts++;
    }
    assert_true(verdicts >= (pl_slot_tag(bad[0]) == PL_TAG_HEADER ? 2 : 1));
    assert_int_equal(sweep.summary.accounts, verdicts);
    assert_int_equal(sweep.summary.last_account, v.account);
    assert_int_equal(got, -PL_STATUS_MALFORMED_SLOT);
    assert_int_equal(sweep.next, 5 + at);
    assert_int_equal(sweep.summary.status, PL_STATUS_MALFORMED_SLOT);
    assert_int_equal(pl_sweep_next(&sweep, &v), -PL_STATUS_MALFORMED_SLOT);
    assert_int_equal(sweep.next, 5 + at);
    free(exact);
}

#define STOPS_AT(at, ...)                                                                          \
    do {                                                                                           \
        const uint64_t bad_[] = { __VA_ARGS__ };                                                   \
        must_stop_at(bad_, sizeof bad_ / sizeof bad_[0], at);                                      \
    } while (0)

#define HEADER slot_header(9, PL_MODE_PORTFOLIO, 0)
#define REQUIREMENT(row, lots) pl_slot_position(PL_TAG_REQUIREMENT, lots, row)

static void a_stream_starts_with_a_header(void **state)
{
    (void)state;
    const uint64_t firsts[] = { slot_cash(1),      slot_position(0, 1), slot_orders(1, 1),
                                REQUIREMENT(6, 1), UINT64_C(8) << 56,   UINT64_MAX };
    for (size_t i = 0; i < sizeof firsts / sizeof firsts[0]; i++) {
        uint64_t slots[] = { 0, firsts[i], slot_end() };
        struct pl_sweep sweep;
        struct pl_verdict v;
        pl_sweep_start(&sweep, t, slots, 3, 0);
        assert_int_equal(pl_sweep_next(&sweep, &v), -PL_STATUS_MALFORMED_SLOT);
        assert_int_equal(sweep.next, 1);
        assert_int_equal(sweep.summary.accounts, 0);
        assert_int_equal(sweep.summary.last_account, UINT32_MAX);
    }
}

static void unknown_tags_are_refused(void **state)
{
    (void)state;
    for (unsigned tag = PL_TAG_END + 1; tag < 256; tag++) {
        STOPS_AT(1, HEADER, (uint64_t)tag << 56, slot_end());
        STOPS_AT(2, HEADER, slot_position(0, 1), (uint64_t)tag << 56 | 1, slot_end());
    }
}

static void headers_have_a_known_mode_and_multiplier(void **state)
{
    (void)state;
    const uint8_t modes[] = { 0, PL_MODE_ISOLATED + 1, 255 };
    for (size_t i = 0; i < 3; i++)
        STOPS_AT(0, slot_header(9, modes[i], 0), slot_end());
    STOPS_AT(0, slot_header(9, PL_MODE_CROSS, 3), slot_end());
    STOPS_AT(0, slot_header(9, PL_MODE_CROSS, 65535), slot_end());
    STOPS_AT(2, slot_header(9, PL_MODE_ISOLATED, 2), slot_cash(1), slot_header(10, 0, 0),
             slot_end());
}

static void instruments_lie_in_the_table_and_increase(void **state)
{
    (void)state;
    STOPS_AT(1, HEADER, slot_position(ROWS, 1), slot_end());
    STOPS_AT(1, HEADER, slot_position(0xffffff, 1), slot_end());
    STOPS_AT(2, HEADER, slot_position(3, 1), slot_position(3, 1), slot_end());
    STOPS_AT(2, HEADER, slot_position(3, 1), slot_position(2, 1), slot_end());
    STOPS_AT(3, HEADER, slot_position(3, 1), 0, slot_position(3, 1), slot_end());
    STOPS_AT(4, HEADER, slot_position(3, 1), slot_orders(1, 0), slot_cash(4), slot_position(0, 1),
             slot_end());
    STOPS_AT(2, HEADER, REQUIREMENT(7, 1), REQUIREMENT(6, 1), slot_end());
}

static void requirement_slots_are_for_requirement_rows(void **state)
{
    (void)state;
    STOPS_AT(1, HEADER, REQUIREMENT(5, 1), slot_end());
    STOPS_AT(1, HEADER, slot_position(6, 1), slot_end());
    STOPS_AT(1, HEADER, REQUIREMENT(6, -1), slot_end());
    STOPS_AT(1, HEADER, REQUIREMENT(6, INT32_MIN), slot_end());
}

static void orders_follow_a_position_at_once(void **state)
{
    (void)state;
    STOPS_AT(1, HEADER, slot_orders(1, 1), slot_end());
    STOPS_AT(2, HEADER, slot_cash(1), slot_orders(1, 1), slot_end());
    STOPS_AT(3, HEADER, slot_position(1, 1), slot_cash(1), slot_orders(1, 1), slot_end());
    STOPS_AT(3, HEADER, slot_position(1, 1), slot_orders(1, 1), slot_orders(1, 1), slot_end());
    STOPS_AT(2, HEADER, REQUIREMENT(6, 1), slot_orders(1, 1), slot_end());
    STOPS_AT(3, HEADER, slot_position(1, 1), HEADER, slot_orders(0, 0), slot_end());
}

static void a_stream_ends_with_end(void **state)
{
    (void)state;
    STOPS_AT(1, HEADER);
    STOPS_AT(3, HEADER, slot_position(0, 1), slot_orders(1, 1));
    STOPS_AT(3, HEADER, 0, 0);
    STOPS_AT(2, 0, 0);
    struct pl_sweep sweep;
    struct pl_verdict v;
    pl_sweep_start(&sweep, t, NULL, 0, 0);
    assert_int_equal(pl_sweep_next(&sweep, &v), -PL_STATUS_MALFORMED_SLOT);
    assert_int_equal(sweep.next, 0);
}

static void padding_is_ignored_anywhere(void **state)
{
    (void)state;
    const uint64_t plain[] = { slot_header(1, PL_MODE_PORTFOLIO, 0),
                               slot_cash(5),
                               slot_position(1, -3),
                               slot_orders(2, 3),
                               slot_position(4, 8),
                               slot_header(2, PL_MODE_CROSS, 1),
                               slot_end() };
    uint64_t padded[64];
    uint64_t r = random_seed(4);
    struct pl_verdict v[2][2];
    for (uint64_t round = 0, rounds = random_rounds(200); round < rounds; round++) {
        size_t n = 0;
        for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
            for (uint64_t pads = random_below(&r, 5); pads > 0; pads--)
                padded[n++] = random_u64(&r) >> 8; /* any bits under the tag */
            padded[n++] = plain[i];
        }
        struct pl_sweep a, b;
        pl_sweep_start(&a, t, plain, sizeof plain / sizeof plain[0], 0);
        pl_sweep_start(&b, t, padded, n, 0);
        memset(v, 0, sizeof v);
        for (int i = 0; i < 2; i++) {
            assert_int_equal(pl_sweep_next(&a, &v[0][i]), 1);
            assert_int_equal(pl_sweep_next(&b, &v[1][i]), 1);
        }
        assert_int_equal(pl_sweep_next(&a, &v[0][0]), 0);
        assert_int_equal(pl_sweep_next(&b, &v[1][0]), 0);
        assert_memory_equal(v[0], v[1], sizeof v[0]);
        assert_int_equal(b.summary.slots, n);
    }
}

static void an_account_has_at_most_its_limit_of_slots(void **state)
{
    (void)state;
    size_t most = PL_ACCOUNT_SLOTS_MAX;
    uint64_t *slots = malloc((most + 2) * sizeof *slots);
    slots[0] = slot_header(7, PL_MODE_CROSS, 0);
    for (size_t i = 1; i <= most; i++)
        slots[i] = slot_cash(i % 2 ? 3 : -1);
    slots[most] = slot_end();
    struct pl_sweep sweep;
    struct pl_verdict v;
    pl_sweep_start(&sweep, t, slots, most + 1, 0);
    assert_int_equal(pl_sweep_next(&sweep, &v), 1); /* the header counts */
    assert_int_equal(v.equity, (int64_t)(most / 2) * 3 - (int64_t)(most / 2 - 1));
    assert_int_equal(pl_sweep_next(&sweep, &v), 0);
    slots[most] = slot_cash(1);
    slots[most + 1] = slot_end();
    pl_sweep_start(&sweep, t, slots, most + 2, 0);
    assert_int_equal(pl_sweep_next(&sweep, &v), -PL_STATUS_MALFORMED_SLOT);
    assert_int_equal(sweep.next, most);
    slots[1] = 0; /* padding is no slot of the account */
    pl_sweep_start(&sweep, t, slots, most + 2, 0);
    assert_int_equal(pl_sweep_next(&sweep, &v), 1);
    free(slots);
}

static void cash_adds_up_and_overflow_is_flagged(void **state)
{
    (void)state;
    const int64_t big = (INT64_C(1) << 55) - 1;
    uint64_t slots[] = { slot_header(7, PL_MODE_CROSS, 0),
                         pl_slot_cash(PL_TAG_CASH_HIGH, INT64_C(1) << 31),
                         slot_cash(-1),
                         slot_header(8, PL_MODE_CROSS, 0),
                         pl_slot_cash(PL_TAG_CASH_HIGH, INT64_C(1) << 31),
                         slot_header(9, PL_MODE_CROSS, 0),
                         pl_slot_cash(PL_TAG_CASH_HIGH, -big),
                         pl_slot_cash(PL_TAG_CASH_HIGH, big),
                         slot_cash(3),
                         slot_cash(4),
                         slot_header(10, PL_MODE_CROSS, 0),
                         pl_slot_cash(PL_TAG_CASH_HIGH, -big),
                         slot_end() };
    struct pl_sweep sweep;
    struct pl_verdict v;
    pl_sweep_start(&sweep, t, slots, sizeof slots / sizeof slots[0], 0);
    assert_int_equal(pl_sweep_next(&sweep, &v), 1);
    assert_true(v.equity == INT64_MAX && v.flags == 0 && v.state == PL_STATE_HEALTHY);
    assert_int_equal(pl_sweep_next(&sweep, &v), 1);
    assert_true(v.equity == INT64_MAX && v.flags == PL_FLAG_OVERFLOW &&
                v.state == PL_STATE_INDETERMINATE);
    assert_int_equal(pl_sweep_next(&sweep, &v), 1);
    assert_true(v.equity == 7 && v.flags == 0);
    assert_int_equal(pl_sweep_next(&sweep, &v), 1);
    assert_true(v.equity == INT64_MIN && v.flags == PL_FLAG_OVERFLOW &&
                v.state == PL_STATE_INDETERMINATE);
    assert_int_equal(pl_sweep_next(&sweep, &v), 0);
}

static void the_summary_counts_states_and_flagged_accounts(void **state)
{
    (void)state;
    uint64_t slots[] = { slot_header(1, PL_MODE_CROSS, 0),
                         slot_header(2, PL_MODE_CROSS, 0),
                         slot_cash(-1),
                         slot_header(3, PL_MODE_CROSS, 0),
                         slot_cash(1),
                         slot_end(),
                         slot_header(4, 1, 0) };
    for (uint8_t filter = 0; filter < 6; filter++) {
        struct pl_sweep sweep;
        struct pl_verdict v;
        pl_sweep_start(&sweep, t, slots, sizeof slots / sizeof slots[0], filter);
        for (int i = 0; i < 3; i++)
            assert_int_equal(pl_sweep_next(&sweep, &v), 1);
        assert_int_equal(pl_sweep_next(&sweep, &v), 0);
        assert_int_equal(pl_sweep_next(&sweep, &v), 0); /* again and again */
        assert_int_equal(sweep.summary.accounts, 3);
        assert_int_equal(sweep.summary.flagged, filter == 0                   ? 3
                                                : filter <= PL_STATE_BANKRUPT ? 1
                                                                              : 0);
        assert_int_equal(sweep.summary.by_state[PL_STATE_HEALTHY], 2);
        assert_int_equal(sweep.summary.by_state[PL_STATE_BANKRUPT], 1);
        assert_int_equal(sweep.summary.slots, 6);
        assert_int_equal(sweep.summary.last_account, 3);
        assert_int_equal(sweep.summary.tick, 1);
    }
}

static void nothing_is_swept_before_a_commit(void **state)
{
    (void)state;
    struct pl_class c = { .kind = PL_RECORD_CLASS };
    tables_take(&fixture, &c);
    uint64_t slots[] = { slot_header(1, PL_MODE_CROSS, 0), slot_end() }, detail;
    struct pl_sweep sweep;
    struct pl_verdict v;
    for (int loaded = 0; loaded < 2; loaded++) {
        pl_sweep_start(&sweep, t, slots, 2, 0);
        assert_int_equal(pl_sweep_next(&sweep, &v), -PL_STATUS_NOT_LOADED);
        assert_int_equal(pl_tables_finish(t, &detail), PL_STATUS_OK);
    }
}

static uint64_t random_slot(uint64_t *r)
{
    uint64_t any = random_u64(r);
    switch (random_below(r, 12)) {
    case 0: return any;
    case 1:
        return slot_header((uint32_t)any, (uint8_t)random_within(r, 1, 3),
                           (uint16_t)random_below(r, 3));
    case 2:
        return pl_slot_cash(random_once_in(r, 2) ? PL_TAG_CASH : PL_TAG_CASH_HIGH,
                            random_word(r, 54));
    case 3: return pl_slot_position(PL_TAG_REQUIREMENT, random_word(r, 31), random_within(r, 5, 8));
    case 4: return slot_orders(any & 0xfffffff, any >> 32 & 0xfffffff);
    case 5: return any >> 8;
    default:
        return slot_position((uint32_t)random_below(r, random_once_in(r, 20) ? 1 << 24 : ROWS),
                             random_word(r, 31));
    }
}

/* Rows with extreme words, any flags; random slots: no crash, no endless loop, and always a status.
 */
static void random_slots_never_crash(void **state)
{
    (void)state;
    uint64_t r = random_seed(5), verdicts = 0, stops = 0;
    struct pl_row kept[ROWS];
    memcpy(kept, t->rows, sizeof kept);
    for (uint64_t round = 0, rounds = random_rounds(20000); round < rounds; round++) {
        if (round % 100 == 0) {
            for (uint32_t i = 0; i < ROWS; i++) {
                int64_t *words = &t->rows[i].base;
                for (size_t w = 0; w < (sizeof kept[0] - offsetof(struct pl_row, base)) / 8; w++)
                    words[w] = random_word(&r, PL_ROW_BITS_FULL);
                t->rows[i].flags = random_once_in(&r, 3) ? (uint8_t)random_below(&r, 64) : 0;
                t->rows[i].is_asset = (uint8_t)(i < 2);
            }
        }
        size_t count = random_below(&r, 40);
        uint64_t *slots = malloc((count + 1) * sizeof *slots);
        for (size_t i = 0; i < count; i++)
            slots[i] = i == 0 || random_once_in(&r, 8)
                           ? slot_header((uint32_t)i, (uint8_t)random_within(&r, 1, 3), 1)
                           : random_slot(&r);
        bool ended = random_once_in(&r, 2) != 0;
        if (ended)
            slots[count] = slot_end();
        struct pl_sweep sweep;
        struct pl_verdict v;
        pl_sweep_start(&sweep, t, slots, count + ended, (uint8_t)random_below(&r, 6));
        int got;
        size_t steps = 0;
        while ((got = pl_sweep_next(&sweep, &v)) == 1) {
            assert_true(v.state <= PL_STATE_BANKRUPT && ++steps <= count);
            assert_true((v.flags & (PL_FLAG_OVERFLOW | PL_FLAG_SATURATED | PL_FLAG_DOMAIN)) == 0 ||
                        v.state == PL_STATE_INDETERMINATE);
            verdicts++;
        }
        assert_true(got == 0 || got == -PL_STATUS_MALFORMED_SLOT);
        assert_true(sweep.next < count + ended || (got < 0 && sweep.next == count + ended));
        stops += got < 0;
        free(slots);
    }
    memcpy(t->rows, kept, sizeof kept);
    print_message("%" PRIu64 " verdicts, %" PRIu64 " malformed streams\n", verdicts, stops);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_tables, close_tables)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_stream_starts_with_a_header),
        TEST(unknown_tags_are_refused),
        TEST(headers_have_a_known_mode_and_multiplier),
        TEST(instruments_lie_in_the_table_and_increase),
        TEST(requirement_slots_are_for_requirement_rows),
        TEST(orders_follow_a_position_at_once),
        TEST(a_stream_ends_with_end),
        TEST(padding_is_ignored_anywhere),
        TEST(an_account_has_at_most_its_limit_of_slots),
        TEST(cash_adds_up_and_overflow_is_flagged),
        TEST(the_summary_counts_states_and_flagged_accounts),
        TEST(nothing_is_swept_before_a_commit),
        TEST(random_slots_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
