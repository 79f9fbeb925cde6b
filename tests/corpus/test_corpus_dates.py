"""The forms and pages gathered from real portals, where they are at hand; nothing of them is part of the project."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest

from extract.dates.grammar.arabic import parse_arabic_date
from extract.extractor import extract_article
from extract.page import Page
from storage.model.records import ArticleText
from tests.fixtures.paths import ROOT

SHARED = ROOT.parent / "shared"
FORMS = SHARED / "facts" / "dates.json"
CORPUS = SHARED / "corpus"
CAPTURED = datetime(2026, 11, 22, tzinfo=UTC)
pytestmark = pytest.mark.corpus
# Body of one link, and body loaded by a script: no article, so no date.
NOT_ARTICLES = {"pages/tech2030__01.html", "pages/yemennownews__02.html"}


@pytest.mark.skipif(not FORMS.is_file(), reason="needs the gathered date forms in ../shared/facts")
def test_every_gathered_form_that_means_a_day_is_read_as_that_day() -> None:
    wrong = []
    for example in json.loads(FORMS.read_text(encoding="utf-8"))["examples"]:
        meant = re.match(r"(\d{4}-\d{2}-\d{2})", example["meaning"])
        parsed = parse_arabic_date(example["raw"], zone=None, captured_at=CAPTURED)
        if meant and (parsed is None or parsed.wall.date().isoformat() != meant[1]):
            wrong.append((example["raw"], meant[1], parsed))
    assert wrong == []


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the pages in ../shared/corpus")
def test_no_real_page_gets_a_wrong_day() -> None:
    urls = {}
    for line in (CORPUS / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        urls[entry["file"]] = entry["url"]
    days: dict[str, str | None] = {}
    expected: dict[str, str] = {}
    for line in (CORPUS / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        if gold["file"] in NOT_ARTICLES or not gold["published"]:
            continue
        published = datetime.fromisoformat(gold["published"])
        page = Page((CORPUS / gold["file"]).read_bytes(), CAPTURED, url=urls[gold["file"]])
        article = extract_article(page)
        found = article.published_at if isinstance(article, ArticleText) else None
        local = found.astimezone(published.tzinfo) if found and published.tzinfo else found
        days[gold["file"]] = local.date().isoformat() if local else None
        expected[gold["file"]] = published.date().isoformat()
    assert days == expected
