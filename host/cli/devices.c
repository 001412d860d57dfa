/* plimsoll devices */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "commands.h"
#include "dev/pci_card.h"
#include "opencl/choose.h"

static const char *const uris[] = { "cpu:", "model:", "model:profile=small",
                                    "sim:", "sim:profile=small,lanes=1" };

static void list_software(struct pl_output *output)
{
    static const struct pl_column columns[] = {
        { "device", "device", PL_COLUMN_TEXT },
        { "profile", "profile", PL_COLUMN_TEXT },
        { "scenarios", "scenarios", PL_COLUMN_COUNT },
        { "instruments", "instruments", PL_COLUMN_COUNT },
        { "expiries", "expiries", PL_COLUMN_COUNT },
        { "description", "description", PL_COLUMN_TEXT },
    };
    struct pl_listing listing;
    pl_listing_start(&listing, output, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < sizeof uris / sizeof uris[0]; i++) {
        char message[PL_MESSAGE_BYTES];
        struct pl *device;
        struct pl_capabilities capabilities;
        if (pl_open(uris[i], &device, message) != 0) {
            pl_complain_lines(message);
            continue;
        }
        pl_capabilities(device, &capabilities);
        pl_listing_text(&listing, uris[i]);
        pl_listing_text(&listing, capabilities.profile == PL_PROFILE_SMALL ? "small" : "full");
        pl_listing_count(&listing, capabilities.scenarios);
        pl_listing_count(&listing, capabilities.instruments);
        pl_listing_count(&listing, capabilities.expiries);
        pl_listing_text(&listing, capabilities.description);
        pl_close(device);
    }
    pl_output_listing(output, "devices", NULL, &listing, true);
}

static void add_link(struct pl_listing *listing, const struct pl_pci_link *link)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRIu32 ".0 x%" PRIu32, link->generation, link->width);
    pl_listing_text(listing, link->generation != 0 && link->width != 0 ? text : NULL);
}

/* What keeps a link below the card's most: the slot, or what happened when it was trained. */
static const char *link_limit(const struct pl_pci_card *card)
{
    const struct pl_pci_link *now = &card->now, *most = &card->most, *slot = &card->slot;
    if (now->generation == 0 || most->generation == 0)
        return NULL;
    if (now->generation >= most->generation && now->width >= most->width)
        return "card";
    bool slot_is_less =
        slot->generation != 0 && (slot->generation < most->generation || slot->width < most->width);
    uint32_t generation =
        slot_is_less && slot->generation < most->generation ? slot->generation : most->generation;
    uint32_t width = slot_is_less && slot->width < most->width ? slot->width : most->width;
    return slot_is_less && now->generation >= generation && now->width >= width ? "slot"
                                                                                : "training";
}

static void add_number(struct pl_listing *listing, int number)
{
    char text[16];
    snprintf(text, sizeof text, "%d", number);
    pl_listing_text(listing, number >= 0 ? text : NULL);
}

static void add_temperature(struct pl_listing *listing, const struct pl_pci_card *card)
{
    char text[32];
    int64_t tenths = card->temperature_mc / 100;
    snprintf(text, sizeof text, "%s%" PRId64 ".%" PRId64, tenths < 0 ? "-" : "",
             (tenths < 0 ? -tenths : tenths) / 10, (tenths < 0 ? -tenths : tenths) % 10);
    pl_listing_text(listing, card->has_temperature ? text : NULL);
}

static const char *state_name(int error, const struct pl_pci_identity *identity)
{
    switch (error) {
    case 0:
        return identity->contract_hash == PL_CONTRACT_HASH ? "ready"
                                                           : pl_error_name(-PL_STATUS_CONTRACT);
    case -EUNATCH: return "no driver";
    case -EOPNOTSUPP: return "no IOMMU";
    case -EACCES: return "no permission";
    case -EBUSY: return "in use";
    default: return pl_error_name(error);
    }
}

