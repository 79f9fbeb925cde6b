"""A month as one self-contained page: counts, what is archived, quality, edits, stories, samples."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jinja2

from storage.errors import UsageError
from storage.read.edits import ARABIC
from storage.read.release.releases import Month
from warraq.api.archive import Archive
from warraq.api.series.held import check_held
from warraq.api.series.states import ARCHIVED, NOT_ARCHIVED, PARTIAL

SAMPLES, EDITS, STORIES = 8, 20, 10
SAMPLE_CHARACTERS = 400


@dataclass(frozen=True)
class Scope:
    """Whose month: portals or countries, all if neither is named."""

    portals: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return ", ".join((*self.portals, *self.countries)) or "all portals"


def month_report(archive: Archive, scope: Scope, month: str) -> str:
    """The page as HTML, also of a month that is not over.

    Raises UsageError where the month is none, nothing of it is archived, or a release that is read has no run of it.
    """
    wanted = Month.parse(month, now=datetime.max.replace(tzinfo=UTC))  # of any time: what is there is told below
    articles = archive.articles(
        portal=scope.portals or None,
        country=scope.countries or None,
        since=wanted.start,
        until=wanted.end,
        columns=("article_id", "portal", "title", "body", "url", "published_at", "quality", "flags", "agency"),
    )
    check_held(archive.connections, articles.selection)
    days = _days(archive, scope, wanted)
    archived = {state: sum(day["state"] == state for day in days) for state in (ARCHIVED, PARTIAL, NOT_ARCHIVED)}
    release = archive.connections.release
    if release is not None and archived[NOT_ARCHIVED] == len(days):
        held = f"it holds runs of {release.month} of {', '.join(release.portals)}"
        raise UsageError(f"release {release.name} has no run of {scope.name} in {wanted}", remedy=held)
    portals = _portals(archive, scope, wanted)
    return (
        _environment()
        .get_template("month.html")
        .render(
            scope=scope.name,
            month=wanted,
            days=days,
            archived=archived,
            most=max((day["articles"] or 0 for day in days), default=0) or 1,
            portals=portals,
            total=sum(row["articles"] for row in portals),
            edits=_edits(archive, portals, wanted),
            arabic=ARABIC,
            stories=_stories(archive, portals, wanted),
            left_out=articles.left_out(),
            samples=_samples(articles.sample(SAMPLES, seed=0).to_arrow().to_pylist()),
            citation=str(archive.cite()),
        )
    )


def _days(archive: Archive, scope: Scope, month: Month) -> list[dict[str, Any]]:
    """Articles and state of each day; a day counts as archived if it is for all portals."""
    # Counts of all articles are those of any series.
    series = archive.series(
        "خبر",
        by="day",
        portal=scope.portals or None,
        country=scope.countries or None,
        since=month.start,
        until=month.end,
    )
    by_day = {row["period"]: row for row in series.to_arrow().to_pylist()}
    days = []
    for number in range((month.end - month.start).days):
        day = (month.start + timedelta(days=number)).date()
        row = by_day.get(day)
        state = row["state"] if row else NOT_ARCHIVED
        days.append({"day": day, "articles": row["total"] if row else None, "state": state})
    return days


def _portals(archive: Archive, scope: Scope, month: Month) -> list[dict[str, Any]]:
    where, values = "published_at >= ? AND published_at < ?", list[object]([month.start, month.end])
    for name, some in (("portal", scope.portals), ("country", scope.countries)):
        if some:
            where += f" AND {name} IN ({', '.join('?' * len(some))})"
            values += some
    found: list[dict[str, Any]] = archive.sql(
        "SELECT portal, any_value(country) AS country, count(*) AS articles, avg(quality) AS quality, "  # noqa: S608
        "count(*) FILTER (quality < 0.5) AS low_quality, count(*) FILTER (agency IS NOT NULL) AS with_agency, "
        "count(*) FILTER (published_precision = 'day') AS day_only, median(word_count)::INT AS words "
        f"FROM articles WHERE {where} GROUP BY portal ORDER BY articles DESC, portal",
        values,
    ).to_pylist()
    return found


def _edits(archive: Archive, portals: Sequence[dict[str, Any]], month: Month) -> dict[str, Any]:
    names = [row["portal"] for row in portals]
    # Of the articles of the month, whenever the change was seen: a month may be archived later.
    changed = (
        "SELECT *, article_id IN (SELECT article_id FROM opt_outs) AS has_reserved FROM edits "  # noqa: S608
        f"WHERE portal IN ({', '.join('?' * len(names))}) AND article_id IN "
        "(SELECT article_id FROM editions WHERE published_at >= ? AND published_at < ?) "
        "ORDER BY seen_at, article_id, paragraph"
    )
    rows = archive.sql(changed, [*names, month.start, month.end]).to_pylist() if names else []
    kinds: dict[str, int] = {}
    for row in rows:
        kinds[row["kind"]] = kinds.get(row["kind"], 0) + 1
    told = [
        row
        for row in rows
        if row["kind"] in ("headline", "number", "name", "quotation")
        and not row["is_live_page"]
        and not row["has_reserved"]
    ]
    return {"kinds": sorted(kinds.items(), key=lambda item: -item[1]), "rows": told[:EDITS], "told": len(told)}


def _stories(archive: Archive, portals: Sequence[dict[str, Any]], month: Month) -> list[dict[str, Any]]:
    names = [row["portal"] for row in portals]
    if not names:
        return []
    found: list[dict[str, Any]] = archive.sql(
        "SELECT story_id, any_value(copies) AS copies, any_value(story_agency) AS agency, "  # noqa: S608
        "arg_min(title, place) AS title, arg_min(portal, place) AS portal, arg_min(url, place) AS url FROM stories "
        f"WHERE copies > 1 AND published_at >= ? AND published_at < ? AND portal IN ({', '.join('?' * len(names))}) "
        f"GROUP BY story_id ORDER BY copies DESC, story_id LIMIT {STORIES}",
        [month.start, month.end, *names],
    ).to_pylist()
    return found


def _samples(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "body": row["body"][:SAMPLE_CHARACTERS]} for row in rows]


@functools.cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
