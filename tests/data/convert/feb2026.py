#!/usr/bin/python3
"""Converts 16 snapshots of option chains, 4-7 February 2026, to the book tests/data/books/feb2026.

source: znmahbub/SVCJ-Deribit-Inverse-Options-Pricer @516b0cb0 (prices, vols, open interest); accounts are generated
seed:   20260205
usage:  /usr/bin/python3 feb2026.py --raw DIR [--out ../books/feb2026]

The raw folder holds deribit-2026-02/. See ../books/feb2026/README.md for what is real and every convention.
"""
import argparse
import bisect
import csv
import glob
import math
import os
import statistics
from decimal import Decimal

from accounts import (Account, Draw, Instrument, calibrate, calibrate_leverage, iso, plain, resting_orders,
                      spread_net, states, to_us, write_book)
from margin import Market, Model

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 20260205
OI_SCALE = 10                                    # positions carry 1/10 of the published open interest
OPTION_STEP = {"BTC": "0.1", "ETH": "1"}
COIN_STEP = {"BTC": "0.0001", "ETH": "0.001"}
PERP_DOLLARS = {"BTC": 10, "ETH": 1}             # contract size of the inverse futures and perpetuals
COINS = ("BTC", "ETH")


class Tape:
    """Everything published: ticks in order, instruments, first open interest."""

    def __init__(self, raw):
        perps = list(csv.DictReader(open(os.path.join(raw, "perpetual_futures_prices.csv"))))
        self.ticks, self.options, self.first_seen, self.forward_name = [], {}, {}, {}
        for path in sorted(glob.glob(os.path.join(raw, "deribit_options_snapshot_*.csv"))):
            rows = {r["instrument_name"]: r for r in csv.DictReader(open(path))}
            for name, row in sorted(rows.items()):
                self.options.setdefault(name, row)
                self.first_seen.setdefault(name, len(self.ticks))
                key = (row["currency"], to_us(row["expiry_datetime"]))
                known = self.forward_name.get(key, "SYN.")
                if known.startswith("SYN."):     # a listed future's name wins over the synthetic one
                    self.forward_name[key] = row["underlying_name"]
            self.ticks.append(self.tick(rows, [p for p in perps if p["snapshot_file"] == os.path.basename(path)]))
        start = self.ticks[0]["time"]
        self.past = {c: [float(p["perp_futures_mark_price"]) for p in perps if p["instrument_name"] == c + "-PERPETUAL"
                         and 0 <= start - to_us(p["obs_datetime"]) <= 7 * 86400 * 10**6] for c in COINS}

    def tick(self, rows, perps):
        time = {to_us(r["timestamp"]) for r in rows.values()}
        assert len(time) == 1 and len(perps) == 2
        index = {c: statistics.median_low([float(r["index_price"]) for r in rows.values() if r["currency"] == c])
                 for c in COINS}
        forwards = {}
        for r in rows.values():
            forwards.setdefault((r["currency"], to_us(r["expiry_datetime"])), []).append(float(r["futures_price"]))
        return {"time": time.pop(), "rows": rows, "index": index,
                "forward": {k: round(statistics.median_low(v), 4) for k, v in forwards.items()},
                "perp": {p["instrument_name"]: float(p["perp_futures_mark_price"]) for p in perps}}

    def settlements(self):
        """Index at expiry on a straight line between the snapshots around it; the published average is not given."""
        out = {}
        for coin, expiry in sorted(self.forward_name):
            for a, b in zip(self.ticks, self.ticks[1:]):
                if a["time"] < expiry <= b["time"]:
                    part = (expiry - a["time"]) / (b["time"] - a["time"])
                    out[coin, expiry] = round(a["index"][coin] * (1 - part) + b["index"][coin] * part, 2)
        return out

    def instruments(self):
        out = [Instrument(c, "spot", c, COIN_STEP[c]) for c in COINS]
        for c in COINS:
            out.append(Instrument(c + "-PERPETUAL", "perpetual", c, "1", settlement="coin",
                                  contract_size=PERP_DOLLARS[c]))
        for (c, expiry), name in sorted(self.forward_name.items()):
            if not name.startswith("SYN."):
                out.append(Instrument(name, "future", c, "1", expiry, settlement="coin", contract_size=PERP_DOLLARS[c]))
        for name, r in sorted(self.options.items(), key=lambda x: (x[1]["currency"], x[1]["expiry_datetime"],
                                                                   float(x[1]["strike"]), x[1]["option_type"])):
            key = (r["currency"], to_us(r["expiry_datetime"]))
            out.append(Instrument(name, "option", key[0], OPTION_STEP[key[0]], key[1], float(r["strike"]),
                                  r["option_type"] == "call", self.forward_name[key], "coin"))
        return out

    def prices(self, tick):
        """Underlyings, perpetuals, forwards: symbol -> price."""
        return {**tick["index"], **tick["perp"], **{self.forward_name[k]: v for k, v in tick["forward"].items()}}

    def rows(self):
        out = []
        for tick in self.ticks:
            time = iso(tick["time"])
            out += [[time, s, plain(p), "", "", "", ""] for s, p in self.prices(tick).items()]
            for name, r in sorted(tick["rows"].items()):
                mark = float(r["mark_price"]) * tick["index"][r["currency"]]
                out.append([time, name, plain(mark, 4), plain(float(r["implied_volatility"]), 6), "", "", ""])
        return out


