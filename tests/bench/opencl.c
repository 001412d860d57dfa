/* How fast opencl: prices and sweeps: 10,240 options in 160 expiries with 33 scenarios, accounts of
 * 12 positions in 3 expiries, beside cpu: and model:. Rows and verdicts are compared with the
 * specification's, byte for byte. Prints rates per second of processor time of the whole process
 * (on PoCL that is what the kernels cost), and by the wall clock (what a graphics processor is
 * judged by): medians of rounds in turn.
 *
 *   opencl [--rows] [OPTIONS] [ACCOUNTS]    of opencl:, default ""; default 20,000 accounts, 4,000
 * at least, so that all rows are read */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cpu/isa.h"
#include "cpu/black.h"
#include "dev/software.h"
#include "market.h"
#include "model/fixmath.h"
#include "opencl/device.h"
#include "opencl/layout.h"
#include "opencl/rows.h"
#include "rows.h"

#define EXPIRIES 160
#define OPTIONS (EXPIRIES * MARKET_PER_EXPIRY)
#define POSITIONS 12
#define SPREAD 3 /* expiries of an account */
#define ROUNDS 10
#define SHORT_ROUNDS 200 /* of the pricing alone: about a millisecond each */
#define FEW 320          /* options whose scenarios are one such round */
#define PRICING "pricing beside opencl:"
#define PIECE 65536

struct span {
    double cpu, wall;
};

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct span start(void)
{
    return (struct span){ now(CLOCK_PROCESS_CPUTIME_ID), now(CLOCK_MONOTONIC) };
}

struct rounds {
    double cpu[SHORT_ROUNDS], wall[SHORT_ROUNDS];
    size_t count;
};

static void note(struct span begin, struct rounds *r)
{
    r->cpu[r->count] = now(CLOCK_PROCESS_CPUTIME_ID) - begin.cpu;
    r->wall[r->count++] = now(CLOCK_MONOTONIC) - begin.wall;
}

static struct span median(struct rounds *r)
{
    return (struct span){ rows_median(r->cpu, r->count), rows_median(r->wall, r->count) };
}

/* By processor time, and by the wall clock. */
static void show(const char *name, const char *what, const char *section, const char *unit,
                 double millions, struct span s)
{
    char row[128];
    printf("  %-20s %-20s %9.2f   by the wall clock %9.2f\n", name, what, millions / s.cpu,
           millions / s.wall);
    snprintf(row, sizeof row, "%s | %s", what, name);
    rows_add(section, row, unit, millions / s.cpu);
}

/* The kernels alone, on rows of their own. */
struct alone {
    struct pl_ocl_calls calls;
    struct pl_ocl_device device;
    struct pl_ocl_rows rows;
};

static void must(struct alone *a, int error, const char *what)
{
    market_must(error, a->device.message, what);
}

static void open_alone(struct alone *a, const char *options, struct pl_tables *t)
{
    char message[PL_MESSAGE_BYTES] = "";
    struct pl_ocl_settings settings;
    market_must(pl_ocl_settings_take(&settings, options, message), message, "opencl:");
    market_must(pl_ocl_calls_find(&a->calls, message), message, "opencl:");
    must(a, pl_ocl_device_open(&a->device, &a->calls, &settings), "open");
    must(a, pl_ocl_rows_open(&a->rows, &a->device, PL_PROFILE_FULL), "open");
    must(a, pl_ocl_rows_load(&a->rows, t), "load");
    must(a, pl_ocl_rows_commit(&a->rows), "commit");
}

static void values_alone(struct alone *a)
{
    struct pl_ocl_rows *r = &a->rows;
    const struct pl_ocl_argument list[] = {
        { .buffer = &r->rom },       { .buffer = &r->instruments },
        { .buffer = &r->expiries },  { .buffer = &r->underlyings },
        { .buffer = &r->scenarios }, { .buffer = &r->ticks },
        { .buffer = &r->changes },   { .number = FEW },
        { .number = r->columns },    { .buffer = &r->fresh },
    };
    must(a,
         pl_ocl_run(&a->device, &r->price_values, list, sizeof list / sizeof list[0],
                    FEW * (size_t)r->columns / a->device.lanes),
         "values");
    must(a, pl_ocl_wait(&a->device), "values");
}

static void greeks_alone(struct alone *a)
{
    struct pl_ocl_rows *r = &a->rows;
    const struct pl_ocl_argument list[] = {
        { .buffer = &r->rom },     { .buffer = &r->instruments }, { .buffer = &r->ticks },
        { .buffer = &r->changes }, { .number = OPTIONS },         { .buffer = &r->greeks },
    };
    must(a,
         pl_ocl_run(&a->device, &r->price_greeks, list, sizeof list / sizeof list[0],
                    OPTIONS / a->device.lanes),
         "greeks");
    must(a, pl_ocl_wait(&a->device), "greeks");
}

