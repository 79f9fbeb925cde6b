"""`warraq backfill` itself: plan, ask, do, tell."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from spiders.portal.definition import Portal
from spiders.registry import find_portal
from storage.errors import ExitCode, ObjectMissing, UsageError
from storage.model.records import Run
from storage.model.window import RunId, Window
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from warraq.airflow.home import ADDRESS_FILE, PASSWORDS_FILE, default_home
from warraq.airflow.rest_client import AirflowRest, sign_in
from warraq.backfill.journal import Journal
from warraq.backfill.local import run_locally
from warraq.backfill.outcomes import WindowOutcome, counts, exit_code, failure_message, gain
from warraq.backfill.plan import MAX_WINDOWS, PortalPlan, asked_range, local_days, plan_portal
from warraq.backfill.terminal import plan_as_json, print_outcome, print_plan
from warraq.backfill.via_airflow import AirflowBackfill, contiguous
from warraq.cli.archive_lines import stage_lines
from warraq.cli.signals import ended_by_signal
from warraq.monitoring.archived_runs import archived_runs

Tell = Callable[[WindowOutcome], None]


@dataclass(frozen=True)
class BackfillWish:
    """What a person asked for."""

    portals: tuple[str, ...]
    start: str
    end: str
    only_missing: bool
    newest_first: bool
    dry_run: bool
    yes: bool
    via: str  # local or airflow
    as_json: bool


def backfill(wish: BackfillWish) -> int:
    """Plan, ask, run; returns the exit code. Raises WarraqError."""
    settings = read_settings()
    with contextlib.ExitStack() as stack:
        airflow = stack.enter_context(open_airflow(settings)) if wish.via == "airflow" else None
        plans = [_plan(wish, find_portal(name, settings), settings, airflow) for name in dict.fromkeys(wish.portals)]
        console = Console(stderr=wish.as_json)
        print_plan(console, plans)
        total = sum(len(plan.windows) for plan in plans)
        if wish.dry_run or not total:
            if wish.as_json:
                click.echo(json.dumps({"plans": [plan_as_json(plan) for plan in plans]}, ensure_ascii=False))
            return ExitCode.DONE
        _ask(wish, total)
        outcomes = _run(wish, plans, settings, airflow=airflow, console=console)
    return _tell(wish, outcomes, console, total)


@contextlib.contextmanager
def open_airflow(settings: Settings) -> Iterator[AirflowRest]:
    """The Airflow that WARRAQ_AIRFLOW_URL names; without it the one `warraq up` runs for this archive."""
    url = os.environ.get("WARRAQ_AIRFLOW_URL")
    user = os.environ.get("WARRAQ_AIRFLOW_USER", "admin")
    password = os.environ.get("WARRAQ_AIRFLOW_PASSWORD")
    home = default_home(settings)
    if not url:
        url = _read(home / ADDRESS_FILE, "WARRAQ_AIRFLOW_URL")
    if not password:
        password = str(json.loads(_read(home / PASSWORDS_FILE, "WARRAQ_AIRFLOW_PASSWORD")).get(user, ""))
    with sign_in(url, user=user, password=password) as airflow:
        yield airflow


def _read(path: Path, variable: str) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        raise UsageError(
            f"no Airflow is known: {path} cannot be read", remedy=f"start `warraq up`, or set {variable}"
        ) from None


def _plan(wish: BackfillWish, portal: Portal, settings: Settings, airflow: AirflowRest | None) -> PortalPlan:
    asked = asked_range(wish.start, wish.end, zone=portal.timezone, now=datetime.now(UTC))
    if airflow:
        windows = AirflowBackfill(airflow, portal.name).windows(asked)
    else:
        windows = local_days(asked, zone=portal.timezone)
    if len(windows) > MAX_WINDOWS:
        raise UsageError(f"{len(windows)} windows are too many", remedy="choose a shorter --from … --to …")
    plan = plan_portal(
        portal,
        windows,
        _known_runs(settings, portal, asked),
        only_missing=wish.only_missing,
        newest_first=wish.newest_first,
    )
    if airflow is None:
        done = _journal(wish, settings).done()
        plan = replace(plan, windows=tuple(window for window in plan.windows if str(window.run) not in done))
    return plan


def _known_runs(settings: Settings, portal: Portal, asked: Window) -> list[Run]:
    """The runs that touch the range, and the latest others: the cost is estimated from them."""
    try:
        touching = archived_runs(settings, portal=portal.name, window=asked)
        latest = open_tables(settings, create=False).history(portal.name)
    except ObjectMissing:
        return []
    return list({run.run_id: run for run in (*touching, *latest)}.values())


def _journal(wish: BackfillWish, settings: Settings) -> Journal:
    # Which windows are left out or come first does not change which are done.
    return Journal.of(settings.cache, [settings.archive, *sorted(set(wish.portals)), wish.start, wish.end])


def _ask(wish: BackfillWish, total: int) -> None:
    if wish.yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("nobody can be asked here", remedy="look at the plan with --dry-run, then add --yes")
    if not click.confirm(f"Archive these {total} windows?", err=True):
        raise click.Abort


def _run(
    wish: BackfillWish,
    plans: Sequence[PortalPlan],
    settings: Settings,
    *,
    airflow: AirflowRest | None,
    console: Console,
) -> list[WindowOutcome]:
    total = sum(len(plan.windows) for plan in plans)
    told: list[WindowOutcome] = []

    def tell(outcome: WindowOutcome) -> None:
        told.append(outcome)
        print_outcome(console, outcome, number=len(told), total=total)

    with ended_by_signal():
        for plan in plans:
            runs = [window.run for window in plan.windows]
            if airflow:
                _run_in_airflow(AirflowBackfill(airflow, plan.portal.name), runs, wish, tell)
            elif runs:
                with stage_lines(Console(stderr=True)) as say:
                    run_locally(runs, journal=_journal(wish, settings), tell=tell, say=say)
    if airflow is None and len(told) == total and not any(outcome.has_failed for outcome in told):
        _journal(wish, settings).close()
    return told


def _run_in_airflow(backfill: AirflowBackfill, runs: Sequence[RunId], wish: BackfillWish, tell: Tell) -> None:
    if not runs:
        return
    backfill.check()
    groups = contiguous(runs)
    for group in reversed(groups) if wish.newest_first else groups:
        span = Window(group[0].window.start, group[-1].window.end)
        backfill.create(span, newest_first=wish.newest_first)
        try:
            backfill.follow(group, tell=tell)
        except KeyboardInterrupt:
            click.echo(f"Airflow goes on with {backfill.dag_id}; the same command follows it again", err=True)
            raise


def _tell(wish: BackfillWish, outcomes: Sequence[WindowOutcome], console: Console, total: int) -> int:
    message = failure_message(outcomes)
    if message:
        click.echo(message, err=True)
    if len(outcomes) < total:
        click.echo(f"gave up: {total - len(outcomes)} windows were not tried; the same command goes on", err=True)
    if wish.as_json:
        told = [{"run_id": str(o.run), "exit_code": int(o.exit_code), "cause": o.cause, **counts(o)} for o in outcomes]
        click.echo(json.dumps({"windows": told, "not_tried": total - len(outcomes)}, ensure_ascii=False))
    elif not message:
        console.print(f"{len(outcomes)} windows archived: {gain(outcomes)}")
    return exit_code(outcomes)
