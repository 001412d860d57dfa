#!/usr/bin/python3
"""Area and logic depth of the core, block by block, against the budgets of real cards (boards.toml).

    constraints/synth.py [--build FOLDER] [--only MODULE] [--jobs N]

Each block is synthesised by Yosys for UltraScale+ (synth_xilinx -family xcup), its cells counted, and the longest way
between two registers found; the core is the sum over blocks times instances. Fails past a budget. Yosys packs neither
registers nor adders into DSPs, so that LUT and FF are on the safe side; no open tool times UltraScale+: no clock is claimed.
"""
import argparse
import concurrent.futures
import hashlib
import json
import math
import pathlib
import re
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROOMS = ("prim", "csr", "tables", "dma", "pricing", "sweep", "close", "verdict", "watch", "top")
RESOURCES = ("dsp", "lut", "ff", "bram", "uram")
SEQUENTIAL = ("FD", "RAMB", "URAM", "DSP", "SRL", "LD")


def sources():
    packages = sorted((ROOT / "hw/pkg").glob("pl_[act]*_pkg.sv")) + sorted(ROOT.glob("hw/*/*_pkg.sv"))
    return list(dict.fromkeys(str(p.relative_to(ROOT)) for p in packages if p.name != "pl_abi_check.sv"))


def modules_of(name):
    """The files of a module and of all that it instantiates, children first."""
    files = {f.stem: f for room in ROOMS for f in (ROOT / "hw" / room).glob("*.sv")}
    texts = {module: f.read_text() for module, f in files.items()}
    found = []

    def visit(module):
        if module in found:
            return
        for child in sorted(set(re.findall(r"(\w+)\s+(?:#\s*\(|u_\w+\s*\()", texts[module])) & texts.keys() - {module}):
            visit(child)
        found.append(module)

    visit(name)
    return [str(files[f].relative_to(ROOT)) for f in found]


def files_of(name):
    """What a block is made of: the packages and its modules."""
    return "".join((ROOT / p).read_text() for p in sources() + modules_of(name))


