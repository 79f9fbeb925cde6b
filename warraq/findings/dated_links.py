"""The links of runs longer than a day, by the day that each is of: counted one by one, never divided."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from storage.model.outcomes import HAD_BEFORE, Outcome
from storage.model.records import Run
from storage.tables.archive_tables import ArchiveTables
from storage.tables.row_filters import select

# A window of one day of the portal, also where clocks are put back: its links are of that day.
ONE_DAY = timedelta(hours=26)
KEPT = tuple(str(name) for name in (Outcome.NEW, Outcome.EDITION, *HAD_BEFORE))
# An article that a run had before lies in another run's window, which overlaps with its own.
_OVERLAP = timedelta(days=31)
_FETCHES = ("run_id", "outcome", "listed_at", "article_id", "edition_id")
_ARTICLES = ("article_id", "edition_id", "published_at")


@dataclass(frozen=True)
class DatedLinks:
    """A run's links (by outcome) and articles of each UTC day of its window; under None those of no known day.

    What is dated outside the window is of no day of the run, and not in here.
    """

    links: Mapping[date | None, Counter[str]]
    articles: Mapping[date | None, int]

    @classmethod
    def unknown(cls, run: Run, articles: float) -> DatedLinks:
        """All that the run counted, none of it dated."""
        return cls({None: Counter(run.outcomes)}, {None: round(articles)})


def is_long(run: Run) -> bool:
    """Whether the run's window is of several days."""
    return run.window_end - run.window_start > ONE_DAY


def middle_day(run: Run) -> date:
    """The UTC day that a window of a day or less is of."""
    return (run.window_start + (run.window_end - run.window_start) / 2).astimezone(UTC).date()


def dated_links(tables: ArchiveTables, portal: str, runs: Iterable[Run]) -> dict[str, DatedLinks]:
    """The links of those of the runs that are long, by run: of the day that the article was published, else the
    source listed. What another run of the same day had before is that run's, and not counted twice.
    """
    every = list(runs)
    long = {run.run_id: run for run in every if is_long(run)}
    if not long:
        return {}
    first = min(run.window_start for run in long.values())
    last = max(run.window_end for run in long.values())
    published = _published(tables, portal, first - _OVERLAP, last + _OVERLAP)
    beside = {middle_day(run) for run in every if not is_long(run)}
    found: dict[str, list[tuple[date | None, dict[str, Any]]]] = defaultdict(list)
    wanted = select(portal=portal, since=first, before=last)
    for batch in tables.batches("fetches", row_filter=wanted, columns=_FETCHES):
        for row in batch.to_pylist():
            run = long.get(row["run_id"])
            day = _day(row, published)
            if run is None or _is_outside(day, run) or (day in beside and row["outcome"] in HAD_BEFORE):
                continue
            found[run.run_id].append((day, row))
    return {run_id: _counted(found[run_id]) for run_id in long}


def _published(tables: ArchiveTables, portal: str, since: datetime, before: datetime) -> dict[str, datetime]:
    """When editions and articles were published, by their ids."""
    found: dict[str, datetime] = {}
    wanted = select(portal=portal, since=since, before=before)
    for batch in tables.batches("articles", row_filter=wanted, columns=_ARTICLES):
        for row in batch.to_pylist():
            if row["published_at"] is not None:
                found[row["edition_id"]] = row["published_at"]
                found.setdefault(row["article_id"], row["published_at"])
    return found


def _day(row: Mapping[str, Any], published: Mapping[str, datetime]) -> date | None:
    moment = published.get(row["edition_id"] or "") or published.get(row["article_id"] or "") or row["listed_at"]
    return moment.astimezone(UTC).date() if moment else None


def _is_outside(day: date | None, run: Run) -> bool:
    last = run.window_end - timedelta(microseconds=1)
    return day is not None and not run.window_start.astimezone(UTC).date() <= day <= last.astimezone(UTC).date()


def _counted(rows: Sequence[tuple[date | None, Mapping[str, Any]]]) -> DatedLinks:
    links: dict[date | None, Counter[str]] = defaultdict(Counter)
    articles: dict[date | None, set[str]] = defaultdict(set)
    for day, row in rows:
        links[day][row["outcome"]] += 1
        if row["outcome"] in KEPT and row["article_id"]:
            articles[day].add(row["article_id"])
    return DatedLinks(dict(links), {day: len(ids) for day, ids in articles.items()})
