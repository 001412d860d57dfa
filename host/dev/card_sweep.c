/* Sweeps of a card. The stream goes to the card in pieces of whole accounts, each as long as its
 * verdicts surely fit; two are in flight, so that one is copied and read while the other is
 * evaluated. Lines are read as they come, in their order, by their numbers. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card_state.h"

#define STREAM_BYTES ((size_t)2 << 20)
#define STREAM_SLOTS (STREAM_BYTES / PL_SLOT_BYTES)
#define SCATTER_ENTRIES 256
#define LINE_SLOTS (PL_LINE_BYTES / PL_SLOT_BYTES)
#define VERDICT_LINES (sizeof(struct pl_verdict) / PL_LINE_BYTES)

int pl_card_open_pieces(struct pl_dev *dev)
{
    size_t least = VERDICT_LINES + dev->ring.registers.underlyings + 1; /* of one account */
    if (dev->verdict_lines < least)
        dev->verdict_lines = least;
    int error = 0;
    for (int i = 0; i < CARD_PIECES && error == 0; i++) {
        struct card_piece *piece = &dev->pieces[i];
        piece->stream = calloc(SCATTER_ENTRIES, sizeof *piece->stream);
        if (piece->stream == NULL)
            return -ENOMEM;
        error = pl_card_allocate(dev, dev->verdict_lines * PL_LINE_BYTES, PL_BUS_WRITE,
                                 &piece->verdicts);
        if (error == 0)
            error = pl_card_allocate(dev, SCATTER_ENTRIES * sizeof(struct pl_scatter), PL_BUS_READ,
                                     &piece->scatter);
    }
    return error;
}

void pl_card_close_pieces(struct pl_dev *dev)
{
    for (int i = 0; i < CARD_PIECES; i++) {
        struct card_piece *piece = &dev->pieces[i];
        for (size_t n = 0; n < piece->stream_count; n++)
            pl_ring_release(&dev->ring, &piece->stream[n]);
        free(piece->stream);
        pl_ring_release(&dev->ring, &piece->verdicts);
        pl_ring_release(&dev->ring, &piece->scatter);
    }
    free(dev->sweep.records);
}

void pl_card_forget_pieces(struct pl_dev *dev)
{
    for (int i = 0; i < CARD_PIECES; i++) {
        struct card_piece *piece = &dev->pieces[i];
        piece->in_flight = false;
        if (dev->ring.state != PL_RING_LOST) /* lines of old numbers, which come again */
            memset(piece->verdicts.memory, 0, piece->verdicts.bytes);
    }
    dev->first = dev->used = 0;
    dev->number = 0;
}

/* The next piece: slots from sweep.next on that end with an account whose verdicts still fit, or
 * with the stream. */
static size_t cut_piece(const struct pl_dev *dev, bool *last)
{
    const struct card_sweep *s = &dev->sweep;
    size_t closed = 1, open = 0, boundary = s->next; /* lines: of accounts before, of this one */
    size_t most = VERDICT_LINES + dev->model.underlyings;
    for (size_t i = s->next; i < s->count; i++) {
        switch (pl_slot_tag(s->slots[i])) {
        case PL_TAG_END: *last = true; return i + 1 - s->next;
        case PL_TAG_HEADER:
            closed += open;
            open = VERDICT_LINES;
            boundary = i;
            break;
        case PL_TAG_POSITION:
        case PL_TAG_REQUIREMENT: open += s->per_underlying && open < most; break;
        default: break;
        }
        if (boundary > s->next &&
            (closed + open > dev->verdict_lines || i - s->next >= dev->piece_slots)) {
            *last = false;
            return boundary - s->next;
        }
    }
    *last = true; /* without END, which the card will say */
    return s->count - s->next;
}

static int grow_stream(struct pl_dev *dev, struct card_piece *piece, size_t slots)
{
    size_t buffers = (slots + STREAM_SLOTS - 1) / STREAM_SLOTS;
    if (buffers > SCATTER_ENTRIES)
        return -PL_STATUS_LIMIT;
    for (; piece->stream_count < buffers; piece->stream_count++) {
        int error =
            pl_card_allocate(dev, STREAM_BYTES, PL_BUS_READ, &piece->stream[piece->stream_count]);
        if (error != 0)
            return error;
    }
    return 0;
}

