#include "options.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "feed/text_time.h"
#include "plimsoll.h"

/* Codes of long options: above every character. */
enum {
    CODE_FORMAT = 256,
    CODE_DEVICE,
    CODE_MODEL,
    CODE_TICK,
    CODE_WITH,
    CODE_REPORT,
    CODE_ACCOUNT,
    CODE_ROWS,
    CODE_BETA,
    CODE_HOURS,
    CODE_JOURNAL,
    CODE_HEAD,
    CODE_KIND,
    CODE_SINCE,
    CODE_UNTIL,
    CODE_BUDGET,
    CODE_RULES,
    CODE_POLICY,
    CODE_COMPARE,
    CODE_SPREAD,
    CODE_IMPACT,
    CODE_VOLUME,
    CODE_FUND,
    CODE_NO_BREAKERS,
    CODE_ACCOUNTS, /* from here on: of watch */
    CODE_EVERY,
    CODE_BY,
    CODE_FROM,
    CODE_TICKS,
    CODE_PAUSE,
    CODE_PLAIN,
};

#define NUMBER_MAX (UINT64_MAX - 1) /* below PL_NOT_GIVEN */

static const struct option long_options[] = {
    { "format", required_argument, NULL, CODE_FORMAT },
    { "device", required_argument, NULL, CODE_DEVICE },
    { "model", required_argument, NULL, CODE_MODEL },
    { "tick", required_argument, NULL, CODE_TICK },
    { "with", required_argument, NULL, CODE_WITH },
    { "report", required_argument, NULL, CODE_REPORT },
    { "account", required_argument, NULL, CODE_ACCOUNT },
    { "rows", required_argument, NULL, CODE_ROWS },
    { "beta", required_argument, NULL, CODE_BETA },
    { "hours", required_argument, NULL, CODE_HOURS },
    { "journal", required_argument, NULL, CODE_JOURNAL },
    { "head", required_argument, NULL, CODE_HEAD },
    { "kind", required_argument, NULL, CODE_KIND },
    { "since", required_argument, NULL, CODE_SINCE },
    { "until", required_argument, NULL, CODE_UNTIL },
    { "budget", no_argument, NULL, CODE_BUDGET },
    { "rules", no_argument, NULL, CODE_RULES },
    { "policy", required_argument, NULL, CODE_POLICY },
    { "compare", required_argument, NULL, CODE_COMPARE },
    { "spread", required_argument, NULL, CODE_SPREAD },
    { "impact", required_argument, NULL, CODE_IMPACT },
    { "volume", required_argument, NULL, CODE_VOLUME },
    { "fund", required_argument, NULL, CODE_FUND },
    { "no-breakers", no_argument, NULL, CODE_NO_BREAKERS },
    { "accounts", required_argument, NULL, CODE_ACCOUNTS },
    { "every", required_argument, NULL, CODE_EVERY },
    { "by", required_argument, NULL, CODE_BY },
    { "from", required_argument, NULL, CODE_FROM },
    { "ticks", required_argument, NULL, CODE_TICKS },
    { "pause", required_argument, NULL, CODE_PAUSE },
    { "plain", no_argument, NULL, CODE_PLAIN },
    { "help", no_argument, NULL, 'h' },
    { "version", no_argument, NULL, 'V' },
    { NULL, 0, NULL, 0 },
};

