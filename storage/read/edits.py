"""What changed from one edition of an article to the next, change by change, and of which kind each is."""

from __future__ import annotations

import difflib
import enum
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby

import duckdb
from duckdb.sqltypes import VARCHAR

from storage.identity.arabic_folding import text_norm
from storage.identity.arabic_folding_sql import fold_macro
from storage.read.quoted_words import quoted_depths
from storage.read.stated_numbers import numbers_of, states_in_signs
from storage.read.two_names import are_two_names

# Texts longer than this are compared by paragraph only: matching is quadratic, and a page may be hostile.
MAX_WORDS = 6_000
MAX_CHANGES = 200  # of one edition; the rest is told as one change of kind `more`
# Paragraphs that share so much are the same one, edited.
SAME_PARAGRAPH = 0.5
_DIGIT = re.compile(r"\d")
_NO_LETTER = re.compile(r"[\d ]")
_OPENING, _CLOSING = "«“", "»”"
# Behind them stands a name.
_TITLES = frozenset(
    text_norm(
        "الرئيس رئيس الوزير وزير السيد السيدة الدكتور الدكتورة الشيخ الملك الأمير اللواء العميد العقيد "
        "النائب السفير الفنان الفنانة المدرب اللاعب القاضي المهندس الأستاذ المستشار البابا الكاتب الصحفي "
        "محافظ مدير "
    ).split()
)
# Which are hardly ever another word: of all that are known some are «morning» and «hope».
_PLAIN_NAMES = frozenset(
    text_norm(
        "محمد أحمد محمود علي حسن حسين عمر عثمان خالد إبراهيم إسماعيل يوسف موسى عيسى مصطفى عبد عبدالله "
        "عبدالرحمن كريم سعيد سعد فهد سلطان سلمان ناصر جمال طارق هشام ياسر سامي رامي وليد بدر ماجد نبيل "
        "كمال فاطمة عائشة مريم زينب خديجة سارة نور ليلى هدى سلمى رنا دينا نادية سميرة جورج ميشال بطرس "
        "جورجيا فلاديمير دونالد جو إيمانويل "
    ).split()
)

_BEFORE_A_NAME = "عبد"  # «عبد الحكيم» is one name


class Edit(enum.StrEnum):
    """Kinds of change, a closed list."""

    HEADLINE = "headline"
    SPELLING = "spelling"
    NUMBER = "number"
    NAME = "name"
    QUOTATION = "quotation"
    WORDING = "wording"
    PARAGRAPH_ADDED = "paragraph added"
    PARAGRAPH_REMOVED = "paragraph removed"
    MORE = "more"
    # The rest is of whole articles, by their fetches.
    ARTICLE_REMOVED = "article removed"
    ARTICLE_WITHHELD = "article withheld"
    ARTICLE_REDIRECTED = "article redirected"
    ARTICLE_HIDDEN = "article hidden"


ARABIC = {
    Edit.HEADLINE: "العنوان",
    Edit.SPELLING: "إملاء",
    Edit.NUMBER: "رقم",
    Edit.NAME: "اسم",
    Edit.QUOTATION: "اقتباس",
    Edit.WORDING: "صياغة",
    Edit.PARAGRAPH_ADDED: "فقرة مضافة",
    Edit.PARAGRAPH_REMOVED: "فقرة محذوفة",
    Edit.MORE: "تعديلات أخرى",
    Edit.ARTICLE_REMOVED: "خبر محذوف",
    Edit.ARTICLE_WITHHELD: "خبر محجوب قانونيًا",
    Edit.ARTICLE_REDIRECTED: "خبر محوَّل إلى عنوان آخر",
    Edit.ARTICLE_HIDDEN: "خبر مخفي خلف اشتراك",
}


@dataclass(frozen=True)
class TextChange:
    """One change. `paragraph` counts from 1 in the newer text, of one that was removed in the older (0: the headline);
    `words` is how many differ.
    """

    kind: str
    paragraph: int
    words: int
    removed: str
    added: str


