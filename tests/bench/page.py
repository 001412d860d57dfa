"""The bench's page: tables whose bars are inline SVG, in the colours and letters of the replay report (host/cli/report_style.h)."""
import ast
import html
import math
import pathlib
import re

STYLE = pathlib.Path(__file__).resolve().parents[2] / "host/cli/report_style.h"
# Beside the report's style: bars with colours of series, a whisker from the least to the most, marks of a limit.
MORE_STYLE = """
.bars td,.bars th{padding-top:4px;padding-bottom:4px}.bars .bar{width:40%}.bars .bar svg{overflow:visible}
.bars tbody th{font-weight:400}.bars .bar rect{fill:var(--c)}.bars .bar line{stroke:var(--mark);stroke-width:1.5}
.bars .first th,.bars .first td{border-top:2px solid var(--rule)}.bars .group{color:var(--muted);white-space:nowrap}
.range{color:var(--muted);font-size:12px}.why{color:var(--muted);white-space:normal}
.asked td,.asked th{white-space:normal}.asked .number,.asked .range{white-space:nowrap}
.failed{border-left:3px solid var(--negative);padding:4px 12px;white-space:pre-wrap;overflow-wrap:anywhere}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:12px;color:var(--muted);margin:0 0 6px}
.legend span::before{content:"";display:inline-block;width:9px;height:9px;margin-right:6px;background:var(--c)}
.chart{grid-template-columns:62px minmax(0,1fr) 210px}
.cards{grid-template-columns:repeat(4,minmax(0,1fr))}
@media(max-width:860px){.chart{grid-template-columns:62px minmax(0,1fr) 210px}
.cards{grid-template-columns:1fr 1fr}.bars .bar{width:24%;min-width:70px}.bars th[scope=row],.bars .group{white-space:normal}}
"""
PLOT_HEIGHT = 240


def grouped(words):
    """Long numbers in groups of three digits."""
    return re.sub(r"(?<![\w.])\d{4,}(?![\w.-])", lambda n: f"{int(n.group()):,}", str(words))


def text(words):
    return html.escape(grouped(words))


def number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def style():
    """The report's style sheet: the strings of the C header."""
    return "".join(ast.literal_eval(s) for s in re.findall(r'^    ("(?:[^"\\]|\\.)*");?$', STYLE.read_text(), re.M))


def section(name, title, note, *body):
    return f'<section id="{name}">\n<h2>{text(title)}</h2>\n<p class="note">{text(note)}</p>\n' + "".join(body) + "</section>\n"


# ----- Bars -----

class Scale:
    """Places of values between 0 and 100 %; logarithmic from a power of ten below the least."""

    def __init__(self, values, log):
        self.log = log
        self.high = max(values)
        self.low = 10 ** math.floor(math.log10(min(values) / 1.5)) if log else 0

    def at(self, value):
        share = math.log(value / self.low) / math.log(self.high / self.low) if self.log else value / self.high
        return max(0, min(100, 100 * share))


def bar(found, scale, colour):
    median, least, most, _ = found
    return (f'<td class="bar"><svg height="14" class="s{colour}" aria-hidden="true"><rect y="1" height="12" width="{scale.at(median):.2f}%"/>'
            f'<line x1="{scale.at(least):.2f}%" x2="{scale.at(most):.2f}%" y1="7" y2="7"/></svg></td>')


