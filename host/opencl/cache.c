#include "cache.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC UINT64_C(0x314e49424c434f50) /* "POCLBIN1" */
#define WHY 128
#define BINARY_MAX (UINT64_C(1) << 28)

/* Before the binary. */
struct head {
    uint64_t magic;
    struct pl_ocl_key key;
    uint64_t bytes, hash; /* of the binary */
};

uint64_t pl_ocl_hash(const void *bytes, size_t count)
{
    const unsigned char *b = bytes;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ b[i]) * UINT64_C(0x100000001b3);
    return hash;
}

int pl_ocl_cache_path(const char *folder, const struct pl_ocl_key *key, char *path, size_t bytes)
{
    int n = snprintf(path, bytes, "%s/%016" PRIx64 "-%016" PRIx64 "-%016" PRIx64 ".bin", folder,
                     key->contract, key->source, key->device);
    return n > 0 && (size_t)n < bytes ? 0 : -ENAMETOOLONG;
}

static unsigned char *refuse(FILE *f, char *why, const char *what)
{
    if (f != NULL)
        fclose(f);
    snprintf(why, WHY, "%s", what);
    return NULL;
}

unsigned char *pl_ocl_cache_read(const char *path, const struct pl_ocl_key *key, size_t *count,
                                 char *why)
{
    struct head head;
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return refuse(f, why, strerror(errno));
    if (fread(&head, sizeof head, 1, f) != 1 || head.magic != MAGIC)
        return refuse(f, why, "no file of this cache");
    if (memcmp(&head.key, key, sizeof *key) != 0)
        return refuse(f, why, "of another contract, kernel, device or driver");
    if (head.bytes == 0 || head.bytes > BINARY_MAX)
        return refuse(f, why, "damaged");
    unsigned char *binary = malloc(head.bytes);
    if (binary == NULL)
        return refuse(f, why, "out of memory");
    bool whole = fread(binary, 1, head.bytes, f) == head.bytes && fgetc(f) == EOF &&
                 pl_ocl_hash(binary, head.bytes) == head.hash;
    if (!whole) {
        free(binary);
        return refuse(f, why, "truncated or damaged");
    }
    fclose(f);
    *count = head.bytes;
    return binary;
}

/* The folder and those above it. */
static void make_folders(const char *folder)
{
    char path[1024];
    if (snprintf(path, sizeof path, "%s", folder) >= (int)sizeof path)
        return;
    for (char *p = path + 1; *p != '\0'; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        mkdir(path, 0777); /* what fails here fails again when the file is opened */
        *p = '/';
    }
    mkdir(path, 0777);
}

int pl_ocl_cache_write(const char *folder, const char *path, const struct pl_ocl_key *key,
                       const unsigned char *binary, size_t count)
{
    char temporary[1100];
    const struct head head = { MAGIC, *key, count, pl_ocl_hash(binary, count) };
    make_folders(folder);
    if (snprintf(temporary, sizeof temporary, "%s.%ld", path, (long)getpid()) >=
        (int)sizeof temporary)
        return -ENAMETOOLONG;
    FILE *f = fopen(temporary, "wb");
    if (f == NULL)
        return -errno;
    bool written = fwrite(&head, sizeof head, 1, f) == 1 && fwrite(binary, 1, count, f) == count;
    if (fclose(f) != 0 || !written || rename(temporary, path) != 0) {
        int error = errno;
        unlink(temporary);
        return error != 0 ? -error : -EIO;
    }
    return 0;
}
