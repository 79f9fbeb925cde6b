"""`warraq learn-lines` itself."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from extract.boilerplate.learnt_lines import RULE_PREFIX, LearnParameters, LearntLines, learn_lines
from spiders.registry import find_portal
from storage.errors import ObjectMissing, StageFailed, UsageError
from storage.model.window import Window
from storage.objects.open import open_store
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.row_filters import select
from warraq.pipeline.learnt_lines_store import NONE, store_learnt, use_learnt

SHOWN_LINES = 30
_COLUMNS = ("article_id", "body", "removed_blocks")


def learn_and_tell(portal: str, start: str | None, end: str | None, *, dry_run: bool, as_json: bool) -> None:
    """Learn from a window, store the set, use it, and show it. Raises UsageError and StageFailed."""
    if not (start and end):
        raise UsageError(
            "learn-lines needs a window", remedy="give --from and --to, or --use to choose a version learnt before"
        )
    settings = read_settings()
    window = Window.typed(start, end)
    learnt = learn_from_archive(find_portal(portal, settings).name, window, settings)
    if not dry_run:
        store = open_store(settings)
        store_learnt(store, learnt)
        _use(settings, learnt.portal, learnt.version)
    if as_json:
        click.echo(json.dumps({**asdict(learnt), "stored": not dry_run}, ensure_ascii=False))
        return
    Console().print(_table(learnt))
    if dry_run:
        click.echo("nothing stored; without --dry-run these lines are stripped from now on")
    else:
        click.echo(f"in use from now on; back to the time before: warraq learn-lines {learnt.portal} --use {NONE}")


def learn_from_archive(portal: str, window: Window, settings: Settings) -> LearntLines:
    """Learn from what is archived of a portal in a window. Raises StageFailed if that is too little."""
    learnt = learn_lines(_articles(portal, window, settings), portal=portal, window=str(window))
    needed = LearnParameters().min_window_articles
    if learnt.articles < needed:
        raise StageFailed(
            f"{portal} has {learnt.articles} articles in {window}, and {needed} are needed to learn from",
            remedy="choose a longer window, or archive it first: warraq backfill",
        )
    return learnt


def _articles(portal: str, window: Window, settings: Settings) -> Iterator[tuple[str, list[str], list[str]]]:
    wanted = select(portal=portal, since=window.start, before=window.end)
    for batch in open_tables(settings, create=False).batches("articles", row_filter=wanted, columns=_COLUMNS):
        for row in batch.to_pylist():
            blocks = row["removed_blocks"] or ()
            removed = [block["text"] for block in blocks if block["rule"].startswith(RULE_PREFIX)]
            yield row["article_id"], row["body"].split("\n"), removed


def use_and_tell(portal: str, version: str, *, other_options: bool, as_json: bool) -> None:
    """Choose a stored version, or none. Raises UsageError for one that there is not."""
    if other_options:
        raise UsageError("--use chooses a version and learns nothing", remedy="leave --from, --to and --dry-run out")
    settings = read_settings()
    name = find_portal(portal, settings).name
    chosen = None if version == NONE else version
    _use(settings, name, chosen)
    if as_json:
        click.echo(json.dumps({"portal": name, "version": chosen}))
    else:
        click.echo(f"{name}: extraction uses {f'the lines {chosen}' if chosen else 'no learnt lines'} from now on")


def _table(learnt: LearntLines) -> Table:
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


def _use(settings: Settings, portal: str, version: str | None) -> None:
    """Choose a set, and enter the choice into the log of commits, if there is anything archived yet."""
    use_learnt(open_store(settings), portal, version)
    with contextlib.suppress(ObjectMissing):
        open_tables(settings, create=False).note("use learnt lines", {"portal": portal, "version": version})
