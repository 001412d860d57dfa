#include "market.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dev/card.h"
#include "model/fixed.h"

#define ONE (INT64_C(1) << PL_COEFFICIENT_BITS)
#define SEED 7
#define PIECE 65536 /* verdicts */

static uint64_t state = SEED;
static uint16_t expiries = MARKET_EXPIRIES;
static uint8_t scenarios = MARKET_SCENARIOS;
static struct pl_line lines[(8 + 2 * MARKET_PER_EXPIRY) * MARKET_EXPIRIES_MAX + PL_SCENARIOS_MAX];
static size_t line_count;

void market_resize(uint16_t new_expiries, uint8_t new_scenarios)
{
    expiries = new_expiries;
    scenarios = new_scenarios;
}

uint64_t market_draw(uint64_t below)
{
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % below;
}

void market_restart(void)
{
    state = SEED;
}

void market_must(int code, const char *message, const char *what)
{
    if (code >= 0)
        return;
    fprintf(stderr, "%s: %s %s\n", what, pl_error_name(code), message);
    exit(1);
}

static uint64_t ureal(double value)
{
    int e;
    double m = frexp(value, &e);
    return pl_real_pack((struct pl_real){ (int64_t)ldexp(m, 52), e });
}

static int64_t q40(double value)
{
    return (int64_t)ldexp(value, PL_COEFFICIENT_BITS);
}

static void put(const void *record)
{
    memcpy(&lines[line_count++], record, sizeof *lines);
}

const struct pl_line *market_load(size_t *count)
{
    line_count = 0;
    put(&(struct pl_model){ .kind = PL_RECORD_MODEL,
                            .model_version = 1,
                            .table_version = 1,
                            .instruments = expiries * MARKET_PER_EXPIRY,
                            .expiries = expiries,
                            .underlyings = 1,
                            .classes = 1,
                            .scenario_tables = 1,
                            .multipliers = 1 });
    for (uint8_t i = 0; i < scenarios; i++)
        put(&(struct pl_scenario){ .kind = PL_RECORD_SCENARIO,
                                   .vol_rule = (uint8_t)(i % 3),
                                   .index = i,
                                   .count = scenarios,
                                   .shock = q40(1 + 0.03 * (i / 3 - 5)),
                                   .dampening = scenarios == 16 && i >= 14 ? q40(0.35) : ONE });
    put(&(struct pl_underlying){ .kind = PL_RECORD_UNDERLYING,
                                 .scenario_count = scenarios,
                                 .mm_loss_factor = ONE,
                                 .im_loss_factor = q40(1.3),
                                 .basis_up = q40(1.01),
                                 .basis_down = q40(0.99) });
    put(&(struct pl_class){ .kind = PL_RECORD_CLASS,
                            .mm_long = q40(0.001),
                            .mm_short = q40(0.01),
                            .im_long = q40(0.002),
                            .im_short = q40(0.02) });
    put(&(struct pl_multiplier){ .kind = PL_RECORD_MULTIPLIER, .value = ONE });
    for (uint16_t e = 0; e < expiries; e++)
        put(&(struct pl_expiry){
            .kind = PL_RECORD_EXPIRY, .row_shift = 10, .index = e, .scenario = 1 });
    for (uint32_t i = 0; i < (uint32_t)expiries * MARKET_PER_EXPIRY; i++)
        put(&(struct pl_instrument){ .kind = PL_RECORD_INSTRUMENT,
                                     .row = PL_ROW_KIND_OPTION,
                                     .is_call = i & 1,
                                     .index = i,
                                     .expiry = (uint16_t)(i / MARKET_PER_EXPIRY),
                                     .strike = 3000000 + 250000 * (i % MARKET_PER_EXPIRY / 2),
                                     .unit = ureal(1e6 * 1024 / 100) }); /* a lot: 0.01 */
    *count = line_count;
    return lines;
}

struct pl_tick_price market_price(uint16_t expiry, int64_t more)
{
    return (struct pl_tick_price){ .kind = PL_RECORD_TICK_PRICE,
                                   .index = expiry,
                                   .forward = (uint64_t)(7000000 + 100 * expiry + more),
                                   .index_price = 7000000,
                                   .discount = ureal(1) };
}

const struct pl_line *market_tick(uint64_t tick, size_t *count)
{
    line_count = 0;
    for (uint16_t e = 0; e < expiries; e++) {
        double t = (e % MARKET_EXPIRIES + 1) / 52.0, root = sqrt(t);
        put(&(struct pl_tick_price[1]){ market_price(e, 0) });
        put(&(struct pl_tick_time){ .kind = PL_RECORD_TICK_TIME,
                                    .index = e,
                                    .sqrt_t = ureal(root),
                                    .half_inv_sqrt_t = ureal(0.5 / root),
                                    .years = ureal(t),
                                    .moving = ONE,
                                    .basis_weight = ONE,
                                    .long_discount = q40(0.9),
                                    .short_discount = q40(1.1) });
        put(&(struct pl_tick_shift){
            .kind = PL_RECORD_TICK_SHIFT, .index = e, .vol_up = q40(1.4), .vol_down = q40(0.7) });
    }
    for (uint32_t i = 0; i < (uint32_t)expiries * MARKET_PER_EXPIRY; i++)
        put(&(struct pl_tick_vol){ .kind = PL_RECORD_TICK_VOL,
                                   .index = i,
                                   .vol = (uint64_t)ldexp(0.5 + 0.001 * (i % 100), PL_VOL_BITS) });
    put(&(struct pl_tick_commit){ .kind = PL_RECORD_TICK_COMMIT, .tick = tick, .time_us = 1 });
    *count = line_count;
    return lines;
}

