"""`warraq maintain`: compaction and clean-up."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from storage.settings import read_settings
from warraq.cli.terminal_text import json_text

if TYPE_CHECKING:
    from warraq.api.search_index import IndexState


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
@click.option(
    "--search-index/--no-search-index",
    default=None,
    help="Keep the index of `warraq search` too. Default: for an archive in a directory; for S3 it is on this machine.",
)
@click.option(
    "--search-index-only",
    is_flag=True,
    help="Only this: keep the index of `warraq search`. Needs no right to write to an archive in S3.",
)
@click.option("--dry-run", is_flag=True, help="Tell what would be done.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(
    *,
    keep_days: float,
    margin_days: float,
    staging_days: float,
    rebuild_catalog: bool,
    search_index: bool | None,
    search_index_only: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Compact small files, forget old snapshots, remove unused files.

    Readers and writers go on meanwhile. The files of a portal-month that is over become one (of up to 128 MB each), and
    90 days after a year's end those of the year where they have at most 16 MB together; in the current month the files
    of settled windows are put together when a portal has more than 24. Tagged snapshots, such as those of releases,
    stay readable for good.
    The index of `warraq search` is brought to the archive. Run it once a day; interrupted, run it again.

    \b
    Examples:
      warraq maintain
      warraq maintain --search-index
      warraq maintain --search-index-only
      warraq maintain --dry-run --json
      warraq maintain --keep-days 1 --margin-days 1
      warraq maintain --rebuild-catalog
    """
    from storage.tables.maintenance import maintain

    if rebuild_catalog:
        _rebuild(as_json=as_json)
        return
    if search_index_only:
        kept = _keep_index()
        click.echo(json_text({"search_index": asdict(kept)}) if as_json else _told(kept))
        return
    settings = read_settings()
    report = maintain(
        settings,
        now=datetime.now(UTC),
        keep=timedelta(days=keep_days),
        margin=timedelta(days=margin_days),
        staging=timedelta(days=staging_days),
        dry_run=dry_run,
        progress=lambda line: click.echo(line, err=True),
    )
    is_kept = not settings.is_s3 if search_index is None else search_index
    index = _keep_index() if is_kept and not dry_run else None
    if as_json:
        click.echo(json_text({**asdict(report), "search_index": None if index is None else asdict(index)}))
        return
    would = "would be " if dry_run else ""
    parts, files = len(report.compacted), report.files_before
    click.echo(f"months and years of portals {would}compacted: {parts}; data files: {files}", nl=False)
    click.echo("" if dry_run else f" → {report.files_after}")
    for name in report.left_for_later:
        click.echo(f"left for the next time, because a run was published meanwhile: {name}")
    click.echo(f"snapshots forgotten: {report.snapshots_expired}; unused files {would}removed: {report.files_removed}")
    click.echo(f"old staged objects {would}removed: {report.staged_objects_removed}")
    if report.log_entries_packed:
        click.echo(f"entries of the log of commits that stand in packs now: {report.log_entries_packed:,}")
    if index is not None:
        click.echo(_told(index))


def _told(index: IndexState) -> str:
    how = "written anew" if index.is_new else f"{index.added:,} added"
    return f"search index: {index.articles:,} articles, {how}"


def _keep_index() -> IndexState:
    """Bring the search index to the archive as it is now."""
    import warraq
    from warraq.api.search_index import keep_index

    with warraq.open_archive() as archive:
        return keep_index(archive.connections)


def _rebuild(*, as_json: bool) -> None:
    """Make a lost catalog again and show what it now points at."""
    from storage.iceberg.catalog_rebuild import rebuild_catalog

    taken = sorted(rebuild_catalog(read_settings()).items())
    if as_json:
        told = [
            {"table": name, "metadata": one.table.metadata_location, "passed_over": one.passed_over}
            for name, one in taken
        ]
        click.echo(json_text(told))
        return
    for name, one in taken:
        over = f" ({one.passed_over} newer: damaged, or never committed)" if one.passed_over else ""
        click.echo(f"news.{name}: {one.table.metadata_location}{over}")
    click.echo("the catalog is made again; prove it: warraq verify")
