/* What an entry of a journal can be. Kinds are grouped by hundreds; a payload is a fixed
 * little-endian record of its kind, described in docs/journal.md:
 *
 *   inputs            records.h: what the library was given; venue_records.h: what the venue was
 *   verdicts          struct pl_verdict of the contract, all of its bytes
 *   actions           PL_ENTRY_ACTION + the number of the action's kind, 0 to 99; of a venue its
 *                     struct pl_venue_action
 *   acknowledgements  the sequence number of the action, 8 bytes */
#ifndef PL_JOURNAL_KINDS_H
#define PL_JOURNAL_KINDS_H

#include <stdbool.h>
#include <stdint.h>

enum pl_entry_kind {
    PL_ENTRY_LOAD = 101,   /* model, instruments, multipliers */
    PL_ENTRY_COMMIT = 102, /* prices that were set, and the tick's time */
    PL_ENTRY_SUBMIT = 103, /* accounts */
    PL_ENTRY_NAMES = 104,  /* of accounts; for readers */
    PL_ENTRY_VENUE = 105,  /* rules and set-up of the venue that decides */
    PL_ENTRY_GIVEN = 106,  /* what the venue was given */
    PL_ENTRY_INPUT_LAST = PL_ENTRY_GIVEN,
    PL_ENTRY_VERDICT = 201,
    PL_ENTRY_ACTION = 300, /* the first of 100 */
    PL_ENTRY_ACKNOWLEDGED = 401,
};

#define PL_ENTRY_ACTION_KINDS 100

static inline bool pl_entry_is_action(uint32_t kind)
{
    return kind >= PL_ENTRY_ACTION && kind < PL_ENTRY_ACTION + PL_ENTRY_ACTION_KINDS;
}

/* "verdict"; "action" for all actions; "?" for what this program does not know. */
const char *pl_entry_kind_name(uint32_t kind);

/* The range of kinds that a name stands for: a kind's, or "input". False: no such name. */
bool pl_entry_kind_find(const char *name, uint32_t *low, uint32_t *high);

#endif
