/* For the programs that run within the guest: the card's place in sysfs, and counting what holds.
 */
#ifndef PL_TESTS_QEMU_GUEST_H
#define PL_TESTS_QEMU_GUEST_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define CARD "0000:01:00.0" /* the only device behind the first root port */
#define CARD_PATH "/sys/bus/pci/devices/" CARD

static unsigned passed, failed;

static inline bool check(bool holds, const char *what, uint64_t got)
{
    holds ? passed++ : failed++;
    if (!holds)
        printf("FAILED: %s (%#" PRIx64 ")\n", what, got);
    return holds;
}

static inline bool equal(uint64_t got, uint64_t wanted, const char *what)
{
    if (got != wanted)
        printf("wanted %#" PRIx64 ": ", wanted);
    return check(got == wanted, what, got);
}

static inline int done(void)
{
    printf("%u passed, %u failed\n", passed, failed);
    return failed > 0;
}

#endif
