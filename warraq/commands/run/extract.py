"""`warraq extract`: the second stage of a run."""

from __future__ import annotations

import click


@click.command()
@click.argument("run")
@click.option("--workers", type=click.IntRange(1, 64), help="Worker processes; by default one a processor core.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with the counts.")
def command(run: str, workers: int | None, as_json: bool) -> None:
    """Turn a run's captured pages into articles, and stage them; RUN is portal/start--end.

    Needs no network. Repeated, it stages the same rows again. Nothing is visible before `warraq publish`.

    \b
    Examples:
      warraq extract almasaa/2024-12-25T00Z--2024-12-26T00Z
      warraq extract demo/2024-12-25T06Z--2024-12-25T12Z --workers 4 --json
    """
    from warraq.extract_command import extract_and_tell  # noqa: PLC0415 - slow import

    extract_and_tell(run, workers=workers, as_json=as_json)
