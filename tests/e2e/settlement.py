"""Expiry against exact fractions: what is held of an expiry becomes cash or coin."""
import json
import math
import pathlib
import tempfile
from fractions import Fraction

from harness import MODELS, ROOT, TINY

MONEY = Fraction(1, 10**8)


def floor_to(value, unit):
    return math.floor(value / unit) * unit


def settle_coin(value, price, step):
    """Coins, and the cash that is left."""
    coins = floor_to(value / price, step)
    return coins, floor_to(value - coins * price, MONEY)


def state_of(t, book, account, tick):
    done = t.run("explain", book, "--account", account, "--tick", tick, "--format", "json")
    got = json.loads(done.stdout)
    held = {p["position"]: Fraction(p["quantity"]) for p in got["positions"]}
    return got, held


def test_tiny(t):
    """At 08:05 the BTC options of 6 March are coin."""
    price, step = Fraction("64120.55"), Fraction("0.0001")
    payoff = Fraction(66000) - price
    for account, puts, cash, coins in (("PUTSELL", -5, Fraction("15000.25"), Fraction("0.75")),
                                       ("MAKER", 5, Fraction(250000), Fraction(0))):
        more_coins, more_cash = settle_coin(puts * payoff, price, step)
        got, held = state_of(t, TINY, account, 3)
        t.equal(f"{account}: coins after the expiry", held.get("BTC"), coins + more_coins)
        t.equal(f"{account}: cash after the expiry", Fraction(got["cash"]), cash + more_cash)
        t.check(f"{account}: the options are gone", not any(s.startswith("BTC-6MAR26") for s in held))
        _, held = state_of(t, TINY, account, 2)
        t.check(f"{account}: they were there before", any(s.startswith("BTC-6MAR26") for s in held))


EXPIRY = "2026-03-06T08:00:00Z"
INSTRUMENTS = f"""symbol,kind,underlying,expiry,strike,option_type,forward,settlement,contract_size,quantity_step
BTC,spot,BTC,,,,,cash,1,0.0001
BTC-F,future,BTC,{EXPIRY},,,,coin,10,1
BTC-C,option,BTC,{EXPIRY},60000,call,BTC-F,coin,0.1,1
ETH-F,future,ETH,{EXPIRY},,,,cash,0.1,1
ETH-P,option,ETH,{EXPIRY},2000.5,put,ETH-F,cash,0.01,0.5
SOL-C,option,SOL,{EXPIRY},100,call,SOL-F,coin,1,1
ADA-F,future,ADA,{EXPIRY},,,,cash,1,1
"""
PRICES = {"BTC": "68000.1", "ETH": "1901.37", "SOL": "133.33", "ADA": "0.7"}
# account: cash, then symbol, quantity, entry
ACCOUNTS = {
    "LONG": ("1000.5", [("BTC-F", 7000, "64123.5"), ("BTC-C", 13, ""), ("ETH-F", 31, "2011.17"), ("ETH-P", "7.5", ""),
                        ("SOL-C", 3, "")]),
    "SHORT": ("90000.00000001", [("BTC-F", -7001, "64123.7"), ("BTC-C", -13, ""), ("ETH-F", -33, "2011.19"),
                                 ("ETH-P", "-7.5", ""), ("SOL-C", -3, "")]),
    "COIN": ("0", [("BTC", "0.5", ""), ("BTC-F", -1000, "70000")]),
    "UNSETTLED": ("500", [("ADA-F", 10, "0.5")]),
}


