/* QEMU's test protocol, for what the proxy has no message for: MSI-X writes and the IOMMU's
 * registers. Never waits: QEMU answers only while it waits for no reply of ours. */
#ifndef PL_QEMU_QTEST_H
#define PL_QEMU_QTEST_H

#include <stdbool.h>
#include <stdint.h>

#define QTEST_QUEUE 64
#define QTEST_LINE_BYTES 128

struct qtest {
    int socket;
    uint64_t tags[QTEST_QUEUE]; /* of the commands without an answer, the oldest at `first` */
    unsigned first, count;
    char line[QTEST_LINE_BYTES];
    unsigned length;
};

struct qtest_answer {
    uint64_t tag;   /* as given with the command */
    uint64_t value; /* of a read */
};

/* Commands: 0, -EAGAIN when QTEST_QUEUE are under way, -EPIPE and others when QEMU takes no more.
 */
int qtest_write32(struct qtest *qtest, uint64_t address, uint32_t value, uint64_t tag);
int qtest_read(struct qtest *qtest, uint64_t address, unsigned bytes, uint64_t tag);

/* Answers in the order of their commands: 1, 0 when none is there, -EPIPE when QEMU has closed,
 * -EPROTO when it refused a command or answers otherwise than known (qtest->line says what). */
int qtest_take(struct qtest *qtest, struct qtest_answer *out);

#endif
