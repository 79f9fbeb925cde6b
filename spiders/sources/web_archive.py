"""Captures that others keep: the Wayback Machine (CDX server) and Common Crawl (index and WARC ranges).

What they list is an original URL and the time of its capture; the bytes come from them, never from the portal.
"""

from __future__ import annotations

import io
import json
import zlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastwarc.warc import ArchiveIterator, WarcRecordType

from spiders.portal.definition import Source, WebArchive
from spiders.sources.reading.article_links import is_wanted
from spiders.sources.reading.documents import UnreadableListing, plain_bytes
from spiders.sources.reading.url_dates import names_other_days, read_timestamp
from spiders.sources.records import (
    ArchivedCopy,
    Discovery,
    ListedLink,
    Listing,
    SourceRequest,
    SourceResponse,
    nothing_read,
    web_address,
)

CAPTURE_SLACK = timedelta(days=14)  # an article is rarely captured on its day; later captures cost more than they bring
PAGE_LINKS = 5_000  # entries asked for at a time
MAX_PAGES = 200
MAX_INDEX_BYTES = 32 * 1024 * 1024  # of one part of an index, which is parsed as a whole; they have up to 10 MB
MAX_ARCHIVED_BYTES = 16 * 1024 * 1024  # of one archived page, unpacked


@dataclass(frozen=True)
class ArchiveState:
    """Which index is being read, how far; `api` is empty while Common Crawl's list of crawls is awaited."""

    source: WebArchive
    api: str = ""
    page: int = 0
    resume: str = ""