static struct pl_cpu_options blocks[OPTIONS / PL_CPU_OPTIONS];
static struct pl_expiry_math expiry;

static void make_blocks(const struct pl_tables *t)
{
    pl_fix_expiry(&expiry, UINT64_C(30) * 86400 * 1000000, 0);
    for (uint32_t i = 0; i < OPTIONS; i++) {
        struct pl_cpu_options *b = &blocks[i / PL_CPU_OPTIONS];
        b->forward[i % PL_CPU_OPTIONS] = t->frozen[i / MARKET_PER_EXPIRY].price.forward;
        b->strike[i % PL_CPU_OPTIONS] = t->instruments[i].strike;
        b->vol_q45[i % PL_CPU_OPTIONS] = t->frozen_vols[i].vol;
        b->calls |= (uint8_t)(t->instruments[i].is_call << i % PL_CPU_OPTIONS);
    }
}

/* A block of options by an instruction set of cpu:, or on the device. */
struct way {
    const char *name;
    const struct pl_cpu_isa *isa; /* NULL: opencl: */
    struct rounds values, greeks;
};

static void price(struct alone *a, struct way *w)
{
    struct pl_cpu_values values;
    struct pl_cpu_greeks greeks;
    struct span begin = start();
    if (w->isa == NULL)
        values_alone(a);
    for (uint32_t b = 0; w->isa != NULL && b < OPTIONS / PL_CPU_OPTIONS; b++)
        w->isa->values(&expiry, &blocks[b], &values);
    note(begin, &w->values);
    begin = start();
    if (w->isa == NULL)
        greeks_alone(a);
    for (uint32_t b = 0; w->isa != NULL && b < OPTIONS / PL_CPU_OPTIONS; b++)
        w->isa->greeks(&expiry, &blocks[b], &values, &greeks);
    note(begin, &w->greeks);
}

/* The value under a scenario has its shocks on the device, and none in cpu:. */
static void price_alone(const char *options, struct pl_tables *t)
{
    static struct alone a;
    static struct way ways[] = { { .name = "opencl:" }, { .name = "avx512" }, { .name = "avx2" } };
    const size_t count = sizeof ways / sizeof ways[0];
    open_alone(&a, options, t);
    make_blocks(t);
    for (size_t i = 1; i < count; i++) {
        const struct pl_cpu_isa *isa = pl_cpu_isa_find(ways[i].name);
        ways[i].isa = isa != NULL && isa->greeks != NULL && pl_cpu_isa_here(isa) ? isa : NULL;
    }
    for (int round = 0; round < SHORT_ROUNDS; round++) {
        for (size_t i = 0; i < count; i++) {
            if (i == 0 || ways[i].isa != NULL)
                price(&a, &ways[i]);
        }
    }
    printf("M options/s, the pricing alone, on %s, %u lanes\n", a.device.name, a.device.lanes);
    for (size_t i = 0; i < count; i++) {
        const double options_valued = i == 0 ? FEW * (double)a.rows.columns : OPTIONS;
        char name[64];
        if (i > 0 && ways[i].isa == NULL)
            continue;
        snprintf(name, sizeof name, "%s%s", i == 0 ? "" : "cpu: ", ways[i].name);
        show(name, "value", PRICING, "M options/s", options_valued / 1e6, median(&ways[i].values));
        show(name, "value and Greeks", PRICING, "M options/s", OPTIONS / 1e6,
             median(&ways[i].greeks));
    }
    pl_ocl_rows_close(&a.rows);
    pl_ocl_device_close(&a.device);
    pl_ocl_calls_drop(&a.calls);
}

struct one {
    const char *name;
    const struct pl_dev_ops *ops;
    struct pl_dev *dev;
    struct rounds tick, sweep;
};

static size_t make_stream(uint64_t *slots, uint32_t accounts)
{
    size_t n = 0;
    for (uint32_t a = 0; a < accounts; a++) {
        n += market_header(slots + n, a, market_draw(100) < 3);
        uint32_t first = (uint32_t)market_draw(EXPIRIES - SPREAD + 1);
        for (uint32_t p = 0; p < POSITIONS; p++)
            slots[n++] = market_position((first + p / (POSITIONS / SPREAD)) * MARKET_PER_EXPIRY +
                                         p % (POSITIONS / SPREAD) * 16 + (uint32_t)market_draw(16));
    }
    slots[n++] = (uint64_t)PL_TAG_END << 56;
    return n;
}

