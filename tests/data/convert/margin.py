#!/usr/bin/python3
"""Approximate margin in float64, to calibrate generated accounts. Not the reference: that is the C model.

source: the portfolio-margin model of the published cases (derivexyz/v2-core @77369003), restated; confidences and the
        stablecoin's price are taken as 1, resting orders are ignored
seed:   none
usage:  imported by accounts.py
"""
import json
import math

YEAR_US = 365 * 86400 * 10**6
DAY_US = 86400 * 10**6
UNDERLYING_KEYS = {
    "scenarios": None, "loss_factor": {"mm": 1, "im": 1}, "basis": {"up": 1, "down": 1, "add": 0, "mult": 0},
    "vol_shock": {"up": 0, "down": 0, "min_up": 0, "short_term_power": 0, "long_term_power": 0, "dte_floor": 1},
    "skew": {"linear_cap": 0, "linear_cbase": 0, "abs_cap": 0, "abs_cbase": 0, "min_k_star": 0.01,
             "min_width_scale": 4, "vol_static": 0.6, "vol_scale": -0.1},
    "static_discount": {"enabled": False}, "naked_short": {"mm": 0, "im": 0}, "settlement_averaging_s": 0}


def normal(x):
    return 0.5 * math.erfc(-x * 0.7071067811865476)


def black(forward, strike, years, vol, is_call):
    """Undiscounted Black-76; intrinsic at expiry or without vol."""
    if years <= 0 or vol <= 0:
        return max(forward - strike if is_call else strike - forward, 0.0)
    spread = vol * math.sqrt(years)
    d1 = math.log(forward / strike) / spread + spread / 2
    if is_call:
        return forward * normal(d1) - strike * normal(d1 - spread)
    return strike * normal(spread - d1) - forward * normal(-d1)


class Model:
    def __init__(self, path):
        self.json = json.load(open(path))

    def underlying(self, name):
        given = self.json["underlyings"]
        return {**UNDERLYING_KEYS, **given["default"], **given.get(name, {})}

    def table(self, name):
        return self.json["scenarios"].get(self.underlying(name)["scenarios"], [])

    def rates(self, kind, underlying, mode, side):
        classes = self.json["classes"]
        return classes.get(f"{kind}:{underlying}", classes[kind])[mode].get(side)

    def requirement(self, rates, notional):
        """(mm, im) of a notional by a flat rate or a bracket table."""
        if isinstance(rates, str):
            rows = self.json["brackets"][rates]
            return tuple(max(notional * r[k + "_rate"] - r[k + "_cum"] for r in rows) for k in ("mm", "im"))
        return notional * rates["mm"], notional * rates["im"]


