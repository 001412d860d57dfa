/* Bracketed requirements of cross and isolated margin, at this tick's mark. */
#ifndef PL_MODEL_BRACKETS_H
#define PL_MODEL_BRACKETS_H

#include "money.h"
#include "tables.h"

struct pl_bracket_requirement {
    int64_t mm, im;
};

/* max over brackets of notional * rate - cum, at least 0, each rounded up; notional = |lots| *
 * row->notional rounded up. Brackets are continuous and increasing, so the maximum picks the right
 * one without a search. */
struct pl_bracket_requirement pl_brackets_evaluate(const struct pl_tables *tables,
                                                   const struct pl_row *row, int64_t lots,
                                                   uint32_t *flags);

#endif
