/* pci: a card in this machine, by its address on PCI and the driver that is bound to it: vfio-pci
 * or plimsoll. Options, separated by commas: irq=1 (wait by interrupt instead of looking),
 * wait_us= (how long a card may take to answer), verdict_lines= (most of one submission). */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "card.h"
#include "linux/user/node.h"
#include "pci_card.h"
#include "vfio/vfio.h"

/* Longer than the card itself waits for a unit (2^26 cycles), so that its own error comes first. */
#define WAIT_US 500000

static int parse_option(struct pl_pci_options *out, char *option, char *message)
{
    const struct {
        const char *name;
        uint64_t *place;
    } numbers[] = { { "irq", &out->interrupts },
                    { "wait_us", &out->wait_us },
                    { "verdict_lines", &out->verdict_lines } };
    char *value = strchr(option, '='), *end;
    if (value != NULL)
        *value++ = '\0';
    for (size_t i = 0; value != NULL && i < sizeof numbers / sizeof numbers[0]; i++) {
        if (strcmp(option, numbers[i].name) != 0)
            continue;
        errno = 0;
        *numbers[i].place = strtoull(value, &end, 0);
        if (errno == 0 && end != value && *end == '\0' && value[0] != '-')
            return 0;
        snprintf(message, PL_MESSAGE_BYTES, "device pci: %s=%.64s is not a number", option, value);
        return -EINVAL;
    }
    snprintf(message, PL_MESSAGE_BYTES,
             "device pci: has no option \"%.64s\"; it has irq, wait_us, verdict_lines", option);
    return -EINVAL;
}

static int parse_options(const char *text, struct pl_pci_options *out, char *message)
{
    *out = (struct pl_pci_options){ .wait_us = WAIT_US };
    char *copy = strdup(text), *rest = copy, *option;
    if (copy == NULL)
        return -ENOMEM;
    snprintf(out->address, sizeof out->address, "%s", strsep(&rest, ","));
    int error = 0;
    while (error == 0 && (option = strsep(&rest, ",")) != NULL) {
        if (*option != '\0')
            error = parse_option(out, option, message);
    }
    free(copy);
    if (error == 0 && out->interrupts > 1) {
        snprintf(message, PL_MESSAGE_BYTES, "device pci: irq is 0 or 1");
        error = -EINVAL;
    }
    return error;
}

static int refuse_foreign(const struct pl_pci_card *card, char *message)
{
    snprintf(message, PL_MESSAGE_BYTES,
             "%s is %04x:%04x, no Plimsoll card; `plimsoll devices` lists those", card->address,
             card->vendor, card->device);
    return -ENXIO;
}

static int refuse_driver(const struct pl_pci_card *card, char *message)
{
    const char *a = card->address;
    char unbind[128] = "", loaded[PATH_MAX];
    snprintf(loaded, sizeof loaded, "%s/drivers/plimsoll", pl_pci_root());
    if (card->driver[0] == '\0' && access(loaded, F_OK) == 0) {
        snprintf(
            message, PL_MESSAGE_BYTES,
            "%s has no driver: plimsoll is loaded and did not take it; `dmesg | grep plimsoll` "
            "says why, `echo %s >/sys/bus/pci/drivers/plimsoll/bind` tries again",
            a, a);
        return -EUNATCH;
    }
    if (card->driver[0] != '\0')
        snprintf(unbind, sizeof unbind, "echo %s >/sys/bus/pci/drivers/%s/unbind; ", a,
                 card->driver);
    snprintf(message, PL_MESSAGE_BYTES,
             "%s %s%s: bind vfio-pci to it with `modprobe vfio-pci; %secho vfio-pci "
             ">/sys/bus/pci/devices/%s/driver_override; echo %s >/sys/bus/pci/drivers_probe`, or "
             "load the driver of this project with `modprobe plimsoll`",
             a, card->driver[0] != '\0' ? "has the driver " : "has no driver", card->driver, unbind,
             a, a);
    return -EUNATCH;
}

