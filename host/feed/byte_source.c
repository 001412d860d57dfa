#define _POSIX_C_SOURCE 200809L
#include "byte_source.h"

#include "memory.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#define IN_BYTES 131072
#define READ_BYTES_MAX (1u << 30) /* zlib counts in unsigned int */
#define GZIP_ONLY (15 + 16)       /* inflateInit2: the largest window, a gzip header required */

enum coding { PLAIN, GZIP, ZSTD };

struct pl_byte_source {
    enum coding coding;
    int fd;
    bool complete; /* nothing is open: the end of the file may come here */
    z_stream gzip;
    ZSTD_DStream *zstd;
    ZSTD_inBuffer in; /* compressed bytes not yet used */
    char in_bytes[IN_BYTES];
};

static bool ends_with(const char *path, const char *suffix)
{
    size_t length = strlen(path), part = strlen(suffix);
    return length >= part && strcmp(path + length - part, suffix) == 0;
}

/* O_NONBLOCK: a pipe without a writer must not hang the loader; it has no effect on regular files.
 */
static int open_regular(const char *path, const char **reason)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    int result = fd < 0 ? -errno : 0;
    if (fd >= 0 && fstat(fd, &info) != 0)
        result = -errno;
    else if (fd >= 0 && S_ISDIR(info.st_mode))
        result = -EISDIR;
    else if (fd >= 0 && !S_ISREG(info.st_mode))
        result = -EINVAL;
    if (result == 0)
        return fd;
    *reason = result == -EINVAL ? "not a regular file" : strerror(-result);
    if (fd >= 0)
        close(fd);
    return result;
}

static voidpf gzip_alloc(voidpf unused, uInt items, uInt size)
{
    (void)unused;
    return pl_memory_alloc((size_t)items * size);
}

static void gzip_free(voidpf unused, voidpf memory)
{
    (void)unused;
    pl_memory_free(memory);
}

static int start_coding(struct pl_byte_source *source, const char *path)
{
    source->coding = ends_with(path, ".zst") ? ZSTD : ends_with(path, ".gz") ? GZIP : PLAIN;
    source->in.src = source->in_bytes;
    source->gzip.zalloc = gzip_alloc;
    source->gzip.zfree = gzip_free;
    if (source->coding == GZIP && inflateInit2(&source->gzip, GZIP_ONLY) != Z_OK)
        return -ENOMEM;
    if (source->coding == ZSTD) {
        source->zstd = ZSTD_createDStream();
        if (source->zstd == NULL)
            return -ENOMEM;
    }
    return 0;
}

int pl_byte_source_open(const char *path, struct pl_byte_source **out, const char **reason)
{
    *out = NULL;
    int fd = open_regular(path, reason);
    if (fd < 0)
        return fd;
    struct pl_byte_source *source = pl_memory_alloc(sizeof *source);
    int result = -ENOMEM;
    if (source == NULL) {
        close(fd);
    } else {
        source->fd = fd;
        result = start_coding(source, path);
    }
    if (result != 0) {
        *reason = strerror(-result);
        pl_byte_source_close(source);
        return result;
    }
    *out = source;
    return 0;
}

/* Returns 0 with *got = 0 at the end of the file. */
static int read_fd(const struct pl_byte_source *source, char *buffer, size_t size, size_t *got,
                   const char **reason)
{
    ssize_t count;
    do
        count = read(source->fd, buffer, size);
    while (count < 0 && errno == EINTR);
    *got = count > 0 ? (size_t)count : 0;
    if (count >= 0)
        return 0;
    *reason = strerror(errno);
    return -EIO;
}

static int read_plain(struct pl_byte_source *source, char *buffer, size_t size, size_t *got,
                      const char **reason)
{
    size_t part = 1;
    while (*got < size && part > 0) {
        int result = read_fd(source, buffer + *got, size - *got, &part, reason);
        if (result != 0)
            return result;
        *got += part;
    }
    return 0;
}