size_t market_header(uint64_t *slots, uint32_t account, bool poor)
{
    slots[0] = (uint64_t)PL_TAG_HEADER << 56 | (uint64_t)PL_MODE_PORTFOLIO << 32 | account;
    slots[1] = (uint64_t)PL_TAG_CASH << 56 | (poor ? 0 : UINT64_C(100000000000000));
    return 2;
}

uint64_t market_position(uint32_t instrument)
{
    int32_t lots = (int32_t)market_draw(41) - 20;
    return (uint64_t)PL_TAG_POSITION << 56 | (uint64_t)instrument << 32 | (uint32_t)lots;
}

size_t market_accounts(uint64_t *slots, uint32_t accounts, uint32_t positions)
{
    enum { SPREAD = 3 };
    size_t n = 0;
    market_restart();
    for (uint32_t a = 0; a < accounts; a++) {
        n += market_header(slots + n, a, market_draw(100) < 3);
        uint32_t first = (uint32_t)market_draw((uint64_t)expiries - SPREAD + 1);
        for (uint32_t e = 0; e < SPREAD; e++) {
            uint32_t each = positions / SPREAD + (e < positions % SPREAD);
            uint32_t room = MARKET_PER_EXPIRY / (each + !each);
            for (uint32_t p = 0; p < each; p++)
                slots[n++] = market_position((first + e) * MARKET_PER_EXPIRY + p * room +
                                             (uint32_t)market_draw(room));
        }
    }
    slots[n++] = (uint64_t)PL_TAG_END << 56;
    return n;
}

void market_sweep(const struct pl_dev_ops *ops, struct pl_dev *dev, const uint64_t *slots,
                  size_t count, uint8_t filter)
{
    static struct pl_verdict verdicts[PIECE];
    int got;
    market_must(ops->sweep(dev, slots, count, filter, false), "", "sweep");
    while ((got = ops->poll(dev, verdicts, PIECE, NULL)) > 0)
        ;
    market_must(got, "", "poll");
}

/* As many verdicts as are wanted, unless there are fewer; wanted none: the end. */
static int take_all(const struct pl_dev_ops *ops, struct pl_dev *dev, struct pl_verdict *verdicts,
                    int wanted, struct pl_tick_summary *summary)
{
    int n = 0, got;
    do {
        size_t room = wanted == 0 ? PIECE : (size_t)(wanted - n);
        got = ops->poll(dev, verdicts + n, room, summary);
        market_must(got, "", "poll");
        n += got;
    } while (got > 0 && n < wanted);
    return n;
}

void market_compare(const struct pl_dev_ops *ops, struct pl_dev *dev,
                    const struct pl_dev_ops *other_ops, struct pl_dev *other, const uint64_t *slots,
                    size_t count, uint8_t filter)
{
    static struct pl_verdict verdicts[2][PIECE];
    struct pl_tick_summary summaries[2];
    int got;
    market_must(ops->sweep(dev, slots, count, filter, false), "", "sweep");
    market_must(other_ops->sweep(other, slots, count, filter, false), "", "sweep");
    do {
        got = ops->poll(dev, verdicts[0], PIECE, &summaries[0]);
        market_must(got, "", "poll");
        if (take_all(other_ops, other, verdicts[1], got, &summaries[1]) != got ||
            memcmp(verdicts[0], verdicts[1], (size_t)got * sizeof verdicts[0][0]) != 0 ||
            (got == 0 && memcmp(&summaries[0], &summaries[1], sizeof summaries[0]) != 0)) {
            fprintf(stderr, "%s: differs from %s:\n", ops->scheme, other_ops->scheme);
            exit(1);
        }
    } while (got > 0);
}

static struct pl_dev *fill(const struct pl_dev_ops *ops, struct pl_dev *dev)
{
    size_t count;
    uint64_t detail;
    const struct pl_line *records = market_load(&count);
    market_must(ops->load(dev, records, count, &detail), "", "load");
    records = market_tick(1, &count);
    market_must(ops->tick(dev, records, count), "", "tick");
    return dev;
}

struct pl_dev *market_open_card(const char *options)
{
    char message[PL_MESSAGE_BYTES] = "";
    struct pl_dev *card;
    market_must(pl_dev_sim_ops.open(options, &card, message), message, "sim:");
    return fill(&pl_dev_sim_ops, card);
}

struct pl_dev *market_open_model(void)
{
    char message[PL_MESSAGE_BYTES] = "";
    struct pl_dev *model;
    market_must(pl_dev_model_ops.open("", &model, message), message, "model:");
    return fill(&pl_dev_model_ops, model);
}

struct pl_dev *market_open_cpu(const char *options)
{
    char message[PL_MESSAGE_BYTES] = "";
    struct pl_dev *cpu;
    market_must(pl_dev_cpu_ops.open(options, &cpu, message), message, "cpu:");
    return fill(&pl_dev_cpu_ops, cpu);
}

struct pl_dev *market_open_opencl(const char *options)
{
    char message[PL_MESSAGE_BYTES] = "";
    struct pl_dev *opencl;
    market_must(pl_dev_opencl_ops.open(options, &opencl, message), message, "opencl:");
    return fill(&pl_dev_opencl_ops, opencl);
}
