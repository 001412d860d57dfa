#include "ring.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ALL_ONES UINT32_MAX
#define PHASE (UINT32_C(1) << 31)
#define RINGS 3
#define LOOK_EVERY 64                    /* rounds of a wait between looks at the registers */
#define ERROR_GRACE_NS UINT64_C(1000000) /* for the completion that tells what ERROR is about */

__attribute__((format(printf, 3, 4))) static int fail(struct pl_ring *ring, int code,
                                                      const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(ring->message, sizeof ring->message, format, arguments);
    va_end(arguments);
    return code;
}

static uint32_t read_register(struct pl_ring *ring, uint32_t offset)
{
    return ring->bus.read32(ring->bus.context, offset);
}

static void write_register(struct pl_ring *ring, uint32_t offset, uint32_t value)
{
    ring->bus.write32(ring->bus.context, offset, value);
}

static int link_down(struct pl_ring *ring)
{
    return fail(ring, -PL_STATUS_LINK_DOWN,
                "the card does not answer: its registers read as all ones; check power and link, "
                "then open it again");
}

int pl_ring_allocate(struct pl_ring *ring, size_t bytes, uint32_t access, struct pl_dma *out)
{
    *out = (struct pl_dma){ .bytes = bytes };
    out->memory = ring->bus.allocate(ring->bus.context, bytes, access, &out->address);
    if (out->memory != NULL)
        return 0;
    int code = -ENOMEM;
    const char *why =
        ring->bus.refusal != NULL ? ring->bus.refusal(ring->bus.context, &code) : NULL;
    return fail(ring, code, "no memory that the card can reach%s%s", why != NULL ? ": " : "",
                why != NULL ? why : "");
}

void pl_ring_release(struct pl_ring *ring, struct pl_dma *dma)
{
    if (dma->memory == NULL)
        return;
    if (ring->state == PL_RING_LOST)
        ring->quarantined += dma->bytes;
    else
        ring->bus.release(ring->bus.context, dma->memory);
    *dma = (struct pl_dma){ 0 };
}

static int check_identity(struct pl_ring *ring)
{
    uint32_t magic = read_register(ring, PL_REG_MAGIC);
    uint32_t version = read_register(ring, PL_REG_CONTRACT_VERSION);
    uint64_t hash = read_register(ring, PL_REG_CONTRACT_HASH_LOW) |
                    (uint64_t)read_register(ring, PL_REG_CONTRACT_HASH_HIGH) << 32;
    if (magic == ALL_ONES)
        return link_down(ring);
    if (magic != PL_MAGIC)
        return fail(ring, -ENXIO,
                    "this is no Plimsoll card: its first register is %08" PRIx32 ", not %08" PRIx32,
                    magic, (uint32_t)PL_MAGIC);
    if (version != PL_CONTRACT_VERSION || hash != PL_CONTRACT_HASH)
        return fail(ring, -PL_STATUS_CONTRACT,
                    "the card speaks contract %" PRIu32 " (%016" PRIX64
                    "), this program %d (%016" PRIX64 "): use card and program of one build",
                    version, hash, PL_CONTRACT_VERSION, PL_CONTRACT_HASH);
    return 0;
}

static int read_capabilities(struct pl_ring *ring)
{
    struct pl_card_registers *r = &ring->registers;
    *r = (struct pl_card_registers){
        .build = read_register(ring, PL_REG_BUILD),
        .profile = read_register(ring, PL_REG_PROFILE),
        .lanes = read_register(ring, PL_REG_LANES),
        .scenarios = read_register(ring, PL_REG_CAP_SCENARIOS),
        .instruments = read_register(ring, PL_REG_CAP_INSTRUMENTS),
        .expiries = read_register(ring, PL_REG_CAP_EXPIRIES),
        .underlyings = read_register(ring, PL_REG_CAP_UNDERLYINGS),
        .classes = read_register(ring, PL_REG_CAP_CLASSES),
        .bracket_tables = read_register(ring, PL_REG_CAP_BRACKET_TABLES),
        .watch_slots = read_register(ring, PL_REG_CAP_WATCH_SLOTS),
    };
    if (r->watch_slots == ALL_ONES)
        return link_down(ring);
    if (r->profile != PL_PROFILE_FULL && r->profile != PL_PROFILE_SMALL)
        return fail(ring, -PL_STATUS_CONTRACT, "the card has the unknown profile %" PRIu32,
                    r->profile);
    return 0;
}