def add_edition_changes(connection: duckdb.DuckDBPyConnection) -> None:
    """Give SQL the function that compares two editions."""
    connection.create_function("edition_changes", changes_json, [VARCHAR] * 4, VARCHAR)


def prepare_edits(connection: duckdb.DuckDBPyConnection, *, since: datetime, before: datetime) -> None:
    """Give an empty connection all that the SQL of edits names, and two times as variables."""
    add_edition_changes(connection)
    connection.execute(fold_macro())
    for name, time in (("since", since), ("before", before)):
        connection.execute(f"SET VARIABLE {name} = TIMESTAMPTZ '{time.isoformat()}'")


def changes_json(before_title: str, before: str, after_title: str, after: str) -> str:
    """The changes as JSON, for SQL."""
    found = text_changes(before_title, before, after_title, after)
    return json.dumps([asdict(change) for change in found], ensure_ascii=False)


def text_changes(before_title: str, before: str, after_title: str, after: str) -> list[TextChange]:
    """All changes between two editions, the headline's first; folded spellings are no difference."""
    found = []
    if _reading(before_title) != _reading(after_title):
        words = sum(len(change.removed) + len(change.added) for change in _word_changes(before_title, after_title))
        found.append(TextChange(Edit.HEADLINE, 0, words, before_title, after_title))
    found += _body_changes(before, after)
    if len(found) > MAX_CHANGES:
        rest = found[MAX_CHANGES:]
        found = [*found[:MAX_CHANGES], TextChange(Edit.MORE, 0, sum(change.words for change in rest), "", "")]
    return found


