"""A host in Python for the card's test: registers by AxiLiteMaster, rings and buffers in Memory. Every wait is bounded."""
import collections
import itertools
import logging
import os
import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, Edge, First, Timer, with_timeout
from cocotb.result import SimTimeoutError
from cocotbext.axi import AxiBus, AxiLiteBus, AxiLiteMaster, AxiMaster, AxiResp

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
    order (None: by chance). paused: which channels pause: of memory, of the registers ("lite"), of the window."""

    def __init__(self, dut, name, mixed=None, paused=("memory", "lite")):
        self.dut, self.rng = dut, random.Random(f"{SEED} {name}")
        mixed = self.rng.random() < 0.7 if mixed is None else mixed
        self.memory = Memory(self.rng)
        dut.inject_i.value = 0
        clock, reset = dut.clk_i, dut.rst_ni
        reset.value = 0
        self.lite = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axi"), clock, reset, reset_active_level=False)
        self.window = AxiMaster(AxiBus.from_prefix(dut, "w_axi"), clock, reset, reset_active_level=False)
        bus = AxiBus.from_prefix(dut, "m_axi")
        common = {"reset": reset, "reset_active_level": False, "code": next(CODES), "target": self.memory}
        reads = {"rng": self.rng, "memory": self.memory, "burst_lines": PARAMETERS["BURST_LINES"], **common}
        self.writes = HostWrite(bus.write, clock, **common)
        self.reads = (MixedRead(bus.read, clock, latency=self.rng.choice((2, 40, 200)), **reads) if mixed else
                      HostRead(bus.read, clock, **reads))
        self.memory.watch = self.watch
        self.written = collections.deque(maxlen=64)  # where to, the last first
        self.paused = paused
        self.pause()
        self.submissions = self.completions = self.watch_ring = None
        self.forget()

    def channels(self):
        w, r, lw, lr = self.writes, self.reads, self.lite.write_if, self.lite.read_if
        ww, wr = self.window.write_if, self.window.read_if
        return {"aw": w.aw_channel, "w": w.w_channel, "b": w.b_channel, "ar": r.ar_channel, "r": r.r_channel,
                "lite aw": lw.aw_channel, "lite w": lw.w_channel, "lite b": lw.b_channel, "lite ar": lr.ar_channel,
                "lite r": lr.r_channel, "window aw": ww.aw_channel, "window w": ww.w_channel, "window b": ww.b_channel,
                "window ar": wr.ar_channel, "window r": wr.r_channel}

    def pause(self):
        for name, channel in self.channels().items():
            if (name.split()[0] if " " in name else "memory") in self.paused:
                channel.set_pause_generator(pauses(f"{SEED} {name} {self.rng.random()}", LONGEST_PAUSE))

    def watch(self, region, address):
        """Before a completion is written everything before it was answered, but for lines of the watched set."""
        answers = self.writes.b_channel
        waiting = 0 if answers.idle() else answers.count() + 1
        if region is self.completions and any(r is not self.watch_ring for r in list(self.written)[:waiting]):
            self.memory.violations.append(f"a completion is written while writes are not answered, {cocotb.utils.get_sim_time('ns')} ns")
        self.written.appendleft(region)

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
        self.line = 0  # of the window
        self.watch_number = self.watch_taken = 0

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

    # Window
    def numbered(self, records, tick):
        """Records as the window's next lines; the last one ends the tick, if tick is not 0."""
        out, records = [], c.lines(records)
        for n, record in enumerate(records):
            self.line += 1
            out.append(c.LAYOUT.tick_price.change(record, line=self.line & 0xffffffff, tick=tick if n == len(records) - 1 else 0))
        return b"".join(out)

    def bursts(self, data):
        """Lines begin their way into the window, by bursts of any length, anywhere, with any id: what ends each burst."""
        events = []
        while data:
            count = min(len(data) // c.LINE, self.rng.choice((1, 1, 2, 4, 16, 64)))
            place = self.rng.randrange(c.CONSTANT.WINDOW_BYTES // c.LINE - count + 1)
            events.append(self.window.init_write(place * c.LINE, data[:count * c.LINE], awid=self.rng.randrange(16)))
            data = data[count * c.LINE:]
        return events

    async def answered(self, events, response=AxiResp.OKAY):
        for event in events:
            await self.bounded(event.wait(), OPERATION, "a burst into the window")
            assert event.data.resp == response, f"a burst into the window answers {event.data.resp!r}, not {response!r}"

    async def post(self, records, tick):
        await self.answered(self.bursts(self.numbered(records, tick)))

    async def clear_window(self):
        await self.write("CONTROL", c.CONTROL.ENABLE | c.CONTROL.WINDOW_CLEAR)
        self.line = 0

    # Watched set
    async def open_watch(self, entries=None):
        """A watch ring in new memory."""
        if self.watch_ring is not None:
            self.memory.release(self.watch_ring)
        self.watch_entries = entries or self.rng.choice((64, 128, 1024))
        self.watch_ring = self.allocate(self.watch_entries * c.LINE, WRITE, "watch ring")
        self.watch_taken = 0
        await self.write("WATCH_BASE_LOW", self.watch_ring.address & 0xffffffff)
        await self.write("WATCH_BASE_HIGH", self.watch_ring.address >> 32)
        await self.write("WATCH_ENTRIES", self.watch_entries)
        base = await self.read("WATCH_BASE_LOW") | await self.read("WATCH_BASE_HIGH") << 32
        assert (base, await self.read("WATCH_ENTRIES")) == (self.watch_ring.address, self.watch_entries), "watch ring refused"

    def peek_watched(self):
        """The lines of the next evaluation, its summary last; None if it is not there as a whole."""
        lines, number = [], self.watch_number
        while len(lines) < self.watch_entries:
            place = (self.watch_taken + len(lines)) % self.watch_entries * c.LINE
            line = bytes(self.watch_ring.data[place:place + c.LINE])
            serial = c.LAYOUT.tick_summary.read(line).serial
            if serial == c.KIND.SUMMARY << c.NUMBER_BITS | number:
                return [*lines, line]
            place = (self.watch_taken + len(lines) + 1) % self.watch_entries * c.LINE
            second = bytes(self.watch_ring.data[place:place + c.LINE])
            if serial != c.KIND.VERDICT << c.NUMBER_BITS | number or c.LAYOUT.tick_summary.read(second).serial != serial:
                return None
            lines += [line, second]
            number += 1
        return None

    async def evaluation(self, cycles=OPERATION, give_back=True):
        """Waits for the next evaluation: (its lines, number of its first record, its summary)."""
        async def arrival():
            while self.peek_watched() is None:
                self.memory.written.clear()
                await self.memory.written.wait()
        try:
            await self.bounded(arrival(), cycles, f"evaluation from record {self.watch_number} on")
        except AssertionError as problem:
            error, window = await self.read("ERROR"), await self.read("WINDOW_STATUS")
            raise AssertionError(f"{problem}; ERROR {c.STATUS.name(error)}, WINDOW_STATUS {c.STATUS.name(window)}") from None
        lines, number = self.peek_watched(), self.watch_number
        self.watch_taken += len(lines)
        self.watch_number += len(lines) // 2 + 1
        if give_back:
            await self.write("WATCH_CONSUMED", self.watch_taken)
        return lines, number, c.LAYOUT.tick_summary.read(lines[-1])

    async def counter(self, name):
        await self.write("COUNTER_SELECT", c.COUNTER[name])
        return await self.read("COUNTER_LOW") | await self.read("COUNTER_HIGH") << 32

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
        self.submissions = self.completions = self.watch_ring = None

    def check(self):
        """At a test's end."""
        assert not self.memory.violations, "; ".join(self.memory.violations[:5])
