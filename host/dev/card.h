/* A card behind any bus as a device: operations, the account stream in pieces, verdict lines back.
 *
 * The functions from pl_card_close() on are operations of struct pl_dev_ops, for the backends whose
 * open() ends in pl_card_open(). After a failure that leaves the card in doubt they return
 * -PL_STATUS_RESET until the next load, and -PL_STATUS_LINK_DOWN when only opening it again
 * helps. */
#ifndef PL_DEV_CARD_H
#define PL_DEV_CARD_H

#include "dev.h"
#include "ring/bus.h"

/* How a sweep is cut; for tests that want many pieces. */
struct pl_card_options {
    size_t verdict_lines; /* of one piece, its summary included; 0: 65,536 */
    size_t piece_slots;   /* aim of one piece; 0: 262,144 */
    const char *description;
};

/* Takes the bus over; on failure it is closed and `message` says why. */
int pl_card_open(const struct pl_bus *bus, const struct pl_card_options *options,
                 struct pl_dev **out, char *message);

/* What went wrong last, in words; "" if nothing did. */
const char *pl_card_message(const struct pl_dev *dev);

void pl_card_close(struct pl_dev *dev);
void pl_card_capabilities(const struct pl_dev *dev, struct pl_capabilities *out);
int pl_card_load(struct pl_dev *dev, const struct pl_line *records, size_t count, uint64_t *detail);
int pl_card_tick(struct pl_dev *dev, const struct pl_line *records, size_t count);
int pl_card_sweep(struct pl_dev *dev, const uint64_t *slots, size_t count, uint8_t filter,
                  bool per_underlying);
int pl_card_poll(struct pl_dev *dev, struct pl_verdict *verdicts, size_t max,
                 struct pl_tick_summary *summary);
int64_t pl_card_underlyings(struct pl_dev *dev, const struct pl_underlying_verdict **records);
/* The watched set, ticks by the window, and what follows them. */
int pl_card_watch(struct pl_dev *dev, const uint64_t *slots, size_t count, uint8_t filter);
int pl_card_post(struct pl_dev *dev, const struct pl_line *records, size_t count, uint64_t tick);
int pl_card_watched(struct pl_dev *dev, struct pl_verdict *verdicts, size_t max,
                    struct pl_tick_summary *summary, bool *ended);
int pl_card_read_row(struct pl_dev *dev, uint32_t instrument, struct pl_row *row,
                     struct pl_quote *quote);

/* From the card's counters: cycles, slots per cycle, evaluations, and the share of what the link
 * carries. */
void pl_card_report(struct pl_dev *dev, char out[PL_MESSAGE_BYTES]);
uint64_t pl_card_counter(struct pl_dev *dev, enum pl_counter counter);

/* What every way to a card has in common, in its table of operations. */
#define PL_CARD_OPERATIONS                                                                         \
    .close = pl_card_close, .capabilities = pl_card_capabilities, .load = pl_card_load,            \
    .tick = pl_card_tick, .sweep = pl_card_sweep, .poll = pl_card_poll,                            \
    .underlyings = pl_card_underlyings, .watch = pl_card_watch, .post = pl_card_post,              \
    .watched = pl_card_watched, .read_row = pl_card_read_row, .message = pl_card_message,          \
    .report = pl_card_report

extern const struct pl_dev_ops pl_dev_sim_ops;

#endif
