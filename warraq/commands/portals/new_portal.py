"""`warraq new-portal`: a definition from what a site shows."""

from __future__ import annotations

import click


@click.command("new-portal")
@click.argument("name")
@click.argument("url")
@click.option("--country", metavar="CODE", help="ISO code, or XX for pan-Arab and foreign; else by the domain.")
@click.option("--timezone", metavar="ZONE", help="IANA name such as Africa/Cairo; else the country's.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def command(name: str, url: str, country: str | None, timezone: str | None, as_json: bool) -> int:
    """Write the definition of a portal NAME from what its site at URL shows: sources, form of addresses, its name.

    Needs a network. The file goes to the folder WARRAQ_PORTALS, or into spiders/portals of a checkout. Read it
    before the first run: it holds what a probe saw, not what is known.

    \b
    Examples:
      warraq new-portal example https://www.example.com/
      warraq new-portal example https://www.example.com/ --country JO --timezone Asia/Amman
    """
    from warraq.new_portal_command import write_portal

    return write_portal(name, url, country=country, timezone=timezone, as_json=as_json)
