/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Inside the driver: a card, and who does what with it.
 *
 * card.c: probe and remove; file.c: the device file; buffers.c: memory for the
 * card and what user space maps; stop.c: bus mastering and reset;
 * attributes.c: sysfs; account.c: what is held.
 *
 * A card lives until it is removed and its last file is closed. `lock` guards
 * what the comment below says; it is taken within mmap_lock (faults), so no
 * user memory is touched under it.
 */
#ifndef PLIMSOLL_H
#define PLIMSOLL_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/version.h>
#include <linux/wait.h>

#include "plimsoll_abi.h"
#include "uapi/plimsoll.h"

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void vm_flags_set(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags |= flags;
}
#endif

struct plimsoll_board {
	const char *name;
	int register_bar, window_bar;
};

struct plimsoll_card {
	struct kref refs;
	struct pci_dev *pdev;		/* not to be used once `gone` */
	const struct plimsoll_board *board;
	struct miscdevice misc;
	char name[32];

	void __iomem *registers;
	void __iomem *window;		/* NULL: none; mapped so that its memory type stands */
	unsigned long register_pfn, window_pfn;
	int vectors;

	u64 contract_hash;
	u32 contract_version, revision, profile, lanes;

	wait_queue_head_t wait;
	atomic64_t interrupts;		/* since the driver was bound */
	atomic64_t unread;		/* since the last read() */

	struct mutex lock;		/* of everything below */
	bool gone;			/* removed: pdev and registers are not to be touched */
	bool open;
	bool master;			/* bus mastering is on */
	bool needs_reset;		/* not known to be clean: nobody may open it before it is */
	u64 opens, resets;
	struct address_space *mapping;	/* of the open file */
	struct list_head buffers;
	u64 buffer_bytes;
	u32 last_id;
	void *ones;			/* registers of a card that is gone */
	void *sink;			/* its window */
};

struct plimsoll_buffer_entry {
	struct list_head list;
	u64 offset, bytes;		/* of mmap() */
	void *memory;			/* the card's, or after removal a copy (or NULL) */
	dma_addr_t address;
	unsigned int mappings;
};

void plimsoll_card_put(struct plimsoll_card *card);

/* file.c */
extern const struct file_operations plimsoll_file_operations;

/* buffers.c; all but mmap with the lock held */
int plimsoll_alloc(struct plimsoll_card *card, struct plimsoll_buffer *wanted);
int plimsoll_free(struct plimsoll_card *card, u64 offset);
void plimsoll_free_all(struct plimsoll_card *card);
void plimsoll_keep_copies(struct plimsoll_card *card);
int plimsoll_mmap(struct file *file, struct vm_area_struct *vma);

/* stop.c; with the lock held, `device_locked`: and the device's */
void plimsoll_start_master(struct plimsoll_card *card);
void plimsoll_stop(struct plimsoll_card *card, bool device_locked);

/* account.c: what there is of each kind, everywhere */
enum plimsoll_kind {
	PLIMSOLL_CARDS,
	PLIMSOLL_FILES,
	PLIMSOLL_BUFFERS,
	PLIMSOLL_BYTES,
	PLIMSOLL_MAPPINGS,
	PLIMSOLL_KINDS
};

void plimsoll_count(enum plimsoll_kind kind, s64 by);
void plimsoll_check_account(void);
extern const struct attribute_group *plimsoll_driver_groups[];

/* attributes.c */
extern const struct attribute_group *plimsoll_groups[];

#endif
