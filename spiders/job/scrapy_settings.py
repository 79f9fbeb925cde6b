"""Scrapy's settings, all explicit: several of its defaults are not fit for an archive (see each line)."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from spiders.http.decompression import MAX_PAGE_BYTES
from spiders.links.options import CrawlOptions
from spiders.portal.definition import Portal
from storage.errors import UsageError
from storage.settings import Settings

DNS_TIMEOUT_SECONDS = 10.0
AGENT = "Warraq"  # the name robots.txt groups are looked up by

# What `scrapy.cfg` points to; a spider adds its portal's settings when it is made.
BOT_NAME = "warraq"
SPIDER_LOADER_CLASS = "spiders.crawl.scrapy_loader.PortalLoader"
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
LOG_LEVEL = "INFO"

_SCHEMES = ("http", "https")


def user_agent(portal: Portal, settings: Settings) -> str:
    """Who we are, with an address to reach us at. Raises UsageError: a public portal is not asked anonymously."""
    contact = (settings.contact or "").strip()
    if contact and not contact.isprintable():
        raise UsageError("WARRAQ_CONTACT is not one printable line", remedy="an e-mail address or a URL")
    if not contact and not portal.is_local:
        raise UsageError(
            f"{portal.name} is a public site and WARRAQ_CONTACT is not set",
            remedy="set it to an e-mail address or URL at which the portal can reach you",
        )
    return f"{AGENT}/{version('warraq')}" + (f" (+{contact})" if contact else "")


def request_headers(portal: Portal, settings: Settings) -> dict[str, str]:
    """The headers of every request. Only gzip is asked for: every WARC reader can undo it."""
    return {
        "User-Agent": user_agent(portal, settings),
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
        "Accept-Language": f"{portal.language},en;q=0.3",
        "Accept-Encoding": "gzip",
    }


def crawl_settings(portal: Portal) -> dict[str, Any]:
    """Scrapy's settings for one portal."""
    return {
        "BOT_NAME": BOT_NAME,
        # These two open ports on the machine; one executes Python that is posted to it.
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        # Permission, turns, redirects, retries and the raw archive are ours (crawl/middleware.py, fetch/),
        # so that each request is judged by the same rules; and what nobody reads costs a quarter of the CPU.
        # Scrapy's own lists are emptied: a part that is named to be left out is imported all the same, aiohttp and
        # tldextract with it, and one that a later Scrapy brings would not be named.
        "EXTENSIONS_BASE": {},
        "EXTENSIONS": {},
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": {"spiders.crawl.middleware.RequestMiddleware": 500},
        "SPIDER_MIDDLEWARES_BASE": {},
        "SPIDER_MIDDLEWARES": {},
        "DOWNLOAD_HANDLERS": dict.fromkeys(_SCHEMES, "spiders.http.download_handler.BoundedDownloadHandler"),
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",  # the link log knows each link
        "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.ScrapyPriorityQueue",
        "LOG_FORMATTER": "spiders.crawl.scrapy_loader.QuietLog",
        "DOWNLOADER_STATS": False,
        "STATS_DUMP": False,
        "CONCURRENT_ITEMS": 1,  # Scrapy starts so many tasks for the output of each callback; ours is a request or two
        "COOKIES_ENABLED": False,
        "COMPRESSION_ENABLED": False,  # bodies are kept as received
        "HTTPPROXY_ENABLED": False,  # a proxy would resolve names for us, and past the address check
        "REDIRECT_ENABLED": False,
        "RETRY_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "REFERER_ENABLED": False,
        "ROBOTSTXT_OBEY": False,  # obeyed by the middleware, which also fails closed
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_TIMEOUT": CrawlOptions.page_seconds,
        "DOWNLOAD_MAXSIZE": MAX_PAGE_BYTES,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "DOWNLOAD_DELAY": 0,  # the throttle spaces requests, over all processes
        "CONCURRENT_REQUESTS": portal.politeness.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": portal.politeness.concurrency,
        "TWISTED_DNS_RESOLVER": "spiders.http.public_addresses.GuardedResolver",
        "ALLOW_PRIVATE_ADDRESSES": portal.is_local,
        "DNS_TIMEOUT": DNS_TIMEOUT_SECONDS,
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        "URLLENGTH_LIMIT": 0,
        "WARN_ON_GENERATOR_RETURN_VALUE": False,  # reads the source of every callback
    }
