#include "brackets.h"

struct pl_bracket_requirement pl_brackets_evaluate(const struct pl_tables *t,
                                                   const struct pl_row *row, int64_t lots,
                                                   uint32_t *flags)
{
    const struct pl_class *c = &t->classes[row->margin_class];
    uint16_t table = lots < 0 ? c->short_brackets : c->long_brackets;
    struct pl_bracket_requirement out = { 0, 0 };
    if (table == 0 || lots == 0)
        return out;
    pl_i128 size = (pl_i128)(lots < 0 ? -lots : lots) * row->notional;
    int64_t notional = pl_money_limit(pl_shift_up(size, row->row_shift), flags);
    const struct pl_bracket *b = &t->brackets[(size_t)(table - 1) * PL_BRACKETS_MAX];
    for (uint32_t i = 0; i < b[0].count; i++) {
        int64_t mm =
            pl_money_sub(pl_money_scale_up(notional, b[i].mm_rate, flags), b[i].mm_cum, flags);
        int64_t im =
            pl_money_sub(pl_money_scale_up(notional, b[i].im_rate, flags), b[i].im_cum, flags);
        out.mm = pl_max64(out.mm, mm);
        out.im = pl_max64(out.im, im);
    }
    return out;
}
