#!/usr/bin/python3
"""Writes the CSV vectors in this folder: published option figures in forward form, and references
of the host's integer functions.

    gen_vectors.py --haug haug_european.csv --vollib test_data.json
    gen_vectors.py --fixmath

Published figures are for the spot model with cost of carry b: F = S e^(bT), D = e^(-rT). A Greek in
S becomes the one in F: delta and gamma divide by e^(bT) and e^(2bT), theta gains b F delta_F; value,
vega and the spot model's rho stay. The tolerance is what the published digits leave open.
"""
import argparse
import csv
import json
import os
import random

from mpmath import mp, mpf

mp.dps = 60
HERE = os.path.dirname(os.path.abspath(__file__))
HEADER = "quantity,is_call,F,K,T_years,sigma,r,expected,tolerance,source"
HAUG_TOLERANCE = mpf("1e-4")   # four decimals; the book's 1.8734 (haug:299) is 1.87334 exactly


def delta_forward(f, k, t, sigma, r, is_call):
    d1 = mp.log(f / k) / (sigma * mp.sqrt(t)) + sigma * mp.sqrt(t) / 2
    return mp.exp(-r * t) * (mp.ncdf(d1) - (0 if is_call else 1))


def row(quantity, is_call, s, k, t, sigma, r, b, expected, tolerance, source):
    """One line, converted; None for a figure that is no output of the engine."""
    growth = mp.exp(b * t)
    f = s * growth
    if quantity == "delta":
        expected, tolerance = expected / growth, tolerance / growth
    elif quantity == "gamma":
        expected, tolerance = expected / growth**2, tolerance / growth**2
    elif quantity == "theta per day":
        quantity, expected, tolerance = "theta", expected * 365, tolerance * 365
    elif quantity == "dividendRho":    # -T F delta
        quantity, expected, tolerance = "delta", -expected / (t * f), tolerance / (t * f)
    elif quantity == "elasticity":     # delta_S S / value
        return None
    if quantity == "theta":
        expected += b * f * delta_forward(f, k, t, sigma, r, is_call)
    numbers = [mp.nstr(x, n) for x, n in ((f, 22), (k, 22), (t, 22), (sigma, 22), (r, 22),
                                          (expected, 15), (tolerance, 3))]
    return ",".join([quantity, str(int(is_call))] + numbers + [source])


def haug_rows(path):
    for x in csv.DictReader(open(path, newline="", encoding="utf-8")):
        s, k, q, r, t, sigma = (mpf(x[n]) for n in ("spot", "strike", "q", "r", "t", "vol"))
        yield row(x["quantity"], x["type"] == "Call", s, k, t, sigma, r, r - q, mpf(x["expected"]),
                  HAUG_TOLERANCE, "haug:%s" % x["quantlib_line"])


def vollib_tolerance(x):
    if x == 0 or abs(x) > 1e-11:       # nine decimals, or nine digits of a larger number
        leading = int(mp.floor(mp.log10(abs(x) or 1)))
        return max(mpf("5.1e-10"), mpf("0.51") * mpf(10) ** (leading - 8))
    return abs(x) * mpf("5.1e-6")      # six digits


def vollib_rows(path):
    table = json.load(open(path, encoding="utf-8"), parse_float=str)
    at = {name: i for i, name in enumerate(table["columns"])}
    columns = (("value", 1, "bs_call"), ("value", 0, "bs_put"), ("delta", 1, "CD"),
               ("gamma", 1, "CG"), ("theta", 1, "CT"), ("vega", 1, "CV"), ("rho", 1, "CR"),
               ("delta", 0, "PD"), ("theta", 0, "PT"), ("rho", 0, "PR"))
    for index in list(range(0, 3)) + list(range(5, 101, 5)):
        x = table["data"][index]
        s, k, r, t, sigma = (mpf(x[at[n]]) for n in ("S", "K", "R", "t", "v"))
        for quantity, is_call, column in columns:
            expected = mpf(x[at[column]])
            yield row(quantity, is_call, s, k, t, sigma, r, r, expected, vollib_tolerance(expected),
                      "vollib:%d:%s" % (index, column))


def mantissa_62(x):
    """x = m * 2^(e-62), m in [2^61, 2^62), rounded."""
    e = int(mp.floor(mp.log(x, 2))) + 1
    m = int(mp.nint(mp.ldexp(x, 62 - e)))
    return (m >> 1, e + 1) if m >> 62 else (m, e)


def fixmath_rows():
    rng = random.Random(1976)
    wide = lambda: rng.randrange(1, 1 << rng.randrange(1, 65))
    signed = lambda bits: rng.choice((-1, 1)) * rng.randrange(1 << rng.randrange(1, bits))
    year = 31536000000000
    ratios = [(1, 1), (1, 2), (3, 1), (2**64 - 1, 1), (1, 2**64 - 1), (2**64 - 1, 2**64 - 2),
              (60000000, year), (1, year), (10 * year, year), (2**63, 3), (4, 9)]
    ratios += [(wide(), wide()) for _ in range(50)]
    exps = [0, 1, -1, 1 << 48, -(1 << 48), 195103586505167, 195103586505168, 2**63 - 1, -2**63,
            1 << 62]
    exps += [signed(63) for _ in range(60)]
    powers = [(30, 7, 1 << 40), (30, 365, 1 << 39), (30, 1, 329853488333), (1, 1, 63 << 40),
              (2, 1, -(63 << 40)), (10, 9, 0)]
    powers += [(wide(), wide(), signed(46)) for _ in range(60)]
    for num, den in ratios:
        q = mpf(num) / den
        yield ("ratio", num, den, 0) + mantissa_62(q)
        yield ("sqrt", num, den, 0) + mantissa_62(mp.sqrt(q))
        ln = mp.log(q)
        yield "ln_q48", num, den, 0, int(mp.sign(ln) * mp.floor(abs(ln) * 2**48 + 0.5)), 0
    for x in exps:
        yield ("exp", x, 0, 0) + mantissa_62(mp.exp(mpf(x) / 2**48))
        yield ("exp_neg", x, 0, 0) + mantissa_62(mp.exp(-mpf(x) / 2**48))
    for num, den, p in powers:
        yield ("pow", num, den, p) + mantissa_62((mpf(num) / den) ** (mpf(p) / 2**40))


def write(name, lines):
    with open(os.path.join(HERE, name), "w", encoding="ascii") as f:
        f.write("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--haug", help="QuantLib's figures of Haug's book, as CSV")
    parser.add_argument("--vollib", help="py_vollib's test_data.json")
    parser.add_argument("--fixmath", action="store_true", help="write fixmath.csv")
    args = parser.parse_args()
    if args.haug:
        write("haug.csv", [HEADER] + [r for r in haug_rows(args.haug) if r])
    if args.vollib:
        write("vollib.csv", [HEADER] + list(vollib_rows(args.vollib)))
    if args.fixmath:
        write("fixmath.csv", ["function,a,b,c,m62,e"] +
              [",".join(str(x) for x in r) for r in fixmath_rows()])


if __name__ == "__main__":
    main()
