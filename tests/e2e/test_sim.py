#!/usr/bin/python3
"""End to end on the simulated card: the shipped books through the RTL give the bytes of model:.

    tests/e2e/test_sim.py [--binary PATH] [--device URI] [--whole]

Without --whole: the tiny book with every command, and some ticks of the large books. --whole: every tick of both.
Links and seeds vary; the seed of the card is printed with what fails (PL_SEED reruns it).
"""
import argparse
import json
import os
import random
import re
import sys

sys.dont_write_bytecode = True
from harness import MODELS, ROOT, TINY, Harness  # noqa: E402

BOOKS = "tests/data/books"
TICKS = {"feb2026": (3,), "may2021": (20, 60)}  # a tick costs those before it as well
LINKS = ("gen=4,width=16", "gen=3,width=16", "gen=3,width=8,rtt_ns=550", "gen=5,width=16,rtt_ns=1200,tags=32,stall=0")
SLOW_LINK = "gen=1,width=1,stall=30,mps=128,mrrs=128"


def device(t, options=""):
    link = t.random.choice(LINKS)
    return f"{t.uri}{'' if t.uri.endswith(':') else ','}{options}{',' if options else ''}{link},seed={t.random.randrange(1, 1 << 31)}"


def same(t, *arguments, model="model:", uri):
    """The same command on both devices: status and JSON, but for the device's name."""
    results = []
    for where in (model, uri):
        done = t.run(*arguments, "--format", "json", "--device", where)
        text = re.sub(r'"device": "[^"]*"', '"device": ""', done.stdout)
        results.append((done.returncode, text, done.stderr))
    what = f"{' '.join(arguments)} on {uri}"
    t.equal(f"{what}: exit", results[1][0], results[0][0])
    t.check(f"{what}: the bytes of {model}", results[1][1] == results[0][1] and results[0][1] != "",
            results[1][2].strip()[:500] or "the output differs")


def accounts(t, book):
    return [a["account"] for a in json.loads(t.run("eval", book, "--format", "json").stdout)["accounts"]]


def test_tiny(t):
    for model in ("portfolio", "span16", "bracketed"):
        same(t, "replay", TINY, "--model", f"{MODELS}/{model}.json", uri=device(t))
    same(t, "eval", TINY, uri=f"sim:{SLOW_LINK}")
    same(t, "eval", TINY, "--with", "tests/e2e/trades.csv", uri=device(t))
    same(t, "backtest", TINY, "--model", f"{MODELS}/portfolio.json", uri=device(t))
    for account in accounts(t, TINY):
        same(t, "explain", TINY, "--account", account, uri=device(t))


def test_small(t):
    uri = "sim:profile=small,lanes=1,gen=3,width=8,seed=5"
    same(t, "replay", TINY, "--model", f"{MODELS}/span16.json", model="model:profile=small", uri=uri)
    done = t.run("replay", f"{BOOKS}/feb2026", "--device", uri)
    t.check("a book that exceeds the card says so", done.returncode == 1 and "exceed this device" in done.stderr, done.stderr[:300])


def test_books(t, whole):
    for book, ticks in TICKS.items():
        if whole:
            same(t, "replay", f"{BOOKS}/{book}", uri=device(t))
            continue
        for tick in ticks:
            same(t, "eval", f"{BOOKS}/{book}", "--tick", str(tick), uri=device(t))


def test_report(t):
    text = t.expect(3, "replay", TINY, "--device", "sim:seed=1")
    for words in ("the device: the card simulated", "slots in", "evaluations in", "payload limit"):
        t.check(f"replay on sim: says {words!r}", words in text, text[-600:])
    again = t.expect(3, "replay", TINY, "--device", "sim:seed=1")
    t.equal("the same seed gives the same cycles", again, text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=os.environ.get("PLIMSOLL", str(ROOT / "build/bin/plimsoll")))
    parser.add_argument("--device", default="sim:")
    parser.add_argument("--whole", action="store_true")
    options = parser.parse_args()
    t = Harness(options.binary, False)
    seed = int(os.environ.get("PL_SEED", random.randrange(1 << 32)))
    t.random, t.uri = random.Random(seed), options.device
    print(f"seed {seed} (PL_SEED reruns it)")
    test_tiny(t)
    test_small(t)
    test_report(t)
    test_books(t, options.whole)
    print(f"{t.passed} passed, {t.failed} failed")
    return t.failed != 0


if __name__ == "__main__":
    sys.exit(main())
