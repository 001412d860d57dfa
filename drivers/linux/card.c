// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* Plimsoll cards on PCI: found, identified, made a file each, and let go. */
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "plimsoll.h"

#ifndef CONFIG_X86_64
#error "only x86-64: elsewhere memory for the card may need another mapping"
#endif
static_assert(PL_REGISTER_BYTES % PAGE_SIZE == 0);
static_assert(PL_WINDOW_BYTES % PAGE_SIZE == 0);
static_assert(PL_REGISTER_BYTES <= PLIMSOLL_OFFSET_WINDOW);

#define BOARD(name, vendor, device, registers, window) { name, registers, window },
static const struct plimsoll_board boards[] = { PL_BOARDS(BOARD) };

#define BOARD_ID(name, vendor, device, registers, window) { PCI_DEVICE(vendor, device) },
static const struct pci_device_id ids[] = { PL_BOARDS(BOARD_ID) { 0 } };
MODULE_DEVICE_TABLE(pci, ids);
static_assert(ARRAY_SIZE(ids) == ARRAY_SIZE(boards) + 1);

static irqreturn_t interrupt(int irq, void *context)
{
	struct plimsoll_card *card = context;

	atomic64_inc(&card->interrupts);
	atomic64_inc(&card->unread);
	wake_up_interruptible(&card->wait);
	return IRQ_HANDLED;
}

static void free_card(struct kref *refs)
{
	struct plimsoll_card *card = container_of(refs, struct plimsoll_card, refs);

	free_page((unsigned long)card->ones);
	free_page((unsigned long)card->sink);
	kfree(card);
	plimsoll_count(PLIMSOLL_CARDS, -1);
}

void plimsoll_card_put(struct plimsoll_card *card)
{
	kref_put(&card->refs, free_card);
}

static struct plimsoll_card *new_card(struct pci_dev *pdev,
				      const struct plimsoll_board *board)
{
	struct plimsoll_card *card = kzalloc(sizeof(*card), GFP_KERNEL);

	if (!card)
		return NULL;
	plimsoll_count(PLIMSOLL_CARDS, 1);
	kref_init(&card->refs);
	mutex_init(&card->lock);
	init_waitqueue_head(&card->wait);
	INIT_LIST_HEAD(&card->buffers);
	card->pdev = pdev;
	card->board = board;
	card->needs_reset = true;	/* whoever had it before may have left it at work */
	card->ones = (void *)get_zeroed_page(GFP_KERNEL);
	card->sink = (void *)get_zeroed_page(GFP_KERNEL);
	if (!card->ones || !card->sink) {
		plimsoll_card_put(card);
		return NULL;
	}
	memset(card->ones, 0xFF, PAGE_SIZE);
	return card;
}

static int check_bar(struct pci_dev *pdev, int bar, u64 bytes)
{
	u64 has = pci_resource_len(pdev, bar);

	if ((pci_resource_flags(pdev, bar) & IORESOURCE_MEM) && has >= bytes)
		return 0;
	dev_err(&pdev->dev, "BAR %d has %llu bytes, a card's has at least %llu\n",
		bar, has, bytes);
	return -ENODEV;
}

static u32 read_register(struct plimsoll_card *card, unsigned int offset)
{
	return ioread32(card->registers + offset);
}

static int identify(struct plimsoll_card *card)
{
	struct device *dev = &card->pdev->dev;
	u32 magic = read_register(card, PL_REG_MAGIC);

	if (magic == ~0U) {
		dev_err(dev, "does not answer, its registers read as all ones: check power and link\n");
		return -ENODEV;
	}
	if (magic != PL_MAGIC) {
		dev_info(dev, "is no Plimsoll card: its first register is %08x\n", magic);
		return -ENODEV;
	}
	card->contract_version = read_register(card, PL_REG_CONTRACT_VERSION);
	card->contract_hash = read_register(card, PL_REG_CONTRACT_HASH_LOW) |
			      (u64)read_register(card, PL_REG_CONTRACT_HASH_HIGH) << 32;
	if (card->contract_version != PL_CONTRACT_VERSION ||
	    card->contract_hash != PL_CONTRACT_HASH) {
		dev_err(dev, "the card speaks contract %u (%016llX), this driver %u (%016llX): use card and driver of one build\n",
			card->contract_version, card->contract_hash,
			PL_CONTRACT_VERSION, PL_CONTRACT_HASH);
		return -EPROTO;
	}
	card->revision = read_register(card, PL_REG_BUILD);
	card->profile = read_register(card, PL_REG_PROFILE);
	card->lanes = read_register(card, PL_REG_LANES);
	return 0;
}

