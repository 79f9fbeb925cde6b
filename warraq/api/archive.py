"""`open_archive`: an archive to read, as it is now, as it was, or as a release froze it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from storage.errors import UsageError
from storage.read.query import answer
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from warraq.api.arguments import (
    Names,
    Time,
    address_of,
    chosen,
    instant,
    names_checked,
    required,
    several,
    whole_number,
)
from warraq.api.articles import Articles, column_names
from warraq.api.citation import Citation, cite
from warraq.api.connections import Connections, as_committed, as_released
from warraq.api.search import Found, Sort, search
from warraq.api.selection import Selection
from warraq.api.series.series import By, Series, series_of

if TYPE_CHECKING:
    from warraq.api.article import Article

MOST_DAYS = 36_500  # between the copies of a story: more are out of what DuckDB counts in


@names_checked
def open_archive(
    uri: str | Path | None = None,
    *,
    catalog: str | None = None,
    release: str | None = None,
    as_of: Time | None = None,
) -> Archive:
    """Open an archive for reading: a directory or s3://bucket/prefix; without `uri` what WARRAQ_ARCHIVE says.

    `release` reads frozen months; `as_of` the state that readers saw at that time. Raises ObjectMissing where nothing
    is archived, UsageError, StoreUnreachable, StoreDenied.
    """
    if release is not None and as_of is not None:
        raise UsageError("a release does not change: `as_of` says nothing about it", remedy="give one of the two")
    settings = settings_of(uri, catalog=catalog)
    tables = open_tables(settings, create=False).load()
    if release is not None:
        return Archive(as_released(settings, tables, release))
    if as_of is not None:
        return Archive(as_committed(settings, tables, instant(as_of, name="as_of")))
    return Archive(Connections(settings, tables))


def settings_of(uri: str | Path | None, *, catalog: str | None) -> Settings:
    """The environment's settings, with what was named in their place."""
    environ = dict(os.environ)
    if uri is not None:
        uri = address_of(uri)
        wanted = read_settings({"WARRAQ_ARCHIVE": uri}).archive
        if wanted != read_settings(environ).archive and catalog is None:
            # The environment's catalog is that of another archive.
            environ.pop("WARRAQ_CATALOG", None)
        environ["WARRAQ_ARCHIVE"] = uri
    if catalog is not None:
        environ["WARRAQ_CATALOG"] = catalog
    return read_settings(environ)


