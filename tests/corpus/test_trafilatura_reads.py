"""How much of the stored text is trafilatura's answer, on real pages where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import extract.text.article_text as article_text_module
from bench.extract.cases import Case, corpus_cases, outside_cases
from extract.body.trafilatura_text import read_region
from extract.extractor import extract_article
from extract.html.block import Block
from extract.page import Page
from storage.model.records import ArticleText

SHARED = Path(__file__).parents[2].parent / "shared"
CORPUS = Path(os.environ.get("WARRAQ_CORPUS", SHARED / "corpus"))
OUTSIDE = Path(os.environ.get("WARRAQ_OUTSIDE", SHARED / "outside"))
EVERY = 6
LEAST_SHARE = 0.98

# Asked when tests are collected, by each process and whichever tests it runs: the pages are not read for it.
HAS_CORPUS, HAS_OUTSIDE = (CORPUS / "gold.jsonl").exists(), (OUTSIDE / "gold.jsonl").exists()

pytestmark = pytest.mark.corpus


def cases() -> list[Case]:
    found = corpus_cases(CORPUS) if HAS_CORPUS else []
    outside = outside_cases(OUTSIDE) if HAS_OUTSIDE else {}
    return found + [case for rows in outside.values() for case in rows[::EVERY] if not case.gold.is_listing]


@pytest.mark.timeout(900)  # machines are busy
@pytest.mark.skipif(not (HAS_CORPUS or HAS_OUTSIDE), reason=f"neither {CORPUS} nor {OUTSIDE} is there")
def test_nearly_all_stored_lines_come_from_trafilaturas_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[str] = []

    def listen(blocks: list[Block]) -> list[str]:
        lines = read_region(blocks)
        answers.extend(lines)
        return lines

    monkeypatch.setattr(article_text_module, "read_region", listen)
    stored = answered = 0
    for case in cases():
        answers.clear()
        result = extract_article(Page(case.body, case.captured_at, url=case.url, content_type=case.content_type))
        if not isinstance(result, ArticleText):
            continue
        everything = "".join(filter(str.isalnum, "".join(answers)))
        for line in result.body.split("\n"):
            stored += 1
            answered += "".join(filter(str.isalnum, line)) in everything
    assert stored
    assert answered >= LEAST_SHARE * stored, f"{answered} of {stored} lines"
