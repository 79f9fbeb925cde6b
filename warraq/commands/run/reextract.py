"""`warraq reextract`: today's rules over the raw archive, reviewed before they show."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spiders.registry import find_portal
from storage.errors import ExitCode, StageFailed, UsageError
from storage.model.window import RunId, Window
from storage.settings import read_settings
from warraq.cli.main import refuse_unused
from warraq.cli.terminal_text import json_text, safe_line

if TYPE_CHECKING:
    from rich.console import Console

    from storage.tables.archive_tables import ArchiveTables
    from warraq.reextract.branch_run import Progress, Scope, State
    from warraq.reextract.review import Review, Sample


@click.command()
@click.option("--portal", required=True, metavar="NAME", help="Whose runs.")
@click.option("--from", "start", required=True, metavar="T", help="Runs whose windows start at or after this, UTC.")
@click.option("--to", "end", required=True, metavar="T", help="Runs whose windows start before this, UTC.")
@click.option("--compare", is_flag=True, help="Show the worst changes word by word as well.")
@click.option("--promote", is_flag=True, help="Make the re-extracted rows visible, in one commit.")
@click.option("--discard", is_flag=True, help="Drop the re-extracted rows.")
@click.option("--accept", is_flag=True, help="With --promote: although a gate is shut.")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Processes; default: one a core.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(
    *,
    portal: str,
    start: str,
    end: str,
    compare: bool,
    promote: bool,
    discard: bool,
    accept: bool,
    workers: int | None,
    as_json: bool,
) -> int:
    """Extract published runs again from the raw archive, without the network, into a branch; compare; then decide.

    Readers see nothing of it until --promote. Interrupted, the same command goes on. Gates guard promotion: at most
    1 % of rows may lose a fifth of their text, of dates may be lost, of articles may be lost.
    Exit codes: 0 done, 2 usage, 3 a gate is shut or a run could not be read, 4 try again later, 5 failed or refused.

    \b
    Examples:
      warraq reextract --portal almasaa --from 2024-12-01 --to 2025-01-01
      warraq reextract --portal almasaa --from 2024-12-01 --to 2025-01-01 --compare
      warraq reextract --portal almasaa --from 2024-12-01 --to 2025-01-01 --promote
    """
    from rich.console import Console

    from storage.tables.archive_tables import open_tables
    from warraq.cli.run_table import page_progress
    from warraq.reextract.branch_run import find_scope, reextract
    from warraq.reextract.review import Review, review

    _refuse_contradictions(compare=compare, promote=promote, discard=discard)
    settings = read_settings()
    name = find_portal(portal, settings).name
    tables = open_tables(settings, create=False, to_write=True)
    scope = find_scope(tables, name, Window.typed(start, end))
    if discard:
        return _discard(tables, scope, as_json=as_json)
    if promote:
        return _promote(tables, scope, accept=accept, spill=settings.cache / "duckdb", as_json=as_json)
    with page_progress(Console(stderr=True), "runs re-extracted") as say:

        def tell(progress: Progress) -> None:
            say(progress.runs_done, progress.runs)

        state = reextract(scope, tables, settings, workers=workers, progress=tell)
    found = review(tables.load(), scope.branch, _done(scope, state)) if state.done else Review({}, (), ())
    _show(scope, state, found, with_samples=compare, as_json=as_json)
    return ExitCode.DEGRADED if found.shut_gates or state.skipped else ExitCode.DONE


def _refuse_contradictions(**actions: bool) -> None:
    """Raise UsageError for two actions at once, and for options that the one that is asked for does not look at."""
    asked = [f"--{name}" for name, is_asked in actions.items() if is_asked]
    if len(asked) > 1:
        raise UsageError(f"{' and '.join(asked)} ask for different things", remedy="give one of them")
    if not actions["promote"]:
        refuse_unused("accept", where="without --promote")
    if actions["promote"] or actions["discard"]:
        refuse_unused("workers", where=f"of {asked[0]}, which extracts nothing")


def _discard(tables: ArchiveTables, scope: Scope, *, as_json: bool) -> int:
    from storage.tables.branches import branch_names, drop_branch
    from warraq.reextract.branch_run import forget_state, read_state

    there = branch_names(tables)
    is_begun = scope.branch in there or read_state(tables.store, scope) is not None
    drop_branch(tables, scope.branch)
    forget_state(tables.store, scope)
    if not is_begun:
        others = [name for name in there if name.startswith(f"reextract-{scope.portal}-")]
        hint = f"there are {', '.join(others)}" if others else f"{scope.portal} has none"
        raise UsageError(f"there is no re-extraction {scope.branch} to drop", remedy=hint)
    return _say(f"dropped {scope.branch}", {"discarded": scope.branch}, as_json=as_json)


def _promote(tables: ArchiveTables, scope: Scope, *, accept: bool, spill: Path, as_json: bool) -> int:
    from storage.tables.branches import check_branch, promote
    from warraq.reextract.branch_run import forget_state
    from warraq.reextract.review import review

    if _is_done(tables, scope):
        forget_state(tables.store, scope)
        told = f"{scope.branch} is promoted"
        return _say(told, {"promoted": scope.branch, "runs": 0, "counts": {}}, as_json=as_json)
    state = _finished(tables, scope)
    done = _done(scope, state)
    check_branch(tables, scope.branch, done)
    found = review(tables.load(), scope.branch, done)
    if found.shut_gates and not accept:
        raise StageFailed(
            f"{scope.branch} is not promoted: {'; '.join(found.shut_gates)}",
            remedy="look at --compare, then --promote --accept if it is right",
        )

    def check() -> None:
        if tables.denied_to(scope.runs) != state.without:
            raise StageFailed(
                f"{scope.branch}: what is removed on request has changed since it was made", remedy=_again(scope)
            )

    promote(tables, scope.branch, done, spill=spill, check=check)
    forget_state(tables.store, scope)
    result = {"promoted": scope.branch, "runs": len(done), "counts": found.counts}
    return _say(f"promoted {len(done)} runs of {scope.branch}", result, as_json=as_json)


def _is_done(tables: ArchiveTables, scope: Scope) -> bool:
    """Whether it was promoted by a command that was killed after its commit, before it could say so."""
    from storage.schema.arrow_and_iceberg import runs_from
    from storage.tables.branches import was_promoted
    from storage.tables.row_filters import select
    from warraq.reextract.branch_run import read_state

    if not was_promoted(tables, scope.branch):
        return False
    state = read_state(tables.store, scope)
    wanted = select(portal=scope.portal, since=scope.window.start, before=scope.window.end)
    rows = runs_from(tables.scan("runs", row_filter=wanted))
    # Without a state it may have been discarded since: then it counts if readers see what it would have given.
    return state is not None or len({row.extractor_version for row in rows}) == 1


def _finished(tables: ArchiveTables, scope: Scope) -> State:
    from storage.tables.branches import has_branch
    from warraq.reextract.branch_run import read_state

    state = read_state(tables.store, scope)
    again = _again(scope)
    if state is None or not has_branch(tables, scope.branch):
        raise UsageError(f"there is no re-extraction {scope.branch}", remedy=again)
    left = {str(run) for run in scope.runs} - set(state.done) - set(state.skipped)
    if left or not state.done:
        raise StageFailed(f"{scope.branch}: {len(left)} runs are still to be re-extracted", remedy=again)
    return state


def _again(scope: Scope) -> str:
    return f"run warraq reextract --portal {scope.portal} for this span first, without --promote"


def _done(scope: Scope, state: State) -> list[RunId]:
    done = set(state.done)
    return [run for run in scope.runs if str(run) in done]


def _say(line: str, result: dict[str, object], *, as_json: bool) -> int:
    click.echo(json_text(result) if as_json else line)
    return ExitCode.DONE


def _show(scope: Scope, state: State, found: Review, *, with_samples: bool, as_json: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if as_json:
        result = {"branch": scope.branch, "extractor_version": state.version, "runs": len(state.done)}
        told = {**result, "skipped": state.skipped, **asdict(found)}
        click.echo(json_text(told))
        return
    console = Console()
    table = Table(title=Text(scope.branch), title_justify="left", show_header=False, box=None)
    table.add_row("runs re-extracted", f"{len(state.done)} of {len(scope.runs)}")
    for name, count in found.counts.items():
        table.add_row(name.replace("_", " "), f"{count:,}")
    console.print(table)
    for run, reason in state.skipped.items():
        console.print(Text(f"left as it is: {run}: {safe_line(reason)}"), soft_wrap=True)
    for gate in found.shut_gates:
        console.print(Text(f"gate shut: {gate}", style="red"))
    if with_samples:
        for sample in found.samples:
            _show_sample(console, sample)
    next_step = "--promote --accept" if found.shut_gates else "--promote"
    console.print(Text(f"nothing is published yet: {next_step} makes it visible, --discard drops it", style="dim"))


def _show_sample(console: Console, sample: Sample) -> None:
    from rich.text import Text

    from warraq.cli.article_view import marked
    from warraq.lookup.edition_diff import changes

    console.print(Text(safe_line(sample.url), style="bold"), soft_wrap=True)
    if sample.new_body is None:
        console.print(Text(f"is no article any more: {safe_line(sample.old_title or '')}", style="red"))
        return
    if sample.old_date != sample.new_date:
        console.print(Text(f"date: {sample.old_date} → {sample.new_date}"))
    signs = console.no_color or not console.is_terminal
    for old, new in ((sample.old_title, sample.new_title), (sample.old_body, sample.new_body)):
        if old != new:
            console.print(marked(changes(old or "", new or ""), signs=signs), soft_wrap=True)
