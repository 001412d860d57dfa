/* What a card says of its own work. */
#include <inttypes.h>
#include <stdio.h>

#include "card_state.h"

uint64_t pl_card_counter(struct pl_dev *dev, enum pl_counter counter)
{
    const struct pl_bus *bus = &dev->ring.bus;
    bus->write32(bus->context, PL_REG_COUNTER_SELECT, counter);
    uint64_t low = bus->read32(bus->context, PL_REG_COUNTER_LOW);
    return low | (uint64_t)bus->read32(bus->context, PL_REG_COUNTER_HIGH) << 32;
}

static double ratio(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 0 : (double)part / (double)whole;
}

void pl_card_report(struct pl_dev *dev, char out[PL_MESSAGE_BYTES])
{
    out[0] = '\0';
    if (dev->ring.state == PL_RING_LOST)
        return;
    uint64_t cycles = pl_card_counter(dev, PL_COUNTER_CYCLES);
    if (cycles == UINT64_MAX) {
        snprintf(out, PL_MESSAGE_BYTES, "%s\nit does not answer any more\n", dev->description);
        return;
    }
    uint64_t sweep = pl_card_counter(dev, PL_COUNTER_SWEEP_CYCLES);
    uint64_t slots = pl_card_counter(dev, PL_COUNTER_SWEEP_SLOTS);
    uint64_t busy = pl_card_counter(dev, PL_COUNTER_PRICE_CYCLES);
    uint64_t evaluations = pl_card_counter(dev, PL_COUNTER_EVALUATIONS);
    int used = snprintf(
        out, PL_MESSAGE_BYTES,
        "%s\n%" PRIu64 " cycles since reset, %" PRIu64 " ticks, %" PRIu64 " accounts judged\n"
        "sweeps: %" PRIu64 " slots in %" PRIu64 " cycles, %.2f a cycle; waiting for lines %.0f %%, "
        "for lanes %.0f %%, for the bus %.0f %%\n"
        "pricing: %" PRIu64 " evaluations in %" PRIu64 " cycles, %.2f a cycle\n",
        dev->description, cycles, pl_card_counter(dev, PL_COUNTER_COMMITS),
        pl_card_counter(dev, PL_COUNTER_ACCOUNTS), slots, sweep, ratio(slots, sweep),
        100 * ratio(pl_card_counter(dev, PL_COUNTER_STALL_INPUT), sweep),
        100 * ratio(pl_card_counter(dev, PL_COUNTER_STALL_LANES), sweep),
        100 * ratio(pl_card_counter(dev, PL_COUNTER_STALL_OUTPUT), sweep), evaluations, busy,
        ratio(evaluations, busy));
    struct pl_bus_link link = { 0 };
    if (dev->ring.bus.link != NULL)
        dev->ring.bus.link(dev->ring.bus.context, &link);
    if (link.read_limit > 0)
        snprintf(out + used, (size_t)(PL_MESSAGE_BYTES - used),
                 "link: %.0f %% of its payload limit in sweeps (%.1f bytes a cycle at %u MHz)\n",
                 100 * ratio(slots * PL_SLOT_BYTES, sweep) / link.read_limit, link.read_limit,
                 link.clock_mhz);
}
