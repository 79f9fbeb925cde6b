"""The rows of a run compared with what they must be: text derived again from the raw bytes by the rules that made it,
counts, and what was removed on request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from spiders.job.crawl_verdict import readable
from spiders.portal.definition import Portal
from storage.identity.ids import link_id
from storage.model.records import ArticleText, Edition, Rejected, WarcPlace
from storage.model.window import RunId
from storage.schema.arrow_and_iceberg import runs_from, table_of
from storage.schema.columns import ARTICLES, FIRST_SCHEMA
from storage.tables.archive_tables import ArchiveTables
from storage.tables.removal_register import Denied
from storage.tables.row_filters import select
from warraq.pipeline.extract import RunPages
from warraq.pipeline.settling.settle_links import edition_of
from warraq.pipeline.workers.page_job import PRELOAD, PageJob, Rules, failed_page
from warraq.pipeline.workers.worker_pool import Workers

Place = tuple[str, int]  # key of a chunk, offset in it
# What the extractor decides; the rest of a row says where it came from.
DERIVED = ("article_id", "edition_id", *(column.name for column in ARTICLES.columns if column.path.startswith("text.")))


class ExtractionPool:
    """Workers for the rules in use; kept from run to run while the rules stay, for starting them takes a second."""

    def __init__(self, count: int | None) -> None:
        self._count = count
        self._rules: Rules | None = None
        self._workers: Workers[PageJob, ArticleText | Rejected] | None = None

    def __enter__(self) -> ExtractionPool:
        return self

    def __exit__(self, *failure: object) -> None:
        if self._workers:
            self._workers.__exit__(*failure)

    def of(self, rules: Rules) -> Workers[PageJob, ArticleText | Rejected]:
        """Workers that extract with these rules."""
        if self._workers is None or rules != self._rules:
            self.__exit__()
            self._rules, self._workers = rules, Workers(rules.work, count=self._count, preload=PRELOAD)
        return self._workers


def differences(
    run: RunId, rules: Rules, pages: RunPages, rows: dict[Place, dict[str, Any]], *, pool: ExtractionPool
) -> Iterable[str]:
    """What is to be told of rows of one run and one version of the rules, by where their pages lie."""
    seen = set()
    for job, result in pool.of(rules).map(pages.at(rows), failed=failed_page):
        seen.add(place_of(job.place))
        where = f"{job.place.key} at byte {job.place.offset} ({readable(job.url)})"
        if isinstance(result, Rejected):
            yield f"{where}: the page of a row is no article when derived again ({result.reason}: {result.detail})"
        elif changed := _changed(rows[place_of(job.place)], edition_of(run, rules, job, result)):
            yield f"{where}: derived again, it differs in {', '.join(changed)}"
    yield from strays(rows, seen, pages)


def strays(rows: Iterable[Place], seen: set[Place], pages: RunPages) -> Iterable[str]:
    """Rows whose place holds no page, apart from those that are damaged, which is told of its own."""
    damaged = {place_of(link.place) for link, _ in pages.damaged if link.place}
    for key, offset in sorted(set(rows) - seen - damaged):
        yield f"{key} at byte {offset}: a row comes from here, but the index knows no page"


def _changed(row: dict[str, Any], edition: Edition) -> list[str]:
    """The columns in which a row differs from what its page gives now, of those that its writer knew.

    A column that came later is null in rows written before; the table may not have it yet at all.
    """
    (again,) = table_of(ARTICLES, [edition]).to_pylist()
    first = {column.name for column in ARTICLES.columns if column.since == FIRST_SCHEMA}
    known = (name for name in (*DERIVED, "payload_sha256") if name in first or row.get(name) is not None)
    return [name for name in known if again[name] != row[name]]


def place_of_row(row: dict[str, Any]) -> Place:
    """Where the page of a row lies, by what the row says."""
    return row["warc_key"], row["warc_offset"]


def place_of(place: WarcPlace) -> Place:
    """The same of a record's place."""
    return place.key, place.offset


def removed_rows(run: RunId, portal: Portal, denied: Denied, rows: Sequence[dict[str, Any]]) -> Iterable[str]:
    """Rows of what was removed on request, as a restored backup or an interrupted removal has them."""
    for row in rows if denied.removals else ():
        canonical = row["canonical_url"] or row["url"]
        found = denied.article(row["article_id"], canonical, link_id(portal.canonical(row["url"])))
        if found:
            yield f"{run}: holds an article that was removed on request ({found.id}): warraq remove --again"


def miscounts(run: RunId, tables: ArchiveTables, *, articles: int) -> Iterable[str]:
    """Rows that the tables have lost or gained against what the run's own row says."""
    for row in runs_from(tables.scan("runs", row_filter=select(run=run))):
        outcomes = tables.scan("fetches", row_filter=select(run=run), columns=("outcome",))["outcome"].to_pylist()
        if Counter(outcomes) != Counter(row.outcomes):
            yield f"{run}: {len(outcomes)} rows of news.fetches do not match the outcomes of its {row.links} links"
        if articles != row.articles_new + row.editions:
            yield f"{run}: {articles} rows of news.articles instead of {row.articles_new + row.editions}"
