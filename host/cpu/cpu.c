/* cpu: the fast exact engine of an ordinary server. Options, with commas between them: profile=full
 * or small, isa=auto, avx512 or plain. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dev/software.h"
#include "isa.h"
#include "packed.h"

struct cpu {
    const struct pl_cpu_isa *isa;
    struct pl_cpu_packed packed;
    char description[64];
};

static int cpu_loaded(void *context, struct pl_tables *tables)
{
    struct cpu *cpu = context;
    tables->price = tables->profile == PL_PROFILE_FULL ? cpu->isa->price : NULL;
    return cpu->isa->take == NULL ? 0 : pl_cpu_packed_make(&cpu->packed, tables);
}

static void cpu_committed(void *context, const struct pl_tables *tables)
{
    struct cpu *cpu = context;
    (void)tables;
    if (cpu->isa->take != NULL)
        pl_cpu_packed_renew(&cpu->packed);
}

static size_t cpu_take(void *context, struct pl_sweep *sweep, struct pl_verdict *verdicts,
                       size_t max)
{
    struct cpu *cpu = context;
    return cpu->isa->take == NULL ? pl_sweep_take(sweep, verdicts, max)
                                  : cpu->isa->take(&cpu->packed, sweep, verdicts, max);
}

static void cpu_close(void *context)
{
    struct cpu *cpu = context;
    pl_cpu_packed_free(&cpu->packed);
    free(cpu);
}

static const struct pl_engine engine = { cpu_loaded, cpu_committed, cpu_take, cpu_close };

static int refuse(char *message, const char *option, const char *why)
{
    snprintf(message, PL_MESSAGE_BYTES,
             "device cpu: option \"%s\": %s; use cpu: alone, or with profile=full|small, "
             "isa=auto|avx512|plain",
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
    if (!cpu->isa->here())
        return refuse(message, option, "this processor does not have it");
    return 0;
}

static int take_option(struct cpu *cpu, uint8_t *profile, const char *option, char *message)
{
    const char *equals = strchr(option, '=');
    const char *value = equals == NULL ? "" : equals + 1;
    size_t length = equals == NULL ? strlen(option) : (size_t)(equals - option);
    if (length == 7 && strncmp(option, "profile", 7) == 0) {
        bool small = strcmp(value, "small") == 0;
        *profile = small ? PL_PROFILE_SMALL : PL_PROFILE_FULL;
        return small || strcmp(value, "full") == 0
                   ? 0
                   : refuse(message, option, "there is no such profile");
    }
    if (length == 3 && strncmp(option, "isa", 3) == 0)
        return take_isa(cpu, option, value, message);
    return refuse(message, option, "there is no such option");
}

/* `text` is cut at its commas. */
static int take_options(struct cpu *cpu, uint8_t *profile, char *text, char *message)
{
    char *rest = text, *option;
    int error = 0;
    while (error == 0 && *text != '\0' && (option = strsep(&rest, ",")) != NULL)
        error = take_option(cpu, profile, option, message);
    return error;
}

static int cpu_open(const char *options, struct pl_dev **out, char *message)
{
    uint8_t profile = PL_PROFILE_FULL;
    struct cpu *cpu = calloc(1, sizeof *cpu);
    char *text = strdup(options);
    int error = cpu == NULL || text == NULL ? -ENOMEM : 0;
    if (error == 0) {
        cpu->isa = pl_cpu_isa_best();
        error = take_options(cpu, &profile, text, message);
    }
    free(text);
    if (error != 0) {
        free(cpu);
        return error;
    }
    snprintf(cpu->description, sizeof cpu->description, "this processor, %s, profile %s",
             cpu->isa->name, profile == PL_PROFILE_SMALL ? "small" : "full");
    return pl_software_open(out, profile, cpu->description, &engine, cpu);
}

const struct pl_dev_ops pl_dev_cpu_ops = { .scheme = "cpu", .open = cpu_open, PL_SOFTWARE_OPS };
