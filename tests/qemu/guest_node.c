/* In the guest: the file of the driver plimsoll, from its first open to the removal of the card.
 *
 *     guest_node          everything but the removal
 *     guest_node remove   the card is removed while its memory is mapped, and found again */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../drivers/linux/uapi/plimsoll.h"
#include "guest.h"
#include "pl_abi.h"

#define FILE_PATH "/dev/plimsoll-" CARD
#define BUFFER_BYTES 20000
#define COMMAND 4 /* of the configuration space */
#define COMMAND_MASTER 4

static int call(int file, unsigned long request, void *argument)
{
    return ioctl(file, request, argument) == 0 ? 0 : errno;
}

static void *map(int file, size_t bytes, uint64_t offset, int flags)
{
    return mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, file, (off_t)offset);
}

static bool refuses_map(int file, size_t bytes, uint64_t offset, int flags)
{
    return map(file, bytes, offset, flags) == MAP_FAILED && errno == EINVAL;
}

static uint64_t attribute(const char *name)
{
    char path[128];
    unsigned long long value = UINT64_MAX;
    snprintf(path, sizeof path, CARD_PATH "/plimsoll/%s", name);
    FILE *file = fopen(path, "r");
    if (file == NULL || fscanf(file, "%llu", &value) != 1)
        printf("FAILED: %s\n", path);
    if (file != NULL)
        fclose(file);
    return value;
}

static bool is_master(void)
{
    uint16_t command = 0;
    int file = open(CARD_PATH "/config", O_RDONLY);
    if (pread(file, &command, sizeof command, COMMAND) != sizeof command)
        printf("FAILED: configuration space\n");
    close(file);
    return (command & COMMAND_MASTER) != 0;
}

static void write_file(const char *path, const char *text)
{
    int file = open(path, O_WRONLY);
    check(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text), path, 0);
    close(file);
}

static void one_process_at_a_time(int file)
{
    check(open(FILE_PATH, O_RDWR) < 0 && errno == EBUSY, "a second open is refused",
          (uint64_t)errno);
    struct plimsoll_info info;
    equal((uint64_t)call(file, PLIMSOLL_IOC_INFO, &info), 0, "info");
    equal(info.interface, PLIMSOLL_INTERFACE, "interface");
    equal(info.vectors, 3, "vectors");
    equal(info.contract_hash, PL_CONTRACT_HASH, "contract");
    equal(info.window_bytes, PL_WINDOW_BYTES, "window");
    equal(attribute("in_use"), 1, "in use");
}

static void mappings_have_bounds(int file)
{
    const uint32_t page = 4096;
    volatile uint32_t *registers =
        map(file, PL_REGISTER_BYTES, PLIMSOLL_OFFSET_REGISTERS, MAP_SHARED);
    equal(registers[PL_REG_MAGIC / 4], PL_MAGIC, "magic, by a mapping");
    munmap((void *)registers, PL_REGISTER_BYTES);
    check(refuses_map(file, 2 * PL_REGISTER_BYTES, PLIMSOLL_OFFSET_REGISTERS, MAP_SHARED),
          "no more than the registers", 0);
    check(refuses_map(file, page, page, MAP_SHARED), "no page behind the registers", 0);
    check(refuses_map(file, 2 * PL_WINDOW_BYTES, PLIMSOLL_OFFSET_WINDOW, MAP_SHARED),
          "no more than the window", 0);
    check(refuses_map(file, page, PLIMSOLL_OFFSET_REGISTERS, MAP_PRIVATE), "no private mapping", 0);
    check(refuses_map(file, page, UINT64_C(1) << 32, MAP_SHARED), "no buffer that is not there", 0);
    check(refuses_map(file, page, UINT64_MAX << 32, MAP_SHARED), "no absurd offset", 0);
}

