"""Patterns that may stand anywhere in a line: looking only where one can begin hides none of them."""

from __future__ import annotations

import pytest

from extract.boilerplate.rule_matching import ANY_OF, candidates
from extract.boilerplate.rules.rule import Form


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("t me almasaa", "promo.address"),
        ("whatsapp com channel", "promo.address"),
        ("click here", "promo.click_here"),
        ("من هنا", "promo.click_here"),
        ("تفعيل javascript", "control.player"),
        ("required fields are marked", "comments.form"),
        ("all rights reserved", "legal.copyright"),
        ("powered by", "legal.copyright"),
        ("we use cookies", "legal.cookies"),
        ("the post of today appeared first", "legal.syndication"),
    ],
)
def test_words_are_found_wherever_in_a_line_they_stand(said: str, rule: str) -> None:
    for line in (said, f"{said} 5", f"والله {said}", f"as was said {said} again"):
        assert rule in {found.id for found in candidates(line, None)}, line


def test_latin_words_are_not_looked_for_within_words() -> None:
    assert ANY_OF[Form.INSIDE].search("not mean") is None
