/* Writing the HTML report: all of it or nothing, and a message that says what to do. */
#include "test_report_sample.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

#define NOBODY 65534

/* ----- Files ----- */

static void a_directory_is_created_or_used_and_the_page_replaced(void **state)
{
    (void)state;
    struct sample s;
    char message[PL_MESSAGE_BYTES];
    size_t size;
    sample_start(&s, 2);
    mode_t mask = umask(022);
    assert_int_equal(pl_report_write(&s.report, under_base("out/"), message), 0);
    umask(mask);
    struct stat status;
    assert_int_equal(stat(under_base("out/index.html"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0644);
    s.report.book_name = "another";
    assert_int_equal(pl_report_write(&s.report, under_base("out"), message), 0);
    assert_int_equal(count_entries(under_base("out")), 1);
    char *page = read_page(under_base("out"), &size);
    assert_non_null(strstr(page, "<h1>another</h1>"));
    free(page);
    remove_page(under_base("out"));
    sample_end(&s);
}

static void expect_refusal(const struct pl_report *report, const char *directory, int error,
                           const char *named)
{
    char message[PL_MESSAGE_BYTES];
    assert_int_equal(pl_report_write(report, directory, message), -error);
    assert_non_null(strstr(message, named));
    assert_non_null(strstr(message, "no report was written: "));
}

static void a_place_that_is_no_directory_is_refused(void **state)
{
    (void)state;
    struct sample s;
    sample_start(&s, 2);
    FILE *file = fopen(under_base("file"), "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    expect_refusal(&s.report, under_base("file"), ENOTDIR, under_base("file"));
    expect_refusal(&s.report, under_base("file/out"), ENOTDIR, "name a directory");
    expect_refusal(&s.report, under_base("none/out"), ENOENT, "create the directory above it");
    expect_refusal(&s.report, "", ENOENT, "name another one");
    assert_int_equal(remove(under_base("file")), 0);
    assert_int_equal(count_entries(base), 0);
    assert_int_equal(mkdir(under_base("out"), 0777), 0);
    assert_int_equal(mkdir(under_base("out/index.html"), 0777), 0);
    expect_refusal(&s.report, under_base("out"), EISDIR, "out/index.html");
    assert_int_equal(count_entries(under_base("out")), 1);
    rmdir(under_base("out/index.html"));
    rmdir(under_base("out"));
    sample_end(&s);
}

static void an_unwritable_directory_is_refused(void **state)
{
    (void)state;
    struct sample s;
    sample_start(&s, 2);
    assert_int_equal(mkdir(under_base("locked"), 0777), 0);
    assert_int_equal(chmod(under_base("locked"), 0555), 0);
    bool root = geteuid() == 0; /* whom no mode stops */
    if (root)
        assert_int_equal(seteuid(NOBODY), 0);
    expect_refusal(&s.report, under_base("locked"), EACCES, "locked/index.html");
    expect_refusal(&s.report, under_base("locked/out"), EACCES, "make it writable");
    if (root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(count_entries(under_base("locked")), 0);
    assert_int_equal(rmdir(under_base("locked")), 0);
    sample_end(&s);
}

static void limit_file_size(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A limit on file sizes fails writes half-way, as a full disk does. */
static void a_full_disk_leaves_nothing_partial(void **state)
{
    (void)state;
    struct sample s;
    char message[PL_MESSAGE_BYTES];
    size_t size;
    sample_start(&s, 16);
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    void (*old)(int) = signal(SIGXFSZ, SIG_IGN);
    limit_file_size(1000);
    expect_refusal(&s.report, under_base("out"), EFBIG, "out/index.html");
    limit_file_size(limit.rlim_cur);
    assert_int_equal(count_entries(base), 0);
    assert_int_equal(pl_report_write(&s.report, under_base("out"), message), 0);
    limit_file_size(1000);
    s.report.book_name = "another";
    expect_refusal(&s.report, under_base("out"), EFBIG, "ulimit");
    limit_file_size(limit.rlim_cur);
    signal(SIGXFSZ, old);
    assert_int_equal(count_entries(under_base("out")), 1);
    char *page = read_page(under_base("out"), &size);
    assert_non_null(strstr(page, "<h1>feb2026</h1>"));
    free(page);
    remove_page(under_base("out"));
    sample_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_directory_is_created_or_used_and_the_page_replaced),
        cmocka_unit_test(a_place_that_is_no_directory_is_refused),
        cmocka_unit_test(an_unwritable_directory_is_refused),
        cmocka_unit_test(a_full_disk_leaves_nothing_partial),
    };
    return cmocka_run_group_tests_name("report_files", tests, make_base, remove_base);
}
