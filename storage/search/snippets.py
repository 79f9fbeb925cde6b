"""The passage of a text that says most of what was looked for, with the found words marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from storage.identity.arabic_folding import text_norm
from storage.search.queries import Field, Phrase, Query, phrases

SNIPPET_WORDS = 30
MOST_SIGNS = 80  # without a word among them; more are an ornament
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Piece:
    """A stretch of a passage; `is_found` for what was looked for."""

    text: str
    is_found: bool = False


class _Words(NamedTuple):
    """The folded words of a text, and where each begins and ends in it."""

    letters: list[str]
    places: list[tuple[int, int]]


def snippet(text: str, query: Query, *, field: Field = Field.BODY, words: int = SNIPPET_WORDS) -> list[Piece]:
    """The passage, as it is written, with "…" where the text goes on; its beginning where nothing is found."""
    letters, places = _words(text)
    spans = _found(letters, [phrase for phrase in phrases(query) if phrase.field in (None, field)])
    if not letters:
        return _signs(text.strip()[:MOST_SIGNS])
    marked = sorted({place for start, end in spans for place in range(start, end)})
    first = _best_start(marked, len(letters), words)
    last = min(len(letters), first + words)
    position = places[first][0]
    # Signs before the first word and behind the last are the text's own: «=1+1», «- سد», «؟».
    pieces = [Piece("… ")] if first else _signs(text[:position].lstrip()[-MOST_SIGNS:])
    for start, end in _merged(spans):
        if start < first or end > last:
            continue
        begin, stop = places[start][0], places[end - 1][1]
        pieces += [Piece(text[position:begin]), Piece(text[begin:stop], is_found=True)]
        position = stop
    pieces.append(Piece(text[position : places[last - 1][1]]))
    pieces += [Piece(" …")] if last < len(letters) else _signs(text[places[-1][1] :].rstrip()[:MOST_SIGNS])
    return [piece for piece in pieces if piece.text]


def _signs(text: str) -> list[Piece]:
    return [Piece(text)] if text else []


def marked(pieces: Sequence[Piece], opening: str = "**", closing: str = "**") -> str:
    """The passage on one line, what was found between two signs."""
    whole = "".join(f"{opening}{piece.text}{closing}" if piece.is_found else piece.text for piece in pieces)
    return " ".join(whole.split())


def _words(text: str) -> _Words:
    letters, places = [], []
    for match in _WORD.finditer(text):
        word = match[0]
        folded = text_norm(word)
        if " " not in folded:
            if folded:
                letters.append(folded)
                places.append(match.span())
            continue
        # «قال:نعم» is two words.
        before = match.start()
        for part in re.finditer(r"[^\W_][\w\u0610-\u061a\u064b-\u065f\u0670\u0640%]*|[^\w\s]", word):
            folded = text_norm(part[0])
            if folded and " " not in folded:
                letters.append(folded)
                places.append((before + part.start(), before + part.end()))
    return _Words(letters, places)


def _found(letters: Sequence[str], wanted: Sequence[Phrase]) -> list[tuple[int, int]]:
    spans = []
    for phrase in wanted:
        first, *rest = (_compiled(word.pattern).fullmatch for word in phrase.words)
        for start in range(len(letters) - len(rest)):
            if first(letters[start]) and all(fits(letters[start + i]) for i, fits in enumerate(rest, start=1)):
                spans.append((start, start + len(phrase.words)))
    return spans


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _best_start(marked: Sequence[int], length: int, words: int) -> int:
    """Where a window of so many words holds most that was found, the earliest; a little before the first of them."""
    if not marked or length <= words:
        return 0
    best, most = 0, 0
    for place in marked:
        count = sum(place <= other < place + words for other in marked)
        if count > most:
            best, most = place, count
    return max(0, min(best - 5, length - words))


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
