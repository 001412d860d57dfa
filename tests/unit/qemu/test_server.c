/* The card in front of QEMU's messages: configuration space, BARs, guest memory, MSI-X, resets, and
 * messages that QEMU would not send. */
#include "peer.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pl_abi.h"

static struct peer peer;
static const struct device_options plain = {
    .generation = 3, .width = 16, .mps = 256, .clock_mhz = 250
};

static int set_up(void **state)
{
    (void)state;
    peer_open(&peer, &plain);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    peer_close(&peer);
    return 0;
}

static void start_again(const struct device_options *options)
{
    peer_close(&peer);
    peer_open(&peer, options);
}

static uint32_t capability(uint8_t id)
{
    uint32_t at = peer_config_read(&peer, PCI_CAPABILITY_LIST, 1);
    for (unsigned n = 0; at != 0 && n < 8; n++) {
        if (peer_config_read(&peer, at, 1) == id)
            return at;
        at = peer_config_read(&peer, at + 1, 1);
    }
    fail_msg("no capability %u", id);
    return 0;
}

static void the_card_shows_itself(void **state)
{
    (void)state;
    assert_int_equal(peer_config_read(&peer, PCI_VENDOR_ID, 4), 0x504C10EE);
    assert_int_equal(peer_config_read(&peer, PCI_CLASS_REVISION, 4), 0x12000000);
    assert_int_equal(peer_config_read(&peer, PCI_CLASS_DEVICE, 2), 0x1200);
    assert_int_equal(peer_config_read(&peer, PCI_HEADER_TYPE, 1), 0);
    uint32_t express = capability(PCI_CAP_ID_EXP);
    assert_int_equal(peer_config_read(&peer, express + PCI_EXP_LNKSTA, 2), 3 | 16 << 4);
    assert_true(peer_config_read(&peer, express + PCI_EXP_DEVCAP, 4) & PCI_EXP_DEVCAP_FLR);
    uint32_t msix = capability(PCI_CAP_ID_MSIX);
    assert_int_equal(peer_config_read(&peer, msix + PCI_MSIX_FLAGS, 2), 2);
    assert_int_equal(peer_config_read(&peer, msix + PCI_MSIX_TABLE, 4), 0x8000);
    assert_int_equal(peer_config_read(&peer, msix + PCI_MSIX_PBA, 4), 0x9000);
    capability(PCI_CAP_ID_PM);
    assert_int_equal(peer_config_read(&peer, 256, 4), UINT32_MAX);
    assert_int_equal(peer_config_read(&peer, 0xfff, 1), 0xff);
}

static void bars_tell_their_size(void **state)
{
    (void)state;
    static const uint32_t sizes[] = { 0xffff0004, 0xffffffff, 0xfffff00c, 0xffffffff, 0, 0, 0 };
    for (uint32_t n = 0; n < 7; n++) {
        uint32_t at = PCI_BASE_ADDRESS_0 + 4 * n, before = peer_config_read(&peer, at, 4);
        peer_config_write(&peer, at, UINT32_MAX, 4);
        assert_int_equal(peer_config_read(&peer, at, 4), sizes[n]);
        peer_config_write(&peer, at, before, 4);
        assert_int_equal(peer_config_read(&peer, at, 4), before);
    }
    peer_config_write(&peer, PCI_VENDOR_ID, 0, 4);
    assert_int_equal(peer_config_read(&peer, PCI_VENDOR_ID, 2), 0x10EE);
}

