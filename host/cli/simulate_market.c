/* The market that closes are filled by. */
#include "simulate.h"

#define DAY_US (INT64_C(86400) * 1000000)

/* Square root, down. */
static uint64_t root(pl_u128 x)
{
    uint64_t r = 0;
    for (int bit = 62; bit >= 0; bit--) {
        const uint64_t next = r | UINT64_C(1) << bit;
        if ((pl_u128)next * next <= x)
            r = next;
    }
    return r;
}

int64_t pl_market_cost(const struct pl_market *m, int64_t notional_e8, int64_t time_us)
{
    uint32_t flags = 0;
    const int64_t room = pl_throttle_room(&m->closed, m->volume_e8, DAY_US, time_us);
    const int64_t waiting = pl_money_add(m->volume_e8 - room, notional_e8, &flags);
    const int64_t share_q40 =
        pl_min64(pl_mul_div_up(waiting, PL_COEFFICIENT_ONE, m->volume_e8, &flags),
                 PL_COEFFICIENT_ONE * 10000);
    const int64_t root_q40 = (int64_t)root((pl_u128)share_q40 << PL_COEFFICIENT_BITS);
    const int64_t rate_q40 =
        m->half_spread_q40 + pl_mul_div_up(m->impact_q40, root_q40, PL_COEFFICIENT_ONE, &flags);
    return pl_money_scale_up(notional_e8, pl_min64(rate_q40, PL_COEFFICIENT_ONE / 2), &flags);
}

void pl_market_close(struct pl_market *m, int64_t notional_e8, int64_t time_us)
{
    pl_throttle_take(&m->closed, m->volume_e8, DAY_US, time_us, notional_e8);
}
