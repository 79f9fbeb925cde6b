"""A query as SQL over the columns `title` and `body`: what the index answers, without an index."""

from __future__ import annotations

from storage.search.queries import And, Field, Not, Or, Phrase, Query, phrases


def condition(query: Query) -> tuple[str, list[object]]:
    """A condition over `folded_title` and `folded_body` (folded, a blank at either end), and its values."""
    if isinstance(query, Phrase):
        fields = [query.field] if query.field else list(Field)
        said = " OR ".join(f"regexp_matches(folded_{field}, ?)" for field in fields)
        return f"({said})", [query.pattern] * len(fields)
    if isinstance(query, Not):
        said, values = condition(query.part)
        return f"NOT {said}", values
    parts = [condition(part) for part in query.parts]
    word = " AND " if isinstance(query, And) else " OR "
    if not isinstance(query, And | Or):
        raise TypeError(query)
    return f"({word.join(said for said, _ in parts)})", [value for _, values in parts for value in values]


def weight(query: Query) -> tuple[str, list[object]]:
    """How much a text speaks of it, as BM25 would weigh one word in one text: titles count four times."""
    terms: list[str] = ["0.0"]
    values: list[object] = []
    for phrase in phrases(query):
        counts = []
        for field in [phrase.field] if phrase.field else list(Field):
            counts.append(f"{4 if field is Field.TITLE else 1} * len(regexp_extract_all(folded_{field}, ?))")
            values.append(phrase.pattern)
        saturated = "n -> n / (n + 1.2 * (0.25 + length(folded_body) / 2400.0))"
        terms.append(f"list_transform([{' + '.join(counts)}], {saturated})[1]")
    return " + ".join(terms), values
