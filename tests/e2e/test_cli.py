#!/usr/bin/python3
"""End to end: every command of the CLI on the tiny book, its formats, exit codes, errors and bytes.

    tests/e2e/test_cli.py [--binary PATH] [--update] [--no-big]

--update writes the goldens (tests/data/golden) again; --no-big leaves out the two large books. The binary may be
named by the variable PLIMSOLL as well; the default is build/bin/plimsoll.
"""
import argparse
import csv
import io
import json
import math
import os
import sys
import tempfile
import time
from fractions import Fraction

sys.dont_write_bytecode = True
import bad_inputs  # noqa: E402
import settlement  # noqa: E402
from harness import MODELS, ROOT, TINY, Harness

SANITIZED = "sanitize" in os.environ.get("PLIMSOLL", "")
FORMATS = ("table", "json", "csv")
COMMANDS = ("check", "eval", "replay", "compare", "backtest", "explain", "devices")
PORTFOLIO, SPAN16, BRACKETED = (f"{MODELS}/{m}.json" for m in ("portfolio", "span16", "bracketed"))
CASES = {  # name: exit status, arguments
    "check": (0, ["check", TINY]),
    "eval": (3, ["eval", TINY]),
    "eval_tick1": (0, ["eval", TINY, "--tick", "1"]),
    "eval_tick2": (3, ["eval", TINY, "--tick", "2"]),
    "eval_with": (3, ["eval", TINY, "--with", "tests/e2e/trades.csv"]),
    "eval_span16": (3, ["eval", TINY, "--model", SPAN16]),
    "eval_small": (3, ["eval", TINY, "--model", SPAN16, "--device", "model:profile=small"]),
    "replay": (3, ["replay", TINY]),
    "compare": (0, ["compare", TINY, PORTFOLIO, SPAN16]),
    "compare_tick2": (0, ["compare", TINY, PORTFOLIO, BRACKETED, "--tick", "2"]),
    "backtest": (0, ["backtest", TINY, "--model", PORTFOLIO, "--model", BRACKETED]),
    "devices": (0, ["devices"]),
}


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def load(t, *arguments, status=None):
    done = t.run(*arguments, "--format", "json")
    if status is not None:
        t.equal(f"{arguments}: exit", done.returncode, status)
    return json.loads(done.stdout)


def test_goldens(t):
    for name, (status, arguments) in CASES.items():
        for form in FORMATS:
            text = t.expect(status, *arguments, "--format", form)
            t.golden(f"{name}.{'txt' if form == 'table' else form}", text)
            t.equal(f"{name} {form}: the same bytes again", t.run(*arguments, "--format", form).stdout, text)
            if form == "json":
                t.check(f"{name}: JSON is an object", isinstance(json.loads(text), dict))
            if form == "csv":
                lines = list(csv.reader(io.StringIO(text)))
                t.check(f"{name}: CSV rows have one width", len({len(line) for line in lines}) == 1)
        t.equal(f"{name}: table is the default", t.run(*arguments).stdout,
                t.run(*arguments, "--format", "table").stdout)
    t.golden("replay_crossings.csv", t.expect(3, "replay", TINY, "--format", "csv", "--rows", "crossings"))


def test_help(t):
    text = t.expect(0, "--help")
    for command in COMMANDS:
        t.check(f"--help names {command}", f"\n  {command} " in text)
        own = t.expect(0, command, "--help")
        t.check(f"{command} --help: usage and exit status",
                f"usage: plimsoll {command}" in own and "exit status: 0" in own)
        t.check(f"{command} --help: fits a terminal", max(map(len, own.splitlines())) <= 120)
    version = t.expect(0, "--version")
    t.check("--version names contract and hash", version.startswith("plimsoll, contract 1, hash "))
    t.equal("help is --help", t.expect(0, "help"), text)
    page = (ROOT / "docs/man/plimsoll.1").read_text()
    completion = (ROOT / "host/cli/plimsoll.bash").read_text()
    for word in ["format", "rows", "tick", "with", "model", "device", "report", "account", "help", "version"]:
        t.check(f"man page has --{word}", f"\\-\\-{word}" in page)
        t.check(f"completion has --{word}", f"--{word}" in completion)
    for command in COMMANDS:
        t.check(f"man page and completion have {command}", f".B {command}" in page and command in completion)


