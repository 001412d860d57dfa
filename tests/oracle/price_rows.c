/* Prices rows of integer words from standard input: the bridge between tests/oracle/black and an
 * engine.
 *
 *   price_rows [--device URI] [--profile full|small]
 *
 * A row: forward strike ttl_us rate_q48 vol_q45 is_call (decimal). Its answer: value flags
 * value_only flags_only log_moneyness_q48, then m and e of delta gamma vega theta theta_decay rho
 * vanna volga. Exits 1 with the line's number on a malformed row.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fixmath.h"
#include "pricing.h"

struct row {
    uint64_t ttl_us;
    int64_t rate_q48;
    struct pl_black_in in;
};

struct answer {
    struct pl_black_out out;
    int64_t value_only;
    uint32_t flags_only;
    int64_t log_moneyness_q48;
};

struct pricer {
    const struct pl_arith *arith;
};

/* The device behind the rows; only model: is known here. 0 or -errno. */
static int pricer_open(struct pricer *p, const char *uri, const char *profile)
{
    if (strcmp(uri, "model:") != 0) {
        return -ENODEV;
    }
    if (strcmp(profile, "full") != 0 && strcmp(profile, "small") != 0) {
        return -EINVAL;
    }
    p->arith = strcmp(profile, "full") == 0 ? &pl_arith_full : &pl_arith_small;
    return 0;
}

static void pricer_price(const struct pricer *p, const struct row *row, struct answer *answer)
{
    struct pl_expiry_math x;
    pl_fix_expiry(&x, row->ttl_us, row->rate_q48);
    pl_black(p->arith, &x, &row->in, &answer->out);
    answer->value_only = pl_black_value(p->arith, &x, &row->in, &answer->flags_only);
    answer->log_moneyness_q48 = pl_log_moneyness_q48(p->arith, row->in.strike, row->in.forward);
}

static int row_read(const char *line, struct row *row)
{
    unsigned is_call;
    char rest;
    const int n = sscanf(line, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNd64 " %" SCNu64 " %u %c",
                         &row->in.forward, &row->in.strike, &row->ttl_us, &row->rate_q48,
                         &row->in.vol_q45, &is_call, &rest);
    row->in.is_call = is_call == 1;
    return n == 6 && is_call <= 1 ? 0 : -EINVAL;
}

static void answer_print(const struct answer *a)
{
    const struct pl_real *const reals[] = {&a->out.delta, &a->out.gamma,       &a->out.vega,
                                           &a->out.theta, &a->out.theta_decay, &a->out.rho,
                                           &a->out.vanna, &a->out.volga};
    printf("%" PRId64 " %" PRIu32 " %" PRId64 " %" PRIu32 " %" PRId64, a->out.value, a->out.flags,
           a->value_only, a->flags_only, a->log_moneyness_q48);
    for (size_t i = 0; i < sizeof(reals) / sizeof(reals[0]); i++) {
        printf(" %" PRId64 " %" PRId32, reals[i]->m, reals[i]->e);
    }
    putchar('\n');
}

static int rows_run(const struct pricer *p, FILE *in)
{
    char line[256];
    for (unsigned long number = 1; fgets(line, sizeof(line), in) != NULL; number++) {
        struct row row = {0};
        struct answer answer;
        if (row_read(line, &row) != 0) {
            fprintf(stderr, "price_rows: line %lu is not six words: %s\n", number, line);
            return -EINVAL;
        }
        pricer_price(p, &row, &answer);
        answer_print(&answer);
    }
    return ferror(in) || fflush(stdout) != 0 ? -EIO : 0;
}

int main(int argc, char **argv)
{
    const char *uri = "model:", *profile = "full";
    struct pricer pricer;
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 < argc && strcmp(argv[i], "--device") == 0) {
            uri = argv[i + 1];
        } else if (i + 1 < argc && strcmp(argv[i], "--profile") == 0) {
            profile = argv[i + 1];
        } else {
            fprintf(stderr, "usage: price_rows [--device URI] [--profile full|small]\n");
            return 1;
        }
    }
    const int error = pricer_open(&pricer, uri, profile);
    if (error != 0) {
        fprintf(stderr, "price_rows: cannot open device %s with profile %s: %s\n", uri, profile,
                strerror(-error));
        return 1;
    }
    return rows_run(&pricer, stdin) == 0 ? 0 : 1;
}
