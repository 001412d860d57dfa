#!/usr/bin/python3
"""End to end: a replay that journals, the journal listed, checked (by us and by somebody else) and recomputed.

    tests/e2e/test_journal.py [--binary PATH]
"""
import argparse
import csv
import io
import json
import os
import pathlib
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import journal_chain  # noqa: E402
from harness import ROOT, TINY, Harness  # noqa: E402

FEB = "tests/data/books/feb2026"


def facts(t, *arguments):
    return json.loads(t.expect(0, "journal", *arguments, "--format", "json"))


def test_round(t, folder):
    """What is said is the same with a journal, and the journal has it all."""
    journal = folder / "tiny.journal"
    said = t.expect(3, "replay", TINY, "--format", "json")
    t.equal("a journal changes nothing that is said", t.expect(3, "replay", TINY, "--format", "json", "--journal", journal), said)
    t.equal("one file is left", sorted(p.name for p in folder.iterdir()), ["tiny.journal"])
    states = [row[s] for row in json.loads(said)["ticks"] for s in ("margin_call", "indeterminate", "liquidate", "bankrupt")]
    for device in ("model:", "cpu:"):
        same = facts(t, "replay", journal, "--device", device)
        t.equal(f"{device}: every verdict from margin call on", same["verdicts"], sum(states))
        t.equal(f"{device}: ticks", same["ticks"], 3)
    intact = facts(t, "verify", journal)
    t.equal("somebody else finds the same chain", journal_chain.check(journal), (intact["entries"], intact["head"]))
    t.equal("an earlier head is found", facts(t, "verify", journal, "--head", intact["start"])["head"], intact["head"])
    t.refused(1, ["no entry has the given hash"], "journal", "verify", journal, "--head", "0" * 64)
    t.refused(1, ["it exists: name a new file"], "replay", TINY, "--journal", journal)
    return journal


def listed(t, journal, *filters):
    return list(csv.DictReader(io.StringIO(t.expect(0, "journal", "show", journal, "--format", "csv", *filters))))


def test_show(t, journal):
    everything = listed(t, journal)
    t.equal("entries are numbered", [int(e["entry"]) for e in everything], list(range(1, len(everything) + 1)))
    t.equal("by kind", listed(t, journal, "--kind", "verdict"), [e for e in everything if e["kind"] == "verdict"])
    t.equal("by kind: inputs", listed(t, journal, "--kind", "input"), [e for e in everything if e["kind"] != "verdict"])
    t.equal("by account", listed(t, journal, "--account", "CROSS/1"), [e for e in everything if e["account"] == "CROSS/1"])
    t.equal("by number", listed(t, journal, "--account", "5"), listed(t, journal, "--account", "CROSS/1"))
    when = "2026-03-06T07:50:00Z"
    t.equal("by time", listed(t, journal, "--since", when, "--until", when), [e for e in everything if e["time"] == when])
    t.check("JSON is JSON", len(json.loads(t.expect(0, "journal", "show", journal, "--format", "json"))["entries"]) == len(everything))
    t.check("a table for people", "liquidate at tick 2: equity" in t.expect(0, "journal", "show", journal))


def test_usage(t, journal):
    for words, *arguments in (
        (["journal: needs a second word", "plimsoll --help"], "journal"),
        (["journal frobnicate: no such command"], "journal", "frobnicate"),
        (["journal show takes 1 argument: FILE", "plimsoll journal show --help"], "journal", "show"),
        (["--kind gossip", "acknowledged"], "journal", "show", journal, "--kind", "gossip"),
        (["--since yesterday"], "journal", "show", journal, "--since", "yesterday"),
        (["--head 12", "64 hexadecimal digits"], "journal", "verify", journal, "--head", "12"),
        (["--head does not apply to journal show"], "journal", "show", journal, "--head", "12"),
        (["--journal does not apply to eval"], "eval", TINY, "--journal", "x"),
        (["--journal and --report"], "replay", TINY, "--journal", "x", "--report", "y"),
    ):
        t.refused(2, words, *arguments)
    t.refused(1, ["no account of that name"], "journal", "show", journal, "--account", "NOBODY")
    t.refused(1, ["No such file"], "journal", "verify", "no/such.journal")
    t.refused(1, ["not a journal"], "journal", "replay", f"{TINY}/accounts.csv")
    t.refused(1, ["profile full"], "journal", "replay", journal, "--device", "model:profile=small")
    t.refused(1, ["no device"], "journal", "replay", journal, "--device", "warp:")
    t.refused(1, ["No such file"], "replay", TINY, "--journal", "no/such/folder/x")


def test_altered(t, journal, folder):
    """Whatever is altered, both checks name the same entry, and nothing is recomputed from it."""
    for statement, entry in (
        ("UPDATE entry SET payload = zeroblob(length(payload)) WHERE sequence = 7", 7),
        ("UPDATE entry SET account = 0 WHERE sequence >= 9", 9),
        ("DELETE FROM entry WHERE sequence = 5", 5),
        ("DELETE FROM entry WHERE sequence = 16", 16),
    ):
        copy = folder / "altered.journal"
        shutil.copy(journal, copy)
        with sqlite3.connect(copy) as db:
            db.execute(statement)
        db.close()
        words = t.refused(1, [f"entry {entry} "], "journal", "verify", copy)
        t.refused(1, [f"entry {entry} "], "journal", "replay", copy)
        try:
            found = journal_chain.check(copy)
        except ValueError as problem:
            found = str(problem)
        t.check(f"{statement}: the other check agrees", f"entry {entry} " in str(found), f"{found} / {words}")
        copy.unlink()


def test_full_disk(t, folder):
    """Said once; the ticks go on, what was journaled stands."""
    journal = folder / "full.journal"
    said = t.expect(3, "replay", FEB, "--format", "json")
    done = subprocess.run([t.binary, "replay", FEB, "--format", "json", "--journal", journal], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000000, 3000000)))
    t.equal("full disk: exit", done.returncode, 1)
    t.equal("full disk: everything is evaluated", done.stdout, said)
    for words in ("full.journal", "nothing more is journaled", "evaluation goes on"):
        t.check(f"full disk: says {words!r}", words in done.stderr, done.stderr)
    t.equal("full disk: said once", done.stderr.count("nothing more"), 1)
    t.check("full disk: what stands is whole", facts(t, "verify", journal)["entries"] > 0)
    t.check("full disk: and is recomputed", facts(t, "replay", journal)["ticks"] > 0)


def test_real_book(t, folder):
    journal = folder / "feb2026.journal"
    t.expect(3, "replay", FEB, "--journal", journal)
    same = facts(t, "replay", journal, "--device", "cpu:")
    t.check("feb2026: recomputed on another device", same["verdicts"] > 1000, same)
    t.equal("feb2026: somebody else's head", journal_chain.check(journal)[1], facts(t, "verify", journal)["head"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=os.environ.get("PLIMSOLL", ROOT / "build/bin/plimsoll"))
    t = Harness(parser.parse_args().binary, False)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        journal = test_round(t, folder)
        test_show(t, journal)
        test_usage(t, journal)
        test_altered(t, journal, folder)
        test_full_disk(t, folder)
        test_real_book(t, folder)
    print(f"{t.passed} passed, {t.failed} failed")
    return 1 if t.failed else 0


if __name__ == "__main__":
    sys.exit(main())
