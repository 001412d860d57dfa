/* From tick to flag: the host's store of a tick into the window of the simulated card, to the last
 * line of its watched verdicts in host memory, in cycles of the core. Every verdict is compared
 * with model:, and no tick may come later than its bound (tick_bound.h); both end the program.
 *
 *   tick [LANES [TICKS [TIMES]]]    default: 8 lanes; TICKS random ticks while a sweep runs: 1,000;
 *                                   TIMES ticks of each other kind: 20 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dev/card.h"
#include "dev/card_state.h"
#include "market.h"
#include "tick_bound.h"

#define ACCOUNTS 64
#define POSITIONS 16 /* of a watched account, in 3 expiries */
#define HELD 5       /* in each of the first two; the rest in the third */
#define POLLS 100000
#define GAP 96  /* cycles after which no further verdict of a sweep is due */
#define LOOK 32 /* cycles between two looks of the host at its memory */
#define EXPIRIES 8

static struct pl_dev *card, *model;
static uint64_t tick = 1;
static bool held[MARKET_INSTRUMENTS]; /* by a watched account */
static struct tick_bound bound;
static size_t times = 20; /* of each kind of tick */
static size_t within;     /* ticks within their bounds */

/* Ticks, what they took, and the one nearest to its bound. */
struct series {
    uint64_t *cycles;
    size_t count;
    uint64_t nearest, its_bound, greatest_bound;
};

static struct pl_bus_link link_now(void)
{
    struct pl_bus_link link;
    card->ring.bus.link(card->ring.bus.context, &link);
    return link;
}

/* Until the card has done what it does after the verdicts: the rows that no watched account holds,
 * and the copies of the new ones. */
static void rest(void)
{
    enum { READS = 6 }; /* a round trip each */
    for (int i = 0; i < READS; i++)
        pl_card_counter(card, PL_COUNTER_CYCLES);
}

/* All verdicts of an evaluation. */
static int take(const struct pl_dev_ops *ops, struct pl_dev *dev, struct pl_verdict *verdicts,
                struct pl_tick_summary *summary)
{
    bool ended = false;
    int taken = 0;
    for (int polls = 0; !ended && polls < POLLS; polls++) {
        int got = ops->watched(dev, verdicts + taken, (size_t)(ACCOUNTS - taken), summary, &ended);
        market_must(got, dev == card ? pl_card_message(card) : "", "watched");
        taken += got;
        if (ended && summary->status == PL_STATUS_RESET)
            ended = false, taken = 0;
    }
    market_must(ended ? 0 : -PL_STATUS_TIMEOUT, "", "watched");
    return taken;
}

/* What a tick of one record reprices. */
static struct tick_rows rows_of(const struct pl_line *record)
{
    struct tick_rows rows = { 0, 0 };
    struct pl_tick_vol tick_vol;
    struct pl_tick_price price;
    memcpy(&tick_vol, record, sizeof tick_vol);
    memcpy(&price, record, sizeof price);
    bool vol = tick_vol.kind == PL_RECORD_TICK_VOL;
    uint32_t first = vol ? tick_vol.index : (uint32_t)price.index * MARKET_PER_EXPIRY;
    for (uint32_t i = first; i < first + (vol ? 1 : MARKET_PER_EXPIRY); i++)
        held[i] ? rows.held++ : rows.others++;
    return rows;
}

