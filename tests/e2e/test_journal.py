#!/usr/bin/python3
"""End to end: a replay or a simulation that journals, the journal listed, checked (by us and by somebody else), recomputed and
gone on with.

    tests/e2e/test_journal.py [--binary PATH]
"""
import argparse
import csv
import hashlib
import io
import json
import os
import pathlib
import resource
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import journal_chain  # noqa: E402
from harness import MODELS, ROOT, TINY, Harness  # noqa: E402

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


def simulate(t, status, *arguments):
    return json.loads(t.expect(status, "simulate", *arguments, "--format", "json"))


def entries(path):
    with sqlite3.connect(path) as db:
        rows = db.execute("SELECT sequence, batch, time_us, kind, account, payload FROM entry ORDER BY sequence").fetchall()
    db.close()
    return rows


def rewrite(path, rows):
    """A journal with other entries and a chain that is right: what somebody does who can write the file."""
    with sqlite3.connect(path) as db:
        (before,), = db.execute("SELECT start FROM journal")
        db.execute("DELETE FROM entry")
        db.execute("DELETE FROM waiting")
        for sequence, (_, batch, time_us, kind, account, payload) in enumerate(rows, 1):
            words = struct.pack("<QQqIIQ", sequence, batch, time_us, kind, account, len(payload))
            before = hashlib.sha256(before + words + payload).digest()
            db.execute("INSERT INTO entry VALUES(?, ?, ?, ?, ?, ?, ?)", (sequence, batch, time_us, kind, account, payload, before))
            if 300 <= kind < 400:
                db.execute("INSERT INTO waiting VALUES(?)", (sequence,))
            if kind == 401:
                db.execute("DELETE FROM waiting WHERE sequence = ?", struct.unpack("<Q", payload))
        db.execute("UPDATE journal SET sequence = ?, hash = ?", (len(rows), before))
    db.close()


def test_simulate(t, folder):
    """What is decided is the same with a journal; the journal gives it again, and is gone on with."""
    journal = folder / "tiny.actions"
    plain = simulate(t, 3, TINY)
    said = simulate(t, 3, TINY, "--journal", journal)
    t.equal("a journal changes no decision", (said["policies"], said["ticks"]), (plain["policies"], plain["ticks"]))
    actions = listed(t, journal, "--kind", "action")
    t.equal("every action left", (said["actions_sent"], said["actions_withheld"]), (len(actions), 0))
    intact = facts(t, "verify", journal)
    t.equal("somebody else finds the same chain", journal_chain.check(journal), (intact["entries"], intact["head"]))
    t.equal("nothing waits", intact["waiting"], 0)
    for device in ("model:", "cpu:"):
        t.equal(f"{device}: every action again", facts(t, "replay", journal, "--device", device)["actions"], len(actions))
    table = t.expect(0, "journal", "show", journal)
    for words in ("filled sold 60610000 steps of BTC at 0.00061189 a step", "breaker of BTC from normal to cautious",
                  "margin call until 2026-03-06T08:50:00Z", "simulate --policy default --spread 0.1 --impact 10", "openings: 33",
                  "funding rate ETH-USDC at 0.060000 %: done", "funding ETH-USDC at 0.060000 %: done", "not settled BTC of 2026-03-06T08:00:00Z: the index was missing",
                  "settled BTC-6MAR26-66000-P at 187.94500000 a step: at a price from outside"):
        t.check(f"a table for people: {words}", words in table, table)
    again = simulate(t, 3, TINY, "--journal", journal)
    t.equal("all of it again: nothing leaves twice", again["actions_sent"], 0)
    t.equal("and nothing is added", facts(t, "verify", journal)["head"], intact["head"])
    t.equal("the same decisions", again["policies"], said["policies"])
    reported = simulate(t, 3, TINY, "--journal", folder / "reported.actions", "--report", folder / "page")
    t.equal("a report beside a journal", (reported["policies"], (folder / "page/index.html").exists()), (plain["policies"], True))
    t.refused(2, ["--journal and --compare"], "simulate", TINY, "--journal", "x", "--compare", "market")
    return journal, intact["head"]


def test_goes_on(t, book, journal, head, folder):
    """Broken off after any batch, the same command ends with the same journal; what waited comes once more, marked."""
    rows, copy = entries(journal), folder / "broken.actions"
    for last in sorted({row[1] for row in rows})[:-1]:
        shutil.copy(journal, copy)
        rewrite(copy, [row for row in rows if row[1] <= last])
        said = simulate(t, 3, book, "--journal", copy)
        t.equal(f"after batch {last}: the same journal", facts(t, "verify", copy)["head"], head)
        t.equal(f"after batch {last}: possibly sent before", said["actions_repeated"], sum(300 <= row[3] < 400 for row in rows if row[1] == last))
        copy.unlink()


