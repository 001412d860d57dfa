/* What the venue's entries of a journal say, in a line for people. */
#ifndef PL_CLI_JOURNAL_ACTIONS_H
#define PL_CLI_JOURNAL_ACTIONS_H

#include "journal/journal.h"
#include "journal/venue_records.h"

#define PL_TOLD_BYTES 256

/* The names behind numbers: the last load and venue of a journal, as far as they are known. */
struct pl_journal_terms {
    struct pl_load_record load;
    struct pl_venue_record venue;
    bool has_load, has_venue;
};

/* Takes in an entry of a load or a venue; one that is not readable counts as none. */
void pl_journal_terms_take(struct pl_journal_terms *terms, const struct pl_journal_entry *entry);
void pl_journal_terms_free(struct pl_journal_terms *terms);

/* False: not readable. */
bool pl_tell_venue(const struct pl_journal_entry *entry, char out[PL_TOLD_BYTES]);
bool pl_tell_given(const struct pl_journal_entry *entry, char out[PL_TOLD_BYTES]);
/* False: no action of a venue. */
bool pl_tell_action(const struct pl_journal_terms *terms, const struct pl_journal_entry *entry,
                    char out[PL_TOLD_BYTES]);

#endif
