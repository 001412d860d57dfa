#!/usr/bin/python3
"""Writes the three margin models of this folder.

source: published portfolio-margin cases, derivexyz/v2-core @77369003 (parameters of test_12 for BTC, test_18 for ETH);
        leverage tiers, freqtrade/freqtrade (binance_leverage_tiers.json)
seed:   none
usage:  /usr/bin/python3 models.py --raw DIR [--out ../models]

The raw folder holds pmrm2-cases/ and margin/. Only numbers are taken. What is not in a source (the wider grid for
other coins, the SPAN-like grid, haircuts of linear accounts, fees) is chosen here and marked OWN.
"""
import argparse
import glob
import json
import os
from decimal import Decimal

HERE = os.path.dirname(os.path.abspath(__file__))
COINS = "AAVE ADA BCH BTC DOGE DOT ETH LINK LTC XRP".split()
MAJORS = ("BTC", "ETH")
# OWN: haircuts of collateral coins in cross and isolated mode: (asset, debt), one rate for both requirements
HAIRCUT = {"BTC": (0.05, 0.05), "ETH": (0.05, 0.05)}
HAIRCUT_OTHER = (0.15, 0.15)


def sides(long_mm, long_im, short_mm, short_im):
    return {"long": {"mm": long_mm, "im": long_im}, "short": {"mm": short_mm, "im": short_im}}


def brackets(tiers):
    """Maintenance rates and cums as published; initial rate = 1 / leverage, its cum made continuous."""
    rows, im_rate, im_cum = [], Decimal(0), Decimal(0)
    for tier in tiers:
        floor = Decimal(str(tier["minNotional"]))
        rate = (1 / Decimal(str(tier["maxLeverage"]))).quantize(Decimal("1e-8"))
        im_cum += floor * (rate - im_rate)
        im_rate = rate
        mm_rate, mm_cum = Decimal(str(tier["maintenanceMarginRate"])), Decimal(tier["info"]["cum"])
        if rows:   # published maintenance amounts must be continuous; ours are by construction
            last = rows[-1]
            left = floor * Decimal(str(last["mm_rate"])) - Decimal(str(last["mm_cum"]))
            assert abs(left - (floor * mm_rate - mm_cum)) <= left * Decimal("1e-6"), floor
            assert mm_rate > Decimal(str(last["mm_rate"])) and rate > Decimal(str(last["im_rate"]))
        rows.append({"notional": float(floor), "mm_rate": float(mm_rate), "mm_cum": float(mm_cum),
                     "im_rate": float(rate), "im_cum": float(im_cum)})
        assert rate >= mm_rate and Decimal(str(rows[-1]["im_cum"])) == im_cum
    return rows


def scenario_table(cases, name):
    parameters = json.load(open(glob.glob(os.path.join(cases, name + "_*.json"))[0]))["Parameters"]
    table = [{"shock": round(s["SpotShock"], 12), "vol": s["VolShockDirection"].lower(),
              "dampening": s["DampeningFactor"]} for s in parameters["Scenarios"]]
    return table, parameters


def widened(table, factor):
    """OWN: the same grid with wider shocks for smaller coins; the tail scenarios are wide already and stay."""
    out = []
    for s in table:
        shock = 1 + (s["shock"] - 1) * factor
        if s["dampening"] != 1.0:
            shock = s["shock"]
        out.append(dict(s, shock=round(shock, 12)))
    return out


def linear_classes(spot_portfolio, perp_portfolio, option_portfolio, fee):
    """Classes common to the models. Linear perpetuals and futures: published tiers where there are any."""
    out = {"option": {"portfolio": option_portfolio, "linear": sides(0, 0, 0.075, 0.15), "fee": 0.0003 if fee else 0}}
    for kind in ("perpetual", "future"):
        out[kind] = {"portfolio": perp_portfolio, "linear": sides(0.05, 0.1, 0.05, 0.1), "fee": fee}
        for coin in COINS:
            out[f"{kind}:{coin}"] = {"portfolio": perp_portfolio, "fee": fee,
                                     "linear": {"long": coin + "USDT", "short": coin + "USDT"}}
    for coin in [None] + list(MAJORS):
        asset, debt = HAIRCUT.get(coin, HAIRCUT_OTHER)
        name = "spot:" + coin if coin else "spot"
        out[name] = {"portfolio": spot_portfolio[coin], "linear": sides(asset, asset, debt, debt),
                     "fee": 0, "scenario": coin is not None}
    return out


