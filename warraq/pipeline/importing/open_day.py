"""The raw archive of one day while an import writes into it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

from spiders.portal.definition import Portal
from storage.errors import StageFailed
from storage.model.records import CrawlReport, Exchange, LinkRecord, Role
from storage.model.window import RunId, Window
from storage.objects.store import ObjectStore
from storage.raw.chunk_writer import ChunkWriter
from storage.raw.run import RawRun
from storage.raw.warc_records import header_url
from storage.tables.removal_register import Denied
from warraq.pipeline.importing.foreign_pages import SOURCE

MAX_OPEN_DAYS = 32  # chunks open at once; a file that mixes more days is uploaded in smaller chunks


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
        self.gone: list[LinkRecord] = []
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

    def add_gone(self, link: LinkRecord) -> bool:
        """Note that a page is gone, unless the day has it."""
        mark = _mark(link)
        if mark in self._links:
            return False
        self._links.add(mark)
        self.gone.append(link)
        return True

    @cached_property
    def _links(self) -> set[tuple[str, str, datetime | None]]:
        """What the rounds that have ended say of links."""
        report = self.raw.report()
        rounds = range(1, report.round + 1) if report else ()
        return {_mark(link) for round_ in rounds for link in self.raw.links_of(round_)}

    def pause(self) -> None:
        """Upload the open chunk, so that it takes no file handle."""
        self.writer.close()
        self.is_idle = True

    def finish(self) -> None:
        """End the round with all its captures, also those of an interrupted import; what is gone is another round."""
        self.writer.close()
        fresh = RawRun(self.raw.store, self.raw.run)
        prefix = f"/r{self.round:02d}-"
        entries = [entry for chunk in fresh.chunks() if prefix in chunk.key for entry in fresh.index(chunk)]
        if entries:
            self._end_round({entry.link.link_id: entry.link for entry in entries if entry.link}, attempt=self.attempt)
        if self.gone:
            self._end_round({link.link_id: link for link in self.gone}, attempt=1)

    def _end_round(self, links: Mapping[str, LinkRecord], *, attempt: int) -> None:
        raw = RawRun(self.raw.store, self.raw.run)
        before = raw.report()
        report = CrawlReport(
            run_id=str(self.raw.run),
            round=before.round + 1 if before else 1,
            attempt=attempt,
            started_at=self.started_at,
            finished_at=datetime.now(UTC),
            links=len(links),
            outcomes=dict(Counter(str(link.outcome) for link in links.values())),
            chunks=(),
            links_key="",
            bytes_received=sum(link.bytes_received for link in links.values()),
            requests=before.requests if before else 0,  # none: the day was never crawled, and is not archived whole
            sources={SOURCE: len(links)},
            told_apart_by=self.told_apart_by,
        )
        raw.finish(report, list(links.values()))


class OpenDays:
    """The days that an import writes to, opened when a page of theirs comes."""

    def __init__(self, store: ObjectStore, portal: Portal, *, spool: Path, denied: Denied) -> None:
        self.store, self.portal, self.spool, self.denied = store, portal, spool, denied
        self._days: dict[RunId, OpenDay] = {}

    def of(self, run: RunId) -> OpenDay:
        """The day of a run."""
        if run not in self._days:
            if len(self._days) - sum(day.is_idle for day in self._days.values()) >= MAX_OPEN_DAYS:
                for day in self._days.values():
                    day.pause()
            self._days[run] = OpenDay(self.store, run, self.spool, self.portal, self.denied)
        return self._days[run]

    def finish(self) -> None:
        """End the round of each."""
        for day in self._days.values():
            day.finish()

    def discard(self) -> None:
        """Forget what is not written."""
        for day in self._days.values():
            day.writer.discard()


def _mark(link: LinkRecord) -> tuple[str, str, datetime | None]:
    return link.link_id, link.outcome, link.captured_at


def day_of(instant: datetime) -> Window:
    """The UTC day of a capture: the window it is archived under."""
    start = datetime.combine(instant.astimezone(UTC).date(), time(), UTC)
    return Window(start, start + timedelta(days=1))
