"""Shows every portal to Scrapy as a spider of its name."""

from __future__ import annotations

import builtins
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter

from spiders.crawl.spider import PortalSpider
from spiders.registry import find_portal, load_portals
from storage.errors import UsageError
from storage.settings import read_settings


class PortalLoader:
    """Scrapy's spider loader over the portal definitions."""

    @classmethod
    def from_settings(cls, settings: Any) -> Self:
        return cls()

    def load(self, spider_name: str) -> type[Spider]:
        """The spider of this portal; raises KeyError, as Scrapy wants it, for an unknown name."""
        settings = read_settings()
        try:
            portal = find_portal(spider_name, settings)
        except UsageError as error:
            raise KeyError(f"{error.message}; {error.remedy}") from error
        return PortalSpider.of(portal)

    def list(self) -> builtins.list[str]:
        """The names of all portals."""
        return list(load_portals(read_settings()))

    def find_by_request(self, request: Request) -> builtins.list[str]:
        """The portals that this request may belong to: Scrapy asks for `scrapy fetch`; windows need a name."""
        return []


class QuietLog(LogFormatter):
    """No line a page: the report says what happened, and formatting 20,000 lines costs time."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> None:  # type: ignore[override] # allowed
        return None
