/* Starts QEMU with the card in front of it. */
#ifndef PL_QEMU_LAUNCH_H
#define PL_QEMU_LAUNCH_H

#include <stdint.h>
#include <sys/types.h>

/* The card is device 0 behind the root port that is device LAUNCH_PORT of bus 0. No bridge can come
 * before it, so firmware and kernel give it the first bus number; QEMU does not tell it. */
#define LAUNCH_PORT 1
#define LAUNCH_REQUESTER (1 << 8) /* bus << 8 | device << 3 | function */

struct launch {
    pid_t pid;
    int device, qtest; /* sockets */
};

/* `more` are arguments for QEMU, up to a NULL. QEMU ends when this process does. 0 or -errno; that
 * there is no QEMU shows as its exit status 127. */
int launch_qemu(struct launch *launch, const char *program, unsigned memory_mib, char **more);

/* Closes the sockets and waits for QEMU: its exit status, or 128 and the number of the signal. */
int launch_end(struct launch *launch);

#endif