/* Copies `count` slots, an END of our own if asked for, and padding to a whole line. */
static void fill_piece(struct card_piece *piece, const uint64_t *slots, size_t count, bool own_end)
{
    struct pl_scatter *scatter = piece->scatter.memory;
    size_t total = (count + own_end + LINE_SLOTS - 1) / LINE_SLOTS * LINE_SLOTS;
    total = total == 0 ? LINE_SLOTS : total;
    for (size_t n = 0, done = 0; done < total; n++) {
        size_t room = total - done < STREAM_SLOTS ? total - done : STREAM_SLOTS;
        size_t copied = count - done < room ? count - done : room;
        copied = done >= count ? 0 : copied;
        uint64_t *to = piece->stream[n].memory;
        if (copied > 0)
            memcpy(to, slots + done, copied * sizeof *to);
        memset(to + copied, 0, (room - copied) * sizeof *to);
        if (own_end && count >= done && count - done < room)
            to[count - done] = (uint64_t)PL_TAG_END << 56;
        scatter[n] =
            (struct pl_scatter){ .address = piece->stream[n].address, .slots = (uint32_t)room };
        done += room;
    }
    piece->slots = total;
    piece->own_end = own_end;
}

static int submit_piece(struct pl_dev *dev)
{
    struct card_sweep *s = &dev->sweep;
    struct card_piece *piece = &dev->pieces[(dev->first + dev->used) % CARD_PIECES];
    bool last;
    size_t count = cut_piece(dev, &last);
    int error = grow_stream(dev, piece, count + LINE_SLOTS);
    if (error != 0)
        return error;
    fill_piece(piece, s->slots + s->next, count, !last);
    /* Records of accounts that the filter drops come too, and only verdicts tell accounts apart. A
     * card knows no filter above the worst state. */
    uint8_t filter = s->filter < PL_STATE_BANKRUPT ? s->filter : PL_STATE_BANKRUPT;
    const bool one = piece->slots <= STREAM_SLOTS; /* which saves the card a round trip */
    const struct pl_submission submission = {
        .op = PL_OP_SWEEP,
        .filter = s->per_underlying ? PL_STATE_HEALTHY : filter,
        .per_underlying = s->per_underlying,
        .one_piece = one,
        .address = one ? piece->stream[0].address : piece->scatter.address,
        .count = one ? piece->slots : (piece->slots + STREAM_SLOTS - 1) / STREAM_SLOTS,
        .verdict_address = piece->verdicts.address,
        .verdict_lines = dev->verdict_lines,
    };
    error = pl_ring_submit(&dev->ring, &submission);
    if (error != 0)
        return error;
    piece->in_flight = true;
    piece->line = 0;
    piece->returned = 0;
    dev->used++;
    s->next += count;
    s->ended = last;
    return 0;
}

static void fail_sweep(struct pl_dev *dev, int status)
{
    dev->sweep.running = false;
    dev->sweep.status = status;
}

static void submit_pieces(struct pl_dev *dev)
{
    while (dev->sweep.running && !dev->sweep.ended && dev->used < CARD_PIECES) {
        int error = submit_piece(dev);
        if (error != 0)
            fail_sweep(dev, error);
    }
}

int pl_card_sweep(struct pl_dev *dev, const uint64_t *slots, size_t count, uint8_t filter,
                  bool per_underlying)
{
    struct card_sweep *s = &dev->sweep;
    pl_card_end_sweep(dev);
    s->slots = slots;
    s->count = count;
    s->next = 0;
    s->ended = s->cut_off = false;
    s->filter = filter;
    s->per_underlying = per_underlying;
    s->summary = (struct pl_tick_summary){ .last_account = UINT32_MAX };
    s->serial = 0;
    s->record_count = s->pending = 0;
    s->status = dev->ring.state == PL_RING_LOST    ? -PL_STATUS_LINK_DOWN
                : dev->ring.state == PL_RING_RESET ? -PL_STATUS_RESET
                : !dev->loaded || !dev->committed  ? -PL_STATUS_NOT_LOADED
                                                   : 0;
    s->running = s->status == 0;
    if (!s->running)
        return s->status;
    dev->message[0] = '\0';
    submit_pieces(dev);
    /* The card is at work while this register is read. */
    int refused = s->status == 0 ? pl_card_look_at_window(dev) : 0;
    if (refused != 0) {
        pl_card_end_sweep(dev);
        s->status = refused;
    }
    return s->status;
}

enum item {
    ITEM_NONE, /* not yet */
    ITEM_VERDICT,
    ITEM_UNDERLYING,
    ITEM_SUMMARY,
    ITEM_END, /* of a failed piece, after its last line */
    ITEM_BROKEN,
};