def write_book(folder):
    book = pathlib.Path(folder)
    (book / "book.json").write_text(json.dumps({
        "format": 1, "name": "expiry", "description": "d", "settlement_currency": "USD",
        "model": str(ROOT / MODELS / "bracketed.json"), "source": "s"}))
    (book / "instruments.csv").write_text(INSTRUMENTS)
    ticks = "time,symbol,price,vol,rate\n"
    for clock in ("07:59", "08:00", "08:01"):
        at = f"2026-03-06T{clock}:00Z"
        for coin, price in PRICES.items():
            ticks += f"{at},{coin},{price},,\n"
            if clock == "07:59":
                ticks += f"{at},{coin}-F,{price},,\n"
        if clock == "07:59":
            ticks += "".join(f"{at},{option},,0.5,\n" for option in ("BTC-C", "ETH-P", "SOL-C"))
    (book / "ticks.csv").write_text(ticks)
    (book / "accounts.csv").write_text("account,mode,cash\n" + "".join(
        f"{name},portfolio,{cash}\n" for name, (cash, _) in ACCOUNTS.items()))
    (book / "positions.csv").write_text("account,symbol,quantity,entry_price\n" + "".join(
        f"{name},{symbol},{quantity},{entry}\n" for name, (_, rows) in ACCOUNTS.items()
        for symbol, quantity, entry in rows))
    (book / "orders.csv").write_text("account,symbol,side,quantity\nLONG,ETH-F,buy,3\nCOIN,BTC-C,sell,2\n")
    (book / "settlements.csv").write_text("underlying,expiry,price\n" + "".join(
        f"{coin},{EXPIRY},{price}\n" for coin, price in PRICES.items() if coin != "ADA"))
    return book


def settled(name):
    """Cash and coins after the expiry, in exact fractions."""
    cash, rows = ACCOUNTS[name]
    cash, coins = Fraction(cash), Fraction(0)
    p = {coin: Fraction(price) for coin, price in PRICES.items()}
    for symbol, quantity, entry in rows:
        q = Fraction(quantity)
        coin = symbol[:3]
        if symbol == "BTC":
            coins += q
        elif symbol == "BTC-F":  # N * (1/entry - 1/P) coins, worth that times P
            value = q * 10 * (1 / Fraction(entry) - 1 / p[coin]) * p[coin]
            more, rest = settle_coin(value, p[coin], Fraction("0.0001"))
            coins, cash = coins + more, cash + rest
        elif symbol == "BTC-C":
            more, rest = settle_coin(q * Fraction("0.1") * max(0, p[coin] - 60000), p[coin], Fraction("0.0001"))
            coins, cash = coins + more, cash + rest
        elif symbol == "ETH-F":
            cash += floor_to(q * Fraction("0.1") * (p[coin] - Fraction(entry)), MONEY)
        elif symbol == "ETH-P":
            cash += floor_to(q * Fraction("0.01") * max(0, Fraction("2000.5") - p[coin]), MONEY)
        elif symbol == "SOL-C":  # coin-settled, but the book has no such coin
            cash += floor_to(q * max(0, p[coin] - 100), MONEY)
    return cash, coins


def test_all_kinds(t):
    with tempfile.TemporaryDirectory() as folder:
        book = write_book(folder)
        t.expect(0, "check", book)
        for name in ("LONG", "SHORT", "COIN"):
            cash, coins = settled(name)
            for tick in (2, 3):  # the tick of the expiry itself, and later: once only
                got, held = state_of(t, book, name, tick)
                t.equal(f"{name} tick {tick}: cash", Fraction(got["cash"]), cash)
                t.equal(f"{name} tick {tick}: coins", held, {"BTC": coins})
            got, held = state_of(t, book, name, 1)
            t.equal(f"{name} tick 1: cash", Fraction(got["cash"]), Fraction(ACCOUNTS[name][0]))
        one = {a["account"]: a for a in json.loads(
            t.run("eval", book, "--format", "json").stdout)["accounts"]}
        t.equal("without a settlement price: indeterminate", one["UNSETTLED"]["state"], "indeterminate")
        t.check("without a settlement price: unpriced", "unpriced" in one["UNSETTLED"]["flags"] or
                "stale" in one["UNSETTLED"]["flags"], str(one["UNSETTLED"]["flags"]))
        for name in ("LONG", "SHORT", "COIN"):
            cash, coins = settled(name)
            t.equal(f"{name}: equity", Fraction(one[name]["equity"]),
                    cash + floor_to(coins * Fraction(PRICES["BTC"]), MONEY))
        t.expect(4, "eval", book)


def test(t):
    test_tiny(t)
    test_all_kinds(t)
