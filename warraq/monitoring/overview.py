"""What the page "Archive" shows: the whole fleet at a glance, or one portal in full. One reading of the archive."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spiders.portal.definition import Portal
from spiders.registry import load_portals
from storage.errors import ObjectMissing
from storage.model.outcomes import Outcome
from storage.model.window import Window, spell_time
from storage.objects.open import open_store
from storage.schema.arrow_and_iceberg import runs_from
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.row_filters import select
from warraq.findings.completeness import DayLists, day_lists, summed
from warraq.findings.level_shifts import MIN_DAYS, level_shifts
from warraq.monitoring.archived_runs import LEARN, health_of_all, portal_coverage, refused_runs
from warraq.monitoring.coverage import DayCoverage, DayStatus
from warraq.monitoring.run_columns import read_runs

SPARK_DAYS = 14
LATELY = timedelta(days=7)
LISTED = timedelta(days=3)  # whose lists the fleet shows: reading the links of a week takes seconds
YEAR = timedelta(days=365)
FUNNEL = timedelta(days=30)
SHOWN_RUNS = 20
_LINKS = timedelta(days=2)  # between a level shift and a change of the rules that may be its reason
_ARTICLE_COLUMNS = ("portal", "published_at", "authors", "word_count", "title")
_RUN_COLUMNS = ("portal", "outcomes", "links", "rejected", "requests", "bytes_received", "articles_new")
_NOT_ASKED = (Outcome.OUT_OF_WINDOW, Outcome.SKIPPED_SEEN, Outcome.OFF_DOMAIN, Outcome.BUDGET)
_REFUSED = (Outcome.ROBOTS, Outcome.OPT_OUT)


def fleet(settings: Settings, *, now: datetime) -> dict[str, Any]:
    """Every portal that is archived, the worst first as the page sorts them."""
    portals = load_portals(settings)
    begin = (now - timedelta(days=SPARK_DAYS - 1)).replace(hour=0, minute=0, second=0)
    try:
        tables = open_tables(settings, create=False)
        runs = read_runs(tables, since=begin - LEARN, before=now)
        days = portal_coverage(settings, None, Window(begin, now + timedelta(seconds=1)), now=now, runs=runs)
        works, texts, lists = _works(tables, now), _texts(tables, now), _lists(tables, now)
    except ObjectMissing:
        runs, days, works, texts, lists = {}, [], {}, {}, {}
    health = health_of_all(settings, set(), now=now, silent_hours=settings.silent_hours, runs=runs)
    sparks: dict[str, list[int]] = defaultdict(list)
    for day in days:
        sparks[day.portal].append(day.articles)
    rows = [
        {
            **one.as_json(),
            **_of_definition(portals.get(one.portal)),
            "spark": sparks.get(one.portal, []),
            "fields": texts.get(one.portal),
            "lists": lists.get(one.portal),
            **works.get(one.portal, {}),
        }
        for one in health
    ]
    return {"made_at": spell_time(now), "portals": rows}


def portal_in_full(settings: Settings, name: str, *, now: datetime) -> dict[str, Any]:
    """One portal: a year of days, level shifts, the funnel of a month, the last runs, and its health."""
    (health,) = health_of_all(settings, {name}, now=now, silent_hours=settings.silent_hours)
    begin = (now - YEAR).replace(hour=0, minute=0, second=0)
    found: dict[str, Any] = {
        "made_at": spell_time(now),
        **health.as_json(),
        **_of_definition(load_portals(settings).get(name)),
        "days": [],
        "shifts": [],
        "funnel": [],
        "runs": [],
        "refused": [_shown_run(row) for row in refused_runs(open_store(settings)).get(name, [])[-SHOWN_RUNS:]],
    }
    try:
        tables = open_tables(settings, create=False)
    except ObjectMissing:
        return found
    days = portal_coverage(settings, name, Window(begin, now + timedelta(seconds=1)), now=now)
    rows = runs_from(tables.scan("runs", row_filter=select(portal=name, since=now - FUNNEL)))
    outcomes: Counter[str] = Counter()
    for row in rows:
        outcomes.update(row.outcomes)
    named = {day.day: day.as_json() for day in day_lists(tables, Window(now - FUNNEL, now), portal=name)}
    return found | {
        "days": [{**day.as_json(), **named.get(day.day, {})} for day in days],
        "shifts": _shifts(days, _rule_changes(tables, name, begin)),
        "funnel": funnel(outcomes),
        "refused_links": {str(name): outcomes[name] for name in _REFUSED},
        # However long ago: of a dead portal they are what one looks at.
        "runs": [_shown_run(row) for row in reversed(tables.history(name, limit=SHOWN_RUNS))],
    }


def funnel(outcomes: Mapping[str, int]) -> list[dict[str, Any]]:
    """From links to articles: each step with how many are left, and by what name the others went."""
    links = sum(outcomes.values())
    not_asked = {str(name): outcomes.get(name, 0) for name in (*_NOT_ASKED, *_REFUSED)}
    asked = links - sum(not_asked.values())
    rejected = {name: count for name, count in outcomes.items() if name.startswith(f"{Outcome.REJECTED}:")}
    articles = sum(outcomes.get(name, 0) for name in (Outcome.NEW, Outcome.EDITION, Outcome.UNCHANGED))
    pages = articles + sum(rejected.values())
    failed = {
        name: count
        for name, count in outcomes.items()
        if name not in not_asked
        and name not in rejected
        and name not in (Outcome.NEW, Outcome.EDITION, Outcome.UNCHANGED)
    }
    return [
        {"step": "links", "count": links, "lost": _sorted(not_asked)},
        {"step": "asked", "count": asked, "lost": _sorted(failed)},
        {"step": "pages", "count": pages, "lost": _sorted(rejected)},
        {"step": "articles", "count": articles, "lost": _sorted({"unchanged": outcomes.get(Outcome.UNCHANGED, 0)})},
        {
            "step": "published",
            "count": outcomes.get(Outcome.NEW, 0) + outcomes.get(Outcome.EDITION, 0),
            "lost": [],
        },
    ]


def _sorted(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(((name, count) for name, count in counts.items() if count), key=lambda each: -each[1])


def _of_definition(portal: Portal | None) -> dict[str, Any]:
    if portal is None:
        return {"title_ar": "", "title_en": "", "country": "", "schedule": "", "site": ""}
    return {
        "title_ar": portal.title_ar,
        "title_en": portal.title_en,
        "country": portal.country,
        "schedule": portal.schedule,
        "site": portal.start_url,
        "timezone": portal.timezone,
        "retired": asdict(portal.retired) if portal.retired else None,
    }


def _works(tables: ArchiveTables, now: datetime) -> dict[str, dict[str, Any]]:
    """What a week's work of each portal was: pages asked and won, shares rejected and blocked, requests, bytes."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for batch in tables.batches("runs", row_filter=select(since=now - LATELY), columns=_RUN_COLUMNS):
        for row in batch.to_pylist():
            own = sums[row["portal"]]
            outcomes = dict(row["outcomes"])
            own.update({name: row[name] for name in ("rejected", "requests", "bytes_received", "articles_new")})
            own["asked"] += row["links"] - sum(outcomes.get(str(name), 0) for name in (*_NOT_ASKED, *_REFUSED))
            own["blocked"] += sum(
                outcomes.get(name, 0) for name in ("blocked", "rejected:block_page", "rejected:cookie_wall")
            )
    return {
        name: {
            "asked": own["asked"],
            "won": own["articles_new"],
            "rejected_share": round(own["rejected"] / own["asked"], 3) if own["asked"] else None,
            "blocked_share": round(own["blocked"] / own["asked"], 3) if own["asked"] else None,
            "requests": own["requests"],
            "bytes": own["bytes_received"],
        }
        for name, own in sums.items()
    }