static const struct option_help {
    unsigned bit;
    const char *text;
} option_helps[] = {
    { PL_OPTION_ACCOUNT, "  --account ID     the account; required\n" },
    { PL_OPTION_DISTANCE,
      "  --beta B         how the other underlyings follow, -10 to 10; default: 0\n"
      "  --hours N        horizon of the probability, 1 to 8760; default: 24\n" },
    { PL_OPTION_SIMULATE,
      "  --policy P       default (calls, minimal parts, auctions), market (everything at market) or half (half of\n"
      "                   everything at market, again and again); default: default\n"
      "  --compare P      a second policy beside it, on the same book and market\n"
      "  --spread PCT     spread of the market, 0 to 10; default: 0.1\n"
      "  --impact PCT     what closing a daily volume costs more, 0 to 100; default: 10\n"
      "  --volume PCT     daily volume in per cent of the open interest, 1 to 10000; default: 100\n"
      "  --fund PCT       insurance fund in per cent of the open interest, 0 to 100; default: 0.1\n"
      "  --no-breakers    no circuit breakers, and no limit on the distance of a price from its average\n" },
    { PL_OPTION_ACCOUNTS,
      "  --account ID     an account to watch, as often as needed; default: chosen by --accounts\n" },
    { PL_OPTION_WATCH,
      "  --accounts N     watch the N most endangered accounts; default 20, at most 1024\n"
      "  --every K        choose them anew every K ticks; default 16, 0: never\n"
      "  --by WHAT        order by distance (default) or room: how far all prices together can move\n"
      "                   without a change of state\n"
      "  --from N         the first tick to judge, from 1; default: 1\n"
      "  --ticks N        how many ticks to judge; default: to the last one\n"
      "  --pause MS       wait between two ticks; default: 100 on a terminal, else 0\n"
      "  --plain          lines, not a table that is redrawn; the default where stdout is no terminal\n" },
    { PL_OPTION_TICK, "  --tick N         the tick to evaluate, from 1; default: the last\n" },
    { PL_OPTION_WITH,
      "  --with TRADES    a CSV of proposed trades (account,symbol,quantity,price): before and after\n" },
    { PL_OPTION_ROWS,
      "  --rows WHAT      crossings: no line per tick; CSV holds either ticks (default) or crossings\n" },
    { PL_OPTION_RULES,
      "  --rules          print instead the rules of the venue that hold, as a venue.json that states them all\n" },
    { PL_OPTION_BUDGET,
      "  --budget         judge at each tick only whoever may have changed state: the same states and\n"
      "                   crossings, and how many were judged; no figures in between\n" },
    { PL_OPTION_MODEL, "  --model PATH     margin model; default: the one that the book names\n" },
    { PL_OPTION_MODELS,
      "  --model PATH     margin model, up to 16 times; default: the one that the book names\n" },
    { PL_OPTION_DEVICE,
      "  --device URI     where to evaluate; default cpu:; `plimsoll devices` lists them\n" },
    { PL_OPTION_JOURNAL,
      "  --journal FILE   write a new journal: all inputs, every verdict from margin call on\n" },
    { PL_OPTION_ACTIONS,
      "  --journal FILE   write inputs, verdicts from margin call on and actions; an action leaves once it is durable.\n"
      "                   The journal of the same run that was broken off is gone on with\n" },
    { PL_OPTION_HEAD,
      "  --head HASH      a hash that `verify` printed earlier, kept elsewhere: it must be there\n" },
    { PL_OPTION_SHOW,
      "  --account ID     only what concerns this account: its name or number\n"
      "  --kind KIND      only load, commit, submit, names, venue, given, input (these six), verdict, action\n"
      "                   or acknowledged\n"
      "  --since TIME     only from that time on: 2026-02-04T04:24:03Z, or microseconds since 1970\n"
      "  --until TIME     only up to that time, included\n" },
    { PL_OPTION_REPORT, "  --report DIR     write a page DIR/index.html with charts as well\n" },
    { PL_OPTION_FORMAT,
      "  --format FORMAT  table (default), json or csv. JSON and CSV hold money as exact decimals\n"
      "                   (JSON: strings, never numbers)\n" },
};

static void add_version(struct pl_buffer *text)
{
    pl_buffer_add(text, "plimsoll, contract %d, hash %016" PRIX64 "\n", PL_CONTRACT_VERSION,
                  (uint64_t)PL_CONTRACT_HASH);
}

static void add_help(struct pl_buffer *text, const struct pl_command *commands)
{
    pl_buffer_add(text,
                  "plimsoll: which margin accounts have crossed the line, by how much and why\n\n"
                  "usage: plimsoll COMMAND ARGUMENTS [OPTIONS]\n\n");
    for (const struct pl_command *c = commands; c->name != NULL; c++)
        pl_buffer_add(text, "  %-14s %s\n", c->name, c->summary);
    pl_buffer_add(
        text,
        "\n"
        "A BOOK is a folder of CSV files: instruments, ticks, accounts, positions, and a margin model.\n"
        "`plimsoll COMMAND --help` says more; `plimsoll --version` names the contract.\n\n"
        "exit status: 0 nothing to act on; 1 error; 2 usage; 3 an account is to be liquidated or\n"
        "bankrupt; 4 none is, but one is indeterminate; 10 to 19 the device cannot be opened: plimsoll(1)\n");
}