@dataclass(frozen=True)
class ArchivedPage:
    """A page out of another archive's WARC record: what the portal answered then."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def first_requests(source: Source, discovery: Discovery) -> list[SourceRequest]:
    """The index of captures; for Common Crawl first the list of its crawls."""
    assert isinstance(source, WebArchive)  # noqa: S101 - narrows the type
    if source.service == "commoncrawl":
        return [SourceRequest(f"{source.index_url}/collinfo.json", "web_archive", ArchiveState(source))]
    return [_wayback_request(ArchiveState(source, api="wayback"), discovery)]


def parse(response: SourceResponse, discovery: Discovery) -> Listing:
    """Links with their archived copies, and the next part of the index."""
    state = response.request.state
    assert isinstance(state, ArchiveState)  # noqa: S101 - narrows the type
    if state.source.service == "commoncrawl" and state.api and response.status in {400, 404}:
        return Listing()  # nothing captured, or past the last page
    if not response.is_ok:
        return nothing_read(response)
    try:
        text = plain_bytes(response.body, limit=MAX_INDEX_BYTES).decode("utf-8", "replace")
        if state.source.service == "commoncrawl":
            return _crawls(text, state, discovery) if not state.api else _crawl_index(text, state, response, discovery)
        return _wayback_index(text, state, response, discovery)
    except UnreadableListing as error:
        line = f"web_archive {response.request.url}: unreadable: {error}"
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        line = f"web_archive {response.request.url}: unreadable: {type(error).__name__}"
    return Listing(problems=(line,), losses=(line,))


def unwrap(member: bytes) -> ArchivedPage:
    """The page in one gzip member of a WARC file. Raises UnreadableListing for anything else."""
    if member[:2] != b"\x1f\x8b":
        raise UnreadableListing("not a gzip member")
    # Unpacked first, because fastwarc takes a member that was cut off for a shorter one.
    stream = io.BytesIO(plain_bytes(member))
    try:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True):
            body = record.reader.read(MAX_ARCHIVED_BYTES + 1)
            if len(body) > MAX_ARCHIVED_BYTES:
                raise UnreadableListing(f"archived page larger than {MAX_ARCHIVED_BYTES} bytes")
            http = record.http_headers
            if http is None or http.status_code is None:
                raise UnreadableListing("archived record without an HTTP answer")
            headers = tuple((str(name), str(value)) for name, value in http)
            return ArchivedPage(record.headers.get("WARC-Target-URI") or "", int(http.status_code), headers, body)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise UnreadableListing(f"broken WARC record: {error}") from error
    raise UnreadableListing("no response record")


def _wayback_request(state: ArchiveState, discovery: Discovery) -> SourceRequest:
    window = discovery.window
    query: dict[str, str] = {
        "url": state.source.url,
        "matchType": "prefix",
        "from": f"{window.start:%Y%m%d%H%M%S}",
        "to": f"{min(window.end + CAPTURE_SLACK, discovery.now):%Y%m%d%H%M%S}",
        "output": "json",
        "fl": "original,timestamp",
        "collapse": "urlkey",
        "limit": str(PAGE_LINKS),
        "showResumeKey": "true",
    }
    if state.resume:
        query["resumeKey"] = state.resume
    filters = "&filter=statuscode:200&filter=mimetype:text/html"
    url = f"{state.source.index_url}/cdx/search/cdx?{urlencode(query, safe=':/')}{filters}"
    return SourceRequest(url, "web_archive", state)


def _wayback_index(text: str, state: ArchiveState, response: SourceResponse, discovery: Discovery) -> Listing:
    rows = json.loads(text) if text.strip() else []
    resume = ""
    if len(rows) >= 2 and rows[-2] == []:
        resume, rows = str(rows[-1][0]), rows[:-2]
    entries, broken = [], 0
    for row in rows[1:]:
        try:
            original, timestamp = map(str, row)
            copy_url = f"{state.source.pages_url}/web/{timestamp}id_/{original}"
            entries.append((original, ArchivedCopy(copy_url, read_timestamp(timestamp))))
        except (ValueError, TypeError):
            broken += 1
    listing = _telling(broken, _listing(entries, response, discovery), response)
    if not resume:
        return listing
    if resume == state.resume or state.page + 1 >= MAX_PAGES:
        return _not_walked_on(listing, response)
    return replace(listing, requests=(_wayback_request(replace(state, resume=resume, page=state.page + 1), discovery),))


def _crawls(text: str, state: ArchiveState, discovery: Discovery) -> Listing:
    """The crawls that ran while or soon after the window was published."""
    apis = []
    for crawl in json.loads(text):
        begun, ended = (read_timestamp("".join(filter(str.isdigit, crawl[key]))) for key in ("from", "to"))
        if ended >= discovery.window.start and begun < discovery.window.end + CAPTURE_SLACK:
            apis.append(str(crawl["cdx-api"]))
    own_host = urlsplit(state.source.index_url).netloc
    requests = [_crawl_request(replace(state, api=api), discovery) for api in apis if urlsplit(api).netloc == own_host]
    name = f"web_archive {state.source.index_url}"
    return Listing(requests=tuple(requests), problems=() if requests else (f"{name}: no crawl covers the window",))


def _crawl_request(state: ArchiveState, discovery: Discovery) -> SourceRequest:
    query = {"url": f"{state.source.url}*", "output": "json", "page": str(state.page)}
    url = f"{state.api}?{urlencode(query, safe=':/*')}&filter==status:200&filter==mime:text/html"
    return SourceRequest(url, "web_archive", state)


def _crawl_index(text: str, state: ArchiveState, response: SourceResponse, discovery: Discovery) -> Listing:
    window, entries = discovery.window, []
    rows = [line for line in text.splitlines() if line.startswith("{")]
    broken = 0
    for line in rows:
        try:
            row: dict[str, Any] = json.loads(line)
            captured_at = read_timestamp(row["timestamp"])
            if not window.start <= captured_at < window.end + CAPTURE_SLACK:
                continue
            offset, length = int(row["offset"]), int(row["length"])
            file_url = f"{state.source.pages_url}/{row['filename']}"
            entries.append((str(row["url"]), ArchivedCopy(file_url, captured_at, (offset, offset + length - 1))))
        except (ValueError, TypeError, KeyError, RecursionError):
            broken += 1
    listing = _telling(broken, _listing(entries, response, discovery), response)
    left_out = listing.left_out + len(rows) - len(entries)
    listing = replace(listing, left_out=left_out)
    if not rows:
        return listing
    if state.page + 1 >= MAX_PAGES:
        return _not_walked_on(listing, response)
    return replace(listing, requests=(_crawl_request(replace(state, page=state.page + 1), discovery),))


def _telling(broken: int, listing: Listing, response: SourceResponse) -> Listing:
    if not broken:
        return listing
    line = f"web_archive {response.request.url}: {broken:,} rows of the index cannot be read"
    return replace(listing, problems=(*listing.problems, line), losses=(*listing.losses, line))


def _not_walked_on(listing: Listing, response: SourceResponse) -> Listing:
    line = f"web_archive {response.request.url}: more than {MAX_PAGES} parts of the index; ask for shorter windows"
    return replace(listing, problems=(*listing.problems, line), losses=(*listing.losses, line))


def _listing(entries: list[tuple[str, ArchivedCopy]], response: SourceResponse, discovery: Discovery) -> Listing:
    """The first capture of each wanted URL."""
    links: dict[str, ListedLink] = {}
    losses: tuple[str, ...] = ()
    for original, copy in sorted(entries, key=lambda entry: entry[1].captured_at):
        if discovery.must_stop():
            losses = (f"web_archive {response.request.url}: the crawl was stopped before its end",)
            break
        url = web_address(original, response.url)
        if url and is_wanted(url, discovery.portal) and not names_other_days(url, discovery.window):
            links.setdefault(url, ListedLink(url, "web_archive", response.request.url, copy=copy))
    return Listing(tuple(links.values()), problems=losses, left_out=len(entries) - len(links), losses=losses)
