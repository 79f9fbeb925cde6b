"""`warraq up`: the embedded Airflow, until Ctrl-C."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import click

from storage.errors import StoreUnreachable
from storage.settings import Settings, read_settings
from warraq.airflow.home import DEFAULT_PORT, AirflowHome, default_home, prepare_home

_WATCH_SECONDS = 1.0


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=DEFAULT_PORT, show_default=True, help="Port of the web page."
)
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="Airflow's folder; by default .airflow beside a local archive.",
)
def command(port: int, home: Path | None) -> None:
    """Start Airflow on this machine and stop it cleanly on Ctrl-C or SIGTERM.

    Needs nothing installed beside `warraq[airflow]`: SQLite, LocalExecutor, loopback only. It prints the address,
    the users and their passwords. DAGs start paused: switch on the portals you want.

    \b
    Examples:
      warraq up
      warraq up --port 18081 --home ~/airflow-warraq
    """
    from storage.objects.open import open_store
    from warraq.airflow.stack import AirflowStack
    from warraq.cli.signals import ended_by_signal

    settings = read_settings()
    # An archive that no run could ever use is refused first. One that is away may come back.
    with contextlib.suppress(StoreUnreachable):
        open_store(settings)
    prepared = prepare_home(home or default_home(settings), port=port, settings=settings)
    stack = AirflowStack(prepared, say=lambda line: click.echo(f"{line} …", err=True))
    with ended_by_signal():
        try:
            with stack.running():
                click.echo(_address_card(prepared, settings))
                while True:
                    time.sleep(_WATCH_SECONDS)
                    stack.mend()
        except KeyboardInterrupt:
            click.echo("Airflow is stopped", err=True)


def _address_card(home: AirflowHome, settings: Settings) -> str:
    """What a person needs to look at the running Airflow."""
    users = "\n".join(f"  {user:<9} {password}" for user, password in home.passwords.items())
    return (
        f"Airflow    {home.url}\n"
        f"Users and passwords\n{users}\n"
        f"Archive    {settings.archive}\n"
        f"Logs       {home.logs}\n"
        "DAGs start paused: switch on the portals you want. Ctrl-C stops everything."
    )
