#include "../support/random.h"

#include "fake_card.h"

#include "dev/dev.h"
#include "model/tables.h"

#define WINDOW 6 /* lines that may overtake each other */

static const struct pl_dev_ops *const ops = &pl_dev_model_ops;

static void complain(struct fake_card *fake, const char *what)
{
    if (fake->trouble == NULL)
        fake->trouble = what;
}

/* What a device address means; NULL when the card may not do that there. */
static uint8_t *at(struct fake_card *fake, uint64_t address, size_t bytes, uint32_t access)
{
    for (size_t i = 0; i < fake->block_count; i++) {
        const struct fake_block *b = &fake->blocks[i];
        if (b->memory != NULL && (b->access & access) != 0 && address >= b->address &&
            address + bytes <= b->address + b->bytes)
            return b->memory + (address - b->address);
    }
    complain(fake, "an address outside the shared memory");
    return NULL;
}

static struct fake_line *new_line(struct fake_card *fake, uint64_t address)
{
    if (fake->line_count == fake->line_capacity) {
        fake->line_capacity = fake->line_capacity == 0 ? 64 : 2 * fake->line_capacity;
        fake->lines = realloc(fake->lines, fake->line_capacity * sizeof *fake->lines);
        assert_non_null(fake->lines);
    }
    struct fake_line *line = &fake->lines[fake->line_count++];
    line->address = address;
    return line;
}

static void put_line(struct fake_card *fake, const struct pl_submission *s, const void *bytes)
{
    if (fake->completion.verdict_lines >= s->verdict_lines) {
        complain(fake, "more lines than there is room");
        return;
    }
    uint64_t address = s->verdict_address + fake->completion.verdict_lines++ * PL_LINE_BYTES;
    memcpy(new_line(fake, address)->bytes, bytes, PL_LINE_BYTES);
}

static uint32_t next_number(uint32_t *number, uint32_t kind)
{
    return kind << 29 | ((*number)++ & ((UINT32_C(1) << 29) - 1));
}

static void put_watched(struct fake_card *fake, const void *bytes)
{
    uint64_t place = fake->watch_written++ & (fake->entries[2] - 1);
    uint8_t *to = at(fake, fake->base[2] + place * PL_LINE_BYTES, PL_LINE_BYTES, PL_BUS_WRITE);
    if (fake->watch_written - fake->watch_consumed > fake->entries[2])
        complain(fake, "more watched lines than the ring has");
    if (to != NULL)
        memcpy(to, bytes, PL_LINE_BYTES);
}

/* What the model judged of the watched set goes to the ring. */
static void show_watched(struct fake_card *fake)
{
    struct pl_verdict v;
    struct pl_tick_summary summary;
    bool ended = false;
    for (int got = 1; got > 0 || ended;) {
        got = ops->watched(fake->model, &v, 1, &summary, &ended);
        if (got > 0) {
            v.serial = v.serial_again = next_number(&fake->watch_number, PL_RESULT_VERDICT);
            put_watched(fake, &v);
            put_watched(fake, (uint8_t *)&v + PL_LINE_BYTES);
        }
        if (ended) {
            summary.serial = next_number(&fake->watch_number, PL_RESULT_SUMMARY);
            put_watched(fake, &summary);
        }
    }
}

static void start_reset(struct fake_card *fake);

static bool fails(const struct fake_card *fake, enum fake_failure failure)
{
    return fake->failure == failure && fake->taken == fake->failing;
}

/* Appends a piece of the stream; false: it is not there. */
static bool take_piece(struct fake_card *fake, uint64_t address, uint64_t length, uint64_t **slots,
                       size_t *count)
{
    if (length % 8 != 0 || length == 0 || address % PL_LINE_BYTES != 0)
        complain(fake, "a piece that is not whole lines");
    *slots = realloc(*slots, (*count + length) * sizeof **slots);
    assert_non_null(*slots);
    const uint8_t *from = at(fake, address, length * sizeof **slots, PL_BUS_READ);
    if (from == NULL)
        return false;
    memcpy(*slots + *count, from, length * sizeof **slots);
    *count += length;
    return true;
}

static uint64_t *gather(struct fake_card *fake, const struct pl_submission *s, size_t *count)
{
    uint64_t *slots = calloc(1, sizeof *slots);
    bool more = true;
    *count = 0;
    if (s->one_piece)
        take_piece(fake, s->address, s->count, &slots, count);
    for (uint64_t i = 0; !s->one_piece && i < s->count && more; i++) {
        struct pl_scatter piece;
        const uint8_t *entry = at(fake, s->address + i * sizeof piece, sizeof piece, PL_BUS_READ);
        if (entry == NULL)
            break;
        memcpy(&piece, entry, sizeof piece);
        more = take_piece(fake, piece.address, piece.slots, &slots, count);
    }
    if (*count > fake->pieces_max_slots)
        fake->pieces_max_slots = *count;
    return slots;
}

