"""What a portal's own files said against text and data mining when another archive captured them."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from spiders.job.scrapy_settings import AGENT
from spiders.politeness.opt_out import AI_TXT_PATH, TDMREP_PATH, SiteStatement, ai_txt_opt_out, tdmrep_rules
from spiders.politeness.robots_rules import MAX_ROBOTS_BYTES, rules_from_answer
from spiders.portal.definition import Portal
from storage.identity.hosts import root_of
from storage.model.records import Exchange
from storage.raw.content_encoding import beginning_of


def _robots(exchange: Exchange, body: bytes) -> SiteStatement:
    rules = rules_from_answer(exchange.status, body, user_agent=AGENT)
    return SiteStatement(robots={root_of(exchange.url): rules.miners})


def _ai_txt(exchange: Exchange, body: bytes) -> SiteStatement:
    named = {name.lower(): value for name, value in exchange.response_headers}
    return SiteStatement(ai_txt_opt_out(body, named.get("content-type", "")))


def _tdmrep(exchange: Exchange, body: bytes) -> SiteStatement:
    return SiteStatement(rules=tdmrep_rules(body))


_FOUND, _GONE = 200, (404, 410)
# In the order in which a crawl asks for them; the first that says something of a page is noted with it.
FILES: dict[str, Callable[[Exchange, bytes], SiteStatement]] = {
    "/robots.txt": _robots,
    AI_TXT_PATH: _ai_txt,
    TDMREP_PATH: _tdmrep,
}


@dataclass
class SiteStatements:
    """The files' statements by the time of their capture."""

    portal: Portal
    # By path and host: another host's file says nothing of those whose own is there.
    _told: dict[str, dict[str, list[tuple[datetime, int, SiteStatement]]]] = field(default_factory=dict)

    def is_wanted(self, url: str) -> bool:
        """Whether an address is of such a file of the portal."""
        return urlsplit(url).path in FILES and self.portal.hosts.owns(url)

    def is_used(self, exchange: Exchange) -> bool:
        """Whether an answer is such a file, or says that there is none; an error says nothing."""
        return exchange.status in (_FOUND, *_GONE) and self.is_wanted(exchange.url)

    def note(self, exchange: Exchange) -> None:
        """Take what a file says; one that is gone says nothing from then on; an error changes nothing."""
        path = urlsplit(exchange.url).path
        if exchange.status == _FOUND:
            body = beginning_of(exchange.body, exchange.response_headers, length=MAX_ROBOTS_BYTES)
            statement = FILES[path](exchange, body)
        elif exchange.status in _GONE:
            statement = SiteStatement()
        else:
            return
        told = self._told.setdefault(path, {}).setdefault(_host(exchange.url), [])
        insort(told, (exchange.captured_at, len(told), statement))

    def of(self, url: str, at: datetime) -> str | None:
        """What held for a page when it was captured: by the last file before, else by the first one after."""
        for path in FILES:
            hosts = self._told.get(path, {})
            if told := hosts.get(_host(url), next(iter(hosts.values()), None)):
                place = max(0, bisect_right(told, at, key=lambda one: one[0]) - 1)
                if stated := told[place][2].of(url):
                    return stated
        return None


def _host(url: str) -> str:
    """Archives of years hold a file by http and by https, with `www.` and without."""
    return root_of(url).partition("://")[2].removeprefix("www.")