static void registers_take_words_only(void **state)
{
    (void)state;
    assert_int_equal(peer_bar_read(&peer, PEER_REGISTERS, 4), UINT64_MAX);
    peer_enable_memory(&peer);
    peer.card.registers[PL_REG_MAGIC / 4] = PL_MAGIC;
    assert_int_equal(peer_bar_read(&peer, PEER_REGISTERS, 4), PL_MAGIC);
    peer_bar_write(&peer, PEER_REGISTERS + PL_REG_SUBMIT_BASE_LOW, 0x1000, 4);
    assert_int_equal(peer.card.registers[PL_REG_SUBMIT_BASE_LOW / 4], 0x1000);
    static const unsigned wrong[] = { 1, 2, 8 };
    for (unsigned n = 0; n < 3; n++) {
        assert_int_equal(peer_bar_read(&peer, PEER_REGISTERS, wrong[n]), UINT64_MAX);
        peer_bar_write(&peer, PEER_REGISTERS + PL_REG_SUBMIT_BASE_LOW, 0, wrong[n]);
    }
    assert_int_equal(peer_bar_read(&peer, PEER_REGISTERS + 2, 4), UINT64_MAX);
    assert_int_equal(peer_bar_read(&peer, PEER_REGISTERS + 0x1000, 4), UINT64_MAX);
    assert_int_equal(peer_bar_read(&peer, 0x1234, 4), UINT64_MAX);
    assert_int_equal(peer.card.registers[PL_REG_SUBMIT_BASE_LOW / 4], 0x1000);
    assert_int_equal(peer.device.wrong_accesses, 8);
}

static void a_sleeping_card_answers_nothing(void **state)
{
    (void)state;
    uint32_t power = capability(PCI_CAP_ID_PM) + PCI_PM_CTRL;
    peer_enable_memory(&peer);
    peer_config_write(&peer, power, 1, 2);
    assert_int_equal(peer_config_read(&peer, power, 2) & PCI_PM_CTRL_STATE_MASK, 0);
    peer_config_write(&peer, power, 3, 2);
    assert_int_equal(peer_bar_read(&peer, PEER_REGISTERS, 4), UINT64_MAX);
    peer_config_write(&peer, power, 0, 2);
    assert_int_equal(peer_bar_read(&peer, PEER_REGISTERS, 4), 0);
}

static void pieces_become_lines(void **state)
{
    (void)state;
    peer_enable_memory(&peer);
    for (uint64_t n = 0; n < 8; n++)
        peer_bar_write(&peer, PEER_WINDOW + 128 + 8 * n, 0x0101010101010101 * n, 8);
    assert_int_equal(peer.card.line_count, 1);
    assert_int_equal(peer.card.lines[0].offset, 128);
    assert_int_equal(peer.card.lines[0].strobe, UINT64_MAX);
    for (unsigned n = 0; n < 64; n++)
        assert_int_equal(peer.card.lines[0].bytes[n], n / 8);
    peer_bar_write(&peer, PEER_WINDOW + 4, 7, 4); /* a part; then another line */
    peer_bar_write(&peer, PEER_WINDOW + 64, 8, 8);
    assert_int_equal(peer.card.line_count, 2);
    assert_int_equal(peer.card.lines[1].strobe, 0xf0);
    peer_bar_write(&peer, PEER_WINDOW + 64, 9, 8); /* the same bytes again */
    assert_int_equal(peer.card.lines[2].strobe, 0xff);
    assert_int_equal(peer.card.lines[2].bytes[0], 8);
    peer_bar_write(&peer, PEER_REGISTERS + PL_REG_CONTROL, 1, 4); /* it does not overtake */
    assert_int_equal(peer.card.line_count, 4);
    assert_int_equal(peer.card.lines[3].bytes[0], 9);
    peer_bar_write(&peer, PEER_WINDOW, 1, 1);
    for (unsigned n = 0; n < DEVICE_COMBINE_CYCLES / DEVICE_SLICE_CYCLES; n++)
        assert_int_equal(device_run(&peer.device), 0);
    assert_int_equal(peer.card.line_count, 5);
}

