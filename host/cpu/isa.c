#include "isa.h"

#include <string.h>

static bool always(void)
{
    return true;
}

const struct pl_cpu_isa pl_cpu_plain = { .name = "plain", .here = always };

/* Best first. The Makefile compiles the kernels of x86-64 there only. */
static const struct pl_cpu_isa *const list[] = {
#if defined(__x86_64__)
    &pl_cpu_avx512,
#endif
    &pl_cpu_plain,
};

const struct pl_cpu_isa *pl_cpu_isa_find(const char *name)
{
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        if (strcmp(list[i]->name, name) == 0)
            return list[i];
    }
    return NULL;
}

const struct pl_cpu_isa *pl_cpu_isa_best(void)
{
    size_t i = 0;
    while (!list[i]->here())
        i++;
    return list[i];
}
