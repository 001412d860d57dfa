#include "card.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card_state.h"
#include "model/tables.h"

#define RING_ENTRIES 16
#define RECORD_LINES 16384
#define ITEM_NS 1000 /* a slot or a record, at the very most */
#define ROW_LINES ((sizeof(struct pl_row) + sizeof(struct pl_quote)) / PL_LINE_BYTES)

static int release_and_fail(struct pl_dev *dev, int error, char *message)
{
    snprintf(message, PL_MESSAGE_BYTES, "%s", dev->message);
    pl_card_close(dev);
    return error;
}

int pl_card_open(const struct pl_bus *bus, const struct pl_card_options *options,
                 struct pl_dev **out, char *message)
{
    message[0] = '\0';
    struct pl_dev *dev = calloc(1, sizeof *dev);
    if (dev == NULL) {
        bus->close(bus->context);
        return -ENOMEM;
    }
    int error = pl_ring_open(&dev->ring, bus, RING_ENTRIES, message);
    if (error != 0) {
        free(dev);
        return error;
    }
    snprintf(dev->description, sizeof dev->description, "%s", options->description);
    dev->verdict_lines = options->verdict_lines != 0 ? options->verdict_lines : 65536;
    dev->piece_slots = options->piece_slots != 0 ? options->piece_slots : 262144;
    error = pl_card_allocate(dev, RECORD_LINES * PL_LINE_BYTES, PL_BUS_READ, &dev->records);
    error = error != 0 ? error
                       : pl_card_allocate(dev, ROW_LINES * PL_LINE_BYTES, PL_BUS_WRITE, &dev->row);
    error = error != 0 ? error : pl_card_open_pieces(dev);
    if (error != 0)
        return release_and_fail(dev, error, message);
    *out = dev;
    return 0;
}

int pl_card_allocate(struct pl_dev *dev, size_t bytes, uint32_t access, struct pl_dma *out)
{
    int error = pl_ring_allocate(&dev->ring, bytes, access, out);
    if (error != 0)
        snprintf(dev->message, sizeof dev->message, "%s", dev->ring.message);
    return error;
}

void pl_card_close(struct pl_dev *dev)
{
    if (dev->ring.state == PL_RING_READY)
        pl_ring_reset(&dev->ring); /* before its memory goes */
    pl_card_close_pieces(dev);
    pl_ring_release(&dev->ring, &dev->row);
    pl_ring_release(&dev->ring, &dev->records);
    pl_ring_close(&dev->ring);
    free(dev);
}

const char *pl_card_message(const struct pl_dev *dev)
{
    return dev->message;
}

void pl_card_capabilities(const struct pl_dev *dev, struct pl_capabilities *out)
{
    *out = (struct pl_capabilities){
        .profile = (uint8_t)dev->ring.registers.profile,
        .scenarios = dev->ring.registers.scenarios,
        .instruments = dev->ring.registers.instruments,
        .expiries = dev->ring.registers.expiries,
        .underlyings = dev->ring.registers.underlyings,
        .classes = dev->ring.registers.classes,
        .bracket_tables = dev->ring.registers.bracket_tables,
        .watch_accounts = PL_WATCH_ACCOUNTS_MAX,
        .watch_slots = dev->ring.registers.watch_slots,
        .description = dev->description,
    };
}

bool pl_card_doubtful(uint32_t status)
{
    return status == PL_STATUS_BUS_ERROR || status == PL_STATUS_TIMEOUT ||
           status == PL_STATUS_UNCORRECTABLE || status == PL_STATUS_LINK_DOWN ||
           status == PL_STATUS_RESET;
}

const char *pl_card_hint(uint32_t status)
{
    return status == PL_STATUS_BUS_ERROR
               ? "; on PCI, `dmesg | grep -E 'DMAR|AMD-Vi|AER'` has what the IOMMU or the link refused"
               : "";
}

