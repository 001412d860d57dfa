"""Runs the CLI and counts what holds; python3 standard library only."""
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "data" / "golden"
TINY = "tests/data/books/tiny"
MODELS = "tests/data/models"


class Harness:
    def __init__(self, binary, update):
        self.binary = str(pathlib.Path(binary).resolve())
        self.update = update
        self.passed = 0
        self.failed = 0

    def check(self, what, good, detail=""):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {what}" + (f"\n  {detail}" if detail else ""))
        return good

    def equal(self, what, got, wanted):
        return self.check(what, got == wanted, f"got {got!r}, wanted {wanted!r}")

    def run(self, *arguments, **more):
        """stdout and stderr as text; stdout goes elsewhere where `stdout` names a file."""
        more.setdefault("stdout", subprocess.PIPE)
        return subprocess.run([self.binary, *map(str, arguments)], cwd=ROOT, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, text=True, timeout=600,
                              env={**os.environ, "LC_ALL": "C"}, **more)

    def expect(self, status, *arguments):
        """Runs, checks the exit status, returns stdout."""
        done = self.run(*arguments)
        self.check(f"{' '.join(map(str, arguments))}: exit {status}", done.returncode == status,
                   f"exit {done.returncode}, stderr: {done.stderr.strip()[:300]}")
        return done.stdout

    def refused(self, status, words, *arguments):
        """An error: its status, its words on stderr, nothing on stdout."""
        done = self.run(*arguments)
        what = " ".join(map(str, arguments))
        self.equal(f"{what}: exit", done.returncode, status)
        self.equal(f"{what}: nothing on stdout", done.stdout, "")
        for word in words:
            self.check(f"{what}: says {word!r}", word in done.stderr, done.stderr.strip()[:500])
        return done.stderr

    def golden(self, name, text):
        path = GOLDEN / name
        if self.update:
            GOLDEN.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        wanted = path.read_text() if path.exists() else None
        self.check(f"golden {name}", text == wanted, "differs; if that is meant: test_cli.py --update")
