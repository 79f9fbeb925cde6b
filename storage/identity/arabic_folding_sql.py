"""`ar_fold` as SQL: Arabic folding at the database's speed, in step with arabic_folding.py (a test compares)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

# Letters that are written in several ways, each to the one that searches see. Marks on letters are dropped before.
_LETTERS = {
    "ٱٲٳٵ": "ا",
    "ةۃہھەۀۂ": "ه",
    "ىیےۍێ": "ي",
    "کڪ": "ك",
    "ۆۇۈۋ": "و",
    "٪": "%",
}
_DROPPED = (
    "ـٴ\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
_COMPOSED = (*range(0x0620, 0x0700), *range(0xFB50, 0xFDFE), *range(0xFE70, 0xFEFD))  # may stand for a plain letter


def _foldings() -> Iterator[tuple[str, str]]:
    """Single letters and what becomes of them."""
    letter_of = {letter: to for letters, to in _LETTERS.items() for letter in letters}
    yield from letter_of.items()
    yield from ((digit, str(unicodedata.digit(digit))) for digit in _DIGITS)
    for code in _COMPOSED:
        parts = unicodedata.normalize("NFKD", chr(code)).strip()
        plain = "".join(c for c in parts if not unicodedata.combining(c) and c not in _DROPPED)
        if len(plain) == 1 and plain != chr(code) and chr(code) not in letter_of:
            yield chr(code), letter_of.get(plain, plain)


def fold_macro() -> str:
    """CREATE MACRO ar_fold(t). translate() drops the letters at the end of its first list that have no partner."""
    pairs = list(_foldings())
    letters, becomes = "".join(a for a, _ in pairs) + _DROPPED, "".join(b for _, b in pairs)
    return (
        "CREATE MACRO ar_fold(t) AS trim(regexp_replace(translate(strip_accents(lower("
        "regexp_replace(replace(t, 'ﷲ', 'الله'), '[ﻵﻶﻷﻸﻹﻺﻻﻼ]', 'لا', 'g')"
        f")), '{letters}', '{becomes}'), '[^\\p{{L}}\\p{{N}}%\\p{{Sc}}]+', ' ', 'g'))"
    )
