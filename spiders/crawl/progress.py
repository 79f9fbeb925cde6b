"""Looks at a crawl every moment: tells its progress, measures how late the event loop is, ends it at its limits."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable

from spiders.job.job import CrawlJob
from spiders.links.options import CrawlProgress

BEAT_SECONDS = 0.05
TELL_SECONDS = 0.25
# A run's default limit: a DAG run that crawls longer than this blocks the portal's next ones.
MAX_RUN_SECONDS = 6 * 3600.0
_KEPT_LAGS = 20_000


class Heartbeat:
    """Beats from `start()` to `stop()`. `stop` of the spider is called once, when the crawl has to end."""

    def __init__(
        self,
        job: CrawlJob,
        progress: Callable[[CrawlProgress], None],
        *,
        stop: Callable[[str], Awaitable[None]],
    ) -> None:
        self._job = job
        self._progress = progress
        self._stop = stop
        self._lags: list[float] = []
        self._task: asyncio.Task[None] | None = None
        self._ending: asyncio.Future[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._beat())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def tell(self) -> None:
        """Tell the progress now."""
        self._progress(self._job.progress())

    async def _beat(self) -> None:
        told = 0.0
        while True:
            before = time.monotonic()
            await asyncio.sleep(BEAT_SECONDS)
            now = time.monotonic()
            if len(self._lags) < _KEPT_LAGS:
                self._lags.append(now - before - BEAT_SECONDS)
            self._look()
            if now - told >= TELL_SECONDS:
                told = now
                self._job.state.lag_p99_seconds = percentile(self._lags, 0.99)
                self.tell()

    def _look(self) -> None:
        job = self._job
        recorder = job.recorder
        if recorder and recorder.error:
            job.state.fail(recorder.failure())
        limit = job.plan.options.max_seconds or MAX_RUN_SECONDS
        if time.monotonic() - job.state.began > limit:
            job.state.stop(f"the limit of {limit:.0f} seconds is reached")
        if job.state.is_ending and self._ending is None:
            self._ending = asyncio.ensure_future(self._stop(job.state.stop_reason or "failed"))


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of all are not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
