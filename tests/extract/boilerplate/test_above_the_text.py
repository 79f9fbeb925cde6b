"""What stands between headline and text: points, the claim of a check of facts, place and writer; what unfolds."""

from __future__ import annotations

import pytest

from storage.model.records import ArticleText
from tests.extract.boilerplate.test_as_sites_print_it import PARAGRAPHS, TEXT, TITLE, WHOLE, article, lines, read

POINTS = ("بئر واحدة لمئة أسرة", "خمس نساء في اللجنة", "عودة إحدى وعشرين فتاة إلى المدرسة")
LIST = f"<ul>{''.join(f'<li>{point}</li>' for point in POINTS)}</ul>"


@pytest.mark.parametrize(
    "line",
    [
        "أهم النقاط حتى الآن",
        "نقاط رئيسية",
        "أبرز التطورات",
        "أبرز ما جرى اليوم",
        "آخر التطورات",
        "الخبر في نقاط",
        "ملخص",
    ],
)
def test_points_below_a_line_that_calls_them_so_are_text(line: str) -> None:
    box = f'<section class="zz"><h2>{line}</h2>{LIST}</section>'
    assert lines(f'{box}<div class="feed">{WHOLE}</div>') == [*POINTS, *TEXT]


@pytest.mark.parametrize("line", ["الأقسام", "تابعونا", "خدمات القراء"])
def test_another_list_above_the_text_is_none(line: str) -> None:
    box = f'<section class="zz"><h2>{line}</h2>{LIST}</section>'
    assert lines(f'{box}<div class="feed">{WHOLE}</div>') == list(TEXT)


def test_points_that_are_links_are_other_stories() -> None:
    links = "".join(f'<li><a href="/n/{n}">{point}</a></li>' for n, point in enumerate(POINTS))
    box = f'<section class="zz"><h2>أهم النقاط</h2><ul>{links}</ul></section>'
    assert lines(f'{box}<div class="feed">{WHOLE}</div>') == list(TEXT)


def test_claim_and_verdict_of_a_check_are_text() -> None:
    check = ("الادعاء: صورة تظهر بئرا جفت في قرية السدرة هذا الأسبوع", "الحكم: مضلل")
    box = f"<div><div>{check[0]}</div><div>{check[1]}</div></div>"
    assert lines(f"<div>{box}<div>{WHOLE}</div></div>") == [*check, *TEXT]


def test_the_referee_above_a_report_is_no_text() -> None:
    assert lines(f"<div><div><div>الحكم: كريم الحيان</div></div><div>{WHOLE}</div></div>") == list(TEXT)


def test_the_rest_of_the_text_that_unfolds_is_text_and_links_to_more_are_not() -> None:
    button = '<a href="#rest">اقرأ المزيد من هذا التحقيق</a>'
    folded = f'<div class="zz-readmore zz-collapsed">{button}<div id="rest">{PARAGRAPHS[2]}</div></div>'
    assert lines(f"<div>{PARAGRAPHS[0]}{PARAGRAPHS[1]}{folded}</div>") == list(TEXT)
    links = "".join(f'<p><a href="/n/{n}">{point} في القرية المجاورة</a></p>' for n, point in enumerate(POINTS))
    assert lines(f'<div>{WHOLE}<div class="zz-readmore">{links}</div></div>') == list(TEXT)


@pytest.mark.parametrize("dateline", ["بغداد/ كريم الحيان: ", "بنغازي – كريم الحيان: ", "أم درمان - كريم الحيان - "])
def test_the_writer_between_the_place_and_the_first_sentence(dateline: str) -> None:
    record = article(f"<div><p>{dateline}{TEXT[0]}</p>{PARAGRAPHS[1]}{PARAGRAPHS[2]}</div>")
    assert record.authors == ("كريم الحيان",)
    assert TEXT[0] in record.body


