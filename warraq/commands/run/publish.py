"""`warraq publish`: the third stage of a run."""

from __future__ import annotations

import click


@click.command()
@click.argument("run")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with the verdict and the counts.")
def command(run: str, as_json: bool) -> int:
    """Audit what `warraq extract` staged, then make it visible in one commit; RUN is portal/start--end.

    Replaces what the run published before. Exit codes: 0 published, 3 published with findings, 4 try again later,
    5 refused by the audit, nothing changed.

    \b
    Examples:
      warraq publish almasaa/2024-12-25T00Z--2024-12-26T00Z
      warraq publish demo/2024-12-25T06Z--2024-12-25T12Z --json
    """
    from warraq.publish_command import publish_and_tell  # noqa: PLC0415 - slow import

    return publish_and_tell(run, as_json=as_json)
