"""The closed lists that documents show are those of the code: no word is missing, and none is left over."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

import pytest

from extract.dates import records
from storage.model.meanings import DATE_SOURCES, FLAGS, OUTCOMES, PRECISIONS, REJECTIONS, VERDICTS, outcome_meanings
from storage.model.outcomes import Outcome, Rejection, outcome_names
from storage.model.records import Precision, Verdict
from tests.extract.expected import extract_page, saved_pages
from tests.fixtures.paths import ROOT
from warraq.pipeline.settling.shared_canonicals import SHARED_FLAG


@pytest.mark.parametrize(
    ("meanings", "words"),
    [(OUTCOMES, Outcome), (REJECTIONS, Rejection), (PRECISIONS, Precision), (VERDICTS, Verdict)],
)
def test_each_word_of_a_closed_list_has_a_meaning(meanings: dict[str, object], words: type) -> None:
    assert {str(word) for word in meanings} == {str(word) for word in words}


def test_every_stored_outcome_has_a_meaning() -> None:
    assert set(outcome_meanings()) == set(outcome_names())


def test_every_source_of_a_date_has_a_meaning() -> None:
    names = ("JSON_LD", "META", "TIME_ELEMENT", "VISIBLE_TEXT", "URL", "LISTING")
    assert set(DATE_SOURCES) == {getattr(records, name) for name in names}


def nodes_of_extract() -> Iterator[ast.AST]:
    for path in (ROOT / "extract").rglob("*.py"):
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def texts(nodes: Iterable[ast.AST]) -> set[str]:
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def given_to_flags(node: ast.AST) -> list[ast.expr]:
    """What a statement adds to `flags`, or gives it as its value."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="flags"), attr="add"), args=args):
            return args
        case ast.Assign(targets=[ast.Name(id="flags")], value=value) | ast.keyword(arg="flags", value=value):
            return [value]
    return []


def test_every_flag_has_a_meaning_and_every_meaning_a_flag() -> None:
    given = [part for node in nodes_of_extract() for value in given_to_flags(node) for part in ast.walk(value)]
    assert texts(given) <= set(FLAGS)
    # What pages of one run say of each other is known when the run's links are settled.
    assert set(FLAGS) <= texts(nodes_of_extract()) | {SHARED_FLAG}
    on_pages = {flag for path in saved_pages() for flag in extract_page(path).get("flags", ())}
    assert on_pages <= set(FLAGS)
