#!/usr/bin/python3
"""End to end: every command of the CLI on the tiny book, its formats, exit codes, errors and bytes.

    tests/e2e/test_cli.py [--binary PATH] [--update] [--no-big]

--update writes the goldens (tests/data/golden) again; --no-big leaves out the two large books. The binary may be
named by the variable PLIMSOLL as well; the default is build/bin/plimsoll.
"""
import argparse
import collections
import csv
import fcntl
import html.parser
import io
import json
import math
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from fractions import Fraction

sys.dont_write_bytecode = True
import bad_inputs  # noqa: E402
import cards  # noqa: E402
import settlement  # noqa: E402
from harness import MODELS, ROOT, TINY, Harness

SANITIZED = "sanitize" in os.environ.get("PLIMSOLL", "")
FORMATS = ("table", "json", "csv")
COMMANDS = ("check", "eval", "replay", "compare", "backtest", "explain", "distance", "simulate", "watch", "devices", "journal show", "journal verify", "journal replay")
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
    "replay_budget": (3, ["replay", TINY, "--budget"]),
    "compare": (0, ["compare", TINY, PORTFOLIO, SPAN16]),
    "compare_tick2": (0, ["compare", TINY, PORTFOLIO, BRACKETED, "--tick", "2"]),
    "backtest": (0, ["backtest", TINY, "--model", PORTFOLIO, "--model", BRACKETED]),
    "distance": (0, ["distance", TINY, "--account", "COVERED", "--tick", "1", "--beta", "0.5"]),
    "distance_tick2": (3, ["distance", TINY, "--account", "COVERED", "--tick", "2", "--hours", "6"]),
    "simulate": (3, ["simulate", TINY, "--compare", "market"]),
    "simulate_half": (3, ["simulate", TINY, "--policy", "half", "--no-breakers", "--fund", "0", "--impact", "20"]),
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
            any_set = re.sub(r"this processor, \w+,", "this processor, plain,", text)
            t.golden(f"{name}.{'txt' if form == 'table' else form}", any_set)
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
        own = t.expect(0, *command.split(), "--help")
        t.check(f"{command} --help: usage and exit status",
                f"usage: plimsoll {command}" in own and "exit status: 0" in own)
        t.check(f"{command} --help: fits a terminal", max(map(len, own.splitlines())) <= 120)
    version = t.expect(0, "--version")
    t.check("--version names contract and hash", version.startswith("plimsoll, contract 1, hash "))
    t.equal("help is --help", t.expect(0, "help"), text)
    page = (ROOT / "docs/man/plimsoll.1").read_text()
    completion = (ROOT / "host/cli/plimsoll.bash").read_text()
    for word in ["format", "rows", "budget", "tick", "with", "model", "device", "report", "account", "accounts", "every",
                 "by", "from", "beta", "hours", "ticks", "pause", "plain", "policy", "compare", "spread", "impact",
                 "volume", "fund", "no-breakers", "rules", "journal", "head", "kind", "since", "until", "help", "version"]:
        t.check(f"man page has --{word}", "\\-\\-" + word.replace("-", "\\-") in page)
        t.check(f"completion has --{word}", f"--{word}" in completion)
    for command in COMMANDS:
        t.check(f"man page and completion have {command}", f".B {command}" in page and command.split()[-1] in completion)


class Page(html.parser.HTMLParser):
    """Tags that are not closed in their order, and the text below each heading."""

    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.ids, self.classes = [], [], [], collections.Counter()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.classes.update(attributes.get("class", "").split())
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.classes.update(dict(attributes).get("class", "").split())

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append((tag, self.getpos()))


