#include "server.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

static int told(struct server *s, int error, const char *doing)
{
    if (error == -EPROTO)
        snprintf(s->text, sizeof s->text, "%s: QEMU's qtest answers \"%s\"", doing,
                 s->device->qtest->line);
    else if (error < 0)
        snprintf(s->text, sizeof s->text, "%s: %s", doing, strerror(-error));
    return error;
}

/* A posted write is answered before it has an effect. */
static int answer(struct server *s, uint64_t value)
{
    return told(s, wire_reply(s->socket, value), "answering QEMU");
}

int server_take(struct server *s)
{
    struct wire_message m;
    struct device *d = s->device;
    int result = wire_receive(s->socket, &m, s->text);
    if (result != 1)
        return result;
    int error = 0;
    switch (m.command) {
    case WIRE_SYNC_SYSMEM: error = guest_memory_set(&d->dma.memory, &m, s->text); break;
    case WIRE_CONFIG_READ:
        error = answer(s, device_config_read(d, m.config.address, (unsigned)m.config.bytes));
        break;
    case WIRE_CONFIG_WRITE:
        error = told(
            s, device_config_write(d, m.config.address, m.config.value, (unsigned)m.config.bytes),
            "a config write");
        error = error != 0 ? error : answer(s, 0);
        break;
    case WIRE_BAR_READ: error = answer(s, device_bar_read(d, m.bar.address, m.bar.bytes)); break;
    case WIRE_BAR_WRITE:
        device_bar_write(d, m.bar.address, m.bar.value, m.bar.bytes);
        error = answer(s, 0);
        break;
    case WIRE_DEVICE_RESET:
        error = told(s, device_reset(d), "a reset");
        error = error != 0 ? error : answer(s, 0);
        break;
    case WIRE_SET_IRQFD: /* the card has no pin interrupts */
    case WIRE_RET: break;
    }
    wire_close_fds(&m);
    return error != 0 ? error : 1;
}

int server_run(struct server *s)
{
    struct pollfd ready[] = { { s->socket, POLLIN, 0 }, { s->device->qtest->socket, POLLIN, 0 } };
    for (;;) {
        bool busy = device_is_busy(s->device);
        int count = poll(ready, 2, busy ? 0 : -1), result = 1;
        if (count < 0 && errno != EINTR)
            return told(s, -errno, "waiting for QEMU");
        if (count > 0 && ready[0].revents != 0)
            result = server_take(s);
        if (result <= 0)
            return result;
        if (count > 0 && ready[1].revents != 0)
            result = told(s, device_answers(s->device), "qtest");
        if (result == -EPIPE) /* QEMU ends; the other socket may still hold messages */
            ready[1].fd = -1;
        else if (result < 0)
            return result;
        if (busy && count <= 0)
            result = told(s, device_run(s->device), "sending an interrupt");
        if (result < 0 && result != -EPIPE)
            return result;
    }
}
