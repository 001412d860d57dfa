#include "device.h"

#include <errno.h>
#include <string.h>

#include "pl_abi.h"

#define LINE 64
#define MESSAGE_TAG 0
#define REPEAT_US                                                                                  \
    1000 /* an interrupt that stays up is asked for again, as the U55C's design does */

_Static_assert(DEVICE_COMBINE_CYCLES < DEVICE_QUIET_CYCLES, "a part of a line must not stay");

static uint64_t repeat_cycles(const struct device *d)
{
    return (uint64_t)REPEAT_US * d->options.clock_mhz;
}

static bool gone(const struct device *d)
{
    return d->removed || d->dma.faults.link_down || d->api->link_is_down(d->sim) != 0;
}

/* Edges so far ask for nothing; a line that is up does so at once. */
static void forget_edges(struct device *d)
{
    for (unsigned n = 0; n < CARD_PCI_VECTORS; n++) {
        d->edges[n] = d->api->interrupts(d->sim, n);
        d->asked_at[n] = d->api->cycles(d->sim) - repeat_cycles(d);
    }
}

static void start(struct device *d)
{
    config_reset(&d->config, d->options.generation, d->options.width, d->options.mps);
    msix_reset(&d->msix);
    d->line.strobe = 0;
    forget_edges(d);
}

void device_init(struct device *d, const struct pl_sim_api *api, struct pl_sim *sim,
                 const struct device_options *options, struct qtest *qtest)
{
    *d = (struct device){ .api = api, .sim = sim, .options = *options, .qtest = qtest };
    d->dma.faults.allowed = options->faults;
    const struct pl_sim_host host = dma_host(&d->dma);
    api->set_host(sim, &host);
    start(d);
    d->active_at = api->cycles(sim) - DEVICE_QUIET_CYCLES;
}

static void hold(struct device *d)
{
    d->api->hold(d->sim, !dma_is_known(&d->dma) || d->dma.faults.stuck);
}

static int follow_bus_master(struct device *d)
{
    int error = dma_set_bus_master(&d->dma, config_bus_master(&d->config), d->qtest);
    hold(d);
    return error;
}

int device_reset(struct device *d)
{
    faults_reset(&d->dma.faults);
    if (gone(d))
        return 0;
    start(d);
    d->resets++;
    d->api->reset(d->sim);
    return follow_bus_master(d);
}

uint32_t device_config_read(struct device *d, uint32_t address, unsigned bytes)
{
    if (gone(d))
        return UINT32_MAX >> (32 - 8 * bytes);
    return faults_has(&d->dma.faults, address) ? faults_read(&d->dma.faults, address)
                                               : config_read(&d->config, address, bytes);
}

int device_config_write(struct device *d, uint32_t address, uint32_t value, unsigned bytes)
{
    if (gone(d))
        return 0;
    if (faults_has(&d->dma.faults, address)) {
        faults_write(&d->dma.faults, address, value);
        return 0;
    }
    d->active_at = d->api->cycles(d->sim);
    if (config_write(&d->config, address, value, bytes))
        return device_reset(d);
    return follow_bus_master(d);
}

/* Sends what was collected of a line. */
static void pass_line(struct device *d)
{
    if (d->line.strobe != 0)
        d->api->write_line(d->sim, d->line.offset, d->line.bytes, d->line.strobe);
    d->line.strobe = 0;
}

/* As write-combining does: bytes of one line are collected until it is whole, or something else
 * comes. */
static void write_window(struct device *d, uint32_t offset, uint64_t value, unsigned bytes)
{
    uint32_t line = offset & ~(LINE - 1u), inside = offset & (LINE - 1u);
    if (inside + bytes > LINE) {
        d->wrong_accesses++;
        return;
    }
    uint64_t strobe = (UINT64_C(1) << bytes) - 1;
    strobe <<= inside;
    if (d->line.offset != line || (d->line.strobe & strobe) != 0)
        pass_line(d);
    if (d->line.strobe == 0)
        memset(d->line.bytes, 0, LINE);
    d->line.offset = line;
    d->line.strobe |= strobe;
    d->line.since = d->api->cycles(d->sim);
    memcpy(d->line.bytes + inside, &value, bytes); /* both are little-endian */
    if (d->line.strobe == UINT64_MAX)
        pass_line(d);
}