def portfolio_model(cases, tiers):
    btc, p = scenario_table(cases, "test_12")
    eth, p_eth = scenario_table(cases, "test_18")
    for key in ("SkewShock", "VolShock", "Margin", "BasisContingency", "OtherContingency"):
        assert p[key] == p_eth[key], key
    vol, skew, margin = p["VolShock"], p["SkewShock"], p["Margin"]
    basis, other = p["BasisContingency"], p["OtherContingency"]
    default = {
        "scenarios": "alts",
        "loss_factor": {"mm": margin["MM_LOSS_FACTOR"], "im": margin["IM_LOSS_FACTOR"]},
        "vol_shock": {"up": vol["VOLRANGEUP"], "down": vol["VOLRANGEDOWN"], "min_up": vol["MIN_VOL_EVAL_SHOCKED"],
                      "short_term_power": vol["SHORTTERMPOWER"], "long_term_power": vol["LONGTERMPOWER"],
                      "dte_floor": vol["DTE_FLOOR"]},
        "skew": {"linear_cap": skew["LINEAR_SCALE_CAP"], "linear_cbase": skew["LINEAR_CBASE"],
                 "abs_cap": skew["ABS_SCALE_CAP"], "abs_cbase": skew["ABS_CBASE"], "min_k_star": skew["MIN_K_STAR"],
                 "min_width_scale": skew["MIN_WIDTH_SCALE"], "vol_static": skew["VOL_PARAM_STATIC"],
                 "vol_scale": skew["VOL_PARAM_SCALE"]},
        "static_discount": {"long": margin["BASE_STATIC_DISCOUNT"], "long_rate_mult": margin["LONG_RATE_MULTSCALE"],
                            "long_rate_add": margin["LONG_RATE_ADDSCALE"], "short": margin["BASE_STATIC_DISCOUNT_NEG"],
                            "short_rate_mult": margin["SHORT_RATE_MULTSCALE"],
                            "short_rate_add": margin["SHORT_RATE_ADDSCALE"], "enabled": True},
        "basis": {"up": basis["SCENARIO_SPOT_UP"], "down": basis["SCENARIO_SPOT_DOWN"],
                  "add": basis["BASIS_CONT_ADD_FACTOR"], "mult": basis["BASIS_CONT_MULT_FACTOR"]},
        "confidence": {"threshold": other["CONF_THRESHOLD"], "margin": other["CONF_MARGIN"]},
        "peg": {"threshold": other["PEG_LOSS_THRESHOLD"], "factor": other["PEG_LOSS_FACTOR"]},
        "naked_short": {"mm": other["MM_OPTION_PERCENT"], "im": other["IM_OPTION_PERCENT_NORMAL"]},
        "settlement_averaging_s": 1800,
        "rate_floor": 0,
    }
    perp = sides(*(other["MM_PERP_PERCENT"], other["IM_PERP_PERCENT_NORMAL"]) * 2)
    # Collateral: total haircuts of the published cases (BTC 2 + 1 %, ETH 1.5 + 0.5 %); others OWN, as the
    # cases charge wrapped coins that do not cancel risk (20 + 5 %).
    spot = {"BTC": sides(0.02, 0.03, 0.02, 0.03), "ETH": sides(0.015, 0.02, 0.015, 0.02),
            None: sides(0.2, 0.25, 0.2, 0.25)}
    return {
        "format": 1, "name": "portfolio",
        "description": "Scenario-grid portfolio margin with the parameters of the published cases; cross and isolated "
                       "accounts by published leverage tiers",
        "coverage": 0.99, "max_price_age_s": 300,
        "scenarios": {"btc": btc, "eth": eth, "alts": widened(btc, 1.5)},
        "underlyings": {"default": default, "BTC": {"scenarios": "btc"}, "ETH": {"scenarios": "eth"}},
        "classes": linear_classes(spot, perp, sides(0, 0, 0, 0), 0),
        "brackets": tiers,
    }


