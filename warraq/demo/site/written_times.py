"""How Arabic pages write a time: months of three regions, day halves, Hijri years, Eastern digits."""

from __future__ import annotations

from datetime import datetime

from warraq.demo.site.sentences import eastern_digits

WEEKDAYS = ("الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
EGYPTIAN = (
    *("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو"),
    *("يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"),
)
LEVANTINE = (
    *("كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران"),
    *("تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"),
)
MAGHREBI = (
    *("جانفي", "فيفري", "مارس", "أفريل", "ماي", "جوان"),
    *("جويلية", "أوت", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"),
)


def _clock(local: datetime, *, halves: tuple[str, str] = ("ص", "م")) -> str:
    return f"{(local.hour - 1) % 12 + 1:02d}:{local.minute:02d} {halves[local.hour >= 12]}"


def egyptian_line(local: datetime) -> str:
    """الإثنين، 24 أغسطس 2020 09:23 ص"""
    return f"{WEEKDAYS[local.weekday()]}، {local.day:02d} {EGYPTIAN[local.month - 1]} {local.year} {_clock(local)}"


def dual_line(local: datetime) -> str:
    """12 كانون الثاني/يناير 2024, a day without a time."""
    return f"{local.day} {LEVANTINE[local.month - 1]}/{EGYPTIAN[local.month - 1]} {local.year}"


def maghrebi_line(local: datetime) -> str:
    """الجمعة 8 فيفري 2019 - 14:05"""
    return f"{WEEKDAYS[local.weekday()]} {local.day} {MAGHREBI[local.month - 1]} {local.year} - {local:%H:%M}"


def eastern_numeric(local: datetime) -> str:
    """١٢/٠١/٢٠٢٤ ٠٢:٠٠ م, the day first."""
    return eastern_digits(f"{local:%d/%m/%Y} {_clock(local)}")


def evening_line(local: datetime) -> str:
    """2020/12/25 - 1:59 صباحًا"""
    return f"{local:%Y/%m/%d} - {_clock(local, halves=('صباحًا', 'مساءً'))}"


def short_day(local: datetime) -> str:
    """25 ديسمبر 2020, as cards of other articles show it."""
    return f"{local.day} {EGYPTIAN[local.month - 1]} {local.year}"


def page_clock(local: datetime) -> str:
    """The clock in a page's header: the time of serving, a trap for whoever takes it for the article's."""
    return f"القاهرة: {egyptian_line(local)}"
