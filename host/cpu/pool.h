/* Worker threads that do one piece of work each at a time, while the caller waits. */
#ifndef PL_CPU_POOL_H
#define PL_CPU_POOL_H

struct pl_cpu_pool;

/* Processors that this process may use. */
unsigned pl_cpu_processors(void);

/* Starts `threads` workers; the i-th is bound to processor `pin` + i, unless pin is negative.
 * 0, -EINVAL (a processor that this process may not use) or what pthread_create() says. */
int pl_cpu_pool_open(struct pl_cpu_pool **out, unsigned threads, int pin);
/* work(context, i) on every worker i below `count`; returns when all are done. */
void pl_cpu_pool_run(struct pl_cpu_pool *pool, unsigned count,
                     void (*work)(void *context, unsigned index), void *context);
void pl_cpu_pool_close(struct pl_cpu_pool *pool); /* NULL: nothing */

#endif
