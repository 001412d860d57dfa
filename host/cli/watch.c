/* plimsoll watch: the most endangered accounts, at every tick. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "commands.h"
#include "states.h"
#include "watch_view.h"

#define WAIT_MS_MAX 60000 /* for the verdicts of a tick; a simulated card takes seconds */
#define ATTEMPTS_MAX 4    /* at one tick: sets sent again and ticks committed again */
#define NAP_MS_MAX 50     /* of a pause, between looks at Ctrl-C */

struct watch {
    struct pl_session *session;
    const struct pl_watch_options *options;
    struct pl_watch_set set;
    struct pl_watch_view view;
    struct pl_watch_frame frame;
    struct pl_verdict *verdicts; /* of one evaluation: PL_WATCH_ACCOUNTS_MAX and one */
    uint64_t extra_commits;      /* beyond the book's ticks: what the device counts */
    uint64_t shown;
    uint64_t seen[PL_STATES];
    bool sent; /* the device holds the set */
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

/* The first Ctrl-C ends between two frames, a second one at once. */
static void catch_signals(void)
{
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void rest(uint64_t ms)
{
    uint64_t now = now_ms(), end = now + ms;
    for (; now < end && !interrupted; now = now_ms()) {
        uint64_t nap = end - now < NAP_MS_MAX ? end - now : NAP_MS_MAX;
        nanosleep(&(struct timespec){ .tv_nsec = (long)nap * 1000000 }, NULL);
    }
}

static int refuse(const struct watch *w, int error, const char *what)
{
    pl_complain("tick %" PRIu64 ": %s", w->session->tick, what);
    return error;
}

/* Hands the set over and has the tick judged again: a set counts from the next one on. */
static int send(struct watch *w)
{
    int error = pl_watch_set_send(&w->set);
    if (error != 0)
        return error;
    w->sent = true;
    error = pl_tick(w->session->device);
    w->extra_commits++;
    return error == 0 ? 0 : refuse(w, error, pl_message(w->session->device));
}

/* What a negative code of pl_watched() asks for. */
static int recover(struct watch *w, int code)
{
    struct pl *device = w->session->device;
    if (code == -ENOENT) /* gone with the units of prices */
        return send(w);
    snprintf(w->frame.note, sizeof w->frame.note,
             "the device refused the tick (%s); committed again", pl_error_name(code));
    int error = pl_commit(device, w->session->time_us);
    w->extra_commits++;
    return error == 0 ? 0 : refuse(w, error, pl_message(device));
}

/* Takes the verdicts of what was committed last. -EINTR: Ctrl-C, without a word. */
static int take(struct watch *w)
{
    struct pl_tick_summary summary;
    uint64_t deadline = now_ms() + WAIT_MS_MAX;
    size_t taken = 0;
    int attempts = 0;
    while (now_ms() < deadline) {
        bool ended;
        int got = pl_watched(w->session->device, w->verdicts + taken,
                             PL_WATCH_ACCOUNTS_MAX + 1 - taken, &summary, &ended);
        if (got < 0) {
            if (++attempts > ATTEMPTS_MAX)
                return refuse(w, got, pl_message(w->session->device));
            int error = recover(w, got);
            if (error != 0)
                return error;
            deadline = now_ms() + WAIT_MS_MAX;
            taken = 0;
            continue;
        }
        taken += (size_t)got;
        if (taken > PL_WATCH_ACCOUNTS_MAX)
            return refuse(w, -EPROTO, "the device returned more verdicts than a set has accounts");
        if (ended && (summary.status == PL_STATUS_RESET ||
                      summary.tick < w->session->tick + w->extra_commits)) {
            taken = 0; /* interrupted, and comes again; or of an earlier tick */
        } else if (ended && summary.status != PL_STATUS_OK) {
            return refuse(w, -(int)summary.status, pl_error_name(-(int)summary.status));
        } else if (ended) {
            w->frame.evaluations++;
            return pl_watch_set_take(&w->set, w->verdicts, taken);
        }
        if (interrupted)
            return -EINTR;
    }
    return refuse(w, -ETIMEDOUT,
                  "the device gave no verdicts of the watched accounts in time; "
                  "replay judges every tick without a watched set");
}

/* Commits the next tick and has the set judged; chooses it anew where that is due, and sends it
 * again where settlement has changed positions. */
static int step(struct watch *w)
{
    struct pl_session *session = w->session;
    uint64_t every = w->options->every;
    w->frame.note[0] = '\0';
    if (w->shown > 0)
        pl_watch_set_age(&w->set);
    int error = pl_session_advance(session);
    if (error == 0 && w->sent)
        error = take(w);
    w->frame.chosen = w->set.all != NULL && (w->shown == 0 || (every > 0 && w->shown % every == 0));
    if (error == 0 && w->frame.chosen)
        error = pl_watch_set_choose(&w->set, w->options->accounts);
    if (error != 0 ||
        (w->sent && !w->frame.chosen && w->set.position_version == session->position_version))
        return error;
    error = send(w);
    return error != 0 ? error : take(w);
}

static int run(struct watch *w)
{
    const struct pl_watch_options *o = w->options;
    uint64_t default_ms = w->view.live ? PL_WATCH_PAUSE_MS_DEFAULT : 0;
    uint64_t pause_ms = o->pause_ms != PL_NOT_GIVEN ? o->pause_ms : default_ms;
    int error = 0;
    while (w->session->tick + 1 < o->from && error == 0 && !interrupted)
        error = pl_session_advance(w->session);
    while (w->session->tick < w->session->book->tick_count && w->shown < o->ticks && error == 0) {
        if (w->shown > 0)
            rest(pause_ms);
        error = interrupted ? -EINTR : step(w);
        if (error == 0)
            error = pl_watch_view_show(&w->view, &w->frame);
        for (size_t i = 0; i < w->set.count && error == 0; i++)
            w->seen[w->set.rows[i].now.state]++;
        w->shown += error == 0 ? 1 : 0;
    }
    if (error == -EINTR && w->shown > 0)
        error = 0; /* the end that was asked for */
    else if (error == -EINTR)
        pl_complain("interrupted before the first tick was judged");
    return error != 0 ? error : pl_watch_view_end(&w->view, w->session);
}

static int watch(struct watch *w)
{
    const struct pl_watch_options *o = w->options;
    const struct pl_book *book = w->session->book;
    if (o->from > book->tick_count) {
        pl_complain("--from %" PRIu64 ": %s has ticks 1 to %u", o->from, book->path,
                    book->tick_count);
        return -ERANGE;
    }
    for (size_t i = 0; i < o->name_count; i++) {
        int error = pl_watch_set_add(&w->set, o->names[i]);
        if (error != 0)
            return error;
    }
    w->verdicts = calloc(PL_WATCH_ACCOUNTS_MAX + 1, sizeof *w->verdicts);
    if (w->verdicts == NULL)
        return refuse(w, -ENOMEM, "out of memory for the verdicts of the watched accounts");
    pl_watch_view_open(&w->view, o->plain);
    if (w->view.live)
        catch_signals();
    return run(w);
}

int pl_cli_watch(const struct pl_options *options)
{
    struct watch w = { .options = &options->watch };
    enum pl_exit opened = pl_session_open(options, &w.session);
    if (opened != PL_EXIT_OK)
        return opened;
    w.frame.set = &w.set;
    int error =
        pl_watch_set_open(&w.set, w.session, w.options->name_count == 0, w.options->by_room);
    error = error != 0 ? error : watch(&w);
    free(w.verdicts);
    pl_watch_set_close(&w.set);
    pl_session_close(w.session);
    return error == 0 ? (int)pl_exit_of(w.seen) : PL_EXIT_ERROR;
}
