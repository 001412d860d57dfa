/* The exit status of a device that cannot be opened. */
#include "../support/random.h"

#include <errno.h>

#include "session.h"

/* As the man page has them. */
static void every_refusal_has_a_status_of_its_own(void **state)
{
    (void)state;
    static const struct {
        int error, status;
    } refusals[] = {
        { -ENODEV, 10 },     { -ENXIO, 11 },
        { -EUNATCH, 12 },    { -ENOPKG, 12 },
        { -EACCES, 13 },     { -EBUSY, 14 },
        { -EOPNOTSUPP, 15 }, { -ERANGE, 16 },
        { -EPROTO, 17 },     { -PL_STATUS_CONTRACT, 17 },
        { -EDQUOT, 19 },     { -PL_STATUS_LINK_DOWN, 18 },
    };
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        assert_int_equal(pl_exit_of_opening(refusals[i].error), refusals[i].status);
}

static void what_is_no_refusal_is_an_error(void **state)
{
    (void)state;
    static const int errors[] = { -EINVAL, -ENOMEM, -EIO, -ENOSYS, -PL_STATUS_TIMEOUT };
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        assert_int_equal(pl_exit_of_opening(errors[i]), PL_EXIT_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refusal_has_a_status_of_its_own),
        cmocka_unit_test(what_is_no_refusal_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
