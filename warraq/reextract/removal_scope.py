"""What of the archive is in the scope of a removal: found by ids and digests, run by run."""

from __future__ import annotations

import functools
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extract.html.decoding import decode_page
from extract.page import Page
from spiders.links.told_apart import read_told_apart
from spiders.portal.definition import Portal
from spiders.registry import find_portal, load_portals
from storage.errors import DamagedObject, ObjectMissing, UsageError
from storage.identity.ids import link_id
from storage.identity.urls import joined_address
from storage.model.records import Role
from storage.model.window import RunId
from storage.objects.keys import release_prefix, troubles_root
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.raw.run import RawRun, raw_runs
from storage.read.release.edits import EDITS
from storage.schema.arrow_and_iceberg import runs_from
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables
from storage.tables.removal_register import NOTHING_DENIED, Denied, Kind, Removal, Step, says, text_mark, words_of
from storage.tables.row_filters import select
from warraq.pipeline.extract import CAPTURED_AGAIN, RunExtraction
from warraq.pipeline.workers.page_job import Rules, page_result

_ADDRESS = re.compile(r"""https?://[^\s"'<>\\]+|(?<=href=")[^"#]+|(?<=href=')[^'#]+""")
_COPY_BYTES = 1 << 20
_TEXTS = ("title", "body", "description")
_IDS = ("article_id", "edition_id", "url", "canonical_url", "authors", "tags", "agency", "section", "licence", *_TEXTS)


@dataclass
class RunScope:
    """What of one run is to go."""

    run: RunId
    captures: set[tuple[str, int]] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    articles: set[str] = field(default_factory=set)
    editions: set[str] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        """Whether the run has nothing of it."""
        return not (self.captures or self.links or self.articles or self.editions)


def portal_of(name: str, settings: Settings) -> Portal:
    """A portal's definition, with what the archive has learnt of its addresses."""
    return read_told_apart(open_store(settings), find_portal(name, settings))


def marks_of_url(url: str, tables: ArchiveTables | None, settings: Settings) -> tuple[str, tuple[str, ...]]:
    """The portal of an address, and the marks of its link and of the articles it led to. Raises UsageError."""
    portal = next((one for one in load_portals(settings).values() if one.hosts.owns(url)), None)
    if portal is None:
        raise UsageError(f"{urlsplit(url).netloc or url} is no portal's host", remedy="warraq portals lists them")
    portal = portal_of(portal.name, settings)
    own = link_id(portal.canonical(url))
    return portal.name, _with_articles(tables, portal, {own}, set())


def marks_of_article(name: str, tables: ArchiveTables, settings: Settings) -> tuple[str, tuple[str, ...]]:
    """The portal of an article, and the marks of it and of the addresses it was found at. Raises UsageError."""
    rows = tables.scan("articles", row_filter=f"article_id == '{name}'", columns=("portal",)).to_pylist()
    if not rows:
        raise UsageError(f"no article is {name}", remedy="warraq show URL tells an article's id")
    portal = portal_of(rows[0]["portal"], settings)
    return portal.name, _with_articles(tables, portal, set(), {name})


def _with_articles(
    tables: ArchiveTables | None, portal: Portal, links: set[str], articles: set[str]
) -> tuple[str, ...]:
    """Ids of all links that led to one of the articles, and of all articles that one of the links led to."""
    if tables is not None:
        wanted = select(portal=portal.name)
        columns = ("article_id", "url", "canonical_url")
        for batch in tables.batches("articles", row_filter=wanted, columns=columns):
            for row in batch.to_pylist():
                of_row = {link_id(portal.canonical(row["url"])), link_id(row["canonical_url"] or row["url"])}
                if of_row & links or row["article_id"] in articles:
                    articles.add(row["article_id"])
                    links |= of_row
        for batch in tables.batches("fetches", row_filter=wanted, columns=("link_id", "article_id")):
            links.update(row["link_id"] for row in batch.to_pylist() if row["article_id"] in articles)
    return tuple(sorted(links | articles | _text_marks(tables, portal, articles)))


