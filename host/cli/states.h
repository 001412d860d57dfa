/* What several commands say about verdicts: the header, the states, the exit status. */
#ifndef PL_CLI_STATES_H
#define PL_CLI_STATES_H

#include "session.h"

#define PL_STATES (PL_STATE_BANKRUPT + 1)

/* Book, model, device, and the committed tick. */
void pl_output_session(struct pl_output *output, const struct pl_session *session, bool with_tick);

/* Table: what a device with counters says of its work. */
void pl_output_device(struct pl_output *output, const struct pl_session *session);

/* The number of accounts in each state; `after` (may be NULL) is a second column. */
void pl_output_states(struct pl_output *output, const uint64_t states[PL_STATES],
                      const uint64_t *after);

/* One cell: the name of a state, as a word in JSON and CSV ("margin_call"). */
void pl_listing_state(struct pl_listing *listing, uint8_t state);
/* The same as a fact, "state". */
void pl_output_state(struct pl_output *output, uint8_t state);

enum pl_exit pl_exit_of(const uint64_t states[PL_STATES]);

/* Requirements of a verdict: equity - excess. */
pl_i128 pl_maintenance_requirement(const struct pl_verdict *verdict);
pl_i128 pl_initial_requirement(const struct pl_verdict *verdict);

#define PL_FNV1A_START UINT64_C(0xcbf29ce484222325)
uint64_t pl_fnv1a(uint64_t hash, const void *bytes, size_t count);

/* Verdicts of all accounts, or NULL after saying why. */
struct pl_verdict *pl_verdicts_alloc(const struct pl_session *session);

#endif
