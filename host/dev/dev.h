/* A device as the library sees it: one table of operations per backend, chosen by the URI's scheme.
 * Every call returns 0 or a count, or a negative errno or PL_STATUS_*. One thread at a time per
 * device. */
#ifndef PL_DEV_DEV_H
#define PL_DEV_DEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pl_abi.h"
#include "plimsoll.h"

struct pl_dev; /* of the backend */

struct pl_dev_ops {
    const char *scheme; /* before the colon */
    /* `options` is the text after the colon; `message` (PL_MESSAGE_BYTES) says why on failure. */
    int (*open)(const char *options, struct pl_dev **out, char *message);
    void (*close)(struct pl_dev *dev);
    void (*capabilities)(const struct pl_dev *dev, struct pl_capabilities *out);
    /* A whole load: a MODEL record, then the records it announces. On -PL_STATUS_MALFORMED_RECORD
     * *detail is the record's place in the array, or kind and index when the tables do not fit
     * together. */
    int (*load)(struct pl_dev *dev, const struct pl_line *records, size_t count, uint64_t *detail);
    /* Tick records; a COMMIT record freezes. */
    int (*tick)(struct pl_dev *dev, const struct pl_line *records, size_t count);
    /* Starts a sweep over slots that stay in place until poll returns 0 or an error. */
    int (*sweep)(struct pl_dev *dev, const uint64_t *slots, size_t count, uint8_t filter,
                 bool per_underlying);
    /* Verdicts in stream order, as many as are ready and fit; 0 at the end, with the summary.
     * `records` gets the records per (account, underlying) of these verdicts, in the device's
     * memory until the next call. -ECANCELED when a commit or a load ended the sweep before its
     * time. */
    int (*poll)(struct pl_dev *dev, struct pl_verdict *verdicts, size_t max,
                struct pl_tick_summary *summary);
    int64_t (*underlyings)(struct pl_dev *dev, const struct pl_underlying_verdict **records);
    /* Replaces the watched set: whole accounts and END, or nothing. From then on it is judged on
     * every commit. A load forgets it. */
    int (*watch)(struct pl_dev *dev, const uint64_t *slots, size_t count, uint8_t filter);
    /* TICK_PRICE and TICK_VOL records, at most WINDOW_LINES, committed as `tick`, without waiting.
     * What is wrong with them shows in later calls of watched(). */
    int (*post)(struct pl_dev *dev, const struct pl_line *records, size_t count, uint64_t tick);
    /* Verdicts of the watched set at or above its filter, as many as are there and fit; *ended: the
     * last of an evaluation, whose summary is filled in (-PL_STATUS_RESET there: it was interrupted
     * and comes again). 0 and not ended: nothing yet. */
    int (*watched)(struct pl_dev *dev, struct pl_verdict *verdicts, size_t max,
                   struct pl_tick_summary *summary, bool *ended);
    /* Row and quote of the committed tick. */
    int (*read_row)(struct pl_dev *dev, uint32_t instrument, struct pl_row *row,
                    struct pl_quote *quote);
    /* What the code of the last failure does not say; "" or NULL (also instead of a function):
     * nothing. */
    const char *(*message)(const struct pl_dev *dev);
    /* The device's own account of its work, lines of text; NULL: it keeps none. */
    void (*report)(struct pl_dev *dev, char out[PL_MESSAGE_BYTES]);
};

extern const struct pl_dev_ops pl_dev_model_ops, pl_dev_cpu_ops, pl_dev_opencl_ops;

/* The backend of a URI; NULL if no scheme fits. *options is the text after the colon. */
const struct pl_dev_ops *pl_dev_find(const char *uri, const char **options);

struct pl_tables;
struct pl_trace;

/* model: only. Evaluates one account of `slots` (header to the slot before the next header) with
 * the trace called at every level; the verdict is the one a sweep returns. */
int pl_dev_model_trace(struct pl_dev *dev, const uint64_t *slots, size_t count,
                       const struct pl_trace *trace, struct pl_verdict *verdict);
const struct pl_tables *pl_dev_model_tables(const struct pl_dev *dev);

#endif