def test_simulate_report(t, book):
    """Two policies on one page: every section, and the figures of the output."""
    sections = ["headline", "prices", "breakers", "liquidated", "cascades", "fund", "deleveraging", "auctions", "calls", "expiries"]
    runs = (["--compare", "market"], ["--compare", "half", "--fund", "0", "--no-breakers", "--impact", "60"])
    for number, options in enumerate(runs):
        with tempfile.TemporaryDirectory() as folder:
            result = load(t, "simulate", book, *options, "--report", folder + "/page", status=3)
            text = pathlib.Path(folder, "page", "index.html").read_text()
        page = Page()
        page.feed(text)
        t.equal(f"report {number}: sections", page.ids, sections)
        t.equal(f"report {number}: well-formed", (page.wrong, page.open), ([], []))
        t.check(f"report {number}: nothing from elsewhere", not any(w in text for w in ("<script", "http:", "https:", "url(", "src=")))
        for policy in result["policies"]:
            for figure in ("liquidated", "cost", "fund_least", "fund_paid", "largest_cascade"):
                value = f'{Fraction(policy[figure]).__floor__():,}.{policy[figure].split(".")[1]}'
                t.check(f"report {number}: {policy['policy']}: {figure}", f'title="{value} ' in text, value)
        events = sum(int(policy["bought"]) + int(policy["deleveraged_accounts"]) > 0 for policy in result["policies"])
        t.check(f"report {number}: dots", (page.classes["dot"] > 0) == (events > 0), page.classes["dot"])
        t.check(f"report {number}: bands", (page.classes["halted"] > 0) == (number == 0))
        t.equal(f"report {number}: deleveraging is told", "Nobody was deleveraged" in text,
                all(policy["deleveraged"] == "0.00000000" for policy in result["policies"]))


def test_closing_prices(t):
    """The liquidation price of an account's only position is where the model itself finds the breach, but for its bracket, which may be another there."""
    for account in ("ISO-0428", "ISO-0100", "ISO-0200"):
        said = load(t, "distance", "tests/data/books/may2021", "--account", account, "--tick", "1", status=0)
        position, moved = said["positions"][0], said["distances"][0]
        way = 1 if position["side"] == "short" else -1
        breach = float(position["mark"]) * (1 + way * float(moved["rise_percent" if way > 0 else "fall_percent"]) / 100)
        t.check(f"{account}: liquidation price", abs(float(position["liquidation_price"]) / breach - 1) < 2e-4, f"{position} {breach}")
        t.check(f"{account}: bankrupt later", way * (float(position["bankruptcy_price"]) - float(position["liquidation_price"])) > 0, str(position))


def test_simulate_shortfall(t):
    """19 May 2021 (that day alone) and February 2026 without a fund: what accounts owe beyond their assets is deleveraged or booked, and the default has less of it."""
    income = '{"market": {"fund": 0}, "liquidation": {"penalty": 0}}'
    parts = ("fund_paid", "deleveraged", "bad_debt", "missing")
    if SANITIZED:  # 10 s of a processor without; test_simulate plays the same code
        return
    for name in ("feb2026", "may2021"):
        with tempfile.TemporaryDirectory() as folder:
            book = pathlib.Path(folder) / "books" / name
            shutil.copytree(ROOT / "tests/data/books" / name, book)
            shutil.copytree(ROOT / MODELS, pathlib.Path(folder) / "models")
            (book / "venue.json").write_text(income)
            if name == "may2021":
                packed = book / "ticks.csv.zst"
                head, *ticks = subprocess.run(["zstd", "-dc", packed], capture_output=True, check=True, text=True).stdout.splitlines(True)
                packed.unlink()
                (book / "ticks.csv").write_text(head + "".join(tick for tick in ticks if tick.startswith("2021-05-19")))
            runs = load(t, "simulate", book, "--compare", "market", status=3)["policies"]
            runs += load(t, "simulate", book, "--policy", "half", status=3)["policies"]
            if name == "feb2026":
                (book / "venue.json").write_text('{"auctions": false}')
                closed = load(t, "simulate", book, status=3)["policies"][0]
                t.equal("without auctions everything is closed at market", (closed["auctions"], closed["auctioned"], closed["missing"]), (0, "0.00000000", "0.00000000"))
        default, *others = ({figure: Fraction(run[figure]) for figure in (*parts, "shortfall", "liquidated", "repaid", "socialised", "debt_left")} for run in runs)
        for run in (default, *others):
            t.equal(f"{name}: the shortfall is its parts", run["shortfall"], sum(run[part] for part in parts))
            t.equal(f"{name}: bad debt is paid off, borne or stands", run["bad_debt"], run["repaid"] + run["socialised"] + run["debt_left"])
            t.equal(f"{name}: no fund pays", run["fund_paid"], 0)
        for other in others:
            for figure in ("liquidated", "shortfall", "bad_debt"):
                t.check(f"{name}: less {figure}", default[figure] < other[figure], f"{float(default[figure])}, {float(other[figure])}")


