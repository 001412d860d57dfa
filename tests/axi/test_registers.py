"""The registers through AxiLiteMaster: reset values, access, byte strobes, alignment, unknown offsets, many accesses at once."""
import cocotb
from cocotb.utils import get_sim_time
from cocotbext.axi import AxiResp

import contract as c
from card import ANSWER, PARAMETERS, PERIOD_NS, Card

OKAY, SLVERR = AxiResp.OKAY, AxiResp.SLVERR
WINDOW = 1 << 12
WORD = 4
ALL = 0xf
CONSTANTS = {"MAGIC": c.CONSTANT.MAGIC, "CONTRACT_VERSION": c.VERSION, "CONTRACT_HASH_LOW": c.HASH & 0xffffffff,
             "CONTRACT_HASH_HIGH": c.HASH >> 32, **{name: PARAMETERS[name] for name in ("BUILD", "PROFILE", "LANES")},
             **{f"CAP_{name}": PARAMETERS[name] for name in ("SCENARIOS", "INSTRUMENTS", "EXPIRIES", "UNDERLYINGS", "CLASSES",
                                                             "BRACKET_TABLES", "WATCH_SLOTS")}}
MOVING = ("COUNTER_LOW", "COUNTER_HIGH")  # the default counter counts cycles
RESET = {name: CONSTANTS.get(name, 0) for name, access in c.ACCESS.items() if access != "w" and name not in MOVING}
DOORBELLS = ("SUBMIT_DOORBELL", "COMPLETE_CONSUMED", "WATCH_CONSUMED")


def bits(codes):
    return sum(codes.values())


class Registers:
    """What they hold, and what a write does: docs/contract.md, hw/csr/csr.sv."""

    def __init__(self):
        self.values = {name: 0 for name, access in c.ACCESS.items() if access == "rw"}

    def write(self, name, data, strobe):
        """The response; CONTROL is written without SOFT_RESET only."""
        mask = sum(0xff << 8 * n for n in range(WORD) if strobe >> n & 1)
        if name not in c.ACCESS or c.ACCESS[name] == "r":
            return SLVERR
        if name in DOORBELLS:
            return OKAY if strobe == ALL else SLVERR
        if name == "IRQ_PENDING":
            return OKAY
        value = self.values[name] & ~mask | data & mask
        if name.endswith("BASE_LOW") and value % c.LINE:
            return SLVERR
        if name.endswith("ENTRIES") and (value & (value - 1) or value > c.CONSTANT.RING_ENTRIES_MAX):
            return SLVERR
        if name == "COUNTER_SELECT" and value not in c.COUNTER.values():
            return SLVERR
        self.values[name] = value & {"IRQ_ENABLE": bits(c.IRQ), "CONTROL": c.CONTROL.ENABLE}.get(name, 0xffffffff)
        return OKAY


async def powered(dut, name, **options):
    return await Card(dut, name, **options).power_on()


async def raw_write(card, address, data, strobe):
    """A write with any strobe, by the channels themselves."""
    aw, w, b = card.lite.write_if.aw_channel, card.lite.write_if.w_channel, card.lite.write_if.b_channel
    first, second = aw._transaction_obj(), w._transaction_obj()
    first.awaddr, second.wdata, second.wstrb = address, data, strobe
    sends = [(aw, first), (w, second)]
    card.rng.shuffle(sends)
    for channel, item in sends:
        await channel.send(item)
        await card.cycles(card.rng.choice((1, 1, 5)))
    return AxiResp(int((await card.bounded(b.recv(), ANSWER, f"write to {address:x}")).bresp))


async def all_at_reset(card):
    for name, value in RESET.items():
        got = await card.read(name)
        assert got == value, f"{name} is {got:x} after a reset, not {value:x}"


@cocotb.test()
async def reset_values(dut):
    card = await powered(dut, "reset_values")
    await all_at_reset(card)
    await card.soft_reset()
    assert await card.read("STATUS") == c.CARD.CLEAN
    card.check()


@cocotb.test()
async def access(dut):
    """Read-only registers refuse writes and stay; write-only ones refuse reads and read as 0."""
    card = await powered(dut, "access")
    for name, kind in card.rng.sample(list(c.ACCESS.items()), len(c.ACCESS)):
        if kind == "r":
            await card.write(name, card.rng.getrandbits(32), SLVERR)
        if kind == "w":
            assert await card.read(name, SLVERR) == 0, f"{name} reads as something"
            await card.write(name, 0)
    await all_at_reset(card)
    card.check()


@cocotb.test()
async def unknown_and_unaligned(dut):
    card = await powered(dut, "unknown_and_unaligned", paused=())
    unknown = [o for o in range(0, WINDOW, WORD) if o not in c.REGISTER.values()]
    near = [o for o in unknown if o < max(c.REGISTER.values()) + 64]
    for offset in near + card.rng.sample(unknown, 60):
        assert await card.read_at(offset, SLVERR) == 0
        assert await raw_write(card, offset, card.rng.getrandbits(32), ALL) == SLVERR, f"write to {offset:x} is accepted"
    for name, offset in c.REGISTER.items():
        for shift in range(1, WORD):
            assert await card.read_at(offset + shift, SLVERR) == 0
            answer = await raw_write(card, offset + shift, card.rng.getrandbits(32), card.rng.randrange(16))
            assert answer == SLVERR, f"unaligned write to {name} is accepted"
    await all_at_reset(card)
    card.check()


