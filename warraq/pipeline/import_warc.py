"""Imports foreign WARC and WACZ files: captures go into the raw archive of the day they were made, once."""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from extract.html.decoding import decode_text
from spiders.links.known_links import id_number
from spiders.links.told_apart import read_told_apart, told_apart_by, write_told_apart
from spiders.politeness.opt_out import page_opt_out
from spiders.portal.definition import Portal
from spiders.sources.records import ListedLink
from storage.errors import DamagedObject, StageFailed
from storage.identity.ids import link_id
from storage.identity.urls import doubtful_parameters
from storage.model.outcomes import Outcome
from storage.model.records import CrawlReport, Exchange, LinkRecord
from storage.model.window import RunId, Window
from storage.objects.store import ObjectStore
from storage.raw.chunk_writer import ChunkWriter
from storage.raw.content_encoding import beginning_of
from storage.raw.foreign_records import LOSSES, Foreign, LeftOut, Revisit, Unusable
from storage.raw.foreign_warc import new_segments, read_foreign
from storage.raw.run import RawRun
from storage.raw.warc_records import header_url
from storage.tables.removal_register import Denied, read_denied

SOURCE = "import"
HEAD_BYTES = 8 * 1024  # where a page states an opt-out
REVISIT, REVISIT_OF_ABSENT = "revisit", "revisit_of_absent_page"
MAX_OPEN_DAYS = 32  # chunks open at once; a file that mixes more days is uploaded in smaller chunks
HTML_TYPES = ("text/html", "application/xhtml+xml")
# What servers and archives write where they do not know.
_UNKNOWN_TYPES = frozenset({"", "unknown/unknown", "application/unknown", "*/*", "no-type"})
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype html|html|head|body|meta|title|div|p|h1)\b", re.I | re.S
)
_TITLE = re.compile(rb"<title\b[^>]*>(.{1,2000}?)</title", re.IGNORECASE | re.DOTALL)
_TITLE_WITHIN_BYTES = 32_768
_LOOKED_AT_BYTES = 2048
MAX_NAMED = 1_000  # records named one by one; a file of conversions has millions
_OK = 200


@dataclass
class ImportReport:
    """What an import did: `captures` by day's run, what was passed over by reason.

    `damaged` names the records of the portal, or of nobody knows whom, that are lost; `named` those that hold no answer
    of a server. Both are bounded, the counts are not.
    """

    captures: dict[RunId, int] = field(default_factory=dict)
    passed_over: Counter[str] = field(default_factory=Counter)
    damaged: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    days: set[RunId] = field(default_factory=set)  # the runs that have pages of the files, new or known
    pages: set[int] = field(default_factory=set)  # all that the files hold, by link; those known before too
    revisits: Counter[int] = field(default_factory=Counter)  # by the link whose bytes they speak of

    def leave_out(self, item: LeftOut, portal: Portal) -> None:
        """Count a record that gives no capture, and name it if it may be missed."""
        self.passed_over[str(item.reason)] += 1
        is_ours = not item.url or portal.hosts.owns(item.url)
        if item.reason in LOSSES and (is_ours or item.reason is Unusable.DAMAGED):
            _name(self.damaged, item.message)
        elif item.reason is Unusable.OTHER_KIND and is_ours:
            _name(self.named, item.message)

    def settle_revisits(self) -> None:
        """Count revisits, apart those whose page is in none of the files: it may be in one that was not named."""
        for link, count in self.revisits.items():
            self.passed_over[REVISIT if link in self.pages else REVISIT_OF_ABSENT] += count
        self.revisits.clear()


def _name(lines: list[str], message: str) -> None:
    if len(lines) < MAX_NAMED:
        lines.append(message)
    elif len(lines) == MAX_NAMED:
        lines.append("and more, as counted")