static size_t end_of(const uint64_t *slots, size_t count)
{
    size_t end = 0;
    while (end < count && pl_slot_tag(slots[end]) != PL_TAG_END)
        end++;
    return end;
}

/* The model with everything asked for; the filter is ours, as records of dropped accounts come
 * too. */
static uint32_t sweep(struct fake_card *fake, const struct pl_submission *s)
{
    struct pl_tick_summary summary = { .last_account = UINT32_MAX }, ended;
    size_t count;
    fake->sweeps++;
    if (s->filter > PL_STATE_BANKRUPT || s->per_underlying > 1 || s->one_piece > 1 || s->count == 0)
        return PL_STATUS_BAD_OPERATION;
    uint64_t *slots = gather(fake, s, &count);
    int got = ops->sweep(fake->model, slots, count, PL_STATE_HEALTHY, s->per_underlying);
    while (got >= 0) {
        struct pl_verdict v;
        if (fails(fake, FAKE_STATUS) && summary.accounts == fake->accounts) {
            got = -(int)fake->status;
            break;
        }
        got = ops->poll(fake->model, &v, 1, &ended);
        if (got <= 0)
            break;
        const struct pl_underlying_verdict *records;
        int64_t n = ops->underlyings(fake->model, &records);
        for (int64_t i = 0; i < n; i++) {
            struct pl_underlying_verdict r = records[i];
            r.serial = next_number(&fake->number, PL_RESULT_UNDERLYING);
            put_line(fake, s, &r);
        }
        summary.accounts++;
        summary.by_state[v.state]++;
        summary.last_account = v.account;
        summary.tick = v.tick;
        if (v.state < s->filter)
            continue;
        summary.flagged++;
        v.serial = v.serial_again = next_number(&fake->number, PL_RESULT_VERDICT);
        v.position_version = s->position_version;
        v.serial ^= fails(fake, FAKE_NUMBER);
        put_line(fake, s, &v);
        put_line(fake, s, (uint8_t *)&v + PL_LINE_BYTES);
    }
    summary.slots = end_of(slots, count) + 1;
    if (got == 0)
        summary.tick = ended.tick;
    summary.status = (uint32_t)-got;
    if (got != -PL_STATUS_NOT_LOADED) {
        summary.serial = next_number(&fake->number, PL_RESULT_SUMMARY);
        put_line(fake, s, &summary);
    }
    free(slots);
    return (uint32_t)-got;
}

static uint32_t load(struct fake_card *fake, const struct pl_submission *s)
{
    const uint8_t *from = at(fake, s->address, s->count * PL_LINE_BYTES, PL_BUS_READ);
    if (from == NULL)
        return PL_STATUS_BAD_ADDRESS;
    const struct pl_line *lines = (const struct pl_line *)(const void *)from;
    int error = s->op == PL_OP_LOAD
                    ? ops->load(fake->model, lines, s->count, &fake->completion.detail)
                    : ops->tick(fake->model, lines, s->count);
    return (uint32_t)-error;
}

static uint32_t commit(struct fake_card *fake, const struct pl_submission *s)
{
    const struct pl_tick_commit c = { .kind = PL_RECORD_TICK_COMMIT,
                                      .tick = s->tick,
                                      .time_us = s->time_us };
    struct pl_line line;
    memcpy(&line, &c, sizeof line);
    int error = ops->tick(fake->model, &line, 1);
    show_watched(fake);
    return (uint32_t)-error;
}

static uint32_t watch(struct fake_card *fake, const struct pl_submission *s)
{
    const uint8_t *from = at(fake, s->address, s->count * PL_SLOT_BYTES, PL_BUS_READ);
    return from == NULL ? PL_STATUS_BAD_ADDRESS
                        : (uint32_t)-ops->watch(fake->model, (const uint64_t *)(const void *)from,
                                                s->count, s->filter);
}

