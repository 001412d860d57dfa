/* tests/data/vectors/decide.csv, row by row (PL_DATA names tests/data when run elsewhere). */
#ifndef PL_TEST_DECIDE_VECTORS_H
#define PL_TEST_DECIDE_VECTORS_H

#include "../support/random.h"

struct vector {
    char kind[16];
    int64_t a, b, c, d; /* 0 where the row has none */
};

static UNUSED const char *data_path(const char *name)
{
    static char path[512];
    const char *folder = getenv("PL_DATA");
    snprintf(path, sizeof path, "%s/%s", folder != NULL ? folder : "tests/data", name);
    return path;
}

static UNUSED FILE *vectors_open(void)
{
    FILE *file = fopen(data_path("vectors/decide.csv"), "r");
    char header[64];
    if (file == NULL || fgets(header, sizeof header, file) == NULL)
        fail_msg("%s cannot be read", data_path("vectors/decide.csv"));
    return file;
}

/* False at the end, where it closes the file. */
static UNUSED bool vectors_next(FILE *file, struct vector *v)
{
    char line[256];
    if (fgets(line, sizeof line, file) == NULL) {
        fclose(file);
        return false;
    }
    *v = (struct vector){ .kind = "" };
    char *rest = line;
    snprintf(v->kind, sizeof v->kind, "%s", strsep(&rest, ","));
    for (int64_t *cell = &v->a; cell <= &v->d; cell++)
        *cell = strtoll(strsep(&rest, ","), NULL, 10);
    return true;
}

#endif