static void memory_is_shared_and_replaced(void **state)
{
    (void)state;
    peer_share_memory(&peer);
    const struct guest_memory *memory = &peer.device.dma.memory;
    peer.memory[5000] = 77;
    assert_int_equal(*(uint8_t *)guest_memory_at(memory, 5000, 1), 77);
    assert_null(guest_memory_at(memory, PEER_MEMORY - 1, 2));
    assert_null(guest_memory_at(memory, PEER_MEMORY, 1));
    assert_null(guest_memory_at(memory, UINT64_MAX, 2));
    peer_share_memory(&peer);
    assert_int_equal(memory->count, 1);
    assert_int_equal(*(uint8_t *)guest_memory_at(memory, 5000, 1), 77);
    struct wire_regions none = { { 0 }, { 0 }, { 0 } };
    assert_int_equal(peer_send(&peer, WIRE_SYNC_SYSMEM, &none, sizeof none), 1);
    assert_int_equal(memory->count, 0);
}

static void dma_needs_a_bus_master(void **state)
{
    (void)state;
    uint8_t line[64] = { 1, 2, 3 };
    struct pl_sim_host *host = &peer.card.host;
    peer_share_memory(&peer);
    peer_enable_memory(&peer);
    assert_int_equal(host->read(host->context, 4096, line), -1);
    assert_int_equal(host->write(host->context, 4096, line), -1);
    assert_int_equal(peer.device.dma.refused_not_master, 2);
    peer_config_write(&peer, PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 2);
    assert_true(peer.card.held); /* until the IOMMU's state is known */
    peer_expect(&peer, "readl 0xfed9001c");
    peer_answer(&peer, "OK 0x0");
    assert_true(peer.card.held);
    peer_expect(&peer, "readq 0xfed90020");
    peer_answer(&peer, "OK 0x0");
    assert_false(peer.card.held);
    assert_int_equal(host->write(host->context, 4096, line), 0);
    assert_memory_equal(peer.memory + 4096, line, 64);
    peer.memory[4097] = 9;
    assert_int_equal(host->read(host->context, 4096, line), 0);
    assert_int_equal(line[1], 9);
    assert_int_equal(host->read(host->context, PEER_MEMORY, line), -1);
    assert_int_equal(peer.device.dma.refused_no_memory, 1);
    peer_config_write(&peer, PCI_COMMAND, PCI_COMMAND_MEMORY, 2);
    assert_int_equal(host->read(host->context, 4096, line), -1);
}

static void an_iommu_refuses_reads_and_drops_writes(void **state)
{
    (void)state;
    uint8_t line[64] = { 5 };
    struct pl_sim_host *host = &peer.card.host;
    peer_share_memory(&peer);
    peer_enable_memory(&peer);
    peer_enable_master(&peer, VTD_TRANSLATION_ENABLED, 0x2000); /* an empty root table */
    assert_int_equal(host->read(host->context, 4096, line), -1);
    assert_int_equal(host->write(host->context, 4096, line), 0); /* posted */
    assert_int_equal(peer.memory[4096], 0);
    assert_int_equal(peer.device.dma.refused_by_iommu, 2);
}

static void answers_to_old_questions_do_not_count(void **state)
{
    (void)state;
    peer_enable_memory(&peer);
    for (unsigned n = 0; n < 2; n++) {
        peer_config_write(&peer, PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 2);
        peer_expect(&peer, "readl 0xfed9001c");
        peer_expect(&peer, "readq 0xfed90020");
        if (n == 0)
            peer_config_write(&peer, PCI_COMMAND, PCI_COMMAND_MEMORY, 2);
    }
    peer_answer(&peer, "OK 0x80000000");
    peer_answer(&peer, "OK 0x5000");
    assert_true(peer.card.held);
    peer_answer(&peer, "OK 0x0");
    peer_answer(&peer, "OK 0x6000");
    assert_false(peer.card.held);
    assert_int_equal(peer.device.dma.iommu, DMA_IOMMU_OFF);
}

#define TABLE (PEER_REGISTERS + CARD_PCI_MSIX_TABLE)
#define PENDING (PEER_REGISTERS + CARD_PCI_MSIX_PBA)

static void set_vector(unsigned vector, uint32_t address, uint32_t data, uint32_t mask)
{
    peer_bar_write(&peer, TABLE + 16 * vector, address, 8);
    peer_bar_write(&peer, TABLE + 16 * vector + 8, data, 4);
    peer_bar_write(&peer, TABLE + 16 * vector + 12, mask, 4);
}