def bars(rows, log=False, heads=("", "", "median", "least to most")):
    """rows: (group, name, spread or why there is none, colour). A group's name stands on its first row."""
    values = [v for _, _, found, _ in rows if not isinstance(found, str) for v in found[:3]]
    if not values:
        values = [1, 10]
    scale = Scale(values, log)
    grouped = any(group for group, *_ in rows)
    out = ['<div class="scroll"><table class="bars"><thead><tr>']
    out += [f'<th scope="col">{text(h)}</th>' for h in ([heads[0]] if grouped else [])]
    out.append(f'<th scope="col">{text(heads[1])}</th><th scope="col">{"logarithmic" if log else ""}</th>'
               f'<th scope="col" class="number">{text(heads[2])}</th><th scope="col" class="number">{text(heads[3])}</th></tr></thead><tbody>\n')
    before = None
    for group, name, found, colour in rows:
        first = group != before
        out.append(f'<tr{" class=first" if first and before is not None else ""}>')
        if grouped:
            out.append(f'<td class="group">{text(group) if first else ""}</td>')
        out.append(f'<th scope="row">{text(name)}</th>')
        if isinstance(found, str):
            out.append(f'<td colspan="3" class="why">{text(found)}</td>')
        else:
            median, least, most, unit = found
            out.append(f'{bar(found, scale, colour)}<td class="number">{number(median)} <span class="muted">{text(unit)}</span></td>'
                       f'<td class="number range">{number(least)} to {number(most)}</td>')
        out.append("</tr>\n")
        before = group
    return "".join(out) + "</tbody></table></div>\n"


# ----- Lines over powers of ten -----

def lines(series, x_unit, y_unit):
    """series: (name, {x: spread}), both axes logarithmic."""
    points = [(x, found) for _, by_x in series for x, found in by_x.items()]
    x_low, x_high = (math.log10(f(x for x, _ in points)) for f in (min, max))
    y_low = math.floor(math.log10(min(found[1] for _, found in points)))
    y_high = math.ceil(math.log10(max(found[2] for _, found in points)))

    def x_at(x):
        return 1000 * (math.log10(x) - x_low) / max(x_high - x_low, 1e-9)

    def y_at(y):
        return PLOT_HEIGHT * (1 - (math.log10(y) - y_low) / (y_high - y_low))

    ticks = [10 ** p * m for p in range(y_low, y_high) for m in (1, 2, 5)] + [10 ** y_high]
    y_axis = "".join(f'<text x="100%" y="{y_at(t) + 4:.1f}">{number(t)}</text>' for t in ticks)
    grid = "".join(f'<path class="grid" d="M0 {y_at(t):.1f}H1000"/>' for t in ticks)
    plots, ends = [], []
    for i, (name, by_x) in enumerate(series):
        xs = sorted(by_x)
        path = "M" + "L".join(f"{x_at(x):.1f} {y_at(by_x[x][0]):.1f}" for x in xs)
        spreads = "".join(f"M{x_at(x):.1f} {y_at(by_x[x][1]):.1f}V{y_at(by_x[x][2]):.1f}" for x in xs)
        plots.append(f'<g class="s{i}"><path class="line" d="{path}"/><path class="line" d="{spreads}"/></g>')
        ends.append((y_at(by_x[xs[-1]][0]), name, by_x[xs[-1]][0], i))
    names, last = [], -99
    for y, name, value, i in sorted(ends):
        last = max(y, last + 18)
        names.append(f'<rect class="swatch s{i}" x="8" y="{last - 5:.0f}" width="9" height="9"/><text x="22" y="{last + 4:.0f}">{text(name)}'
                     f'<tspan> {number(value)}</tspan></text>')
    labels = []
    for p in range(math.ceil(x_low - 1e-9), math.floor(x_high + 1e-9) + 1):
        x = x_at(10 ** p) / 10
        anchor = ' class="start"' if x < 1 else ' class="end"' if x > 99 else ""
        labels.append(f'<line x1="{x:.2f}%" x2="{x:.2f}%" y2="5"/><text{anchor} x="{x:.2f}%" y="18">{10 ** p:,}</text>')
    return (f'<p class="legend">{text(y_unit)} over {text(x_unit)}, both logarithmic</p><div class="chart"><svg class="y" height="{PLOT_HEIGHT}">{y_axis}</svg>'
            f'<svg class="plot" height="{PLOT_HEIGHT}" viewBox="0 0 1000 {PLOT_HEIGHT}" preserveAspectRatio="none">{grid}{"".join(plots)}</svg>'
            f'<svg class="names" height="{PLOT_HEIGHT}">{"".join(names)}</svg>'
            f'<svg class="x" height="24" aria-hidden="true">{"".join(labels)}</svg></div>\n')


