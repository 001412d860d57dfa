/* The simulated card as a shared library: libplimsoll-card-PROFILE-LANES.so exports one symbol,
 * `pl_sim_api`. Behind it: the Verilated core, and the bridge between core and host memory.
 * Any number of cards at a time; one thread at a time per card. */
#ifndef PL_SIM_H
#define PL_SIM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PL_SIM_VERSION 3
#define PL_SIM_MESSAGE_BYTES 1024

struct pl_sim;

struct pl_sim_options {
    uint32_t generation;      /* PCIe, 1..5 */
    uint32_t width;           /* lanes of the link: 1, 2, 4, 8, 16 */
    uint32_t mps, mrrs, rcb;  /* bytes: largest payload, largest read request, read completion
                                 boundary */
    uint32_t tags;            /* read requests in flight */
    uint32_t rtt_ns;          /* from a read request to its first completion */
    uint32_t clock_mhz;       /* of the core */
    uint32_t stall_percent;   /* cycles in which a channel is held back at random */
    uint32_t reorder_percent; /* completions drawn from any id at random; the others in turn */
    uint64_t seed;            /* of everything random */
    const char *fault;        /* one of the names below, or NULL */
    uint64_t fault_after;     /* transactions of the core before it; UINT64_MAX: by the seed */
    const char *trace;        /* FST file, or NULL */
};

/* Faults, each once: read_error, read_lost, read_late, write_error, write_lost, stuck, poison,
 * bit_flip, link_down. What they do: sim/README.md. */

enum pl_sim_access { PL_SIM_READ = 1, PL_SIM_WRITE = 2 }; /* by the card */

/* Host memory behind functions instead of add_memory: one line each, 0, or -1 for the error that
 * the card gets as its response. They must not call the simulation. */
struct pl_sim_host {
    void *context;
    int (*read)(void *context, uint64_t address, void *line);
    int (*write)(void *context, uint64_t address, const void *line);
};

struct pl_sim_statistics {
    uint64_t cycles;
    uint64_t read_bytes, write_bytes;                /* payload, by the card */
    uint64_t read_requests, completions, write_tlps; /* packets */
    uint64_t up_bytes, down_bytes;  /* on the link, with headers; up: to the host */
    double bytes_per_cycle;         /* what the link takes each way */
    double read_limit, write_limit; /* payload of it: full completions, single lines */
    uint64_t last_line;             /* the cycle in which a line last became visible to the host */
};

struct pl_sim_api {
    uint32_t version; /* PL_SIM_VERSION */
    uint64_t contract_hash;

    /* 0 with *out, or -1 with `message` (PL_SIM_MESSAGE_BYTES). The card starts after a reset. */
    int (*open)(const struct pl_sim_options *options, struct pl_sim **out, char *message);
    void (*close)(struct pl_sim *sim);

    /* Registers. A read takes a round trip; a write is posted and arrives half of one later. A link
     * that is down reads as all ones. */
    uint32_t (*read32)(struct pl_sim *sim, uint32_t offset);
    void (*write32)(struct pl_sim *sim, uint32_t offset, uint32_t value);

    /* A line into the window for ticks: posted, in order with the registers' writes. Of its bytes
     * those are written whose bit in `strobe` is 1. */
    void (*write_line)(struct pl_sim *sim, uint32_t offset, const void *line, uint64_t strobe);

    /* Host memory at `address` for the card; every access outside of it is an error. */
    int (*add_memory)(struct pl_sim *sim, void *memory, uint64_t address, uint64_t bytes,
                      uint32_t access);
    void (*remove_memory)(struct pl_sim *sim, uint64_t address);
    /* Replaces all memory that was added; the structure is copied. */
    void (*set_host)(struct pl_sim *sim, const struct pl_sim_host *host);
    /* While held, the link takes no new transaction of the card; those taken go on. */
    void (*hold)(struct pl_sim *sim, int held);
    /* Reset from outside (function-level reset): whatever was on the link is gone. A link that is
     * down stays so. */
    void (*reset)(struct pl_sim *sim);

    void (*run)(struct pl_sim *sim, uint64_t cycles);
    uint64_t (*cycles)(const struct pl_sim *sim);
    uint64_t (*interrupts)(const struct pl_sim *sim, unsigned line); /* rising edges */
    uint32_t (*interrupt_levels)(const struct pl_sim *sim); /* a bit per line, as they are now */
    int (*link_is_down)(const struct pl_sim *sim);
    void (*statistics)(const struct pl_sim *sim, struct pl_sim_statistics *out);

    /* Broken rules of the bus, accesses outside the memory: how many, and the first of them in
     * words. */
    uint64_t (*errors)(const struct pl_sim *sim);
    const char *(*error_text)(const struct pl_sim *sim);
};

extern const struct pl_sim_api pl_sim_api;

#ifdef __cplusplus
}
#endif
#endif
