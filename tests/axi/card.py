"""A host in Python for the card's test: registers by AxiLiteMaster, rings and buffers in Memory. Every wait is bounded."""
import itertools
import logging
import os
import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, Edge, First, Timer, with_timeout
from cocotb.result import SimTimeoutError
from cocotbext.axi import AxiBus, AxiLiteBus, AxiLiteMaster, AxiResp

import contract as c
from bus import READ, WRITE, HostRead, HostWrite, Memory, MixedRead, pauses

logging.getLogger("cocotb.axi_core").setLevel(logging.ERROR)  # the models tell of each transaction
PERIOD_NS = 4
PARAMETERS = dict(p.split("=") for p in os.environ["PL_AXI_PARAMETERS"].split())
PARAMETERS = {name: int(value) for name, value in PARAMETERS.items()}
SEED = int(os.environ["PL_SEED"])
ANSWER = 2000  # cycles for a register, pauses included
OPERATION = 200_000  # cycles for an operation
LONGEST_PAUSE = 100
CODES = itertools.cycle((AxiResp.SLVERR, AxiResp.DECERR) if SEED % 2 else (AxiResp.DECERR, AxiResp.SLVERR))  # in turns


class Card:
    """The card after power-on, with host memory behind it. `name` of the test mixes into the seed. mixed: reads are answered out of
    order (None: by chance). paused: which channels pause: of memory, of the registers ("lite")."""

    def __init__(self, dut, name, mixed=None, paused=("memory", "lite")):
        self.dut, self.rng = dut, random.Random(f"{SEED} {name}")
        mixed = self.rng.random() < 0.7 if mixed is None else mixed
        self.memory = Memory(self.rng)
        dut.inject_i.value = 0
        clock, reset = dut.clk_i, dut.rst_ni
        reset.value = 0
        self.lite = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axi"), clock, reset, reset_active_level=False)
        bus = AxiBus.from_prefix(dut, "m_axi")
        common = {"reset": reset, "reset_active_level": False, "code": next(CODES), "target": self.memory}
        reads = {"rng": self.rng, "memory": self.memory, "burst_lines": PARAMETERS["BURST_LINES"], **common}
        self.writes = HostWrite(bus.write, clock, **common)
        self.reads = (MixedRead(bus.read, clock, latency=self.rng.choice((2, 40, 200)), **reads) if mixed else
                      HostRead(bus.read, clock, **reads))
        self.memory.watch = self.watch
        self.paused = paused
        self.pause()
        self.submissions = self.completions = None
        self.forget()

    def channels(self):
        w, r, lw, lr = self.writes, self.reads, self.lite.write_if, self.lite.read_if
        return {"aw": w.aw_channel, "w": w.w_channel, "b": w.b_channel, "ar": r.ar_channel, "r": r.r_channel,
                "lite aw": lw.aw_channel, "lite w": lw.w_channel, "lite b": lw.b_channel, "lite ar": lr.ar_channel,
                "lite r": lr.r_channel}

    def pause(self):
        for name, channel in self.channels().items():
            if ("lite" if "lite" in name else "memory") in self.paused:
                channel.set_pause_generator(pauses(f"{SEED} {name} {self.rng.random()}", LONGEST_PAUSE))

    def watch(self, region, address):
        """Before a completion is written everything before it was answered."""
        if region is self.completions and not self.writes.b_channel.idle():
            self.memory.violations.append(f"a completion is written while writes are not answered, {cocotb.utils.get_sim_time('ns')} ns")

    async def power_on(self):
        cocotb.start_soon(Clock(self.dut.clk_i, PERIOD_NS, "ns").start(start_high=False))
        await self.cycles(10)
        self.dut.rst_ni.value = 1
        await self.cycles(2)
        return self

    async def cycles(self, count):
        await ClockCycles(self.dut.clk_i, count)

    async def bounded(self, awaitable, cycles, what):
        try:
            return await with_timeout(awaitable, cycles * PERIOD_NS, "ns")
        except SimTimeoutError:
            raise AssertionError(f"{what}: nothing within {cycles} cycles") from None

    # Registers
    async def read(self, name, response=AxiResp.OKAY):
        return await self.read_at(c.REGISTER[name], response)

    async def read_at(self, offset, response=AxiResp.OKAY):
        got = await self.bounded(self.lite.read(offset, 4 - offset % 4), ANSWER, f"read of register {offset:x}")
        assert got.resp == response, f"read of {offset:x} answers {got.resp!r}, not {response!r}"
        return int.from_bytes(got.data, "little")

    async def write(self, name, value, response=AxiResp.OKAY):
        got = await self.bounded(self.lite.write(c.REGISTER[name], value.to_bytes(4, "little")), ANSWER, f"write of {name}")
        assert got.resp == response, f"write of {value:x} to {name} answers {got.resp!r}, not {response!r}"

    # Rings
    def forget(self):
        self.submitted = self.completed = self.number = 0

    def allocate(self, size, access, name):
        return self.memory.allocate(max(size, c.LINE), access, name)

    async def open(self, entries=None):
        """Rings in new memory, after a reset."""
        for ring in (self.submissions, self.completions):
            if ring is not None:
                self.memory.release(ring)
        self.entries = entries or self.rng.choice((1, 2, 4, 16))
        self.submissions = self.allocate(self.entries * c.LAYOUT.submission.bytes, READ, "submission ring")
        self.completions = self.allocate(self.entries * c.LAYOUT.completion.bytes, WRITE, "completion ring")
        self.forget()
        for name, ring in (("SUBMIT", self.submissions), ("COMPLETE", self.completions)):
            await self.write(f"{name}_BASE_LOW", ring.address & 0xffffffff)
            await self.write(f"{name}_BASE_HIGH", ring.address >> 32)
            await self.write(f"{name}_ENTRIES", self.entries)
        await self.write("CONTROL", c.CONTROL.ENABLE)
        for name, ring in (("SUBMIT", self.submissions), ("COMPLETE", self.completions)):
            base = await self.read(f"{name}_BASE_LOW") | await self.read(f"{name}_BASE_HIGH") << 32
            assert (base, await self.read(f"{name}_ENTRIES")) == (ring.address, self.entries), f"{name} ring refused"

    async def submit(self, doorbell=True, **fields):
        assert self.submitted - self.completed < self.entries, "no room in the submission ring"
        phase = c.PHASE if self.submitted // self.entries % 2 == 0 else 0
        size = c.LAYOUT.submission.bytes
        offset = self.submitted % self.entries * size
        self.submissions.data[offset:offset + size] = c.LAYOUT.submission.pack(serial=phase | self.submitted & ~c.PHASE, **fields)
        self.submitted += 1
        if doorbell:
            await self.write("SUBMIT_DOORBELL", self.submitted)

    def peek(self):
        """The next completion, or None."""
        size = c.LAYOUT.completion.bytes
        offset = self.completed % self.entries * size
        got = c.LAYOUT.completion.read(self.completions.data[offset:offset + size])
        phase = c.PHASE if self.completed // self.entries % 2 == 0 else 0
        return got if got.serial & c.PHASE == phase else None

    async def completion(self, cycles=OPERATION):
        async def arrival():
            while self.peek() is None:
                self.memory.written.clear()
                await self.memory.written.wait()
        try:
            await self.bounded(arrival(), cycles, f"completion {self.completed}")
        except AssertionError as problem:
            error, status = await self.read("ERROR"), await self.read("STATUS")
            raise AssertionError(f"{problem}; ERROR {c.STATUS.name(error)}, STATUS {status:x}; {self.outstanding()}") from None
        got = self.peek()
        assert got.serial & ~c.PHASE == self.completed, f"serial {got.serial:x} instead of {self.completed:x}"
        self.completed += 1
        await self.write("COMPLETE_CONSUMED", self.completed)
        return got

    async def none_comes(self, cycles):
        """No completion: the card has stopped."""
        await self.cycles(cycles)
        assert self.peek() is None, f"a completion {self.peek()} of a card that should have stopped"

    async def do(self, **fields):
        await self.submit(**fields)
        return await self.completion()

    async def interrupt(self, bits, cycles=OPERATION):
        """Waits for an interrupt."""
        async def risen():
            while not int(self.dut.irq_o.value) & bits:
                await Edge(self.dut.irq_o)
        await self.bounded(risen(), cycles, f"interrupt {bits:x}")

    def outstanding(self):
        return f"reads open {sorted(self.reads.open)}, writes {'quiet' if self.writes.quiet() else 'open'}"

    # Trouble
    def stick(self, name):
        """A channel that does not move any more."""
        channel = self.channels()[name]
        channel.clear_pause_generator()
        channel.pause = True

    def loosen(self, name):
        self.channels()[name].pause = False

    def quiet(self):
        return self.reads.quiet() and self.writes.quiet()

    async def becomes_quiet(self, cycles=ANSWER):
        for _ in range(cycles):
            if self.quiet():
                return
            await self.cycles(1)
        raise AssertionError(f"the bus is not quiet after {cycles} cycles; {self.outstanding()}")

    # Reset
    async def reset_ends(self, cycles):
        for _ in range(cycles // 8 + 1):
            if not await self.read("CONTROL") & c.CONTROL.SOFT_RESET:
                break
        else:
            raise AssertionError(f"a soft reset does not end within {cycles} cycles; {self.outstanding()}")
        return await self.read("STATUS")

    async def soft_reset(self, expected=None):
        """Resets, checks how it ended."""
        await self.write("CONTROL", c.CONTROL.SOFT_RESET)
        status = await self.reset_ends(PARAMETERS["TIMEOUT"] + 2 * ANSWER)
        expected = c.CARD.CLEAN if expected is None else expected
        assert status == expected, f"STATUS {status:x} after a soft reset, not {expected:x}; {self.outstanding()}"
        if expected == c.CARD.CLEAN:
            assert self.quiet(), f"CLEAN, but {self.outstanding()}"
        self.forget()
        return status

    def free_all(self):
        """After a clean reset: what the card touches from here on is foreign."""
        self.memory.regions.clear()
        self.submissions = self.completions = None

    def check(self):
        """At a test's end."""
        assert not self.memory.violations, "; ".join(self.memory.violations[:5])
