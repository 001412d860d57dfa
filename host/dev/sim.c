/* sim: a card simulated by a library around the Verilated core (sim/sim.h). Options, separated by
 * commas: profile=, lanes=, those of the link (struct pl_sim_options), fault=, fault_after=,
 * trace=, library=, and of the host: wait_us= (how long a card may take to answer), verdict_lines=
 * (most of one submission). */
#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../sim/sim.h"
#include "card.h"

#define RELAX_CYCLES 32
#define LIBRARY_FLAGS                                                                              \
    (RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) /* what the C++ runtime in it allocated stays its own  \
                                             */
#define ALIGNMENT 4096
#define TEXT_BYTES 256
#define FIRST_ADDRESS UINT64_C(0x100000000) /* device addresses are no host addresses */

struct block {
    void *memory;
    uint64_t address;
    struct block *next;
};

struct sim_bus {
    void *handle;
    const struct pl_sim_api *api;
    struct pl_sim *sim;
    uint32_t clock_mhz;
    uint64_t next_address;
    struct block *blocks;
};

struct sim_uri {
    char profile[16], library[PATH_MAX], fault[32], trace[PATH_MAX];
    uint64_t lanes, wait_us, verdict_lines;
    struct pl_sim_options options;
};

static uint32_t read32(void *context, uint32_t offset)
{
    struct sim_bus *bus = context;
    return bus->api->read32(bus->sim, offset);
}

static void write32(void *context, uint32_t offset, uint32_t value)
{
    struct sim_bus *bus = context;
    bus->api->write32(bus->sim, offset, value);
}

static void write_line(void *context, uint32_t offset, const void *line)
{
    struct sim_bus *bus = context;
    bus->api->write_line(bus->sim, offset, line, UINT64_MAX);
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
        bus->api->add_memory(bus->sim, memory, bus->next_address, rounded, by_card) != 0) {
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
            bus->api->remove_memory(bus->sim, block->address);
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
    bus->api->run(bus->sim, RELAX_CYCLES);
}

static uint64_t now_ns(void *context)
{
    struct sim_bus *bus = context;
    return bus->api->cycles(bus->sim) * 1000 / bus->clock_mhz;
}

static const char *trouble(void *context)
{
    struct sim_bus *bus = context;
    return bus->api->errors(bus->sim) > 0 ? bus->api->error_text(bus->sim) : NULL;
}

/* The end of the process must say what the bus saw, whoever asked. */
static void link_limits(void *context, struct pl_bus_link *out)
{
    struct sim_bus *bus = context;
    struct pl_sim_statistics s;
    bus->api->statistics(bus->sim, &s);
    *out =
        (struct pl_bus_link){ s.read_limit, s.write_limit, bus->clock_mhz, s.cycles, s.last_line };
}

static void close_bus(void *context)
{
    struct sim_bus *bus = context;
    if (bus->sim != NULL) {
        const char *text = trouble(bus);
        if (text != NULL)
            fprintf(stderr, "plimsoll: simulated card: %" PRIu64 " errors on its bus: %s\n",
                    bus->api->errors(bus->sim), text);
        bus->api->close(bus->sim);
    }
    while (bus->blocks != NULL) {
        struct block *next = bus->blocks->next;
        free(bus->blocks->memory);
        free(bus->blocks);
        bus->blocks = next;
    }
    if (bus->handle != NULL)
        dlclose(bus->handle);
    free(bus);
}

static bool parse_number(const char *text, uint64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoull(text, &end, 0);
    return errno == 0 && end != text && *end == '\0' && text[0] != '-';
}

static const char *const option_names =
    "profile, lanes, gen, width, mps, mrrs, rcb, tags, rtt_ns, clock_mhz, stall, reorder, seed, fault, "
    "fault_after, trace, library, wait_us, verdict_lines";

