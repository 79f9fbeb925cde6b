"""The web page "Archive": portal health and coverage as HTML, made from what `--json` prints. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

COLOURS = {"archived": "#2e7d32", "thin": "#f9a825", "degraded": "#ef6c00", "partial": "#0277bd", "missing": "#c62828"}
_MEANING = {
    "archived": "whole, as much as usual",
    "thin": "less than half of the usual",
    "degraded": "the audit had findings",
    "partial": "some hours are missing",
    "missing": "no run was published",
}
_HEALTH_COLOURS = {"well": "archived", "degraded": "degraded", "drifting": "thin"}
DAYS_A_MONTH = 31
_STYLE = """
body{font-family:system-ui,'Noto Sans Arabic','Noto Sans',sans-serif;margin:1.5rem;background:#fff;color:#222}
h1{font-size:1.4rem}h2{font-size:1.05rem;margin:1.6rem 0 .5rem}a{color:inherit}
table{border-collapse:collapse}td,th{padding:.3rem .8rem;text-align:start;border-bottom:1px solid #8884}
td.r,th.r{text-align:end;font-variant-numeric:tabular-nums}
.c{white-space:nowrap;line-height:1.35rem}
.d{display:inline-block;width:1rem;height:1.15rem;line-height:1.15rem;margin-inline-end:2px;border-radius:2px;
font-size:.65rem;color:#fff;text-align:center;vertical-align:middle}
.thin{color:#222}.missing{opacity:.45}.e{background:none;color:inherit;opacity:.6}
.m{display:inline-block;width:4.5rem;font-variant-numeric:tabular-nums}
.n{opacity:.7;margin-inline-start:.6rem;font-weight:normal}.k{margin-inline-end:1rem;white-space:nowrap}
.h{border-radius:.6rem;padding:.05rem .55rem;color:#fff}.h.thin-text{color:#222}
@media (prefers-color-scheme:dark){body{background:#121212;color:#eee}}
"""
# Seen without colours too: the first letter of the status stands in each block.
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Archive</title>
<style>{style}</style></head>
<body><h1>Archive · الأرشيف</h1>{problem}{health}{calendars}
<p class="n">Days are UTC. The same numbers: <code>warraq health --json</code>, <code>warraq coverage --json</code>.</p>
</body></html>"""

_EMPTY = "<p>Nothing was archived in the last two months. <code>warraq coverage --from …</code> looks further back.</p>"


def archive_page(
    days: Sequence[Mapping[str, Any]],
    portals: Sequence[Mapping[str, Any]],
    *,
    titles: Mapping[str, str],
    problem: str = "",
) -> str:
    """The page; `days` and `portals` are what `warraq coverage --json` and `warraq health --json` say."""
    calendars = "".join(
        _calendar(name, list(own), titles.get(name, ""))
        for name, own in groupby(days, key=lambda day: str(day["portal"]))
    )
    return _PAGE.format(
        style=_STYLE,
        problem=f"<p><b>{escape(problem)}</b></p>" if problem else "",
        health=_health(portals) if portals else "",
        calendars=_legend() + calendars if calendars else "" if problem else _EMPTY,
    )


def _legend() -> str:
    keys = "".join(
        f"<span class='k'>{_square(status)} {status}: {meaning}</span>" for status, meaning in _MEANING.items()
    )
    return f"<p>{keys}</p>"


def _health(portals: Sequence[Mapping[str, Any]]) -> str:
    rows = "".join(
        f"<tr><td><a href='#{escape(str(one['portal']), quote=True)}'>{escape(str(one['portal']))}</a></td>"
        f"<td>{_mark(str(one['health']))}</td><td>{escape(str(one['last_window_end'] or ''))}</td>"
        f"<td class='r'>{_number(one['quiet_hours'])}</td><td class='r'>{_number(one.get('silent_after_hours'))}</td>"
        f"<td dir='auto'>{escape('; '.join(map(str, one['findings'])))}</td></tr>"
        for one in portals
    )
    head = (
        "<tr><th>portal</th><th>health</th><th>archived until</th><th class='r'>hours without news</th>"
        "<th class='r'>silent after</th><th>findings</th></tr>"
    )
    return f"<table>{head}{rows}</table>"


def _mark(health: str) -> str:
    kind = _HEALTH_COLOURS.get(health, "missing")
    return (
        f"<span class='h{' thin' if kind == 'thin' else ''}' style='background:{COLOURS[kind]}'>{escape(health)}</span>"
    )


def _calendar(portal: str, days: Sequence[Mapping[str, Any]], title: str) -> str:
    counts = Counter(str(day["status"]) for day in days)
    told = ", ".join(f"{status} {counts[status]}" for status in COLOURS if counts[status])
    months = "".join(_month(month, list(of_month)) for month, of_month in groupby(days, key=_month_of))
    numbers = "".join(f"<span class='d e'>{number}</span>" for number in range(1, DAYS_A_MONTH + 1))
    name = escape(portal, quote=True)
    heading = f"{escape(portal)} <bdi>{escape(title)}</bdi><small class='n'>{escape(told)}</small>"
    return f"<h2 id='{name}'>{heading}</h2><div class='c'><span class='m'></span>{numbers}</div>{months}"


def _month_of(day: Mapping[str, Any]) -> str:
    return str(day["day"])[:7]


def _month(month: str, days: Sequence[Mapping[str, Any]]) -> str:
    """One line; each day stands below its number, also where the month is not whole."""
    by_number = {int(str(day["day"])[8:10]): day for day in days}
    blocks = "".join(
        _block(by_number[number]) if number in by_number else "<span class='d'></span>"
        for number in range(1, DAYS_A_MONTH + 1)
    )
    articles = sum(int(day["articles"]) for day in days)
    total = f"<span class='n'>{articles:,} articles</span>"
    return f"<div class='c'><span class='m'>{escape(month)}</span>{blocks}{total}</div>"


def _block(day: Mapping[str, Any]) -> str:
    status = str(day["status"])
    return _square(status, told=f"{day['day']}: {status}, {day['articles']} articles, {day['covered_hours']} hours")


def _square(status: str, *, told: str = "") -> str:
    colour = COLOURS.get(status, "#777")
    return (
        f"<span class='d {escape(status, quote=True)}' style='background:{colour}'"
        f" title='{escape(told, quote=True)}'>{escape(status[:1])}</span>"
    )


def _number(value: object) -> str:
    return "" if value is None else f"{float(str(value)):,.0f}"
