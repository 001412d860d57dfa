/* What the card does per cycle, from its own counters: pricing of 4,096 instruments under 33
 * scenarios, and sweeps of several shapes over several links. Every verdict is compared with
 * model:. Prints; judges nothing but that comparison.
 *
 *   card [LANES [ACCOUNTS]]    default: 8 lanes, 20,000 accounts (needs the library of that many
 *                              lanes: make build/lib/libplimsoll-card-full-8.so) */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dev/card.h"
#include "dev/card_state.h"
#include "model/fixed.h"

#define EXPIRIES 64
#define PER_EXPIRY 64
#define INSTRUMENTS (EXPIRIES * PER_EXPIRY)
#define SCENARIOS 33
#define ONE (INT64_C(1) << PL_COEFFICIENT_BITS)
#define CLOCK_MHZ 250

static uint64_t state = 7;

static uint64_t draw(uint64_t below)
{
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % below;
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

static struct pl_line *lines;
static size_t line_count;

static void put(const void *record)
{
    memcpy(&lines[line_count++], record, sizeof *lines);
}

/* One underlying, 64 expiries of 64 options, 11 prices x 3 vols. */
static void make_load(void)
{
    put(&(struct pl_model){ .kind = PL_RECORD_MODEL,
                            .model_version = 1,
                            .table_version = 1,
                            .instruments = INSTRUMENTS,
                            .expiries = EXPIRIES,
                            .underlyings = 1,
                            .classes = 1,
                            .scenario_tables = 1,
                            .multipliers = 1 });
    for (uint8_t i = 0; i < SCENARIOS; i++)
        put(&(struct pl_scenario){ .kind = PL_RECORD_SCENARIO,
                                   .vol_rule = (uint8_t)(i % 3),
                                   .index = i,
                                   .count = SCENARIOS,
                                   .shock = q40(1 + 0.03 * (i / 3 - 5)),
                                   .dampening = ONE });
    put(&(struct pl_underlying){ .kind = PL_RECORD_UNDERLYING,
                                 .scenario_count = SCENARIOS,
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
    for (uint16_t e = 0; e < EXPIRIES; e++)
        put(&(struct pl_expiry){
            .kind = PL_RECORD_EXPIRY, .row_shift = 10, .index = e, .scenario = 1 });
    for (uint32_t i = 0; i < INSTRUMENTS; i++)
        put(&(struct pl_instrument){ .kind = PL_RECORD_INSTRUMENT,
                                     .row = PL_ROW_KIND_OPTION,
                                     .is_call = i & 1,
                                     .index = i,
                                     .expiry = (uint16_t)(i / PER_EXPIRY),
                                     .strike = 3000000 + 250000 * (i % PER_EXPIRY / 2),
                                     .unit = ureal(1e6 * 1024 / 100) }); /* a lot: 0.01 */
}

static void make_tick(uint64_t tick)
{
    line_count = 0;
    for (uint16_t e = 0; e < EXPIRIES; e++) {
        double t = (e + 1) / 52.0, root = sqrt(t);
        put(&(struct pl_tick_price){ .kind = PL_RECORD_TICK_PRICE,
                                     .index = e,
                                     .forward = 7000000 + 100 * e,
                                     .index_price = 7000000,
                                     .discount = ureal(1) });
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
    for (uint32_t i = 0; i < INSTRUMENTS; i++)
        put(&(struct pl_tick_vol){ .kind = PL_RECORD_TICK_VOL,
                                   .index = i,
                                   .vol = (uint64_t)ldexp(0.5 + 0.001 * (i % 100), PL_VOL_BITS) });
    put(&(struct pl_tick_commit){ .kind = PL_RECORD_TICK_COMMIT, .tick = tick, .time_us = 1 });
}

/* The accounts of a sweep. */
struct shape {
    const char *name;
    uint32_t positions, expiries; /* of an account */
    bool heavy;                   /* one account in a thousand is as large as the table allows */
    uint8_t filter;
};

static size_t header(uint64_t *slots, uint32_t account, bool poor)
{
    slots[0] = (uint64_t)PL_TAG_HEADER << 56 | (uint64_t)PL_MODE_PORTFOLIO << 32 | account;
    slots[1] = (uint64_t)PL_TAG_CASH << 56 | (poor ? 0 : UINT64_C(100000000000000));
    return 2;
}

static uint64_t position(uint32_t instrument)
{
    int32_t lots = (int32_t)draw(41) - 20;
    return (uint64_t)PL_TAG_POSITION << 56 | (uint64_t)instrument << 32 | (uint32_t)lots;
}

/* Every instrument with resting orders: as many slots as an account can use here. */
static size_t heavy_account(uint64_t *slots, uint32_t account)
{
    size_t n = header(slots, account, false);
    for (uint32_t i = 0; i < INSTRUMENTS; i++) {
        slots[n++] = position(i);
        slots[n++] = (uint64_t)PL_TAG_ORDERS << 56 | draw(10) << 28 | draw(10);
    }
    return n;
}

static size_t plain_account(uint64_t *slots, uint32_t account, const struct shape *s)
{
    size_t n = header(slots, account, draw(100) < 3);
    uint32_t each = s->positions / s->expiries, room = PER_EXPIRY / each;
    uint32_t first = (uint32_t)draw(EXPIRIES - s->expiries + 1);
    for (uint32_t e = 0; e < s->expiries; e++) {
        for (uint32_t p = 0; p < each; p++)
            slots[n++] = position((first + e) * PER_EXPIRY + p * room + (uint32_t)draw(room));
    }
    return n;
}

static size_t make_stream(uint64_t *slots, uint32_t accounts, const struct shape *s)
{
    size_t n = 0;
    state = 7;
    for (uint32_t a = 0; a < accounts; a++)
        n += s->heavy && a % 1000 == 500 ? heavy_account(slots + n, a)
                                         : plain_account(slots + n, a, s);
    slots[n++] = (uint64_t)PL_TAG_END << 56;
    return n;
}

static void must(int code, struct pl_dev *card, const char *what)
{
    if (code >= 0)
        return;
    fprintf(stderr, "card: %s: %s %s\n", what, pl_error_name(code),
            card != NULL ? pl_card_message(card) : "");
    exit(1);
}

static struct pl_dev *open_card(const char *options)
{
    char message[PL_MESSAGE_BYTES] = "";
    struct pl_dev *card;
    uint64_t detail;
    if (pl_dev_sim_ops.open(options, &card, message) != 0) {
        fprintf(stderr, "card: %s\n", message);
        exit(1);
    }
    line_count = 0;
    make_load();
    must(pl_card_load(card, lines, line_count, &detail), card, "load");
    make_tick(1);
    must(pl_card_tick(card, lines, line_count), card, "tick");
    return card;
}

static struct pl_dev *open_model(void)
{
    char message[PL_MESSAGE_BYTES];
    struct pl_dev *model;
    uint64_t detail;
    must(pl_dev_model_ops.open("", &model, message), NULL, "model");
    line_count = 0;
    make_load();
    must(pl_dev_model_ops.load(model, lines, line_count, &detail), NULL, "model: load");
    make_tick(1);
    must(pl_dev_model_ops.tick(model, lines, line_count), NULL, "model: tick");
    return model;
}

/* The sweep on both; returns the number of verdicts. */
static uint64_t compare(struct pl_dev *card, struct pl_dev *model, const uint64_t *slots,
                        size_t count, uint8_t filter)
{
    struct pl_tick_summary summary[2];
    uint64_t verdicts = 0;
    must(pl_card_sweep(card, slots, count, filter, false), card, "sweep");
    must(pl_dev_model_ops.sweep(model, slots, count, filter, false), NULL, "model: sweep");
    for (;;) {
        struct pl_verdict a, b;
        int got = pl_card_poll(card, &a, 1, &summary[0]);
        must(got, card, "poll");
        if (pl_dev_model_ops.poll(model, &b, 1, &summary[1]) != got ||
            (got == 1 && memcmp(&a, &b, sizeof a) != 0) ||
            (got == 0 && memcmp(&summary[0], &summary[1], sizeof summary[0]) != 0)) {
            fprintf(stderr, "card: differs from model: after %" PRIu64 " verdicts\n", verdicts);
            exit(1);
        }
        if (got == 0)
            return verdicts;
        verdicts++;
    }
}

static const enum pl_counter followed[] = {
    PL_COUNTER_SWEEP_CYCLES, PL_COUNTER_SWEEP_SLOTS,  PL_COUNTER_STALL_INPUT,
    PL_COUNTER_STALL_LANES,  PL_COUNTER_STALL_OUTPUT,
};
enum { FOLLOWED = sizeof followed / sizeof followed[0] };

static void sweep(struct pl_dev *card, struct pl_dev *model, uint64_t *slots, uint32_t accounts,
                  const struct shape *s)
{
    uint64_t before[FOLLOWED], by[FOLLOWED];
    size_t count = make_stream(slots, accounts, s);
    for (int i = 0; i < FOLLOWED; i++)
        before[i] = pl_card_counter(card, followed[i]);
    uint64_t verdicts = compare(card, model, slots, count, s->filter);
    for (int i = 0; i < FOLLOWED; i++)
        by[i] = pl_card_counter(card, followed[i]) - before[i];
    struct pl_bus_link link;
    card->ring.bus.link(card->ring.bus.context, &link);
    double cycles = (double)by[0], rate = (double)by[1] / cycles;
    printf("  %-42s %8zu %9.0f %7.3f %6.1f %6.1f %6.1f %6.1f %8" PRIu64 "\n", s->name, count,
           cycles, rate, 100 * rate * PL_SLOT_BYTES / link.read_limit, 100 * (double)by[2] / cycles,
           100 * (double)by[3] / cycles, 100 * (double)by[4] / cycles, verdicts);
}

int main(int argc, char **argv)
{
    static const struct shape shapes[] = {
        { "A: 12 positions in 3 expiries", 12, 3, false, PL_STATE_MARGIN_CALL },
        { "A, all verdicts returned", 12, 3, false, PL_STATE_HEALTHY },
        { "2 positions an account", 2, 1, false, PL_STATE_MARGIN_CALL },
        { "12 positions in 12 expiries", 12, 12, false, PL_STATE_MARGIN_CALL },
        { "A, 1 in 1,000 accounts of 8,192 slots", 12, 3, true, PL_STATE_MARGIN_CALL },
    };
    static const struct {
        int generation, reorder;
    } links[] = { { 4, 100 }, { 3, 100 }, { 3, 50 } };
    uint32_t lanes = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 8;
    uint32_t accounts = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 0) : 20000;
    lines = malloc((8 * EXPIRIES + 2 * INSTRUMENTS + SCENARIOS + 8) * sizeof *lines);
    size_t most = ((size_t)accounts + 1000) * 16 + (accounts / 1000 + 1) * 2 * INSTRUMENTS;
    uint64_t *slots = aligned_alloc(PL_LINE_BYTES, most * sizeof *slots);
    if (lines == NULL || slots == NULL)
        return 1;
    struct pl_dev *model = open_model();
    for (size_t g = 0; g < sizeof links / sizeof links[0]; g++) {
        char options[128];
        snprintf(options, sizeof options,
                 "lanes=%u,gen=%d,width=16,rtt_ns=1000,clock_mhz=%d,stall=0,"
                 "reorder=%d",
                 lanes, links[g].generation, CLOCK_MHZ, links[g].reorder);
        struct pl_dev *card = open_card(options);
        uint64_t evaluations = pl_card_counter(card, PL_COUNTER_EVALUATIONS);
        uint64_t cycles = pl_card_counter(card, PL_COUNTER_PRICE_CYCLES);
        if (g == 0)
            printf("pricing: %d instruments x %d scenarios (and base, basis up, basis down): "
                   "%" PRIu64 " evaluations in %" PRIu64 " cycles, %.4f a cycle\n",
                   INSTRUMENTS, SCENARIOS, evaluations, cycles,
                   (double)evaluations / (double)cycles);
        printf(
            "\n%u lanes, PCIe %d x16, %d MHz, 1 us round trip, %d %% of the completions of any read that "
            "has data\n  %-42s %8s %9s %7s %6s %6s %6s %6s %8s\n",
            lanes, links[g].generation, CLOCK_MHZ, links[g].reorder, "sweep", "slots", "cycles",
            "slots/c", "link %", "in %", "lane %", "out %", "verdicts");
        for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
            sweep(card, model, slots, accounts, &shapes[i]);
        pl_card_close(card);
    }
    pl_dev_model_ops.close(model);
    puts(
        "\nslots/c: slots of the stream (headers, cash, positions) per cycle, from the fetch of the "
        "submission\nto the last response. link: share of the link's payload limit. in, lane, out: "
        "cycles waiting for a\nline, for lanes, for the bus to take a verdict. Every verdict was "
        "compared with model:.");
    free(slots);
    free(lines);
    return 0;
}
