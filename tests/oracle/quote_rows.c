/* Quotes options given as rows of text, through the public API: the bridge between the oracles and
 * a device.
 *
 *   quote_rows [--device URI]
 *
 * A row: F K ttl_us sigma r is_call [S coin_settled], decimals of at most 18 significant digits
 * (`-0.25`, `1e-8`). F forward, K strike, ttl_us microseconds to expiry (0: expired), sigma and r
 * per year, S index price (F if not given). The first line printed is `profile full` or `profile
 * small`; then, per row, flags (PL_FLAG_*, decimal) and value, delta, gamma, vega, theta,
 * theta_decay and rho per contract of 1, as exact hexadecimal floats. A price of 0 is none.
 *
 * The library rounds F and S to the finest decimal unit in which F and S stay below 2^48 and K
 * below 2^50 (small: 2^31, 2^33); a strike that is no multiple of it is refused. Every row is an
 * instrument of an underlying of its own, so that no row's unit depends on another's. Exits 1 on
 * the first bad row, naming its line. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plimsoll.h"

#define TIME_US INT64_C(1600000000000000) /* of every tick */
#define DIGITS_MAX 18
#define STEP_EXPONENT_MAX 18
#define NAME_BYTES 32
#define FIELDS_MAX 8
#define ROWS_EACH 4      /* the option, and naked shorts of its underlying in three units */
#define EXPIRIES_EACH 4  /* at most: of those rows */
#define CLASSES_BESIDE 2 /* the model's, and none; then one per underlying */

static const char model_text[] =
    "{\"format\": 1, \"name\": \"quotes\", \"underlyings\": {\"default\": {}}, "
    "\"classes\": {\"option\": {}}}\n";

struct row {
    char symbol[NAME_BYTES], underlying[NAME_BYTES], forward_symbol[NAME_BYTES];
    struct pl_decimal forward, strike, sigma, rate, index_price;
    int64_t ttl_us;
    bool is_call, coin_settled;
};

struct quoter {
    struct pl *pl;
    struct pl_capabilities capabilities;
    char model_path[PATH_MAX];
    struct row *rows;
    struct pl_instrument_def *defs;
    size_t count, capacity;
};

/* Takes digits into *d; zeros at the end are kept in the exponent, so that they are not
 * significant. */
static const char *take_digits(const char *text, bool fraction, struct pl_decimal *d, int *zeros)
{
    for (; isdigit((unsigned char)*text); text++) {
        (*zeros)++;
        d->exponent -= fraction;
        if (*text == '0')
            continue;
        for (; *zeros > 0; (*zeros)--) {
            if (d->mantissa > INT64_C(99999999999999999)) /* 17 digits */
                return NULL;
            d->mantissa *= 10;
        }
        d->mantissa += *text - '0';
    }
    return text;
}

static bool parse_decimal(const char *text, struct pl_decimal *out)
{
    struct pl_decimal d = { 0, 0 };
    int zeros = 0;
    bool negative = *text == '-';
    text += negative;
    if (!isdigit((unsigned char)*text))
        return false;
    text = take_digits(text, false, &d, &zeros);
    if (text != NULL && *text == '.')
        text = isdigit((unsigned char)text[1]) ? take_digits(text + 1, true, &d, &zeros) : NULL;
    if (text != NULL && (*text == 'e' || *text == 'E')) {
        char *end;
        bool digit = isdigit((unsigned char)text[1 + (text[1] == '-' || text[1] == '+')]) != 0;
        long exponent = strtol(text + 1, &end, 10);
        if (!digit || exponent < -60 || exponent > 60)
            return false;
        d.exponent += (int32_t)exponent;
        text = end;
    }
    if (text == NULL || *text != '\0')
        return false;
    *out = (struct pl_decimal){ negative ? -d.mantissa : d.mantissa,
                                d.mantissa == 0 ? 0 : d.exponent + zeros };
    return true;
}

static bool parse_time(const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoll(text, &end, 10);
    return isdigit((unsigned char)*text) && *end == '\0' && errno == 0 &&
           *out <= INT64_MAX - TIME_US;
}

static bool parse_bool(const char *text, bool *out)
{
    *out = strcmp(text, "1") == 0;
    return *out || strcmp(text, "0") == 0;
}

