"""Errors of the bus, SLVERR and DECERR: the status that the contract has for each, and a card that is right again after the recovery of
docs/device-guide.md."""
import cocotb

import contract as c
from case import Case

ENTRIES_OF_A_LINE = c.LINE // c.LAYOUT.scatter.bytes
SLOTS_OF_A_LINE = c.LINE // c.SLOT


async def failed_read(dut, title, name, buffer, detail=lambda line: line):
    case = await Case(dut, title).up_to(name)
    line, victim = case.choose_line(buffer)
    case.card.memory.fail_read = lambda address: address == victim
    await case.fails(c.STATUS.BUS_ERROR, detail(line))
    return case


@cocotb.test()
async def read_of_a_submission_fails(dut):
    case = await Case(dut, "read_of_a_submission_fails").up_to("LOAD")
    ring = case.card.submissions
    case.card.memory.fail_read = lambda address: ring.address <= address < ring.address + len(ring.data)
    await case.stops(c.STATUS.BUS_ERROR)
    await case.recovers()


@cocotb.test()
async def read_of_a_load_fails(dut):
    case = await failed_read(dut, "read_of_a_load_fails", "LOAD", "records")
    assert not await case.card.read("STATUS") & c.CARD.LOADED, "loaded after a failed load"
    assert (await case.card.do(op=c.OP.TICK, address=0, count=1)).status == c.STATUS.NOT_LOADED
    await case.recovers()


@cocotb.test()
async def read_of_a_tick_fails(dut):
    case = await failed_read(dut, "read_of_a_tick_fails", "TICK", "records")
    await case.recovers()


def lines_before(case, completion):
    """What came before a failure is the model's; then the summary, with the status."""
    count = completion.verdict_lines
    assert count >= 1, "no summary"
    case.step.compare(count - 1)
    summary = c.LAYOUT.tick_summary.read(case.step.buffers["results"].data[(count - 1) * c.LINE:count * c.LINE])
    wanted = c.LAYOUT.tick_summary.read(case.step.expected[-c.LINE:])
    assert summary.serial >> c.NUMBER_BITS == c.KIND.SUMMARY, f"no summary: {summary}"
    assert (summary.status, summary.tick) == (completion.status, wanted.tick), f"{summary}"
    assert summary.accounts <= wanted.accounts, f"{summary}"


@cocotb.test()
async def read_of_a_scatter_list_fails(dut):
    case = await Case(dut, "read_of_a_scatter_list_fails").up_to("SWEEP", one_piece=False)
    line, victim = case.choose_line("list")
    case.card.memory.fail_read = lambda address: address == victim
    completion = await case.fails(c.STATUS.BUS_ERROR, line * ENTRIES_OF_A_LINE)
    lines_before(case, completion)
    await case.recovers()


@cocotb.test()
async def read_of_a_stream_fails(dut):
    case = await Case(dut, "read_of_a_stream_fails").up_to("SWEEP")
    lines = []  # of the stream up to its END
    for n, piece in enumerate(case.step.pieces):
        address = case.step.buffers[f"piece {n}"].address
        lines += [address + i for i in range(0, len(piece), c.LINE)]
    end = len(dict(case.items)["SWEEP"].stream) // c.LINE
    line = case.card.rng.randrange(min(end + 1, len(lines)))
    case.card.memory.fail_read = lambda address: address == lines[line]
    completion = await case.fails(c.STATUS.BUS_ERROR, line * SLOTS_OF_A_LINE)
    lines_before(case, completion)
    await case.recovers()


@cocotb.test()
async def write_of_verdicts_fails(dut):
    case = await Case(dut, "write_of_verdicts_fails").up_to("SWEEP")
    line, victim = case.choose_line("results")
    case.card.memory.fail_write = lambda address: address == victim
    completion = await case.fails(c.STATUS.BUS_ERROR)
    region = case.step.buffers["results"]
    lost = region.data[line * c.LINE:(line + 1) * c.LINE]
    assert lost == bytes(c.LINE), "a line whose write failed"
    region.data[line * c.LINE:(line + 1) * c.LINE] = case.step.expected[line * c.LINE:(line + 1) * c.LINE]
    assert completion.verdict_lines == len(case.step.expected) // c.LINE, f"{completion}"
    case.step.compare(completion.verdict_lines - 1)
    await case.recovers()


@cocotb.test()
async def write_of_rows_fails(dut):
    case = await Case(dut, "write_of_rows_fails").up_to("ROWS")
    line, victim = case.choose_line("results")
    case.card.memory.fail_write = lambda address: address == victim
    await case.fails(c.STATUS.BUS_ERROR)
    region = case.step.buffers["results"]
    region.data[line * c.LINE:(line + 1) * c.LINE] = case.step.expected[line * c.LINE:(line + 1) * c.LINE]
    case.step.compare(len(region.data) // c.LINE)
    await case.recovers()


@cocotb.test()
async def write_of_a_completion_fails(dut):
    case = await Case(dut, "write_of_a_completion_fails").up_to("SWEEP")
    ring = case.card.completions
    case.card.memory.fail_write = lambda address: ring.address <= address < ring.address + len(ring.data)
    await case.stops(c.STATUS.BUS_ERROR)
    case.step.compare(len(case.step.expected) // c.LINE)
    await case.recovers()
