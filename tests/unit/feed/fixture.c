#define _POSIX_C_SOURCE 200809L
#include "fixture.h"

#include "feed/memory.h"
#include "feed/text_error.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct fixture_file fixture_files[FIXTURE_FILES] = {
    { "book.json", "{\"format\": 1, \"name\": \"unit\",\n"
                   " \"settlement_currency\": \"USDC\", \"model\": \"model.json\"}\n" },
    { "instruments.csv",
      "symbol,kind,underlying,expiry,strike,option_type,forward,settlement,contract_size,"
      "quantity_step\n"
      "BTC,spot,BTC,,,,,,,0.0001\n"
      "BTC-PERP,perpetual,BTC,,,,,cash,1,0.001\n"
      "BTC-JUN,future,BTC,2026-06-26T08:00:00Z,,,,coin,10,1\n"
      "BTC-JUN-C,option,BTC,2026-06-26T08:00:00Z,80000,call,BTC-JUN,cash,1,0.1\n"
      "BTC-MAR-P,option,BTC,2026-03-27T08:00:00Z,60000,put,SYN.BTC-MAR,coin,1,0.1\n"
      "BTC-MAR-C,option,BTC,2026-03-27T08:00:00Z,90000,call,SYN.BTC-MAR,coin,1,0.1\n" },
    { "ticks.csv", "time,symbol,price,vol,rate,confidence,price_time\n"
                   "2026-02-04T04:24:03.263Z,BTC,70000.5,,,,\n"
                   "2026-02-04T04:24:03.263Z,BTC-JUN,71000,,0.01,,\n"
                   "2026-02-04T04:24:03.263Z,SYN.BTC-MAR,70500,,,0.5,\n"
                   "2026-02-04T04:24:03.263Z,BTC-MAR-P,0.02,0.55,,,\n"
                   "2026-02-04T04:24:03.263Z,vol:SYN.BTC-MAR,,,,0.9,\n"
                   "2026-02-04T04:24:03.263Z,settlement:USDC,0.9995,,,,\n"
                   "2026-02-04T04:24:04Z,BTC,0,,,,2026-02-04T04:24:03Z\n"
                   "1770179045000000,BTC-JUN,,,,,\n" },
    { "accounts.csv", "account,mode,cash,multiplier,parent\n"
                      "A,portfolio,1000.5,,\n"
                      "B/1,isolated,0.00000001,,B\n"
                      "B,cross,-20,1.5,\n" },
    { "positions.csv", "account,symbol,quantity,entry_price\n"
                       "B,BTC-PERP,0.5,69000\n"
                       "A,BTC,1.25,\n"
                       "B,BTC-JUN,-3,70100\n"
                       "A,BTC-JUN-C,-2.5,\n"
                       "A,BTC-JUN-C,-0.5,\n"
                       "B/1,BTC-PERP,0,\n" },
    { "orders.csv", "account,symbol,side,quantity\n"
                    "A,BTC-PERP,buy,0.25\n" },
    { "settlements.csv", "underlying,expiry,price\n"
                         "BTC,2026-03-27T08:00:00Z,65000\n" },
    { "model.json",
      "{\"format\": 1, \"name\": \"unit\", \"description\": \"caf\\u00e9\", \"coverage\": 0.99,\n"
      " \"max_price_age_s\": 300,\n"
      " \"scenarios\": {\"crypto\": [{\"shock\": 1.18, \"vol\": \"up\", \"dampening\": 1.0},\n"
      "   {\"shock\": 1, \"vol\": \"abs\", \"dampening\": 0.6}]},\n"
      " \"underlyings\": {\n"
      "   \"BTC\": {\"vol_shock\": {\"up\": 0.5}, \"offset_group\": \"majors\"},\n"
      "   \"default\": {\"scenarios\": \"crypto\", \"rate_floor\": 0,\n"
      "     \"vol_shock\": {\"up\": 0.45, \"down\": 0.3}}},\n"
      " \"offset_groups\": {\"majors\": {\"credit\": 0.25}},\n"
      " \"classes\": {\n"
      "   \"option\": {\"fee\": 0.0003},\n"
      "   \"perpetual\": {\"linear\": {\"long\": \"X\", \"short\": \"X\"}},\n"
      "   \"perpetual:BTC\": {\"portfolio\": {\"long\": {\"mm\": 0.03, \"im\": 0.05}}},\n"
      "   \"future\": {\"linear\": {\"long\": {\"mm\": 0.05, \"im\": 0.1}}},\n"
      "   \"spot\": {\"scenario\": true}},\n"
      " \"brackets\": {\"X\": [\n"
      "   {\"notional\": 0, \"mm_rate\": 0.004, \"mm_cum\": 0, \"im_rate\": 0.008, \"im_cum\": 0},\n"
      "   {\"notional\": 50000, \"mm_rate\": 0.005, \"mm_cum\": 50, \"im_rate\": 0.01, \"im_cum\": "
      "100}]}}\n" },
};

