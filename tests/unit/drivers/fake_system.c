#include "fake_system.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "linux/uapi/plimsoll.h"

#define CONFIG_OFFSET 0x70000
#define BAR_OFFSET(bar) ((uint64_t)(bar) << 40)

struct fake_system fake;

void fake_system_start(void)
{
    fake = (struct fake_system){ .bar_bytes = 0x10000,
                                 .vectors = 3,
                                 .interface = PLIMSOLL_INTERFACE,
                                 .version = VFIO_API_VERSION,
                                 .group_flags = VFIO_GROUP_FLAGS_VIABLE,
                                 .bar_flags = VFIO_REGION_INFO_FLAG_MMAP,
                                 .has_type1 = true,
                                 .has_reset = true,
                                 .memlock = RLIM_INFINITY,
                                 .next_file = 100,
                                 .next_offset = UINT64_C(1) << 32 };
    fake.config[PCI_COMMAND] = PCI_COMMAND_MASTER; /* left on by somebody */
}

bool fake_is_master(void)
{
    return (fake.config[PCI_COMMAND] & PCI_COMMAND_MASTER) != 0;
}

/* True: this call is the one that fails. */
static bool fails(const char *name)
{
    if (++fake.calls != fake.failing)
        return false;
    fake.failed = true;
    fake.failed_call = name;
    errno = fake.error;
    return true;
}

static void hold(enum fake_kind kind, uint64_t key, uint64_t bytes)
{
    if (fake.held_count == FAKE_HELD_MAX)
        abort();
    fake.held[fake.held_count++] = (struct fake_held){ kind, key, bytes };
}

/* Nothing that was taken later may still be held, but for other memory. */
static void give_back(enum fake_kind kind, uint64_t key, uint64_t bytes)
{
    size_t at = 0;
    while (at < fake.held_count && (fake.held[at].kind != kind || fake.held[at].key != key))
        at++;
    if (at == fake.held_count || fake.held[at].bytes != bytes) {
        fake.wrong++;
        return;
    }
    for (size_t i = 0; i < fake.held_count; i++)
        fake.wrong += kind < FAKE_MEMORY && fake.held[i].kind > kind &&
                      !(fake.is_node && fake.held[i].kind == FAKE_MEMORY); /* the driver's */
    fake.wrong += kind >= FAKE_MEMORY && fake.closing && fake_is_master();
    fake.wrong += kind >= FAKE_MEMORY && fake.closing && fake.has_reset && fake.resets == 0;
    memmove(&fake.held[at], &fake.held[at + 1], (--fake.held_count - at) * sizeof fake.held[0]);
}

static int call_open(const char *path, int flags)
{
    (void)flags;
    if (fails("open"))
        return -1;
    if (fake.error_path != NULL && strstr(path, fake.error_path) != NULL) {
        errno = fake.open_error;
        return -1;
    }
    enum fake_kind kind = strcmp(path, "/dev/vfio/vfio") == 0 ? FAKE_CONTAINER
                          : strcmp(path, "/dev/vfio/17") == 0 ? FAKE_GROUP_FILE
                                                              : FAKE_DEVICE;
    if (kind == FAKE_DEVICE && strcmp(path, "/dev/plimsoll-" FAKE_ADDRESS) != 0) {
        errno = ENOENT;
        return -1;
    }
    fake.is_node = kind == FAKE_DEVICE;
    hold(kind, (uint64_t)fake.next_file, 0);
    return fake.next_file++;
}

/* What the driver plimsoll does at the last close. */
static void drop_buffers(void)
{
    for (size_t i = fake.held_count; i-- > 0;) {
        if (fake.held[i].kind == FAKE_MEMORY)
            give_back(FAKE_MEMORY, fake.held[i].key, fake.held[i].bytes);
    }
}

static int call_close(int file)
{
    bool failed = fails("close");
    for (size_t i = 0; i < fake.held_count; i++) {
        if (fake.held[i].key == (uint64_t)file && fake.held[i].bytes == 0) {
            if (fake.is_node)
                drop_buffers();
            give_back(fake.held[i].kind, (uint64_t)file, 0);
            return failed ? -1 : 0;
        }
    }
    fake.wrong++;
    return -1;
}

static int refuse(int error)
{
    errno = error;
    return -1;
}

static int iommu_info(struct vfio_iommu_type1_info *info)
{
    struct vfio_iommu_type1_info_cap_iova_range list = {
        .header = { .id = VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE, .version = 1 }, .nr_iovas = 2
    };
    const struct vfio_iova_range ranges[] = { { 0, 0xFEDFFFFF }, { 0xFEF00000, 0x7FFFFFFFFF } };
    if (fake.no_ranges)
        return 0;
    uint32_t needed = sizeof *info + sizeof list + sizeof ranges;
    if (info->argsz < needed)
        return refuse(EINVAL);
    info->flags = VFIO_IOMMU_INFO_CAPS;
    info->cap_offset = sizeof *info;
    info->argsz = needed;
    memcpy((uint8_t *)info + sizeof *info, &list, sizeof list);
    memcpy((uint8_t *)info + sizeof *info + sizeof list, ranges, sizeof ranges);
    return 0;
}

