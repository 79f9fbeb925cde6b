"""`ar_fold` as SQL: the folding of arabic_folding.py at the database's speed, made from its rules (a test compares)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from storage.identity.arabic_folding import FOLD_RULES, fold_character

# Single letters that the rules change; marks on letters are dropped before.
_LETTER_OF = {letter: rule.to for rule in FOLD_RULES for letter in rule.letters}
# Where signs without a shape are, and digits that Arabic texts hold: translate() is slower the more it is given.
_INVISIBLE = (0x00AD, 0x061C, *range(0x200B, 0x2070), 0xFEFF)
_DROPPED = "".join(letter for letter, to in _LETTER_OF.items() if not to) + "".join(
    chr(code) for code in _INVISIBLE if not fold_character(chr(code))
)
_DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
_COMPOSED = (*range(0x0620, 0x0700), *range(0xFB50, 0xFDFE), *range(0xFE70, 0xFEFD))  # may stand for a plain letter


def _foldings() -> Iterator[tuple[str, str]]:
    """Single letters and what becomes of them."""
    kept = {letter: to for letter, to in _LETTER_OF.items() if to}
    yield from kept.items()
    yield from ((digit, fold_character(digit)) for digit in _DIGITS)
    for code in _COMPOSED:
        parts = unicodedata.normalize("NFKD", chr(code)).strip()
        plain = "".join(c for c in parts if not unicodedata.combining(c) and c not in _DROPPED)
        if len(plain) == 1 and plain != chr(code) and chr(code) not in _LETTER_OF:
            yield chr(code), kept.get(plain, plain)


def fold_macro() -> str:
    """CREATE MACRO ar_fold(t). translate() drops the letters at the end of its first list that have no partner."""
    pairs = list(_foldings())
    letters, becomes = "".join(a for a, _ in pairs) + _DROPPED, "".join(b for _, b in pairs)
    return (
        "CREATE MACRO ar_fold(t) AS trim(regexp_replace(translate(strip_accents(lower("
        "regexp_replace(replace(t, 'ﷲ', 'الله'), '[ﻵﻶﻷﻸﻹﻺﻻﻼ]', 'لا', 'g')"
        f")), '{letters}', '{becomes}'), '[^\\p{{L}}\\p{{N}}%\\p{{Sc}}]+', ' ', 'g'))"
    )
