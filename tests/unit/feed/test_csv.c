#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "csv.h"
#include "fixture.h"
#include "text_error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

static const struct pl_csv_column columns[] = { { "a", true }, { "b", true }, { "c", false } };
static struct pl_text_error error;
static struct pl_csv_cell cells[3];

/* Opens the file and reads it to its end; returns the last result and counts the rows. */
static int read_all(const char *name, uint64_t *rows)
{
    struct pl_csv *csv;
    *rows = 0;
    pl_text_error_clear(&error);
    int result = pl_csv_open(fixture_path(name), columns, 3, &error, &csv);
    if (result != 0)
        return result;
    while ((result = pl_csv_next(csv, cells)) > 0)
        ++*rows;
    pl_csv_close(csv);
    return result;
}

static int read_text(const char *text, size_t length)
{
    uint64_t rows;
    fixture_write("t.csv", text, length);
    return read_all("t.csv", &rows);
}

static void must_report(const char *name, const char *rest)
{
    char expected[512];
    (void)snprintf(expected, sizeof expected, "/%s%s", name, rest);
    if (strstr(error.text, expected) == NULL)
        fail_msg("expected %s in:\n%s", expected, error.text);
}

static void cells_come_by_column_name(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF"
                               "b,a\r\n"
                               "22,1\r\n"
                               "\n"
                               ",333\n";
    struct pl_csv *csv;
    fixture_write("t.csv", text, sizeof text - 1);
    pl_text_error_clear(&error);
    assert_int_equal(pl_csv_open(fixture_path("t.csv"), columns, 3, &error, &csv), 0);
    assert_int_equal(pl_csv_next(csv, cells), 1);
    assert_memory_equal(cells[0].text, "1", 1);
    assert_int_equal(cells[0].column, 4);
    assert_int_equal(cells[1].length, 2);
    assert_int_equal(cells[1].column, 1);
    assert_int_equal(cells[2].length, 0);
    assert_int_equal(cells[2].column, 0);
    assert_int_equal(pl_csv_next(csv, cells), 1);
    assert_int_equal(pl_csv_line(csv), 4);
    assert_int_equal(cells[1].length, 0);
    assert_int_equal(cells[0].column, 2);
    assert_int_equal(pl_csv_next(csv, cells), 0);
    pl_csv_close(csv);
    assert_int_equal(error.count, 0);
}

static void a_malformed_file_is_reported_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        { "a,b,x\n", ":1:5: unknown column \"x\" (columns here: a b c)" },
        { "a,b,a\n", ":1:5: column \"a\" appears twice" },
        { "a,c\n", ":1:1: required columns missing: b" },
        { "a,b\n1,2\n3\n", ":3:2: 1 cells, but the first line names 2" },
        { "a,b\n1,2,,4\n", ":2:5: 4 cells, but the first line names 2" },
        { "a,b\n1,2\n3,4", ":3:4: the last line has no newline" },
        { "a,b", ":1:4: the last line has no newline" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        (void)read_text(cases[i].text, strlen(cases[i].text));
        assert_int_not_equal(error.count, 0);
        must_report("t.csv", cases[i].expected);
    }
    assert_int_equal(read_text("", 0), -EINVAL);
    must_report("t.csv", ":1: the file is empty");
    assert_int_equal(read_text("a,b\n1,\0\n", 8), -EINVAL);
    must_report("t.csv", ":2:3: a NUL byte");
}

static void an_overlong_line_is_refused(void **state)
{
    (void)state;
    static char text[3 * PL_CSV_LINE_MAX];
    memset(text, '1', sizeof text);
    memcpy(text, "a,b\n1,", 6);
    text[sizeof text - 1] = '\n';
    assert_int_equal(read_text(text, sizeof text), -EINVAL);
    must_report("t.csv", ":2:4097: line longer than 4096 bytes");
    text[4 + PL_CSV_LINE_MAX] = '\n';
    assert_int_equal(read_text(text, 5 + PL_CSV_LINE_MAX), 0);
    assert_int_equal(error.count, 0);
}

/* Many rows, beyond every buffer, and each cell is checked through its sum. */
static char *many_rows(size_t *length, uint64_t rows)
{
    char *text = malloc(32 * (rows + 1));
    assert_non_null(text);
    *length = (size_t)sprintf(text, "a,b\n");
    for (uint64_t i = 0; i < rows; i++)
        *length += (size_t)sprintf(text + *length, "%llu,x%llu\n", (unsigned long long)i,
                                   (unsigned long long)(i * i));
    return text;
}

