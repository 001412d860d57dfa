/* The rings: identity, phases, wrapping, full rings, every way in which a card can die. */
#include "../support/random.h"

#include <errno.h>

#include "fake_card.h"
#include "ring/ring.h"

static struct fake_card fake;
static struct pl_ring ring;
static char message[PL_MESSAGE_BYTES];

static int open_ring(uint32_t entries)
{
    struct pl_bus bus = fake_bus(&fake);
    return pl_ring_open(&ring, &bus, entries, message);
}

static int set_up(void **state)
{
    (void)state;
    fake_start(&fake, PL_PROFILE_FULL, random_seed(5));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fake_end(&fake);
    return 0;
}

static const struct pl_submission nop = { .op = PL_OP_NOP };

/* Submits one and waits for it. */
static int turn(struct pl_completion *completion)
{
    struct pl_ring_wait wait;
    int error = pl_ring_submit(&ring, &nop);
    pl_ring_wait_start(&ring, &wait, 0);
    while (error == 0) {
        int got = pl_ring_poll(&ring, completion);
        if (got != 0)
            return got < 0 ? got : 0;
        error = pl_ring_wait(&ring, &wait);
    }
    return error;
}

static void open_refuses(int error, const char *words)
{
    assert_int_equal(open_ring(4), error);
    assert_non_null(strstr(message, words));
    assert_true(fake.closed);
}

static void open_refuses_what_is_no_card(void **state)
{
    (void)state;
    fake.magic = 7;
    open_refuses(-ENXIO, "no Plimsoll card");
}

static void open_refuses_a_dead_link(void **state)
{
    (void)state;
    fake.down = true;
    open_refuses(-PL_STATUS_LINK_DOWN, "all ones");
}

static void open_refuses_another_version(void **state)
{
    (void)state;
    fake.version++;
    open_refuses(-PL_STATUS_CONTRACT, "contract");
}

static void open_refuses_another_hash(void **state)
{
    (void)state;
    fake.hash ^= UINT64_C(1) << random_below(&fake.random, 64);
    open_refuses(-PL_STATUS_CONTRACT, "use card and program of one build");
}

static void open_refuses_an_unknown_profile(void **state)
{
    (void)state;
    fake.profile = 3;
    open_refuses(-PL_STATUS_CONTRACT, "profile");
}

static void open_refuses_a_card_that_cannot_be_reset(void **state)
{
    (void)state;
    fake.reset = FAKE_RESET_HANGS;
    open_refuses(-PL_STATUS_TIMEOUT, "reset");
}

static void open_refuses_a_card_with_a_lost_transfer(void **state)
{
    (void)state;
    fake.reset = FAKE_RESET_NEEDS_FLR;
    open_refuses(-PL_STATUS_TIMEOUT, "never ended");
}

static void rings_wrap_with_their_phases(void **state)
{
    (void)state;
    for (uint32_t entries = 1; entries <= 64; entries *= 4) {
        fake.closed = false;
        assert_int_equal(open_ring(entries), 0);
        uint32_t submitted = 0, completed = 0;
        struct pl_completion c;
        for (uint64_t n = random_rounds(3000); n > 0; n--) {
            if (random_once_in(&fake.random, 2)) {
                int error = pl_ring_submit(&ring, &nop);
                bool full = submitted - completed == entries;
                assert_int_equal(error, full ? -EAGAIN : 0);
                submitted += !full;
            } else if (pl_ring_poll(&ring, &c) == 1) {
                assert_int_equal(c.serial << 1 >> 1, completed);
                assert_int_equal(c.status, PL_STATUS_OK);
                completed++;
            }
            if (random_once_in(&fake.random, 2))
                ring.bus.relax(ring.bus.context);
            assert_null(fake.trouble);
        }
        assert_true(completed > 4 * entries);
        pl_ring_close(&ring);
        assert_int_equal(fake_allocated(&fake), 0);
    }
}

