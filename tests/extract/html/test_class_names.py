"""What class names say of an element: words that somebody chose, and none that stand in made-up names by chance."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.html.element_roles import structure_rule
from extract.html.parsing import parse_html
from extract.page import Page
from storage.model.records import ArticleText
from tests.extract.html.test_hidden_text import TEXT, TITLE


def rule_of(names: str) -> str | None:
    return structure_rule(parse_html(f'<html><body><div class="{names}">x</div></body></html>').find(".//div"))


@pytest.mark.parametrize(
    ("names", "rule"),
    [
        ("ad300x250", "class.advert"),
        ("ads-728x90", "class.advert"),
        ("divAdTop", "class.advert"),
        ("ad-slot2", "class.advert"),
        ("sidebar2", "class.sidebar"),
        ("mainNavBar", "class.navigation"),
        ("block-related-posts-by-tag-1", "class.related"),
        ("widget widget_recent_entries", "class.widget"),
        ("font-size", "class.share"),
        ("post-font-size-controls", "class.share"),
        ("text-size", "class.share"),
        ("toc", "class.contents"),
    ],
)
def test_names_tell_what_an_element_is_for(names: str, rule: str) -> None:
    assert rule_of(names) == rule


@pytest.mark.parametrize(
    "names",
    [
        "elementor-element elementor-element-2638ad0",
        "component component_1ad269af0d",
        "article--paragraph block-id-n1AuAdJlVL",
        "css-1ad2nav",
        "has-medium-font-size",
        "has-font-14-px-font-size",
        "text-size-medium",
        "menu-prices-rise-in-the-old-market-of-the-port",
        "so-panel widget widget_text",
        "article-widget article-widget-text",
    ],
)
def test_a_word_in_a_name_that_a_program_made_or_that_says_how_it_looks_tells_nothing(names: str) -> None:
    assert rule_of(names) is None


@pytest.mark.parametrize(
    "names",
    [
        "has-large-font-size",
        "block-id-n1AuAdJlVL",
        "elementor-element-7ad2638",
        "toc_prices",
        "so-panel widget",
        "kt-adv-heading8887_7d03df-18",
    ],
)
def test_paragraphs_of_such_names_are_text(names: str) -> None:
    first, *others = (f'<div class="{names}"><p class="{names}">{line}</p></div>' for line in TEXT)
    plain = "".join(f"<p>{line}</p>" for line in TEXT[1:])
    at = datetime(2026, 3, 1, tzinfo=UTC)
    for body in (first + plain, "".join((first, *others))):
        page = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div>{body}</div></body></html>"
        found = extract_article(Page(body=page.encode(), url="https://marfa.example/n/1", captured_at=at))
        assert isinstance(found, ArticleText)
        assert tuple(found.body.splitlines()) == TEXT
