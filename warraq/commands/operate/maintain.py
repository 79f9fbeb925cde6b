"""`warraq maintain`: compaction and clean-up."""

from __future__ import annotations

import click


@click.command()
@click.option(
    "--keep-days", type=click.FloatRange(min=0), default=7, show_default=True, help="How long snapshots stay."
)
@click.option(
    "--margin-days",
    type=click.FloatRange(min=0),
    default=3,
    show_default=True,
    help="How long a file must have been seen unused before it goes: longer than any reader or writer takes.",
)
@click.option(
    "--staging-days", type=click.FloatRange(min=0), default=30, show_default=True, help="How long staged rows stay."
)
@click.option("--rebuild-catalog", is_flag=True, help="Only this: make a lost catalog again from the tables' metadata.")
@click.option("--dry-run", is_flag=True, help="Tell what would be done.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(
    *,
    keep_days: float,
    margin_days: float,
    staging_days: float,
    rebuild_catalog: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Compact small files, forget old snapshots, remove unused files.

    Readers and writers go on meanwhile. The files of a portal-month that is over become one (of up to 128 MB each); in
    the current month the files of settled windows are put together when a portal has more than 24. Tagged snapshots,
    such as those of releases, stay readable for good. Run it once a day; interrupted, run it again.

    \b
    Examples:
      warraq maintain
      warraq maintain --dry-run --json
      warraq maintain --keep-days 1 --margin-days 1
      warraq maintain --rebuild-catalog
    """
    from warraq.maintain_command import maintain_and_tell, rebuild_and_tell

    if rebuild_catalog:
        rebuild_and_tell(as_json=as_json)
        return
    maintain_and_tell(
        keep_days=keep_days, margin_days=margin_days, staging_days=staging_days, dry_run=dry_run, as_json=as_json
    )
