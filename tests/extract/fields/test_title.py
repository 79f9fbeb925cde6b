"""Titles come without the site's name, whatever sign stands between."""

from __future__ import annotations

import pytest

from extract.fields.site_names import strip_site_name

NAMES = ("بوابة الميزان الإخبارية", "Al-Mizan", "mizan.example")
TITLE = "مجلس المدينة يقر خطة الحدائق - الدورة الثانية"


@pytest.mark.parametrize(
    "written",
    [
        f"{TITLE} | بوابة الميزان الإخبارية",
        f"{TITLE} - الميزان الإخباري",
        f"{TITLE} . الميزان الاخباري",
        f"{TITLE} :: Al-Mizan",
        f"{TITLE} – الميزان – أخبار",
        f"الميزان : {TITLE}",
        f"بوابة الميزان الإخبارية » {TITLE}",
        f"{TITLE} ",
    ],
)
def test_the_sites_name_goes_and_the_headlines_own_hyphen_stays(written: str) -> None:
    assert strip_site_name(written, NAMES) == TITLE


def test_a_headline_that_speaks_of_the_site_keeps_it() -> None:
    title = "رئيس تحرير الميزان يفتتح معرض الصحافة القديمة"
    assert strip_site_name(title, NAMES) == title


def test_a_name_alone_is_not_stripped_to_nothing() -> None:
    assert strip_site_name("بوابة الميزان الإخبارية", NAMES) == "بوابة الميزان الإخبارية"


@pytest.mark.parametrize("title", ["«ملح البحر» يفتتح مهرجان السينما", "رحيل الشاعر سالم الحجري صاحب «نخيل لا ينحني»"])
def test_a_quotation_is_no_separator(title: str) -> None:
    assert strip_site_name(title, NAMES) == title
    assert strip_site_name(f"{title} » بوابة الميزان الإخبارية", NAMES) == title