/* A line of the window: in its place, and whole ticks only. */
static void take_line(void *context, uint32_t offset, const void *bytes)
{
    struct fake_card *fake = context;
    struct pl_tick_price price;
    struct pl_line *line = &fake->window[fake->window_count];
    if (fake->down)
        return;
    memcpy(line, bytes, sizeof *line);
    memcpy(&price, bytes, sizeof price);
    if (offset % PL_LINE_BYTES != 0 || offset >= PL_WINDOW_BYTES)
        complain(fake, "a line that is not in the window");
    if (fake->window_status == PL_STATUS_OK && price.line != ++fake->window_line)
        fake->window_status = PL_STATUS_MALFORMED_RECORD;
    if (fake->window_status != PL_STATUS_OK)
        return;
    fake->window_count++;
    if (price.tick == 0)
        return;
    if (ops->post(fake->model, fake->window, fake->window_count, price.tick) != 0)
        fake->window_status = PL_STATUS_MALFORMED_RECORD;
    fake->window_count = 0;
    fake->ticks++;
    show_watched(fake);
}

static void clear_window(struct fake_card *fake)
{
    fake->window_count = 0;
    fake->window_line = 0;
    fake->window_status = PL_STATUS_OK;
}

static uint32_t read_rows(struct fake_card *fake, const struct pl_submission *s)
{
    for (uint64_t i = 0; i < s->count; i++) {
        struct pl_row row;
        struct pl_quote quote;
        if (ops->read_row(fake->model, (uint32_t)(s->address + i), &row, &quote) != 0)
            return PL_STATUS_NOT_LOADED;
        for (size_t line = 0; line < sizeof row / PL_LINE_BYTES; line++)
            put_line(fake, s, (uint8_t *)&row + line * PL_LINE_BYTES);
        put_line(fake, s, &quote);
    }
    return PL_STATUS_OK;
}

static uint32_t execute(struct fake_card *fake, const struct pl_submission *s)
{
    if (fails(fake, FAKE_STATUS) && s->op != PL_OP_SWEEP)
        return fake->status;
    switch (s->op) {
    case PL_OP_NOP: return PL_STATUS_OK;
    case PL_OP_LOAD:
    case PL_OP_TICK: return load(fake, s);
    case PL_OP_COMMIT: return commit(fake, s);
    case PL_OP_SWEEP: return sweep(fake, s);
    case PL_OP_WATCH: return watch(fake, s);
    case PL_OP_READ_ROWS: return read_rows(fake, s);
    default: return PL_STATUS_BAD_OPERATION;
    }
}

static void fetch(struct fake_card *fake)
{
    struct pl_submission s;
    uint32_t place = fake->fetched & (fake->entries[0] - 1);
    const uint8_t *from = at(fake, fake->base[0] + place * sizeof s, sizeof s, PL_BUS_READ);
    if (from == NULL)
        return;
    memcpy(&s, from, sizeof s);
    uint32_t phase = fake->fetched / fake->entries[0] % 2 == 0;
    if (s.serial >> 31 != phase || (s.serial ^ fake->fetched) << 1 != 0)
        complain(fake, "a submission without its phase and serial");
    if (fake->doorbell - fake->fetched > fake->entries[0])
        complain(fake, "more submissions than entries");
    fake->fetched++;
    fake->taken++;
    if (fails(fake, FAKE_OTHERS)) {
        start_reset(fake);
        return;
    }
    fake->hanging = fails(fake, FAKE_HANG) || fails(fake, FAKE_ERROR);
    fake->down |= fails(fake, FAKE_DOWN);
    if (fails(fake, FAKE_ERROR))
        fake->error = fake->status;
    if (fails(fake, FAKE_TROUBLE))
        complain(fake, "a line in the wrong place");
    fake->line_count = 0;
    fake->completion = (struct pl_completion){ .serial = (s.serial << 1) >> 1 };
    fake->completion.status = execute(fake, &s);
    if (fake->completion.status != PL_STATUS_OK && fake->error == 0 &&
        random_once_in(&fake->random, 2))
        fake->error = fake->completion.status;
    if (fails(fake, FAKE_SERIAL))
        fake->completion.serial ^= 1;
    fake->busy = true;
}

static void write_line(struct fake_card *fake)
{
    size_t window = fake->line_count < WINDOW ? fake->line_count : WINDOW;
    size_t k = random_below(&fake->random, window);
    uint8_t *to = at(fake, fake->lines[k].address, PL_LINE_BYTES, PL_BUS_WRITE);
    if (to != NULL)
        memcpy(to, fake->lines[k].bytes, PL_LINE_BYTES);
    memmove(&fake->lines[k], &fake->lines[k + 1], (fake->line_count - k - 1) * sizeof *fake->lines);
    fake->line_count--;
}

