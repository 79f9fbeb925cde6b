"""Arabic folding: the form of a text in which two spellings of the same words are equal.

Used for ids, near-duplicates and search, never shown to a reader. The rules, which are data, are shown in
docs/explain/arabic_folding.md.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class FoldRule:
    """One rule of the folding, with an example before and after. Letters of `letters` become `to` ("" drops them)."""

    name: str
    does: str
    before: str
    after: str
    letters: str = ""
    to: str = ""


# In the order they apply. Rules without letters work on whole Unicode categories, see fold_character.
FOLD_RULES = (
    FoldRule("compatibility", "presentation forms, ligatures, full-width forms: NFKD", "ﻣﺤﻤﺪ ﷲ", "محمد الله"),
    FoldRule("case", "Latin, Greek and Cyrillic letters: case folded", "BBC", "bbc"),
    FoldRule(
        "hamza_and_marks",
        "tashkeel, hamza and madda on a letter, accents: dropped (all combining marks); hamza on the line stays",
        "مَسْؤُول أُمّة آخِر شيء",
        "مسوول امه اخر شيء",
    ),
    FoldRule("high_hamza", "hamza beside a letter (Kazakh, Jawi): dropped", "باٴب", "باب", "ٴ"),
    FoldRule("alef", "alef wasla and dagger-alef carriers → ا", "ٱلله", "الله", "ٱٲٳٵ", "ا"),
    FoldRule("teh_marbuta", "ة and its Urdu form → ه", "مدرسة", "مدرسه", "ةۃ", "ه"),
    FoldRule("heh", "Persian, Urdu and Kurdish heh → ه", "ہمارے ە", "هماري ه", "ہھەۀۂ", "ه"),
    FoldRule("yeh", "alef maksura, Persian, Urdu and Kurdish yeh → ي", "على ایران", "علي ايران", "ىیےۍێ", "ي"),
    FoldRule("kaf", "Persian and swash kaf → ك", "کتاب", "كتاب", "کڪ", "ك"),
    FoldRule("waw", "Kurdish and Uyghur waw forms → و", "ۆ", "و", "ۆۇۈۋ", "و"),
    FoldRule("tatweel", "tatweel: dropped", "محمـــد", "محمد", "ـ"),
    FoldRule("invisible", "zero-width and bidirectional marks, soft hyphen: dropped", "می\u200cخواهم\u200f", "ميخواهم"),
    FoldRule("digits", "digits of all scripts → 0-9", "١٢ ۴۵", "12 45"),
    FoldRule("percent", "Arabic percent sign → %", "٥٪", "5%", "٪", "%"),
    FoldRule(
        "punctuation",
        "punctuation and symbols → space, except % and currency signs, which change what a number says",
        "«قال»: 5%، نعم!",
        "قال 5% نعم",
    ),
    FoldRule("space", "runs of blanks and line ends → one space; none at the ends", " أ\n\n ب ", "ا ب"),
)


# Words, and labels that stand on each page of a portal: what is longer is rarely met again.
MAX_REMEMBERED_CHARACTERS = 80
REMEMBERED = 65_536  # some 25 MB


class _FoldTable(dict[int, str]):
    """For str.translate: fills itself, one code point when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold_character(chr(code))
        return folded


def fold_character(character: str) -> str:
    """What becomes of a character by its Unicode category."""
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf", "Cs"):
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category[0] in "PSZC" and category not in ("Sc", "Cn") and character != "%":
        return " "
    return character


_TABLE = _FoldTable({ord(letter): rule.to for rule in FOLD_RULES for letter in rule.letters})


# Normalising takes quadratic time in a run of combining marks, so what has no blank is folded in pieces of this length.
MAX_PIECE_CHARACTERS = 200


def text_norm(text: str) -> str:
    """Fold a text by FOLD_RULES; folding twice changes nothing, and no input raises."""
    if len(text) <= MAX_REMEMBERED_CHARACTERS:
        return _FOLDED[text]
    if text.isascii():
        return " ".join(_fold_piece(text).split())
    if (folded := _AS_BYTES.fold(text)) is not None:
        return folded
    return " ".join(filter(None, _fold_lines(text)))


