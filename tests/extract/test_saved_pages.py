"""Saved pages give the article or the rejection that is written beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.model.outcomes import Rejection
from tests.extract.expected import expected_of, extract_page, saved_pages, told

# Made by the tests of hostile pages, because their page is too big to be saved.
MADE_ELSEWHERE = {Rejection.TOO_COMPLEX}


def page_name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", saved_pages(), ids=page_name)
def test_a_saved_page_gives_what_is_expected(path: Path) -> None:
    expected = expected_of(path)
    assert expected, "a new page: run python -m tests.extract.expected, and review what it writes"
    assert told(extract_page(path), expected) == expected, (
        "if the new result is right: python -m tests.extract.expected, and review the diff"
    )


def test_a_new_derived_field_changes_no_expected_page() -> None:
    path = next(path for path in saved_pages() if "rejection" not in expected_of(path))
    result = extract_page(path) | {"reading_ease": 0.7}
    assert told(result, expected_of(path)) == expected_of(path)
    assert "reading_ease" not in told(result, {})


def test_every_rejection_has_a_page() -> None:
    found = {expected_of(path).get("rejection") for path in saved_pages()}
    assert {str(reason) for reason in Rejection} - {str(reason) for reason in MADE_ELSEWHERE} == found - {None}
