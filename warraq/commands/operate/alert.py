"""`warraq alert`: tell operators what is wrong, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storage.errors import UsageError
from storage.model.window import spell_time
from storage.settings import read_settings
from warraq.cli.terminal_text import json_text

if TYPE_CHECKING:
    from storage.objects.store import ObjectStore


@click.command()
@click.argument("event", required=False, type=click.Choice(["failed", "degraded", "done"]))
@click.argument("name", required=False, metavar="[RUN|PORTAL|DAG]")
@click.option("--stage", metavar="STAGE", help="What failed: crawl, extract, publish, or a task of a DAG.")
@click.option("--because", metavar="TEXT", help="The error, or the findings.")
@click.option("--link", metavar="URL", help="Where the log is.")
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
    link: str | None,
    silent_hours: float | None,
    as_list: bool,
    as_json: bool,
) -> None:
    """Judge all portals and send what is new: one message a portal and cause, and one when it is over.

    Where to is said by WARRAQ_ALERTS (e-mail, Slack or Telegram; see docs/how_to/operate/alerts.md), never on the
    command line. With an event, notes what a task says and looks no further. Exit codes: 0 done, 4 not sent, try again
    later, 5 refused.

    \b
    Examples:
      warraq alert
      warraq alert --silent-hours 6 --json
      warraq alert --list
      warraq alert failed almasaa/2024-12-25T00Z--2024-12-26T00Z --stage crawl --because "robots.txt cannot be read"
    """
    from storage.objects.open import open_store
    from warraq.alerts.incidents import read_troubles
    from warraq.alerts.watch import look, note_event

    _check_event(event, name, stage=stage, because=because)
    settings = read_settings()
    if as_list:
        _list(open_store(settings), as_json=as_json)
        return
    if event and name:
        told = note_event(settings, event, name, stage=stage or "", because=because or "", link=link, say=_say)
    else:
        told = look(settings, silent_hours=silent_hours or settings.silent_hours, say=_say)
    if as_json:
        still_open = len(read_troubles(open_store(settings)))
        click.echo(json_text({"told": told, "open": still_open}))


def _say(line: str) -> None:
    click.echo(line, err=True)


def _check_event(event: str | None, name: str | None, *, stage: str | None, because: str | None) -> None:
    """Raises UsageError for an event that lacks a part."""
    if event and not name:
        raise UsageError(f"`warraq alert {event}` of what?", remedy="name a run, a portal or a DAG")
    if event == "failed" and not stage:
        raise UsageError("a failure needs its stage", remedy="add --stage crawl")
    if event in ("failed", "degraded") and not because:
        raise UsageError(f"`warraq alert {event}` needs a cause", remedy="add --because TEXT")


def _list(store: ObjectStore, *, as_json: bool) -> None:
    from warraq.alerts.incidents import read_troubles
    from warraq.alerts.message_text import headline
    from warraq.alerts.watch import arabic_titles

    troubles = read_troubles(store)
    if as_json:
        rows = [
            {
                "subject": one.subject,
                "cause": one.cause,
                "detail": one.detail,
                "run_id": one.run_id,
                "since": spell_time(one.first_seen),
                "times": one.times,
                "told": one.told_at is not None,
                "ended": one.ended_at is not None,
            }
            for one in troubles
        ]
        click.echo(json_text({"troubles": rows}))
        return
    titles = arabic_titles(read_settings())
    for one in troubles:
        over = f", over since {spell_time(one.ended_at)}" if one.ended_at else ""
        click.echo(f"{headline(one, titles)}, since {spell_time(one.first_seen)}{over}: {one.detail}")
    if not troubles:
        click.echo("nothing is open")
