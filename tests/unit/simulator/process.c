#include "process.h"

#include "../journal/disk.h"
#include "../support/random.h"

#include "journal/handle.h"
#include "journal/words.h"

static struct letter letters[PROCESS_ENTRIES_MAX];
static uint64_t last_letter, arrived, repeated;
static enum process_phase phase;
static char problem[160], said[4096];

__attribute__((format(printf, 1, 2))) static void note_problem(const char *format, ...)
{
    va_list arguments;
    if (problem[0] != '\0')
        return;
    va_start(arguments, format);
    vsnprintf(problem, sizeof problem, format, arguments);
    va_end(arguments);
}

/* What a process that breaks says is kept, not shown. */
static FILE *loud, *hushed;

static void enter(enum process_phase what)
{
    if (hushed == NULL)
        hushed = fmemopen(said, sizeof said, "w");
    assert_non_null(hushed);
    phase = what;
    loud = stderr;
    rewind(hushed);
    stderr = hushed;
}

void process_speak(void)
{
    if (loud != NULL)
        stderr = loud;
}

/* Only the disk may stop it. */
static bool leave(bool fine)
{
    fflush(hushed);
    process_speak();
    if (problem[0] != '\0')
        fail_msg("%s", problem);
    if (!fine && !disk_failed())
        fail_msg("the disk is fine, and the process stopped: %s", said);
    return fine && !disk_failed();
}

void process_new_receiver(void)
{
    memset(letters, 0, (last_letter + 1) * sizeof letters[0]);
    last_letter = arrived = repeated = 0;
    problem[0] = '\0';
}

const struct letter *process_letter(uint64_t sequence)
{
    return &letters[sequence % PROCESS_ENTRIES_MAX];
}

uint64_t process_arrived(void)
{
    return arrived;
}

uint64_t process_repeated(void)
{
    return repeated;
}

enum process_phase process_phase(void)
{
    return phase;
}

static void receive(void *to, const struct pl_journal_entry *action, bool possibly_sent)
{
    const struct process *p = to;
    const uint64_t sequence = action->sequence;
    struct letter *l = &letters[sequence % PROCESS_ENTRIES_MAX];
    const bool known = l->unmarked + l->marked > 0;
    if (sequence >= PROCESS_ENTRIES_MAX || action->payload_bytes != sizeof l->action) {
        note_problem("action %" PRIu64 " is no action of a venue", sequence);
        return;
    }
    if (sequence > pl_journal_end(p->recording.journal)->sequence)
        note_problem("action %" PRIu64 " leaves before it is durable", sequence);
    if (known && memcmp(&l->action, action->payload, sizeof l->action) != 0)
        note_problem("action %" PRIu64 " comes again, as another one", sequence);
    if (known && !possibly_sent)
        note_problem("action %" PRIu64 " comes again, unmarked", sequence);
    if (l->acknowledged)
        note_problem("action %" PRIu64 " comes again, and was acknowledged", sequence);
    memcpy(&l->action, action->payload, sizeof l->action);
    l->unmarked = (uint16_t)(l->unmarked + !possibly_sent);
    l->marked = (uint16_t)(l->marked + possibly_sent);
    arrived += !known;
    repeated += possibly_sent;
    last_letter = sequence > last_letter ? sequence : last_letter;
}

/* An entry that a process finds: what left before is there as it was. */
static void meet(void *context, const struct pl_journal_entry *e)
{
    struct letter *l = &letters[e->sequence % PROCESS_ENTRIES_MAX];
    (void)context;
    if (l->unmarked + l->marked > 0 &&
        (!pl_entry_is_action(e->kind) || e->payload_bytes != sizeof l->action ||
         memcmp(&l->action, e->payload, sizeof l->action) != 0))
        note_problem("entry %" PRIu64 " left as an action, and is another now", e->sequence);
    if (e->kind == PL_ENTRY_ACKNOWLEDGED)
        letters[pl_word_get(e->payload, 8) % PROCESS_ENTRIES_MAX].acknowledged = true;
}

static struct pl_venue *create(const struct pl_venue_rules *rules,
                               const struct pl_venue_setup *setup)
{
    void *memory = aligned_alloc(16, (pl_venue_bytes(setup) + 15) / 16 * 16);
    assert_non_null(memory);
    return pl_venue_create(memory, rules, setup);
}

static void compute_again(struct process *p, const struct record *found)
{
    static struct pl_venue_action actions[8192];
    assert_true(pl_venue_actions_max(p->venue) <= sizeof actions / sizeof actions[0]);
    for (uint32_t i = 0; i < found->input_count; i++) {
        if (i > 0 && found->batches[i] != found->batches[i - 1])
            pl_acting_let_out(&p->acting);
        process_apply(p, &found->inputs[i], actions);
    }
    if (found->input_count > 0)
        pl_acting_let_out(&p->acting);
}

static void rebuild(struct process *p, const struct pl_venue_rules *rules,
                    const struct pl_venue_setup *setup, struct record *found)
{
    static const struct pl_setup none = { .model_text = "{}" };
    struct pl_recording *r = &p->recording;
    record_read(r->journal, found, meet, NULL);
    if (last_letter > pl_journal_end(r->journal)->sequence)
        note_problem("action %" PRIu64 " left, and is lost", last_letter);
    if (found->venue.block != NULL) {
        rules = &found->venue.rules;
        setup = &found->venue.setup;
    }
    p->venue = create(rules, setup);
    pl_recording_check(r, pl_recorder_loaded(r->recorder, &none, PL_PROFILE_FULL));
    pl_recording_venue(r, "seeded", rules, setup);
    pl_venue_record_free(&found->venue);
    pl_acting_let_out(&p->acting); /* a batch of its own */
    compute_again(p, found);
}

bool process_start(struct process *p, const struct pl_venue_rules *rules,
                   const struct pl_venue_setup *setup, int checkpoint, struct record *found)
{
    memset(p, 0, sizeof *p);
    enter(PROCESS_OPENS);
    const int error = pl_recording_open_acting(&p->recording, PROCESS_JOURNAL);
    pl_acting_open(&p->acting, &p->recording, true);
    p->acting.receive = receive;
    p->acting.receiver = p;
    const bool opened = error == 0 && !p->recording.failed;
    if (opened && checkpoint > 0)
        sqlite3_wal_autocheckpoint(p->recording.journal->db, checkpoint);
    if (opened)
        rebuild(p, rules, setup, found);
    return leave(opened && pl_acting_may(&p->acting));
}

struct pl_venue *process_die(struct process *p)
{
    struct pl_venue *venue = p->venue;
    pl_acting_close(&p->acting);
    pl_recording_close(&p->recording);
    memset(p, 0, sizeof *p);
    return venue;
}

uint32_t process_apply(struct process *p, const struct pl_venue_input *in,
                       struct pl_venue_action *actions)
{
    const uint32_t count = pl_venue_apply(p->venue, in, actions);
    pl_acting_decided(&p->acting, in, actions, count);
    return count;
}

bool process_let_out(struct process *p)
{
    enter(PROCESS_WRITES);
    return leave(pl_acting_let_out(&p->acting));
}

bool process_finish(struct process *p, int64_t time_us)
{
    enter(PROCESS_WRITES);
    pl_acting_finish(&p->acting, time_us);
    const bool fine = pl_acting_may(&p->acting);
    phase = PROCESS_CLOSES;
    if (fine)
        pl_recording_close(&p->recording);
    return leave(fine);
}
