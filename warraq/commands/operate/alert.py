"""`warraq alert`: tell operators what is wrong, once."""

from __future__ import annotations

import click


@click.command()
@click.argument("event", required=False, type=click.Choice(["failed", "degraded", "done"]))
@click.argument("name", required=False, metavar="[RUN|PORTAL|DAG]")
@click.option("--stage", metavar="STAGE", help="What failed: crawl, extract, publish, or a task of a DAG.")
@click.option("--because", metavar="TEXT", help="The error, or the findings.")
@click.option(
    "--silent-hours",
    type=click.FloatRange(min=1),
    metavar="N",
    help="A portal with nothing new for so long is silent; by default WARRAQ_SILENT_HOURS, else its own rhythm.",
)
@click.option("--list", "as_list", is_flag=True, help="Only print what is open.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(
    *,
    event: str | None,
    name: str | None,
    stage: str | None,
    because: str | None,
    silent_hours: float | None,
    as_list: bool,
    as_json: bool,
) -> int | None:
    """Judge all portals and send what is new: one message a portal and cause, and one when it is over.

    Where to is said by WARRAQ_ALERTS (e-mail, Slack or Telegram; see docs/operations/alerts.md), never on the command
    line. With an event, notes what a task says and looks no further. Exit codes: 0 done, 4 not sent, try again later,
    5 refused.

    \b
    Examples:
      warraq alert
      warraq alert --silent-hours 6 --json
      warraq alert --list
      warraq alert failed almasaa/2024-12-25T00Z--2024-12-26T00Z --stage crawl --because "robots.txt cannot be read"
    """
    from warraq.alert_command import check_event, list_troubles, look, note_event

    check_event(event, name, stage=stage, because=because)
    if as_list:
        list_troubles(as_json=as_json)
        return None
    if event and name:
        return note_event(event, name, stage=stage or "", because=because or "", as_json=as_json)
    return look(silent_hours=silent_hours, as_json=as_json)
