"""Soft resets while reads and writes are out: all is answered first, CLEAN, nothing comes after it, and the card works again."""
import cocotb

import contract as c
from card import PARAMETERS, Card
from session import first_tick, read_session, run
from test_registers import all_but_status


async def busy(card, items, cycles, enough=lambda: True):
    """A session under way, at least so many cycles old, and then at a moment of which `enough` holds."""
    await card.open()
    task = cocotb.start_soon(run(card, items))
    await card.cycles(cycles)
    for _ in range(20_000):
        if enough() or task.done():
            break
        await card.cycles(1)
    else:
        raise AssertionError("that moment never comes")
    if not task.done():
        task.kill()


async def nothing_comes(card):
    """The bus stays quiet, and the registers are as after a reset."""
    taken = card.reads.taken, card.writes.taken
    card.free_all()
    await all_but_status(card)
    await card.cycles(200)
    assert (card.reads.taken, card.writes.taken) == taken and card.quiet(), "a transfer after a clean reset"


async def works(card, items):
    await card.open()
    await run(card, items)
    card.check()


@cocotb.test()
async def reset_at_any_time(dut):
    card, items = await Card(dut, "reset_at_any_time").power_on(), read_session()
    await card.soft_reset()
    for _ in range(8):
        await busy(card, items, int(10 ** card.rng.uniform(1, 3.7)))
        await card.soft_reset()
        await nothing_comes(card)
    await works(card, first_tick(items))


async def held(dut, name, channels, enough, waits=True):
    """With channels that hold answers back the reset waits for them, and is clean when they come. waits: it must have to."""
    card, items = await Card(dut, name).power_on(), first_tick(read_session())
    await card.soft_reset()
    for _ in range(3):
        await busy(card, items, int(10 ** card.rng.uniform(1, 3.3)), lambda: enough(card))
        for channel in channels:
            card.stick(channel)
        await card.write("CONTROL", c.CONTROL.SOFT_RESET)
        await card.cycles(card.rng.randrange(64, PARAMETERS["TIMEOUT"] // 4))
        control = await card.read("CONTROL")
        assert card.quiet() or control == c.CONTROL.SOFT_RESET, f"the reset has ended; {card.outstanding()}"
        assert not (waits and card.quiet()), "nothing was out"
        for channel in channels:
            card.loosen(channel)
        status = await card.reset_ends(PARAMETERS["TIMEOUT"])
        assert status == c.CARD.CLEAN and card.quiet(), f"STATUS {status:x}; {card.outstanding()}"
        card.forget()
        await nothing_comes(card)
        card.pause()
    await works(card, items)


@cocotb.test()
async def reset_waits_for_reads(dut):
    await held(dut, "reset_waits_for_reads", ["r"], lambda card: card.reads.open)


@cocotb.test()
async def reset_waits_for_writes(dut):
    def out(card):
        return card.writes.taken > card.writes.answers or not card.writes.b_channel.empty()
    await held(dut, "reset_waits_for_writes", ["b"], out)


@cocotb.test()
async def reset_waits_for_addresses(dut):
    """An address on offer when the reset begins is taken, and answered."""
    await held(dut, "reset_waits_for_addresses", ["ar", "aw", "w"], lambda card: True, waits=False)


@cocotb.test()
async def writes_in_a_reset_are_ignored(dut):
    card, items = await Card(dut, "writes_in_a_reset_are_ignored").power_on(), first_tick(read_session())
    await card.soft_reset()
    await busy(card, items, 100, lambda: card.reads.open)
    card.stick("r")
    await card.write("CONTROL", c.CONTROL.SOFT_RESET)
    for name, value in (("SUBMIT_ENTRIES", 4), ("COMPLETE_ENTRIES", 4), ("SUBMIT_BASE_LOW", c.LINE), ("IRQ_ENABLE", c.IRQ.ERROR),
                        ("SUBMIT_DOORBELL", 3), ("CONTROL", c.CONTROL.ENABLE)):
        await card.write(name, value)
    assert await card.read("CONTROL") == c.CONTROL.SOFT_RESET
    card.loosen("r")
    assert await card.reset_ends(PARAMETERS["TIMEOUT"]) == c.CARD.CLEAN
    card.forget()
    await nothing_comes(card)
    await works(card, items)
