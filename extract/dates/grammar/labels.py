"""What a label calls the day behind it: the publication, the last change, or a day of something else.

Lines beside a headline tell deadlines, deaths, sessions and readers' visits too. A label with a colon must speak of the
publication; words without one may be a writer, a place or a section, so only words of other days count against it.
"""

from __future__ import annotations

import re

from extract.dates.grammar.words import GREGORIAN_MONTHS, HIJRI_MONTHS, MERIDIEMS, STATED_LABEL, UPDATED_LABEL, WEEKDAYS
from extract.dates.grammar.zones import PLACES_OF_ZONES
from extract.html.block import MAX_LABEL_WORDS
from extract.lexicon.given_names import read_as_names
from extract.lexicon.people import PLACES
from storage.identity.arabic_folding import text_norm

_ANY_DAY = re.compile(r"(?:ال|ب)?تاريخ")
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?")
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_ARABIC = re.compile("[\u0621-\u064a]")
_BESIDE_DAY = frozenset(
    (*WEEKDAYS, *MERIDIEMS, *["يوم", "في", "بتاريخ", "الموافق", "الساعه", "تمام", "ليوم", "ال", "ah", "ميلادي"])
)
# The same day in the other calendar stands between it and its label: «تاريخ النشر: 20 رمضان 1446 هـ - 20-3-2025».
_OF_HIJRI_DAY = _BESIDE_DAY.union(*(month.split() for month in HIJRI_MONTHS))
# What a stretch of days, or something that lasts until or since a day, has before it.
_STRETCH = frozenset(
    ["من", "منذ", "الي", "حتي", "لغايه", "بين", "قبل", "بعد", "خلال", "حلقه", "الحلقه", "until", "till", "since"]
)
_MONTHS = "|".join(sorted(GREGORIAN_MONTHS, key=len, reverse=True))
# «10 - 18 نوفمبر», «يومي 10 و11 نوفمبر»: the first day of several.
_RANGE = re.compile(
    r"(?:^|من|بين|يومي|ايام|الفتره|فتره|خلال|يوم|احد|اثنين|ثلاثاء|اربعاء|خميس|جمعه|سبت)\W*"
    rf"(?<![\d:.])\d{{1,2}}(?:\s+(?:{_MONTHS}))?\s*(?:[-,]|و|الي|حتي|to|until)\s*(?:يوم\s*)?$"
)
# The day of a decree or a fatwa, which a number comes before.
_ACT = re.compile(
    r"(?:بيان|قرار|مرسوم|قانون|تعميم|مذكره|كتاب|امر|فتوي|حكم|ظهير|نظام|لايحه|مناقصه|عطاء|جلسه)"
    r"(?: \w+)? ?(?:رقم|عدد)\W*\d+"
    r"|رقم (?:ال)?(?:فتوي|بيان|قرار|مرسوم|قانون|تعميم|مذكره|قضيه|مناقصه|عطاء)"
)
# Behind «تاريخ»: what is published.
_PUBLISHED = re.compile(
    r"(?:ال)?(?:نشر|خبر|مقال|مقاله|تقرير|موضوع|ماده|تدوينه|مشاركه|اضاف[هت]|ادراج|رفع|ارسال|كتابه|تحرير|اصدار|صدور"
    r"|بث|انشاء|انتشار|تحديث|اخر|تعديل|هجري|ميلادي)\S*|وال(?:وقت|ساعه)|ووقت"
)
# What a label before a colon may speak of, if not of the publication.
_OF_THE_TEXT = re.compile(
    r"[اي]ضيف|اضاف|ادرج|ادراج|ارسل|ارسال|مرسل|رفع|حرر|تحرير|كتب|كتاب|بقلم|بواسطه|اعداد|بدات|تغطيه|وقت|ساعه|توقيت"
    r"|موافق|انشاء|(?<!ال)زمان|شايع|اشاعت|بهروار|بلاو|وكالات|خاص|خبر|اخبار|عاجل|رصد"
    r"|نيوز|برس|سياسه|محليات|اقتصاد|رياضه|متابعات"
)
_OTHER_DAY = re.compile(
    r"(?<![^\W\d_])(?:(?:ال)?موعد|[يت]نتهي|[يت]نطلق|[يت]بدا|[يت]قام|[يت]عقد|انعقدت?|عقدت?|متوفره?|متاحه?|انضمت?|مواليد|توفيت?|استشهدت?"
    r"|ابتداء|اعتبارا|بدءا|صلاحيه|(?:ال)?جلسه|(?:ال)?مباراه|(?:ال)?فعاليه|(?:ال)?فتره|الزمان|التقطت?|تاريخ اليوم"
    r"|[يت]صادف|deadline|expires?|starts|ends|born|died)(?![^\W\d_])|^(?:ولدت?|عضوه?|member)$"
    r"|^اخر (?!تحديث|تعديل|تحيين|مراجعه|تنقيح|(?:ال)?اخبار|(?:ال)?انباء)\S+"
)


def names_change(folded: str) -> bool:
    """Whether a line's labels speak of a change of the text alone."""
    return UPDATED_LABEL.search(folded) is not None and STATED_LABEL.search(folded) is None


def is_other_day(lead: str, *, by_colon: bool = True) -> bool:
    """Whether the folded text before a day says that it is that of something else than the text.

    `by_colon`: any label with a colon does that does not speak of the text.
    """
    if UPDATED_LABEL.search(lead):
        return False
    if _RANGE.search(lead):
        return True
    words, last, has_colon = _label(lead)
    label = " ".join(words)
    if STATED_LABEL.search(label):
        return False
    if last in _STRETCH or _ACT.search(lead) or _OTHER_DAY.search(label):
        return True
    dated = next((i for i, word in enumerate(words[:-1]) if _ANY_DAY.fullmatch(word)), None)
    if dated is not None:
        return not _PUBLISHED.fullmatch(words[dated + 1])
    return by_colon and has_colon and _ARABIC.search(label) is not None and not _is_of_the_text(label)


def _label(lead: str) -> tuple[list[str], str, bool]:
    """The words that stand last before a day, the one right before it, and whether a colon stands between."""
    tokens = _TOKEN.findall(_CLOCK.sub(" ", lead))
    has_colon = has_number = False
    while tokens and (tokens[-1] in (_OF_HIJRI_DAY if has_number else _BESIDE_DAY) or not tokens[-1].isalpha()):
        said = tokens.pop()
        has_number = has_number or said.isdigit()
        has_colon = has_colon or (said == ":" and not has_number)
    words: list[str] = []
    while tokens and tokens[-1].isalpha() and len(words) < MAX_LABEL_WORDS:
        words.insert(0, tokens.pop())
    return words, "" if has_number or not words else words[-1], has_colon


def _is_of_the_text(label: str) -> bool:
    norm = text_norm(label)
    is_said = _ANY_DAY.fullmatch(label) or _OF_THE_TEXT.search(label)
    return is_said is not None or label in PLACES_OF_ZONES or norm in PLACES or read_as_names(norm)
