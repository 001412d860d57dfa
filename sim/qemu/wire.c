#include "wire.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS 10000 /* within one message */

struct header {
    int32_t command, reserved;
    uint64_t bytes;
};

_Static_assert(sizeof(struct header) == 16, "the header of a message");
_Static_assert(sizeof(struct wire_regions) == 192, "SYNC_SYSMEM");
_Static_assert(sizeof(struct wire_config) == 12, "config accesses");
_Static_assert(sizeof(struct wire_bar) == 24, "BAR accesses");

static const struct {
    const char *name;
    uint64_t bytes;
} commands[] = {
    [WIRE_SYNC_SYSMEM] = { "SYNC_SYSMEM", sizeof(struct wire_regions) },
    [WIRE_RET] = { "RET", sizeof(uint64_t) },
    [WIRE_CONFIG_WRITE] = { "config write", sizeof(struct wire_config) },
    [WIRE_CONFIG_READ] = { "config read", sizeof(struct wire_config) },
    [WIRE_BAR_WRITE] = { "BAR write", sizeof(struct wire_bar) },
    [WIRE_BAR_READ] = { "BAR read", sizeof(struct wire_bar) },
    [WIRE_SET_IRQFD] = { "SET_IRQFD", 0 },
    [WIRE_DEVICE_RESET] = { "DEVICE_RESET", 0 },
};
#define COMMANDS (sizeof commands / sizeof commands[0])

void wire_close_fds(struct wire_message *message)
{
    while (message->fd_count > 0)
        close(message->fds[--message->fd_count]);
}

static void take_fds(struct msghdr *from, struct wire_message *out)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(from); c != NULL; c = CMSG_NXTHDR(from, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t n = 0; n < count; n++) {
            int fd;
            memcpy(&fd, CMSG_DATA(c) + n * sizeof fd, sizeof fd);
            if (out->fd_count < WIRE_REGIONS)
                out->fds[out->fd_count++] = fd;
            else
                close(fd);
        }
    }
}

/* 1, 0 at the end of the stream before the first byte, or a negative code. */
static int read_all(int socket, void *to, size_t bytes, struct wire_message *out, char *text)
{
    size_t done = 0;
    while (done < bytes) {
        union {
            struct cmsghdr align;
            char room[CMSG_SPACE(WIRE_REGIONS * sizeof(int))];
        } control;
        struct iovec part = { (char *)to + done, bytes - done };
        struct msghdr message = { .msg_iov = &part,
                                  .msg_iovlen = 1,
                                  .msg_control = &control,
                                  .msg_controllen = sizeof control };
        struct pollfd ready = { socket, POLLIN, 0 };
        if (poll(&ready, 1, PATIENCE_MS) == 0) {
            snprintf(text, WIRE_TEXT_BYTES, "QEMU sent %zu of %zu bytes and no more", done, bytes);
            return -ETIMEDOUT;
        }
        ssize_t got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            int error = errno;
            snprintf(text, WIRE_TEXT_BYTES, "reading from QEMU: %s", strerror(error));
            return -error;
        }
        if (got == 0 && done == 0)
            return 0;
        if (got == 0) {
            snprintf(text, WIRE_TEXT_BYTES, "QEMU went away after %zu of %zu bytes", done, bytes);
            return -EPROTO;
        }
        take_fds(&message, out);
        if ((message.msg_flags & MSG_CTRUNC) != 0) {
            snprintf(text, WIRE_TEXT_BYTES, "a message with more than %d file descriptors",
                     WIRE_REGIONS);
            return -EPROTO;
        }
        done += (size_t)got;
    }
    return 1;
}

static int check_header(const struct header *header, char *text)
{
    if (header->command < 0 || (size_t)header->command >= COMMANDS || header->command == WIRE_RET) {
        snprintf(text, WIRE_TEXT_BYTES, "message %d is none that QEMU 7.2 sends", header->command);
        return -EPROTO;
    }
    if (header->bytes != commands[header->command].bytes) {
        snprintf(text, WIRE_TEXT_BYTES, "%s with %llu bytes of payload, not %llu",
                 commands[header->command].name, (unsigned long long)header->bytes,
                 (unsigned long long)commands[header->command].bytes);
        return -EPROTO;
    }
    return 0;
}

static int check_access(const struct wire_message *m, char *text)
{
    const char *name = commands[m->command].name;
    bool config = m->command == WIRE_CONFIG_WRITE || m->command == WIRE_CONFIG_READ;
    bool bar = m->command == WIRE_BAR_WRITE || m->command == WIRE_BAR_READ;
    int64_t bytes = config ? m->config.bytes : bar ? (int64_t)m->bar.bytes : 1;
    if (bytes != 1 && bytes != 2 && bytes != 4 && (config || bytes != 8)) {
        snprintf(text, WIRE_TEXT_BYTES, "%s of %lld bytes", name, (long long)bytes);
        return -EPROTO;
    }
    return 0;
}

int wire_receive(int socket, struct wire_message *out, char *text)
{
    struct header header;
    out->fd_count = 0;
    int result = read_all(socket, &header, sizeof header, out, text);
    if (result == 1) {
        int error = check_header(&header, text);
        result = error != 0 ? error : 1;
    }
    if (result == 1) {
        out->command = (enum wire_command)header.command;
        if (header.bytes > 0)
            result = read_all(socket, &out->regions, header.bytes, out, text);
        if (result == 0) {
            snprintf(text, WIRE_TEXT_BYTES, "QEMU went away within a %s",
                     commands[out->command].name);
            result = -EPROTO;
        }
    }
    if (result == 1) {
        int error = check_access(out, text);
        result = error != 0 ? error : 1;
    }
    if (result != 1)
        wire_close_fds(out);
    return result;
}

int wire_reply(int socket, uint64_t value)
{
    struct {
        struct header header;
        uint64_t value;
    } reply = { { WIRE_RET, 0, sizeof value }, value };
    ssize_t sent = send(socket, &reply, sizeof reply, MSG_NOSIGNAL);
    return sent == sizeof reply ? 0 : sent < 0 ? -errno : -EPROTO;
}