static uint32_t start_messages(void)
{
    peer_enable_memory(&peer);
    peer_enable_master(&peer, 0, 0);
    for (unsigned n = 0; n < CARD_PCI_VECTORS; n++)
        set_vector(n, 0xfee01000, 0x4020 + n, 0);
    uint32_t flags = capability(PCI_CAP_ID_MSIX) + PCI_MSIX_FLAGS;
    peer_config_write(&peer, flags, PCI_MSIX_FLAGS_ENABLE, 2);
    return flags;
}

static void raise_line(unsigned line)
{
    peer.card.levels |= 1u << line;
    peer.card.edges[line]++;
    assert_int_equal(device_run(&peer.device), 0);
}

static void interrupts_become_messages(void **state)
{
    (void)state;
    start_messages();
    peer_expect(&peer, "");
    raise_line(1);
    peer_expect(&peer, "writel 0xfee01000 0x4021");
    raise_line(0);
    raise_line(2);
    peer_expect(&peer, "writel 0xfee01000 0x4020");
    peer_expect(&peer, "writel 0xfee01000 0x4022");
    peer.card.levels = 0;
    peer.card.edges[0]++; /* up and down within a slice */
    assert_int_equal(device_run(&peer.device), 0);
    peer_expect(&peer, "writel 0xfee01000 0x4020");
    peer_expect(&peer, "");
}

static void masks_keep_messages_pending(void **state)
{
    (void)state;
    uint32_t flags = start_messages();
    set_vector(1, 0xfee01000, 0x4021, 1);
    raise_line(1);
    peer_expect(&peer, "");
    assert_int_equal(peer_bar_read(&peer, PENDING, 4), 2);
    assert_int_equal(peer_bar_read(&peer, PENDING, 8), 2);
    peer_bar_write(&peer, TABLE + 28, 0, 4);
    assert_int_equal(device_run(&peer.device), 0);
    peer_expect(&peer, "writel 0xfee01000 0x4021");
    assert_int_equal(peer_bar_read(&peer, PENDING, 4), 0);
    peer.card.levels = 0;
    peer_config_write(&peer, flags, PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL, 2);
    raise_line(2);
    peer_expect(&peer, "");
    peer_config_write(&peer, flags, PCI_MSIX_FLAGS_ENABLE, 2);
    assert_int_equal(device_run(&peer.device), 0);
    peer_expect(&peer, "writel 0xfee01000 0x4022");
}

static void a_line_that_stays_up_asks_again(void **state)
{
    (void)state;
    start_messages();
    raise_line(0);
    peer_expect(&peer, "writel 0xfee01000 0x4020");
    for (unsigned n = 0; n < 250000 / DEVICE_SLICE_CYCLES; n++)
        assert_int_equal(device_run(&peer.device), 0);
    peer_expect(&peer, "");
    assert_int_equal(device_run(&peer.device), 0);
    peer_expect(&peer, "writel 0xfee01000 0x4020");
    assert_true(device_is_busy(&peer.device));
}

static void a_line_that_was_up_before_interrupts_once_enabled(void **state)
{
    (void)state;
    raise_line(2);
    raise_line(0);
    peer.card.levels = 4;
    start_messages();
    assert_int_equal(device_run(&peer.device), 0);
    peer_expect(&peer, "writel 0xfee01000 0x4022");
    peer_expect(&peer, "");
}

static void an_interrupt_can_be_lost(void **state)
{
    (void)state;
    struct device_options options = plain;
    options.lose_interrupt = 2;
    start_again(&options);
    start_messages();
    raise_line(0);
    peer_expect(&peer, "writel 0xfee01000 0x4020");
    raise_line(0);
    peer_expect(&peer, "");
    raise_line(0);
    peer_expect(&peer, "writel 0xfee01000 0x4020");
    assert_int_equal(peer.device.lost_messages, 1);
}

