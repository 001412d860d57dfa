#include "json_text.h"

#include "byte_source.h"
#include "memory.h"
#include "text_error.h"

#include <assert.h>
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NO_KEY UINT32_MAX

/* Where the scanner stands. The text is valid JSON: jansson accepted it. */
struct scan {
    struct pl_json *json;
    size_t at;
    uint32_t parent;  /* the open object or array */
    bool open;        /* false: at the root */
    bool expects_key; /* inside an object, before a key */
    const char *key;  /* of the value that comes next */
};

static int add_value(struct scan *scan, enum pl_json_type type, size_t length, uint32_t *index)
{
    struct pl_json *json = scan->json;
    struct pl_json_value *values =
        pl_memory_grow(json->values, &json->capacity, json->count + 1, sizeof *values);
    if (values == NULL)
        return -ENOMEM;
    json->values = values;
    assert(json->count < UINT32_MAX);
    *index = (uint32_t)json->count++;
    values[*index] = (struct pl_json_value){
        .type = type, .at = (uint32_t)scan->at, .length = (uint32_t)length, .key = scan->key
    };
    scan->key = NULL;
    if (!scan->open)
        return 0;
    struct pl_json_value *parent = &values[scan->parent];
    values[*index].parent = scan->parent;
    values[*index].position = parent->child_count++;
    if (parent->first_child == 0)
        parent->first_child = *index;
    else
        values[parent->last_child].next = *index;
    parent->last_child = *index;
    return 0;
}

/* The decoded text of the string literal raw[0..length), quotes included. */
static int decode(struct pl_json *json, const char *raw, size_t length, const char **out)
{
    uint32_t number;
    int result;
    if (memchr(raw, '\\', length) == NULL) {
        result = pl_symbols_add(&json->strings, raw + 1, length - 2, &number, NULL);
    } else {
        json_t *value = json_loadb(raw, length, JSON_DECODE_ANY, NULL);
        if (value == NULL)
            return -ENOMEM;
        result = pl_symbols_add(&json->strings, json_string_value(value), json_string_length(value),
                                &number, NULL);
        json_decref(value);
    }
    if (result == 0)
        *out = json->strings.names[number];
    return result;
}

static int scan_string(struct scan *scan)
{
    struct pl_json *json = scan->json;
    const char *raw = json->text + scan->at, *decoded = NULL;
    size_t length = 1;
    for (; raw[length] != '"'; length++)
        length += raw[length] == '\\' ? 1 : 0;
    length++;
    int result = decode(json, raw, length, &decoded);
    if (result != 0)
        return result;
    if (scan->expects_key) {
        scan->key = decoded;
        scan->expects_key = false;
    } else {
        uint32_t index;
        result = add_value(scan, PL_JSON_STRING, length, &index);
        if (result != 0)
            return result;
        json->values[index].string = decoded;
    }
    scan->at += length;
    return 0;
}

static int scan_scalar(struct scan *scan)
{
    const char *raw = scan->json->text + scan->at;
    size_t length = strcspn(raw, ",]} \t\r\n");
    uint32_t index;
    enum pl_json_type type = raw[0] == 't' || raw[0] == 'f' ? PL_JSON_BOOLEAN
                             : raw[0] == 'n'                ? PL_JSON_NULL
                                                            : PL_JSON_NUMBER;
    int result = add_value(scan, type, length, &index);
    scan->at += length;
    return result;
}

static int scan_open(struct scan *scan, bool object)
{
    uint32_t index;
    int result = add_value(scan, object ? PL_JSON_OBJECT : PL_JSON_ARRAY, 0, &index);
    if (result != 0)
        return result;
    scan->parent = index;
    scan->open = true;
    scan->expects_key = object;
    scan->at++;
    return 0;
}

static void scan_close(struct scan *scan)
{
    struct pl_json_value *value = &scan->json->values[scan->parent];
    scan->at++;
    value->length = (uint32_t)(scan->at - value->at);
    scan->open = scan->parent != 0;
    scan->parent = value->parent;
    scan->expects_key = false;
}

static int scan_all(struct pl_json *json)
{
    struct scan scan = { .json = json };
    int result = 0;
    while (result == 0 && scan.at < json->length) {
        char c = json->text[scan.at];
        switch (c) {
        case ' ':
        case '\t':
        case '\r':
        case '\n':
        case ':': scan.at++; break;
        case ',':
            scan.at++;
            scan.expects_key = json->values[scan.parent].type == PL_JSON_OBJECT;
            break;
        case '{':
        case '[': result = scan_open(&scan, c == '{'); break;
        case '}':
        case ']': scan_close(&scan); break;
        case '"': result = scan_string(&scan); break;
        default: result = scan_scalar(&scan);
        }
    }
    return result;
}

static int check_syntax(struct pl_json *json)
{
    json_error_t problem;
    json_t *value = json_loadb(json->text, json->length, JSON_REJECT_DUPLICATES, &problem);
    if (value != NULL) {
        json_decref(value);
        return 0;
    }
    uint64_t line = problem.line > 0 ? (uint64_t)problem.line : 0;
    uint64_t column = problem.column > 0 ? (uint64_t)problem.column : line > 0 ? 1 : 0;
    pl_text_error_add(json->error, json->path, line, column, "%s", problem.text);
    return json_error_code(&problem) == json_error_out_of_memory ? -ENOMEM : -EINVAL;
}

