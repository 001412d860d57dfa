/* The walk of VT-d's tables, on tables laid by hand from the specification's figures, and on random
 * ones against a plain list of what they map. */
#include "../support/random.h"

#include "../../../sim/qemu/vtd.h"

#define MEMORY (UINT64_C(1) << 20)
#define ROOT UINT64_C(0x1000)
#define CONTEXT UINT64_C(0x2000)
#define TOP UINT64_C(0x3000)
#define REQUESTER 0x01a3 /* bus 1, device 20, function 3 */
#define READABLE UINT64_C(1)
#define WRITABLE UINT64_C(2)
#define BOTH (READABLE | WRITABLE)
#define LARGE UINT64_C(0x80)

static uint64_t words[MEMORY / 8];
static struct guest_memory memory;

static uint64_t *at(uint64_t gpa)
{
    return &words[gpa / 8];
}

/* Context entry: present, translating, its tables at TOP; `width` 1 for 3 levels. */
static int set_up(void **state)
{
    (void)state;
    memset(words, 0, sizeof words);
    memory = (struct guest_memory){ .regions = { { 0, MEMORY, (uint8_t *)words } }, .count = 1 };
    *at(ROOT + 16 * 1) = CONTEXT | 1;
    *at(CONTEXT + 16 * 0xa3) = TOP | 1;
    *at(CONTEXT + 16 * 0xa3 + 8) = 1 | 7 << 8;
    return 0;
}

static void expect(uint64_t address, enum vtd_access access, enum vtd_fault fault, uint64_t wanted)
{
    uint64_t gpa = 0;
    assert_int_equal(vtd_translate(&memory, ROOT, REQUESTER, address, access, &gpa), fault);
    if (fault == VTD_OK)
        assert_int_equal(gpa, wanted);
    assert_int_not_equal(strlen(vtd_fault_text(fault)), 0);
}

static void three_levels_lead_to_a_page(void **state)
{
    (void)state;
    /* 0x1_4060_5678: index 5, 3, 5 and offset 0x678 */
    const uint64_t address = UINT64_C(5) << 30 | UINT64_C(3) << 21 | UINT64_C(5) << 12 | 0x678;
    *at(TOP + 8 * 5) = 0x4000 | BOTH;
    *at(0x4000 + 8 * 3) = 0x5000 | BOTH;
    *at(0x5000 + 8 * 5) = 0x89000 | BOTH;
    expect(address, VTD_READ, VTD_OK, 0x89678);
    expect(address, VTD_WRITE, VTD_OK, 0x89678);
    expect(address + 4096, VTD_READ, VTD_NOT_READABLE, 0);
    expect(address + 4096, VTD_WRITE, VTD_NOT_WRITABLE, 0);
    *at(0x5000 + 8 * 5) = 0x89000 | READABLE;
    expect(address, VTD_READ, VTD_OK, 0x89678);
    expect(address, VTD_WRITE, VTD_NOT_WRITABLE, 0);
    *at(0x5000 + 8 * 5) = 0x89000 | WRITABLE;
    expect(address, VTD_READ, VTD_NOT_READABLE, 0);
    *at(0x5000 + 8 * 5) = 0x89000 | BOTH;
    *at(TOP + 8 * 5) = 0x4000 | READABLE; /* every level must allow it */
    expect(address, VTD_WRITE, VTD_NOT_WRITABLE, 0);
}

static void large_pages_end_the_walk(void **state)
{
    (void)state;
    *at(TOP + 8 * 1) = UINT64_C(0x80000000) | LARGE | BOTH;
    expect(UINT64_C(0x40000000) + 0x12345678, VTD_READ, VTD_OK, 0x80000000 + 0x12345678);
    *at(TOP) = 0x4000 | BOTH;
    *at(0x4000 + 8 * 2) = 0x600000 | LARGE | BOTH;
    expect(0x400000 + 0x12345, VTD_WRITE, VTD_OK, 0x612345);
}

