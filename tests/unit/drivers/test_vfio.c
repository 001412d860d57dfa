/* vfio-pci: the order of things, every system call failing in turn, what is said, addresses. */
#include "../support/random.h"

#include <errno.h>

#include "dev/card.h"
#include "fake_system.h"
#include "plimsoll.h"
#include "vfio/iova.h"
#include "vfio/vfio.h"

#define LARGE ((size_t)4 << 20)

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
    const struct pl_vfio_options options = { .address = FAKE_ADDRESS,
                                             .group = FAKE_GROUP,
                                             .register_bar = PL_BOARD_U55C_REGISTER_BAR,
                                             .window_bar = PL_BOARD_U55C_WINDOW_BAR,
                                             .interrupts = interrupts,
                                             .wait_ns = 1000000 };
    return pl_vfio_open(&options, &fake_calls, bus, message);
}

static void close_bus(const struct pl_bus *bus)
{
    fake.closing = true;
    bus->close(bus->context);
}

static void a_card_is_opened_lent_memory_and_closed_in_order(void **state)
{
    (void)state;
    struct pl_bus bus;
    uint64_t small_address, large_address;
    assert_int_equal(open_bus(&bus, true), 0);
    assert_false(fake_is_master());
    void *small = bus.allocate(bus.context, 100, PL_BUS_READ, &small_address);
    assert_non_null(small);
    assert_true(fake_is_master());
    void *large = bus.allocate(bus.context, LARGE, PL_BUS_WRITE, &large_address);
    assert_non_null(large);
    assert_int_equal(small_address % 4096, 0);
    assert_int_equal(large_address % (2 << 20), 0);
    bus.release(bus.context, small);
    assert_int_equal(fake.wrong, 0);
    close_bus(&bus);
    assert_false(fake_is_master());
    assert_int_equal(fake.resets, 1);
    assert_int_equal(fake.held_count, 0);
    assert_int_equal(fake.wrong, 0);
}

static void large_memory_lies_on_huge_pages_where_there_are_some(void **state)
{
    (void)state;
    struct pl_bus bus;
    uint64_t address;
    fake.has_huge_pages = true;
    assert_int_equal(open_bus(&bus, false), 0);
    assert_non_null(bus.allocate(bus.context, 4096, PL_BUS_READ, &address));
    assert_int_equal(fake.huge_mappings, 0);
    assert_non_null(bus.allocate(bus.context, LARGE + 1, PL_BUS_READ, &address));
    assert_int_equal(fake.huge_mappings, 1);
    assert_int_equal(fake.held[fake.held_count - 1].bytes, LARGE + (2 << 20));
    close_bus(&bus);
    assert_int_equal(fake.held_count, 0);
}

/* Opens, lends twice, takes back once, closes. */
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
    void *second = bus.allocate(bus.context, LARGE, PL_BUS_WRITE, &address);
    if (first == NULL || second == NULL) {
        assert_true(fake.failed);
        assert_string_not_equal(bus.refusal(bus.context, &code), "");
        assert_in_range(-code, 1, 255);
    }
    if (first != NULL)
        bus.release(bus.context, first);
    /* a card that cannot be stopped or reset is still cut off by the IOMMU */
    fake.closing = fake.failing == 0;
    bus.close(bus.context);
}

