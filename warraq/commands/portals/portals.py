"""`warraq portals`: which portals there are, where their links come from and when they are archived."""

from __future__ import annotations

import click

from spiders.portal.definition import Portal
from spiders.registry import find_portal, read_definitions
from storage.errors import ExitCode
from storage.settings import read_settings
from warraq.cli.portal_table import as_record, markdown, print_portal, print_table
from warraq.cli.terminal_text import json_text, safe_line


@click.command("portals")
@click.argument("name", required=False)
@click.option("--country", metavar="CODE", help="Only portals of this country (ISO code; XX: pan-Arab and foreign).")
@click.option("--json", "as_json", is_flag=True, help="One JSON array for programs.")
@click.option("--markdown", "as_markdown", is_flag=True, help="The page docs/reference/portals.md.")
def command(name: str | None, country: str | None, as_json: bool, as_markdown: bool) -> int:
    """List the portals, or all that is known of the portal NAME.

    A definition that cannot be used is named on standard error, and the exit code is 3; the others are listed.

    \b
    Examples:
      warraq portals
      warraq portals --country EG
      warraq portals almasaa
      warraq portals --json
    """
    settings = read_settings()
    definitions = read_definitions(settings)
    found = [find_portal(name, settings)] if name else list(definitions.portals.values())
    chosen: list[Portal] = [portal for portal in found if country is None or portal.country == country.upper()]
    if as_markdown:
        click.echo(markdown(chosen), nl=False)
    elif as_json:
        click.echo(json_text([as_record(portal) for portal in chosen], indent=2))
    elif name:
        print_portal(chosen[0])
    else:
        print_table(chosen)
    if name:
        return ExitCode.DONE
    for bad in definitions.bad:
        click.echo(f"left out: {safe_line(str(bad))}", err=True)
    return ExitCode.DEGRADED if definitions.bad else ExitCode.DONE
