#!/usr/bin/python3
"""Converts one-minute candles of ten coins, 18-19 May 2021, to the book tests/data/books/may2021.

source: tooyipjee/freqtrade, ikuszka/hyperopt2 (one-minute candles of USDT pairs); accounts are generated
seed:   20210519
usage:  /usr/bin/python3 may2021.py --raw DIR [--from 2021-05-18T00:00Z --to 2021-05-20T00:00Z] [--out ../books/may2021]

The raw folder holds prices/2021-05-19/. See ../books/may2021/README.md for what is real and every convention.
"""
import argparse
import json
import os

from accounts import (Account, Draw, Instrument, calibrate_leverage, iso, plain, resting_orders, spread_net, states,
                      to_us, write_book)
from margin import Market, Model

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 20210519
# step of the perpetual, of the coin as collateral, weight in the generated open interest
COINS = {"AAVE": ("0.1", "0.01", 2), "ADA": ("1", "1", 8), "BCH": ("0.001", "0.001", 4), "BTC": ("0.001", "0.0001", 30),
         "DOGE": ("1", "1", 10), "DOT": ("0.1", "0.1", 4), "ETH": ("0.001", "0.001", 22), "LINK": ("0.01", "0.01", 4),
         "LTC": ("0.001", "0.001", 6), "XRP": ("0.1", "0.1", 10)}
COLLATERAL = ("BTC", "ETH", "BTC", "ETH", "LTC", "XRP", "ADA", "LINK")
CROSS, CARRY = 1830, 40


class Tape:
    """Close prices of the minutes that all ten coins have: before the window (entry prices) and inside."""

    def __init__(self, raw, start, end):
        closes = {}
        for coin in COINS:
            candles = json.load(open(os.path.join(raw, f"binance_{coin}_USDT-1m.json")))
            closes[coin] = {c[0] * 1000 + 60_000_000: c[4] for c in candles}   # a close is known when its minute ends
        common = sorted(set.intersection(*(set(c) for c in closes.values())))
        self.times = [t for t in common if start <= t <= end]
        self.before = [t for t in common if start - 86400 * 10**6 <= t < start]
        self.closes = closes

    def prices(self, time):
        at = {c: self.closes[c][time] for c in COINS}
        return {**at, **{c + "USDT": p for c, p in at.items()}}

    def rows(self):
        return [[iso(t), s, plain(p), "", "", "", ""] for t in self.times for s, p in self.prices(t).items()]


