"""Listings: asks the sources of a run, or what an earlier attempt captured of them, and reads the links."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from spiders.fetch.next_request import Follow, Retry
from spiders.fetch.robots_requests import decoded_robots
from spiders.http.bounded_body import TAKE_BYTES, is_cut
from spiders.http.exchange import exchange_of, header_map, header_pairs, request_of
from spiders.http.redirects import NOWHERE_YET, Step, Trail, is_consent_wall, sent_on_to
from spiders.http.request_outcomes import HostFacts, ending_of_exception, ending_of_response
from spiders.http.retry_policy import wait_before_next_try
from spiders.job.job import CrawlJob
from spiders.links.working_sources import NEVER_SILENT, read_found
from spiders.portal.definition import Auto, Source
from spiders.sources import discovery as sources
from spiders.sources.reading.documents import MAX_LISTING_BYTES
from spiders.sources.records import Listing, SourceRequest, SourceResponse
from storage.errors import WarraqError
from storage.model.outcomes import Outcome
from storage.model.records import Role
from storage.raw.chunk_index import IndexEntry
from storage.raw.content_encoding import OversizedBody, UndecodableBody, decode_body

logger = logging.getLogger(__name__)
TOO_LONG = f"longer than {MAX_LISTING_BYTES >> 20} MB"
PRIORITY = 10  # listings before pages: then the number of links is known early


@dataclass(frozen=True)
class SourceTask:
    """A source request on its way."""

    asked: SourceRequest
    tries: int = 1
    trail: Trail = NOWHERE_YET


@dataclass
class Listings:
    """Makes source requests and reads the answers; parsing runs in a thread, a large sitemap takes seconds."""

    job: CrawlJob
    host_facts: Callable[[str], HostFacts]
    source_hosts: frozenset[str]
    _declared: dict[str, Source] = field(default_factory=dict)  # by the address asked first

    def begin(self) -> None:
        """Put the first requests into the plan."""
        if self.job.discovery.reaches_now:
            self._declared = sources.first_addresses(self.job.discovery)
        self._take(sources.begin(self.job.discovery))

    def ask_again(self) -> bool:
        """Put what is left to ask, when nothing was listed, into the plan; whether there is any."""
        self._take(sources.ask_again(self.job.discovery))
        return not self.job.source_order.is_done

    def look_around(self) -> bool:
        """Search for sources beside the declared ones, when it is time to or one of them died; whether it is."""
        job = self.job
        if any(isinstance(source, Auto) for source in job.plan.portal.sources) or job.state.is_last_resort:
            return False
        is_whole = not (job.plan.options.dry_run or job.discovery.first_page_only or job.state.is_ending)
        found = read_found(job.plan.store, job.plan.portal)
        if not (is_whole and job.plan.is_live and found.is_due(job.discovery.now, has_died=bool(job.state.dead))):
            return False
        job.state.has_looked_around = True
        job.source_order.add(sources.look_around(job.discovery).requests)
        return True

    def request(self, task: SourceTask, url: str | None = None) -> Request:
        """The request for a listing."""
        meta = {"role": Role.SOURCE, "task": task, "download_maxsize": 0, TAKE_BYTES: MAX_LISTING_BYTES}
        return Request(
            url or task.asked.url, headers=dict(task.asked.headers), meta=meta, dont_filter=True, priority=PRIORITY
        )

    def earlier(self, asked: SourceRequest) -> IndexEntry | None:
        """The capture of this listing by an attempt that was killed."""
        return None if asked.headers else self.job.plan.earlier_sources.get(asked.url)

    async def reread(self, asked: SourceRequest, entry: IndexEntry) -> Listing:
        """Read a listing from the raw archive; one that cannot be read there counts as unanswered."""
        try:
            capture = await asyncio.to_thread(self.job.plan.raw.capture_at, entry.place, role=Role.SOURCE)
        except WarraqError as error:
            return await self._understand(SourceResponse(asked, entry.captured_at, error=error.message))
        answer = SourceResponse(
            asked, capture.captured_at, capture.status, url=capture.url, headers=capture.headers, body=capture.body
        )
        return await self._understand(answer)

    async def read_robots(self, asked: SourceRequest, response: Response) -> Listing:
        """Read what robots.txt lists, from the answer that gave the rules."""
        try:
            body = decoded_robots(response)
        except UndecodableBody as error:
            return await self._understand(SourceResponse(asked, datetime.now(UTC), url=response.url, error=str(error)))
        return await self._understand(_answer(asked, response, body))

    async def read(self, response: Response) -> Follow | Retry | Listing:
        """Read an answer, or say what to ask next."""
        request = request_of(response)
        task: SourceTask = request.meta["task"]
        headers = header_pairs(response.headers)
        if target := sent_on_to(response.status, response.url, headers, response.body):
            self._keep(response, role=Role.OTHER)
            return await self._redirect(task, response, target)
        ending = ending_of_response(response.status, header_map(response.headers), response.body, is_known=False)
        if response.status >= 400 and (again := self._try_again(task, ending.outcome)):
            self._keep(response, role=Role.OTHER)
            return again
        try:
            body = await asyncio.to_thread(decode_body, response.body, headers, max_bytes=MAX_LISTING_BYTES)
        except UndecodableBody as error:
            is_long = is_cut(response) or isinstance(error, OversizedBody)
            if not is_long and (again := self._try_again(task, Outcome.BAD_RESPONSE)):
                return again
            if not error.partial:
                return await self._understand(self._unanswered(task, str(error)))
            self._keep(response, role=Role.OTHER)
            cut = TOO_LONG if is_long else str(error)
            return await self._understand(_answer(task.asked, response, error.partial, cut=cut))
        self._keep(response, role=Role.SOURCE)
        cut_by_us = TOO_LONG if is_cut(response) else None
        return await self._understand(_answer(task.asked, response, body, cut=cut_by_us))

    async def fail(self, request: Request, error: BaseException) -> Follow | Retry | Listing:
        """Read that there was no answer, or say when to ask again."""
        task: SourceTask = request.meta["task"]
        ending = ending_of_exception(error, host=self.host_facts(request.url))
        if again := self._try_again(task, ending.outcome):
            return again
        return await self._understand(self._unanswered(task, f"{ending.outcome}: {ending.detail}"))

    def _unanswered(self, task: SourceTask, error: str) -> SourceResponse:
        return SourceResponse(task.asked, datetime.now(UTC), url=task.asked.url, error=error)

    async def _understand(self, answer: SourceResponse) -> Listing:
        try:
            listing = await asyncio.to_thread(sources.read, answer, self.job.discovery)
        except Exception as error:
            # A defect in one parser must not keep the crawl waiting for its listing.
            logger.exception("%s %s", answer.request.kind, answer.request.url)
            cause = f"{type(error).__name__}: {error}"
            listing = Listing(problems=(f"{answer.request.kind} {answer.request.url}: {cause}"[:300],))
        if self.job.state.has_looked_around:
            # What is proposed is not read yet: the definition says where the articles of a portal come from.
            following = listing.requests if answer.request.kind == "auto" else ()
            listing = Listing(requests=following, found=listing.found)
        elif self._has_died(answer, listing):
            self.job.state.dead.append(self._declared[answer.request.url])
        self._take(listing)
        self.job.moved.has_listing |= bool(listing.links)
        is_silent = answer.status is None and not answer.request.is_probe
        self.job.source_order.finish(answer.request, links=len(listing.links), failed=is_silent)
        return listing

    def _has_died(self, answer: SourceResponse, listing: Listing) -> bool:
        """Whether a declared source answered, and lists nothing any more; who refuses or fails may list again."""
        source = self._declared.get(answer.request.url)
        if source is None or source.kind not in NEVER_SILENT or answer.request.is_probe:
            return False
        is_answer = answer.status in {200, 404, 410}
        return is_answer and not (listing.links or listing.requests or listing.left_out or listing.losses)

    def _take(self, listing: Listing) -> None:
        self.job.source_order.add(listing.requests)
        self.job.state.take(listing)

    async def _redirect(self, task: SourceTask, response: Response, target: str) -> Follow | Retry | Listing:
        trail = task.trail.after(response, self.job.cookies)
        if trail.step(target, self.job.cookies) is Step.ENDLESS:
            return await self._understand(self._unanswered(task, "redirects without end"))
        if not self.job.plan.portal.hosts.owns(target, also=self.source_hosts):
            if is_consent_wall(target):
                wall = f"a consent wall stands before it, at {urlsplit(target).netloc}"
                return await self._understand(self._unanswered(task, wall))
            self.job.moved.leads(target, is_page=False)
            return await self._understand(self._unanswered(task, f"redirects to {urlsplit(target).netloc}"))
        return Follow(self.request(SourceTask(task.asked, task.tries, trail), target))

    def _try_again(self, task: SourceTask, outcome: Outcome) -> Retry | None:
        wait = wait_before_next_try(outcome, tries=task.tries)
        if wait is None or self.job.state.is_ending:
            return None
        return Retry(self.request(SourceTask(task.asked, task.tries + 1)), wait)

    def _keep(self, response: Response, *, role: Role) -> None:
        if self.job.recorder:
            self.job.recorder.put(exchange_of(request_of(response), response), role=role)


def _answer(asked: SourceRequest, response: Response, body: bytes, *, cut: str | None = None) -> SourceResponse:
    received_at = request_of(response).meta.get("received_at") or datetime.now(UTC)
    headers = header_pairs(response.headers)
    return SourceResponse(asked, received_at, response.status, url=response.url, headers=headers, body=body, cut=cut)
