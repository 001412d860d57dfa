/* "raised" in a model: moves of scenarios and haircuts of single underlyings, at least so large. */
#include "check.h"

#include "feed/memory.h"
#include "feed/model_spec.h"
#include "feed/text_error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ONE (INT64_C(1) << PL_COEFFICIENT_BITS)
#define Q40(thousandths) ((thousandths)*ONE / 1000)

static struct pl_text_error error;

/* A model with this in front. */
static int parse(const char *raised, struct pl_model_spec **model)
{
    char text[4096];
    snprintf(
        text, sizeof text,
        "{%s\"format\": 1, \"name\": \"unit\",\n"
        " \"scenarios\": {\"moves\": [{\"shock\": 1.25}, {\"shock\": 0.875},\n"
        "   {\"shock\": 1, \"vol\": \"up\"}, {\"shock\": 3, \"dampening\": 0.0625},\n"
        "   {\"shock\": 1, \"vol\": \"abs\", \"dampening\": 0.5}]},\n"
        " \"underlyings\": {\"default\": {\"scenarios\": \"moves\"}, \"BTC\": {}, \"FLAT\":\n"
        "   {\"scenarios\": null}},\n"
        " \"classes\": {\"spot\": {\"portfolio\": {\"long\": {\"mm\": 0.125, \"im\": 0.25}},\n"
        "   \"linear\": {\"long\": {\"mm\": 0.125, \"im\": 0.25}}},\n"
        "   \"spot:BTC\": {\"scenario\": true}, \"spot:DEEP\": {\"linear\": {\"long\": \"X\"}},\n"
        "   \"perpetual\": {}},\n"
        " \"brackets\": {\"X\": [{\"notional\": 0, \"mm_rate\": 0.004, \"im_rate\": 0.008},\n"
        "   {\"notional\": 50000, \"mm_rate\": 0.005, \"mm_cum\": 50, \"im_rate\": 0.01,\n"
        "    \"im_cum\": 100}]}}\n",
        raised);
    return pl_model_spec_parse("m.json", text, model, &error);
}

static struct pl_model_spec *accepted(const char *raised)
{
    struct pl_model_spec *model;
    if (parse(raised, &model) != 0)
        fail_msg("%s", error.text);
    return model;
}

static const struct pl_scenario_spec *scenarios(const struct pl_model_spec *m, const char *name)
{
    return m->scenario_tables[pl_model_spec_underlying(m, name)->scenario_table].scenarios;
}

static void moves_grow_to_the_width(void **state)
{
    (void)state;
    struct pl_model_spec *m =
        accepted("\"raised\": {\"BTC\": {\"width\": 0.5}, \"SOL\": {\"width\": 0.375}},");
    const struct pl_scenario_spec *btc = scenarios(m, "BTC"), *sol = scenarios(m, "SOL"),
                                  *others = scenarios(m, "ADA");
    assert_int_equal(m->scenario_table_count, 3);
    assert_int_equal(others[0].shock_q40, Q40(1250));
    assert_int_equal(btc[0].shock_q40, Q40(1500)); /* twice as far */
    assert_int_equal(btc[1].shock_q40, Q40(750));
    assert_int_equal(btc[2].shock_q40, ONE); /* only the vol moves */
    assert_int_equal(btc[3].shock_q40, 3 * ONE);
    assert_int_equal(btc[3].dampening_q40, Q40(125)); /* of the tail twice as much counts */
    assert_int_equal(btc[4].dampening_q40, Q40(500));
    assert_int_equal(sol[0].shock_q40, Q40(1375));
    assert_int_equal(m->scenario_tables[1].count, 5);
    assert_string_equal(pl_model_spec_underlying(m, "SOL")->name, "SOL");
    pl_model_spec_free(m);
}

