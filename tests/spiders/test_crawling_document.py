"""docs/crawling.md names what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from storage.model.outcomes import Outcome

TEXT = (Path(__file__).parents[2] / "docs" / "crawling.md").read_text(encoding="utf-8")


def test_the_document_explains_every_outcome() -> None:
    table = TEXT.partition("## Outcomes")[2].partition("## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE)) == set(Outcome)
