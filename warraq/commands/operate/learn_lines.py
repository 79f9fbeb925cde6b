"""`warraq learn-lines`: lines that repeat over a portal's articles."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from spiders.registry import find_portal
from storage.errors import ObjectMissing, StageFailed, UsageError
from storage.model.window import Window
from storage.settings import Settings, read_settings
from warraq.cli.terminal_text import json_text

if TYPE_CHECKING:
    from rich.table import Table

    from extract.boilerplate.learnt_lines import LearntLines

SHOWN_LINES = 30
_COLUMNS = ("article_id", "body", "removed_blocks")


@click.command()
@click.argument("portal")
@click.option("--from", "start", help="Begin of the reference window, e.g. 2024-11-01; UTC.")
@click.option("--to", "end", help="Its end, which is not part of it.")
@click.option("--use", "version", help="Use a version learnt before, or `none`, instead of learning.")
@click.option("--dry-run", is_flag=True, help="Show what would be learnt; store nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with the version and its lines.")
def command(
    portal: str, start: str | None, end: str | None, *, version: str | None, dry_run: bool, as_json: bool
) -> None:
    """Learn lines that stand in many articles of PORTAL, and use them in extraction from now on.

    Reads the bodies archived in the window. Slogans, promotions and prompts that no rule knows repeat from article to
    article; extraction strips them and keeps them in removed_blocks under the rule learnt:<version>. A version never
    changes, and each row's extractor_version names the one it was made with.

    \b
    Examples:
      warraq learn-lines almasaa --from 2024-11-01 --to 2024-12-01 --dry-run
      warraq learn-lines almasaa --from 2024-11-01 --to 2024-12-01
      warraq learn-lines almasaa --use none
    """
    if version is not None:
        _choose(portal, version, other_options=bool(start or end or dry_run), as_json=as_json)
    else:
        _learn(portal, start, end, dry_run=dry_run, as_json=as_json)


def _learn(portal: str, start: str | None, end: str | None, *, dry_run: bool, as_json: bool) -> None:
    """Learn from a window, store the set, use it, and show it. Raises UsageError and StageFailed."""
    from rich.console import Console

    from storage.objects.open import open_store
    from warraq.pipeline.learnt_lines_store import NONE, store_learnt
    from warraq.pipeline.settings_to_write import settings_to_write

    if not (start and end):
        raise UsageError(
            "learn-lines needs a window", remedy="give --from and --to, or --use to choose a version learnt before"
        )
    settings = read_settings() if dry_run else settings_to_write()
    window = Window.typed(start, end)
    learnt = _learn_from_archive(find_portal(portal, settings).name, window, settings)
    if not dry_run:
        store = open_store(settings)
        store_learnt(store, learnt)
        _use(settings, learnt.portal, learnt.version)
    if as_json:
        click.echo(json_text({**asdict(learnt), "stored": not dry_run}))
        return
    Console().print(_table(learnt))
    if dry_run:
        click.echo("nothing stored; without --dry-run these lines are stripped from now on")
    else:
        click.echo(f"in use from now on; back to the time before: warraq learn-lines {learnt.portal} --use {NONE}")


def _learn_from_archive(portal: str, window: Window, settings: Settings) -> LearntLines:
    """Learn from what is archived of a portal in a window. Raises StageFailed if that is too little."""
    from extract.boilerplate.learnt_lines import LearnParameters, learn_lines

    learnt = learn_lines(_articles(portal, window, settings), portal=portal, window=str(window))
    needed = LearnParameters().min_window_articles
    if learnt.articles < needed:
        raise StageFailed(
            f"{portal} has {learnt.articles} articles in {window}, and {needed} are needed to learn from",
            remedy="choose a longer window, or archive it first: warraq backfill",
        )
    return learnt


def _articles(portal: str, window: Window, settings: Settings) -> Iterator[tuple[str, list[str], list[str]]]:
    from extract.boilerplate.learnt_lines import RULE_PREFIX
    from storage.tables.archive_tables import open_tables
    from storage.tables.row_filters import select

    wanted = select(portal=portal, since=window.start, before=window.end)
    for batch in open_tables(settings, create=False).batches("articles", row_filter=wanted, columns=_COLUMNS):
        for row in batch.to_pylist():
            blocks = row["removed_blocks"] or ()
            removed = [block["text"] for block in blocks if block["rule"].startswith(RULE_PREFIX)]
            yield row["article_id"], row["body"].split("\n"), removed


def _choose(portal: str, version: str, *, other_options: bool, as_json: bool) -> None:
    """Choose a stored version, or none. Raises UsageError for one that there is not."""
    from warraq.pipeline.learnt_lines_store import NONE
    from warraq.pipeline.settings_to_write import settings_to_write

    if other_options:
        raise UsageError("--use chooses a version and learns nothing", remedy="leave --from, --to and --dry-run out")
    settings = settings_to_write()
    name = find_portal(portal, settings).name
    chosen = None if version == NONE else version
    _use(settings, name, chosen)
    if as_json:
        click.echo(json_text({"portal": name, "version": chosen}))
    else:
        click.echo(f"{name}: extraction uses {f'the lines {chosen}' if chosen else 'no learnt lines'} from now on")


def _use(settings: Settings, portal: str, version: str | None) -> None:
    """Choose a set, and enter the choice into the log of commits, if there is anything archived yet."""
    from storage.objects.open import open_store
    from storage.tables.archive_tables import open_tables
    from warraq.pipeline.learnt_lines_store import use_learnt

    use_learnt(open_store(settings), portal, version)
    with contextlib.suppress(ObjectMissing):
        open_tables(settings, create=False).note("use learnt lines", {"portal": portal, "version": version})


def _table(learnt: LearntLines) -> Table:
    from rich.table import Table
    from rich.text import Text

    title = (
        f"{learnt.portal}: {len(learnt.lines)} lines repeat in {learnt.articles:,} articles\nversion {learnt.version}"
    )
    table = Table(title=Text(title), title_justify="left", box=None)
    table.add_column("articles", justify="right")
    table.add_column("line", overflow="fold")
    for line in learnt.lines[:SHOWN_LINES]:
        table.add_row(f"{line.articles:,}", Text(line.example))  # Text, never markup: it quotes the web
    if len(learnt.lines) > SHOWN_LINES:
        table.add_row("", Text(f"… and {len(learnt.lines) - SHOWN_LINES} more; --json shows all"))
    return table
