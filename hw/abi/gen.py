#!/usr/bin/python3
"""Turns hw/abi/contract.toml into C, SystemVerilog and the contract's documentation.

    hw/abi/gen.py            writes the generated files
    hw/abi/gen.py --check    exits 1 and names each generated file that is stale
"""
import hashlib
import pathlib
import re
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = "hw/abi/contract.toml"
TABLES = ROOT / "host/model/pl_tables.h"  # the engine's constants belong to the arithmetic
NOTICE = f"Generated from {SOURCE} by hw/abi/gen.py; do not edit."

SIZES = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "s8": 1, "s16": 2, "s32": 4, "s64": 8, "q40": 8, "ureal": 8, "money": 8}
C_TYPES = {"q40": "int64_t", "ureal": "uint64_t", "money": "int64_t"}
SIGNED = {"s8", "s16", "s32", "s64", "q40", "money"}


def c_type(name):
    return C_TYPES.get(name) or f"{'u' if name[0] == 'u' else ''}int{SIZES[name] * 8}_t"


def place(record):
    """Gives each field its offset; refuses padding, misalignment and records that are no power-of-two part of a line."""
    offset = 0
    for field in record["fields"]:
        size = SIZES[field["type"]]
        if offset % size:
            sys.exit(f"{SOURCE}: {record['name']}.{field['name']}: offset {offset} is not a multiple of {size}")
        field["offset"], field["count"] = offset, field.get("count", 1)
        offset += size * field["count"]
    if offset % 64 and 64 % offset:
        sys.exit(f"{SOURCE}: {record['name']}: {offset} bytes neither fill nor divide 64-byte lines")
    record["size"] = offset


def load():
    with open(ROOT / SOURCE, "rb") as file:
        contract = tomllib.load(file)
    for record in contract["record"]:
        place(record)
    for slot in contract["slot"]:
        if any(msb < lsb or msb > 55 for msb, lsb in (field["bits"] for field in slot["fields"])):
            sys.exit(f"{SOURCE}: slot {slot['name']}: bits must lie in 55:0")
    for board in contract["board"]:
        if not (board["vendor"] < 1 << 16 and board["device"] < 1 << 16 and board.get("class", 0) < 1 << 24):
            sys.exit(f"{SOURCE}: board {board['name']}: vendor and device have 16 bits, class 24")
        if any(board[key] not in range(6) for key in ("register_bar", "window_bar")):
            sys.exit(f"{SOURCE}: board {board['name']}: BARs are 0 to 5")
    return contract


def contract_hash(contract):
    """Layout and arithmetic, not prose."""
    lines = [f"arithmetic {contract['contract']['arithmetic']}"]
    lines += [f"constant {c['name']} {c['value']}" for c in contract["constant"]]
    lines += [f"enum {e['name']} {v['name']} {v['value']}" for e in contract["enum"] for v in e["values"]]
    lines += [f"{r['name']}.{f['name']} {f['type']} {f['count']} {f['offset']}" for r in contract["record"] for f in r["fields"]]
    lines += [f"{s['name']}.{f['name']} {f['bits']}" for s in contract["slot"] for f in s["fields"]]
    lines += [f"register {r['name']} {r['offset']} {r['access']}" for r in contract["register"]]
    if TABLES.exists():
        lines.append(re.sub(r"/\*.*?\*/|//[^\n]*", "", TABLES.read_text(), flags=re.S))
    digest = hashlib.sha256("\n".join(lines).encode()).digest()
    return int.from_bytes(digest[:8], "little")


def c_comment(text):
    return f" /* {text} */" if text else ""


def c_value(value):
    return f"UINT32_C(0x{value:08X})" if 2**31 <= value else str(value)


