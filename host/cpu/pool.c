#include "pool.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

struct worker {
    struct pl_cpu_pool *pool;
    unsigned index;
    pthread_t thread;
};

/* Everything but `workers` is under the lock. */
struct pl_cpu_pool {
    pthread_mutex_t lock;
    pthread_cond_t started, finished;
    uint64_t round; /* of work, from 1 */
    unsigned count; /* workers that this round needs */
    unsigned running;
    bool closing;
    void (*work)(void *context, unsigned index);
    void *context;
    unsigned threads;
    struct worker workers[];
};

unsigned pl_cpu_processors(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

static void *run_worker(void *argument)
{
    struct worker *w = argument;
    struct pl_cpu_pool *p = w->pool;
    uint64_t round = 0;
    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (p->round == round && !p->closing)
            pthread_cond_wait(&p->started, &p->lock);
        if (p->closing)
            break;
        round = p->round;
        if (w->index >= p->count)
            continue;
        pthread_mutex_unlock(&p->lock);
        p->work(p->context, w->index);
        pthread_mutex_lock(&p->lock);
        if (--p->running == 0)
            pthread_cond_signal(&p->finished);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

static int start_worker(struct worker *w, int pin)
{
    cpu_set_t set, allowed;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    int error = 0;
    if (pin >= 0) {
        CPU_ZERO(&set);
        if (pin >= CPU_SETSIZE || sched_getaffinity(0, sizeof allowed, &allowed) != 0 ||
            !CPU_ISSET(pin, &allowed))
            error = EINVAL;
        else
            CPU_SET(pin, &set);
        if (error == 0)
            error = pthread_attr_setaffinity_np(&attributes, sizeof set, &set);
    }
    if (error == 0)
        error = pthread_create(&w->thread, &attributes, run_worker, w);
    pthread_attr_destroy(&attributes);
    return -error;
}

int pl_cpu_pool_open(struct pl_cpu_pool **out, unsigned threads, int pin)
{
    struct pl_cpu_pool *p = calloc(1, sizeof *p + threads * sizeof p->workers[0]);
    int error = 0;
    if (p == NULL)
        return -ENOMEM;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->started, NULL);
    pthread_cond_init(&p->finished, NULL);
    for (unsigned i = 0; i < threads && error == 0; i++) {
        p->workers[i].pool = p;
        p->workers[i].index = i;
        error = start_worker(&p->workers[i], pin < 0 ? pin : pin + (int)i);
        p->threads += error == 0;
    }
    if (error != 0) {
        pl_cpu_pool_close(p);
        return error;
    }
    *out = p;
    return 0;
}

void pl_cpu_pool_run(struct pl_cpu_pool *p, unsigned count,
                     void (*work)(void *context, unsigned index), void *context)
{
    pthread_mutex_lock(&p->lock);
    p->work = work;
    p->context = context;
    p->count = p->running = count;
    p->round++;
    pthread_cond_broadcast(&p->started);
    while (p->running > 0)
        pthread_cond_wait(&p->finished, &p->lock);
    pthread_mutex_unlock(&p->lock);
}

void pl_cpu_pool_close(struct pl_cpu_pool *p)
{
    if (p == NULL)
        return;
    pthread_mutex_lock(&p->lock);
    p->closing = true;
    pthread_cond_broadcast(&p->started);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->threads; i++)
        pthread_join(p->workers[i].thread, NULL);
    pthread_cond_destroy(&p->started);
    pthread_cond_destroy(&p->finished);
    pthread_mutex_destroy(&p->lock);
    free(p);
}