def _fold_lines(text: str) -> Iterator[str]:
    """Of a text with other characters, which most lines are without, unless it is of another language."""
    missed = 0
    for line in text.split("\n"):
        folded = _AS_BYTES.fold(line) if missed < 2 else None
        missed += folded is None
        yield _fold_words(line) if folded is None else folded


def _fold_words(text: str) -> str:
    # A word folds the same wherever it stands, and a language has few words: each is folded once.
    words = text.split()
    is_long = max(map(len, words), default=0) > MAX_REMEMBERED_CHARACTERS
    return " ".join(filter(None, map(_fold_any if is_long else _FOLDED.__getitem__, words)))


def _fold_any(word: str) -> str:
    if len(word) <= MAX_REMEMBERED_CHARACTERS:
        return _FOLDED[word]
    starts = range(0, len(word), MAX_PIECE_CHARACTERS)
    return " ".join("".join(_fold_piece(word[start : start + MAX_PIECE_CHARACTERS]) for start in starts).split())


def _fold_piece(piece: str) -> str:
    if piece.isascii():
        return piece.lower() if piece.isalnum() else piece.lower().translate(_TABLE)
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", piece).casefold())
    return unicodedata.normalize("NFC", plain.translate(_TABLE))


class _Folded(dict[str, str]):
    """What was folded before; begun anew where it is full."""

    def __missing__(self, text: str) -> str:
        if len(self) >= REMEMBERED:
            self.clear()
        folded = self[text] = " ".join(_fold_piece(text).split())
        return folded


_FOLDED = _Folded()


# What nearly all texts are made of, first and last code points; none of it becomes several letters.
_USUAL = (
    *((0, 0), (9, 10), (13, 13), (0x20, 0x7E)),  # what codecs.charmap_build makes is quick where it begins with 0
    *((0xA0, 0xA0), (0xAB, 0xAB), (0xB0, 0xB0), (0xB7, 0xB7), (0xBB, 0xBB), (0xD7, 0xD7), (0xE0, 0xEF), (0xF1, 0xF6)),
    *((0x60C, 0x60C), (0x61B, 0x61C), (0x61F, 0x61F), (0x621, 0x63A), (0x640, 0x655), (0x660, 0x66C), (0x670, 0x671)),
    *((0x67E, 0x67E), (0x686, 0x686), (0x698, 0x698), (0x6A9, 0x6A9), (0x6AF, 0x6AF), (0x6CC, 0x6CC), (0x6F0, 0x6F9)),
    *((0x200B, 0x2027), (0x202A, 0x202E), (0x2066, 0x2069), (0x20AC, 0x20AC)),
)


class _AsBytes:
    """Folds a text of usual characters as a whole, each of them as a byte: a third of the time that its words take."""

    def __init__(self) -> None:
        self.letters = "".join(chr(code) for first, last in _USUAL for code in range(first, last + 1))
        folded = [_fold_piece(letter) for letter in self.letters]
        self._bytes = codecs.charmap_build(self.letters)
        # What a blank is made of becomes one before its bytes are counted.
        self._blank = bytes([self.letters.index(" ")])
        blank = self._blank[0]
        self._blanks = bytes(
            blank if place < len(folded) and folded[place] and not folded[place].strip() else place
            for place in range(256)
        )
        self._dropped = bytes(place for place, letters in enumerate(folded) if not letters)
        self._folded = "".join(letters[:1] or " " for letters in folded)

    def fold(self, text: str) -> str | None:
        """The folded text; None where it has another character."""
        try:
            data = codecs.charmap_encode(text, "strict", self._bytes)[0].translate(self._blanks, self._dropped)
        except UnicodeEncodeError:
            return None
        blank = self._blank
        while blank + blank in data:
            data = data.replace(blank + blank, blank)
        return codecs.charmap_decode(data.strip(blank), "strict", self._folded)[0]


_AS_BYTES = _AsBytes()
