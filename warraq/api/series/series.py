"""How often terms are written about, period by period, with what of each is archived: no gap looks like silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

from storage.errors import DamagedObject, UsageError
from storage.read.query import answer
from storage.search.index_query import matching
from storage.search.queries import Phrase, one_phrase
from storage.search.word_index import UNDATED
from warraq.api.arguments import names_checked, truth
from warraq.api.connections import Connections
from warraq.api.export.names import path_of
from warraq.api.search import current_index, microseconds
from warraq.api.selection import Selection
from warraq.api.series.states import ARCHIVED, NOT_ARCHIVED, PARTIAL

if TYPE_CHECKING:
    import pandas

By = Literal["day", "week", "month", "quarter", "year"]
PERIODS: tuple[By, ...] = ("day", "week", "month", "quarter", "year")
PERIODS_OF_INDEX = ("month", "quarter", "year")  # days and weeks are counted in the texts
GROUPS = ("portal", "country")
_COUNTED = pa.schema([("term", pa.string()), ("portal", pa.string()), ("day", pa.date32()), ("n", pa.int64())])
_DEFINED = pa.schema([("portal", pa.string()), ("country", pa.string())])
TERMS_AT_ONCE = 100  # that are looked for in a text while it is read: each holds some memory meanwhile


@dataclass(frozen=True)
class Series:
    """One row a period, term and group. Columns: period, term, portal or country if grouped, articles, total, share,
    days, archived_days, partial_days (a day counts once a portal), state. Where no run covers a period its share is
    null, and its counts are of what runs of other times brought; null where that is nothing.
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

    @names_checked
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
    """The series of some terms, also of portals and countries of which nothing is archived.

    Raises UsageError for a period, group or term that is none, and for a time that is after or before all the archive
    has.
    """
    if by not in PERIODS:
        raise UsageError(f"{by!r} is no period", remedy=f"one of {', '.join(PERIODS)}")
    if group is not None and group not in GROUPS:
        raise UsageError(f"{group!r} is nothing to group by", remedy=f"one of {', '.join(GROUPS)}")
    if not terms:
        raise UsageError("no term was given", remedy="for example سد النهضة")
    terms = tuple(dict.fromkeys(terms))
    phrases = {term: one_phrase(term) for term in terms}
    # Times bound the series itself, so that its gaps are within them.
    Selection(since=since, until=until)
    condition, given = Selection(portals=portals, countries=countries).conditions()
    connections.check_names(portals, countries)
    truth(share, name="share")
    defined = _defined(connections) if countries or group == "country" else {}
    asked = portals or _of_nothing_archived(connections, countries, defined)
    named = f"{group}, " if group else ""
    # Of what no run covers a share would be that of the few articles that others brought.
    held = "sum(archived_days + partial_days) > 0"
    shared = f"CASE WHEN {held} THEN sum(articles)::DOUBLE / nullif(sum(total), 0) END AS share," if share else ""
    found = _found_by_index(connections, phrases, since, until) if by in PERIODS_OF_INDEX else None
    if found is None:
        found = _found_in_texts(connections, phrases, by, Selection(portals=portals, since=since, until=until))
    sql = f"""
    WITH whole AS (
        SELECT * FROM series_of_all(?, per := ?, since := ?, until := ?) LEFT JOIN (
            SELECT portal, coalesce(archived.country, defined.country) AS country
            FROM (SELECT portal, any_value(country) AS country FROM editions GROUP BY portal) AS archived
            FULL JOIN defined USING (portal)
        ) USING (portal)
        WHERE {condition}
    ), found AS (
        SELECT term, portal, date_trunc('{by}', day)::DATE AS period, sum(n) AS n FROM counted GROUP BY ALL
    ), told AS (
        SELECT whole.* REPLACE (terms.term AS term, CASE WHEN articles IS NOT NULL THEN coalesce(n, 0) END AS articles)
        FROM whole CROSS JOIN terms LEFT JOIN found
            ON found.term = terms.term AND found.portal = whole.portal AND found.period = whole.period
    )
    SELECT period, term, {named}sum(articles)::BIGINT AS articles, sum(total)::BIGINT AS total, {shared}
        sum(days)::BIGINT AS days, sum(archived_days)::BIGINT AS archived_days,
        sum(partial_days)::BIGINT AS partial_days,
        CASE WHEN NOT {held} THEN '{NOT_ARCHIVED}'
            WHEN sum(archived_days) = sum(days) THEN '{ARCHIVED}' ELSE '{PARTIAL}' END AS state
    FROM told GROUP BY ALL ORDER BY period, {named}term"""  # noqa: S608 - constants and question marks
    with connections.fresh() as connection:
        connection.register("terms", pa.table({"term": pa.array(terms, pa.string())}))
        connection.register("counted", found)
        rows = [{"portal": name, "country": country} for name, country in defined.items()]
        connection.register("defined", pa.Table.from_pylist(rows, _DEFINED))
        told = answer(connection, sql, [list(asked), by, since, until, *given])
        table = pa.Table.from_batches(told.batches, told.schema)
    if portals and countries and not table.num_rows:
        raise UsageError(f"{', '.join(portals)}: no portal of {', '.join(countries)}", remedy="leave one of them out")
    return Series(table, by, group)


