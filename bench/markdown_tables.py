"""Markdown tables, and the place in a document where one belongs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Column:
    """A heading, the key of its values, and how they are written."""

    heading: str
    key: str
    form: str = "{:.3f}"


def markdown_table(
    rows: Sequence[tuple[str, Mapping[str, object]]], columns: Sequence[Column], *, first: str = ""
) -> list[str]:
    """Lines of a table; a missing value is a dash."""
    lines = [f"| {first} | " + " | ".join(column.heading for column in columns) + " |"]
    lines.append("| --- |" + " ---: |" * len(columns))
    for name, values in rows:
        cells = (
            column.form.format(values[column.key]) if values.get(column.key) is not None else "–" for column in columns
        )
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def put_between_markers(document: Path, name: str, text: str) -> bool:
    """Replace what stands between `<!-- name -->` and `<!-- /name -->`; False where the document has no such place."""
    content = document.read_text(encoding="utf-8") if document.exists() else ""
    place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
    if not place.search(content):
        return False
    document.write_text(place.sub(lambda match: f"{match[1]}{text}\n{match[2]}", content), encoding="utf-8")
    return True
