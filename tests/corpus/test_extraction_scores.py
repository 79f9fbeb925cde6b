"""Scores on real pages with gold made by hand, where a corpus is at hand: they may not fall."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import re
import zlib
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from extract.extractor import extract_article
from extract.html.decoding import decode_page
from extract.page import Page
from extract.profile import UNKNOWN_PORTAL, PortalProfile
from spiders.registry import load_portals
from storage.model.records import ArticleText, Rejected
from storage.settings import read_settings
from warraq.lookup.saved_page import as_object, profile_for

CORPUS = Path(os.environ.get("WARRAQ_CORPUS", Path(__file__).parents[2].parent / "shared" / "corpus"))
CAPTURED_AT = datetime(2026, 11, 1, tzinfo=UTC)

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not (CORPUS / "score.py").exists(), reason=f"no corpus at {CORPUS}; WARRAQ_CORPUS names one"),
]


def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("corpus_score", CORPUS / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def gold() -> list[dict[str, object]]:
    lines = (CORPUS / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def profiles(page: Page, *, definitions: bool) -> PortalProfile:
    return profile_for(page, load_portals(read_settings())) if definitions else UNKNOWN_PORTAL


@pytest.mark.parametrize("definitions", [False, True], ids=["unknown portal", "portal definitions"])
def test_the_scores_hold(*, definitions: bool) -> None:
    score = scorer()
    rows = []
    for row in gold():
        page = Page((CORPUS / str(row["file"])).read_bytes(), CAPTURED_AT)
        profile = profiles(page, definitions=definitions)
        found = as_object(str(row["file"]), extract_article(page, profile), profile)
        if row["file"] not in score.LEFT_OUT:
            rows.append(score.score(row, found))
    means = {key: score.mean(rows, key) for key in ("f1", "leak", "title", "date", "wrong", "author", "author_false")}
    assert means["f1"] >= 0.985, means
    assert means["leak"] <= 0.01, means
    assert means["title"] == 1.0, means
    assert means["date"] >= 0.95, means
    assert means["wrong"] == 0, means
    assert means["author"] >= 0.85, means
    assert means["author_false"] == 0, means


def without_names(html: str) -> str:
    """The page with all classes and ids replaced by words that say nothing: a site that no rule has ever seen."""
    return re.sub(
        r"""(?i)\b(class|id|itemprop|rel|role)\s*=\s*["']([^"']*)["']""",
        lambda found: f'{found[1]}="{" ".join(f"x{zlib.crc32(word.encode()):x}" for word in found[2].split())}"',
        html,
    )


def without_metadata(html: str) -> str:
    """The page with its title, and with no other metadata."""
    html = re.sub(r"(?is)<script[^>]*ld\+json.*?</script>", "", html)
    return re.sub(r"(?i)<meta[^>]*>", '<meta charset="utf-8">', html)


def test_text_title_and_writer_are_found_without_class_names_and_metadata() -> None:
    score = scorer()
    rows = []
    for row in gold():
        if row["file"] in score.LEFT_OUT:
            continue
        saved = Page((CORPUS / str(row["file"])).read_bytes(), CAPTURED_AT)
        html = without_names(without_metadata(decode_page(saved)))
        page = Page(html.encode(), CAPTURED_AT, content_type="text/html; charset=utf-8")
        rows.append(score.score(row, as_object(str(row["file"]), extract_article(page), UNKNOWN_PORTAL)))
    means = {key: score.mean(rows, key) for key in ("f1", "leak", "title", "wrong", "author", "author_false")}
    assert means["f1"] >= 0.985, means
    assert means["leak"] <= 0.01, means
    assert means["title"] >= 0.95, means
    assert means["wrong"] == 0, means
    assert means["author"] >= 0.75, means
    assert means["author_false"] == 0, means


def test_lists_and_feeds_of_the_corpus_are_no_articles() -> None:
    lines = (CORPUS / "listing_gold.jsonl").read_text(encoding="utf-8").splitlines()
    for row in map(json.loads, filter(str.strip, lines)):
        result = extract_article(Page((CORPUS / row["file"]).read_bytes(), CAPTURED_AT))
        assert isinstance(result, Rejected), row["file"]


def test_mutated_real_pages_do_not_make_it_raise() -> None:
    dice = random.Random(7)
    for path in sorted((CORPUS / "pages").iterdir()):
        body = path.read_bytes()
        changed = bytearray(body)
        for _ in range(60):
            at = dice.randrange(len(changed))
            changed[at : at + dice.randrange(200)] = dice.choice([b"", b"<", b"</div>", b"\xff\xfe", b'"'])
        for variant in (bytes(changed), body[: dice.randrange(len(body))]):
            assert isinstance(extract_article(Page(variant, CAPTURED_AT)), ArticleText | Rejected)
