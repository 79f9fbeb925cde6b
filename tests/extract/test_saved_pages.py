"""Saved pages give the article or the rejection that is written beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from storage.model.outcomes import Rejection
from tests.extract.expected import extract_page, saved_pages

# Made by the tests of hostile pages, because their page is too big to be saved.
MADE_ELSEWHERE = {Rejection.TOO_COMPLEX}


def page_name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", saved_pages(), ids=page_name)
def test_a_saved_page_gives_what_is_expected(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert extract_page(path) == expected, (
        "if the new result is right: python -m tests.extract.expected, and review the diff"
    )


def test_every_rejection_has_a_page() -> None:
    found = {
        json.loads(path.with_suffix(".json").read_text(encoding="utf-8")).get("rejection") for path in saved_pages()
    }
    assert {str(reason) for reason in Rejection} - {str(reason) for reason in MADE_ELSEWHERE} == found - {None}