def netlist_of(block, build, mapper):
    """The flattened netlist of a block; taken from the last run when nothing it could read has changed."""
    name = block["module"]
    digest = hashlib.sha256((mapper + json.dumps(block, sort_keys=True) + files_of(name)).encode()).hexdigest()[:16]
    netlist, log = build / f"{name}{mapper}-{digest}.json", build / f"{name}{mapper}.log"
    if not netlist.exists():
        top = next(ROOT.glob(f"hw/*/{name}.sv")).relative_to(ROOT)
        chparam = " ".join(f"-chparam {k} {v}" for k, v in block.get("parameters", {}).items())
        libraries = " ".join(f"-libdir hw/{room}" for room in ROOMS)
        script = (f"read_verilog -sv {' '.join(sources())} {top}; hierarchy -check {libraries} {chparam} -top {name}; "
                  f"synth_xilinx -family xcup -noiopad -uram {mapper}; flatten; write_json {netlist}.part")
        done = subprocess.run(["yosys", "-q", "-l", log, "-p", script], cwd=ROOT, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{name}: yosys failed, see {log}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        for old in build.glob(f"{name}{mapper}-????????????????.json"):
            old.unlink()
        pathlib.Path(f"{netlist}.part").rename(netlist)
    modules = json.loads(netlist.read_text())["modules"]
    return next(m for m in modules.values() if m.get("attributes", {}).get("top"))["cells"]


def synthesise(block, build):
    """What a block uses, and its depth: the mapper that knows carry chains counts fewer LUTs, but not levels."""
    cells = netlist_of(block, build, "")
    used = count((netlist_of(block, build, "-abc9") if block.get("abc9") else cells).values())
    used["depth"], used["end"] = depth(cells)
    return used


def count(cells):
    used = dict.fromkeys(RESOURCES, 0.0)
    for cell in cells:
        kind = cell["type"]
        if kind.startswith("DSP"):
            used["dsp"] += 1
        elif kind.startswith("LUT") or kind == "INV":
            used["lut"] += 1
        elif kind.startswith("SRL16"):
            used["lut"] += 1
        elif kind.startswith("SRLC32"):
            used["lut"] += 1
        elif kind.startswith("RAM") and not kind.startswith("RAMB"):  # distributed memory: LUTs by their kind
            used["lut"] += {"RAM32M16": 8, "RAM64M8": 8, "RAM32M": 4, "RAM64M": 4}.get(kind, 2)
        elif kind.startswith("FD"):
            used["ff"] += 1
        elif kind.startswith("RAMB36"):
            used["bram"] += 1
        elif kind.startswith("RAMB18"):
            used["bram"] += 0.5
        elif kind.startswith("URAM"):
            used["uram"] += 1
    return used


def weight(kind):
    if kind.startswith("LUT") or kind == "INV":
        return 1.0
    if kind.startswith("CARRY4"):
        return 1 / 16  # half a CARRY8
    if kind.startswith("CARRY8"):
        return 1 / 8
    return 0.0  # MUXF7..9 sit behind the LUTs


def depth(cells):
    """The heaviest combinational way, in LUT levels, and where it ends."""
    driver, inputs = {}, {}
    for name, cell in cells.items():
        registers = cell["type"].startswith(SEQUENTIAL) or cell["type"].startswith("RAM")
        directions = cell["port_directions"]
        for port, bits in cell["connections"].items():
            if directions.get(port) == "output" and not registers:
                for bit in bits:
                    driver[bit] = name
        if not registers:
            inputs[name] = [b for p, bits in cell["connections"].items() if directions.get(p) == "input" for b in bits if not isinstance(b, str)]
    arrival, order, state = {}, [], {}
    for start in inputs:
        stack = [(start, False)]
        while stack:
            name, done = stack.pop()
            if done:
                arrival[name] = weight(cells[name]["type"]) + max((arrival.get(driver[b], 0.0) for b in inputs[name] if b in driver), default=0.0)
                continue
            if name in state:
                continue
            state[name] = True
            stack.append((name, True))
            stack.extend((driver[b], False) for b in inputs[name] if b in driver and driver[b] not in state)
    if not arrival:
        return 0.0, ""
    way = [max(arrival, key=arrival.get)]
    while before := [driver[b] for b in inputs[way[-1]] if b in driver]:
        way.append(max(before, key=arrival.get))
    named = [re.sub(r"\$(abc|auto|flatten|techmap)[^ ]*?\.", "", n) for n in way]
    signals = [s for s in (source(cells, n) for n in (way[0], way[-1])) if s]
    return arrival[way[0]], " <- ".join(signals) + f" ({len(way)} cells)" if signals else named[0]


def source(cells, name):
    """A word that says where a cell comes from: its place in the sources, or the hierarchy in its name."""
    src = cells[name].get("attributes", {}).get("src", "").split("|")[0]
    path = re.findall(r"\\(u_\w+|g_\w+)", name)
    return ".".join(path) or src


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build/synth", type=pathlib.Path)
    parser.add_argument("--only", action="append")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    plan = tomllib.loads((ROOT / "constraints/boards.toml").read_text())
    build = (ROOT / options.build).resolve()
    build.mkdir(parents=True, exist_ok=True)
    if unknown := set(options.only or []) - {b["module"] for b in plan["block"]}:
        sys.exit(f"{sorted(unknown)[0]}: not a block of constraints/boards.toml")
    blocks = [b for b in plan["block"] if not options.only or b["module"] in options.only]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda b: synthesise(b, build), blocks))
    passed, failures = 0, []

    def judge(holds, text):
        nonlocal passed
        if holds:
            passed += 1
        else:
            failures.append(text)

    print(f"{'block':<16}{'':>4}" + "".join(f"{r.upper():>9}" for r in RESOURCES) + f"{'levels':>8}")
    for block, used in zip(blocks, results):
        print(f"{block['module']:<16}{'x ' + block['instances'] if block.get('counted', True) else 'part':>4}"
              + "".join(f"{used[r]:>9g}" for r in RESOURCES) + f"{used['depth']:>8.1f}")
        judge(used["depth"] <= plan["depth"]["levels"], f"{block['module']}: {used['depth']:.1f} logic levels end at {used['end']}, at most {plan['depth']['levels']}")
        if "dsp_max" in block:
            judge(used["dsp"] <= block["dsp_max"], f"{block['module']}: {used['dsp']:g} DSP, at most {block['dsp_max']}")
    if options.only:
        totals = {}
    else:
        totals = {}
        for lanes in (1, 4, 8):
            names = {"L": lanes, "P": math.ceil(lanes / 2)}
            total = dict.fromkeys(RESOURCES, 0.0)
            for block, used in zip(blocks, results):
                if block.get("counted", True):
                    times = names.get(block["instances"]) or int(block["instances"])
                    for r in RESOURCES:
                        total[r] += times * used[r]
            totals[lanes] = total
            print(f"core, {lanes} lane{'s' if lanes > 1 else ' '}     " + "".join(f"{total[r]:>9.9g}" for r in RESOURCES))
        print()
        for board in plan["board"]:
            for lanes in (n for n in (1, 4, 8) if n <= board["lanes"]):
                parts = []
                for r in RESOURCES:
                    limit = board["share"] * board[r]
                    parts.append(f"{r.upper()} {100 * totals[lanes][r] / board[r]:.0f} %")
                    judge(totals[lanes][r] <= limit, f"{board['title']}, {lanes} lanes: {r.upper()} {totals[lanes][r]:g}, budget {limit:g}")
                print(f"{board['title']}, LANES={lanes}: {', '.join(parts)}; budget {100 * board['share']:.0f} %")
    for text in failures:
        print(f"FAIL {text}")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
