#include "node.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "../uapi/plimsoll.h"
#include "pl_abi.h"
#include "user/mapped.h"

#define PATH_BYTES 64
#define REFUSAL_BYTES 256

struct buffer {
    void *memory;
    uint64_t bytes, offset;
    struct buffer *next;
};

struct node {
    struct pl_mapped mapped; /* first: the context of the bus */
    int file;
    struct buffer *buffers;
    char refusal[REFUSAL_BYTES];
    int refusal_code;
};

static void *map_at(struct node *node, size_t bytes, uint64_t offset)
{
    void *memory = node->mapped.calls->mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
                                            node->file, (off_t)offset);
    return memory != MAP_FAILED ? memory : NULL;
}

static void *allocate(void *context, size_t bytes, uint32_t access, uint64_t *address)
{
    struct node *node = context;
    struct plimsoll_buffer wanted = { .bytes = bytes };
    struct buffer *buffer = malloc(sizeof *buffer);
    (void)access; /* the driver's memory is for both ways */
    if (buffer == NULL)
        goto no_buffer;
    if (node->mapped.calls->ioctl(node->file, PLIMSOLL_IOC_ALLOC, &wanted) != 0)
        goto no_memory;
    *buffer =
        (struct buffer){ .bytes = wanted.bytes, .offset = wanted.offset, .next = node->buffers };
    buffer->memory = map_at(node, wanted.bytes, wanted.offset);
    if (buffer->memory == NULL)
        goto no_mapping;
    node->buffers = buffer;
    *address = wanted.address;
    return buffer->memory;
no_mapping:;
    int error = errno;
    node->mapped.calls->ioctl(node->file, PLIMSOLL_IOC_FREE, &wanted);
    errno = error;
no_memory:
    free(buffer);
no_buffer:
    node->refusal_code = errno == ENOSPC ? -EDQUOT : -errno;
    snprintf(node->refusal, sizeof node->refusal, "the driver plimsoll gives no %zu KiB: %s%s",
             bytes / 1024, strerror(errno),
             errno == ENOSPC   ? "; `modprobe plimsoll buffer_limit_mib=N` raises its limit"
             : errno == ENODEV ? "; " PL_WANTED_BACK
                               : "");
    return NULL;
}

static void free_buffer(struct node *node, struct buffer *buffer)
{
    struct plimsoll_buffer freed = { .offset = buffer->offset };
    node->mapped.calls->munmap(buffer->memory, buffer->bytes);
    node->mapped.calls->ioctl(node->file, PLIMSOLL_IOC_FREE, &freed);
    free(buffer);
}

static void release(void *context, void *memory)
{
    struct node *node = context;
    for (struct buffer **at = &node->buffers; *at != NULL; at = &(*at)->next) {
        struct buffer *buffer = *at;
        if (buffer->memory == memory) {
            *at = buffer->next;
            free_buffer(node, buffer);
            return;
        }
    }
}

static const char *refusal(void *context, int *code)
{
    const struct node *node = context;
    *code = node->refusal_code;
    return node->refusal;
}

/* What is still lent the driver frees at the last close, after it has stopped and reset the card.
 */
static void close_node(void *context)
{
    struct node *node = context;
    const struct pl_calls *calls = node->mapped.calls;
    while (node->buffers != NULL) {
        struct buffer *next = node->buffers->next;
        calls->munmap(node->buffers->memory, node->buffers->bytes);
        free(node->buffers);
        node->buffers = next;
    }
    if (node->mapped.window != NULL)
        calls->munmap(node->mapped.window, PL_WINDOW_BYTES);
    if (node->mapped.registers != NULL)
        calls->munmap((void *)node->mapped.registers, PL_REGISTER_BYTES);
    if (node->file >= 0)
        calls->close(node->file);
    free(node);
}

static int open_file(struct node *node, const char *path, char *message)
{
    node->file = node->mapped.calls->open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (node->file >= 0)
        return 0;
    switch (errno) {
    case EBUSY:
        return pl_driver_fail(message, -EBUSY,
                              "%s: another process has the card; `fuser -v %s` names it", path,
                              path);
    case EACCES:
    case EPERM:
        return pl_driver_fail(message, -EACCES,
                              "%s: no permission; `sudo chown $USER %s`, or a udev rule for "
                              "KERNEL==\"plimsoll-*\"",
                              path, path);
    case ENOLINK:
        return pl_driver_fail(message, -PL_STATUS_LINK_DOWN,
                              "%s: the card does not answer: its registers read as all ones; check "
                              "power and link",
                              path);
    case ENODEV: return pl_driver_fail(message, -ENODEV, "%s: the card was removed", path);
    case ENOENT:
        return pl_driver_fail(message, -ENOENT,
                              "%s is not there, though its driver is: a container must be given "
                              "this device file",
                              path);
    default:
        return pl_driver_fail(message, -errno, "%s: %s; `dmesg | grep plimsoll` says why", path,
                              strerror(errno));
    }
}

static int map_card(struct node *node, const char *path, bool interrupts, char *message)
{
    struct plimsoll_info info = { 0 };
    if (node->mapped.calls->ioctl(node->file, PLIMSOLL_IOC_INFO, &info) != 0 ||
        info.interface != PLIMSOLL_INTERFACE || info.register_bytes != PL_REGISTER_BYTES)
        return pl_driver_fail(message, -EPROTO,
                              "%s: the driver speaks interface %" PRIu32 ", this program %d: "
                              "install program and driver of one build",
                              path, info.interface, PLIMSOLL_INTERFACE);
    if (interrupts && info.vectors == 0)
        return pl_driver_fail(message, -ENOSYS, "%s: the card has no interrupts: leave irq=1 out",
                              path);
    if (interrupts)
        node->mapped.events[node->mapped.event_count++] = node->file;
    node->mapped.registers = map_at(node, PL_REGISTER_BYTES, PLIMSOLL_OFFSET_REGISTERS);
    if (node->mapped.registers == NULL)
        return pl_driver_fail(message, -errno, "%s: mapping of the registers: %s", path,
                              strerror(errno));
    node->mapped.store_line = pl_line_store_for(PL_LINE_WRITE_COMBINING);
    if (info.window_bytes < PL_WINDOW_BYTES || node->mapped.store_line == NULL)
        return 0;
    node->mapped.window = map_at(node, PL_WINDOW_BYTES, PLIMSOLL_OFFSET_WINDOW);
    if (node->mapped.window == NULL)
        return pl_driver_fail(message, -errno, "%s: mapping of the window: %s", path,
                              strerror(errno));
    return 0;
}

int pl_node_open(const struct pl_node_options *options, const struct pl_calls *calls,
                 struct pl_bus *out, char *message)
{
    char path[PATH_BYTES];
    struct node *node = calloc(1, sizeof *node);
    if (node == NULL)
        return -ENOMEM;
    node->mapped = (struct pl_mapped){ .calls = calls, .request = -1 };
    node->file = -1;
    snprintf(path, sizeof path, "/dev/plimsoll-%s", options->address);
    int error = open_file(node, path, message);
    error = error != 0 ? error : map_card(node, path, options->interrupts, message);
    if (error != 0) {
        close_node(node);
        return error;
    }
    *out = (struct pl_bus){
        .wait_ns = options->wait_ns,
        .allocate = allocate,
        .refusal = refusal,
        .release = release,
        .close = close_node,
    };
    pl_mapped_bus(&node->mapped, out);
    return 0;
}
