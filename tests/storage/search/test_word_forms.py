"""Words are found in their forms: the list in word_queries.txt, and agreement of the three ways to ask."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.identity.arabic_folding import text_norm
from storage.search.word_forms import FUNCTION_WORDS, WHOLE_WORDS, beginnings, forms, prefix_pattern, word_pattern

QUERIES = Path(__file__).with_name("word_queries.txt")
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويء"
WORDS = st.text(LETTERS, min_size=1, max_size=9)


def word_queries() -> list[tuple[str, set[str], set[str]]]:
    """What is typed, the folded spellings that are right, and the folded ones that are wrong."""
    found = []
    for line in QUERIES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            typed, right, wrong = (part.split() for part in line.split("|"))
            found.append(
                (typed[0], {text_norm(word) for word in (*typed, *right)}, {text_norm(word) for word in wrong})
            )
    return found


def test_the_list_is_long_enough_and_holds_no_word_twice() -> None:
    typed = [query for query, _, _ in word_queries()]
    assert len(set(typed)) == len(typed) >= 100


def test_recall_and_precision_over_all_words_of_the_list() -> None:
    queries = word_queries()
    every = {word for _, right, wrong in queries for word in right | wrong}
    recalls, precisions, slips = [], [], []
    for typed, right, _ in queries:
        spelled = set(forms(text_norm(typed)))
        found = every & spelled
        recalls.append(len(found & right) / len(right))
        precisions.append(len(found & right) / len(found))
        if found != right:
            slips.append(f"{typed}: missing {right - found}, wrong {found - right}")
    assert sum(recalls) / len(recalls) >= 0.98, slips
    assert sum(precisions) / len(precisions) >= 0.95, slips


@given(WORDS, WORDS)
def test_forms_and_pattern_say_the_same(typed: str, other: str) -> None:
    spelled = set(forms(typed))
    assert typed in spelled
    assert all(re.fullmatch(word_pattern(typed), form) for form in spelled)
    assert bool(re.fullmatch(word_pattern(typed), other)) == (other in spelled)


@given(WORDS)
def test_beginnings_and_pattern_say_the_same(typed: str) -> None:
    assert all(re.fullmatch(prefix_pattern(typed), f"{start}خخ") for start in beginnings(typed))


@pytest.mark.parametrize("word", ["bbc", "2024", "5%", "g20", "€"])
def test_what_is_not_arabic_stands_for_itself(word: str) -> None:
    assert list(forms(word)) == [word]
    assert re.fullmatch(word_pattern(word), word)


def test_the_words_in_the_code_are_folded() -> None:
    assert {word for word in WHOLE_WORDS | FUNCTION_WORDS if text_norm(word) != word} == set()
