/* Random damage and failing memory: a loader may refuse, it must not crash, leak or return a part.
 */
#include "book.h"
#include "check.h"
#include "fixture.h"
#include "memory.h"
#include "model_spec.h"
#include "text_error.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define ROUNDS 1500 /* PL_ROUNDS replaces it */

static struct pl_text_error error;

static void load_and_free(bool *book_loaded, bool *model_loaded)
{
    struct pl_book *book = NULL;
    struct pl_model_spec *model = NULL;
    int result = pl_book_load(fixture_root, &book, &error);
    *book_loaded = result == 0;
    assert_true((result == 0) == (book != NULL));
    assert_true((result == 0) == (error.count == 0));
    pl_book_free(book);
    result = pl_model_spec_load(fixture_path("model.json"), &model, &error);
    *model_loaded = result == 0;
    assert_true((result == 0) == (model != NULL));
    assert_true((result == 0) == (error.count == 0));
    pl_model_spec_free(model);
}

/* One small change: a flipped bit, a byte of the format's own alphabet, a deletion, a repetition,
 * or another digit (most of these leave a valid file, which reaches deeper). */
static size_t mutate(uint64_t *seed, char *text, size_t length, size_t size)
{
    static const char alphabet[] = "0123456789.,-+eEZT:\"{}[]\n\r \0nulspotcalbu";
    size_t at = length > 0 ? fixture_random(seed) % length : 0;
    size_t part = fixture_random(seed) % 12 + 1;
    switch (length > 0 ? fixture_random(seed) % 8 : 2) {
    case 0: text[at] = (char)(text[at] ^ (1 << fixture_random(seed) % 8)); return length;
    case 1: text[at] = alphabet[fixture_random(seed) % (sizeof alphabet - 1)]; return length;
    case 2:
        if (length + 1 > size)
            return length;
        memmove(text + at + 1, text + at, length - at);
        text[at] = alphabet[fixture_random(seed) % (sizeof alphabet - 1)];
        return length + 1;
    case 3:
        part = part < length - at ? part : length - at;
        memmove(text + at, text + at + part, length - at - part);
        return length - part;
    case 4:
        part = part < length - at ? part : length - at;
        if (length + part > size)
            return length;
        memmove(text + at + part, text + at, length - at);
        return length + part;
    default:
        while (at < length && (text[at] < '0' || text[at] > '9'))
            at++;
        if (at < length)
            text[at] = (char)('0' + fixture_random(seed) % 10);
        return length;
    }
}

static void write_packed(const char *name, const char *text, size_t length, bool gzip, char *packed,
                         size_t *size)
{
    char file[64];
    if (gzip) {
        z_stream stream = { 0 };
        assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
                         Z_OK);
        stream.next_in = (Bytef *)(uintptr_t)text;
        stream.avail_in = (uInt)length;
        stream.next_out = (Bytef *)packed;
        stream.avail_out = (uInt)*size;
        assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
        *size = stream.total_out;
        deflateEnd(&stream);
    } else {
        *size = ZSTD_compress(packed, *size, text, length, 3);
    }
    (void)snprintf(file, sizeof file, "%s.%s", name, gzip ? "gz" : "zst");
    fixture_write(file, packed, *size);
}

static void damaged_files_never_crash_the_loader(void **state)
{
    (void)state;
    uint64_t seed = fixture_seed(20260204);
    const char *given = getenv("PL_ROUNDS");
    long rounds = given != NULL ? strtol(given, NULL, 10) : ROUNDS, loaded = 0;
    for (long round = 0; round < rounds; round++) {
        const struct fixture_file *file = &fixture_files[fixture_random(&seed) % FIXTURE_FILES];
        char text[8192];
        size_t length = strlen(file->text);
        bool book_loaded, model_loaded;
        memcpy(text, file->text, length);
        for (uint64_t count = fixture_random(&seed) % 3 + 1; count > 0; count--)
            length = mutate(&seed, text, length, sizeof text);
        fixture_write_book();
        fixture_write(file->name, text, length);
        load_and_free(&book_loaded, &model_loaded);
        loaded += book_loaded && model_loaded;
    }
    print_message("%ld of %ld damaged books were still valid\n", loaded, rounds);
}

static void damaged_compression_never_crashes_the_loader(void **state)
{
    (void)state;
    uint64_t seed = fixture_seed(20210519);
    const char *given = getenv("PL_ROUNDS");
    long rounds = given != NULL ? strtol(given, NULL, 10) : ROUNDS;
    for (long round = 0; round < rounds; round++) {
        char packed[8192], name[64];
        size_t size = sizeof packed / 2;
        bool book_loaded, model_loaded, gzip = fixture_random(&seed) % 2 == 0;
        const char *file = fixture_random(&seed) % 2 == 0 ? "ticks.csv" : "positions.csv";
        const char *text = fixture_text(file);
        fixture_write_book();
        fixture_delete(file);
        write_packed(file, text, strlen(text), gzip, packed, &size);
        (void)snprintf(name, sizeof name, "%s.%s", file, gzip ? "gz" : "zst");
        load_and_free(&book_loaded, &model_loaded);
        assert_true(book_loaded);
        for (uint64_t count = fixture_random(&seed) % 3 + 1; count > 0; count--)
            size = mutate(&seed, packed, size, sizeof packed);
        fixture_write(name, packed, size);
        load_and_free(&book_loaded, &model_loaded);
        fixture_delete(name);
    }
}

static void *jansson_alloc(size_t bytes)
{
    return pl_memory_alloc(bytes);
}

/* Every allocation of a load fails once, with all that follow; jansson's and zlib's are among them.
 */
static void failing_memory_is_reported_and_nothing_leaks(void **state)
{
    (void)state;
    char packed[8192];
    size_t size = sizeof packed;
    bool loaded = false;
    int64_t successes = 0;
    fixture_write_book();
    fixture_delete("ticks.csv");
    write_packed("ticks.csv", fixture_text("ticks.csv"), strlen(fixture_text("ticks.csv")), true,
                 packed, &size);
    json_set_alloc_funcs(jansson_alloc, pl_memory_free);
    for (; !loaded; successes++) {
        struct pl_book *book = NULL;
        pl_memory_fail_after(successes);
        int result = pl_book_load(fixture_root, &book, &error);
        pl_memory_fail_after(-1);
        loaded = result == 0;
        assert_true(loaded == (book != NULL));
        assert_true(loaded == (error.count == 0));
        pl_book_free(book);
    }
    assert_true(successes > 50);
    loaded = false;
    for (successes = 0; !loaded; successes++) {
        struct pl_model_spec *model = NULL;
        pl_memory_fail_after(successes);
        int result = pl_model_spec_load(fixture_path("model.json"), &model, &error);
        pl_memory_fail_after(-1);
        loaded = result == 0;
        assert_true(loaded == (model != NULL));
        assert_true(loaded == (error.count == 0));
        pl_model_spec_free(model);
    }
    assert_true(successes > 20);
    json_set_alloc_funcs(malloc, free);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_files_never_crash_the_loader),
        cmocka_unit_test(damaged_compression_never_crashes_the_loader),
        cmocka_unit_test(failing_memory_is_reported_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
