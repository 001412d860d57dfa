"""Bus models of cocotbext-axi around the card: pauses, host memory with regions, chosen failures, answers out of order."""
import random

from cocotb.triggers import Event, RisingEdge
from cocotbext.axi import AxiBurstType, AxiResp, AxiSlaveRead, AxiSlaveWrite

from contract import LINE

PAGE = 4096
READ, WRITE = 1, 2  # by the card


def pauses(seed, longest):
    """One channel's pauses, a value per cycle: stretches of none, few, many, alternating ones, and long ones."""
    rng = random.Random(seed)
    while True:
        share = rng.choice((0, 0, 0.1, 0.5, 0.9))
        if rng.random() < 0.1:
            yield from (True for _ in range(rng.randrange(longest)))
        yield from (rng.random() < share for _ in range(rng.randrange(1, 200)))


class Refused(Exception):
    """An access that is answered with an error."""


class Region:
    def __init__(self, address, size, access, name):
        self.address, self.access, self.name = address, access, name
        self.data = bytearray(size)


class Memory:
    """Host memory: regions with access rights. What the card may not touch is a violation, answered with an error.

    fail_read, fail_write: address of a line -> whether to answer with an error (a write then does not happen)."""

    def __init__(self, rng):
        self.rng, self.regions, self.violations = rng, [], []
        self.written = Event()
        self.fail_read = self.fail_write = lambda address: False
        self.watch = lambda region, address: None
        self.failures = 0

    def allocate(self, size, access, name):
        """A region in a page that no other one is in, anywhere in 64 bits; neighbours are foreign."""
        while True:
            address = self.rng.choice((0, 1 << 32, 1 << 47, (1 << 64) - (1 << 30))) + self.rng.randrange(1, 1 << 16) * PAGE
            pages = (size + PAGE - 1) // PAGE + 1
            if all(address + pages * PAGE <= r.address - PAGE or address >= r.address + len(r.data) + PAGE for r in self.regions):
                break
        room = pages * PAGE - size
        address += self.rng.randrange(room // LINE) * LINE
        region = Region(address, size, access, name)
        self.regions.append(region)
        return region

    def release(self, region):
        self.regions.remove(region)

    def violation(self, text):
        self.violations.append(text)
        raise Refused(text)

    def find(self, address, length, access):
        for region in self.regions:
            if region.address <= address and address + length <= region.address + len(region.data) and region.access & access:
                return region, address - region.address
        return self.violation(f"{'write' if access == WRITE else 'read'} of {length} bytes at {address:x}, which the card may not touch")

    async def read(self, address, length):  # the target's interface of cocotbext-axi
        region, offset = self.find(address, length, READ)
        if self.fail_read(address):
            self.failures += 1
            raise Refused(f"read at {address:x}")
        return bytes(region.data[offset:offset + length])

    async def write(self, address, data):
        region, offset = self.find(address, len(data), WRITE)
        if len(data) != LINE:
            self.violation(f"write of {len(data)} bytes at {address:x}: not a whole line")
        if self.fail_write(address):
            self.failures += 1
            raise Refused(f"write at {address:x}")
        self.watch(region, address)
        region.data[offset:offset + len(data)] = data
        self.written.set()


class HostWrite(AxiSlaveWrite):
    """Failures are answered with `code`."""

    def __init__(self, *args, code, **kwargs):
        super().__init__(*args, **kwargs)
        send, recv = self.b_channel.send, self.aw_channel.recv
        self.taken = self.answers = 0

        async def take():
            aw = await recv()
            self.taken += 1
            return aw

        async def answer(b):
            self.answers += 1
            if b.bresp != AxiResp.OKAY:
                b.bresp = code
            await send(b)
        self.b_channel.send, self.aw_channel.recv = answer, take

    def quiet(self):
        """Every write so far was answered, and the answer was taken."""
        return self.taken == self.answers and self.b_channel.idle() and self.aw_channel.empty() and self.w_channel.empty()


class HostRead(AxiSlaveRead):
    """As it comes, in order; failures are answered with `code`. Checks what the card promises of its reads."""

    def __init__(self, *args, rng, code, memory, burst_lines, **kwargs):
        self.rng, self.memory, self.burst_lines = rng, memory, burst_lines
        self.taken = self.ended = 0
        super().__init__(*args, **kwargs)
        send, recv = self.r_channel.send, self.ar_channel.recv
        self.open = set()

        async def answer(r):
            if r.rresp != AxiResp.OKAY:
                r.rresp = code
            if r.rlast:
                self.open.discard(int(r.rid))
                self.ended += 1
            await send(r)

        async def take():
            ar = await recv()
            self.check(ar)
            return ar
        self.r_channel.send, self.ar_channel.recv = answer, take

    def check(self, ar):
        size, length, address, tag = int(ar.arsize), int(ar.arlen) + 1, int(ar.araddr), int(ar.arid)
        block = self.burst_lines * LINE
        self.taken += 1
        wrong = ("size" if 1 << size != LINE else "burst" if int(ar.arburst) != AxiBurstType.INCR else
                 "length" if length > self.burst_lines else "alignment" if address % LINE else
                 "block" if address // block != (address + length * LINE - 1) // block else "id in use" if tag in self.open else None)
        if wrong:
            self.memory.violations.append(f"AR with a wrong {wrong}: id {tag}, address {address:x}, {length} beats of {1 << size} bytes")
        self.open.add(tag)

    def quiet(self):
        return not self.open and self.r_channel.idle() and self.ar_channel.empty()


class Burst:
    def __init__(self, ar, due):
        self.tag, self.address, self.left, self.due = int(ar.arid), int(ar.araddr), int(ar.arlen) + 1, due


class MixedRead(HostRead):
    """Each burst after a time of its own; beats of all that are due, in any order and mixture."""

    def __init__(self, *args, latency, **kwargs):
        self.latency, self.bursts = latency, []
        super().__init__(*args, **kwargs)
        self.ar_channel.queue_occupancy_limit = 64

    def _handle_reset(self, state):
        self.bursts = []
        super()._handle_reset(state)

    def quiet(self):
        return super().quiet() and not self.bursts

    async def _process_read(self):
        edge, cycle = RisingEdge(self.clock), 0
        while True:
            if not self.bursts and self.ar_channel.empty():
                self.bursts.append(Burst(await self.ar_channel.recv(), cycle + self.rng.randrange(self.latency)))
            while not self.ar_channel.empty():
                self.bursts.append(Burst(await self.ar_channel.recv(), cycle + self.rng.randrange(self.latency)))
            due = [b for b in self.bursts if b.due <= cycle]
            if due and self.r_channel.count() < 2:
                await self.beat(self.rng.choice(due))
            await edge
            cycle += 1

    async def beat(self, burst):
        r = self.r_channel._transaction_obj()
        burst.left -= 1
        r.rid, r.rlast, r.rresp = burst.tag, burst.left == 0, AxiResp.OKAY
        try:
            data = await self._read(burst.address, self.byte_lanes)
        except Refused:
            data, r.rresp = bytes(self.byte_lanes), AxiResp.SLVERR
        r.rdata = int.from_bytes(data, "little")
        burst.address += self.byte_lanes
        if burst.left == 0:
            self.bursts.remove(burst)
        await self.r_channel.send(r)
