/* cpu: the fast exact engine of an ordinary server. Options, with commas between them: profile=full
 * or small; isa=auto, avx512, avx2 or plain; threads=N (default 1: the caller's); pin=P binds the
 * threads to the processors from P on. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dev/software.h"
#include "isa.h"
#include "packed.h"
#include "pieces.h"
#include "resident.h"
#include "waiting.h"

struct cpu {
    const struct pl_cpu_isa *isa;
    struct pl_cpu_waiting waiting;
    struct pl_cpu_packed packed; /* plain: not used */
    struct pl_cpu_pieces pieces; /* without threads: not used */
    struct pl_cpu_resident kept; /* the watched set */
    bool kept_is_good;           /* false: a slot breaks the contract; take() says so */
    char description[64];
};

static int cpu_loaded(void *context, struct pl_tables *tables)
{
    struct cpu *cpu = context;
    pl_cpu_resident_free(&cpu->kept);
    tables->price = tables->profile == PL_PROFILE_FULL ? cpu->isa->price : NULL;
    tables->fills_rows = true;
    int error = pl_cpu_waiting_make(&cpu->waiting, tables);
    return error != 0 || cpu->isa->take == NULL ? error : pl_cpu_packed_make(&cpu->packed, tables);
}

static int cpu_committed(void *context, struct pl_tables *tables)
{
    struct cpu *cpu = context;
    pl_cpu_waiting_note(&cpu->waiting, tables);
    pl_cpu_resident_note(&cpu->kept);
    return 0;
}

static void cpu_prepare(void *context, const struct pl_tables *tables, const uint64_t *slots,
                        size_t count)
{
    struct cpu *cpu = context;
    uint32_t filled = pl_cpu_waiting_fill(&cpu->waiting, tables, slots, count);
    if (cpu->isa->take != NULL)
        pl_cpu_packed_renew(&cpu->packed, cpu->waiting.filled, filled);
}

static size_t cpu_take(void *context, struct pl_sweep *sweep, struct pl_verdict *verdicts,
                       size_t max)
{
    struct cpu *cpu = context;
    if (cpu->pieces.threads > 0)
        return pl_cpu_pieces_take(&cpu->pieces, sweep, verdicts, max);
    return cpu->isa->take == NULL ? pl_sweep_take(sweep, verdicts, max)
                                  : cpu->isa->take(&cpu->packed, sweep, verdicts, max);
}

static bool cpu_keep(void *context, const struct pl_tables *tables, const uint64_t *slots,
                     size_t count, uint8_t filter)
{
    struct cpu *cpu = context;
    pl_cpu_resident_free(&cpu->kept);
    cpu->kept_is_good =
        count > 0 && pl_cpu_resident_make(&cpu->kept, tables, slots, count, filter) == 0;
    return cpu->kept_is_good;
}

/* A sweep of accounts that are kept, from its start. */
static size_t take_kept(void *context, struct pl_sweep *sweep, struct pl_verdict *verdicts,
                        size_t max)
{
    struct cpu *cpu = context;
    cpu_prepare(cpu, sweep->tables, sweep->slots, sweep->count);
    return cpu_take(cpu, sweep, verdicts, max);
}

static size_t cpu_judge_kept(void *context)
{
    struct cpu *cpu = context;
    cpu->kept_is_good = cpu->kept_is_good && pl_cpu_resident_judge(&cpu->kept, take_kept, cpu) >= 0;
    return cpu->kept_is_good ? pl_cpu_resident_flagged(&cpu->kept) : cpu->kept.accounts + 1u;
}

static size_t cpu_list_kept(void *context, struct pl_sweep *sweep, struct pl_verdict *verdicts,
                            size_t max)
{
    struct cpu *cpu = context;
    if (cpu->kept_is_good)
        return pl_cpu_resident_list(&cpu->kept, sweep, verdicts, max);
    pl_sweep_start(sweep, cpu->kept.tables, cpu->kept.slots, cpu->kept.count, sweep->filter);
    return take_kept(context, sweep, verdicts, max); /* to the slot that breaks the contract */
}

static void cpu_close(void *context)
{
    struct cpu *cpu = context;
    pl_cpu_resident_free(&cpu->kept);
    pl_cpu_pieces_close(&cpu->pieces);
    pl_cpu_packed_free(&cpu->packed);
    pl_cpu_waiting_free(&cpu->waiting);
    free(cpu);
}

static const struct pl_engine engine = { .loaded = cpu_loaded,
                                         .committed = cpu_committed,
                                         .prepare = cpu_prepare,
                                         .take = cpu_take,
                                         .keep = cpu_keep,
                                         .judge_kept = cpu_judge_kept,
                                         .list_kept = cpu_list_kept,
                                         .close = cpu_close };

