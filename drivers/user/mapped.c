#include "mapped.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "pl_abi.h"
#include "plimsoll.h"

#define REQUEST_EVERY 64 /* a call of the kernel costs more than a look at memory */
#define EVENT_WAIT_MS 1  /* then the caller looks at the card anyway */
#define ALL_INTERRUPTS (PL_IRQ_COMPLETION | PL_IRQ_WATCHED | PL_IRQ_ERROR)

_Static_assert(ALL_INTERRUPTS == (1 << PL_EVENTS_MAX) - 1, "one event per bit");

int pl_driver_fail(char *message, int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, PL_MESSAGE_BYTES, format, arguments);
    va_end(arguments);
    return code;
}

static uint32_t read32(void *context, uint32_t offset)
{
    const struct pl_mapped *mapped = context;
    return mapped->registers[offset / sizeof(uint32_t)];
}

static void write32(void *context, uint32_t offset, uint32_t value)
{
    const struct pl_mapped *mapped = context;
    mapped->registers[offset / sizeof(uint32_t)] = value;
}

static void write_line(void *context, uint32_t offset, const void *line)
{
    const struct pl_mapped *mapped = context;
    mapped->store_line(mapped->window + offset, line);
}

static void flush(void *context)
{
    (void)context;
    pl_line_flush();
}

static void look_again(void *context)
{
    (void)context;
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/* A reset of the card forgets which interrupts were asked for. What it writes between the clearing
 * and the caller's look is seen by that look; what it writes later raises the next interrupt. */
static void wait_for_interrupt(void *context)
{
    const struct pl_mapped *mapped = context;
    struct pollfd events[PL_EVENTS_MAX];
    bool interrupted = false;
    uint64_t count;
    for (int i = 0; i < mapped->event_count; i++)
        events[i] = (struct pollfd){ .fd = mapped->events[i], .events = POLLIN };
    write32(context, PL_REG_IRQ_ENABLE, ALL_INTERRUPTS);
    if (mapped->calls->poll(events, (nfds_t)mapped->event_count, EVENT_WAIT_MS) <= 0)
        return;
    for (int i = 0; i < mapped->event_count; i++)
        interrupted |= (events[i].revents & POLLIN) != 0 &&
                       mapped->calls->read(events[i].fd, &count, sizeof count) == sizeof count;
    if (interrupted)
        write32(context, PL_REG_IRQ_PENDING, ALL_INTERRUPTS);
}

static uint64_t now_ns(void *context)
{
    struct timespec now;
    (void)context;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static const char *look_for_request(void *context)
{
    struct pl_mapped *mapped = context;
    uint64_t count;
    if (mapped->request < 0 || ++mapped->looks % REQUEST_EVERY != 0 ||
        mapped->calls->read(mapped->request, &count, sizeof count) != sizeof count)
        return NULL;
    return PL_WANTED_BACK;
}

void pl_mapped_bus(struct pl_mapped *mapped, struct pl_bus *bus)
{
    bus->context = mapped;
    bus->read32 = read32;
    bus->write32 = write32;
    bus->write_line = mapped->window != NULL ? write_line : NULL;
    bus->flush = mapped->window != NULL ? flush : NULL;
    bus->relax = mapped->event_count > 0 ? wait_for_interrupt : look_again;
    bus->now_ns = now_ns;
    bus->trouble = look_for_request;
}
