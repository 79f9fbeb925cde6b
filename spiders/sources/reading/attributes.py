"""Elements with masses of attributes, before a parser sees them: libxml2 walks all of an element's for each more."""

from __future__ import annotations

import re

MAX_ATTRIBUTES = 1_000  # of one element; pages have some dozens. Forty thousand took the parser twenty seconds
_LONG_TAG = 2 * MAX_ATTRIBUTES  # characters: a shorter tag cannot have more

# One pass, nothing looked at twice: each alternative ends with its own end or with the text's.
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(script|style|textarea|title|xmp)\b.*?(?:</\1\b|\Z)"
    r"|<(?P<name>[a-z][^\s/>]*)(?P<attributes>(?:[^>\"'=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')|[=\"'])*+)(?:>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+")


def without_attribute_masses(text: str) -> str:
    """The page, with the attributes taken from each element that has more than MAX_ATTRIBUTES. Linear in its length."""
    kept, done = [], 0
    for tag in _TAG.finditer(text):
        if tag.end() - tag.start() < _LONG_TAG or not tag["name"] or not _has_masses(tag["attributes"]):
            continue
        kept += [text[done : tag.start()], "<", tag["name"][:100], ">"]
        done = tag.end()
    return "".join((*kept, text[done:])) if done else text


def _has_masses(attributes: str) -> bool:
    return any(number > MAX_ATTRIBUTES for number, _ in enumerate(_ATTRIBUTE.finditer(attributes), 1))