/* QEMU may leave commands unanswered for a while. */
static void messages_wait_for_qtest(void **state)
{
    (void)state;
    start_messages();
    for (unsigned n = 0; n < DEVICE_MESSAGES; n++) {
        raise_line(0);
        peer_expect(&peer, "writel 0xfee01000 0x4020");
    }
    raise_line(0);
    peer_expect(&peer, "");
    assert_int_equal(peer_bar_read(&peer, PENDING, 4), 1);
    peer_answer(&peer, "OK");
    assert_int_equal(device_run(&peer.device), 0);
    peer_expect(&peer, "writel 0xfee01000 0x4020");
}

static void check_fresh(void)
{
    assert_int_equal(peer_config_read(&peer, PCI_COMMAND, 2), 0);
    assert_int_equal(peer_config_read(&peer, PCI_BASE_ADDRESS_0, 4), PCI_BASE_ADDRESS_MEM_TYPE_64);
    peer_enable_memory(&peer);
    assert_int_equal(peer_bar_read(&peer, PEER_REGISTERS + 8, 4), 0);
    assert_int_equal(peer_bar_read(&peer, TABLE, 4), 0);
    assert_int_equal(peer_bar_read(&peer, TABLE + 12, 4), 1);
    assert_int_equal(peer.card.line_count, 0);
}

static void resets_forget_everything(void **state)
{
    (void)state;
    for (unsigned machine = 0; machine < 2; machine++) {
        start_messages();
        peer.card.registers[2] = 5;
        peer_bar_write(&peer, PEER_WINDOW, 1, 8);
        if (machine) {
            assert_int_equal(peer_send(&peer, WIRE_DEVICE_RESET, NULL, 0), 1);
            peer_reply(&peer);
        } else {
            uint32_t control = capability(PCI_CAP_ID_EXP) + PCI_EXP_DEVCTL;
            uint32_t value = peer_config_read(&peer, control, 2);
            peer_config_write(&peer, control, value | PCI_EXP_DEVCTL_BCR_FLR, 2);
            assert_int_equal(peer_config_read(&peer, control, 2), value);
        }
        assert_int_equal(peer.card.resets, machine + 1);
        check_fresh();
    }
}

static void arm(enum fault fault, uint32_t line)
{
    peer_config_write(&peer, FAULTS_ARM, (uint32_t)fault << FAULTS_ARM_SHIFT | line, 4);
    assert_int_equal(peer_config_read(&peer, FAULTS_ARM, 4), fault);
}

static int transfer(void)
{
    uint8_t line[64] = { 1 };
    return peer.card.host.read(peer.card.host.context, 4096, line);
}

static void start_with_faults(void)
{
    struct device_options options = plain;
    options.faults = true;
    start_again(&options);
    peer_share_memory(&peer);
    peer_enable_memory(&peer);
    peer_enable_master(&peer, 0, 0);
}

static void faults_strike_once_at_their_line(void **state)
{
    (void)state;
    start_with_faults();
    arm(FAULT_ERROR, 2);
    assert_int_equal(transfer(), 0);
    assert_int_equal(transfer(), -1);
    assert_int_equal(transfer(), 0);
    arm(FAULT_ADDRESS, 1);
    assert_int_equal(transfer(), -1);
    assert_int_equal(peer.device.dma.refused_no_memory, 1); /* without an IOMMU */
    assert_int_equal(transfer(), 0);
    assert_int_equal(peer_config_read(&peer, FAULTS_LINES, 4), 5);
    assert_int_equal(peer_config_read(&peer, FAULTS_ARM, 4), FAULT_NONE);
}

static void a_link_that_died_comes_back_with_a_reset_of_the_bus(void **state)
{
    (void)state;
    start_with_faults();
    arm(FAULT_LINK, 1);
    assert_int_equal(transfer(), -1);
    assert_int_equal(transfer(), -1);
    assert_int_equal(peer_bar_read(&peer, PEER_REGISTERS, 4), UINT64_MAX);
    assert_int_equal(peer_config_read(&peer, PCI_VENDOR_ID, 4), UINT32_MAX);
    assert_int_equal(peer_send(&peer, WIRE_DEVICE_RESET, NULL, 0), 1);
    peer_reply(&peer);
    assert_int_equal(peer_config_read(&peer, PCI_VENDOR_ID, 4), 0x504C10EE);
    assert_int_equal(peer.card.resets, 1);
}

