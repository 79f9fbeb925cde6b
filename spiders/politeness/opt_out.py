"""Opt-outs of text and data mining, as portals state them: the TDM reservation protocol, ai.txt, robots groups."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from protego import Protego

# W3C community group "TDM Reservation Protocol": a header, a meta element of the same name, /.well-known/tdmrep.json.
HEADER = "tdm-reservation"
_META = re.compile(rb"<meta\b[^>]{0,500}\bname\s*=\s*[\"']?tdm-reservation\b[^>]{0,500}>", re.IGNORECASE)
_CONTENT = re.compile(rb"\bcontent\s*=\s*[\"']?\s*([01])", re.IGNORECASE)
_ROBOTS_META = re.compile(rb"<meta\b[^>]{0,500}\bname\s*=\s*[\"']?robots\b[^>]{0,500}>", re.IGNORECASE)
_NO_AI = re.compile(rb"\bnoai\b", re.IGNORECASE)
AI_TXT_PATH = "/ai.txt"
TDMREP_PATH = "/.well-known/tdmrep.json"
MAX_RULES, MAX_LOCATION = 100, 2_000


@dataclass(frozen=True)
class TdmRule:
    """What a site's tdmrep.json says of addresses whose path matches `location`, written as in robots.txt."""

    location: str
    is_reserved: bool

    @cached_property
    def _written_as_robots(self) -> Protego:
        return Protego.parse(f"User-agent: *\nDisallow: {self.location.replace('#', '%23')}")

    def covers(self, url: str) -> bool:
        """Whether an address is meant."""
        return not self._written_as_robots.can_fetch(url, "*")


@dataclass(frozen=True)
class SiteStatement:
    """What a site says against mining: of all its pages, and by the path of each."""

    stated: str | None = None
    rules: tuple[TdmRule, ...] = ()

    def of(self, url: str) -> str | None:
        """The one line that holds for a page, or None. The first rule that covers it counts."""
        if self.stated or not self.rules:
            return self.stated
        rule = next((rule for rule in self.rules if rule.covers(url)), None)
        return f"tdmrep.json: {rule.location}" if rule and rule.is_reserved else None


def page_opt_out(headers: Mapping[str, str], head: bytes) -> str | None:
    """What a page says against mining, as one line, or None. `head` is the decoded beginning of the page.

    `headers` has lower-case names.
    """
    if headers.get(HEADER, "").strip() == "1":
        return "header tdm-reservation: 1"
    if "noai" in headers.get("x-robots-tag", "").lower():
        return "header x-robots-tag: noai"
    meta = _META.search(head)
    if meta and (content := _CONTENT.search(meta[0])) and content[1] == b"1":
        return "meta tdm-reservation 1"
    robots = _ROBOTS_META.search(head)
    if robots and _NO_AI.search(robots[0]):
        return "meta robots noai"
    return None


def ai_txt_opt_out(body: bytes, content_type: str) -> str | None:
    """What /ai.txt says against mining as a whole, or None. It is written like robots.txt, for media types or paths."""
    if "html" in content_type.lower() or body.lstrip()[:1] == b"<":
        return None
    group_is_ours = False
    for line in body[: 64 * 1024].decode("utf-8", "replace").splitlines():
        name, _, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "user-agent":
            group_is_ours = value == "*"
        elif name == "disallow" and group_is_ours and value in {"/", "/*", "*", "*.html", "*.txt"}:
            return f"ai.txt: Disallow: {value}"
    return None


def tdmrep_rules(body: bytes) -> tuple[TdmRule, ...]:
    """The rules of a tdmrep.json in their order; of what is no JSON, none.

    What is JSON and cannot be read to its end may reserve anything: from there on all is taken for reserved.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return (_ALL_RESERVED,) if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{") else ()
    entries = told if isinstance(told, list) else [told]
    rules = tuple(
        TdmRule(" ".join(rule["location"].split())[:MAX_LOCATION], str(rule.get(HEADER)) == "1")
        for rule in entries[:MAX_RULES]
        if isinstance(rule, dict) and isinstance(rule.get("location"), str) and rule["location"]
    )
    return (*rules, _ALL_RESERVED) if len(entries) > MAX_RULES else rules


_ALL_RESERVED = TdmRule("/", is_reserved=True)
