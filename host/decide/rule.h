/* Governed limits: a parameter outside its limits is refused with its name and the limits. */
#ifndef PL_DECIDE_RULE_H
#define PL_DECIDE_RULE_H

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#define PL_RULE_MESSAGE_BYTES 200

/* A Q.40 number of so many millionths, 0 .. 500 million, to the nearest. */
#define PL_Q40_MILLIONTHS(n) (((INT64_C(1) << 34) * (n) + 7812) / 15625)

#define PL_SECOND_US INT64_C(1000000)
#define PL_MINUTE_US (60 * PL_SECOND_US)
#define PL_HOUR_US (60 * PL_MINUTE_US)
#define PL_DAY_US (24 * PL_HOUR_US)
#define PL_TIME_MAX_US (INT64_C(1) << 60) /* 36,000 years */

/* 0, or -EINVAL and "FIELD is VALUE: must be from LOW to HIGH" in `message`, of
 * PL_RULE_MESSAGE_BYTES. Fields are named "part.field"; by the name's end numbers are told as
 * people read them: _us in seconds, _q40 and _e8 plainly. */
int pl_rule_within(const char *field, int64_t value, int64_t low, int64_t high, char *message);

#endif
