"""`warraq doctor`: try everything the archive relies on, and say what to set."""

from __future__ import annotations

import click


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
    from warraq.doctor_command import examine

    return examine(as_json=as_json)
