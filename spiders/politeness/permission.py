"""Asks each host's robots.txt once a run, and tells whether a URL may be fetched."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from spiders.politeness.robots_rules import RobotsRules
from spiders.portal.definition import Portal


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


def root_of(url: str) -> str:
    """Scheme and host of a URL, lower case."""
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"


def is_beside_portal(url: str, portal: Portal) -> bool:
    """Whether a URL is on a subdomain of the portal's host: listings may lie there, pages may not."""
    host = (urlsplit(url).hostname or "").lower().rstrip(".")
    bare = (urlsplit(portal.start_url).hostname or "").lower().removeprefix("www.")
    return "." in bare and not bare.replace(".", "").isdigit() and host.endswith(f".{bare}")


def is_of_portal(url: str, portal: Portal, *, also: frozenset[str] = frozenset()) -> bool:
    """Whether a URL is an http(s) address on one of the portal's hosts, or of `also` (hosts of declared sources)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        return False
    default = {"http": 80, "https": 443}[parts.scheme]
    host = parts.hostname.lower().rstrip(".")
    host = f"[{host}]" if ":" in host else host
    spelled = host if port in (None, default) else f"{host}:{port}"
    if spelled in also:
        return True
    for domain in portal.all_domains:
        bare = domain.lower().removeprefix("www.")
        if spelled in {domain, bare, f"www.{bare}"} or (domain.startswith(".") and spelled.endswith(domain)):
            return True
    return False
