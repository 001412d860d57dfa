#include "check.h"
#include "fixture.h"
#include "model_spec.h"
#include "text_error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ONE (INT64_C(1) << 40)

static struct pl_text_error error;

static int load_text(const char *text, struct pl_model_spec **model)
{
    fixture_write("model.json", text, strlen(text));
    return pl_model_spec_load(fixture_path("model.json"), model, &error);
}

static int64_t q40(double value)
{
    return (int64_t)(value * (double)ONE + (value < 0 ? -0.5 : 0.5));
}

static void a_model_is_read_in_the_words_of_the_contract(void **state)
{
    (void)state;
    struct pl_model_spec *model;
    int result = load_text(fixture_text("model.json"), &model);
    assert_string_equal(error.text, "");
    assert_int_equal(result, 0);
    assert_string_equal(model->description, "caf\xC3\xA9");
    assert_int_equal(model->coverage_q40, q40(0.99));
    assert_int_equal(model->max_price_age_s, 300);
    assert_int_equal(model->scenario_table_count, 1);
    assert_int_equal(model->scenario_tables[0].count, 2);
    assert_int_equal(model->scenario_tables[0].scenarios[0].shock_q40, q40(1.18));
    assert_int_equal(model->scenario_tables[0].scenarios[1].vol_rule, PL_VOL_RULE_ABS);
    assert_int_equal(model->scenario_tables[0].scenarios[1].dampening_q40, q40(0.6));
    const struct pl_class_spec *class = pl_model_spec_class(model, "perpetual", "BTC", "X");
    assert_string_equal(class->name, "perpetual:BTC");
    assert_int_equal(class->mm_long, q40(0.03));
    assert_int_equal(class->long_brackets, -1);
    class = pl_model_spec_class(model, "perpetual", "ETH", "X");
    assert_string_equal(model->bracket_tables[class->short_brackets].name, "X");
    assert_int_equal(model->bracket_tables[class->short_brackets].brackets[1].im_cum_e8,
                     INT64_C(10000000000));
    class = pl_model_spec_class(model, "future", "BTC", "X");
    assert_int_equal(class->short_brackets, -1);
    assert_string_equal(model->bracket_tables[class->long_brackets].name, "");
    assert_int_equal(model->bracket_tables[class->long_brackets].brackets[0].im_rate, q40(0.1));
    assert_true(pl_model_spec_class(model, "spot", "BTC", "X")->scenario);
    assert_null(pl_model_spec_class(model, "perp", "BTC", "X"));
    pl_model_spec_free(model);
}

static void a_named_underlying_replaces_single_keys_of_the_default(void **state)
{
    (void)state;
    struct pl_model_spec *model;
    assert_int_equal(load_text(fixture_text("model.json"), &model), 0);
    const struct pl_underlying_spec *btc = pl_model_spec_underlying(model, "BTC");
    const struct pl_underlying_spec *other = pl_model_spec_underlying(model, "ETH");
    assert_ptr_equal(other, &model->underlyings[0]);
    assert_string_equal(other->name, "default");
    assert_string_equal(btc->name, "BTC");
    assert_int_equal(btc->vol_up, q40(0.5));
    assert_int_equal(other->vol_up, q40(0.45));
    assert_int_equal(btc->vol_down, q40(0.3));
    assert_int_equal(btc->scenario_table, 0);
    assert_int_equal(btc->offset_group, 0);
    assert_int_equal(other->offset_group, -1);
    assert_true(btc->has_rate_floor);
    assert_int_equal(btc->vol_static, q40(0.6));
    assert_int_equal(btc->vol_scale, q40(-0.1));
    assert_int_equal(btc->mm_loss_factor, ONE);
    assert_false(btc->static_discount);
    pl_model_spec_free(model);
}

static void an_empty_model_has_no_effect(void **state)
{
    (void)state;
    struct pl_model_spec *model;
    int result = load_text("{\"format\":1,\"name\":\"n\",\"classes\":{}}", &model);
    assert_int_equal(result, 0);
    assert_int_equal(model->underlying_count, 1);
    assert_int_equal(model->underlyings[0].scenario_table, -1);
    assert_false(model->underlyings[0].has_rate_floor);
    assert_int_equal(model->underlyings[0].basis_up, ONE);
    pl_model_spec_free(model);
}

