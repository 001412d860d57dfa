/* Quotes: the engine's integers as doubles in settlement currency per contract. Display only; no
 * verdict reads them. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "pl.h"

static double from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static int refuse(struct pl *pl, int error, const char *what)
{
    snprintf(pl->message, sizeof pl->message, "quote: %s", what);
    return error;
}

int pl_quote_instrument(struct pl *pl, uint32_t instrument, struct pl_instrument_quote *out)
{
    struct pl_row row;
    struct pl_quote quote;
    const struct pl_stage *s = &pl->stage;
    pl->message[0] = '\0';
    if (!s->committed)
        return refuse(pl, -PL_STATUS_NOT_LOADED,
                      "there is no committed tick; call pl_commit first");
    if (instrument >= s->instrument_count)
        return refuse(pl, -ENOENT, "no instrument of this number is loaded");
    const struct pl_stage_instrument *i = &s->instruments[instrument];
    int error = pl->ops->read_row(pl->dev, i->row, &row, &quote);
    if (error != 0)
        return refuse(pl, error, pl_error_name(error));
    const struct pl_group *g = &s->groups[s->rows[i->row].group];
    double per_unit =
        ldexp(1e-8, -row.row_shift) / ((double)i->lot.mantissa * pow(10, i->lot.exponent));
    double price_unit = pow(10, -g->price_decimals);
    *out = (struct pl_instrument_quote){
        .flags = quote.flags,
        .value = (double)quote.value * per_unit,
        .delta = from_bits(quote.delta) * per_unit / price_unit,
        .gamma = from_bits(quote.gamma) * per_unit / price_unit / price_unit,
        .vega = from_bits(quote.vega) * per_unit,
        .theta = from_bits(quote.theta) * per_unit,
        .theta_decay = from_bits(quote.theta_decay) * per_unit,
        .rho = from_bits(quote.rho) * per_unit,
    };
    return 0;
}
