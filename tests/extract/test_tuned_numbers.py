"""The numbers that were chosen by hand stay few: one for each thing, and each with a name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.fixtures.paths import ROOT

MOST = 150
# Bare numbers that something is held against: shares of links by the half, parts of clocks and dates, code points.
MOST_BARE = 80
FITTED = ("text_card.py", "page_card.py")
# They bound time, memory or what is stored: no page of real size gives another answer where they move.
_BOUNDS = """DECLARATION_BYTES DIGITS FAR_FUTURE MAX_AUTHORS MAX_BLOCKS MAX_BLOCK_CHARACTERS MAX_COMPARED_BLOCKS
MAX_DEPTH MAX_DESCRIPTION_CHARACTERS MAX_ELEMENTS MAX_GAP_CHARACTERS MAX_HEADLINES MAX_MAIN_HEADINGS
MAX_META_CHARACTERS MAX_META_ELEMENTS MAX_NAME_CHARACTERS MAX_NODES MAX_OBJECTS MAX_OPENINGS MAX_OWN_LINES
MAX_PAGE_CHARACTERS MAX_PARAGRAPH_CHARACTERS MAX_PARTS MAX_PASSES MAX_PLACE_DEPTH MAX_RAW_CHARACTERS
MAX_READ_BYTES MAX_READ_DEPTH MAX_READ_ELEMENTS MAX_REFUSED MAX_REMOVED_BLOCKS MAX_REMOVED_CHARACTERS
MAX_SAMPLE_CHARACTERS MAX_SCOPES MAX_SCRIPT_CHARACTERS MAX_SELECTED MAX_STATED MAX_STATED_CHARACTERS
MAX_STEPS MAX_TAGS MAX_TAG_CHARACTERS MAX_TEXT_CHARACTERS MAX_TITLES MAX_TITLE_CHARACTERS
MAX_WHOLE_CHARACTERS MAX_WITNESSES SAMPLE_CHARACTERS SAMPLE_CHARS SCRIPT_CHARACTERS SHOWN_EVIDENCE
MAX_OFFER_CHARACTERS MAX_REMEMBERED_LINE MAX_COUNTED_TAG
MAX_READ_CHARACTERS CHARACTERS_A_LINE MAX_COMPARED_ATTRIBUTES MAX_SHORT_TAG
MAX_WORD_CHARACTERS"""
BOUNDS = frozenset(_BOUNDS.split())
# What calendars and clocks are like.
FACTS = frozenset(("CLOCK_SKEW", "FIRST_YEAR", "JALALI_YEARS", "LATEST", "_HIJRI_TOLERANCE", "MAX_DAYS"))


def numbers(path: Path) -> Iterator[str]:
    """Names of a module's constants that are one number beyond two.

    One and two say «one» and «a pair», and were not tuned. Tables are data, and fitted weights have their support.
    """
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
                if len(names) == len(values):
                    yield from (
                        ast.unparse(name) for name, value in zip(names, values, strict=True) if _is_number(value)
                    )


def _is_number(value: ast.expr) -> bool:
    bare = value.operand if isinstance(value, ast.UnaryOp) else value
    return isinstance(bare, ast.Constant) and type(bare.value) in (int, float) and bare.value not in (0, 1, 2)


def test_fewer_numbers_are_tuned_than_a_person_can_keep_in_mind() -> None:
    found = [
        (path.relative_to(ROOT).as_posix(), name)
        for path in sorted((ROOT / "extract").rglob("*.py"))
        if path.name not in FITTED
        for name in numbers(path)
        if name not in BOUNDS | FACTS
    ]
    assert len(found) < MOST, (
        f"{len(found)} tuned numbers: use one that there is, or show by held-out pages that it is needed"
    )


def bare_numbers(path: Path) -> Iterator[str]:
    """Comparisons with a number that has no name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Compare):
            yield from (ast.unparse(node) for value in (node.left, *node.comparators) if _is_number(value))


def test_numbers_without_a_name_do_not_grow() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {said}"
        for path in sorted((ROOT / "extract").rglob("*.py"))
        for said in bare_numbers(path)
    ]
    assert len(found) <= MOST_BARE, "\n".join((f"{len(found)} bare numbers: name the new one", *found))
