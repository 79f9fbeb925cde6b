"""What a page may have of elements, attributes and lines; beyond it is told, and nothing is cut."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import lxml.etree
import pytest

from extract.boilerplate.rule_matching import candidates
from extract.extractor import extract_article
from extract.html.parsing import _ANY_ATTRIBUTE, _TAG, MAX_READ_CHARACTERS, TooComplex, parse_html
from extract.page import Page
from storage.model.outcomes import Rejection
from storage.model.records import ArticleText, Rejected

PIECES = [
    *("<", "<div", "<b", "</b", " ", " ", "a", "b1", "=", '"', "'", ">", ">", "/", "x=y", 'c="', "d='", "<!--", "-->"),
    *("<script>", "</script>", "<style", "--", "!", "\n", "\u00a0", "é", "&amp;"),
]
SENTENCE = "وصل فريق المسح إلى القرية رقم {} بعد يومين من السير في الجبال، ثم بدأ بقياس الآبار القديمة."


class MostAttributes:
    """What a parser tells of a page: the most attributes that one of its elements has."""

    def __init__(self) -> None:
        self.most = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.most = max(self.most, len(attributes))

    def close(self) -> int:
        return self.most


def test_tags_are_found_as_the_parser_finds_them() -> None:
    dice = random.Random(7)
    for _ in range(5_000):
        text = "<html><body>" + "".join(dice.choice(PIECES) for _ in range(dice.randint(1, 40)))
        parser = lxml.etree.HTMLParser(encoding="utf-8", target=MostAttributes())
        known = lxml.etree.fromstring(text.encode(), parser=parser)
        counted = [len(_ANY_ATTRIBUTE.findall(tag["attributes"] or "")) for tag in _TAG.finditer(text)]
        assert known <= max(counted), text


@pytest.mark.parametrize(
    "tag",
    [
        "<div " + " ".join(f"a{i}=1" for i in range(20_000)) + ">",
        "<div " + " ".join(f"a{i}" for i in range(20_000)) + ">",
        "<div " + " ".join(f'a{i}=">"' for i in range(20_000)) + ">",
        "<!--><div " + "/".join(f"a{i}='<b'" for i in range(20_000)) + ">",
        "".join("<div " + " ".join(f"a{i}" for i in range(500)) + "></div>" for _ in range(200)),
    ],
)
def test_an_element_with_attributes_beyond_measure_is_told(tag: str) -> None:
    page = f"<html><body><h1>عنوان خبر من الأخبار</h1>{tag}<p>{SENTENCE}</p></body></html>"
    found = extract_article(Page(page.encode(), datetime(2025, 3, 1, tzinfo=UTC)))
    assert isinstance(found, Rejected)
    assert found.reason is Rejection.TOO_COMPLEX
    assert "attributes" in found.detail


def test_what_a_script_compares_is_no_attribute() -> None:
    script = "<script>if (a<b && " + "c != d || " * 10_000 + "e) f();</script>"
    comment = "<!-- <b " + "c d " * 10_000 + "-->"
    broken = '<p title="' + "كلمة " * 3_000 + '">x</p>'
    assert parse_html(f"<html><body>{script}{comment}{broken}<p>{SENTENCE}</p></body></html>") is not None


def test_a_long_article_is_whole_and_a_longer_one_told() -> None:
    lines = [f"{SENTENCE.format(i)} {SENTENCE.format(-i)} {SENTENCE.format('أخرى')}" for i in range(3_000)]
    found = extracted(lines)
    assert isinstance(found, ArticleText)
    assert found.body.split("\n") == lines
    for beyond in (lines * 3, ["ا" * MAX_READ_CHARACTERS], [f"سطر {i}" for i in range(19_000)]):
        told = extracted(beyond)
        assert isinstance(told, Rejected)
        assert told.reason is Rejection.TOO_COMPLEX
        assert "lines" in told.detail


def extracted(lines: list[str]) -> ArticleText | Rejected:
    body = "".join(f"<p>{line}</p>" for line in lines)
    page = f"<html><body><article><h1>يوميات المسح في قرى الجبال</h1>{body}</article></body></html>"
    return extract_article(Page(page.encode(), datetime(2025, 3, 1, tzinfo=UTC)))


def test_tags_that_are_too_many_are_not_parsed() -> None:
    with pytest.raises(TooComplex, match="tags"):
        parse_html("<html><body>" + "<b>" * 100_000)


def test_a_word_without_end_is_no_line_of_boilerplate() -> None:
    assert candidates("ا" * 5_000, None) == ()
    assert candidates("من هنا " + "ا" * 5_000, None) == ()
    assert "promo.click_here" in {rule.id for rule in candidates("من هنا " + "ا" * 50, None)}