# ----- The page -----

def cards(entries):
    out = ['<div class="cards">\n']
    for title, found, what in entries:
        big = "not here" if isinstance(found, str) else f"{number(found[0])}{' ' if found[3][:1].isalpha() and found[3] != 'x' else ''}{text(found[3])}"
        out.append(f'<div class="card"><h3>{text(title)}</h3><p class="big">{big}</p><p>{text(found if isinstance(found, str) else what)}</p></div>\n')
    return "".join(out) + "</div>\n"


def headline(figures):
    def ratio(section, over, under):
        found = figures.ratio((section, over), (section, under))
        return found or figures.why((section, over), (section, under))

    shape = "33 scenarios | 4 + 4 + 4 positions, from margin call on"
    kept = [found for what, found in figures.section("memory") if "an account" in what]
    return cards([
        ("Pricing, exact, over QuantLib", ratio("pricing", "cpu: avx512", "QuantLib, AnalyticEuropeanEngine"), "value and Greeks, one thread, AVX-512"),
        ("Pricing, exact, over libmvec double", ratio("pricing", "cpu: avx512", "libmvec, double"), "the same outputs in floating point"),
        ("A sweep over the specification", ratio("sweep", f"{shape} | avx512", f"{shape} | model:"), "12 positions an account, 33 scenarios"),
        ("Kept between ticks", kept[-1] if kept else "not measured", "10 positions an account, index and verdict included")])


def asked_table(lines):
    out = ['<div class="scroll"><table class="asked"><thead><tr><th scope="col">In one run</th><th scope="col" class="number">median</th>'
           '<th scope="col" class="number">least to most</th><th scope="col">asked, on two cores with AVX-512</th></tr></thead><tbody>\n']
    for what, found, goal in lines:
        out.append(f'<tr><th scope="row">{text(what)}</th>')
        if isinstance(found, str):
            out.append(f'<td colspan="2" class="why">{text(found)}</td>')
        else:
            out.append(f'<td class="number">{number(found[0])} <span class="muted">{text(found[3])}</span></td>'
                       f'<td class="number range">{number(found[1])} to {number(found[2])}</td>')
        out.append(f"<td>{text(goal)}</td></tr>\n")
    return "".join(out) + "</tbody></table></div>\n"


def found_and_missing(figures, name):
    return figures.section(name) + [(what, why) for (s, what), why in figures.missing.items() if s == name]


def pricing(figures):
    own = [("one thread", what, found, 0 if what.startswith("cpu:") else 7 if "model" in what else 1)
           for what, found in found_and_missing(figures, "pricing")]
    opencl = [("beside OpenCL", what.split(" | ")[1], found, 2 if "opencl" in what else 0)
              for what, found in found_and_missing(figures, "pricing beside opencl:") if what.startswith("value and Greeks")]
    return section("pricing", "Pricing", "Value, delta, gamma, vega and theta; 4,096 options of one expiry. cpu: gives the specification's bits and rho; beside it the same "
                   "outputs in floating point, which are compared with the specification's numbers. Processor time, of all threads where OpenCL works.",
                   bars(own + opencl, log=True, heads=("", "", "median", "least to most")))


def sweep_ways(figures):
    rows = []
    for what, found in found_and_missing(figures, "sweep"):
        parts = what.split(" | ")
        if parts[0].endswith("scenarios") and "from margin call on" in parts[1]:
            rows.append((f"{parts[0]}, {parts[1].split(',')[0].replace('4 + 4 + 4 positions', 'in 3 expiries')}", parts[2], found, 7 if parts[2] == "model:" else 0))
    return bars(rows, heads=("10,240 instruments, 12 positions an account", "", "median", "least to most"))


