#!/usr/bin/python3
"""Makes btc-2020-05-21.csv.gz from the published chain: the columns that tests/oracle/deribit reads, values unchanged.

source: options_data.csv of schepal/deribit_data_collector @8c22e83d (BTC options of Deribit, 21 May 2020)
usage:  convert.py options_data.csv > btc-2020-05-21.csv.gz
"""
import ast
import csv
import gzip
import io
import sys

COLUMNS = ("instrument_name", "option_type", "strike", "expiration_timestamp", "timestamp", "underlying_price",
           "index_price", "interest_rate", "mark_iv", "mark_price")
GREEKS = ("delta", "gamma", "vega", "theta", "rho")


def main(path):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS + GREEKS)
    with open(path, newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            greeks = ast.literal_eval(row["greeks"])
            writer.writerow([row[c] for c in COLUMNS] + [greeks[g] for g in GREEKS])
    sys.stdout.buffer.write(gzip.compress(text.getvalue().encode(), 9, mtime=0))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: convert.py options_data.csv > btc-2020-05-21.csv.gz")
    main(sys.argv[1])