static void haircuts_rise(void **state)
{
    (void)state;
    struct pl_model_spec *m =
        accepted("\"raised\": {\"BTC\": {\"haircut\": 0.0625}, \"SOL\": {\"haircut\": 0.1875},\n"
                 " \"DEEP\": {\"haircut\": 0.5}},");
    const struct pl_class_spec *btc = pl_model_spec_class(m, "spot", "BTC", "BTC"),
                               *sol = pl_model_spec_class(m, "spot", "SOL", "SOL"),
                               *other = pl_model_spec_class(m, "spot", "ADA", "ADA"),
                               *deep = pl_model_spec_class(m, "spot", "DEEP", "DEEP");
    assert_int_equal(other->mm_long, Q40(125));
    assert_true(btc->mm_long == ONE / 16 && btc->im_long == ONE / 16 && btc->scenario);
    assert_int_equal(m->bracket_tables[btc->long_brackets].brackets[0].mm_rate, ONE / 16);
    assert_true(sol->mm_long == ONE * 3 / 16 && sol->im_long == ONE / 4);
    assert_int_equal(sol->mm_short, 0); /* a debt has no haircut */
    assert_int_equal(m->bracket_tables[sol->long_brackets].brackets[0].mm_rate, ONE * 3 / 16);
    assert_int_equal(m->bracket_tables[sol->long_brackets].brackets[0].im_rate, ONE / 4);
    assert_int_equal(deep->long_brackets, 0); /* brackets stay */
    pl_model_spec_free(m);
}

static void what_the_model_has_is_never_lowered(void **state)
{
    (void)state;
    struct pl_model_spec *m =
        accepted("\"raised\": {\"BTC\": {\"width\": 0.25}, \"FLAT\": {\"width\": 0.5},\n"
                 " \"SOL\": {\"width\": 0.1, \"haircut\": 0.125}, \"ETH\": {}},");
    const struct pl_class_spec *sol = pl_model_spec_class(m, "spot", "SOL", "SOL");
    assert_int_equal(m->scenario_table_count, 1);
    assert_int_equal(pl_model_spec_underlying(m, "FLAT")->scenario_table, -1);
    assert_true(sol->mm_long == Q40(125) && sol->im_long == Q40(250));
    pl_model_spec_free(m);
}

static void bad_values_are_refused_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *raised, *expected;
    } bads[] = {
        { "\"raised\": 1,", "m.json:1:12: raised: must be an object, not a number" },
        { "\"raised\": {\"BTC\": {\"width\": 1}},",
          "m.json:1:30: raised.BTC.width: must be from 0 to 0.95" },
        { "\"raised\": {\"BTC\": {\"haircut\": -0.1}},", "raised.BTC.haircut: must be from 0" },
        { "\"raised\": {\"BTC\": {\"move\": 0.1}},", "raised.BTC.move: unknown key" },
        { "\"raised\": {\"default\": {\"width\": 0.5}},", "raised.default: names one underlying" },
    };
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
        struct pl_model_spec *m = NULL;
        if (parse(bads[i].raised, &m) == 0 || strstr(error.text, bads[i].expected) == NULL)
            fail_msg("%zu: not \"%s\" but:\n%s", i, bads[i].expected, error.text);
        assert_null(m);
    }
}

static void more_tables_than_fit_are_refused(void **state)
{
    (void)state;
    struct pl_model_spec *m = NULL;
    char raised[2048] = "\"raised\": {";
    for (int i = 0; i < PL_SCENARIO_TABLES_MAX; i++)
        snprintf(raised + strlen(raised), sizeof raised - strlen(raised),
                 "%s\"U%d\": {\"width\": 0.5}", i > 0 ? ", " : "", i);
    strcat(raised, "},");
    assert_int_equal(parse(raised, &m), -EINVAL);
    assert_non_null(strstr(error.text, "more than 16 scenario tables, each raised one counted"));
}

static void any_allocation_may_fail(void **state)
{
    (void)state;
    struct pl_model_spec *m = NULL;
    int64_t successes = 0;
    int result = -ENOMEM;
    for (; result != 0; successes++) {
        pl_memory_fail_after(successes);
        result = parse("\"raised\": {\"SOL\": {\"width\": 0.5, \"haircut\": 0.5}},", &m);
        pl_memory_fail_after(-1);
        assert_true(result == 0 || result == -ENOMEM);
        assert_true((result == 0) == (m != NULL));
        assert_in_range(successes, 0, 1000);
    }
    assert_true(successes > 10);
    pl_model_spec_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_grow_to_the_width),
        cmocka_unit_test(haircuts_rise),
        cmocka_unit_test(what_the_model_has_is_never_lowered),
        cmocka_unit_test(bad_values_are_refused_with_their_place),
        cmocka_unit_test(more_tables_than_fit_are_refused),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
