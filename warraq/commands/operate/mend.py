"""`warraq mend`: bring home what was written to another place by mistake."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("place", metavar="PLACE")
def command(place: str) -> int:
    """Bring home what was written to PLACE under this archive's catalog, as when WARRAQ_ARCHIVE was mistyped.

    Objects that this archive lacks are copied; nothing is replaced here and nothing deleted there. Then all that the
    tables name is looked for. Interrupted, the same command ends it. Exit codes: 0 whole, 5 something is missing.

    \b
    Examples:
      WARRAQ_ARCHIVE=/data/archive warraq mend /data/archvie
      WARRAQ_ARCHIVE=s3://news/archive warraq mend s3://news/archiv
    """
    from dataclasses import replace

    from storage.errors import ExitCode, StageFailed, UsageError
    from storage.objects.object_copy import copy_missing
    from storage.objects.open import open_store
    from storage.settings import read_settings
    from storage.tables.archive_tables import open_tables
    from storage.tables.expiry import referenced_keys

    settings = read_settings()
    if not place.startswith("s3://"):
        if not Path(place).is_dir():
            raise UsageError(f"{place} is no folder", remedy="name the place that was written to by mistake")
        place = str(Path(place).absolute())
    other = open_store(replace(settings, archive=place.rstrip("/")))
    home = open_store(settings)
    copied = copy_missing(other, home, scratch=settings.cache / "mending")
    click.echo(f"{copied} objects brought home from {other.url}")
    tables = open_tables(settings, create=False)
    present = {info.key for info in home.list("tables/")}
    missing = sorted(key for key in set(referenced_keys(tables)) - present if ".metadata.json" not in key)
    if missing:
        raise StageFailed(
            f"{len(missing)} files that the tables name are in neither place, for example {missing[0]}",
            remedy="restore them from a copy, or archive their windows again",
        )
    click.echo("whole: all that the tables name is here; prove it: warraq verify")
    return ExitCode.DONE
