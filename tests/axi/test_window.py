"""Ticks through the window and the watched set: verdicts are those of model:, what is wrong is refused as a whole and told, and
neither a storm of ticks nor a host that does not read stops the card."""
import struct

import cocotb
from cocotbext.axi import AxiBurstType, AxiResp
from cocotbext.axi.axi_master import AxiWriteRespCmd

import contract as c
from bus import READ
from card import OPERATION, PARAMETERS, Card
from session import Step, make_step, read_session, sweep_step, watch_step
from test_session import look_around

OKAY, SLVERR = AxiResp.OKAY, AxiResp.SLVERR
FULL_SIZE = (c.LINE - 1).bit_length()
ALL_STROBES = (1 << c.LINE) - 1
REST = 400  # cycles in which nothing must happen
TRIES = 5
JUDGING = 8  # cycles from a burst's response to the judgement of its last line


def ticks_of(payload):
    """Number and records of a POST."""
    return struct.unpack_from("<Q", payload)[0], payload[c.LINE:]


class Watched:
    """A card that watches the accounts of a session, and what is left of the session."""

    def __init__(self, dut, title, paused=("memory", "lite", "window")):
        self.card, self.items = Card(dut, title, paused=paused), read_session()
        self.answers = {answer.tick(): answer for name, answer in self.items if name == "JUDGED"}
        self.evaluations = self.interrupted = 0

    async def start(self, entries=None, filter=None):
        """Up to and with the WATCH."""
        card = self.card
        await card.power_on()
        await card.soft_reset()
        await card.open(4)
        await card.open_watch(entries)
        await self.run_to("WATCH")
        self.set = self.items.pop(0)[1]
        await self.watch(filter)
        assert await card.read("STATUS") & c.CARD.WATCHING, "not watching"
        return self

    async def watch(self, filter=None):
        step = watch_step(self.card, self.set, filter)
        step.check(await self.card.do(**step.fields))
        step.release()

    async def run_to(self, *names):
        """Everything before the next item of one of these names."""
        while self.items and self.items[0][0] not in names:
            await self.do(self.items[0][0])

    async def do(self, name):
        """The next item, of this name."""
        card, (found, payload) = self.card, self.items.pop(0)
        assert found == name, f"{found} instead of {name}"
        if name == "POST":
            tick, records = ticks_of(payload)
            await card.post(records, tick)
        elif name == "JUDGED":
            await self.judged(payload.tick())
        elif name == "SWEEP":
            await self.sweep(payload)
        else:
            step = make_step(card, name, payload)
            step.check(await card.do(**step.fields))
            step.release()

    async def sweep(self, answer):
        """A sweep may be of the tick before: a tick of the window is judged before it is frozen."""
        card = self.card
        for _ in range(TRIES):
            step = sweep_step(card, answer)
            completion = await card.do(**step.fields)
            lines = c.lines(step.buffers["results"].data)
            summary = c.LAYOUT.tick_summary.read(lines[completion.verdict_lines - 1])
            if summary.tick >= answer.tick():
                step.check(completion)
                step.release()
                return
            step.release()
            card.number = (summary.serial & (1 << c.NUMBER_BITS) - 1) + 1
        raise AssertionError(f"no sweep of tick {answer.tick()}: still {summary.tick}")

    async def post(self):
        """The next tick of the window without its evaluation: (number, records)."""
        await self.run_to("POST")
        return ticks_of(self.items.pop(0)[1])

    async def judged(self, tick=None, **options):
        """The next evaluation that was not interrupted is the model's, of this tick or whichever tick it says."""
        while True:
            lines, number, summary = await self.card.evaluation(**options)
            if summary.status != c.STATUS.RESET:
                break
            self.interrupted += 1
        assert summary.status == c.STATUS.OK, f"evaluation of tick {summary.tick}: {c.STATUS.name(summary.status)}"
        assert tick is None or summary.tick == tick, f"an evaluation of tick {summary.tick}, not {tick}"
        assert summary.tick in self.answers, f"an evaluation of tick {summary.tick}, which there is not"
        wanted, _ = self.answers[summary.tick].lines(number, self.card.watch_filter, position_version=self.card.watch_version)
        same(f"evaluation of tick {summary.tick}", lines, wanted)
        self.evaluations += 1
        return summary.tick

    async def status_is(self, status, what=""):
        """WINDOW_STATUS, once everything that was answered is judged; a refusal by the tables takes as long as a commit."""
        await self.card.cycles(JUDGING)
        for _ in range(OPERATION // 100):
            got = await self.card.read("WINDOW_STATUS")
            if status == c.STATUS.OK or got != c.STATUS.OK:
                break
            await self.card.cycles(100)
        assert got == status, f"{what}: WINDOW_STATUS {c.STATUS.name(got)}, not {c.STATUS.name(status)}"

    async def no_evaluation(self, cycles=REST):
        await self.card.cycles(cycles)
        assert self.card.peek_watched() is None, "an evaluation of a tick that was refused"

    async def counts(self, **expected):
        for name, value in expected.items():
            got = await self.card.counter(name)
            assert got == value, f"counter {name} is {got}, not {value}"

    async def end(self, error=c.STATUS.OK):
        assert await self.card.read("ERROR") == error
        await self.status_is(c.STATUS.OK)
        self.card.check()


def same(what, got, wanted):
    assert len(got) == len(wanted), f"{what}: {len(got)} lines, not {len(wanted)}"
    for n, (line, model) in enumerate(zip(got, wanted)):
        assert line == model, f"{what}: line {n}\n  card  {line.hex()}\n  model {model.hex()}"


async def read_the_window(card):
    """Reads of the window all the while: refused, without any effect."""
    while True:
        place, size = card.rng.randrange(c.CONSTANT.WINDOW_BYTES - 512), card.rng.randrange(1, 512)
        got = card.window.init_read(place, size, arid=card.rng.randrange(16))
        await card.bounded(got.wait(), OPERATION, "a read of the window")
        assert got.data.resp == SLVERR and got.data.data == bytes(size), f"a read of the window: {got.data}"
        await card.cycles(card.rng.randrange(500))


@cocotb.test()
async def ticks_by_window(dut):
    """Ticks by the window and by the ring in turns, sweeps between them; bursts of all lengths; registers and the window read all the
    while. The interrupt, where it is waited for, does not come before its evaluation."""
    w = await Watched(dut, "ticks_by_window").start()
    card = w.card
    beside = [cocotb.start_soon(look_around(card)), cocotb.start_soon(read_the_window(card))]
    posted = [ticks_of(payload)[1] for name, payload in w.items if name == "POST"]
    await card.write("IRQ_ENABLE", c.IRQ.WATCHED)
    while w.items:
        waits = w.items[0][0] == "POST" and card.rng.random() < 0.5
        if waits:  # the interrupt of the evaluation before comes when its lines were answered: later than they can be seen
            await card.becomes_quiet()
            await card.cycles(JUDGING)
            await card.write("IRQ_PENDING", c.IRQ.WATCHED)
        await w.do(w.items[0][0])
        if waits:
            await card.interrupt(c.IRQ.WATCHED)
            assert card.peek_watched() is not None, "an interrupt before its evaluation"
    for other in beside:
        assert not other.done(), other.result()
        other.kill()
    await w.counts(WATCH_RUNS=w.evaluations, WATCH_DROPPED=0, WINDOW_LINES=sum(map(len, posted)) // c.LINE, WINDOW_REFUSED=0,
                   TICKS_MERGED=0, CONFLATED=0)
    await w.end()


async def sweep_of_the_set(w):
    """A sweep of the watched accounts is of one tick as a whole: which."""
    card, version = w.card, w.card.rng.getrandbits(64)
    number, step = card.number, sweep_step(card, next(iter(w.answers.values())), c.STATE.HEALTHY, False)
    step.fields.update(position_version=version)
    completion = await card.do(**step.fields)
    assert completion.status == c.STATUS.OK, f"{step.what}: {completion}"
    assert (completion.bytes_read, completion.bytes_written) == (step.bytes_read, len(step.expected)), f"{step.what}: {completion}"
    lines = [bytes(line) for line in c.lines(step.buffers["results"].data)]
    tick = c.LAYOUT.tick_summary.read(lines[-1]).tick
    assert tick in w.answers, f"a sweep of tick {tick}, which there is not"
    same(f"sweep of tick {tick}", lines, w.answers[tick].lines(number, position_version=version)[0])
    step.release()
    return tick


async def sweeps_of_the_set(w, stop):
    """Sweeps until `stop`: none is of an older tick than the one before."""
    last = 0
    while not stop:
        tick = await sweep_of_the_set(w)
        assert tick >= last, f"a sweep of tick {tick} after one of {last}"
        last = tick


async def storm(w, sweeping):
    """Ticks as fast as the window takes them: what is seen is the model's, and the last one is seen. Returns how many.
    sweeping(w, stop): beside them, until stop is not empty."""
    card, seen = w.card, []
    w.items = [item for item in w.items if item[0] in ("TICK", "COMMIT", "POST")]
    while w.items:
        posts, stop = [], []
        while w.items and w.items[0][0] == "POST":
            posts.append(ticks_of(w.items.pop(0)[1]))
        sweeps = cocotb.start_soon(sweeping(w, stop)) if sweeping and seen else None
        events = card.bursts(b"".join(card.numbered(records, tick) for tick, records in posts))
        while posts and (not seen or seen[-1] < posts[-1][0]):
            seen.append(await w.judged())
        await card.answered(events)
        if sweeps is not None:
            stop.append(True)
            await card.bounded(sweeps.join(), OPERATION, "the end of sweeps")
        while w.items and w.items[0][0] != "POST":
            name, payload = w.items[0]
            await w.do(name)
            if name == "COMMIT":
                seen.append(await w.judged(c.LAYOUT.tick_commit.read(payload).tick))
    assert seen == sorted(set(seen)), f"ticks in the order {seen}"
    return len(seen)


@cocotb.test()
async def storm_of_ticks(dut):
    """With the window full, ticks become one; with sweeps all the while or without."""
    w = await Watched(dut, "storm_of_ticks", paused=("memory",)).start(1024)
    names = "".join("P" * (len(payload) // c.LINE - 1) if name == "POST" else " " * (name == "COMMIT") for name, payload in w.items)
    ticks, seen = len(w.answers), await storm(w, w.card.rng.choice((None, sweeps_of_the_set)))
    merged, conflated = await w.card.counter("TICKS_MERGED"), await w.card.counter("CONFLATED")
    enough = max(map(len, names.split())) > 2 * c.CONSTANT.WINDOW_LINES  # lines without a commit of the ring between them
    assert not enough or (merged > 0 and conflated > 0), f"{merged} ticks merged, {conflated} lines conflated"
    assert merged == ticks - seen, f"{ticks} ticks, {seen} seen, {merged} merged"
    await w.counts(WATCH_RUNS=seen, WATCH_DROPPED=0, WINDOW_REFUSED=0)
    await w.end()


async def raw(card, lines, strobes=None, place=0, size=FULL_SIZE, burst=AxiBurstType.INCR, last=None):
    """A burst as AxiMaster would not send it: strobes of each beat, where WLAST is. Returns the response and the number of beats."""
    master, tag = card.window.write_if, card.rng.randrange(16)
    event, beats = cocotb.triggers.Event(), len(lines) // c.LINE
    aw = master.aw_channel._transaction_obj()
    aw.awid, aw.awaddr, aw.awlen, aw.awsize, aw.awburst = tag, place, beats - 1, size, burst
    master.active_id[tag] += 1
    master.in_flight_operations += 1
    await master.aw_channel.send(aw)
    for n, line in enumerate(c.lines(lines)):
        w = master.w_channel._transaction_obj()
        w.wdata, w.wstrb = int.from_bytes(line, "little"), ALL_STROBES if strobes is None else strobes[n]
        w.wlast = n == (beats - 1 if last is None else last)
        await master.w_channel.send(w)
    master.tag_context_manager.start_cmd(tag, AxiWriteRespCmd(place, len(lines), size, beats, 0, [beats], event))
    await card.bounded(event.wait(), OPERATION, "a raw burst into the window")
    return event.data.resp, beats


async def sent(card, lines, beats, **options):
    """A burst by AxiMaster: the response and the number of its beats."""
    place = options.pop("place", 0)
    event = card.window.init_write(place, lines, awid=card.rng.randrange(16), **options)
    await card.bounded(event.wait(), OPERATION, "a burst into the window")
    return event.data.resp, beats


async def partial_line(card, line, tick):
    return await sent(card, line[:card.rng.randrange(1, c.LINE)], 1)


async def hole_in_strobes(card, line, tick):
    """In one of three lines: those before it are whole."""
    strobes, place = 3 * [ALL_STROBES], card.rng.randrange(3)
    strobes[place] ^= 1 << card.rng.randrange(c.LINE)
    response, beats = await raw(card, line + card.numbered(2 * line, 0), strobes)
    return response, beats - place


async def misaligned(card, line, tick):
    return await sent(card, line, 2, place=card.rng.randrange(1, c.LINE))


async def misaligned_whole_lines(card, line, tick):
    return await raw(card, line, place=card.rng.randrange(1, c.LINE))


async def narrow(card, line, tick):
    size = card.rng.randrange(FULL_SIZE)
    return await sent(card, line, c.LINE >> size, size=size)


async def wrong_size(card, line, tick):
    return await raw(card, line, size=card.rng.choice((0, FULL_SIZE - 1, FULL_SIZE + 1)))


async def fixed_burst(card, line, tick):
    return await sent(card, line + card.numbered(line, tick), 2, burst=AxiBurstType.FIXED)


async def wrap_burst(card, line, tick):
    return await raw(card, line + card.numbered(line, tick), burst=AxiBurstType.WRAP)


async def early_last(card, line, tick):
    return await raw(card, line + card.numbered(line, tick), last=0)


NOT_WHOLE = (partial_line, hole_in_strobes, misaligned, misaligned_whole_lines, narrow, wrong_size, fixed_burst, wrap_burst, early_last)


def changed(**values):
    """A line with other fields; those that it does not have are of another record in the same place."""
    async def send(card, line, tick):
        got = c.LAYOUT.tick_price.read(line)
        new = {name: value(got, card, tick) for name, value in values.items()}
        layout = c.LAYOUT.tick_vol if got.kind == c.RECORD.TICK_VOL else c.LAYOUT.tick_price
        return await sent(card, layout.change(line, **new), 1)
    return send


MALFORMED = {
    "gap": changed(line=lambda got, card, tick: got.line + card.rng.choice((1, 2, 1000, 0x80000000))),
    "line again": changed(line=lambda got, card, tick: got.line - 1),
    "unknown instrument or expiry": changed(index=lambda got, card, tick: 0xffff),
    "unknown kind": changed(kind=lambda got, card, tick: card.rng.choice((0, c.RECORD.MODEL, c.RECORD.TICK_TIME, c.RECORD.TICK_SHIFT,
                                                                           c.RECORD.TICK_UNDERLYING, 255))),
    "commit without a number": changed(kind=lambda got, card, tick: c.RECORD.TICK_COMMIT),
    "tick of before": changed(tick=lambda got, card, tick: tick - 1 - card.rng.randrange(2)),
    "flags": changed(flags=lambda got, card, tick: 128),
}


async def refused(w, what, status, response, send):
    """Part of a tick, then what is wrong, then the rest of the tick: refused as a whole, and the tick is taken after a clear."""
    card = w.card
    tick, records = await w.post()
    runs, refusals = await card.counter("WATCH_RUNS"), await card.counter("WINDOW_REFUSED")
    records_before = c.lines(records)[:card.rng.randrange(3)]
    await card.post(b"".join(records_before), 0)
    await w.status_is(c.STATUS.OK, what)
    got, count = await send(card, card.numbered(records[:c.LINE], 0), tick)
    assert got == response, f"{what}: answered with {got!r}"
    await w.status_is(status, what)
    await card.post(records, tick)
    await w.no_evaluation()
    await w.counts(WATCH_RUNS=runs, WINDOW_REFUSED=refusals + count + len(records) // c.LINE)
    await w.status_is(status, what)
    await card.clear_window()
    await w.status_is(c.STATUS.OK, what)
    await card.post(records, tick)
    await w.do("JUDGED")


@cocotb.test()
async def ticks_that_are_refused(dut):
    """Some of the many ways, in any order."""
    w = await Watched(dut, "ticks_that_are_refused", paused=("window",)).start()
    card = w.card
    tick, records = await w.post()
    await card.post(records, tick)
    await w.do("JUDGED")
    cases = [(send.__name__, c.STATUS.BAD_ADDRESS, SLVERR, send) for send in card.rng.sample(NOT_WHOLE, 5)]
    cases += [(what, c.STATUS.MALFORMED_RECORD, OKAY, send) for what, send in card.rng.sample(list(MALFORMED.items()), 4)]
    card.rng.shuffle(cases)
    for case in cases:
        await refused(w, *case)
    assert not await card.read("IRQ_PENDING") & c.IRQ.ERROR, "a refusal has its own status"
    await w.end()


@cocotb.test()
async def too_many_lines(dut):
    """A tick of WINDOW_LINES lines is taken, one of more is not. Before a load nothing is; a load drops what waits, and tells."""
    w = Watched(dut, "too_many_lines", paused=("window",))
    card, most = w.card, c.CONSTANT.WINDOW_LINES
    await card.power_on()
    await card.soft_reset()
    await card.open(4)
    await card.open_watch()
    await card.post(card.rng.randbytes(c.LINE), 1)
    await w.status_is(c.STATUS.NOT_LOADED)
    await card.clear_window()
    await w.run_to("WATCH")
    await w.do("WATCH")
    tick, records = await w.post()
    await card.post((records[:c.LINE] * most + records)[-c.LINE * most:], tick)
    await w.do("JUDGED")
    tick, records = await w.post()
    await card.post((records[:c.LINE] * most + records)[-c.LINE * (most + 1):], tick)
    await w.no_evaluation()
    await w.status_is(c.STATUS.LIMIT)
    await card.clear_window()
    await card.post(records, tick)
    await w.do("JUDGED")
    await card.post(records, 0)
    first = read_session()
    first = first[:next(n for n, item in enumerate(first) if item[0] == "JUDGED") + 1]
    w.items = first
    await w.do("LOAD")
    await w.status_is(c.STATUS.RESET)
    assert not await card.read("STATUS") & c.CARD.WATCHING, "a load leaves the watched set"
    await card.post(records, tick)
    await card.clear_window()
    await w.run_to("JUDGED")
    await w.do("JUDGED")
    await w.end()


@cocotb.test()
async def ring_that_nobody_reads(dut):
    """Evaluations that find no room are left out as a whole, and counted; the card goes on, and so do they once there is room.
    A total of lines that were never written is an error, and has no effect."""
    w = Watched(dut, "ring_that_nobody_reads", paused=("memory",))
    card, need = w.card, len(next(iter(w.answers.values())).lines(0)[0])
    entries = (1 << need.bit_length()) * card.rng.choice((1, 2))
    await w.start(entries, c.STATE.HEALTHY)
    ticks, room = [], entries // need
    while len(ticks) < room + 3:
        name, payload = w.items[0]
        if name in ("JUDGED", "SWEEP"):
            w.items.pop(0)
            continue
        await w.do(name)
        if name == "TICK":
            continue
        ticks.append(c.LAYOUT.tick_commit.read(payload).tick if name == "COMMIT" else ticks_of(payload)[0])
        for _ in range(OPERATION // 100):
            if await card.counter("WATCH_RUNS") + await card.counter("WATCH_DROPPED") == len(ticks):
                break
            await card.cycles(50)
        await w.counts(WATCH_RUNS=min(len(ticks), room), WATCH_DROPPED=max(0, len(ticks) - room))
    for _ in range(TRIES):
        if await sweep_of_the_set(w) == ticks[-1]:
            break
    else:
        raise AssertionError(f"no sweep of tick {ticks[-1]}")
    await card.write("IRQ_ENABLE", c.IRQ.ERROR)
    await card.write("WATCH_CONSUMED", card.rng.choice((room * need + 1, -1, 1 << 31)) & 0xffffffff)
    await card.interrupt(c.IRQ.ERROR)
    for tick in ticks[:room]:
        await w.judged(tick, give_back=card.rng.random() < 0.5)
    await card.write("WATCH_CONSUMED", card.watch_taken)
    w.items = [item for item in w.items if item[0] in ("TICK", "COMMIT", "POST")]
    while w.items[0][0] == "TICK":
        await w.do("TICK")
    await w.do(w.items[0][0])
    await w.judged()
    await w.counts(WATCH_RUNS=room + 1, WATCH_DROPPED=3)
    await w.end(c.STATUS.BAD_OPERATION)


def slot(tag, bits=0):
    return struct.pack("<Q", c.TAG[tag] << c.TAG_SHIFT | bits)


def bad_sets(w):
    """What is wrong: (slots, fields, status, detail)."""
    rng, model = w.card.rng, c.LAYOUT.model.read(dict(reversed(read_session()))["LOAD"])
    slots = [w.set[i:i + c.SLOT] for i in range(0, len(w.set), c.SLOT)]
    end = next(n for n, value in enumerate(slots) if value == slot("END"))
    slots = slots[:end + 1]
    place = rng.randrange(1, end + 1)
    unknown = slot(rng.choice(("POSITION", "REQUIREMENT")), rng.choice((model.instruments, 0xffffff)) << 32 | 1)
    most, accounts = PARAMETERS["WATCH_SLOTS"], c.CONSTANT.WATCH_ACCOUNTS_MAX
    return {
        "too many slots": (slots, {"count": rng.choice((most + 1, 1 << 32, 1 << 63))}, c.STATUS.LIMIT, 0),
        "too many accounts": ([slot("HEADER")] * (accounts + 1) + [slot("END")], {}, c.STATUS.LIMIT, accounts),
        "unknown instrument": (slots[:place] + [unknown] + slots[place:], {}, c.STATUS.MALFORMED_SLOT, place),
        "no end": (slots[:end], {}, c.STATUS.MALFORMED_SLOT, end),
        "filter": (slots, {"filter": rng.randrange(len(c.STATE), 256)}, c.STATUS.BAD_OPERATION, 0),
        "address": (slots, {"misaligned": rng.randrange(1, c.LINE)}, c.STATUS.BAD_ADDRESS, 0),
        "read": (slots, {"fails": rng.randrange((end + 8) // 8)}, c.STATUS.BUS_ERROR, None),
    }


@cocotb.test()
async def sets_that_are_refused(dut):
    """The set before stays in force. One of no slots ends it."""
    w = await Watched(dut, "sets_that_are_refused", paused=()).start()
    card = w.card
    for what, (slots, fields, status, detail) in card.rng.sample(list(bad_sets(w).items()), 7):
        data = b"".join(slots)
        step = Step(card, what, c.OP.WATCH, count=len(slots))
        region = step.buffer("slots", len(data) + -len(data) % c.LINE, READ, data)
        fails = fields.pop("fails", None)
        card.memory.fail_read = lambda address: fails is not None and address == region.address + fails * c.LINE
        step.fields.update(address=region.address + fields.pop("misaligned", 0), **fields)
        completion = await card.do(**step.fields)
        assert completion.status == status, f"{what}: {completion}, not {c.STATUS.name(status)}"
        assert completion.detail == (fails if detail is None else detail), f"{what}: {completion}"
        card.memory.fail_read = lambda address: False
        step.release()
        assert await card.read("STATUS") & c.CARD.WATCHING, f"{what}: not watching any more"
        if card.rng.random() < 0.5:
            await w.run_to("JUDGED")
            await w.do("JUDGED")
    assert (await card.do(op=c.OP.WATCH, count=0, address=card.rng.getrandbits(64))).status == c.STATUS.OK
    assert not await card.read("STATUS") & c.CARD.WATCHING
    runs = await card.counter("WATCH_RUNS")
    await w.run_to("JUDGED")
    await w.no_evaluation(3000)
    w.items.pop(0)
    await w.watch()
    await w.run_to("JUDGED")
    await w.do("JUDGED")
    await w.counts(WATCH_RUNS=runs + 1)
    await w.end()


@cocotb.test()
async def write_of_a_watched_line_fails(dut):
    """The other lines come; ERROR tells, and the next completion; evaluations go on behind the line that is lost."""
    w = await Watched(dut, "write_of_a_watched_line_fails", paused=("memory",)).start()
    card = w.card
    await w.run_to("JUDGED")
    await w.do("JUDGED")
    await card.write("IRQ_ENABLE", c.IRQ.ERROR)
    tick, records = await w.post()
    wanted, _ = w.answers[tick].lines(card.watch_number, card.watch_filter, position_version=card.watch_version)
    victim = card.rng.randrange(len(wanted))
    places = [(card.watch_taken + n) % card.watch_entries * c.LINE for n in range(len(wanted))]
    card.memory.fail_write = lambda address: address == card.watch_ring.address + places[victim]
    await card.post(records, tick)
    await card.interrupt(c.IRQ.ERROR)
    assert await card.read("ERROR") == c.STATUS.BUS_ERROR
    for _ in range(OPERATION // 100):
        if await card.counter("WATCH_RUNS") == w.evaluations + 1:
            break
        await card.cycles(50)
    await card.becomes_quiet()
    assert card.memory.failures == 1, f"{card.memory.failures} writes failed"
    ring = card.watch_ring.data
    for n, place in enumerate(places):
        assert n == victim or ring[place:place + c.LINE] == wanted[n], f"line {n} when line {victim} of {len(places)} is lost"
    w.items.pop(0)
    card.watch_taken += len(wanted)
    card.watch_number += len(wanted) // 2 + 1
    await card.write("WATCH_CONSUMED", card.watch_taken)
    card.memory.fail_write = lambda address: False
    assert (await card.do(op=c.OP.NOP)).status == c.STATUS.BUS_ERROR
    assert (await card.do(op=c.OP.NOP)).status == c.STATUS.OK
    await w.run_to("JUDGED")
    await w.do("JUDGED")
    await w.end(c.STATUS.BUS_ERROR)


async def sweeps_that_fail(w, stop):
    """Sweeps with a broken slot somewhere, until `stop`."""
    card, stream = w.card, w.set
    while not stop:
        place = card.rng.randrange(1, len(stream) // c.SLOT)
        data = stream[:place * c.SLOT] + struct.pack("<Q", 0xff << c.TAG_SHIFT) + stream[place * c.SLOT:]
        data += bytes(-len(data) % c.LINE)
        step = Step(card, "SWEEP of a broken stream", c.OP.SWEEP)
        region = step.buffer("piece", len(data), READ, data)
        entry = c.LAYOUT.scatter.pack(address=region.address, slots=len(data) // c.SLOT)
        step.results(bytes(64 * c.LINE))
        step.fields.update(address=step.buffer("list", c.LINE, READ, entry).address, count=1)
        completion = await card.do(**step.fields)
        assert (completion.status, completion.detail) == (c.STATUS.MALFORMED_SLOT, place), f"{step.what}: {completion}, slot {place}"
        step.release()


@cocotb.test()
async def storm_while_sweeps_fail(dut):
    """A sweep that fails clears what it shares with an evaluation: that one ends with RESET and comes again."""
    w = await Watched(dut, "storm_while_sweeps_fail", paused=("memory",)).start(1024)
    await storm(w, sweeps_that_fail)
    await w.counts(WATCH_RUNS=w.evaluations + w.interrupted, WATCH_DROPPED=0, WINDOW_REFUSED=0)
    cocotb.log.info("%d evaluations, %d interrupted", w.evaluations, w.interrupted)
    await w.end()


@cocotb.test()
async def reset_while_ticks_come(dut):
    """A soft reset in the middle of bursts: each is answered, nothing comes after the reset, and the card is right again."""
    w = await Watched(dut, "reset_while_ticks_come").start()
    card = w.card
    for _ in range(4):
        events = []
        while w.items[0][0] == "POST" or w.items[0][0] == "JUDGED":
            name, payload = w.items.pop(0)
            if name == "POST":
                tick, records = ticks_of(payload)
                events += card.bursts(card.numbered(records, tick))
        await card.cycles(card.rng.randrange(400))
        await card.soft_reset()
        for event in events:
            await card.bounded(event.wait(), OPERATION, "a burst into the window across a soft reset")
        await card.cycles(REST)
        assert card.quiet(), "writes after a reset"
        await card.soft_reset()  # lines that came after the first one are refused
        card.free_all()
        await card.open(4)
        await card.open_watch()
        w.items = read_session()
        await w.run_to("WATCH")
        w.items.pop(0)
        await w.watch()
        await w.run_to("JUDGED")
        await w.do("JUDGED")
        await w.run_to("POST")
    await w.end()


@cocotb.test()
async def commit_after_ticks(dut):
    """A TICK and COMMIT of the ring, submitted when the ticks before it were answered at the window, come after them."""
    w = await Watched(dut, "commit_after_ticks", paused=("memory",)).start(1024)
    card = w.card
    await w.run_to("JUDGED")
    await w.do("JUDGED")
    w.items = [item for item in w.items if item[0] != "SWEEP"]
    while [name for name, _ in w.items[:5:2]] != 3 * ["POST"]:
        await w.do(w.items[0][0])
    posts = [ticks_of(payload) for name, payload in w.items[:5:2]]
    await card.answered(card.bursts(b"".join(card.numbered(records, tick) for tick, records in posts[:-1])))
    tick, records = posts[-1]
    for step in (make_step(card, "TICK", records), Step(card, "COMMIT", c.OP.COMMIT, tick=tick)):
        step.check(await card.do(**step.fields))
    while await w.judged() != tick:
        pass
    await w.end()