@pytest.mark.parametrize("dateline", ["بغداد - رويترز: ", "قال المدير كريم الحيان: ", "بيروت – مصادر محلية: "])
def test_nobody_else_before_the_first_sentence_is_its_writer(dateline: str) -> None:
    assert article(f"<div><p>{dateline}{TEXT[0]}</p>{PARAGRAPHS[1]}{PARAGRAPHS[2]}</div>").authors == ()


@pytest.mark.parametrize(
    "link", ["المزيد من مقالات الكاتب", "مقالات أخرى للكاتبة", "جميع مقالات الكاتب", "كتابات الكاتب نفسه"]
)
def test_a_name_above_the_link_to_all_that_the_writer_wrote_is_the_writers(link: str) -> None:
    box = f'<div class="zz"><div>كريم الحيان</div><a href="/w91">{link}</a></div>'
    record = read(f"<div>{box}<h1>{TITLE}</h1><div>{WHOLE}</div></div>")
    assert isinstance(record, ArticleText), record
    assert record.authors == ("كريم الحيان",)


def test_a_day_in_both_calendars_counts_right_above_the_text_and_not_on_top_of_the_page() -> None:
    day = "<div>السبت 29 ربيع الأول 1447هـ الموافق 20 سبتمبر 2025م</div>"
    shown = read(f'<div><div class="zz">ماء السدرة</div>{day}<div>{WHOLE}</div></div>', title="السدرة")
    assert isinstance(shown, ArticleText), shown
    assert shown.published_at is not None
    assert shown.published_at.date().isoformat() == "2025-09-20"
    on_top = read(f'<div>{day}<div class="zz">ماء السدرة</div><div>{WHOLE}</div></div>', title="السدرة")
    assert isinstance(on_top, ArticleText), on_top
    assert on_top.published_at is None


@pytest.mark.parametrize("names", ["entry-subtitle", "sub-title", "standfirst"])
def test_a_line_below_the_headline_that_is_called_a_second_one_is_text(names: str) -> None:
    below = "مصادر: الماء سيصل إلى القرى المجاورة قبل الصيف"
    assert lines(f'<div class="{names}"><p>{below}</p></div><div>{WHOLE}</div>') == [below, *TEXT]


def test_a_label_below_the_headline_is_none() -> None:
    assert lines(f'<div class="zz"><p>مصادر: وكالات الأنباء المحلية والعالمية</p></div><div>{WHOLE}</div>') == list(
        TEXT
    )


@pytest.mark.parametrize(
    "line",
    [
        "نُشر بتاريخ 09 جويلية 2026 في <a href='/r'>الجهات</a>",
        "نشر يوم 9 جويلية 2026 على الساعة 10:22 في قسم الجهات",
        "نشر في محليات بتاريخ 9 يوليو 2026",
        "نشرت هذه القصة في 9 يوليو 2026",
        "9 يوليو 2026، <a href='/r'>محليات</a>، <a href='/s'>مجتمع</a>",
        "<a href='/r'>الجهات</a> - 9 جويلية 2026 - 14:20",
        "Posted by desk on July 9, 2026 in News",
        "Publié le 9 juillet 2026 dans <a href='/r'>Régions</a>",
    ],
)
def test_when_it_was_put_where_is_no_text_and_dates_it(line: str) -> None:
    record = article(f"<article><p>{line}</p>{WHOLE}</article>")
    assert record.body.splitlines() == [*TEXT]
    assert record.published_at is not None
    assert record.published_at.date().isoformat() == "2026-07-09"


@pytest.mark.parametrize(
    "line",
    [
        "نشر بتاريخ 9 يوليو 2024 في الجريدة الرسمية.",
        "<a href='/n/5'>كتاب القرية</a> الذي صدر في 9 يوليو 2024 بلا اسم",
    ],
)
def test_what_was_published_on_a_day_may_be_what_is_told(line: str) -> None:
    told = lines(f"<article>{PARAGRAPHS[0]}<p>{line}</p>{PARAGRAPHS[1]}{PARAGRAPHS[2]}</article>")
    assert len(told) == len(TEXT) + 1
