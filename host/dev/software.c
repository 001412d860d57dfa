#include "software.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/row.h"

int pl_software_open(struct pl_dev **out, uint8_t profile, const char *description,
                     const struct pl_engine *engine, void *context)
{
    struct pl_dev *dev = calloc(1, sizeof *dev);
    if (dev == NULL) {
        engine->close(context);
        return -ENOMEM;
    }
    dev->engine = engine;
    dev->context = context;
    dev->description = description;
    dev->profile = profile;
    *out = dev;
    return 0;
}

void pl_software_close(struct pl_dev *dev)
{
    dev->engine->close(dev->context);
    pl_watched_set_clear(&dev->watch);
    free(dev->records);
    free(dev->memory);
    free(dev);
}

void pl_software_capabilities(const struct pl_dev *dev, struct pl_capabilities *out)
{
    bool small = dev->profile == PL_PROFILE_SMALL;
    *out = (struct pl_capabilities){
        .profile = dev->profile,
        .scenarios = small ? PL_SCENARIOS_MAX_SMALL : PL_SCENARIOS_MAX,
        .instruments = small ? PL_INSTRUMENTS_MAX_SMALL : PL_INSTRUMENTS_MAX,
        .expiries = PL_EXPIRIES_MAX,
        .underlyings = PL_UNDERLYINGS_MAX,
        .classes = PL_CLASSES_MAX,
        .bracket_tables = PL_BRACKET_TABLES_MAX,
        .watch_accounts = PL_WATCHED_SLOTS_MAX,
        .watch_slots = PL_WATCHED_SLOTS_MAX,
        .description = dev->description,
    };
}

int pl_software_load(struct pl_dev *dev, const struct pl_line *records, size_t count,
                     uint64_t *detail)
{
    struct pl_model model;
    *detail = 0;
    dev->cut_off |= dev->sweeping;
    dev->sweeping = false;
    pl_watched_set_clear(&dev->watch);
    if (count == 0 || records[0].bytes[0] != PL_RECORD_MODEL)
        return -PL_STATUS_MALFORMED_RECORD;
    memcpy(&model, &records[0], sizeof model);
    size_t bytes = pl_tables_size(&model, dev->profile);
    if (bytes == 0)
        return -PL_STATUS_LIMIT;
    free(dev->memory);
    dev->tables = (struct pl_tables){ .profile = dev->profile };
    dev->memory = aligned_alloc(PL_LINE_BYTES, bytes);
    if (dev->memory == NULL)
        return -ENOMEM;
    pl_tables_place(&dev->tables, &model, dev->profile, dev->memory);
    for (size_t i = 1; i < count; i++) {
        enum pl_status status = pl_tables_load(&dev->tables, &records[i]);
        *detail = i;
        if (status != PL_STATUS_OK)
            return -(int)status;
    }
    enum pl_status status = pl_tables_finish(&dev->tables, detail);
    if (status != PL_STATUS_OK)
        return -(int)status;
    int error = dev->engine->loaded(dev->context, &dev->tables);
    dev->tables.complete = error == 0;
    return error;
}

static int committed(struct pl_dev *dev)
{
    int error = dev->engine->committed(dev->context, &dev->tables);
    if (error != 0) {
        dev->tables.committed = false;
        return error;
    }
    return pl_watched_set_run(&dev->watch, &dev->tables, dev->engine, dev->context);
}

int pl_software_tick(struct pl_dev *dev, const struct pl_line *records, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        enum pl_status status;
        if (records[i].bytes[0] == PL_RECORD_TICK_COMMIT) {
            struct pl_tick_commit commit;
            memcpy(&commit, &records[i], sizeof commit);
            dev->cut_off |= dev->sweeping;
            dev->sweeping = false;
            status = pl_tables_commit(&dev->tables, commit.tick, commit.time_us);
            int error = status == PL_STATUS_OK ? committed(dev) : 0;
            if (error != 0)
                return error;
        } else {
            status = pl_tables_tick(&dev->tables, &records[i]);
        }
        if (status != PL_STATUS_OK)
            return -(int)status;
    }
    return 0;
}

static struct pl_underlying_verdict *new_record(struct pl_dev *dev)
{
    if (dev->record_count == dev->record_capacity) {
        size_t capacity = dev->record_capacity == 0 ? 1024 : 2 * dev->record_capacity;
        void *records = realloc(dev->records, capacity * sizeof *dev->records);
        if (records == NULL) {
            dev->out_of_memory = true;
            return NULL;
        }
        dev->records = records;
        dev->record_capacity = capacity;
    }
    return &dev->records[dev->record_count++];
}

static void ignore_expiry(void *context, uint16_t expiry, const struct pl_sums *sums,
                          bool unpriced_asset)
{
    (void)context, (void)expiry, (void)sums, (void)unpriced_asset;
}

static void ignore_offset(void *context, int view, const struct pl_offset_sums *offset,
                          int64_t loss)
{
    (void)context, (void)view, (void)offset, (void)loss;
}

