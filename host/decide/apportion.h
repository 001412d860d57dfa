/* Whole units shared by weight, so that the largest share relative to its weight is as small as it
 * can be, nobody getting more than his limit:
 *
 *   minimise max given_k / weight_k,  sum of given = amount,  0 <= given_k <= limit_k
 *
 * and among the rest again, and so on (lexicographically). Without limits this is the method of
 * Jefferson (D'Hondt), which is known to minimise the largest ratio (Balinski and Young, Fair
 * Representation, 1982); with them it is that method by filling up to the same level, in O(n log
 * n). Exact: no division is rounded before it is decided who gets the last units. */
#ifndef PL_DECIDE_APPORTION_H
#define PL_DECIDE_APPORTION_H

#include <stdint.h>

struct pl_share {
    int64_t weight; /* > 0; others get nothing */
    int64_t limit;  /* > 0; others get nothing */
    int64_t given;
};

/* Returns what was given in all: `amount` (>= 0), or all limits where they are less. `order` is
 * room for `count` numbers. Ties go to the lowest index. */
int64_t pl_apportion(struct pl_share *shares, uint32_t count, int64_t amount, uint32_t *order);

#endif