def gen_c(contract, digest):
    out = [f"/* {NOTICE} */", "#ifndef PL_ABI_H", "#define PL_ABI_H", "", "#include <stddef.h>", "#include <stdint.h>", ""]
    out += [f"#define PL_CONTRACT_VERSION {contract['contract']['version']}"]
    out += [f"#define PL_CONTRACT_HASH UINT64_C(0x{digest:016X}) /* layout and arithmetic */", ""]
    for c in contract["constant"]:
        out.append(f"#define PL_{c['name']} {c_value(c['value'])}{c_comment(c['doc'])}")
    for e in contract["enum"]:
        out += ["", f"/* {e['doc']} */", f"enum pl_{e['name'].lower()} {{"]
        out += [f"    PL_{e['name']}_{v['name']} = {'1 << ' if e.get('bits') else ''}{v['value']},{c_comment(v['doc'])}" for v in e["values"]]
        out += ["};"]
    for r in contract["record"]:
        out += ["", f"/* {r['doc']} */", f"struct pl_{r['name']} {{"]
        for f in r["fields"]:
            array = f"[{f['count']}]" if f["count"] > 1 else ""
            out.append(f"    {c_type(f['type'])} {f['name']}{array};{c_comment(f['doc'])}")
        out += ["};", f"_Static_assert(sizeof(struct pl_{r['name']}) == {r['size']}, \"size of pl_{r['name']}\");"]
        out += [f"_Static_assert(offsetof(struct pl_{r['name']}, {f['name']}) == {f['offset']}, \"{r['name']}.{f['name']}\");"
                for f in r["fields"]]
    out += ["", "/* Any load or tick record, as it travels. */", "struct pl_line {", "    _Alignas(64) uint8_t bytes[PL_LINE_BYTES];", "};"]
    out += ["", "/* Slots of the account stream: 64-bit words, tag in bits 63:56. */"]
    out += ["static inline uint8_t pl_slot_tag(uint64_t slot)", "{", "    return (uint8_t)(slot >> 56);", "}"]
    for s in contract["slot"]:
        out += gen_c_slot(s)
    out += ["", "/* Registers: byte offsets in the AXI4-Lite window, 32 bits each. */"]
    out += gen_c_registers(contract) + [""] + gen_c_boards(contract)
    return "\n".join(out + ["", "#endif", ""])


def gen_c_registers(contract):
    return [f"#define PL_REG_{r['name']} 0x{r['offset']:03X} /* {r['access']}: {r['doc']} */" for r in contract["register"]]


def gen_c_boards(contract):
    """Names for those who mean one board, a list for those who take any."""
    out = [f"#define PL_REGISTER_BYTES {contract['pci']['register_bytes']} /* The registers are the first of their BAR. */"]
    fields = ("vendor", "device", "register_bar", "window_bar")
    digits = {"vendor": 4, "device": 4, "class": 6}
    for b in contract["board"]:
        out.append(f"/* {b['doc']} */")
        out += [f"#define PL_BOARD_{b['name'].upper()}_{f.upper()} " +
                (f"0x{b[f]:0{digits[f]}X}" if f in digits else str(b[f])) for f in (*fields, "class") if f in b]
    out += ["", "/* PL_BOARDS(X): X(name, vendor, device, register_bar, window_bar) for every board. */"]
    lines = [f"    X(\"{b['name']}\", " + ", ".join(f"PL_BOARD_{b['name'].upper()}_{f.upper()}" for f in fields) + ")" for b in contract["board"]]
    return out + ["#define PL_BOARDS(X) \\"] + [line + " \\" for line in lines[:-1]] + lines[-1:]


def gen_kernel(contract, digest):
    """What the Linux driver needs, without the headers that a kernel does not have."""
    constants, enums = ("MAGIC", "WINDOW_BYTES"), ("CONTROL", "CARD", "IRQ")
    out = [f"/* {NOTICE} */", "#ifndef PLIMSOLL_ABI_H", "#define PLIMSOLL_ABI_H", ""]
    out += [f"#define PL_CONTRACT_VERSION {contract['contract']['version']}", f"#define PL_CONTRACT_HASH 0x{digest:016X}ULL"]
    out += [f"#define PL_{c['name']} {c['value']}{c_comment(c['doc'])}" for c in contract["constant"] if c["name"] in constants]
    for e in contract["enum"]:
        if e["name"] in enums:
            out += ["", f"/* {e['doc']} */"]
            out += [f"#define PL_{e['name']}_{v['name']} {'(1 << %d)' % v['value'] if e.get('bits') else v['value']}{c_comment(v['doc'])}"
                    for v in e["values"]]
            if e["name"] == "IRQ":
                out.append(f"#define PL_IRQ_VECTORS {len(e['values'])} /* one per bit */")
    out += ["", "/* Registers: byte offsets, 32 bits each. */"] + gen_c_registers(contract) + [""] + gen_c_boards(contract)
    return "\n".join(out + ["", "#endif", ""])


