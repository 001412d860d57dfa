/* Memory of the rows that sweeps read: aligned as vectors and huge pages want it, usable to its
 * last byte whether the system gives huge pages or not, and none where there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cpu/packed.h"

#define PAGE ((size_t)PL_CPU_HUGE_PAGE_BYTES)

/* Under the address sanitizer, too, memory that there is not is NULL. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void check(size_t bytes, size_t alignment)
{
    uint8_t *rows = (uint8_t *)pl_cpu_rows_take(bytes);
    assert_non_null(rows);
    assert_int_equal((uintptr_t)rows % alignment, 0);
    memset(rows, 0xa5, bytes);
    assert_int_equal(rows[0], 0xa5);
    assert_int_equal(rows[bytes - 1], 0xa5);
    free(rows);
}

static void rows_are_aligned_by_their_size(void **state)
{
    (void)state;
    check(64, 64);
    check(PAGE - 64, 64);
    check(PAGE, PAGE);
    check(PAGE + 64, PAGE);
    check(3 * PAGE - 64, PAGE);
}

static void rows_that_no_memory_holds_are_refused(void **state)
{
    (void)state;
    assert_null(pl_cpu_rows_take((size_t)1 << 60));
    assert_null(pl_cpu_rows_take(SIZE_MAX - 63)); /* a page more would be 0 bytes */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_aligned_by_their_size),
        cmocka_unit_test(rows_that_no_memory_holds_are_refused),
    };
    return cmocka_run_group_tests_name("huge pages", tests, NULL, NULL);
}