int pl_pci_open_bus(const struct pl_pci_card *card, const struct pl_pci_options *options,
                    const struct pl_calls *calls, struct pl_bus *out, char *message)
{
    if (card->board == NULL)
        return refuse_foreign(card, message);
    const struct pl_node_options node = { .address = card->address,
                                          .interrupts = options->interrupts != 0,
                                          .wait_ns = options->wait_us * 1000 };
    if (strcmp(card->driver, "plimsoll") == 0)
        return pl_node_open(&node, calls, out, message);
    if (strcmp(card->driver, "vfio-pci") != 0)
        return refuse_driver(card, message);
    if (card->iommu_group < 0) {
        snprintf(message, PL_MESSAGE_BYTES,
                 "%s is in no IOMMU group: boot with intel_iommu=on or amd_iommu=on, and enable "
                 "VT-d or AMD-Vi in the firmware; or use the driver plimsoll instead of vfio-pci",
                 card->address);
        return -EOPNOTSUPP;
    }
    const struct pl_vfio_options vfio = { .address = card->address,
                                          .group = card->iommu_group,
                                          .register_bar = card->board->register_bar,
                                          .window_bar = card->board->window_bar,
                                          .interrupts = options->interrupts != 0,
                                          .wait_ns = options->wait_us * 1000 };
    return pl_vfio_open(&vfio, calls, out, message);
}

static int identify_by_registers(const struct pl_pci_card *card, const struct pl_calls *calls,
                                 struct pl_pci_identity *out, char *message)
{
    const struct pl_pci_options options = { 0 };
    struct pl_bus bus;
    int error = pl_pci_open_bus(card, &options, calls, &bus, message);
    if (error != 0)
        return error;
    uint32_t magic = bus.read32(bus.context, PL_REG_MAGIC);
    out->contract_hash = bus.read32(bus.context, PL_REG_CONTRACT_HASH_LOW) |
                         (uint64_t)bus.read32(bus.context, PL_REG_CONTRACT_HASH_HIGH) << 32;
    out->revision = bus.read32(bus.context, PL_REG_BUILD);
    bus.close(bus.context);
    if (magic == PL_MAGIC)
        return 0;
    snprintf(message, PL_MESSAGE_BYTES,
             magic == UINT32_MAX ? "%s: the link is down" : "%s: another design is in the card",
             card->address);
    return magic == UINT32_MAX ? -PL_STATUS_LINK_DOWN : -ENXIO;
}

/* The driver plimsoll read them when it took the card. */
int pl_pci_identify(const struct pl_pci_card *card, const struct pl_calls *calls,
                    struct pl_pci_identity *out, char *message)
{
    char hash[64], revision[64];
    if (strcmp(card->driver, "plimsoll") != 0)
        return identify_by_registers(card, calls, out, message);
    if (!pl_pci_attribute(card->address, "plimsoll/contract_hash", hash, sizeof hash) ||
        !pl_pci_attribute(card->address, "plimsoll/revision", revision, sizeof revision)) {
        snprintf(message, PL_MESSAGE_BYTES, "%s: its driver shows neither contract nor revision",
                 card->address);
        return -ENOENT;
    }
    out->contract_hash = strtoull(hash, NULL, 16);
    out->revision = (uint32_t)strtoul(revision, NULL, 10);
    return 0;
}

static int pci_open(const char *text, struct pl_dev **out, char *message)
{
    struct pl_pci_options options;
    struct pl_pci_card card;
    struct pl_bus bus;
    char description[128];
    int error = parse_options(text, &options, message);
    error = error != 0 ? error : pl_pci_look(options.address, &card, message);
    error = error != 0 ? error : pl_pci_open_bus(&card, &options, &pl_calls_system, &bus, message);
    if (error != 0)
        return error;
    int used = snprintf(description, sizeof description, "%s at %s by %s", card.board->name,
                        card.address, card.driver);
    if (card.now.generation != 0)
        snprintf(description + used, sizeof description - (size_t)used,
                 ", PCIe %" PRIu32 " x%" PRIu32, card.now.generation, card.now.width);
    const struct pl_card_options card_options = { .verdict_lines = options.verdict_lines,
                                                  .description = description };
    return pl_card_open(&bus, &card_options, out, message);
}

const struct pl_dev_ops pl_dev_pci_ops = {
    .scheme = "pci",
    .open = pci_open,
    PL_CARD_OPERATIONS,
};