void pl_card_lose(struct pl_dev *dev, int error)
{
    struct card_sweep *s = &dev->sweep;
    if (dev->message[0] == '\0')
        snprintf(dev->message, sizeof dev->message, "%s: %.*s", pl_error_name(error),
                 PL_MESSAGE_BYTES / 2, dev->ring.message);
    if (dev->ring.state == PL_RING_READY && pl_ring_reset(&dev->ring) != 0) {
        size_t used = strlen(dev->message);
        snprintf(dev->message + used, sizeof dev->message - used, "; %s", dev->ring.message);
    }
    if (s->running) {
        s->running = false;
        s->status = error;
    }
    pl_card_forget_pieces(dev);
    dev->loaded = dev->committed = false;
    dev->watch_number = dev->watch_taken = dev->watch_idle = 0;
}

int pl_card_take(struct pl_dev *dev, struct pl_completion *completion)
{
    int got = pl_ring_poll(&dev->ring, completion);
    if (got <= 0)
        return got;
    for (unsigned i = 0; i < dev->used; i++) { /* in their order; a piece precedes all else */
        struct card_piece *piece = &dev->pieces[(dev->first + i) % CARD_PIECES];
        if (piece->in_flight) {
            piece->in_flight = false;
            piece->completion = *completion;
            return 0;
        }
    }
    return 1;
}

uint64_t pl_card_limit_ns(const struct pl_dev *dev, uint64_t items)
{
    for (unsigned i = 0; i < CARD_PIECES; i++)
        items += dev->pieces[i].in_flight ? dev->pieces[i].slots : 0;
    return items * ITEM_NS;
}

int pl_card_ready(const struct pl_dev *dev)
{
    switch (dev->ring.state) {
    case PL_RING_LOST: return -PL_STATUS_LINK_DOWN;
    case PL_RING_RESET: return -PL_STATUS_RESET;
    default: return 0;
    }
}

static const char *operation_name(uint8_t op)
{
    switch (op) {
    case PL_OP_LOAD: return "load";
    case PL_OP_TICK: return "tick";
    case PL_OP_COMMIT: return "commit";
    case PL_OP_WATCH: return "watch";
    default: return "read rows";
    }
}

int pl_card_run(struct pl_dev *dev, const struct pl_submission *submission, uint64_t *detail)
{
    struct pl_completion completion = { 0 };
    struct pl_ring_wait wait;
    int got = 0;
    dev->message[0] = '\0';
    int error = pl_ring_submit(&dev->ring, submission);
    pl_ring_wait_start(&dev->ring, &wait, pl_card_limit_ns(dev, submission->count));
    while (error == 0) {
        got = pl_card_take(dev, &completion);
        error = got < 0 ? got : 0;
        if (got != 0)
            break;
        error = pl_ring_wait(&dev->ring, &wait);
    }
    if (error != 0) {
        pl_card_lose(dev, error);
        return error;
    }
    *detail = completion.detail;
    if (completion.status == PL_STATUS_OK)
        return 0;
    error = -(int)completion.status;
    snprintf(dev->message, sizeof dev->message, "%s: %s, at %" PRIx64 "%s",
             operation_name(submission->op), pl_error_name(error), completion.detail,
             pl_card_hint(completion.status));
    if (pl_card_doubtful(completion.status))
        pl_card_lose(dev, error);
    return error;
}

static void cut_off(struct pl_dev *dev)
{
    if (!dev->sweep.running)
        return;
    dev->sweep.cut_off = true;
    pl_card_end_sweep(dev);
}

static bool fits(const struct pl_dev *dev, const struct pl_model *m)
{
    const struct pl_card_registers *r = &dev->ring.registers;
    return pl_tables_size(m, (uint8_t)r->profile) != 0 && m->instruments <= r->instruments &&
           m->expiries <= r->expiries && m->underlyings <= r->underlyings &&
           m->classes <= r->classes && m->bracket_tables < r->bracket_tables;
}

int pl_card_stage(struct pl_dev *dev, const void *data, size_t bytes)
{
    if (bytes > dev->records.bytes) {
        struct pl_dma more;
        int error = pl_card_allocate(dev, bytes, PL_BUS_READ, &more);
        if (error != 0)
            return error;
        pl_ring_release(&dev->ring, &dev->records);
        dev->records = more;
    }
    if (bytes > 0)
        memcpy(dev->records.memory, data, bytes);
    return 0;
}

