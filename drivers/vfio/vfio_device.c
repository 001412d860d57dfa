/* The card itself: its BARs, its configuration space, its interrupts, its reset. */
#include <errno.h>
#include <inttypes.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pl_abi.h"
#include "vfio_state.h"

#define VECTORS PL_EVENTS_MAX

static int get_region(struct pl_vfio *v, uint32_t index, struct vfio_region_info *out)
{
    *out = (struct vfio_region_info){ .argsz = sizeof *out, .index = index };
    if (v->mapped.calls->ioctl(v->device, VFIO_DEVICE_GET_REGION_INFO, out) == 0)
        return 0;
    return pl_driver_fail(v->message, -errno, "%s: VFIO does not describe region %" PRIu32 ": %s",
                          v->address, index, strerror(errno));
}

static int map_bar(struct pl_vfio *v, uint32_t bar, size_t bytes, int protection, void **out)
{
    struct vfio_region_info region;
    int error = get_region(v, VFIO_PCI_BAR0_REGION_INDEX + bar, &region);
    if (error != 0)
        return error;
    if (region.size < bytes)
        return pl_driver_fail(v->message, -ERANGE,
                              "%s: BAR %" PRIu32 " has %" PRIu64
                              " bytes, a card's has at least %zu: is this its design? `plimsoll "
                              "devices` and `lspci -vs %s` show what is in the slot",
                              v->address, bar, (uint64_t)region.size, bytes, v->address);
    if ((region.flags & VFIO_REGION_INFO_FLAG_MMAP) == 0)
        return pl_driver_fail(v->message, -ENOSYS,
                              "%s: VFIO does not let BAR %" PRIu32 " be mapped", v->address, bar);
    void *memory =
        v->mapped.calls->mmap(NULL, bytes, protection, MAP_SHARED, v->device, (off_t)region.offset);
    if (memory == MAP_FAILED)
        return pl_driver_fail(v->message, -errno, "%s: mapping of BAR %" PRIu32 ": %s", v->address,
                              bar, strerror(errno));
    *out = memory;
    return 0;
}

static int change_command(struct pl_vfio *v, uint16_t clear, uint16_t set)
{
    const struct pl_calls *calls = v->mapped.calls;
    uint16_t command;
    off_t place = (off_t)(v->config_offset + PCI_COMMAND);
    if (calls->pread(v->device, &command, sizeof command, place) != sizeof command)
        return -1;
    command = (uint16_t)((command & ~clear) | set);
    return calls->pwrite(v->device, &command, sizeof command, place) == sizeof command ? 0 : -1;
}

int pl_vfio_set_master(struct pl_vfio *v, bool on)
{
    int error =
        on ? change_command(v, 0, PCI_COMMAND_MASTER) : change_command(v, PCI_COMMAND_MASTER, 0);
    v->is_master = error == 0 ? on : v->is_master;
    return error;
}

static int prepare(struct pl_vfio *v)
{
    struct vfio_device_info info = { .argsz = sizeof info };
    struct vfio_region_info config;
    if (v->mapped.calls->ioctl(v->device, VFIO_DEVICE_GET_INFO, &info) != 0)
        return pl_driver_fail(v->message, -errno, "%s: VFIO does not describe it: %s", v->address,
                              strerror(errno));
    v->can_reset = (info.flags & VFIO_DEVICE_FLAGS_RESET) != 0;
    int error = get_region(v, VFIO_PCI_CONFIG_REGION_INDEX, &config);
    if (error != 0)
        return error;
    v->config_offset = config.offset;
    if (change_command(v, PCI_COMMAND_MASTER, PCI_COMMAND_MEMORY) != 0)
        return pl_driver_fail(v->message, -EIO,
                              "%s: its configuration space cannot be written: check power and "
                              "link, then rescan the bus",
                              v->address);
    return 0;
}

/* VFIO maps BARs uncached: there the window needs MOVDIR64B, without it ticks go by the ring. */
static int map_window(struct pl_vfio *v, uint32_t bar)
{
    void *window = NULL;
    v->mapped.store_line = pl_line_store_for(PL_LINE_UNCACHED);
    if (v->mapped.store_line == NULL)
        return 0;
    int error = map_bar(v, bar, PL_WINDOW_BYTES, PROT_READ | PROT_WRITE, &window);
    v->mapped.window = window;
    return error;
}

