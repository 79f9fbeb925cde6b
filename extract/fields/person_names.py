"""The persons that a line names: who is left when labels, desks, outlets, places and dates are taken away."""

from __future__ import annotations

import re
from itertools import pairwise

from extract.body.block_shapes import FULL_STOP
from extract.boilerplate.rules.phrases import PROFESSION
from extract.fields.agency import MAX_BYLINE_CHARACTERS, agency_of
from extract.lexicon.given_names import MONTHS, read_as_names, second_name_at
from extract.lexicon.people import (
    BYLINE_LABEL,
    CALLED_WRITER,
    DATE_NOUNS,
    DESK_WORDS,
    NOT_A_WRITER,
    PLACES,
    PUBLISHED_BY,
    REPORTER,
    REVIEWED,
    SENTENCE_WORDS,
    SHORT_MONTHS,
    TITLES,
    TRANSLATION,
    WEEKDAYS,
    WRITTEN_BY,
)
from storage.identity.arabic_folding import text_norm
from storage.identity.given_names import GIVEN_NAMES

MIN_NAME_WORDS, MAX_NAME_WORDS = 2, 6
MAX_NAME_CHARACTERS = 50
PARTS = re.compile(
    r"\s*(?:[,،;؛/\\|•·+&]|\s[-–—ـ]\s?|\s?[-–—ـ]\s|\s[-–—ـ]|\s+و\s+|\s+(?:and|und|et|og|och|e|y|ve)\s+|\(|\)|\[|\]|:|\s{2,})\s*|(\d+)"
)
_CREDIT = re.compile(rf"{BYLINE_LABEL.pattern}|و(?:تصوير|تحرير|اعداد|ترجمه|تقديم)")
_WRITTEN_BY = re.compile(rf"(?:{WRITTEN_BY}|بعثت? بها?|[تي]جيب (?:عنه|عنها|عليه|عليها)|{PUBLISHED_BY})\b")
_OCCUPATION = re.compile(rf"(?:{PROFESSION}|(?:ال)?(?:معلم|طبيب|اخصايي|اختصاصي|استشاري)ه?)\b")
_LABELLED = re.compile(
    r"(?:^|[\s|]|\sو)((?:كتب|كتبت|[تي]جيب علي?ها?|[تي]جيب عنها?"
    r"|ب?قلم|اختيار|تحرير|حوار|تقرير|كتابة|اعداد|إعداد|تحقيق|By|by|(?:مراسل|موفد)\S*(?: \S+){0,3}?)"
    r"\s*[:/ـ\-–]\s*)(.{4,60})$"
)
# «نشر في 12 ماي 2026 بواسطة كريم بناني»
_PUBLISHED_BY = re.compile(
    r"^(?:تم )?(?:نُ?شر(?:ت|ه|ته)?|[أا]ضيفت?|[أا]درجت?|[أا]رسلت?|كُ?تبت?|النشر|Publié|Posted|Published|Written)\b.*\d.*"
    r"\b(?:بواسطة|من طرف|من قبل|par|by)\s?:? (.{4,60})$"
)
# Labels that name nothing but a writer; «تقرير: …» and «مراسلنا: …» begin headlines and sentences too.
_WRITERS_LABEL = re.compile(r"\W*(?:و?كتبت?|[تي]جيب|بقلم|[Bb]y)\b")
# «سامي الغندور - مراسل المرفأ في حلب», «* سلمى الخطاط: كاتبة من تونس»
_CALLED = re.compile(r"(?P<star>[*•]\s*)?(?P<name>[^-–—|،,:\d]{5,40}?)\s*[-–—|،,:]\s*(?P<calling>[^:.؟!]{4,80})")
_LAST_STOP = re.compile(r"(?<=[^\W\d_]{2})\s*\.\s*$")  # not that of an initial
_REPORTS = re.compile(rf"(?:{REPORTER.pattern})\b")
_MAX_UNKNOWN_NAME_WORDS = MIN_NAME_WORDS + 1
_CALLING = re.compile(rf"(?!ال){PROFESSION}\b")
# «سامي الغندور كاتب وباحث», «مرسلة بواسطة سامي الغندور في».
_ENDS_NAME = re.compile(rf"(?:في|بتاريخ|يوم|alle|um|kl|(?!ال){PROFESSION})$")
_HANDLE = re.compile(r"@\w+|https?://\S+|(?<!\S)\S+@\S+|[«\"“][^»\"”]{1,40}[»\"”]")
# «من سرق القيلولة؟»: a headline.
_ASKED = re.compile(r"[؟?!]")
# A letter with its vowel marks: «نُشر», «غبّون».
_LETTERS = r"(?:[^\W\d_][\u064b-\u065f\u0670\u0640\u0900-\u0e7f]*)"  # Indic vowels are marks: «राकेश»
# «جبال وسهول - إبراهيم أوبلا»
_BEHIND_OUTLET = re.compile(r"(?P<outlet>[^\W\d_][^-–—|/,،؛;:.\d]{2,40}?)\s+[-–—]\s+(?P<name>[^-–—|/,،؛;:.\d]{5,40})")
# «سمية.ق», «ك.ليلى», as papers of the Maghreb sign.
INITIALLED = re.compile(r"[ء-ي]{3,}\. ?[ء-ي]|[ء-ي]\. ?[ء-ي]{3,}")
_WORD = re.compile(rf"{_LETTERS}+(?:[’'`\-.]{_LETTERS}*)*")


