"""An article and its editions on a terminal, or as one object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from storage.model.records import Edition
from warraq.cli.rtl_cells import cell
from warraq.cli.terminal_text import isolated, safe_line, safe_text
from warraq.lookup.edition_diff import Change, edition_changes

_STYLES = {"same": "", "removed": "red strike", "added": "green"}
# Without colours, words keep these signs; brackets stand outside the isolate, so they never swap sides with it.
_SIGNS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}


def print_article(chosen: Edition, editions: Sequence[Edition], *, part: str) -> None:
    """The article, its `editions`, or what changed between them (`diff`)."""
    shown = {"article": _print_article, "editions": _print_editions, "diff": _print_changes}
    shown[part](Console(), chosen, editions)


def _distinct(editions: Sequence[Edition]) -> list[Edition]:
    """One row a text: windows that overlap may each hold the same edition."""
    return list({edition.edition_id: edition for edition in reversed(editions)}.values())[::-1]


def article_as_object(chosen: Edition, editions: Sequence[Edition], *, part: str) -> dict[str, Any]:
    """The same for programs."""
    distinct = _distinct(editions)
    if part == "article":
        return {**asdict(chosen), "editions": [edition.edition_id for edition in distinct]}
    if part == "editions":
        return {"article_id": chosen.article_id, "editions": [asdict(edition) for edition in distinct]}
    steps = [
        {
            "from": before.edition_id,
            "to": after.edition_id,
            "captured_at": after.captured_at,
            "changes": {name: [asdict(c) for c in found] for name, found in edition_changes(before, after).items()},
        }
        for before, after in pairwise(distinct)
    ]
    return {"article_id": chosen.article_id, "diff": steps}


def _print_article(console: Console, chosen: Edition, editions: Sequence[Edition]) -> None:
    text = chosen.text
    console.print(Text(safe_line(text.title), style="bold"))
    facts = Table(show_header=False, box=None, pad_edge=False)
    known = {
        "portal": chosen.portal,
        "published": f"{_time(text.published_at)} ({text.published_source}, {text.published_precision})"
        if text.published_at
        else "unknown",
        "authors": "، ".join(text.authors),
        "agency": text.agency,
        "section": text.section,
        "licence": text.licence,
        "url": chosen.url,
        "captured": _time(chosen.captured_at),
        "editions": str(len(_distinct(editions))),
        "flags": ", ".join(text.flags),
        "article": chosen.article_id,
        "edition": chosen.edition_id,
        "record": f"{chosen.place.key} at {chosen.place.offset}, {chosen.place.length} bytes",
    }
    for name, value in known.items():
        if value:
            facts.add_row(Text(name, style="dim"), cell(safe_line(value)))
    console.print(facts)
    console.print()
    for paragraph in safe_text(text.body).split("\n"):
        console.print(Text(paragraph), soft_wrap=not console.is_terminal)


def _print_editions(console: Console, chosen: Edition, editions: Sequence[Edition]) -> None:
    table = Table(header_style="bold")
    for name in ("", "captured", "words", "edition", "title"):
        # An id that is cut short is of no use; titles fold.
        table.add_column(name, no_wrap=name == "edition", overflow="fold")
    for number, edition in enumerate(_distinct(editions), start=1):
        cells = (_time(edition.captured_at), str(edition.text.word_count), edition.edition_id)
        table.add_row(str(number), *cells, cell(safe_line(edition.text.title)))
    console.print(table)


def _print_changes(console: Console, chosen: Edition, editions: Sequence[Edition]) -> None:
    distinct = _distinct(editions)
    if len(distinct) == 1:
        console.print("one edition only: nothing has changed", highlight=False)
    for number, (before, after) in enumerate(pairwise(distinct), start=1):
        console.print(Text(f"edition {number} → {number + 1}, captured {_time(after.captured_at)}", style="bold"))
        for name, found in edition_changes(before, after).items():
            console.print(Text(name, style="dim"))
            console.print(marked(found, signs=console.no_color or not console.is_terminal), soft_wrap=True)


def marked(found: Sequence[Change], *, signs: bool) -> Text:
    """Changes for a terminal: coloured, or with signs where there are no colours."""
    whole = Text()
    for change in found:
        text = safe_text(change.text)
        opening, closing = _SIGNS[change.kind] if signs else ("", "")
        # An isolate ends with its line, so each line of a stretch has its own.
        lines = text.split("\n")
        if change.kind != "same":
            lines = [f"{opening}{isolated(line)}{closing}" if line else "" for line in lines]
        gap = " " if lines[-1] else ""
        whole.append("\n".join(lines) + gap, style="" if signs else _STYLES[change.kind])
    return whole


def _time(instant: Any) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"
