/* What `plimsoll distance` says of each position (decide/closing_price.h). */
#ifndef PL_CLI_CLOSING_H
#define PL_CLI_CLOSING_H

#include "output.h"
#include "session.h"

/* Of the account's futures, perpetuals and coins that are settled in cash, at the prices of the
 * session; `whole` is its verdict. A position's requirement is what it has alone, at most the
 * account's: where positions hedge each other, prices are those without the hedge. 0 or a negative
 * errno after saying what is wrong. */
int pl_put_closing_prices(struct pl_session *session, uint32_t account,
                          const struct pl_verdict *whole, struct pl_output *out);

#endif
