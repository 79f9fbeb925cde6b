"""The words of dates: months of all calendars and regions, weekdays, parts of the day, relative units, labels.

All are spelled as `fold_date_text` leaves them: hamza on alef dropped, ة as ه, ى and ی as ي, no vowel marks.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from storage.identity.arabic_folding import MAX_REMEMBERED_CHARACTERS
from storage.model.window import western_digits


def _numbered(table: dict[int, str]) -> dict[str, int]:
    return {name: number for number, names in table.items() for name in names.split("|")}


GREGORIAN_MONTHS = _numbered(
    {
        1: "يناير|كانون الثاني|كانون ثاني|كانون 2|كانون2|ك2|جانفي|january"
        "|jan|janv|janvier|ene|januar|januari|enero|gennaio|janeiro|ocak"
        "|ιανουαρίου|января|stycznia",
        2: "فبراير|شباط|فيفري|february|feb|fevr|fev|fevrier|februar|februari|febrero|febbraio|fevereiro|subat"
        "|φεβρουαρίου|февраля|lutego",
        3: "مارس|اذار|march|mar|mars|marz|mrz|mrt|marzo|marco|mart|maart|μαρτίου|марта|marca|maret",
        4: "ابريل|نيسان|افريل|april|apr|avr|avril|abr|abril|aprile|nisan|απριλίου|апреля|kwietnia",
        5: "مايو|ايار|ماي|may|mai|mayo|maggio|maio|mayıs|mayis|mei|μαΐου|мая|maja",
        6: "يونيو|يونيه|حزيران|جوان|june|jun|juin|juni|junio|giugno|junho|haziran|ιουνίου|июня|czerwca",
        7: "يوليو|يوليه|تموز|جويليه|يوليوز|july|jul|juil|juillet|juli|julio|luglio|julho|temmuz|ιουλίου|июля|lipca",
        8: "اغسطس|اب|غشت|اغشت|اوت|august|aug|aout|agosto|agustos|augustus|αυγούστου|августа|sierpnia|agustus",
        9: "سبتمبر|ايلول|شتنبر|september|sept|sep|septembre|septiembre|settembre|setembro|eylul"
        "|σεπτεμβρίου|сентября|września",
        10: "اكتوبر|اوكتوبر|تشرين الاول|تشرين اول|تشرين 1|تشرين1|ت1"
        "|october|oct|octobre|okt|oktober|octubre|ottobre|outubro|ekim"
        "|οκτωβρίου|октября|października",
        11: "نوفمبر|تشرين الثاني|تشرين ثاني|تشرين 2|تشرين2|ت2|نونبر"
        "|november|nov|novembre|noviembre|novembro|kasım|kasim"
        "|νοεμβρίου|ноября|listopada",
        12: "ديسمبر|كانون الاول|كانون اول|كانون 1|كانون1|ك1|دجنبر|دجمبر"
        "|december|dec|dez|dic|decembre|dezember|diciembre|dicembre|dezembro|aralık|aralik"
        "|δεκεμβρίου|декабря|grudnia|desember",
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
# «المساء», «الفجر» and the like are names of papers, which stand beside times too; «في المغرب» is a country's clock.
MERIDIEMS = {
    **dict.fromkeys(("ص", "صباحا", "صباح", "في الصباح", "من صباح", "am", "a.m.", "a.m", "ق.ظ", "فجرا", "فجر"), AM),
    **dict.fromkeys(("من فجر", "سحرا", "ضحي", "الضحي", "قبل الظهر", "قبل ظهر", "قبل الزوال"), AM),
    **dict.fromkeys(("منتصف الليل", "بعد منتصف الليل", "بعد نصف الليل"), AM),
    **dict.fromkeys(("م", "مساء", "مساءا", "في المساء", "من مساء", "pm", "p.m.", "p.m", "ب.ظ", "عصرا"), PM),
    **dict.fromkeys(("بعد الظهر", "بعد ظهر", "بعد الزوال", "بعد العصر", "بعد المغرب", "بعد العشاء"), PM),
    **dict.fromkeys(("مغربا", "عشاء", "من عصر", "قبل منتصف الليل"), PM),
    **dict.fromkeys(("ظهرا", "ظهر", "الظهر", "من ظهر", "الظهيره", "في الظهيره"), NOON),
    **dict.fromkeys(("ليلا", "من ليل"), NIGHT),
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
    r"تحديث|تحيين|محدث|حدث[ت]? (?:في|بتاريخ|يوم)|(?<![^\W\d_])حدثت?(?= ?:)|تعديل|عدلت? (?:في|بتاريخ|يوم)|عدلت?(?= ?:)"
    r"|(?:اعيد|تعاد|اعاده) (?:ال)?نشر|تمت? (?:ال)?مراجع|(?<![^\W\d_])روجعت?(?![^\W\d_])|اخر مراجعه"
    r"|راجعت?(?:ه|ها)(?=[^\d|·-]{0,60} (?:في|بتاريخ) ?(?:\d|$))"
    r"|تاريخ المراجعه|مراجعه طبيه|نقحت? (?:في|بتاريخ)|تنقيح|صححت? (?:في|بتاريخ)|updated?\b|modified|last edit"
    r"|mis a jour|actualizado|aktualisiert|aggiornat|atualizado|guncelle|بروزرساني|به روز"
)
# What states a publication; «تاريخ» alone says that it is a day, not of what.
STATED_LABEL = re.compile(
    r"(?<!اعيد )(?<!تعاد )(?<!اعاده )(?<!اعاده ال)(?<!اعيد ال)نشر|منشور|صدر|كتب في|publish|posted|انتشار"
    r"|publie|publicad|pubblicat|veroffentlicht|yayin"
)
PUBLISHED_LABEL = re.compile(f"{STATED_LABEL.pattern}|ب?تاريخ")
# A text with one of these speaks of something else than the article's date.
FOREIGN_LABEL = re.compile(
    r"©|\(c\)|copyright|حقوق|عدد اليوم|جريده\D{0,30}بتاريخ|النسخه الورقيه|اقرا ايضا|اخر الاخبار"
    r"|(?:تاريخ|وقت) (?:ال)?(?:طباعه|تحميل|تنزيل|زياره|تسجيل|انضمام)|printed (?:on|at)|joined|member since"
    r"|ميلاد(?!ي)|انشئ|تاسس|ساعات البث|مواقيت|توقيت الصلاه"
)

# Beside the day of a printed issue: on top of the page that is today's, below the headline the article's.
ISSUE_NUMBER = re.compile(r"العدد\s*\d")

_FIRST_TEN = "الاول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر"
_UNITS = _FIRST_TEN.split()
_TEENS = ["الحادي عشر", *(f"{unit} عشر" for unit in _UNITS[1:9])]
_TENS = ["العشرين", *(f"{unit} والعشرين" for unit in ("الحادي", *_UNITS[1:9])), "الثلاثين", "الحادي والثلاثين"]
# «الخامس عشر من نوفمبر»
_ORDINALS = {name: str(day) for day, name in enumerate([*_UNITS, *_TEENS, *_TENS], 1)}
_ORDINAL = re.compile(
    rf"(?<![^\W\d_])({'|'.join(sorted(_ORDINALS, key=len, reverse=True))}) من (?:شهر )?"
    rf"(?={'|'.join(sorted(GREGORIAN_MONTHS, key=len, reverse=True))})"
)

_TATWEEL_PM = re.compile(r"(?<![^\W\d_])مـ+(?![^\W_])")
_HIJRI_MARK = re.compile(r"(?<![^\W\d_])[هھ]ـ*(?![^\W\d_])")
_OF = re.compile(r"(?<=\d) de (?=[a-z])|(?<=[a-z]) de (?=(?:19|20)\d\d)")  # «19 de septiembre de 2023»
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
        **dict.fromkeys("ûùü", "u"),
        **dict.fromkeys("àäâ", "a"),
        "ک": "ك",
        "٫": ".",
        "｜": "|",
        "ç": "c",
        "ş": "s",
        "ğ": "g",
        "ö": "o",
    }
)


def fold_date_text(text: str) -> str:
    """One spelling of a date's words: ASCII digits, folded letters, «مـ» as pm, هـ as ah, the era mark م dropped."""
    return _folded(text) if len(text) <= MAX_REMEMBERED_CHARACTERS else _folded.__wrapped__(text)


@lru_cache(maxsize=512)
def _folded(text: str) -> str:
    text = western_digits(unicodedata.normalize("NFKC", text))
    text = _HIJRI_MARK.sub(" ah ", _TATWEEL_PM.sub(" pm ", text))
    text = _MARKS.sub("", text).translate(_LETTERS).lower()
    text = _SPACE.sub(" ", _OF.sub(" ", _CHRISTIAN_ERA.sub(r"\1 ", text))).strip()
    return _ORDINAL.sub(lambda match: f"{_ORDINALS[match[1]]} ", text)


def is_labelled(folded: str) -> bool:
    """Whether a folded text says that it tells a publication or an update."""
    return bool(PUBLISHED_LABEL.search(folded) or UPDATED_LABEL.search(folded))