static void a_card_that_is_stuck_is_held_until_a_reset(void **state)
{
    (void)state;
    start_with_faults();
    arm(FAULT_STUCK, 1);
    assert_int_equal(transfer(), 0);
    assert_int_equal(device_run(&peer.device), 0);
    assert_true(peer.card.held);
    peer_config_write(&peer, capability(PCI_CAP_ID_EXP) + PCI_EXP_DEVCTL, PCI_EXP_DEVCTL_BCR_FLR,
                      2);
    assert_false(peer.card.held);
}

static void without_leave_there_are_no_faults(void **state)
{
    (void)state;
    peer_share_memory(&peer);
    peer_enable_memory(&peer);
    peer_enable_master(&peer, 0, 0);
    peer_config_write(&peer, FAULTS_ARM, (uint32_t)FAULT_ERROR << FAULTS_ARM_SHIFT | 1, 4);
    assert_int_equal(peer_config_read(&peer, FAULTS_ARM, 4), 0);
    assert_int_equal(transfer(), 0);
    assert_int_equal(peer_config_read(&peer, FAULTS_LINES, 4), 0);
}

static void a_removed_card_is_all_ones(void **state)
{
    (void)state;
    struct device_options options = plain;
    options.remove_after = 3;
    start_again(&options);
    peer_enable_memory(&peer);
    for (unsigned n = 0; n < 3; n++)
        assert_int_equal(peer_bar_read(&peer, PEER_REGISTERS, 4), 0);
    assert_int_equal(peer_bar_read(&peer, PEER_REGISTERS, 4), UINT64_MAX);
    assert_int_equal(peer_config_read(&peer, PCI_VENDOR_ID, 4), UINT32_MAX);
    peer_config_write(&peer, PCI_COMMAND, PCI_COMMAND_MASTER, 2);
    peer_expect(&peer, "");
    assert_int_equal(peer_send(&peer, WIRE_DEVICE_RESET, NULL, 0), 1);
    peer_reply(&peer);
    assert_int_equal(peer.card.resets, 0);
    assert_false(device_is_busy(&peer.device));
}

static void a_link_that_is_down_is_all_ones(void **state)
{
    (void)state;
    peer_enable_memory(&peer);
    peer.card.down = true;
    assert_int_equal(peer_bar_read(&peer, PEER_REGISTERS, 4), UINT64_MAX);
    assert_int_equal(peer_config_read(&peer, PCI_VENDOR_ID, 2), 0xffff);
}

static void time_passes_while_something_happens(void **state)
{
    (void)state;
    assert_false(device_is_busy(&peer.device));
    peer_enable_memory(&peer);
    peer_bar_read(&peer, PEER_REGISTERS, 4);
    for (uint64_t n = 0; n < DEVICE_QUIET_CYCLES / DEVICE_SLICE_CYCLES; n++) {
        assert_true(device_is_busy(&peer.device));
        assert_int_equal(device_run(&peer.device), 0);
    }
    assert_false(device_is_busy(&peer.device));
}

/* Everything that QEMU has been asked gets some answer. */
static void answer_all(uint64_t *random)
{
    char byte, text[64];
    while (recv(peer.qtest, &byte, 1, MSG_DONTWAIT) == 1) {
        if (byte != '\n')
            continue;
        snprintf(text, sizeof text, "OK 0x%" PRIx64, random_u64(random));
        peer_answer(&peer, text);
    }
}

/* Whatever a guest does, in whatever order: nothing crashes, the card's identity stays, every
 * access of the core lies within its registers and window (peer.c asserts it). */