def behind_label(text: str) -> str | None:
    """Whom a byline's label in a line names, the day and «بواسطة», or a reporter's or writer's calling behind the name;
    None where nothing of the kind is in it, empty where a sentence follows the label.
    """
    if (published := _PUBLISHED_BY.match(text)) is not None:
        return published[1]
    label = _LABELLED.search(text)
    if label is not None:
        return "" if _is_said(label[1], label[2]) else _LAST_STOP.sub("", label[2])
    called = _CALLED.fullmatch(text)
    if called is None or not read_as_names(text_norm(called["name"])):
        return None
    calling = text_norm(called["calling"])
    is_writer = called["star"] is not None and _OCCUPATION.match(calling)
    return called["name"] if is_writer or _REPORTS.match(calling) else None


def _is_said(label: str, value: str) -> bool:
    """Whether what follows a label is a sentence or a headline: «مراسلنا في حلب: لم يتوقف المطر.»."""
    folded = TITLES.sub("", text_norm(PARTS.split(value.strip())[0] or value))
    if not is_arabic(value) or read_as_names(folded):
        return False
    if label.startswith("اختيار"):
        return True  # «اختيار: أفضل الكتب»
    words = folded.split()
    is_short = len(words) <= _MAX_UNKNOWN_NAME_WORDS
    if _WRITERS_LABEL.match(label):
        return FULL_STOP.search(value) is not None and not is_short
    is_unknown = not words or (words[0] not in GIVEN_NAMES and (words[0].startswith("ال") or not is_short))
    return FULL_STOP.search(value) is not None or is_unknown


def person_names(text: str, outlets: set[str]) -> list[str]:
    """The persons that a byline names, as written and in its order."""
    text = _HANDLE.sub(" ", text)[: 3 * MAX_BYLINE_CHARACTERS]
    label, _, said = text.partition(":")
    is_said = len(label.split()) <= MIN_NAME_WORDS and not read_as_names(text_norm(label))
    if is_said and read_as_names(text_norm(PARTS.split(said.strip())[0])) and not NOT_A_WRITER.match(text_norm(label)):
        text = said  # «ريشة وتعليق: سامي الغندور»
    if (behind := _BEHIND_OUTLET.fullmatch(text.strip())) is not None and read_as_names(text_norm(behind["name"])):
        first = text_norm(behind["outlet"]).partition(" ")[0]
        text = text if first in GIVEN_NAMES else behind["name"]
    names: list[str] = []
    parts = [part for part in PARTS.split(text) if part]
    is_others = False  # names of photographers follow
    is_told = _CALLING.match(text_norm(parts[0])) is not None if parts else False  # what the writer does, and more
    for part, following in pairwise([*parts, ""]):
        is_more = is_told and part is not parts[0] and not read_as_names(TITLES.sub("", text_norm(part)))
        if REVIEWED.search(text_norm(part)):
            is_others = True  # «راجعته طبيا: د. سلمى الخطاط»
        is_label = BYLINE_LABEL.fullmatch(text_norm(part)) is not None
        if is_label or NOT_A_WRITER.fullmatch(text_norm(part)):
            is_others = NOT_A_WRITER.fullmatch(text_norm(part)) is not None
        credited = part.rsplit(maxsplit=1)
        is_next_others = len(credited) > 1 and NOT_A_WRITER.fullmatch(text_norm(credited[1])) is not None
        if is_next_others and not is_others:
            part = credited[0]  # noqa: PLW2901  # «أمينة الزرعوني تصوير: سامي الغندور»
        if is_more or (names and _OCCUPATION.match(text_norm(part))):
            continue  # «وداد الشامسي، معلمة متقاعدة», «محلل سياسي، في شؤون الخليج»
        if is_others or (names and NOT_A_WRITER.match(text_norm(part))):
            continue  # «كتبت سلمى الخطاط - تصوير سامي الغندور»
        if names and part.isdigit():
            break  # date, time and section come after the names
        if following.isdigit() and text_norm(part).rsplit(" ", maxsplit=1)[-1] in WEEKDAYS | SHORT_MONTHS:
            part = part.rsplit(maxsplit=1)[0]  # noqa: PLW2901  # «سامي الغندور الأحد 1 ديسمبر»
        is_outlets = following.isdigit() and text_norm(f"{part} {following}") in outlets  # «مغرب بريس 24»
        said = "" if is_label or is_outlets or _ASKED.search(part) else _without_label(part)
        names += [name for name in name_pair(said) if name and _is_person(name, outlets)]
        is_others = is_others or is_next_others
        if names and TRANSLATION.search(text_norm(part)):
            break  # who translated it follows
    is_same_in_latin = len(names) == 2 and names[1].isascii() and text_norm(names[0]).split()[0] in GIVEN_NAMES
    return names[:1] if is_same_in_latin else names


