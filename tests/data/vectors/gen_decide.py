#!/usr/bin/python3
"""Writes decide.csv: references of host/decide by mpmath, 60 digits, and by fractions.

    gen_decide.py

Columns: kind, then up to four figures:
  weight   elapsed_us, half_life_us, 1 - 2^(-elapsed / half_life) in 2^-62
  rules    bar_us, half_life_us: a new path of ticks
  tick     time_us, price
  vol      by returns, by ranges: per year in 2^-40, of the path until here (the bar under way does not count)
  target   volatility and multiple in 2^-40, horizon_us, multiple * volatility * sqrt(horizon / year) in 2^-40
  hold     time_us, value: the value from then on, of an average with a half-life of 10 s; the first starts it;
           a time of -1 ends it
  average  time_us, what it is there
"""
import os
import random

from mpmath import mp, mpf

mp.dps = 60
HERE = os.path.dirname(os.path.abspath(__file__))
YEAR_US = 365 * 86400 * 10**6
SECOND_US = 10**6
draw = random.Random(20230311)
lines = ["kind,a,b,c,d"]


def write(*cells):
    lines.append(",".join([*map(str, cells), "", "", "", ""][:5]))


def nearest(x):
    return int(mp.floor(x + mpf(1) / 2))


def weight(elapsed, half_life):
    return 1 - mpf(2) ** (-mpf(elapsed) / half_life)


def volatility(ticks, bar_us, half_life_us):
    """Both variances as docs/decide/volatility.md says, from the ticks themselves."""
    bars, before = [], None
    for time, price in ticks:
        if not bars or bars[-1]["number"] != time // bar_us:
            first = price if before is None else before
            bars.append({"number": time // bar_us, "prices": [first]})
        bars[-1]["prices"].append(price)
        before = price
    returned = ranged = mpf(0)
    for n, bar in enumerate(bars[:-1]):
        p = bar["prices"]
        w = max(weight(bar_us, half_life_us), mpf(1) / (n + 1))
        returned += (mp.log(mpf(p[-1]) / p[0]) ** 2 - returned) * w
        ranged += (mp.log(mpf(max(p)) / min(p)) ** 2 / (4 * mp.log(2)) - ranged) * w
    scale = mpf(YEAR_US) / bar_us
    return [nearest(mp.sqrt(v * scale) * 2**40) for v in (returned, ranged)]


def weights():
    for elapsed, half_life in [(0, 1), (1, 1), (61, 1), (62, 1), (1, 1800 * SECOND_US), (1, 2**50), (1000, 3600 * SECOND_US)]:
        write("weight", elapsed, half_life, nearest(weight(elapsed, half_life) * 2**62))
    for _ in range(60):
        half_life = draw.randrange(1, 2 ** draw.randrange(1, 50))
        elapsed = draw.randrange(0, half_life * 2 ** draw.randrange(0, 6) + 1)
        write("weight", elapsed, half_life, nearest(weight(elapsed, half_life) * 2**62))


def paths():
    for bar_s, half_life_s, count, step in ((300, 86400, 200, 0.002), (60, 600, 200, 0.01), (1, 30, 100, 0.0001), (300, 3600, 100, 0.05)):
        time, price = 1_678_406_400 * SECOND_US + draw.randrange(SECOND_US), 2_000_000
        ticks = []
        write("rules", bar_s * SECOND_US, half_life_s * SECOND_US)
        for _ in range(count):
            ticks.append((time, price))
            write("tick", time, price)
            time += draw.randrange(bar_s * SECOND_US // 2) * (20 if draw.random() < 0.02 else 1)
            price = max(1, int(price * (1 + draw.gauss(0, step))))
        write("vol", *volatility(ticks, bar_s * SECOND_US, half_life_s * SECOND_US))


def targets():
    for _ in range(20):
        vol, multiple = draw.randrange(2**36, 3 * 2**40), draw.randrange(2**40, 8 * 2**40)
        horizon = draw.randrange(60, 30 * 86400) * SECOND_US
        write("target", vol, multiple, horizon, nearest(mpf(vol) * multiple / 2**40 * mp.sqrt(mpf(horizon) / YEAR_US)))


def averages():
    for _ in range(4):
        time, average, held = draw.randrange(10**15), None, None
        for _ in range(15):
            value = draw.randrange(1, 2 ** draw.randrange(2, 51))
            average = mpf(value) if average is None else average
            write("hold", time, value)
            elapsed = draw.randrange(30 * SECOND_US)
            average += (value - average) * weight(elapsed, 10 * SECOND_US)
            time += elapsed
            write("average", time, nearest(average))
        write("hold", -1, 0)


weights()
paths()
targets()
averages()
with open(os.path.join(HERE, "decide.csv"), "w", encoding="ascii") as out:
    out.write("".join(line + "\n" for line in lines))