static void totals_wrap_modulo_two_to_the_32(void **state)
{
    (void)state;
    assert_int_equal(open_ring(4), 0);
    uint32_t start = UINT32_MAX - 9; /* a multiple of the ring, less 6 */
    ring.submitted = ring.completed = start;
    fake.fetched = fake.doorbell = fake.completed = fake.consumed = start;
    struct pl_completion *entries = ring.completions.memory;
    for (uint32_t i = 0; i < 4; i++) /* as the round before left them */
        entries[i].serial =
            (start / 4 % 2 == 0 ? 0 : UINT32_C(1) << 31) ^ (i < start % 4 ? UINT32_C(1) << 31 : 0);
    struct pl_completion c;
    for (int i = 0; i < 40; i++)
        assert_int_equal(turn(&c), 0);
    assert_null(fake.trouble);
    assert_int_equal(ring.completed, 30);
    pl_ring_close(&ring);
}

static void a_reset_brings_a_hanging_card_back(void **state)
{
    (void)state;
    struct pl_completion c;
    fake.failure = FAKE_HANG;
    fake.failing = 3;
    assert_int_equal(open_ring(4), 0);
    assert_int_equal(turn(&c), 0);
    assert_int_equal(turn(&c), 0);
    uint64_t before = fake.time_ns;
    assert_int_equal(turn(&c), -PL_STATUS_TIMEOUT);
    assert_true(fake.time_ns - before >= FAKE_WAIT_NS && fake.time_ns - before < 2 * FAKE_WAIT_NS);
    assert_int_equal(pl_ring_reset(&ring), 0);
    assert_int_equal(pl_ring_submit(&ring, &nop), -PL_STATUS_RESET);
    assert_int_equal(pl_ring_poll(&ring, &c), 0);
    assert_int_equal(pl_ring_start(&ring), 0);
    for (int i = 0; i < 20; i++)
        assert_int_equal(turn(&c), 0);
    pl_ring_close(&ring);
    assert_null(fake.trouble);
}

static void register_error_ends_a_wait_early(void **state)
{
    (void)state;
    struct pl_completion c;
    fake.failure = FAKE_ERROR;
    fake.failing = 1;
    fake.status = PL_STATUS_BUS_ERROR;
    assert_int_equal(open_ring(4), 0);
    assert_int_equal(turn(&c), -PL_STATUS_BUS_ERROR);
    assert_true(fake.time_ns < FAKE_WAIT_NS);
    assert_non_null(strstr(ring.message, "the bus answered with an error"));
    pl_ring_close(&ring);
}

static void a_reset_by_somebody_else_is_told(void **state)
{
    (void)state;
    struct pl_completion c;
    fake.failure = FAKE_OTHERS;
    fake.failing = 2;
    assert_int_equal(open_ring(4), 0);
    assert_int_equal(turn(&c), 0);
    assert_int_equal(turn(&c), -PL_STATUS_RESET);
    assert_true(fake.time_ns < FAKE_WAIT_NS);
    assert_non_null(strstr(ring.message, "not by this program"));
    assert_int_equal(pl_ring_reset(&ring), 0);
    assert_int_equal(pl_ring_start(&ring), 0);
    assert_int_equal(turn(&c), 0);
    pl_ring_close(&ring);
}

/* ERROR stays set after a failure that a completion told: later operations are not its victims. */
static void a_told_error_fails_nothing_else(void **state)
{
    (void)state;
    struct pl_completion c;
    assert_int_equal(open_ring(4), 0);
    for (int i = 0; i < 20; i++) {
        fake.failure = FAKE_STATUS;
        fake.status = PL_STATUS_MALFORMED_SLOT;
        fake.failing = fake.taken + 1;
        assert_int_equal(turn(&c), 0);
        assert_int_equal(c.status, PL_STATUS_MALFORMED_SLOT);
    }
    assert_int_equal(fake.error, PL_STATUS_MALFORMED_SLOT);
    struct pl_ring_wait wait;
    assert_int_equal(pl_ring_submit(&ring, &nop), 0);
    fake.hanging = true; /* for long, but not for ever */
    pl_ring_wait_start(&ring, &wait, 0);
    for (int i = 0; i < 3000; i++) {
        assert_int_equal(pl_ring_poll(&ring, &c), 0);
        assert_int_equal(pl_ring_wait(&ring, &wait), 0);
    }
    fake.hanging = false;
    int got = 0;
    while (got == 0 && pl_ring_wait(&ring, &wait) == 0)
        got = pl_ring_poll(&ring, &c);
    assert_int_equal(got, 1);
    pl_ring_close(&ring);
}

