/* QEMU's end of both sockets, played by a test, in front of a server with a card that only notes
 * what it is told. */
#ifndef PL_TEST_QEMU_PEER_H
#define PL_TEST_QEMU_PEER_H

#include "../support/random.h"

#include "../../../sim/qemu/server.h"

#define PEER_MEMORY (UINT64_C(1) << 20) /* of the guest, from address 0 */
#define PEER_LINES 16

struct pl_sim {
    uint32_t registers[1024], levels;
    uint64_t cycles, edges[3];
    struct pl_sim_host host;
    bool held, down;
    unsigned resets, line_count;
    struct { /* the last ones */
        uint32_t offset;
        uint64_t strobe;
        uint8_t bytes[64];
    } lines[PEER_LINES];
};

struct peer {
    int socket, qtest; /* QEMU's ends */
    uint8_t *memory;   /* the guest's, NULL before peer_share_memory() */
    int memory_fd;
    struct pl_sim card;
    struct qtest server_qtest;
    struct device device;
    struct server server;
};

void peer_open(struct peer *peer, const struct device_options *options);
void peer_close(struct peer *peer);

/* Sends a message as it is and lets the server take it: its result. */
int peer_send(struct peer *peer, int32_t command, const void *payload, uint64_t bytes);
/* The value of a reply, which must be there. */
uint64_t peer_reply(struct peer *peer);

uint32_t peer_config_read(struct peer *peer, uint32_t address, int bytes);
void peer_config_write(struct peer *peer, uint32_t address, uint32_t value, int bytes);
uint64_t peer_bar_read(struct peer *peer, uint64_t address, unsigned bytes);
void peer_bar_write(struct peer *peer, uint64_t address, uint64_t value, unsigned bytes);

/* SYNC_SYSMEM: all of PEER_MEMORY as one region. */
void peer_share_memory(struct peer *peer);

/* The next command of qtest must be `text`, without its end of line; "" for none. */
void peer_expect(struct peer *peer, const char *text);
/* Answers it. */
void peer_answer(struct peer *peer, const char *text);

/* BARs at PEER_REGISTERS and PEER_WINDOW, memory on. */
#define PEER_REGISTERS UINT64_C(0xfe600000)
#define PEER_WINDOW UINT64_C(0xfea00000)
void peer_enable_memory(struct peer *peer);
/* Bus master as well, with the IOMMU's state: `status`, root table at `root`. */
void peer_enable_master(struct peer *peer, uint32_t status, uint64_t root);

#endif