class _Day:
    """The open raw archive of one day."""

    def __init__(self, store: ObjectStore, run: RunId, spool: Path, portal: Portal, denied: Denied) -> None:
        self.denied = denied.of_run(run.portal, run.window.start)
        self.told_apart_by = portal.told_apart_by
        self.raw = RawRun(store, run)
        self.round, self.attempt = self.raw.next_position()
        entries = [entry for chunk in self.raw.chunks() for entry in self.raw.index(chunk)]
        if self.raw.report() is None and any(entry.link is None or entry.link.source != SOURCE for entry in entries):
            raise StageFailed(f"{run}: its crawl has not finished", remedy="finish it first: run the crawl again")
        self.known = {(header_url(entry.url), entry.captured_at, entry.place.payload_sha256) for entry in entries}
        self.writer = ChunkWriter(store, run, round_=self.round, attempt=self.attempt, spool=spool)
        self.is_idle = True
        self.started_at = datetime.now(UTC)

    def add(self, exchange: Exchange, link: LinkRecord) -> bool:
        """Write the capture, unless the day has it."""
        mark = (header_url(exchange.url), exchange.captured_at, hashlib.sha256(exchange.body).hexdigest())
        if mark in self.known:
            return False
        self.known.add(mark)
        self.writer.write(exchange, role="page", link=link)
        self.writer.rotate_if_due()
        self.is_idle = False
        return True

    def pause(self) -> None:
        """Upload the open chunk, so that it takes no file handle."""
        self.writer.close()
        self.is_idle = True

    def finish(self) -> None:
        """End the round with all its captures, also those of an earlier, interrupted import."""
        self.writer.close()
        fresh = RawRun(self.raw.store, self.raw.run)
        prefix = f"/r{self.round:02d}-"
        entries = [entry for chunk in fresh.chunks() if prefix in chunk.key for entry in fresh.index(chunk)]
        if not entries:
            return
        links = list({entry.link.link_id: entry.link for entry in entries if entry.link}.values())
        report = CrawlReport(
            run_id=str(self.raw.run),
            round=self.round,
            attempt=self.attempt,
            started_at=self.started_at,
            finished_at=datetime.now(UTC),
            links=len(links),
            outcomes={str(Outcome.CAPTURED): len(links)},
            chunks=(),
            links_key="",
            bytes_received=sum(link.bytes_received for link in links),
            requests=0,
            sources={SOURCE: len(links)},
            told_apart_by=self.told_apart_by,
        )
        fresh.finish(report, links)


def import_files(
    paths: Iterable[Path],
    portal: Portal,
    store: ObjectStore,
    *,
    spool: Path,
    denied: Denied | None = None,
    progress: Callable[[str, int], None] = lambda name, records: None,
) -> ImportReport:
    """Bring the portal's pages in; doing it again brings nothing twice.

    What was removed on request stays out: `denied`, by default what the archive's own register says.

    Raises UsageError, before anything is written, for a file that is no WARC.
    """
    paths = list(paths)
    for path in paths:
        with contextlib.suppress(DamagedObject):
            next(read_foreign(path), None)
    portal = _telling_apart(paths, read_told_apart(store, portal), store)
    denied = read_denied(store, now=datetime.now(UTC)) if denied is None else denied
    report = ImportReport()
    days: dict[RunId, _Day] = {}
    segments = new_segments()
    try:
        for path in paths:
            try:
                for records, item in enumerate(read_foreign(path, segments), start=1):
                    _take(item, path.name, portal, store, spool=spool, days=days, report=report, denied=denied)
                    progress(path.name, records)
            except DamagedObject as error:
                report.damaged.append(error.message)
        for item in segments.rest():
            report.leave_out(item, portal)
        report.settle_revisits()
        for day in days.values():
            day.finish()
    finally:
        for day in days.values():
            day.writer.discard()
    return report


def _telling_apart(paths: Iterable[Path], portal: Portal, store: ObjectStore) -> Portal:
    """The portal, told apart by what the files' own pages show: those that differ in one parameter and in their titles.

    Only addresses with a doubtful parameter are looked at, and mostly there are none.
    """
    doubtful: list[ListedLink] = []
    for path in paths:
        with contextlib.suppress(DamagedObject):
            for item in read_foreign(path, new_segments(), wanted=lambda url: bool(doubtful_parameters(url))):
                if not isinstance(item, Exchange) or _objection(item, portal):
                    continue
                start = beginning_of(item.body, item.response_headers, length=_TITLE_WITHIN_BYTES)
                if title := _TITLE.search(start):
                    text = decode_text(title[1], _header(item, "content-type"))
                    doubtful.append(ListedLink(item.url, SOURCE, "", title=" ".join(text.split())))
    found = portal.telling_apart(told_apart_by(doubtful, portal))
    if found is not portal:
        write_told_apart(store, found)
    return found


