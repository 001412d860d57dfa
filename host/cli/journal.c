/* plimsoll journal verify, plimsoll journal replay */
#include <string.h>

#include "commands.h"
#include "journal/replay.h"
#include "progress.h"

#define HASH_TEXT_BYTES (2 * PL_JOURNAL_HASH_BYTES + 1)

static void hash_text(char out[HASH_TEXT_BYTES], const uint8_t hash[PL_JOURNAL_HASH_BYTES])
{
    for (int i = 0; i < PL_JOURNAL_HASH_BYTES; i++) {
        out[2 * i] = "0123456789abcdef"[hash[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[hash[i] & 15];
    }
    out[HASH_TEXT_BYTES - 1] = '\0';
}

/* 64 hexadecimal digits of lower case, as `verify` prints them. */
static bool parse_hash(const char *text, uint8_t out[PL_JOURNAL_HASH_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    if (strlen(text) != HASH_TEXT_BYTES - 1 || strspn(text, digits) != HASH_TEXT_BYTES - 1) {
        pl_complain("--head %s: must be the %d hexadecimal digits that `plimsoll journal verify` "
                    "prints as the head",
                    text, HASH_TEXT_BYTES - 1);
        return false;
    }
    for (int i = 0; i < PL_JOURNAL_HASH_BYTES; i++)
        out[i] = (uint8_t)((strchr(digits, text[2 * i]) - digits) << 4 |
                           (strchr(digits, text[2 * i + 1]) - digits));
    return true;
}

static struct pl_journal *open_to_read(const char *path)
{
    char message[PL_JOURNAL_MESSAGE_BYTES];
    struct pl_journal *journal;
    if (pl_journal_open(path, PL_JOURNAL_READ, &journal, message) != 0)
        pl_complain("%s", message);
    return journal;
}

/* What is said is facts, and one row of CSV. */
struct fact {
    const char *key, *title, *text; /* text NULL: the count */
    uint64_t count;
};
#define FACTS_MAX 12

static enum pl_exit say(const struct fact *facts, size_t count, enum pl_format format)
{
    struct pl_output output;
    struct pl_listing listing;
    struct pl_column columns[FACTS_MAX];
    pl_output_start(&output, format);
    for (size_t i = 0; i < count; i++) {
        const struct fact *f = &facts[i];
        columns[i] = (struct pl_column){ f->key, f->title,
                                         f->text != NULL ? PL_COLUMN_TEXT : PL_COLUMN_COUNT };
        if (f->text != NULL)
            pl_output_text(&output, f->key, f->title, f->text);
        else
            pl_output_count(&output, f->key, f->title, f->count);
    }
    pl_listing_start(&listing, &output, columns, count);
    for (size_t i = 0; i < count && format == PL_FORMAT_CSV; i++) {
        if (facts[i].text != NULL)
            pl_listing_text(&listing, facts[i].text);
        else
            pl_listing_count(&listing, facts[i].count);
    }
    if (format == PL_FORMAT_CSV)
        pl_output_listing(&output, "journal", NULL, &listing, true);
    return pl_output_finish(&output) == 0 ? PL_EXIT_OK : PL_EXIT_ERROR;
}

static enum pl_exit say_intact(struct pl_journal *journal, const struct pl_options *options)
{
    const struct pl_journal_entry *end = pl_journal_end(journal);
    char start[HASH_TEXT_BYTES], head[HASH_TEXT_BYTES];
    char time[PL_TIME_TEXT_BYTES] = "-";
    hash_text(start, pl_journal_start(journal));
    hash_text(head, end->hash);
    if (end->sequence > 0)
        pl_time_text(time, end->time_us);
    const struct fact facts[] = {
        { "journal", "journal", options->book, 0 },
        { "state", "state", "intact", 0 },
        { "start", "start", start, 0 },
        { "entries", "entries", NULL, end->sequence },
        { "batches", "batches", NULL, end->batch },
        { "time", "until", time, 0 },
        { "waiting", "actions that wait", NULL, (uint64_t)pl_journal_waiting(journal) },
        { "head", "head", head, 0 },
    };
    return say(facts, sizeof facts / sizeof facts[0], options->format);
}

int pl_cli_journal_verify(const struct pl_options *options)
{
    uint8_t head[PL_JOURNAL_HASH_BYTES];
    enum pl_exit status = PL_EXIT_ERROR;
    if (options->head != NULL && !parse_hash(options->head, head))
        return PL_EXIT_USAGE;
    struct pl_journal *journal = open_to_read(options->book);
    if (journal == NULL)
        return PL_EXIT_ERROR;
    if (pl_journal_verify(journal, options->head != NULL ? head : NULL) != 0)
        pl_complain("%s", pl_journal_message(journal));
    else
        status = say_intact(journal, options);
    pl_journal_close(journal);
    return status;
}

/* All entries in order; 0 when all are the same, after saying what is not. */
static int recompute(struct pl_journal *journal, struct pl_replay *replay)
{
    struct pl_journal_entry entry;
    struct pl_progress progress;
    int got = 0, result = pl_journal_verify(journal, NULL);
    bool journal_tells = result != 0;
    if (result == 0)
        result = pl_journal_list(journal, &pl_journal_all);
    pl_progress_start(&progress, "journal replay", pl_journal_end(journal)->sequence);
    while (result == 0 && (got = pl_journal_next(journal, &entry)) == 1) {
        result = pl_replay_entry(replay, &entry);
        pl_progress_step(&progress, entry.sequence);
    }
    pl_progress_end(&progress);
    journal_tells = journal_tells || got < 0;
    result = got < 0 ? got : result != 0 ? result : pl_replay_end(replay);
    if (result != 0)
        pl_complain("%s", journal_tells ? pl_journal_message(journal) : pl_replay_message(replay));
    return result;
}

static enum pl_exit say_same(const struct pl_replay_counts *c, const struct pl_options *options)
{
    const struct fact facts[] = {
        { "journal", "journal", options->book, 0 },
        { "device", "device", options->device, 0 },
        { "verdicts_are", c->actions > 0 ? "verdicts and actions" : "recomputed verdicts",
          "the same bytes", 0 },
        { "verdicts", "verdicts compared", NULL, c->verdicts },
        { "actions", "actions compared", NULL, c->actions },
        { "loads", "loads", NULL, c->loads },
        { "ticks", "ticks", NULL, c->ticks },
        { "submissions", "submissions", NULL, c->submissions },
        { "accounts", "accounts submitted", NULL, c->accounts },
        { "not_recomputed", "actions without a venue", NULL, c->not_recomputed },
    };
    return say(facts, sizeof facts / sizeof facts[0], options->format);
}

int pl_cli_journal_replay(const struct pl_options *options)
{
    char message[PL_MESSAGE_BYTES];
    struct pl_replay *replay;
    enum pl_exit status = PL_EXIT_ERROR;
    struct pl_journal *journal = open_to_read(options->book);
    if (journal == NULL)
        return PL_EXIT_ERROR;
    if (pl_replay_open(options->device, &replay, message) != 0)
        pl_complain_lines(message);
    else if (recompute(journal, replay) == 0)
        status = say_same(pl_replay_counts(replay), options);
    pl_replay_close(replay);
    pl_journal_close(journal);
    return status;
}
