"""A session of tests/axi/session.c, read back and put to the card as submissions, each with the check of its completion."""
import collections
import os
import struct

import contract as c
from bus import READ, WRITE

ROW_BYTES = c.LAYOUT.row.bytes + c.LAYOUT.quote.bytes


class Answer:
    """What model: says of one stream."""

    def __init__(self):
        self.stream = self.verdicts = self.summary = None
        self.records = b""

    def lines(self, number, filter=0, per_underlying=False, **changes):
        """The lines that a card writes, numbered from `number`, and the next number. changes: of every verdict."""
        out, size = [], c.LAYOUT.verdict.bytes
        records = collections.defaultdict(list)
        for line in c.lines(self.records):
            records[c.LAYOUT.underlying_verdict.read(line).serial].append(line)
        def serial(kind):
            nonlocal number
            number += 1
            return kind << c.NUMBER_BITS | number - 1
        by_state = c.LAYOUT.tick_summary.read(self.summary).by_state
        for i in range(0, len(self.verdicts), size):
            verdict = self.verdicts[i:i + size]
            for record in records[i // size] if per_underlying else ():
                out.append(c.LAYOUT.underlying_verdict.change(record, serial=serial(c.KIND.UNDERLYING)))
            if c.LAYOUT.verdict.read(verdict).state >= filter:
                value = serial(c.KIND.VERDICT)
                out += c.lines(c.LAYOUT.verdict.change(verdict, serial=value, serial_again=value, **changes))
        out.append(c.LAYOUT.tick_summary.change(self.summary, serial=serial(c.KIND.SUMMARY), flagged=sum(by_state[filter:])))
        return out, number

    def tick(self):
        return c.LAYOUT.tick_summary.read(self.summary).tick

    def version(self):
        return c.LAYOUT.verdict.read(self.verdicts).position_version


def read_session(path=None):
    """(name, payload): LOAD, TICK, COMMIT, ROWS, WATCH, POST: bytes; SWEEP, JUDGED: Answer."""
    with open(path or os.environ["PL_AXI_SESSION"], "rb") as file:
        data = file.read()
    items, offset, answer, watched = [], 0, None, None
    while offset < len(data):
        name, size = struct.unpack_from("<8sQ", data, offset)
        name, payload = name.rstrip(b"\0").decode(), data[offset + 16:offset + 16 + size]
        offset += 16 + size
        if name == "STREAM":
            answer = Answer()
            items.append(("SWEEP", answer))
        elif name == "JUDGED":
            answer = Answer()
            answer.stream = watched
            items.append((name, answer))
            continue
        if name in ("STREAM", "VERDICTS", "RECORDS", "SUMMARY"):
            setattr(answer, name.lower(), payload)
        else:
            items.append((name, payload))
            watched = payload if name == "WATCH" else watched
    return items


def first_tick(items):
    """Up to the first ROWS."""
    return items[:next(i for i, (name, _) in enumerate(items) if name == "ROWS") + 1]


class Step:
    """One submission: its fields, its buffers by name, and what must have come of it."""

    def __init__(self, card, what, op, **fields):
        self.card, self.what, self.fields, self.buffers, self.expected = card, what, {"op": op, **fields}, {}, b""
        self.bytes_read = 0

    def buffer(self, name, size, access, data=b""):
        region = self.card.allocate(size, access, f"{self.what}: {name}")
        region.data[:len(data)] = data
        self.buffers[name] = region
        return region

    def results(self, expected):
        """Exactly so much room for results."""
        self.expected = expected
        region = self.buffer("results", len(expected), WRITE)
        self.fields.update(verdict_address=region.address, verdict_lines=len(expected) // c.LINE)

    def release(self):
        for region in self.buffers.values():
            self.card.memory.release(region)
        self.buffers = {}

    def check(self, completion):
        assert completion.status == c.STATUS.OK, f"{self.what}: {c.STATUS.name(completion.status)}, detail {completion.detail:x}"
        room = len(self.expected) // c.LINE
        assert completion.detail == 0 and completion.verdict_lines == room, f"{self.what}: {completion}, {room} lines expected"
        assert (completion.bytes_read, completion.bytes_written) == (self.bytes_read, len(self.expected)), f"{self.what}: {completion}"
        assert completion.cycles > 0, f"{self.what}: {completion}"
        self.compare(room)

    def compare(self, count):
        """The first `count` lines are the model's."""
        for n, (got, wanted) in enumerate(list(zip(c.lines(self.buffers["results"].data), c.lines(self.expected)))[:count]
                                          if count else ()):
            assert got == wanted, f"{self.what}: line {n}\n  card  {bytes(got).hex()}\n  model {wanted.hex()}"


def records_step(card, name, data):
    step = Step(card, f"{name} of {len(data) // c.LINE} records", c.OP[name], count=len(data) // c.LINE)
    step.fields["address"] = step.buffer("records", len(data), READ, data).address
    step.bytes_read = len(data)
    return step


def commit_step(card, data):
    record = c.LAYOUT.tick_commit.read(data)
    return Step(card, f"COMMIT of tick {record.tick}", c.OP.COMMIT, tick=record.tick, time_us=record.time_us)


def cut(card, stream):
    """The stream as pieces of whole lines, some empty, with words behind its end that the card must drop."""
    rng = card.rng
    stream += bytes(-len(stream) % c.LINE)
    stream += rng.randbytes(c.LINE * rng.choice((0, 0, 1, 5)))
    total, pieces = len(stream) // c.LINE, []
    while total:
        count = min(total, rng.choice((0, 1, 2, 3, 8, 40)))
        pieces.append(stream[:count * c.LINE])
        stream, total = stream[count * c.LINE:], total - count
    return pieces


def sweep_step(card, answer, filter=None, per_underlying=None, one_piece=None):
    rng = card.rng
    filter = rng.choice(list(c.STATE.values())) if filter is None else filter
    per_underlying = rng.random() < 0.5 if per_underlying is None else per_underlying
    step = Step(card, f"SWEEP, filter {filter}, per underlying {per_underlying}", c.OP.SWEEP, filter=filter,
                per_underlying=int(per_underlying), position_version=answer.version())
    if rng.random() < 0.3 if one_piece is None else one_piece:
        stream = answer.stream + bytes(-len(answer.stream) % c.LINE)
        region = step.buffer("piece 0", len(stream), READ, stream)
        step.pieces = [stream]
        step.fields.update(one_piece=1, address=region.address, count=len(stream) // c.SLOT)
        step.bytes_read = len(stream)
    else:
        listed_pieces(card, step, answer.stream)
    lines, card.number = answer.lines(card.number, filter, per_underlying)
    step.results(b"".join(lines))
    return step


def listed_pieces(card, step, stream):
    step.pieces = cut(card, stream)
    entries = []
    for n, piece in enumerate(step.pieces):
        region = step.buffer(f"piece {n}", len(piece), READ, piece)
        entries.append(c.LAYOUT.scatter.pack(address=region.address, slots=len(piece) // c.SLOT))
    listed = b"".join(entries)
    region = step.buffer("list", len(listed) + -len(listed) % c.LINE, READ, listed)
    step.fields.update(address=region.address, count=len(entries))
    step.bytes_read = len(region.data) + sum(map(len, step.pieces))


def rows_step(card, rows):
    total = len(rows) // ROW_BYTES
    first = card.rng.randrange(total)
    count = card.rng.randrange(1, min(8, total - first) + 1)
    step = Step(card, f"READ_ROWS {first}, {count} rows", c.OP.READ_ROWS, address=first, count=count)
    step.results(rows[first * ROW_BYTES:(first + count) * ROW_BYTES])
    return step


def watch_step(card, slots, filter=None):
    """The card's watched set from then on: card.watch_filter and card.watch_version, of its submission."""
    card.watch_filter = card.rng.choice(list(c.STATE.values())) if filter is None else filter
    card.watch_version = card.rng.getrandbits(64)
    step = Step(card, f"WATCH of {len(slots) // c.SLOT} slots", c.OP.WATCH, count=len(slots) // c.SLOT, filter=card.watch_filter,
                position_version=card.watch_version)
    data = slots + card.rng.randbytes(-len(slots) % c.LINE)
    step.fields["address"] = step.buffer("slots", len(data), READ, data).address
    step.bytes_read = len(data)
    return step


def make_step(card, name, payload, **choices):
    if name == "WATCH":
        return watch_step(card, payload)
    if name == "COMMIT":
        return commit_step(card, payload)
    if name == "SWEEP":
        return sweep_step(card, payload, **choices)
    if name == "ROWS":
        return rows_step(card, payload)
    return records_step(card, name, payload)


async def finish(card, steps):
    step = steps.popleft()
    step.check(await card.completion())
    step.release()


async def run(card, items, depth=None):
    """All of it in order, up to `depth` submissions at a time, some rung together; sweeps and rows more than once."""
    depth = min(card.entries, depth or card.rng.choice((1, 2, 16)))
    flying, rung = collections.deque(), 0
    for name, payload in items:
        for _ in range(card.rng.choice((1, 2, 3)) if name in ("SWEEP", "ROWS") else 1):
            if len(flying) == depth:
                if rung != card.submitted:
                    await card.write("SUBMIT_DOORBELL", card.submitted)
                    rung = card.submitted
                await finish(card, flying)
            step = make_step(card, name, payload)
            ring = card.rng.random() < 0.7
            await card.submit(doorbell=ring, **step.fields)
            rung = card.submitted if ring else rung
            flying.append(step)
    await card.write("SUBMIT_DOORBELL", card.submitted)
    while flying:
        await finish(card, flying)