/* What is wrong with the line, or NULL. */
static const char *parse_row(char *line, struct row *row)
{
    char *fields[FIELDS_MAX + 1], *rest = line;
    size_t count = 0;
    while (count <= FIELDS_MAX && (fields[count] = strtok_r(rest, " \t\r\n", &rest)) != NULL)
        count++;
    if (count != 6 && count != FIELDS_MAX)
        return "expected F K ttl_us sigma r is_call [S coin_settled]";
    if (!parse_decimal(fields[0], &row->forward) || row->forward.mantissa < 0)
        return "F must be a decimal >= 0 of at most 18 significant digits";
    if (!parse_decimal(fields[1], &row->strike))
        return "K must be a decimal of at most 18 significant digits";
    if (!parse_time(fields[2], &row->ttl_us))
        return "ttl_us must be a whole number of microseconds >= 0";
    if (!parse_decimal(fields[3], &row->sigma) || !parse_decimal(fields[4], &row->rate))
        return "sigma and r must be decimals of at most 18 significant digits";
    if (!parse_bool(fields[5], &row->is_call) ||
        (count > 6 && !parse_bool(fields[7], &row->coin_settled)))
        return "is_call and coin_settled must be 0 or 1";
    row->index_price = row->forward;
    if (count > 6 &&
        (!parse_decimal(fields[6], &row->index_price) || row->index_price.mantissa < 0))
        return "S must be a decimal >= 0 of at most 18 significant digits";
    if (row->coin_settled && row->rate.mantissa != 0)
        return "a coin-settled option is discounted by S/F: its r must be 0";
    return NULL;
}

static int error_print(const char *what)
{
    fprintf(stderr, "quote_rows: %s\n", what);
    return -EINVAL;
}

static double decimal_size(struct pl_decimal d)
{
    return d.mantissa == 0 ? -INFINITY : log10((double)d.mantissa) + d.exponent;
}

/* One step is worth 1 to 10 where possible: then row units are as fine as the words allow. */
static struct pl_decimal row_step(const struct row *row)
{
    double size = floor(fmax(decimal_size(row->forward), decimal_size(row->strike)));
    return (struct pl_decimal){ 1,
                                (int32_t)fmax(fmin(-size, STEP_EXPONENT_MAX), -STEP_EXPONENT_MAX) };
}

static struct pl_instrument_def row_def(const struct row *row)
{
    return (struct pl_instrument_def){
        .symbol = row->symbol,
        .underlying = row->underlying,
        .forward = row->forward_symbol,
        .kind = PL_KIND_OPTION,
        .is_call = row->is_call,
        .coin_settled = row->coin_settled,
        .expiry_us = TIME_US + row->ttl_us,
        .strike = row->strike,
        .contract_size = { 1, 0 },
        .quantity_step = row_step(row),
    };
}

static int price_set(struct quoter *q, const char *symbol, struct pl_price price)
{
    const int64_t full = INT64_C(1) << PL_COEFFICIENT_BITS;
    price.confidence_q40 = price.vol_confidence_q40 = price.rate_confidence_q40 = full;
    price.time_us = TIME_US;
    return pl_set_price(q->pl, pl_price_id(q->pl, symbol), &price);
}

static int row_set_prices(struct quoter *q, const struct row *row)
{
    int error = price_set(q, row->underlying,
                          (struct pl_price){ .has_price = true, .price = row->index_price });
    if (error == 0)
        error = price_set(
            q, row->forward_symbol,
            (struct pl_price){ .has_price = true, .price = row->forward, .rate = row->rate });
    return error != 0
               ? error
               : price_set(q, row->symbol, (struct pl_price){ .has_vol = true, .vol = row->sigma });
}

static void quote_print(const struct pl_instrument_quote *x)
{
    printf("%" PRIu32 " %a %a %a %a %a %a %a\n", x->flags, x->value, x->delta, x->gamma, x->vega,
           x->theta, x->theta_decay, x->rho);
}