static void add_command_help(struct pl_buffer *text, const struct pl_command *command)
{
    pl_buffer_add(text, "plimsoll %s: %s\n\nusage: plimsoll %s", command->name, command->summary,
                  command->name);
    pl_buffer_add(text, "%s%s [OPTIONS]\n\n", command->arguments[0] != '\0' ? " " : "",
                  command->arguments);
    for (size_t i = 0; i < sizeof option_helps / sizeof option_helps[0]; i++)
        if (command->options & option_helps[i].bit)
            pl_buffer_add(text, "%s", option_helps[i].text);
    pl_buffer_add(text, "  --help           this text\n\n%s", command->help);
}

static int refuse_usage(const struct pl_options *options)
{
    if (options->command != NULL)
        pl_complain("see `plimsoll %s --help`", options->command->name);
    else
        pl_complain("see `plimsoll --help`");
    return -EINVAL;
}

static bool parse_format(const char *text, enum pl_format *out)
{
    static const char *const names[] = { "table", "json", "csv" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(text, names[i]) == 0) {
            *out = (enum pl_format)i;
            return true;
        }
    }
    pl_complain("--format %s: must be table, json or csv", text);
    return false;
}

static bool parse_number(const char *name, const char *text, uint64_t least, uint64_t most,
                         uint64_t *out)
{
    char *end = NULL;
    errno = 0;
    unsigned long long value = isdigit((unsigned char)text[0]) ? strtoull(text, &end, 10) : 0;
    if (end != NULL && errno == 0 && *end == '\0' && value >= least && value <= most) {
        *out = value;
        return true;
    }
    if (most == NUMBER_MAX)
        pl_complain("--%s %s: must be a whole number, from %" PRIu64, name, text, least);
    else
        pl_complain("--%s %s: must be a whole number from %" PRIu64 " to %" PRIu64, name, text,
                    least, most);
    return false;
}

static bool parse_rows(const char *text, bool *crossings)
{
    *crossings = strcmp(text, "crossings") == 0;
    if (*crossings || strcmp(text, "ticks") == 0)
        return true;
    pl_complain("--rows %s: must be ticks or crossings", text);
    return false;
}

static bool parse_order(const char *text, bool *by_room)
{
    *by_room = strcmp(text, "room") == 0;
    if (*by_room || strcmp(text, "distance") == 0)
        return true;
    pl_complain("--by %s: must be distance or room", text);
    return false;
}

static bool parse_beta(const char *text, int64_t *beta_q40)
{
    char *end;
    double beta = strtod(text, &end);
    if (end != text && *end == '\0' && beta >= -10 && beta <= 10) {
        *beta_q40 = llround(ldexp(beta, PL_COEFFICIENT_BITS));
        return true;
    }
    pl_complain("--beta %s: must be a number from -10 to 10", text);
    return false;
}

static bool parse_policy(const char *name, const char *text, uint64_t *out)
{
    static const char *const names[] = { "default", "market", "half" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(text, names[i]) == 0) {
            *out = i;
            return true;
        }
    }
    pl_complain("--%s %s: must be default, market or half", name, text);
    return false;
}

static bool parse_percent(const char *name, const char *text, double least, double most,
                          int64_t *out_q40)
{
    char *end;
    double value = strtod(text, &end);
    if (end != text && *end == '\0' && value >= least && value <= most) {
        *out_q40 = llround(ldexp(value, PL_COEFFICIENT_BITS) / 100);
        return true;
    }
    pl_complain("--%s %s: must be a number from %g to %g", name, text, least, most);
    return false;
}

static bool take_simulate_option(int code, const char *name, struct pl_simulate_options *simulate)
{
    switch (code) {
    case CODE_POLICY: return parse_policy(name, optarg, &simulate->policy);
    case CODE_COMPARE: return parse_policy(name, optarg, &simulate->compare);
    case CODE_SPREAD: return parse_percent(name, optarg, 0, 10, &simulate->market.spread_q40);
    case CODE_IMPACT: return parse_percent(name, optarg, 0, 100, &simulate->market.impact_q40);
    case CODE_VOLUME: return parse_percent(name, optarg, 1, 10000, &simulate->market.volume_q40);
    case CODE_FUND: return parse_percent(name, optarg, 0, 100, &simulate->market.fund_q40);
    default: simulate->no_breakers = true; return true;
    }
}

