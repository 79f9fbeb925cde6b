"""`warraq doctor` itself."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from rich.console import Console
from rich.text import Text

from storage.errors import ExitCode
from storage.settings import read_settings
from warraq.monitoring.doctor_checks import Check, Status, run_checks

_STYLES = {Status.OK: "green", Status.WARN: "yellow", Status.AWAY: "red", Status.FAIL: "red"}


def examine(*, as_json: bool) -> ExitCode:
    """Run the checks and show them; the exit code says whether the archive can work."""
    console = Console()
    checks = []
    for check in run_checks(read_settings()):
        checks.append(check)
        if not as_json:
            console.print(_line(check), soft_wrap=True)
    if as_json:
        click.echo(json.dumps({"checks": [asdict(check) for check in checks]}, ensure_ascii=False))
    found = {check.status for check in checks}
    if Status.FAIL in found:
        return ExitCode.FAILED
    return ExitCode.RETRY_LATER if Status.AWAY in found else ExitCode.DONE


def _line(check: Check) -> Text:
    text = Text(f"{check.status.upper():5}", style=_STYLES[check.status])
    text.append(f"{check.area}: {check.name}", style="default")
    if check.detail:
        text.append(f"  {check.detail}", style="default")
    if check.remedy:
        text.append(f" — {check.remedy}", style="bold")
    return text