/* The interrupts of an index raise these events; `count` 0: none. */
static int set_events(struct pl_vfio *v, uint32_t index, const int *events, uint32_t count)
{
    union {
        struct vfio_irq_set set;
        uint8_t bytes[sizeof(struct vfio_irq_set) + VECTORS * sizeof(int32_t)];
    } request = { .set = {
                      .argsz = (uint32_t)(sizeof(struct vfio_irq_set) + count * sizeof(int32_t)),
                      .flags = VFIO_IRQ_SET_ACTION_TRIGGER |
                               (count > 0 ? VFIO_IRQ_SET_DATA_EVENTFD : VFIO_IRQ_SET_DATA_NONE),
                      .index = index,
                      .count = count } };
    memcpy(request.bytes + sizeof request.set, events, count * sizeof(int32_t));
    return v->mapped.calls->ioctl(v->device, VFIO_DEVICE_SET_IRQS, &request);
}

static void close_events(struct pl_vfio *v)
{
    while (v->mapped.event_count > 0)
        v->mapped.calls->close(v->mapped.events[--v->mapped.event_count]);
}

static int map_interrupts(struct pl_vfio *v)
{
    const struct pl_calls *calls = v->mapped.calls;
    struct vfio_irq_info info = { .argsz = sizeof info, .index = VFIO_PCI_MSIX_IRQ_INDEX };
    if (calls->ioctl(v->device, VFIO_DEVICE_GET_IRQ_INFO, &info) != 0 || info.count < VECTORS ||
        (info.flags & VFIO_IRQ_INFO_EVENTFD) == 0)
        return pl_driver_fail(v->message, -ENOSYS,
                              "%s: has %" PRIu32 " interrupts, not %d: leave irq=1 out", v->address,
                              info.count, VECTORS);
    int error = 0;
    while (error == 0 && v->mapped.event_count < VECTORS) {
        int event = calls->eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (event >= 0)
            v->mapped.events[v->mapped.event_count++] = event;
        else
            error = pl_driver_fail(v->message, -errno, "no eventfd for interrupts: %s",
                                   strerror(errno));
    }
    if (error == 0 && set_events(v, VFIO_PCI_MSIX_IRQ_INDEX, v->mapped.events, VECTORS) != 0)
        error = pl_driver_fail(v->message, -ENOSYS,
                               "%s: its interrupts cannot be set up (%s): leave irq=1 out",
                               v->address, strerror(errno));
    if (error != 0)
        close_events(v);
    return error;
}

/* Where the kernel tells that it wants the card back: it waits until the card is closed. A kernel
 * that does not tell is no reason to refuse the card. */
static void map_request(struct pl_vfio *v)
{
    const struct pl_calls *calls = v->mapped.calls;
    int event = calls->eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (event < 0)
        return;
    if (set_events(v, VFIO_PCI_REQ_IRQ_INDEX, &event, 1) == 0)
        v->mapped.request = event;
    else
        calls->close(event);
}

int pl_vfio_map_device(struct pl_vfio *v, const struct pl_vfio_options *options)
{
    void *registers = NULL;
    int error = prepare(v);
    error = error != 0 ? error
                       : map_bar(v, options->register_bar, PL_REGISTER_BYTES,
                                 PROT_READ | PROT_WRITE, &registers);
    v->mapped.registers = registers;
    error = error != 0 ? error : map_window(v, options->window_bar);
    if (error == 0 && options->interrupts)
        error = map_interrupts(v);
    if (error == 0)
        map_request(v);
    return error;
}

/* A card whose link is down is not reset: the kernel would wait a minute for it. */
static bool answers(const struct pl_vfio *v)
{
    return v->mapped.registers == NULL || v->mapped.registers[PL_REG_MAGIC / 4] != UINT32_MAX;
}

void pl_vfio_stop_device(struct pl_vfio *v)
{
    if (v->is_master && pl_vfio_set_master(v, false) != 0)
        fprintf(stderr, "plimsoll: %s: bus mastering cannot be turned off\n", v->address);
    if (v->can_reset && answers(v) &&
        v->mapped.calls->ioctl(v->device, VFIO_DEVICE_RESET, NULL) != 0)
        fprintf(stderr, "plimsoll: %s: the reset at closing failed: %s\n", v->address,
                strerror(errno));
}

void pl_vfio_unmap_device(struct pl_vfio *v)
{
    const struct pl_calls *calls = v->mapped.calls;
    if (v->mapped.request >= 0) {
        set_events(v, VFIO_PCI_REQ_IRQ_INDEX, v->mapped.events, 0);
        calls->close(v->mapped.request);
    }
    if (v->mapped.event_count > 0)
        set_events(v, VFIO_PCI_MSIX_IRQ_INDEX, v->mapped.events, 0);
    close_events(v);
    if (v->mapped.window != NULL)
        calls->munmap(v->mapped.window, PL_WINDOW_BYTES);
    if (v->mapped.registers != NULL)
        calls->munmap((void *)v->mapped.registers, PL_REGISTER_BYTES);
}