def test_simulate_parameters(t):
    """Where widths and haircuts follow volatility, the page has a section of them, every change in it."""
    with tempfile.TemporaryDirectory() as folder:
        book = pathlib.Path(folder) / "books" / "feb2026"
        shutil.copytree(ROOT / "tests/data/books/feb2026", book)
        shutil.copytree(ROOT / MODELS, pathlib.Path(folder) / "models")
        (book / "venue.json").write_text('{"volatility": {"follow": true}}')
        load(t, "simulate", book, "--report", folder + "/page", status=3)
        text = pathlib.Path(folder, "page", "index.html").read_text()
    page = Page()
    page.feed(text)
    t.check("parameters: a section", "parameters" in page.ids, page.ids)
    t.equal("parameters: well-formed", (page.wrong, page.open), ([], []))
    section = text[text.index('id="parameters"'):text.index('id="liquidated"')]
    t.equal("parameters: every change", f'{section.count("<td>width</td>") + section.count("<td>haircut</td>") - 4} changes' in section, True)


def test_simulate(t):
    """Minimal parts and auctions liquidate less and lose less than closing at market, on the same book and market."""
    book = "tests/data/books/feb2026"
    runs = {}
    for other in ("market", "half"):
        result = load(t, "simulate", book, "--compare", other, status=3)
        for policy in result["policies"]:
            again = runs.setdefault(policy["policy"], policy)
            t.equal(f"simulate: {policy['policy']} again", policy, again)
    for other in ("market", "half"):
        for figure in ("liquidated", "shortfall", "cost"):
            t.check(f"simulate: less {figure} than {other}",
                    Fraction(runs["default"][figure]) < Fraction(runs[other][figure]))
    test_simulate_report(t, book)
    t.equal("simulate: the same on cpu:", load(t, "simulate", book, "--device", "cpu:")["policies"], [runs["default"]])


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


STATES = ("healthy", "margin_call", "indeterminate", "liquidate", "bankrupt")


def check_budget(t, book, all_judged):
    """The same states at every tick, the same crossings; fewer verdicts."""
    got = load(t, "replay", book, "--budget", status=3)
    for columns, key in ((("tick", *STATES, "new", "first"), "ticks"),
                         (("account", "tick", "state", "maintenance_excess", "scenario", "ticks_below"), "crossings")):
        wanted, found = ([tuple(row[c] for c in columns) for row in replay[key]] for replay in (all_judged, got))
        t.equal(f"{book} --budget: the same {key}", found, wanted)
    t.equal(f"{book} --budget: judged in all", sum(tick["judged"] for tick in got["ticks"]), got["judged"])
    t.equal(f"{book} --budget: verdicts", got["verdicts"], got["tick_count"] * got["account_count"])
    return got


