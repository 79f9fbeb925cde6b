"""The pages of a benchmark: from the demo portal, or from a corpus folder (pages/, gold.jsonl, manifest.jsonl)."""

from __future__ import annotations

import ast
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from w3lib.encoding import html_to_unicode

from bench.extract.measures import Gold
from storage.errors import UsageError
from warraq.demo.portal import DemoSite
from warraq.demo.server.corpus_writer import gold_row

# A saved page does not say when it was saved; this is later than all of them, so no true date is in its future.
SAVED_BEFORE = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """One page with its truth. `counts` is false where the folder's own scores leave a page out of the means."""

    name: str
    url: str | None  # None where the folder does not know it
    body: bytes
    content_type: str | None
    captured_at: datetime
    gold: Gold
    counts: bool = True

    @property
    def address(self) -> str:
        """The URL, or one that no site has, for extractors that want one."""
        return self.url or "https://unknown.invalid/"

    @cached_property
    def html(self) -> str:
        """The page decoded, for extractors that take text."""
        return html_to_unicode(self.content_type, self.body)[1]


def demo_cases(*, articles: int, seed: int, hashed_css: bool = False) -> list[Case]:
    """Articles of the demo portal, all layouts in turn; `hashed_css` leaves class names that tell nothing."""
    site = DemoSite(seed=seed, articles=articles, days=30, hashed_css=hashed_css)
    cases = []
    for number in range(articles):
        truth, page = site.truth(number), site.page(number)
        gold = _gold(gold_row(truth, file=str(number)))
        cases.append(Case(str(number), truth.url, page.body, page.content_type, site.calendar.clock, gold))
    return cases


def corpus_cases(folder: Path) -> list[Case]:
    """The pages of a corpus folder that have gold. Raises UsageError if it is none."""
    try:
        not_counted = left_out(folder / "score.py")
        gold = {row["file"]: row for row in _rows(folder / "gold.jsonl")}
        manifest = {row["file"]: row for row in _rows(folder / "manifest.jsonl")}
        return [
            Case(
                name=file,
                url=manifest[file]["url"],
                body=(folder / file).read_bytes(),
                content_type=manifest[file].get("content_type"),
                captured_at=_captured_at(manifest[file]),
                gold=_gold(row),
                counts=file not in not_counted,
            )
            for file, row in gold.items()
        ]
    except (OSError, KeyError, ValueError) as error:
        raise UsageError(f"{folder} is no corpus folder: {error!r}", remedy="name one with CORPUS=…") from error


def outside_cases(folder: Path) -> dict[str, list[Case]]:
    """The pages of a folder of public sets (pages/*.gz, gold.jsonl), by source. Raises UsageError if it is none."""
    found: dict[str, list[Case]] = {}
    try:
        for row in _rows(folder / "gold.jsonl"):
            body = gzip.decompress((folder / "pages" / row["name"]).read_bytes())
            case = Case(row["name"], row["url"], body, "text/html", SAVED_BEFORE, _outside_gold(row))
            found.setdefault(row["source"], []).append(case)
    except (OSError, KeyError, ValueError) as error:
        raise UsageError(f"{folder} holds no outside pages: {error!r}", remedy="name them with OUTSIDE=…") from error
    return found


def _outside_gold(row: dict[str, Any]) -> Gold:
    authors = row["authors"] or ()
    return Gold(
        title=row["title"],
        body=row["body"],
        published=row["published"],
        author=authors[0] if authors else None,
        must_not_contain=tuple(row["without"]) if row["without"] else None,
        must_contain=tuple(row["with"] or ()),
        is_listing=row["kind"] == "listing",
        is_author_known=row["authors"] is not None,
        optional=tuple(row["optional"] or ()),
        other_authors=tuple(authors[1:]),
    )


def left_out(scorer: Path) -> frozenset[str]:
    """Pages that the folder's own score.py, if it has one, leaves out of the means; read, not run."""
    if not scorer.exists():
        return frozenset()
    for statement in ast.parse(scorer.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "LEFT_OUT":
            return frozenset(ast.literal_eval(statement.value))
    return frozenset()


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def _captured_at(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["captured_at"]) if "captured_at" in row else SAVED_BEFORE


def _gold(row: dict[str, Any]) -> Gold:
    others = row.get("alternatives") or {}
    return Gold(
        title=row["title"],
        body=row["body"],
        published=row["published"],
        author=row["author"],
        must_not_contain=tuple(row["must_not_contain"]),
        optional=tuple(row.get("optional") or ()),
        other_titles=tuple(others.get("title", ())),
        other_days=tuple(others.get("published", ())),
        other_authors=tuple(others.get("author", ())),
    )