static unsigned bit_of(int code)
{
    switch (code) {
    case CODE_FORMAT: return PL_OPTION_FORMAT;
    case CODE_DEVICE: return PL_OPTION_DEVICE;
    case CODE_MODEL: return PL_OPTION_MODEL | PL_OPTION_MODELS;
    case CODE_TICK: return PL_OPTION_TICK;
    case CODE_WITH: return PL_OPTION_WITH;
    case CODE_REPORT: return PL_OPTION_REPORT;
    case CODE_ACCOUNT: return PL_OPTION_ACCOUNT | PL_OPTION_ACCOUNTS | PL_OPTION_SHOW;
    case CODE_ROWS: return PL_OPTION_ROWS;
    case CODE_BETA:
    case CODE_HOURS: return PL_OPTION_DISTANCE;
    case CODE_JOURNAL: return PL_OPTION_JOURNAL | PL_OPTION_ACTIONS;
    case CODE_HEAD: return PL_OPTION_HEAD;
    case CODE_KIND:
    case CODE_SINCE:
    case CODE_UNTIL: return PL_OPTION_SHOW;
    case CODE_BUDGET: return PL_OPTION_BUDGET;
    case CODE_RULES: return PL_OPTION_RULES;
    case CODE_POLICY:
    case CODE_COMPARE:
    case CODE_SPREAD:
    case CODE_IMPACT:
    case CODE_VOLUME:
    case CODE_FUND:
    case CODE_NO_BREAKERS: return PL_OPTION_SIMULATE;
    default: return PL_OPTION_WATCH;
    }
}

static bool take_model(struct pl_options *out)
{
    size_t most = out->command->options & PL_OPTION_MODELS ? PL_OPTIONS_MODELS_MAX : 1;
    if (out->model_count == most) {
        pl_complain("--model: given more than %zu time%s", most, most == 1 ? "" : "s");
        return false;
    }
    out->models[out->model_count++] = optarg;
    return true;
}

static bool take_account(struct pl_options *out)
{
    struct pl_watch_options *watch = &out->watch;
    if (out->command->options & (PL_OPTION_ACCOUNT | PL_OPTION_SHOW)) {
        out->account = optarg;
        return true;
    }
    if (watch->name_count == PL_WATCH_ACCOUNTS_MAX) {
        pl_complain("--account %s: at most %d accounts are watched", optarg, PL_WATCH_ACCOUNTS_MAX);
        return false;
    }
    watch->names[watch->name_count++] = optarg;
    return true;
}

static bool take_watch_option(int code, const char *name, struct pl_watch_options *watch)
{
    switch (code) {
    case CODE_ACCOUNTS:
        return parse_number(name, optarg, 1, PL_WATCH_ACCOUNTS_MAX, &watch->accounts);
    case CODE_EVERY: return parse_number(name, optarg, 0, NUMBER_MAX, &watch->every);
    case CODE_BY: return parse_order(optarg, &watch->by_room);
    case CODE_FROM: return parse_number(name, optarg, 1, NUMBER_MAX, &watch->from);
    case CODE_TICKS: return parse_number(name, optarg, 1, NUMBER_MAX, &watch->ticks);
    case CODE_PAUSE: return parse_number(name, optarg, 0, PL_WATCH_PAUSE_MS_MAX, &watch->pause_ms);
    default: watch->plain = true; return true;
    }
}

static bool parse_time(const char *name, const char *text, int64_t *out)
{
    if (pl_text_time_parse(text, strlen(text), out) == 0)
        return true;
    pl_complain("--%s %s: must be a time from 1970 to 9999, as 2026-02-04T04:24:03.263Z, or "
                "microseconds",
                name, text);
    return false;
}