static void every_call_failing_in_turn_leaks_nothing_and_says_why(void **state)
{
    (void)state;
    uint64_t count;
    set_up(state);
    live();
    count = fake.calls;
    assert_true(count > 20);
    for (uint64_t n = 1; n <= count; n++) {
        set_up(state);
        fake.failing = n;
        fake.error = n % 2 == 0 ? EIO : ENOMEM;
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
    assert_int_equal(fake.wrong, 0);
    set_up(NULL);
}

static void path_refuses(const char *path, int open_error, int error, const char *words)
{
    fake.error_path = path;
    fake.open_error = open_error;
    refuses(error, words);
}

static void each_refusal_names_what_mends_it(void **state)
{
    (void)state;
    path_refuses("/vfio/vfio", ENOENT, -ENOPKG, "`modprobe vfio-pci`");
    path_refuses("/vfio/vfio", EACCES, -EACCES, "chmod");
    path_refuses("/17", EACCES, -EACCES, "sudo chown $USER /dev/vfio/17");
    path_refuses("/17", EBUSY, -EBUSY, "fuser -v /dev/vfio/17");
    path_refuses("/17", ENOENT, -ENOENT, "container must be given");
    fake.version = 7;
    refuses(-ENOSYS, "version 7");
    fake.has_type1 = false;
    refuses(-ENOPKG, "modprobe vfio_iommu_type1");
    fake.group_flags = 0;
    refuses(-EBUSY, "/sys/kernel/iommu_groups/17/devices");
    fake.set_iommu_error = EPERM;
    refuses(-EOPNOTSUPP, "allow_unsafe_interrupts=1");
    fake.set_iommu_error = ENODEV;
    refuses(-EOPNOTSUPP, "intel_iommu=on");
    fake.bar_bytes = 2048;
    refuses(-ERANGE, "BAR 0 has 2048 bytes, a card's has at least 4096");
    fake.bar_flags = 0;
    refuses(-ENOSYS, "does not let BAR 0 be mapped");
    fake.vectors = 1;
    refuses(-ENOSYS, "has 1 interrupts, not 3: leave irq=1 out");
}

static void a_limit_of_locked_memory_is_named(void **state)
{
    (void)state;
    struct pl_bus bus;
    uint64_t address;
    int code = 0;
    assert_int_equal(open_bus(&bus, false), 0);
    fake.map_error = ENOMEM;
    fake.memlock = 8 << 20;
    assert_null(bus.allocate(bus.context, LARGE, PL_BUS_READ, &address));
    assert_non_null(strstr(bus.refusal(bus.context, &code),
                           "4096 KiB more cannot be locked, RLIMIT_MEMLOCK is 8192 KiB: `ulimit -l "
                           "unlimited`"));
    assert_int_equal(code, -EDQUOT);
    assert_false(fake_is_master());
    close_bus(&bus);
    assert_int_equal(fake.held_count, 0);
}

static void drop_write(void *context, uint32_t offset, uint32_t value)
{
    (void)context;
    (void)offset;
    (void)value;
}

static void card_refuses(int error, const char *words)
{
    struct pl_bus bus;
    struct pl_dev *dev;
    const struct pl_card_options options = { .description = "fake" };
    assert_int_equal(open_bus(&bus, false), 0);
    bus.write32 = drop_write; /* its reset ends at once */
    assert_int_equal(pl_card_open(&bus, &options, &dev, message), error);
    if (strstr(message, words) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", words, message);
    assert_int_equal(fake.held_count, 0);
    assert_int_equal(fake.wrong, 0);
}

static void a_card_of_another_build_or_a_dead_one_is_closed_again(void **state)
{
    (void)state;
    memset(fake.registers, 0xFF, sizeof fake.registers);
    card_refuses(-PL_STATUS_LINK_DOWN, "all ones");
    set_up(NULL);
    card_refuses(-ENXIO, "no Plimsoll card");
    set_up(NULL);
    fake.registers[PL_REG_MAGIC / 4] = PL_MAGIC;
    fake.registers[PL_REG_CONTRACT_VERSION / 4] = PL_CONTRACT_VERSION;
    card_refuses(-PL_STATUS_CONTRACT, "use card and program of one build");
}

static void why_memory_was_refused_reaches_the_caller(void **state)
{
    (void)state;
    fake.registers[PL_REG_MAGIC / 4] = PL_MAGIC;
    fake.registers[PL_REG_CONTRACT_VERSION / 4] = PL_CONTRACT_VERSION;
    fake.registers[PL_REG_CONTRACT_HASH_LOW / 4] = (uint32_t)PL_CONTRACT_HASH;
    fake.registers[PL_REG_CONTRACT_HASH_HIGH / 4] = (uint32_t)(PL_CONTRACT_HASH >> 32);
    fake.registers[PL_REG_PROFILE / 4] = PL_PROFILE_FULL;
    fake.registers[PL_REG_STATUS / 4] = PL_CARD_CLEAN;
    fake.map_error = ENOMEM;
    fake.memlock = 65536;
    card_refuses(-EDQUOT, "no memory that the card can reach: 4 KiB more cannot be locked");
}

static void a_wait_by_interrupt_asks_again_and_clears(void **state)
{
    (void)state;
    struct pl_bus bus;
    assert_int_equal(open_bus(&bus, true), 0);
    bus.relax(bus.context);
    assert_int_equal(bus.read32(bus.context, PL_REG_IRQ_ENABLE), 7);
    assert_int_equal(bus.read32(bus.context, PL_REG_IRQ_PENDING), 0);
    fake.readable = true;
    bus.relax(bus.context);
    assert_int_equal(bus.read32(bus.context, PL_REG_IRQ_PENDING), 7);
    close_bus(&bus);
}

/* Asked for once in a while only: a call of the kernel is dear. */
static void a_kernel_that_wants_the_card_back_is_heard(void **state)
{
    (void)state;
    struct pl_bus bus;
    const char *trouble = NULL;
    assert_int_equal(open_bus(&bus, true), 0);
    fake.readable = true; /* an interrupt is no such wish */
    for (int i = 0; i < 5000; i++)
        assert_null(bus.trouble(bus.context));
    fake.wants_back = true;
    for (int i = 0; i < 5000 && trouble == NULL; i++)
        trouble = bus.trouble(bus.context);
    assert_non_null(trouble);
    assert_non_null(strstr(trouble, "wants the card back"));
    close_bus(&bus);
    assert_int_equal(fake.held_count, 0);
    assert_int_equal(fake.wrong, 0);
}

static void a_kernel_that_names_no_ranges_gets_low_addresses(void **state)
{
    (void)state;
    struct pl_bus bus;
    uint64_t address;
    fake.no_ranges = true;
    assert_int_equal(open_bus(&bus, false), 0);
    assert_non_null(bus.allocate(bus.context, 4096, PL_BUS_READ, &address));
    assert_in_range(address, 0x100000, 0xFEDFFFFF);
    close_bus(&bus);
}

#define SPACE_PAGES 256
#define PAGE UINT64_C(4096)

/* Against a plain map of pages: the lowest place, the gap kept, nothing outside the ranges. */
static void addresses_are_the_lowest_free_ones(void **state)
{
    (void)state;
    uint64_t seed = random_seed(11);
    struct pl_iova_space space = { .ranges = { { 16 * PAGE, 100 * PAGE - 1 },
                                               { 130 * PAGE, SPACE_PAGES * PAGE - 1 } },
                                   .range_count = 2 };
    struct pl_iova_block blocks[64];
    bool used[SPACE_PAGES], live_blocks[64] = { false };
    uint64_t taken = 0, refused = 0;
    for (uint64_t i = 0; i < SPACE_PAGES; i++)
        used[i] = i < 16 || (i >= 100 && i < 130);
    for (uint64_t round = 0; round < random_rounds(20000); round++) {
        uint64_t b = random_below(&seed, 64);
        if (live_blocks[b]) {
            pl_iova_give_back(&space, &blocks[b]);
            for (uint64_t i = 0; i <= blocks[b].bytes / PAGE; i++)
                used[blocks[b].address / PAGE + i] = false;
            live_blocks[b] = false;
            continue;
        }
        uint64_t pages = 1 + random_below(&seed, 12), step = UINT64_C(1) << random_below(&seed, 4);
        uint64_t wanted = 0;
        for (uint64_t at = 0; at + pages < SPACE_PAGES && wanted == 0; at += step) {
            bool is_free = true;
            for (uint64_t i = 0; i <= pages; i++)
                is_free = is_free && !used[at + i];
            wanted = is_free ? at : 0;
        }
        blocks[b].bytes = pages * PAGE;
        live_blocks[b] = pl_iova_take(&space, &blocks[b], step * PAGE);
        assert_int_equal(live_blocks[b], wanted != 0);
        if (live_blocks[b]) {
            assert_int_equal(blocks[b].address, wanted * PAGE);
            for (uint64_t i = 0; i <= pages; i++)
                used[wanted + i] = true;
        }
        taken += live_blocks[b];
        refused += !live_blocks[b];
    }
    assert_true(taken > 0 && refused > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_card_is_opened_lent_memory_and_closed_in_order, set_up),
        cmocka_unit_test_setup(large_memory_lies_on_huge_pages_where_there_are_some, set_up),
        cmocka_unit_test_setup(every_call_failing_in_turn_leaks_nothing_and_says_why, set_up),
        cmocka_unit_test_setup(each_refusal_names_what_mends_it, set_up),
        cmocka_unit_test_setup(a_limit_of_locked_memory_is_named, set_up),
        cmocka_unit_test_setup(a_card_of_another_build_or_a_dead_one_is_closed_again, set_up),
        cmocka_unit_test_setup(why_memory_was_refused_reaches_the_caller, set_up),
        cmocka_unit_test_setup(a_wait_by_interrupt_asks_again_and_clears, set_up),
        cmocka_unit_test_setup(a_kernel_that_wants_the_card_back_is_heard, set_up),
        cmocka_unit_test_setup(a_kernel_that_names_no_ranges_gets_low_addresses, set_up),
        cmocka_unit_test(addresses_are_the_lowest_free_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
