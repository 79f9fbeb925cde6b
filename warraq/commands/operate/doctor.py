"""`warraq doctor`: try everything the archive relies on, and say what to set."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from storage.errors import ExitCode
from storage.settings import read_settings
from warraq.cli.terminal_text import json_text

if TYPE_CHECKING:
    from rich.text import Text

    from warraq.monitoring.doctor_checks import Check

_STYLES = {"ok": "green", "warn": "yellow", "away": "red", "fail": "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object with all checks.")
def command(as_json: bool) -> int:
    """Try the store, the catalog, this machine and Airflow's settings, and say what to set.

    The store is tried with small objects below probe/, which are removed. Exit codes: 0 all works (warnings included),
    2 the settings cannot be read, 4 the store or the catalog does not answer now, 5 something must be changed.

    \b
    Examples:
      warraq doctor
      WARRAQ_ARCHIVE=s3://archive/news AWS_ENDPOINT_URL=http://127.0.0.1:8333 warraq doctor --json
    """
    from rich.console import Console

    from warraq.monitoring.doctor_checks import Status, run_checks

    console = Console()
    checks = []
    for check in run_checks(read_settings()):
        checks.append(check)
        if not as_json:
            console.print(_line(check), soft_wrap=True)
    if as_json:
        click.echo(json_text({"checks": [asdict(check) for check in checks]}))
    found = {check.status for check in checks}
    if Status.FAIL in found:
        return ExitCode.FAILED
    return ExitCode.RETRY_LATER if Status.AWAY in found else ExitCode.DONE


def _line(check: Check) -> Text:
    from rich.text import Text

    text = Text(f"{check.status.upper():5}", style=_STYLES[check.status])
    text.append(f"{check.area}: {check.name}", style="default")
    if check.detail:
        text.append(f"  {check.detail}", style="default")
    if check.remedy:
        text.append(f" — {check.remedy}", style="bold")
    return text