/* One call of inflate. A file may hold several gzip members, one after the other. */
static int step_gzip(struct pl_byte_source *source, ZSTD_outBuffer *out, const char **reason)
{
    z_stream *gzip = &source->gzip;
    if (source->complete && source->in.pos < source->in.size) {
        (void)inflateReset(gzip);
        source->complete = false;
    }
    gzip->next_in = (Bytef *)source->in_bytes + source->in.pos;
    gzip->avail_in = (uInt)(source->in.size - source->in.pos);
    gzip->next_out = (Bytef *)out->dst + out->pos;
    gzip->avail_out = (uInt)(out->size - out->pos);
    int code = inflate(gzip, Z_NO_FLUSH);
    source->in.pos = source->in.size - gzip->avail_in;
    out->pos = out->size - gzip->avail_out;
    source->complete = code == Z_STREAM_END;
    if (code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR)
        return 0;
    *reason = code == Z_MEM_ERROR ? strerror(ENOMEM) : "damaged gzip data";
    return code == Z_MEM_ERROR ? -ENOMEM : -EINVAL;
}

static int step_zstd(struct pl_byte_source *source, ZSTD_outBuffer *out, const char **reason)
{
    size_t left = ZSTD_decompressStream(source->zstd, out, &source->in);
    source->complete = left == 0;
    if (!ZSTD_isError(left))
        return 0;
    bool memory = ZSTD_getErrorCode(left) == ZSTD_error_memory_allocation;
    *reason = memory ? strerror(ENOMEM) : "damaged zstd data";
    return memory ? -ENOMEM : -EINVAL;
}

static int read_coded(struct pl_byte_source *source, char *buffer, size_t size, size_t *got,
                      const char **reason)
{
    ZSTD_outBuffer out = { buffer, size, 0 };
    int result = 0;
    while (out.pos < size && result == 0) {
        if (source->in.pos == source->in.size) {
            source->in.pos = 0;
            result = read_fd(source, source->in_bytes, IN_BYTES, &source->in.size, reason);
        }
        bool at_end = source->in.size == 0;
        if (result != 0 || (at_end && source->complete))
            break;
        /* Without input too: the decoder may hold output back. */
        size_t before = out.pos;
        result = source->coding == GZIP ? step_gzip(source, &out, reason)
                                        : step_zstd(source, &out, reason);
        if (result == 0 && at_end && out.pos == before && !source->complete) {
            *reason = source->coding == GZIP ? "truncated gzip data" : "truncated zstd data";
            result = -EINVAL;
        }
    }
    *got = out.pos;
    return result;
}

int pl_byte_source_read(struct pl_byte_source *source, char *buffer, size_t size, size_t *got,
                        const char **reason)
{
    *got = 0;
    assert(size > 0 && size <= READ_BYTES_MAX);
    return source->coding == PLAIN ? read_plain(source, buffer, size, got, reason)
                                   : read_coded(source, buffer, size, got, reason);
}

void pl_byte_source_close(struct pl_byte_source *source)
{
    if (source == NULL)
        return;
    if (source->coding == GZIP)
        (void)inflateEnd(&source->gzip); /* harmless where inflateInit2 failed */
    ZSTD_freeDStream(source->zstd);
    close(source->fd);
    pl_memory_free(source);
}

static int slurp_from(struct pl_byte_source *source, size_t bytes_max, char **text, size_t *length,
                      const char **reason)
{
    uint64_t capacity = 0;
    size_t got = 0;
    do {
        char *moved = pl_memory_grow(*text, &capacity, *length + 1025, 1);
        if (moved == NULL) {
            *reason = strerror(ENOMEM);
            return -ENOMEM;
        }
        *text = moved;
        int result = pl_byte_source_read(source, *text + *length, (size_t)capacity - *length - 1,
                                         &got, reason);
        if (result != 0)
            return result;
        *length += got;
        if (*length > bytes_max) {
            *reason = "file too large";
            return -EFBIG;
        }
    } while (got > 0);
    (*text)[*length] = '\0';
    return 0;
}

int pl_byte_source_slurp(const char *path, size_t bytes_max, char **text, size_t *length,
                         const char **reason)
{
    struct pl_byte_source *source;
    *text = NULL;
    *length = 0;
    int result = pl_byte_source_open(path, &source, reason);
    if (result != 0)
        return result;
    result = slurp_from(source, bytes_max, text, length, reason);
    pl_byte_source_close(source);
    if (result != 0) {
        pl_memory_free(*text);
        *text = NULL;
    }
    return result;
}
