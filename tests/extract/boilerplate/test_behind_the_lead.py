"""Writer, day and buttons between a lead and the text; and lines there that are the text's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page
from storage.model.records import ArticleText

TITLE = "افتتاح الجسر الجديد فوق نهر المدينة بعد عامين من العمل"
LEAD = "تفاصيل خطة البلدية التي يقودها رئيسها الجديد لربط ضفتي النهر بجسر للمشاة كلفته تسعون ألف دينار."
TEXT = [
    "افتتح رئيس البلدية صباح اليوم جسر المشاة الجديد فوق النهر بحضور مئات من أهالي الحيين.",
    "وقال في كلمته إن العمل استمر عامين كاملين، وإن المرحلة التالية تشمل إنارة الضفتين.",
    "وطالب أحد التجار بفتح موقف للسيارات قرب الجسر قبل بدء موسم الأعياد المقبل.",
]


def text_of(html: str) -> str:
    record = extract_article(Page(html.encode(), datetime(2026, 10, 20, tzinfo=UTC)))
    assert isinstance(record, ArticleText), record
    return record.body


def body(between: str) -> list[str]:
    paragraphs = "".join(f"<p>{line}</p>" for line in TEXT)
    html = (
        f'<html lang="ar"><head><title>{TITLE}</title></head><body><div class="c1"><h1>{TITLE}</h1>'
        f"<p>{LEAD}</p>{between}<div>{paragraphs}</div></div></body></html>"
    )
    return text_of(html).splitlines()


@pytest.mark.parametrize(
    "lines",
    [
        ["هند الخالدي", "5 مايو 2026"],
        ["المرفأ - هند الخالدي", "الثلاثاء 19 أكتوبر 2026 - 10:30"],
        ["القسم: اقتصاد", "آخر تحديث: 5 مايو 2026", "استمع للخبر", "تم النسخ"],
        ["بقلم: هند الخالدي", "نشر في 5 مايو 2026", "مشاركة", "ت + ت -"],
        ["متابعات", "قبل يومين", "5,234 مشاهدة"],
        ["@hind_k", "5 مايو 2026"],
        ["هند الخالدي | 19 أكتوبر 2026 | 10:30 ص"],
        ["هيئة التحرير • 12 ديسمبر 2024 5 دقائق للقراءة"],
        ["19/10/2026 - بقلم هند الخالدي"],
        ["كتب: هند الخالدي 19 أكتوبر 2026 10:30 صباحا"],
    ],
)
def test_writer_day_and_buttons_between_lead_and_text_go(lines: list[str]) -> None:
    assert body("".join(f"<div>{line}</div>" for line in lines)) == [LEAD, *TEXT]


@pytest.mark.parametrize("line", ["<h2>جسر طال انتظاره</h2>", "<p><strong>جسر طال انتظاره</strong></p>"])
def test_a_heading_between_lead_and_text_stays_where_no_day_stands(line: str) -> None:
    assert body(line) == [LEAD, "جسر طال انتظاره", *TEXT]


def test_a_heading_behind_the_day_stays() -> None:
    assert body("<div>5 مايو 2026</div><h2>جسر طال انتظاره</h2>") == [LEAD, "جسر طال انتظاره", *TEXT]


@pytest.mark.parametrize("line", ["مباراة الأهلي والزمالك 5 مايو 2026", "أحمد المصري 2026"])
def test_a_short_line_with_a_day_and_no_writer_is_no_signature(line: str) -> None:
    assert line in body(f"<p>{line}</p>")


def test_a_brief_above_another_article_with_its_own_heading_is_alone() -> None:
    brief = "أعلنت البلدية صباح اليوم أن الجسر الجديد فوق النهر سيفتح أمام المشاة مطلع الأسبوع المقبل."
    further = "وتابع أن ثلاثة أحياء أخرى ستحصل على جسور مشابهة خلال الأعوام الأربعة المقبلة بتمويل من الصندوق."
    other = "".join(f"<p>{line}</p>" for line in [LEAD, *TEXT, further])
    html = (
        f'<html lang="ar"><head><title>{TITLE}</title></head><body><div><article class="item"><h1>{TITLE}</h1>'
        f'<div class="article-body"><p>{brief}</p></div></article>'
        f'<article class="item"><h2>حريق في سوق الخشب القديم قرب المرفأ</h2>'
        f'<div class="article-body">{other}</div></article></div></body></html>'
    )
    assert text_of(html) == brief


def test_the_text_in_an_article_element_beside_that_of_the_headline_is_the_headlines() -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in TEXT)
    html = (
        f'<html lang="ar"><head><title>{TITLE}</title></head><body><article class="top"><h1>{TITLE}</h1></article>'
        f"<article><h2>جسر طال انتظاره</h2>{paragraphs}</article></body></html>"
    )
    assert text_of(html).splitlines()[-3:] == TEXT


def test_a_class_that_says_what_is_not_in_the_element_takes_no_text_away() -> None:
    """The text of a brief, on a page whose footer says more."""
    brief = "أعلنت البلدية صباح اليوم أن الجسر الجديد فوق النهر سيفتح أمام المشاة مطلع الأسبوع المقبل."
    about = "جريدة المرفأ صحيفة يومية مستقلة تصدر منذ عام 1950 عن دار المرفأ للنشر، وتعنى بشؤون المدينة وقراها. " * 2
    html = (
        f'<html lang="ar"><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>'
        f'<div class="entry-content no-share"><div><p>{brief}</p></div></div>'
        f"<footer><p>{about}</p></footer></body></html>"
    )
    assert text_of(html) == brief


def test_a_dialog_that_says_more_than_a_brief_is_no_text() -> None:
    rules = "".join(
        f"<p>{line.replace('الجسر', 'التعليق')} وهذا ما تقوله القاعدة رقم {n}.</p>" for n in "123" for line in TEXT
    )
    html = (
        f'<html lang="ar"><head><title>{TITLE}</title></head><body><div><h1>{TITLE}</h1><div><p>{TEXT[0]}</p>'
        f"<p>والجسر مضاء ليلا.</p><p>{TEXT[1]}</p></div></div>"
        f'<div class="modal-window"><h3>قواعد التعليق</h3>{rules}</div></body></html>'
    )
    assert text_of(html).splitlines() == [TEXT[0], "والجسر مضاء ليلا.", TEXT[1]]


def test_verses_in_a_paragraph_behind_text_in_other_elements_stay() -> None:
    verses = ["يا نهر خذني إلى الجسر القديم", "فالموج يعرف كل أسمائي", "وإن ماءك سر ميناءي"]
    text = "".join(f"<div class='t'>{line}</div>" for line in TEXT)
    html = (
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div>{text}<p>{'<br>'.join(verses)}</p></div>"
        "</body></html>"
    )
    assert text_of(html).splitlines() == [*TEXT, *verses]


@pytest.mark.parametrize("names", ["story__keypoints", "key-points", "article-highlights", "takeaways"])
def test_points_of_the_story_above_its_text_are_a_part_of_it(names: str) -> None:
    points = ["90 ألف دينار كلفة الجسر", "إنارة الضفتين بعد الصيف"]
    items = "".join(f"<li>{line}</li>" for line in points)
    paragraphs = "".join(f"<p>{line}</p>" for line in TEXT)
    other = "<ul class='bar'><li>أخبار المدينة</li><li>اقتصاد</li></ul>"
    page = (
        f'<html lang="ar"><head><title>{TITLE}</title></head><body><div><h1>{TITLE}</h1><div class="{names}">'
        f'<ul>{items}</ul></div>{other}<div class="story__body">{paragraphs}</div></div></body></html>'
    )
    assert text_of(page).splitlines() == [*points, *TEXT]


def test_the_line_that_a_statement_begins_with_stays() -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in ("بسم الله الرحمن الرحيم", *TEXT))
    page = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div>{paragraphs}</div></body></html>"
    assert text_of(page).splitlines() == ["بسم الله الرحمن الرحيم", *TEXT]
