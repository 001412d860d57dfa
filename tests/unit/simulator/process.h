/* The process that decides: a venue that journals and acts (host/cli/acting.h) on the disk in
 * memory
 * (../journal/disk.h), and who receives what leaves it. When the disk breaks, the process is gone
 * with all that it knew; the next one knows its configuration and what the journal holds. */
#ifndef PL_TEST_PROCESS_H
#define PL_TEST_PROCESS_H

#include "acting.h"
#include "record.h"

#define PROCESS_JOURNAL "simulator.journal"
#define PROCESS_ENTRIES_MAX 65536

enum process_phase { PROCESS_OPENS, PROCESS_WRITES, PROCESS_CLOSES, PROCESS_PHASES };

struct process {
    struct pl_recording recording;
    struct pl_acting acting;
    struct pl_venue *venue;
};

/* What left, by the entry's number: with the receiver, whom no crash of the process touches. */
struct letter {
    uint16_t unmarked, marked; /* how often it came */
    bool acknowledged;         /* durably */
    struct pl_venue_action action;
};

/* The letters of the run before are forgotten. */
void process_new_receiver(void);
const struct letter *process_letter(uint64_t sequence);
uint64_t process_arrived(void);  /* actions that came, each counted once */
uint64_t process_repeated(void); /* how often one came that was marked */

/* After a test that failed: stderr is heard again. */
void process_speak(void);

/* What the process does with the disk now. */
enum process_phase process_phase(void);

/* Opens the journal and computes again what it holds, which is in `found`: with rules and set-up as
 * they are journaled, or with the given ones where nothing is. False: the disk broke. Whatever left
 * before must be in the journal. `checkpoint`: pages of SQLite's log after which a commit empties
 * it; 0: by default. */
bool process_start(struct process *p, const struct pl_venue_rules *rules,
                   const struct pl_venue_setup *setup, int checkpoint, struct record *found);
/* The venue's memory, for who wants to compare; free it. All else is gone. */
struct pl_venue *process_die(struct process *p);

uint32_t process_apply(struct process *p, const struct pl_venue_input *in,
                       struct pl_venue_action *actions);
/* Ends the batch; its actions leave. False: the disk broke. */
bool process_let_out(struct process *p);
/* The same, acknowledges the last actions and closes the journal; the venue stays. */
bool process_finish(struct process *p, int64_t time_us);

#endif