def test_budget(t):
    check_budget(t, TINY, load(t, "replay", TINY, status=3))
    t.refused(2, ["--budget and --report cannot be combined"], "replay", TINY, "--budget", "--report", "/tmp/none")
    t.refused(2, ["--budget does not apply to eval"], "eval", TINY, "--budget")


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
        budget = check_budget(t, f"tests/data/books/{book}", got)
        if book == "may2021":
            t.check("may2021 --budget: hardly anybody is judged", budget["judged"] < budget["verdicts"] // 100, budget["judged"])
        last = load(t, "eval", f"tests/data/books/{book}")
        t.equal(f"{book}: the last tick", {s["state"]: s["accounts"] for s in last["states"]},
                {s["state"]: got["ticks"][-1][s["state"]] for s in last["states"]})


def blocks_of(text):
    """Plain output of watch: per tick its title and rows, cells by column."""
    found = []
    for line in text.splitlines():
        cells = re.split(r" {2,}", line.strip())
        if line.startswith("tick "):
            found.append((line, []))
        elif found and cells[0] == "account":
            keys = cells
        elif found and len(cells) > 1:
            found[-1][1].append(dict(zip(keys, cells)))
    return found


def nearest(accounts, count):
    """The names that a sweep must choose: by maintenance excess / requirement, the indeterminate ones last."""
    def key(numbered):
        number, a = numbered
        need = requirement(a, "maintenance")
        out = a["state"] == "indeterminate"
        return (out, 0 if out else Fraction(a["maintenance_excess"]) / max(need, Fraction(1, 10**8)), number)
    return [a["account"] for _, a in sorted(enumerate(accounts), key=key)[:count]]


def check_watch(t, book, ticks, count, every):
    """Each row is the account of eval at that tick, what was is what the tick before had, the nearest are chosen."""
    text = t.run("watch", book, "--accounts", count, "--every", every, "--ticks", ticks).stdout
    blocks = blocks_of(text)
    t.equal(f"watch {book}: ticks", len(blocks), ticks)
    before, chosen = {}, []
    for number, (title, rows) in enumerate(blocks, 1):
        accounts = load(t, "eval", book, "--tick", number)["accounts"]
        now = {a["account"]: a for a in accounts}
        if (number - 1) % every == 0:
            chosen = nearest(accounts, count)
        t.check(f"{title} says when it was chosen", ("chosen now" in title) == ((number - 1) % every == 0))
        t.equal(f"{title} the accounts", {row["account"] for row in rows}, set(chosen))
        t.equal(f"{title} nearest first", [row["account"] for row in rows],
                [name for name in nearest(accounts, len(accounts)) if name in chosen])
        wrong = []
        for row in rows:
            a, old = now[row["account"]], before.get(row["account"])
            need = requirement(a, "maintenance")
            ratio = Fraction(a["maintenance_excess"]) / need if need else 0
            wanted = {
                "state": a["state"].replace("_", " "),
                "was": "-" if number == 1 else "new here" if old is None else
                       "-" if old["state"] == a["state"] else old["state"].replace("_", " "),
                "worst scenario": a["worst_scenario"] or "-",
                "distance %": "-" if a["state"] == "indeterminate" or need <= 0 else math.floor(ratio * 10**4),
                "maintenance excess": floor2(a["maintenance_excess"]), "equity": floor2(a["equity"]),
                "change": "-" if old is None else
                          math.floor((Fraction(a["maintenance_excess"]) - Fraction(old["maintenance_excess"])) * 100),
            }
            for key, value in wanted.items():
                got = row[key] if isinstance(value, str) else round(Fraction(row[key]) * 100)
                if got != value:
                    wrong.append((row["account"], key, row[key], value))
        t.check(f"{title} rows are those of eval", wrong == [], wrong[:3])
        before = {row["account"]: now[row["account"]] for row in rows}


def test_watch(t):
    text = t.expect(3, "watch", TINY)
    t.golden("watch.txt", text)
    t.equal("watch: --plain is what a pipe gets", t.run("watch", TINY, "--plain").stdout, text)
    t.golden("watch_named.txt", t.expect(3, "watch", TINY, "--account", "MAKER", "--account", "CROSS/1"))
    t.golden("watch_room.txt", t.expect(3, "watch", TINY, "--by", "room"))
    t.equal("watch --by distance is the default", t.run("watch", TINY, "--by", "distance").stdout, text)
    t.golden("watch_small.txt", t.expect(3, "watch", TINY, "--model", SPAN16, "--device", "model:profile=small",
                                         "--accounts", "3", "--every", "1"))
    for accounts, every in ((1, 1), (3, 2), (6, 1), (1024, 16)):
        check_watch(t, TINY, 3, accounts, every)
    check_watch(t, "tests/data/books/feb2026", 3, 40, 1)
    for status, *arguments in ((0, "--ticks", "1"), (4, "--account", "MAKER"), (0, "--account", "MAKER", "--from", "3"),
                               (3, "--account", "COVERED", "--from", "2", "--ticks", "1")):
        t.expect(status, "watch", TINY, *arguments)
    one = blocks_of(t.run("watch", TINY, "--from", "3").stdout)
    t.check("watch --from: starts there", len(one) == 1 and one[0][0].startswith("tick 3 of 3"))
    start = time.monotonic()
    t.run("watch", TINY, "--pause", "200")
    t.check("watch --pause waits between ticks", time.monotonic() - start > 0.4)


def test_watch_book(t):
    """Settlements on the way, which change positions and units."""
    check_watch(t, "tests/data/books/feb2026", 16, 60, 5)
    check_watch(t, "tests/data/books/feb2026", 3, 1024, 2)


def test_watch_refusals(t):
    for status, words, *arguments in (
        (1, ["no account \"NOBODY\"", "accounts.csv"], TINY, "--account", "MAKER", "--account", "NOBODY"),
        (1, ["--account MAKER: given more than once"], TINY, "--account", "MAKER", "--account", "MAKER"),
        (1, ["no/such/book", "No such file"], "no/such/book"),
        (1, ["--from 4", "ticks 1 to 3"], TINY, "--from", "4"),
        (10, ["no device \"warp:\""], TINY, "--device", "warp:"),
        (2, ["--accounts 0", "from 1 to 1024"], TINY, "--accounts", "0"),
        (2, ["--accounts 1025", "from 1 to 1024"], TINY, "--accounts", "1025"),
        (2, ["--accounts -1"], TINY, "--accounts", "-1"),
        (2, ["--accounts 2x"], TINY, "--accounts", "2x"),
        (2, ["--ticks 0", "from 1"], TINY, "--ticks", "0"),
        (2, ["--from 0", "from 1"], TINY, "--from", "0"),
        (2, ["--every -1", "from 0"], TINY, "--every", "-1"),
        (2, ["--by risk", "distance or room"], TINY, "--by", "risk"),
        (2, ["--pause 60001", "from 0 to 60000"], TINY, "--pause", "60001"),
        (2, ["--account and --accounts cannot be combined"], TINY, "--account", "MAKER", "--accounts", "3"),
        (2, ["--account and --every cannot be combined"], TINY, "--account", "MAKER", "--every", "3"),
        (2, ["--format does not apply to watch"], TINY, "--format", "json"),
        (2, ["watch takes 1 argument"],),
    ):
        t.refused(status, words, "watch", *arguments)
    t.refused(2, ["--plain does not apply to replay"], "replay", TINY, "--plain")
    with open("/dev/full", "w") as full:
        done = t.run("watch", TINY, stdout=full)
    t.check("watch on a full disk says so", done.returncode == 1 and "No space left" in done.stderr, done.stderr)
    reader, writer = os.pipe()
    os.close(reader)
    done = t.run("watch", TINY, stdout=writer)
    os.close(writer)
    t.check("watch into a closed pipe says so", done.returncode == 1 and "Broken pipe" in done.stderr, done.stderr)


def on_terminal(t, *arguments, size=(24, 80), interrupt=None, **environment):
    """Runs watch on a terminal of its own; SIGINT after `interrupt` frames. Returns its bytes and exit status."""
    pid, terminal = pty.fork()
    if pid == 0:
        try:
            fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
            os.chdir(ROOT)
            os.environ.pop("NO_COLOR", None)
            os.environ.update({"TERM": "xterm", **environment})
            os.execv(t.binary, [t.binary, "watch", *arguments])
        finally:
            os._exit(127)
    seen, deadline = b"", time.monotonic() + 120
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # Linux: the other side is closed
            break
        if not piece:
            break
        seen += piece
        if interrupt is not None and seen.count(b"\x1b[?25h") >= interrupt:
            os.kill(pid, signal.SIGINT)
            interrupt = None
    else:
        os.kill(pid, signal.SIGKILL)
    os.close(terminal)
    return seen.decode().replace("\r\n", "\n"), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def frames_of(t, text, size):
    """What each frame leaves on the screen; checks that it is one, within the window, and hides nothing for good."""
    frames = text.split("\x1b[?25l")
    t.check("what was on the screen scrolls away", frames[0] == "\n" * size[0])
    for frame in frames[1:]:
        lines = frame.split("\n")
        t.check("a frame starts at home", lines[0].startswith("\x1b[?7l\x1b[H"))
        t.check("its lines are cleared to their ends", all(line.endswith("\x1b[K") for line in lines[:-1]))
        t.equal("it clears what is below and shows the cursor", lines[-1], "\x1b[J\x1b[?7h\x1b[?25h")
        t.check("it fits the window's height", len(lines) <= size[0], len(lines))
        plain = [re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", line) for line in lines]
        t.check("it fits the window's width", max(map(len, plain)) <= size[1])
        yield plain


def test_watch_terminal(t):
    size = (24, 160)
    text, status = on_terminal(t, TINY, "--pause", "0", size=size)
    frames = list(frames_of(t, text, size))
    t.equal("a terminal: exit and frames", (status, len(frames)), (3, 3))
    lines = [block for _, block in blocks_of("\n".join(frames[-1]))][0]
    t.equal("a terminal shows what a pipe gets", lines, blocks_of(t.run("watch", TINY).stdout)[-1][1])
    t.check("what changed is reversed, what is below its line is red", "\x1b[7;31mCOVERED " in text)
    size = (9, 60)
    text, status = on_terminal(t, TINY, "--pause", "0", size=size, NO_COLOR="1")
    frames = list(frames_of(t, text, size))
    t.check("NO_COLOR: no colours", not re.search(r"\x1b\[[0-9;]*m", text))
    t.check("a small window: the nearest, and how many more", "... 3 more, further from the line" in frames[-1], frames[-1])
    text, status = on_terminal(t, TINY, TERM="dumb")
    t.check("a dumb terminal gets lines", "\x1b" not in text and text == t.run("watch", TINY).stdout)
    for count in (1, 2):
        start = time.monotonic()
        text, status = on_terminal(t, TINY, "--pause", "60000" if count == 1 else "1000", interrupt=count)
        frames = list(frames_of(t, text.replace("^C", ""), (24, 80)))
        t.equal(f"SIGINT after frame {count}: exit, frames", (status, len(frames)), ((0, 3)[count - 1], count))
        t.check("SIGINT ends at once", time.monotonic() - start < 30)
        t.check("the last table stays, with the cursor below it", text.endswith("\x1b[?25h"), text[-80:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=os.environ.get("PLIMSOLL", ROOT / "build" / "bin" / "plimsoll"))
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--no-big", action="store_true")
    options = parser.parse_args()
    t = Harness(options.binary, options.update)
    tests = [test_goldens, test_help, test_exit_codes, test_formats_agree, test_replay_is_eval_by_tick, test_budget,
             test_compare_adds_up, test_trades, bad_inputs.test, settlement.test, cards.test,
             test_watch, test_watch_refusals, test_watch_terminal]
    if not options.no_big:
        tests += [test_backtest_counts, test_big_books, test_watch_book, test_closing_prices, test_simulate, test_simulate_parameters, test_simulate_shortfall]
    with tempfile.TemporaryDirectory() as root:  # this machine's own cards are no business of the goldens
        cards.make(root + "/pci")
        os.environ["PLIMSOLL_SYSFS_PCI"] = root + "/pci"
        os.environ["OCL_ICD_VENDORS"] = root + "/none"  # no OpenCL, whatever the machine has
        for test in tests:
            test(t)
    if options.no_big:
        print("skipped: test_backtest_counts, test_big_books, test_watch_book, test_closing_prices, test_simulate, test_simulate_parameters, test_simulate_shortfall (--no-big)")
    print(f"{t.passed} passed, {t.failed} failed")
    return 1 if t.failed else 0


if __name__ == "__main__":
    sys.exit(main())