def test_exit_codes(t):
    t.expect(0, "eval", TINY, "--tick", "1")  # nothing to act on
    t.expect(3, "eval", TINY, "--tick", "2")
    indeterminate = {a["account"] for a in load(t, "eval", TINY, "--tick", 2)["accounts"]
                     if a["state"] == "indeterminate"}
    t.equal("who is indeterminate in the crash", indeterminate, {"MAKER", "HEDGED", "CROSS", "CROSS/1"})
    for account, tick, status in (("MAKER", 2, 4), ("COVERED", 2, 3), ("COVERED", 3, 0), ("CROSS/1", 3, 3)):
        t.expect(status, "explain", TINY, "--account", account, "--tick", tick)


def floor2(text):
    return math.floor(Fraction(text) * 100)


def test_formats_agree(t):
    table = t.run("eval", TINY).stdout.split("\naccount ")[1].splitlines()[1:]
    lists = rows_of(t.run("eval", TINY, "--format", "csv").stdout)
    objects = load(t, "eval", TINY)["accounts"]
    t.equal("as many rows in each format", len(table), len(objects))
    for line, row, item in zip(table, lists, objects):
        t.check(f"{row['account']}: CSV and JSON agree",
                all(row[key] == (" ".join(v) if isinstance(v, list) else v or "") for key, v in item.items()))
        shown = [w for w in line.split() if "." in w and w.replace(".", "").replace("-", "").isdigit()]
        for text, key in zip(shown, ("equity", "maintenance_excess", "initial_excess", "worst_loss")):
            t.equal(f"{row['account']} {key}: table rounds down", round(Fraction(text) * 100), floor2(row[key]))
        t.check(f"{row['account']}: eight digits", len(row["equity"].split(".")[1]) == 8)


def requirement(item, which):
    return Fraction(item["equity"]) - Fraction(item[f"{which}_excess"])


def test_replay_is_eval_by_tick(t):
    replay = load(t, "replay", TINY, status=3)
    first = {}
    for tick in replay["ticks"]:
        one = load(t, "eval", TINY, "--tick", tick["tick"])
        t.equal(f"tick {tick['tick']}: time", one["time"], tick["time"])
        for state in one["states"]:
            t.equal(f"tick {tick['tick']}: {state['state']}", tick[state["state"]], state["accounts"])
        for item in one["accounts"]:
            if item["state"] in ("liquidate", "bankrupt"):
                first.setdefault(item["account"], (tick["tick"], item["maintenance_excess"]))
    crossings = {c["account"]: (c["tick"], c["maintenance_excess"]) for c in replay["crossings"]}
    t.equal("who crossed the line, when, by how much", crossings, first)
    t.equal("number of crossings", replay["crossed"], len(first))
    csv_ticks = rows_of(t.run("replay", TINY, "--format", "csv").stdout)
    t.equal("CSV has the ticks", [r["tick"] for r in csv_ticks], [str(r["tick"]) for r in replay["ticks"]])


