/* Stakes: who holds which option, and what a move of its vol alone costs him. */
#ifndef PL_GUARD_STAKES_H
#define PL_GUARD_STAKES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of one account in one option. */
struct pl_stake {
    uint32_t instrument;
    uint32_t place; /* in the option's list */
    uint64_t cost;  /* budget, Q.32, of a drift of 1 (gauges.h), rounded up */
};

struct pl_account_stakes {
    struct pl_stake *items; /* in the order of the account's slots */
    uint32_t count, capacity;
};

struct pl_holder {
    uint32_t account;
    uint32_t stake; /* among the account's */
};

struct pl_holder_list {
    struct pl_holder *items;
    uint32_t count, capacity;
};

struct pl_stakes {
    struct pl_holder_list *lists; /* by instrument */
    uint32_t instruments;
    struct pl_account_stakes *accounts;
    uint32_t account_count;
};

/* False: out of memory. Nobody holds anything. */
bool pl_stakes_open(struct pl_stakes *stakes, uint32_t accounts);
void pl_stakes_free(struct pl_stakes *stakes);

/* Of another table of instruments; nobody holds anything any more. False: out of memory. */
bool pl_stakes_start(struct pl_stakes *stakes, uint32_t instruments);

/* The account holds these options, and no others; what they cost is not known. False: out of
 * memory, and who holds what is not known any more. */
bool pl_stakes_set(struct pl_stakes *stakes, uint32_t account, const uint32_t *options,
                   uint32_t count);

#endif
