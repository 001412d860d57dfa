/* Rules as the text of a venue.json that states all of them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "book_rules_fields.h"
#include "decide/rule.h"

#define DEPTH_MAX 3 /* objects within one another, the outermost not counted */
#define VALUE_BYTES 256
#define SHARE_DIGITS_MAX 13 /* a tenth of the last bit */

/* A document that is written key by key. */
struct writer {
    struct pl_buffer *out;
    const char *open[DEPTH_MAX]; /* the keys of the objects that are open */
    size_t lengths[DEPTH_MAX];
    int depth;
    bool any; /* the innermost one has a member */
};

struct key {
    const char *words[DEPTH_MAX + 1];
    size_t lengths[DEPTH_MAX + 1];
    int count;
};

static void add_key(struct writer *w, const char *word, size_t length)
{
    char text[PL_SYMBOL_BYTES];
    snprintf(text, sizeof text, "%.*s", (int)length, word);
    pl_buffer_add(w->out, "%s\n%*s", w->any ? "," : "", 2 * (w->depth + 1), "");
    pl_buffer_add_json(w->out, text);
    pl_buffer_add(w->out, ": ");
}

static void close_to(struct writer *w, int depth)
{
    for (; w->depth > depth; w->depth--) {
        pl_buffer_add(w->out, "\n%*s}", 2 * w->depth, "");
        w->any = true;
    }
}

static void put(struct writer *w, const struct key *key, const char *value)
{
    int same = 0;
    while (same < w->depth && same + 1 < key->count && w->lengths[same] == key->lengths[same] &&
           memcmp(w->open[same], key->words[same], key->lengths[same]) == 0)
        same++;
    close_to(w, same);
    for (int i = same; i + 1 < key->count; i++) {
        add_key(w, key->words[i], key->lengths[i]);
        pl_buffer_add(w->out, "{");
        w->open[w->depth] = key->words[i];
        w->lengths[w->depth++] = key->lengths[i];
        w->any = false;
    }
    add_key(w, key->words[key->count - 1], key->lengths[key->count - 1]);
    pl_buffer_add(w->out, "%s", value);
    w->any = true;
}

/* "permission.thin.age_s" in its words. */
static struct key key_of(const char *path)
{
    struct key key = { .count = 0 };
    while (*path != '\0') {
        const size_t length = strcspn(path, ".");
        key.words[key.count] = path;
        key.lengths[key.count++] = length;
        path += length + (path[length] == '.');
    }
    return key;
}

/* In as few digits as are read back. */
static void share_text(char out[VALUE_BYTES], int64_t value_q40)
{
    const double share = ldexp((double)value_q40, -PL_COEFFICIENT_BITS);
    int64_t read = 0;
    for (int digits = 0; digits <= SHARE_DIGITS_MAX; digits++) {
        struct pl_decimal decimal;
        snprintf(out, VALUE_BYTES, "%.*f", digits, share);
        if (pl_decimal_parse(out, strlen(out), &decimal) == 0 &&
            pl_decimal_scale(decimal, 0, PL_COEFFICIENT_BITS, &read) == 0 && read == value_q40)
            return;
    }
}

/* Without zeros at its end. */
static void trim(char *text)
{
    size_t length = strlen(text);
    while (strchr(text, '.') != NULL && text[length - 1] == '0')
        text[--length] = '\0';
    if (text[length - 1] == '.')
        text[length - 1] = '\0';
}

static void value_text(char out[VALUE_BYTES], const struct pl_model_field *field,
                       const void *target)
{
    const char *at = (const char *)target + field->offset;
    int64_t number = 0;
    uint32_t count = 0;
    bool flag = false;
    switch (field->type) {
    case PL_FIELD_COUNT:
        memcpy(&count, at, sizeof count);
        snprintf(out, VALUE_BYTES, "%u", (unsigned)count);
        return;
    case PL_FIELD_FLAG:
        memcpy(&flag, at, sizeof flag);
        snprintf(out, VALUE_BYTES, "%s", flag ? "true" : "false");
        return;
    default: memcpy(&number, at, sizeof number);
    }
    if (field->type == PL_FIELD_Q40) {
        share_text(out, number);
    } else if (field->type == PL_FIELD_MONEY) {
        pl_money_text(out, number, PL_MONEY_DIGITS_EXACT);
        trim(out);
    } else if (field->type == PL_FIELD_MICROSECONDS) {
        snprintf(out, VALUE_BYTES, "%" PRId64 ".%06d", number / PL_SECOND_US,
                 (int)(number % PL_SECOND_US));
        trim(out);
    } else {
        snprintf(out, VALUE_BYTES, "%" PRId64, number);
    }
}

static void actions_text(char out[VALUE_BYTES], uint32_t allowed)
{
    size_t used = (size_t)snprintf(out, VALUE_BYTES, "[");
    for (uint32_t a = 0; pl_book_rule_action(a) != NULL; a++)
        if ((allowed >> a & 1) != 0)
            used += (size_t)snprintf(out + used, VALUE_BYTES - used, "%s\"%s\"",
                                     used > 1 ? ", " : "", pl_book_rule_action(a));
    snprintf(out + used, VALUE_BYTES - used, "]");
}

/* What a quality, or a breaker's state, allows. */
static uint32_t allowed(const struct pl_permission_rules *r, const struct key *key)
{
    for (int q = 0; q < PL_QUALITIES; q++)
        if (strncmp(pl_quality_name((enum pl_quality)q), key->words[1], key->lengths[1]) == 0)
            return r->allowed[q];
    for (int s = 0; s < PL_BREAKER_STATES; s++)
        if (strncmp(pl_breaker_state((enum pl_breaker_state)s), key->words[1], key->lengths[1]) ==
            0)
            return r->allowed_in[s];
    return 0;
}

/* What the tables leave to code; false: what is written on its own. */
static bool elsewhere(char out[VALUE_BYTES], const struct pl_book_rules *r, const struct key *key)
{
    if (key->count == 3) {
        actions_text(out, allowed(&r->venue.permission, key));
        return true;
    }
    snprintf(out, VALUE_BYTES, "\"%s\"", pl_book_rule_policy(r->venue.waterfall.policy));
    return key->count == 2;
}

static void put_fusion(struct writer *w, const struct pl_fusion_rules *rules, const char *name)
{
    char value[VALUE_BYTES];
    for (size_t i = 0; i < PL_BOOK_FUSION_FIELDS; i++) {
        const struct pl_model_field *field = &pl_book_fusion_fields[i];
        const struct key key = { { "fusion_of", name, field->path },
                                 { strlen("fusion_of"), strlen(name), strlen(field->path) },
                                 3 };
        value_text(value, field, rules);
        put(w, &key, value);
    }
}

void pl_book_rules_text(const struct pl_book_rules *r, const struct pl_book *book,
                        struct pl_buffer *out)
{
    struct writer w = { .out = out };
    char value[VALUE_BYTES];
    pl_buffer_add(out, "{");
    for (size_t i = 0; i < pl_book_rule_field_count; i++) {
        const struct pl_model_field *field = &pl_book_rule_fields[i];
        const struct key key = key_of(field->path);
        if (field->type != PL_FIELD_ELSEWHERE)
            value_text(value, field, r);
        else if (!elsewhere(value, r, &key))
            continue;
        put(&w, &key, value);
    }
    for (uint32_t u = 0; u < book->underlying_count; u++)
        put_fusion(&w, &r->fusion[u], book->underlyings[u].name);
    close_to(&w, 0);
    pl_buffer_add(out, "\n}\n");
}
