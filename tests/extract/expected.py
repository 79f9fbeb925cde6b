"""What the extractor makes of the saved pages in tests/extract/pages, as JSON beside each page.

A file holds the fields that its page is about, and only these are compared: a new column rewrites none of them. To have
a page speak of one more field, add its name with any value. `python -m tests.extract.expected` writes the values again;
review the difference before it is committed.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extract.extractor import extract_article
from extract.page import Page
from storage.model.records import Rejected

PAGES = Path(__file__).parent / "pages"
CAPTURED_AT = datetime(2025, 3, 1, 12, tzinfo=UTC)
# What a new page's file holds: what each article has, and of the rest what this page says.
ALWAYS = ("title", "body", "authors", "published_at", "published_precision", "published_source", "removed_blocks")
IF_SAID = ("description", "section", "tags", "agency", "lead_image_url", "canonical_url", "modified_at", "flags")
USUAL_LANGUAGE = "ar"


def saved_pages() -> list[Path]:
    """All saved pages, by name."""
    return sorted(PAGES.glob("*.html"))


def extract_page(path: Path) -> dict[str, Any]:
    """The result as plain JSON values; long removed texts are shortened."""
    result = extract_article(Page(path.read_bytes(), CAPTURED_AT))
    removed = [f"{block.rule}: {block.text[:60]}" for block in result.removed_blocks]
    if isinstance(result, Rejected):
        return {"rejection": str(result.reason), "detail": result.detail, "removed": removed}
    fields = asdict(result)
    fields["body"] = result.body.split("\n")
    fields["removed_blocks"] = removed
    for name in ("published_at", "modified_at"):
        fields[name] = fields[name].isoformat() if fields[name] else None
    return json.loads(json.dumps(fields))  # type: ignore[no-any-return]  # tuples become lists


def expected_of(path: Path) -> dict[str, Any]:
    """What is written beside a page; empty for a new page."""
    beside = path.with_suffix(".json")
    return json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}


def told(result: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """Of a result the fields that the expected one speaks of; of a new page, or another kind of end, the usual ones."""
    if ("rejection" in result) == ("rejection" in expected) and expected:
        return {name: result.get(name) for name in expected}
    if "rejection" in result:
        return result
    said = [name for name in IF_SAID if result[name]]
    language = ["language"] if result["language"] != USUAL_LANGUAGE else []
    return {name: result[name] for name in (*ALWAYS, *said, *language)}


def main() -> None:
    """Write the expected results of all pages."""
    for path in saved_pages():
        text = json.dumps(told(extract_page(path), expected_of(path)), ensure_ascii=False, indent=1)
        path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