/* `text` stands for the members of a model after its name; line 2 of the file is its first. */
static const struct bad_model {
    const char *text, *expected;
} bad_models[] = {
    { "\"classes\": {}, \"colour\": 1", ":2:26: colour: unknown key (known here: format name" },
    { "\"max_price_age_s\": 0", ":1:1: the key \"classes\" is missing" },
    { "\"classes\": {}, \"coverage\": 1.5", ":2:28: coverage: must be from 0 to 1" },
    { "\"description\": \"\xC3\xA9\", \"coverage\": 2, \"classes\": {}",
      ":2:33: coverage: must be from" },
    { "\"classes\": {}, \"coverage\": \"1\"", ":2:28: coverage: must be a number, not a string" },
    { "\"classes\": {}, \"max_price_age_s\": 0.5",
      ":2:35: max_price_age_s: must be a whole number of seconds" },
    { "\"classes\": {}, \"coverage\": 0.12345678901234567890",
      ":2:28: coverage: more than 18 significant digits" },
    { "\"classes\": {},\n\"underlyings\": {\"BTC\": {\"vol_shock\": {\"up\": -1}}}",
      ":3:45: underlyings.BTC.vol_shock.up: must be from 0 to 4095" },
    { "\"classes\": {},\n\"underlyings\": {\"BTC\": {\"vol_shock\": {\"upp\": 1}}}",
      ":3:46: underlyings.BTC.vol_shock.upp: unknown key (known here: up down min_up "
      "short_term_power long_term_power dte_floor)" },
    { "\"classes\": {}, \"underlyings\": {\"default\": {\"vol_shock.up\": 1}}",
      ":2:60: underlyings.default.vol_shock.up: unknown key" },
    { "\"classes\": {}, \"underlyings\": {\"default\": {\"basis\": 1}}",
      ": underlyings.default.basis: must be an object, not a number" },
    { "\"classes\": {}, \"underlyings\": {\"default\": {\"peg\": {\"factor\": 64.5}}}",
      ": underlyings.default.peg.factor: must be from 0 to 64" },
    { "\"classes\": {}, \"underlyings\": {\"default\": {\"scenarios\": \"x\"}}",
      ": underlyings.default.scenarios: no scenario table \"x\"" },
    { "\"classes\": {}, \"underlyings\": {\"default\": {\"offset_group\": \"x\"}}",
      ": underlyings.default.offset_group: no offset group \"x\"" },
    { "\"classes\": {}, \"underlyings\": {\"default\": {\"naked_short\": {\"mm\": 0.1}}}",
      ": underlyings.default: naked_short: im includes mm" },
    { "\"classes\": {}, \"underlyings\": {\"\\u00e9\": {}}", ": a name has 1 to 63 printable" },
    { "\"classes\": {}, \"scenarios\": {\"t\": []}",
      ": scenarios.t: a table has 1 to 40 scenarios" },
    { "\"classes\": {}, \"scenarios\": {\"t\": [{\"shock\": 1}, {\"shock\": 0}]}",
      ": scenarios.t[1].shock: must be from 1e-12 to 64" },
    { "\"classes\": {}, \"scenarios\": {\"t\": [{\"vol\": \"up\"}]}",
      ": scenarios.t[0]: the key \"shock\" is missing" },
    { "\"classes\": {}, \"scenarios\": {\"t\": [{\"shock\": 1, \"vol\": \"sideways\"}]}",
      ": scenarios.t[0].vol: unknown vol rule \"sideways\" (known: none up down linear abs)" },
    { "\"classes\": {}, \"scenarios\": {\"t\": [{\"shock\": 1.1, \"vol\": \"abs\"}]}",
      ": scenarios.t[0]: a linear or abs scenario has shock 1" },
    { "\"classes\": {}, \"scenarios\": {\"t\": [{\"shock\": 1, \"dampening\": 64.01}]}",
      ": scenarios.t[0].dampening: must be from 0 to 64" },
    { "\"classes\": {}, \"offset_groups\": {\"g\": {\"credit\": 2}}",
      ": offset_groups.g.credit: must be from 0 to 1" },
    { "\"classes\": {\"swap\": {}}", ": classes.swap: a class is named kind or kind:underlying" },
    { "\"classes\": {\"spot:\": {}}", ": classes.spot:: a class is named kind" },
    { "\"classes\": {\"future\": {\"scenario\": true}}", ": classes.future: only spot has" },
    { "\"classes\": {\"spot\": {\"linear\": {\"long\": \"Y\"}}}",
      ": classes.spot.linear.long: no bracket table \"Y\"" },
    { "\"classes\": {\"spot\": {\"linear\": {\"long\": 5}}}",
      ": classes.spot.linear.long: must be {\"mm\": rate, \"im\": rate} or the name" },
    { "\"classes\": {\"spot\": {\"portfolio\": {\"long\": {\"mm\": 0.5, \"im\": 0.4}}}}",
      ": classes.spot: portfolio: im includes mm" },
    { "\"classes\": {}, \"brackets\": {\"X\": [{\"notional\": 5, \"mm_rate\": 0, \"im_rate\": 0}]}",
      ": brackets.X[0]: the first bracket has notional 0 and cum 0" },
    { "\"classes\": {}, \"brackets\": {\"X\": [{\"notional\": 0, \"mm_rate\": 0.2, \"im_rate\": "
      "0.2},"
      "\n {\"notional\": 100, \"mm_rate\": 0.1, \"im_rate\": 0.2}]}",
      ":3:2: brackets.X[1]: rates must increase" },
    { "\"classes\": {}, \"brackets\": {\"X\": [{\"notional\": 0, \"mm_rate\": 0.1, \"im_rate\": "
      "0.1},"
      "\n {\"notional\": 0, \"mm_rate\": 0.1, \"im_rate\": 0.2}]}",
      ":3:2: brackets.X[1]: notionals must increase" },
    { "\"classes\": {}, \"brackets\": {\"X\": [{\"notional\": 0, \"mm_rate\": 0.1, \"im_rate\": "
      "0.1},"
      "\n {\"notional\": 100, \"mm_rate\": 0.2, \"mm_cum\": 10.0001, \"im_rate\": 0.2, \"im_cum\": "
      "10}"
      "]}",
      ":3:2: brackets.X[1]: mm is not continuous" },
    { "\"classes\": {}, \"brackets\": {\"X\": [{\"notional\": 0, \"mm_rate\": 65, \"im_rate\": "
      "0.1}]}",
      ": brackets.X[0].mm_rate: must be from 0 to 64" },
    { "\"classes\": {}, \"classes\": {}", ":2:" }, /* jansson: duplicate object key */
    { "\"classes\": {}, \"coverage\": NaN", ":2:" },
    { "\"classes\": {}, \"coverage\": 1e999", ":2:" },
    { "\"classes\": {}, \"coverage\": 99999999999999999999", ":2:" },
};

