"""Channels that stick: TIMEOUT, NEEDS_FLR, and a card that is right again once the bus moves and all was answered."""
import cocotb

import contract as c
from case import TIMEOUT, Case


async def stuck(dut, channel, name):
    case = await Case(dut, f"stuck_{channel}").up_to(name)
    card = case.card
    await card.submit(**case.step.fields)
    await card.cycles(card.rng.randrange(60))
    card.stick(channel)
    for _ in range(6 * TIMEOUT // 100):
        if card.peek() is not None or await card.read("ERROR") != c.STATUS.OK:
            break
        await card.cycles(100)
    completion, error = card.peek(), await card.read("ERROR")
    assert (completion.status if completion else error) == c.STATUS.TIMEOUT, f"{completion}, ERROR {c.STATUS.name(error)}"
    await card.soft_reset(c.CARD.NEEDS_FLR)
    card.loosen(channel)
    await card.becomes_quiet()
    await card.cycles(10)
    await case.recovers()


@cocotb.test()
async def stuck_ar(dut):
    await stuck(dut, "ar", "LOAD")


@cocotb.test()
async def stuck_r(dut):
    await stuck(dut, "r", "LOAD")


@cocotb.test()
async def stuck_aw(dut):
    await stuck(dut, "aw", "ROWS")


@cocotb.test()
async def stuck_w(dut):
    await stuck(dut, "w", "ROWS")


@cocotb.test()
async def stuck_b(dut):
    await stuck(dut, "b", "ROWS")