/* The BAR that an address lies in, with the offset, or -1. Counts the access. */
static int find_bar(struct device *d, uint64_t address, uint32_t *offset)
{
    static const struct {
        int bar;
        uint64_t bytes;
    } bars[] = { { CARD_PCI_BAR_REGISTERS, CARD_PCI_REGISTERS_BAR_BYTES },
                 { CARD_PCI_BAR_WINDOW, PL_WINDOW_BYTES } };
    d->active_at = d->api->cycles(d->sim);
    d->accesses++;
    if (d->options.remove_after != 0 && d->accesses > d->options.remove_after)
        d->removed = true;
    for (unsigned n = 0; n < 2 && !gone(d) && config_memory_enabled(&d->config); n++) {
        uint64_t base = config_bar(&d->config, (unsigned)bars[n].bar);
        if (address >= base && address - base < bars[n].bytes) {
            *offset = (uint32_t)(address - base);
            return bars[n].bar;
        }
    }
    return -1;
}

static bool is_register(struct device *d, uint32_t offset, unsigned bytes)
{
    bool fits = offset < CARD_PCI_REGISTERS_BYTES && bytes == 4 && offset % 4 == 0;
    d->wrong_accesses += !fits;
    return fits;
}

uint64_t device_bar_read(struct device *d, uint64_t address, unsigned bytes)
{
    uint32_t offset;
    int bar = find_bar(d, address, &offset);
    pass_line(d);
    if (bar == CARD_PCI_BAR_REGISTERS && offset >= CARD_PCI_MSIX_TABLE)
        return msix_read(&d->msix, offset, bytes);
    if (bar != CARD_PCI_BAR_REGISTERS || !is_register(d, offset, bytes))
        return UINT64_MAX;
    return d->api->read32(d->sim, offset);
}

void device_bar_write(struct device *d, uint64_t address, uint64_t value, unsigned bytes)
{
    uint32_t offset;
    int bar = find_bar(d, address, &offset);
    if (bar == CARD_PCI_BAR_WINDOW) {
        write_window(d, offset, value, bytes);
        return;
    }
    pass_line(d);
    if (bar == CARD_PCI_BAR_REGISTERS && offset >= CARD_PCI_MSIX_TABLE)
        msix_write(&d->msix, offset, value, bytes);
    else if (bar == CARD_PCI_BAR_REGISTERS && is_register(d, offset, bytes))
        d->api->write32(d->sim, offset, (uint32_t)value);
}

/* A message per rising edge, and again while the line stays up. */
static void ask_for_messages(struct device *d, uint64_t now)
{
    uint32_t levels = d->api->interrupt_levels(d->sim);
    for (unsigned n = 0; n < CARD_PCI_VECTORS; n++) {
        uint64_t edges = d->api->interrupts(d->sim, n);
        if ((levels >> n & 1) != 0)
            d->active_at = now;
        bool again = (levels >> n & 1) != 0 && now - d->asked_at[n] >= repeat_cycles(d);
        if (edges == d->edges[n] && !again)
            continue;
        d->edges[n] = edges;
        d->asked_at[n] = now;
        d->msix.pending |= UINT32_C(1) << n;
    }
}

static int send_messages(struct device *d, uint64_t now)
{
    uint64_t address;
    uint32_t data;
    if (!config_msix_enabled(&d->config) || !d->dma.bus_master) {
        forget_edges(d);
        return 0;
    }
    ask_for_messages(d, now);
    while (!config_msix_masked(&d->config) && d->qtest->count < DEVICE_MESSAGES &&
           msix_take(&d->msix, &address, &data) >= 0) {
        d->active_at = now;
        if (++d->messages == d->options.lose_interrupt || d->dma.faults.lose_message) {
            d->dma.faults.lose_message = false;
            d->lost_messages++;
            continue;
        }
        int error = qtest_write32(d->qtest, address, data, MESSAGE_TAG);
        if (error != 0)
            return error;
    }
    return 0;
}

int device_run(struct device *d)
{
    d->api->run(d->sim, DEVICE_SLICE_CYCLES);
    uint64_t now = d->api->cycles(d->sim);
    uint64_t lines = d->dma.read_lines + d->dma.written_lines;
    if (lines != d->active_lines)
        d->active_at = now;
    d->active_lines = lines;
    hold(d);
    if (d->line.strobe != 0 && now - d->line.since >= DEVICE_COMBINE_CYCLES)
        pass_line(d);
    return gone(d) ? 0 : send_messages(d, now);
}

bool device_is_busy(const struct device *d)
{
    return !gone(d) && d->api->cycles(d->sim) - d->active_at < DEVICE_QUIET_CYCLES;
}

int device_answers(struct device *d)
{
    struct qtest_answer answer;
    int result;
    while ((result = qtest_take(d->qtest, &answer)) == 1) {
        if ((answer.tag & DMA_TAG) != 0)
            dma_answer(&d->dma, &answer);
    }
    hold(d);
    return result;
}
