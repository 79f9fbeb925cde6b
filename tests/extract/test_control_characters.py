"""Control characters and non-characters inside of a page's text neither stop extraction nor reach the record."""

from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page
from storage.model.records import ArticleText

SENTENCE = "أعلنت وزارة الزراعة أن محصول القمح هذا العام يكفي حاجة البلاد حتى نهاية الصيف المقبل"


@pytest.mark.parametrize("character", ["\x01", "\x08", "\x0b", "\x1f", "\x7f", "\x9f", "\ufdd0", "\ufffe", "\uffff"])
def test_a_character_that_no_tree_can_hold_is_dropped(character: str) -> None:
    paragraphs = "".join(f"<p>{SENTENCE} {number}، {character}{SENTENCE}.</p>" for number in range(4))
    html = f"<html><body><h1>محصول {character}القمح يكفي البلاد</h1><article>{paragraphs}</article></body></html>"
    found = extract_article(Page(html.encode(), datetime(2024, 12, 25, tzinfo=UTC)))
    assert isinstance(found, ArticleText)
    assert found.body.count(SENTENCE) == 8
    assert character not in found.body + found.title
