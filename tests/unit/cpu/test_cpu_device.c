/* cpu: as a device: what its options take and refuse. */
#include "../support/random.h"

#include <errno.h>

#include "cpu/pool.h"
#include "dev/dev.h"

static int open_code(const char *options, char *message)
{
    struct pl_dev *dev;
    message[0] = '\0';
    int error = pl_dev_cpu_ops.open(options, &dev, message);
    if (error == 0)
        pl_dev_cpu_ops.close(dev);
    return error;
}

static void its_options_are_taken(void **state)
{
    (void)state;
    static const char *const good[] = {
        "",          "isa=plain",           "isa=auto",    "profile=small",
        "threads=1", "threads=1,isa=plain", "profile=full"
    };
    char message[PL_MESSAGE_BYTES];
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(open_code(good[i], message), 0);
}

static void bad_options_are_named(void **state)
{
    (void)state;
    static const char *const bad[] = { "threads=0",  "threads=",
                                       "threads=-1", "threads=99999",
                                       "threads=2x", "isa=sse",
                                       "isa",        "pin=-2",
                                       "pin=x",      "profile=tiny",
                                       "fast",       "isa=plain,",
                                       ",isa=plain", "threads=18446744073709551617" };
    char message[PL_MESSAGE_BYTES];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(open_code(bad[i], message), -EINVAL);
        assert_non_null(strstr(message, "use cpu: alone"));
    }
    assert_int_equal(open_code("pin=30000", message), -EINVAL);
    assert_non_null(strstr(message, "choose another pin"));
}

static void note_index(void *context, unsigned index)
{
    unsigned *seen = context;
    seen[index]++;
}

static void every_worker_works_once_a_round(void **state)
{
    (void)state;
    struct pl_cpu_pool *pool;
    unsigned seen[4] = { 0 };
    assert_int_equal(pl_cpu_pool_open(&pool, 4, -1), 0);
    for (unsigned n = 1; n <= 4; n++) {
        for (int i = 0; i < 100; i++)
            pl_cpu_pool_run(pool, n, note_index, seen);
    }
    pl_cpu_pool_close(pool);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(seen[i], 100 * (4 - i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_options_are_taken),
        cmocka_unit_test(bad_options_are_named),
        cmocka_unit_test(every_worker_works_once_a_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
