"""Elements with masses of attributes lose them before the parser, which walks all of an element's for each more."""

from __future__ import annotations

import pytest

from spiders.sources.reading.article_links import parse_page
from spiders.sources.reading.attributes import MAX_ATTRIBUTES, without_attribute_masses

MANY = 300_000
LINK = '<a href="/news/1">عنوان خبر من أخبار المدينة</a>'


@pytest.mark.parametrize(
    ("begin", "unit", "end"),
    [
        ("<a ", "a{n}=b ", ">"),
        ("<a ", "a{n}\n=\n'b' ", ">"),
        ("<a ", "a{n}='b'", ">"),
        ("<a ", "a{n} ", ">"),
        ("<a/", "a{n}/", ">"),
        ("<a b='>' ", "a{n}=b ", ">"),
        ("<a ", "<a{n}=b ", ">"),
        ("<A\n", "a{n}=b\n", "/>"),
    ],
)
def test_a_page_with_one_is_read_as_if_it_had_none(begin: str, unit: str, end: str) -> None:
    mass = begin + "".join(unit.format(n=n) for n in range(MANY)) + end
    tree = parse_page(f"<html><body>{mass}{LINK}<p b=c>{LINK}</body></html>".encode())
    assert [anchor.get("href") for anchor in tree.iter("a")] == [None, "/news/1", "/news/1"]
    assert max(len(element.attrib) for element in tree.iter()) == 1


@pytest.mark.parametrize(
    "page",
    [
        f"<a {' '.join(f'a{n}' for n in range(MAX_ATTRIBUTES))}>",
        f"<img src='data:image/png;base64,{'QUJD RA== ' * 5_000}'>",
        f"<!-- <a {'b ' * 5_000} --><p>x</p>",
        f"<script>for (i = 0; i <a {'b ' * 5_000}</script>{LINK}",
        f"<svg><path d='{'M 1 2 ' * 5_000}'/></svg>",
    ],
)
def test_all_else_stays_as_it_is(page: str) -> None:
    assert without_attribute_masses(page) == page


@pytest.mark.parametrize("unit", ["<a ", "<a b='", '<a b="', "<!--", "<script>", "=", "<a =", "'\""])
def test_what_nothing_closes_is_looked_at_once(unit: str) -> None:
    """A second look at each would not end within the suite's limit."""
    page = unit * 700_000
    assert len(without_attribute_masses(page)) <= len(page)
