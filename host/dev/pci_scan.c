#include "pci_scan.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <pci/pci.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pl_abi.h"
#include "plimsoll.h"

#define BOARD(name, vendor, device, registers, window) { name, vendor, device, registers, window },
static const struct pl_board boards[] = { PL_BOARDS(BOARD) };

/* libpci ends the process at an error unless its handler does not return: a device that goes away
 * during the scan is one. */
static _Thread_local struct {
    jmp_buf place;
    char *message;
} escape;

__attribute__((noreturn, format(printf, 1, 2))) static void leave(char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    snprintf(escape.message, PL_MESSAGE_BYTES, "the PCI bus cannot be read: %s", text);
    longjmp(escape.place, 1);
}

__attribute__((format(printf, 1, 2))) static void ignore(char *format, ...)
{
    (void)format;
}

const char *pl_pci_root(void)
{
    const char *root = getenv("PLIMSOLL_SYSFS_PCI");
    return root != NULL && *root != '\0' ? root : "/sys/bus/pci";
}

bool pl_pci_attribute(const char *address, const char *name, char *out, size_t bytes)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/devices/%s/%s", pl_pci_root(), address, name);
    FILE *file = length < (int)sizeof path ? fopen(path, "re") : NULL;
    if (file == NULL)
        return false;
    bool read = fgets(out, (int)bytes, file) != NULL;
    fclose(file);
    if (read)
        out[strcspn(out, "\n")] = '\0';
    return read;
}

static const struct pl_board *find_board(uint16_t vendor, uint16_t device)
{
    for (size_t i = 0; i < sizeof boards / sizeof boards[0]; i++) {
        if (boards[i].vendor == vendor && boards[i].device == device)
            return &boards[i];
    }
    return NULL;
}

/* "8.0 GT/s PCIe" and "16"; "../" names what the device is plugged into. */
static struct pl_pci_link read_link(const char *address, const char *of, const char *which)
{
    static const double speeds[] = { 2.5, 5, 8, 16, 32, 64 };
    char name[64], text[64];
    struct pl_pci_link link = { 0 };
    snprintf(name, sizeof name, "%s%s_link_speed", of, which);
    if (pl_pci_attribute(address, name, text, sizeof text)) {
        double speed = strtod(text, NULL);
        for (uint32_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++) {
            if (speed == speeds[i])
                link.generation = i + 1;
        }
    }
    snprintf(name, sizeof name, "%s%s_link_width", of, which);
    if (pl_pci_attribute(address, name, text, sizeof text))
        link.width = (uint32_t)strtoul(text, NULL, 10);
    return link;
}

/* Of the first sensor that a driver of the card shows. */
static void read_temperature(struct pl_pci_card *card)
{
    char pattern[PATH_MAX], text[64];
    glob_t found;
    const char *root = pl_pci_root();
    snprintf(pattern, sizeof pattern, "%s/devices/%s/hwmon/hwmon*/temp1_input", root,
             card->address);
    if (glob(pattern, 0, NULL, &found) == 0) {
        const char *name =
            found.gl_pathv[0] + strlen(root) + strlen("/devices/") + strlen(card->address) + 1;
        card->has_temperature = pl_pci_attribute(card->address, name, text, sizeof text);
        card->temperature_mc = card->has_temperature ? strtoll(text, NULL, 10) : 0;
    }
    globfree(&found);
}

static void describe(struct pci_dev *device, struct pl_pci_card *card)
{
    *card = (struct pl_pci_card){ .iommu_group = -1, .numa_node = -1 };
    snprintf(card->address, sizeof card->address, "%04x:%02x:%02x.%x",
             (unsigned)device->domain & 0xFFFFF, device->bus, device->dev, device->func);
    pci_fill_info(device,
                  PCI_FILL_IDENT | PCI_FILL_NUMA_NODE | PCI_FILL_IOMMU_GROUP | PCI_FILL_DRIVER);
    card->vendor = device->vendor_id;
    card->device = device->device_id;
    card->board = find_board(card->vendor, card->device);
    card->numa_node = device->numa_node;
    const char *driver = pci_get_string_property(device, PCI_FILL_DRIVER);
    const char *group = pci_get_string_property(device, PCI_FILL_IOMMU_GROUP);
    snprintf(card->driver, sizeof card->driver, "%s", driver != NULL ? driver : "");
    card->iommu_group = group != NULL ? atoi(group) : -1;
    card->now = read_link(card->address, "", "current");
    card->most = read_link(card->address, "", "max");
    card->slot = read_link(card->address, "../", "max");
    read_temperature(card);
}

/* NULL: this machine shows no PCI bus. */
static struct pci_access *start(void)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s/devices", pl_pci_root());
    struct pci_access *access_ = access(folder, R_OK | X_OK) == 0 ? pci_alloc() : NULL;
    if (access_ == NULL)
        return NULL;
    access_->method = PCI_ACCESS_SYS_BUS_PCI;
    access_->error = leave;
    access_->warning = access_->debug = ignore;
    pci_set_param(access_, "sysfs.path", (char *)pl_pci_root());
    return access_;
}

static int by_address(const void *left, const void *right)
{
    const struct pl_pci_card *a = left, *b = right;
    return strcmp(a->address, b->address);
}

/* `wanted`: the address of one device, or NULL for all cards. */
static int collect(struct pci_access *bus, const char *wanted, struct pl_pci_card *cards,
                   size_t max, char *message)
{
    volatile size_t count = 0;
    escape.message = message;
    if (setjmp(escape.place) != 0) {
        pci_cleanup(bus);
        return -EIO;
    }
    pci_init(bus);
    pci_scan_bus(bus);
    for (struct pci_dev *device = bus->devices; device != NULL && count < max;
         device = device->next) {
        describe(device, &cards[count]);
        if (wanted != NULL ? strcmp(wanted, cards[count].address) == 0 : cards[count].board != NULL)
            count = count + 1;
    }
    pci_cleanup(bus);
    qsort(cards, count, sizeof *cards, by_address);
    return (int)count;
}

int pl_pci_scan(struct pl_pci_card *cards, size_t max, char *message)
{
    struct pci_access *bus = start();
    return bus != NULL ? collect(bus, NULL, cards, max, message) : 0;
}

int pl_pci_look(const char *address, struct pl_pci_card *out, char *message)
{
    unsigned domain, bus_number, device, function;
    char canonical[PL_PCI_ADDRESS_BYTES];
    int used = 0;
    if (sscanf(address, "%5x:%2x:%2x.%1x%n", &domain, &bus_number, &device, &function, &used) !=
            4 ||
        address[used] != '\0') {
        snprintf(message, PL_MESSAGE_BYTES,
                 "device pci: \"%.64s\" is no address on PCI; it looks like 0000:3b:00.0, and "
                 "`plimsoll devices` lists the cards",
                 address);
        return -EINVAL;
    }
    snprintf(canonical, sizeof canonical, "%04x:%02x:%02x.%x", domain, bus_number, device,
             function);
    struct pci_access *bus = start();
    int found = bus != NULL ? collect(bus, canonical, out, 1, message) : 0;
    if (found == 0)
        snprintf(message, PL_MESSAGE_BYTES,
                 "device pci: nothing is at %s; `plimsoll devices` lists the cards, `echo 1 "
                 ">/sys/bus/pci/rescan` looks for new ones",
                 canonical);
    return found == 0 ? -ENODEV : found < 0 ? found : 0;
}
