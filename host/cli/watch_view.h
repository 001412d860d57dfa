/* What `plimsoll watch` shows: a table that is redrawn in place on a terminal, a block of lines per
 * tick elsewhere.
 *
 * On a terminal a frame is one write, and hides the cursor only within itself: however the program
 * ends, the terminal is as it was, with the last table on it. */
#ifndef PL_CLI_WATCH_VIEW_H
#define PL_CLI_WATCH_VIEW_H

#include "watch_set.h"

#define PL_WATCH_COLUMNS 10 /* the last one where room orders */
#define PL_WATCH_NOTE_BYTES 256

struct pl_watch_view {
    bool live;   /* on a terminal */
    bool colour; /* not with NO_COLOR */
    bool started;
    size_t widths[PL_WATCH_COLUMNS]; /* kept from frame to frame: columns stay in place */
};

struct pl_watch_frame {
    const struct pl_watch_set *set;
    uint64_t evaluations;
    bool chosen;                    /* anew at this tick */
    char note[PL_WATCH_NOTE_BYTES]; /* what else happened; "" nothing */
};

/* `plain`: lines, even on a terminal. */
void pl_watch_view_open(struct pl_watch_view *view, bool plain);

/* Writes one frame to stdout. Returns 0 or a negative errno after saying why. */
int pl_watch_view_show(struct pl_watch_view *view, const struct pl_watch_frame *frame);
/* The end: lines close with the device's report. */
int pl_watch_view_end(const struct pl_watch_view *view, const struct pl_session *session);

#endif
