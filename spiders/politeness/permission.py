"""Asks each host's robots.txt once a run, and tells whether a URL may be fetched."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from spiders.politeness.robots_rules import RobotsRules
from storage.identity.hosts import root_of


class Permission:
    """The rules of all hosts of a crawl. `ask` fetches and reads a host's robots.txt; it never raises."""

    def __init__(self, *, agent: str, ask: Callable[[str], Awaitable[RobotsRules]]) -> None:
        self.agent = agent
        self._ask = ask
        self._rules: dict[str, RobotsRules] = {}
        self._asking: dict[str, asyncio.Future[RobotsRules]] = {}

    async def rules_for(self, url: str) -> RobotsRules:
        """The rules of the URL's host; requests that come together wait for one answer."""
        root = root_of(url)
        if root in self._rules:
            return self._rules[root]
        if root not in self._asking:
            self._asking[root] = asyncio.ensure_future(self._ask(root))
        self._rules[root] = await asyncio.shield(self._asking[root])
        return self._rules[root]