int pl_ring_start(struct pl_ring *ring)
{
    const struct pl_dma *rings[] = { &ring->submissions, &ring->completions, &ring->watched };
    static const uint32_t bases[] = { PL_REG_SUBMIT_BASE_LOW, PL_REG_COMPLETE_BASE_LOW,
                                      PL_REG_WATCH_BASE_LOW };
    const uint32_t sizes[] = { ring->entries, ring->entries, PL_RING_ENTRIES_MAX };
    if (ring->state == PL_RING_LOST)
        return -PL_STATUS_LINK_DOWN;
    for (int i = 0; i < RINGS; i++) {
        memset(rings[i]->memory, 0, rings[i]->bytes);
        write_register(ring, bases[i], (uint32_t)rings[i]->address);
        write_register(ring, bases[i] + 4, (uint32_t)(rings[i]->address >> 32));
        write_register(ring, bases[i] + 8, sizes[i]);
    }
    ring->submitted = ring->completed = ring->watched_taken = ring->window_line = 0;
    ring->error_known = false;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    write_register(ring, PL_REG_CONTROL, PL_CONTROL_ENABLE);
    for (int i = 0; i < RINGS; i++) { /* errors of posted writes are lost: read back */
        uint32_t low = read_register(ring, bases[i]), high = read_register(ring, bases[i] + 4);
        uint32_t entries = read_register(ring, bases[i] + 8);
        if (entries == ALL_ONES) {
            ring->state = PL_RING_LOST;
            return link_down(ring);
        }
        if ((low | (uint64_t)high << 32) != rings[i]->address || entries != sizes[i]) {
            write_register(ring, PL_REG_CONTROL, 0);
            return fail(ring, -PL_STATUS_BAD_ADDRESS,
                        "the card refused a ring of %" PRIu32 " entries at %" PRIx64, sizes[i],
                        rings[i]->address);
        }
    }
    ring->state = PL_RING_READY;
    return 0;
}

static int open_rings(struct pl_ring *ring, uint32_t entries)
{
    int error = check_identity(ring);
    error = error != 0 ? error : read_capabilities(ring);
    error = error != 0 ? error : pl_ring_reset(ring);
    ring->entries = entries;
    if (error == 0)
        error = pl_ring_allocate(ring, entries * sizeof(struct pl_submission), PL_BUS_READ,
                                 &ring->submissions);
    if (error == 0)
        error = pl_ring_allocate(ring, entries * sizeof(struct pl_completion), PL_BUS_WRITE,
                                 &ring->completions);
    if (error == 0)
        error = pl_ring_allocate(ring, PL_RING_ENTRIES_MAX * PL_LINE_BYTES, PL_BUS_WRITE,
                                 &ring->watched);
    return error != 0 ? error : pl_ring_start(ring);
}

int pl_ring_open(struct pl_ring *ring, const struct pl_bus *bus, uint32_t entries, char *message)
{
    *ring = (struct pl_ring){ .bus = *bus, .state = PL_RING_RESET };
    int error = open_rings(ring, entries);
    if (error != 0) {
        snprintf(message, PL_MESSAGE_BYTES, "%s", ring->message);
        pl_ring_close(ring);
    }
    return error;
}

/* A card that still works on something is stopped first. */
void pl_ring_close(struct pl_ring *ring)
{
    if (ring->state == PL_RING_READY)
        pl_ring_reset(ring);
    pl_ring_release(ring, &ring->submissions);
    pl_ring_release(ring, &ring->completions);
    pl_ring_release(ring, &ring->watched);
    ring->bus.close(ring->bus.context);
}

