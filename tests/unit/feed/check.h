/* cmocka with the headers that it wants before itself. */
#ifndef PL_TEST_FEED_CHECK_H
#define PL_TEST_FEED_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
