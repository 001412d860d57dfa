/* The driver plimsoll from user space: what is held and given back, every system call failing in
 * turn, what is said; and the stores of a line. */
#include "../support/random.h"

#include <errno.h>

#include "fake_system.h"
#include "linux/user/node.h"
#include "plimsoll.h"
#include "user/line_store.h"

static char message[PL_MESSAGE_BYTES];

static int set_up(void **state)
{
    (void)state;
    fake_system_start();
    message[0] = '\0';
    return 0;
}

static int open_bus(struct pl_bus *bus, bool interrupts)
{
    const struct pl_node_options options = { .address = FAKE_ADDRESS,
                                             .interrupts = interrupts,
                                             .wait_ns = 1000000 };
    return pl_node_open(&options, &fake_calls, bus, message);
}

static void memory_is_mapped_and_given_back(void **state)
{
    (void)state;
    struct pl_bus bus;
    uint64_t first_address, second_address;
    assert_int_equal(open_bus(&bus, false), 0);
    uint8_t *first = bus.allocate(bus.context, 5000, PL_BUS_READ, &first_address);
    uint8_t *second = bus.allocate(bus.context, 64, PL_BUS_WRITE, &second_address);
    assert_non_null(first);
    assert_non_null(second);
    assert_true(first_address != second_address);
    memset(first, 1, 5000);
    memset(second, 1, 64);
    size_t held = fake.held_count;
    bus.release(bus.context, first);
    assert_int_equal(fake.held_count, held - 2);
    bus.close(bus.context);
    assert_int_equal(fake.held_count, 0);
    assert_int_equal(fake.wrong, 0);
}

static void live(void)
{
    struct pl_bus bus;
    uint64_t address;
    int code, error = open_bus(&bus, true);
    if (error != 0) {
        assert_true(fake.failed);
        assert_in_range(-error, 1, 255);
        assert_string_not_equal(message, "");
        return;
    }
    void *first = bus.allocate(bus.context, 5000, PL_BUS_READ, &address);
    void *second = bus.allocate(bus.context, 1 << 20, PL_BUS_WRITE, &address);
    if (first == NULL || second == NULL) {
        assert_true(fake.failed);
        assert_string_not_equal(bus.refusal(bus.context, &code), "");
        assert_in_range(-code, 1, 255);
    }
    if (first != NULL)
        bus.release(bus.context, first);
    bus.close(bus.context);
}

static void every_call_of_the_node_failing_in_turn_leaks_nothing(void **state)
{
    (void)state;
    live();
    uint64_t count = fake.calls;
    assert_true(count > 8);
    for (uint64_t n = 1; n <= count; n++) {
        set_up(state);
        fake.failing = n;
        fake.error = EIO;
        live();
        if (!fake.failed || fake.held_count != 0 || fake.wrong != 0)
            fail_msg("call %" PRIu64 " (%s): %zu things held, %" PRIu64 " given back wrongly", n,
                     fake.failed ? fake.failed_call : "not reached", fake.held_count, fake.wrong);
    }
    print_message("%" PRIu64 " calls failed in turn\n", count);
}

