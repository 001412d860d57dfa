// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * Memory for the card, and mappings of it, of the registers and of the window.
 *
 * Mappings are filled at the first fault, as a whole, so that none comes later
 * in the data path. Removal empties them; the next fault then finds all ones
 * for registers, a page that nobody reads for the window, and for memory a copy
 * of what it had.
 */
#include <linux/dma-mapping.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "plimsoll.h"

#define ID_SHIFT 32		/* offset of a buffer: its id, from 1 */
#define BUFFER_BYTES_MAX BIT_ULL(ID_SHIFT)

static unsigned int buffer_limit_mib = 1024;
module_param(buffer_limit_mib, uint, 0644);
MODULE_PARM_DESC(buffer_limit_mib, "Most memory of one card, in MiB (1024)");

static struct plimsoll_buffer_entry *find(struct plimsoll_card *card, u64 offset)
{
	struct plimsoll_buffer_entry *buffer;

	list_for_each_entry(buffer, &card->buffers, list)
		if (buffer->offset == offset)
			return buffer;
	return NULL;
}

int plimsoll_alloc(struct plimsoll_card *card, struct plimsoll_buffer *wanted)
{
	struct plimsoll_buffer_entry *buffer;
	u64 limit = (u64)buffer_limit_mib << 20;

	if (!wanted->bytes || wanted->bytes > BUFFER_BYTES_MAX - PAGE_SIZE)
		return -EINVAL;
	wanted->bytes = PAGE_ALIGN(wanted->bytes);
	if (card->buffer_bytes + wanted->bytes > limit || card->last_id == U32_MAX >> 1)
		return -ENOSPC;
	buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);
	if (!buffer)
		return -ENOMEM;
	buffer->memory = dma_alloc_coherent(&card->pdev->dev, wanted->bytes,
					    &buffer->address,
					    GFP_KERNEL | __GFP_NOWARN);
	if (!buffer->memory) {
		kfree(buffer);
		return -ENOMEM;
	}
	buffer->bytes = wanted->bytes;
	card->last_id++;
	buffer->offset = (u64)card->last_id << ID_SHIFT;
	list_add(&buffer->list, &card->buffers);
	card->buffer_bytes += buffer->bytes;
	plimsoll_count(PLIMSOLL_BUFFERS, 1);
	plimsoll_count(PLIMSOLL_BYTES, buffer->bytes);
	plimsoll_start_master(card);
	wanted->address = buffer->address;
	wanted->offset = buffer->offset;
	return 0;
}

static void free_one(struct plimsoll_card *card,
		     struct plimsoll_buffer_entry *buffer)
{
	list_del(&buffer->list);
	card->buffer_bytes -= buffer->bytes;
	plimsoll_count(PLIMSOLL_BUFFERS, -1);
	plimsoll_count(PLIMSOLL_BYTES, -(s64)buffer->bytes);
	if (card->gone)
		vfree(buffer->memory);
	else
		dma_free_coherent(&card->pdev->dev, buffer->bytes,
				  buffer->memory, buffer->address);
	kfree(buffer);
}

int plimsoll_free(struct plimsoll_card *card, u64 offset)
{
	struct plimsoll_buffer_entry *buffer = find(card, offset);

	if (!buffer)
		return -ENOENT;
	if (buffer->mappings)
		return -EBUSY;
	free_one(card, buffer);
	return 0;
}

void plimsoll_free_all(struct plimsoll_card *card)
{
	struct plimsoll_buffer_entry *buffer, *next;

	list_for_each_entry_safe(buffer, next, &card->buffers, list)
		free_one(card, buffer);
}

/* The card is gone and its device's memory goes with it. */
void plimsoll_keep_copies(struct plimsoll_card *card)
{
	struct plimsoll_buffer_entry *buffer;
	void *copy;

	if (card->mapping)
		unmap_mapping_range(card->mapping, 0, 0, 1);
	list_for_each_entry(buffer, &card->buffers, list) {
		copy = vmalloc_user(buffer->bytes);
		if (copy)
			memcpy(copy, buffer->memory, buffer->bytes);
		dma_free_coherent(&card->pdev->dev, buffer->bytes,
				  buffer->memory, buffer->address);
		buffer->memory = copy;
	}
}