def _body_changes(before: str, after: str) -> Iterator[TextChange]:
    old, new = before.split("\n"), after.split("\n")
    folded = [[text_norm(line) for line in lines] for lines in (old, new)]
    readings = {line: _reading(line) for line in {*old, *new}}  # most lines are in both
    read = [[readings[line] for line in lines] for lines in (old, new)]
    is_long = len(before.split()) + len(after.split()) > 2 * MAX_WORDS
    for tag, a, b, c, d in difflib.SequenceMatcher(None, read[0], read[1], autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        pairs = [] if is_long else list(_paired(folded[0][a:b], folded[1][c:d]))
        for i, j in pairs:
            yield from _paragraph_changes(old[a + i], new[c + j], c + j + 1)
        kept_old, kept_new = {i for i, _ in pairs}, {j for _, j in pairs}
        for i in range(b - a):
            if i not in kept_old and folded[0][a + i]:
                yield TextChange(Edit.PARAGRAPH_REMOVED, a + i + 1, len(old[a + i].split()), old[a + i], "")
        for j in range(d - c):
            if j not in kept_new and folded[1][c + j]:
                yield TextChange(Edit.PARAGRAPH_ADDED, c + j + 1, len(new[c + j].split()), "", new[c + j])


def _reading(line: str) -> tuple[str, ...]:
    """What a line says: its folded words, and what folding loses of its numbers and quotations."""
    words = line.split()
    numbers = numbers_of(words) if states_in_signs(words) else []
    depths = quoted_depths(line)
    return text_norm(line), " ".join(numbers), str(depths) if any(depths) else ""


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Paragraphs that are the same one, edited: the most alike, in order."""
    start = 0
    for i, line in enumerate(old[:50]):
        ratios = [
            (difflib.SequenceMatcher(None, line.split(), new[j].split(), autojunk=False).ratio(), -j)
            for j in range(start, min(len(new), start + 10))
        ]
        if ratios and max(ratios)[0] >= SAME_PARAGRAPH:
            j = -max(ratios)[1]
            yield i, j
            start = j + 1


def _paragraph_changes(old: str, new: str, number: int) -> Iterator[TextChange]:
    new_words = new.split()
    for change in _word_changes(old, new):
        kind = _kind(change.removed, change.added, new_words[: change.place])
        if change.is_requoted and kind is Edit.SPELLING:
            kind = Edit.QUOTATION
        words = max(len(change.removed), len(change.added))
        yield TextChange(kind, number, words, " ".join(change.removed), " ".join(change.added))


@dataclass(frozen=True)
class _WordChange:
    """Words that differ, or that only one edition quotes; they stand in the newer text at `place`."""

    removed: list[str]
    added: list[str]
    place: int
    is_requoted: bool


def _word_changes(old_line: str, new_line: str) -> Iterator[_WordChange]:
    old, new = old_line.split(), new_line.split()
    depths = quoted_depths(old_line), quoted_depths(new_line)
    matcher = difflib.SequenceMatcher(None, _keys(old), _keys(new), autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            yield _WordChange(old[a:b], new[c:d], c, max(depths[0][a:b], default=0) != max(depths[1][c:d], default=0))
            continue
        marked = [i for i in range(b - a) if depths[0][a + i] != depths[1][c + i]]
        for _, run in groupby(enumerate(marked), key=lambda each: each[1] - each[0]):  # words in a row
            places = [place for _, place in run]
            first, end = places[0], places[-1] + 1
            yield _WordChange(old[a + first : a + end], new[c + first : c + end], c + first, True)


def _keys(words: Sequence[str]) -> list[str]:
    """What words are compared by: folded, and numbers by value too."""
    keys = []
    for place, word in enumerate(words):
        key = text_norm(word) or word
        if states_in_signs([word]):
            key += f" {numbers_of(words[max(0, place - 1) : place + 1])}"
        keys.append(key)
    return keys


def _kind(removed: Sequence[str], added: Sequence[str], before: Sequence[str]) -> Edit:
    old, new = ([text_norm(word) for word in words] for words in (removed, added))
    are_numbers_same = numbers_of(removed) == numbers_of(added)
    names = _two_names(old, new, before)
    if are_numbers_same and not names and _is_spelling(old, new):
        return Edit.SPELLING
    if not are_numbers_same and _is_of_numbers(removed, added):
        return Edit.NUMBER
    told = " ".join(before)
    if _is_open(told) or any(sign in " ".join((*removed, *added)) for sign in _OPENING + _CLOSING + '"'):
        return Edit.QUOTATION
    is_named = bool(before) and text_norm(before[-1]) in _TITLES
    if max(len(old), len(new)) <= 4 and (is_named or names or any(word in _PLAIN_NAMES for word in (*old, *new))):
        return Edit.NAME
    return Edit.WORDING


def _is_of_numbers(removed: Sequence[str], added: Sequence[str]) -> bool:
    """Whether numbers that differ are what the change is of: «one» that only comes in with other words is not."""
    return states_in_signs([*removed, *added]) or bool(numbers_of(removed) and numbers_of(added))


def _two_names(old: Sequence[str], new: Sequence[str], before: Sequence[str]) -> bool:
    """Whether another person's given name stands in the place of one: never a slip of the pen."""
    if len(old) != len(new):
        return False
    for place, (one, other) in enumerate(zip(old, new, strict=True)):
        ahead = old[place - 1] if place else text_norm(before[-1]) if before else ""
        if are_two_names(one, other) or (ahead == _BEFORE_A_NAME and are_two_names(ahead + one, ahead + other)):
            return True
    return False


def _is_spelling(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether words are the same otherwise written: divided elsewhere, a slip, a number with or without separators."""
    letters = [_NO_LETTER.sub("", "".join(words)) for words in (old, new)]
    if letters[0] == letters[1]:
        return True
    return len(old) == len(new) and all(a == b or _is_slip(a, b) for a, b in zip(old, new, strict=True))


def _is_open(text: str) -> bool:
    """Whether a quotation was begun and not ended."""
    begun = sum(text.count(sign) for sign in _OPENING) - sum(text.count(sign) for sign in _CLOSING)
    return begun > 0 or text.count('"') % 2 == 1


def _is_slip(one: str, other: str) -> bool:
    """Whether two words differ in one letter, or in the order of two: a slip of the pen. Numbers are none."""
    if _DIGIT.search(one + other) or min(len(one), len(other)) < 3 or abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        apart = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        if len(apart) == 2 and apart[1] == apart[0] + 1:
            return one[apart[0]] == other[apart[1]] and one[apart[1]] == other[apart[0]]
        return len(apart) <= 1
    short, long = sorted((one, other), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
