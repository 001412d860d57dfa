#include "recording.h"

#include <errno.h>

#include "buffer.h"

static int open_journal(struct pl_recording *r, const char *path, enum pl_journal_mode mode)
{
    char message[PL_JOURNAL_MESSAGE_BYTES];
    int error = pl_journal_open(path, mode, &r->journal, message);
    if (error != 0) {
        pl_complain("%s", message);
        return error;
    }
    error = r->acts ? pl_journal_follow(r->journal) : 0;
    error = error != 0 ? error : pl_recorder_open(r->journal, &r->recorder);
    if (error != 0)
        pl_complain("%s", pl_journal_message(r->journal));
    return error;
}

int pl_recording_open(struct pl_recording *r, const char *path)
{
    return open_journal(r, path, PL_JOURNAL_CREATE);
}

void pl_recording_stop(struct pl_recording *r)
{
    pl_complain(r->acts
                    ? "no action leaves any more, and nothing more is journaled; what was until "
                      "then stands, and evaluation goes on. Once it is mended, the same command "
                      "goes on where the journal ends"
                    : "nothing more is journaled; what was until then stands, and evaluation "
                      "goes on");
    r->failed = true;
    pl_recording_close(r);
}

int pl_recording_open_acting(struct pl_recording *r, const char *path)
{
    r->acts = true;
    int error = open_journal(r, path, PL_JOURNAL_WRITE);
    switch (error) {
    case -EBUSY:
    case -EBADMSG:
    case -ENOSPC:
    case -EIO:
    case -EROFS:
    case -EACCES: pl_recording_stop(r); return 0;
    default: return error;
    }
}

void pl_recording_close(struct pl_recording *r)
{
    pl_recorder_close(r->recorder);
    pl_journal_close(r->journal);
    r->recorder = NULL;
    r->journal = NULL;
}

void pl_recording_check(struct pl_recording *r, int error)
{
    if (error == 0 || r->journal == NULL)
        return;
    pl_complain("%s", pl_journal_message(r->journal));
    pl_recording_stop(r);
}

void pl_recording_loaded(struct pl_recording *r, const struct pl_setup *setup, uint8_t profile,
                         const struct pl_book *book)
{
    if (r->recorder == NULL)
        return;
    int error = pl_recorder_loaded(r->recorder, setup, profile);
    for (uint32_t i = 0; i < book->account_count && error == 0; i++)
        error = pl_recorder_named(r->recorder, i, book->accounts[i].name);
    pl_recording_check(r, error);
}

void pl_recording_priced(struct pl_recording *r, const char *symbol, const struct pl_price *price)
{
    if (r->recorder != NULL)
        pl_recording_check(r, pl_recorder_priced(r->recorder, symbol, price));
}

void pl_recording_committed(struct pl_recording *r, int64_t time_us)
{
    if (r->recorder != NULL)
        pl_recording_check(r, pl_recorder_committed(r->recorder, time_us));
}

void pl_recording_submitted(struct pl_recording *r, const struct pl_batch *batch)
{
    if (r->recorder != NULL)
        pl_recording_check(r, pl_recorder_submitted(r->recorder, batch));
}

void pl_recording_judged(struct pl_recording *r, const struct pl_verdict *verdicts, size_t count)
{
    if (r->recorder != NULL)
        pl_recording_check(r, pl_recorder_judged(r->recorder, verdicts, count));
}

void pl_recording_venue(struct pl_recording *r, const char *run, const struct pl_venue_rules *rules,
                        const struct pl_venue_setup *setup)
{
    if (r->recorder != NULL)
        pl_recording_check(r, pl_recorder_venue(r->recorder, run, rules, setup));
}

void pl_recording_at(struct pl_recording *r, int64_t time_us)
{
    if (r->recorder != NULL)
        pl_recorder_at(r->recorder, time_us);
}

void pl_recording_end_batch(struct pl_recording *r)
{
    if (r->recorder != NULL)
        pl_recording_check(r, pl_journal_commit(r->journal));
}
