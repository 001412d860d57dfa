#include "peer.h"

#include <linux/pci_regs.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pl_abi.h"

static uint32_t read32(struct pl_sim *sim, uint32_t offset)
{
    assert_true(offset % 4 == 0 && offset < sizeof sim->registers);
    return sim->registers[offset / 4];
}

static void write32(struct pl_sim *sim, uint32_t offset, uint32_t value)
{
    assert_true(offset % 4 == 0 && offset < sizeof sim->registers);
    sim->registers[offset / 4] = value;
}

static void write_line(struct pl_sim *sim, uint32_t offset, const void *line, uint64_t strobe)
{
    unsigned at = sim->line_count++ % PEER_LINES;
    assert_true(offset % 64 == 0 && offset < PL_WINDOW_BYTES && strobe != 0);
    sim->lines[at].offset = offset;
    sim->lines[at].strobe = strobe;
    memcpy(sim->lines[at].bytes, line, 64);
}

static void set_host(struct pl_sim *sim, const struct pl_sim_host *host)
{
    sim->host = *host;
}

static void hold(struct pl_sim *sim, int held)
{
    sim->held = held != 0;
}

static void reset(struct pl_sim *sim)
{
    memset(sim->registers, 0, sizeof sim->registers);
    sim->levels = 0;
    sim->resets++;
}

static void run(struct pl_sim *sim, uint64_t cycles)
{
    sim->cycles += cycles;
}

static uint64_t cycles(const struct pl_sim *sim)
{
    return sim->cycles;
}

static uint64_t interrupts(const struct pl_sim *sim, unsigned line)
{
    return sim->edges[line];
}

static uint32_t interrupt_levels(const struct pl_sim *sim)
{
    return sim->levels;
}

static int link_is_down(const struct pl_sim *sim)
{
    return sim->down;
}

static const struct pl_sim_api api = { .version = PL_SIM_VERSION,
                                       .read32 = read32,
                                       .write32 = write32,
                                       .write_line = write_line,
                                       .set_host = set_host,
                                       .hold = hold,
                                       .reset = reset,
                                       .run = run,
                                       .cycles = cycles,
                                       .interrupts = interrupts,
                                       .interrupt_levels = interrupt_levels,
                                       .link_is_down = link_is_down };

void peer_open(struct peer *p, const struct device_options *options)
{
    int device[2], qtest[2];
    *p = (struct peer){ .memory_fd = -1 };
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, device), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, qtest), 0);
    p->socket = device[0];
    p->qtest = qtest[0];
    p->server_qtest.socket = qtest[1];
    device_init(&p->device, &api, &p->card, options, &p->server_qtest);
    p->server = (struct server){ .socket = device[1], .device = &p->device };
}

void peer_close(struct peer *p)
{
    guest_memory_clear(&p->device.dma.memory);
    close(p->socket);
    close(p->qtest);
    close(p->server.socket);
    close(p->server_qtest.socket);
    if (p->memory != NULL)
        munmap(p->memory, PEER_MEMORY);
    if (p->memory_fd >= 0)
        close(p->memory_fd);
}

int peer_send(struct peer *p, int32_t command, const void *payload, uint64_t bytes)
{
    struct {
        int32_t command, pad;
        uint64_t bytes;
    } header = { command, 0, bytes };
    assert_int_equal(send(p->socket, &header, sizeof header, 0), sizeof header);
    if (bytes > 0)
        assert_int_equal(send(p->socket, payload, bytes, 0), bytes);
    return server_take(&p->server);
}

uint64_t peer_reply(struct peer *p)
{
    struct {
        int32_t command, pad;
        uint64_t bytes, value;
    } reply;
    assert_int_equal(recv(p->socket, &reply, sizeof reply, MSG_DONTWAIT), sizeof reply);
    assert_int_equal(reply.command, WIRE_RET);
    assert_int_equal(reply.bytes, 8);
    return reply.value;
}

