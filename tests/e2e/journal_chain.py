#!/usr/bin/python3
"""A journal's chain, checked without Plimsoll: docs/journal.md in code.

    tests/e2e/journal_chain.py FILE

Prints the head (the hash of the last entry), or the first entry that does not follow.
"""
import hashlib
import sqlite3
import struct
import sys


def check(path):
    """(entries, head in hexadecimal); raises ValueError naming the first entry that was altered."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    (start, last, head), = db.execute("SELECT start, sequence, hash FROM journal")
    before, expected = start, 1
    for sequence, batch, time_us, kind, account, payload, stored in db.execute(
            "SELECT sequence, batch, time_us, kind, account, payload, hash FROM entry ORDER BY sequence"):
        words = struct.pack("<QQqIIQ", expected, batch, time_us, kind, account, len(payload))
        before = hashlib.sha256(before + words + payload).digest()
        if sequence != expected or before != stored:
            raise ValueError(f"entry {expected} was altered")
        expected += 1
    if (last, head) != (expected - 1, before):
        raise ValueError(f"entry {expected} is missing, or the end was altered")
    return last, head.hex()


if __name__ == "__main__":
    print(*check(sys.argv[1]))