/* One name=value. */
static int parse_option(struct sim_uri *uri, char *option, char *message)
{
    struct pl_sim_options *o = &uri->options;
    const struct {
        const char *name;
        char *place;
        size_t bytes;
    } texts[] = { { "profile", uri->profile, sizeof uri->profile },
                  { "library", uri->library, sizeof uri->library },
                  { "fault", uri->fault, sizeof uri->fault },
                  { "trace", uri->trace, sizeof uri->trace } };
    const struct {
        const char *name;
        uint32_t *narrow;
        uint64_t *wide;
    } numbers[] = { { "gen", &o->generation, NULL },
                    { "width", &o->width, NULL },
                    { "mps", &o->mps, NULL },
                    { "mrrs", &o->mrrs, NULL },
                    { "rcb", &o->rcb, NULL },
                    { "tags", &o->tags, NULL },
                    { "rtt_ns", &o->rtt_ns, NULL },
                    { "clock_mhz", &o->clock_mhz, NULL },
                    { "stall", &o->stall_percent, NULL },
                    { "reorder", &o->reorder_percent, NULL },
                    { "lanes", NULL, &uri->lanes },
                    { "seed", NULL, &o->seed },
                    { "fault_after", NULL, &o->fault_after },
                    { "wait_us", NULL, &uri->wait_us },
                    { "verdict_lines", NULL, &uri->verdict_lines } };
    char *value = strchr(option, '=');
    if (value != NULL)
        *value++ = '\0';
    for (size_t i = 0; value != NULL && i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(option, texts[i].name) != 0)
            continue;
        int written = snprintf(texts[i].place, texts[i].bytes, "%s", value);
        if (written > 0 && (size_t)written < texts[i].bytes)
            return 0;
        snprintf(message, PL_MESSAGE_BYTES, "device sim: %s= is %s", option,
                 written == 0 ? "empty" : "too long");
        return -EINVAL;
    }
    for (size_t i = 0; value != NULL && i < sizeof numbers / sizeof numbers[0]; i++) {
        uint64_t number;
        if (strcmp(option, numbers[i].name) != 0)
            continue;
        if (!parse_number(value, &number) || (numbers[i].narrow != NULL && number > UINT32_MAX)) {
            snprintf(message, PL_MESSAGE_BYTES, "device sim: %s=%.64s is not a number", option,
                     value);
            return -EINVAL;
        }
        if (numbers[i].narrow != NULL)
            *numbers[i].narrow = (uint32_t)number;
        else
            *numbers[i].wide = number;
        return 0;
    }
    snprintf(message, PL_MESSAGE_BYTES, "device sim: has no option \"%.64s\"; it has %s", option,
             option_names);
    return -EINVAL;
}

static int parse_uri(const char *text, struct sim_uri *uri, char *message)
{
    *uri = (struct sim_uri){ .profile = "full",
                             .lanes = 2,
                             .wait_us = 20000,
                             .options = { .generation = 3,
                                          .width = 16,
                                          .mps = 256,
                                          .mrrs = 512,
                                          .rcb = 64,
                                          .tags = 256,
                                          .rtt_ns = 1000,
                                          .clock_mhz = 250,
                                          .stall_percent = 5,
                                          .reorder_percent = 100,
                                          .seed = 1,
                                          .fault_after = UINT64_MAX } };
    char *copy = strdup(text), *rest = copy, *option;
    int error = copy == NULL ? -ENOMEM : 0;
    while (error == 0 && (option = strsep(&rest, ",")) != NULL) {
        if (*option != '\0')
            error = parse_option(uri, option, message);
    }
    free(copy);
    if (error == 0 && strcmp(uri->profile, "full") != 0 && strcmp(uri->profile, "small") != 0) {
        snprintf(message, PL_MESSAGE_BYTES, "device sim: profile=%s is neither full nor small",
                 uri->profile);
        error = -EINVAL;
    }
    if (error == 0 && (uri->lanes < 1 || uri->lanes > 8)) {
        snprintf(message, PL_MESSAGE_BYTES, "device sim: lanes=%" PRIu64 " does not lie in 1..8",
                 uri->lanes);
        error = -EINVAL;
    }
    uri->options.fault = uri->fault[0] != '\0' ? uri->fault : NULL;
    uri->options.trace = uri->trace[0] != '\0' ? uri->trace : NULL;
    return error;
}

/* Whether folder/name is there; *path is its place. */
static bool is_in(const char *folder, size_t folder_bytes, const char *between, const char *name,
                  char path[PATH_MAX])
{
    int written = snprintf(path, PATH_MAX, "%.*s%s%s", (int)folder_bytes, folder, between, name);
    return folder_bytes > 0 && written > 0 && written < PATH_MAX && access(path, R_OK) == 0;
}

static size_t folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash - path) : 0;
}