static bool take_option(int code, const char *name, struct pl_options *out)
{
    if ((out->command->options & bit_of(code)) == 0) {
        pl_complain("--%s does not apply to %s", name, out->command->name);
        return false;
    }
    switch (code) {
    case CODE_FORMAT: return parse_format(optarg, &out->format);
    case CODE_DEVICE: out->device = optarg; return true;
    case CODE_MODEL: return take_model(out);
    case CODE_TICK: return parse_number(name, optarg, 1, NUMBER_MAX, &out->tick);
    case CODE_WITH: out->with = optarg; return true;
    case CODE_REPORT: out->report = optarg; return true;
    case CODE_ACCOUNT: return take_account(out);
    case CODE_ROWS: return parse_rows(optarg, &out->crossings);
    case CODE_BETA: return parse_beta(optarg, &out->distance.beta_q40);
    case CODE_HOURS:
        return parse_number(name, optarg, 1, PL_DISTANCE_HOURS_MAX, &out->distance.hours);
    case CODE_JOURNAL:
        out->journal = optarg;
        out->resume = (out->command->options & PL_OPTION_ACTIONS) != 0;
        return true;
    case CODE_HEAD: out->head = optarg; return true;
    case CODE_KIND: out->kind = optarg; return true;
    case CODE_SINCE: return parse_time(name, optarg, &out->since_us);
    case CODE_UNTIL: return parse_time(name, optarg, &out->until_us);
    case CODE_BUDGET: out->budget = true; return true;
    case CODE_RULES: out->rules = true; return true;
    case CODE_POLICY:
    case CODE_COMPARE:
    case CODE_SPREAD:
    case CODE_IMPACT:
    case CODE_VOLUME:
    case CODE_FUND:
    case CODE_NO_BREAKERS: return take_simulate_option(code, name, &out->simulate);
    default: return take_watch_option(code, name, &out->watch);
    }
}

/* Accounts that are named are not chosen. */
static bool settle_watch_options(struct pl_watch_options *watch)
{
    if (watch->name_count == 0) {
        if (watch->accounts == PL_NOT_GIVEN)
            watch->accounts = PL_WATCH_ACCOUNTS_DEFAULT;
        if (watch->every == PL_NOT_GIVEN)
            watch->every = PL_WATCH_EVERY_DEFAULT;
        return true;
    }
    if (watch->accounts == PL_NOT_GIVEN && watch->every == PL_NOT_GIVEN)
        return true;
    pl_complain("--account and --%s cannot be combined: accounts that are named are not chosen",
                watch->accounts != PL_NOT_GIVEN ? "accounts" : "every");
    return false;
}

static bool take_arguments(struct pl_options *out, int count, char **arguments)
{
    if (count != out->command->argument_count) {
        pl_complain("%s takes %d argument%s%s%s, %d given", out->command->name,
                    out->command->argument_count, out->command->argument_count == 1 ? "" : "s",
                    count > 0 || out->command->argument_count > 0 ? ": " : "",
                    out->command->arguments, count);
        return false;
    }
    const char **places[] = { &out->book, &out->model_a, &out->model_b };
    assert(count <= 3);
    for (int i = 0; i < count; i++)
        *places[i] = arguments[i];
    if ((out->command->options & PL_OPTION_ACCOUNT) && out->account == NULL) {
        pl_complain("%s needs --account ID", out->command->name);
        return false;
    }
    if (out->with != NULL && out->report != NULL) {
        pl_complain("--with and --report cannot be combined: a report shows the book as it is");
        return false;
    }
    if (out->journal != NULL && out->report != NULL &&
        (out->command->options & PL_OPTION_SIMULATE) == 0) {
        pl_complain("--journal and --report cannot be combined: a report judges parts of accounts "
                    "as well");
        return false;
    }
    if (out->journal != NULL && out->simulate.compare != PL_NOT_GIVEN) {
        pl_complain("--journal and --compare cannot be combined: a journal holds one run");
        return false;
    }
    if (out->rules && out->format != PL_FORMAT_TABLE) {
        pl_complain("--rules and --format cannot be combined: rules are printed as a venue.json");
        return false;
    }
    if ((out->command->options & PL_OPTION_SIMULATE) != 0 &&
        out->simulate.compare == out->simulate.policy) {
        pl_complain("--compare names the policy that is played anyway: name another one");
        return false;
    }
    if (out->budget && out->report != NULL) {
        pl_complain("--budget and --report cannot be combined: a report needs every account judged "
                    "at every tick");
        return false;
    }
    if (out->crossings && out->format == PL_FORMAT_JSON) {
        pl_complain("--rows is for the table and CSV; JSON holds both");
        return false;
    }
    return settle_watch_options(&out->watch);
}

