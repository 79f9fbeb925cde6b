"""Writes the demo portal as a corpus folder: pages/, the truth in gold.jsonl, manifest.jsonl."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from storage.model.records import Precision
from warraq.demo.portal import DemoSite
from warraq.demo.site.calendar import ZONE
from warraq.demo.site.truth import Truth


def gold_row(truth: Truth, *, file: str) -> dict[str, object]:
    """The truth about one page, with the fields of a corpus's gold."""
    local = truth.published_at.astimezone(ZONE)
    return {
        "file": file,
        "url": truth.url,
        "title": truth.title,
        "author": truth.author,
        "published": str(local.date()) if truth.precision is Precision.DAY else local.isoformat(),
        "body": truth.body,
        "must_not_contain": list(truth.boilerplate),
        "optional": list(truth.optional),
        # Two layouts let an agency stand where the author would.
        "alternatives": {"author": [truth.agency]} if truth.agency else {},
        "language": truth.language,
        "layout": truth.layout,
    }


def gold_rows(site: DemoSite) -> Iterator[dict[str, object]]:
    """Gold of all articles in order of time, then of the oddly shaped pages."""
    for number in range(site.articles):
        truth = site.truth(number)
        yield gold_row(truth, file=_file(truth, str(truth.public_id)))
    for path in site.odd_paths():
        truth = site.odd_page(path)[1]
        yield gold_row(truth, file=_file(truth, path.rsplit("/", 1)[-1]))


def write_truth(site: DemoSite, path: Path) -> None:
    """One JSON object a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for row in gold_rows(site):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def save_corpus(site: DemoSite, folder: Path) -> None:
    """Pages as served, their gold, and where each came from."""
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    write_truth(site, folder / "gold.jsonl")
    with (folder / "manifest.jsonl").open("w", encoding="utf-8", newline="\n") as manifest:
        for body, content_type, truth, name in _pages(site):
            file = _file(truth, name)
            (folder / file).write_bytes(body)
            row = {
                "file": file,
                "url": truth.url,
                "kind": "article",
                "language": truth.language,
                "bytes": len(body),
                "content_type": content_type,
                "captured_at": site.calendar.clock.isoformat(),
                "sha256": hashlib.sha256(body).hexdigest(),
            }
            manifest.write(json.dumps(row, ensure_ascii=False) + "\n")


def _pages(site: DemoSite) -> Iterator[tuple[bytes, str, Truth, str]]:
    for number in range(site.articles):
        page, truth = site.page(number), site.truth(number)
        yield page.body, page.content_type, truth, str(truth.public_id)
    for path in site.odd_paths():
        page, truth = site.odd_page(path)
        yield page.body, page.content_type, truth, path.rsplit("/", 1)[-1]


def _file(truth: Truth, name: str) -> str:
    return f"pages/{truth.layout}__{name}.html"
