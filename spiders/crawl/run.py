"""Crawls a window of a portal into the raw archive: the whole of Scrapy behind one function."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess

from spiders.crawl.spider import PortalSpider
from spiders.job.job import CrawlJob, interrupted, prepare
from spiders.job.scrapy_settings import SPIDER_LOADER_CLASS, crawl_settings
from spiders.links.options import CrawlOptions, CrawlProgress
from spiders.portal.definition import Portal
from storage.errors import StageFailed
from storage.model.records import CrawlReport
from storage.model.window import Window
from storage.settings import Settings

# Who sends SIGTERM follows with SIGKILL five seconds later (Airflow does). All is to be over after four, and telling
# why and leaving Python takes 0.6 to 1.3 of them, as fast as the machine is.
STOP_WITHIN_SECONDS = 2.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def crawl(
    portal: Portal,
    window: Window,
    settings: Settings,
    *,
    options: CrawlOptions | None = None,
    progress: Callable[[CrawlProgress], None] = lambda _: None,
) -> CrawlReport:
    """Crawl and return the report, which is the raw archive's crawl.json. Once a process: Scrapy allows no second.

    Raises UsageError, StoreUnreachable, StoreDenied; RetryLater if the portal cannot be reached or the crawl was asked
    to stop by SIGTERM or SIGINT: then all pages so far are in uploaded chunks, and the next crawl goes on from there.
    """
    return run_job(prepare(portal, window, settings, options or CrawlOptions()), progress=progress)


def run_job(job: CrawlJob, *, progress: Callable[[CrawlProgress], None] = lambda _: None) -> CrawlReport:
    """Crawl what was prepared: for who needs to know afterwards what the crawl went by. Raises what `crawl` raises."""
    _run(job, progress)
    if job.state.failure:
        raise job.state.failure
    if job.state.report is None:
        raise StageFailed(
            f"{job.plan.run}: the crawl ended without a report", remedy="see the log above; please report it"
        )
    return job.state.report


def _run(job: CrawlJob, progress: Callable[[CrawlProgress], None]) -> None:
    settings = {
        "SPIDER_LOADER_CLASS": SPIDER_LOADER_CLASS,
        "LOG_LEVEL": "WARNING",
        **crawl_settings(job.plan.portal),
    }
    process = AsyncCrawlerProcess(settings)
    for name in ("scrapy", "twisted"):
        logging.getLogger(name).setLevel(logging.WARNING)
    process.crawl(PortalSpider.of(job.plan.portal), job=job, progress=progress)
    with _stopping_on_signals(job):
        process.start(install_signal_handlers=False)


@contextlib.contextmanager
def _stopping_on_signals(job: CrawlJob) -> Iterator[None]:
    """A first signal uploads the open chunk and leaves; a second one leaves at once."""
    from twisted.internet import reactor  # noqa: PLC0415 - installed by now

    def on_signal(number: int, _frame: Any) -> None:
        if job.state.failure:
            os._exit(128 + number)
        job.state.fail(interrupted(job))
        reactor.callFromThread(lambda: asyncio.ensure_future(_leave(job, reactor)))

    before = {number: signal.signal(number, on_signal) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _leave(job: CrawlJob, reactor: Any) -> None:
    """Bring what was fetched to the store, then stop without waiting for answers that are still under way."""
    # A daemon, because a store that hangs must not hold up the end of the process.
    closing = threading.Thread(target=_close_quietly, args=(job,), name="last-upload", daemon=True)
    closing.start()
    deadline = time.monotonic() + STOP_WITHIN_SECONDS
    while closing.is_alive() and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    job.state.failure = interrupted(job)
    # crash() ends the loop now; stop() would wait for every download.
    reactor.crash()
    reactor.getThreadPool().stop()


def _close_quietly(job: CrawlJob) -> None:
    with contextlib.suppress(Exception):
        if job.recorder:
            job.recorder.close()