int pl_ring_submit(struct pl_ring *ring, const struct pl_submission *submission)
{
    if (ring->state != PL_RING_READY)
        return ring->state == PL_RING_LOST ? -PL_STATUS_LINK_DOWN : -PL_STATUS_RESET;
    if (ring->submitted - ring->completed == ring->entries)
        return -EAGAIN;
    uint32_t round = ring->submitted / ring->entries;
    struct pl_submission *entries = ring->submissions.memory;
    struct pl_submission *entry = &entries[ring->submitted & (ring->entries - 1)];
    struct pl_submission filled = *submission;
    uint32_t first, serial = (ring->submitted & ~PHASE) | (round % 2 == 0 ? PHASE : 0);
    filled.serial = serial;
    memcpy(&first, &filled, sizeof first);
    memcpy((uint8_t *)entry + 8, (uint8_t *)&filled + 8, sizeof *entry - 8);
    memcpy(entry, &first, sizeof first);
    __atomic_store_n(&entry->serial, serial, __ATOMIC_RELEASE); /* the phase: the entry is whole */
    ring->submitted++;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    write_register(ring, PL_REG_SUBMIT_DOORBELL, ring->submitted);
    return 0;
}

int pl_ring_poll(struct pl_ring *ring, struct pl_completion *completion)
{
    if (ring->state != PL_RING_READY || ring->submitted == ring->completed)
        return 0;
    const char *trouble = ring->bus.trouble(ring->bus.context);
    if (trouble != NULL)
        return fail(ring, -PL_STATUS_BUS_ERROR, "the bus is in trouble: %.*s",
                    PL_MESSAGE_BYTES - 64, trouble);
    const struct pl_completion *entries = ring->completions.memory;
    const struct pl_completion *entry = &entries[ring->completed & (ring->entries - 1)];
    uint32_t phase = ring->completed / ring->entries % 2 == 0 ? PHASE : 0;
    uint32_t serial = pl_ring_serial(entry);
    if ((serial & PHASE) != phase)
        return 0;
    *completion = *entry;
    if ((serial & ~PHASE) != (ring->completed & ~PHASE))
        return fail(ring, -EPROTO, "the card completed submission %" PRIu32 " instead of %" PRIu32,
                    serial & ~PHASE, ring->completed & ~PHASE);
    ring->completed++;
    ring->error_known |= completion->status != PL_STATUS_OK;
    __atomic_thread_fence(__ATOMIC_SEQ_CST); /* the entry was read before the card may reuse it */
    write_register(ring, PL_REG_COMPLETE_CONSUMED, ring->completed);
    return 1;
}

const void *pl_ring_watched(const struct pl_ring *ring, uint32_t ahead)
{
    uint32_t place = (ring->watched_taken + ahead) & (PL_RING_ENTRIES_MAX - 1);
    return (const uint8_t *)ring->watched.memory + (size_t)place * PL_LINE_BYTES;
}

void pl_ring_watched_take(struct pl_ring *ring, uint32_t lines)
{
    ring->watched_taken += lines;
    __atomic_thread_fence(__ATOMIC_SEQ_CST); /* they were read before the card may reuse them */
    write_register(ring, PL_REG_WATCH_CONSUMED, ring->watched_taken);
}

/* The fields that TICK_PRICE and TICK_VOL have in one place. */
static void number_line(struct pl_line *line, uint32_t number, uint64_t tick)
{
    _Static_assert(offsetof(struct pl_tick_price, line) == offsetof(struct pl_tick_vol, line) &&
                       offsetof(struct pl_tick_price, tick) == offsetof(struct pl_tick_vol, tick),
                   "lines of the window are numbered alike");
    memcpy(line->bytes + offsetof(struct pl_tick_price, line), &number, sizeof number);
    memcpy(line->bytes + offsetof(struct pl_tick_price, tick), &tick, sizeof tick);
}

int pl_ring_window(struct pl_ring *ring, const struct pl_line *records, size_t count, uint64_t tick)
{
    if (ring->bus.write_line == NULL)
        return -ENOTSUP;
    if (ring->state != PL_RING_READY)
        return ring->state == PL_RING_LOST ? -PL_STATUS_LINK_DOWN : -PL_STATUS_RESET;
    if (count == 0 || count > PL_WINDOW_LINES)
        return -PL_STATUS_LIMIT;
    for (size_t i = 0; i < count; i++) {
        struct pl_line line = records[i];
        uint32_t number = ++ring->window_line;
        number_line(&line, number, i + 1 == count ? tick : 0);
        ring->bus.write_line(ring->bus.context,
                             (number - 1) * PL_LINE_BYTES & (PL_WINDOW_BYTES - 1), &line);
    }
    if (ring->bus.flush != NULL)
        ring->bus.flush(ring->bus.context);
    return 0;
}