class Market:
    """All instruments at one tick. instruments: symbol -> Instrument (accounts.py); prices, vols: symbol -> float;
    settled: (underlying, expiry) -> settlement price of what has expired."""

    def __init__(self, model, instruments, prices, vols, now_us, settled):
        self.model, self.instruments, self.prices, self.vols = model, instruments, prices, vols
        self.now_us, self.settled, self.rows = now_us, settled, {}

    def row(self, symbol):
        """Option: [value, delta, value in each scenario..., basis up, basis down] per contract; else (value unit)."""
        if symbol not in self.rows:
            self.rows[symbol] = self.option_row(self.instruments[symbol])
        return self.rows[symbol]

    def option_row(self, i):
        u, seconds = self.model.underlying(i.underlying), (i.expiry_us - self.now_us) / 1e6
        spot, forward = self.prices[i.underlying], self.prices[i.forward]
        vol, years, days = self.vols[i.symbol], seconds / 86400 / 365, seconds / 86400
        moving = min(1, seconds / u["settlement_averaging_s"]) if u["settlement_averaging_s"] else 1
        unit = i.contract_size * (spot / forward if i.settlement == "coin" else 1)
        v, s = u["vol_shock"], u["skew"]
        term = 30 / max(days, v["dte_floor"])
        term **= v["short_term_power"] if days <= 30 else v["long_term_power"]
        root, log_k = math.sqrt(years), math.log(i.strike / forward)
        k_star = max(s["min_k_star"], root * s["min_width_scale"] * (s["vol_static"] + root * s["vol_scale"]))

        def shocked_vol(rule):
            if rule == "up":
                return max(v["min_up"], vol * (1 + v["up"] * term))
            if rule == "down":
                return vol * max(0, 1 - v["down"] * term)
            if rule == "none":
                return vol
            k, cap = abs(log_k) if rule == "abs" else log_k, s[rule + "_cbase"] * root + s[rule + "_cap"]
            y = k * cap / k_star
            return vol * max(0, 1 + (min(y, cap) if k >= 0 else max(y, -cap)))

        def value(shock, rule):
            shifted = forward * (1 - moving + moving * shock)
            return unit * black(shifted, i.strike, years, shocked_vol(rule), i.is_call)

        base = value(1, "none")
        out = [base, (value(1.001, "none") - base) / 0.001]
        out += [value(x["shock"], x["vol"]) for x in self.model.table(i.underlying)]
        return out + [value(u["basis"]["up"], "none"), value(u["basis"]["down"], "none")]

    def linear_value(self, i, quantity, entry):
        """(value, dollar delta, notional) of a spot coin, perpetual or future."""
        spot = self.prices[i.underlying]
        if i.kind == "spot":
            value = quantity * self.prices[i.symbol]
            return value, value, abs(value)
        expired = i.expiry_us is not None and i.expiry_us <= self.now_us
        mark = self.settled[(i.underlying, i.expiry_us)] if expired else self.prices[i.symbol]
        if i.settlement == "coin":
            dollars = quantity * i.contract_size
            return dollars * (1 / entry - 1 / mark) * spot, dollars / entry * spot, abs(dollars)
        size = quantity * i.contract_size
        return size * (mark - entry), size * mark, abs(size) * mark

    def evaluate(self, account):
        """(equity, maintenance requirement, initial requirement); None where something held is not priced yet."""
        equity, mm, im = account.cash, 0.0, 0.0
        groups, linear, naked = {}, {}, {}
        portfolio = account.mode == "portfolio"
        for symbol, (lots, entry) in account.positions.items():
            i = self.instruments[symbol]
            quantity = lots * i.step
            expired = i.expiry_us is not None and i.expiry_us <= self.now_us
            if i.kind == "option":
                if expired:
                    fixed = self.settled[(i.underlying, i.expiry_us)]
                    paid = max(fixed - i.strike if i.is_call else i.strike - fixed, 0)
                    equity += quantity * i.contract_size * paid / (fixed if i.settlement == "coin" else 1) * (
                        self.prices[i.underlying] if i.settlement == "coin" else 1)
                    continue
                if symbol not in self.vols or i.forward not in self.prices:
                    return None
                row = self.row(symbol)
                equity += quantity * row[0]
                if portfolio:
                    key = (i.underlying, i.expiry_us)
                    old = groups.get(key)
                    groups[key] = [a + quantity * b for a, b in zip(old, row)] if old else [quantity * b for b in row]
                    key = (i.underlying, i.expiry_us, i.strike)
                    naked[key] = naked.get(key, 0) + quantity * i.contract_size
                    continue
                notional = abs(quantity) * i.contract_size * self.prices[i.underlying]
            else:
                if i.symbol not in self.prices and not expired:
                    return None
                value, delta, notional = self.linear_value(i, quantity, entry)
                equity += value
                if expired:
                    continue
                scenario = i.kind != "spot" or i.symbol == i.underlying and i.symbol in ("BTC", "ETH")
                if portfolio and scenario:
                    linear[i.underlying] = linear.get(i.underlying, 0) + delta
            rates = self.model.rates(i.kind, i.underlying, "portfolio" if portfolio else "linear",
                                     "long" if quantity > 0 else "short")
            add_mm, add_im = self.model.requirement(rates, notional)
            mm, im = mm + add_mm, im + add_im
        for (underlying, _, _), quantity in naked.items():
            if quantity < 0:
                rate = self.model.underlying(underlying)["naked_short"]
                mm -= quantity * self.prices[underlying] * rate["mm"]
                im -= quantity * self.prices[underlying] * rate["im"]
        for underlying in sorted({k[0] for k in groups} | set(linear)):
            worst = self.worst(underlying, groups, linear.get(underlying, 0))
            factor = self.model.underlying(underlying)["loss_factor"]
            mm, im = mm - worst * factor["mm"], im - worst * factor["im"]
        multiplier = float(account.multiplier or 1)
        return equity, mm * multiplier, im * multiplier

    def worst(self, underlying, groups, delta):
        u, table = self.model.underlying(underlying), self.model.table(underlying)
        pnl = [delta * (s["shock"] - 1) * s["dampening"] for s in table]
        basis = 0.0
        for (name, expiry_us), row in groups.items():
            if name != underlying:
                continue
            years = (expiry_us - self.now_us) / YEAR_US
            d, base = u["static_discount"], row[0]
            up = down = 1.0
            if d["enabled"]:   # rate 0 in these data
                up = d["long"] * math.exp(-years * d["long_rate_add"])
                down = min(1.0, d["short"] * math.exp(years * d["short_rate_add"]))
            for n, s in enumerate(table):
                x = row[n + 2]
                change = s["dampening"] * (x * (up if x >= 0 else down) - base)
                pnl[n] += -abs(change) if s["vol"] in ("linear", "abs") else change
            basis += min(row[-2] - base, row[-1] - base, 0) * (u["basis"]["add"] + u["basis"]["mult"] * years)
        return min(pnl + [basis])