static void random_accesses_do_no_harm(void **state)
{
    (void)state;
    uint64_t random = random_seed(3);
    static const unsigned sizes[] = { 1, 2, 4, 8 };
    static const uint64_t bases[] = { PEER_REGISTERS, PEER_REGISTERS + CARD_PCI_MSIX_TABLE,
                                      PEER_REGISTERS + CARD_PCI_MSIX_PBA, PEER_WINDOW, 0 };
    struct pl_sim_host *host = &peer.card.host;
    uint8_t line[64] = { 0 };
    peer_share_memory(&peer);
    for (uint64_t n = random_rounds(50000); n > 0; n--) {
        uint64_t value = random_u64(&random), choice = random_below(&random, 100);
        unsigned bytes = sizes[random_below(&random, 4)];
        uint64_t base = bases[random_below(&random, 5)];
        uint64_t address = base + random_below(&random, random_once_in(&random, 4) ? 70000 : 64);
        uint32_t place = (uint32_t)random_below(&random, 300);
        if (choice < 20)
            peer_bar_write(&peer, address, value, bytes);
        else if (choice < 40)
            peer_bar_read(&peer, address, bytes);
        else if (choice < 60)
            peer_config_write(&peer, place, (uint32_t)value, bytes < 8 ? (int)bytes : 4);
        else if (choice < 70)
            peer_config_read(&peer, place, bytes < 8 ? (int)bytes : 4);
        else if (choice < 80)
            peer_enable_memory(&peer);
        else if (choice < 90)
            host->write(host->context, value % (2 * PEER_MEMORY) & ~UINT64_C(63), line);
        else if (choice < 91) {
            assert_int_equal(peer_send(&peer, WIRE_DEVICE_RESET, NULL, 0), 1);
            peer_reply(&peer);
        }
        peer.card.levels = (uint32_t)(value >> 32 & 7);
        peer.card.edges[value >> 40 & 1] += value >> 48 & 1;
        assert_int_equal(device_run(&peer.device), 0);
        answer_all(&random);
        assert_int_equal(peer_config_read(&peer, PCI_VENDOR_ID, 4), 0x504C10EE);
        assert_true(!peer.card.held && dma_is_known(&peer.device.dma));
    }
}