static void four_and_five_levels(void **state)
{
    (void)state;
    *at(CONTEXT + 16 * 0xa3 + 8) = 2;
    *at(TOP + 8 * 511) = 0x4000 | BOTH;
    *at(0x4000 + 8 * 2) = UINT64_C(0x40000000) | LARGE | BOTH;
    expect((UINT64_C(511) << 39) + (UINT64_C(2) << 30) + 64, VTD_READ, VTD_OK, 0x40000040);
    expect(UINT64_C(1) << 48, VTD_READ, VTD_ADDRESS_TOO_WIDE, 0);
    *at(CONTEXT + 16 * 0xa3 + 8) = 3;
    *at(TOP + 8 * 1) = 0x5000 | LARGE | BOTH; /* no large page so high: the bit means nothing */
    *at(0x5000) = 0x6000 | BOTH;
    *at(0x6000) = UINT64_C(0x40000000) | LARGE | BOTH;
    expect((UINT64_C(1) << 48) + 64, VTD_READ, VTD_OK, 0x40000040);
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    uint64_t gpa;
    expect(UINT64_C(1) << 39, VTD_READ, VTD_ADDRESS_TOO_WIDE, 0);
    assert_int_equal(vtd_translate(&memory, MEMORY, REQUESTER, 0, VTD_READ, &gpa),
                     VTD_ROOT_TABLE_AT);
    assert_int_equal(vtd_translate(&memory, ROOT | 1 << 10, REQUESTER, 0, VTD_READ, &gpa),
                     VTD_ROOT_TABLE_AT);
    assert_int_equal(vtd_translate(&memory, ROOT, 0x02a3, 0, VTD_READ, &gpa), VTD_ROOT_NOT_PRESENT);
    assert_int_equal(vtd_translate(&memory, ROOT, 0x01a4, 0, VTD_READ, &gpa),
                     VTD_CONTEXT_NOT_PRESENT);
    *at(TOP) = MEMORY | BOTH;
    expect(0, VTD_READ, VTD_NEXT_TABLE, 0);
    *at(CONTEXT + 16 * 0xa3) = TOP | 1 | 1 << 2;
    expect(0, VTD_READ, VTD_CONTEXT_INVALID, 0);
    *at(CONTEXT + 16 * 0xa3) = TOP | 1 | 2 << 2; /* passes through */
    expect(0x123456789abc, VTD_WRITE, VTD_OK, 0x123456789abc);
    *at(CONTEXT + 16 * 0xa3) = TOP | 1;
    *at(CONTEXT + 16 * 0xa3 + 8) = 4;
    expect(0, VTD_READ, VTD_CONTEXT_INVALID, 0);
    *at(CONTEXT + 16 * 0xa3 + 8) = 0;
    expect(0, VTD_READ, VTD_CONTEXT_INVALID, 0);
    *at(ROOT + 16 * 1) = MEMORY | 1;
    expect(0, VTD_READ, VTD_CONTEXT_TABLE, 0);
}

#define PAGES 200

/* Maps random pages through tables allocated as needed; all of them and their neighbours. */
static void random_pages_are_found(void **state)
{
    (void)state;
    static uint64_t pages[PAGES], frames[PAGES];
    uint64_t random = random_seed(11), next = 0x4000;
    unsigned count = 0;
    while (count < PAGES && next + 2 * 4096 < MEMORY) {
        uint64_t page = random_below(&random, 4) << 18 | random_below(&random, 8) << 9 |
                        random_below(&random, 512);
        uint64_t table = TOP;
        for (unsigned shift = 18; shift > 0; shift -= 9) {
            uint64_t *entry = at(table + 8 * (page >> shift & 511));
            if (*entry == 0) {
                *entry = next | BOTH;
                next += 4096;
            }
            table = *entry & ~UINT64_C(0xfff);
        }
        uint64_t *leaf = at(table + 8 * (page & 511));
        if (*leaf != 0)
            continue;
        pages[count] = page;
        frames[count] = random_below(&random, UINT64_C(1) << 34);
        *leaf = frames[count++] << 12 | BOTH;
    }
    for (unsigned n = 0; n < count; n++) {
        uint64_t inside = random_below(&random, 4096), next_frame = 0;
        bool mapped = false;
        expect(pages[n] << 12 | inside, VTD_READ, VTD_OK, frames[n] << 12 | inside);
        for (unsigned m = 0; m < count; m++) {
            if (pages[m] == pages[n] + 1) {
                mapped = true;
                next_frame = frames[m];
            }
        }
        expect((pages[n] + 1) << 12, VTD_WRITE, mapped ? VTD_OK : VTD_NOT_WRITABLE,
               next_frame << 12);
    }
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(three_levels_lead_to_a_page), TEST(large_pages_end_the_walk),
        TEST(four_and_five_levels),        TEST(what_is_missing_is_named),
        TEST(random_pages_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
