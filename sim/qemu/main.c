/* plimsoll-qemu: the simulated card behind stock QEMU, as a PCI device of the machine it starts.
 * See sim/qemu/README.md. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dev/sim_card.h"
#include "launch.h"
#include "plimsoll.h"
#include "server.h"

static const char usage[] =
    "usage: plimsoll-qemu [OPTIONS] [-- QEMU ARGUMENTS]\n"
    "  --card OPTIONS       of the simulated card, as for --device sim:\n"
    "  --memory MIB         of the guest (256)\n"
    "  --lose-interrupt N   do not send the N-th interrupt message\n"
    "  --remove-after N     take the card away after N accesses of its BARs\n"
    "  --faults 1           the guest may ask for faults of the card (faults.h)\n"
    "  --qemu PROGRAM       (qemu-system-x86_64)\n"
    "Starts QEMU with the card behind a PCIe root port and an Intel IOMMU; the guest's serial port is\n"
    "this program's standard input and output. Exit status: QEMU's; 2 when the card's side failed.\n";

struct arguments {
    const char *card, *qemu;
    uint64_t memory_mib, lose_interrupt, remove_after, faults;
    char **more;
};

static bool number(const char *text, uint64_t most, uint64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoull(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && text[0] != '-' && *out <= most;
}

static bool parse(char **at, struct arguments *a)
{
    *a = (struct arguments){ .card = "", .qemu = "qemu-system-x86_64", .memory_mib = 256 };
    for (; *at != NULL && strcmp(*at, "--") != 0; at += 2) {
        const char *value = at[1];
        bool good = value != NULL;
        if (good && strcmp(*at, "--card") == 0)
            a->card = value;
        else if (good && strcmp(*at, "--qemu") == 0)
            a->qemu = value;
        else if (good && strcmp(*at, "--memory") == 0)
            good = number(value, 65536, &a->memory_mib) && a->memory_mib >= 64;
        else if (good && strcmp(*at, "--lose-interrupt") == 0)
            good = number(value, UINT64_MAX, &a->lose_interrupt);
        else if (good && strcmp(*at, "--remove-after") == 0)
            good = number(value, UINT64_MAX, &a->remove_after);
        else if (good && strcmp(*at, "--faults") == 0)
            good = number(value, 1, &a->faults);
        else
            good = false;
        if (!good) {
            fprintf(stderr, "plimsoll-qemu: %s %s\n%s", *at, value != NULL ? value : "", usage);
            return false;
        }
    }
    a->more = *at != NULL ? at + 1 : at;
    return true;
}

static void report(const struct device *d)
{
    const struct dma *dma = &d->dma;
    fprintf(stderr,
            "plimsoll-qemu: %" PRIu64 " cycles, %" PRIu64 " accesses, %" PRIu64
            " lines read by DMA, %" PRIu64 " written, %" PRIu64 " interrupts sent, %" PRIu64
            " resets\n",
            d->api->cycles(d->sim), d->accesses, dma->read_lines, dma->written_lines,
            d->messages - d->lost_messages, d->resets);
    const struct {
        uint64_t count;
        const char *what;
    } troubles[] = {
        { dma->refused_by_iommu, "lines of DMA refused by the IOMMU" },
        { dma->refused_not_master, "lines of DMA refused: the card was not bus master" },
        { dma->refused_no_memory, "lines of DMA refused: no memory there" },
        { d->lost_messages, "interrupts lost, as asked for" },
        { d->wrong_accesses, "accesses of registers not of 4 aligned bytes, or across lines" },
        { dma->faults.struck, "faults struck, as asked for" },
        { d->removed, "card removed, as asked for" },
        { (uint64_t)d->api->link_is_down(d->sim), "link down" },
    };
    for (size_t n = 0; n < sizeof troubles / sizeof troubles[0]; n++) {
        if (troubles[n].count > 0)
            fprintf(stderr, "plimsoll-qemu: %" PRIu64 " %s\n", troubles[n].count, troubles[n].what);
    }
    if (d->api->errors(d->sim) > 0)
        fprintf(stderr, "plimsoll-qemu: %" PRIu64 " errors on the card's bus: %s\n",
                d->api->errors(d->sim), d->api->error_text(d->sim));
}

static int run(const struct arguments *a, struct pl_sim_card *card)
{
    static struct device device;
    struct launch launch;
    int error = launch_qemu(&launch, a->qemu, (unsigned)a->memory_mib, a->more);
    if (error != 0) {
        fprintf(stderr, "plimsoll-qemu: cannot start QEMU: %s\n", strerror(-error));
        return 2;
    }
    struct qtest qtest = { .socket = launch.qtest };
    const struct device_options options = { .generation = card->generation,
                                            .width = card->width,
                                            .mps = card->mps,
                                            .clock_mhz = card->clock_mhz,
                                            .lose_interrupt = a->lose_interrupt,
                                            .remove_after = a->remove_after,
                                            .faults = a->faults != 0 };
    device_init(&device, card->api, card->sim, &options, &qtest);
    struct server server = { .socket = launch.device, .device = &device };
    error = server_run(&server);
    if (error != 0)
        fprintf(stderr, "plimsoll-qemu: %s\n", server.text);
    int status = launch_end(&launch);
    report(&device);
    guest_memory_clear(&device.dma.memory);
    return error != 0 || card->api->errors(card->sim) > 0 ? 2 : status;
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    struct pl_sim_card card;
    char message[PL_MESSAGE_BYTES];
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    if (!parse(argv + 1, &arguments))
        return 2;
    if (pl_sim_card_open(arguments.card, &card, message) != 0) {
        fprintf(stderr, "plimsoll-qemu: %s\n", message);
        return 2;
    }
    int status = run(&arguments, &card);
    pl_sim_card_close(&card);
    return status;
}
