"""A query as tantivy understands it: each word spelled out in the forms that some text has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import tantivy

from storage.errors import UsageError
from storage.search.frequent_pairs import pairs_of
from storage.search.queries import EXAMPLE, And, Field, Kind, Not, Or, Phrase, Query, Word
from storage.search.word_forms import beginnings, forms
from storage.search.word_index import SearchIndex, pairs_field

TITLE_WEIGHT = 4.0  # a word of the headline says as much as four of the text
# A beginning that more words have is looked for as such, and says the same of each text.
MAX_WORDS_OF_BEGINNING = 2_000
FEW_WORDS = 200  # of a beginning in a phrase
LEAST_GAIN = 2  # times as many texts to look at without pairs of frequent words as with them
Part = tuple[tantivy.Occur, tantivy.Query]


def matching(
    query: Query,
    index: SearchIndex,
    *,
    portals: Sequence[str] = (),
    countries: Sequence[str] = (),
    since: int | None = None,
    until: int | None = None,
) -> tantivy.Query:
    """The same for the index, over a selection of it. Raises UsageError for a NOT of a NOT that leaves nothing wanted.

    Times are microseconds since 1970 of `published_at`, which is before `until`.
    """
    bounds = []
    for name, values in (("portal", portals), ("country", countries)):
        if values:
            bounds.append(tantivy.Query.term_set_query(index.schema, name, values))
    if since is not None or until is not None:
        kind = tantivy.FieldType.Integer
        last = None if until is None else until - 1
        bounds.append(tantivy.Query.range_query(index.schema, "published_at", kind, since, last))
    # What bounds the selection does not rank it.
    weightless = [tantivy.Query.const_score_query(bound, 0.0) for bound in bounds]
    return _all_of([_matching(query, index), *weightless])


def _matching(query: Query, index: SearchIndex) -> tantivy.Query:
    if isinstance(query, Phrase):
        return _one_of([_in_field(query, name, index) for name in ([query.field] if query.field else list(Field))])
    if isinstance(query, Or):
        return _one_of([_matching(part, index) for part in query.parts])
    if isinstance(query, Not):
        raise UsageError("the search says only what is not wanted", remedy=EXAMPLE)
    parts = list(_of_all(query, index))
    if all(occur == tantivy.Occur.MustNot for occur, _ in parts):
        raise UsageError("the search says only what is not wanted", remedy=EXAMPLE)
    return tantivy.Query.boolean_query(parts)


def _all_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in queries])


def _one_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in queries])


def _of_all(query: And, index: SearchIndex) -> Iterator[Part]:
    for part in query.parts:
        is_wanted, plain = True, part
        while isinstance(plain, Not):
            is_wanted, plain = not is_wanted, plain.part
        yield tantivy.Occur.Must if is_wanted else tantivy.Occur.MustNot, _matching(plain, index)


def _in_field(phrase: Phrase, name: Field, index: SearchIndex) -> tantivy.Query:
    found = _word(phrase.words[0], name, index) if len(phrase.words) == 1 else _phrase(phrase.words, name, index)
    return tantivy.Query.boost_query(found, TITLE_WEIGHT) if name is Field.TITLE else found


def _word(word: Word, name: Field, index: SearchIndex) -> tantivy.Query:
    spelled = _begun(word, name, index) if word.kind is Kind.PREFIX else _spelled(word, name, index)
    if spelled is None:
        return tantivy.Query.regex_query(index.schema, name, _pattern(word, name, index))
    return _one_of([tantivy.Query.term_query(index.schema, name, one) for one in spelled])


def _phrase(words: Sequence[Word], name: Field, index: SearchIndex) -> tantivy.Query:
    spelled = [_few_spelled(word, name, index) for word in words]
    if [] in spelled:
        return tantivy.Query.empty_query()
    beside = [_neighbours(one, two, name, index) for one, two in pairwise(spelled) if one and two]
    found = [query for query in beside if query is not None]
    if found and len(words) == 2:
        return found[0]
    patterns: list[str | tuple[int, str]] = [_pattern(word, name, index) for word in words]
    whole = tantivy.Query.regex_phrase_query(index.schema, name, patterns)
    # The pairs say in which texts it is worth to look for the whole.
    return _all_of([*(tantivy.Query.const_score_query(query, 0.0) for query in found), whole])


def _neighbours(firsts: Sequence[str], seconds: Sequence[str], name: Field, index: SearchIndex) -> tantivy.Query | None:
    """Two neighbours by the pairs that the index keeps and, of less frequent words, by where they stand.

    None where fewer texts would not be looked at so.
    """
    frequent, field = index.frequent[name], pairs_field(name)
    often, rarely = ([word for word in firsts if (word in frequent) is kept] for kept in (True, False))
    often_next, rarely_next = ([word for word in seconds if (word in frequent) is kept] for kept in (True, False))

    def texts(some: Sequence[str], others: Sequence[str]) -> int:
        return min(index.texts_with(name, some), index.texts_with(name, others))

    if LEAST_GAIN * (texts(rarely, seconds) + texts(often, rarely_next)) > texts(firsts, seconds):
        return None
    known = index.known(field, pairs_of(often, often_next))
    found = [tantivy.Query.term_query(index.schema, field, one) for one in known]
    for some, others in ((rarely, seconds), (often, rarely_next)):
        if some and others:
            patterns: list[str | tuple[int, str]] = [_one_of_words(some), _one_of_words(others)]
            found.append(tantivy.Query.regex_phrase_query(index.schema, name, patterns))
    return _one_of(found) if found else tantivy.Query.empty_query()


def _few_spelled(word: Word, name: Field, index: SearchIndex) -> list[str] | None:
    """The spellings that some text has; None for a beginning of many words."""
    if word.kind is not Kind.PREFIX:
        return _spelled(word, name, index)
    begun = _begun(word, name, index)
    return begun if begun is not None and len(begun) <= FEW_WORDS else None


def _pattern(word: Word, name: Field, index: SearchIndex) -> str:
    """The word as a regular expression over one word of a text; "" where no text has it."""
    if word.kind is Kind.PREFIX:
        return f"({'|'.join(map(re.escape, beginnings(word.letters)))}).*"
    return _one_of_words(_spelled(word, name, index))


def _one_of_words(words: Sequence[str]) -> str:
    return "|".join(map(re.escape, words))


def _spelled(word: Word, name: Field, index: SearchIndex) -> list[str]:
    return index.known(name, [word.letters] if word.kind is Kind.EXACT else list(forms(word.letters)))


def _begun(word: Word, name: Field, index: SearchIndex) -> list[str] | None:
    """The words of the field that begin so; None where they are too many."""
    found: dict[str, None] = {}
    for start in beginnings(word.letters):
        some = index.searcher.terms_with_prefix(name, start, limit=MAX_WORDS_OF_BEGINNING)
        found.update(dict.fromkeys(term for term, _ in some))
        if len(found) >= MAX_WORDS_OF_BEGINNING:
            return None
    return list(found)
