"""What a page says against text and data mining in its headers and meta elements. Of several the strictest counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from storage.raw.content_encoding import Headers, beginning_of

HEADER = "tdm-reservation"  # of the TDM Reservation Protocol; a meta element has the same name
# How much of a page is looked through; heads have some ten thousand bytes, those with styles and scripts some hundred.
HEAD_BYTES = 1 << 20
NOT_LOOKED_AT = f"its head has more than {HEAD_BYTES:,} bytes: an opt-out behind them is not noted"
# Without one of these words a page says nothing, and most have none.
_WORDS = re.compile(rb"tdm-reservation|noai", re.IGNORECASE)
_HEAD_ENDS = re.compile(rb"</head\b|<body\b", re.IGNORECASE)
# Comments, elements whose content is text or a part for scripts, and tags. What is not ended goes to the end, as
# browsers have it, so that no byte is read twice. What `noscript` holds is there for who runs no scripts, as miners do.
_TOKEN = re.compile(
    rb"<!--(?:-?>|.*?(?:--!?>|\Z))"
    rb"|<(?P<hidden>script|style|template|textarea|title|iframe|xmp|noembed|noframes)(?=[\s/>]).*?(?:</(?P=hidden)|\Z)"
    rb"|<(?P<tag>[a-z][^\s/>]*+)(?P<attributes>(?:[^>\"'=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')|[=\"'])*+)(?:>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s\"'>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+)))?")
_NO_AI = re.compile(r"\bnoai\b", re.IGNORECASE)


class PageStatement(NamedTuple):
    """The one line of what a page says against mining, and a remark where some of its head was not looked at."""

    stated: str | None
    remark: str | None = None


def page_statement(headers: Headers, body: bytes) -> PageStatement:
    """What a page says, by its headers and its body as it came, packed or not."""
    headers = list(headers)
    head = _single_bytes(beginning_of(body, headers, length=HEAD_BYTES + 1))
    stated = page_opt_out(headers, head[:HEAD_BYTES])
    is_cut = len(head) > HEAD_BYTES and not _HEAD_ENDS.search(head)
    return PageStatement(stated, NOT_LOOKED_AT if is_cut else None)


def page_opt_out(headers: Headers, head: bytes) -> str | None:
    """What a page says against mining, as one line, or None. `head` is its decoded beginning."""
    named = [(name.lower(), value) for name, value in headers]
    if any(name == HEADER and _reserves(value) for name, value in named):
        return "header tdm-reservation: 1"
    if any(name == "x-robots-tag" and _NO_AI.search(value) for name, value in named):
        return "header x-robots-tag: noai"
    if not _WORDS.search(head):
        return None
    metas = list(_metas(head))
    if any(name == HEADER and _reserves(content) for name, content in metas):
        return "meta tdm-reservation 1"
    if any(name == "robots" and _NO_AI.search(content) for name, content in metas):
        return "meta robots noai"
    return None


def _reserves(value: str) -> bool:
    return "1" in (word.strip() for word in value.split(","))


def _single_bytes(head: bytes) -> bytes:
    """Markup of UTF-16 pages as that of others: every second byte of it is zero."""
    return head.replace(b"\x00", b"") if b"\x00" in head[:64] else head


def _metas(head: bytes) -> Iterator[tuple[str, str]]:
    """Name and content of each meta element, in the body too; of an attribute that is there twice both count."""
    for token in _TOKEN.finditer(head):
        if (token["tag"] or b"").lower() != b"meta":
            continue
        told: dict[str, list[str]] = {"name": [], "content": []}
        for name, *values in _ATTRIBUTE.findall(token["attributes"].decode("latin-1")):
            if (values_of := told.get(name.lower())) is not None:
                values_of.append(unescape("".join(values)).strip(" \t\r\n\f/"))
        yield from ((name.lower(), ",".join(told["content"])) for name in told["name"])
