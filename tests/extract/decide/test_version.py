"""The extractor's version follows from its code and data, and from nothing else."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from extract.decide.version import extractor_version, rules_digest

RULES = '''"""What the module is for."""
LIMIT = 3  # why


def keep(text):
    """What it does."""
    return len(text) > LIMIT
'''


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "keep.py").write_text(RULES)
    (folder / "names.txt").write_text("سلمى\n")
    return folder


def test_comments_docstrings_and_formatting_do_not_count(rules: Path) -> None:
    before = rules_digest(rules)
    said = '"""Other words."""\nLIMIT = (\n    3\n)\n\ndef keep(text):\n    return len(text)>LIMIT\n'
    (rules / "keep.py").write_text(said)
    (rules / "__pycache__").mkdir()
    (rules / "__pycache__" / "keep.pyc").write_bytes(b"x")
    (rules / "py.typed").touch()
    assert rules_digest(rules) == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("keep.py", "LIMIT = 3", "LIMIT = 4"),
        ("keep.py", ") > LIMIT", ") >= LIMIT"),
        ("keep.py", "3", "3.0"),
        ("names.txt", "سلمى", "سلمي"),
    ],
)
def test_code_and_data_count(rules: Path, name: str, old: str, new: str) -> None:
    before = rules_digest(rules)
    path = rules / name
    path.write_text(path.read_text().replace(old, new))
    assert rules_digest(rules) != before


def test_a_module_that_moves_or_comes_counts(rules: Path) -> None:
    before = rules_digest(rules)
    (rules / "keep.py").rename(rules / "kept.py")
    moved = rules_digest(rules)
    (rules / "new.py").touch()
    assert len({before, moved, rules_digest(rules)}) == 3


def test_it_names_trafilatura_and_is_the_same_each_time() -> None:
    assert extractor_version() == extractor_version()
    assert extractor_version().endswith(f"+trafilatura-{version('trafilatura')}")
