/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR Apache-2.0 */
/*
 * A Plimsoll card as a file: /dev/plimsoll-0000:3b:00.0.
 *
 * One process at a time has it open (EBUSY); a card that does not answer (ENOLINK)
 * or is not clean after a reset (EIO) cannot be opened. It maps the registers and the window for
 * ticks, and memory that it has the driver allocate. At close the card is cut
 * off the bus (no bus mastering), reset, and only then the memory is freed.
 *
 * read() of 8 bytes gives the number of interrupts since the last read() and
 * waits for one unless the file is O_NONBLOCK; poll() waits as well. Which
 * interrupts the card raises is up to its registers.
 *
 * When the card is removed, mappings stay: the registers read as all ones,
 * memory keeps what it had. Everything else fails with ENODEV.
 */
#ifndef _UAPI_PLIMSOLL_H
#define _UAPI_PLIMSOLL_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define PLIMSOLL_INTERFACE 1	/* raised when a member changes its meaning */

/* What mmap() takes as offset, besides that of a buffer. */
#define PLIMSOLL_OFFSET_REGISTERS 0
#define PLIMSOLL_OFFSET_WINDOW 0x10000000

struct plimsoll_info {
	__u32 interface;	/* PLIMSOLL_INTERFACE */
	__u32 vectors;		/* interrupts; 0: there are none, look instead */
	__u32 register_bytes;
	__u32 window_bytes;	/* 0: no window */
	__u64 contract_hash;	/* of the card, which is the driver's */
};

struct plimsoll_buffer {
	__u64 bytes;		/* wanted; given: whole pages, zeroed */
	__u64 address;		/* given: for the card */
	__u64 offset;		/* given: for mmap(), and for FREE */
};

#define PLIMSOLL_IOC_MAGIC 0xE7
#define PLIMSOLL_IOC_INFO _IOR(PLIMSOLL_IOC_MAGIC, 0, struct plimsoll_info)
/* ENOMEM; ENOSPC: more than the driver's buffer_limit_mib */
#define PLIMSOLL_IOC_ALLOC _IOWR(PLIMSOLL_IOC_MAGIC, 1, struct plimsoll_buffer)
/* Of the member `offset` alone. ENOENT; EBUSY: it is still mapped */
#define PLIMSOLL_IOC_FREE _IOW(PLIMSOLL_IOC_MAGIC, 2, struct plimsoll_buffer)

#endif
