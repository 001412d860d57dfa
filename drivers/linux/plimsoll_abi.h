/* Generated from hw/abi/contract.toml by hw/abi/gen.py; do not edit. */
#ifndef PLIMSOLL_ABI_H
#define PLIMSOLL_ABI_H

#define PL_CONTRACT_VERSION 1
#define PL_CONTRACT_HASH 0xB1AAB43825B3612DULL
#define PL_MAGIC 1296649296 /* First register: the letters PLIM in little-endian order. */
#define PL_WINDOW_BYTES 4096 /* The window for ticks: a line written anywhere in it is taken as the next one. */

/* Bits of register CONTROL. */
#define PL_CONTROL_ENABLE (1 << 0) /* the card fetches submissions */
#define PL_CONTROL_SOFT_RESET (1 << 1) /* write 1 to reset; reads 1 until the reset has ended */
#define PL_CONTROL_WINDOW_CLEAR (1 << 2) /* write 1: the window forgets what waits, its status is OK and its next line number 1; reads as 0 */

/* Bits of register STATUS. */
#define PL_CARD_LOADED (1 << 0) /* model and instruments are complete */
#define PL_CARD_COMMITTED (1 << 1) /* a tick is frozen */
#define PL_CARD_CLEAN (1 << 2) /* the last soft reset found the bus quiet: the host may free its buffers */
#define PL_CARD_NEEDS_FLR (1 << 3) /* a transfer never ended: free buffers only after a function-level reset */
#define PL_CARD_WATCHING (1 << 4) /* a watched set is held */

/* Bits of registers IRQ_ENABLE and IRQ_PENDING, and interrupt lines. */
#define PL_IRQ_COMPLETION (1 << 0) /* a completion was written */
#define PL_IRQ_WATCHED (1 << 1) /* a watched verdict was written */
#define PL_IRQ_ERROR (1 << 2) /* register ERROR was set */
#define PL_IRQ_VECTORS 3 /* one per bit */

/* Registers: byte offsets, 32 bits each. */
#define PL_REG_MAGIC 0x000 /* r: MAGIC; all ones means that the link is down */
#define PL_REG_CONTRACT_VERSION 0x004 /* r: contract version */
#define PL_REG_CONTRACT_HASH_LOW 0x008 /* r: hash of layout and arithmetic, bits 31:0 */
#define PL_REG_CONTRACT_HASH_HIGH 0x00C /* r: bits 63:32 */
#define PL_REG_BUILD 0x010 /* r: build revision */
#define PL_REG_PROFILE 0x014 /* r: PROFILE */
#define PL_REG_LANES 0x018 /* r: sweep lanes */
#define PL_REG_CAP_SCENARIOS 0x01C /* r: scenarios this card takes */
#define PL_REG_CAP_INSTRUMENTS 0x020 /* r: instruments this card takes */
#define PL_REG_CAP_EXPIRIES 0x024 /* r: expiries this card takes */
#define PL_REG_CONTROL 0x028 /* rw: bits of CONTROL */
#define PL_REG_STATUS 0x02C /* r: bits of CARD */
#define PL_REG_SUBMIT_BASE_LOW 0x030 /* rw: submission ring, 64-byte aligned */
#define PL_REG_SUBMIT_BASE_HIGH 0x034 /* rw:  */
#define PL_REG_SUBMIT_ENTRIES 0x038 /* rw: power of two, at most RING_ENTRIES_MAX */
#define PL_REG_SUBMIT_DOORBELL 0x03C /* w: entries submitted so far, modulo 2^32 */
#define PL_REG_COMPLETE_BASE_LOW 0x040 /* rw: completion ring, 64-byte aligned */
#define PL_REG_COMPLETE_BASE_HIGH 0x044 /* rw:  */
#define PL_REG_COMPLETE_ENTRIES 0x048 /* rw: power of two, at most RING_ENTRIES_MAX */
#define PL_REG_COMPLETE_CONSUMED 0x04C /* w: entries the host has read so far, modulo 2^32 */
#define PL_REG_IRQ_ENABLE 0x050 /* rw: bits of IRQ */
#define PL_REG_IRQ_PENDING 0x054 /* rw1c: bits of IRQ; write 1 to clear */
#define PL_REG_ERROR 0x058 /* r: STATUS of the first error since reset that no completion could tell */
#define PL_REG_COUNTER_SELECT 0x060 /* rw: COUNTER to read */
#define PL_REG_COUNTER_LOW 0x064 /* r: its value, latched by reading this half */
#define PL_REG_COUNTER_HIGH 0x068 /* r: the latched upper half */
#define PL_REG_CAP_UNDERLYINGS 0x06C /* r: underlyings this card takes */
#define PL_REG_CAP_CLASSES 0x070 /* r: margin classes this card takes */
#define PL_REG_CAP_BRACKET_TABLES 0x074 /* r: bracket tables this card takes */
#define PL_REG_WINDOW_STATUS 0x078 /* r: STATUS of the first line or tick that the window refused since its last clear: it takes no more ticks until then */
#define PL_REG_CAP_WATCH_SLOTS 0x07C /* r: slots of a watched set that this card takes, at most WATCH_SLOTS_MAX */
#define PL_REG_WATCH_BASE_LOW 0x080 /* rw: watch ring: lines of verdicts, 64-byte aligned */
#define PL_REG_WATCH_BASE_HIGH 0x084 /* rw:  */
#define PL_REG_WATCH_ENTRIES 0x088 /* rw: its lines: power of two, at most RING_ENTRIES_MAX; writing it starts the ring anew */
#define PL_REG_WATCH_CONSUMED 0x08C /* w: lines of it the host has read since then, modulo 2^32 */

#define PL_REGISTER_BYTES 4096 /* The registers are the first of their BAR. */
/* AMD Alveo U55C, constraints/u55c */
#define PL_BOARD_U55C_VENDOR 0x10EE
#define PL_BOARD_U55C_DEVICE 0x504C
#define PL_BOARD_U55C_REGISTER_BAR 0
#define PL_BOARD_U55C_WINDOW_BAR 2
#define PL_BOARD_U55C_CLASS 0x120000
/* AWS F2, constraints/f2; the identity is AWS's for custom logic, so that MAGIC alone tells */
#define PL_BOARD_F2_VENDOR 0x1D0F
#define PL_BOARD_F2_DEVICE 0xF010
#define PL_BOARD_F2_REGISTER_BAR 0
#define PL_BOARD_F2_WINDOW_BAR 4

/* PL_BOARDS(X): X(name, vendor, device, register_bar, window_bar) for every board. */
#define PL_BOARDS(X) \
    X("u55c", PL_BOARD_U55C_VENDOR, PL_BOARD_U55C_DEVICE, PL_BOARD_U55C_REGISTER_BAR, PL_BOARD_U55C_WINDOW_BAR) \
    X("f2", PL_BOARD_F2_VENDOR, PL_BOARD_F2_DEVICE, PL_BOARD_F2_REGISTER_BAR, PL_BOARD_F2_WINDOW_BAR)

#endif
