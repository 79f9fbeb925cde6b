"""`warraq crawl`: one window of a portal into the raw archive."""

from __future__ import annotations

import contextlib
import dataclasses
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from spiders.registry import find_portal
from storage.errors import ExitCode, RetryLater, StageFailed
from storage.model.window import RunId, Window
from storage.settings import read_settings
from warraq.cli.terminal_text import json_text

if TYPE_CHECKING:
    from spiders.links.options import CrawlProgress
    from storage.model.records import CrawlReport


@click.command()
@click.argument("portal")
@click.option("--from", "start", required=True, metavar="T", help="Start of the window, UTC: 2024-12-25[T06:00Z].")
@click.option("--to", "end", required=True, metavar="T", help="End of the window, UTC, not part of it.")
@click.option(
    "--revisit",
    type=click.Choice(["due", "never", "all"]),
    default="due",
    show_default=True,
    help="Which links that are archived already are asked for again, if they changed.",
)
@click.option(
    "--max-requests", type=click.IntRange(min=1), metavar="N", help="Send no more; default: the portal's own."
)
@click.option("--max-seconds", type=click.FloatRange(min=1), metavar="S", help="Stop asking then; default: six hours.")
@click.option("--dry-run", is_flag=True, help="Ask the sources only: how many pages, how long. Nothing is kept.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.option(
    "--progress",
    type=click.Choice(["auto", "lines", "json", "none"]),
    default="auto",
    show_default=True,
    help="How progress is told on standard error; auto: a bar on a terminal, lines elsewhere.",
)
def command(
    *,
    portal: str,
    start: str,
    end: str,
    revisit: str,
    max_requests: int | None,
    max_seconds: float | None,
    dry_run: bool,
    as_json: bool,
    progress: str,
) -> int:
    """Crawl a window of a portal into the raw archive.

    The window [from, to) is the slice of time the run is responsible for. One that ends within the last two days is of
    the present: all that is not archived yet is taken. About the past only sources are asked that list the past.
    Interrupted, the same command goes on from the chunks it has uploaded.
    Exit codes: 0 done, 2 usage, 3 degraded, 4 try again later, 5 failed for good.

    \b
    Examples:
      warraq crawl almasaa --from 2024-12-25 --to 2024-12-26
      warraq crawl demo --from 2024-12-25T06:00Z --to 2024-12-25T12:00Z --json
      warraq crawl aljazeera --from 2024-03-01 --to 2024-04-01 --dry-run
    """
    from spiders.links.options import CrawlOptions, Revisit
    from warraq.cli.lines.crawl_lines import crawl_progress, print_estimate
    from warraq.findings.crawl_now import crawl_told
    from warraq.findings.last_failure import failures_noted
    from warraq.pipeline.metrics import crawl_figures, stage_metrics
    from warraq.pipeline.settings_to_write import settings_to_write

    settings = read_settings() if dry_run else settings_to_write()
    definition = find_portal(portal, settings)
    window, cut = Window.until_now(start, end, now=datetime.now(UTC))
    if cut:
        click.echo(cut, err=True)
    options = CrawlOptions(Revisit(revisit), max_requests, max_seconds, dry_run)
    from spiders.crawl.run import crawl  # Scrapy takes half a second; usage errors need not wait for it

    noted = (
        contextlib.nullcontext() if dry_run else failures_noted(settings, RunId(definition.name, window), stage="crawl")
    )
    with stage_metrics(settings, stage="dry_run" if dry_run else "crawl", portal=definition.name) as metrics, noted:
        run = RunId(definition.name, window)
        with crawl_progress(progress, f"{run.portal} {window}") as tell, crawl_told(settings, run) as note:

            def told(state: CrawlProgress) -> None:
                tell(state)
                note(state)

            report = crawl(definition, window, settings, options=options, progress=told)
        metrics.counters |= crawl_figures(report)
        if dry_run:
            print_estimate(report, delay_seconds=definition.politeness.delay_seconds, as_json=as_json)
            return ExitCode.DONE
        metrics.exit_code = _judge(report, as_json=as_json)
    return metrics.exit_code


def _judge(report: CrawlReport, *, as_json: bool) -> ExitCode:
    """Show the report; the exit code is DONE or DEGRADED. Raises the error that a failed crawl means."""
    from spiders.job.crawl_verdict import verdict_of
    from warraq.cli.lines.crawl_lines import print_summary
    from warraq.pipeline.audit import link_findings

    verdict = verdict_of(report)
    findings = (*report.findings, *link_findings(report)) if verdict.exit_code == ExitCode.DONE else ()
    reasons = [finding.removeprefix("crawl: ") for finding in findings]
    if as_json:
        fields = dataclasses.asdict(report)
        fields["started_at"], fields["finished_at"] = report.started_at.isoformat(), report.finished_at.isoformat()
        judged = {"degraded": bool(reasons), "reasons": reasons or list(verdict.reasons)}
        click.echo(json_text({**fields, **judged}))
    else:
        print_summary(report, reasons)
    if verdict.exit_code == ExitCode.DONE:
        return ExitCode.DEGRADED if reasons else ExitCode.DONE
    kind = RetryLater if verdict.exit_code == ExitCode.RETRY_LATER else StageFailed
    raise kind("; ".join(verdict.reasons), remedy=verdict.remedy)
