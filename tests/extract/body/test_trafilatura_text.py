"""trafilatura reads every article: in its own elements, and on the whole page where the other voices are in doubt."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extract.body.trafilatura_text import found_in, read_region, read_whole_page
from extract.extractor import extract_article
from extract.html.blocks import read_blocks
from extract.html.parsing import parse_html
from extract.page import Page
from storage.model.records import ArticleText
from tests.extract.expected import saved_pages

CAPTURED_AT = datetime(2025, 3, 1, 12, tzinfo=UTC)
ACCEPTED = [p for p in saved_pages() if "rejection" not in json.loads(p.with_suffix(".json").read_text("utf-8"))]

PAGE = """<html><body><nav><a href="/">الرئيسية</a></nav><div class="text"><h2>عنوان فرعي</h2>
<p>وصل القطار <a href="/x">متأخرا</a> ساعة كاملة، ولم يعتذر أحد من الركاب الذين انتظروه في البرد.</p>
<blockquote>قال المحصل إن الثلج سد الطريق عند الجسر القديم، ثم صمت طويلا.</blockquote>
<ul><li>رحلة الصباح تصل في موعدها</li><li>رحلة المساء تلغى حتى إشعار آخر</li></ul>
<table><tr><td>الدرجة</td><td>السعر</td></tr><tr><td>الأولى</td><td>90</td></tr></table>
<p>ويعود الخط إلى مواعيده صباح الأحد، كما جاء في بيان قصير علق على باب المحطة.</p></div></body></html>"""


@pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: path.stem)
def test_it_answers_on_each_saved_article(path: Path) -> None:
    result = extract_article(Page(path.read_bytes(), CAPTURED_AT))
    assert isinstance(result, ArticleText)
    assert not {"trafilatura_silent", "trafilatura_partial"} & set(result.flags)


def test_headings_paragraphs_quotations_items_and_rows_come_in_their_order() -> None:
    blocks = [block for block in read_blocks(parse_html(PAGE)) if block.tag != "nav"]
    lines = read_region([block for block in blocks if block.text != "الرئيسية"])
    assert lines == [
        "عنوان فرعي",
        "وصل القطار متأخرا ساعة كاملة، ولم يعتذر أحد من الركاب الذين انتظروه في البرد.",
        "قال المحصل إن الثلج سد الطريق عند الجسر القديم، ثم صمت طويلا.",
        "رحلة الصباح تصل في موعدها",
        "رحلة المساء تلغى حتى إشعار آخر",
        "الدرجة | السعر",
        "الأولى | 90",
        "ويعود الخط إلى مواعيده صباح الأحد، كما جاء في بيان قصير علق على باب المحطة.",
    ]


def test_it_is_given_the_chosen_blocks_and_nothing_else() -> None:
    blocks = read_blocks(parse_html(PAGE))
    chosen = [block for block in blocks if "القطار" in block.text or "الخط" in block.text]
    assert read_region(chosen) == [block.text for block in chosen]


def test_a_region_without_text_and_a_page_without_text_give_no_lines() -> None:
    assert read_region([]) == []
    assert read_whole_page(parse_html("<html><body><div></div></body></html>"), []) == []


def test_a_block_is_found_whatever_became_of_its_blanks_and_breaks() -> None:
    blocks = read_blocks(parse_html("<p>سطر أول طويل بما يكفي للبحث عنه، ثم سطر ثان</p><p>قصير</p><p>غائب تماما</p>"))
    assert found_in(["سطر أول طويل بما يكفي للبحث عنه،", "ثم سطر ثان", "قصير"], blocks) == [True, True, False]


def test_where_it_does_not_answer_a_flag_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    # The library itself is made silent, as an upgrade might make it.
    monkeypatch.setattr("trafilatura.bare_extraction", lambda *_, **__: None)
    path = next(path for path in ACCEPTED if path.stem == "numbered_list")
    result = extract_article(Page(path.read_bytes(), CAPTURED_AT))
    assert isinstance(result, ArticleText)
    assert "trafilatura_silent" in result.flags
    assert result.body


PARAGRAPHS = (
    "وصل القطار متأخرا ساعة كاملة، ولم يعتذر أحد من الركاب الذين انتظروه في البرد، ولم يقل أحد متى يعود.",
    "وقال المحصل إن الثلج سد الطريق عند الجسر القديم، وإن العمال أزاحوه بأيديهم لأن الجرافة تعطلت في أول الليل.",
    "وأوضحت إدارة الخط أن رحلة المساء تلغى حتى إشعار آخر، وأن ثمن التذاكر يعاد إلى أصحابها في شباك المحطة.",
    "ويعود الخط إلى مواعيده صباح الأحد، كما جاء في بيان قصير علق على باب المحطة ولم يوقعه أحد من المسؤولين.",
)


@pytest.mark.parametrize(
    "odd",
    [
        "<div>{}</div>",
        '<div><div dir="rtl"><span>{}</span></div></div>',
        "<section>{}</section>",
        "<center>{}</center>",
        "<details open><summary></summary>{}</details>",
        "<x-paragraph>{}</x-paragraph>",
        "<p><li>{}</li></p>",
        "<div><li>{}</li></div>",
        "<ul><li>{}</li></ul>",
        "<blockquote>{}</blockquote>",
        "<table><tr><td><div>{}</div></td></tr></table>",
        "<div><div><style>p {{}}</style>{}<div><br></div></div></div>",
        "<div><img src='/1.jpg'><br><b></b>{}<br><br><img src='/2.jpg'></div>",
        "{}",
    ],
)
def test_a_paragraph_in_another_element_between_paragraphs_is_read(odd: str) -> None:
    first, second, third, fourth = PARAGRAPHS
    page = (
        f"<html><head><title>القطار يتأخر ساعة كاملة</title></head><body><h1>القطار يتأخر ساعة كاملة</h1><div>"
        f"<p>{first}</p>{odd.format(second)}<p>{third}</p><p>{fourth}</p></div></body></html>"
    )
    found = extract_article(Page(page.encode(), CAPTURED_AT))
    assert isinstance(found, ArticleText)
    assert tuple(found.body.splitlines()) == PARAGRAPHS


def test_a_time_at_the_end_of_a_line_stays() -> None:
    lines = [
        f"وافتتح الوزير المعرض رقم {number} في المدينة أمس بحضور الأهالي وأصحاب المحال القريبة من النهر"
        for number in "123"
    ]
    paragraphs = "".join(f"<p>{line}.</p>" for line in lines)
    title = "افتتاح معرض المدينة الجديد قرب النهر"
    page = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{paragraphs}"
    page += f"<p>{lines[0]} ويعود إليها <time>صباح الأحد</time></p></article></body></html>"
    record = extract_article(Page(page.encode(), datetime(2024, 12, 20, tzinfo=UTC)))
    assert isinstance(record, ArticleText), record
    assert record.body.endswith("صباح الأحد")