static int region_info(struct vfio_region_info *info)
{
    bool is_config = info->index == VFIO_PCI_CONFIG_REGION_INDEX;
    info->offset = is_config ? CONFIG_OFFSET : BAR_OFFSET(info->index);
    info->size = is_config ? sizeof fake.config : fake.bar_bytes;
    info->flags = is_config ? 0 : fake.bar_flags;
    return 0;
}

static int set_irqs(const struct vfio_irq_set *set)
{
    bool is_request = set->index == VFIO_PCI_REQ_IRQ_INDEX;
    enum fake_kind kind = is_request ? FAKE_REQUEST : FAKE_VECTORS;
    uint64_t key = is_request ? 1 : fake.vectors;
    if (is_request && set->count > 0)
        memcpy(&fake.request_file, set->data, sizeof fake.request_file);
    if (set->count > 0)
        hold(kind, key, 0);
    else
        give_back(kind, key, 0);
    return 0;
}

static int map_dma(const struct vfio_iommu_type1_dma_map *map)
{
    if (fake.map_error != 0)
        return refuse(fake.map_error);
    hold(FAKE_MAPPING, map->iova, map->size);
    return 0;
}

static int call_vfio(unsigned long request, void *argument)
{
    switch (request) {
    case VFIO_GET_API_VERSION: return (int)fake.version;
    case VFIO_CHECK_EXTENSION: return fake.has_type1;
    case VFIO_GROUP_GET_STATUS:
        ((struct vfio_group_status *)argument)->flags = fake.group_flags;
        return 0;
    case VFIO_GROUP_SET_CONTAINER: hold(FAKE_ATTACHED, 1, 0); return 0;
    case VFIO_SET_IOMMU: return fake.set_iommu_error != 0 ? refuse(fake.set_iommu_error) : 0;
    case VFIO_IOMMU_GET_INFO: return iommu_info(argument);
    case VFIO_GROUP_GET_DEVICE_FD:
        if (strcmp(argument, FAKE_ADDRESS) != 0)
            return refuse(ENODEV);
        hold(FAKE_DEVICE, (uint64_t)fake.next_file, 0);
        return fake.next_file++;
    case VFIO_DEVICE_GET_INFO:
        ((struct vfio_device_info *)argument)->flags =
            VFIO_DEVICE_FLAGS_PCI | (fake.has_reset ? (uint32_t)VFIO_DEVICE_FLAGS_RESET : 0);
        return 0;
    case VFIO_DEVICE_GET_REGION_INFO: return region_info(argument);
    case VFIO_DEVICE_GET_IRQ_INFO:
        ((struct vfio_irq_info *)argument)->count = fake.vectors;
        ((struct vfio_irq_info *)argument)->flags = VFIO_IRQ_INFO_EVENTFD;
        return 0;
    case VFIO_DEVICE_SET_IRQS: return set_irqs(argument);
    case VFIO_IOMMU_MAP_DMA: return map_dma(argument);
    default: return refuse(ENOTTY);
    }
}

static int call_plimsoll(unsigned long request, void *argument)
{
    struct plimsoll_buffer *buffer = argument;
    switch (request) {
    case PLIMSOLL_IOC_INFO:
        *(struct plimsoll_info *)argument =
            (struct plimsoll_info){ .interface = fake.interface,
                                    .vectors = fake.vectors,
                                    .register_bytes = PL_REGISTER_BYTES,
                                    .window_bytes =
                                        fake.bar_bytes < PL_WINDOW_BYTES ? 0 : PL_WINDOW_BYTES };
        return 0;
    case PLIMSOLL_IOC_ALLOC:
        if (fake.map_error != 0)
            return refuse(fake.map_error);
        buffer->bytes = (buffer->bytes + 4095) / 4096 * 4096;
        buffer->address = fake.next_offset * 2;
        buffer->offset = fake.next_offset;
        hold(FAKE_MEMORY, fake.next_offset, buffer->bytes);
        fake.next_offset += UINT64_C(1) << 32;
        return 0;
    default: return refuse(ENOTTY);
    }
}

static int free_buffer(const struct plimsoll_buffer *buffer)
{
    for (size_t i = 0; i < fake.held_count; i++) {
        if (fake.held[i].kind == FAKE_MEMORY && fake.held[i].key == buffer->offset) {
            give_back(FAKE_MEMORY, buffer->offset, fake.held[i].bytes);
            return 0;
        }
    }
    fake.wrong++;
    return refuse(ENOENT);
}

