"""A session with one operation in which something goes wrong, and the recovery of docs/device-guide.md."""
import contract as c
from card import PARAMETERS, Card
from session import first_tick, make_step, read_session, run

TIMEOUT = PARAMETERS["TIMEOUT"]


class Case:
    """A card with everything done up to the first operation `name` of a session, and that operation as a step."""

    def __init__(self, dut, title):
        self.card, self.items = Card(dut, title, paused=("memory",)), first_tick(read_session())

    async def up_to(self, name, **choices):
        card = self.card
        await card.power_on()
        await card.soft_reset()
        await card.open(4)
        place = next(i for i, item in enumerate(self.items) if item[0] == name)
        await run(card, self.items[:place])
        self.step = make_step(card, *self.items[place], **choices)
        return self

    def choose_line(self, buffer, lines=None):
        """A line of a buffer: its number; its address is the one that fails."""
        region = self.step.buffers[buffer]
        line = self.card.rng.randrange(lines or len(region.data) // c.LINE)
        return line, region.address + line * c.LINE

    async def fails(self, status, detail=None):
        """The step's completion has the status; the card goes on."""
        card = self.card
        completion = await card.do(**self.step.fields)
        got = f"{c.STATUS.name(completion.status)}, detail {completion.detail:x}"
        assert card.memory.failures > 0, "nothing failed"
        assert completion.status == status, f"{self.step.what}: {got}, not {c.STATUS.name(status)}"
        assert detail is None or completion.detail == detail, f"{self.step.what}: {got}, not {detail:x}"
        assert (await card.do(op=c.OP.NOP)).status == c.STATUS.OK
        return completion

    async def stops(self, status, cycles=4 * TIMEOUT):
        """No completion, but register ERROR and its interrupt; the card does not go on."""
        card = self.card
        await card.write("IRQ_ENABLE", c.IRQ.ERROR)
        await card.submit(**self.step.fields)
        await card.interrupt(c.IRQ.ERROR, cycles)
        error = await card.read("ERROR")
        assert error == status, f"ERROR is {c.STATUS.name(error)}, not {c.STATUS.name(status)}"
        await card.submit(op=c.OP.NOP)
        await card.none_comes(2000)

    async def recovers(self):
        """Soft reset, load again."""
        card = self.card
        card.memory.fail_read = card.memory.fail_write = lambda address: False
        await card.soft_reset()
        card.free_all()
        await card.open()
        await run(card, self.items)
        card.check()