int pl_ring_window_status(struct pl_ring *ring)
{
    uint32_t status = read_register(ring, PL_REG_WINDOW_STATUS);
    return status == ALL_ONES ? link_down(ring) : -(int)status;
}

void pl_ring_window_clear(struct pl_ring *ring)
{
    write_register(ring, PL_REG_CONTROL, PL_CONTROL_ENABLE | PL_CONTROL_WINDOW_CLEAR);
    ring->window_line = 0;
}

void pl_ring_relax(struct pl_ring *ring)
{
    ring->bus.relax(ring->bus.context);
}

static uint64_t now(struct pl_ring *ring)
{
    return ring->bus.now_ns(ring->bus.context);
}

void pl_ring_wait_start(struct pl_ring *ring, struct pl_ring_wait *wait, uint64_t limit_ns)
{
    *wait = (struct pl_ring_wait){ .deadline_ns = now(ring) + ring->bus.wait_ns + limit_ns };
}

/* A reset by somebody else, and an error that no completion told of: leave that completion a little
 * time. */
static int look_at_registers(struct pl_ring *ring, struct pl_ring_wait *wait)
{
    uint32_t control = read_register(ring, PL_REG_CONTROL);
    uint32_t error = read_register(ring, PL_REG_ERROR);
    if (error == ALL_ONES)
        return link_down(ring);
    if (ring->state == PL_RING_READY && (control & PL_CONTROL_ENABLE) == 0)
        return fail(ring, -PL_STATUS_RESET,
                    "the card was reset while it worked, and not by this program: load again");
    if (error != PL_STATUS_OK && !ring->error_known && wait->error == 0) {
        uint64_t grace = now(ring) + ERROR_GRACE_NS;
        wait->error = error;
        wait->deadline_ns = grace < wait->deadline_ns ? grace : wait->deadline_ns;
    }
    return 0;
}

int pl_ring_wait(struct pl_ring *ring, struct pl_ring_wait *wait)
{
    if (wait->last && wait->error != 0)
        return fail(ring, -(int)wait->error, "the card reports %s and does not complete",
                    pl_error_name(-(int)wait->error));
    if (wait->last) {
        int error = look_at_registers(ring, wait);
        return error != 0 ? error
                          : fail(ring, -PL_STATUS_TIMEOUT, "the card did not complete in time");
    }
    ring->bus.relax(ring->bus.context);
    if (++wait->rounds % LOOK_EVERY == 0) {
        int error = look_at_registers(ring, wait);
        if (error != 0)
            return error;
    }
    wait->last = now(ring) >= wait->deadline_ns;
    return 0;
}

static int lose(struct pl_ring *ring, int code, const char *what)
{
    ring->state = PL_RING_LOST;
    return fail(ring, code,
                "%s: memory of the card is kept until it is closed; close it and open it again",
                what);
}

int pl_ring_reset(struct pl_ring *ring)
{
    if (ring->state == PL_RING_LOST)
        return -PL_STATUS_LINK_DOWN;
    write_register(ring, PL_REG_CONTROL, PL_CONTROL_SOFT_RESET);
    uint64_t deadline = now(ring) + ring->bus.wait_ns;
    for (bool last = false;; last = now(ring) >= deadline) {
        uint32_t control = read_register(ring, PL_REG_CONTROL);
        uint32_t status = read_register(ring, PL_REG_STATUS);
        if (status == ALL_ONES)
            return lose(ring, -PL_STATUS_LINK_DOWN, "the card does not answer");
        if ((control & PL_CONTROL_SOFT_RESET) == 0 && (status & PL_CARD_NEEDS_FLR) != 0)
            return lose(ring, -PL_STATUS_TIMEOUT, "a transfer of the card never ended");
        if ((control & PL_CONTROL_SOFT_RESET) == 0 && (status & PL_CARD_CLEAN) != 0)
            break;
        if (last)
            return lose(ring, -PL_STATUS_TIMEOUT, "the card's reset does not end");
        ring->bus.relax(ring->bus.context);
    }
    ring->state = PL_RING_RESET;
    ring->submitted = ring->completed = 0;
    return 0;
}