def _text_marks(tables: ArchiveTables | None, portal: Portal, articles: set[str]) -> set[str]:
    """The marks of all texts of some articles, so that they do not return at another address."""
    found = set()
    columns = ("article_id", "title", "body")
    for batch in tables.batches("articles", row_filter=select(portal=portal.name), columns=columns) if tables else ():
        of_them = batch.filter(pc.is_in(batch["article_id"].cast(pa.string()), pa.array(sorted(articles), pa.string())))
        found |= {text_mark(row["title"], row["body"]) for row in of_them.to_pylist()}
    return found


def runs_in_reach(removal: Removal, store: ObjectStore, tables: ArchiveTables | None) -> list[RunId]:
    """The runs whose portal and window the removal reaches, raw or published."""
    found = set(raw_runs(store, portal=removal.portal))
    if tables is not None:
        wanted = select(portal=removal.portal, since=removal.since, before=removal.before)
        found |= {RunId.parse(row.run_id) for row in runs_from(tables.scan("runs", row_filter=wanted))}
    return sorted(run for run in found if removal.reaches(run.portal, run.window.start))


def scope_of_run(run: RunId, removal: Removal, settings: Settings, tables: ArchiveTables | None) -> RunScope:
    """What of a run is to go: its rows, its links, and the captures of their pages and of listings that name them."""
    portal, denied = portal_of(run.portal, settings), Denied((removal,))
    scope = RunScope(run)
    if tables is not None:
        _add_rows(scope, portal, denied, tables)
    if removal.step == Step.REMOVE:
        raw = RawRun(open_store(settings), run)
        if tables is not None and _was_captured_again(run, tables):
            scope.links |= _links_that_say_it(raw, portal, denied)
        _add_captures(scope, portal, denied, raw)
    return scope


def _add_rows(scope: RunScope, portal: Portal, denied: Denied, tables: ArchiveTables) -> None:
    (removal,) = denied.removals
    known = tables.load()["articles"].schema().column_names  # a column may be younger than the tables
    columns = tuple(name for name in _IDS if name in known)
    for row in tables.scan("articles", row_filter=select(run=scope.run), columns=columns).to_pylist():
        own = link_id(portal.canonical(row["url"]))
        if removal.kind == Kind.TEXT:
            if any(says(words_of(text), removal) for text in _said(row)):
                scope.editions.add(row["edition_id"])
                scope.links.add(own)
        elif denied.article(row["article_id"], row["canonical_url"] or row["url"], own):
            scope.articles.add(row["article_id"])
            scope.links.add(own)
    columns = ("link_id", "article_id", "edition_id", "url")
    for row in tables.scan("fetches", row_filter=select(run=scope.run), columns=columns).to_pylist():
        is_of_it = row["article_id"] in scope.articles or row["edition_id"] in scope.editions
        if is_of_it or (removal.kind != Kind.TEXT and denied.link(portal.canonical(row["url"]), row["link_id"])):
            scope.links.add(row["link_id"])


def _said(row: dict[str, object]) -> Iterator[str]:
    for name in (*_TEXTS, "agency", "section", "licence"):
        yield str(row.get(name) or "")
    for name in ("authors", "tags"):
        yield from map(str, row[name] or ())  # type: ignore[call-overload]  # a list of texts


def _add_captures(scope: RunScope, portal: Portal, denied: Denied, raw: RawRun) -> None:
    (removal,) = denied.removals
    for chunk in raw.chunks():
        for entry in raw.index(chunk):
            place = (entry.place.key, entry.place.offset)
            if entry.role == Role.PAGE:
                own = entry.link.link_id if entry.link else link_id(portal.canonical(entry.url))
                is_it = own in scope.links or (
                    removal.kind != Kind.TEXT and denied.link(portal.canonical(entry.url), own) is not None
                )
                if is_it or (removal.kind == Kind.TEXT and _page_says(raw, entry.place, removal)):
                    scope.captures.add(place)
                    scope.links.add(own)
            elif entry.role == Role.SOURCE and _lists(raw, entry.place, scope, portal, denied):
                scope.captures.add(place)
    for number in range(1, _rounds(raw) + 1):
        for link in raw.links_of(number):
            if removal.kind != Kind.TEXT and denied.link(portal.canonical(link.url), link.link_id):
                scope.links.add(link.link_id)


