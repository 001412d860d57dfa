#!/usr/bin/python3
"""Converts one-minute candles of BTC in three quote currencies on two venues, 10-13 March 2023, to the book
tests/data/books/usdc2023.

source: cl8550-crypto/iaqf_analysis (candles of Binance.US and Kraken); accounts are generated
seed:   20230310
usage:  /usr/bin/python3 usdc2023.py --raw DIR [--out ../books/usdc2023]

The raw folder holds prices/2023-03-usdc-depeg/. See ../books/usdc2023/README.md for what is real.
"""
import argparse
import csv
import datetime
import math
import os
from decimal import Decimal

from accounts import (Account, Draw, Instrument, calibrate_leverage, hold_coin, iso, plain, spread_net, states, write_book,
                      write_csv)
from margin import Market, Model

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 20230310
FIRST = datetime.datetime(2023, 3, 10, tzinfo=datetime.timezone.utc)
DAYS = 4
# source -> venue, what BTC is quoted in there
MARKETS = {"binanceus_BTCUSD": ("Binance.US", "USD"), "binanceus_BTCUSDT": ("Binance.US", "USDT"),
           "binanceus_BTCUSDC": ("Binance.US", "USDC"), "kraken_BTCUSDC": ("Kraken", "USDC")}
DOLLARS = "binanceus_BTCUSD"
TRADERS, MAKERS, BORROWERS = 420, 12, 60


def candles(path):
    """End of the minute -> (high, low, close) as written, of the minutes with trades."""
    found = {}
    for row in csv.reader(open(path)):
        if row[0] == "open_time" or float(row[5]) == 0:
            continue
        start = int(row[0]) if row[0].isdigit() else int(datetime.datetime.fromisoformat(row[0]).timestamp())
        found[start // 60 + 1] = row[2:5]
    return found


def reports(markets, first):
    """The close of each minute with trades, known when it ends; as sure as half of the minute's range."""
    rows = []
    for minute in range(first, first + DAYS * 1440):
        for source, found in markets.items():
            if minute in found:
                high, low, close = found[minute]
                half = (Decimal(high) - Decimal(low)) / 2
                rows.append([iso(minute * 60 * 10**6), source, close, plain(half) if half else "", ""])
    return rows


def sources():
    """BTC in every market, and the quote currencies as crosses: BTC/USD over BTC in that currency."""
    rows = [[name, "BTC", venue, quote, "", ""] for name, (venue, quote) in MARKETS.items()]
    return rows + [[f"{name}_cross", quote, venue, "USD", DOLLARS, name]
                   for name, (venue, quote) in MARKETS.items() if quote != "USD"]


def trade(draw, market, accounts, entries):
    """One-sided books in the perpetual; half of them with USDC as part of their collateral."""
    for n in range(TRADERS):
        side = 1 if draw.random() < 0.5 else -1
        a = Account(f"{'LONG' if side > 0 else 'SHORT'}-{n + 1:04d}", "cross")
        dollars = draw.lognormal(60e3, 1.3)
        a.add("BTC-PERP", side * max(1, round(dollars / market.prices["BTC"] / market.instruments["BTC-PERP"].step)),
              draw.pick(entries))
        coins = ["USDC"] if draw.random() < 0.5 else []
        calibrate_leverage(draw, market, a, draw.lognormal(4.5, 0.6), coins, draw.uniform(0.3, 1))
        accounts["all"].append(a)


def borrow(draw, market, accounts):
    """Loans of dollars against USDC, as far as the initial requirement allows: in danger by the price of USDC alone."""
    for n in range(BORROWERS):
        a = Account(f"LOAN-{n + 1:03d}", "cross")
        dollars = draw.lognormal(80e3, 1)
        hold_coin(market, a, "USDC", dollars)
        a.cash = -math.floor(dollars * draw.uniform(0.55, 0.79) * 100) / 100
        accounts["all"].append(a)


def make(market, accounts, draw, entries):
    accounts["absorbers"] = [Account(f"MAKER-{n + 1:02d}", "cross") for n in range(MAKERS)]
    spread_net(draw, accounts, "BTC-PERP", lambda: draw.pick(entries))
    for a in accounts["absorbers"]:
        if a.positions:
            calibrate_leverage(draw, market, a, 1.5)
            accounts["all"].append(a)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--raw", required=True)
    parser.add_argument("--out", default=os.path.join(HERE, "../books/usdc2023"))
    parser.add_argument("--model", default=os.path.join(HERE, "../models/bracketed.json"))
    options = parser.parse_args()
    folder = os.path.join(options.raw, "prices/2023-03-usdc-depeg")
    markets = {name: candles(os.path.join(folder, f"{name}_1m_20230301_20230321.csv")) for name in MARKETS}
    first = int(FIRST.timestamp()) // 60 + 1
    entries = [float(markets[DOLLARS][m][2]) for m in range(first - 1440, first) if m in markets[DOLLARS]]
    instruments = [Instrument("USDT", "spot", "USDT", "0.01"), Instrument("USDC", "spot", "USDC", "0.01"),
                   Instrument("BTC-PERP", "perpetual", "BTC", "0.0001")]
    by_symbol, model, draw = {i.symbol: i for i in instruments}, Model(options.model), Draw(SEED)
    bitcoin = float(markets[DOLLARS][first][2])
    prices = {"USDT": 1.0, "USDC": 1.0, "BTC": bitcoin, "BTC-PERP": bitcoin}
    market = Market(model, by_symbol, prices, {}, first * 60 * 10**6, {})
    accounts = {"all": [], "absorbers": []}
    trade(draw, market, accounts, entries)
    make(market, accounts, draw, entries)
    borrow(draw, market, accounts)
    write_book(options.out, {
        "name": "usdc2023", "description": "The week in which USDC lost its peg: BTC in three quote currencies on two "
        "venues, fused, minute by minute, 10 to 13 March 2023",
        "settlement_currency": "USD", "model": "../../models/bracketed.json",
        "source": "cl8550-crypto/iaqf_analysis; accounts generated, seed %d" % SEED,
    }, instruments, [], accounts["all"], [], [])
    rows = reports(markets, first)
    write_csv(options.out, "sources", sources(), False)
    write_csv(options.out, "reports", rows, True)
    print(len(rows), "reports", len(accounts["all"]), "accounts", states(market, accounts["all"]))


if __name__ == "__main__":
    main()
