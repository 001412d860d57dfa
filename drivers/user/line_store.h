/* Stores of a whole 64-byte line to a card: the window takes nothing less.
 *
 * MOVDIR64B is one transaction whatever the memory's type. The others become one in memory that is
 * mapped write-combining, unless the processor empties its buffer in the middle, for an interrupt
 * for example: the card then refuses the tick and says so in WINDOW_STATUS. */
#ifndef PL_USER_LINE_STORE_H
#define PL_USER_LINE_STORE_H

typedef void pl_line_store(void *to, const void *line);

enum pl_line_memory { PL_LINE_UNCACHED, PL_LINE_WRITE_COMBINING };

/* The best this processor has for that kind of mapping; NULL: none. */
pl_line_store *pl_line_store_for(enum pl_line_memory memory);

/* Everything stored so far is on its way to the card. */
void pl_line_flush(void);

/* All that this processor has, the best first; returns their number. */
#define PL_LINE_STORES_MAX 3
int pl_line_stores(pl_line_store *out[PL_LINE_STORES_MAX]);

#endif
