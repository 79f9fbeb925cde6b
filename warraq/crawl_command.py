"""What `warraq crawl` does: find the portal, crawl, show progress and a summary, tell by the exit code how it went."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import click

from spiders.job.crawl_verdict import CrawlVerdict, verdict_of
from spiders.links.options import CrawlOptions, CrawlProgress, Revisit
from spiders.registry import find_portal
from storage.errors import ExitCode, RetryLater, StageFailed
from storage.model.records import CrawlReport
from storage.model.window import Window
from storage.settings import read_settings
from warraq.pipeline.metrics import crawl_figures, stage_metrics

LINE_SECONDS = 5.0  # between two lines of progress where there is no terminal


def crawl_window(
    portal_name: str,
    start: str,
    end: str,
    *,
    revisit: str,
    max_requests: int | None,
    max_seconds: float | None,
    dry_run: bool,
    as_json: bool,
    progress: str,
) -> int:
    """Crawl and print; the exit code is DONE or DEGRADED. Raises the error that a failed crawl means."""
    settings = read_settings()
    portal = find_portal(portal_name, settings)
    window = Window.parse(start, end, now=datetime.now(UTC))
    options = CrawlOptions(Revisit(revisit), max_requests, max_seconds, dry_run)
    from spiders.crawl.run import crawl  # noqa: PLC0415 - Scrapy takes half a second; usage errors need not wait for it

    with stage_metrics(settings, stage="dry_run" if dry_run else "crawl", portal=portal.name) as metrics:
        with _telling(progress, f"{portal.name} {window}") as tell:
            report = crawl(portal, window, settings, options=options, progress=tell)
        metrics.counters |= crawl_figures(report)
        if dry_run:
            _print_estimate(report, delay_seconds=portal.politeness.delay_seconds, as_json=as_json)
            return ExitCode.DONE
        metrics.exit_code = _judge(report, as_json=as_json)
    return metrics.exit_code


def _judge(report: CrawlReport, *, as_json: bool) -> ExitCode:
    verdict = verdict_of(report)
    if as_json:
        click.echo(json.dumps(_for_programs(report, verdict), ensure_ascii=False))
    else:
        _print_summary(report, verdict)
    if verdict.exit_code in (ExitCode.DONE, ExitCode.DEGRADED):
        return verdict.exit_code
    kind = RetryLater if verdict.exit_code == ExitCode.RETRY_LATER else StageFailed
    raise kind("; ".join(verdict.reasons), remedy=verdict.remedy)


def _for_programs(report: CrawlReport, verdict: CrawlVerdict) -> dict[str, Any]:
    fields = dataclasses.asdict(report)
    fields["started_at"], fields["finished_at"] = report.started_at.isoformat(), report.finished_at.isoformat()
    fields["chunks"] = [dataclasses.asdict(chunk) for chunk in report.chunks]
    return {**fields, "degraded": verdict.exit_code == ExitCode.DEGRADED, "reasons": list(verdict.reasons)}


def _print_summary(report: CrawlReport, verdict: CrawlVerdict) -> None:
    from rich.console import Console  # noqa: PLC0415 - slow import
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    seconds = (report.finished_at - report.started_at).total_seconds()
    table = Table(title=Text(report.run_id), title_justify="left", show_header=False, box=None)
    rows = {
        "links found": f"{report.links:,}",
        "by source": ", ".join(f"{kind} {count:,}" for kind, count in report.sources.items()) or "none",
        "outcomes": ", ".join(f"{name} {count:,}" for name, count in report.outcomes.items()) or "none",
        "requests": f"{report.requests:,} in {seconds:.1f} s, {report.bytes_received / 1e6:.1f} MB",
        "raw archive": f"{len(report.chunks)} chunks, round {report.round}, attempt {report.attempt}",
        "degraded": "; ".join(verdict.reasons) if verdict.exit_code == ExitCode.DEGRADED else "",
    }
    for name, text in rows.items():
        if text:
            table.add_row(name, Text(text))
    for problem in report.problems[:20]:
        table.add_row("problem", Text(problem))
    for note in report.notes[:10]:
        table.add_row("note", Text(note))
    Console(soft_wrap=True).print(table)


def _print_estimate(report: CrawlReport, *, delay_seconds: float, as_json: bool) -> None:
    pages = report.outcomes.get("budget", 0)
    seconds = pages * delay_seconds
    if as_json:
        fields = {"run_id": report.run_id, "links": report.links, "to_fetch": pages, "seconds_at_least": seconds}
        known = {"outcomes": report.outcomes, "sources": report.sources, "problems": list(report.problems)}
        click.echo(json.dumps({**fields, **known}, ensure_ascii=False))
        return
    click.echo(f"{report.run_id}: {report.links:,} links, {pages:,} pages to fetch, at least {_duration(seconds)}")
    for problem in report.problems:
        click.echo(f"problem: {problem}")


def _duration(seconds: float) -> str:
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"


@contextlib.contextmanager
def _telling(how: str, title: str) -> Iterator[Callable[[CrawlProgress], None]]:
    if how == "auto":
        how = "bar" if sys.stderr.isatty() else "lines"
    if how == "bar":
        with _bar(title) as tell:
            yield tell
    elif how == "json":
        yield lambda state: print(json.dumps(dataclasses.asdict(state)), file=sys.stderr, flush=True)  # noqa: T201
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
    from rich.console import Console  # noqa: PLC0415 - slow import
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

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


_GOOD = frozenset({"captured", "unchanged", "skipped_seen", "gone", "out_of_window"})
