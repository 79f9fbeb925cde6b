"""Raw runs made without a network, for the tests of everything that reads them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.model.records import CrawlReport, Exchange, LinkRecord
from storage.model.window import RunId
from storage.objects.store import ObjectStore
from storage.raw.chunk_writer import ChunkWriter
from storage.raw.run import RawRun

RUN = RunId.parse("demo/2024-12-25T00Z--2024-12-26T00Z")
NOON = datetime(2024, 12, 25, 12, tzinfo=UTC)


def exchange(url: str, body: bytes, *, at: datetime = NOON, status: int = 200, **headers: str) -> Exchange:
    """One exchange with a server on loopback."""
    named = {"Content-Type": "text/html; charset=utf-8", **{name.replace("_", "-"): v for name, v in headers.items()}}
    return Exchange(
        url=url,
        requested_at=at - timedelta(seconds=1),
        captured_at=at,
        status=status,
        reason="OK",
        request_method="GET",
        request_headers=(("Host", "127.0.0.1"), ("User-Agent", "warraq")),
        response_headers=tuple(named.items()),
        body=body,
        ip_address="127.0.0.1",
    )


def link(url: str, *, outcome: str = "captured", at: datetime | None = NOON) -> LinkRecord:
    """How a crawl left a link."""
    link_id = hashlib.sha256(url.encode()).hexdigest()[:32]
    return LinkRecord(url=url, link_id=link_id, source="feed", source_url=None, outcome=outcome, captured_at=at)


def write_round(
    store: ObjectStore,
    pages: Sequence[Exchange],
    *,
    spool: Path,
    others: Sequence[LinkRecord] = (),
    run: RunId = RUN,
    max_bytes: int = 1 << 30,
) -> CrawlReport:
    """Crawl `pages` into the next round of the run, and finish it; `others` are links that gave no page."""
    raw = RawRun(store, run)
    round_, attempt = raw.next_position()
    writer = ChunkWriter(store, run, round_=round_, attempt=attempt, spool=spool, max_bytes=max_bytes)
    links = list(others)
    for page in pages:
        found = link(page.url, at=page.captured_at)
        links.append(replace(found, place=writer.write(page, role="page", link=found), http_status=page.status))
        writer.rotate_if_due()
    chunks = writer.close()
    return raw.finish(report_of(run, links, round=round_, attempt=attempt, chunks=tuple(chunks)), links)


def report_of(run: RunId, links: Sequence[LinkRecord], **known: object) -> CrawlReport:
    """The report of a crawl that left these links."""
    facts = {
        "run_id": str(run),
        "round": 1,
        "attempt": 1,
        "started_at": NOON,
        "finished_at": NOON + timedelta(minutes=1),
        "links": len(links),
        "outcomes": dict(Counter(each.outcome for each in links)),
        "chunks": (),
        "links_key": "",
        "bytes_received": 0,
        "requests": len(links),
    }
    return CrawlReport(**{**facts, **known})  # type: ignore[arg-type]
