/* In the guest: the card by sysfs, without a driver. Registers, their widths and order, the MSI-X
 * table, function-level reset. */
#include "guest.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pl_abi.h"
#include "../../sim/qemu/card_pci.h"

static volatile uint8_t *registers;

static uint32_t get(uint32_t offset)
{
    return *(volatile uint32_t *)(registers + offset);
}

static void put(uint32_t offset, uint32_t value)
{
    *(volatile uint32_t *)(registers + offset) = value;
}

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY);
    bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0)
        close(fd);
    return good;
}

static void read_file(const char *path, char *text, size_t bytes)
{
    int fd = open(path, O_RDONLY);
    ssize_t got = fd >= 0 ? read(fd, text, bytes - 1) : 0;
    text[got > 0 ? got : 0] = '\0';
    if (fd >= 0)
        close(fd);
}

static void test_identity(void)
{
    char text[64];
    equal(get(PL_REG_MAGIC), PL_MAGIC, "MAGIC");
    equal(get(PL_REG_CONTRACT_VERSION), PL_CONTRACT_VERSION, "CONTRACT_VERSION");
    equal(get(PL_REG_CONTRACT_HASH_LOW) | (uint64_t)get(PL_REG_CONTRACT_HASH_HIGH) << 32,
          PL_CONTRACT_HASH, "CONTRACT_HASH");
    read_file(CARD_PATH "/class", text, sizeof text);
    equal(strtoull(text, NULL, 0), CARD_PCI_CLASS, "class");
    read_file(CARD_PATH "/current_link_speed", text, sizeof text);
    check(strncmp(text, "8.0 GT/s", 8) == 0, "link speed", 0);
    read_file(CARD_PATH "/current_link_width", text, sizeof text);
    equal(strtoull(text, NULL, 0), 16, "link width");
}

static void test_registers(void)
{
    put(PL_REG_SUBMIT_BASE_LOW, 0x12345640);
    put(PL_REG_SUBMIT_BASE_HIGH, 0x89);
    equal(get(PL_REG_SUBMIT_BASE_LOW), 0x12345640, "a register keeps what was written");
    equal(get(PL_REG_SUBMIT_BASE_HIGH), 0x89, "and its neighbour");
    put(PL_REG_MAGIC, 0);
    equal(get(PL_REG_MAGIC), PL_MAGIC, "a read-only register stays");
    equal(get(0xff0), UINT32_MAX, "an offset without a register reads as ones");
    equal(get(CARD_PCI_REGISTERS_BYTES), UINT32_MAX, "so does the space after the registers");
    equal(*(volatile uint16_t *)registers, UINT16_MAX, "and an access of 2 bytes");
    equal(*(volatile uint64_t *)registers, UINT64_MAX, "and one of 8");
    *(volatile uint64_t *)(registers + PL_REG_SUBMIT_BASE_LOW) = 0;
    equal(get(PL_REG_SUBMIT_BASE_LOW), 0x12345640, "a write of 8 bytes has no effect");
}

/* Posted writes arrive in their order, all of them before the read behind them. */
static void test_order(void)
{
    for (uint32_t n = 1; n <= 600; n++) {
        put(PL_REG_COMPLETE_BASE_LOW, n * 64);
        put(PL_REG_COMPLETE_BASE_HIGH, n);
        if (n % 100 != 0)
            continue;
        equal(get(PL_REG_COMPLETE_BASE_LOW), n * 64, "the last write counts");
        equal(get(PL_REG_COMPLETE_BASE_HIGH), n, "of both registers");
    }
}

static void test_msix_table(void)
{
    for (uint32_t n = 0; n < CARD_PCI_VECTORS; n++)
        equal(get(CARD_PCI_MSIX_TABLE + 16 * n + 12), 1, "a vector begins masked");
    put(CARD_PCI_MSIX_TABLE + 8, 0x4041);
    equal(get(CARD_PCI_MSIX_TABLE + 8), 0x4041, "the table keeps its data");
    put(CARD_PCI_MSIX_PBA, UINT32_MAX);
    equal(get(CARD_PCI_MSIX_PBA), 0, "pending bits are read-only");
}

static void test_reset(void)
{
    char methods[64];
    read_file(CARD_PATH "/reset_method", methods, sizeof methods);
    check(strncmp(methods, "flr", 3) == 0, "the kernel knows function-level reset", 0);
    check(write_file(CARD_PATH "/reset_method", "flr"), "and takes it", 0);
    check(write_file(CARD_PATH "/reset", "1"), "and does it", 0);
    equal(get(PL_REG_MAGIC), PL_MAGIC, "the card is back after a reset");
    equal(get(PL_REG_SUBMIT_BASE_LOW), 0, "with its registers as at first");
    equal(get(CARD_PCI_MSIX_TABLE + 8), 0, "and its table");
}

int main(int argc, char **argv)
{
    int fd = -1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    check(write_file(CARD_PATH "/enable", "1"), "the card can be enabled", 0);
    fd = open(CARD_PATH "/resource0", O_RDWR | O_SYNC);
    registers = mmap(NULL, CARD_PCI_REGISTERS_BAR_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (!check(fd >= 0 && registers != MAP_FAILED, "BAR 0 can be mapped", 0))
        return done();
    if (argc == 2 && strcmp(argv[1], "removed") == 0) {
        for (unsigned n = 0; n < 100; n++)
            get(PL_REG_MAGIC);
        equal(get(PL_REG_MAGIC), UINT32_MAX, "a card that is gone reads as ones");
        put(PL_REG_SUBMIT_BASE_LOW, 64);
        equal(get(PL_REG_SUBMIT_BASE_LOW), UINT32_MAX, "whatever is written");
        char text[64] = "";
        read_file(CARD_PATH "/config", text, 5);
        check(memcmp(text, "\xff\xff\xff\xff", 4) == 0, "and so does its configuration", 0);
        return done();
    }
    test_identity();
    test_registers();
    test_order();
    test_msix_table();
    test_reset();
    return done();
}