static void memory_is_lent_and_taken_back(int file)
{
    struct plimsoll_buffer buffer = { .bytes = BUFFER_BYTES }, other = { .bytes = 1 },
                           absurd = { .bytes = 0 };
    check(!is_master(), "no bus mastering before memory is lent", 0);
    equal((uint64_t)call(file, PLIMSOLL_IOC_ALLOC, &buffer), 0, "a buffer");
    check(is_master(), "bus mastering from then on", 0);
    equal(buffer.bytes, 20480, "whole pages");
    equal(buffer.address % 4096, 0, "aligned");
    equal((uint64_t)call(file, PLIMSOLL_IOC_ALLOC, &other), 0, "another");
    check(other.offset != buffer.offset && other.address != buffer.address, "of its own", 0);
    equal(attribute("buffer_bytes"), 20480 + 4096, "bytes lent");
    uint8_t *memory = map(file, buffer.bytes, buffer.offset, MAP_SHARED);
    uint8_t sum = 0;
    for (size_t i = 0; i < buffer.bytes; i++)
        sum |= memory[i];
    equal(sum, 0, "zeroed");
    memset(memory, 0x5A, buffer.bytes);
    uint8_t *again = map(file, buffer.bytes, buffer.offset, MAP_SHARED);
    equal(again[buffer.bytes - 1], 0x5A, "one memory in both mappings");
    equal((uint64_t)call(file, PLIMSOLL_IOC_FREE, &buffer), EBUSY, "mapped memory stays");
    munmap(memory + 4096, 4096); /* a mapping in two parts */
    munmap(again, buffer.bytes);
    equal((uint64_t)call(file, PLIMSOLL_IOC_FREE, &buffer), EBUSY, "also in parts");
    munmap(memory, 4096);
    munmap(memory + 8192, buffer.bytes - 8192);
    equal((uint64_t)call(file, PLIMSOLL_IOC_FREE, &buffer), 0, "then it is freed");
    equal((uint64_t)call(file, PLIMSOLL_IOC_FREE, &buffer), ENOENT, "once");
    equal((uint64_t)call(file, PLIMSOLL_IOC_ALLOC, &absurd), EINVAL, "no bytes");
    absurd.bytes = UINT64_MAX;
    equal((uint64_t)call(file, PLIMSOLL_IOC_ALLOC, &absurd), EINVAL, "all bytes");
    absurd.bytes = UINT64_C(1) << 31;
    equal((uint64_t)call(file, PLIMSOLL_IOC_ALLOC, &absurd), ENOSPC, "more than the limit");
    equal((uint64_t)call(file, PLIMSOLL_IOC_ALLOC, NULL), EFAULT, "no argument");
    equal((uint64_t)call(file, _IO(PLIMSOLL_IOC_MAGIC, 99), NULL), ENOTTY, "no such request");
    equal(attribute("buffer_bytes"), 4096, "nothing of the refused ones stays");
}

static void nothing_is_there_to_read(int file)
{
    uint64_t count;
    struct pollfd event = { .fd = file, .events = POLLIN };
    check(read(file, &count, sizeof count) < 0 && errno == EAGAIN, "no interrupt yet",
          (uint64_t)errno);
    check(read(file, &count, 4) < 0 && errno == EINVAL, "a short read", (uint64_t)errno);
    equal((uint64_t)poll(&event, 1, 0), 0, "poll without an interrupt");
}

/* A process that dies with the card open, its memory lent and mapped. */
static void a_killed_process_leaves_a_card_that_is_clean(void)
{
    uint64_t resets = attribute("resets");
    pid_t child = fork();
    if (child == 0) {
        struct plimsoll_buffer buffer = { .bytes = BUFFER_BYTES };
        int file = open(FILE_PATH, O_RDWR);
        call(file, PLIMSOLL_IOC_ALLOC, &buffer);
        memset(map(file, buffer.bytes, buffer.offset, MAP_SHARED), 1, buffer.bytes);
        raise(9);
    }
    waitpid(child, NULL, 0);
    check(!is_master(), "bus mastering is off", 0);
    equal(attribute("buffer_bytes"), 0, "its memory is freed");
    equal(attribute("in_use"), 0, "it is free");
    equal(attribute("resets"), resets + 1, "and was reset");
}

