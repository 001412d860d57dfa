// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* Bus mastering, and the way back to a card that touches no memory. */
#include <linux/iopoll.h>

#include "plimsoll.h"

#define RESET_POLL_US 200

static unsigned int reset_timeout_ms = 1000;
module_param(reset_timeout_ms, uint, 0644);
MODULE_PARM_DESC(reset_timeout_ms, "How long a card's own reset may take (1000)");

void plimsoll_start_master(struct plimsoll_card *card)
{
	if (card->master)
		return;
	pci_set_master(card->pdev);
	card->master = true;
}

/* The card's own reset, behind the function's: whether that reaches the logic
 * depends on the board.
 */
static int soft_reset(struct plimsoll_card *card)
{
	u32 control, status;
	int error;

	iowrite32(PL_CONTROL_SOFT_RESET, card->registers + PL_REG_CONTROL);
	error = read_poll_timeout(ioread32, control,
				  !(control & PL_CONTROL_SOFT_RESET),
				  RESET_POLL_US, reset_timeout_ms * 1000UL,
				  false, card->registers + PL_REG_CONTROL);
	status = ioread32(card->registers + PL_REG_STATUS);
	if (status == ~0U)
		return -ENODEV;
	if (error)
		return error;
	return status & PL_CARD_CLEAN ? 0 : -EIO;
}

/* Off the bus first; then nothing that the card still tries reaches memory. */
void plimsoll_stop(struct plimsoll_card *card, bool device_locked)
{
	struct device *dev = &card->pdev->dev;
	int reset, soft;

	pci_clear_master(card->pdev);
	card->master = false;
	card->resets++;
	card->needs_reset = true;
	if (!pci_device_is_present(card->pdev)) { /* a reset would wait a minute for it */
		dev_err(dev, "does not answer: check power and link\n");
		return;
	}
	reset = device_locked ? pci_reset_function_locked(card->pdev) :
				pci_try_reset_function(card->pdev);
	soft = soft_reset(card);
	card->needs_reset = soft != 0;
	if (soft)
		dev_err(dev, "is not clean after a reset (function %d, card %d): it stays off the bus\n",
			reset, soft);
	else if (reset)
		dev_dbg(dev, "no function-level reset (%d), reset by itself\n",
			reset);
}