static char *copy_text(const char *text, size_t length)
{
    char *copy = pl_memory_alloc(length + 1);
    if (copy != NULL)
        memcpy(copy, text, length);
    return copy;
}

/* `text`: NULL reads the file. */
static int load(struct pl_json *json, const char *path, const char *text)
{
    const char *reason = strerror(ENOMEM);
    json->path = copy_text(path, strlen(path));
    int result = json->path == NULL ? -ENOMEM : 0;
    if (result == 0 && text == NULL) {
        result = pl_byte_source_slurp(path, PL_JSON_BYTES_MAX, &json->text, &json->length, &reason);
    } else if (result == 0) {
        json->length = strlen(text);
        json->text = json->length > PL_JSON_BYTES_MAX ? NULL : copy_text(text, json->length);
        result = json->text != NULL ? 0 : json->length > PL_JSON_BYTES_MAX ? -EFBIG : -ENOMEM;
        reason = strerror(-result);
    }
    if (result != 0) {
        pl_text_error_add(json->error, path, 0, 0, "%s", reason);
        return result;
    }
    result = check_syntax(json);
    if (result != 0)
        return result;
    result = scan_all(json);
    if (result != 0)
        pl_text_error_add(json->error, path, 0, 0, "%s", strerror(-result));
    return result;
}

static int open_json(const char *path, const char *text, struct pl_text_error *error,
                     struct pl_json **out)
{
    *out = NULL;
    struct pl_json *json = pl_memory_alloc(sizeof *json);
    if (json == NULL) {
        pl_text_error_add(error, path, 0, 0, "%s", strerror(ENOMEM));
        return -ENOMEM;
    }
    json->error = error;
    int result = load(json, path, text);
    if (result != 0) {
        pl_json_free(json);
        return result;
    }
    *out = json;
    return 0;
}

int pl_json_load(const char *path, struct pl_text_error *error, struct pl_json **out)
{
    return open_json(path, NULL, error, out);
}

int pl_json_parse(const char *path, const char *text, struct pl_text_error *error,
                  struct pl_json **out)
{
    return open_json(path, text, error, out);
}

void pl_json_free(struct pl_json *json)
{
    if (json == NULL)
        return;
    pl_symbols_free(&json->strings);
    pl_memory_free(json->values);
    pl_memory_free(json->text);
    pl_memory_free(json->path);
    pl_memory_free(json);
}

const struct pl_json_value *pl_json_first(const struct pl_json *json,
                                          const struct pl_json_value *parent)
{
    return parent->first_child != 0 ? &json->values[parent->first_child] : NULL;
}

const struct pl_json_value *pl_json_next(const struct pl_json *json,
                                         const struct pl_json_value *value)
{
    return value->next != 0 ? &json->values[value->next] : NULL;
}

const struct pl_json_value *pl_json_member(const struct pl_json *json,
                                           const struct pl_json_value *object, const char *key)
{
    const struct pl_json_value *member = pl_json_first(json, object);
    if (object->type != PL_JSON_OBJECT)
        return NULL;
    while (member != NULL && strcmp(member->key, key) != 0)
        member = pl_json_next(json, member);
    return member;
}

const char *pl_json_type_name(enum pl_json_type type)
{
    static const char *const names[] = { "an object", "an array",  "a string",
                                         "a number",  "a boolean", "null" };
    return names[type];
}

void pl_json_place(const struct pl_json *json, size_t at, uint64_t *line, uint64_t *column)
{
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < at && i < json->length; i++) {
        unsigned char byte = (unsigned char)json->text[i];
        if (byte == '\n') {
            ++*line;
            *column = 1;
        } else if ((byte & 0xC0) != 0x80) { /* not inside a UTF-8 sequence */
            ++*column;
        }
    }
}

/* "underlyings.BTC.vol_shock.up", "brackets.X[3].mm_rate"; cut at the front when too long. */
static const char *path_of(const struct pl_json *json, const struct pl_json_value *value,
                           char *path, size_t size)
{
    size_t begin = size - 1;
    path[begin] = '\0';
    for (; value != json->values; value = &json->values[value->parent]) {
        char part[PL_SYMBOL_LENGTH_MAX + 2];
        bool first = value->parent == 0;
        if (value->key != NULL)
            (void)snprintf(part, sizeof part, "%s%s", first ? "" : ".", value->key);
        else
            (void)snprintf(part, sizeof part, "[%u]", value->position);
        size_t length = strlen(part);
        if (length > begin)
            break;
        begin -= length;
        memcpy(path + begin, part, length);
    }
    return path + begin;
}

void pl_json_error(const struct pl_json *json, const struct pl_json_value *value,
                   const char *format, ...)
{
    char message[512], path[256];
    uint64_t line = 0, column = 0;
    if (json->error->count < PL_TEXT_ERROR_LINES_MAX) /* later ones are only counted */
        pl_json_place(json, value->at, &line, &column);
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    assert(written >= 0);
    const char *name = path_of(json, value, path, sizeof path);
    pl_text_error_add(json->error, json->path, line, column, "%s%s%s", name,
                      name[0] != '\0' ? ": " : "", message);
}
