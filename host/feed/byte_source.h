/* The bytes of a regular file: plain, gzip (.gz) or zstd (.zst), decompressed as they are read. */
#ifndef PL_FEED_BYTE_SOURCE_H
#define PL_FEED_BYTE_SOURCE_H

#include <stddef.h>

struct pl_byte_source;

/* Returns 0 or a negative errno with *reason saying why (a static text, or strerror's). */
int pl_byte_source_open(const char *path, struct pl_byte_source **out, const char **reason);

/* Fills buffer[0..size) as far as there are bytes; *got < size means the end. Returns 0, or -EIO or
 * -EINVAL (damaged or truncated compression) with *reason saying why. */
int pl_byte_source_read(struct pl_byte_source *source, char *buffer, size_t size, size_t *got,
                        const char **reason);
void pl_byte_source_close(struct pl_byte_source *source);

/* A whole uncompressed file of at most bytes_max bytes; free with pl_memory_free. A zero byte that
 * is not counted follows the text. */
int pl_byte_source_slurp(const char *path, size_t bytes_max, char **text, size_t *length,
                         const char **reason);

#endif
