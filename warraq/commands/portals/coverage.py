"""`warraq coverage`: which days of which portals are archived."""

from __future__ import annotations

import click


@click.command()
@click.argument("portal", required=False)
@click.option("--from", "start", help="First day, UTC; by default two months ago.")
@click.option("--to", "end", help="End, UTC, not part of it; by default now.")
@click.option("--json", "as_json", is_flag=True, help="A JSON list with one object a portal and day.")
def command(portal: str | None, start: str | None, end: str | None, as_json: bool) -> None:
    """Show a calendar of what is archived, thin, degraded, partial or missing.

    Days are UTC. A day is thin when it yielded less than half of what the portal yields in such windows.

    \b
    Examples:
      warraq coverage
      warraq coverage almasaa --from 2024-01-01 --to 2025-01-01
      warraq coverage --json
    """
    from warraq.coverage_command import show_coverage

    show_coverage(portal, start, end, as_json=as_json)