def _take(
    item: Foreign,
    file_name: str,
    portal: Portal,
    store: ObjectStore,
    *,
    spool: Path,
    days: dict[RunId, _Day],
    report: ImportReport,
    denied: Denied,
) -> None:
    if isinstance(item, LeftOut):
        report.leave_out(item, portal)
        return
    if isinstance(item, Revisit):
        if _is_own_page(item.url, portal):
            report.revisits[id_number(_link_id(item.refers_to, portal))] += 1
        else:
            report.passed_over["other_site"] += 1
        return
    if reason := _objection(item, portal):
        report.passed_over[reason] += 1
        return
    run = RunId(portal.name, day_of(item.captured_at))
    if run not in days:
        if len(days) - sum(day.is_idle for day in days.values()) >= MAX_OPEN_DAYS:
            for day in days.values():
                day.pause()
        days[run] = _Day(store, run, spool, portal, denied)
    link = _link(item, file_name, portal)
    if days[run].denied.link(portal.canonical(item.url), link.link_id):
        report.passed_over["removed"] += 1
        return
    report.pages.add(id_number(link.link_id))
    report.days.add(run)
    if days[run].add(item, link):
        report.captures[run] = report.captures.get(run, 0) + 1
    else:
        report.passed_over["known"] += 1


def day_of(instant: datetime) -> Window:
    """The UTC day of a capture: the window it is archived under."""
    start = datetime.combine(instant.astimezone(UTC).date(), time(), UTC)
    return Window(start, start + timedelta(days=1))


def _objection(exchange: Exchange, portal: Portal) -> str | None:
    """Why a response is no page of the portal."""
    if exchange.status != _OK:
        return "not_status_200"
    if urlsplit(exchange.url).scheme not in ("http", "https"):
        return "not_http"
    content_type = (_header(exchange, "content-type") or "").partition(";")[0].strip().lower()
    if content_type not in HTML_TYPES and not (content_type in _UNKNOWN_TYPES and _begins_as_page(exchange)):
        return "not_html"
    return None if _is_own_page(exchange.url, portal) else "other_site"


def _begins_as_page(exchange: Exchange) -> bool:
    """Whether an answer that names no type is HTML by its bytes, as browsers look at it."""
    start = beginning_of(exchange.body, exchange.response_headers, length=_LOOKED_AT_BYTES)
    return bool(_PAGE.match(start.removeprefix(codecs.BOM_UTF8)))


def _is_own_page(url: str, portal: Portal) -> bool:
    return portal.hosts.owns(url) and not portal.hosts.is_front_page(url)


def _link_id(url: str, portal: Portal) -> str:
    return link_id(portal.canonical(url))


def _link(exchange: Exchange, file_name: str, portal: Portal) -> LinkRecord:
    return LinkRecord(
        url=exchange.url,
        link_id=_link_id(exchange.url, portal),
        source=SOURCE,
        source_url=file_name,
        outcome=str(Outcome.CAPTURED),
        http_status=exchange.status,
        final_url=exchange.url,
        content_type=_header(exchange, "content-type"),
        bytes_received=len(exchange.body),
        captured_at=exchange.captured_at,
        etag=_header(exchange, "etag"),
        last_modified=_header(exchange, "last-modified"),
        detail=_opt_out(exchange),
    )


def _opt_out(exchange: Exchange) -> str | None:
    """What the page says against mining, as a crawl would have noted it."""
    named = {name.lower(): value for name, value in exchange.response_headers}
    head = beginning_of(exchange.body, exchange.response_headers, length=HEAD_BYTES)
    return page_opt_out(named, head)


def _header(exchange: Exchange, name: str) -> str | None:
    return next((value for key, value in exchange.response_headers if key.lower() == name), None)
