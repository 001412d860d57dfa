/* A simulated card by its options, separated by commas: profile=, lanes=, those of the link (struct
 * pl_sim_options), fault=, fault_after=, trace=, library=, and of the host: wait_us= (how long a
 * card may take to answer), verdict_lines= (most of one submission). The library around the
 * Verilated core (sim/sim.h) is loaded at run time. */
#ifndef PL_DEV_SIM_CARD_H
#define PL_DEV_SIM_CARD_H

#include "../../sim/sim.h"

struct pl_sim_card {
    void *handle;
    const struct pl_sim_api *api;
    struct pl_sim *sim;
    uint32_t generation, width, mps, clock_mhz;
    uint64_t seed, lanes, wait_us, verdict_lines;
};

/* 0, or a negative code with `message` (PL_MESSAGE_BYTES) and nothing left open. */
int pl_sim_card_open(const char *options, struct pl_sim_card *out, char *message);
void pl_sim_card_close(struct pl_sim_card *card);

#endif
