#include "qtest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static int command(struct qtest *q, const char *text, uint64_t tag)
{
    if (q->count == QTEST_QUEUE)
        return -EAGAIN;
    size_t bytes = strlen(text);
    ssize_t sent = send(q->socket, text, bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent != (ssize_t)bytes)
        return sent < 0 && errno != EAGAIN ? -errno : -EPIPE; /* the queue fits into the socket */
    q->tags[(q->first + q->count++) % QTEST_QUEUE] = tag;
    return 0;
}

int qtest_write32(struct qtest *q, uint64_t address, uint32_t value, uint64_t tag)
{
    char text[QTEST_LINE_BYTES];
    snprintf(text, sizeof text, "writel 0x%" PRIx64 " 0x%" PRIx32 "\n", address, value);
    return command(q, text, tag);
}

int qtest_read(struct qtest *q, uint64_t address, unsigned bytes, uint64_t tag)
{
    char text[QTEST_LINE_BYTES];
    snprintf(text, sizeof text, "read%c 0x%" PRIx64 "\n", bytes == 8 ? 'q' : 'l', address);
    return command(q, text, tag);
}

int qtest_take(struct qtest *q, struct qtest_answer *out)
{
    for (;;) {
        char byte;
        ssize_t got = recv(q->socket, &byte, 1, MSG_DONTWAIT);
        if (got == 0)
            return -EPIPE;
        if (got < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : errno == ECONNRESET ? -EPIPE : -errno;
        if (byte != '\n' && q->length < QTEST_LINE_BYTES - 1) {
            q->line[q->length++] = byte;
            continue;
        }
        q->line[q->length] = '\0';
        q->length = 0;
        if (strncmp(q->line, "OK", 2) != 0 || q->count == 0)
            return -EPROTO;
        *out = (struct qtest_answer){ q->tags[q->first], strtoull(q->line + 2, NULL, 0) };
        q->first = (q->first + 1) % QTEST_QUEUE;
        q->count--;
        return 1;
    }
}
