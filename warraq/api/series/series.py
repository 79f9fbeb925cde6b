"""How often terms are written about, period by period, with what of each is archived: no gap looks like silence."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

from storage.errors import DamagedObject, UsageError
from storage.read.query import answer
from storage.search.index_query import matching
from storage.search.queries import one_phrase
from storage.search.word_index import UNDATED
from warraq.api.arguments import path_of
from warraq.api.connections import Connections
from warraq.api.search import current_index, microseconds
from warraq.api.selection import Selection
from warraq.api.series.states import ARCHIVED, NOT_ARCHIVED, PARTIAL

if TYPE_CHECKING:
    import pandas

By = Literal["day", "week", "month", "quarter", "year"]
PERIODS: tuple[By, ...] = ("day", "week", "month", "quarter", "year")
PERIODS_OF_INDEX = ("month", "quarter", "year")  # days and weeks are counted in the texts
GROUPS = ("portal", "country")
_COUNTED = pa.schema([("term", pa.string()), ("portal", pa.string()), ("month", pa.date32()), ("n", pa.int64())])


@dataclass(frozen=True)
class Series:
    """One row a period, term and group. Columns: period, term, portal or country if grouped, articles, total, share,
    days, archived_days, partial_days (a day counts once a portal), state. Counts of what is not archived are null.
    """

    table: pa.Table
    by: str
    group: str | None

    def to_arrow(self) -> pa.Table:
        """The rows as a pyarrow.Table."""
        return self.table

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a pandas.DataFrame."""
        frame: pandas.DataFrame = self.table.to_pandas()
        return frame

    def plot(self, path: str | Path, *, title: str | None = None) -> Path:
        """Draw it as PNG or SVG, by the file's name; needs matplotlib (`pip install warraq[analyst]`)."""
        from warraq.api.series.plot import draw  # noqa: PLC0415 - slow, and not everybody has it

        return draw(self, path_of(path), title=title)


def series_of(
    connections: Connections,
    terms: Sequence[str],
    *,
    by: str,
    group: str | None = None,
    share: bool = True,
    portals: tuple[str, ...] = (),
    countries: tuple[str, ...] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> Series:
    """The series of some terms. Raises UsageError for a period, group or term that is none."""
    if by not in PERIODS:
        raise UsageError(f"{by!r} is no period", remedy=f"one of {', '.join(PERIODS)}")
    if group is not None and group not in GROUPS:
        raise UsageError(f"{group!r} is nothing to group by", remedy=f"one of {', '.join(GROUPS)}")
    if not terms:
        raise UsageError("no term was given", remedy="for example سد النهضة")
    terms = tuple(dict.fromkeys(terms))
    for term in terms:
        one_phrase(term)
    # Times bound the series itself, so that its gaps are within them.
    Selection(since=since, until=until)
    condition, given = Selection(portals=portals, countries=countries).conditions()
    connections.check_names(portals, countries)
    named = f"{group}, " if group else ""
    shared = "sum(articles)::DOUBLE / nullif(sum(total), 0) AS share," if share else ""
    counted = _counted(connections, terms, since, until) if by in PERIODS_OF_INDEX else None
    rows = "series(?, per := ?, since := ?, until := ?)"
    if counted is not None:
        rows = f"""(
        SELECT whole.* REPLACE (? AS term, CASE WHEN articles IS NOT NULL THEN coalesce(n, 0) END AS articles)
        FROM series_of_all(per := ?, since := ?, until := ?) AS whole LEFT JOIN (
            SELECT portal, date_trunc('{by}', month)::DATE AS period, sum(n) AS n
            FROM counted WHERE term = ? GROUP BY ALL
        ) USING (portal, period))"""  # noqa: S608 - constants
    one = f"""
    SELECT period, term, {named}sum(articles)::BIGINT AS articles, sum(total)::BIGINT AS total, {shared}
        sum(days)::BIGINT AS days, sum(archived_days)::BIGINT AS archived_days,
        sum(partial_days)::BIGINT AS partial_days,
        CASE WHEN sum(archived_days + partial_days) = 0 AND sum(total) IS NULL THEN '{NOT_ARCHIVED}'
            WHEN sum(archived_days) = sum(days) AND sum(days) > 0 THEN '{ARCHIVED}' ELSE '{PARTIAL}' END AS state
    FROM (SELECT * FROM {rows}
        LEFT JOIN (SELECT portal, any_value(country) AS country FROM editions GROUP BY portal) USING (portal))
    WHERE {condition} GROUP BY ALL"""  # noqa: S608 - constants and question marks
    sql = " UNION ALL ".join([one] * len(terms)) + f" ORDER BY period, {named}term"
    every: list[object] = []
    for term in terms:
        every += [term, by, since, until, *([] if counted is None else [term]), *given]
    with connections.fresh() as connection:
        if counted is not None:
            connection.register("counted", counted)
        found = answer(connection, sql, every)
        return Series(pa.Table.from_batches(found.batches, found.schema), by, group)


def _counted(
    connections: Connections, terms: Sequence[str], since: datetime | None, until: datetime | None
) -> pa.Table | None:
    """The articles of each term by portal and month, as the index tells them; None where it cannot."""
    with suppress(DamagedObject):
        index, _ = current_index(connections)
        if index is None:
            return None
        rows = [
            {"term": term, "portal": portal, "month": date(month // 100, month % 100, 1), "n": count}
            for term in dict.fromkeys(terms)
            for portal, month, count in index.counts(
                matching(one_phrase(term), index, since=microseconds(since), until=microseconds(until))
            )
            if month != UNDATED
        ]
        return pa.Table.from_pylist(rows, _COUNTED)
    return None
