"""What changed from one edition of an article to the next, change by change, and of which kind each is."""

from __future__ import annotations

import difflib
import enum
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from storage.identity.arabic_folding import text_norm

# Texts longer than this are compared by paragraph only: matching is quadratic, and a page may be hostile.
MAX_WORDS = 6_000
MAX_CHANGES = 200  # of one edition; the rest is told as one change of kind `more`
# Paragraphs that share so much are the same one, edited.
SAME_PARAGRAPH = 0.5
_DIGIT = re.compile(r"\d")
_OPENING, _CLOSING = "«“", "»”"
# Behind them stands a name.
_TITLES = frozenset(
    text_norm(
        "الرئيس رئيس الوزير وزير السيد السيدة الدكتور الدكتورة الشيخ الملك الأمير اللواء العميد العقيد "
        "النائب السفير الفنان الفنانة المدرب اللاعب القاضي المهندس الأستاذ المستشار البابا الكاتب الصحفي "
        "محافظ مدير "
    ).split()
)
_GIVEN_NAMES = frozenset(
    text_norm(
        "محمد أحمد محمود علي حسن حسين عمر عثمان خالد إبراهيم إسماعيل يوسف موسى عيسى مصطفى عبد عبدالله "
        "عبدالرحمن كريم سعيد سعد فهد سلطان سلمان ناصر جمال طارق هشام ياسر سامي رامي وليد بدر ماجد نبيل "
        "كمال فاطمة عائشة مريم زينب خديجة سارة نور ليلى هدى سلمى رنا دينا نادية سميرة جورج ميشال بطرس "
        "جورجيا فلاديمير دونالد جو إيمانويل "
    ).split()
)


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
    """One change. `paragraph` counts from 1 in the newer text (0: the headline); `words` is how many differ."""

    kind: str
    paragraph: int
    words: int
    removed: str
    added: str


def changes_json(before_title: str, before: str, after_title: str, after: str) -> str:
    """The changes as JSON, for SQL."""
    found = text_changes(before_title, before, after_title, after)
    return json.dumps([asdict(change) for change in found], ensure_ascii=False)


def text_changes(before_title: str, before: str, after_title: str, after: str) -> list[TextChange]:
    """All changes between two editions, the headline's first; folded spellings are no difference."""
    found = []
    if text_norm(before_title) != text_norm(after_title):
        removed, added = before_title.split(), after_title.split()
        words = sum(len(old) + len(new) for old, new, _ in _word_changes(removed, added))
        found.append(TextChange(Edit.HEADLINE, 0, words, before_title, after_title))
    found += _body_changes(before, after)
    if len(found) > MAX_CHANGES:
        rest = found[MAX_CHANGES:]
        found = [*found[:MAX_CHANGES], TextChange(Edit.MORE, 0, sum(change.words for change in rest), "", "")]
    return found


def _body_changes(before: str, after: str) -> Iterator[TextChange]:
    old, new = before.split("\n"), after.split("\n")
    folded = [[text_norm(line) for line in lines] for lines in (old, new)]
    is_long = len(before.split()) + len(after.split()) > 2 * MAX_WORDS
    for tag, a, b, c, d in difflib.SequenceMatcher(None, folded[0], folded[1], autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        pairs = [] if is_long else list(_paired(folded[0][a:b], folded[1][c:d]))
        for i, j in pairs:
            yield from _paragraph_changes(old[a + i], new[c + j], c + j + 1)
        kept_old, kept_new = {i for i, _ in pairs}, {j for _, j in pairs}
        for i in range(b - a):
            if i not in kept_old and folded[0][a + i]:
                yield TextChange(Edit.PARAGRAPH_REMOVED, c + 1, len(old[a + i].split()), old[a + i], "")
        for j in range(d - c):
            if j not in kept_new and folded[1][c + j]:
                yield TextChange(Edit.PARAGRAPH_ADDED, c + j + 1, len(new[c + j].split()), "", new[c + j])


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
    old_words, new_words = old.split(), new.split()
    for removed, added, place in _word_changes(old_words, new_words):
        kind = _kind(removed, added, new_words[:place])
        words = max(len(removed), len(added))
        yield TextChange(kind, number, words, " ".join(removed), " ".join(added))


def _word_changes(old: Sequence[str], new: Sequence[str]) -> list[tuple[list[str], list[str], int]]:
    """Words that differ: those that were, those that are, and where the latter stand in the newer text."""
    folded = [[text_norm(word) or word for word in words] for words in (old, new)]
    matcher = difflib.SequenceMatcher(None, folded[0], folded[1], autojunk=False)
    return [(list(old[a:b]), list(new[c:d]), c) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def _kind(removed: Sequence[str], added: Sequence[str], before: Sequence[str]) -> Edit:
    old, new = ([text_norm(word) for word in words] for words in (removed, added))
    if len(old) == len(new) and all(_is_slip(a, b) for a, b in zip(old, new, strict=True)):
        return Edit.SPELLING
    if any(_DIGIT.search(word) for word in (*old, *new)):
        return Edit.NUMBER
    told = " ".join(before)
    if _is_open(told) or any(sign in " ".join((*removed, *added)) for sign in _OPENING + _CLOSING + '"'):
        return Edit.QUOTATION
    is_named = bool(before) and text_norm(before[-1]) in _TITLES
    if max(len(old), len(new)) <= 4 and (is_named or any(word in _GIVEN_NAMES for word in (*old, *new))):
        return Edit.NAME
    return Edit.WORDING


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
