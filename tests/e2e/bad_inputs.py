"""What is wrong must be said, with its place, and nothing partial may be left."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from harness import MODELS, ROOT, TINY

PORTFOLIO, SPAN16 = f"{MODELS}/portfolio.json", f"{MODELS}/span16.json"


def copy_of_tiny(folder):
    book = pathlib.Path(folder) / "books" / "tiny"
    shutil.copytree(ROOT / TINY, book)
    shutil.copytree(ROOT / MODELS, pathlib.Path(folder) / "models")
    return book


def edit(path, old, new):
    text = path.read_text()
    assert old in text, f"{path}: {old}"
    path.write_text(text.replace(old, new, 1))


def test_usage(t):
    for words, *arguments in (
        (["no command given"],),
        (["frobnicate: no such command", "plimsoll --help"], "frobnicate"),
        (["eval takes 1 argument", "0 given", "plimsoll eval --help"], "eval"),
        (["compare takes 3 arguments: BOOK MODEL_A MODEL_B"], "compare", TINY),
        (["devices takes 0 arguments"], "devices", TINY),
        (["--bogus: no such option"], "eval", TINY, "--bogus"),
        (["-q: no such option"], "eval", TINY, "-q"),
        (["--tick: needs a value"], "eval", TINY, "--tick"),
        (["--tick 0", "from 1"], "eval", TINY, "--tick", "0"),
        (["--tick -1"], "eval", TINY, "--tick", "-1"),
        (["--tick 2x"], "eval", TINY, "--tick", "2x"),
        (["--tick 99999999999999999999"], "eval", TINY, "--tick", "99999999999999999999"),
        (["--format xml", "table, json or csv"], "eval", TINY, "--format", "xml"),
        (["--with does not apply to check"], "check", TINY, "--with", "x"),
        (["--report does not apply to compare"], "compare", TINY, "a", "b", "--report", "x"),
        (["--model: given more than 1 time"], "eval", TINY, "--model", "a", "--model", "b"),
        (["explain needs --account"], "explain", TINY),
        (["--hours 0", "1 to 8760"], "distance", TINY, "--account", "MAKER", "--hours", "0"),
        (["--beta nan", "-10 to 10"], "distance", TINY, "--account", "MAKER", "--beta", "nan"),
        (["--beta does not apply to explain"], "explain", TINY, "--account", "MAKER", "--beta", "1"),
        (["--policy none", "default, market or half"], "simulate", TINY, "--policy", "none"),
        (["--compare names the policy that is played anyway"], "simulate", TINY, "--compare", "default"),
        (["--rules and --format cannot be combined"], "check", TINY, "--rules", "--format", "json"),
        (["--rules does not apply to simulate"], "simulate", TINY, "--rules"),
        (["--volume 0", "1 to 10000"], "simulate", TINY, "--volume", "0"),
        (["--spread does not apply to replay"], "replay", TINY, "--spread", "1"),
        (["--rows is for the table and CSV"], "replay", TINY, "--format", "json", "--rows", "crossings"),
        (["--rows all"], "replay", TINY, "--format", "csv", "--rows", "all"),
        (["--with and --report"], "eval", TINY, "--with", "x", "--report", "y"),
    ):
        t.refused(2, words, *arguments)


def test_venue_file(t):
    """BOOK/venue.json: market and rules of a simulation; options come first, its own journal replays without either."""
    with tempfile.TemporaryDirectory() as folder:
        book = copy_of_tiny(folder)
        plain = t.expect(3, "simulate", book, "--format", "json")
        for text, words in (
            ('{"market": {"spread": 5}}', [":1:23: market.spread: must be from 0 to 0.1"]),
            ('{"market": {"fudn": 1}}', ["market.fudn: unknown key", "spread impact volume fund"]),
            ('{"auction":\n {"fast_s": "x"}}', [":2:13: auction.fast_s: must be a number, not a string"]),
            ('{"auction": {"resets_max": 1.5}}', ["auction.resets_max: must be a whole number"]),
            ('{"auctions": 1}', ["auctions: must be a boolean"]),
            ('{"waterfall": {"policy": "best"}}', ['waterfall.policy: must be "ranked", "pro rata" or "least regret"']),
            ('{"waterfall": 1}', ["waterfall: must be an object, not a number"]),
            ('{"liquidation": {"penalty": 0.2}}', ["venue.json:1:29: liquidation.penalty: must be from 0 to 0.05"]),
            ('{"breaker": {"calm_s": 1e9}}', ["venue.json:1:24: breaker.calm_s: must be from 1 s to 86400 s"]),
            ('{"fusion": {"sources_min": 2}}', ["fusion.sources_min: must be 1 for", "fusion_of."]),
            ('{"fusion": {}, "fusion": {}}', ["duplicate object key"]),
            ('{"fusion_of": {"XYZ": {}}}', ["fusion_of.XYZ: no such underlying"]),
            ('{"permission": {"poor": {"age_s": 1}}}', ["permission.thin.age_s is", "state it as well"]),
            ('{"permission": {"fair": {"allows": ["mark"]}}}', ["permission.fair.allows: lacks", "which thin allows"]),
            ('{"permission": {"full": {"venues": 2}}}', ["venue.json:1:36: permission.full.venues: must be at most 1", "no underlying has sources of more venues"]),
            ('{"volatility": {"bars_min": 0}}', ["venue.json:1:29: volatility.bars_min: must be from 1 to 10000"]),
            ('{"addon": {"position_max": 1.5}}', ["addon.position_max: must be from 0 to 1"]),
            ('{"liquidation": {"penalty": 1, "call": 2}, "fusion": 3}', ["2 problems", "liquidation.call: unknown key", "fusion: must be an object"]),
            ("[]", ["must be an object"]),
            ('{"market": {', ["venue.json:1"]),
        ):
            (book / "venue.json").write_text(text)
            for command in ("check", "simulate"):
                t.refused(1, words, command, book)
        edit(book / "positions.csv", "HEDGED,ETH,20,", "HEDGD,ETH,20,")
        t.refused(1, ["2 problems", "positions.csv:16:1:", "venue.json:1:"], "check", book)
        edit(book / "positions.csv", "HEDGD,ETH,20,", "HEDGED,ETH,20,")
        (book / "venue.json").write_text("{}")
        empty = t.expect(3, "simulate", book, "--format", "json")
        t.equal("an empty venue.json changes nothing", empty.replace('"venue.json"', '"defaults"'), plain)
        (book / "venue.json").write_text(t.expect(0, "check", book, "--rules"))
        stated = json.loads(t.expect(3, "simulate", book, "--format", "json"))
        t.equal("the rules that check prints change nothing", (stated["policies"], stated["ticks"]), (json.loads(plain)["policies"], json.loads(plain)["ticks"]))
        t.check("check says whose rules hold", "rules of the venue: venue.json" in t.expect(0, "check", book))
        (book / "venue.json").write_text('{"market": {"spread": 0.004, "fund": 0.02}, "liquidation": {"penalty": 0.03, "liquidator": 0}, "waterfall": {"policy": "ranked"}, "fusion": {"average_half_life_s": 60}, "permission": {"thin": {"age_s": 60}, "fair": {"age_s": 60}, "full": {"age_s": 60}}}')
        said = json.loads(t.expect(3, "simulate", book, "--format", "json", "--journal", book / "journal"))
        t.equal("venue.json: the market", (said["spread_percent"], said["fund_percent"]), ("0.4000", "2.0000"))
        rates = [float(policy["penalty"]) / float(policy["closed"]) for policy in (said["policies"][0], json.loads(plain)["policies"][0])]
        t.check("venue.json: twice the penalty", abs(rates[0] / rates[1] - 2) < 1e-6, str(rates))
        (book / "venue.json").unlink()
        t.expect(0, "journal", "replay", book / "journal")
        (book / "venue.json").write_text('{"market": {"spread": 0.004}}')
        said = json.loads(t.expect(3, "simulate", book, "--format", "json", "--spread", "0.1"))
        t.equal("venue.json: options come first", said["policies"], json.loads(plain)["policies"])


def test_missing(t):
    for words, *arguments in (
        (["no/such/book", "No such file"], "check", "no/such/book"),
        (["no/such/model.json", "No such file"], "eval", TINY, "--model", "no/such/model.json"),
        (["no/such/model.json"], "compare", TINY, PORTFOLIO, "no/such/model.json"),
        (["no/such/model.json"], "backtest", TINY, "--model", PORTFOLIO, "--model", "no/such/model.json"),
        (["model:", "profile"], "eval", TINY, "--device", "model:profile=huge"),
        (["31 scenarios", "16"], "eval", TINY, "--device", "model:profile=small"),
        (["--tick 4", "ticks 1 to 3"], "eval", TINY, "--tick", "4"),
        (["--tick 4", "ticks 1 to 3"], "compare", TINY, PORTFOLIO, SPAN16, "--tick", "4"),
        (["no account \"NOBODY\""], "explain", TINY, "--account", "NOBODY"),
        (["no/such.csv", "No such file"], "eval", TINY, "--with", "no/such.csv"),
    ):
        t.refused(1, words, *arguments)
    for command in ("check", "eval", "replay", "backtest", "watch"):
        t.refused(10, ["no device \"warp:\"", "plimsoll devices"], command, TINY, "--device", "warp:")
    t.refused(17, ["no simulated card"], "eval", TINY, "--device", "sim:library=libm.so.6")


def test_malformed(t):
    for name, old, new, words in (
        ("positions.csv", "MAKER,BTC-6MAR26-66000-P,5,", "MAKER,BTC-6MAR26-66000-P,5.05,",
         ["positions.csv:2:", "quantity"]),
        ("positions.csv", "HEDGED,ETH,20,", "HEDGD,ETH,20,", ["positions.csv:16:1:", "account"]),
        ("positions.csv", "account,symbol", "account,symbool", ["positions.csv:1:", "symbool"]),
        ("accounts.csv", "COVERED,portfolio", "COVERED,portfolo", ["accounts.csv:3:", "mode"]),
        ("ticks.csv", "settlement:USDC,0.97", "settlement:USDC,-0.97", ["ticks.csv:18:", "price"]),
        ("ticks.csv", "2026-03-06T08:05:00.000Z,BTC,", "2026-03-06T07:05:00.000Z,BTC,", ["ticks.csv:33:", "time"]),
        ("instruments.csv", "LINK,spot", "LINK,sport", ["instruments.csv:4:", "kind"]),
        ("settlements.csv", "64120.55", "0", ["settlements.csv:2:", "price"]),
        ("orders.csv", "CROSS,ETH-USDC,buy,10", "CROSS,ETH-USDC,hold,10", ["orders.csv:2:", "side"]),
        ("book.json", '"format": 1,', '"format": 1', ["book.json:3:"]),
        ("book.json", '"settlement_currency"', '"settlement_curency"', ["book.json:5:", "settlement_curency"]),
    ):
        with tempfile.TemporaryDirectory() as folder:
            book = copy_of_tiny(folder)
            edit(book / name, old, new)
            for command in ("check", "replay"):
                t.refused(1, words, command, book, "--format", "json")


def test_bad_model(t):
    for old, new, words in (
        ('"coverage": 0.99', '"coverage": 1.99', ["portfolio.json:", "coverage"]),
        ('"format": 1', '"format": 2', ["portfolio.json:2:", "format"]),
        ('"format": 1,', '"format": 1,,', ["portfolio.json:2:"]),
        ('"future": {', '"futures": {', ["portfolio.json:", "futures"]),
    ):
        with tempfile.TemporaryDirectory() as folder:
            book = copy_of_tiny(folder)
            edit(pathlib.Path(folder) / "models" / "portfolio.json", old, new)
            t.refused(1, words, "check", book)
    with tempfile.TemporaryDirectory() as folder:  # both are right, but not for each other
        book = copy_of_tiny(folder)
        path = pathlib.Path(folder) / "models" / "portfolio.json"
        model = json.loads(path.read_text())
        for key in [k for k in model["classes"] if k.startswith("option")]:
            del model["classes"][key]
        path.write_text(json.dumps(model))
        t.refused(1, ["BTC-6MAR26-66000-P", "class"], "check", book)


def test_bad_trades(t):
    head = "account,symbol,quantity,price\n"
    for rows, words in (
        (head + "NOBODY,BTC,1,2\n", [":2:1:", "no such account"]),
        (head + "MAKER,XYZ,1,2\n", [":2:7:", "no such instrument"]),
        (head + "MAKER,BTC,0.00001,2\n", [":2:11:", "quantity_step"]),
        (head + "MAKER,BTC,0,2\n", [":2:11:", "must not be 0"]),
        (head + "MAKER,BTC,1,-2\n", [":2:13:", "must not be negative"]),
        (head + "MAKER,BTC-PERPETUAL,1,0\n", [":2:23:", "entry price"]),
        (head + "MAKER,BTC-6MAR26-66000-P,1,5\n", [":2:7:", "expired"]),
        (head + "MAKER,BTC,1,x\nMAKER,BTC,x,1\n", [":2:13:", ":3:11:"]),
        (head + "MAKER,BTC,1\n", [":2"]),
        (head + "MAKER,BTC,99999999999999,99999999999999\n", [":2", "does not fit"]),
        ("account,symbol,quantity\n", ["price"]),
        ("", ["trades.csv"]),
    ):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "trades.csv"
            path.write_text(rows)
            t.refused(1, words, "eval", TINY, "--with", path)


def test_no_room(t):
    for arguments in (["eval", TINY], ["replay", TINY, "--format", "json"], ["devices"], ["--help"], ["--version"],
                      ["check", TINY], ["explain", TINY, "--account", "MAKER"], ["eval", "--help"],
                      ["compare", TINY, PORTFOLIO, SPAN16], ["backtest", TINY]):
        with open("/dev/full", "w") as full:
            done = t.run(*arguments, stdout=full)
        t.equal(f"{arguments} on a full disk: exit", done.returncode, 1)
        t.check(f"{arguments} on a full disk: says so", "No space left" in done.stderr, done.stderr)
        reader, writer = os.pipe()
        os.close(reader)
        done = t.run(*arguments, stdout=writer)
        os.close(writer)
        t.equal(f"{arguments} into a closed pipe: exit", done.returncode, 1)
        t.check(f"{arguments} into a closed pipe: says so", "Broken pipe" in done.stderr, done.stderr)
    closed = subprocess.run(["/bin/sh", "-c", 'exec "$0" eval "$1" >&-', t.binary, TINY], cwd=ROOT,
                            stderr=subprocess.PIPE, text=True, check=False)
    t.equal("without a standard output: exit", closed.returncode, 1)


def test_reports(t):
    with tempfile.TemporaryDirectory() as folder:
        base = pathlib.Path(folder)
        (base / "file").write_text("")
        for command in ("eval", "replay", "simulate"):
            t.refused(1, [str(base / "file")], command, TINY, "--report", base / "file" / "report")
            for name in ("one", "two"):
                done = t.run(command, TINY, "--report", base / (command + name))
                t.equal(f"{command} --report: exit", done.returncode, 3)
            pages = [(base / (command + name) / "index.html").read_text() for name in ("one", "two")]
            pages = [page.replace(command + name, "") for page, name in zip(pages, ("one", "two"))]
            t.check(f"{command} --report: the same bytes again", pages[0] == pages[1])
            t.equal(f"{command} --report: one file", os.listdir(base / (command + "one")), ["index.html"])
            t.check(f"{command} --report: names the worst account", command == "simulate" or "CROSS/1" in pages[0])
        t.equal("a refused report leaves nothing", sorted(p.name for p in base.iterdir() if p.is_file()), ["file"])


def test(t):
    for part in (test_usage, test_missing, test_venue_file, test_malformed, test_bad_model, test_bad_trades, test_no_room,
                 test_reports):
        part(t)