static int refuse(char *message, const char *option, const char *why)
{
    snprintf(message, PL_MESSAGE_BYTES,
             "device cpu: option \"%s\": %s; use cpu: alone, or with profile=full|small, "
             "isa=auto|avx512|avx2|plain, threads=N, pin=P",
             option, why);
    return -EINVAL;
}

static int take_isa(struct cpu *cpu, const char *option, const char *value, char *message)
{
    if (strcmp(value, "auto") == 0)
        return 0;
    cpu->isa = pl_cpu_isa_find(value);
    if (cpu->isa == NULL)
        return refuse(message, option, "there is no such instruction set");
    if (!pl_cpu_isa_here(cpu->isa))
        return refuse(message, option, "this processor does not have it");
    return 0;
}

/* A number below `limit`. */
static bool take_number(const char *value, unsigned long limit, unsigned *out)
{
    char *end;
    errno = 0;
    unsigned long n = strtoul(value, &end, 10);
    *out = (unsigned)n;
    return *value >= '0' && *value <= '9' && *end == '\0' && errno == 0 && n < limit;
}

struct settings {
    uint8_t profile;
    unsigned threads;
    int pin; /* -1: nowhere */
};

static int take_threads(struct settings *s, const char *option, const char *value, char *message)
{
    if (take_number(value, pl_cpu_processors() + 1ul, &s->threads) && s->threads > 0)
        return 0;
    char why[80];
    snprintf(why, sizeof why, "threads lie within 1 and the %u processors there are",
             pl_cpu_processors());
    return refuse(message, option, why);
}

static int take_option(struct cpu *cpu, struct settings *s, const char *option, char *message)
{
    const char *equals = strchr(option, '=');
    const char *value = equals == NULL ? "" : equals + 1;
    size_t length = equals == NULL ? strlen(option) : (size_t)(equals - option);
    if (length == 7 && strncmp(option, "profile", length) == 0) {
        bool small = strcmp(value, "small") == 0;
        s->profile = small ? PL_PROFILE_SMALL : PL_PROFILE_FULL;
        return small || strcmp(value, "full") == 0
                   ? 0
                   : refuse(message, option, "there is no such profile");
    }
    if (length == 3 && strncmp(option, "isa", length) == 0)
        return take_isa(cpu, option, value, message);
    if (length == 7 && strncmp(option, "threads", length) == 0)
        return take_threads(s, option, value, message);
    if (length == 3 && strncmp(option, "pin", length) == 0) {
        unsigned pin;
        bool good = take_number(value, INT16_MAX, &pin);
        s->pin = (int)pin;
        return good ? 0 : refuse(message, option, "not the number of a processor");
    }
    return refuse(message, option, "there is no such option");
}

/* `text` is cut at its commas. */
static int take_options(struct cpu *cpu, struct settings *s, char *text, char *message)
{
    char *rest = text, *option;
    int error = 0;
    while (error == 0 && *text != '\0' && (option = strsep(&rest, ",")) != NULL)
        error = take_option(cpu, s, option, message);
    return error;
}

static int start_threads(struct cpu *cpu, const struct settings *s, char *message)
{
    if (s->threads == 1 && s->pin < 0)
        return 0;
    cpu->pieces.isa = cpu->isa;
    cpu->pieces.packed = &cpu->packed;
    int error = pl_cpu_pieces_open(&cpu->pieces, s->threads, s->pin);
    if (error == -EINVAL)
        snprintf(message, PL_MESSAGE_BYTES,
                 "device cpu: this process may not use all processors from %d to %d; "
                 "choose another pin, or fewer threads",
                 s->pin, s->pin + (int)s->threads - 1);
    return error;
}

static int cpu_open(const char *options, struct pl_dev **out, char *message)
{
    struct settings s = { .profile = PL_PROFILE_FULL, .threads = 1, .pin = -1 };
    struct cpu *cpu = calloc(1, sizeof *cpu);
    char *text = strdup(options);
    int error = cpu == NULL || text == NULL ? -ENOMEM : 0;
    if (error == 0) {
        cpu->isa = pl_cpu_isa_best();
        error = take_options(cpu, &s, text, message);
        error = error != 0 ? error : start_threads(cpu, &s, message);
    }
    free(text);
    if (error != 0) {
        if (cpu != NULL)
            cpu_close(cpu);
        return error;
    }
    snprintf(cpu->description, sizeof cpu->description,
             "this processor, %s, profile %s, %u thread%s", cpu->isa->name,
             s.profile == PL_PROFILE_SMALL ? "small" : "full", s.threads,
             s.threads == 1 ? "" : "s");
    return pl_software_open(out, s.profile, cpu->description, &engine, cpu);
}

const struct pl_dev_ops pl_dev_cpu_ops = { .scheme = "cpu", .open = cpu_open, PL_SOFTWARE_OPS };
