"""`warraq silence`: hear nothing of a portal for a while."""

from __future__ import annotations

import click


@click.command()
@click.argument("portal", required=False)
@click.option("--until", metavar="T", help="When it ends: 14d, or a time in UTC like 2024-12-25; within 92 days.")
@click.option("--reason", metavar="TEXT", help="Why, for whoever looks next.")
@click.option("--lift", "is_lifted", is_flag=True, help="End the portal's silence now.")
@click.option("--list", "as_list", is_flag=True, help="The silences that hold.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with --list.")
def command(
    *, portal: str | None, until: str | None, reason: str | None, is_lifted: bool, as_list: bool, as_json: bool
) -> None:
    """Send no alerts about PORTAL, or a DAG that looks after the archive, until a day. What is wrong then is told.

    \b
    Examples:
      warraq silence almasaa --until 14d --reason "new layout, definition is being rewritten"
      warraq silence --list
      warraq silence almasaa --lift
    """
    from storage.errors import UsageError
    from warraq.alert_command import begin_silence, lift_silence, list_silences

    if as_list:
        list_silences(as_json=as_json)
    elif not portal:
        raise UsageError("which portal?", remedy="name one, or ask for the --list")
    elif is_lifted:
        lift_silence(portal)
    elif until and reason:
        begin_silence(portal, until=until, reason=reason)
    else:
        raise UsageError("a silence needs an end and a reason", remedy="add --until 14d --reason TEXT")