class Archive:
    """An archive at one state. Nothing is read before it is asked for, and nothing is ever written."""

    def __init__(self, connections: Connections) -> None:
        self.connections = connections

    @names_checked
    def articles(
        self,
        *,
        portal: Names | None = None,
        country: Names | None = None,
        since: Time | None = None,
        until: Time | None = None,
        text: str | None = None,
        word: bool = True,
        agency: str | None = None,
        language: str | None = None,
        licence: str | None = None,
        exclude_opt_out: bool = True,
        one_per_story: bool = False,
        columns: Sequence[str] | None = None,
    ) -> Articles:
        """Articles in their latest edition. `since` and `until` are of `published_at`: undated ones are in neither.

        Without those whose page or site reserved text and data mining, unless `exclude_opt_out` is false;
        `left_out()` of what is returned counts them. `one_per_story` keeps of each story the earliest article that
        the other filters let through.
        """
        selection = Selection(
            portals=chosen(portal, name="portal"),
            countries=chosen(country, name="country"),
            since=None if since is None else instant(since, name="since"),
            until=None if until is None else instant(until, name="until"),
            text=text,
            word=word,
            agency=agency,
            language=language,
            licence=licence,
            exclude_opt_out=exclude_opt_out,
            one_per_story=one_per_story,
            **column_names(columns),
        )
        self.connections.check_names(selection.portals, selection.countries)
        self.connections.check_words(language=language, agency=agency)
        return Articles(selection, self.connections)

    def editions(self, **filters: Any) -> Articles:
        """Every edition of the articles, as `articles` selects them."""
        found = self.articles(**filters)
        return replace(found, selection=replace(found.selection, of="editions"))

    def article(self, wanted: str) -> Article:
        """One article, by its id, the id of one edition, or its address in any spelling. Raises UsageError."""
        from warraq.api.article import find_article  # noqa: PLC0415 - loads the portals

        return find_article(wanted, self.connections)

    @names_checked
    def series(
        self,
        term: Names,
        *,
        by: By = "month",
        group: str | None = None,
        share: bool = True,
        portal: Names | None = None,
        country: Names | None = None,
        since: Time | None = None,
        until: Time | None = None,
    ) -> Series:
        """How many articles hold each term, period by period, and what of the period is archived at all."""
        return series_of(
            self.connections,
            several(term, name="term"),
            by=by,
            group=group,
            share=share,
            portals=chosen(portal, name="portal"),
            countries=chosen(country, name="country"),
            since=None if since is None else instant(since, name="since"),
            until=None if until is None else instant(until, name="until"),
        )

    @names_checked
    def search(
        self,
        query: str,
        *,
        portal: Names | None = None,
        country: Names | None = None,
        since: Time | None = None,
        until: Time | None = None,
        limit: int = 20,
        offset: int = 0,
        sort: Sort = "best",
        scan: bool = False,
    ) -> Found:
        """The best articles for a query, as `warraq search` understands it; from the index, or by a scan.

        An index that is behind the archive is brought up to it first. Raises UsageError for a query without a word.
        """
        selection = self.articles(
            portal=portal, country=country, since=since, until=until, exclude_opt_out=False
        ).selection
        return search(self.connections, query, selection, limit=limit, offset=offset, sort=sort, scan=scan)

    def sql(self, query: str, values: Sequence[object] = ()) -> pa.Table:
        """The answer to DuckDB's SQL over articles, editions, fetches, runs, coverage and the functions."""
        if not isinstance(query, str) or isinstance(values, str) or not isinstance(values, Sequence):
            raise UsageError("a query is text, its values are a list", remedy='sql("… WHERE portal = ?", ["almasaa"])')
        found = answer(self.connections.shared(), query, values, only_questions=True)
        return pa.Table.from_batches(found.batches, found.schema)

    @names_checked
    def stories(self, *, within_days: int = 7, least_copies: int = 1) -> pa.Table:
        """One row an article with the story it tells: `story_id`, `copies`, `place` in it, `story_agency`."""
        within_days = whole_number(within_days, name="within_days", least=1, most=MOST_DAYS)
        least_copies = whole_number(least_copies, name="least_copies")
        return self.sql(
            "SELECT * FROM stories_within(within_days := ?) WHERE copies >= ? ORDER BY copies DESC, story_id, place",
            [within_days, least_copies],
        )

    @names_checked
    def edits(self, *, portal: Names | None = None, since: Time | None = None, until: Time | None = None) -> pa.Table:
        """One row a change from edition to edition, and one an article that is gone; by when it was seen."""
        return self._by_time("edits", "seen_at", "article_id, paragraph", portal=portal, since=since, until=until)

    @names_checked
    def gone(self, *, portal: Names | None = None, since: Time | None = None, until: Time | None = None) -> pa.Table:
        """One row an article that is not at its address any more: `how`, `last_seen_at`, `gone_at`, by the last."""
        return self._by_time("gone", "gone_at", "article_id", portal=portal, since=since, until=until)

    def _by_time(
        self, view: str, time: str, order: str, *, portal: Names | None, since: Time | None, until: Time | None
    ) -> pa.Table:
        selection = self.articles(portal=portal, since=since, until=until).selection
        where, values = replace(selection, since=None, until=None).conditions()
        for sign, bound in ((">=", selection.since), ("<", selection.until)):
            if bound is not None:
                where += f" AND {time} {sign} ?"
                values.append(bound)
        return self.sql(f"SELECT * FROM {view} WHERE {where} ORDER BY {time}, {order}", values)  # noqa: S608

    @names_checked
    def first_report(
        self,
        term: str | None = None,
        *,
        story: str | None = None,
        portal: Names | None = None,
        since: Time | None = None,
        limit: int = 20,
    ) -> pa.Table:
        """The earliest articles that hold a term, or tell a story of `stories()` by its `story_id`; undated ones never.

        One of precision `day` may be of any time of that day. Raises UsageError for both or neither of the two, and for
        a story that there is not.
        """
        if (term is None) == (story is None):
            raise UsageError(
                "first_report: give a term or a story, one of the two",
                remedy='first_report("سد النهضة"), or first_report(story=…) with a story_id of stories()',
            )
        limit = whole_number(limit, name="limit")
        text = None if term is None else required(term, name="term")
        where, values = self.articles(
            portal=portal, since=since, text=text, exclude_opt_out=False
        ).selection.conditions()
        if story is not None:
            where += " AND article_id IN (SELECT unnest(?::VARCHAR[]))"
            values.append(self._articles_of(required(story, name="story")))
        return self.sql(
            "SELECT published_at, published_precision, published_confidence, portal, agency, title, url, article_id "  # noqa: S608
            f"FROM articles WHERE published_at IS NOT NULL AND {where} "
            "ORDER BY published_at, captured_at, article_id LIMIT ?",
            [*values, limit],
        )

    def _articles_of(self, story: str) -> list[str]:
        found: list[str] = self.sql("SELECT article_id FROM stories WHERE story_id = ?", [story])[0].to_pylist()
        if not found:
            told = self.sql("SELECT story_id FROM stories WHERE article_id = ?", [story])["story_id"].to_pylist()
            hint = f"it is an article of the story {told[0]}" if told else "stories() has the story_id of each article"
            raise UsageError(f"story: no story has the id {story!r}", remedy=hint)
        return found

    @names_checked
    def coverage(self, *, portal: Names | None = None) -> pa.Table:
        """One row a portal and day with at least one run: hours covered, verdict, counts."""
        where, values = self.articles(portal=portal).selection.conditions()
        return self.sql(f"SELECT * FROM coverage WHERE {where} ORDER BY portal, day", values)  # noqa: S608 - marks only

    def cite(self) -> Citation:
        """How to name what was read, so that another finds the same rows."""
        return cite(self.connections)

    def close(self) -> None:
        """Give back what is open; the archive can be asked again."""
        self.connections.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        release = self.connections.release
        return f"<Archive {self.connections.settings.archive}{f' release {release.name}' if release else ''}>"
