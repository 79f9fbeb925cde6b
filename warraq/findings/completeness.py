"""A portal's days against its own dated lists: the share that is held, and a named reason for each URL that is not."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from storage.model.outcomes import Outcome, outcome_names
from storage.model.window import Window
from storage.tables.archive_tables import ArchiveTables
from storage.tables.row_filters import select

DAY_SECONDS = 86_400
# A list tells of a day also in later windows: a live run's list goes back so far, a backfill's window is so long.
LATER, LONGEST = timedelta(days=3), timedelta(days=31)
_COLUMNS = ("portal", "link_id", "source", "listed_at", "outcome", "article_id", "window_start", "window_end")
_DAY_MICROSECONDS = DAY_SECONDS * 1_000_000
_MOST_MICROSECONDS = 26 * 3_600_000_000  # a day of the portal, also where clocks are put back
_EPOCH = date(1970, 1, 1).toordinal()
# Lists name these without a word on the run's own window.
_NOT_OF_WINDOW = [str(name) for name in (Outcome.OUT_OF_WINDOW, Outcome.SKIPPED_SEEN, Outcome.UNCHANGED)]
_HELD = -1
# Of several runs' words on one link the one that says most stands: pages before failures, failures before «not asked».
_WORDS = [name for name in outcome_names() if name not in (Outcome.OUT_OF_WINDOW, Outcome.SKIPPED_SEEN)]
_WORDS += [str(Outcome.SKIPPED_SEEN), str(Outcome.OUT_OF_WINDOW)]
_NO_ARTICLE = f"{Outcome.REJECTED}:"


class Confidence(enum.StrEnum):
    """How much a list says of a day: all that was published, most of it, or the newest only."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


# By the kind of source. A sitemap's date may be that of a change; a feed forgets what is older than its last entries.
CONFIDENCE = {
    "wordpress": Confidence.HIGH,
    "dated_archive": Confidence.HIGH,
    "sitemap": Confidence.MEDIUM,
    "news_sitemap": Confidence.MEDIUM,
    "numeric_ids": Confidence.MEDIUM,
    "web_archive": Confidence.LOW,
    "feed": Confidence.LOW,
    "section": Confidence.LOW,
}
_KINDS = list(CONFIDENCE)  # the surest first


@dataclass(frozen=True)
class DayLists:
    """A UTC day as the portal's lists have it. `missing` is links by how they ended; `kind` the surest list."""

    portal: str
    day: date
    kind: str
    listed: int
    held: int
    no_article: int  # of the listed, pages that were captured and are none
    missing: dict[str, int]

    @property
    def share(self) -> float | None:
        """Of the listed that are articles, or not known to be none."""
        articles = self.listed - self.no_article
        return round(self.held / articles, 3) if articles else None

    @property
    def confidence(self) -> Confidence:
        return CONFIDENCE[self.kind]

    def as_json(self) -> dict[str, Any]:
        """For programs, beside the day's coverage."""
        return {
            "listed": self.listed,
            "held": self.held,
            "listed_no_article": self.no_article,
            "held_share": self.share,
            "missing": self.missing,
            "list": self.kind,
            "list_confidence": str(self.confidence),
        }


@dataclass(frozen=True)
class MissingLink:
    """A listed URL without an article, and why."""

    portal: str
    day: date
    url: str
    reason: str
    detail: str
    run_id: str


def day_lists(
    tables: ArchiveTables, window: Window, *, portal: str | None = None, longest: timedelta = LONGEST
) -> list[DayLists]:
    """Each day of the window that some list names, by portal. Runs of windows above `longest` are not looked for."""
    wanted = select(portal=portal, since=window.start - longest, before=window.end + LATER)
    parts = [_ranked(batch) for batch in tables.batches("fetches", row_filter=wanted, columns=_COLUMNS)]
    if not parts:
        return []
    aggregates = [("dated", "min"), ("asked", "min"), ("kind", "min"), ("word", "min")]
    links = pa.concat_tables(parts).group_by(["portal", "link_id"]).aggregate(aggregates)
    day = pc.coalesce(links["dated_min"], links["asked_min"])
    days = window.days()
    inside = pc.and_(pc.greater_equal(day, _number(days[0])), pc.less_equal(day, _number(days[-1])))
    once = links.append_column("day", day).filter(inside)
    counted = once.group_by(["portal", "day", "kind_min", "word_min"]).aggregate([([], "count_all")])
    found: dict[tuple[str, int], tuple[Counter[str], int]] = {}
    for row in counted.to_pylist():
        key = row["portal"], row["day"]
        counts, best = found.get(key, (Counter[str](), len(_KINDS)))
        counts["" if row["word_min"] == _HELD else _WORDS[row["word_min"]]] += row["count_all"]
        found[key] = counts, min(best, row["kind_min"])
    return [_day(name, number, counts, best) for (name, number), (counts, best) in sorted(found.items())]


