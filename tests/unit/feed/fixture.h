/* A small valid book in a temporary folder, whose files the tests of this room spoil one by one. */
#ifndef PL_TEST_FEED_FIXTURE_H
#define PL_TEST_FEED_FIXTURE_H

#include <stddef.h>
#include <stdint.h>

#include "feed/book.h"

#define FIXTURE_FILES 8

struct fixture_file {
    const char *name, *text;
};

extern const struct fixture_file fixture_files[FIXTURE_FILES];

/* The text of a file of the valid book. */
const char *fixture_text(const char *name);

/* Creates an empty folder and returns its path (static). fixture_remove() deletes it with its
 * files. */
const char *fixture_folder(void);
void fixture_remove(void);
/* Both, around a group of tests; the folder's path. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);
extern const char *fixture_root;

const char *fixture_path(const char *name); /* of a file in the folder (static) */
void fixture_write(const char *name, const void *bytes, size_t length);
void fixture_write_book(void);
/* Writes the valid book's file with one line (from 1) replaced; NULL removes the line. */
void fixture_write_with_line(const char *name, uint64_t line, const char *text);
void fixture_delete(const char *name);

/* Loads the book again and again, each time with one more allocation that succeeds, until all do;
 * every refusal before is for want of memory. The caller frees the book. */
struct pl_book *fixture_load_as_memory_fails(void);

/* A seed from the environment (PL_SEED), or `initial`; printed, so that a failure can be rerun. */
uint64_t fixture_seed(uint64_t initial);
uint64_t fixture_random(uint64_t *state); /* splitmix64 (Vigna, public domain) */

#endif