def gen_c_slot(slot):
    """A constructor, and a reader per field."""
    name, out = slot["name"], ["", f"/* {slot['doc']} */"]

    def field_type(f):
        return "int64_t" if f.get("signed") else "uint64_t"

    args = ", ".join(f"{field_type(f)} {f['name']}" for f in slot["fields"])
    parts = ["(uint64_t)tag << 56"]
    for f in slot["fields"]:
        msb, lsb = f["bits"]
        mask = f"UINT64_C(0x{(1 << (msb - lsb + 1)) - 1:X})"
        parts.append(f"((uint64_t){f['name']} & {mask}) << {lsb}")
    out += [f"static inline uint64_t pl_slot_{name}(uint8_t tag, {args})", "{", "    return " + " |\n           ".join(parts) + ";", "}"]
    for f in slot["fields"]:
        msb, lsb = f["bits"]
        cast = "(int64_t)" if f.get("signed") else ""
        out += [f"static inline {field_type(f)} pl_slot_{name}_{f['name']}(uint64_t slot)", "{",
                f"    return {cast}(slot << {63 - msb}) >> {63 - msb + lsb};", "}"]
    return out


def sv_width(field):
    bits = SIZES[field["type"]] * 8 * field["count"]
    return f"logic {'signed ' if field['type'] in SIGNED and field['count'] == 1 else ''}[{bits - 1}:0]"


def gen_sv(contract, digest):
    out = [f"// {NOTICE}", "`default_nettype none", "package pl_abi_pkg;"]
    out += [f"  localparam int unsigned PL_CONTRACT_VERSION = {contract['contract']['version']};",
            f"  localparam logic [63:0] PL_CONTRACT_HASH = 64'h{digest:016X};"]
    for c in contract["constant"]:
        out.append(f"  localparam longint unsigned PL_{c['name']} = 64'd{c['value']};  // {c['doc']}")
    for e in contract["enum"]:
        out += ["", f"  // {e['doc']}"]
        for v in e["values"]:
            suffix = "_BIT" if e.get("bits") else ""
            out.append(f"  localparam logic [7:0] PL_{e['name']}_{v['name']}{suffix} = {v['value']};  // {v['doc']}")
    for r in contract["record"]:
        out += ["", f"  // {r['doc']}", "  typedef struct packed {"]
        out += [f"    {sv_width(f)} {f['name']};" for f in reversed(r["fields"])]
        out += [f"  }} pl_{r['name']}_t;", f"  localparam int unsigned PL_{r['name'].upper()}_BITS = {r['size'] * 8};"]
        if r["name"] == "row":  # its columns are named by the 64-bit word they lie in
            out += [f"  localparam int unsigned PL_ROW_WORD_{f['name'].upper()} = {f['offset'] // 8};" for f in r["fields"] if f["offset"] >= 8]
    for s in contract["slot"]:
        out += ["", f"  // Slot {s['name']}: {s['doc']}"]
        for f in s["fields"]:
            msb, lsb = f["bits"]
            name = f"PL_SLOT_{s['name'].upper()}_{f['name'].upper()}"
            out += [f"  localparam int unsigned {name}_MSB = {msb};", f"  localparam int unsigned {name}_LSB = {lsb};"]
    out += ["", "  // Registers"]
    out += [f"  localparam logic [11:0] PL_REG_{r['name']} = 12'h{r['offset']:03X};  // {r['access']}: {r['doc']}" for r in contract["register"]]
    return "\n".join(out + ["endpackage", "`default_nettype wire", ""])


