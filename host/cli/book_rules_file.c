/* Reads BOOK/venue.json. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "book_rules_fields.h"

/* The number of a word; false after saying which there are. */
static bool read_word(const struct pl_json *json, const struct pl_json_value *value,
                      const char *(*word)(uint32_t number), uint32_t *number)
{
    char list[256];
    size_t used = 0;
    for (uint32_t i = 0; word(i) != NULL; i++) {
        if (value->type == PL_JSON_STRING && strcmp(value->string, word(i)) == 0) {
            *number = i;
            return true;
        }
        const char *between = i == 0 ? "" : word(i + 1) != NULL ? ", " : " or ";
        used += (size_t)snprintf(list + used, sizeof list - used, "%s\"%s\"", between, word(i));
        assert(used < sizeof list);
    }
    pl_json_error(json, value, "must be %s", list);
    return false;
}

static void read_policy(struct pl_model_reader *reader, uint32_t *out)
{
    const struct pl_json *json = reader->json;
    const struct pl_json_value *section = pl_json_member(json, &json->values[0], "waterfall"),
                               *value =
                                   section != NULL ? pl_json_member(json, section, "policy") : NULL;
    if (value != NULL)
        (void)read_word(json, value, pl_book_rule_policy, out);
}

/* "allows": an array of actions. */
static void read_actions(struct pl_model_reader *reader, const struct pl_json_value *section,
                         const char *name, uint32_t *out)
{
    const struct pl_json *json = reader->json;
    const struct pl_json_value *line = pl_json_member(json, section, name),
                               *value = line != NULL ? pl_json_member(json, line, "allows") : NULL;
    uint32_t number, actions = 0;
    if (value == NULL || !pl_model_expect(reader, value, PL_JSON_ARRAY))
        return;
    const struct pl_json_value *item = pl_json_first(json, value);
    for (; item != NULL; item = pl_json_next(json, item)) {
        if (!read_word(json, item, pl_book_rule_action, &number))
            continue;
        if ((actions >> number & 1) != 0)
            pl_json_error(json, item, "stands here twice");
        actions |= UINT32_C(1) << number;
    }
    *out = actions;
}

static void read_permissions(struct pl_model_reader *reader, struct pl_permission_rules *r)
{
    const struct pl_json_value *section =
        pl_json_member(reader->json, &reader->json->values[0], "permission");
    if (section == NULL)
        return;
    for (int q = PL_QUALITY_POOR; q < PL_QUALITIES; q++)
        read_actions(reader, section, pl_quality_name((enum pl_quality)q), &r->allowed[q]);
    for (int s = 0; s < PL_BREAKER_STATES; s++)
        read_actions(reader, section, pl_breaker_state((enum pl_breaker_state)s),
                     &r->allowed_in[s]);
}

/* "fusion": of every underlying with prices of its own; what is known by crosses only has other
 * rules, and is stated by its name. */
static int read_fusion(struct pl_book_rules *r, const struct pl_book *book,
                       struct pl_model_reader *reader, const struct pl_json_value *section)
{
    struct pl_fusion_rules tried;
    const uint64_t problems = reader->error->count;
    pl_fusion_defaults(&tried);
    int result =
        pl_model_read_fields(reader, section, pl_book_fusion_fields, PL_BOOK_FUSION_FIELDS, &tried);
    if (reader->error->count > problems || book == NULL)
        return result;
    for (uint32_t u = 0; u < book->underlying_count && result == 0; u++)
        if (!r->fusion[u].implied)
            result = pl_model_read_fields(reader, section, pl_book_fusion_fields,
                                          PL_BOOK_FUSION_FIELDS, &r->fusion[u]);
    return result;
}

static uint32_t find_underlying(const struct pl_book *book, const char *name)
{
    uint32_t u = 0;
    while (u < book->underlying_count && strcmp(book->underlyings[u].name, name) != 0)
        u++;
    return u;
}

/* "fusion_of": an object for each underlying that has rules of its own. */
static int read_fusion_of(struct pl_book_rules *r, const struct pl_book *book,
                          struct pl_model_reader *reader, const struct pl_json_value *section)
{
    int result = 0;
    if (!pl_model_expect(reader, section, PL_JSON_OBJECT))
        return 0;
    const struct pl_json_value *member = pl_json_first(reader->json, section);
    for (; member != NULL && result == 0; member = pl_json_next(reader->json, member)) {
        struct pl_fusion_rules tried;
        const uint32_t u = book != NULL ? find_underlying(book, member->key) : 0;
        if (book != NULL && u == book->underlying_count)
            pl_json_error(reader->json, member, "no such underlying in instruments.csv");
        else
            result =
                pl_model_read_fields(reader, member, pl_book_fusion_fields, PL_BOOK_FUSION_FIELDS,
                                     book != NULL ? &r->fusion[u] : &tried);
    }
    return result;
}

int pl_book_rules_read(struct pl_book_rules *r, const struct pl_book *book,
                       const struct pl_json *json)
{
    struct pl_model_reader reader = { .json = json, .error = json->error };
    const struct pl_json_value *root = &json->values[0],
                               *fusion = pl_json_member(json, root, "fusion"),
                               *fusion_of = pl_json_member(json, root, "fusion_of");
    int result =
        pl_model_read_fields(&reader, root, pl_book_rule_fields, pl_book_rule_field_count, r);
    read_policy(&reader, &r->venue.waterfall.policy);
    read_permissions(&reader, &r->venue.permission);
    if (result == 0 && fusion != NULL)
        result = read_fusion(r, book, &reader, fusion);
    if (result == 0 && fusion_of != NULL)
        result = read_fusion_of(r, book, &reader, fusion_of);
    return result;
}
