"""JSON as the web serves it: behind notices and byte order marks, before a cache's comment, under any content type."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from spiders.sources.reading.documents import UnreadableListing, text_pieces

# Parsed, JSON takes up to twenty times as much memory; a hundred posts with their texts have 3 MB.
MAX_JSON_BYTES = 8 * 1024 * 1024
MAX_NOISE_CHARACTERS = 64 * 1024
_TOLD_CHARACTERS = 80
_MAX_TRIES = 20  # places at which the JSON may begin
_DECODER = json.JSONDecoder(strict=False)  # titles hold tabs and line ends as they are
_BETWEEN = re.compile(r"[\s,]*+")
_BEGINNING = re.compile(r"\[\s*+(?:[{\[\"]|\])|\{\s*+[\"}]")


@dataclass(frozen=True)
class JsonAnswer:
    """An object or a list, and how what is printed around it begins: a notice, a cache's comment."""

    value: Any
    noise: str = ""
    is_cut: bool = False  # a list whose end is missing, or damaged


def read_json(body: bytes, content_type: str | None) -> JsonAnswer:
    """The object or list that a body holds. Raises UnreadableListing where there is none, or more than the bound."""
    text = "".join(text_pieces(body, content_type, limit=MAX_JSON_BYTES))
    best: tuple[int, JsonAnswer] | None = None
    covered = tries = 0
    for match in _BEGINNING.finditer(text, 0, MAX_NOISE_CHARACTERS):
        start = match.start()
        if start < covered or tries == _MAX_TRIES:
            continue
        tries += 1
        try:
            found = _value_at(text, start)
        except RecursionError:
            break
        if found is None:
            continue
        value, covered, is_cut = found
        around = " ".join((text[:start].strip() or text[covered:].strip())[:_TOLD_CHARACTERS].split())
        # A notice may quote something; what was asked for is the longest.
        rank = covered - start if value and (_is_structured(value) or not text[covered:].strip()) else 0
        if (rank or not value) and (best is None or rank > best[0]):
            best = rank, JsonAnswer(value, around, is_cut)
    if best is None:
        raise UnreadableListing("is no JSON")
    return best[1]


def _value_at(text: str, start: int) -> tuple[Any, int, bool] | None:
    """The value that begins there, where it ends, and whether it breaks off: of a list what stands before counts."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except ValueError:
        return _list_at(text, start) if text[start] == "[" else None
    return value, end, False


def _list_at(text: str, start: int) -> tuple[list[Any], int, bool] | None:
    """The sound beginning of a list; a comma too many breaks none."""
    values: list[Any] = []
    at = _BETWEEN.match(text, start + 1).end()  # type: ignore[union-attr] # matches nothing, too
    while text[at : at + 1] == "{":
        try:
            value, at = _DECODER.raw_decode(text, at)
        except ValueError:
            break
        values.append(value)
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr] # the same
    if not values:
        return None
    is_whole = text[at : at + 1] == "]"
    return values, at + 1 if is_whole else len(text), not is_whole


def json_begins(text: str) -> bool:
    """Whether JSON stands somewhere in the beginning of a text that may have noise before it."""
    return _BEGINNING.search(text) is not None


def _is_structured(value: Any) -> bool:
    """Not the `[0]` of a notice."""
    return isinstance(value, dict) or any(isinstance(each, (dict, list)) for each in value)
