"""`warraq release`: a month as plain, citable Parquet."""

from __future__ import annotations

import click


@click.command()
@click.argument("month", required=False)
@click.option(
    "--portal", "portals", multiple=True, metavar="NAME", help="Only this portal; may be given several times."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(*, month: str | None, portals: tuple[str, ...], as_json: bool) -> None:
    """Freeze a month (2024-12) as plain Parquet, one file a portal; without a month, list the releases.

    A release is never changed: releasing a month again makes 2024-12-r2. It comes with manifest, SHA-256 sums, data
    dictionary, citation and a Frictionless description, and its state of the tables is tagged `release-2024-12`.
    Interrupted, the same command goes on. Rows are those of windows that start in the month, in UTC.

    \b
    Examples:
      warraq release 2024-12
      warraq release 2024-12 --portal almasaa --portal youm7 --json
      warraq release
    """
    from warraq.release_command import list_releases, release_and_tell

    if month is None:
        list_releases(as_json=as_json)
    else:
        release_and_tell(month, portals=portals, as_json=as_json)