static void a_bad_model_is_reported_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_models / sizeof bad_models[0]; i++) {
        char text[2048], expected[512];
        struct pl_model_spec *model = NULL;
        (void)snprintf(text, sizeof text, "{\"format\": 1, \"name\": \"n\",\n%s}",
                       bad_models[i].text);
        (void)snprintf(expected, sizeof expected, "%s", bad_models[i].expected);
        int result = load_text(text, &model);
        if (result != -EINVAL || model != NULL || strstr(error.text, expected) == NULL ||
            strncmp(error.text, fixture_path("model.json"), strlen(fixture_path("model.json"))) !=
                0)
            fail_msg("expected %s for\n%s\ngot %d:\n%s", expected, text, result, error.text);
    }
}

static void a_table_has_at_most_40_scenarios_and_16_brackets(void **state)
{
    (void)state;
    static char text[8192];
    struct pl_model_spec *model;
    for (int extra = 0; extra < 2; extra++) {
        size_t used = (size_t)sprintf(
            text, "{\"format\":1,\"name\":\"n\",\"classes\":{},\"scenarios\":{\"t\":[");
        for (int i = 0; i < PL_SCENARIOS_MAX + extra; i++)
            used += (size_t)sprintf(text + used, "%s{\"shock\":1}", i > 0 ? "," : "");
        used += (size_t)sprintf(text + used, "]},\"brackets\":{\"X\":[");
        for (int i = 0; i < PL_BRACKETS_MAX + extra; i++)
            used += (size_t)sprintf(text + used, "%s{\"notional\":%d,\"mm_rate\":1,\"im_rate\":1}",
                                    i > 0 ? "," : "", i);
        (void)sprintf(text + used, "]}}");
        assert_int_equal(load_text(text, &model), extra == 0 ? 0 : -EINVAL);
        if (extra == 0)
            pl_model_spec_free(model);
    }
    assert_non_null(strstr(error.text, "a table has 1 to 40 scenarios, this one has 41"));
    assert_non_null(strstr(error.text, "a table has 1 to 16 brackets, this one has 17"));
}

static void broken_json_is_reported_with_its_place(void **state)
{
    (void)state;
    static const char *const texts[] = { "",
                                         "{",
                                         "[1, 2",
                                         "{\"a\": }",
                                         "\xFF\xFE\x00\x01",
                                         "{} x",
                                         "{\"format\": 1, \"name\": \"n\", \"classes\": {}" };
    struct pl_model_spec *model;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(load_text(texts[i], &model), -EINVAL);
        assert_null(model);
        assert_non_null(strstr(error.text, "/model.json:1:"));
    }
    assert_int_equal(load_text("[]", &model), -EINVAL);
    assert_non_null(strstr(error.text, "/model.json:1:1: must be an object, not an array"));
    assert_int_equal(load_text("{\"format\": 2, \"name\": \"n\", \"classes\": {}}", &model),
                     -EINVAL);
    assert_non_null(strstr(error.text, "/model.json:1:12: format: this program reads format 1"));
    fixture_delete("model.json");
    assert_int_equal(pl_model_spec_load(fixture_path("model.json"), &model, &error), -ENOENT);
    assert_non_null(strstr(error.text, "/model.json: No such file or directory"));
    assert_int_equal(mkdir(fixture_path("model.json"), 0700), 0);
    assert_int_equal(pl_model_spec_load(fixture_path("model.json"), &model, &error), -EISDIR);
    assert_non_null(strstr(error.text, "/model.json: Is a directory"));
    fixture_delete("model.json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_is_read_in_the_words_of_the_contract),
        cmocka_unit_test(a_named_underlying_replaces_single_keys_of_the_default),
        cmocka_unit_test(an_empty_model_has_no_effect),
        cmocka_unit_test(a_bad_model_is_reported_with_its_place),
        cmocka_unit_test(a_table_has_at_most_40_scenarios_and_16_brackets),
        cmocka_unit_test(broken_json_is_reported_with_its_place),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
