"""Pages of other archives: which are the portal's, and what is known of them without their site."""

from __future__ import annotations

import codecs
import re
from urllib.parse import urlsplit

from extract.html.decoding import decode_text
from spiders.politeness.page_opt_out import page_statement
from spiders.portal.definition import Portal
from storage.identity.ids import link_id
from storage.model.outcomes import Outcome
from storage.model.records import Exchange, LinkRecord
from storage.raw.content_encoding import beginning_of
from warraq.pipeline.importing.site_statements import SiteStatements

SOURCE = "import"
HTML_TYPES = ("text/html", "application/xhtml+xml")
# What servers and archives write where they do not know.
_UNKNOWN_TYPES = frozenset({"", "unknown/unknown", "application/unknown", "*/*", "no-type"})
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype html|html|head|body|meta|title|div|p|h1)\b", re.I | re.S
)
_TITLE = re.compile(rb"<title\b[^>]*>(.{1,2000}?)</title", re.IGNORECASE | re.DOTALL)
_TITLE_WITHIN_BYTES = 32_768
_LOOKED_AT_BYTES = 2048
_OK = 200


def objection(exchange: Exchange, portal: Portal) -> str | None:
    """Why a response is no page of the portal."""
    if exchange.status != _OK:
        return "not_status_200"
    if urlsplit(exchange.url).scheme not in ("http", "https"):
        return "not_http"
    content_type = (header(exchange, "content-type") or "").partition(";")[0].strip().lower()
    if content_type not in HTML_TYPES and not (content_type in _UNKNOWN_TYPES and _begins_as_page(exchange)):
        return "not_html"
    return None if is_own_page(exchange.url, portal) else "other_site"


def _begins_as_page(exchange: Exchange) -> bool:
    """Whether an answer that names no type is HTML by its bytes, as browsers look at it."""
    start = beginning_of(exchange.body, exchange.response_headers, length=_LOOKED_AT_BYTES)
    return bool(_PAGE.match(start.removeprefix(codecs.BOM_UTF8)))


def is_own_page(url: str, portal: Portal) -> bool:
    return portal.hosts.owns(url) and not portal.hosts.is_front_page(url)


def page_link_id(url: str, portal: Portal) -> str:
    return link_id(portal.canonical(url))


def page_link(exchange: Exchange, file_name: str, portal: Portal, site: SiteStatements) -> LinkRecord:
    stated, remark = page_statement(exchange.response_headers, exchange.body)  # as a crawl would have noted it
    return LinkRecord(
        url=exchange.url,
        link_id=page_link_id(exchange.url, portal),
        source=SOURCE,
        source_url=file_name,
        outcome=Outcome.CAPTURED,
        http_status=exchange.status,
        final_url=exchange.url,
        content_type=header(exchange, "content-type"),
        bytes_received=len(exchange.body),
        captured_at=exchange.captured_at,
        etag=header(exchange, "etag"),
        last_modified=header(exchange, "last-modified"),
        detail=stated or site.of(exchange.url, exchange.captured_at) or remark,
    )


def header(exchange: Exchange, name: str) -> str | None:
    return next((value for key, value in exchange.response_headers if key.lower() == name), None)


def stated_title(exchange: Exchange) -> str | None:
    """The page's title element, as text."""
    start = beginning_of(exchange.body, exchange.response_headers, length=_TITLE_WITHIN_BYTES)
    title = _TITLE.search(start)
    return " ".join(decode_text(title[1], header(exchange, "content-type")).split()) if title else None