/* A message that is refused, with these words. */
static void refused(int32_t command, const void *payload, uint64_t bytes, const char *words)
{
    start_again(&plain);
    assert_int_equal(peer_send(&peer, command, payload, bytes), -EPROTO);
    if (strstr(peer.server.text, words) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", words, peer.server.text);
}

static void malformed_messages_are_refused(void **state)
{
    (void)state;
    static const uint8_t zeros[512];
    struct wire_config config = { 0, 0, 3 };
    struct wire_bar bar = { .bytes = 16 };
    refused(8, NULL, 0, "message 8 is none");
    refused(-1, NULL, 0, "message -1 is none");
    refused(WIRE_RET, zeros, 8, "message 1 is none");
    refused(WIRE_SYNC_SYSMEM, zeros, 191, "SYNC_SYSMEM with 191 bytes of payload, not 192");
    refused(WIRE_CONFIG_READ, NULL, 0, "config read with 0 bytes of payload, not 12");
    refused(WIRE_BAR_WRITE, zeros, 512, "BAR write with 512 bytes");
    refused(WIRE_DEVICE_RESET, zeros, 8, "DEVICE_RESET with 8 bytes");
    refused(WIRE_CONFIG_WRITE, &config, sizeof config, "config write of 3 bytes");
    refused(WIRE_BAR_READ, &bar, sizeof bar, "BAR read of 16 bytes");
    bar.bytes = 0;
    refused(WIRE_BAR_READ, &bar, sizeof bar, "BAR read of 0 bytes");
}

static void memory_beyond_its_file_is_refused(void **state)
{
    (void)state;
    peer_share_memory(&peer);
    struct wire_message m = { .command = WIRE_SYNC_SYSMEM, .fd_count = 1 };
    char text[WIRE_TEXT_BYTES];
    static const uint64_t wrong[][3] = { { 0, PEER_MEMORY, 4096 },
                                         { 0, PEER_MEMORY + 4096, 0 },
                                         { 0, 4096, PEER_MEMORY + 4096 },
                                         { 0, 4096, 100 },
                                         { 0, 0, 0 },
                                         { UINT64_MAX - 100, 4096, 0 } };
    for (unsigned n = 0; n < sizeof wrong / sizeof wrong[0]; n++) {
        m.fds[0] = peer.memory_fd;
        m.regions.gpas[0] = wrong[n][0];
        m.regions.sizes[0] = wrong[n][1];
        m.regions.offsets[0] = wrong[n][2];
        assert_true(guest_memory_set(&peer.device.dma.memory, &m, text) < 0);
        assert_non_null(strstr(text, "guest memory at "));
        assert_int_equal(peer.device.dma.memory.count, 0);
    }
}

static void an_end_within_a_message_is_told(void **state)
{
    (void)state;
    struct {
        int32_t command, pad;
        uint64_t bytes;
        uint8_t part[5];
    } message = { WIRE_BAR_READ, 0, sizeof(struct wire_bar), { 0 } };
    assert_int_equal(send(peer.socket, &message, 21, 0), 21);
    shutdown(peer.socket, SHUT_WR);
    assert_int_equal(server_take(&peer.server), -EPROTO);
    assert_non_null(strstr(peer.server.text, "QEMU went away after 5 of 24 bytes"));
    start_again(&plain);
    assert_int_equal(send(peer.socket, &message, 16, 0), 16);
    shutdown(peer.socket, SHUT_WR);
    assert_int_equal(server_take(&peer.server), -EPROTO);
    assert_non_null(strstr(peer.server.text, "QEMU went away within a BAR read"));
    start_again(&plain);
    shutdown(peer.socket, SHUT_WR);
    assert_int_equal(server_take(&peer.server), 0);
    assert_int_equal(server_run(&peer.server), 0);
}

static void qtest_answers_that_make_no_sense_are_told(void **state)
{
    (void)state;
    static const char *const wrong[] = { "FAIL Unknown command 'x'\n", "OK\n" };
    for (unsigned n = 0; n < 2; n++) {
        start_again(&plain);
        send(peer.qtest, wrong[n], strlen(wrong[n]), 0);
        assert_int_equal(device_answers(&peer.device), -EPROTO);
        assert_memory_equal(peer.server_qtest.line, wrong[n], strlen(wrong[n]) - 1);
    }
    close(peer.qtest);
    peer.qtest = dup(peer.socket);
    assert_int_equal(device_answers(&peer.device), -EPIPE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_card_shows_itself),
        TEST(bars_tell_their_size),
        TEST(registers_take_words_only),
        TEST(a_sleeping_card_answers_nothing),
        TEST(pieces_become_lines),
        TEST(memory_is_shared_and_replaced),
        TEST(dma_needs_a_bus_master),
        TEST(an_iommu_refuses_reads_and_drops_writes),
        TEST(answers_to_old_questions_do_not_count),
        TEST(interrupts_become_messages),
        TEST(masks_keep_messages_pending),
        TEST(a_line_that_stays_up_asks_again),
        TEST(a_line_that_was_up_before_interrupts_once_enabled),
        TEST(an_interrupt_can_be_lost),
        TEST(messages_wait_for_qtest),
        TEST(resets_forget_everything),
        TEST(faults_strike_once_at_their_line),
        TEST(a_link_that_died_comes_back_with_a_reset_of_the_bus),
        TEST(a_card_that_is_stuck_is_held_until_a_reset),
        TEST(without_leave_there_are_no_faults),
        TEST(a_removed_card_is_all_ones),
        TEST(a_link_that_is_down_is_all_ones),
        TEST(time_passes_while_something_happens),
        TEST(random_accesses_do_no_harm),
        TEST(malformed_messages_are_refused),
        TEST(memory_beyond_its_file_is_refused),
        TEST(an_end_within_a_message_is_told),
        TEST(qtest_answers_that_make_no_sense_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
