#include "model_spec.h"

#include "memory.h"
#include "model_fields.h"
#include "text_error.h"

#include <errno.h>
#include <string.h>

#define M(member) offsetof(struct pl_model_spec, member)
static const struct pl_model_field model_fields[] = {
    { "format", PL_FIELD_ELSEWHERE, 0, NULL, NULL, NULL, 0 },
    { "name", PL_FIELD_NAME, M(name), NULL, NULL, NULL, 0 },
    { "description", PL_FIELD_ELSEWHERE, 0, NULL, NULL, "", 0 },
    { "coverage", PL_FIELD_Q40, M(coverage_q40), "0", "1", "0", 0 },
    { "max_price_age_s", PL_FIELD_SECONDS, M(max_price_age_s), "0", "4294967295", "0", 0 },
    { "scenarios", PL_FIELD_ELSEWHERE, 0, NULL, NULL, "", 0 },
    { "underlyings", PL_FIELD_ELSEWHERE, 0, NULL, NULL, "", 0 },
    { "offset_groups", PL_FIELD_ELSEWHERE, 0, NULL, NULL, "", 0 },
    { "classes", PL_FIELD_ELSEWHERE, 0, NULL, NULL, NULL, 0 },
    { "brackets", PL_FIELD_ELSEWHERE, 0, NULL, NULL, "", 0 },
    { "raised", PL_FIELD_ELSEWHERE, 0, NULL, NULL, "", 0 },
};

static int read_description(struct pl_model_reader *reader, const struct pl_json_value *root)
{
    const struct pl_json_value *value = pl_json_member(reader->json, root, "description");
    const char *text = "";
    if (value != NULL && pl_model_expect(reader, value, PL_JSON_STRING))
        text = value->string;
    size_t size = strlen(text) + 1;
    reader->model->description = pl_memory_alloc(size);
    if (reader->model->description == NULL)
        return -ENOMEM;
    memcpy(reader->model->description, text, size);
    return 0;
}

static void check_format(struct pl_model_reader *reader, const struct pl_json_value *root)
{
    const struct pl_json_value *value = pl_json_member(reader->json, root, "format");
    if (value != NULL && (value->type != PL_JSON_NUMBER || value->length != 1 ||
                          reader->json->text[value->at] != '1'))
        pl_json_error(reader->json, value, "this program reads format 1");
}

static int read_model(struct pl_model_reader *reader)
{
    static const struct {
        const char *key;
        int (*read)(struct pl_model_reader *reader, const struct pl_json_value *section);
        bool always;
    } sections[] = {
        /* each one refers only to those before it */
        { "brackets", pl_model_read_brackets, false },
        { "scenarios", pl_model_read_scenarios, false },
        { "offset_groups", pl_model_read_offset_groups, false },
        { "underlyings", pl_model_read_underlyings, true },
        { "classes", pl_model_read_classes, false },
        { "raised", pl_model_read_raised, false },
    };
    const struct pl_json_value *root = &reader->json->values[0];
    if (!pl_model_expect(reader, root, PL_JSON_OBJECT))
        return 0;
    int result = pl_model_read_fields(reader, root, model_fields,
                                      sizeof model_fields / sizeof model_fields[0], reader->model);
    if (result == 0)
        result = read_description(reader, root);
    check_format(reader, root);
    for (size_t i = 0; i < sizeof sections / sizeof sections[0] && result == 0; i++) {
        const struct pl_json_value *section = pl_json_member(reader->json, root, sections[i].key);
        if (section != NULL || sections[i].always)
            result = sections[i].read(reader, section);
    }
    return result;
}

int pl_model_spec_load(const char *path, struct pl_model_spec **out, struct pl_text_error *error)
{
    return pl_model_spec_parse(path, NULL, out, error);
}

int pl_model_spec_parse(const char *path, const char *text, struct pl_model_spec **out,
                        struct pl_text_error *error)
{
    struct pl_json *json = NULL;
    *out = NULL;
    pl_text_error_clear(error);
    int result =
        text == NULL ? pl_json_load(path, error, &json) : pl_json_parse(path, text, error, &json);
    if (result != 0)
        return result;
    struct pl_model_spec *model = pl_memory_alloc(sizeof *model);
    struct pl_model_reader reader = { .json = json, .model = model, .error = error };
    result = model == NULL ? -ENOMEM : read_model(&reader);
    pl_json_free(json);
    if (result != 0)
        pl_text_error_add(error, path, 0, 0, "%s", strerror(-result));
    else if (error->count != 0)
        result = -EINVAL;
    if (result != 0) {
        pl_model_spec_free(model);
        return result;
    }
    *out = model;
    return 0;
}

void pl_model_spec_free(struct pl_model_spec *model)
{
    if (model == NULL)
        return;
    pl_memory_free(model->bracket_tables);
    pl_memory_free(model->classes);
    pl_memory_free(model->offset_groups);
    pl_memory_free(model->underlyings);
    pl_memory_free(model->scenario_tables);
    pl_memory_free(model->description);
    pl_memory_free(model);
}