static void a_dead_link_is_told_and_keeps_the_memory(void **state)
{
    (void)state;
    struct pl_completion c;
    struct pl_dma dma;
    fake.failure = FAKE_DOWN;
    fake.failing = 2;
    assert_int_equal(open_ring(4), 0);
    assert_int_equal(pl_ring_allocate(&ring, 10000, PL_BUS_READ, &dma), 0);
    assert_int_equal(dma.address % 4096, 0);
    assert_int_equal(turn(&c), 0);
    assert_int_equal(turn(&c), -PL_STATUS_LINK_DOWN);
    assert_int_equal(pl_ring_reset(&ring), -PL_STATUS_LINK_DOWN);
    assert_non_null(strstr(ring.message, "kept"));
    assert_int_equal(pl_ring_submit(&ring, &nop), -PL_STATUS_LINK_DOWN);
    assert_int_equal(pl_ring_start(&ring), -PL_STATUS_LINK_DOWN);
    size_t before = fake_allocated(&fake);
    pl_ring_release(&ring, &dma);
    assert_int_equal(fake_allocated(&fake), before);
    assert_int_equal(ring.quarantined, 10000);
    pl_ring_close(&ring); /* frees it, after the bus has cut the card off */
    assert_int_equal(fake_allocated(&fake), 0);
}

static void a_lost_transfer_keeps_the_memory(void **state)
{
    (void)state;
    struct pl_completion c;
    struct pl_dma dma;
    fake.failure = FAKE_HANG;
    fake.failing = 1;
    assert_int_equal(open_ring(4), 0);
    assert_int_equal(pl_ring_allocate(&ring, 64, PL_BUS_READ, &dma), 0);
    assert_int_equal(turn(&c), -PL_STATUS_TIMEOUT);
    fake.reset = FAKE_RESET_NEEDS_FLR;
    assert_int_equal(pl_ring_reset(&ring), -PL_STATUS_TIMEOUT);
    pl_ring_release(&ring, &dma);
    assert_int_equal(ring.quarantined, 64);
    pl_ring_close(&ring);
}

static void a_wrong_serial_is_noticed(void **state)
{
    (void)state;
    struct pl_completion c;
    fake.failure = FAKE_SERIAL;
    fake.failing = 6;
    assert_int_equal(open_ring(4), 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(turn(&c), 0);
    assert_int_equal(turn(&c), -EPROTO);
    assert_int_equal(pl_ring_reset(&ring), 0);
    pl_ring_close(&ring);
}

static void trouble_on_the_bus_is_told(void **state)
{
    (void)state;
    struct pl_completion c;
    fake.failure = FAKE_TROUBLE;
    fake.failing = 2;
    assert_int_equal(open_ring(4), 0);
    assert_int_equal(turn(&c), 0);
    assert_int_equal(turn(&c), -PL_STATUS_BUS_ERROR);
    assert_non_null(strstr(ring.message, "a line in the wrong place"));
    pl_ring_close(&ring);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(open_refuses_what_is_no_card),
        TEST(open_refuses_a_dead_link),
        TEST(open_refuses_another_version),
        TEST(open_refuses_another_hash),
        TEST(open_refuses_an_unknown_profile),
        TEST(open_refuses_a_card_that_cannot_be_reset),
        TEST(open_refuses_a_card_with_a_lost_transfer),
        TEST(rings_wrap_with_their_phases),
        TEST(totals_wrap_modulo_two_to_the_32),
        TEST(a_reset_brings_a_hanging_card_back),
        TEST(a_reset_by_somebody_else_is_told),
        TEST(register_error_ends_a_wait_early),
        TEST(a_told_error_fails_nothing_else),
        TEST(a_dead_link_is_told_and_keeps_the_memory),
        TEST(a_lost_transfer_keeps_the_memory),
        TEST(a_wrong_serial_is_noticed),
        TEST(trouble_on_the_bus_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