static int batch_run(struct quoter *q)
{
    const struct pl_setup setup = { .model_path = q->model_path,
                                    .instruments = q->defs,
                                    .instrument_count = q->count };
    if (q->count == 0)
        return 0;
    int error = pl_load(q->pl, &setup);
    for (size_t i = 0; i < q->count && error == 0; i++)
        error = row_set_prices(q, &q->rows[i]);
    if (error == 0)
        error = pl_commit(q->pl, TIME_US);
    if (error != 0)
        return error_print(pl_message(q->pl));
    for (size_t i = 0; i < q->count; i++) {
        struct pl_instrument_quote quote;
        error = pl_quote_instrument(q->pl, (uint32_t)i, &quote);
        if (error != 0) {
            fprintf(stderr, "quote_rows: %s: no quote: %s\n", q->rows[i].symbol,
                    pl_error_name(error));
            return error;
        }
        quote_print(&quote);
    }
    q->count = 0;
    return 0;
}

static int line_take(struct quoter *q, char *line, unsigned long number)
{
    struct row *row = &q->rows[q->count];
    *row = (struct row){ 0 };
    const char *wrong = parse_row(line, row);
    if (wrong != NULL) {
        fprintf(stderr, "quote_rows: line %lu: %s\n", number, wrong);
        return -EINVAL;
    }
    snprintf(row->symbol, sizeof row->symbol, "line %lu", number);
    snprintf(row->underlying, sizeof row->underlying, "index of line %lu", number);
    snprintf(row->forward_symbol, sizeof row->forward_symbol, "forward of line %lu", number);
    q->defs[q->count++] = row_def(row);
    return q->count == q->capacity ? batch_run(q) : 0;
}

static int rows_run(struct quoter *q, FILE *in)
{
    char *line = NULL;
    size_t size = 0;
    int error = 0;
    printf("profile %s\n", q->capabilities.profile == PL_PROFILE_SMALL ? "small" : "full");
    for (unsigned long number = 1; error == 0 && getline(&line, &size, in) >= 0; number++)
        error = line_take(q, line, number);
    free(line);
    error = error != 0 ? error : batch_run(q);
    if (error == 0 && (ferror(in) || fflush(stdout) != 0))
        error = error_print("cannot read standard input, or write standard output");
    return error;
}

static int model_write(struct quoter *q)
{
    const char *folder = getenv("TMPDIR");
    const size_t length = sizeof model_text - 1;
    int got = snprintf(q->model_path, sizeof q->model_path, "%s/plimsoll-quote-XXXXXX.json",
                       folder != NULL && *folder != '\0' ? folder : "/tmp");
    int fd = got < (int)sizeof q->model_path ? mkstemps(q->model_path, 5) : -1;
    bool written = fd >= 0 && write(fd, model_text, length) == (ssize_t)length;
    if (fd >= 0 && close(fd) == 0 && written)
        return 0;
    fprintf(stderr, "quote_rows: cannot write %s: %s; set TMPDIR to a folder that can be written\n",
            q->model_path, strerror(errno));
    if (fd >= 0)
        unlink(q->model_path);
    return -EIO;
}

static int quoter_run(struct quoter *q)
{
    pl_capabilities(q->pl, &q->capabilities);
    q->capacity = q->capabilities.underlyings;
    if (q->capacity > q->capabilities.instruments / ROWS_EACH)
        q->capacity = q->capabilities.instruments / ROWS_EACH;
    if (q->capacity > q->capabilities.expiries / EXPIRIES_EACH)
        q->capacity = q->capabilities.expiries / EXPIRIES_EACH;
    if (q->capacity > q->capabilities.classes - CLASSES_BESIDE)
        q->capacity = q->capabilities.classes - CLASSES_BESIDE;
    q->rows = calloc(q->capacity, sizeof *q->rows);
    q->defs = calloc(q->capacity, sizeof *q->defs);
    int error = q->rows != NULL && q->defs != NULL ? model_write(q) : error_print("out of memory");
    if (error == 0) {
        error = rows_run(q, stdin);
        unlink(q->model_path);
    }
    free(q->defs);
    free(q->rows);
    return error;
}

int main(int argc, char **argv)
{
    const char *uri = argc == 3 ? argv[2] : "model:";
    char message[PL_MESSAGE_BYTES];
    struct quoter q = { 0 };
    if (argc != 1 && (argc != 3 || strcmp(argv[1], "--device") != 0)) {
        fprintf(stderr, "usage: quote_rows [--device URI]\n");
        return 1;
    }
    if (pl_open(uri, &q.pl, message) != 0) {
        error_print(message);
        return 1;
    }
    int error = quoter_run(&q);
    pl_close(q.pl);
    return error == 0 ? 0 : 1;
}
