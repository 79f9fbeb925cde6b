"""`warraq silence`: hear nothing of a portal for a while."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from storage.errors import UsageError
from storage.model.window import spell_time
from storage.settings import read_settings
from warraq.cli.terminal_text import json_text

if TYPE_CHECKING:
    from storage.objects.store import ObjectStore


@click.command()
@click.argument("portal", required=False)
@click.option("--until", metavar="T", help="When it ends: 14d, or a time in UTC like 2024-12-25; within 92 days.")
@click.option("--reason", metavar="TEXT", help="Why, for whoever looks next.")
@click.option("--lift", "is_lifted", is_flag=True, help="End the portal's silence now.")
@click.option("--list", "as_list", is_flag=True, help="The silences that hold.")
@click.option("--by", metavar="NAME", help="Who says so; by default the user of this machine.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with --list.")
def command(
    *,
    portal: str | None,
    until: str | None,
    reason: str | None,
    is_lifted: bool,
    as_list: bool,
    by: str | None,
    as_json: bool,
) -> None:
    """Send no alerts about PORTAL, or a DAG that looks after the archive, until a day. What is wrong then is told.

    \b
    Examples:
      warraq silence almasaa --until 14d --reason "new layout, definition is being rewritten"
      warraq silence --list
      warraq silence almasaa --lift
    """
    from storage.objects.open import open_store
    from warraq.alerts.action_log import note_action, who
    from warraq.alerts.mutes import lift, silence, silence_end
    from warraq.alerts.watch import silenced_subject

    settings = read_settings()
    store = open_store(settings)
    now = datetime.now(UTC).replace(microsecond=0)
    if as_list:
        _list(store, now=now, as_json=as_json)
    elif not portal:
        raise UsageError("which portal?", remedy="name one, or ask for the --list")
    elif is_lifted:
        subject = silenced_subject(portal, settings)
        lift(store, subject)
        note_action(store, "lift", subject, by=who(by))
        click.echo(f"{portal} is heard again")
    elif until and reason:
        subject = silenced_subject(portal, settings)
        made = silence(store, subject, until=silence_end(until, now=now), reason=reason, now=now)
        note_action(store, "silence", subject, by=who(by), detail=f"until {spell_time(made.until)}: {made.reason}")
        click.echo(f"nothing is said of {made.subject} until {spell_time(made.until)}: {made.reason}")
    else:
        raise UsageError("a silence needs an end and a reason", remedy="add --until 14d --reason TEXT")


def _list(store: ObjectStore, *, now: datetime, as_json: bool) -> None:
    from warraq.alerts.mutes import silences

    found = silences(store, now=now)
    if as_json:
        rows = [{"subject": one.subject, "until": spell_time(one.until), "reason": one.reason} for one in found]
        click.echo(json_text({"silences": rows}))
        return
    for one in found:
        click.echo(f"{one.subject} until {spell_time(one.until)}: {one.reason}")
    if not found:
        click.echo("no portal is silenced")
