"""How the stages show themselves: progress on standard error, a run's numbers as a table or as JSON."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from storage.model.records import Run

LINE_SECONDS = 10.0  # between two lines of progress where there is no terminal, as in a task's log


@contextlib.contextmanager
def page_progress(console: Console, what: str) -> Iterator[Callable[[int, int], None]]:
    """A function that shows `done` of `total`: a moving bar on a terminal, a line now and then elsewhere."""
    if not console.is_terminal:
        yield _lines(console, what)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines(console: Console, what: str) -> Callable[[int, int], None]:
    last = time.monotonic()

    def say(done: int, total: int) -> None:
        nonlocal last
        if done == total or time.monotonic() - last > LINE_SECONDS:
            last = time.monotonic()
            console.print(Text(f"{done} of {total} {what}"), soft_wrap=True)

    return say


def run_as_json(run: Run) -> dict[str, Any]:
    """A run's row for programs."""
    return {
        "run_id": run.run_id,
        "verdict": str(run.verdict),
        "findings": list(run.findings),
        "links": run.links,
        "outcomes": run.outcomes,
        "articles_new": run.articles_new,
        "editions": run.editions,
        "articles_known": run.articles_known,
        "rejected": run.rejected,
        "baseline_articles": run.baseline_articles,
        "rounds": run.rounds,
        "attempts": run.attempts,
        "extractor_version": run.extractor_version,
    }


def run_table(run: Run) -> Table:
    """A run's row for people."""
    table = Table(title=Text(run.run_id), title_justify="left", show_header=False, box=None)
    usual = f" ({run.baseline_articles:g} are usual)" if run.baseline_articles is not None else ""
    rows = {
        "verdict": str(run.verdict),
        "links": f"{run.links:,}",
        "new articles": f"{run.articles_new:,}{usual}",
        "new editions": f"{run.editions:,}",
        "known articles": "" if run.articles_known is None else f"{run.articles_known:,} of this window",
        "pages rejected": f"{run.rejected:,}",
        "outcomes": ", ".join(f"{name} {count:,}" for name, count in run.outcomes.items()),
    }
    for name, value in rows.items():
        table.add_row(name, Text(value))
    for finding in run.findings:
        table.add_row("finding", Text(finding))  # Text, never markup: it quotes the web
    return table
