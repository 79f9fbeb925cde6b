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
_BEGINNING = re.compile(r"\[\s*+(?:[{\[\"]|\])|\{\s*+[\"}]")


@dataclass(frozen=True)
class JsonAnswer:
    """An object or a list, and how what is printed around it begins: a notice, a cache's comment."""

    value: Any
    noise: str = ""


def read_json(body: bytes, content_type: str | None) -> JsonAnswer:
    """The object or list that a body holds. Raises UnreadableListing where there is none, or more than the bound."""
    text = "".join(text_pieces(body, content_type, limit=MAX_JSON_BYTES))
    decoder = json.JSONDecoder()
    empty: JsonAnswer | None = None
    for number, match in enumerate(_BEGINNING.finditer(text, 0, MAX_NOISE_CHARACTERS)):
        if number == _MAX_TRIES:
            break
        try:
            value, end = decoder.raw_decode(text, match.start())
        except RecursionError:
            break
        except ValueError:
            continue
        around = " ".join((text[: match.start()].strip() or text[end:].strip())[:_TOLD_CHARACTERS].split())
        if value and (_is_structured(value) or not text[end:].strip()):
            return JsonAnswer(value, around)
        if not value and empty is None:
            empty = JsonAnswer(value, around)
    if empty is None:
        raise UnreadableListing("is no JSON")
    return empty


def json_begins(text: str) -> bool:
    """Whether JSON stands somewhere in the beginning of a text that may have noise before it."""
    return _BEGINNING.search(text) is not None


def _is_structured(value: Any) -> bool:
    """Not the `[0]` of a notice."""
    return isinstance(value, dict) or any(isinstance(each, (dict, list)) for each in value)
