/* The market of the benches: one underlying, 64 expiries of 64 options, 33 scenarios (11 prices x 3
 * vols), or another number of them, and streams of accounts in it. Everything random comes from one
 * seed. */
#ifndef PL_BENCH_MARKET_H
#define PL_BENCH_MARKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pl_abi.h"

#define MARKET_EXPIRIES 64
#define MARKET_PER_EXPIRY 64
#define MARKET_INSTRUMENTS (MARKET_EXPIRIES * MARKET_PER_EXPIRY)
#define MARKET_SCENARIOS 33
#define MARKET_CLOCK_MHZ 250

#define MARKET_EXPIRIES_MAX 1563 /* 100,032 instruments */

/* Another size from the next market_load() on: at most MARKET_EXPIRIES_MAX and PL_SCENARIOS_MAX. Of
 * 16 scenarios the last two are the extreme moves, which count 35 %. */
void market_resize(uint16_t expiries, uint8_t scenarios);

/* Below `below`; starting again gives the same numbers. */
uint64_t market_draw(uint64_t below);
void market_restart(void);

/* Records of the load, and of its first tick; the lines belong to the market. */
const struct pl_line *market_load(size_t *count);
const struct pl_line *market_tick(uint64_t tick, size_t *count);

/* An expiry's price, `more` units above that of the first tick. */
struct pl_tick_price market_price(uint16_t expiry, int64_t more);

/* Header and cash of an account: slots written. */
size_t market_header(uint64_t *slots, uint32_t account, bool poor);
uint64_t market_position(uint32_t instrument); /* of random lots */

/* A stream from the seed on: accounts of `positions` positions in 3 expiries, as evenly as they
 * divide, 3 % of the accounts poor, and END. Returns its slots: accounts (2 + positions) + 1. */
size_t market_accounts(uint64_t *slots, uint32_t accounts, uint32_t positions);

/* The same load and tick on two devices; ends the program on failure. */
struct pl_dev;
struct pl_dev_ops;
struct pl_dev *market_open_card(const char *options);
struct pl_dev *market_open_model(void);
struct pl_dev *market_open_cpu(const char *options);
struct pl_dev *market_open_opencl(const char *options);

/* A sweep to its end, verdicts dropped. */
void market_sweep(const struct pl_dev_ops *ops, struct pl_dev *dev, const uint64_t *slots,
                  size_t count, uint8_t filter);
/* Ends the program unless both return the same verdicts and summary. */
void market_compare(const struct pl_dev_ops *ops, struct pl_dev *dev,
                    const struct pl_dev_ops *other_ops, struct pl_dev *other, const uint64_t *slots,
                    size_t count, uint8_t filter);

/* Ends the program when a code is negative. */
void market_must(int code, const char *message, const char *what);

#endif
