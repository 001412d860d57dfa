// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* The device file: see uapi/plimsoll.h. */
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/uaccess.h>

#include "plimsoll.h"

static int plimsoll_open(struct inode *inode, struct file *file)
{
	struct plimsoll_card *card =
		container_of(file->private_data, struct plimsoll_card, misc);
	int error = 0;

	mutex_lock(&card->lock);
	if (card->gone)
		error = -ENODEV;
	else if (card->open)
		error = -EBUSY;
	else if (card->needs_reset)
		plimsoll_stop(card, false);
	if (!error && card->needs_reset)
		error = pci_device_is_present(card->pdev) ? -EIO : -ENOLINK;
	if (!error) {
		card->open = true;
		card->opens++;
		card->mapping = inode->i_mapping;
		atomic64_set(&card->unread, 0);
		kref_get(&card->refs);
		plimsoll_count(PLIMSOLL_FILES, 1);
		file->private_data = card;
	}
	mutex_unlock(&card->lock);
	return error ? error : stream_open(inode, file);
}

/* Called when the last mapping is gone as well. */
static int plimsoll_release(struct inode *inode, struct file *file)
{
	struct plimsoll_card *card = file->private_data;

	mutex_lock(&card->lock);
	if (!card->gone)
		plimsoll_stop(card, false);
	plimsoll_free_all(card);
	card->mapping = NULL;
	card->open = false;
	mutex_unlock(&card->lock);
	plimsoll_count(PLIMSOLL_FILES, -1);
	plimsoll_card_put(card);
	return 0;
}

static long give_info(struct plimsoll_card *card, void __user *to)
{
	struct plimsoll_info info = {
		.interface = PLIMSOLL_INTERFACE,
		.vectors = card->vectors,
		.register_bytes = PL_REGISTER_BYTES,
		.window_bytes = card->window ? PL_WINDOW_BYTES : 0,
		.contract_hash = card->contract_hash,
	};

	return copy_to_user(to, &info, sizeof(info)) ? -EFAULT : 0;
}

static long plimsoll_ioctl(struct file *file, unsigned int request,
			   unsigned long argument)
{
	struct plimsoll_card *card = file->private_data;
	void __user *user = (void __user *)argument;
	struct plimsoll_buffer buffer;
	long error;

	if (request == PLIMSOLL_IOC_INFO)
		return give_info(card, user);
	if (request != PLIMSOLL_IOC_ALLOC && request != PLIMSOLL_IOC_FREE)
		return -ENOTTY;
	if (copy_from_user(&buffer, user, sizeof(buffer)))
		return -EFAULT;
	mutex_lock(&card->lock);
	if (request == PLIMSOLL_IOC_FREE)
		error = plimsoll_free(card, buffer.offset);
	else
		error = card->gone ? -ENODEV : plimsoll_alloc(card, &buffer);
	mutex_unlock(&card->lock);
	if (error || request == PLIMSOLL_IOC_FREE)
		return error;
	if (!copy_to_user(user, &buffer, sizeof(buffer)))
		return 0;
	mutex_lock(&card->lock);
	plimsoll_free(card, buffer.offset);
	mutex_unlock(&card->lock);
	return -EFAULT;
}

static ssize_t plimsoll_read(struct file *file, char __user *to, size_t bytes,
			     loff_t *offset)
{
	struct plimsoll_card *card = file->private_data;
	u64 count;

	if (bytes < sizeof(count))
		return -EINVAL;
	for (;;) {
		if (READ_ONCE(card->gone))
			return -ENODEV;
		count = atomic64_xchg(&card->unread, 0);
		if (count)
			break;
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(card->wait,
					     atomic64_read(&card->unread) ||
					     READ_ONCE(card->gone)))
			return -ERESTARTSYS;
	}
	return copy_to_user(to, &count, sizeof(count)) ? -EFAULT : sizeof(count);
}

static __poll_t plimsoll_poll(struct file *file, poll_table *table)
{
	struct plimsoll_card *card = file->private_data;

	poll_wait(file, &card->wait, table);
	if (READ_ONCE(card->gone))
		return EPOLLERR | EPOLLHUP;
	return atomic64_read(&card->unread) ? EPOLLIN | EPOLLRDNORM : 0;
}

const struct file_operations plimsoll_file_operations = {
	.owner = THIS_MODULE,
	.open = plimsoll_open,
	.release = plimsoll_release,
	.unlocked_ioctl = plimsoll_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = plimsoll_mmap,
	.read = plimsoll_read,
	.poll = plimsoll_poll,
};
