"""`warraq demo`: the whole way on the demo portal, through Airflow."""

from __future__ import annotations

from pathlib import Path

import click

from warraq.airflow.home import DEFAULT_PORT


@click.command()
@click.option("--articles", type=click.IntRange(1, 5000), default=60, show_default=True, help="Articles of the portal.")
@click.option("--days", type=click.IntRange(1, 365), default=3, show_default=True, help="Days they appeared on.")
@click.option("--once", is_flag=True, help="End when the archive is there; the exit code says whether it is.")
@click.option("--port", type=click.IntRange(1, 65535), default=DEFAULT_PORT, show_default=True, help="Airflow's port.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("archive-demo"),
    show_default=True,
    help="Archive and Airflow of the demo; safe to delete.",
)
def command(articles: int, days: int, once: bool, port: int, folder: Path) -> int:
    """Show the whole way: a demo portal on this machine, archived by Airflow, read back.

    Starts the demo portal and the embedded Airflow, triggers the DAG archive_demo, waits, and prints what was archived.
    It uses an archive of its own and stays up until Ctrl-C. A taken port is replaced by a free one.

    \b
    Examples:
      warraq demo
      warraq demo --once --articles 200 --days 10
    """
    from warraq.demo_tour import DemoTour

    return DemoTour(folder.absolute(), articles=articles, days=days, port=port).run(once=once)
