/* A list of proposed trades: a CSV with the columns account, symbol, quantity and price. */
#ifndef PL_CLI_TRADES_H
#define PL_CLI_TRADES_H

#include "session.h"

#define PL_TRADES_MAX 1000000

struct pl_trade {
    uint32_t account, instrument;
    uint32_t line;
    int64_t steps;
    struct pl_decimal price;
};

/* Reads and validates trades at the session's committed tick. Returns 0 or a negative errno after
 * saying, for each problem, file, line, column and rule. Free *out. */
int pl_trades_load(const struct pl_session *session, const char *path, struct pl_trade **out,
                   size_t *count);

/* Applies them to the session's accounts, in order. Returns 0 or a negative errno after saying why.
 */
int pl_trades_apply(struct pl_session *session, const char *path, const struct pl_trade *trades,
                    size_t count);

#endif