static void complete(struct fake_card *fake)
{
    if (fake->completed - fake->consumed >= fake->entries[1])
        return; /* the completion ring is full */
    uint32_t place = fake->completed & (fake->entries[1] - 1);
    uint8_t *to =
        at(fake, fake->base[1] + place * sizeof fake->completion, PL_LINE_BYTES, PL_BUS_WRITE);
    fake->completion.serial |= fake->completed / fake->entries[1] % 2 == 0 ? UINT32_C(1) << 31 : 0;
    if (to != NULL)
        memcpy(to, &fake->completion, sizeof fake->completion);
    fake->completed++;
    fake->busy = false;
}

static void step(struct fake_card *fake)
{
    if (fake->down || fake->hanging || !fake->enabled)
        return;
    if (fake->busy && fake->line_count > 0)
        write_line(fake);
    else if (fake->busy)
        complete(fake);
    else if (fake->fetched != fake->doorbell)
        fetch(fake);
}

static void relax(void *context)
{
    struct fake_card *fake = context;
    fake->time_ns += 1000;
    for (uint64_t n = random_below(&fake->random, 8); n > 0; n--)
        step(fake);
}

static uint64_t now_ns(void *context)
{
    return ((struct fake_card *)context)->time_ns;
}

static void start_reset(struct fake_card *fake)
{
    uint64_t failing = fake->failing;
    fake->control = fake->reset == FAKE_RESET_HANGS ? PL_CONTROL_SOFT_RESET : 0;
    fake->card = fake->reset == FAKE_RESET_CLEAN       ? PL_CARD_CLEAN
                 : fake->reset == FAKE_RESET_NEEDS_FLR ? PL_CARD_NEEDS_FLR
                                                       : 0;
    fake->enabled = fake->hanging = fake->busy = false;
    memset(fake->base, 0, sizeof fake->base);
    memset(fake->entries, 0, sizeof fake->entries);
    fake->watch_number = fake->watch_written = fake->watch_consumed = 0;
    clear_window(fake);
    fake->doorbell = fake->consumed = fake->fetched = fake->completed = fake->error = 0;
    fake->number = 0;
    fake->line_count = 0;
    fake->failing = failing;
    struct pl_dev *old = fake->model; /* tables are lost */
    char message[PL_MESSAGE_BYTES];
    if (old != NULL)
        ops->close(old);
    assert_int_equal(
        ops->open(fake->profile == PL_PROFILE_SMALL ? "profile=small" : "", &fake->model, message),
        0);
}

static int ring_of(uint32_t offset)
{
    return offset >= PL_REG_WATCH_BASE_LOW ? 2 : offset >= PL_REG_COMPLETE_BASE_LOW ? 1 : 0;
}

static void write32(void *context, uint32_t offset, uint32_t value)
{
    struct fake_card *fake = context;
    if (fake->down)
        return;
    uint64_t high = UINT64_C(0xffffffff) << 32;
    int ring = ring_of(offset);
    switch (offset) {
    case PL_REG_CONTROL:
        fake->control = value;
        fake->enabled = (value & PL_CONTROL_ENABLE) != 0;
        if ((value & PL_CONTROL_SOFT_RESET) != 0)
            start_reset(fake);
        if ((value & PL_CONTROL_WINDOW_CLEAR) != 0)
            clear_window(fake);
        break;
    case PL_REG_SUBMIT_BASE_LOW:
    case PL_REG_WATCH_BASE_LOW:
    case PL_REG_COMPLETE_BASE_LOW: fake->base[ring] = (fake->base[ring] & high) | value; break;
    case PL_REG_SUBMIT_BASE_HIGH:
    case PL_REG_WATCH_BASE_HIGH:
    case PL_REG_COMPLETE_BASE_HIGH:
        fake->base[ring] = (fake->base[ring] & ~high) | (uint64_t)value << 32;
        break;
    case PL_REG_SUBMIT_ENTRIES:
    case PL_REG_WATCH_ENTRIES:
    case PL_REG_COMPLETE_ENTRIES: fake->entries[ring] = value; break;
    case PL_REG_WATCH_CONSUMED: fake->watch_consumed = value; break;
    case PL_REG_SUBMIT_DOORBELL: fake->doorbell = value; break;
    case PL_REG_COMPLETE_CONSUMED: fake->consumed = value; break;
    default: complain(fake, "a write to a register that takes none");
    }
}

