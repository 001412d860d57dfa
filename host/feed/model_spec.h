/* A margin model as its JSON file states it, validated, in the contract's words
 * (docs/book-format.md). Every coefficient is a signed Q.40 (value * 2^40, rounded half-up). */
#ifndef PL_FEED_MODEL_SPEC_H
#define PL_FEED_MODEL_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pl_abi.h"

struct pl_text_error;

#define PL_MODEL_NAME_MAX 64

struct pl_scenario_spec {
    int64_t shock_q40;     /* factor on the price: 1.18 is +18 % */
    int64_t dampening_q40; /* factor on the loss */
    uint8_t vol_rule;      /* PL_VOL_RULE_NONE, _UP, _DOWN, _LINEAR, _ABS */
};

struct pl_scenario_table_spec {
    char name[PL_MODEL_NAME_MAX];
    uint32_t count; /* 1..PL_SCENARIOS_MAX */
    struct pl_scenario_spec scenarios[PL_SCENARIOS_MAX];
};

struct pl_underlying_spec {
    char name[PL_MODEL_NAME_MAX]; /* "default" for the first, index 0 */
    int32_t scenario_table;       /* index, or -1: none */
    int32_t offset_group;         /* index, or -1: none */
    int64_t mm_loss_factor, im_loss_factor;
    int64_t vol_up, vol_down, vol_min_up, short_term_power, long_term_power,
        dte_floor; /* dte_floor in days, Q.40 */
    int64_t linear_cap, linear_cbase, abs_cap, abs_cbase;
    int64_t min_k_star, min_width_scale, vol_static, vol_scale;
    bool static_discount;
    int64_t long_discount, long_rate_mult, long_rate_add, short_discount, short_rate_mult,
        short_rate_add;
    int64_t basis_up, basis_down, basis_add, basis_mult;
    int64_t confidence_threshold, confidence_margin;
    int64_t peg_threshold, peg_factor;
    int64_t naked_mm, naked_im; /* of spot per naked short contract; im includes mm */
    uint32_t settlement_averaging_s;
    bool has_rate_floor;
    int64_t rate_floor;
};

struct pl_bracket_spec {
    int64_t notional_from_e8;
    int64_t mm_rate, im_rate;     /* Q.40 */
    int64_t mm_cum_e8, im_cum_e8; /* money, 1e-8 of the settlement currency */
};

struct pl_bracket_table_spec {
    char name[PL_MODEL_NAME_MAX]; /* an empty name: made from a plain rate of a class */
    uint32_t count;               /* 1..PL_BRACKETS_MAX */
    struct pl_bracket_spec brackets[PL_BRACKETS_MAX];
};

struct pl_class_spec {
    char name[PL_MODEL_NAME_MAX];                 /* "kind:symbol", "kind:underlying" or "kind" */
    int64_t mm_long, im_long, mm_short, im_short; /* portfolio mode, Q.40; im includes mm */
    int32_t long_brackets,
        short_brackets; /* linear modes: index into bracket tables, or -1: no requirement */
    int64_t fee;
    bool scenario; /* spot: takes part in the scenarios */
};

struct pl_model_spec {
    char name[PL_MODEL_NAME_MAX];
    char *description;
    int64_t coverage_q40;
    uint32_t max_price_age_s; /* 0: no limit */
    uint32_t scenario_table_count, underlying_count, offset_group_count, class_count,
        bracket_table_count;
    struct pl_scenario_table_spec *scenario_tables;
    struct pl_underlying_spec
        *underlyings; /* [0] is "default"; the others are complete (default merged in) */
    struct pl_offset_group_spec {
        char name[PL_MODEL_NAME_MAX];
        int64_t credit_q40; /* 0..1 */
    } * offset_groups;
    struct pl_class_spec *classes;
    struct pl_bracket_table_spec *bracket_tables;
};

/* Loads and validates a model file. Returns 0 or a negative errno with *error filled (every problem
 * found, one per line, each naming file, line, column and rule). On error *out is NULL. */
int pl_model_spec_load(const char *path, struct pl_model_spec **out, struct pl_text_error *error);
/* The same for a text that is in memory already (NULL: read the file); `path` names it in messages.
 */
int pl_model_spec_parse(const char *path, const char *text, struct pl_model_spec **out,
                        struct pl_text_error *error);
void pl_model_spec_free(struct pl_model_spec *model);

/* The underlying's parameters by name, or the default's. */
const struct pl_underlying_spec *pl_model_spec_underlying(const struct pl_model_spec *model,
                                                          const char *underlying);
/* The class of an instrument: "kind:symbol", else "kind:underlying", else "kind"; NULL if none
 * exists. */
const struct pl_class_spec *pl_model_spec_class(const struct pl_model_spec *model, const char *kind,
                                                const char *underlying, const char *symbol);

#endif
