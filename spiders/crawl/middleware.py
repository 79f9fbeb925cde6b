"""The downloader middleware: a request leaves if it is of the portal, permitted, in limits, and its turn has come."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from spiders.http.exchange import header_map
from spiders.http.redirects import REDIRECTS
from spiders.http.request_outcomes import Refused
from spiders.http.retry_policy import MAX_WAIT_WITHIN_RUN_SECONDS, patience
from spiders.job.job import CrawlJob
from spiders.politeness.permission import Permission
from storage.errors import RetryLater, WarraqError
from storage.identity.hosts import root_of
from storage.model.outcomes import Outcome
from storage.model.records import Role

# What readers of WARC files take (fastwarc's bound is 32 KiB); servers send one or two.
MAX_HEADER_BYTES = 30 * 1024


class RequestMiddleware:
    """Scrapy downloader middleware, the only one: nothing stands between it and the network."""

    def __init__(self, job: CrawlJob, permission: Permission, source_hosts: frozenset[str]) -> None:
        self._job = job
        self._permission = permission
        self._source_hosts = source_hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        from spiders.crawl.spider import PortalSpider  # noqa: PLC0415 - the spider's settings name this module

        spider = cast(PortalSpider, crawler.spider)
        return cls(spider.job, spider.permission, spider.source_hosts)

    async def process_request(self, request: Request) -> None:
        """Raise Refused for a request that must not leave; otherwise return when it may."""
        job = self._job
        role = request.meta["role"]
        url = request.url
        also = self._source_hosts if role != Role.PAGE or request.meta.get("is_copy") else frozenset()
        hosts = job.plan.portal.hosts
        if not hosts.owns(url, also=also) and (role == Role.PAGE or not hosts.is_beneath(url)):
            raise Refused(Outcome.OFF_DOMAIN, f"leads to {root_of(url)}")
        if role != Role.ROBOTS:
            await self._ask_permission(url, is_page=role == Role.PAGE)
        if job.recorder:
            await job.recorder.room()
        if job.state.is_ending:
            raise Refused(Outcome.BUDGET, job.state.stop_reason or "the crawl ends")
        if job.state.requests >= job.plan.max_requests:
            job.state.stop(f"the limit of {job.plan.max_requests} requests is reached")
            raise Refused(Outcome.BUDGET, job.state.stop_reason or "")
        try:
            await job.throttle_for(url).wait_for_turn()
        except WarraqError as error:
            job.state.fail(error)
            raise Refused(Outcome.INTERRUPTED, error.message) from error
        job.state.requests += 1
        for name, value in job.plan.headers.items():
            request.headers.setdefault(name, value)
        if cookies := job.cookies.header_for(url):
            request.headers[b"Cookie"] = cookies
        request.meta["requested_at"] = datetime.now(UTC)
        request.meta["download_timeout"] = job.plan.options.page_seconds

    async def process_response(self, request: Request, response: Response) -> Response:
        """Note when it came; where the portal asks for patience, nobody asks it again before that. Raises Refused."""
        request.meta["received_at"] = datetime.now(UTC)
        self._job.state.bytes_received += len(response.body)
        headers = sum(len(name) + sum(map(len, values)) + 4 * len(values) for name, values in response.headers.items())
        if headers > MAX_HEADER_BYTES:
            raise Refused(Outcome.BAD_RESPONSE, f"{headers:,} bytes of headers")
        if response.status in REDIRECTS:
            self._job.cookies.take(response)
        if response.status >= 400:
            named = header_map(response.headers)
            if seconds := patience(response.status, named, now=datetime.now(UTC)):
                await self._be_patient(response, seconds)
        return response

    async def _ask_permission(self, url: str, *, is_page: bool) -> None:
        rules = await self._permission.rules_for(url)
        if not rules.permits(url, self._permission.agent):
            raise Refused(Outcome.ROBOTS, rules.denied or "robots.txt forbids it")
        if is_page and self._job.plan.settings.obey_opt_out and (stated := self._job.state.stated_of(url)):
            raise Refused(Outcome.OPT_OUT, stated)

    async def _be_patient(self, response: Response, seconds: float) -> None:
        try:
            await self._job.throttle_for(response.url).hold_off(seconds)
        except WarraqError as error:
            self._job.state.fail(error)
        if seconds > MAX_WAIT_WITHIN_RUN_SECONDS:
            self._job.state.fail(
                RetryLater(
                    f"{self._job.plan.portal.name} answers {response.status} and asks for {seconds:.0f} s of patience",
                    remedy="run the same command again then; it goes on from here",
                    retry_after_seconds=seconds,
                )
            )
