#include "options.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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
    CODE_ROWS
};

static const struct option long_options[] = {
    { "format", required_argument, NULL, CODE_FORMAT },
    { "device", required_argument, NULL, CODE_DEVICE },
    { "model", required_argument, NULL, CODE_MODEL },
    { "tick", required_argument, NULL, CODE_TICK },
    { "with", required_argument, NULL, CODE_WITH },
    { "report", required_argument, NULL, CODE_REPORT },
    { "account", required_argument, NULL, CODE_ACCOUNT },
    { "rows", required_argument, NULL, CODE_ROWS },
    { "help", no_argument, NULL, 'h' },
    { "version", no_argument, NULL, 'V' },
    { NULL, 0, NULL, 0 },
};

static const struct option_help {
    unsigned bit;
    const char *text;
} option_helps[] = {
    { PL_OPTION_ACCOUNT, "  --account ID     the account to explain; required\n" },
    { PL_OPTION_TICK, "  --tick N         the tick to evaluate, from 1; default: the last\n" },
    { PL_OPTION_WITH,
      "  --with TRADES    a CSV of proposed trades (account,symbol,quantity,price): before and after\n" },
    { PL_OPTION_ROWS,
      "  --rows WHAT      crossings: no line per tick; CSV holds either ticks (default) or crossings\n" },
    { PL_OPTION_MODEL, "  --model PATH     margin model; default: the one that the book names\n" },
    { PL_OPTION_MODELS,
      "  --model PATH     margin model, up to 16 times; default: the one that the book names\n" },
    { PL_OPTION_DEVICE,
      "  --device URI     where to evaluate; default model:; `plimsoll devices` lists them\n" },
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
        pl_buffer_add(text, "  %-10s %s\n", c->name, c->summary);
    pl_buffer_add(
        text,
        "\n"
        "A BOOK is a folder of CSV files: instruments, ticks, accounts, positions, and a margin model.\n"
        "`plimsoll COMMAND --help` says more; `plimsoll --version` names the contract.\n\n"
        "exit status: 0 nothing to act on; 1 error; 2 usage; 3 an account is to be liquidated or\n"
        "bankrupt; 4 none is, but one is indeterminate\n");
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

static bool parse_tick(const char *text, uint64_t *out)
{
    char *end;
    errno = 0;
    unsigned long long value = isdigit((unsigned char)text[0]) ? strtoull(text, &end, 10) : 0;
    if (value == 0 || errno != 0 || *end != '\0') {
        pl_complain("--tick %s: must be the number of a tick, from 1", text);
        return false;
    }
    *out = value;
    return true;
}

static bool parse_rows(const char *text, bool *crossings)
{
    *crossings = strcmp(text, "crossings") == 0;
    if (*crossings || strcmp(text, "ticks") == 0)
        return true;
    pl_complain("--rows %s: must be ticks or crossings", text);
    return false;
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
    case CODE_ACCOUNT: return PL_OPTION_ACCOUNT;
    default: return PL_OPTION_ROWS;
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
    case CODE_TICK: return parse_tick(optarg, &out->tick);
    case CODE_WITH: out->with = optarg; return true;
    case CODE_REPORT: out->report = optarg; return true;
    case CODE_ACCOUNT: out->account = optarg; return true;
    default: return parse_rows(optarg, &out->crossings);
    }
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
    if (out->crossings && out->format == PL_FORMAT_JSON) {
        pl_complain("--rows is for the table and CSV; JSON holds both");
        return false;
    }
    return true;
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

static int parse_command(int argc, char **argv, struct pl_options *out)
{
    int code, index = 0;
    opterr = 0;
    optind = 0; /* GNU: starts anew */
    /* argv[0] of getopt is the command's name; ':' tells a missing argument from an unknown option
     */
    while ((code = getopt_long(argc - 1, argv + 1, ":hV", long_options, &index)) != -1) {
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
                pl_complain(code == '?' ? "%s: no such option" : "%s: needs a value", argv[optind]);
            return refuse_usage(out);
        }
        if (!take_option(code, long_options[index].name, out))
            return refuse_usage(out);
    }
    return take_arguments(out, argc - 1 - optind, argv + 1 + optind) ? 0 : refuse_usage(out);
}

int pl_options_parse(int argc, char **argv, const struct pl_command *commands,
                     struct pl_options *out)
{
    *out = (struct pl_options){ .device = PL_OPTIONS_DEVICE_DEFAULT, .tick = PL_TICK_LAST };
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
    for (const struct pl_command *c = commands; c->name != NULL; c++)
        if (strcmp(name, c->name) == 0)
            out->command = c;
    if (out->command == NULL) {
        pl_complain("%s: no such command", name);
        return refuse_usage(out);
    }
    out->command_line = quote_command_line(argc, argv);
    if (out->command_line == NULL) {
        pl_complain("out of memory");
        return -ENOMEM;
    }
    return parse_command(argc, argv, out);
}

void pl_options_free(struct pl_options *options)
{
    free(options->command_line);
    pl_buffer_free(&options->text);
}