int pl_card_load(struct pl_dev *dev, const struct pl_line *records, size_t count, uint64_t *detail)
{
    struct pl_model model;
    *detail = 0;
    cut_off(dev);
    if (count == 0 || records[0].bytes[0] != PL_RECORD_MODEL)
        return -PL_STATUS_MALFORMED_RECORD;
    memcpy(&model, &records[0], sizeof model);
    if (!fits(dev, &model))
        return -PL_STATUS_LIMIT;
    int error = dev->ring.state == PL_RING_RESET ? pl_ring_start(&dev->ring) : pl_card_ready(dev);
    error = error != 0 ? error : pl_card_stage(dev, records, count * sizeof *records);
    if (error != 0)
        return error;
    dev->loaded = dev->committed = false;
    dev->model = model;
    const struct pl_submission submission = { .op = PL_OP_LOAD,
                                              .address = dev->records.address,
                                              .count = count };
    error = pl_card_run(dev, &submission, detail);
    dev->loaded = error == 0;
    dev->posted = false;
    if (dev->loaded)
        pl_ring_window_clear(&dev->ring);
    return error;
}

static int commit(struct pl_dev *dev, const struct pl_line *record)
{
    struct pl_tick_commit c;
    uint64_t detail;
    memcpy(&c, record, sizeof c);
    cut_off(dev);
    if (pl_card_ready(dev) != 0 || !dev->loaded)
        return pl_card_ready(dev) != 0 ? pl_card_ready(dev) : -PL_STATUS_NOT_LOADED;
    const struct pl_submission submission = { .op = PL_OP_COMMIT,
                                              .tick = c.tick,
                                              .time_us = c.time_us };
    int error = pl_card_run(dev, &submission, &detail);
    dev->committed |= error == 0;
    return error;
}

/* Records up to the next COMMIT, at most as many as the buffer takes. */
static size_t tick_part(const struct pl_dev *dev, const struct pl_line *records, size_t count)
{
    size_t n = 0, most = dev->records.bytes / sizeof *records;
    while (n < count && n < most && records[n].bytes[0] != PL_RECORD_TICK_COMMIT)
        n++;
    return n;
}

int pl_card_tick(struct pl_dev *dev, const struct pl_line *records, size_t count)
{
    uint64_t detail;
    int error = pl_card_ready(dev);
    error = error != 0 ? error : pl_card_look_at_window(dev);
    for (size_t done = 0; done < count && error == 0;) {
        if (records[done].bytes[0] == PL_RECORD_TICK_COMMIT) {
            error = commit(dev, &records[done++]);
            continue;
        }
        if (!dev->loaded)
            return -PL_STATUS_NOT_LOADED;
        size_t n = tick_part(dev, records + done, count - done);
        const struct pl_submission submission = { .op = PL_OP_TICK,
                                                  .address = dev->records.address,
                                                  .count = n };
        error = pl_card_stage(dev, records + done, n * sizeof *records);
        error = error != 0 ? error : pl_card_run(dev, &submission, &detail);
        done += n;
    }
    return error;
}

int pl_card_read_row(struct pl_dev *dev, uint32_t instrument, struct pl_row *row,
                     struct pl_quote *quote)
{
    uint64_t detail;
    if (pl_card_ready(dev) != 0)
        return pl_card_ready(dev);
    if (!dev->loaded || !dev->committed)
        return -PL_STATUS_NOT_LOADED;
    if (instrument >= dev->model.instruments)
        return -ENOENT;
    const struct pl_submission submission = { .op = PL_OP_READ_ROWS,
                                              .address = instrument,
                                              .count = 1,
                                              .verdict_address = dev->row.address,
                                              .verdict_lines = ROW_LINES };
    int error = pl_card_run(dev, &submission, &detail);
    if (error != 0)
        return error;
    memcpy(row, dev->row.memory, sizeof *row);
    if (quote != NULL)
        memcpy(quote, (uint8_t *)dev->row.memory + sizeof *row, sizeof *quote);
    return 0;
}
