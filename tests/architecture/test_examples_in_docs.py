"""The Python that documents show is Python, and the definition of the tutorial is one that Warraq takes."""

from __future__ import annotations

import ast
import re

import pytest

from spiders.registry import read_definitions
from storage.settings import read_settings
from tests.fixtures.paths import ROOT

PAGES = sorted(path for room in ("tutorial", "how_to", "explain") for path in (ROOT / "docs" / room).rglob("*.md"))
BLOCKS = [
    pytest.param(block, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, block in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL))
]


@pytest.mark.parametrize("block", BLOCKS)
def test_an_example_is_python(block: str) -> None:
    ast.parse(re.sub(r"^(\s*)…$", r"\1...", block, flags=re.M).replace("…", ""))


def test_the_definition_of_the_tutorial_can_be_used(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("definitions")
    page = (ROOT / "docs" / "tutorial" / "first_portal.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (folder / "example.py").write_text(block, encoding="utf-8")
    found = read_definitions(read_settings({"WARRAQ_PORTALS": str(folder)}))
    assert not found.bad
    assert found.portals["example"].title_en == "Example"
