"""Opt-outs of text and data mining that a site states in files: tdmrep.json, ai.txt, robots groups."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from protego import Protego

from extract.html.decoding import encoding_of
from spiders.politeness.mining_agents import EVERYBODY, miners_among
from spiders.politeness.page_opt_out import HEADER
from spiders.politeness.robots_rules import MinersRules
from storage.identity.hosts import root_of

AI_TXT_PATH = "/ai.txt"
TDMREP_PATH = "/.well-known/tdmrep.json"
MAX_RULES, MAX_LOCATION = 100, 2_000
_AI_TXT_BYTES = 64 * 1024
_AI_TXT_LINE = re.compile(r"\s*(user[- ]?agent|disallow|allow)\s*:\s*([^#]*)", re.IGNORECASE)
_ALL_TEXTS = frozenset({"/", "/*", "*", "*.html", "*.txt"})


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
    """What a site says against mining: of all its pages, by the path of each, and in each host's robots.txt."""

    stated: str | None = None
    rules: tuple[TdmRule, ...] = ()
    robots: Mapping[str, MinersRules | None] = field(default_factory=dict)  # by the host's root, as they were asked

    def of(self, url: str) -> str | None:
        """The one line that holds for a page, or None. The first rule that covers it counts.

        For a host that was not asked the one that was asked first speaks.
        """
        robots = self.robots.get(root_of(url), next(iter(self.robots.values()), None))
        if refused := robots and robots.refusing(url):
            return refused
        if self.stated or not self.rules:
            return self.stated
        rule = next((rule for rule in self.rules if rule.covers(url)), None)
        return f"tdmrep.json: {rule.location}" if rule and rule.is_reserved else None


def ai_txt_opt_out(body: bytes, content_type: str) -> str | None:
    """What /ai.txt says against mining as a whole, or None. It is written like robots.txt, for media types or paths.

    A group counts that is for all or for known miners; several names in a row are of one group.
    """
    body = body[:_AI_TXT_BYTES]
    text = body.decode(encoding_of(body, None), "replace").replace("\ufeff", "")
    if "html" in content_type.lower() or text.lstrip()[:1] == "<":
        return None
    agents: tuple[str, ...] = ()
    is_named_out = False
    for line in map(_AI_TXT_LINE.match, text.splitlines()):
        if line is None:
            continue
        is_rule = line[1].lower() in {"allow", "disallow"}
        if not is_rule:
            names = (word.strip() for word in line[2].split(","))
            agents = (() if is_named_out else agents) + miners_among(names)
        elif line[1].lower() == "disallow" and agents and line[2].strip() in _ALL_TEXTS:
            whom = "" if EVERYBODY in agents else f" ({', '.join(agents)})"
            return f"ai.txt: Disallow: {line[2].strip()}{whom}"
        is_named_out = is_rule
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
