/* What QEMU's x-pci-proxy-dev sends and expects on its socket (QEMU 7.2, hw/remote/mpqemu-link.c):
 * messages of a 16-byte header and a payload, file descriptors beside the header. */
#ifndef PL_QEMU_WIRE_H
#define PL_QEMU_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#define WIRE_REGIONS 8
#define WIRE_TEXT_BYTES 256

enum wire_command {
    WIRE_SYNC_SYSMEM,
    WIRE_RET,
    WIRE_CONFIG_WRITE,
    WIRE_CONFIG_READ,
    WIRE_BAR_WRITE,
    WIRE_BAR_READ,
    WIRE_SET_IRQFD,
    WIRE_DEVICE_RESET,
};

/* Guest memory: region n at gpas[n], to be mapped from offsets[n] of its descriptor. */
struct wire_regions {
    uint64_t gpas[WIRE_REGIONS], sizes[WIRE_REGIONS], offsets[WIRE_REGIONS];
};

struct wire_config {
    uint32_t address, value;
    int32_t bytes;
};

struct wire_bar {
    uint64_t address; /* on the guest's bus */
    uint64_t value;
    uint32_t bytes;
    uint8_t is_memory, reserved[3];
};

struct wire_message {
    enum wire_command command;
    union {
        struct wire_regions regions;
        struct wire_config config;
        struct wire_bar bar;
    };
    int fds[WIRE_REGIONS]; /* the receiver's to close */
    unsigned fd_count;
};

/* The next message, waiting for it. 1; 0: the other side has closed; -EPROTO, -ETIMEDOUT (a message
 * that does not go on) or another code, with `text` (WIRE_TEXT_BYTES), after which the stream is of
 * no more use. Descriptors of a message that is refused are closed. */
int wire_receive(int socket, struct wire_message *out, char *text);

/* Answers the message that was received last. 0 or -errno. */
int wire_reply(int socket, uint64_t value);

void wire_close_fds(struct wire_message *message);

#endif
