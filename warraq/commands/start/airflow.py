"""`warraq airflow`: any command of Airflow, against the embedded one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click

from storage.settings import read_settings


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="Airflow's folder; by default .airflow beside a local archive.",
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="COMMAND…")
def command(home: Path | None, words: tuple[str, ...]) -> int:
    """Run a command of Airflow with the embedded one's home, database and secrets. Ends as that command ends.

    \b
    Examples:
      warraq airflow dags list
      warraq airflow backfill create --dag-id archive_demo --from-date 2024-12-01 --to-date 2024-12-03
      warraq airflow db clean --clean-before-timestamp 2026-08-01 --yes
    """
    from warraq.airflow.home import ADDRESS_FILE, DEFAULT_PORT, default_home, prepare_home

    settings = read_settings()
    folder = home or default_home(settings)
    address = folder / ADDRESS_FILE
    port = urlsplit(address.read_text(encoding="utf-8")).port if address.is_file() else None
    prepared = prepare_home(folder, port=port or DEFAULT_PORT, settings=settings)
    return subprocess.call(  # noqa: S603 - the person's own words, no shell
        [sys.executable, "-m", "airflow", *words], env=dict(prepared.environ)
    )
