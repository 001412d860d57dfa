#!/usr/bin/python3
"""Shared by the converters: instruments, accounts, the writer of a book, and the seeded generator's tools.

source: nothing here is market data; accounts are generated
seed:   given by the converter; only random.Random(seed) is used, so a book is the same bytes on each run
usage:  imported by feb2026.py, may2021.py and usdc2023.py
"""
import datetime
import json
import math
import os
import random
import subprocess
from decimal import Decimal

UTC = datetime.timezone.utc
COLUMNS = {
    "instruments": "symbol kind underlying expiry strike option_type forward settlement contract_size quantity_step",
    "ticks": "time symbol price vol rate confidence price_time",
    "accounts": "account mode cash multiplier parent",
    "positions": "account symbol quantity entry_price",
    "orders": "account symbol side quantity",
    "settlements": "underlying expiry price",
    "sources": "source underlying venue quote of over",
    "reports": "time source price confidence source_time",
}


def plain(x, digits=8):
    """Shortest plain decimal of x, at most so many decimals."""
    text = f"{Decimal(repr(x) if isinstance(x, float) else x).quantize(Decimal(1).scaleb(-digits)):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def iso(us):
    when = datetime.datetime.fromtimestamp(us // 10**6, UTC)
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{us // 1000 % 1000:03d}Z"


def to_us(text):
    """Microseconds of an ISO time, cut to whole milliseconds."""
    when = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (when - datetime.datetime(1970, 1, 1, tzinfo=UTC)) // datetime.timedelta(milliseconds=1) * 1000


class Instrument:
    def __init__(self, symbol, kind, underlying, step, expiry_us=None, strike=None, is_call=None, forward="",
                 settlement="cash", contract_size=1):
        self.symbol, self.kind, self.underlying, self.step_text = symbol, kind, underlying, step
        self.step, self.expiry_us, self.strike, self.is_call = float(step), expiry_us, strike, is_call
        self.forward, self.settlement, self.contract_size = forward, settlement, contract_size

    def csv(self):
        option = self.kind == "option"
        return [self.symbol, self.kind, self.underlying, iso(self.expiry_us) if self.expiry_us else "",
                plain(self.strike) if option else "", ("call" if self.is_call else "put") if option else "",
                self.forward, self.settlement, plain(self.contract_size), self.step_text]


class Account:
    def __init__(self, name, mode, parent="", multiplier=""):
        self.name, self.mode, self.parent, self.multiplier = name, mode, parent, multiplier
        self.cash, self.positions = 0.0, {}   # symbol -> (lots, entry price or 0)

    def add(self, symbol, lots, entry=0.0):
        """Adds lots; an entry price is kept from the first trade of a symbol. A flat position goes."""
        old, first = self.positions.pop(symbol, (0, entry))
        if old + lots:
            self.positions[symbol] = (old + lots, first)


class Draw:
    """The few distributions that are needed, on random() alone."""

    def __init__(self, seed):
        self.random = random.Random(seed).random

    def uniform(self, low, high):
        return low + (high - low) * self.random()

    def whole(self, low, high):
        return low + int((high - low + 1) * self.random())

    def lognormal(self, median, sigma):
        u, v = 1 - self.random(), self.random()
        return median * math.exp(sigma * math.sqrt(-2 * math.log(u)) * math.cos(2 * math.pi * v))

    def pick(self, items):
        return items[int(self.random() * len(items))]

    def some(self, items, count):
        """count distinct items, in drawn order."""
        pool = list(items)
        return [pool.pop(int(self.random() * len(pool))) for _ in range(min(count, len(pool)))]

    def parts(self, total, count):
        """A whole number cut into count whole numbers >= 0, unequal, with the same sum."""
        weights = [self.uniform(0.2, 1) ** 2 for _ in range(count)]
        out = [int(total * w / sum(weights)) for w in weights]
        out[0] += total - sum(out)
        return out


def spread_net(draw, accounts, symbol, entry):
    """Makes the net open interest of a symbol zero: the absorbers take what the others leave. Returns lots taken."""
    net = sum(a.positions[symbol][0] for a in accounts["all"] if symbol in a.positions)
    taken = draw.parts(abs(net), len(accounts["absorbers"]))
    for account, lots in zip(accounts["absorbers"], taken):
        account.add(symbol, -lots if net > 0 else lots, entry())
    return net


def hold_coin(market, account, coin, dollars):
    """Sets the account's holding of a collateral coin to a value at this tick."""
    account.positions.pop(coin, None)
    account.add(coin, round(dollars / market.prices[coin] / market.instruments[coin].step))


def calibrate(draw, market, account, median, sigma, coin=None, coin_share=0.0, loan=None, weak=0.015):
    """Sets cash, and a coin as collateral if asked, so that equity = initial requirement * factor at this tick.

    factor is 1.03 + lognormal(median, sigma); a share `weak` of accounts starts in a margin call instead.
    loan: the account holds coins already; it borrows at most this share of their value.
    """
    factor = draw.uniform(0.84, 0.99) if draw.random() < weak else 1.03 + draw.lognormal(median, sigma)
    account.cash = 0.0
    for _ in range(3 if coin else 0):   # the coin changes the requirement that it covers
        hold_coin(market, account, coin, coin_share * market.evaluate(account)[2] * factor)
    equity, _, initial = market.evaluate(account)
    account.cash = max(initial * factor, 200.0) - equity
    if loan is not None:
        coins = sum(lots * market.instruments[s].step * market.prices[s] for s, (lots, _) in account.positions.items()
                    if market.instruments[s].kind == "spot")
        account.cash = max(account.cash, -loan * coins)
    account.cash = math.ceil(account.cash * 100) / 100


def calibrate_leverage(draw, market, account, leverage, coins=(), coin_share=0.0):
    """Sets cash and collateral coins so that equity = notional / leverage, yet 1.05 of the initial requirement;
    five in a thousand start in a margin call instead."""
    account.cash = 0.0
    notional = sum(market.linear_value(market.instruments[s], lots * market.instruments[s].step, entry)[2]
                   for s, (lots, entry) in account.positions.items() if market.instruments[s].kind != "spot")
    for coin, part in zip(coins, draw.parts(1000, len(coins)) if coins else ()):
        hold_coin(market, account, coin, coin_share * part / 1000 * notional / leverage)
    equity, _, initial = market.evaluate(account)
    target = max(notional / leverage, 1.05 * initial, 20.0)
    if draw.random() < 0.005:
        target = initial * draw.uniform(0.8, 0.99)
    account.cash = math.ceil((target - equity) * 100) / 100


def resting_orders(draw, market, accounts, count):
    """Orders of accounts with room, on what they hold; small, so that the initial requirement stays covered."""
    rows = {}
    while len(rows) < count:
        account = draw.pick(accounts)
        figures = market.evaluate(account)
        held = [s for s in account.positions if market.instruments[s].kind != "spot"]
        if figures is None or not held or figures[0] < 1.8 * figures[2]:
            continue
        symbol = draw.pick(held)
        lots = max(1, int(abs(account.positions[symbol][0]) * draw.uniform(0.02, 0.2)))
        rows[(account.name, symbol, draw.pick(("buy", "sell")))] = lots
    return [[a, s, side, plain(lots * Decimal(market.instruments[s].step_text))]
            for (a, s, side), lots in sorted(rows.items())]


def states(market, accounts):
    """Counts by state, as the engine names them."""
    out = dict.fromkeys(("healthy", "margin call", "liquidate", "bankrupt", "indeterminate"), 0)
    for account in accounts:
        figures = market.evaluate(account)
        if figures is None:
            out["indeterminate"] += 1
            continue
        equity, mm, im = figures
        state = "liquidate" if equity < mm else "margin call" if equity < im else "healthy"
        out["bankrupt" if equity < 0 else state] += 1
    return out


def write_csv(folder, name, rows, compress):
    text = "\n".join(",".join(r) for r in [COLUMNS[name].split()] + rows) + "\n"
    path = os.path.join(folder, name + ".csv")
    if compress:
        packed = subprocess.run(["zstd", "-19", "-q", "-c", "--single-thread"], input=text.encode(),
                                stdout=subprocess.PIPE, check=True).stdout
        with open(path + ".zst", "wb") as out:
            out.write(packed)
    else:
        with open(path, "w") as out:
            out.write(text)


def write_book(folder, about, instruments, ticks, accounts, orders, settlements):
    """ticks: rows of text, none where prices are those of sources. Everything else in the classes above."""
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "book.json"), "w") as out:
        out.write(json.dumps({"format": 1, **about}, indent=2) + "\n")
    steps = {i.symbol: Decimal(i.step_text) for i in instruments}
    positions = []
    for a in accounts:
        for symbol, (lots, entry) in sorted(a.positions.items()):
            positions.append([a.name, symbol, plain(lots * steps[symbol]), plain(entry, 5) if entry else ""])
    write_csv(folder, "instruments", [i.csv() for i in instruments], True)
    if ticks:
        write_csv(folder, "ticks", ticks, True)
    write_csv(folder, "accounts", [[a.name, a.mode, plain(a.cash, 2), a.multiplier, a.parent] for a in accounts], True)
    write_csv(folder, "positions", positions, True)
    if orders:
        write_csv(folder, "orders", orders, False)
    if settlements:
        write_csv(folder, "settlements", settlements, False)
    return len(positions)