def name_pair(name: str) -> tuple[str, ...]:
    """Two persons whom «و» joins, or the one."""
    words = name.split()
    place = second_name_at([text_norm(word) or word for word in words])
    if place is None:
        return (name,)
    return " ".join(words[:place]), " ".join([words[place][1:], *words[place + 1 :]])


def _without_label(part: str) -> str:
    """A byline's part without «كتبت», titles of honour excepted: they belong to the name as it is printed."""
    words = _WORD.findall(part)
    if (written := _WRITTEN_BY.match(text_norm(part))) is not None:
        words = words[len(written[0].split()) :]
    is_reporter = False
    while words and _CREDIT.fullmatch(text_norm(words[0])):
        is_reporter = is_reporter or REPORTER.fullmatch(text_norm(words[0])) is not None
        words = words[1:]
    folded = [text_norm(word) for word in words]
    ends = (
        i
        for i, word in enumerate(folded)
        if word in DATE_NOUNS or (i >= MIN_NAME_WORDS and (_ENDS_NAME.match(word) or TRANSLATION.match(word)))
    )
    if is_reporter:
        return " ".join(_behind_outlet(words))
    return " ".join(words[: next(ends, None)])


def _behind_outlet(words: list[str]) -> list[str]:
    """The name behind the outlet and the place that a reporter is of: «[مراسل] المرفأ في حلب سامي الغريب»."""
    folded = [text_norm(word) for word in words]
    names = (words[start:] for start in range(len(words) - 1) if read_as_names(" ".join(folded[start:])))
    return next(names, [] if not {"في", "الي", "من", "لدي"}.isdisjoint(folded) else words)


def _is_person(name: str, outlets: set[str]) -> bool:
    first = name.split(maxsplit=1)[0]
    if len(text_norm(first)) == 1 and not first.endswith("."):
        return False  # ص and م of a clock; an initial has its dot
    folded = TITLES.sub("", text_norm(name))
    words = folded.split()
    # «كاتبة ومستشارة», not «كاتب ياسين»
    is_calling = _CALLING.match(folded) is not None and GIVEN_NAMES.isdisjoint(words[1:2])
    if is_calling or folded in MONTHS or not words or not (DATE_NOUNS | SENTENCE_WORDS).isdisjoint(words):
        return False
    if not MIN_NAME_WORDS <= len(words) <= MAX_NAME_WORDS or len(folded) > MAX_NAME_CHARACTERS or folded in PLACES:
        return False
    # Of letters alone only the one initial with its dot begins a name: «ك. الحيان», «ك.ليلى», not «M.A. Journalism».
    is_letters = len(words[0]) == 1 and len(text_norm(first)) > 1 and not INITIALLED.fullmatch(first)
    if any(word in DESK_WORDS for word in words) or is_letters:
        return False
    is_link_to_writer = words[-1] in CALLED_WRITER and words[0] not in GIVEN_NAMES
    if (
        is_link_to_writer
        or folded in outlets
        or any(len(outlet) > 3 and f" {outlet} " in f" {folded} " for outlet in outlets)
    ):
        return False
    return agency_of([name]) is None


def is_arabic(name: str) -> bool:
    """Whether most of it is in Arabic letters."""
    return sum("\u0600" <= letter <= "\u06ff" for letter in name) > len(name) / 2


def distinct_names(names: list[str]) -> list[str]:
    """Each person once, in the first spelling; a name that another one contains is the same person."""
    kept: list[str] = []
    for name in names:
        folded = text_norm(name)
        if not any(folded in text_norm(other) or text_norm(other) in folded for other in kept):
            kept.append(name)
    return kept