static char folder[256];

const char *fixture_text(const char *name)
{
    for (size_t i = 0; i < FIXTURE_FILES; i++)
        if (strcmp(fixture_files[i].name, name) == 0)
            return fixture_files[i].text;
    abort();
}

const char *fixture_folder(void)
{
    const char *base = getenv("TMPDIR");
    (void)snprintf(folder, sizeof folder, "%s/plimsoll-feed-XXXXXX", base != NULL ? base : "/tmp");
    if (mkdtemp(folder) == NULL)
        abort();
    return folder;
}

const char *fixture_path(const char *name)
{
    static char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

void fixture_delete(const char *name)
{
    (void)remove(fixture_path(name));
}

void fixture_remove(void)
{
    DIR *directory = opendir(folder);
    const struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL)
        if (entry->d_name[0] != '.')
            fixture_delete(entry->d_name);
    if (directory != NULL)
        closedir(directory);
    (void)rmdir(folder);
}

void fixture_write(const char *name, const void *bytes, size_t length)
{
    FILE *file = fopen(fixture_path(name), "wb");
    if (file == NULL || (length > 0 && fwrite(bytes, 1, length, file) != length) ||
        fclose(file) != 0)
        abort();
}

void fixture_write_book(void)
{
    for (size_t i = 0; i < FIXTURE_FILES; i++)
        fixture_write(fixture_files[i].name, fixture_files[i].text, strlen(fixture_files[i].text));
}

void fixture_write_with_line(const char *name, uint64_t line, const char *text)
{
    char changed[8192] = "";
    size_t used = 0;
    const char *at = fixture_text(name);
    for (uint64_t number = 1; *at != '\0' || number <= line; number++) {
        size_t length = strcspn(at, "\n");
        if (number != line)
            used +=
                (size_t)snprintf(changed + used, sizeof changed - used, "%.*s\n", (int)length, at);
        else if (text != NULL)
            used += (size_t)snprintf(changed + used, sizeof changed - used, "%s\n", text);
        assert(used < sizeof changed);
        at += length + (at[length] == '\n' ? 1 : 0);
    }
    fixture_write(name, changed, used);
}

uint64_t fixture_seed(uint64_t initial)
{
    const char *given = getenv("PL_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 0) : initial;
    printf("seed: PL_SEED=%" PRIu64 "\n", seed);
    (void)fflush(stdout);
    return seed;
}

uint64_t fixture_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

const char *fixture_root;

int fixture_set_up(void **state)
{
    (void)state;
    fixture_root = fixture_folder();
    return 0;
}

int fixture_tear_down(void **state)
{
    (void)state;
    fixture_remove();
    return 0;
}

struct pl_book *fixture_load_as_memory_fails(void)
{
    static struct pl_text_error error;
    struct pl_book *book = NULL;
    int64_t successes = 0;
    int result = -ENOMEM;
    for (; result != 0; successes++) {
        pl_memory_fail_after(successes);
        result = pl_book_load(fixture_root, &book, &error);
        pl_memory_fail_after(-1);
        assert(result == 0 || result == -ENOMEM);
        assert((result == 0) == (book != NULL));
        assert(successes < 1000);
    }
    assert(successes > 10);
    return book;
}