/* What gives back does so even when it reports a failure. */
static int call_ioctl(int file, unsigned long request, void *argument)
{
    bool failed = fails("ioctl");
    int result = failed ? -1 : 0, error = errno;
    (void)file;
    if (request == VFIO_DEVICE_RESET) {
        fake.resets++;
    } else if (request == VFIO_GROUP_UNSET_CONTAINER) {
        give_back(FAKE_ATTACHED, 1, 0);
    } else if (request == VFIO_IOMMU_UNMAP_DMA) {
        const struct vfio_iommu_type1_dma_unmap *unmap = argument;
        give_back(FAKE_MAPPING, unmap->iova, unmap->size);
    } else if (request == PLIMSOLL_IOC_FREE) {
        free_buffer(argument);
    } else if (request == VFIO_DEVICE_SET_IRQS && ((struct vfio_irq_set *)argument)->count == 0) {
        set_irqs(argument);
    } else if (!failed) {
        return _IOC_TYPE(request) == PLIMSOLL_IOC_MAGIC ? call_plimsoll(request, argument)
                                                        : call_vfio(request, argument);
    }
    errno = error;
    return result;
}

static void *call_mmap(void *at, size_t bytes, int protection, int flags, int file, off_t offset)
{
    (void)at;
    (void)protection;
    if (fails("mmap"))
        return MAP_FAILED;
    bool is_registers = file >= 0 && (offset == 0 || (uint64_t)offset == BAR_OFFSET(0));
    bool is_window =
        file >= 0 && (offset == PLIMSOLL_OFFSET_WINDOW || (uint64_t)offset == BAR_OFFSET(2));
    if (is_registers || is_window) {
        void *memory = is_registers ? (void *)fake.registers : (void *)fake.window;
        hold(is_registers ? FAKE_REGISTERS : FAKE_WINDOW, (uintptr_t)memory, bytes);
        return memory;
    }
    if ((flags & MAP_HUGETLB) != 0 && !fake.has_huge_pages) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    fake.wrong += (flags & MAP_SHARED) == 0; /* the card would keep a page that we lose */
    fake.huge_mappings += (flags & MAP_HUGETLB) != 0;
    void *memory = aligned_alloc(4096, bytes);
    memset(memory, 0, bytes);
    hold(file >= 0 ? FAKE_MAPPING : FAKE_MEMORY, (uintptr_t)memory, bytes);
    return memory;
}

static int call_munmap(void *memory, size_t bytes)
{
    bool failed = fails("munmap");
    enum fake_kind kind = FAKE_MEMORY;
    for (size_t i = 0; i < fake.held_count; i++) {
        if (fake.held[i].key == (uintptr_t)memory)
            kind = fake.held[i].kind;
    }
    give_back(kind, (uintptr_t)memory, bytes);
    if (kind == FAKE_MEMORY || kind == FAKE_MAPPING)
        free(memory);
    return failed ? -1 : 0;
}

static ssize_t call_pread(int file, void *to, size_t bytes, off_t offset)
{
    (void)file;
    if (fails("pread"))
        return -1;
    memcpy(to, &fake.config[offset - CONFIG_OFFSET], bytes);
    return (ssize_t)bytes;
}

static ssize_t call_pwrite(int file, const void *from, size_t bytes, off_t offset)
{
    (void)file;
    if (fails("pwrite"))
        return -1;
    memcpy(&fake.config[offset - CONFIG_OFFSET], from, bytes);
    return (ssize_t)bytes;
}

static ssize_t call_read(int file, void *to, size_t bytes)
{
    uint64_t one = 1;
    if (fails("read"))
        return -1;
    if (file == fake.request_file ? !fake.wants_back : !fake.readable)
        return refuse(EAGAIN);
    memcpy(to, &one, bytes);
    return (ssize_t)bytes;
}

static int call_poll(struct pollfd *files, nfds_t count, int timeout_ms)
{
    (void)count;
    (void)timeout_ms;
    if (fails("poll"))
        return -1;
    files[0].revents = fake.readable ? POLLIN : 0;
    return fake.readable;
}

static int call_eventfd(unsigned initial, int flags)
{
    (void)initial;
    (void)flags;
    if (fails("eventfd"))
        return -1;
    enum fake_kind kind = FAKE_EVENT;
    for (size_t i = 0; i < fake.held_count; i++) {
        if (fake.held[i].kind == FAKE_VECTORS)
            kind = FAKE_REQUEST_EVENT;
    }
    hold(kind, (uint64_t)fake.next_file, 0);
    return fake.next_file++;
}

static int call_memlock_limit(struct rlimit *out)
{
    if (fails("getrlimit"))
        return -1;
    *out = (struct rlimit){ fake.memlock, fake.memlock };
    return 0;
}

const struct pl_calls fake_calls = {
    .open = call_open,
    .close = call_close,
    .ioctl = call_ioctl,
    .mmap = call_mmap,
    .munmap = call_munmap,
    .pread = call_pread,
    .pwrite = call_pwrite,
    .read = call_read,
    .poll = call_poll,
    .eventfd = call_eventfd,
    .memlock_limit = call_memlock_limit,
};
