/* One short call, one account, one verdict. Build: cc docs/example.c -Ihost/include -Lbuild/lib -lplimsoll */
#include <inttypes.h>
#include <stdio.h>

#include "plimsoll.h"

static int fail(struct pl *pl)
{
    fprintf(stderr, "%s\n", pl_message(pl));
    pl_close(pl);
    return 1;
}

int main(int argc, char **argv)
{
    const struct pl_decimal one = { 1, 0 };
    const struct pl_instrument_def call = { .symbol = "BTC-CALL", .underlying = "BTC", .forward = "BTC-MAR",
        .kind = PL_KIND_OPTION, .is_call = true, .expiry_us = 1740729600000000, .strike = { 1, 5 },
        .contract_size = one, .quantity_step = { 1, -3 } };
    const struct pl_setup setup = { .model_path = argc > 1 ? argv[1] : "tests/data/models/portfolio.json",
        .instruments = &call, .instrument_count = 1 };
    const int64_t now_us = 1739934748000000, sure = INT64_C(1) << PL_COEFFICIENT_BITS;
    const struct { const char *symbol; struct pl_price price; } ticks[] = {
        { "BTC", { .has_price = true, .price = { 9566350604855, -8 }, .confidence_q40 = sure, .time_us = now_us } },
        { "BTC-MAR", { .has_price = true, .price = { 9577667392709, -8 }, .confidence_q40 = sure,
            .vol_confidence_q40 = sure, .rate_confidence_q40 = sure, .time_us = now_us } },
        { "BTC-CALL", { .has_vol = true, .vol = { 4538, -4 }, .confidence_q40 = sure, .time_us = now_us } } };
    const struct pl_holding short_one = { .instrument = 0, .steps = -1000 };
    const struct pl_account account = { .account = 1, .mode = PL_MODE_PORTFOLIO, .cash_e8 = 1000000000000,
        .holdings = &short_one, .holding_count = 1 };
    char message[PL_MESSAGE_BYTES];
    struct pl *pl;
    struct pl_verdict v;
    if (pl_open("model:", &pl, message) != 0)
        return fprintf(stderr, "%s\n", message), 1;
    if (pl_load(pl, &setup) != 0)
        return fail(pl);
    for (size_t i = 0; i < sizeof ticks / sizeof ticks[0]; i++)
        if (pl_set_price(pl, pl_price_id(pl, ticks[i].symbol), &ticks[i].price) != 0)
            return fail(pl);
    if (pl_commit(pl, now_us) != 0 || pl_submit(pl, &(struct pl_batch){ .accounts = &account, .count = 1 }) != 0)
        return fail(pl);
    while (pl_poll(pl, &v, 1, NULL) == 1)
        printf("account %" PRIu32 ": %s, maintenance excess %" PRId64 "e-8\n", v.account, pl_state_name(v.state),
            v.maintenance_excess);
    pl_close(pl);
}