uint32_t peer_config_read(struct peer *p, uint32_t address, int bytes)
{
    struct wire_config access = { address, 0, bytes };
    assert_int_equal(peer_send(p, WIRE_CONFIG_READ, &access, sizeof access), 1);
    return (uint32_t)peer_reply(p);
}

void peer_config_write(struct peer *p, uint32_t address, uint32_t value, int bytes)
{
    struct wire_config access = { address, value, bytes };
    assert_int_equal(peer_send(p, WIRE_CONFIG_WRITE, &access, sizeof access), 1);
    peer_reply(p);
}

uint64_t peer_bar_read(struct peer *p, uint64_t address, unsigned bytes)
{
    struct wire_bar access = { .address = address, .bytes = bytes, .is_memory = 1 };
    assert_int_equal(peer_send(p, WIRE_BAR_READ, &access, sizeof access), 1);
    return peer_reply(p);
}

void peer_bar_write(struct peer *p, uint64_t address, uint64_t value, unsigned bytes)
{
    struct wire_bar access = { .address = address, .value = value, .bytes = bytes, .is_memory = 1 };
    assert_int_equal(peer_send(p, WIRE_BAR_WRITE, &access, sizeof access), 1);
    peer_reply(p);
}

void peer_share_memory(struct peer *p)
{
    struct {
        int32_t command, pad;
        uint64_t bytes;
        struct wire_regions regions;
    } message = { .command = WIRE_SYNC_SYSMEM, .bytes = sizeof(struct wire_regions) };
    if (p->memory == NULL) {
        p->memory_fd = memfd_create("guest", MFD_CLOEXEC);
        assert_int_equal(ftruncate(p->memory_fd, PEER_MEMORY), 0);
        p->memory = mmap(NULL, PEER_MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED, p->memory_fd, 0);
        assert_ptr_not_equal(p->memory, MAP_FAILED);
    }
    message.regions.sizes[0] = PEER_MEMORY;
    struct iovec part = { &message, sizeof message };
    union {
        struct cmsghdr align;
        char room[CMSG_SPACE(sizeof(int))];
    } control = { 0 };
    struct msghdr header = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
    };
    struct cmsghdr *fds = CMSG_FIRSTHDR(&header);
    fds->cmsg_level = SOL_SOCKET;
    fds->cmsg_type = SCM_RIGHTS;
    fds->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(fds), &p->memory_fd, sizeof(int));
    assert_int_equal(sendmsg(p->socket, &header, 0), sizeof message);
    assert_int_equal(server_take(&p->server), 1);
}

void peer_expect(struct peer *p, const char *text)
{
    char got[128] = "";
    size_t length = 0;
    while (length < sizeof got - 1 && recv(p->qtest, got + length, 1, MSG_DONTWAIT) == 1 &&
           got[length] != '\n')
        length++;
    got[length] = '\0';
    assert_string_equal(got, text);
}

void peer_answer(struct peer *p, const char *text)
{
    assert_int_equal(send(p->qtest, text, strlen(text), 0), strlen(text));
    assert_int_equal(send(p->qtest, "\n", 1, 0), 1);
    assert_int_equal(device_answers(&p->device), 0);
}

void peer_enable_memory(struct peer *p)
{
    peer_config_write(p, PCI_BASE_ADDRESS_0, (uint32_t)PEER_REGISTERS, 4);
    peer_config_write(p, PCI_BASE_ADDRESS_2, (uint32_t)PEER_WINDOW, 4);
    peer_config_write(p, PCI_COMMAND, PCI_COMMAND_MEMORY, 2);
}

void peer_enable_master(struct peer *p, uint32_t status, uint64_t root)
{
    char text[64];
    peer_config_write(p, PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 2);
    peer_expect(p, "readl 0xfed9001c");
    peer_expect(p, "readq 0xfed90020");
    snprintf(text, sizeof text, "OK 0x%x", status);
    peer_answer(p, text);
    snprintf(text, sizeof text, "OK 0x%llx", (unsigned long long)root);
    peer_answer(p, text);
}
