"""How a query was understood, written out for who typed it."""

from __future__ import annotations

from storage.search.queries import And, Kind, Not, Or, Query, phrases

# Words that are operators in capitals, or in English.
_AS_WORDS = {"and": "AND", "or": "OR", "not": "NOT", "او": "OR"}


def wording(query: Query) -> str:
    """How a query was understood, in folded letters, each sign written out."""
    if isinstance(query, Not):
        return f"NOT {_bracketed(query.part)}"
    if isinstance(query, And | Or):
        return (" AND " if isinstance(query, And) else " OR ").join(map(_bracketed, query.parts))
    words = " ".join(word.letters + ("*" if word.kind is Kind.PREFIX else "") for word in query.words)
    said = words if len(query.words) == 1 else f'"{words}"'
    exact = "=" if any(word.kind is Kind.EXACT for word in query.words) else ""
    return f"{query.field}:{exact}{said}" if query.field else f"{exact}{said}"


def _bracketed(query: Query) -> str:
    return f"({wording(query)})" if isinstance(query, And | Or) else wording(query)


def taken_as_words(query: Query) -> dict[str, str]:
    """Words of it that stand alone and look like operators, and how the operator is written."""
    alone = {phrase.words[0].letters for phrase in phrases(query) if len(phrase.words) == 1}
    return {word: sign for word, sign in _AS_WORDS.items() if word in alone}
