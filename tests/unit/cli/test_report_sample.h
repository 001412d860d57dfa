/* A report to write, and a place to write it to, for the tests of the report. */
#ifndef PL_TEST_CLI_REPORT_SAMPLE_H
#define PL_TEST_CLI_REPORT_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TICKS_MANY 2881
#define PATH_BYTES 512

/* ----- A report to write ----- */

struct sample {
    struct pl_report report;
    struct pl_report_tick *ticks;
    struct pl_report_exposure *exposures;
    int64_t *moneys;
    struct pl_report_underlying underlyings[2];
    struct pl_report_liquidation liquidations[20];
    char symbols[20][PL_SYMBOL_BYTES];
    struct pl_report_account accounts[2];
};

static inline void fill_ticks(struct sample *s, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t down = i == count / 2 ? 20 : i % 3;
        s->ticks[i] =
            (struct pl_report_tick){ .tick = i + 1,
                                     .time_us = INT64_C(1770179043263000) + (int64_t)i * 30000000,
                                     .accounts = { 2900 - down, 80, i % 7, down, down / 10 },
                                     .equity = INT64_C(123456789012345),
                                     .maintenance = INT64_C(23456789012345) + (int64_t)i,
                                     .initial = INT64_C(33456789012345) };
        s->exposures[i] =
            (struct pl_report_exposure){ INT64_C(6000000000000) - (int64_t)i * 1000000,
                                         (int64_t)down * 100000000000, -5, 7, -(int64_t)down };
        s->moneys[i] = INT64_C(1000000000) - (int64_t)down * 200000000;
    }
}

static inline void sample_start(struct sample *s, size_t tick_count)
{
    *s = (struct sample){ 0 };
    s->ticks = calloc(tick_count + 1, sizeof *s->ticks);
    s->exposures = calloc(tick_count + 1, sizeof *s->exposures);
    s->moneys = calloc(tick_count + 1, sizeof *s->moneys);
    assert_true(s->ticks != NULL && s->exposures != NULL && s->moneys != NULL);
    fill_ticks(s, tick_count);
    for (size_t i = 0; i < 20; i++) {
        snprintf(s->symbols[i], PL_SYMBOL_BYTES, "BTC-27MAR26-%zu-P", 50000 + i * 1000);
        s->liquidations[i] =
            (struct pl_report_liquidation){ s->symbols[i], "option",  i % 2 == 0 ? "BTC" : "ETH",
                                            1.5,           0.1 + 0.2, INT64_C(4123456712345678) };
    }
    for (size_t i = 0; i < 2; i++) {
        s->underlyings[i] = (struct pl_report_underlying){ i == 0 ? "BTC" : "ETH", s->exposures };
        s->accounts[i] =
            (struct pl_report_account){ .name = i == 0 ? "desk-1" : "desk-2",
                                        .first_below_us = INT64_C(1770179043263000),
                                        .maintenance_excess = s->moneys,
                                        .equity = s->moneys,
                                        .worst_scenario = "BTC: down x0.82",
                                        .explain_command = "plimsoll explain book --account desk-1",
                                        .explain_text = "cash\n\t1.00" };
        s->accounts[i].worst.state = PL_STATE_LIQUIDATE;
        s->accounts[i].worst.mode = PL_MODE_PORTFOLIO;
        s->accounts[i].worst.equity = INT64_C(1234567);
        s->accounts[i].worst.maintenance_excess = INT64_C(-123456789012);
    }
    s->report = (struct pl_report){ .book_name = "feb2026",
                                    .description = "a book",
                                    .source = "an archive",
                                    .settlement_currency = "USD",
                                    .model_name = "portfolio",
                                    .device = "model:",
                                    .command = "plimsoll replay book --report out",
                                    .account_count = 3000,
                                    .verdicts_hash = UINT64_C(0xdec58f2d087d2a19),
                                    .tick_count = tick_count,
                                    .underlying_count = 2,
                                    .liquidation_count = 20,
                                    .account_list_count = 2,
                                    .ticks = s->ticks,
                                    .underlyings = s->underlyings,
                                    .worst_tick = tick_count / 2,
                                    .liquidations = s->liquidations,
                                    .accounts = s->accounts };
}

static inline void sample_end(struct sample *s)
{
    free(s->ticks);
    free(s->exposures);
    free(s->moneys);
}

/* ----- Directories ----- */

static char base[PATH_BYTES]; /* of this run */

static inline const char *under_base(const char *name)
{
    static char paths[4][2 * PATH_BYTES];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", base, name);
    return path;
}

static inline char *read_page(const char *directory, size_t *size)
{
    char path[3 * PATH_BYTES];
    snprintf(path, sizeof path, "%s/index.html", directory);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *size = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(*size + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, *size, file), *size);
    text[*size] = '\0';
    fclose(file);
    return text;
}

static inline size_t count_entries(const char *directory)
{
    size_t count = 0;
    DIR *dir = opendir(directory);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(dir);
    return count;
}

static inline void remove_page(const char *directory)
{
    char path[3 * PATH_BYTES];
    snprintf(path, sizeof path, "%s/index.html", directory);
    remove(path);
    rmdir(directory);
}

static inline char *written(const struct pl_report *report)
{
    char message[PL_MESSAGE_BYTES];
    size_t size;
    assert_int_equal(pl_report_write(report, under_base("page"), message), 0);
    assert_string_equal(message, "");
    char *text = read_page(under_base("page"), &size);
    assert_int_equal(strlen(text), size);
    remove_page(under_base("page"));
    return text;
}

static inline int make_base(void **state)
{
    (void)state;
    snprintf(base, sizeof base, "%s/pl_report_XXXXXX",
             getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    return mkdtemp(base) == NULL ? -1 : chmod(base, 0755);
}

static inline int remove_base(void **state)
{
    (void)state;
    return rmdir(base);
}

#endif
