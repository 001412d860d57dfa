#!/usr/bin/python3
"""Converts one-minute candles of BTC in three quote currencies on two venues, 10-13 March 2023, to
tests/data/prices/usdc2023.csv.zst.

source: cl8550-crypto/iaqf_analysis (candles of Binance.US and Kraken)
usage:  /usr/bin/python3 usdc2023.py --raw DIR [--out ../prices/usdc2023.csv.zst]

The raw folder holds prices/2023-03-usdc-depeg/. Values are unchanged. A row is a minute that ends at
`minute` (minutes since 1970); of each market its highest, lowest and last price, empty where nothing
was traded: usd, usdt and usdc on Binance.US, and BTC/USDC on Kraken.
"""
import argparse
import csv
import datetime
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
FIRST = datetime.datetime(2023, 3, 10, tzinfo=datetime.timezone.utc)
DAYS = 4
MARKETS = {"usd": "binanceus_BTCUSD", "usdt": "binanceus_BTCUSDT", "usdc": "binanceus_BTCUSDC", "kraken_usdc": "kraken_BTCUSDC"}


def candles(path):
    """End of the minute -> (high, low, close) as written, of the minutes with trades."""
    found = {}
    for row in csv.reader(open(path)):
        if row[0] == "open_time" or float(row[5]) == 0:
            continue
        start = int(row[0]) if row[0].isdigit() else int(datetime.datetime.fromisoformat(row[0]).timestamp())
        found[start // 60 + 1] = row[2:5]
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--raw", required=True)
    parser.add_argument("--out", default=os.path.join(HERE, "../prices/usdc2023.csv.zst"))
    options = parser.parse_args()
    folder = os.path.join(options.raw, "prices/2023-03-usdc-depeg")
    markets = {m: candles(os.path.join(folder, f"{name}_1m_20230301_20230321.csv")) for m, name in MARKETS.items()}
    lines = ["minute," + ",".join(f"{m}_high,{m}_low,{m}" for m in MARKETS)]
    first = int(FIRST.timestamp()) // 60 + 1
    for minute in range(first, first + DAYS * 1440):
        cells = [cell for m in MARKETS for cell in markets[m].get(minute, ("", "", ""))]
        lines.append(",".join([str(minute), *cells]))
    text = "".join(line + "\n" for line in lines)
    subprocess.run(["zstd", "-19", "-q", "-f", "-o", options.out], input=text.encode(), check=True)


if __name__ == "__main__":
    main()