/* What stands at the piece's next line. A summary counts once the completion is there. */
static enum item next_item(const struct pl_dev *dev, const struct card_piece *piece,
                           const uint8_t **line)
{
    uint32_t number = dev->number & PL_CARD_NUMBER_MASK;
    bool whole = !piece->in_flight;
    size_t lines = whole ? piece->completion.verdict_lines : dev->verdict_lines;
    bool failed = whole && piece->completion.status != PL_STATUS_OK;
    if (lines > dev->verdict_lines)
        return ITEM_BROKEN;
    if (piece->line >= lines)
        return !whole ? ITEM_NONE : failed ? ITEM_END : ITEM_BROKEN;
    *line = (const uint8_t *)piece->verdicts.memory + piece->line * PL_LINE_BYTES;
    uint32_t serial = pl_ring_serial(*line);
    if (serial == (PL_CARD_UNDERLYING | number))
        return ITEM_UNDERLYING;
    if (serial == (PL_CARD_VERDICT | number) && piece->line + 1 < lines &&
        pl_ring_serial(*line + PL_LINE_BYTES) == serial)
        return ITEM_VERDICT;
    if (!whole)
        return ITEM_NONE;
    if (serial == (PL_CARD_SUMMARY | number) && piece->line + 1 == lines)
        return ITEM_SUMMARY;
    return failed ? ITEM_END : ITEM_BROKEN;
}

static void pass_item(struct pl_dev *dev, struct card_piece *piece, enum item item)
{
    piece->line += item == ITEM_VERDICT ? VERDICT_LINES : 1;
    dev->number = (dev->number + 1) & PL_CARD_NUMBER_MASK;
}

/* Gives the oldest piece's buffers free for the next one. */
static void free_piece(struct pl_dev *dev)
{
    struct card_piece *piece = &dev->pieces[dev->first];
    size_t lines = piece->completion.verdict_lines;
    lines = lines < dev->verdict_lines ? lines : dev->verdict_lines;
    memset(piece->verdicts.memory, 0, lines * PL_LINE_BYTES); /* zeros are never valid */
    dev->first = (dev->first + 1) % CARD_PIECES;
    dev->used--;
}

/* Waits until the oldest piece is complete, and counts its lines. */
static int drop_piece(struct pl_dev *dev)
{
    struct card_piece *piece = &dev->pieces[dev->first];
    struct pl_completion completion;
    struct pl_ring_wait wait;
    pl_ring_wait_start(&dev->ring, &wait, pl_card_limit_ns(dev, 0));
    while (piece->in_flight) {
        int error = pl_card_take(dev, &completion);
        if (error == 0 && piece->in_flight)
            error = pl_ring_wait(&dev->ring, &wait);
        if (error != 0)
            return error < 0 ? error : -EPROTO;
    }
    for (;;) {
        const uint8_t *line;
        enum item item = next_item(dev, piece, &line);
        if (item == ITEM_BROKEN)
            return -EPROTO;
        if (item == ITEM_END)
            break;
        pass_item(dev, piece, item);
        if (item == ITEM_SUMMARY)
            break;
    }
    uint32_t status = piece->completion.status;
    free_piece(dev);
    return pl_card_doubtful(status) ? -(int)status : 0;
}

static void drop_pieces(struct pl_dev *dev)
{
    while (dev->used > 0) {
        int error = drop_piece(dev);
        if (error != 0)
            pl_card_lose(dev, error);
    }
}

void pl_card_end_sweep(struct pl_dev *dev)
{
    dev->sweep.running = false;
    drop_pieces(dev);
}

static int add_record(struct card_sweep *s, const uint8_t *line)
{
    size_t n = s->record_count + s->pending;
    if (n == s->record_capacity) {
        size_t capacity = n == 0 ? 1024 : 2 * n;
        void *records = realloc(s->records, capacity * sizeof *s->records);
        if (records == NULL)
            return -ENOMEM;
        s->records = records;
        s->record_capacity = capacity;
    }
    memcpy(&s->records[n], line, sizeof *s->records);
    s->pending++;
    return 0;
}

/* 1 when the verdict is returned, 0 when the filter drops it. */
static int take_verdict(struct pl_dev *dev, struct card_piece *piece, const uint8_t *line,
                        struct pl_verdict *verdict)
{
    struct card_sweep *s = &dev->sweep;
    size_t pending = s->pending;
    piece->returned++;
    s->pending = 0;
    memcpy(verdict, line, sizeof *verdict);
    if (verdict->state < s->filter)
        return 0;
    verdict->serial = verdict->serial_again = s->serial++;
    for (; pending > 0; pending--)
        s->records[s->record_count++].serial = verdict->serial;
    return 1;
}

