/* sim: a simulated card, in the same process. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card.h"
#include "sim_card.h"

#define RELAX_CYCLES 32
#define ALIGNMENT 4096
#define FIRST_ADDRESS UINT64_C(0x100000000) /* device addresses are no host addresses */

struct block {
    void *memory;
    uint64_t address;
    struct block *next;
};

struct sim_bus {
    struct pl_sim_card card;
    uint64_t next_address;
    struct block *blocks;
};

static uint32_t read32(void *context, uint32_t offset)
{
    struct sim_bus *bus = context;
    return bus->card.api->read32(bus->card.sim, offset);
}

static void write32(void *context, uint32_t offset, uint32_t value)
{
    struct sim_bus *bus = context;
    bus->card.api->write32(bus->card.sim, offset, value);
}

static void write_line(void *context, uint32_t offset, const void *line)
{
    struct sim_bus *bus = context;
    bus->card.api->write_line(bus->card.sim, offset, line, UINT64_MAX);
}

static void *allocate(void *context, size_t bytes, uint32_t access, uint64_t *address)
{
    struct sim_bus *bus = context;
    size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    uint32_t by_card = ((access & PL_BUS_READ) != 0 ? PL_SIM_READ : 0) |
                       ((access & PL_BUS_WRITE) != 0 ? PL_SIM_WRITE : 0);
    struct block *block = malloc(sizeof *block);
    void *memory = aligned_alloc(ALIGNMENT, rounded);
    if (block == NULL || memory == NULL ||
        bus->card.api->add_memory(bus->card.sim, memory, bus->next_address, rounded, by_card) !=
            0) {
        free(memory);
        free(block);
        return NULL;
    }
    memset(memory, 0, rounded);
    *block = (struct block){ memory, bus->next_address, bus->blocks };
    bus->blocks = block;
    bus->next_address += rounded + ALIGNMENT; /* a gap that the card must not touch */
    *address = block->address;
    return memory;
}

static void release(void *context, void *memory)
{
    struct sim_bus *bus = context;
    for (struct block **at = &bus->blocks; *at != NULL; at = &(*at)->next) {
        struct block *block = *at;
        if (block->memory == memory) {
            bus->card.api->remove_memory(bus->card.sim, block->address);
            *at = block->next;
            free(block->memory);
            free(block);
            return;
        }
    }
}

static void relax(void *context)
{
    struct sim_bus *bus = context;
    bus->card.api->run(bus->card.sim, RELAX_CYCLES);
}

static uint64_t now_ns(void *context)
{
    struct sim_bus *bus = context;
    return bus->card.api->cycles(bus->card.sim) * 1000 / bus->card.clock_mhz;
}

static const char *trouble(void *context)
{
    struct sim_bus *bus = context;
    return bus->card.api->errors(bus->card.sim) > 0 ? bus->card.api->error_text(bus->card.sim)
                                                    : NULL;
}

/* The end of the process must say what the bus saw, whoever asked. */
static void link_limits(void *context, struct pl_bus_link *out)
{
    struct sim_bus *bus = context;
    struct pl_sim_statistics s;
    bus->card.api->statistics(bus->card.sim, &s);
    *out = (struct pl_bus_link){ s.read_limit, s.write_limit, bus->card.clock_mhz, s.cycles,
                                 s.last_line };
}

static void close_bus(void *context)
{
    struct sim_bus *bus = context;
    const char *text = trouble(bus);
    if (text != NULL)
        fprintf(stderr, "plimsoll: simulated card: %" PRIu64 " errors on its bus: %s\n",
                bus->card.api->errors(bus->card.sim), text);
    pl_sim_card_close(&bus->card);
    while (bus->blocks != NULL) {
        struct block *next = bus->blocks->next;
        free(bus->blocks->memory);
        free(bus->blocks);
        bus->blocks = next;
    }
    free(bus);
}

static int sim_open(const char *options, struct pl_dev **out, char *message)
{
    struct sim_bus *bus = calloc(1, sizeof *bus);
    char description[128];
    if (bus == NULL)
        return -ENOMEM;
    int error = pl_sim_card_open(options, &bus->card, message);
    if (error != 0) {
        free(bus);
        return error;
    }
    const struct pl_sim_card *card = &bus->card;
    bus->next_address = FIRST_ADDRESS;
    const struct pl_bus table = {
        .context = bus,
        .wait_ns = card->wait_us * 1000,
        .read32 = read32,
        .write32 = write32,
        .write_line = write_line,
        .allocate = allocate,
        .release = release,
        .relax = relax,
        .now_ns = now_ns,
        .trouble = trouble,
        .link = link_limits,
        .close = close_bus,
    };
    snprintf(description, sizeof description,
             "the card simulated, %" PRIu64 " lane%s, PCIe %" PRIu32 " x%" PRIu32 ", seed %" PRIu64,
             card->lanes, card->lanes == 1 ? "" : "s", card->generation, card->width, card->seed);
    const struct pl_card_options options_of_card = { .verdict_lines = card->verdict_lines,
                                                     .description = description };
    return pl_card_open(&table, &options_of_card, out, message);
}

const struct pl_dev_ops pl_dev_sim_ops = {
    .scheme = "sim",
    .open = sim_open,
    PL_CARD_OPERATIONS,
};