def _was_captured_again(run: RunId, tables: ArchiveTables) -> bool:
    """Whether the run's extraction left pages out: it says so, and does not say which."""
    row = tables.run_row(run)
    return row is not None and any(CAPTURED_AGAIN in finding for finding in row.findings)


def _links_that_say_it(raw: RawRun, portal: Portal, denied: Denied) -> set[str]:
    """The links of pages that are the removed article at another address, by what extraction makes of them."""
    extraction = RunExtraction(raw, Rules(portal, denied=denied))
    found = ((job, page_result(portal.profile, None, NOTHING_DENIED, job)) for job in extraction.pages)
    return {job.link.link_id for job, result in found if extraction.is_removed(job, result)}


def _rounds(raw: RawRun) -> int:
    report = raw.report()
    return report.round if report else 0


def _page_says(raw: RawRun, place: object, removal: Removal) -> bool:
    text = _text_of(raw, place)
    return says(words_of(re.sub(r"<[^>]*>", " ", text)), removal)


def _lists(raw: RawRun, place: object, scope: RunScope, portal: Portal, denied: Denied) -> bool:
    """Whether a listing names a page that is to go: feeds tell its title and the beginning of its text."""
    (removal,) = denied.removals
    text = _text_of(raw, place)
    if removal.kind == Kind.TEXT:
        return says(words_of(re.sub(r"<[^>]*>", " ", text)), removal)
    for found in _ADDRESS.findall(text):
        address = joined_address(portal.start_url, found.replace("&amp;", "&"))
        if address and portal.hosts.owns(address):
            canonical = portal.canonical(address)
            own = link_id(canonical)
            if own in scope.links or denied.link(canonical, own):
                return True
    return False


def _text_of(raw: RawRun, place: object) -> str:
    try:
        capture = raw.capture_at(place)  # type: ignore[arg-type]  # a WarcPlace
    except (DamagedObject, ObjectMissing):
        return ""
    kind = capture.header("content-type")
    page = Page(
        body=capture.body, captured_at=capture.captured_at, url=capture.url, content_type=kind, status=capture.status
    )
    return decode_page(page)


def releases_in_reach(names: list[str], scopes: list[RunScope], store: ObjectStore) -> dict[str, int]:
    """The releases that hold rows of the scopes, with how many; one of a later month may hold how they changed."""
    articles = set().union(*(scope.articles for scope in scopes)) if scopes else set()
    editions = set().union(*(scope.editions for scope in scopes)) if scopes else set()
    portals = sorted({scope.run.portal for scope in scopes})
    found: dict[str, int] = {}
    files: dict[str, tuple[str, ...]] = {f"articles/{portal}.parquet": ("edition_id",) for portal in portals}
    files[EDITS] = ("edition_before", "edition_after")
    for name in names:
        for file, of_editions in files.items():
            key, ids = release_prefix(name) + file, {"article_id": articles, **dict.fromkeys(of_editions, editions)}
            count = _rows_with(store, key, ids) if store.exists(key) else 0
            if count:
                found[name] = found.get(name, 0) + count
    return found


def _rows_with(store: ObjectStore, key: str, ids: Mapping[str, set[str]]) -> int:
    """How many rows of a file have one of the ids in its column."""
    with tempfile.TemporaryFile(prefix="warraq-release-") as file:  # a store's reader cannot seek
        with store.open(key) as source:
            shutil.copyfileobj(source, file, _COPY_BYTES)
        rows = pq.read_table(file, columns=list(ids))
    has = [pc.is_in(rows[name], pa.array(sorted(some), pa.string())) for name, some in ids.items()]
    return pc.sum(functools.reduce(pc.or_, has)).as_py() or 0


def alerts_in_reach(removal: Removal, settings: Settings, store: ObjectStore) -> list[str]:
    """Incidents whose lines name a page that is to go."""
    denied, found = Denied((removal,)), []
    portals = load_portals(settings).values()
    for info in store.list(troubles_root().partition("/")[0] + "/"):
        text = store.get(info.key).decode("utf-8", "replace")
        for address in _ADDRESS.findall(text):
            portal = next((one for one in portals if one.hosts.owns(address)), None)
            if portal and denied.link(portal.canonical(address), link_id(portal.canonical(address))):
                found.append(info.key)
                break
    return found