static struct pl_verdict verdicts[2][PIECE];

static int sweep(struct one *o, const uint64_t *slots, size_t count, struct pl_verdict *out)
{
    int all = 0, got;
    market_must(o->ops->sweep(o->dev, slots, count, PL_STATE_MARGIN_CALL, false), "", "sweep");
    while ((got = o->ops->poll(o->dev, out + all, PIECE - (size_t)all, NULL)) > 0)
        all += got;
    market_must(got, o->ops->message != NULL ? o->ops->message(o->dev) : "", "poll");
    return all;
}

/* A tick, and two sweeps: cpu: prices what moved when a sweep first reads it, so the tick is what
 * it and the first sweep take longer than the second. */
static void tick(struct one *o, uint64_t number, const uint64_t *slots, size_t slot_count)
{
    size_t count;
    const struct pl_line *lines = market_tick(number, &count);
    struct span begin = start();
    market_must(o->ops->tick(o->dev, lines, count), "", "tick");
    sweep(o, slots, slot_count, verdicts[1]);
    note(begin, &o->tick);
    begin = start();
    sweep(o, slots, slot_count, verdicts[1]);
    note(begin, &o->sweep);
    o->tick.cpu[o->tick.count - 1] -= o->sweep.cpu[o->sweep.count - 1];
    o->tick.wall[o->tick.count - 1] -= o->sweep.wall[o->sweep.count - 1];
}

static void compare(struct one *model, struct one *other, const uint64_t *slots, size_t count)
{
    int n = sweep(model, slots, count, verdicts[0]), m = sweep(other, slots, count, verdicts[1]);
    if (memcmp(model->dev->tables.rows, other->dev->tables.rows, OPTIONS * sizeof(struct pl_row)) !=
            0 ||
        n != m || memcmp(verdicts[0], verdicts[1], (size_t)n * sizeof verdicts[0][0]) != 0) {
        fprintf(stderr, "opencl: %s differs from model:\n", other->name);
        exit(1);
    }
}

/* False: there is no such device, and that was said. */
static bool is_here(const char *options)
{
    char message[PL_MESSAGE_BYTES] = "";
    struct pl_dev *dev;
    if (pl_dev_opencl_ops.open(options, &dev, message) == 0) {
        pl_dev_opencl_ops.close(dev);
        return true;
    }
    fprintf(stderr, "%s\n", message);
    message[strcspn(message, "\n")] = '\0';
    rows_missing(PRICING, "value and Greeks | opencl:", message);
    return false;
}

int main(int argc, char **argv)
{
    static struct one list[] = {
        { .name = "model:", .ops = &pl_dev_model_ops },
        { .name = "cpu:", .ops = &pl_dev_cpu_ops },
        { .name = "opencl:", .ops = &pl_dev_opencl_ops },
    };
    rows_start(&argc, argv);
    const size_t ones = sizeof list / sizeof list[0];
    const char *options = argc > 1 ? argv[1] : "";
    uint32_t accounts = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 0) : 20000;
    uint64_t *slots = malloc(((size_t)accounts * (POSITIONS + 2) + 1) * sizeof *slots);
    if (slots == NULL || accounts > PIECE)
        return 1;
    if (!is_here(options))
        return rows_out == NULL;
    market_resize(EXPIRIES, MARKET_SCENARIOS);
    list[0].dev = market_open_model();
    list[1].dev = market_open_cpu("");
    list[2].dev = market_open_opencl(options);
    market_restart();
    size_t count = make_stream(slots, accounts);
    for (size_t i = 1; i < ones; i++)
        compare(&list[0], &list[i], slots, count);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < ones; i++)
            tick(&list[i], 2 + round, slots, count);
    }
    price_alone(options, &list[0].dev->tables);
    struct pl_capabilities c;
    list[2].ops->capabilities(list[2].dev, &c);
    printf("M evaluations/s of a tick that reprices everything: 33 scenarios, basis, base with "
           "Greeks, requirements, orders; %s\n",
           c.description);
    for (size_t i = 0; i < ones; i++)
        show(list[i].name, "whole tick", "tick beside opencl:", "M evaluations/s",
             OPTIONS * 36 / 1e6, median(&list[i].tick));
    printf("M positions/s of a sweep of %" PRIu32 " accounts, from margin call on\n", accounts);
    for (size_t i = 0; i < ones; i++)
        show(list[i].name, "sweep", "sweep beside opencl:", "M positions/s",
             accounts * (double)POSITIONS / 1e6, median(&list[i].sweep));
    for (size_t i = 0; i < ones; i++)
        list[i].ops->close(list[i].dev);
    free(slots);
    return 0;
}