def _texts(tables: ArchiveTables, now: datetime) -> dict[str, dict[str, float]]:
    """Share of a week's articles of each portal that have a title, a body, a date, an author."""
    sums: dict[str, np.ndarray[Any, np.dtype[np.float64]]] = {}
    for batch in tables.batches("articles", row_filter=select(since=now - LATELY), columns=_ARTICLE_COLUMNS):
        facts = pa.table(
            {
                "portal": batch["portal"],
                "title": pc.greater(pc.utf8_length(batch["title"]), 0),
                "body": pc.greater(batch["word_count"], 0),
                "date": pc.is_valid(batch["published_at"]),
                "author": pc.greater(pc.list_value_length(batch["authors"]), 0),
            }
        )
        for name in facts["portal"].unique().to_pylist():
            own = facts.filter(pc.equal(facts["portal"], name))
            counts = [own.num_rows, *(pc.sum(own[field]).as_py() or 0 for field in ("title", "body", "date", "author"))]
            sums[name] = sums.get(name, np.zeros(5)) + np.array(counts, np.float64)
    return {
        name: {
            field: round(float(counts[place] / counts[0]), 3)
            for place, field in enumerate(("title", "body", "date", "author"), start=1)
        }
        for name, counts in sums.items()
    }


def _lists(tables: ArchiveTables, now: datetime) -> dict[str, dict[str, Any]]:
    """Of the last days: the share held of what each portal's own dated lists name, and how sure those are."""
    found: dict[str, list[DayLists]] = defaultdict(list)
    for day in day_lists(tables, Window(now - LISTED, now), longest=LISTED):
        found[day.portal].append(day)
    return {name: whole.as_json() for name, days in found.items() if (whole := summed(days))}


