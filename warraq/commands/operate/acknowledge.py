"""`warraq acknowledge`: say who is at a trouble."""

from __future__ import annotations

import click

from storage.settings import read_settings
from warraq.cli.terminal_text import json_text


@click.command()
@click.argument("portal")
@click.option("--by", metavar="NAME", help="Who is at it; by default the user of this machine.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(*, portal: str, by: str | None, as_json: bool) -> None:
    """Say who is at the open troubles of PORTAL, or of a DAG that looks after the archive. Its end is still told.

    \b
    Examples:
      warraq acknowledge almasaa
      warraq acknowledge maintain_archive --by "Layla"
    """
    from storage.objects.open import open_store
    from warraq.alerts.action_log import note_action, who
    from warraq.alerts.incidents import acknowledge
    from warraq.alerts.watch import silenced_subject

    settings = read_settings()
    store, name = open_store(settings), who(by)
    subject = silenced_subject(portal, settings)
    taken = acknowledge(store, subject, by=name)
    causes = [trouble.cause for trouble in taken]
    note_action(store, "acknowledge", subject, by=name, detail=", ".join(causes))
    told = json_text({"subject": subject, "by": name, "causes": causes})
    click.echo(told if as_json else f"{name} is at {subject}: {', '.join(causes)}")
