/* In the guest: host/ring over vfio-pci with the IOMMU on. Completions by DMA, interrupts by
 * eventfd, whole lines of the window, and accesses that the IOMMU or the bus-master bit refuses. */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "ring/ring.h"
#include "../../sim/qemu/card_pci.h"

#define WAIT_NS UINT64_C(60000000000) /* the card is simulated, the guest's clock is not */
#define FIRST_ADDRESS UINT64_C(0x100000000)
#define PAGE 4096
#define RING_ENTRIES 8

static int container, device;
static uint64_t config_at, next_address = FIRST_ADDRESS;
static volatile uint8_t *registers, *window;
static int events[CARD_PCI_VECTORS];

static uint32_t read32(void *context, uint32_t offset)
{
    (void)context;
    return *(volatile uint32_t *)(registers + offset);
}

static void write32(void *context, uint32_t offset, uint32_t value)
{
    (void)context;
    *(volatile uint32_t *)(registers + offset) = value;
}

static void write_line(void *context, uint32_t offset, const void *line)
{
    (void)context;
    const uint64_t *words = line;
    for (unsigned n = 0; n < 8; n++)
        ((volatile uint64_t *)(window + offset))[n] = words[n];
}

static bool map(void *memory, uint64_t address, size_t bytes, uint32_t access)
{
    struct vfio_iommu_type1_dma_map command = {
        .argsz = sizeof command,
        .flags = ((access & PL_BUS_READ) != 0 ? VFIO_DMA_MAP_FLAG_READ : 0) |
                 ((access & PL_BUS_WRITE) != 0 ? VFIO_DMA_MAP_FLAG_WRITE : 0),
        .vaddr = (uintptr_t)memory,
        .iova = address,
        .size = (bytes + PAGE - 1) / PAGE * PAGE,
    };
    return ioctl(container, VFIO_IOMMU_MAP_DMA, &command) == 0;
}

static void *allocate(void *context, size_t bytes, uint32_t access, uint64_t *address)
{
    (void)context;
    bytes = (bytes + PAGE - 1) / PAGE * PAGE;
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED || !map(memory, next_address, bytes, access))
        return NULL;
    *address = next_address;
    next_address += bytes + PAGE;
    return memory;
}

static int unmap(uint64_t address, size_t bytes)
{
    struct vfio_iommu_type1_dma_unmap command = { .argsz = sizeof command,
                                                  .iova = address,
                                                  .size = (bytes + PAGE - 1) / PAGE * PAGE };
    return ioctl(container, VFIO_IOMMU_UNMAP_DMA, &command);
}

/* The process ends soon after. */
static void release(void *context, void *memory)
{
    (void)context;
    (void)memory;
}

static void relax(void *context)
{
    (void)context;
    nanosleep(&(struct timespec){ 0, 100000 }, NULL);
}

static uint64_t now_ns(void *context)
{
    struct timespec t;
    (void)context;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static const char *trouble(void *context)
{
    (void)context;
    return NULL;
}

static void close_bus(void *context)
{
    (void)context;
}

static const struct pl_bus bus = {
    .wait_ns = WAIT_NS,
    .read32 = read32,
    .write32 = write32,
    .write_line = write_line,
    .allocate = allocate,
    .release = release,
    .relax = relax,
    .now_ns = now_ns,
    .trouble = trouble,
    .close = close_bus,
};

static volatile uint8_t *map_bar(unsigned bar, size_t bytes)
{
    struct vfio_region_info info = { .argsz = sizeof info, .index = bar };
    if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &info) != 0)
        return MAP_FAILED;
    return mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, device, (off_t)info.offset);
}

static void set_bus_master(bool on)
{
    uint16_t command;
    if (pread(device, &command, 2, (off_t)config_at + PCI_COMMAND) != 2)
        return;
    command = (uint16_t)((command & ~PCI_COMMAND_MASTER) | (on ? PCI_COMMAND_MASTER : 0));
    check(pwrite(device, &command, 2, (off_t)config_at + PCI_COMMAND) == 2, "bus master", on);
}

static bool open_device(void)
{
    char link[256], path[300];
    ssize_t length = readlink(CARD_PATH "/iommu_group", link, sizeof link - 1);
    link[length > 0 ? length : 0] = '\0';
    const char *number = strrchr(link, '/');
    snprintf(path, sizeof path, "/dev/vfio/%s", number != NULL ? number + 1 : "");
    container = open("/dev/vfio/vfio", O_RDWR);
    int group = open(path, O_RDWR);
    if (!check(container >= 0 && group >= 0, "vfio has the card's group", (uint64_t)errno) ||
        !check(ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) == 0, "container", 0) ||
        !check(ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) == 0, "type1v2",
               (uint64_t)errno))
        return false;
    device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, CARD);
    struct vfio_region_info config = { .argsz = sizeof config,
                                       .index = VFIO_PCI_CONFIG_REGION_INDEX };
    if (!check(device >= 0 && ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &config) == 0, "device",
               (uint64_t)errno))
        return false;
    config_at = config.offset;
    registers = map_bar(CARD_PCI_BAR_REGISTERS, CARD_PCI_REGISTERS_BYTES);
    window = map_bar(CARD_PCI_BAR_WINDOW, PL_WINDOW_BYTES);
    return check(registers != MAP_FAILED && window != MAP_FAILED, "BARs can be mapped", 0);
}