def test_compare_adds_up(t):
    got = load(t, "compare", TINY, PORTFOLIO, BRACKETED, "--tick", 1)
    sides = [load(t, "eval", TINY, "--tick", 1, "--model", m)["accounts"] for m in (PORTFOLIO, BRACKETED)]
    for model, side in zip(got["models"], sides):
        for which in ("maintenance", "initial"):
            t.equal(f"{model['model']}: {which} total", Fraction(model[which]),
                    sum(requirement(a, which) for a in side))
    changes = sorted(requirement(b, "maintenance") - requirement(a, "maintenance") for a, b in zip(*sides))
    row = got["change"][0]
    t.equal("least and most change", (Fraction(row["least"]), Fraction(row["most"])), (changes[0], changes[-1]))
    t.equal("median change", Fraction(row["median"]), changes[(len(changes) + 1) // 2 - 1])
    t.equal("lower, equal, higher", (row["lower"], row["equal"], row["higher"]),
            (sum(c < 0 for c in changes), sum(c == 0 for c in changes), sum(c > 0 for c in changes)))
    t.equal("a model against itself", load(t, "compare", TINY, SPAN16, SPAN16)["changed"], 0)


def test_backtest_counts(t):
    book = "tests/data/books/feb2026"
    got = load(t, "backtest", book)["models"][0]
    ticks = [load(t, "eval", book, "--tick", n)["accounts"] for n in range(1, 17)]
    seen = breaches = skipped = 0
    for now, after in zip(ticks, ticks[1:]):
        for a, b in zip(now, after):
            if "indeterminate" in (a["state"], b["state"]):
                skipped += 1
                continue
            seen += 1
            breaches += Fraction(a["equity"]) - Fraction(b["equity"]) > requirement(a, "maintenance")
    t.check("some accounts hold nothing after their expiry", got["observations"] <= seen)
    t.equal("breaches", got["breaches"], breaches)
    t.equal("skipped", got["skipped"], skipped)
    t.equal("expected", got["breaches_expected"], f"{got['observations'] / 100:.2f}")


def test_trades(t):
    got = load(t, "eval", TINY, "--with", "tests/e2e/trades.csv", status=3)
    before = {a["account"]: a for a in load(t, "eval", TINY)["accounts"]}
    changes = {c["account"]: c for c in got["changes"]}
    t.equal("only traders change", set(changes), {"MAKER", "COVERED"})
    for name, c in changes.items():
        for key in ("equity", "maintenance_excess", "initial_excess"):
            t.equal(f"{name}: {key} before", c[f"{key}_before"], before[name][key])
    # 1000 inverse contracts of 10 dollars from 64000, marked at 64390.5, coin at 64400: within the coin's 1e-9
    gain = Fraction(10000) * (1 / Fraction(64000) - 1 / Fraction("64390.5")) * 64400
    change = Fraction(changes["MAKER"]["equity_after"]) - Fraction(changes["MAKER"]["equity_before"])
    t.check("an inverse trade's P&L", abs(change - gain) < Fraction("0.001"), f"{float(change)} {float(gain)}")
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as nothing:
        nothing.write("account,symbol,quantity,price\nMAKER,BTC,1,64400\nMAKER,BTC,-1,64400\n")
        nothing.flush()
        done = load(t, "eval", TINY, "--with", nothing.name)
    t.equal("a trade and its reverse change nothing", done["changes"], [])


def test_big_books(t):
    for book, ticks in (("feb2026", 16), ("may2021", 2881)):
        start = time.monotonic()
        got = load(t, "replay", f"tests/data/books/{book}", status=3)
        taken = time.monotonic() - start
        most = 300 if SANITIZED else 60
        t.check(f"{book}: replay takes less than {most} s", taken < most, f"{taken:.1f} s")
        t.equal(f"{book}: ticks", (got["tick_count"], len(got["ticks"])), (ticks, ticks))
        t.check(f"{book}: many crossed the line", got["crossed"] > 100, got["crossed"])
        last = load(t, "eval", f"tests/data/books/{book}")
        t.equal(f"{book}: the last tick", {s["state"]: s["accounts"] for s in last["states"]},
                {s["state"]: got["ticks"][-1][s["state"]] for s in last["states"]})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=os.environ.get("PLIMSOLL", ROOT / "build" / "bin" / "plimsoll"))
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--no-big", action="store_true")
    options = parser.parse_args()
    t = Harness(options.binary, options.update)
    tests = [test_goldens, test_help, test_exit_codes, test_formats_agree, test_replay_is_eval_by_tick,
             test_compare_adds_up, test_trades, bad_inputs.test, settlement.test]
    if not options.no_big:
        tests += [test_backtest_counts, test_big_books]
    for test in tests:
        test(t)
    if options.no_big:
        print("skipped: test_backtest_counts, test_big_books (--no-big)")
    print(f"{t.passed} passed, {t.failed} failed")
    return 1 if t.failed else 0


if __name__ == "__main__":
    sys.exit(main())