/* The page at `at` bytes of what is mapped; 0: there is none. */
static unsigned long pfn_at(struct plimsoll_card *card,
			    struct plimsoll_buffer_entry *buffer,
			    u64 offset, unsigned long at)
{
	if (buffer) {
		void *memory = buffer->memory;

		if (!memory)
			return 0;
		return is_vmalloc_addr(memory) ?
			       vmalloc_to_pfn(memory + at) :
			       virt_to_phys(memory + at) >> PAGE_SHIFT;
	}
	if (offset == PLIMSOLL_OFFSET_WINDOW)
		return card->gone ? virt_to_phys(card->sink) >> PAGE_SHIFT :
				    card->window_pfn + (at >> PAGE_SHIFT);
	return card->gone ? virt_to_phys(card->ones) >> PAGE_SHIFT :
			    card->register_pfn + (at >> PAGE_SHIFT);
}

static vm_fault_t fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct plimsoll_card *card = vma->vm_file->private_data;
	struct plimsoll_buffer_entry *buffer = vma->vm_private_data;
	u64 offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	unsigned long first = buffer ? offset - buffer->offset : 0;
	vm_fault_t result = VM_FAULT_NOPAGE;
	unsigned long address, pfn;

	mutex_lock(&card->lock);
	for (address = vma->vm_start;
	     address < vma->vm_end && result == VM_FAULT_NOPAGE;
	     address += PAGE_SIZE) {
		pfn = pfn_at(card, buffer, offset,
			     first + (address - vma->vm_start));
		result = pfn ? vmf_insert_pfn(vma, address, pfn) :
			       VM_FAULT_SIGBUS;
	}
	mutex_unlock(&card->lock);
	return result;
}

static void mapping_opened(struct vm_area_struct *vma)
{
	struct plimsoll_card *card = vma->vm_file->private_data;
	struct plimsoll_buffer_entry *buffer = vma->vm_private_data;

	plimsoll_count(PLIMSOLL_MAPPINGS, 1);
	if (!buffer)
		return;
	mutex_lock(&card->lock);
	buffer->mappings++;
	mutex_unlock(&card->lock);
}

static void mapping_closed(struct vm_area_struct *vma)
{
	struct plimsoll_card *card = vma->vm_file->private_data;
	struct plimsoll_buffer_entry *buffer = vma->vm_private_data;

	plimsoll_count(PLIMSOLL_MAPPINGS, -1);
	if (!buffer)
		return;
	mutex_lock(&card->lock);
	buffer->mappings--;
	mutex_unlock(&card->lock);
}

static const struct vm_operations_struct vm_operations = {
	.open = mapping_opened,
	.close = mapping_closed,
	.fault = fault,
};

/* What may be mapped at an offset, and its kind of memory. */
static int choose(struct plimsoll_card *card, struct vm_area_struct *vma)
{
	u64 offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	u64 bytes = vma->vm_end - vma->vm_start;
	struct plimsoll_buffer_entry *buffer;

	if (card->gone)
		return -ENODEV;
	if (offset == PLIMSOLL_OFFSET_REGISTERS) {
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
		return bytes <= PL_REGISTER_BYTES ? 0 : -EINVAL;
	}
	if (offset == PLIMSOLL_OFFSET_WINDOW) {
		vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
		return card->window && bytes <= PL_WINDOW_BYTES ? 0 : -EINVAL;
	}
	buffer = find(card, offset);
	if (!buffer || bytes > buffer->bytes)
		return -EINVAL;
	buffer->mappings++;
	vma->vm_private_data = buffer;
	return 0;
}

int plimsoll_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct plimsoll_card *card = file->private_data;
	int error;

	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	vma->vm_private_data = NULL;
	mutex_lock(&card->lock);
	error = choose(card, vma);
	mutex_unlock(&card->lock);
	if (error)
		return error;
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP |
				  VM_DONTCOPY);
	vma->vm_ops = &vm_operations;
	plimsoll_count(PLIMSOLL_MAPPINGS, 1);
	return 0;
}
