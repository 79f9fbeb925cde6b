"""Table cells whose text runs from right to left: each line of them is isolated, so that columns keep their places.

A terminal that orders by direction (GNOME Terminal, Konsole, mlterm) would else take "عنوان │ 12 │" for one stretch
and show the number on the wrong side of the border.
"""

from __future__ import annotations

import unicodedata

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

from warraq.cli.terminal_text import isolated

_FROM_THE_RIGHT = ("R", "AL", "AN")


def cell(text: str) -> Text | IsolatedCell:
    """Text for a cell of a table; safe_line() has been over what comes from the web."""
    return IsolatedCell(text) if any(unicodedata.bidirectional(c) in _FROM_THE_RIGHT for c in text) else Text(text)


class IsolatedCell:
    """Folds like text, and isolates line by line."""

    def __init__(self, text: str) -> None:
        self.text = Text(text)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.text.wrap(console, options.max_width, overflow="fold"):
            line.rstrip()
            yield Text(isolated(line.plain)) if console.is_terminal else line

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement.get(console, options, self.text)
