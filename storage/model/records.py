"""The records that travel between stages. Their fields are the columns of the tables (storage/schema/columns.py)."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime

from storage.model.outcomes import Outcome, Rejection


class Precision(enum.StrEnum):
    """How exact a date is: a day without a time is not midnight."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"


class Role(enum.StrEnum):
    """What an exchange of the raw archive is."""

    PAGE = "page"
    SOURCE = "source"
    ROBOTS = "robots"  # robots.txt
    OTHER = "other"  # on the way to one of these: a redirect, a failed try, a page that was refused
    REMOVED = "removed"  # a tombstone in its place


@dataclass(frozen=True)
class RemovedBlock:
    """Text that was stripped from a page, and the id of the rule that did it."""

    rule: str
    text: str


@dataclass(frozen=True)
class ArticleText:
    """What the extractor derives from one page. Times are UTC; `confidence` and `quality` are 0 to 1."""

    title: str
    body: str  # paragraphs separated by one newline
    description: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    agency: str | None = None
    language: str | None = None  # BCP 47 primary tag: ar, fa, ur, en…
    lead_image_url: str | None = None
    canonical_url: str | None = None
    word_count: int = 0
    published_at: datetime | None = None
    published_precision: str | None = None  # Precision
    published_source: str | None = None  # which witness: json_ld, meta, time_element, visible_text, url, listing
    published_confidence: float | None = None
    published_raw: str | None = None
    modified_at: datetime | None = None
    removed_blocks: tuple[RemovedBlock, ...] = ()
    quality: float = 0.0
    flags: tuple[str, ...] = ()  # sorted
    text_simhash: int | None = None  # 64-bit SimHash of the folded text, as a signed integer
    licence: str | None = None  # an address, or words; as the page states it for its own article


@dataclass(frozen=True)
class Rejected:
    """A page that is not an article, and why; `detail` is one English line for the operator."""

    reason: Rejection
    detail: str = ""
    removed_blocks: tuple[RemovedBlock, ...] = ()


@dataclass(frozen=True)
class WarcPlace:
    """Where a response record lies: object key, byte offset and length of its gzip member, sha256 of the payload."""

    key: str
    offset: int
    length: int
    payload_sha256: str


@dataclass(frozen=True)
class Exchange:
    """One HTTP exchange as it went over the wire: headers and body as received, content-encoding kept."""

    url: str
    requested_at: datetime
    captured_at: datetime
    status: int
    reason: str
    request_method: str  # empty where the request is not known, as in an imported file; then none is written
    request_headers: tuple[tuple[str, str], ...]
    response_headers: tuple[tuple[str, str], ...]
    body: bytes
    ip_address: str | None = None
    truncated: str | None = None  # WARC-Truncated: length, time, disconnect, unspecified


@dataclass(frozen=True)
class Capture:
    """A response read back from the raw archive. `body` has its transfer and content encodings removed."""

    url: str
    captured_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    place: WarcPlace
    role: Role = Role.PAGE
    problem: str | None = None  # why the body could not be decoded in full; `body` is then what could be read

    def header(self, name: str) -> str | None:
        """The value of the first header of that name, which is given in lower case."""
        return next((value for each, value in self.headers if each.lower() == name), None)


@dataclass(frozen=True)
class LinkRecord:
    """How the crawl left one link. `link_id` is the identity of the URL (see storage/identity/urls.py)."""

    url: str
    link_id: str
    source: str  # the kind of source that listed it first, e.g. feed
    source_url: str | None
    outcome: Outcome
    listed_at: datetime | None = None  # the date the source gave for the link
    http_status: int | None = None
    final_url: str | None = None
    content_type: str | None = None
    bytes_received: int = 0
    fetch_seconds: float | None = None
    captured_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    place: WarcPlace | None = None
    detail: str | None = None  # one line on the cause, for the operator


@dataclass(frozen=True)
class ChunkInfo:
    """One uploaded WARC chunk: its key, sha256 of the whole object, bytes and number of response records."""

    key: str
    sha256: str
    bytes: int
    captures: int


@dataclass(frozen=True)
class CrawlReport:
    """What `crawl.json` says: written last, it lists the chunks that count. Counts are by outcome."""

    run_id: str
    round: int  # 1 for the first crawl of the window, +1 each time a finished run is crawled again
    attempt: int  # tries within the round
    started_at: datetime
    finished_at: datetime
    links: int
    outcomes: dict[str, int]
    chunks: tuple[ChunkInfo, ...]
    links_key: str  # the object with one LinkRecord a line
    bytes_received: int
    requests: int
    sources: dict[str, int] = field(default_factory=dict)  # links listed first, by kind of source
    problems: tuple[str, ...] = ()  # one line each: failures grouped by cause, with one example
    notes: tuple[str, ...] = ()  # one line each: worth knowing, and no problem
    findings: tuple[str, ...] = ()  # one line each: what makes the run degraded, whatever its numbers say
    told_apart_by: tuple[str, ...] = ()  # parameters that look like tracking and name stories of this portal


@dataclass(frozen=True)
class Edition:
    """One row of `news.articles`: one distinct text of an article, and where it came from."""

    article_id: str
    edition_id: str
    url: str
    portal: str
    country: str | None
    text: ArticleText
    captured_at: datetime
    run_id: str
    window_start: datetime
    window_end: datetime
    place: WarcPlace
    extractor_version: str
    opt_out: str | None = None  # of text and data mining, as page or site stated it


@dataclass(frozen=True)
class Fetch:
    """One row of `news.fetches`: a link with its final outcome."""

    link: LinkRecord
    portal: str
    run_id: str
    window_start: datetime
    window_end: datetime
    outcome: str
    article_id: str | None = None
    edition_id: str | None = None


class Verdict(enum.StrEnum):
    """What the audit says of a run: DEGRADED is published with a mark, FAILED is not published."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


@dataclass(frozen=True)
class Run:
    """One row of `news.runs`."""

    run_id: str
    portal: str
    window_start: datetime
    window_end: datetime
    verdict: str  # Verdict
    findings: tuple[str, ...]  # what the audit noticed, one line each
    links: int
    outcomes: dict[str, int]
    articles_new: int
    editions: int
    rejected: int
    baseline_articles: float | None  # what this portal yields in such a window, from its own history
    rounds: int
    attempts: int
    requests: int
    bytes_received: int
    crawl_seconds: float
    started_at: datetime
    finished_at: datetime
    extractor_version: str
    code_version: str
    articles_known: int | None = None  # of the window, archived before by runs of overlapping windows; None before 2
