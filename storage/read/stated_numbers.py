"""Which numbers words state, in digits or spelled out: what two spellings of one number have in common."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence

from storage.identity.arabic_folding import text_norm

_DIGIT = re.compile(r"\d")
_SEPARATORS = str.maketrans({"٫": ".", "٬": ",", "،": ",", "−": "-", "–": "-"})
_CLOCK = re.compile(r"(?<=\d):(?=\d\d(?!\d))")  # 10:30 and 10.30 are one time
# A minus behind a letter or a digit is a hyphen: «كوفيد-19», 2024-2025.
_STATED = re.compile(r"(?:(?<![\w%.,/:-])-)?\d+(?:[.,]\d+)*|[%$¢£¤¥\u20a0-\u20cf]")
_SIGNS = re.compile(r"[\d%٪$¢£¤¥\u20a0-\u20cf]")
# Months and days of the week among them, which say when as numbers do; forms of one number are on one line.
_WORDS = """
صفر
واحد واحده
اثنان اثنين اثنتان اثنتين
ثلاثه ثلاث
اربعه اربع
خمسه خمس
سته ست
سبعه سبع
ثمانيه ثماني ثمان
تسعه تسع
عشره عشر
عشرون عشرين
ثلاثون ثلاثين
اربعون اربعين
خمسون خمسين
ستون ستين
سبعون سبعين
ثمانون ثمانين
تسعون تسعين
مئة مائة مئات
مئتان مئتين مئتا مئتي مائتان مائتين مائتا مائتي
ثلاثمئة ثلاثمائة
أربعمئة أربعمائة
خمسمئة خمسمائة
ستمئة ستمائة
سبعمئة سبعمائة
ثمانمئة ثمانمائة ثمانيمئة
تسعمئة تسعمائة
ألف ألفا آلاف ألوف
ألفان ألفين ألفا ألفي
مليون مليونا ملايين
مليونان مليونين مليوني
مليار مليارا مليارات بليون
ملياران مليارين ملياري
تريليون ترليون تريليونات
نصف
ثلث
ثلثان ثلثين ثلثا ثلثي
ربع
يناير
فبراير شباط
مارس آذار
أبريل إبريل نيسان
مايو أيار
يونيو حزيران
يوليو تموز
أغسطس آب
سبتمبر أيلول
أكتوبر
نوفمبر
ديسمبر
السبت
الأحد
الاثنين الإثنين
الثلاثاء
الأربعاء
الخميس
الجمعة
"""
_VALUES = {
    text_norm(word): text_norm(line.split()[0]) for line in reversed(_WORDS.split("\n")) for word in line.split()
}


def numbers_of(words: Sequence[str]) -> list[str]:
    """What words state, in order: numbers by value, signs of percent and money, number words by what they mean."""
    stated: list[str] = []
    was_digit = False
    for word in words:
        if not _SIGNS.search(word):
            stated += _spelled_out(word)
            was_digit = False
            continue
        found = _STATED.findall(_plain(word))
        if was_digit and found and found[0].startswith("-"):
            found[0] = found[0][1:]  # «2020 -2024» is from one to the other
        stated += [value for text in found for value in _values(text)]
        was_digit = bool(_DIGIT.search(word[-1]))
    return stated


def states_in_signs(words: Sequence[str]) -> bool:
    """Whether a number, or what it counts, stands in digits and signs."""
    return any(_SIGNS.search(word) for word in words)


def _plain(word: str) -> str:
    """With ASCII's digits and separators, without marks that are not seen."""
    seen = (sign for sign in word if unicodedata.category(sign) not in ("Cf", "Mn"))
    plain = "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in seen)
    return _CLOCK.sub(".", plain.replace("٪", "%").translate(_SEPARATORS))


def _values(text: str) -> list[str]:
    """1,500 is 1500 and 1.500 is 1.5, 3,5 is 3.5; of a day as 25.12.2024 each part."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, part = digits.rpartition("." if digits.rfind(".") > digits.rfind(",") else ",")
    groups = re.split("[.,]", digits)
    are_thousands = all(len(group) == 3 for group in groups[1:]) and groups[0] != "0"
    if point and are_thousands and (point == "," or len(groups) > 2) and len(set(re.findall("[.,]", digits))) == 1:
        return [sign + "".join(groups)]
    if not point:
        return [sign + digits]
    if point in whole or not all(len(group) == 3 for group in groups[1:-1]):
        return groups
    return [f"{sign}{''.join(groups[:-1])}.{part.rstrip('0')}".rstrip(".")]


@functools.lru_cache(maxsize=16_384)
def _spelled_out(word: str) -> tuple[str, ...]:
    """The numbers that a word spells out, also with «and» or «the» written to it."""
    found: tuple[str, ...] = ()
    for folded in text_norm(word).split():
        forms = (folded, folded.removeprefix("و"), folded.removeprefix("ال"), folded.removeprefix("وال"))
        found += tuple(_VALUES[form] for form in forms if form in _VALUES)[:1]
    return found