def _defined(connections: Connections) -> dict[str, str]:
    """The country of each portal that is defined."""
    from spiders.registry import load_portals  # noqa: PLC0415 - loads the portals

    return {name: portal.country for name, portal in load_portals(connections.settings).items()}


def _of_nothing_archived(connections: Connections, countries: Sequence[str], defined: Mapping[str, str]) -> list[str]:
    """All portals that are defined for those of the countries of which the archive has no article and no run."""
    missing = set(connections.not_archived("country", set(countries)))
    if missing:
        with connections.fresh() as connection:
            ran = answer(connection, "SELECT DISTINCT portal FROM runs")
            missing -= {defined.get(name) for batch in ran.batches for name in batch["portal"].to_pylist()}
    return [name for name, country in defined.items() if country in missing]


def _found_in_texts(connections: Connections, phrases: Mapping[str, Phrase], by: str, selection: Selection) -> pa.Table:
    """The articles of each term by portal and period: all texts are read once for so many terms."""
    condition, values = selection.conditions()
    patterns = [(term, phrase.pattern) for term, phrase in phrases.items()]
    tables = []
    for some in (patterns[start : start + TERMS_AT_ONCE] for start in range(0, len(patterns), TERMS_AT_ONCE)):
        counts = ", ".join(["count(*) FILTER (regexp_matches(text, ?))"] * len(some))
        sql = f"""
        SELECT * FROM (
            SELECT unnest(?::VARCHAR[]) AS term, portal, day, unnest([{counts}]) AS n FROM (
                SELECT portal, date_trunc('{by}', published_at)::DATE AS day,
                    ' ' || ar_fold(title || ' ¤ ' || body) || ' ' AS text
                FROM articles WHERE published_at IS NOT NULL AND {condition}
            ) GROUP BY portal, day
        ) WHERE n > 0"""  # noqa: S608 - constants and question marks
        with connections.fresh() as connection:
            told = answer(connection, sql, [[term for term, _ in some], *(pattern for _, pattern in some), *values])
            tables.append(pa.Table.from_batches(told.batches, told.schema).cast(_COUNTED))
    return pa.concat_tables(tables)


def _found_by_index(
    connections: Connections, phrases: Mapping[str, Phrase], since: datetime | None, until: datetime | None
) -> pa.Table | None:
    """The same by month, as the index tells it; None where it cannot."""
    with suppress(DamagedObject):
        index, _ = current_index(connections)
        if index is None:
            return None
        rows = [
            {"term": term, "portal": portal, "day": date(month // 100, month % 100, 1), "n": count}
            for term, phrase in phrases.items()
            for portal, month, count in index.counts(
                matching(phrase, index, since=microseconds(since), until=microseconds(until))
            )
            if month != UNDATED
        ]
        return pa.Table.from_pylist(rows, _COUNTED)
    return None