/* The sums of a sweep are those of its pieces. */
static bool add_summary(struct pl_dev *dev, struct card_piece *piece, const uint8_t *line)
{
    struct card_sweep *s = &dev->sweep;
    struct pl_tick_summary part;
    memcpy(&part, line, sizeof part);
    s->summary.tick = part.tick;
    s->summary.accounts += part.accounts;
    s->summary.slots += part.slots - piece->own_end;
    for (int state = 0; state <= PL_STATE_BANKRUPT; state++) {
        s->summary.by_state[state] += part.by_state[state];
        s->summary.flagged += state >= s->filter ? part.by_state[state] : 0;
    }
    if (part.accounts > 0)
        s->summary.last_account = part.last_account;
    return piece->completion.status != PL_STATUS_OK ||
           (part.status == PL_STATUS_OK && part.flagged == piece->returned);
}

/* The oldest piece has ended: is that the sweep's end, too? */
static int end_piece(struct pl_dev *dev, struct card_piece *piece)
{
    struct card_sweep *s = &dev->sweep;
    uint32_t status = piece->completion.status;
    if (status != PL_STATUS_OK) {
        snprintf(dev->message, sizeof dev->message, "sweep: %s, at %" PRIx64 " of a piece%s",
                 pl_error_name(-(int)status), piece->completion.detail, pl_card_hint(status));
        fail_sweep(dev, -(int)status);
    }
    free_piece(dev);
    if (status != PL_STATUS_OK && pl_card_doubtful(status))
        pl_card_lose(dev, -(int)status);
    else if (status != PL_STATUS_OK)
        drop_pieces(dev);
    submit_pieces(dev);
    if (s->running && s->ended && dev->used == 0)
        s->running = false;
    return 0;
}

/* Takes the next line: 1 with a verdict, 0 without, -EAGAIN when none has come. */
static int take_item(struct pl_dev *dev, struct pl_verdict *verdict)
{
    struct card_piece *piece = &dev->pieces[dev->first];
    const uint8_t *line = NULL;
    enum item item = next_item(dev, piece, &line);
    int taken = 0;
    switch (item) {
    case ITEM_NONE: return -EAGAIN;
    case ITEM_END: return end_piece(dev, piece);
    case ITEM_VERDICT: taken = take_verdict(dev, piece, line, verdict); break;
    case ITEM_UNDERLYING: taken = add_record(&dev->sweep, line); break;
    case ITEM_SUMMARY: taken = add_summary(dev, piece, line) ? 0 : -EPROTO; break;
    default: taken = -EPROTO; break;
    }
    if (taken < 0)
        return taken;
    pass_item(dev, piece, item);
    return item == ITEM_SUMMARY ? end_piece(dev, piece) : taken;
}

/* Forgets the records of the last poll; those of the account in flight stay. */
static void forget_records(struct card_sweep *s)
{
    if (s->pending > 0)
        memmove(s->records, s->records + s->record_count, s->pending * sizeof *s->records);
    s->record_count = 0;
}

int pl_card_poll(struct pl_dev *dev, struct pl_verdict *verdicts, size_t max,
                 struct pl_tick_summary *summary)
{
    struct card_sweep *s = &dev->sweep;
    struct pl_completion completion;
    struct pl_ring_wait wait;
    struct pl_verdict verdict;
    size_t taken = 0;
    forget_records(s);
    pl_ring_wait_start(&dev->ring, &wait, pl_card_limit_ns(dev, 0));
    while (s->running && taken < max) {
        int got = take_item(dev, &verdict);
        if (got == -EAGAIN) {
            bool was_in_flight = dev->pieces[dev->first].in_flight;
            got = pl_card_take(dev, &completion);
            got = got > 0 ? -EPROTO : got;
            if (got == 0 && was_in_flight && dev->pieces[dev->first].in_flight) {
                if (taken > 0)
                    break;
                got = pl_ring_wait(&dev->ring, &wait);
            }
        } else if (got == 0) { /* progress */
            pl_ring_wait_start(&dev->ring, &wait, pl_card_limit_ns(dev, 0));
        }
        if (got < 0) {
            if (got == -EPROTO)
                snprintf(
                    dev->message, sizeof dev->message,
                    "sweep: lines of the card are missing or not as the contract says: a write "
                    "of it may have been refused (see the kernel's log)");
            fail_sweep(dev, got);
            pl_card_lose(dev, got);
        } else if (got == 1) {
            verdicts[taken++] = verdict;
        }
    }
    if (s->cut_off)
        return -ECANCELED;
    if (taken == 0 && s->status != 0)
        return s->status;
    if (taken == 0 && summary != NULL && !s->running)
        *summary = s->summary;
    return (int)taken;
}

int64_t pl_card_underlyings(struct pl_dev *dev, const struct pl_underlying_verdict **records)
{
    *records = dev->sweep.records;
    return (int64_t)dev->sweep.record_count;
}