def test_follows(t, folder):
    """Models that are loaded on the way, as volatility moves, are journaled as loads: the venue lives through them."""
    for name in ("tiny", "feb2026"):
        book, journal = folder / "books" / name, folder / f"{name}.follows"
        shutil.copytree(ROOT / "tests/data/books" / name, book)
        (book / "venue.json").write_text('{"volatility": {"follow": true, "width": {"floor": 0.2}}}')
        plain = simulate(t, 3, book, "--model", ROOT / MODELS / "portfolio.json")
        said = simulate(t, 3, book, "--model", ROOT / MODELS / "portfolio.json", "--journal", journal)
        t.equal(f"{name}: a journal changes no decision", said["policies"], plain["policies"])
        same = facts(t, "replay", journal, "--device", "model:")
        t.equal(f"{name}: loads and actions again", (same["loads"] - 1, same["actions"]), (int(said["policies"][0]["models_loaded"]), said["actions_sent"]))
        t.check(f"{name}: models were loaded", same["loads"] > (1, 5)[name == "feb2026"], same)
        table = t.expect(0, "journal", "show", journal, "--kind", "action")
        t.check(f"{name}: options imply volatility", name == "tiny" or ": volatility implied by options" in table)
        t.check(f"{name}: names outlive a load", " instrument " not in table and "steps of" in table, table[:2000])
    edit = json.loads((folder / "books/tiny/book.json").read_text())
    edit["model"] = str(ROOT / MODELS / "portfolio.json")
    (folder / "books/tiny/book.json").write_text(json.dumps(edit))
    journal = folder / "tiny.follows"
    test_goes_on(t, folder / "books/tiny", journal, facts(t, "verify", journal)["head"], folder)


def test_withheld(t, folder):
    """On a full disk no action leaves, every tick is judged, and mended it goes on."""
    journal = folder / "full.actions"
    command = [t.binary, "simulate", TINY, "--format", "json", "--journal", journal]
    done = subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000)))
    t.equal("withheld: exit", done.returncode, 5)
    for words in ("full.actions", "look at its disk", "no action leaves any more", "evaluation goes on", "actions were withheld"):
        t.check(f"withheld: says {words!r}", words in done.stderr, done.stderr)
    t.equal("withheld: said once", done.stderr.count("no action leaves"), 1)
    t.check("withheld: counted", json.loads(done.stdout)["actions_withheld"] > 0, done.stdout)
    said = simulate(t, 3, TINY, "--journal", journal)
    t.equal("mended: nothing is withheld", said["actions_withheld"], 0)
    t.equal("mended: every action is decided again", facts(t, "replay", journal)["actions"], len(listed(t, journal, "--kind", "action")))


def test_other_actions(t, journal, folder):
    """Somebody made the chain anew: recomputing names the first entry that is not what was decided."""
    rows, copy = entries(journal), folder / "other.actions"
    first = {kind: next(i for i, row in enumerate(rows) if row[3] == kind) for kind in {row[3] for row in rows}}
    close, filled, given = first[306], first[308], next(i for i, row in enumerate(rows) if row[3] == 106 and i == first[308] - 1)

    def altered(at, byte):
        payload = bytearray(rows[at][5])
        payload[byte] ^= 1
        return rows[:at] + [rows[at][:5] + (bytes(payload),)] + rows[at + 1:]

    for what, other, words in (
        ("steps of a close", altered(close, 24), [f"entry {close + 1}: ", '"close" of account 1: steps is', "recomputed"]),
        ("price of a fill", altered(filled, 32), [f"entry {filled + 1}: ", '"filled" of account 1: price is']),
        ("an action is missing", rows[:close] + rows[close + 1:], [f"entry {close + 1}: ", '"close" of account 1 is missing']),
        ("an action twice", rows[:close + 1] + rows[close:], [f"entry {close + 2}: ", '"close" of account 1 is journaled, but not taken again']),
        ("with another account", rows[:close] + [rows[close][:4] + (2, rows[close][5])] + rows[close + 1:], ["with another account"]),
        ("what was given", altered(given, 17 + 16), [f"entry {filled + 1}: ", '"filled" of account 1: price is']),
        ("the set-up", altered(first[105], 0), ["entry 3: ", "another version of the venue"]),
        ("no record of a venue", rows[:2] + [rows[2][:5] + (rows[2][5][:-1],)] + rows[3:], ["entry 3: not a record of a venue"]),
    ):
        shutil.copy(journal, copy)
        rewrite(copy, other if not what.startswith("an action") else [row for row in other if row[3] != 401])
        t.refused(1, words, "journal", "replay", copy)
        copy.unlink()


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
        journal, head = test_simulate(t, folder)
        test_goes_on(t, TINY, journal, head, folder)
        test_follows(t, folder)
        test_withheld(t, folder)
        test_other_actions(t, journal, folder)
    print(f"{t.passed} passed, {t.failed} failed")
    return 1 if t.failed else 0


if __name__ == "__main__":
    sys.exit(main())
