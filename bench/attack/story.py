"""The commands of an archive's life, from files on this machine: the same each time, so that two archives compare."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from storage.model.window import RunId, Window
from storage.objects.open import open_store
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from tests.fixtures.demo_runs import SITE, pages
from tests.fixtures.raw_runs import RUN, write_round

DAYS = 3
PAGES = 5  # of a day; one of them is in the next day's file too
SPAN = ("--portal", "demo", "--from", "2024-12-25", "--to", "2024-12-28")
GONE = SITE.base_url + SITE.path(SITE.card(1))
# What differs from archive to archive by nature: times of runs, versions of code, names of files.
_BY_NATURE = {"started_at", "finished_at", "crawl_seconds", "rounds", "attempts", "code_version", "source_url"}
# What differs between two crawls of one site.
_OF_A_CRAWL = {"captured_at", "fetch_seconds", "last_modified", "requests", "bytes_received"}
_OFFSETS = {"warc_key", "warc_offset", "warc_length"}


def day(number: int) -> RunId:
    """A day of the story."""
    shift = timedelta(days=number)
    return RunId("demo", Window(RUN.window.start + shift, RUN.window.end + shift))


def files(folder: Path) -> list[Path]:
    """WARC files as somebody else made them, one a day."""
    made = []
    for number in range(DAYS):
        scratch = read_settings({"WARRAQ_ARCHIVE": str(folder / f"made-{number}"), "WARRAQ_CACHE": str(folder)})
        numbers = range(number * (PAGES - 1), number * (PAGES - 1) + PAGES)
        write_round(open_store(scratch), pages(*numbers, minute=1440 * number), spool=folder, run=day(number))
        chunk = next(Path(scratch.archive).rglob("*.warc.gz"))
        made.append(chunk.rename(folder / f"{number}.warc.gz"))
    return made


def commands(warcs: list[Path]) -> list[tuple[str, ...]]:
    """What is typed after `warraq`, in order."""
    return [
        ("import", str(warcs[0]), "--portal", "demo"),
        ("import", str(warcs[1]), "--portal", "demo", "--raw-only"),
        ("extract", str(day(1))),
        ("publish", str(day(1))),
        ("import", str(warcs[2]), "--portal", "demo"),
        ("reextract", *SPAN),
        ("reextract", *SPAN, "--promote", "--accept"),
        ("maintain",),
        ("release", "2024-12"),
        ("remove", GONE, "--reason", "attack", "--basis", "attack"),
        ("maintain",),
        ("verify",),
    ]


def environ_of(settings: Settings) -> dict[str, str]:
    """The variables of a process that works on an archive."""
    found = {"WARRAQ_ARCHIVE": settings.archive, "WARRAQ_CACHE": str(settings.cache), "WARRAQ_CONTACT": "x@example"}
    if settings.catalog:
        found["WARRAQ_CATALOG"] = settings.catalog
    # A catalog that another place has left in our environment is not this archive's.
    return {**{name: value for name, value in os.environ.items() if name != "WARRAQ_CATALOG"}, **found}


def rows(settings: Settings, *, of_crawls: bool = False) -> dict[str, list[str]]:
    """Every row that readers see, without what differs by nature; of two crawls that is more."""
    tables = open_tables(replace(settings), create=False)
    left_out = {"articles": _OFFSETS, "fetches": _BY_NATURE | _OFFSETS, "runs": _BY_NATURE | {"findings"}}
    return {
        name: sorted(
            str(
                {
                    key: value
                    for key, value in row.items()
                    if key not in left_out[name] | (_OF_A_CRAWL if of_crawls else set())
                }
            )
            for row in tables.scan(name).to_pylist()
        )
        for name in left_out
    }
