#include "sim_card.h"

#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pl_abi.h"
#include "plimsoll.h"

#define LIBRARY_FLAGS                                                                              \
    (RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) /* what the C++ runtime in it allocated stays its own  \
                                             */

struct sim_uri {
    char profile[16], library[PATH_MAX], fault[32], trace[PATH_MAX];
    uint64_t lanes, wait_us, verdict_lines;
    struct pl_sim_options options;
};

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
    if (!found && dladdr((const void *)(uintptr_t)pl_sim_card_open, &here) != 0)
        found = is_in(here.dli_fname, folder_of(here.dli_fname), "/", name, path);
    if (!found)
        found = is_in(program, folder_of(program), "/../lib/", name, path);
    return dlopen(found ? path : name, LIBRARY_FLAGS);
}

static int open_library(struct pl_sim_card *card, const struct sim_uri *uri, char *message)
{
    char name[64];
    snprintf(name, sizeof name, "libplimsoll-card-%s-%" PRIu64 "%s.so", uri->profile, uri->lanes,
             uri->options.trace != NULL ? "-trace" : "");
    card->handle =
        uri->library[0] != '\0' ? dlopen(uri->library, LIBRARY_FLAGS) : find_library(name);
    if (card->handle == NULL) {
        const char *why = dlerror();
        snprintf(message, PL_MESSAGE_BYTES,
                 "device sim: cannot load %.512s (%.512s); `make sim` builds the usual ones, `make "
                 "build/lib/%s` this one; PLIMSOLL_SIM_PATH names another folder",
                 uri->library[0] != '\0' ? uri->library : name, why != NULL ? why : "not found",
                 name);
        return -ENODEV;
    }
    card->api = dlsym(card->handle, "pl_sim_api");
    if (card->api == NULL || card->api->version != PL_SIM_VERSION ||
        card->api->contract_hash != PL_CONTRACT_HASH) {
        snprintf(message, PL_MESSAGE_BYTES, "device sim: %.512s is %s; rebuild it with `make sim`",
                 uri->library[0] != '\0' ? uri->library : name,
                 card->api == NULL ? "no simulated card" : "of another build");
        return -PL_STATUS_CONTRACT;
    }
    return 0;
}

int pl_sim_card_open(const char *options, struct pl_sim_card *out, char *message)
{
    char why[PL_SIM_MESSAGE_BYTES];
    struct sim_uri *uri = calloc(1, sizeof *uri);
    *out = (struct pl_sim_card){ 0 };
    int error = uri == NULL ? -ENOMEM : parse_uri(options, uri, message);
    error = error != 0 ? error : open_library(out, uri, message);
    if (error == 0 && out->api->open(&uri->options, &out->sim, why) != 0) {
        out->sim = NULL;
        snprintf(message, PL_MESSAGE_BYTES, "device sim: %s", why);
        error = -EINVAL;
    }
    if (error == 0) {
        out->generation = uri->options.generation;
        out->width = uri->options.width;
        out->mps = uri->options.mps;
        out->clock_mhz = uri->options.clock_mhz;
        out->seed = uri->options.seed;
        out->lanes = uri->lanes;
        out->wait_us = uri->wait_us;
        out->verdict_lines = uri->verdict_lines;
    } else {
        pl_sim_card_close(out);
    }
    free(uri);
    return error;
}

void pl_sim_card_close(struct pl_sim_card *card)
{
    if (card->sim != NULL)
        card->api->close(card->sim);
    if (card->handle != NULL)
        dlclose(card->handle);
    *card = (struct pl_sim_card){ 0 };
}