def gen_sv_check(contract):
    """A module whose elaboration fails when a packed struct does not lie as the contract says."""
    out = [f"// {NOTICE}", "// Elaborates only if every record has its size and every field its offset.", "`default_nettype none",
           "module pl_abi_check;"]
    for r in contract["record"]:
        bits, name = r["size"] * 8, r["name"]
        out.append(f"  if ($bits(pl_abi_pkg::pl_{name}_t) != {bits}) begin : g_{name}_size $error(\"size of {name}\"); end")
        for f in r["fields"]:
            width = SIZES[f["type"]] * 8 * f["count"]
            label = f"{name}_{f['name']}"
            out += [f"  function automatic logic [{bits - 1}:0] f_{label}(input logic unused);",
                    f"    pl_abi_pkg::pl_{name}_t v;", f"    v = '0;", f"    v.{f['name']} = {{{width}{{1'b1}}}};",
                    f"    f_{label} = v | {{{bits}{{unused & 1'b0}}}};", "  endfunction",
                    f"  if (f_{label}(1'b0) != ({{{bits}'b0}} | ({bits}'({{{width}{{1'b1}}}}) << {f['offset'] * 8}))) "
                    f"begin : g_{label} $error(\"offset of {name}.{f['name']}\"); end"]
    return "\n".join(out + ["endmodule", "`default_nettype wire", ""])


def gen_docs(contract, digest):
    text = (ROOT / SOURCE).read_text()
    types = re.search(r"^# (Types:.*?)\n\n", text, re.S | re.M).group(1).replace("\n# ", " ")
    out = ["# The contract", "", f"{NOTICE}", "", f"Version {contract['contract']['version']}, hash `{digest:016X}` (layout and arithmetic).",
           "", types, "", "## Constants", "", "| name | value | |", "|---|---|---|"]
    out += [f"| `PL_{c['name']}` | {c['value']} | {c['doc']} |" for c in contract["constant"]]
    out += ["", "## Codes"]
    for e in contract["enum"]:
        out += ["", f"### {e['name']}", "", e["doc"], "", "| name | value | |", "|---|---|---|"]
        out += [f"| `PL_{e['name']}_{v['name']}` | {'bit ' if e.get('bits') else ''}{v['value']} | {v['doc']} |" for v in e["values"]]
    out += ["", "## Records"]
    for r in contract["record"]:
        out += ["", f"### pl_{r['name']} ({r['size']} bytes)", "", r["doc"], "", "| offset | field | type | |", "|---|---|---|---|"]
        out += [f"| {f['offset']} | `{f['name']}` | {f['type']}{'[%d]' % f['count'] if f['count'] > 1 else ''} | {f['doc']} |" for f in r["fields"]]
    out += ["", "## Slots", "", "64-bit words, tag in bits 63:56.", "", "| slot | field | bits | |", "|---|---|---|---|"]
    out += [f"| {s['name']} ({s['doc']}) | `{f['name']}` | {f['bits'][0]}:{f['bits'][1]} | {f['doc']} |" for s in contract["slot"] for f in s["fields"]]
    out += ["", "## Registers", "", "| offset | name | access | |", "|---|---|---|---|"]
    out += [f"| 0x{r['offset']:03X} | `{r['name']}` | {r['access']} | {r['doc']} |" for r in contract["register"]]
    out += ["", "## Boards", "", f"How a card shows itself on PCI; not part of the hash. The registers are the first {contract['pci']['register_bytes']} bytes of their BAR, "
            "the window the first `PL_WINDOW_BYTES` of its own.", "",
            "| board | vendor:device | class | BAR of the registers | BAR of the window | |", "|---|---|---|---|---|---|"]
    out += [f"| {b['name']} | {b['vendor']:04x}:{b['device']:04x} | {'%06x' % b['class'] if 'class' in b else ''} | {b['register_bar']} | {b['window_bar']} | {b['doc']} |"
            for b in contract["board"]]
    return "\n".join(out + [""])


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    contract = load()
    digest = contract_hash(contract)
    outputs = {"host/include/pl_abi.h": gen_c(contract, digest), "hw/pkg/pl_abi_pkg.sv": gen_sv(contract, digest),
               "hw/pkg/pl_abi_check.sv": gen_sv_check(contract), "docs/contract.md": gen_docs(contract, digest),
               "drivers/linux/plimsoll_abi.h": gen_kernel(contract, digest)}
    stale = [name for name, text in outputs.items() if not (ROOT / name).exists() or (ROOT / name).read_text() != text]
    if sys.argv[1:]:
        for name in stale:
            print(f"{name} is stale: run `make gen` and commit it", file=sys.stderr)
        sys.exit(1 if stale else 0)
    for name in stale:
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(outputs[name])


if __name__ == "__main__":
    main()
