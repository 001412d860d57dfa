#include "recording.h"

#include "buffer.h"

int pl_recording_open(struct pl_recording *r, const char *path)
{
    char message[PL_JOURNAL_MESSAGE_BYTES];
    int error = pl_journal_open(path, PL_JOURNAL_CREATE, &r->journal, message);
    if (error != 0) {
        pl_complain("%s", message);
        return error;
    }
    error = pl_recorder_open(r->journal, &r->recorder);
    if (error != 0)
        pl_complain("%s", pl_journal_message(r->journal));
    return error;
}

void pl_recording_close(struct pl_recording *r)
{
    pl_recorder_close(r->recorder);
    pl_journal_close(r->journal);
    r->recorder = NULL;
    r->journal = NULL;
}

static void check(struct pl_recording *r, int error)
{
    if (error == 0)
        return;
    pl_complain("%s", pl_journal_message(r->journal));
    pl_complain("nothing more is journaled; what was until then stands, and evaluation goes on");
    r->failed = true;
    pl_recording_close(r);
}

void pl_recording_loaded(struct pl_recording *r, const struct pl_setup *setup, uint8_t profile,
                         const struct pl_book *book)
{
    if (r->recorder == NULL)
        return;
    int error = pl_recorder_loaded(r->recorder, setup, profile);
    for (uint32_t i = 0; i < book->account_count && error == 0; i++)
        error = pl_recorder_named(r->recorder, i, book->accounts[i].name);
    check(r, error);
}

void pl_recording_priced(struct pl_recording *r, const char *symbol, const struct pl_price *price)
{
    if (r->recorder != NULL)
        check(r, pl_recorder_priced(r->recorder, symbol, price));
}

void pl_recording_committed(struct pl_recording *r, int64_t time_us)
{
    if (r->recorder != NULL)
        check(r, pl_recorder_committed(r->recorder, time_us));
}

void pl_recording_submitted(struct pl_recording *r, const struct pl_batch *batch)
{
    if (r->recorder != NULL)
        check(r, pl_recorder_submitted(r->recorder, batch));
}

void pl_recording_judged(struct pl_recording *r, const struct pl_verdict *verdicts, size_t count)
{
    if (r->recorder != NULL)
        check(r, pl_recorder_judged(r->recorder, verdicts, count));
}

void pl_recording_end_batch(struct pl_recording *r)
{
    if (r->recorder != NULL)
        check(r, pl_journal_commit(r->journal));
}
