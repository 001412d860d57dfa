/* One short call, one account, one verdict. Build: cc docs/example.c -Ihost/include -Lbuild/lib -lplimsoll */
#include <inttypes.h>
#include <stdio.h>

#include "plimsoll.h"

#define TRY(call) do { if ((call) < 0) return fprintf(stderr, "%s\n", pl_message(pl)), pl_close(pl), 1; } while (0)

int main(void)
{
    const struct pl_instrument_def option = { .symbol = "BTC-CALL", .underlying = "BTC", .forward = "BTC-MAR",
        .kind = PL_KIND_OPTION, .is_call = true, .expiry_us = 1740729600000000, .strike = { 100, 3 },
        .contract_size = { 1, 0 }, .quantity_step = { 1, -3 } };
    const struct pl_setup setup = { .model_path = "tests/data/models/portfolio.json", .instruments = &option,
        .instrument_count = 1 };
    const int64_t now_us = 1739934748000000, full = INT64_C(1) << PL_COEFFICIENT_BITS;
    const struct pl_price sure = { .has_price = true, .confidence_q40 = full, .vol_confidence_q40 = full,
        .rate_confidence_q40 = full, .time_us = now_us };
    struct pl_price spot = sure, forward = sure, vol = sure;
    spot.price = (struct pl_decimal){ 9566350604855, -8 };
    forward.price = (struct pl_decimal){ 9577667392709, -8 };
    vol.has_vol = true, vol.vol = (struct pl_decimal){ 4538, -4 };
    const struct pl_holding short_one = { .instrument = 0, .steps = -1000 };
    const struct pl_account account = { .account = 1, .mode = PL_MODE_PORTFOLIO, .cash_e8 = 1000000000000,
        .holdings = &short_one, .holding_count = 1 };
    char message[PL_MESSAGE_BYTES];
    struct pl *pl;
    if (pl_open("model:", &pl, message) < 0)
        return fprintf(stderr, "%s\n", message), 1;
    TRY(pl_load(pl, &setup));
    TRY(pl_set_price(pl, pl_price_id(pl, "BTC"), &spot));
    TRY(pl_set_price(pl, pl_price_id(pl, "BTC-MAR"), &forward));
    TRY(pl_set_price(pl, pl_price_id(pl, "BTC-CALL"), &vol));
    TRY(pl_commit(pl, now_us));
    TRY(pl_submit(pl, &(struct pl_batch){ .accounts = &account, .count = 1 }));
    for (struct pl_verdict v; pl_poll(pl, &v, 1, NULL) == 1;)
        printf("account %" PRIu32 ": %s, maintenance excess %" PRId64 "e-8\n", v.account, pl_state_name(v.state), v.maintenance_excess);
    pl_close(pl);
}