static void record_underlying(void *context, int view, const struct pl_underlying_result *r)
{
    struct pl_dev *dev = context;
    uint32_t overflow = 0;
    struct pl_underlying_verdict *record = view == 0 ? new_record(dev) : NULL;
    if (dev->out_of_memory)
        return;
    if (view > 0) /* the verdict shows the last view, whose call follows that of the one before */
        record = &dev->records[dev->record_count - 1];
    int64_t loss = pl_money_sub(0, r->worst_loss, &overflow);
    int64_t mm_loss = pl_money_scale_up(loss, r->mm_loss_factor, &overflow);
    int64_t im_loss = pl_money_scale_up(loss, r->im_loss_factor, &overflow);
    int64_t mm = pl_money_add(mm_loss, r->mm_other, &overflow);
    int64_t im = pl_money_add(im_loss, r->im_other, &overflow);
    *record = (struct pl_underlying_verdict){
        .underlying = r->underlying,
        .worst_scenario = r->worst_scenario,
        .flags = (uint16_t)(r->flags | overflow),
        .value = r->sums->value,
        .worst_loss = r->worst_loss,
        .maintenance_requirement = mm,
        .initial_requirement = im,
        .delta = r->sums->greeks[PL_GREEK_DELTA],
        .vega = r->sums->greeks[PL_GREEK_VEGA],
    };
}

int pl_software_sweep(struct pl_dev *dev, const uint64_t *slots, size_t count, uint8_t filter,
                      bool per_underlying)
{
    pl_sweep_start(&dev->sweep, &dev->tables, slots, count, filter);
    dev->sweeping = dev->sweep.status == PL_STATUS_OK;
    dev->prepared = dev->engine->prepare == NULL;
    dev->cut_off = false;
    dev->per_underlying = per_underlying;
    dev->record_count = 0;
    dev->out_of_memory = false;
    dev->trace = (struct pl_trace){ dev, ignore_expiry, record_underlying, ignore_offset };
    dev->sweep.trace = per_underlying ? &dev->trace : NULL;
    return -(int)dev->sweep.status;
}

/* As the engine's take, with the records of the verdicts that are returned. */
static size_t take_with_records(struct pl_dev *dev, struct pl_verdict *verdicts, size_t max)
{
    size_t taken = 0;
    while (taken < max && !dev->sweep.ended) {
        struct pl_verdict *v = &verdicts[taken];
        size_t first = dev->record_count;
        size_t got = pl_sweep_take_one(&dev->sweep, v);
        if (got == 0) /* filtered out */
            dev->record_count = first;
        for (size_t i = first; i < dev->record_count; i++) {
            dev->records[i].account = v->account;
            dev->records[i].serial = v->serial;
        }
        taken += got;
    }
    return taken;
}

int pl_software_poll(struct pl_dev *dev, struct pl_verdict *verdicts, size_t max,
                     struct pl_tick_summary *summary)
{
    size_t taken = 0;
    dev->record_count = 0;
    if (dev->sweeping) {
        if (!dev->prepared)
            dev->engine->prepare(dev->context, &dev->tables, dev->sweep.slots, dev->sweep.count);
        dev->prepared = true;
        taken = dev->per_underlying ? take_with_records(dev, verdicts, max)
                                    : dev->engine->take(dev->context, &dev->sweep, verdicts, max);
        if (dev->out_of_memory)
            return -ENOMEM;
        dev->sweeping = !dev->sweep.ended;
    }
    if (dev->cut_off)
        return -ECANCELED;
    if (taken == 0 && dev->sweep.status != PL_STATUS_OK)
        return -(int)dev->sweep.status;
    if (taken == 0 && summary != NULL && !dev->sweeping)
        *summary = dev->sweep.summary;
    return (int)taken;
}

int64_t pl_software_underlyings(struct pl_dev *dev, const struct pl_underlying_verdict **records)
{
    *records = dev->records;
    return (int64_t)dev->record_count;
}

int pl_software_watch(struct pl_dev *dev, const uint64_t *slots, size_t count, uint8_t filter)
{
    if (!dev->tables.complete)
        return -PL_STATUS_NOT_LOADED;
    size_t accounts;
    int error = pl_watched_set_check(&dev->tables, slots, count, &accounts);
    if (error != 0)
        return error;
    const bool kept = dev->engine->keep != NULL &&
                      dev->engine->keep(dev->context, &dev->tables, slots, count, filter);
    return pl_watched_set_replace(&dev->watch, slots, count, accounts, filter, kept);
}

int pl_software_post(struct pl_dev *dev, const struct pl_line *records, size_t count, uint64_t tick)
{
    struct pl_line commit;
    struct pl_tick_commit c = { .kind = PL_RECORD_TICK_COMMIT,
                                .tick = tick,
                                .time_us = dev->tables.time_us };
    memcpy(&commit, &c, sizeof commit);
    if (!dev->tables.committed)
        return -PL_STATUS_NOT_LOADED;
    if (count == 0 || count > PL_WINDOW_LINES)
        return -PL_STATUS_LIMIT;
    int error = pl_software_tick(dev, records, count);
    return error != 0 ? error : pl_software_tick(dev, &commit, 1);
}

int pl_software_watched(struct pl_dev *dev, struct pl_verdict *verdicts, size_t max,
                        struct pl_tick_summary *summary, bool *ended)
{
    return pl_watched_set_take(&dev->watch, verdicts, max, summary, ended);
}

int pl_software_read_row(struct pl_dev *dev, uint32_t instrument, struct pl_row *row,
                         struct pl_quote *quote)
{
    if (!dev->tables.complete || !dev->tables.committed)
        return -PL_STATUS_NOT_LOADED;
    if (instrument >= dev->tables.model.instruments)
        return -ENOENT;
    const uint64_t slot = pl_slot_position(PL_TAG_POSITION, 0, instrument);
    if (dev->engine->prepare != NULL)
        dev->engine->prepare(dev->context, &dev->tables, &slot, 1);
    pl_row_fill(&dev->tables, instrument, row, quote);
    *row = dev->tables.rows[instrument]; /* the one that sweeps read */
    return 0;
}
