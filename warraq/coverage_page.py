"""The web page "Archive": portal health and coverage as HTML, made from what `--json` prints. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

COLOURS = {"archived": "#2e7d32", "thin": "#f9a825", "degraded": "#ef6c00", "partial": "#0277bd", "missing": "#c62828"}
_STYLE = """
body{font-family:system-ui,'Noto Sans Arabic','Noto Sans',sans-serif;margin:1.5rem;background:#fff;color:#222}
table{border-collapse:collapse}td,th{padding:.25rem .7rem;text-align:start;border-bottom:1px solid #8884}
.d{display:inline-block;width:.8rem;height:1.1rem;margin-inline-end:1px;border-radius:2px;font-size:.6rem;color:#fff;text-align:center}
.m{display:inline-block;width:5rem;font-variant-numeric:tabular-nums}.n{opacity:.7;margin-inline-start:.6rem}
@media (prefers-color-scheme:dark){body{background:#121212;color:#eee}}
"""
# Seen without colours too: the first letter of the status stands in each block.
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Archive</title>
<style>{style}</style></head>
<body><h1>Archive · الأرشيف</h1><p>Days are UTC. The same numbers: <code>warraq health --json</code>,
<code>warraq coverage --json</code>.</p>{problem}{health}{calendars}</body></html>"""


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
        calendars=calendars,
    )


def _health(portals: Sequence[Mapping[str, Any]]) -> str:
    rows = "".join(
        f"<tr><td>{escape(str(one['portal']))}</td><td>{escape(str(one['health']))}</td>"
        f"<td>{escape(str(one['last_window_end'] or ''))}</td><td>{_number(one['quiet_hours'])}</td>"
        f"<td dir='auto'>{escape('; '.join(map(str, one['findings'])))}</td></tr>"
        for one in portals
    )
    head = "<tr><th>portal</th><th>health</th><th>archived until</th><th>quiet hours</th><th>findings</th></tr>"
    return f"<table>{head}{rows}</table>"


def _calendar(portal: str, days: Sequence[Mapping[str, Any]], title: str) -> str:
    counts = Counter(str(day["status"]) for day in days)
    told = ", ".join(f"{status} {counts[status]}" for status in COLOURS if counts[status])
    months = "".join(
        f"<div><span class='m'>{escape(month)}</span>{''.join(map(_block, of_month))}</div>"
        for month, of_month in groupby(days, key=lambda day: str(day["day"])[:7])
    )
    heading = f"{escape(portal)} <span dir='auto'>{escape(title)}</span><small class='n'>{escape(told)}</small>"
    return f"<h2>{heading}</h2>{months}"


def _block(day: Mapping[str, Any]) -> str:
    status = str(day["status"])
    told = f"{day['day']}: {status}, {day['articles']} articles, {day['covered_hours']} hours"
    colour = COLOURS.get(status, "#777")
    return f"<span class='d' style='background:{colour}' title='{escape(told, quote=True)}'>{escape(status[:1])}</span>"


def _number(value: object) -> str:
    return "" if value is None else f"{float(str(value)):g}"