/* Posts a tick of one record to both; notes the cycles from the store to the last line. */
static void post(const struct pl_line *record, struct series *series)
{
    static struct pl_verdict a[ACCOUNTS], b[ACCOUNTS];
    struct pl_tick_summary of_card, of_model;
    uint64_t start = link_now().cycles;
    tick++;
    market_must(pl_card_post(card, record, 1, tick), pl_card_message(card), "post");
    market_must(pl_dev_model_ops.post(model, record, 1, tick), "", "model: post");
    int n = take(&pl_dev_sim_ops, card, a, &of_card);
    uint64_t last = link_now().last_line;
    if (take(&pl_dev_model_ops, model, b, &of_model) != n ||
        memcmp(a, b, (size_t)n * sizeof a[0]) != 0 ||
        memcmp(&of_card, &of_model, sizeof of_card) != 0) {
        fprintf(stderr, "tick: differs from model: at tick %" PRIu64 "\n", tick);
        exit(1);
    }
    uint64_t most = tick_bound(&bound, start, rows_of(record)) - start;
    if (last - start > most) {
        fprintf(stderr, "tick: %" PRIu64 " cycles at tick %" PRIu64 ", and at most %" PRIu64 "\n",
                last - start, tick, most);
        exit(1);
    }
    tick_seen(&bound, last);
    within++;
    series->cycles[series->count++] = last - start;
    if ((last - start) * series->its_bound >= series->nearest * most)
        series->nearest = last - start, series->its_bound = most;
    if (most > series->greatest_bound)
        series->greatest_bound = most;
}

static struct pl_line vol_record(uint32_t instrument)
{
    struct pl_line line;
    const struct pl_tick_vol r = { .kind = PL_RECORD_TICK_VOL,
                                   .index = instrument,
                                   .vol = (uint64_t)ldexp(0.4 + 0.001 * (double)market_draw(200),
                                                          PL_VOL_BITS) };
    memcpy(&line, &r, sizeof line);
    return line;
}

static struct pl_line price_record(uint16_t expiry)
{
    struct pl_line line;
    const struct pl_tick_price r = market_price(expiry, (int64_t)market_draw(1000) - 500);
    memcpy(&line, &r, sizeof line);
    return line;
}

/* Accounts of 16 positions in 3 expiries; in the first `holders` of them the instrument `common`.
 */
static const uint64_t *make_stream(uint32_t common, uint32_t holders, size_t *count)
{
    static uint64_t slots[ACCOUNTS * (POSITIONS + 2) + 8];
    size_t n = 0;
    memset(held, 0, sizeof held);
    for (uint32_t a = 0; a < ACCOUNTS; a++) {
        n += market_header(slots + n, a, market_draw(100) < 20);
        for (uint32_t e = 0, left = POSITIONS; e < 3; e++) {
            uint32_t here = e < 2 ? HELD : left, room = MARKET_PER_EXPIRY / here;
            for (uint32_t p = 0; p < here; p++, left--) {
                uint32_t i = e * MARKET_PER_EXPIRY + p * room + (uint32_t)market_draw(room);
                if (i / room == common / room)
                    i = a < holders ? common : i == common ? i + 1 : i;
                held[i] = true;
                slots[n++] = market_position(i);
            }
        }
    }
    slots[n++] = (uint64_t)PL_TAG_END << 56;
    *count = n;
    return slots;
}

static void watch(uint32_t common, uint32_t holders)
{
    size_t n;
    const uint64_t *slots = make_stream(common, holders, &n);
    market_must(pl_card_watch(card, slots, n, PL_STATE_HEALTHY), pl_card_message(card), "watch");
    market_must(pl_dev_model_ops.watch(model, slots, n, PL_STATE_HEALTHY), "", "model: watch");
}

/* A tick by the window, and at once a sweep of the same accounts, streamed: the cycles from the
 * tick's store to the last verdict. */
static uint64_t post_and_stream(const struct pl_line *record, const uint64_t *slots, size_t count)
{
    struct pl_tick_summary summary;
    uint64_t start = link_now().cycles, last = 0;
    tick++;
    market_must(pl_card_post(card, record, 1, tick), pl_card_message(card), "post");
    market_must(pl_dev_model_ops.post(model, record, 1, tick), "", "model: post");
    market_must(pl_card_sweep(card, slots, count, PL_STATE_HEALTHY, false), pl_card_message(card),
                "sweep");
    market_must(pl_dev_model_ops.sweep(model, slots, count, PL_STATE_HEALTHY, false), "",
                "model: sweep");
    /* The lines of the verdicts follow each other closely, the completion a round trip later. */
    for (int i = 0; i < POLLS; i++) {
        struct pl_bus_link link = link_now();
        last = link.last_line;
        if (last > start && link.cycles - last > GAP)
            break;
        pl_ring_relax(&card->ring);
    }
    for (int n = 0, got = 1; got > 0; n++) {
        struct pl_verdict a, b;
        got = pl_card_poll(card, &a, 1, &summary);
        market_must(got, pl_card_message(card), "poll");
        if (pl_dev_model_ops.poll(model, &b, 1, &summary) != got ||
            (got > 0 && memcmp(&a, &b, sizeof a) != 0)) {
            fprintf(stderr, "tick: differs from model: verdict %d of tick %" PRIu64 "\n", n, tick);
            exit(1);
        }
    }
    return last - start;
}

