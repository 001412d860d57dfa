/* The sim: backend before there is a card: its options, and what it says when no library fits. */
#include "../support/random.h"

#include <errno.h>
#include <unistd.h>

#include "dev/card.h"

static const struct pl_dev_ops *const ops = &pl_dev_sim_ops;
static char message[PL_MESSAGE_BYTES];

static void refuses(const char *options, int error, const char *words)
{
    struct pl_dev *dev = NULL;
    message[0] = '\0';
    assert_int_equal(ops->open(options, &dev, message), error);
    assert_null(dev);
    if (strstr(message, words) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", words, message);
}

static void the_scheme_is_known(void **state)
{
    (void)state;
    const char *options;
    assert_ptr_equal(pl_dev_find("sim:lanes=2", &options), ops);
    assert_string_equal(options, "lanes=2");
}

static void malformed_options_are_named(void **state)
{
    (void)state;
    refuses("colour=red", -EINVAL, "has no option \"colour\"; it has profile, lanes");
    refuses("seed", -EINVAL, "has no option \"seed\"");
    refuses("seed=", -EINVAL, "seed=");
    refuses("seed=x", -EINVAL, "seed=x is not a number");
    refuses("seed=-1", -EINVAL, "is not a number");
    refuses("gen=4294967296", -EINVAL, "is not a number");
    refuses("lanes=0", -EINVAL, "1..8");
    refuses("lanes=9", -EINVAL, "1..8");
    refuses("profile=medium", -EINVAL, "neither full nor small");
    refuses("trace=", -EINVAL, "trace= is empty");
    refuses("fault=a-name-that-is-longer-than-any-fault-has", -EINVAL, "too long");
    refuses("lanes=2,,width=16,mode=1", -EINVAL, "\"mode\"");
}

static void a_missing_library_says_how_to_build_it(void **state)
{
    (void)state;
    setenv("PLIMSOLL_SIM_PATH", "/nonexistent", 1);
    refuses("profile=small,lanes=7", -ENODEV, "make build/lib/libplimsoll-card-small-7.so");
    refuses("lanes=7,trace=x.fst", -ENODEV, "libplimsoll-card-full-7-trace.so");
    refuses("library=/nonexistent/card.so", -ENODEV, "/nonexistent/card.so");
    refuses("library=/nonexistent/card.so", -ENODEV, "`make sim`");
}

static void a_library_of_something_else_is_refused(void **state)
{
    (void)state;
    refuses("library=libm.so.6", -PL_STATUS_CONTRACT, "is no simulated card");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scheme_is_known),
        cmocka_unit_test(malformed_options_are_named),
        cmocka_unit_test(a_missing_library_says_how_to_build_it),
        cmocka_unit_test(a_library_of_something_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
