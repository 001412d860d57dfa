/* What the devices in software share: tables, sweeps, records per underlying, the watched set.
 * They differ in their engine: model: has the specification itself, cpu: a fast one. */
#ifndef PL_DEV_SOFTWARE_H
#define PL_DEV_SOFTWARE_H

#include "dev.h"
#include "model/sweep.h"
#include "model/tables.h"
#include "watched_set.h"

struct pl_engine {
    /* The tables are loaded and will stay where they are until the next load; their `price` and
     * `fills_rows` may be set. 0 or a negative errno. */
    int (*loaded)(void *context, struct pl_tables *tables);
    /* A tick is frozen; tables->repriced names the rows that may differ, and which the engine fills
     * if it set `fills_rows`, now or in prepare(). Fails with a negative errno: then no tick is
     * frozen, and the next commit reprices everything. */
    int (*committed)(void *context, struct pl_tables *tables);
    /* The next sweep takes these slots, which read the rows of their positions. NULL: they are
     * filled. */
    void (*prepare)(void *context, const struct pl_tables *tables, const uint64_t *slots,
                    size_t count);
    /* As pl_sweep_take(). */
    size_t (*take)(void *context, struct pl_sweep *sweep, struct pl_verdict *verdicts, size_t max);
    /* Takes a copy of a set of accounts that stays, to be judged on every commit; count 0: no more.
     * False: it keeps none, take() judges them. NULL: likewise. */
    bool (*keep)(void *context, const struct pl_tables *tables, const uint64_t *slots, size_t count,
                 uint8_t filter);
    /* Judges them on the committed tick. Returns how many verdicts list_kept() may give. */
    size_t (*judge_kept)(void *context);
    /* As take() from start to end of the set; `max` is at least that number. */
    size_t (*list_kept)(void *context, struct pl_sweep *sweep, struct pl_verdict *verdicts,
                        size_t max);
    void (*close)(void *context);
};

struct pl_dev {
    const struct pl_engine *engine;
    void *context; /* of the engine */
    const char *description;
    uint8_t profile;
    void *memory; /* of the tables */
    struct pl_tables tables;
    bool sweeping, per_underlying;
    bool prepared; /* the engine was told what the sweep takes */
    bool cut_off;  /* a load or a commit ended the sweep before its time */
    struct pl_sweep sweep;
    struct pl_trace trace; /* collects the records per underlying */
    struct pl_underlying_verdict *records;
    size_t record_count, record_capacity;
    bool out_of_memory;
    struct pl_watched_set watch;
};

/* Opens with an engine, whose context is the device's from then on, also on failure. */
int pl_software_open(struct pl_dev **out, uint8_t profile, const char *description,
                     const struct pl_engine *engine, void *context);

/* The operations besides open: see struct pl_dev_ops. */
void pl_software_close(struct pl_dev *dev);
void pl_software_capabilities(const struct pl_dev *dev, struct pl_capabilities *out);
int pl_software_load(struct pl_dev *dev, const struct pl_line *records, size_t count,
                     uint64_t *detail);
int pl_software_tick(struct pl_dev *dev, const struct pl_line *records, size_t count);
int pl_software_sweep(struct pl_dev *dev, const uint64_t *slots, size_t count, uint8_t filter,
                      bool per_underlying);
int pl_software_poll(struct pl_dev *dev, struct pl_verdict *verdicts, size_t max,
                     struct pl_tick_summary *summary);
int64_t pl_software_underlyings(struct pl_dev *dev, const struct pl_underlying_verdict **records);
int pl_software_watch(struct pl_dev *dev, const uint64_t *slots, size_t count, uint8_t filter);
int pl_software_post(struct pl_dev *dev, const struct pl_line *records, size_t count,
                     uint64_t tick);
int pl_software_watched(struct pl_dev *dev, struct pl_verdict *verdicts, size_t max,
                        struct pl_tick_summary *summary, bool *ended);
int pl_software_read_row(struct pl_dev *dev, uint32_t instrument, struct pl_row *row,
                         struct pl_quote *quote);

#define PL_SOFTWARE_OPS                                                                            \
    .close = pl_software_close, .capabilities = pl_software_capabilities,                          \
    .load = pl_software_load, .tick = pl_software_tick, .sweep = pl_software_sweep,                \
    .poll = pl_software_poll, .underlyings = pl_software_underlyings, .watch = pl_software_watch,  \
    .post = pl_software_post, .watched = pl_software_watched, .read_row = pl_software_read_row

#endif