static int upwards(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void show(const char *what, uint64_t *cycles, size_t count, double trip)
{
    qsort(cycles, count, sizeof *cycles, upwards);
    printf("  %-58s %7zu %7" PRIu64 " %7" PRIu64 " %7" PRIu64 " %8.0f", what, count, cycles[0],
           cycles[count / 2], cycles[count - 1], (double)cycles[count - 1] - trip);
}

static void show_bound(const char *what, const struct series *s, double trip)
{
    show(what, s->cycles, s->count, trip);
    printf(" %9.0f  %" PRIu64 " of %" PRIu64 "\n", (double)s->greatest_bound - trip, s->nearest,
           s->its_bound);
}

static struct series begin_series(size_t ticks)
{
    struct series s = { .cycles = calloc(ticks, sizeof(uint64_t)), .its_bound = 1 };
    market_must(s.cycles != NULL ? 0 : -PL_STATUS_LIMIT, "", "memory");
    return s;
}

static void alone(const char *what, bool forward, uint32_t common, uint32_t holders, double trip)
{
    struct series s = begin_series(times);
    watch(common, holders);
    for (size_t i = 0; i < times; i++) {
        struct pl_line record =
            forward ? price_record((uint16_t)(common / MARKET_PER_EXPIRY)) : vol_record(common);
        bound.changed = 0;
        post(&record, &s);
        rest();
    }
    show_bound(what, &s, trip);
    free(s.cycles);
}

static void streamed(const char *what, uint32_t common, double trip)
{
    struct series s = begin_series(times);
    size_t count;
    const uint64_t *slots = make_stream(common, ACCOUNTS, &count);
    market_must(pl_card_watch(card, NULL, 0, 0), pl_card_message(card), "watch");
    market_must(pl_dev_model_ops.watch(model, NULL, 0, 0), "", "model: watch");
    for (; s.count < times; s.count++) {
        struct pl_line record = vol_record(common);
        s.cycles[s.count] = post_and_stream(&record, slots, count);
        rest();
    }
    show(what, s.cycles, times, 3 * trip);
    puts("");
    free(s.cycles);
}

/* Random ticks, one as soon as the verdicts of the one before are there; TICKS_A_SWEEP in each
 * sweep: it is longer than they are. */
static void during_sweeps(const char *what, size_t ticks, uint8_t filter, double trip)
{
    enum { TICKS_A_SWEEP = 60, SWEPT_A_TICK = 700, SWEPT_POSITIONS = 12 };
    const uint32_t swept = SWEPT_A_TICK * (uint32_t)(ticks < TICKS_A_SWEEP ? ticks : TICKS_A_SWEEP);
    struct series series = begin_series(ticks);
    uint64_t *slots = calloc((size_t)swept * (SWEPT_POSITIONS + 2) + 1, sizeof *slots);
    struct pl_tick_summary summary;
    struct pl_verdict verdict;
    size_t count = 0;
    market_must(slots != NULL ? 0 : -PL_STATUS_LIMIT, "", "memory");
    for (uint32_t a = 0; a < swept; a++) {
        count += market_header(slots + count, a, false);
        for (uint32_t p = 0; p < SWEPT_POSITIONS; p++)
            slots[count++] = market_position(p * 40 + (uint32_t)market_draw(40));
    }
    slots[count++] = (uint64_t)PL_TAG_END << 56;
    bound.shape.swept = SWEPT_POSITIONS + 2;
    bound.shape.swept_rows = EXPIRIES;
    bound.shape.seen = filter == PL_STATE_HEALTHY ? LOOK : 0;
    while (series.count < ticks) {
        market_must(pl_card_sweep(card, slots, count, filter, false), pl_card_message(card),
                    "sweep");
        /* What the sweep before it left is flipped before the first of its ticks. */
        uint32_t before = bound.changed;
        for (int n = 0; n < TICKS_A_SWEEP && series.count < ticks; n++) {
            uint32_t i = (uint32_t)market_draw(3 * MARKET_PER_EXPIRY);
            struct pl_line record =
                market_draw(10) == 0 ? price_record((uint16_t)market_draw(3)) : vol_record(i);
            post(&record, &series);
            if (n == 0)
                bound.changed -= before;
        }
        int got;
        do
            got = pl_card_poll(card, &verdict, 1, &summary);
        while (got > 0);
        market_must(got, pl_card_message(card), "poll");
    }
    show_bound(what, &series, trip);
    bound.shape.swept = bound.shape.seen = 0;
    free(series.cycles);
    free(slots);
}

int main(int argc, char **argv)
{
    char options[128];
    uint32_t lanes = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 8;
    size_t ticks = argc > 2 ? strtoul(argv[2], NULL, 0) : 1000;
    times = argc > 3 ? strtoul(argv[3], NULL, 0) : times;
    if (lanes == 0 || ticks == 0 || times == 0) {
        fprintf(stderr, "usage: tick [LANES [TICKS [TIMES]]], each at least 1\n");
        return 2;
    }
    market_resize(EXPIRIES, MARKET_SCENARIOS);
    const double rtt_ns = 1000, trip = rtt_ns * MARKET_CLOCK_MHZ / 1000;
    snprintf(options, sizeof options, "lanes=%u,gen=4,width=16,rtt_ns=%.0f,clock_mhz=%d,stall=0",
             lanes, rtt_ns, MARKET_CLOCK_MHZ);
    card = market_open_card(options);
    model = market_open_model();
    printf(
        "%u lanes, PCIe 4 x16, %d MHz, round trip %.0f cycles: %d watched accounts of %d positions "
        "in 3 expiries;\ncycles from the host's store to the last verdict's line in its memory\n"
        "  %-58s %7s %7s %7s %7s %8s %9s  %s\n",
        lanes, MARKET_CLOCK_MHZ, trip, ACCOUNTS, POSITIONS, "", "ticks", "least", "median", "most",
        "- trip", "its bound", "nearest to its bound");
    bound.shape = (struct tick_shape){ .lanes = lanes,
                                       .scenarios = MARKET_SCENARIOS,
                                       .round_trip = (uint32_t)trip,
                                       .accounts = ACCOUNTS,
                                       .slots = POSITIONS + 2,
                                       .groups = 3,
                                       .ticking = 3 * MARKET_PER_EXPIRY,
                                       .expiries = 3 };
    const uint32_t holders[] = { 0, 1, 8, 16, 32, 64 };
    for (size_t i = 0; i < sizeof holders / sizeof holders[0]; i++) {
        char what[64];
        snprintf(what, sizeof what, "an option's vol, %" PRIu32 " hold it", holders[i]);
        alone(what, false, 20, holders[i], trip);
    }
    alone("a forward of 64 options", true, 20, ACCOUNTS, trip);
    during_sweeps("random ticks, one in ten a forward, while sweeps run", ticks, PL_STATE_BANKRUPT,
                  trip);
    during_sweeps("the same while sweeps write all their verdicts", ticks, PL_STATE_HEALTHY, trip);
    streamed("streamed, reads answered in any order (- 3 trips)", 200, trip);
    pl_card_close(card);
    strcat(options, ",reorder=0");
    card = market_open_card(options);
    tick = 1;
    pl_dev_model_ops.close(model);
    model = market_open_model();
    streamed("streamed, reads answered in the order asked (- 3 trips)", 200, trip);
    puts("Every verdict was compared with model:, every tick with its bound.");
    printf("%zu passed, 0 failed\n", within);
    pl_card_close(card);
    pl_dev_model_ops.close(model);
    return 0;
}