/* A child has neither the mappings nor, once it closed the file, a part in it. */
static void a_fork_keeps_nothing(void)
{
    int file = open(FILE_PATH, O_RDWR);
    void *registers = map(file, PL_REGISTER_BYTES, PLIMSOLL_OFFSET_REGISTERS, MAP_SHARED);
    pid_t child = fork();
    if (child == 0) {
        close(file);
        pause();
    }
    usleep(200000);
    munmap(registers, PL_REGISTER_BYTES);
    close(file);
    equal(attribute("in_use"), 0, "closed, though a child lives that was forked meanwhile");
    kill(child, 9);
    waitpid(child, NULL, 0);
}

static void removal(void)
{
    struct plimsoll_buffer buffer = { .bytes = BUFFER_BYTES }, more = { .bytes = 1 };
    struct pollfd event = { .events = POLLIN };
    uint64_t count;
    int file = event.fd = open(FILE_PATH, O_RDWR | O_NONBLOCK);
    equal((uint64_t)call(file, PLIMSOLL_IOC_ALLOC, &buffer), 0, "a buffer");
    volatile uint32_t *registers =
        map(file, PL_REGISTER_BYTES, PLIMSOLL_OFFSET_REGISTERS, MAP_SHARED);
    volatile uint64_t *window = map(file, PL_WINDOW_BYTES, PLIMSOLL_OFFSET_WINDOW, MAP_SHARED);
    uint8_t *memory = map(file, buffer.bytes, buffer.offset, MAP_SHARED);
    uint8_t *unused = map(file, 4096, buffer.offset, MAP_SHARED); /* not touched before */
    equal(registers[PL_REG_MAGIC / 4], PL_MAGIC, "magic");
    for (size_t i = 0; i < buffer.bytes; i++)
        memory[i] = (uint8_t)(i * 7);
    write_file(CARD_PATH "/remove", "1");
    equal(registers[PL_REG_MAGIC / 4], UINT32_MAX, "registers of a card that is gone");
    registers[PL_REG_CONTROL / 4] = 0;
    window[0] = 1;
    equal(registers[PL_REG_STATUS / 4], UINT32_MAX, "also after writing");
    uint64_t wrong = 0;
    for (size_t i = 0; i < buffer.bytes; i++)
        wrong += memory[i] != (uint8_t)(i * 7);
    equal(wrong, 0, "memory keeps what it had");
    equal(unused[1], 7, "in every mapping");
    memory[0] = 99;
    equal(unused[0], 99, "and is still one");
    equal((uint64_t)call(file, PLIMSOLL_IOC_ALLOC, &more), ENODEV, "no more memory");
    check(read(file, &count, sizeof count) < 0 && errno == ENODEV, "no interrupts",
          (uint64_t)errno);
    check(poll(&event, 1, 0) == 1 && (event.revents & POLLHUP) != 0, "poll says so",
          (uint64_t)event.revents);
    check(map(file, PL_REGISTER_BYTES, 0, MAP_SHARED) == MAP_FAILED && errno == ENODEV,
          "no new mapping", (uint64_t)errno);
    check(open(FILE_PATH, O_RDWR) < 0 && errno == ENOENT, "the file is gone", (uint64_t)errno);
    write_file("/sys/bus/pci/rescan", "1");
    int again = open(FILE_PATH, O_RDWR);
    check(again >= 0, "found again, it can be opened while the old file is still open",
          (uint64_t)errno);
    close(again);
    munmap(memory, buffer.bytes);
    munmap(unused, 4096);
    equal((uint64_t)call(file, PLIMSOLL_IOC_FREE, &buffer), 0, "its memory can be freed");
    munmap((void *)registers, PL_REGISTER_BYTES);
    munmap((void *)window, PL_WINDOW_BYTES);
    close(file);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "remove") == 0) {
        removal();
        return done();
    }
    int file = open(FILE_PATH, O_RDWR | O_NONBLOCK);
    if (!check(file >= 0, FILE_PATH " is opened", (uint64_t)errno))
        return done();
    one_process_at_a_time(file);
    mappings_have_bounds(file);
    memory_is_lent_and_taken_back(file);
    nothing_is_there_to_read(file);
    close(file);
    check(!is_master(), "bus mastering is off after the last close", 0);
    equal(attribute("buffer_bytes"), 0, "memory that was still lent is freed");
    a_killed_process_leaves_a_card_that_is_clean();
    a_fork_keeps_nothing();
    return done();
}
