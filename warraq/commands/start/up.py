"""`warraq up`: the embedded Airflow, until Ctrl-C."""

from __future__ import annotations

from pathlib import Path

import click

from storage.settings import read_settings
from warraq.airflow.home import DEFAULT_PORT


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
    from warraq.airflow_up import serve

    serve(read_settings(), port=port, home=home)
