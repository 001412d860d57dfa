#!/usr/bin/python3
"""docs/example.c builds against the shared library, runs, and its verdict is the command line's."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
BOOK = {
    "book.json": '{"format": 1, "name": "example", "settlement_currency": "USD", "model": "%s/tests/data/models/portfolio.json"}' % ROOT,
    "instruments.csv": "symbol,kind,underlying,expiry,strike,option_type,forward,quantity_step\n"
                       "BTC-CALL,option,BTC,1740729600000000,100000,call,BTC-MAR,0.001\n",
    "ticks.csv": "time,symbol,price,vol\n1739934748000000,BTC,95663.50604855,\n1739934748000000,BTC-MAR,95776.67392709,\n"
                 "1739934748000000,BTC-CALL,,0.4538\n",
    "accounts.csv": "account,mode,cash\nA,portfolio,10000\n",
    "positions.csv": "account,symbol,quantity\nA,BTC-CALL,-1\n",
}


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=ROOT, **options)


def main():
    failures = []
    source = (ROOT / "docs/example.c").read_text()
    if source.count("\n") > 40:
        failures.append("docs/example.c has more than 40 lines")
    with tempfile.TemporaryDirectory() as folder:
        binary = f"{folder}/example"
        built = run("gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", "docs/example.c", "-Ihost/include", f"-L{BUILD}/lib", "-lplimsoll", "-o", binary)
        ran = run(binary, env=dict(os.environ, LD_LIBRARY_PATH=str(BUILD / "lib"))) if built.returncode == 0 else built
        for name, text in BOOK.items():
            pathlib.Path(folder, name).write_text(text)
        explained = run(str(BUILD / "bin/plimsoll"), "explain", folder, "--account", "A", "--format", "json")
    if ran.returncode != 0:
        failures.append(f"example: {ran.stdout}{ran.stderr}")
    elif explained.returncode not in (0, 3, 4):
        failures.append(f"explain: {explained.stderr}")
    else:
        verdict = json.loads(explained.stdout)
        excess = verdict["maintenance_excess"].replace(".", "").lstrip("-").lstrip("0")
        if excess not in ran.stdout or verdict["state"] not in ran.stdout:
            failures.append(f"the example says {ran.stdout!r}, the command line {verdict['state']} {verdict['maintenance_excess']}")
    for failure in failures:
        print(failure)
    print(f"{3 - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