static void write_gz(const char *name, const char *text, size_t length)
{
    gzFile file = gzopen(fixture_path(name), "wb");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, text, (unsigned)length), (int)length);
    assert_int_equal(gzclose(file), Z_OK);
}

static char *slurp(const char *name, size_t *length)
{
    static char bytes[1 << 22];
    FILE *file = fopen(fixture_path(name), "rb");
    assert_non_null(file);
    *length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return bytes;
}

static void compressed_files_read_as_plain_ones(void **state)
{
    (void)state;
    const uint64_t count = 60000;
    size_t length;
    uint64_t rows;
    char *text = many_rows(&length, count);
    fixture_write("t.csv", text, length);
    assert_int_equal(read_all("t.csv", &rows), 0);
    assert_int_equal(rows, count);
    write_gz("t.csv.gz", text, length);
    assert_int_equal(read_all("t.csv.gz", &rows), 0);
    assert_int_equal(rows, count);
    size_t bound = ZSTD_compressBound(length);
    char *packed = malloc(bound);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1); /* as the zstd command does */
    size_t size = ZSTD_compress2(context, packed, bound, text, length);
    ZSTD_freeCCtx(context);
    fixture_write("t.csv.zst", packed, size);
    assert_int_equal(read_all("t.csv.zst", &rows), 0);
    assert_int_equal(rows, count);
    free(packed);
    free(text);
}

static void truncated_or_damaged_compression_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = { "t.csv.gz", "t.csv.zst" };
    for (size_t n = 0; n < 2; n++) {
        size_t length;
        uint64_t rows;
        char *bytes = slurp(names[n], &length);
        for (size_t cut = 0; cut < length; cut += cut < 32 ? 1 : length / 37) {
            char name[32];
            (void)snprintf(name, sizeof name, "cut-%s", names[n]);
            fixture_write(name, bytes, cut);
            assert_int_equal(read_all(name, &rows), -EINVAL);
            assert_int_equal(error.count, 1);
            must_report(name, "");
        }
        fixture_write("cut.csv.zst", bytes, length - 1);
        fixture_write("cut.csv.gz", bytes, length - 1);
        assert_int_equal(read_all(n == 0 ? "cut.csv.gz" : "cut.csv.zst", &rows), -EINVAL);
        assert_non_null(strstr(error.text, "truncated"));
        bytes[length / 2] ^= 0x55;
        fixture_write(n == 0 ? "cut.csv.gz" : "cut.csv.zst", bytes, length);
        assert_int_equal(read_all(n == 0 ? "cut.csv.gz" : "cut.csv.zst", &rows), -EINVAL);
        assert_non_null(strstr(error.text, "damaged"));
    }
}

static void what_is_not_a_file_is_refused(void **state)
{
    (void)state;
    uint64_t rows;
    assert_int_equal(read_all("absent.csv", &rows), -ENOENT);
    must_report("absent.csv", ": No such file or directory");
    assert_int_equal(mkdir(fixture_path("folder.csv"), 0700), 0);
    assert_int_equal(read_all("folder.csv", &rows), -EISDIR);
    must_report("folder.csv", ": Is a directory");
    assert_int_equal(mkfifo(fixture_path("fifo.csv"), 0600), 0);
    assert_int_equal(read_all("fifo.csv", &rows), -EINVAL);
    must_report("fifo.csv", ": not a regular file");
    assert_int_equal(symlink("loop.csv", fixture_path("loop.csv")), 0);
    assert_int_equal(read_all("loop.csv", &rows), -ELOOP);
    must_report("loop.csv", ": Too many levels of symbolic links");
}

static void an_unreadable_file_is_refused(void **state)
{
    (void)state;
    uint64_t rows;
    if (geteuid() == 0) {
        print_message("skipped: root reads every file\n");
        skip();
    }
    fixture_write("secret.csv", "a,b\n", 4);
    assert_int_equal(chmod(fixture_path("secret.csv"), 0), 0);
    assert_int_equal(read_all("secret.csv", &rows), -EACCES);
    must_report("secret.csv", ": Permission denied");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_come_by_column_name),
        cmocka_unit_test(a_malformed_file_is_reported_with_its_place),
        cmocka_unit_test(an_overlong_line_is_refused),
        cmocka_unit_test(compressed_files_read_as_plain_ones),
        cmocka_unit_test(truncated_or_damaged_compression_is_refused),
        cmocka_unit_test(what_is_not_a_file_is_refused),
        cmocka_unit_test(an_unreadable_file_is_refused),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
