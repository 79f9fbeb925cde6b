"""What a person types into a search, read into a small tree: words, phrases, beginnings, AND, OR, NOT, fields.

The tree is asked in three ways that agree: in SQL over folded text, in the index, and in Python for marks.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from storage.errors import UsageError
from storage.identity.arabic_folding import text_norm
from storage.search.word_forms import prefix_pattern, word_pattern

MAX_QUERY_CHARACTERS = 2_000
MAX_DEPTH = 30
EXAMPLE = 'for example: انتخابات, "سد النهضة", انتخاب*, مصر AND (نيل OR سد), سد -جسد, title:زلزال, =كتاب'


class Field(enum.StrEnum):
    """Where a word must stand."""

    TITLE = "title"
    BODY = "body"


FIELD_NAMES = {
    "title": Field.TITLE,
    "body": Field.BODY,
    "عنوان": Field.TITLE,
    "العنوان": Field.TITLE,
    "متن": Field.BODY,
}


class Kind(enum.StrEnum):
    """How a word of a phrase is meant."""

    FORMS = "forms"  # the word in any of its forms
    EXACT = "exact"  # this spelling, folded
    PREFIX = "prefix"  # whatever begins so


@dataclass(frozen=True)
class Word:
    """One folded word."""

    letters: str
    kind: Kind = Kind.FORMS

    @property
    def pattern(self) -> str:
        """The word as a regular expression over folded text."""
        if self.kind is Kind.EXACT:
            return re.escape(self.letters)
        return prefix_pattern(self.letters) if self.kind is Kind.PREFIX else word_pattern(self.letters)


@dataclass(frozen=True)
class Phrase:
    """Words that stand next to each other, one or several; `field` None: in any field."""

    words: tuple[Word, ...]
    field: Field | None = None

    @property
    def pattern(self) -> str:
        """What to look for in a folded text that has a blank at either end."""
        return " " + " ".join(word.pattern for word in self.words) + " "


@dataclass(frozen=True)
class And:
    """All of these."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Or:
    """One of these at least."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Not:
    """Whatever is not this; stands beside something wanted."""

    part: Query


Query = Phrase | And | Or | Not

_TOKEN = re.compile(
    r'\s*(?:(?P<lead>-)?(?:(?P<of>\w+):(?P<inner>-)?)?(?P<paren>[(])|(?P<end>[)])|(?P<text>(?P<sign>[-+])?(?:(?P<field>\w+):(?P<less>-)?)?(?P<word>=?"[^"]*"?|[^\s()"]+)))'
)
_QUOTES = str.maketrans("«»“”„‟‹›＂", '"' * 9)
_FIELD_APART = re.compile(rf"(?<!\S)(-?(?:{'|'.join(FIELD_NAMES)}))\s*:\s*", re.IGNORECASE)
# Latin letters, a colon, and what is looked for; no address, and no colon of a sentence, which has a blank behind it.
_LATIN_FIELD = re.compile(r"[a-z_]+", re.IGNORECASE)
# What is written in a search and never in a phrase.
_NO_PHRASE = re.compile(r"(?<!\S)(?:AND|OR|NOT|&&|\|\||=?\w+\*+|=\w+|-\w+(?!.*-)|(?:title|body):\S+)(?!\S)", re.DOTALL)
_AND, _OR, _NOT = {"AND", "&&"}, {"OR", "||", "|"}, {"NOT"}
_ASK_MORE = ("AND", "OR", "NOT")  # of a part behind them


@dataclass(frozen=True)
class _Token:
    text: str  # "(", ")", AND, OR, NOT, or "" for a phrase
    phrase: Phrase | None = None
    is_unwanted: bool = False
    field: Field | None = None  # of a bracket


def parse_query(text: str) -> Query:
    """Read a query. Raises UsageError where it holds no word, or asks only for what is not wanted."""
    if len(text) > MAX_QUERY_CHARACTERS:
        raise UsageError(f"the search is longer than {MAX_QUERY_CHARACTERS} characters", remedy="shorten it")
    tokens = list(_tokens(text))
    # «مصر و السودان»: in most texts the letter is written together with the word that follows.
    apart = [token for token in tokens if token.is_unwanted or token.phrase != Phrase((Word("و"),))]
    tokens = apart if any(token.phrase for token in apart) else tokens
    if not any(token.phrase for token in tokens):
        raise UsageError(f"there is no word to look for in {text!r}", remedy=EXAMPLE)
    _check_order(tokens, text)
    reader = _Reader(tokens)
    found = reader.either(0)
    if reader.rest:
        raise UsageError(f"the search {text!r} has a bracket too many", remedy=EXAMPLE)
    if found is None or not has_wanted(found):
        raise UsageError(f"the search {text!r} says only what is not wanted", remedy="add a word that is")
    return found


def _check_order(tokens: list[_Token], text: str) -> None:
    """Refuse an operator with nothing to hold for. Raises UsageError."""
    signs = [token.text for token in tokens]
    for one, other in pairwise([*signs, ")"]):
        if one in _ASK_MORE and (other in ("AND", "OR") or (one == "NOT" and other == ")")):
            said = one if other == ")" else f"{one} {other}"
            raise UsageError(f"{said} stands in {text!r} without a word between or behind it", remedy=EXAMPLE)


def any_words(text: str) -> Phrase | None:
    """A text taken as one phrase, whatever signs are in it; None where it holds no word."""
    words = tuple(Word(letters) for letters in text_norm(text).split() if any(map(str.isalnum, letters)))
    return Phrase(words) if words else None


def one_phrase(text: str, *, refuse_signs: bool = True) -> Phrase:
    """A text taken as one phrase. Raises UsageError where it holds no word, or the signs of a search."""
    found = any_words(text)
    if found is None:
        raise UsageError(f"there is no word to look for in {text!r}", remedy="give a word or a phrase")
    if refuse_signs and len(text) > MAX_QUERY_CHARACTERS:
        raise UsageError(f"the phrase is longer than {MAX_QUERY_CHARACTERS} characters", remedy="shorten it")
    if refuse_signs and (sign := _NO_PHRASE.search(text)):
        raise UsageError(
            f"{sign[0]!r} is for searches, and {text!r} is looked for as one phrase",
            remedy="leave it out; `warraq search` and archive.search() understand it",
        )
    return found


def has_wanted(query: Query) -> bool:
    """Whether the query is bounded by something that must be there."""
    if isinstance(query, Phrase):
        return True
    if isinstance(query, Not):
        return False
    return (all if isinstance(query, Or) else any)(has_wanted(part) for part in query.parts)


def phrases(query: Query) -> Iterator[Phrase]:
    """The phrases that are wanted, for marks and ranking."""
    if isinstance(query, Phrase):
        yield query
    elif not isinstance(query, Not):
        for part in query.parts:
            yield from phrases(part)


def _tokens(text: str) -> Iterator[_Token]:
    # «عنوان: سد» is typed with a blank as often as without.
    for match in _TOKEN.finditer(_FIELD_APART.sub(r"\1:", text.translate(_QUOTES))):
        if match["end"]:
            yield _Token(")")
            continue
        if match["paren"]:
            within = FIELD_NAMES.get((match["of"] or "").lower())
            if match["of"] and within is None and _is_no_field(match["of"]):
                raise _no_field(match["of"])
            if match["of"] and within is None and (beside := _phrase(match["of"], None)):
                yield _Token("", beside)
            if match["lead"] or match["inner"]:
                yield _Token("NOT")
            yield _Token("(", field=within)
            continue
        word, sign, field = match["word"], match["sign"], match["field"]
        if field and field.lower() in FIELD_NAMES:
            _check_within(field, word)
            sign = match["less"] or sign  # title:-سد is -title:سد
        elif match["less"]:
            word = f"-{word}"
        if word in _AND | _OR | _NOT and not sign and not field:
            yield _Token("AND" if word in _AND else "OR" if word in _OR else "NOT")
            continue
        if field and _is_no_field(field) and not word.startswith("/") and not word[0].isdigit():
            raise _no_field(field)
        if field and field.lower() not in FIELD_NAMES:
            # «الساعة 12:30» and addresses hold colons too.
            field, word = None, f"{field}:{word}"
        found = _phrase(word, FIELD_NAMES[field.lower()] if field else None)
        if found:
            yield _Token("", found, is_unwanted=sign == "-")


def _check_within(field: str, word: str) -> None:
    """Refuse what one word or phrase of a field cannot be. Raises UsageError."""
    inner = word.partition(":")[0].lower()
    if word in _AND | _OR | _NOT or (":" in word and inner in FIELD_NAMES):
        raise UsageError(
            f"{field}: takes a word, a phrase or a bracket, not {word!r}",
            remedy='for example title:سد -title:جسد, title:"سد النهضة", title:(سد OR نهر)',
        )


def _is_no_field(name: str) -> bool:
    return name.lower() not in FIELD_NAMES and _LATIN_FIELD.fullmatch(name) is not None


def _no_field(name: str) -> UsageError:
    return UsageError(
        f"words are looked for in no field {name!r}",
        remedy="title: and body: are its fields; portal, country and time are options, the rest is for SQL; "
        "a colon that belongs to the text has a blank behind it",
    )


def _phrase(typed: str, field: Field | None) -> Phrase | None:
    kind = Kind.EXACT if typed.startswith("=") else Kind.FORMS
    words = list[Word]()
    for part in typed.replace('"', " ").split():
        letters = [word for word in text_norm(part).split() if any(map(str.isalnum, word))]
        if "*" in part.rstrip("*") and letters:
            raise UsageError(f"a star stands at the end of a word, not as in {part!r}", remedy=EXAMPLE)
        words += [Word(word, kind) for word in letters]
        if letters and part.endswith("*"):
            words[-1] = Word(letters[-1], Kind.PREFIX)
    return Phrase(tuple(words), field) if words else None


def _within(query: Query, field: Field) -> Query:
    """The same where what says no field of its own must stand in this one."""
    if isinstance(query, Phrase):
        return query if query.field else replace(query, field=field)
    if isinstance(query, Not):
        return Not(_within(query.part, field))
    return replace(query, parts=tuple(_within(part, field) for part in query.parts))


class _Reader:
    """OR binds loosest, then AND (written or not), then NOT."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.rest = tokens[::-1]

    def either(self, depth: int) -> Query | None:
        """Alternatives up to a closing bracket."""
        if depth > MAX_DEPTH:
            raise UsageError("the search has too many brackets", remedy="write it with fewer")
        parts = [self._all(depth)]
        while self.rest and self.rest[-1].text == "OR":
            self.rest.pop()
            parts.append(self._all(depth))
        kept = tuple(part for part in parts if part is not None)
        return Or(kept) if len(kept) > 1 else kept[0] if kept else None

    def _all(self, depth: int) -> Query | None:
        parts: list[Query] = []
        while self.rest and self.rest[-1].text not in ("OR", ")"):
            part = self._one(depth)
            if part is not None:
                parts.append(part)
        return And(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None

    def _one(self, depth: int) -> Query | None:
        token = self.rest.pop()
        if token.text == "AND":
            return None
        if token.text == "NOT":
            part = self._one(depth) if self.rest and self.rest[-1].text not in ("OR", ")") else None
            return Not(part) if part is not None else None
        if token.text == "(":
            inner = self.either(depth + 1)
            if self.rest and self.rest[-1].text == ")":
                self.rest.pop()
            return inner if inner is None or token.field is None else _within(inner, token.field)
        if token.phrase is None:
            return None
        return Not(token.phrase) if token.is_unwanted else token.phrase