static int map_bars(struct plimsoll_card *card)
{
	struct pci_dev *pdev = card->pdev;
	int registers = card->board->register_bar, window = card->board->window_bar;
	int error = check_bar(pdev, registers, PL_REGISTER_BYTES);

	if (!error)
		error = check_bar(pdev, window, PL_WINDOW_BYTES);
	if (error)
		return error;
	error = pci_request_selected_regions(pdev, BIT(registers) | BIT(window),
					     "plimsoll");
	if (error)
		return error;
	card->registers = pci_iomap_range(pdev, registers, 0, PL_REGISTER_BYTES);
	card->window = pci_iomap_wc_range(pdev, window, 0, PL_WINDOW_BYTES);
	card->register_pfn = pci_resource_start(pdev, registers) >> PAGE_SHIFT;
	card->window_pfn = pci_resource_start(pdev, window) >> PAGE_SHIFT;
	if (card->registers && card->window)
		return 0;
	if (card->window)
		pci_iounmap(pdev, card->window);
	if (card->registers)
		pci_iounmap(pdev, card->registers);
	pci_release_selected_regions(pdev, BIT(registers) | BIT(window));
	return -ENOMEM;
}

static void unmap_bars(struct plimsoll_card *card)
{
	pci_iounmap(card->pdev, card->window);
	pci_iounmap(card->pdev, card->registers);
	pci_release_selected_regions(card->pdev, BIT(card->board->register_bar) |
						 BIT(card->board->window_bar));
}

static void drop_interrupts(struct plimsoll_card *card)
{
	while (card->vectors > 0)
		free_irq(pci_irq_vector(card->pdev, --card->vectors), card);
	pci_free_irq_vectors(card->pdev);
}

/* A card without interrupts is one that its program looks at. */
static void request_interrupts(struct plimsoll_card *card)
{
	struct pci_dev *pdev = card->pdev;
	int error = pci_alloc_irq_vectors(pdev, PL_IRQ_VECTORS, PL_IRQ_VECTORS,
					  PCI_IRQ_MSIX);

	while (error >= 0 && card->vectors < PL_IRQ_VECTORS) {
		error = request_irq(pci_irq_vector(pdev, card->vectors),
				    interrupt, 0, card->name, card);
		card->vectors += !error;
	}
	if (error >= 0)
		return;
	drop_interrupts(card);
	dev_info(&pdev->dev, "no interrupts (%d)\n", error);
}

static int make_file(struct plimsoll_card *card)
{
	struct pci_dev *pdev = card->pdev;

	card->misc = (struct miscdevice){
		.minor = MISC_DYNAMIC_MINOR,
		.name = card->name,
		.fops = &plimsoll_file_operations,
		.parent = &pdev->dev,
		.mode = 0600,
	};
	return misc_register(&card->misc);
}

static int plimsoll_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct plimsoll_card *card;
	int error;

	card = new_card(pdev, &boards[id - ids]);
	if (!card)
		return -ENOMEM;
	snprintf(card->name, sizeof(card->name), "plimsoll-%s", pci_name(pdev));
	pci_set_drvdata(pdev, card);
	error = pci_enable_device_mem(pdev);
	if (error)
		goto put;
	pci_clear_master(pdev);
	error = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (error)
		goto disable;
	error = map_bars(card);
	if (error)
		goto disable;
	error = identify(card);
	if (error)
		goto unmap;
	request_interrupts(card);
	error = make_file(card);
	if (error)
		goto interrupts;
	dev_info(&pdev->dev, "%s, revision %u, %u lanes, %d interrupts: /dev/%s\n",
		 card->board->name, card->revision, card->lanes, card->vectors,
		 card->name);
	return 0;
interrupts:
	drop_interrupts(card);
unmap:
	unmap_bars(card);
disable:
	pci_disable_device(pdev);
put:
	plimsoll_card_put(card);
	return error;
}

static void plimsoll_remove(struct pci_dev *pdev)
{
	struct plimsoll_card *card = pci_get_drvdata(pdev);

	misc_deregister(&card->misc);
	mutex_lock(&card->lock);
	if (card->open && pci_device_is_present(pdev))
		plimsoll_stop(card, true);
	WRITE_ONCE(card->gone, true);
	plimsoll_keep_copies(card);
	mutex_unlock(&card->lock);
	wake_up_all(&card->wait);
	drop_interrupts(card);
	unmap_bars(card);
	pci_disable_device(pdev);
	plimsoll_card_put(card);
}

static void plimsoll_shutdown(struct pci_dev *pdev)
{
	struct plimsoll_card *card = pci_get_drvdata(pdev);

	mutex_lock(&card->lock);
	if (card->master)
		plimsoll_stop(card, true);
	mutex_unlock(&card->lock);
}

static struct pci_driver plimsoll_driver = {
	.name = "plimsoll",
	.id_table = ids,
	.probe = plimsoll_probe,
	.remove = plimsoll_remove,
	.shutdown = plimsoll_shutdown,
	.groups = plimsoll_driver_groups,
	.dev_groups = plimsoll_groups,
};

static int __init plimsoll_init(void)
{
	return pci_register_driver(&plimsoll_driver);
}
module_init(plimsoll_init);

static void __exit plimsoll_exit(void)
{
	pci_unregister_driver(&plimsoll_driver);
	plimsoll_check_account();
}
module_exit(plimsoll_exit);

MODULE_DESCRIPTION("Plimsoll liquidation-risk cards");
MODULE_LICENSE("GPL");
