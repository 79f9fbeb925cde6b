"""The throttle every request passes: one at a time it takes the portal's next turn, then the request leaves."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from spiders.politeness.request_budget import MAX_HOLD_OFF_SECONDS, RequestBudget


class Throttle:
    """Keeps requests of a portal `delay_seconds` apart over all processes, and back while the portal asks for it.

    Without a delay there is nothing to share and no database is asked; being asked to hold off then counts in this
    process only.
    """

    def __init__(self, budget_url: str, portal: str, *, delay_seconds: float) -> None:
        self.delay_seconds = delay_seconds
        self.held_off_seconds = 0.0  # how long the portal asked us to wait, summed
        self._url = budget_url
        self._portal = portal
        self._budget: RequestBudget | None = None
        self._held_until = 0.0
        self._order = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="request-budget")

    def slow_down(self, delay_seconds: float) -> None:
        """Raise the delay, for example to robots.txt's Crawl-delay."""
        self.delay_seconds = max(self.delay_seconds, delay_seconds)

    async def wait_for_turn(self) -> None:
        """Return when the request may leave now. Raises StoreUnreachable if the budget's database does not answer."""
        if not self.delay_seconds and not self._held_until:
            return
        loop = asyncio.get_running_loop()
        # The lock keeps this process's requests in order: one asks the database, the others queue behind it.
        async with self._order:
            while (held := self._held_until - time.monotonic()) > 0:
                await asyncio.sleep(held)
            if not self.delay_seconds:
                return
            while wait := await loop.run_in_executor(self._thread, self._take_turn):
                await asyncio.sleep(wait)

    async def hold_off(self, seconds: float) -> None:
        """The portal asked for patience: nobody sends anything for so long."""
        seconds = min(max(0.0, seconds), MAX_HOLD_OFF_SECONDS)
        loop = asyncio.get_running_loop()
        self.held_off_seconds += max(0.0, time.monotonic() + seconds - max(self._held_until, time.monotonic()))
        self._held_until = max(self._held_until, time.monotonic() + seconds)
        if self.delay_seconds:
            await loop.run_in_executor(self._thread, self._hold_off, seconds)

    def held_off_for(self) -> float:
        """Seconds until the portal's wish is met."""
        return max(0.0, self._held_until - time.monotonic())

    def close(self) -> None:
        """Give the database connection back; blocks for a running statement."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._budget:
            self._budget.close()

    def _take_turn(self) -> float:
        return self._open_budget().take_turn(self.delay_seconds)

    def _hold_off(self, seconds: float) -> None:
        self._open_budget().hold_off(seconds)

    def _open_budget(self) -> RequestBudget:
        if self._budget is None:
            self._budget = RequestBudget(self._url, self._portal)
        return self._budget
