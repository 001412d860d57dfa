/* Programs of one device and driver as files, so that a runtime without a compiler can load them
 * and others start faster. A file that is not whole, or of another contract, kernel, device or
 * driver, is not taken. */
#ifndef PL_OPENCL_CACHE_H
#define PL_OPENCL_CACHE_H

#include <stddef.h>
#include <stdint.h>

struct pl_ocl_key {
    uint64_t contract, source, device; /* PL_CONTRACT_HASH, and hashes of text */
};

/* FNV-1a, 64 bits. */
uint64_t pl_ocl_hash(const void *bytes, size_t count);

/* Where the binary of a key lies: a file of the folder. 0 or -ENAMETOOLONG. */
int pl_ocl_cache_path(const char *folder, const struct pl_ocl_key *key, char *path, size_t bytes);

/* The binary; free() it. NULL with `why` (128 bytes) saying what is wrong with the file. */
unsigned char *pl_ocl_cache_read(const char *path, const struct pl_ocl_key *key, size_t *count,
                                 char *why);
/* Replaces the file as a whole; makes the folder. 0 or a negative errno. */
int pl_ocl_cache_write(const char *folder, const char *path, const struct pl_ocl_key *key,
                       const unsigned char *binary, size_t count);

#endif
