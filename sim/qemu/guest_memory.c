#include "guest_memory.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

void guest_memory_clear(struct guest_memory *memory)
{
    while (memory->count > 0) {
        struct guest_region *r = &memory->regions[--memory->count];
        munmap(r->memory, r->bytes);
    }
}

static int add(struct guest_memory *memory, uint64_t gpa, uint64_t bytes, uint64_t offset, int fd,
               char *text)
{
    struct stat file;
    if (fstat(fd, &file) != 0 || offset > (uint64_t)file.st_size ||
        bytes > (uint64_t)file.st_size - offset || gpa + bytes < gpa) {
        snprintf(text, WIRE_TEXT_BYTES,
                 "guest memory at %" PRIx64 ": %" PRIu64 " bytes from %" PRIx64
                 " are not in its file",
                 gpa, bytes, offset);
        return -EPROTO;
    }
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);
    if (at == MAP_FAILED) {
        int error = errno;
        snprintf(text, WIRE_TEXT_BYTES,
                 "guest memory at %" PRIx64 ": mapping %" PRIu64 " bytes: %s", gpa, bytes,
                 strerror(error));
        return -error;
    }
    memory->regions[memory->count++] = (struct guest_region){ gpa, bytes, at };
    return 0;
}

int guest_memory_set(struct guest_memory *memory, const struct wire_message *message, char *text)
{
    const struct wire_regions *r = &message->regions;
    int error = 0;
    guest_memory_clear(memory);
    for (unsigned n = 0; error == 0 && n < message->fd_count; n++)
        error = add(memory, r->gpas[n], r->sizes[n], r->offsets[n], message->fds[n], text);
    if (error != 0)
        guest_memory_clear(memory);
    return error;
}

void *guest_memory_at(const struct guest_memory *memory, uint64_t gpa, uint64_t bytes)
{
    for (unsigned n = 0; n < memory->count; n++) {
        const struct guest_region *r = &memory->regions[n];
        if (gpa >= r->gpa && gpa - r->gpa < r->bytes && bytes <= r->bytes - (gpa - r->gpa))
            return r->memory + (gpa - r->gpa);
    }
    return NULL;
}
