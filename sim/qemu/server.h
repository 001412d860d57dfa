/* Answers QEMU's messages for one card, and lets its time pass in between. */
#ifndef PL_QEMU_SERVER_H
#define PL_QEMU_SERVER_H

#include "device.h"
#include "wire.h"

struct server {
    int socket; /* to x-pci-proxy-dev */
    struct device *device;
    char text[WIRE_TEXT_BYTES]; /* what went wrong */
};

/* Takes one message from the socket and answers it: 1, 0 when QEMU has closed, or a negative code
 * with server->text. */
int server_take(struct server *server);

/* Until QEMU closes (0), or a negative code with server->text. */
int server_run(struct server *server);

#endif
