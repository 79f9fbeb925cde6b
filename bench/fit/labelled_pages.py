"""Pages whose right answer is known: labelled sets, the project's saved pages, the demo portal."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.extract.cases import Case, demo_cases
from extract.page import Page

SAVED_BEFORE = datetime(2026, 11, 1, tzinfo=UTC)
SAVED_PAGES = Path("tests/extract/pages")
DEMO_ARTICLES = 30
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class LabelledPage:
    """A page, its publisher, and its text; no text for a page that is no article."""

    name: str
    source: str
    publisher: str  # what is left out together
    page: Page
    text: str | None
    optional: tuple[str, ...] = ()  # lines that a text may have or not
    counts: bool = True  # false where the set's own figures leave it out


def words_of(text: str) -> list[str]:
    """The words that figures count."""
    return _WORD.findall(text.lower())


def labelled_pages(folders: list[Path]) -> Iterator[LabelledPage]:
    """All pages at hand, in an order that does not change."""
    for folder in folders:
        if (folder / "gold.jsonl").exists():
            yield from _outside(folder) if (folder / "pages").is_dir() and _is_outside(folder) else _corpus(folder)
    yield from _saved()
    yield from _demo()


def _is_outside(folder: Path) -> bool:
    with (folder / "gold.jsonl").open(encoding="utf-8") as lines:
        return "kind" in json.loads(lines.readline())


def _rows(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _outside(folder: Path) -> Iterator[LabelledPage]:
    for row in _rows(folder / "gold.jsonl"):
        body = gzip.decompress((folder / "pages" / str(row["name"])).read_bytes())
        page = Page(body, SAVED_BEFORE, url=str(row["url"]) if row["url"] else None, content_type="text/html")
        is_article = row["kind"] == "article"
        optional = tuple(map(str, row["optional"])) if isinstance(row["optional"], list) else ()
        text = str(row["body"]) if is_article else None
        yield LabelledPage(str(row["name"]), str(row["source"]), str(row["group"]), page, text, optional)


def _corpus(folder: Path) -> Iterator[LabelledPage]:
    from bench.extract.cases import left_out

    no_counts = left_out(folder / "score.py")
    for row in _rows(folder / "gold.jsonl"):
        file = str(row["file"])
        page = Page(_unpacked(folder / file), SAVED_BEFORE)
        optional = tuple(map(str, row["optional"])) if isinstance(row.get("optional"), list) else ()
        publisher = Path(file).name.split("__")[0]
        yield LabelledPage(file, "arabic", publisher, page, str(row["body"]), optional, counts=file not in no_counts)
    lists = folder / "listing_gold.jsonl"
    if lists.exists():
        for row in _rows(lists):
            file = str(row["file"])
            yield LabelledPage(
                file, "arabic", Path(file).name.split("__")[0], Page(_unpacked(folder / file), SAVED_BEFORE), None
            )


def _unpacked(path: Path) -> bytes:
    body = path.read_bytes()
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def _saved() -> Iterator[LabelledPage]:
    for path in sorted(SAVED_PAGES.glob("*.html")):
        expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        text = "\n".join(expected["body"]) if "body" in expected else None
        yield LabelledPage(path.stem, "saved", path.stem, Page(path.read_bytes(), SAVED_BEFORE), text)


def _demo() -> Iterator[LabelledPage]:
    for hashed in (False, True):
        cases: list[Case] = demo_cases(articles=DEMO_ARTICLES, seed=23 + hashed, hashed_css=hashed)
        for case in cases:
            page = Page(case.body, case.captured_at, url=case.url, content_type=case.content_type)
            # A layout is a publisher: its pages are alike.
            publisher = f"demo{int(case.name) % 10}"
            yield LabelledPage(f"demo{hashed}-{case.name}", "demo", publisher, page, case.gold.body)
