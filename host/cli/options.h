/* The command line: one command, its arguments, its options. */
#ifndef PL_CLI_OPTIONS_H
#define PL_CLI_OPTIONS_H

#include <stdint.h>

#include "buffer.h"
#include "output.h"
#include "pl_abi.h"

#define PL_OPTIONS_MODELS_MAX 16
#define PL_OPTIONS_DEVICE_DEFAULT "cpu:"
#define PL_TICK_LAST 0 /* ticks are numbered from 1, as in the verdicts */

enum pl_exit {
    PL_EXIT_OK = 0,            /* nothing to act on */
    PL_EXIT_ERROR = 1,         /* stderr says what, where and what to do */
    PL_EXIT_USAGE = 2,         /* the command line is wrong */
    PL_EXIT_LIQUIDATE = 3,     /* an account is to be liquidated, or bankrupt */
    PL_EXIT_INDETERMINATE = 4, /* none is, but one cannot be judged */
    PL_EXIT_WITHHELD = 5,      /* the journal could not be written: no action left from then on */

    /* The device cannot be opened: stderr says what mends it. */
    PL_EXIT_NO_CARD = 10,       /* nothing is at that address, or there is no such kind of device */
    PL_EXIT_FOREIGN = 11,       /* what is there is no Plimsoll card */
    PL_EXIT_NO_DRIVER = 12,     /* none is bound to it, or VFIO is not loaded */
    PL_EXIT_NO_PERMISSION = 13, /* of its file */
    PL_EXIT_IN_USE = 14,        /* another process has it */
    PL_EXIT_NO_IOMMU = 15,      /* or it is off, or does not take the card */
    PL_EXIT_SMALL_BAR = 16,     /* a BAR is too small for a card */
    PL_EXIT_CONTRACT = 17,      /* card, driver and program are not of one build */
    PL_EXIT_LINK_DOWN = 18,     /* its registers read as all ones */
    PL_EXIT_MEMORY_LIMIT = 19,  /* RLIMIT_MEMLOCK, or the driver's limit */
};

enum pl_option { /* bits: what a command takes */
                 PL_OPTION_FORMAT = 1 << 0,
                 PL_OPTION_DEVICE = 1 << 1,
                 PL_OPTION_MODEL = 1 << 2,
                 PL_OPTION_MODELS = 1 << 3, /* --model, several times */
                 PL_OPTION_TICK = 1 << 4,
                 PL_OPTION_WITH = 1 << 5,
                 PL_OPTION_REPORT = 1 << 6,
                 PL_OPTION_ACCOUNT = 1 << 7,
                 PL_OPTION_ROWS = 1 << 8,
                 PL_OPTION_ACCOUNTS = 1 << 9,  /* --account, several times */
                 PL_OPTION_WATCH = 1 << 10,    /* --accounts, --from, --ticks, ... */
                 PL_OPTION_DISTANCE = 1 << 11, /* --beta, --hours */
                 PL_OPTION_JOURNAL = 1 << 12,
                 PL_OPTION_SHOW = 1 << 13, /* --account (optional), --kind, --since, --until */
                 PL_OPTION_HEAD = 1 << 14,
                 PL_OPTION_BUDGET = 1 << 15,
                 PL_OPTION_SIMULATE = 1 << 16, /* --policy, --compare, --spread, ... */
                 PL_OPTION_ACTIONS = 1 << 17,  /* --journal of a loop that acts */
                 PL_OPTION_RULES = 1 << 18,
};

struct pl_options;

struct pl_command {
    const char *name; /* one word, or two with a blank between */
    const char *arguments, *summary;
    const char *help; /* paragraphs below the options */
    unsigned options; /* enum pl_option */
    int argument_count;
    int (*run)(const struct pl_options *options); /* returns enum pl_exit */
};

#define PL_WATCH_ACCOUNTS_DEFAULT 20
#define PL_WATCH_EVERY_DEFAULT 16
#define PL_WATCH_PAUSE_MS_DEFAULT 100 /* on a terminal */
#define PL_WATCH_PAUSE_MS_MAX 60000

struct pl_watch_options {
    const char *names[PL_WATCH_ACCOUNTS_MAX]; /* --account */
    size_t name_count;
    uint64_t accounts, every; /* PL_NOT_GIVEN with --account; every 0: never again */
    uint64_t from, ticks;     /* ticks PL_NOT_GIVEN: to the last one */
    uint64_t pause_ms;        /* PL_NOT_GIVEN: as the terminal has it */
    bool by_room;             /* order by what is left of risk budgets, not by distance */
    bool plain;
};

#define PL_NOT_GIVEN UINT64_MAX

#define PL_DISTANCE_HOURS_DEFAULT 24
#define PL_DISTANCE_HOURS_MAX 8760

struct pl_distance_options {
    uint64_t hours;
    int64_t beta_q40; /* of the other underlyings */
};

/* The market of a simulation; as an option below 0: not given. */
struct pl_simulate_market {
    int64_t spread_q40, impact_q40;
    int64_t volume_q40, fund_q40; /* of open interest */
};

struct pl_simulate_options {
    uint64_t policy, compare; /* enum pl_simulated_policy; compare PL_NOT_GIVEN: none */
    struct pl_simulate_market market;
    bool no_breakers;
};

struct pl_options {
    const struct pl_command *command; /* NULL: only `text` was asked for */
    char *command_line;               /* as typed, quoted for a shell */
    const char *book;                 /* or the first argument, whatever it is */
    const char *model_a, *model_b;
    const char *models[PL_OPTIONS_MODELS_MAX]; /* --model */
    size_t model_count;
    const char *device, *with, *report, *account;
    uint64_t tick; /* PL_TICK_LAST: the last one */
    enum pl_format format;
    bool crossings; /* --rows crossings */
    bool budget;
    bool rules;
    struct pl_watch_options watch;
    struct pl_distance_options distance;
    const char *journal, *kind, *head;
    bool resume;                /* a journal that is there is gone on with */
    int64_t since_us, until_us; /* INT64_MIN, INT64_MAX: not given */
    struct pl_simulate_options simulate;
    struct pl_buffer text; /* help or version, to be written to stdout */
};

/* Parses argv with the commands of a table that ends with a NULL name. Returns 0, or -EINVAL after
 * saying what is wrong (exit PL_EXIT_USAGE), or -ENOMEM. */
int pl_options_parse(int argc, char **argv, const struct pl_command *commands,
                     struct pl_options *out);
void pl_options_free(struct pl_options *options);

#endif