def interesting(rng, name):
    kind = rng.randrange(4)
    if name.endswith("ENTRIES"):
        return (0, 1 << rng.randrange(15), rng.randrange(8192), rng.getrandbits(32))[kind]
    if name.endswith("BASE_LOW"):
        return rng.getrandbits(32) & ~(c.LINE - 1) if kind else rng.getrandbits(32)
    if name == "COUNTER_SELECT":
        return rng.randrange(20) if kind else rng.getrandbits(32)
    if name == "CONTROL":
        return rng.getrandbits(32) & ~c.CONTROL.SOFT_RESET & ~(0 if kind else c.CONTROL.ENABLE)
    return 0 if name in DOORBELLS else rng.getrandbits(32)


@cocotb.test()
async def strobes(dut):
    """Random writes with random strobes, each read back, against the rules of the contract."""
    card = await powered(dut, "strobes")
    model, names = Registers(), list(c.REGISTER)
    writable = [n for n in names if "w" in c.ACCESS[n]]
    for _ in range(150):
        name = card.rng.choice(writable if card.rng.random() < 0.9 else names)
        data, strobe = interesting(card.rng, name), card.rng.choice((ALL, ALL, card.rng.randrange(16)))
        expected, got = model.write(name, data, strobe), await raw_write(card, c.REGISTER[name], data, strobe)
        assert got == expected, f"write of {data:x}, strobe {strobe:x} to {name} answers {got!r}, not {expected!r}"
        if name in model.values:
            got = await card.read(name)
            assert got == model.values[name], f"{name} is {got:x} after {data:x}, strobe {strobe:x}; not {model.values[name]:x}"
    for name, value in model.values.items():
        assert await card.read(name) == value, f"{name} has changed"
    card.check()


@cocotb.test()
async def many_at_once(dut):
    """Reads and writes queued back to back on both sides at the same time."""
    card = await powered(dut, "many_at_once")
    model, events = Registers(), []
    names = [n for n in model.values if n != "CONTROL"]
    for _ in range(100):
        name = card.rng.choice(names + ["MAGIC", "ERROR"])
        data = interesting(card.rng, name)
        events.append((name, model.write(name, data, ALL), card.lite.init_write(c.REGISTER[name], data.to_bytes(WORD, "little"))))
        name = card.rng.choice(list(CONSTANTS))
        events.append((name, CONSTANTS[name], card.lite.init_read(c.REGISTER[name], WORD)))
    for name, expected, event in events:
        await card.bounded(event.wait(), 100 * ANSWER, f"access to {name}")
        got = event.data
        if isinstance(expected, AxiResp):
            assert got.resp == expected, f"write of {name} answers {got.resp!r}, not {expected!r}"
        else:
            assert (got.resp, int.from_bytes(got.data, "little")) == (OKAY, expected), f"read of {name}: {got}"
    reads = {name: card.lite.init_read(c.REGISTER[name], WORD) for name in names}
    for name, event in reads.items():
        await card.bounded(event.wait(), 100 * ANSWER, f"read of {name}")
        assert int.from_bytes(event.data.data, "little") == model.values[name], f"{name} is {event.data}, not {model.values[name]:x}"
    card.check()


@cocotb.test()
async def counters(dut):
    card = await powered(dut, "counters")
    seen = []
    for _ in range(5):
        await card.cycles(card.rng.randrange(1000))
        before = get_sim_time("ns") // PERIOD_NS
        low = await card.read("COUNTER_LOW")
        after = get_sim_time("ns") // PERIOD_NS
        await card.cycles(card.rng.randrange(100))
        seen.append((before, low | await card.read("COUNTER_HIGH") << 32, after))
    for (b0, v0, a0), (b1, v1, a1) in zip(seen, seen[1:]):
        assert b1 - a0 - 4 <= v1 - v0 <= a1 - b0 + 4, f"{v1 - v0} cycles counted in {b1 - a0}..{a1 - b0}"
    for name, number in c.COUNTER.items():
        if name != "CYCLES":
            await card.write("COUNTER_SELECT", number)
            value = await card.read("COUNTER_LOW") | await card.read("COUNTER_HIGH") << 32
            assert value == 0, f"counter {name} is {value} after power-on"
    card.check()


@cocotb.test()
async def doorbell_too_far(dut):
    """A doorbell ahead of the fetched entries by more than the ring has: ERROR, interrupt, and nothing moves until a reset."""
    card = await powered(dut, "doorbell_too_far")
    await card.soft_reset()
    await card.open()
    await card.write("IRQ_ENABLE", c.IRQ.ERROR)
    await card.write("SUBMIT_DOORBELL", card.entries + card.rng.randrange(1, 1 << 20))
    await card.interrupt(c.IRQ.ERROR)
    assert await card.read("ERROR") == c.STATUS.BAD_OPERATION
    await card.none_comes(500)
    await card.soft_reset()
    await all_but_status(card)
    await card.open()
    assert (await card.do(op=c.OP.NOP)).status == c.STATUS.OK
    card.check()


async def all_but_status(card):
    for name, value in RESET.items():
        if name != "STATUS":
            got = await card.read(name)
            assert got == value, f"{name} is {got:x} after a soft reset, not {value:x}"