def span_model(tiers):
    """OWN: SPAN's 16 scenarios: price by thirds of the scan range, vol up and down, two extreme moves at 33 %."""
    def table(scan):
        rows = []
        for third in (0, 1, -1, 2, -2, 3, -3):
            for vol in ("up", "down"):
                rows.append({"shock": round(1 + scan * third / 3, 12), "vol": vol, "dampening": 1.0})
        for sign in (1, -1):
            rows.append({"shock": round(1 + sign * 3 * scan, 12), "vol": "none", "dampening": 0.33})
        return rows
    default = {"scenarios": "alts", "loss_factor": {"mm": 1.0, "im": 1.1},
               "vol_shock": {"up": 0.25, "down": 0.25, "min_up": 0, "short_term_power": 0, "long_term_power": 0,
                             "dte_floor": 1},
               "naked_short": {"mm": 0.005, "im": 0.0055}, "settlement_averaging_s": 1800}
    spot = {"BTC": sides(0.02, 0.03, 0.02, 0.03), "ETH": sides(0.02, 0.03, 0.02, 0.03),
            None: sides(0.2, 0.25, 0.2, 0.25)}
    return {
        "format": 1, "name": "span16",
        "description": "SPAN-like grid of 16 scenarios; scan range 15 %, other coins 24 %",
        "coverage": 0.99, "max_price_age_s": 300,
        "scenarios": {"majors": table(0.15), "alts": table(0.24)},
        "underlyings": {"default": default, "BTC": {"scenarios": "majors"}, "ETH": {"scenarios": "majors"}},
        "classes": linear_classes(spot, sides(0.005, 0.01, 0.005, 0.01), sides(0, 0, 0, 0), 0.0005),
        "brackets": tiers,
    }


def bracketed_model(tiers):
    """OWN: no scenarios. Portfolio accounts pay flat rates, the others the published tiers."""
    spot = {"BTC": sides(0.05, 0.05, 0.05, 0.05), "ETH": sides(0.05, 0.05, 0.05, 0.05),
            None: sides(0.15, 0.15, 0.15, 0.15)}
    return {
        "format": 1, "name": "bracketed", "description": "Linear margin: published leverage tiers, no scenarios",
        "coverage": 0.99, "max_price_age_s": 300,
        "scenarios": {}, "underlyings": {"default": {}},
        "classes": linear_classes(spot, sides(0.02, 0.04, 0.02, 0.04), sides(0, 0, 0.075, 0.15), 0.0005),
        "brackets": tiers,
    }


def dump(model, path):
    """One line per scenario, class and bracket: short files, readable differences."""
    def block(value, depth):
        flat = json.dumps(value)
        if len(flat) <= 110 and depth >= 2 or not isinstance(value, (dict, list)) or not value:
            return flat
        pad = "  " * (depth + 1)
        if isinstance(value, dict):
            body = [f"{pad}{json.dumps(k)}: {block(v, depth + 1)}" for k, v in value.items()]
            return "{\n" + ",\n".join(body) + "\n" + "  " * depth + "}"
        return "[\n" + ",\n".join(pad + block(v, depth + 1) for v in value) + "\n" + "  " * depth + "]"
    with open(path, "w") as out:
        out.write(block(model, 0) + "\n")


def main():
    args = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    args.add_argument("--raw", required=True)
    args.add_argument("--out", default=os.path.join(HERE, "..", "models"))
    args = args.parse_args()
    published = json.load(open(os.path.join(args.raw, "margin", "binance_leverage_tiers.json")))
    tiers = {coin + "USDT": brackets(published[coin + "/USDT:USDT"]) for coin in COINS}
    cases = os.path.join(args.raw, "pmrm2-cases")
    for model in (portfolio_model(cases, tiers), span_model(tiers), bracketed_model(tiers)):
        dump(model, os.path.join(args.out, model["name"] + ".json"))


if __name__ == "__main__":
    main()
