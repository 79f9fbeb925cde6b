"""How a crawl looks on a terminal: progress, the summary, the estimate of a dry run."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
import time
from collections.abc import Callable, Iterator, Sequence

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from spiders.links.options import CrawlProgress
from storage.model.records import CrawlReport
from warraq.cli.terminal_text import json_text

LINE_SECONDS = 5.0  # between two lines of progress where there is no terminal
_GOOD = frozenset({"captured", "unchanged", "skipped_seen", "gone", "out_of_window"})


def print_summary(report: CrawlReport, reasons: Sequence[str]) -> None:
    """What a finished crawl found, for people."""
    seconds = (report.finished_at - report.started_at).total_seconds()
    table = Table(title=Text(report.run_id), title_justify="left", show_header=False, box=None)
    rows = {
        "links found": f"{report.links:,}",
        "by source": ", ".join(f"{kind} {count:,}" for kind, count in report.sources.items()) or "none",
        "outcomes": ", ".join(f"{name} {count:,}" for name, count in report.outcomes.items()) or "none",
        "requests": f"{report.requests:,} in {seconds:.1f} s, {report.bytes_received / 1e6:.1f} MB",
        "raw archive": f"{len(report.chunks)} chunks, round {report.round}, attempt {report.attempt}",
        "degraded": "; ".join(reasons),
    }
    for name, text in rows.items():
        if text:
            table.add_row(name, Text(text))
    for problem in report.problems[:20]:
        table.add_row("problem", Text(problem))
    for note in report.notes[:10]:
        table.add_row("note", Text(note))
    Console(soft_wrap=True).print(table)


def print_estimate(report: CrawlReport, *, delay_seconds: float, as_json: bool) -> None:
    """What a dry run says of the crawl: pages and time."""
    pages = report.outcomes.get("budget", 0)
    seconds = pages * delay_seconds
    if as_json:
        fields = {"run_id": report.run_id, "links": report.links, "to_fetch": pages, "seconds_at_least": seconds}
        known = {"outcomes": report.outcomes, "sources": report.sources, "problems": list(report.problems)}
        click.echo(json_text({**fields, **known}))
        return
    click.echo(f"{report.run_id}: {report.links:,} links, {pages:,} pages to fetch, at least {_duration(seconds)}")
    for problem in report.problems:
        click.echo(f"problem: {problem}")


def _duration(seconds: float) -> str:
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"


@contextlib.contextmanager
def crawl_progress(how: str, title: str) -> Iterator[Callable[[CrawlProgress], None]]:
    """A function that tells progress on standard error: as a `bar`, in `lines`, as `json`, or not at all (`none`)."""
    if how == "auto":
        how = "bar" if sys.stderr.isatty() else "lines"
    if how == "bar":
        with _bar(title) as tell:
            yield tell
    elif how == "json":
        yield lambda state: click.echo(json_text(dataclasses.asdict(state)), err=True)
    elif how == "lines":
        yield _Lines(title)
    else:
        yield lambda _state: None


class _Lines:
    """A line every few seconds, and one when the phase changes."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._phase = ""
        self._told = 0.0

    def __call__(self, state: CrawlProgress) -> None:
        now = time.monotonic()
        if state.phase == self._phase and now - self._told < LINE_SECONDS:
            return
        self._phase, self._told = state.phase, now
        click.echo(f"{self._title}: {_sentence(state)}", err=True)


@contextlib.contextmanager
def _bar(title: str) -> Iterator[Callable[[CrawlProgress], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[text]}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=None, text="")

        def tell(state: CrawlProgress) -> None:
            total = state.links if state.phase != "robots" and state.links else None
            progress.update(task, completed=state.ended, total=total, text=_sentence(state))

        yield tell


def _sentence(state: CrawlProgress) -> str:
    waits = f", waiting {state.waiting_seconds:.0f} s as asked" if state.waiting_seconds >= 1 else ""
    failed = sum(count for name, count in state.outcomes.items() if name not in _GOOD)
    trouble = f", {failed} not fetched" if failed else ""
    return f"{state.phase}, {state.ended:,} of {state.links:,} links{trouble}, {state.requests:,} requests{waits}"
