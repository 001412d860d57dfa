"""The contract as Python: numbers, codes and layouts, all from hw/abi/contract.toml."""
import importlib.util
import pathlib
import struct
import types

ROOT = pathlib.Path(__file__).resolve().parents[2]


def load_generator():
    spec = importlib.util.spec_from_file_location("gen", ROOT / "hw/abi/gen.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


gen = load_generator()
CONTRACT = gen.load()
HASH = gen.contract_hash(CONTRACT)
VERSION = CONTRACT["contract"]["version"]
FORMATS = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q", "s8": "b", "s16": "h", "s32": "i", "s64": "q", "q40": "q", "ureal": "Q",
           "money": "q"}


class Codes(dict):
    """Names and values; STATUS.OK is STATUS["OK"]."""
    __getattr__ = dict.__getitem__

    def name(self, value):
        return next((n for n, v in self.items() if v == value), str(value))


class Record:
    """A record's layout; fields with a count are tuples."""

    def __init__(self, record):
        self.name, self.bytes, self.fields = record["name"], record["size"], {f["name"]: f for f in record["fields"]}

    def format(self, field):
        return f"<{field['count']}{FORMATS[field['type']]}"

    def change(self, data, **values):
        """The record `data` with some fields changed."""
        out = bytearray(data)
        for name, value in values.items():
            field = self.fields[name]
            struct.pack_into(self.format(field), out, field["offset"], *(value if field["count"] > 1 else (value,)))
        return bytes(out)

    def pack(self, **values):
        return self.change(bytes(self.bytes), **values)

    def read(self, data):
        values = {}
        for name, field in self.fields.items():
            value = struct.unpack_from(self.format(field), data, field["offset"])
            values[name] = value if field["count"] > 1 else value[0]
        return types.SimpleNamespace(**values)


CONSTANT = Codes({c["name"]: c["value"] for c in CONTRACT["constant"]})
REGISTER = Codes({r["name"]: r["offset"] for r in CONTRACT["register"]})
ACCESS = {r["name"]: r["access"] for r in CONTRACT["register"]}
LAYOUT = Codes({r["name"]: Record(r) for r in CONTRACT["record"]})
CODES = {e["name"]: Codes({v["name"]: 1 << v["value"] if e.get("bits") else v["value"] for v in e["values"]}) for e in CONTRACT["enum"]}
CARD, CONTROL, COUNTER, IRQ, KIND, OP, RECORD, STATE, STATUS, TAG = (
    CODES[name] for name in ("CARD", "CONTROL", "COUNTER", "IRQ", "RESULT", "OP", "RECORD", "STATE", "STATUS", "TAG"))

LINE = CONSTANT.LINE_BYTES
SLOT = CONSTANT.SLOT_BYTES
# Stated in words there: bit 31 of a serial is the phase of a ring's entry; in a sweep's line, bits 31:29 are its kind; a slot's tag is
# its top byte.
PHASE = 1 << 31
NUMBER_BITS = 29
TAG_SHIFT = 8 * (SLOT - 1)


def lines(data):
    """Cut into lines."""
    return [data[i:i + LINE] for i in range(0, len(data), LINE)]
