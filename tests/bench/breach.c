/* How well the probability of a breach is calibrated: at ticks of a book, each account that is
 * above its line gets a forecast; within the horizon it breaches or not. Prints a reliability
 * table, and the Brier score beside that of a plain distance rule (excess over |delta| below x:
 * breach, the best x chosen in hindsight) and of the base rate.
 *
 *   breach BOOK [HOURS [EVERY]]    horizon, 4; a forecast every so many ticks, 30 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/moves.h"
#include "cli/states.h"

struct forecast {
    uint32_t account;
    bool breached;
    float probability, distance;
    int64_t from_us, until_us;
};

static struct forecast *forecasts;
static size_t count, capacity, first_open;

static void keep(const struct forecast *one)
{
    if (count == capacity) {
        capacity = capacity == 0 ? 4096 : 2 * capacity;
        forecasts = realloc(forecasts, capacity * sizeof *forecasts);
        if (forecasts == NULL)
            exit(1);
    }
    forecasts[count++] = *one;
}

static void forecast_all(struct pl_session *s, const struct pl_moves *moves, int64_t horizon_us)
{
    for (uint32_t a = 0; a < s->book->account_count; a++) {
        struct pl_verdict v;
        struct pl_breach_input in;
        uint32_t leader;
        if (pl_moves_account(moves, s, a, horizon_us, &v, &in, &leader) != 0)
            exit(1);
        if (v.state > PL_STATE_MARGIN_CALL || in.requirement_e8 <= 0 || in.vol_q40 == 0)
            continue;
        struct pl_breach b = pl_breach_of(&in);
        keep(&(struct forecast){
            .account = a,
            .probability = (float)ldexp((double)b.probability_q40, -PL_COEFFICIENT_BITS),
            .distance = (float)(v.maintenance_excess / (fabs((double)v.delta) + 1)),
            .from_us = s->time_us,
            .until_us = s->time_us + horizon_us,
        });
    }
}

static void note_breaches(const struct pl_session *s, const struct pl_verdict *verdicts)
{
    for (size_t i = first_open; i < count; i++) {
        struct forecast *f = &forecasts[i];
        if (s->time_us > f->until_us) {
            first_open += i == first_open;
            continue;
        }
        if (s->time_us > f->from_us)
            f->breached |= verdicts[f->account].state >= PL_STATE_LIQUIDATE;
    }
}

static int by_distance(const void *a, const void *b)
{
    float x = ((const struct forecast *)a)->distance, y = ((const struct forecast *)b)->distance;
    return x < y ? -1 : x > y;
}

static void print_scores(void)
{
    double score = 0, breaches = 0, best_x = 0;
    for (size_t i = 0; i < count; i++) {
        double error = (double)forecasts[i].probability - forecasts[i].breached;
        score += error * error;
        breaches += forecasts[i].breached;
    }
    double rate = breaches / (double)count, wrong = breaches, best = breaches;
    qsort(forecasts, count, sizeof *forecasts, by_distance);
    for (size_t i = 0; i < count; i++) { /* wrong: breaches missed and false alarms of x */
        wrong += forecasts[i].breached ? -1 : 1;
        if (wrong < best && (i + 1 == count || forecasts[i + 1].distance > forecasts[i].distance)) {
            best = wrong;
            best_x = forecasts[i].distance;
        }
    }
    printf("%zu forecasts, %.0f breaches (%.3f %%)\n", count, breaches, rate * 100);
    printf("Brier score: %.6f; plain distance below %.2f %%: %.6f; base rate: %.6f\n",
           score / (double)count, best_x * 100, best / (double)count, rate * (1 - rate));
}

static void print_reliability(void)
{
    static const double edges[] = { 0, 0.001, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0001 };
    printf("| forecast | accounts | mean forecast | breached |\n|---|---|---|---|\n");
    for (size_t k = 0; k + 1 < sizeof edges / sizeof edges[0]; k++) {
        double n = 0, sum = 0, breached = 0;
        for (size_t i = 0; i < count; i++) {
            double p = forecasts[i].probability;
            if (p < edges[k] || p >= edges[k + 1])
                continue;
            n++;
            sum += p;
            breached += forecasts[i].breached;
        }
        if (n > 0)
            printf("| %g to %g %% | %.0f | %.2f %% | %.2f %% |\n", edges[k] * 100,
                   fmin(edges[k + 1], 1) * 100, n, sum / n * 100, breached / n * 100);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "breach BOOK [HOURS [EVERY]]\n");
        return 2;
    }
    int64_t horizon_us = (argc > 2 ? strtoll(argv[2], NULL, 10) : 4) * INT64_C(3600000000);
    uint64_t every = argc > 3 ? strtoull(argv[3], NULL, 10) : 30;
    struct pl_options options = { .book = argv[1], .device = "cpu:" };
    struct pl_session *s;
    struct pl_moves moves;
    if (pl_session_open(&options, &s) != 0 || pl_moves_open(&moves, s) != 0)
        return 1;
    struct pl_verdict *verdicts = pl_verdicts_alloc(s);
    if (verdicts == NULL || every == 0)
        return 1;
    int64_t end_us = s->book->ticks[s->book->tick_count - 1].time_us;
    while (s->tick < s->book->tick_count) {
        if (pl_session_advance(s) != 0)
            return 1;
        pl_moves_take(&moves, s);
        if (pl_session_evaluate(s, s->accounts, s->book->account_count, verdicts, NULL) != 0)
            return 1;
        note_breaches(s, verdicts);
        if (s->tick > 1 && s->tick % every == 0 && s->time_us + horizon_us <= end_us)
            forecast_all(s, &moves, horizon_us);
    }
    print_scores();
    print_reliability();
    pl_moves_close(&moves);
    free(verdicts);
    free(forecasts);
    pl_session_close(s);
    return 0;
}
