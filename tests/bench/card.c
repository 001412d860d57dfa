/* What the card does per cycle, from its own counters: pricing of 4,096 instruments under 33
 * scenarios, and sweeps of several shapes over several links. Every verdict is compared with
 * model:. Prints; judges nothing but that comparison.
 *
 *   card [--rows] [LANES [ACCOUNTS]]
 *       default: 8 lanes, 160,000 accounts of book A, a quarter of that of other shapes (needs the
 *       library of that many lanes: make build/lib/libplimsoll-card-full-8.so) */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dev/card.h"
#include "dev/card_state.h"
#include "market.h"
#include "rows.h"

/* The accounts of a sweep. */
struct shape {
    const char *name;
    uint32_t positions, expiries; /* of an account */
    bool heavy;                   /* one account in a thousand is as large as the table allows */
    uint8_t filter;
    uint32_t part; /* of the accounts: one in so many */
};

/* Every instrument with resting orders: as many slots as an account can use here. */
static size_t heavy_account(uint64_t *slots, uint32_t account)
{
    size_t n = market_header(slots, account, false);
    for (uint32_t i = 0; i < MARKET_INSTRUMENTS; i++) {
        slots[n++] = market_position(i);
        slots[n++] = (uint64_t)PL_TAG_ORDERS << 56 | market_draw(10) << 28 | market_draw(10);
    }
    return n;
}

static size_t plain_account(uint64_t *slots, uint32_t account, const struct shape *s)
{
    size_t n = market_header(slots, account, market_draw(100) < 3);
    uint32_t each = s->positions / s->expiries, room = MARKET_PER_EXPIRY / each;
    uint32_t first = (uint32_t)market_draw(MARKET_EXPIRIES - s->expiries + 1);
    for (uint32_t e = 0; e < s->expiries; e++) {
        for (uint32_t p = 0; p < each; p++)
            slots[n++] = market_position((first + e) * MARKET_PER_EXPIRY + p * room +
                                         (uint32_t)market_draw(room));
    }
    return n;
}

static size_t make_stream(uint64_t *slots, uint32_t accounts, const struct shape *s)
{
    size_t n = 0;
    market_restart();
    for (uint32_t a = 0; a < accounts; a++)
        n += s->heavy && a % 1000 == 500 ? heavy_account(slots + n, a)
                                         : plain_account(slots + n, a, s);
    slots[n++] = (uint64_t)PL_TAG_END << 56;
    return n;
}

/* The sweep on both; returns the number of verdicts. */
static uint64_t compare(struct pl_dev *card, struct pl_dev *model, const uint64_t *slots,
                        size_t count, uint8_t filter)
{
    struct pl_tick_summary summary[2];
    uint64_t verdicts = 0;
    market_must(pl_card_sweep(card, slots, count, filter, false), pl_card_message(card), "sweep");
    market_must(pl_dev_model_ops.sweep(model, slots, count, filter, false), "", "model: sweep");
    for (;;) {
        struct pl_verdict a, b;
        int got = pl_card_poll(card, &a, 1, &summary[0]);
        market_must(got, pl_card_message(card), "poll");
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

static char label[64]; /* lanes and link, for rows */

static void add_row(const char *what, const char *unit, double value)
{
    char row[128];
    snprintf(row, sizeof row, "%s | %s", label, what);
    rows_add("card", row, unit, value);
}

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
    add_row(s->name, "slots/cycle", rate);
}

int main(int argc, char **argv)
{
    static const struct shape shapes[] = {
        { "A: 12 positions in 3 expiries", 12, 3, false, PL_STATE_MARGIN_CALL, 1 },
        { "A, all verdicts returned", 12, 3, false, PL_STATE_HEALTHY, 4 },
        { "2 positions an account", 2, 1, false, PL_STATE_MARGIN_CALL, 4 },
        { "12 positions in 12 expiries", 12, 12, false, PL_STATE_MARGIN_CALL, 4 },
        { "A, 1 in 1,000 accounts of 8,192 slots", 12, 3, true, PL_STATE_MARGIN_CALL, 4 },
    };
    static const struct {
        int generation, reorder;
    } links[] = { { 4, 100 }, { 3, 100 }, { 3, 0 } };
    rows_start(&argc, argv);
    uint32_t lanes = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 8;
    uint32_t accounts = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 0) : 160000;
    size_t most = ((size_t)accounts + 1000) * 16 + (accounts / 1000 + 1) * 2 * MARKET_INSTRUMENTS;
    uint64_t *slots = aligned_alloc(PL_LINE_BYTES, most * sizeof *slots);
    if (slots == NULL)
        return 1;
    struct pl_dev *model = market_open_model();
    for (size_t g = 0; g < sizeof links / sizeof links[0]; g++) {
        char options[128];
        snprintf(options, sizeof options,
                 "lanes=%u,gen=%d,width=16,rtt_ns=1000,clock_mhz=%d,stall=0,"
                 "reorder=%d",
                 lanes, links[g].generation, MARKET_CLOCK_MHZ, links[g].reorder);
        struct pl_dev *card = market_open_card(options);
        uint64_t evaluations = pl_card_counter(card, PL_COUNTER_EVALUATIONS);
        uint64_t cycles = pl_card_counter(card, PL_COUNTER_PRICE_CYCLES);
        struct pl_capabilities capabilities;
        struct pl_bus_link link;
        pl_dev_sim_ops.capabilities(card, &capabilities);
        snprintf(label, sizeof label, "%u lanes, Gen%d x16%s", lanes, links[g].generation,
                 links[g].reorder ? "" : ", in order");
        add_row("instruments of its table", "", capabilities.instruments);
        card->ring.bus.link(card->ring.bus.context, &link);
        add_row("clock", "MHz", MARKET_CLOCK_MHZ);
        add_row("what the link carries", "slots/cycle", link.read_limit / PL_SLOT_BYTES);
        add_row("pricing", "evaluations/cycle", (double)evaluations / (double)cycles);
        if (g == 0)
            printf("pricing: %d instruments x %d scenarios (and base, basis up, basis down): "
                   "%" PRIu64 " evaluations in %" PRIu64 " cycles, %.4f a cycle\n",
                   MARKET_INSTRUMENTS, MARKET_SCENARIOS, evaluations, cycles,
                   (double)evaluations / (double)cycles);
        printf("\n%u lanes, PCIe %d x16, %d MHz, 1 us round trip, completions %s\n"
               "  %-42s %8s %9s %7s %6s %6s %6s %6s %8s\n",
               lanes, links[g].generation, MARKET_CLOCK_MHZ,
               links[g].reorder ? "in any order" : "in the order of their data", "sweep", "slots",
               "cycles", "slots/c", "link %", "in %", "lane %", "out %", "verdicts");
        for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
            sweep(card, model, slots, accounts / shapes[i].part, &shapes[i]);
        pl_card_close(card);
    }
    pl_dev_model_ops.close(model);
    puts(
        "\nslots/c: slots of the stream (headers, cash, positions) per cycle, from the fetch of the "
        "submission\nto the last response. link: share of the link's payload limit. in, lane, out: "
        "cycles waiting for a\nline, for lanes, for the bus to take a verdict. Every verdict was "
        "compared with model:.");
    free(slots);
    return 0;
}
