"""`warraq up`: the embedded Airflow, until Ctrl-C."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections import Counter
from pathlib import Path

import click

from storage.errors import StoreUnreachable
from storage.settings import Settings, read_settings
from warraq.airflow.home import DEFAULT_PORT, PASSWORDS_FILE, AirflowHome, default_home, prepare_home
from warraq.pipeline.child_process import warraq_command

_WATCH_SECONDS = 1.0
_TELL_SECONDS = 60.0


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help=f"Port of the web page; by default {DEFAULT_PORT}, or a free one where that is taken.",
)
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="Airflow's folder; by default .airflow beside a local archive.",
)
def command(port: int | None, home: Path | None) -> None:
    """Start Airflow on this machine and stop it cleanly on Ctrl-C or SIGTERM.

    Needs nothing installed beside `warraq[airflow]`: SQLite, LocalExecutor, loopback only. It prints the address,
    and, the first time, the users and their passwords. DAGs of portals start paused: switch on those you want.

    \b
    Examples:
      warraq up
      warraq up --port 18081 --home ~/airflow-warraq
    """
    from storage.objects.open import open_store
    from warraq.airflow.ports import free_port
    from warraq.airflow.stack import AirflowStack
    from warraq.cli.signals import ended_by_signal

    settings = read_settings()
    # An archive that no run could ever use is refused first. One that is away may come back.
    with contextlib.suppress(StoreUnreachable):
        open_store(settings)
    folder = home or default_home(settings)
    is_new = not (folder / PASSWORDS_FILE).exists()
    prepared = prepare_home(folder, port=port or free_port(DEFAULT_PORT), settings=settings)
    stack = AirflowStack(prepared, say=lambda line: click.echo(f"{line} …", err=True))
    with ended_by_signal():
        try:
            with stack.running():
                click.echo(_address_card(prepared, settings, is_new=is_new))
                told: Counter[str] = Counter()
                while True:
                    time.sleep(_WATCH_SECONDS)
                    stack.mend()
                    for name in stack.restarts - told:
                        _tell_death(prepared, name, times=stack.restarts[name])
                    told = Counter(stack.restarts)
        except KeyboardInterrupt:
            click.echo("Airflow is stopped", err=True)


def _tell_death(home: AirflowHome, component: str, *, times: int) -> None:
    """Alert that a component died; where no channel is known here, the next look sends it."""
    because = f"{component} ended by itself and was started again ({times} times); see {home.logs / component}.log"
    words = ("alert", "failed", "airflow", "--stage", component.replace("-", "_"), f"--because={because}", "--json")
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(  # noqa: S603 - our own command
            warraq_command(*words),
            env=dict(home.environ),
            stdout=subprocess.DEVNULL,
            timeout=_TELL_SECONDS,
            check=False,
        )


def _address_card(home: AirflowHome, settings: Settings, *, is_new: bool) -> str:
    """What a person needs to look at the running Airflow; the passwords only when they were made just now."""
    users = "\n".join(f"  {user:<9} {password}" for user, password in home.passwords.items())
    kept = home.folder / PASSWORDS_FILE
    told = f"Users and passwords, printed this once and kept in {kept}\n{users}\n"
    return (
        f"Airflow    {home.url}\n"
        f"{told if is_new else f'Passwords  {kept}{chr(10)}'}"
        f"Archive    {settings.archive}\n"
        f"Logs       {home.logs}\n"
        "The DAGs of portals start paused: switch on those you want. Ctrl-C stops everything."
    )
