"""Whole sessions through the third-party models: every byte that the card writes is what model: says."""
import cocotb

import contract as c
from card import Card
from session import read_session, run


async def look_around(card):
    """Register reads all the while."""
    constant = {"MAGIC": c.CONSTANT.MAGIC, "CONTRACT_VERSION": c.VERSION}
    while True:
        name = card.rng.choice(list(constant) + ["STATUS", "ERROR", "COUNTER_LOW", "IRQ_PENDING"])
        value = await card.read(name)
        assert name not in constant or value == constant[name], f"{name} reads {value:x}"
        assert name != "ERROR" or value == c.STATUS.OK, f"ERROR is {c.STATUS.name(value)}"


async def session(dut, name, busy=False, **options):
    card = await Card(dut, name, **options).power_on()
    await card.soft_reset()
    await card.open()
    looking = cocotb.start_soon(look_around(card)) if busy else None
    await run(card, read_session())
    if looking is not None:
        assert not looking.done(), looking.result()
        looking.kill()
    assert await card.read("STATUS") & (c.CARD.LOADED | c.CARD.COMMITTED) == c.CARD.LOADED | c.CARD.COMMITTED
    assert await card.read("ERROR") == c.STATUS.OK
    card.check()


@cocotb.test()
async def session_without_pauses(dut):
    await session(dut, "session_without_pauses", mixed=False, paused=())


@cocotb.test()
async def session_in_order(dut):
    await session(dut, "session_in_order", mixed=False)


@cocotb.test()
async def session_out_of_order(dut):
    await session(dut, "session_out_of_order", mixed=True)


@cocotb.test()
async def session_with_busy_registers(dut):
    await session(dut, "session_with_busy_registers", busy=True)


@cocotb.test()
async def interrupts_tell_of_completions(dut):
    """Each completion raises the interrupt if it is enabled, not before it was written, and clearing it lowers it."""
    card = await Card(dut, "interrupts_tell_of_completions").power_on()
    await card.soft_reset()
    await card.open()
    for n in range(20):
        enabled = card.rng.random() < 0.7
        await card.write("IRQ_ENABLE", c.IRQ.COMPLETION if enabled else 0)
        await card.submit(op=card.rng.choice((c.OP.NOP, c.OP.FENCE)))
        if enabled:
            await card.interrupt(c.IRQ.COMPLETION)
            assert card.peek() is not None, "an interrupt before its completion"
        await card.completion()
        for _ in range(100):  # it is set when the completion was answered, a little later than the host may see that
            if await card.read("IRQ_PENDING") & c.IRQ.COMPLETION:
                break
        else:
            raise AssertionError("a completion without its interrupt")
        assert int(dut.irq_o.value) == (c.IRQ.COMPLETION if enabled else 0), f"irq_o is {dut.irq_o.value}"
        await card.write("IRQ_PENDING", c.IRQ.COMPLETION)
        assert await card.read("IRQ_PENDING") == 0 and int(dut.irq_o.value) == 0, "an interrupt that stays"
    card.check()
