/* The cheapest way to cover some needs: minimise the cost of x, 0 <= x <= 1, where every need k is
 * covered, the sum of relief_k x at least need_k. Needs are added one after the other; each time
 * the solution is repaired from the last one (dual simplex with bounds). Whole numbers of 2^-40, no
 * floating point: the same pivots everywhere. The answer is exact but for roundings of that size;
 * who needs more checks it. */
#ifndef PL_DECIDE_COVER_H
#define PL_DECIDE_COVER_H

#include <stdbool.h>
#include <stdint.h>

#define PL_COVER_COLUMNS_MAX 1537
#define PL_COVER_ROWS_MAX 12
#define PL_COVER_PIVOTS_MAX 400 /* of one need */

struct pl_cover {
    uint32_t columns, rows;
    int bits;                                /* of the largest relief: what counts as 1 */
    int64_t cost[PL_COVER_COLUMNS_MAX];      /* reduced, >= 0 */
    uint32_t variable[PL_COVER_COLUMNS_MAX]; /* that is not in the basis, by column */
    uint32_t basic[PL_COVER_ROWS_MAX];
    int64_t value[PL_COVER_ROWS_MAX]; /* of the basic variable while all others are 0 */
    int64_t cell[PL_COVER_ROWS_MAX][PL_COVER_COLUMNS_MAX];
    bool turned[PL_COVER_COLUMNS_MAX]; /* x stands for 1 - x */
};

/* Starts with costs (money, >= 0) and no need. */
void pl_cover_start(struct pl_cover *cover, const int64_t *costs, uint32_t columns);

/* Adds a need and solves. False: it cannot be covered, or the limits of rows, pivots or numbers
 * are reached: the solution is void. */
bool pl_cover_need(struct pl_cover *cover, const int64_t *reliefs, int64_t need);

/* Of a column: 0 .. 2^40. */
int64_t pl_cover_share_q40(const struct pl_cover *cover, uint32_t column);

#endif
