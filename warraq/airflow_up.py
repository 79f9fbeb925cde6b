"""`warraq up` itself: bring the stack up, say where it is, watch it until somebody ends it."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import click

from storage.errors import StoreUnreachable
from storage.objects.open import open_store
from storage.settings import Settings
from warraq.airflow.home import AirflowHome, default_home, prepare_home
from warraq.airflow.stack import AirflowStack
from warraq.cli.signals import ended_by_signal

_WATCH_SECONDS = 1.0


def serve(settings: Settings, *, port: int, home: Path | None) -> None:
    """Run until Ctrl-C or SIGTERM, which are the normal end; raises what AirflowStack.running raises.

    An archive that no run could ever use is refused first. One that is away may come back.
    """
    with contextlib.suppress(StoreUnreachable):
        open_store(settings)
    prepared = prepare_home(home or default_home(settings), port=port, settings=settings)
    stack = AirflowStack(prepared, say=lambda line: click.echo(f"{line} …", err=True))
    with ended_by_signal():
        try:
            with stack.running():
                click.echo(address_card(prepared, settings))
                while True:
                    time.sleep(_WATCH_SECONDS)
                    stack.mend()
        except KeyboardInterrupt:
            click.echo("Airflow is stopped", err=True)


def address_card(home: AirflowHome, settings: Settings) -> str:
    """What a person needs to look at the running Airflow."""
    users = "\n".join(f"  {user:<9} {password}" for user, password in home.passwords.items())
    return (
        f"Airflow    {home.url}\n"
        f"Users and passwords\n{users}\n"
        f"Archive    {settings.archive}\n"
        f"Logs       {home.logs}\n"
        "DAGs start paused: switch on the portals you want. Ctrl-C stops everything."
    )
