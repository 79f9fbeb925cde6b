"""The sections that a front page's menu names, and the address behind which a section's further pages lie."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from lxml import etree

from spiders.portal.definition import Portal
from spiders.sources.reading.article_links import parse_page
from spiders.sources.records import web_address

MAX_SECTIONS = 12  # of a menu: what news sites have, without their subsections
_MENU_WORDS = 3  # names of sections are short: «سياسة», «أخبار العالم»
_MENU_CHARACTERS = 30
_MAX_FOLDERS = 3
_MENUS = "ancestor::nav or ancestor::header or ancestor::*[contains(@class, 'menu') or contains(@id, 'menu')]"
_NO_SECTIONS = re.compile(
    r"(?:^|/)(?:tags?|keywords?|authors?|writers?|search|login|register|signin|contact(?:-?us)?|about(?:-?us)?"
    r"|privacy(?:-policy)?|terms|rss|feed|wp-\S*|comments?|print|share|subscribe|newsletter|videos?|live|app|archive"
    r"|وسم|كاتب|من-نحن|اتصل-بنا)(?:[/.]|$)",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?!html?$|aspx?$|php$)\w{2,5}$", re.IGNORECASE)
_SECOND_PAGE = re.compile(r"(?P<name>/page/|[?&](?:page|paged|pg|p|page_?no|pagenumber)=)2(?=[/&#]|$)", re.IGNORECASE)


def section_links(document: bytes, base_url: str, portal: Portal) -> tuple[str, ...]:
    """Addresses of sections, those of menus only where the page has menus. Raises UnreadableListing."""
    anchors = [(element, _address(element, base_url, portal)) for element in parse_page(document).iter("a")]
    named = [(element, url) for element, url in anchors if url and _is_name(element)]
    of_menus = [url for element, url in named if element.xpath(_MENUS)]
    return tuple(dict.fromkeys(of_menus or [url for _, url in named]))[:MAX_SECTIONS]


def further_pages(document: bytes, url: str, portal: Portal) -> str | None:
    """The address of a section's pages with {page} for their number, read from its link to the second one."""
    for element in parse_page(document).iter("a", "link"):
        address = web_address(element.get("href", ""), url)
        if address is None or "{" in address or not portal.hosts.owns(address):
            continue
        if _without_slash(urlsplit(address).path.partition("/page/")[0]) != _without_slash(urlsplit(url).path):
            continue
        if match := _SECOND_PAGE.search(address):
            return f"{address[: match.start()]}{match['name']}{{page}}{address[match.end() :]}"
    return None


def _address(element: etree._Element, base_url: str, portal: Portal) -> str | None:
    url = web_address(element.get("href", "").partition("#")[0], base_url)
    if url is None or not portal.hosts.owns(url):
        return None
    path = unquote(urlsplit(url).path)
    folders = [part for part in path.split("/") if part]
    is_front = not folders or url in (portal.start_url, base_url)
    if is_front or len(folders) > _MAX_FOLDERS or _NO_SECTIONS.search(path) or _FILE.search(path):
        return None
    return url


def _is_name(element: etree._Element) -> bool:
    text = " ".join("".join(element.itertext()).split())
    return 0 < len(text) <= _MENU_CHARACTERS and len(text.split()) <= _MENU_WORDS


def _without_slash(path: str) -> str:
    return unquote(path).rstrip("/")