class Generator:
    """Deals the scaled open interest to accounts of recognisable kinds."""

    def __init__(self, tape, instruments, markets):
        self.draw, self.tape, self.markets, self.market = Draw(SEED), tape, markets, markets[0]
        self.instruments = {i.symbol: i for i in instruments}
        self.accounts = {"all": [], "absorbers": []}
        self.left, self.shelf = {}, {}           # symbol -> [long, short] lots left; (coin, type, place) -> choice
        for name, row in sorted(tape.options.items()):
            i = self.instruments[name]
            lots = math.floor(Decimal(row["open_interest"]) / OI_SCALE / Decimal(i.step_text) + Decimal("0.5"))
            self.left[name] = [lots, lots]
            if tape.first_seen[name] == 0 and lots:
                self.put_on_shelf(i, lots)
        self.futures = {c: [s for s, i in self.instruments.items() if i.underlying == c and i.kind == "future"
                            and "20FEB" not in s] for c in COINS}   # that one was listed later

    def put_on_shelf(self, i, lots):
        years = (i.expiry_us - self.market.now_us) / 86400e6 / 365
        spread = self.market.vols[i.symbol] * math.sqrt(years)
        distance = math.log(i.strike / self.market.prices[i.forward]) / spread * (1 if i.is_call else -1)
        place = "atm" if abs(distance) < 0.5 else "otm" if 0.5 <= distance < 2.2 else "far"
        names, sums = self.shelf.setdefault((i.underlying, i.is_call, place), ([], []))
        names.append(i.symbol)
        sums.append((sums[-1] if sums else 0) + lots)

    def new(self, code, mode="portfolio", parent=""):
        number = 1 + sum(a.name.startswith(code + "-") for a in self.accounts["all"])
        multiplier = self.draw.pick(("1.25", "1.5", "2")) if self.draw.random() < 0.03 else ""
        account = Account(f"{code}-{number:04d}", mode, parent, multiplier)
        self.accounts["all"].append(account)
        return account

    def coin(self):
        return "BTC" if self.draw.random() < 0.6 else "ETH"

    def size(self, coin, median=4.0):
        """Coins; ETH sizes are 25 times as many."""
        return self.draw.lognormal(median * (1 if coin == "BTC" else 25), 1.4)

    def take(self, account, name, lots):
        """Trades lots (signed) of an option, at most half of what its side has left. Returns signed lots done."""
        side = 0 if lots > 0 else 1
        held = account.positions.get(name, (0, 0))[0]
        done = min(abs(lots), (self.left[name][side] + 1) // 2)
        if held * lots < 0 or not done:
            return 0
        self.left[name][side] -= done
        account.add(name, done if lots > 0 else -done)
        return done if lots > 0 else -done

    def option(self, account, coin, is_call, place, coins):
        """Trades about so many coins (signed) of one option drawn by open interest. Returns coins done."""
        names, sums = self.shelf[coin, is_call, place]
        name = names[bisect.bisect_right(sums, self.draw.random() * sums[-1])]
        step = self.instruments[name].step
        return self.take(account, name, int(math.copysign(max(1, round(abs(coins) / step)), coins))) * step

    def entry(self, symbol):
        """A mark of the last seven days of the perpetual, carried to the future by today's basis."""
        coin = self.instruments[symbol].underlying
        ratio = self.market.prices[symbol] / self.market.prices[coin + "-PERPETUAL"]
        return round(self.draw.pick(self.tape.past[coin]) * ratio, 2)

    def future(self, account, symbol, dollars):
        lots = round(dollars / self.instruments[symbol].contract_size)
        if lots:
            account.add(symbol, lots, self.entry(symbol))

    def clients(self):
        d = self.draw
        for _ in range(300):      # covered calls: coin held, calls sold against it, some bought on credit
            a, coin = self.new("COVERED"), self.coin()
            size, legs = self.size(coin), d.whole(1, 4)
            sold = -sum(self.option(a, coin, True, d.pick(("otm", "otm", "far", "atm")), -size / legs)
                        for _ in range(legs))
            a.add(coin, round(max(sold, 0.1) * d.uniform(1, 1.3) / self.instruments[coin].step))
            calibrate(d, self.market, a, 0.5, 0.8, loan=d.uniform(0, 0.62))
        for _ in range(300):      # puts sold, against cash or coin
            a, coin = self.new("PUTSELL"), self.coin()
            for _ in range(d.whole(1, 5)):
                self.option(a, coin, False, d.pick(("otm", "otm", "far", "atm")), -self.size(coin, 2))
            in_coin = d.random() < 0.4
            calibrate(d, self.market, a, 1.2, 0.8, coin=coin if in_coin else None, coin_share=d.uniform(0.3, 0.9))
        for _ in range(200):      # straddles and strangles sold
            a, coin = self.new("VOLSELL"), self.coin()
            for _ in range(d.whole(1, 4)):
                size, place = self.size(coin, 2), d.pick(("atm", "otm"))
                self.option(a, coin, True, place, -size)
                self.option(a, coin, False, place, -size)
            calibrate(d, self.market, a, 1.1, 0.7)
        for _ in range(250):      # options bought: nothing to lose but the premium
            a, coin = self.new("BUYER"), self.coin()
            for _ in range(d.whole(1, 6)):
                self.option(a, coin, d.random() < 0.55, d.pick(("otm", "far", "atm")), self.size(coin, 3))
            calibrate(d, self.market, a, 0.6, 0.8)
        for _ in range(250):      # spreads and risk reversals, some with a perpetual on top
            a, coin = self.new("SPREAD"), self.coin()
            for _ in range(d.whole(1, 4)):
                size, is_call = self.size(coin, 3), d.random() < 0.5
                self.option(a, coin, is_call, "atm", size)
                self.option(a, coin, is_call if d.random() < 0.7 else not is_call, "otm", -size)
            if d.random() < 0.3:
                self.future(a, coin + "-PERPETUAL", self.market.prices[coin] * self.size(coin, 1) * d.pick((1, 1, -1)))
            calibrate(d, self.market, a, 1.3, 0.7)
        for _ in range(100):      # relative-value funds: dozens of legs in both coins
            a = self.new("FUND")
            for _ in range(d.whole(15, 60)):
                coin = self.coin()
                self.option(a, coin, d.random() < 0.5, d.pick(("atm", "otm", "far")),
                            self.size(coin, 3) * d.pick((1, -1)))
            calibrate(d, self.market, a, 1.8, 0.6)
        for _ in range(500):      # directional perpetuals under portfolio margin; coin collateral doubles the bet
            a, coin = self.new("PERP"), self.coin()
            side = 1 if d.random() < 0.62 else -1
            self.future(a, coin + "-PERPETUAL", side * d.lognormal(250e3, 1.3))
            if d.random() < 0.2:
                self.future(a, d.pick(self.futures[coin]), side * d.lognormal(100e3, 1))
            in_coin = d.random() < 0.4
            calibrate(d, self.market, a, 1.6, 0.7, coin=coin if in_coin else None, coin_share=d.uniform(0.3, 0.9))

    def linear_clients(self):
        d = self.draw
        for _ in range(350):      # cross margin by leverage tiers
            a, coin = self.new("CROSS", "cross"), self.coin()
            for symbol in d.some([c + "-PERPETUAL" for c in COINS] + self.futures[coin][:3], d.whole(1, 2)):
                self.future(a, symbol, d.lognormal(60e3, 1.3) * (1 if d.random() < 0.6 else -1))
            coin_share = d.uniform(0.3, 1) if d.random() < 0.5 else 0
            calibrate_leverage(d, self.market, a, d.lognormal(2.2, 0.6), [coin], coin_share)
            while d.random() < 0.4:   # retail, one perpetual each
                b = self.new("ISO", "isolated", a.name)
                self.future(b, self.coin() + "-PERPETUAL", d.lognormal(8e3, 1.2) * (1 if d.random() < 0.6 else -1))
                calibrate_leverage(d, self.market, b, d.lognormal(3.3, 0.55))

    def makers(self):
        """40 market makers share what is left of every option, hedge their delta, and are well funded."""
        d, group = self.draw, [self.new("MM") for _ in range(40)]
        convexity = {a.name: 0.0 for a in group}
        for name, (longs, shorts) in sorted(self.left.items()):
            if self.tape.first_seen[name] or not longs + shorts:
                continue
            row, step = self.market.row(name), self.instruments[name].step
            count = max(2, min(12, (longs + shorts) // 4 + 2))
            chosen = sorted(d.some(group, count), key=lambda a: convexity[a.name])
            half = max(1, min(count - 1, round(count * longs / (longs + shorts))))
            for side, some, lots in ((1, chosen[:half], longs), (-1, chosen[half:], shorts)):
                for account, part in zip(some, d.parts(lots, len(some))):
                    account.add(name, side * part)
                    convexity[account.name] += side * part * step * (row[2] + row[24] - 2 * row[0])  # at +18 and -18 %
            self.left[name] = [0, 0]
        for a in group:
            for coin in COINS:
                held = [self.instruments[s] for s in a.positions]
                delta = sum(a.positions[i.symbol][0] * i.step * self.market.row(i.symbol)[1] for i in held
                            if i.kind == "option" and i.underlying == coin)
                symbols = [coin + "-PERPETUAL"] * 2 + d.some(self.futures[coin], 2)
                for symbol, share in zip(symbols, (0.4, 0.2, 0.25, 0.15)):
                    self.future(a, symbol, -delta * share * d.uniform(0.95, 1.05))
            calibrate(d, self.market, a, 1.5, 0.5, coin=self.coin(), coin_share=d.uniform(0, 0.4), weak=0)

    def absorbers(self):
        """Basis traders: the other side of every future and perpetual, with the coin held against what is short."""
        d = self.draw
        self.accounts["absorbers"] = [self.new("BASIS") for _ in range(80)]
        for coin in COINS:
            for symbol in [coin + "-PERPETUAL"] + self.futures[coin]:
                spread_net(d, self.accounts, symbol, lambda: self.entry(symbol))
        for a in self.accounts["absorbers"]:
            for coin in COINS:
                dollars = sum(lots * self.instruments[s].contract_size for s, (lots, _) in a.positions.items()
                              if self.instruments[s].underlying == coin)
                if dollars < 0:
                    coins = -dollars / self.market.prices[coin] * d.uniform(0.9, 1)
                    a.add(coin, round(coins / self.instruments[coin].step))
            calibrate(d, self.market, a, 1.0, 0.7, loan=d.uniform(0, 0.5), weak=0)

    def newcomers(self):
        """Options listed later: their open interest sits with accounts that hold nothing older, four per listing."""
        for tick in range(1, len(self.markets)):
            names = [n for n, t in sorted(self.tape.first_seen.items()) if t == tick and self.left[n][0]]
            group = [self.new("LISTING") for _ in range(4)] if names else []
            for name in names:
                buyer, seller = self.draw.some(group, 2)
                buyer.add(name, self.left[name][0])
                seller.add(name, -self.left[name][1])
            for a in [a for a in group if not a.positions]:
                self.accounts["all"].remove(a)
            for a in [a for a in group if a.positions]:
                calibrate(self.draw, self.markets[tick], a, 1.5, 0.4, weak=0)


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("--raw", required=True)
    args.add_argument("--out", default=os.path.join(HERE, "..", "books", "feb2026"))
    args.add_argument("--model", default=os.path.join(HERE, "..", "models", "portfolio.json"))
    args = args.parse_args()
    tape = Tape(os.path.join(args.raw, "deribit-2026-02"))
    instruments, settlements, model = tape.instruments(), tape.settlements(), Model(args.model)
    by_symbol = {i.symbol: i for i in instruments}
    markets = []
    for tick in tape.ticks:
        vols = {n: float(r["implied_volatility"]) for n, r in tick["rows"].items()}
        markets.append(Market(model, by_symbol, tape.prices(tick), vols, tick["time"], settlements))
    g = Generator(tape, instruments, markets)
    for step in (g.clients, g.linear_clients, g.makers, g.absorbers, g.newcomers):
        step()
    accounts = g.accounts["all"]
    orders = resting_orders(g.draw, markets[0], [a for a in accounts if not a.name.startswith("LISTING")], 400)
    count = write_book(args.out, {
        "name": "feb2026",
        "description": "Bitcoin and ether options, futures and perpetuals through the crash of 4-7 February 2026",
        "settlement_currency": "USD", "model": "../../models/portfolio.json",
        "source": "znmahbub/SVCJ-Deribit-Inverse-Options-Pricer @516b0cb0; accounts generated, seed %d" % SEED,
    }, instruments, tape.rows(), accounts, orders,
        [[c, iso(e), plain(p)] for (c, e), p in sorted(settlements.items())])
    print(len(instruments), "instruments", len(markets), "ticks", len(accounts), "accounts", count, "positions",
          len(orders), "orders")
    for market in markets:
        print(iso(market.now_us), market.prices["BTC"], states(market, accounts))


if __name__ == "__main__":
    main()
