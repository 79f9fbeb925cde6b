"""The page as HTML, by Jinja2 with its escaping always on: most of what is shown was written by the web."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2

from warraq.monitoring.page.words import GLYPHS, LETTERS, SEVERITY, letters_of, meanings_of, words_of

FOLDER = Path(__file__).parent
ASSETS = {"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}
SPARK_WIDTH, SPARK_HEIGHT = 84, 20
SCATTER = 240
_AHEAD = re.compile(r"<(?:link|base)\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Viewer:
    """Who looks: language, the way back to Airflow's root from this page, and what the person may do."""

    language: str
    root: str  # relative, as ../../
    may_trigger: frozenset[str] = frozenset()
    paused: frozenset[str] = frozenset()


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"spark": spark, "percent": percent, "count": count, "moment": moment}
    environment.globals["glyphs"] = GLYPHS
    return environment


def fleet_page(reading: Mapping[str, Any], viewer: Viewer, *, problem: str = "") -> str:
    """All portals, the worst first."""
    rows = sorted(reading.get("portals", []), key=lambda row: (SEVERITY.index(row["health"]), row["portal"]))
    shown = {row["portal"] for row in rows}
    return _render(
        "fleet.html",
        viewer,
        problem=problem,
        reading=reading,
        sick=[row for row in rows if row["health"] not in ("well", "retired")],
        counts=[(state, found) for state in SEVERITY if (found := sum(row["health"] == state for row in rows))],
        rows=rows,
        countries=sorted({row["country"] for row in rows if row["country"]}),
        states=[state for state in SEVERITY if any(row["health"] == state for row in rows)],
        schedules=sorted({row["schedule"] for row in rows if row["schedule"]}),
        points=scatter(rows),
        paused=sorted(name for name in shown if f"archive_{name}" in viewer.paused),
    )


def portal_page(
    reading: Mapping[str, Any],
    viewer: Viewer,
    *,
    problem: str = "",
    plan: Mapping[str, Any] | None = None,
    span: tuple[str, str] = ("", ""),
) -> str:
    """One portal in full; `plan` is what `warraq backfill --dry-run --json` said of the days of `span`."""
    days = reading.get("days", [])
    months = [(month, {int(day["day"][8:10]): day for day in own}) for month, own in _by_month(days)]
    dag = f"archive_{reading.get('portal', '')}"
    return _render(
        "portal.html",
        viewer,
        problem=problem,
        portal=reading,
        months=months,
        kinds=[kind for kind in LETTERS if any(day["status"] == kind for day in days)],
        dag=dag,
        may_trigger=dag in viewer.may_trigger,
        is_paused=dag in viewer.paused,
        plan=plan,
        span=span,
    )


def run_page(reading: Mapping[str, Any], viewer: Viewer, *, portal: str, problem: str = "") -> str:
    """One run: what needs eyes, what was rejected, how its links ended, what was slow."""
    return _render("run.html", viewer, problem=problem, run=reading, may_act=f"archive_{portal}" in viewer.may_trigger)


def article_page(reading: Mapping[str, Any], viewer: Viewer, *, portal: str, problem: str = "") -> str:
    """One article: its text, its editions, what was removed and why, its columns."""
    may_act = f"archive_{portal}" in viewer.may_trigger
    return _render("article.html", viewer, problem=problem, article=reading, may_act=may_act)


def capture_page(reading: Mapping[str, Any], viewer: Viewer, *, run_id: str, link_id: str, problem: str = "") -> str:
    """One captured page, shown in a frame where nothing runs."""
    may_act = f"archive_{run_id.partition('/')[0]}" in viewer.may_trigger
    values = {"run_id": run_id, "link_id": link_id, "verdicts": reading.get("verdicts", []), "may_act": may_act}
    return _render("capture.html", viewer, problem=problem, capture=reading, **values)


def live_part(reading: Mapping[str, Any], language: str) -> str:
    """The crawls under way, for the page to put in the place of the last."""
    return (
        _environment()
        .get_template("live.html")
        .render(crawls=reading.get("crawls", []), w=words_of(language), meanings=meanings_of(language))
    )


def inert(html: str) -> str:
    """A captured page without what a browser fetches ahead whatever it is forbidden: links to other files."""
    return _AHEAD.sub("", html)


def _render(template: str, viewer: Viewer, **values: Any) -> str:
    return (
        _environment()
        .get_template(template)
        .render(
            w=words_of(viewer.language),
            letters=letters_of(viewer.language),
            meanings=meanings_of(viewer.language),
            lang=viewer.language,
            other="en" if viewer.language == "ar" else "ar",
            direction="rtl" if viewer.language == "ar" else "ltr",
            viewer=viewer,
            **values,
        )
    )


def _by_month(days: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    return [(month, list(own)) for month, own in groupby(days, key=lambda day: str(day["day"])[:7])]


def spark(values: Sequence[int]) -> str:
    """The points of a line of a few days, for <polyline>."""
    if len(values) < 2:
        return ""
    most = max(*values, 1)
    step = SPARK_WIDTH / (len(values) - 1)
    return " ".join(
        f"{place * step:.1f},{SPARK_HEIGHT - 1 - value / most * (SPARK_HEIGHT - 2):.1f}"
        for place, value in enumerate(values)
    )


def scatter(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Pages asked against articles won: who works hard for nothing lies at the lower right."""
    known = [row for row in rows if row.get("asked")]
    most = max((row["asked"] for row in known), default=1)
    return [
        {
            "x": round(8 + (row["asked"] / most) ** 0.5 * (SCATTER - 16), 1),
            "y": round(SCATTER - 8 - (min(row["won"], most) / most) ** 0.5 * (SCATTER - 16), 1),
            "portal": row["portal"],
            "asked": row["asked"],
            "won": row["won"],
        }
        for row in known
    ]


def moment(spelled: str | None) -> str:
    """A time as `spell_time` writes it (2026-11-23T11Z) as people read it; its zone, UTC, is said beside.

    Isolated, as otherwise the clock would stand before the day within Arabic.
    """
    day, _, clock = (spelled or "").removesuffix("Z").partition("T")
    told = f"{day} {clock}:00" if len(clock) == 2 else f"{day} {clock}".strip()
    return f"\u2066{told}\u2069" if told else ""


def percent(value: float | None) -> str:
    """A share as whole percents; nothing where it is not known."""
    return "" if value is None else f"{100 * value:.0f} %"


def count(value: float | None) -> str:
    """A number with its thousands apart."""
    return "" if value is None else f"{value:,.0f}"
