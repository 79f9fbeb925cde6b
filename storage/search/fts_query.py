"""A query as FTS5 understands it: each word spelled out in the forms that some text has."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod

from storage.errors import UsageError
from storage.search.fts_index import SearchIndex
from storage.search.queries import EXAMPLE, And, Kind, Not, Phrase, Query, Word
from storage.search.word_forms import beginnings, forms

# More combinations of forms than that are narrowed first, from the phrase's beginning on.
MAX_PHRASES = 2_000
_NOTHING = '"000nothing000"'  # folded texts hold no such word


def expression(query: Query, index: SearchIndex) -> str:
    """The MATCH expression. Raises UsageError for a NOT of a NOT that leaves nothing wanted."""
    if isinstance(query, Phrase):
        spelled = _phrase(query.words, index)
        return f"({{{query.field}}} : ({spelled}))" if query.field else f"({spelled})"
    if isinstance(query, Not):
        raise UsageError("the search says only what is not wanted", remedy=EXAMPLE)
    if not isinstance(query, And):
        return f"({' OR '.join(expression(part, index) for part in query.parts)})"
    flat = [_without_double_not(part) for part in query.parts]
    wanted = [expression(part, index) for part in flat if not isinstance(part, Not)]
    unwanted = [expression(part.part, index) for part in flat if isinstance(part, Not)]
    if not wanted:
        raise UsageError("the search says only what is not wanted", remedy=EXAMPLE)
    both = " AND ".join(wanted)
    return f"(({both}) NOT ({' OR '.join(unwanted)}))" if unwanted else f"({both})"


def _without_double_not(query: Query) -> Query:
    while isinstance(query, Not) and isinstance(query.part, Not):
        query = query.part.part
    return query


def _phrase(words: Sequence[Word], index: SearchIndex) -> str:
    choices = [_spelled(word, index) for word in words]
    if not all(choices):
        return _NOTHING
    # From the beginning on: of the pairs that stand somewhere the triples, and so on.
    begun: list[tuple[str, ...]] = [(first,) for first in choices[0]]
    for position, following in enumerate(choices[1:], start=1):
        last = position == len(choices) - 1
        begun = [(*words_before, word) for words_before, word in product(begun, following)]
        if not last and len(begun) * prod(len(more) for more in choices[position + 1 :]) > MAX_PHRASES:
            begun = [some for some in begun if index.holds(_quoted(some))]
    if len(begun) > MAX_PHRASES:
        begun = [some for some in begun if index.holds(_quoted(some))]
    star = "*" if words[-1].kind is Kind.PREFIX else ""
    return " OR ".join(_quoted(some) + star for some in begun) or _NOTHING


def _spelled(word: Word, index: SearchIndex) -> list[str]:
    if word.kind is Kind.PREFIX:
        return list(beginnings(word.letters))
    if word.kind is Kind.EXACT:
        return [word.letters]
    return index.known(list(forms(word.letters)))


def _quoted(words: Sequence[str]) -> str:
    # Folded words hold no quotes.
    return f'"{" ".join(words)}"'