def _rule_changes(tables: ArchiveTables, portal: str, since: datetime) -> dict[str, str]:
    """The first day of each version of the extraction rules within a portal's runs."""
    first: dict[str, datetime] = {}
    columns = ("portal", "window_start", "extractor_version")
    for batch in tables.batches("runs", row_filter=select(portal=portal, since=since), columns=columns):
        for row in batch.to_pylist():
            version, start = row["extractor_version"], row["window_start"]
            first[version] = min(first.get(version, start), start)
    in_order = sorted(first.items(), key=lambda each: each[1])
    return {f"{start:%Y-%m-%d}": version for version, start in in_order[1:]}


def _shifts(days: list[DayCoverage], rule_changes: Mapping[str, str]) -> list[dict[str, Any]]:
    """Dated level shifts of the days that are covered, with what changed then."""
    whole = [day for day in days if day.status not in (DayStatus.BEFORE, DayStatus.DUE) and day.covered_hours >= 22]
    counts = np.array([float(day.articles + day.editions) for day in whole])
    if len(counts) < 2 * MIN_DAYS or counts.mean() <= 0:
        return []
    # Weeks, not days, are compared: a running week has no weekday.
    weekday = np.array([day.day.weekday() for day in whole])
    means = np.array([counts[weekday == number].mean() if (weekday == number).any() else 1 for number in range(7)])
    even = counts / np.maximum(means[weekday] / counts.mean(), 0.1)
    spread = float(np.median(np.abs(np.diff(even)))) ** 2 / max(float(np.median(even)), 1.0)
    return [
        {
            "since": whole[shift.place].day.isoformat(),
            "ratio": round(shift.ratio, 2),
            "before": round(shift.before, 1),
            "after": round(shift.after, 1),
            "changed": [
                f"rules {version}"
                for day, version in rule_changes.items()
                if abs(datetime.fromisoformat(day).date() - whole[shift.place].day) <= _LINKS
            ],
        }
        for shift in level_shifts(even, dispersion=max(1.0, spread))
    ]


def _shown_run(row: Any) -> dict[str, Any]:
    return {
        "run_id": row.run_id,
        "window_start": spell_time(row.window_start),
        "window_end": spell_time(row.window_end),
        "verdict": str(row.verdict),
        "new": row.articles_new,
        "known": row.articles_known,
        "rejected": row.rejected,
        "links": row.links,
        "requests": row.requests,
        "seconds": round(row.crawl_seconds, 1),
        "findings": list(row.findings),
        "day": f"{row.window_start.astimezone(UTC):%Y-%m-%d}",
    }
