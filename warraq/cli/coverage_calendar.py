"""Coverage on a terminal: a line a month, a block a day, legible without colours too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from rich.console import Console
from rich.text import Text

from warraq.findings.completeness import DayLists, summed
from warraq.monitoring.coverage import DayCoverage, DayStatus

BLOCKS = {
    DayStatus.BEFORE: (" ", ""),
    DayStatus.DUE: ("…", "dim"),
    DayStatus.ARCHIVED: ("█", "green"),
    DayStatus.THIN: ("▃", "yellow"),
    DayStatus.DEGRADED: ("▒", "dark_orange"),
    DayStatus.PARTIAL: ("▌", "cyan"),
    DayStatus.REFUSED: ("x", "red"),
    DayStatus.MISSING: ("·", "red"),
}


def print_calendar(
    console: Console, days: Sequence[DayCoverage], named: Mapping[tuple[str, date], DayLists] | None = None
) -> None:
    """One calendar a portal, oldest month first; day 1 stands in the first column. `named`: what its lists say."""
    for portal, own in groupby(days, key=lambda day: day.portal):
        listed = list(own)
        console.print(Text(portal, style="bold"))
        for month, of_month in groupby(listed, key=lambda day: (day.day.year, day.day.month)):
            line = Text(f"  {month[0]:04d}-{month[1]:02d} ")
            blocks = {day.day.day: day for day in of_month}
            for number in range(1, 32):
                line.append(*_block(blocks.get(number)))
            line.append(f"  {sum(day.articles for day in blocks.values()):>7,} articles")
            if editions := sum(day.editions for day in blocks.values()):
                line.append(f", {editions:,} editions")
            lists = [one for day in blocks.values() if (one := (named or {}).get((portal, day.day)))]
            line.append(held_of(lists))
            console.print(line, soft_wrap=True)
        counts = Counter(day.status for day in listed)
        told = Text("  ")
        for status, (block, colour) in BLOCKS.items():
            if counts[status] and status is not DayStatus.BEFORE:
                told.append(f"{block} {status} {counts[status]}   ", style=colour)
        console.print(told, soft_wrap=True)


def held_of(lists: Sequence[DayLists]) -> str:
    """The share held of what some days' lists name, and how sure those are; nothing where none names any."""
    whole = summed(lists)
    if whole is None or whole.share is None:
        return ""
    listed = whole.listed - whole.no_article
    return f"  {100 * whole.share:3.0f} % of {listed:,} listed ({whole.kind}: {whole.confidence})"


def _block(day: DayCoverage | None) -> tuple[str, str]:
    return (" ", "") if day is None else BLOCKS[day.status]
