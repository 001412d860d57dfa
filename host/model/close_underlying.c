#include "close.h"

void pl_close_underlying(const struct pl_tables *t, uint16_t underlying, const struct pl_sums *sums,
                         struct pl_underlying_result *out)
{
    const struct pl_underlying *u = &t->underlyings[underlying];
    uint32_t overflow = 0;
    *out = (struct pl_underlying_result){
        .underlying = underlying,
        .worst_scenario = PL_WORST_NONE,
        .mm_loss_factor = u->mm_loss_factor,
        .im_loss_factor = t->frozen_im_factor[underlying],
        .sums = sums,
    };
    for (uint32_t i = 0; i < u->scenario_count; i++) {
        if (sums->pnl[i] < out->worst_loss) {
            out->worst_loss = sums->pnl[i];
            out->worst_scenario = (uint8_t)i;
        }
    }
    if (sums->basis < out->worst_loss) {
        out->worst_loss = sums->basis;
        out->worst_scenario = PL_WORST_BASIS;
    }
    out->mm_other = pl_money_add(sums->mm, sums->fee, &overflow);
    out->im_other = pl_money_add(sums->im, sums->fee, &overflow);
    int64_t oracle = sums->perpetual ? sums->oracle_perpetual : sums->oracle;
    int64_t order_loss = pl_money_scale_up(sums->order_loss, out->im_loss_factor, &overflow);
    out->im_other = pl_money_add(out->im_other, oracle, &overflow);
    out->im_other = pl_money_add(out->im_other, order_loss, &overflow);
    out->im_other = pl_money_add(out->im_other, sums->order_im, &overflow);
    out->flags = sums->flags | overflow;
    out->order_flags = sums->order_flags;
}
