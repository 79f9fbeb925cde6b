"""Section and tags as pages show them: paths, categories, labels, linked tags, hashtags; titles with a section."""

from __future__ import annotations

import json

import pytest

from tests.extract.fields.test_as_sites_name_it import WHOLE, article

TITLE = "قرية السدرة تحفر بئرها الأولى بعد عقدين من الانتظار"
HOME = '<a href="/">الرئيسية</a>'
LOCAL = '<a href="/c/1">محليات</a>'


def crumb_list(*names: str) -> str:
    entries = [{"@type": "ListItem", "position": n, "name": name} for n, name in enumerate(names, 1)]
    stated = json.dumps({"@type": "BreadcrumbList", "itemListElement": entries}, ensure_ascii=False)
    return f'<script type="application/ld+json">{stated}</script>'


@pytest.mark.parametrize(
    "above",
    [
        f'<div class="breadcrumb">{HOME} » {LOCAL} » {TITLE}</div>',
        f'<nav id="breadcrumb">{HOME}<em>/</em>{LOCAL}<em>/</em><span>{TITLE}</span></nav>',
        f"<div>أنت هنا: {HOME} / {LOCAL} / {TITLE}</div>",
        f'<ul class="breadcrumbs"><li>{HOME}</li><li>{LOCAL}</li><li><a href="/n/71">{TITLE}</a></li></ul>',
        crumb_list("الرئيسية", "محليات", TITLE),
        '<span><a rel="category tag" href="/c/1">محليات</a></span>',
        "<p>القسم: محليات</p>",
        '<dl><dd>المجموعة: <a href="/c/1">محليات</a></dd></dl>',
    ],
)
def test_the_section(above: str) -> None:
    assert article(f"{above}<h1>{TITLE}</h1><div>{WHOLE}</div>", title=TITLE).section == "محليات"


@pytest.mark.parametrize(
    "page",
    [
        f'<div class="breadcrumb">{HOME} » {TITLE}</div><h1>{TITLE}</h1><div>{WHOLE}</div>',
        f'<h1>{TITLE}</h1><div>{WHOLE}</div><h3>اقرأ أيضا</h3><p><a rel="category tag" href="/c/2">رياضة</a></p>',
        f"<h1>{TITLE}</h1><p>القسم الثاني: من يدفع الثمن؟</p><div>{WHOLE}</div>",
    ],
)
def test_no_section(page: str) -> None:
    assert article(page, title=TITLE).section is None


@pytest.mark.parametrize(
    "below",
    [
        '<div class="tags"><a rel="tag" href="/t/1">مياه</a><a rel="tag" href="/t/2">آبار</a></div>',
        '<div class="post-tags"><span>الوسوم</span><a href="/t/1">مياه</a> <a href="/t/2">آبار</a></div>',
        "<div>الكلمات الدلالية: مياه، آبار</div>",
        "<div>الوسوم: مياه؛ آبار</div>",
        '<div><a href="/t/1">#مياه</a> <a href="/t/2">#آبار</a></div>',
    ],
)
def test_the_tags(below: str) -> None:
    record = article(f"<h1>{TITLE}</h1><div>{WHOLE}</div>{below}", title=TITLE)
    assert record.tags == ("مياه", "آبار")


def test_hashtags_above_the_text_are_the_sites() -> None:
    page = f'<div><a href="/t/1">#عاجل</a> <a href="/t/2">#غزة</a></div><h1>{TITLE}</h1><div>{WHOLE}</div>'
    assert article(page, title=TITLE).tags == ()


def test_an_arabic_semicolon_divides_keywords() -> None:
    head = '<meta name="keywords" content="مياه؛ آبار">'
    assert article(f"<h1>{TITLE}</h1><div>{WHOLE}</div>", title=TITLE, head=head).tags == ("مياه", "آبار")


@pytest.mark.parametrize(("behind", "kept"), [("محليات", ""), ("فصل جديد", " - فصل جديد")])
def test_a_section_before_the_sites_name_is_no_part_of_the_title(behind: str, kept: str) -> None:
    head = '<meta property="og:site_name" content="السدرة نيوز">'
    record = article(f"<div>{WHOLE}</div>", title=f"{TITLE} - {behind} - السدرة نيوز", head=head)
    assert record.title == f"{TITLE}{kept}"
