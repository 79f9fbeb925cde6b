"""`warraq verdict`: a person's word on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storage.errors import UsageError
from storage.model.window import RunId
from storage.settings import read_settings
from warraq.cli.terminal_text import json_text

if TYPE_CHECKING:
    from warraq.lookup.verdicts import Word


@click.command()
@click.argument("run", metavar="RUN|PORTAL")
@click.argument("link_id", required=False, metavar="[LINK]")
@click.argument("word", required=False, type=click.Choice(["accept", "reject"]), metavar="[accept|reject]")
@click.option("--note", default="", metavar="TEXT", help="Why, for whoever looks next.")
@click.option("--by", metavar="NAME", help="Whose word it is; by default the user of this machine.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(*, run: str, link_id: str | None, word: Word | None, note: str, by: str | None, as_json: bool) -> None:
    """Keep a person's word on the page of a LINK that RUN captured; of a PORTAL alone, list what was said.

    `warraq overview RUN` names the links. A word is never changed by a later judgement or a later word.

    \b
    Examples:
      warraq verdict almasaa/2024-12-25T00Z--2024-12-26T00Z 0123456789abcdef0123456789abcdef reject --note "a list"
      warraq verdict almasaa --json
    """
    from spiders.registry import find_portal
    from storage.objects.open import open_store
    from warraq.alerts.action_log import note_action, who
    from warraq.cli.terminal_text import safe_line
    from warraq.lookup.run_pages import outcome_of
    from warraq.lookup.verdicts import give_verdict, verdicts

    settings = read_settings()
    store = open_store(settings)
    if link_id is None:
        found = verdicts(store, find_portal(run, settings).name)
        said = sorted((one for words in found.values() for one in words), key=lambda one: one.at)
    elif word is None:
        raise UsageError("accept or reject?", remedy=f"write it: warraq verdict {run} {link_id} accept")
    else:
        wanted = RunId.parse(run)
        outcome = outcome_of(settings, wanted, link_id)
        line, name = safe_line(note), who(by)
        said = [give_verdict(store, wanted, link_id, word, note=line, by=name, outcome=outcome)]
        note_action(store, word, wanted.portal, by=name, detail=f"{wanted} {link_id} {line}".strip())
    if as_json:
        click.echo(json_text({"verdicts": [one.as_json() for one in said]}))
        return
    for one in said:
        click.echo(one.line)
    if not said:
        click.echo("nobody has said anything of this portal's pages")
