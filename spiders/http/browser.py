"""Pages that only exist after their scripts have run: asked for through a browser, where the definition says so.

Needs the extra `javascript` (scrapy-playwright) and a Chromium; neither is imported for other portals. robots.txt and
sources are still asked for without a browser.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from spiders.http.public_addresses import is_public
from spiders.http.request_outcomes import Ending
from spiders.portal.definition import Portal
from storage.errors import UsageError
from storage.model.outcomes import Outcome

QUIET_SECONDS = 5.0  # how long a page may go on loading after its load event
_NEEDED = frozenset({"document", "script", "xhr", "fetch"})  # pictures, fonts and films say nothing
_HANDLER = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
# Chromium's net error codes, as its message spells them.
_NET_ERRORS = {
    "ERR_NAME_NOT_RESOLVED": Outcome.DNS,
    "ERR_CERT": Outcome.TLS,
    "ERR_SSL": Outcome.TLS,
    "ERR_TOO_MANY_REDIRECTS": Outcome.REDIRECT_LIMIT,
    "ERR_CONNECTION": Outcome.CONNECTION,
    "ERR_EMPTY_RESPONSE": Outcome.CONNECTION,
    "ERR_TIMED_OUT": Outcome.TIMEOUT,
    "Timeout": Outcome.TIMEOUT,
}


def browser_settings(portal: Portal, *, page_seconds: float) -> dict[str, Any]:
    """Scrapy's settings that send marked requests through a browser. Raises UsageError if the extra is missing."""
    if importlib.util.find_spec("scrapy_playwright") is None:
        raise UsageError(
            f"{portal.name} needs a browser and the extra `javascript` is not installed",
            remedy="pip install 'warraq[javascript]', and a Chromium: playwright install chromium, or the system's",
        )
    return {
        "DOWNLOAD_HANDLERS": {"http": _HANDLER, "https": _HANDLER},
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": shutil.which("chromium") or shutil.which("chromium-browser"),
            "chromium_sandbox": os.geteuid() != 0,  # Chromium refuses its sandbox to root, in containers mostly
            "args": [f"--host-resolver-rules={resolver_rules(portal)}", "--no-proxy-server"],
        },
        "PLAYWRIGHT_CONTEXTS": {"default": {"accept_downloads": False, "service_workers": "block"}},
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": 1000 * page_seconds,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": portal.politeness.concurrency,
        "PLAYWRIGHT_ABORT_REQUEST": _not_needed(portal),
    }


def browser_meta() -> dict[str, Any]:
    """What marks a request for the browser, and lets the page's own requests end before it is read."""
    page_methods = importlib.import_module("scrapy_playwright.page")
    return {"playwright": True, "playwright_page_methods": [page_methods.PageMethod(_until_quiet)]}


def resolver_rules(portal: Portal) -> str:
    """Chromium's name table: the portal's hosts at addresses that were checked, nothing else exists.

    The browser never looks a name up itself, so an answer that changes later (DNS rebinding) cannot pass.
    """
    rules = []
    for domain in portal.all_domains:
        host = urlsplit(f"//{domain.lstrip('.')}").hostname or ""
        bare = host.removeprefix("www.")
        is_number = bare.replace(".", "").isdigit() or ":" in bare
        for name in [host] if is_number else [bare, f"www.{bare}"]:
            address = _checked_address(name, portal)
            if address:
                rules.append(f"MAP {name} {address}")
    return ", ".join([*rules, "MAP * ~NOTFOUND"])


def ending_of_browser_error(error: BaseException) -> Ending | None:
    """How a link ends whose page the browser could not load; None for an error that is not the browser's."""
    if not type(error).__module__.startswith("playwright"):
        return None
    line = str(error).splitlines()[0][:300] if str(error) else type(error).__name__
    for mark, outcome in _NET_ERRORS.items():
        if mark in line or mark in type(error).__name__:
            return Ending(outcome, line)
    return Ending(Outcome.BAD_RESPONSE, line)


def _checked_address(host: str, portal: Portal) -> str | None:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return None
    addresses = [str(entry[4][0]) for entry in found]
    allowed = [address for address in addresses if portal.is_local or is_public(address)]
    address = next(iter(allowed), None)
    return f"[{address}]" if address and ":" in address else address


def _not_needed(portal: Portal) -> Callable[[Any], bool]:
    def abort(request: Any) -> bool:
        return request.resource_type not in _NEEDED or not portal.hosts.owns(request.url)

    return abort


async def _until_quiet(page: Any) -> None:
    """Wait for the page's own requests; one that never rests is read as it is then."""
    wait: Callable[..., Awaitable[None]] = page.wait_for_load_state
    try:
        await wait("networkidle", timeout=1000 * QUIET_SECONDS)
    except Exception as error:
        if ending_of_browser_error(error) is None:
            raise