def sweep_sizes(figures, card):
    kinds = {"model:": 7, "one thread": 0, "threads, by the wall clock": 5, "random rows the memory gives": 1}
    groups = {}
    for what, found in figures.section("sweep"):
        instruments, scenarios, way = (what.split(" | ") + ["", ""])[:3]
        kind = next((k for k in kinds if way.endswith(k)), None)
        if instruments.endswith("instruments") and kind:
            groups.setdefault((instruments, scenarios), []).append((way, found, kinds[kind]))
    for what, found in card:
        instruments, way = (what.split(" | ") + [""])[:2]
        if (instruments, "33 scenarios") in groups:
            groups[instruments, "33 scenarios"].append((way, found, 4))
    return bars([(", ".join(group), *row) for group, rows in groups.items() for row in rows], log=True)


def ticks(figures):
    rows = []
    for what, found in figures.section("tick"):
        parts = what.split(" | ")
        rows.append((", ".join(parts[:-1]), parts[-1], found, 2 if parts[-1] in ("holders", "risk budgets") else 7))
    return bars(rows, log=True)


def sizes(figures):
    series = {}
    for what, found in figures.section("size"):
        positions, name = what.split(" | ")
        series.setdefault(name, {})[int(positions.split()[0])] = found
    return lines(list(series.items()), "positions", "nanoseconds a position") if series else ""


def memory(figures):
    return bars([("", what, found, 0) for what, found in figures.section("memory") if "an account" in what], log=True)


def card_cycles(figures):
    rows = []
    for what, (median, least, most, unit) in figures.section("card"):
        link, kind = what.split(" | ")
        if unit == "slots/cycle":
            rows.append((link, kind, (median, least, most, unit), 7 if kind.startswith("what the link") else 4))
    return bars(rows)


def make(figures, facts, asked, card, failures):
    body = ['<header>\n<p class="brand">Plimsoll bench</p>\n<h1>Beside what one would use instead</h1>\n'
            '<p class="description">Medians over rounds in which every program ran once, with the least and the most. Whatever gives verdicts or exact prices is compared '
            'with the specification, byte for byte, before it is timed.</p>\n<dl class="facts">\n']
    body += [f"<div><dt>{text(name)}</dt><dd>{text(value)}</dd></div>\n" for name, value in facts.items()]
    body.append("</dl>\n</header>\n<main>\n")
    body += [f'<p class="failed">FAILED: {text(failure)}</p>\n' for failure in failures]
    body.append(section("asked", "What was asked", "Ratios are taken within a round. The wall clock means something only where nobody else uses the processors.",
                        headline(figures), asked_table(asked)))
    body.append(pricing(figures))
    body.append(section("sweep", "Full sweep", "Every account judged, the whole close, verdicts from margin call on; processor time of one thread. M positions a second.",
                        sweep_ways(figures)))
    body.append(section("instruments", "Full sweep by the number of instruments", "Accounts of 10 positions in 3 expiries. The memory's own figure: rows fetched at random, as many "
                        "lines of each as a position reads. The card: cycles of the simulated one at a stated clock, which no tool here can confirm for a part.",
                        sweep_sizes(figures, card)))
    body.append(section("ticks", "Incremental tick", "Microseconds until all verdicts stand, commit included: who is due by risk budget, the accounts that hold what moved, or all "
                        "again; crashes: one symbol's price or vol at a time, in the median.", ticks(figures)))
    body.append(section("sizes", "Cost by the size of the book", "10,240 instruments, 33 scenarios, 10 positions an account, processor time; through the library: 1,000 instruments of four "
                        "underlyings, 31 scenarios, submitted anew.", sizes(figures)))
    body.append(section("memory", "Memory", "What cpu: keeps of accounts that stay, index and verdicts included, by the positions of the book; a small book shows what any book needs.",
                        memory(figures)))
    body.append(section("card", "The card's cycles", "From the counters of the simulated card with 2 lanes; a slot is 8 bytes: a header, cash, a position. Beside them what the link "
                        "carries, of at most 8 that the card takes a cycle. make bench-rtl measures 8 lanes.", card_cycles(figures)))
    return (f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width,initial-scale=1">\n'
            f"<title>Plimsoll bench</title>\n<style>\n{style()}{MORE_STYLE}</style>\n</head>\n<body>\n{''.join(body)}</main>\n</body>\n</html>\n")
