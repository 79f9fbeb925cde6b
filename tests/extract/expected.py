"""What the extractor makes of the saved pages in tests/extract/pages, as JSON beside each page.

`python -m tests.extract.expected` writes the JSON again; review the difference before it is committed.
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


def main() -> None:
    """Write the expected results of all pages."""
    for path in saved_pages():
        text = json.dumps(extract_page(path), ensure_ascii=False, indent=1)
        path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
