#include "isa.h"

#include <string.h>

static const struct pl_cpu_isa plain = { .name = "plain" };

/* Best first; the plain one is always here. The Makefile compiles the kernels of x86-64 there only.
 */
static const struct pl_cpu_isa *const list[] = {
#if defined(__x86_64__)
    &pl_cpu_avx512,
    &pl_cpu_avx2,
#endif
    &plain,
};

bool pl_cpu_isa_here(const struct pl_cpu_isa *isa)
{
#if defined(__x86_64__)
    if (isa == &pl_cpu_avx512)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512ifma") &&
               __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
    if (isa == &pl_cpu_avx2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
               __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
#endif
    return isa == &plain;
}

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
    while (!pl_cpu_isa_here(list[i]))
        i++;
    return list[i];
}
