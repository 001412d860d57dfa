/* The accounts of a session: from the book's rows to what the library takes, and how they change.
 */
#ifndef PL_CLI_HOLDINGS_H
#define PL_CLI_HOLDINGS_H

#include "session.h"

/* Allocates for all accounts; -ENOMEM, or -EINVAL after saying what is wrong. */
int pl_holdings_open(struct pl_session *session);
void pl_holdings_close(struct pl_session *session);

/* Accounts as the book states them: rows of one instrument and entry price are one holding, orders
 * stand with the first holding of their instrument. */
void pl_holdings_reset(struct pl_session *session);

/* Adds to a position; one of nothing is taken away. -ENOMEM, or -ERANGE when the sum does not fit.
 */
int pl_holdings_add(struct pl_session *session, uint32_t account, uint32_t instrument,
                    int64_t steps, struct pl_decimal entry_price);
/* Takes one holding away; the others keep their order. */
void pl_holdings_remove(struct pl_session *session, uint32_t account, uint32_t index);

/* Adds to an account's cash. -ERANGE when the sum does not fit. */
int pl_holdings_add_cash(struct pl_session *session, uint32_t account, int64_t cash_e8);

#endif