/* For the report: the command that made it. */
static char *quote_command_line(int argc, char **argv)
{
    struct pl_buffer text = { 0 };
    pl_buffer_add(&text, "plimsoll");
    for (int i = 1; i < argc; i++) {
        bool plain = argv[i][0] != '\0';
        for (const char *c = argv[i]; *c != '\0'; c++)
            plain = plain && (isalnum((unsigned char)*c) || strchr("_-./:=,+@%", *c) != NULL);
        pl_buffer_add(&text, plain ? " " : " '");
        for (const char *c = argv[i]; *c != '\0'; c++)
            pl_buffer_add(&text, *c == '\'' ? "'\\''" : "%c", *c);
        pl_buffer_add(&text, plain ? "" : "'");
    }
    if (text.failed)
        pl_buffer_free(&text);
    return text.data;
}

/* `argv[0]` is the command's name, the last word of it. */
static int parse_command(int argc, char **argv, struct pl_options *out)
{
    int code, index = 0;
    opterr = 0;
    optind = 0; /* GNU: starts anew */
    /* ':' tells a missing argument from an unknown option */
    while ((code = getopt_long(argc, argv, ":hV", long_options, &index)) != -1) {
        if (code == 'h') {
            add_command_help(&out->text, out->command);
            return 0;
        }
        if (code == 'V') {
            add_version(&out->text);
            return 0;
        }
        if (code == '?' || code == ':') {
            if (code == '?' && optopt != 0 && optopt < CODE_FORMAT)
                pl_complain("-%c: no such option", optopt);
            else
                pl_complain(code == '?' ? "%s: no such option" : "%s: needs a value",
                            argv[optind - 1]);
            return refuse_usage(out);
        }
        if (!take_option(code, long_options[index].name, out))
            return refuse_usage(out);
    }
    return take_arguments(out, argc - optind, argv + optind) ? 0 : refuse_usage(out);
}

/* How many words of the command line are the command's name; 0: another command's. */
static int match_words(const char *name, int argc, char **argv)
{
    size_t first = strcspn(name, " ");
    if (strlen(argv[1]) != first || strncmp(argv[1], name, first) != 0)
        return 0;
    if (name[first] == '\0')
        return 1;
    return argc > 2 && strcmp(argv[2], name + first + 1) == 0 ? 2 : 0;
}

static void complain_command(int argc, char **argv, const struct pl_command *commands)
{
    size_t length = strlen(argv[1]);
    for (const struct pl_command *c = commands; c->name != NULL; c++) {
        if (strncmp(c->name, argv[1], length) == 0 && c->name[length] == ' ') {
            pl_complain(argc > 2 ? "%s %s: no such command" : "%s: needs a second word, as \"%s\"",
                        argv[1], argc > 2 ? argv[2] : c->name);
            return;
        }
    }
    pl_complain("%s: no such command", argv[1]);
}

int pl_options_parse(int argc, char **argv, const struct pl_command *commands,
                     struct pl_options *out)
{
    *out = (struct pl_options){
        .device = PL_OPTIONS_DEVICE_DEFAULT,
        .tick = PL_TICK_LAST,
        .distance = { .hours = PL_DISTANCE_HOURS_DEFAULT },
        .since_us = INT64_MIN,
        .until_us = INT64_MAX,
        .simulate = { .compare = PL_NOT_GIVEN, .market = { -1, -1, -1, -1 } },
        .watch = { .accounts = PL_NOT_GIVEN,
                   .every = PL_NOT_GIVEN,
                   .from = 1,
                   .ticks = PL_NOT_GIVEN,
                   .pause_ms = PL_NOT_GIVEN },
    };
    if (argc < 2) {
        pl_complain("no command given");
        return refuse_usage(out);
    }
    const char *name = argv[1];
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        add_version(&out->text);
        return 0;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        add_help(&out->text, commands);
        return 0;
    }
    int words = 0;
    for (const struct pl_command *c = commands; c->name != NULL && words == 0; c++) {
        words = match_words(c->name, argc, argv);
        out->command = words > 0 ? c : NULL;
    }
    if (out->command == NULL) {
        complain_command(argc, argv, commands);
        return refuse_usage(out);
    }
    out->command_line = quote_command_line(argc, argv);
    if (out->command_line == NULL) {
        pl_complain("out of memory");
        return -ENOMEM;
    }
    return parse_command(argc - words, argv + words, out);
}

void pl_options_free(struct pl_options *options)
{
    free(options->command_line);
    pl_buffer_free(&options->text);
}
