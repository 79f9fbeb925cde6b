"""The words of dates: months of all calendars and regions, weekdays, parts of the day, relative units, labels.

All are spelled as `fold_date_text` leaves them: hamza on alef dropped, ة as ه, ى and ی as ي, no vowel marks.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def _numbered(table: dict[int, str]) -> dict[str, int]:
    return {name: number for number, names in table.items() for name in names.split("|")}


GREGORIAN_MONTHS = _numbered(
    {
        1: "يناير|كانون الثاني|كانون ثاني|كانون 2|كانون2|ك2|جانفي|january|jan|janvier",
        2: "فبراير|شباط|فيفري|february|feb|fevrier",
        3: "مارس|اذار|march|mar|mars",
        4: "ابريل|نيسان|افريل|april|apr|avril",
        5: "مايو|ايار|ماي|may|mai",
        6: "يونيو|يونيه|حزيران|جوان|june|jun|juin",
        7: "يوليو|يوليه|تموز|جويليه|يوليوز|july|jul|juillet",
        8: "اغسطس|اب|غشت|اغشت|اوت|august|aug|aout",
        9: "سبتمبر|ايلول|شتنبر|september|sept|sep|septembre",
        10: "اكتوبر|اوكتوبر|تشرين الاول|تشرين اول|تشرين 1|تشرين1|ت1|october|oct|octobre",
        11: "نوفمبر|تشرين الثاني|تشرين ثاني|تشرين 2|تشرين2|ت2|نونبر|november|nov|novembre",
        12: "ديسمبر|كانون الاول|كانون اول|كانون 1|كانون1|ك1|دجنبر|دجمبر|december|dec|decembre",
    }
)
HIJRI_MONTHS = _numbered(
    {
        1: "محرم|المحرم",
        2: "صفر",
        3: "ربيع الاول|ربيع اول",
        4: "ربيع الثاني|ربيع ثاني|ربيع الاخر|ربيع اخر|ربيع ثان",
        5: "جمادي الاولي|جمادي الاول|جمادي اولي|جمادي اول",
        6: "جمادي الثانيه|جمادي الثاني|جمادي الاخره|جمادي الاخر|جمادي اخر|جمادي ثاني",
        7: "رجب",
        8: "شعبان",
        9: "رمضان",
        10: "شوال",
        11: "ذو القعده|ذي القعده|ذوالقعده|ذيالقعده|القعده",
        12: "ذو الحجه|ذي الحجه|ذوالحجه|ذيالحجه|الحجه",
    }
)
JALALI_MONTHS = _numbered(
    {
        1: "فروردين",
        2: "ارديبهشت",
        3: "خرداد",
        4: "تير",
        5: "مرداد|امرداد",
        6: "شهريور",
        7: "مهر",
        8: "ابان",
        9: "اذر",
        10: "دي",
        11: "بهمن",
        12: "اسفند",
    }
)
# Monday is 0, as in datetime.weekday().
WEEKDAYS = _numbered(
    {
        0: "اثنين|الاثنين|monday|mon|lundi|دوشنبه",
        1: "ثلاثاء|الثلاثاء|tuesday|tues|tue|mardi|سه شنبه|سهشنبه",
        2: "اربعاء|الاربعاء|wednesday|wed|mercredi|چهارشنبه",
        3: "خميس|الخميس|thursday|thurs|thur|thu|jeudi|پنجشنبه|پنج شنبه",
        4: "جمعه|الجمعه|friday|fri|vendredi",
        5: "سبت|السبت|saturday|sat|samedi",
        6: "احد|الاحد|sunday|sun|dimanche|يكشنبه|يك شنبه",
    }
)
AM, PM, NOON, NIGHT = "am", "pm", "noon", "night"
MERIDIEMS = {
    **dict.fromkeys(("ص", "صباحا", "صباح", "am", "a.m.", "a.m", "ق.ظ", "فجرا", "فجر", "قبل الظهر"), AM),
    **dict.fromkeys(("م", "مساء", "مساءا", "pm", "p.m.", "p.m", "ب.ظ", "عصرا", "بعد الظهر", "بعد ظهر"), PM),
    **dict.fromkeys(("ظهرا", "ظهر"), NOON),
    **dict.fromkeys(("ليلا",), NIGHT),
}
# Seconds of a unit; None: so coarse that the day cannot be told, the words are recognised and yield no date.
UNITS: dict[str, int | None] = {
    **dict.fromkeys(("ثانيه", "ثواني", "ثوان", "ثانيتين", "second", "seconds", "sec"), 1),
    **dict.fromkeys(("دقيقه", "دقائق", "دقايق", "دقيقتين", "دقيقتان", "minute", "minutes", "min", "mins"), 60),
    **dict.fromkeys(("ساعه", "ساعات", "ساعتين", "ساعتان", "hour", "hours"), 3600),
    **dict.fromkeys(("يوم", "ايام", "يومين", "يومان", "يوما", "day", "days"), 86400),
    **dict.fromkeys(
        ("اسبوع", "اسابيع", "اسبوعين", "week", "weeks", "شهر", "اشهر", "شهور", "شهرين", "month", "months"), None
    ),
    **dict.fromkeys(("سنه", "سنوات", "سنتين", "عام", "اعوام", "عامين", "year", "years", "شهرا", "اسبوعا"), None),
}
DUAL = frozenset({"ثانيتين", "دقيقتين", "دقيقتان", "ساعتين", "ساعتان", "يومين", "يومان"})
# «أمس» and the like: days before the day of capture.
NAMED_DAYS = {"اليوم": 0, "امس": 1, "البارحه": 1, "اول امس": 2, "today": 0, "yesterday": 1}

UPDATED_LABEL = re.compile(
    r"تحديث|محدث|حدث[ت]? في|تعديل|عدل في|updated?\b|modified|last edit|mis a jour|بروزرساني|به روز"
)
PUBLISHED_LABEL = re.compile(r"نشر|النشر|منشور|صدر|كتب في|تاريخ|بتاريخ|publish|posted|انتشار")
# A text with one of these speaks of something else than the article's date.
FOREIGN_LABEL = re.compile(
    r"©|\(c\)|copyright|حقوق|العدد\s*\d|عدد اليوم|جريده\D{0,30}بتاريخ|النسخه الورقيه|اقرا ايضا|اخر الاخبار"
    r"|(?:تاريخ|وقت) (?:ال)?(?:طباعه|تحميل|تنزيل|زياره)|printed (?:on|at)"
    r"|ميلاد(?!ي)|انشئ|تاسس|ساعات البث|مواقيت|توقيت الصلاه"
)

_TATWEEL_PM = re.compile(r"(?<![^\W\d_])مـ+(?![^\W_])")
_HIJRI_MARK = re.compile(r"(?<![^\W\d_])[هھ]ـ*(?![^\W\d_])")
_CHRISTIAN_ERA = re.compile(r"((?:19|20)\d\d)\s*م(?![^\W_])")
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_SPACE = re.compile(r"\s+")
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىیې", "ي"),
        **dict.fromkeys("ةھەۀہ", "ه"),
        **dict.fromkeys("،؛", ","),
        **dict.fromkeys("–—−‐‑", "-"),
        **dict.fromkeys("⁄∕", "/"),
        **dict.fromkeys("éèê", "e"),
        **dict.fromkeys("ûù", "u"),
        "ک": "ك",
        "٫": ".",
        "｜": "|",
        "à": "a",
    }
)
_DIGITS = {code: str(unicodedata.digit(chr(code))) for start in (0x660, 0x6F0) for code in range(start, start + 10)}


@lru_cache(maxsize=512)
def fold_date_text(text: str) -> str:
    """One spelling of a date's words: ASCII digits, folded letters, «مـ» as pm, هـ as ah, the era mark م dropped."""
    text = unicodedata.normalize("NFKC", text).translate(_DIGITS)
    text = _HIJRI_MARK.sub(" ah ", _TATWEEL_PM.sub(" pm ", text))
    text = _MARKS.sub("", text).translate(_LETTERS).lower()
    return _SPACE.sub(" ", _CHRISTIAN_ERA.sub(r"\1 ", text)).strip()


def is_labelled(folded: str) -> bool:
    """Whether a folded text says that it tells a publication or an update."""
    return bool(PUBLISHED_LABEL.search(folded) or UPDATED_LABEL.search(folded))
