/* A simulation that journals, with somebody who receives its actions and remembers them; and what a
 * journal holds, to be compared. */
#ifndef PL_TEST_ACTING_RUN_H
#define PL_TEST_ACTING_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "simulate.h"

#define MAILBOX_ENTRIES 65536

/* What arrived, by the entry's number; without pointers, so that it may lie in memory shared with a
 * process that is killed. */
struct mailbox {
    uint64_t arrived;
    struct letter {
        uint32_t kind;
        uint8_t unmarked, marked; /* how often */
        uint8_t payload[sizeof(struct pl_venue_action)];
    } letters[MAILBOX_ENTRIES];
    char problem[256]; /* what must not be; "" */
};

struct acting_outcome {
    bool opened, completed; /* every tick was judged */
    bool withheld;          /* something stopped the acting */
    uint64_t sent, repeated, actions_withheld;
    char said[2048]; /* on stderr */
};

/* Called with each action, before it goes into the mailbox. */
typedef void acting_hook(uint64_t arrived, const char *journal);

/* `policy` by default; one run from the first tick on. */
void acting_run(const char *book, enum pl_simulated_policy policy, const char *journal,
                struct mailbox *mailbox, acting_hook *hook, struct acting_outcome *out);

struct acting_entry {
    struct pl_journal_entry entry;
    uint8_t *payload;
};
struct acting_journal {
    struct acting_entry *entries;
    size_t count;
    int64_t waiting;
    char problem[1100]; /* it cannot be read, or is not intact; "" */
};
void acting_read(const char *path, struct acting_journal *out);
void acting_forget(struct acting_journal *journal);

/* The journal is that of an undisturbed run, and every action of it arrived, once unmarked at most.
 * False: `problem` (256 bytes) says what is not. */
bool acting_same(const struct acting_journal *wanted, const struct acting_journal *got,
                 const struct mailbox *mailbox, char problem[256]);

#endif