/* PLIMSOLL_SIM_PATH, the folder of this library, ../lib of the program's, the system's. */
static void *find_library(const char *name)
{
    const char *folder = getenv("PLIMSOLL_SIM_PATH");
    Dl_info here;
    char program[PATH_MAX], path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    bool found =
        folder != NULL && *folder != '\0' && is_in(folder, strlen(folder), "/", name, path);
    if (!found && dladdr((const void *)&pl_dev_sim_ops, &here) != 0)
        found = is_in(here.dli_fname, folder_of(here.dli_fname), "/", name, path);
    if (!found)
        found = is_in(program, folder_of(program), "/../lib/", name, path);
    return dlopen(found ? path : name, LIBRARY_FLAGS);
}

static int open_library(struct sim_bus *bus, const struct sim_uri *uri, char *message)
{
    char name[64];
    snprintf(name, sizeof name, "libplimsoll-card-%s-%" PRIu64 "%s.so", uri->profile, uri->lanes,
             uri->options.trace != NULL ? "-trace" : "");
    bus->handle =
        uri->library[0] != '\0' ? dlopen(uri->library, LIBRARY_FLAGS) : find_library(name);
    if (bus->handle == NULL) {
        const char *why = dlerror();
        snprintf(message, PL_MESSAGE_BYTES,
                 "device sim: cannot load %.512s (%.512s); `make sim` builds the usual ones, `make "
                 "build/lib/%s` this one; PLIMSOLL_SIM_PATH names another folder",
                 uri->library[0] != '\0' ? uri->library : name, why != NULL ? why : "not found",
                 name);
        return -ENODEV;
    }
    bus->api = dlsym(bus->handle, "pl_sim_api");
    if (bus->api == NULL || bus->api->version != PL_SIM_VERSION ||
        bus->api->contract_hash != PL_CONTRACT_HASH) {
        snprintf(message, PL_MESSAGE_BYTES, "device sim: %.512s is %s; rebuild it with `make sim`",
                 uri->library[0] != '\0' ? uri->library : name,
                 bus->api == NULL ? "no simulated card" : "of another build");
        return -PL_STATUS_CONTRACT;
    }
    return 0;
}

static int open_bus(struct sim_bus *bus, const struct sim_uri *uri, char *message)
{
    char why[PL_SIM_MESSAGE_BYTES];
    int error = open_library(bus, uri, message);
    if (error != 0)
        return error;
    if (bus->api->open(&uri->options, &bus->sim, why) != 0) {
        bus->sim = NULL;
        snprintf(message, PL_MESSAGE_BYTES, "device sim: %s", why);
        return -EINVAL;
    }
    return 0;
}

static int sim_open(const char *options, struct pl_dev **out, char *message)
{
    struct sim_uri *uri = calloc(1, sizeof *uri);
    struct sim_bus *bus = calloc(1, sizeof *bus);
    char description[128];
    int error = uri == NULL || bus == NULL ? -ENOMEM : parse_uri(options, uri, message);
    error = error != 0 ? error : open_bus(bus, uri, message);
    if (error != 0) {
        if (bus != NULL)
            close_bus(bus);
        free(uri);
        return error;
    }
    bus->clock_mhz = uri->options.clock_mhz;
    bus->next_address = FIRST_ADDRESS;
    const struct pl_bus table = {
        .context = bus,
        .wait_ns = uri->wait_us * 1000,
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
             uri->lanes, uri->lanes == 1 ? "" : "s", uri->options.generation, uri->options.width,
             uri->options.seed);
    const struct pl_card_options card = { .verdict_lines = uri->verdict_lines,
                                          .description = description };
    error = pl_card_open(&table, &card, out, message);
    free(uri);
    return error;
}

const struct pl_dev_ops pl_dev_sim_ops = {
    .scheme = "sim",
    .open = sim_open,
    .close = pl_card_close,
    .capabilities = pl_card_capabilities,
    .load = pl_card_load,
    .tick = pl_card_tick,
    .sweep = pl_card_sweep,
    .poll = pl_card_poll,
    .underlyings = pl_card_underlyings,
    .watch = pl_card_watch,
    .post = pl_card_post,
    .watched = pl_card_watched,
    .read_row = pl_card_read_row,
    .message = pl_card_message,
    .report = pl_card_report,
};
