/* Inside a card as a device. card.c: loads, ticks, rows; card_sweep.c: sweeps; card_watch.c: the
 * watched set. */
#ifndef PL_DEV_CARD_STATE_H
#define PL_DEV_CARD_STATE_H

#include "card.h"
#include "ring/ring.h"

#define CARD_PIECES 2 /* one is read while the other is on the card */

/* What tells a card's lines apart: kind and number of a record (serial of pl_verdict). */
#define PL_CARD_VERDICT ((uint32_t)PL_RESULT_VERDICT << 29)
#define PL_CARD_UNDERLYING ((uint32_t)PL_RESULT_UNDERLYING << 29)
#define PL_CARD_SUMMARY ((uint32_t)PL_RESULT_SUMMARY << 29)
#define PL_CARD_NUMBER_MASK ((UINT32_C(1) << 29) - 1)

/* A part of a sweep's stream, whole accounts: one submission. */
struct card_piece {
    struct pl_dma verdicts, scatter;
    struct pl_dma *stream; /* its slots, STREAM_BYTES each */
    size_t stream_count;
    size_t slots;
    bool own_end;   /* its END is not the caller's */
    bool in_flight; /* its completion is to come */
    struct pl_completion completion;
    size_t line;       /* the next one to read */
    uint64_t returned; /* verdicts read */
};

struct card_sweep {
    const uint64_t *slots; /* the caller's */
    size_t count, next;    /* next: not yet submitted */
    bool ended;            /* the last piece was submitted */
    uint8_t filter;
    bool per_underlying;
    bool running; /* the caller has not seen its end */
    bool cut_off; /* a load or a commit ended it before its time */
    int status;   /* what poll returns when there are no more verdicts */
    struct pl_tick_summary summary;
    uint32_t serial; /* of the caller's next verdict */
    struct pl_underlying_verdict *records;
    size_t record_count; /* of the verdicts of this poll */
    size_t pending;      /* after those: of the account in flight */
    size_t record_capacity;
};

struct pl_dev {
    struct pl_ring ring;
    char description[128];
    size_t verdict_lines, piece_slots;
    bool loaded, committed;
    struct pl_model model; /* as loaded */
    struct pl_dma records, row;
    struct card_piece pieces[CARD_PIECES];
    unsigned first, used; /* of pieces, a ring */
    uint32_t number;      /* of the card's next verdict or record */
    struct card_sweep sweep;
    uint32_t watch_number; /* of the next record in the watch ring */
    uint32_t watch_taken;  /* verdicts of the evaluation under way that the caller has */
    uint32_t watch_idle;   /* polls since the last line */
    bool posted;           /* ticks went to the window since its status was last looked at */
    char message[PL_MESSAGE_BYTES];
};

/* 0, -PL_STATUS_RESET or -PL_STATUS_LINK_DOWN. */
int pl_card_ready(const struct pl_dev *dev);

/* Copies what a submission is about to where the card reads it. */
int pl_card_stage(struct pl_dev *dev, const void *data, size_t bytes);

/* As pl_ring_allocate(), with the reason of a failure in dev->message. */
int pl_card_allocate(struct pl_dev *dev, size_t bytes, uint32_t access, struct pl_dma *out);

/* One operation from submission to completion. */
int pl_card_run(struct pl_dev *dev, const struct pl_submission *submission, uint64_t *detail);

/* 0, or why the window refused a tick: what it refused is lost, the window takes ticks again, and
 * the next tick must bring everything. */
int pl_card_look_at_window(struct pl_dev *dev);

/* After a failure that leaves the card in doubt: resets it and forgets what it held. */
void pl_card_lose(struct pl_dev *dev, int error);

/* Takes a completion if there is one: 1 when it is not of a piece, else 0, or a negative code. */
int pl_card_take(struct pl_dev *dev, struct pl_completion *completion);

/* The time that the work in flight may take, over the bus's own limit. */
uint64_t pl_card_limit_ns(const struct pl_dev *dev, uint64_t items);

/* Where to look further after a status; "". */
const char *pl_card_hint(uint32_t status);

/* Whether a status leaves the card in doubt. */
bool pl_card_doubtful(uint32_t status);

/* Ends a sweep before its time: what is in flight is awaited and dropped. */
void pl_card_end_sweep(struct pl_dev *dev);

/* After a reset: nothing is in flight, and the card numbers from 0 again. */
void pl_card_forget_pieces(struct pl_dev *dev);

int pl_card_open_pieces(struct pl_dev *dev);
void pl_card_close_pieces(struct pl_dev *dev);

#endif