static void refuses(int error, const char *words)
{
    struct pl_bus bus;
    assert_int_equal(open_bus(&bus, true), error);
    if (strstr(message, words) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", words, message);
    assert_int_equal(fake.held_count, 0);
    set_up(NULL);
}

static void path_refuses(int open_error, int error, const char *words)
{
    fake.error_path = "plimsoll";
    fake.open_error = open_error;
    refuses(error, words);
}

static void each_refusal_of_the_node_names_what_mends_it(void **state)
{
    (void)state;
    path_refuses(EBUSY, -EBUSY, "fuser -v /dev/plimsoll-" FAKE_ADDRESS);
    path_refuses(EACCES, -EACCES, "sudo chown $USER /dev/plimsoll-" FAKE_ADDRESS);
    path_refuses(ENOENT, -ENOENT, "container must be given");
    path_refuses(ENODEV, -ENODEV, "removed");
    path_refuses(ENOLINK, -PL_STATUS_LINK_DOWN, "all ones");
    path_refuses(EIO, -EIO, "dmesg | grep plimsoll");
    fake.interface = 9;
    refuses(-EPROTO, "the driver speaks interface 9, this program 1");
    fake.vectors = 0;
    refuses(-ENOSYS, "no interrupts: leave irq=1 out");
}

static void what_limits_the_drivers_memory_is_named(void **state)
{
    (void)state;
    struct pl_bus bus;
    uint64_t address;
    int code = 0;
    assert_int_equal(open_bus(&bus, false), 0);
    fake.map_error = ENOSPC;
    assert_null(bus.allocate(bus.context, 4096, PL_BUS_READ, &address));
    assert_non_null(strstr(bus.refusal(bus.context, &code), "buffer_limit_mib=N"));
    assert_int_equal(code, -EDQUOT);
    fake.map_error = ENODEV; /* unbound meanwhile */
    assert_null(bus.allocate(bus.context, 4096, PL_BUS_READ, &address));
    assert_non_null(strstr(bus.refusal(bus.context, &code), "wants the card back"));
    assert_int_equal(code, -ENODEV);
    bus.close(bus.context);
}

static void lines_of_the_window_arrive_whole_and_in_place(void **state)
{
    (void)state;
    struct pl_bus bus;
    uint8_t line[PL_LINE_BYTES];
    uint64_t seed = random_seed(3);
    assert_int_equal(open_bus(&bus, false), 0);
    if (pl_line_store_for(PL_LINE_WRITE_COMBINING) == NULL) {
        assert_null(bus.write_line);
    } else {
        for (uint32_t at = 0; at < PL_WINDOW_BYTES; at += PL_LINE_BYTES) {
            for (size_t i = 0; i < sizeof line; i++)
                line[i] = (uint8_t)random_u64(&seed);
            bus.write_line(bus.context, at, line);
            bus.flush(bus.context);
            assert_memory_equal(fake.window + at, line, sizeof line);
        }
    }
    bus.close(bus.context);
}

static void every_kind_of_store_writes_one_line_and_no_more(void **state)
{
    (void)state;
    pl_line_store *stores[PL_LINE_STORES_MAX];
    _Alignas(64) uint8_t memory[3 * PL_LINE_BYTES], wanted[3 * PL_LINE_BYTES];
    uint8_t line[PL_LINE_BYTES + 1];
    uint64_t seed = random_seed(4);
    int count = pl_line_stores(stores);
    for (int i = 0; i < count; i++) {
        memset(memory, 0, sizeof memory);
        memset(wanted, 0, sizeof wanted);
        for (size_t n = 0; n < sizeof line; n++)
            line[n] = (uint8_t)random_u64(&seed);
        stores[i](memory + PL_LINE_BYTES, line + 1); /* the source need not be aligned */
        pl_line_flush();
        memcpy(wanted + PL_LINE_BYTES, line + 1, PL_LINE_BYTES);
        assert_memory_equal(memory, wanted, sizeof memory);
    }
    print_message("%d kinds of stores on this processor\n", count);
}

static void a_window_that_is_too_small_is_left_alone(void **state)
{
    (void)state;
    struct pl_bus bus;
    fake.bar_bytes = 64;
    assert_int_equal(open_bus(&bus, false), 0);
    assert_null(bus.write_line);
    bus.close(bus.context);
    assert_int_equal(fake.held_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(memory_is_mapped_and_given_back, set_up),
        cmocka_unit_test_setup(every_call_of_the_node_failing_in_turn_leaks_nothing, set_up),
        cmocka_unit_test_setup(each_refusal_of_the_node_names_what_mends_it, set_up),
        cmocka_unit_test_setup(what_limits_the_drivers_memory_is_named, set_up),
        cmocka_unit_test_setup(lines_of_the_window_arrive_whole_and_in_place, set_up),
        cmocka_unit_test(every_kind_of_store_writes_one_line_and_no_more),
        cmocka_unit_test_setup(a_window_that_is_too_small_is_left_alone, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
