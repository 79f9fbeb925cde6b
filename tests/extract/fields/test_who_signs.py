"""Writers who sign at the end of a text, chose what a list has, or stand in the article's head."""

from __future__ import annotations

import pytest

from tests.extract.fields.test_as_sites_name_it import WHOLE, article

TITLE = "قرية السدرة تحفر بئرها الأولى بعد عقدين من الانتظار"


def authors(body: str) -> tuple[str, ...]:
    return article(body, title=TITLE).authors


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("عن أولياء الأمور: سالم القمودي", ("سالم القمودي",)),
        ("عن المكتب المحلي، سالم القمودي", ("سالم القمودي",)),
        ("+ المطران يوحنا سركيس", ("المطران يوحنا سركيس",)),
        ("- سالم القمودي / سيدني", ("سالم القمودي",)),
        # Who is no person, whose words were quoted, what begins like a signature.
        ("عن المكتب المحلي: الكاتب العام", ()),
        ("عن الرواية: صدرت في طبعتين", ()),
        ("- مجلس القرية / سيدني", ()),
    ],
)
def test_who_signs_in_the_texts_last_line(line: str, names: tuple[str, ...]) -> None:
    assert authors(f"<h1>{TITLE}</h1><div>{WHOLE}<p>{line}</p></div>") == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("اختيار: سالم القمودي - 8 شباط 2025", ("سالم القمودي",)),
        ("اختيار: كتاب الشهر - 8 شباط 2025", ()),
    ],
)
def test_who_chose_what_a_list_has(line: str, names: tuple[str, ...]) -> None:
    assert authors(f"<div><h1>{TITLE}</h1><div>{WHOLE}</div><div class='foot'>{line}</div></div>") == names


@pytest.mark.parametrize(
    ("head", "around", "names"),
    [
        ("<header>", "</header>", ("سالم القمودي",)),
        ("<div>", "</div>", ()),  # a column's writer at the side
    ],
)
def test_a_writers_name_in_the_articles_head_counts_in_an_aside_too(
    head: str, around: str, names: tuple[str, ...]
) -> None:
    aside = '<aside><figure><img src="a.jpg"></figure><h4 class="author-name">سالم القمودي</h4></aside>'
    assert authors(f"<article>{head}<h1>{TITLE}</h1>{aside}{around}<section>{WHOLE}</section></article>") == names