static uint32_t read32(void *context, uint32_t offset)
{
    struct fake_card *fake = context;
    int ring = ring_of(offset);
    if (fake->down)
        return UINT32_MAX;
    switch (offset) {
    case PL_REG_MAGIC: return fake->magic;
    case PL_REG_CONTRACT_VERSION: return fake->version;
    case PL_REG_CONTRACT_HASH_LOW: return (uint32_t)fake->hash;
    case PL_REG_CONTRACT_HASH_HIGH: return (uint32_t)(fake->hash >> 32);
    case PL_REG_BUILD: return 1;
    case PL_REG_PROFILE: return fake->profile;
    case PL_REG_LANES: return 2;
    case PL_REG_CAP_SCENARIOS:
        return fake->profile == PL_PROFILE_SMALL ? PL_SCENARIOS_MAX_SMALL : PL_SCENARIOS_MAX;
    case PL_REG_CAP_INSTRUMENTS:
    case PL_REG_CAP_EXPIRIES: return fake->capacity;
    case PL_REG_CAP_UNDERLYINGS: return 16;
    case PL_REG_CAP_CLASSES: return 256;
    case PL_REG_CAP_BRACKET_TABLES: return 64;
    case PL_REG_CAP_WATCH_SLOTS: return fake->watch_slots;
    case PL_REG_CONTROL: return fake->control;
    case PL_REG_STATUS: return fake->card;
    case PL_REG_ERROR: return fake->error;
    case PL_REG_WINDOW_STATUS: return fake->window_status;
    case PL_REG_SUBMIT_BASE_LOW:
    case PL_REG_WATCH_BASE_LOW:
    case PL_REG_COMPLETE_BASE_LOW: return (uint32_t)fake->base[ring];
    case PL_REG_SUBMIT_BASE_HIGH:
    case PL_REG_WATCH_BASE_HIGH:
    case PL_REG_COMPLETE_BASE_HIGH: return (uint32_t)(fake->base[ring] >> 32);
    case PL_REG_SUBMIT_ENTRIES:
    case PL_REG_WATCH_ENTRIES:
    case PL_REG_COMPLETE_ENTRIES: return fake->entries[ring];
    default: complain(fake, "a read of a register that gives none"); return 0;
    }
}

static void *allocate(void *context, size_t bytes, uint32_t access, uint64_t *address)
{
    struct fake_card *fake = context;
    assert_true(fake->block_count < FAKE_BLOCKS && bytes > 0);
    size_t rounded = (bytes + 4095) / 4096 * 4096;
    struct fake_block *b = &fake->blocks[fake->block_count++];
    *b = (struct fake_block){ aligned_alloc(4096, rounded), fake->next_address, bytes, access };
    assert_non_null(b->memory);
    memset(b->memory, 0, rounded);
    fake->next_address += rounded + 4096; /* a gap that nothing may touch */
    *address = b->address;
    return b->memory;
}

static void release(void *context, void *memory)
{
    struct fake_card *fake = context;
    if ((fake->busy || fake->hanging) && !fake->down)
        complain(fake, "memory released while the card works");
    for (size_t i = 0; i < fake->block_count; i++) {
        if (fake->blocks[i].memory == memory) {
            free(memory);
            fake->blocks[i].memory = NULL;
            return;
        }
    }
    fail_msg("released memory that was never allocated");
}

static const char *trouble(void *context)
{
    return ((struct fake_card *)context)->trouble;
}

static void close_bus(void *context)
{
    struct fake_card *fake = context;
    assert_false(fake->closed);
    for (size_t i = 0; i < fake->block_count; i++)
        free(fake->blocks[i].memory);
    fake->block_count = 0;
    fake->closed = true;
}

size_t fake_allocated(const struct fake_card *fake)
{
    size_t bytes = 0;
    for (size_t i = 0; i < fake->block_count; i++)
        bytes += fake->blocks[i].memory != NULL ? fake->blocks[i].bytes : 0;
    return bytes;
}

void fake_start(struct fake_card *fake, uint8_t profile, uint64_t seed)
{
    *fake = (struct fake_card){ .magic = PL_MAGIC,
                                .version = PL_CONTRACT_VERSION,
                                .hash = PL_CONTRACT_HASH,
                                .profile = profile,
                                .capacity = 512,
                                .watch_slots = PL_WATCH_SLOTS_MAX,
                                .random = seed,
                                .next_address = UINT64_C(0x7000000000) };
}

void fake_end(struct fake_card *fake)
{
    assert_true(fake->closed);
    if (fake->model != NULL)
        ops->close(fake->model);
    free(fake->lines);
}

struct pl_bus fake_bus(struct fake_card *fake)
{
    return (struct pl_bus){ .context = fake,
                            .wait_ns = FAKE_WAIT_NS,
                            .read32 = read32,
                            .write32 = write32,
                            .write_line = take_line,
                            .allocate = allocate,
                            .release = release,
                            .relax = relax,
                            .now_ns = now_ns,
                            .trouble = trouble,
                            .close = close_bus };
}
