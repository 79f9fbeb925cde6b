"""The one spider: a portal's definition drives it, from robots.txt over the sources to the pages."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response

from spiders.crawl.progress import Heartbeat
from spiders.fetch.next_request import Follow, Retry
from spiders.fetch.page_requests import Pages, PageTask
from spiders.fetch.robots_requests import RobotsRequests
from spiders.fetch.source_requests import Listings, SourceTask
from spiders.http.bounded_body import stop_behind_bound
from spiders.http.exchange import request_of
from spiders.http.public_addresses import GuardedResolver
from spiders.http.request_outcomes import HostFacts
from spiders.http.retry_policy import UNREACHABLE_AFTER
from spiders.job.job import CrawlJob, prepare
from spiders.job.scrapy_settings import AGENT, crawl_settings
from spiders.links.options import CrawlOptions, CrawlProgress, Phase
from spiders.politeness.permission import Permission
from spiders.portal.definition import Auto, Portal, WebArchive
from spiders.sources.records import ListedLink, Listing
from storage.errors import RetryLater, UsageError, WarraqError
from storage.model.window import Window
from storage.settings import read_settings

WAIT_FOR_LISTINGS_SECONDS = 0.02
LINKS_AT_A_TIME = 50  # considered before other work gets its turn: about 10 ms


class PortalSpider(Spider):
    """Crawls one window of one portal. Scrapy makes it with -a from=… -a to=…, `crawl()` with a job."""

    portal: ClassVar[Portal]
    _has_owner: bool

    @classmethod
    def of(cls, portal: Portal) -> type[PortalSpider]:
        """The spider class of a portal, under the portal's name."""
        return type(f"{portal.name.capitalize()}Spider", (cls,), {"portal": portal, "name": portal.name})

    @classmethod
    def update_settings(cls, settings: Any) -> None:
        super().update_settings(settings)
        settings.setdict(crawl_settings(cls.portal), priority="spider")
        if cls.portal.javascript:
            from spiders.http.browser import browser_settings  # noqa: PLC0415 - for few portals

            browser = browser_settings(cls.portal, page_seconds=CrawlOptions.page_seconds)
            settings.setdict(browser, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        job = kwargs.pop("job", None)
        progress = kwargs.pop("progress", None)
        has_owner = job is not None
        if job is None:
            job = _job_from_arguments(cls.portal, kwargs)
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.set_up(job, progress or (lambda _: None))
        spider._has_owner = has_owner  # who started the crawl tells the failure itself
        crawler.signals.connect(spider.on_idle, signals.spider_idle)
        crawler.signals.connect(spider.on_opened, signals.spider_opened)
        crawler.signals.connect(spider.on_closed, signals.spider_closed)
        crawler.signals.connect(stop_behind_bound, signals.bytes_received)
        return spider

    def set_up(self, job: CrawlJob, progress: Callable[[CrawlProgress], None]) -> None:
        """Connect the parts."""
        self.job = job
        self.source_hosts = _source_hosts(job)
        self.pages = Pages(job, self.host_facts)
        self.listings = Listings(job, self.host_facts, self.source_hosts)
        self.robots = RobotsRequests(job, self.download, self.host_facts)
        self.permission = Permission(agent=AGENT, ask=self.robots.ask)
        self.heartbeat = Heartbeat(job, progress, stop=self.stop_soon)
        self._delayed = 0
        self._tasks: OrderedDict[str, PageTask] = OrderedDict()  # by link id
        self._considering = 0  # listings whose links are being queued: more tasks may come

    async def download(self, request: Request) -> Response:
        """A response outside the flow of callbacks, for robots.txt."""
        return await self.crawler.engine.download_async(request)

    def host_facts(self, url: str) -> HostFacts:
        """What was seen when the URL's host was resolved."""
        from twisted.internet import reactor  # noqa: PLC0415 - installed when the crawl starts

        resolver = reactor.nameResolver
        host = (urlsplit(url).hostname or "").lower()
        if not isinstance(resolver, GuardedResolver):
            return HostFacts()
        return HostFacts(resolver.refused.get(host), resolver.is_ipv6_only(host))

    async def start(self) -> AsyncIterator[Request]:
        """robots.txt, then the sources, then, as there is room, the pages of the links that they list."""
        if any(source.kind != "web_archive" for source in self.job.plan.portal.sources):
            rules = await self.permission.rules_for(self.job.plan.portal.start_url)
            self.job.throttle.slow_down(rules.crawl_delay)
            if self.robots.unreachable:
                self.job.state.fail(self.robots.unreachable)
                return
            await self.robots.ask_opt_out(rules)
        self.job.state.phase = Phase.DISCOVERY
        self.listings.begin()
        async for request in self._discover(Listing()):
            yield request
        await self._consider(self.job.selection.due_links())
        async for request in self._as_there_is_room():
            yield request
        is_over = self.job.state.is_ending
        if not self.job.source_order.listed_links and not is_over and self.listings.ask_again():
            self.job.state.is_last_resort = not any(isinstance(source, Auto) for source in self.job.plan.portal.sources)
            async for request in self._discover(Listing()):
                yield request
            async for request in self._as_there_is_room():
                yield request
        if self.listings.look_around():
            async for request in self._discover(Listing()):
                yield request
            async for request in self._as_there_is_room():
                yield request

    async def _as_there_is_room(self) -> AsyncIterator[Request]:
        """Requests for pages once all listings are read: until then a later one may date a link elsewhere."""
        while self._tasks or self._considering or not self.job.source_order.is_done:
            if self._considering or not self.job.source_order.is_done:
                await asyncio.sleep(WAIT_FOR_LISTINGS_SECONDS)
            elif self.crawler.engine.needs_backout():
                await self.crawler.signals.wait_for(signals.scheduler_empty)
            else:
                link_id, task = self._tasks.popitem(last=False)
                if self.job.link_log.is_open(link_id):
                    yield self._of_page(self.pages.request(task))

    async def _discover(self, listing: Listing) -> AsyncIterator[Request]:
        """Take up the links of a listing; the requests to the sources to ask next."""
        await self._consider(listing.links)
        for asked in self.job.source_order.take():
            if response := self.robots.answers.get(asked.url):
                at_hand = await self.listings.read_robots(asked, response)
            elif entry := self.listings.earlier(asked):
                at_hand = await self.listings.reread(asked, entry)
            else:
                yield self._of_source(self.listings.request(SourceTask(asked)))
                continue
            async for request in self._discover(at_hand):
                yield request
        if self.job.source_order.is_done:
            self.job.state.phase = Phase.PAGES

    async def _consider(self, links: Sequence[ListedLink]) -> None:
        """Queue the links that need a request: a task is small, Scrapy's request is made when it can leave."""
        self._considering += 1
        try:
            for number, link in enumerate([*self.pages.learn(links), *links]):
                if task := self.pages.consider(link):
                    self._tasks[task.link_id] = task
                if number % LINKS_AT_A_TIME == LINKS_AT_A_TIME - 1:
                    await asyncio.sleep(0)
        finally:
            self._considering -= 1

    async def on_listing(self, response: Response) -> AsyncIterator[Request]:
        """A source answered."""
        try:
            result = await self.listings.read(response)
        except Exception as error:
            # A listing that is never done would keep the crawl waiting for it.
            self.logger.exception("%s", response.url)
            result = await self.listings.fail(request_of(response), error)
        async for request in self._after_listing(result):
            yield request

    async def on_listing_failed(self, failure: Any) -> AsyncIterator[Request]:
        """A source did not answer."""
        async for request in self._after_listing(await self.listings.fail(failure.request, failure.value)):
            yield request

    async def _after_listing(self, result: Follow | Retry | Listing) -> AsyncIterator[Request]:
        if isinstance(result, Follow | Retry):
            if request := self._again(result, self._of_source):
                yield request
            return
        async for request in self._discover(result):
            yield request

    def on_page(self, response: Response) -> Request | None:
        """A page, or an answer in place of one, arrived."""
        try:
            result = self.pages.read(response)
        except Exception as error:
            self.logger.exception("%s", response.url)
            result = self.pages.fail(request_of(response), error)
        return self._again(result, self._of_page)

    def on_page_failed(self, failure: Any) -> Request | None:
        """A page did not arrive."""
        again = self.pages.fail(failure.request, failure.value)
        if self.pages.silent >= UNREACHABLE_AFTER:
            last = f"{type(failure.value).__name__}"
            self.job.state.fail(
                RetryLater(
                    f"{self.job.plan.portal.name} does not answer: {self.pages.silent} links in a row failed ({last})",
                    remedy="run the same command again later; it goes on from here",
                )
            )
        return self._again(again, self._of_page)

    def _again(self, again: Follow | Retry | None, of: Callable[[Request], Request]) -> Request | None:
        """The request to send now; one that has to wait is sent later."""
        if again is None:
            return None
        request = of(again.request)
        if isinstance(again, Follow):
            return request
        self._delayed += 1
        asyncio.get_running_loop().call_later(again.after_seconds, self._send_delayed, request)
        return None

    def _send_delayed(self, request: Request) -> None:
        self._delayed -= 1
        if self.crawler.engine.running:
            self.crawler.engine.crawl(request)

    def _of_page(self, request: Request) -> Request:
        return request.replace(callback=self.on_page, errback=self.on_page_failed)

    def _of_source(self, request: Request) -> Request:
        return request.replace(callback=self.on_listing, errback=self.on_listing_failed)

    def on_idle(self) -> None:
        """Scrapy sees nothing to do: requests that wait to be sent again are still to come."""
        if self._delayed and not self.job.state.failure:
            raise DontCloseSpider

    def on_opened(self) -> None:
        self.heartbeat.start()

    async def stop_soon(self, reason: str) -> None:
        """End the crawl: what is under way may end, nothing new is sent."""
        await self.crawler.engine.close_spider_async(reason=reason)

    async def on_closed(self) -> None:
        """Bring the raw archive to its end; a failure waits in the job for whoever started the crawl."""
        await self.heartbeat.stop()
        try:
            await asyncio.to_thread(self.job.finish)
        except WarraqError as error:
            self.job.state.fail(error)
            if not self._has_owner:
                self.logger.error("%s — %s", error.message, error.remedy)
        self.heartbeat.tell()


def _job_from_arguments(portal: Portal, arguments: dict[str, Any]) -> CrawlJob:
    from datetime import UTC, datetime  # noqa: PLC0415

    start, end = arguments.pop("from", None), arguments.pop("to", None)
    if not start or not end:
        raise UsageError("a window is needed", remedy="add -a from=2024-12-25 -a to=2024-12-26")
    window = Window.parse(start, end, now=datetime.now(UTC))
    return prepare(portal, window, read_settings(), CrawlOptions())


def _source_hosts(job: CrawlJob) -> frozenset[str]:
    """Hosts that sources name in full: only listings may be asked there, and copies of pages in web archives."""
    sources = (*job.plan.portal.sources, *job.discovery.remembered)
    urls = [getattr(source, "url", "") for source in sources if not isinstance(source, WebArchive)]
    hosts = {urlsplit(job.plan.portal.absolute(url)).netloc.lower() for url in urls if "{" not in url}
    return frozenset(hosts.union(*(source.hosts for source in sources if isinstance(source, WebArchive))))
