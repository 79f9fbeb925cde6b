"""Which part of the page is the article: entries of a live report, a second article below, an old page's tables."""

from __future__ import annotations

import pytest

from extract.html.blocks import read_blocks
from extract.html.parsing import parse_html
from storage.model.records import ArticleText
from tests.extract.boilerplate.test_as_sites_print_it import TEXT, TITLE, WHOLE, lines, read

SHARE = '<div><a href="#s">شارك هذا التحديث</a></div>'


def test_all_entries_of_a_live_report_are_its_text() -> None:
    entries = "".join(
        f'<div class="lb-post"><div>1{n}:25</div><h3>تحديث من السد {n}</h3><p>{sentence}</p>{SHARE}</div>'
        for n, sentence in enumerate(TEXT)
    )
    assert [line for line in lines(f'<main><div class="lb-stream">{entries}</div></main>') if line in TEXT] == list(
        TEXT
    )


def test_a_story_of_two_sentences_in_an_element_each_is_whole() -> None:
    first, second = f"{TEXT[0][:-1]}، {TEXT[1]}", "ولا تزال فرق الإنقاذ تبحث عن عالقين تحت الأنقاض."
    parts = "".join(f'<div data-block="{n}"><span>{text}</span></div>' for n, text in enumerate((first, second)))
    assert lines(f'<div class="t">{parts}</div>') == [first, second]


def test_another_article_below_in_an_element_of_the_same_name_is_not_this_one() -> None:
    def story(tag: str, title: str, text: str, above: str = "") -> str:
        return (
            f'<div class="haber">{above}<{tag} class="baslik">{title}</{tag}><h2 class="spot">خلاصة ما جرى أمس.</h2>'
            f'<div><a class="muhabir">سامي الغندور</a><span>11.05.2026 - 10:40</span></div><div>{text}</div></div>'
        )

    other = "<p>خفضت البلدية زمن الانتظار في محطات الحافلات، وقالت إن أول حافلة تنطلق قبل الفجر بنصف ساعة.</p>" * 2
    first = story("h1", TITLE, WHOLE, above="<div>الأخبار › زراعة</div>")
    record = read(f"<main>{first}<div>الخبر التالي</div>{story('h2', 'مواعيد الحافلات تتغير', other)}</main>")
    assert isinstance(record, ArticleText)
    found = record.body.splitlines()
    assert [line for line in found if line in TEXT] == list(TEXT)
    assert not any("الحافلات" in line for line in found)


@pytest.mark.parametrize(
    "cell", ["<td>{}</td>", "<td><b>{}</b></td>", "<td><p>{}</p></td>", "<td><span><code>{}</code></span></td>"]
)
def test_short_cells_of_a_row_are_one_line_whatever_elements_they_stand_in(cell: str) -> None:
    rows = "".join(
        f"<tr>{cell.format(name)}{cell.format(price)}</tr>"
        for name, price in (("عيار 24", "5210"), ("عيار 21", "4559"))
    )
    blocks = read_blocks(parse_html(f"<html><body><table>{rows}</table></body></html>", None))
    assert [block.text for block in blocks] == ["عيار 24 | 5210", "عيار 21 | 4559"]


def test_cells_with_several_texts_are_no_row() -> None:
    row = "<tr><td><p>أعمدة</p><p>مقالات</p></td><td>5210</td></tr>"
    blocks = read_blocks(parse_html(f"<html><body><table>{row}</table></body></html>", None))
    assert [block.text for block in blocks] == ["أعمدة", "مقالات", "5210"]
