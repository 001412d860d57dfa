// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * /sys/bus/pci/devices/ADDRESS/plimsoll/: what the card said when it was bound,
 * and what the driver counts. The card's own counters are not here: reading
 * them needs a register that the program with the card uses.
 */
#include <linux/sysfs.h>

#include "plimsoll.h"

#define CARD_ATTRIBUTE(name, format, value)                                   \
	static ssize_t name##_show(struct device *dev,                        \
				   struct device_attribute *attribute,        \
				   char *text)                                \
	{                                                                     \
		struct plimsoll_card *card = dev_get_drvdata(dev);            \
									      \
		return sysfs_emit(text, format "\n", value);                  \
	}                                                                     \
	static DEVICE_ATTR_RO(name)

CARD_ATTRIBUTE(board, "%s", card->board->name);
CARD_ATTRIBUTE(contract_version, "%u", card->contract_version);
CARD_ATTRIBUTE(contract_hash, "%016llX", card->contract_hash);
CARD_ATTRIBUTE(revision, "%u", card->revision);
CARD_ATTRIBUTE(profile, "%u", card->profile);
CARD_ATTRIBUTE(lanes, "%u", card->lanes);
CARD_ATTRIBUTE(in_use, "%d", READ_ONCE(card->open));
CARD_ATTRIBUTE(opens, "%llu", READ_ONCE(card->opens));
CARD_ATTRIBUTE(resets, "%llu", READ_ONCE(card->resets));
CARD_ATTRIBUTE(buffer_bytes, "%llu", READ_ONCE(card->buffer_bytes));
CARD_ATTRIBUTE(interrupts, "%lld",
	       (long long)atomic64_read(&card->interrupts));

static struct attribute *attributes[] = {
	&dev_attr_board.attr,	     &dev_attr_contract_version.attr,
	&dev_attr_contract_hash.attr, &dev_attr_revision.attr,
	&dev_attr_profile.attr,	     &dev_attr_lanes.attr,
	&dev_attr_in_use.attr,	     &dev_attr_opens.attr,
	&dev_attr_resets.attr,	     &dev_attr_buffer_bytes.attr,
	&dev_attr_interrupts.attr,   NULL,
};

static const struct attribute_group group = {
	.name = "plimsoll",
	.attrs = attributes,
};

const struct attribute_group *plimsoll_groups[] = { &group, NULL };
