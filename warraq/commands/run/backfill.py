"""`warraq backfill`: archive a range of the past, window by window."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from spiders.registry import find_portal
from storage.errors import ExitCode, UsageError
from storage.settings import Settings, read_settings
from warraq.cli.terminal_text import json_text
from warraq.pipeline.settings_to_write import settings_to_write

if TYPE_CHECKING:
    from warraq.backfill.outcomes import WindowOutcome


@click.command()
@click.argument("portals", nargs=-1, required=True, metavar="PORTAL…")
@click.option("--from", "start", required=True, help="First day, e.g. 2024-03-01: midnight of the portal's zone.")
@click.option("--to", "end", required=True, help="End, not part of the range.")
@click.option("--only-missing", is_flag=True, help="Leave out windows that are archived.")
@click.option("--newest-first", is_flag=True, help="Begin with the latest window.")
@click.option("--dry-run", is_flag=True, help="Show the plan and end.")
@click.option("--yes", is_flag=True, help="Do not ask before starting.")
@click.option(
    "--via",
    type=click.Choice(["local", "airflow"]),
    default="local",
    show_default=True,
    help="Run here, or as Airflow's own backfill, which is followed until it ends.",
)
@click.option("--json", "as_json", is_flag=True, help="The plan (with --dry-run) or the outcome as one JSON object.")
def command(
    *,
    portals: tuple[str, ...],
    start: str,
    end: str,
    only_missing: bool,
    newest_first: bool,
    dry_run: bool,
    yes: bool,
    via: str,
    as_json: bool,
) -> int:
    """Archive the past: the plan first, then a question, then one window after the other.

    A bare day is a day of the portal. Locally windows are such days; in Airflow they are the DAG's data intervals.
    Interrupted, the same command goes on. Three failures in a row for the same cause end it.
    Exit codes: 0 done, 2 usage, 3 some degraded, 4 some to be tried later, 5 some failed for good.

    \b
    Examples:
      warraq backfill almasaa --from 2024-03-01 --to 2024-04-01 --dry-run
      warraq backfill almasaa ahram --from 2024-03-01 --to 2024-04-01 --only-missing --newest-first
      warraq backfill demo --from 2024-12-01 --to 2024-12-31 --via airflow --yes
    """
    from rich.console import Console

    from warraq.airflow.rest_client import known_airflow
    from warraq.backfill.journal import Journal
    from warraq.backfill.local import run_locally
    from warraq.backfill.plan import asked_range, local_days, plan_portal
    from warraq.backfill.terminal import plan_as_json, print_outcome, print_plan
    from warraq.backfill.via_airflow import AirflowBackfill
    from warraq.cli.lines.archive_lines import stage_lines
    from warraq.cli.signals import ended_by_signal
    from warraq.monitoring.archived_runs import runs_about

    # Workers of Airflow have settings of their own.
    settings = settings_to_write() if via == "local" and not dry_run else read_settings()
    console = Console(stderr=as_json)
    # Which windows are left out or come first does not change which are done.
    journal = Journal.of(settings.cache, [settings.archive, *sorted(set(portals)), start, end])
    plans = []
    told: list[WindowOutcome] = []

    def tell(outcome: WindowOutcome) -> None:
        told.append(outcome)
        print_outcome(console, outcome, number=len(told), total=total)

    with contextlib.ExitStack() as stack:
        airflow = stack.enter_context(known_airflow(settings)) if via == "airflow" else None
        for name in dict.fromkeys(portals):
            portal = find_portal(name, settings)
            asked = asked_range(start, end, zone=portal.timezone, now=datetime.now(UTC))
            if airflow:
                of_portal = AirflowBackfill(airflow, portal.name)
                windows = of_portal.windows(asked, schedule=portal.schedule, zone=portal.timezone)
            else:
                windows = local_days(asked, zone=portal.timezone)
            known = runs_about(settings, portal.name, asked)
            plan = plan_portal(
                portal, windows, known, only_missing=only_missing, newest_first=newest_first, asked=asked
            )
            plans.append(plan if airflow else plan.without(journal.done()))
        print_plan(console, plans)
        total = sum(len(plan.windows) for plan in plans)
        short = ExitCode.DEGRADED if any(plan.is_short for plan in plans) else ExitCode.DONE
        if dry_run or not total:
            if as_json:
                click.echo(json_text({"plans": [plan_as_json(plan) for plan in plans]}))
            return short
        if not yes:
            _ask(total)
        _note(settings, [plan.portal.name for plan in plans if plan.windows], f"{start} to {end}")
        stack.enter_context(ended_by_signal())
        for plan in plans:
            runs = [window.run for window in plan.windows]
            if airflow:
                backfill = AirflowBackfill(airflow, plan.portal.name)
                backfill.run(runs, newest_first=newest_first, tell=tell, say=lambda line: click.echo(line, err=True))
            elif runs:
                with stage_lines(Console(stderr=True)) as say:
                    run_locally(runs, journal=journal, tell=tell, say=say)
    if via == "local" and len(told) == total and not any(outcome.has_failed for outcome in told):
        journal.close()
    return _tell(told, total, as_json=as_json) or short


def _note(settings: Settings, portals: Sequence[str], span: str) -> None:
    from storage.objects.open import open_store
    from warraq.alerts.action_log import note_action, who

    store = open_store(settings)
    for name in portals:
        note_action(store, "backfill", name, by=who(None), detail=span)


def _ask(total: int) -> None:
    if not sys.stdin.isatty():
        raise UsageError("nobody can be asked here", remedy="look at the plan with --dry-run, then add --yes")
    if not click.confirm(f"Archive these {total} windows?", err=True):
        raise click.Abort


def _tell(outcomes: Sequence[WindowOutcome], total: int, *, as_json: bool) -> int:
    from warraq.backfill.outcomes import counts, exit_code, failure_message, gain

    message = failure_message(outcomes)
    if message:
        click.echo(message, err=True)
    if len(outcomes) < total:
        click.echo(f"gave up: {total - len(outcomes)} windows were not tried; the same command goes on", err=True)
    if as_json:
        told = [{"run_id": str(o.run), "exit_code": int(o.exit_code), "cause": o.cause, **counts(o)} for o in outcomes]
        click.echo(json_text({"windows": told, "not_tried": total - len(outcomes)}))
    elif not message:
        click.echo(f"{len(outcomes)} windows archived: {gain(outcomes)}")
    return exit_code(outcomes)
