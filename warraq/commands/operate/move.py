"""`warraq move`: an archive that was copied or renamed is read where it is now."""

from __future__ import annotations

import click

from warraq.cli.terminal_text import json_text


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(*, as_json: bool) -> int:
    """Let an archive that was copied or renamed be read where WARRAQ_ARCHIVE says that it is now.

    Iceberg's metadata names files by their whole path, so it is written anew; data files and the raw archive stay as
    they are. Everything the tables name is looked for first. Interrupted, the same command ends it. The catalog follows
    the archive: of a copy in S3 copy the catalog's database too, and name the copy in WARRAQ_CATALOG.
    Exit codes: 0 moved or here already, 5 something is missing or damaged.

    \b
    Examples:
      mv /data/archive /big/archive && WARRAQ_ARCHIVE=/big/archive warraq move
      WARRAQ_ARCHIVE=s3://other/archive WARRAQ_CATALOG=postgresql+psycopg2://…/copied warraq move --json
    """
    from storage.errors import ExitCode, UsageError
    from storage.iceberg.catalog import home_of, is_same_place, keep_home, open_catalog, translated
    from storage.iceberg.multi_table_commit import ArchiveCatalog
    from storage.iceberg.relocation import Moved, relocate
    from storage.objects.open import open_store
    from storage.settings import read_settings

    settings = read_settings()
    store = open_store(settings)
    with translated(settings.archive):
        catalog = open_catalog(settings)
        home = home_of(catalog)
        if home is None:
            raise UsageError(
                "the catalog knows no tables",
                remedy="name the archive's own catalog, or a copy of it, in WARRAQ_CATALOG",
            )
        if not isinstance(catalog, ArchiveCatalog):
            raise UsageError("only SQL catalogs can be moved", remedy="register the tables by the catalog's own tools")
        moved = Moved(home, 0, 0)
        if not is_same_place(home, store.url):
            moved = relocate(catalog, store, home=home, say=lambda line: click.echo(line, err=True))
        keep_home(catalog, store.url)
    if as_json:
        told = {"from": home, "to": store.url, "snapshots": moved.snapshots, "data_files": moved.data_files}
        click.echo(json_text(told))
    elif moved.snapshots:
        click.echo(
            f"moved from {home}: {moved.snapshots} snapshots, {moved.data_files} data files; prove it: warraq verify"
        )
    else:
        click.echo(f"the archive is in {store.url} already")
    return ExitCode.DONE
