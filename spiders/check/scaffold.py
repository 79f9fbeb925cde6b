"""Writes a portal's definition from what a probe of an unknown site discovered."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from dataclasses import dataclass, fields
from urllib.parse import unquote, urlsplit

from lxml import etree

from spiders.portal.definition import Auto, Politeness, Portal, Source
from spiders.sources.reading.article_links import parse_page
from spiders.sources.reading.documents import UnreadableListing
from spiders.sources.records import ListedLink

# The country of a top-level domain and its clock, for sites that nothing else is known of.
COUNTRIES = {
    "ae": "Asia/Dubai",
    "bh": "Asia/Bahrain",
    "dz": "Africa/Algiers",
    "eg": "Africa/Cairo",
    "iq": "Asia/Baghdad",
    "jo": "Asia/Amman",
    "kw": "Asia/Kuwait",
    "lb": "Asia/Beirut",
    "ly": "Africa/Tripoli",
    "ma": "Africa/Casablanca",
    "mr": "Africa/Nouakchott",
    "om": "Asia/Muscat",
    "ps": "Asia/Hebron",
    "qa": "Asia/Qatar",
    "sa": "Asia/Riyadh",
    "sd": "Africa/Khartoum",
    "so": "Africa/Mogadishu",
    "sy": "Asia/Damascus",
    "tn": "Africa/Tunis",
    "ye": "Asia/Aden",
}
LOCAL_POLITENESS = Politeness(delay_seconds=0.0)  # nobody else is served by a site on this machine
_ENOUGH_SHARE = 0.1  # of the links: a shape of addresses that is rarer is chance
_MIN_LINKS = 3


@dataclass(frozen=True)
class SiteNames:
    """What the front page calls itself."""

    site_name: str
    language: str


def unknown_portal(name: str, url: str, *, country: str | None, timezone: str | None) -> Portal:
    """The definition to begin with: discovery finds the sources. Country and clock are guessed from the domain."""
    host = urlsplit(url).hostname or ""
    code = country.lower() if country else host.rpartition(".")[2]
    known = COUNTRIES.get(code)
    is_local = _is_loopback(host)
    return Portal(
        name=name,
        title_ar=name,
        title_en=name,
        country=(country or (code if known else "XX")).upper(),
        timezone=timezone or known or "UTC",
        start_url=url,
        sources=(Auto(),),
        politeness=LOCAL_POLITENESS if is_local else Politeness(),
        is_local=is_local,
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def site_names(front_page: bytes, *, otherwise: str) -> SiteNames:
    """The site's name by its metadata or title, and its language."""
    try:
        tree = parse_page(front_page)
    except UnreadableListing:
        return SiteNames(otherwise, "ar")
    metas = tree.iter("meta")
    named = [meta.get("content") for meta in metas if meta.get("property") == "og:site_name" and meta.get("content")]
    title = tree.find(".//title")
    words = named[0] if named else _text(title)
    language = re.match(r"[a-z]{2}", (tree.get("lang") or "ar").lower())
    name = re.split(r"\s+[|\-–—:]\s+", " ".join((words or "").split()))[0]
    return SiteNames(name[:80] or otherwise, language[0] if language else "ar")


def article_pattern(links: list[ListedLink]) -> str | None:
    """A regular expression over the shapes of the links' addresses, or None where they have nothing in common."""
    shapes = Counter(_shape(link.url) for link in links)
    common = [shape for shape, count in shapes.most_common() if count >= max(_MIN_LINKS, _ENOUGH_SHARE * len(links))]
    if not common or any(shape is None for shape in common):
        return None
    return r"^https?://[^/]+/(?:" + "|".join(sorted(shape for shape in common if shape)) + ")"


def definition_text(portal: Portal, sources: tuple[Source, ...], *, notes: tuple[str, ...]) -> str:
    """The Python file of the definition."""
    sources = tuple(dict.fromkeys((*sources, Auto())))
    names = {type(source).__name__ for source in sources} | {"Portal"}
    kinds = ", ".join(sorted(names | {"Politeness"} if portal.politeness == LOCAL_POLITENESS else names))
    named = [
        ("name", _quoted(portal.name)),
        ("title_ar", _quoted(portal.title_ar)),
        ("title_en", _quoted(portal.title_en)),
        ("country", _quoted(portal.country)),
        ("timezone", _quoted(portal.timezone)),
        ("start_url", _quoted(portal.start_url)),
        ("sources", _tuple([_spelled(source, portal) for source in sources])),
        ("article_url", f"r{_quoted(portal.article_url, raw=True)}" if portal.article_url else ""),
        ("language", _quoted(portal.language) if portal.language != "ar" else ""),
        ("politeness", "Politeness(delay_seconds=0.0)" if portal.politeness == LOCAL_POLITENESS else ""),
        ("is_local", "True" if portal.is_local else ""),
        ("notes", _tuple([_quoted(note) for note in notes]) if notes else ""),
    ]
    body = "".join(f"    {name}={value},\n" for name, value in named if value)
    title = portal.title_en.replace("\\", "").replace('"', "'")
    return f'"""{title}."""\n\nfrom spiders.portal.definition import {kinds}\n\nPORTAL = Portal(\n{body})\n'


def _shape(url: str) -> str | None:
    """The address with numbers and slugs made general; None for the front page and the like."""
    parts = urlsplit(url)
    folders = [part for part in unquote(parts.path).split("/") if part]
    if not folders:
        return None
    shape = "/".join(_general(part, is_last=part is folders[-1]) for part in folders)
    numbered = [name for name, _, value in (pair.partition("=") for pair in parts.query.split("&")) if value.isdigit()]
    if numbered:
        return rf"{shape}\?(?:[^#]*&)?{re.escape(numbered[0])}=\d+"
    return shape if re.search(r"\\d|\[\^", shape) else None


def _general(part: str, *, is_last: bool) -> str:
    if part.isdigit() and part.isascii():
        return rf"\d{{{len(part)}}}" if len(part) in {2, 4} else r"\d+"
    if re.fullmatch(r"[A-Za-z]+\.(?:aspx?|php|html?)", part):
        return re.escape(part)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", part):
        return r"\d{4}-\d{2}-\d{2}"
    if number := re.fullmatch(r"\d{4,}(\.[a-z]{3,5})", part):
        return r"\d+" + re.escape(number[1])
    if match := re.match(r"\d{4,}-", part):
        return r"\d+-[^/?#]+" if match and is_last else r"[^/?#]+"
    return r"[^/?#]+" if is_last or not part.isascii() else re.escape(part)


def _spelled(source: Source, portal: Portal) -> str:
    url = getattr(source, "url", None)
    if url is None:
        return f"{type(source).__name__}()"
    root = f"{urlsplit(portal.start_url).scheme}://{portal.host}/"
    written = []
    for field in fields(source):
        value = getattr(source, field.name)
        if isinstance(value, str):
            value = _quoted("/" + value.removeprefix(root) if value.startswith(root) else value)
        if field.name == "url":
            written.append(value)
        elif getattr(source, field.name) != field.default:
            written.append(f"{field.name}={value}")
    return f"{type(source).__name__}({', '.join(written)})"


def _tuple(items: list[str]) -> str:
    return f"({items[0]},)" if len(items) == 1 else "(\n" + "".join(f"        {item},\n" for item in items) + "    )"


def _quoted(text: str | None, *, raw: bool = False) -> str:
    """A Python literal in double quotes; what a site calls itself must not become code."""
    clean = "".join(char for char in text or "" if char.isprintable())
    return f'"{clean}"' if raw else '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _text(element: etree._Element | None) -> str:
    return "".join(element.itertext()) if element is not None else ""
