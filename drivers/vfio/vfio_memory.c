/* Memory that the card reaches: pages of this process, pinned, at an address that the IOMMU gives
 * meaning for this card alone. */
#include <errno.h>
#include <inttypes.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "vfio_state.h"

#define PAGE_BYTES ((size_t)4096)
#define HUGE_BYTES ((size_t)1 << 21)
#define INFO_BYTES 4096
#define LOWEST UINT64_C(0x100000)

/* Where a kernel does not say what the IOMMU takes: below the place of message interrupts. */
#define HIGHEST_UNTOLD UINT64_C(0xFEDFFFFF)

/* The ranges in a chain of capabilities; offsets are from the start of the answer. */
static void read_ranges(struct pl_iova_space *space, const uint8_t *answer, size_t bytes,
                        uint32_t offset)
{
    struct vfio_iommu_type1_info_cap_iova_range list;
    for (uint32_t last = 0; offset > last && offset + sizeof list <= bytes;) {
        memcpy(&list, answer + offset, sizeof list);
        last = offset;
        offset = list.header.next;
        if (list.header.id != VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE)
            continue;
        for (uint32_t i = 0; i < list.nr_iovas && space->range_count < PL_IOVA_RANGES_MAX; i++) {
            struct vfio_iova_range range;
            size_t place = last + sizeof list + i * sizeof range;
            if (place + sizeof range > bytes)
                return;
            memcpy(&range, answer + place, sizeof range);
            range.start = range.start < LOWEST ? LOWEST : range.start;
            if (range.start >= range.end)
                continue;
            space->ranges[space->range_count].first = range.start;
            space->ranges[space->range_count++].last = range.end;
        }
    }
}

int pl_vfio_read_space(struct pl_vfio *v)
{
    union {
        struct vfio_iommu_type1_info info;
        uint8_t bytes[INFO_BYTES];
    } answer = { .info = { .argsz = sizeof answer } };
    if (v->mapped.calls->ioctl(v->container, VFIO_IOMMU_GET_INFO, &answer) != 0)
        return pl_driver_fail(v->message, -EOPNOTSUPP,
                              "%s: the IOMMU does not say what it takes: %s", v->address,
                              strerror(errno));
    if ((answer.info.flags & VFIO_IOMMU_INFO_CAPS) != 0 && answer.info.argsz <= sizeof answer)
        read_ranges(&v->space, answer.bytes, answer.info.argsz, answer.info.cap_offset);
    if (v->space.range_count == 0) {
        v->space.ranges[0].first = LOWEST;
        v->space.ranges[0].last = HIGHEST_UNTOLD;
        v->space.range_count = 1;
    }
    return 0;
}

/* Large blocks lie on huge pages where some are free: fewer entries of the IOMMU's cache. Shared,
 * though with nobody: a private page that the card may only read is pinned as it is at that time,
 * and the first write, or a fork, would give this process another one. */