static void add_card(struct pl_listing *listing, const struct pl_pci_card *card)
{
    char uri[8 + PL_PCI_ADDRESS_BYTES], contract[32], revision[16], message[PL_MESSAGE_BYTES];
    struct pl_pci_identity identity = { 0 };
    int error = pl_pci_identify(card, &pl_calls_system, &identity, message);
    snprintf(uri, sizeof uri, "pci:%.*s", PL_PCI_ADDRESS_BYTES, card->address);
    snprintf(contract, sizeof contract, "%016" PRIX64, identity.contract_hash);
    snprintf(revision, sizeof revision, "%" PRIu32, identity.revision);
    if (error != 0)
        pl_complain_lines(message);
    pl_listing_text(listing, uri);
    pl_listing_text(listing, card->board->name);
    pl_listing_text(listing, card->driver[0] != '\0' ? card->driver : NULL);
    pl_listing_text(listing, error == 0 ? contract : NULL);
    pl_listing_text(listing, error == 0 ? revision : NULL);
    add_link(listing, &card->now);
    add_link(listing, &card->most);
    add_link(listing, &card->slot);
    pl_listing_text(listing, link_limit(card));
    add_number(listing, card->numa_node);
    add_number(listing, card->iommu_group);
    add_temperature(listing, card);
    pl_listing_text(listing, state_name(error, &identity));
}

static int list_cards(struct pl_output *output)
{
    static const struct pl_column columns[] = {
        { "device", "device", PL_COLUMN_TEXT },
        { "board", "board", PL_COLUMN_TEXT },
        { "driver", "driver", PL_COLUMN_TEXT },
        { "contract", "contract", PL_COLUMN_TEXT },
        { "revision", "revision", PL_COLUMN_TEXT },
        { "link", "PCIe now", PL_COLUMN_TEXT },
        { "link_most", "at most", PL_COLUMN_TEXT },
        { "slot_most", "slot", PL_COLUMN_TEXT },
        { "limited_by", "limited by", PL_COLUMN_TEXT },
        { "numa_node", "node", PL_COLUMN_TEXT },
        { "iommu_group", "IOMMU group", PL_COLUMN_TEXT },
        { "temperature", "deg C", PL_COLUMN_TEXT },
        { "state", "state", PL_COLUMN_TEXT },
    };
    struct pl_pci_card cards[PL_PCI_CARDS_MAX];
    char message[PL_MESSAGE_BYTES];
    struct pl_listing listing;
    int count = pl_pci_scan(cards, PL_PCI_CARDS_MAX, message);
    if (count < 0) {
        pl_complain_lines(message);
        return count;
    }
    pl_listing_start(&listing, output, columns, sizeof columns / sizeof columns[0]);
    for (int i = 0; i < count; i++)
        add_card(&listing, &cards[i]);
    pl_output_listing(output, "cards", "Cards on PCI:", &listing, false);
    return 0;
}

static void add_opencl(struct pl_listing *listing, const struct pl_ocl_found *found)
{
    static const char *const kinds[] = { "processor", "accelerator", "graphics processor" };
    char uri[64];
    snprintf(uri, sizeof uri, "opencl:platform=%u,device=%u", found->platform, found->device);
    pl_listing_text(listing, uri);
    pl_listing_text(listing, found->name);
    pl_listing_text(listing, found->platform_name);
    pl_listing_text(listing, kinds[found->rank - 1]);
    pl_listing_text(listing, found->unfit == NULL ? "ready" : found->unfit);
}

/* None where there is no OpenCL. */
static int list_opencl(struct pl_output *output)
{
    static const struct pl_column columns[] = {
        { "device", "device", PL_COLUMN_TEXT },     { "name", "name", PL_COLUMN_TEXT },
        { "platform", "platform", PL_COLUMN_TEXT }, { "kind", "kind", PL_COLUMN_TEXT },
        { "state", "state", PL_COLUMN_TEXT },
    };
    struct pl_ocl_found found[PL_OCL_DEVICES_MAX];
    struct pl_ocl_calls calls;
    struct pl_listing listing;
    char message[PL_MESSAGE_BYTES] = "";
    int count = pl_ocl_calls_find(&calls, message);
    if (count == 0) {
        count = pl_ocl_list(&calls, found, PL_OCL_DEVICES_MAX, message);
        pl_ocl_calls_drop(&calls);
    }
    if (count < 0 && count != -ENODEV) {
        pl_complain_lines(message);
        return count;
    }
    pl_listing_start(&listing, output, columns, sizeof columns / sizeof columns[0]);
    for (int i = 0; i < count; i++)
        add_opencl(&listing, &found[i]);
    pl_output_listing(output, "opencl", "OpenCL devices:", &listing, false);
    return 0;
}

int pl_cli_devices(const struct pl_options *options)
{
    struct pl_output output;
    pl_output_start(&output, options->format);
    list_software(&output);
    int error = list_opencl(&output);
    error = error != 0 ? error : list_cards(&output);
    if (error != 0) {
        pl_output_free(&output);
        return PL_EXIT_ERROR;
    }
    return pl_output_finish(&output) == 0 ? PL_EXIT_OK : PL_EXIT_ERROR;
}
