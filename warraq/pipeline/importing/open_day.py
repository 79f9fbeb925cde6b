"""The raw archive of one day while an import writes into it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from spiders.portal.definition import Portal
from storage.errors import StageFailed
from storage.model.outcomes import Outcome
from storage.model.records import CrawlReport, Exchange, LinkRecord, Role
from storage.model.window import RunId, Window
from storage.objects.store import ObjectStore
from storage.raw.chunk_writer import ChunkWriter
from storage.raw.run import RawRun
from storage.raw.warc_records import header_url
from storage.tables.removal_register import Denied
from warraq.pipeline.importing.foreign_pages import SOURCE


class OpenDay:
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
        self.writer.write(exchange, role=Role.PAGE, link=link)
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
        before = fresh.report()
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
            requests=before.requests if before else 0,  # none: the day was never crawled, and is not archived whole
            sources={SOURCE: len(links)},
            told_apart_by=self.told_apart_by,
        )
        fresh.finish(report, links)


def day_of(instant: datetime) -> Window:
    """The UTC day of a capture: the window it is archived under."""
    start = datetime.combine(instant.astimezone(UTC).date(), time(), UTC)
    return Window(start, start + timedelta(days=1))