static void *get_memory(const struct pl_calls *calls, size_t *bytes, size_t *alignment)
{
    const int flags = MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE;
    size_t wanted = *bytes;
    *alignment = wanted >= HUGE_BYTES ? HUGE_BYTES : PAGE_BYTES;
    if (*alignment == HUGE_BYTES) {
        *bytes = (wanted + HUGE_BYTES - 1) / HUGE_BYTES * HUGE_BYTES;
        void *memory =
            calls->mmap(NULL, *bytes, PROT_READ | PROT_WRITE, flags | MAP_HUGETLB, -1, 0);
        if (memory != MAP_FAILED)
            return memory;
    }
    *bytes = (wanted + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    return calls->mmap(NULL, *bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
}

static int map_memory(struct pl_vfio *v, const struct pl_vfio_block *block, uint32_t access)
{
    struct vfio_iommu_type1_dma_map map = {
        .argsz = sizeof map,
        .flags = ((access & PL_BUS_READ) != 0 ? (uint32_t)VFIO_DMA_MAP_FLAG_READ : 0) |
                 ((access & PL_BUS_WRITE) != 0 ? (uint32_t)VFIO_DMA_MAP_FLAG_WRITE : 0),
        .vaddr = (uintptr_t)block->memory,
        .iova = block->iova.address,
        .size = block->iova.bytes,
    };
    return v->mapped.calls->ioctl(v->container, VFIO_IOMMU_MAP_DMA, &map);
}

static void unmap_memory(struct pl_vfio *v, const struct pl_vfio_block *block)
{
    struct vfio_iommu_type1_dma_unmap unmap = { .argsz = sizeof unmap,
                                                .iova = block->iova.address,
                                                .size = block->iova.bytes };
    v->mapped.calls->ioctl(v->container, VFIO_IOMMU_UNMAP_DMA, &unmap);
}

static void explain_refusal(struct pl_vfio *v, size_t bytes, int error)
{
    struct rlimit limit;
    bool is_limit = error == ENOMEM && v->mapped.calls->memlock_limit(&limit) == 0 &&
                    limit.rlim_cur != RLIM_INFINITY;
    v->refusal_code = is_limit ? -EDQUOT : -error;
    if (is_limit)
        snprintf(v->refusal, sizeof v->refusal,
                 "%zu KiB more cannot be locked, RLIMIT_MEMLOCK is %" PRIu64
                 " KiB: `ulimit -l unlimited`, or LimitMEMLOCK=infinity in a systemd unit",
                 bytes / 1024, (uint64_t)limit.rlim_cur / 1024);
    else
        snprintf(v->refusal, sizeof v->refusal, "%zu KiB cannot be lent to the card: %s",
                 bytes / 1024, strerror(error));
}

void *pl_vfio_lend(void *context, size_t bytes, uint32_t access, uint64_t *address)
{
    struct pl_vfio *v = context;
    const struct pl_calls *calls = v->mapped.calls;
    struct pl_vfio_block *block = malloc(sizeof *block);
    size_t alignment;
    int error = ENOMEM;
    if (block == NULL)
        goto no_block;
    block->iova.bytes = bytes;
    block->memory = get_memory(calls, &bytes, &alignment);
    block->iova.bytes = bytes;
    if (block->memory == MAP_FAILED) {
        error = errno;
        goto no_memory;
    }
    error = ENOSPC;
    if (!pl_iova_take(&v->space, &block->iova, alignment))
        goto no_address;
    if (map_memory(v, block, access) != 0) {
        error = errno;
        goto no_map;
    }
    if (!v->is_master && pl_vfio_set_master(v, true) != 0) {
        error = errno;
        goto no_master;
    }
    *address = block->iova.address;
    return block->memory;
no_master:
    unmap_memory(v, block);
no_map:
    pl_iova_give_back(&v->space, &block->iova);
no_address:
    calls->munmap(block->memory, block->iova.bytes);
no_memory:
    free(block);
no_block:
    explain_refusal(v, bytes, error);
    return NULL;
}

static void take_back(struct pl_vfio *v, struct pl_vfio_block *block)
{
    unmap_memory(v, block);
    pl_iova_give_back(&v->space, &block->iova);
    v->mapped.calls->munmap(block->memory, block->iova.bytes);
    free(block);
}

void pl_vfio_take_back(void *context, void *memory)
{
    struct pl_vfio *v = context;
    for (struct pl_iova_block *at = v->space.blocks; at != NULL; at = at->next) {
        struct pl_vfio_block *block = (struct pl_vfio_block *)at;
        if (block->memory == memory) {
            take_back(v, block);
            return;
        }
    }
}

void pl_vfio_take_back_all(struct pl_vfio *v)
{
    while (v->space.blocks != NULL)
        take_back(v, (struct pl_vfio_block *)v->space.blocks);
}

const char *pl_vfio_refusal(void *context, int *code)
{
    const struct pl_vfio *v = context;
    *code = v->refusal_code;
    return v->refusal;
}
