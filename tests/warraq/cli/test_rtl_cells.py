"""Arabic in a table: columns keep their places on terminals that order text by direction."""

from __future__ import annotations

import io

from rich.console import Console
from rich.table import Table

from warraq.cli.rtl_cells import IsolatedCell, cell
from warraq.cli.terminal_text import END, ISOLATE


def drawn(*, is_terminal: bool, width: int = 24) -> list[str]:
    out = io.StringIO()
    table = Table("title", "n")
    table.add_row(cell("أسعار القمح ترتفع في الأسواق"), "12")
    Console(file=out, width=width, force_terminal=is_terminal, color_system=None).print(table)
    return out.getvalue().splitlines()


def test_each_line_of_an_arabic_cell_is_isolated_and_borders_stay_in_line() -> None:
    lines = [line for line in drawn(is_terminal=True) if ISOLATE in line]
    assert len(lines) == 3
    for line in lines:
        assert line.count(ISOLATE) == line.count(END) == 1
        assert line.index(END) < line.rindex("│")
    plain = [line.replace(ISOLATE, "").replace(END, "") for line in drawn(is_terminal=True)]
    assert plain == drawn(is_terminal=False)
    assert len({len(line) for line in plain}) == 1


def test_other_text_stays_as_it_is() -> None:
    assert isinstance(cell("نص"), IsolatedCell)
    assert not isinstance(cell("2024-12-25"), IsolatedCell)
