"""Which articles: filters as a frozen record, and the SQL that says them with its values apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from storage.errors import UsageError
from storage.model.window import PORTAL_NAME
from storage.schema.columns import ARTICLES
from storage.search.queries import one_phrase
from warraq.api.arguments import text_of, truth

COLUMNS = tuple(column.name for column in ARTICLES.columns)
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True)
class Selection:
    """Articles that all of these hold for; a filter that is not given holds for all."""

    portals: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    since: datetime | None = None  # published at or after
    until: datetime | None = None  # published before
    text: str | None = None  # a phrase in title or body
    word: bool = True  # the phrase as whole words in any of their forms; else as letters anywhere
    agency: str | None = None  # part of the agency's name, however it is spelled
    language: str | None = None
    licence: str | None = None  # part of the licence's address or words, as the page states it
    one_per_story: bool = False  # of each story the earliest article that the other filters let through
    exclude_opt_out: bool = False  # without articles whose page or site reserved text and data mining
    columns: tuple[str, ...] = COLUMNS
    of: str = "articles"  # or editions

    def __post_init__(self) -> None:
        for name in ("text", "agency", "language", "licence"):
            text_of(getattr(self, name), name=name)
        for name in ("word", "one_per_story", "exclude_opt_out"):
            truth(getattr(self, name), name=name)
        for portal in self.portals:
            if not PORTAL_NAME.fullmatch(portal):
                raise UsageError(f"{portal!r} cannot name a portal", remedy="list the portals: warraq portals")
        for country in self.countries:
            if not _COUNTRY.fullmatch(country):
                raise UsageError(f"{country!r} is no country", remedy="two capital letters, as EG; XX for pan-Arab")
        unknown = [name for name in self.columns if name not in COLUMNS]
        if unknown or not self.columns:
            raise UsageError(
                f"no column of articles is named {', '.join(unknown) or 'so'}",
                remedy='"DESCRIBE articles" and the data dictionary list them',
            )
        if len(set(self.columns)) < len(self.columns):
            raise UsageError("a column is named twice", remedy="name each once")
        if self.since and self.until and self.since >= self.until:
            raise UsageError("the time it begins with must be before the one it ends with", remedy="exchange the two")
        if self.text is not None:
            one_phrase(self.text, refuse_signs=self.word)
        if self.agency is not None:
            one_phrase(self.agency, refuse_signs=False)

    def conditions(self) -> tuple[str, list[object]]:
        """A SQL condition over the columns of articles, and the values for its question marks."""
        said: list[str] = ["true"]
        values: list[object] = []

        def add(condition: str, *given: object) -> None:
            said.append(condition)
            values.extend(given)

        if self.portals:
            add(_among("portal", self.portals), *self.portals)
        if self.countries:
            add(_among("country", self.countries), *self.countries)
        if self.since is not None:
            add("published_at >= ?", self.since)
        if self.until is not None:
            add("published_at < ?", self.until)
        if self.language is not None:
            add("language = lower(?)", self.language)
        if self.agency is not None:
            add("ar_contains(agency, ?)", self.agency)
        if self.licence is not None:
            add("contains(lower(licence), lower(?))", self.licence)
        if self.text is not None:
            add(f"ar_contains(title || ' ¤ ' || body, ?, word := {str(self.word).lower()})", self.text)
        return " AND ".join(said), values

    def sql(self, *, columns: Sequence[str] | None = None, order: bool = True) -> tuple[str, list[object]]:
        """The whole query: oldest first, undated last; and its values."""
        names = ", ".join(columns or self.columns)
        source = self.of
        if self.of == "editions":
            # Windows that overlap may each hold the same edition.
            first = "row_number() OVER (PARTITION BY edition_id ORDER BY captured_at, run_id) = 1"
            source = f"(SELECT * FROM editions QUALIFY {first})"  # noqa: S608 - constants
        ordered = " ORDER BY published_at, captured_at, article_id" if order else ""
        where, values = self.conditions()
        if self.exclude_opt_out:
            where += " AND article_id NOT IN (SELECT article_id FROM opt_outs)"
        if self.one_per_story:
            first = self._first_of_stories(f"SELECT article_id FROM {source} AS articles WHERE {where}")  # noqa: S608
            # An article's one row need not be asked again what its text says.
            cheap = self if self.of == "editions" else replace(self, text=None)
            where, again = cheap.conditions()
            where, values = f"{where} AND article_id IN ({first})", [*again, *values]
        query = f"SELECT {names} FROM {source} AS articles WHERE {where}{ordered}"  # noqa: S608 - names are checked
        return query, values

    @staticmethod
    def _first_of_stories(chosen: str) -> str:
        """SQL for the earliest of those that are chosen of each story: its first one may be in no selection."""
        return f"SELECT arg_min(article_id, place) FROM stories WHERE article_id IN ({chosen}) GROUP BY story_id"  # noqa: S608


def _among(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join('?' * len(values))})"