def missing_links(tables: ArchiveTables, window: Window, portal: str) -> list[MissingLink]:
    """Each listed URL of the days that is not held, with the word on it that says most."""
    wanted = select(portal=portal, since=window.start - LONGEST, before=window.end + LATER)
    best: dict[str, tuple[int, dict[str, Any]]] = {}
    days: dict[str, tuple[bool, int]] = {}
    for batch in tables.batches("fetches", row_filter=wanted, columns=(*_COLUMNS, "url", "detail", "run_id")):
        told = batch.select(["url", "outcome", "detail", "run_id"]).to_pylist()
        for row, facts in zip(_ranked(batch, all_rows=True).to_pylist(), told, strict=True):
            link = row["link_id"]
            day = (row["dated"] is None, row["asked"] if row["dated"] is None else row["dated"])
            if row["kind"] is None or day[1] is None:
                continue
            days[link] = min(days.get(link, day), day)
            if link not in best or row["word"] < best[link][0]:
                best[link] = row["word"], facts
    wished = {_number(day): day for day in window.days()}
    found = [
        MissingLink(
            portal, wished[days[link][1]], facts["url"], facts["outcome"], facts["detail"] or "", facts["run_id"]
        )
        for link, (word, facts) in best.items()
        if word != _HELD and days[link][1] in wished
    ]
    return sorted(found, key=lambda link: (link.day, link.reason, link.url))


def summed(days: Sequence[DayLists]) -> DayLists | None:
    """Some days of one portal as one, dated to the first; None for no day."""
    if not days:
        return None
    missing: Counter[str] = Counter()
    for day in days:
        missing.update(day.missing)
    held, listed, none = (sum(getattr(day, name) for day in days) for name in ("held", "listed", "no_article"))
    (kind, _), *_ = Counter(day.kind for day in days).most_common(1)
    return DayLists(days[0].portal, days[0].day, kind, listed, held, none, dict(missing.most_common()))


def _day(portal: str, day: int, counts: Counter[str], best: int) -> DayLists:
    held = counts.pop("", 0)
    none = sum(count for word, count in counts.items() if word.startswith(_NO_ARTICLE))
    return DayLists(
        portal,
        datetime.fromtimestamp(day * DAY_SECONDS, UTC).date(),
        _KINDS[best],
        listed=held + sum(counts.values()),
        held=held,
        no_article=none,
        missing=dict(counts.most_common()),
    )


def _ranked(batch: pa.Table, *, all_rows: bool = False) -> pa.Table:
    """Rows of known lists with their days since 1970 (as the list dates them, as a run asked), kind and word as ranks.

    A link without a date belongs to the window of a day or less that asked for it, and there to the first that did.
    """
    start, end = (batch[name].cast(pa.int64()) for name in ("window_start", "window_end"))
    is_short = pc.less_equal(pc.subtract(end, start), _MOST_MICROSECONDS)
    was_asked = pc.invert(pc.is_in(batch["outcome"], value_set=pa.array(_NOT_OF_WINDOW)))
    middle = pc.divide(pc.add(start, end), 2 * _DAY_MICROSECONDS)
    words = pc.index_in(batch["outcome"], value_set=pa.array(_WORDS))
    rows = pa.table(
        {
            "portal": batch["portal"],
            "link_id": batch["link_id"],
            "dated": pc.divide(batch["listed_at"].cast(pa.int64()), _DAY_MICROSECONDS),
            "asked": pc.if_else(pc.and_(is_short, was_asked), middle, None),
            "kind": pc.index_in(batch["source"], value_set=pa.array(_KINDS)),
            "word": pc.if_else(pc.is_valid(batch["article_id"]), pa.scalar(_HELD, pa.int32()), words),
        }
    )
    return rows if all_rows else rows.filter(pc.is_valid(rows["kind"]))


def _number(day: date) -> int:
    return day.toordinal() - _EPOCH