class Generator:
    def __init__(self, tape, market):
        self.draw, self.tape, self.market = Draw(SEED), tape, market
        self.accounts = {"all": [], "absorbers": []}
        self.weighted = [c for c, (_, _, weight) in COINS.items() for _ in range(weight)]

    def new(self, code, mode, parent=""):
        number = 1 + sum(a.name.startswith(code + "-") for a in self.accounts["all"])
        multiplier = self.draw.pick(("1.25", "1.5", "2")) if self.draw.random() < 0.02 else ""
        account = Account(f"{code}-{number:04d}", mode, parent, multiplier)
        self.accounts["all"].append(account)
        return account

    def entry(self, coin):
        """The close of some minute of the day before the window."""
        return self.tape.closes[coin][self.draw.pick(self.tape.before)]

    def trade(self, account, coin, dollars):
        step = self.market.instruments[coin + "USDT"].step
        lots = round(dollars / self.market.prices[coin] / step)
        if lots and coin + "USDT" not in account.positions:
            account.add(coin + "USDT", lots, self.entry(coin))

    def fund(self, account, leverage):
        """Cash, and for some also one to three coins as collateral."""
        d = self.draw
        coins = sorted(set(d.some(COLLATERAL, d.whole(1, 3)))) if d.random() < 0.4 else []
        calibrate_leverage(d, self.market, account, leverage, coins, d.uniform(0.2, 0.9))

    def cross(self):
        """Long books, short books, long-short pairs; six times out of ten the first leg is long."""
        d = self.draw
        for _ in range(CROSS):
            kind, size = d.random(), d.lognormal(150e3, 1.7)
            size *= 25 if d.random() < 0.06 else 1    # whales, in the upper tiers
            a = self.new("LONG" if kind < 0.45 else "SHORT" if kind < 0.6 else "PAIRS", "cross")
            for n in range(d.whole(1, 9)):
                side = 1 if kind < 0.45 else -1 if kind < 0.6 else (-1) ** n
                self.trade(a, d.pick(self.weighted), side * size * d.uniform(0.3, 1))
            if not a.positions:
                self.accounts["all"].remove(a)
                continue
            # Net exposure limits leverage: nobody dares much on one side, pairs carry more.
            self.fund(a, d.lognormal(1.15 if kind < 0.45 else 1.4 if kind < 0.6 else 1.7, 0.38))
            while d.random() < 0.38:
                b = self.new("ISO", "isolated", a.name)
                self.trade(b, d.pick(self.weighted), d.lognormal(3e3, 1.2) * (1 if d.random() < 0.55 else -1))
                if b.positions:
                    calibrate_leverage(d, self.market, b, d.lognormal(1.45, 0.4))
                else:
                    self.accounts["all"].remove(b)

    def carry(self):
        """Basis traders take the other side of every coin and hold the coins that they are short."""
        d = self.draw
        self.accounts["absorbers"] = [self.new("CARRY", "cross") for _ in range(CARRY)]
        for coin in COINS:
            spread_net(d, self.accounts, coin + "USDT", lambda: self.entry(coin))
        for a in self.accounts["absorbers"]:
            for coin in COINS:
                lots, _ = a.positions.get(coin + "USDT", (0, 0))
                if lots < 0:
                    part = d.uniform(0.85, 1) * self.market.instruments[coin + "USDT"].step
                    a.add(coin, round(-lots * part / self.market.instruments[coin].step))
            a.cash = 0.0
            equity, _, initial = self.market.evaluate(a)
            a.cash = round(max(1.1 * initial - equity, d.uniform(-0.1, 0.2) * equity), 2)


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("--raw", required=True)
    args.add_argument("--from", dest="start", default="2021-05-18T00:00Z")
    args.add_argument("--to", dest="end", default="2021-05-20T00:00Z")
    args.add_argument("--out", default=os.path.join(HERE, "..", "books", "may2021"))
    args.add_argument("--model", default=os.path.join(HERE, "..", "models", "bracketed.json"))
    args = args.parse_args()
    tape = Tape(os.path.join(args.raw, "prices", "2021-05-19"), to_us(args.start), to_us(args.end))
    instruments = [Instrument(c, "spot", c, steps[1]) for c, steps in COINS.items()]
    instruments += [Instrument(c + "USDT", "perpetual", c, steps[0]) for c, steps in COINS.items()]
    by_symbol, model = {i.symbol: i for i in instruments}, Model(args.model)
    market = Market(model, by_symbol, tape.prices(tape.times[0]), {}, tape.times[0], {})
    g = Generator(tape, market)
    g.cross()
    g.carry()
    accounts = g.accounts["all"]
    orders = resting_orders(g.draw, market, accounts, 300)
    count = write_book(args.out, {
        "name": "may2021", "description": "Ten USDT perpetuals through the crash of 19 May 2021, minute by minute",
        "settlement_currency": "USDT", "model": "../../models/bracketed.json",
        "source": "tooyipjee/freqtrade, ikuszka/hyperopt2; accounts generated, seed %d" % SEED,
    }, instruments, tape.rows(), accounts, orders, [])
    print(len(instruments), "instruments", len(tape.times), "ticks", len(accounts), "accounts", count, "positions",
          len(orders), "orders")
    for time in tape.times[::180] + [to_us("2021-05-19T13:10Z"), tape.times[-1]]:
        market = Market(model, by_symbol, tape.prices(time), {}, time, {})
        print(iso(time), market.prices["BTC"], states(market, accounts))


if __name__ == "__main__":
    main()
