/* The risk budget: which accounts cannot have changed their state since they were judged last.
 *
 * A guard is told the records of each load and tick that a device is told, and after an account was
 * judged, its slots and its verdict. From these alone, without pricing, it bounds what moves of
 * prices, vols and time can take of the account's excess (docs/decisions/0010-risk-budget.md), and
 * keeps for each gauge the limits up to which all is well. After a tick it names the accounts that
 * are due: only those may have changed their state.
 *
 * No floating point, no I/O; memory grows with the accounts' bands and is kept. Not thread-safe. */
#ifndef PL_GUARD_GUARD_H
#define PL_GUARD_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pl_abi.h"

struct pl_guard;

/* Accounts are numbered 0..accounts-1; all are due. One that was judged to be at or above `filter`,
 * a PL_STATE_*, is due again at every tick that moves its figures: they are wanted. NULL: out of
 * memory. */
struct pl_guard *pl_guard_open(uint32_t accounts, uint8_t filter);
void pl_guard_close(struct pl_guard *guard);

/* Takes the records of a load, of the profile of the device: every account is due, unless nothing
 * but units is new. Returns 0,
 * -ENOMEM, or -EINVAL for records that no device would take; after an error every account is due
 * until the next load. */
int pl_guard_load(struct pl_guard *guard, const struct pl_line *records, size_t count,
                  uint8_t profile);

/* Takes the records of a tick, COMMIT included, and finds the accounts that are due. */
int pl_guard_tick(struct pl_guard *guard, const struct pl_line *records, size_t count);

/* The accounts that are due on the tick taken last, in no order; they stay due until judged. */
size_t pl_guard_due(const struct pl_guard *guard, const uint32_t **accounts);

/* Whether pl_guard_judged() needs the slots: not of an account that cannot have a budget now, and
 * has not been forgotten since they were told. */
bool pl_guard_wants_slots(const struct pl_guard *guard, uint32_t account,
                          const struct pl_verdict *verdict);

/* An account was judged on the tick taken last: `slots` from its header up to the next one, NULL
 * where they are not wanted. It has a budget of its own from here on, or is due again as soon as
 * what it holds may have moved. */
void pl_guard_judged(struct pl_guard *guard, uint32_t account, const uint64_t *slots, size_t count,
                     const struct pl_verdict *verdict);

/* An account's positions have changed, or something else that the guard is not told: it is due. */
void pl_guard_forget(struct pl_guard *guard, uint32_t account);

/* What is left of an account's budget, as the move of all prices at once, Q.40, that its state
 * certainly outlasts where it is no more than a quarter; 0 for an account that is due; INT64_MAX
 * where no price matters. */
int64_t pl_guard_room(const struct pl_guard *guard, uint32_t account);

#endif