static bool set_interrupts(void)
{
    char room[sizeof(struct vfio_irq_set) + sizeof events];
    struct vfio_irq_set *set = (struct vfio_irq_set *)room;
    *set = (struct vfio_irq_set){ .argsz = sizeof room,
                                  .flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
                                  .index = VFIO_PCI_MSIX_IRQ_INDEX,
                                  .count = CARD_PCI_VECTORS };
    for (unsigned n = 0; n < CARD_PCI_VECTORS; n++)
        events[n] = eventfd(0, EFD_CLOEXEC);
    memcpy(set->data, events, sizeof events);
    return check(ioctl(device, VFIO_DEVICE_SET_IRQS, set) == 0, "three vectors", (uint64_t)errno);
}

/* 0 when the completion of a NOP came, else the code of the wait. */
static int nop(struct pl_ring *ring)
{
    const struct pl_submission submission = { .op = PL_OP_NOP };
    struct pl_completion completion;
    struct pl_ring_wait wait;
    int result = pl_ring_submit(ring, &submission), got = 0;
    pl_ring_wait_start(ring, &wait, 0);
    while (result == 0 && (got = pl_ring_poll(ring, &completion)) == 0)
        result = pl_ring_wait(ring, &wait);
    return got < 0 ? got : result;
}

static bool restart(struct pl_ring *ring)
{
    return check(pl_ring_reset(ring) == 0, "a soft reset", 0) &&
           check(pl_ring_start(ring) == 0, "rings again", 0);
}

static bool interrupted(int event, int patience_ms)
{
    struct pollfd ready = { event, POLLIN, 0 };
    uint64_t count;
    return poll(&ready, 1, patience_ms) == 1 && read(event, &count, sizeof count) == sizeof count;
}

static void test_interrupts(struct pl_ring *ring)
{
    write32(NULL, PL_REG_IRQ_ENABLE, PL_IRQ_COMPLETION);
    for (unsigned n = 0; n < 4; n++) {
        equal((uint64_t)nop(ring), 0, "a NOP with interrupts on");
        check(interrupted(events[0], 60000), "its completion interrupts", n);
        write32(NULL, PL_REG_IRQ_PENDING, PL_IRQ_COMPLETION);
        equal(read32(NULL, PL_REG_IRQ_PENDING) & PL_IRQ_COMPLETION, 0, "and is cleared");
        while (interrupted(events[0], 0)) /* asked for again in the meantime */
            ;
    }
    check(!interrupted(events[1], 0), "no other vector", 1);
    check(!interrupted(events[2], 0), "no other vector", 2);
}

static void test_window(void)
{
    struct pl_tick_price record = { .kind = PL_RECORD_TICK_PRICE, .line = 1 };
    write32(NULL, PL_REG_CONTROL, PL_CONTROL_ENABLE | PL_CONTROL_WINDOW_CLEAR);
    write_line(NULL, 0, &record);
    equal(read32(NULL, PL_REG_WINDOW_STATUS), PL_STATUS_OK, "eight stores are one line");
    ((volatile uint64_t *)window)[0] = 0;
    check(read32(NULL, PL_REG_WINDOW_STATUS) != PL_STATUS_OK, "one store is a part of a line", 0);
    write32(NULL, PL_REG_CONTROL, PL_CONTROL_ENABLE | PL_CONTROL_WINDOW_CLEAR);
}

static void test_refusals(struct pl_ring *ring)
{
    set_bus_master(false);
    equal((uint64_t)-nop(ring), PL_STATUS_BUS_ERROR, "no DMA while the card is not bus master");
    set_bus_master(true);
    if (restart(ring))
        equal((uint64_t)nop(ring), 0, "DMA again");
    const struct pl_dma *rings = &ring->submissions;
    check(unmap(rings->address, rings->bytes) == 0, "unmap", 0);
    equal((uint64_t)-nop(ring), PL_STATUS_BUS_ERROR, "no DMA after unmap");
    check(map(rings->memory, rings->address, rings->bytes, PL_BUS_READ), "map again", 0);
    if (restart(ring))
        equal((uint64_t)nop(ring), 0, "DMA once more");
}

/* In the middle of work: nothing of it comes afterwards, and the card begins anew. */
static void test_function_reset(struct pl_ring *ring)
{
    const struct pl_submission submission = { .op = PL_OP_NOP };
    for (unsigned n = 0; n < 3; n++) {
        equal((uint64_t)pl_ring_submit(ring, &submission), 0, "a NOP on its way");
        check(ioctl(device, VFIO_DEVICE_RESET) == 0, "a function-level reset", (uint64_t)errno);
        equal(read32(NULL, PL_REG_SUBMIT_ENTRIES), 0, "forgets the rings");
        if (restart(ring))
            equal((uint64_t)nop(ring), 0, "and the card works");
    }
}

int main(void)
{
    static struct pl_ring ring;
    char message[PL_MESSAGE_BYTES];
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!open_device())
        return done();
    set_bus_master(true);
    int error = pl_ring_open(&ring, &bus, RING_ENTRIES, message);
    if (!check(error == 0, error != 0 ? message : "the rings open", (uint64_t)-error))
        return done();
    uint64_t start = now_ns(NULL);
    for (unsigned n = 0; n < 3 * RING_ENTRIES; n++)
        equal((uint64_t)nop(&ring), 0, "a NOP completes by DMA");
    printf("%u operations in %" PRIu64 " us of the guest's time\n", 3 * RING_ENTRIES,
           (now_ns(NULL) - start) / 1000);
    if (set_interrupts())
        test_interrupts(&ring);
    test_window();
    test_refusals(&ring);
    test_function_reset(&ring);
    return done();
}
