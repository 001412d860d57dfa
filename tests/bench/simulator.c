/* How fast the simulated card runs on this machine: core cycles per second of real time during a
 * sweep of book A on two lanes. This is a property of the simulator, not of a card. Prints; judges
 * nothing.
 *
 *   simulator [RUNS]    default: 7 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "dev/card.h"
#include "dev/card_state.h"
#include "market.h"

#define OPTIONS "lanes=2,gen=3,width=16,rtt_ns=1000,clock_mhz=250,stall=0"

enum { ACCOUNTS = 12000, POSITIONS = 12, EXPIRIES = 3, RUNS_MAX = 1000 };

static size_t make_stream(uint64_t *slots)
{
    size_t n = 0;
    for (uint32_t a = 0; a < ACCOUNTS; a++) {
        uint32_t first = (uint32_t)market_draw(MARKET_EXPIRIES - EXPIRIES + 1);
        n += market_header(slots + n, a, false);
        for (uint32_t p = 0; p < POSITIONS; p++) {
            uint32_t each = POSITIONS / EXPIRIES, room = MARKET_PER_EXPIRY / each;
            slots[n++] = market_position((first + p / each) * MARKET_PER_EXPIRY + p % each * room +
                                         (uint32_t)market_draw(room));
        }
    }
    slots[n++] = (uint64_t)PL_TAG_END << 56;
    return n;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static uint64_t cycles_of(struct pl_dev *card)
{
    struct pl_bus_link link;
    card->ring.bus.link(card->ring.bus.context, &link);
    return link.cycles;
}

static double run(struct pl_dev *card, const uint64_t *slots, size_t count)
{
    struct pl_verdict verdict;
    struct pl_tick_summary summary;
    uint64_t cycles = cycles_of(card);
    double start = seconds();
    int got;
    market_must(pl_card_sweep(card, slots, count, PL_STATE_MARGIN_CALL, false),
                pl_card_message(card), "sweep");
    do {
        got = pl_card_poll(card, &verdict, 1, &summary);
        market_must(got, pl_card_message(card), "poll");
    } while (got > 0);
    return (double)(cycles_of(card) - cycles) / (seconds() - start);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    size_t runs = argc > 1 ? strtoul(argv[1], NULL, 0) : 7;
    if (runs < 1 || runs > RUNS_MAX) {
        fprintf(stderr, "simulator: RUNS lies in 1..%d\n", RUNS_MAX);
        return 2;
    }
    double rates[RUNS_MAX];
    uint64_t *slots = aligned_alloc(PL_LINE_BYTES, ACCOUNTS * 16 * sizeof *slots);
    if (slots == NULL)
        return 1;
    struct pl_dev *card = market_open_card(OPTIONS);
    size_t count = make_stream(slots);
    for (size_t i = 0; i < runs; i++)
        rates[i] = run(card, slots, count);
    qsort(rates, runs, sizeof rates[0], ascending);
    printf("\nthe simulator, 2 lanes, book A, %zu sweeps: %.0f core cycles a second in the median, "
           "%.0f to %.0f (real time of this machine, not of a card)\n",
           runs, rates[runs / 2], rates[0], rates[runs - 1]);
    pl_card_close(card);
    free(slots);
    return 0;
}
