// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * What the driver holds, all cards together, those that are gone as well:
 * /sys/bus/pci/drivers/plimsoll/live. After the last close only the cards are
 * left; after the module's end nothing may be.
 */
#include <linux/sysfs.h>

#include "plimsoll.h"

static atomic64_t live[PLIMSOLL_KINDS];

void plimsoll_count(enum plimsoll_kind kind, s64 by)
{
	atomic64_add(by, &live[kind]);
}

static s64 count_of(enum plimsoll_kind kind)
{
	return atomic64_read(&live[kind]);
}

void plimsoll_check_account(void)
{
	int kind;

	for (kind = 0; kind < PLIMSOLL_KINDS; kind++)
		if (count_of(kind))
			pr_err("plimsoll: leaks: %lld left of kind %d\n",
			       count_of(kind), kind);
}

static ssize_t live_show(struct device_driver *driver, char *text)
{
	return sysfs_emit(text, "cards %lld files %lld buffers %lld bytes %lld mappings %lld\n",
			  count_of(PLIMSOLL_CARDS), count_of(PLIMSOLL_FILES),
			  count_of(PLIMSOLL_BUFFERS), count_of(PLIMSOLL_BYTES),
			  count_of(PLIMSOLL_MAPPINGS));
}
static DRIVER_ATTR_RO(live);

static struct attribute *attributes[] = { &driver_attr_live.attr, NULL };
static const struct attribute_group group = { .attrs = attributes };
const struct attribute_group *plimsoll_driver_groups[] = { &group, NULL };
