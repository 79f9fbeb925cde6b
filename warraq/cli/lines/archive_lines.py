"""How `warraq archive` looks on a terminal: one moving line while a stage works, a summary at the end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from warraq.pipeline.archive import STAGES, ArchiveResult

# Keys of the stages' reports that a person wants first, with their words; the rest is in --json.
_SHOWN = {
    "verdict": "verdict",
    "links": "links found",
    "requests": "requests",
    "articles_new": "new articles",
    "editions": "editions",
    "articles_known": "articles known before",
    "rejected": "pages rejected",
    "bytes_received": "bytes received",
}


@contextlib.contextmanager
def stage_lines(console: Console) -> Iterator[Callable[[str, str], None]]:
    """Give a `say` for archive_run: a status line on a terminal, plain lines elsewhere."""
    if not console.is_terminal:
        yield lambda stage, line: console.print(Text(f"{stage}: {line}"), soft_wrap=True)
        return
    with console.status("crawl") as status:
        yield lambda stage, line: status.update(Text(f"{stage}  {line}"[: console.width - 4]))


def summary_table(result: ArchiveResult) -> Table:
    """What the run found and how long each stage took."""
    table = Table(title=Text(str(result.run)), title_justify="left", show_header=False, box=None)
    told: dict[str, Any] = {}
    for stage in STAGES:
        told |= {key: value for key, value in result.reports.get(stage, {}).items() if value is not None}
    for key, words in _SHOWN.items():
        if key in told:
            table.add_row(words, _plain(told[key]))
    outcomes = told.get("outcomes")
    if isinstance(outcomes, dict) and outcomes:
        table.add_row("outcomes", _plain(", ".join(f"{name} {count}" for name, count in sorted(outcomes.items()))))
    for finding in told.get("findings") or ():
        table.add_row("finding", _plain(finding))
    table.add_row("seconds", _plain(", ".join(f"{stage} {seconds:.1f}" for stage, seconds in result.seconds.items())))
    return table


def _plain(value: object) -> Text:
    # Text, never markup: titles and messages come from the web.
    return Text(f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value))
