"""Value and Greeks of options from a device, by the helper quote_rows (tests/oracle/quote_rows.c).

The helper is build/bin/quote_rows, or the program that PLIMSOLL_QUOTE_ROWS names.
"""
import os
import re
import subprocess
from dataclasses import dataclass

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
GREEKS = ("delta", "gamma", "vega", "theta", "theta_decay", "rho")
UNPRICED, STALE, DOMAIN, SATURATED, OVERFLOW, ROW_GREEKS = (1 << i for i in range(6))


class Failure(Exception):
    """A bad file, row or helper: its text is for the user."""


@dataclass(frozen=True)
class Quote:
    flags: int
    value: float
    greeks: dict

    @classmethod
    def parse(cls, line):
        flags, value, *greeks = line.split()
        # A Greek that does not fit its row column is flagged there; the quote holds all the same.
        return cls(int(flags) & ~ROW_GREEKS, float.fromhex(value),
                   dict(zip(GREEKS, map(float.fromhex, greeks), strict=True)))


def _run(device, text, sources):
    helper = os.environ.get("PLIMSOLL_QUOTE_ROWS", os.path.join(ROOT, "build", "bin", "quote_rows"))
    try:
        done = subprocess.run([helper, "--device", device], input=text, capture_output=True, text=True)
    except OSError as error:
        raise Failure("cannot run %s (%s): run `make build`, or set PLIMSOLL_QUOTE_ROWS"
                      % (helper, error.strerror)) from error
    if done.returncode != 0:
        named = re.sub(r"\bline (\d+)", lambda m: sources.get(int(m[1]), m[0]), done.stderr.strip())
        raise Failure("%s gives no quotes: %s" % (device, named or "exit status %d" % done.returncode))
    profile, *lines = done.stdout.splitlines()
    return profile.removeprefix("profile "), lines


def profile_of(device):
    """full or small."""
    return _run(device, "", {})[0]


def quote(device, rows, sources=()):
    """Quotes of rows of text (see quote_rows.c); sources name the rows in errors."""
    lines = _run(device, "".join(row + "\n" for row in rows), dict(enumerate(sources, 1)))[1]
    if len(lines) != len(rows):
        raise Failure("the helper answered %d of %d rows" % (len(lines), len(rows)))
    return [Quote.parse(line) for line in lines]
