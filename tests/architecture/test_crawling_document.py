"""docs/explain/crawling.md names what the code does."""

from __future__ import annotations

import re

from storage.model.outcomes import Outcome
from tests.fixtures.paths import ROOT

TEXT = (ROOT / "docs" / "explain" / "crawling.md").read_text(encoding="utf-8")


def test_the_document_explains_every_outcome() -> None:
    table = TEXT.partition("## Outcomes")[2].partition("## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE)) == set(Outcome)
