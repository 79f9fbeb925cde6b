"""`warraq backfill`: archive a range of the past, window by window."""

from __future__ import annotations

import click


@click.command()
@click.argument("portals", nargs=-1, required=True, metavar="PORTAL…")
@click.option("--from", "start", required=True, help="First day, e.g. 2024-03-01: midnight of the portal's zone.")
@click.option("--to", "end", required=True, help="End, not part of the range.")
@click.option("--only-missing", is_flag=True, help="Leave out windows that are archived.")
@click.option("--newest-first", is_flag=True, help="Begin with the latest window.")
@click.option("--dry-run", is_flag=True, help="Show the plan and end.")
@click.option("--yes", is_flag=True, help="Do not ask before starting.")
@click.option(
    "--via",
    type=click.Choice(["local", "airflow"]),
    default="local",
    show_default=True,
    help="Run here, or as Airflow's own backfill, which is followed until it ends.",
)
@click.option("--json", "as_json", is_flag=True, help="The plan (with --dry-run) or the outcome as one JSON object.")
def command(
    *,
    portals: tuple[str, ...],
    start: str,
    end: str,
    only_missing: bool,
    newest_first: bool,
    dry_run: bool,
    yes: bool,
    via: str,
    as_json: bool,
) -> int:
    """Archive the past: the plan first, then a question, then one window after the other.

    A bare day is a day of the portal. Locally windows are such days; in Airflow they are the DAG's data intervals.
    Interrupted, the same command goes on. Three failures in a row for the same cause end it.
    Exit codes: 0 done, 2 usage, 3 some degraded, 4 some to be tried later, 5 some failed for good.

    \b
    Examples:
      warraq backfill almasaa --from 2024-03-01 --to 2024-04-01 --dry-run
      warraq backfill almasaa ahram --from 2024-03-01 --to 2024-04-01 --only-missing --newest-first
      warraq backfill demo --from 2024-12-01 --to 2024-12-31 --via airflow --yes
    """
    from warraq.backfill_command import BackfillWish, backfill

    wish = BackfillWish(
        portals=portals,
        start=start,
        end=end,
        only_missing=only_missing,
        newest_first=newest_first,
        dry_run=dry_run,
        yes=yes,
        via=via,
        as_json=as_json,
    )
    return backfill(wish)
