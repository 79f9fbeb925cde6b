"""`warraq reextract` itself."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from spiders.registry import find_portal
from storage.errors import ExitCode, StageFailed, UsageError
from storage.model.window import RunId, Window
from storage.schema.arrow_and_iceberg import runs_from
from storage.settings import read_settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.branches import check_branch, drop_branch, has_branch, promote, was_promoted
from storage.tables.row_filters import select
from warraq.cli.article_view import marked
from warraq.cli.run_table import page_progress
from warraq.cli.terminal_text import safe_line
from warraq.lookup.edition_diff import changes
from warraq.reextract.branch_run import Progress, Scope, State, find_scope, forget_state, read_state, reextract
from warraq.reextract.review import Review, Sample, review


def reextract_and_tell(
    portal: str, start: str, end: str, *, action: str | None, accept: bool, workers: int | None, as_json: bool
) -> int:
    """Re-extract and compare; or promote, or discard what was re-extracted."""
    settings = read_settings()
    name = find_portal(portal, settings).name
    tables = open_tables(settings, create=False)
    scope = find_scope(tables, name, Window.typed(start, end))
    if action == "discard":
        drop_branch(tables, scope.branch)
        forget_state(tables.store, scope)
        return _say(f"dropped {scope.branch}", {"discarded": scope.branch}, as_json=as_json)
    if action == "promote":
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
        promote(tables, scope.branch, done, spill=settings.cache / "duckdb")
        forget_state(tables.store, scope)
        result = {"promoted": scope.branch, "runs": len(done), "counts": found.counts}
        return _say(f"promoted {len(done)} runs of {scope.branch}", result, as_json=as_json)
    with page_progress(Console(stderr=True), "runs re-extracted") as say:

        def tell(progress: Progress) -> None:
            say(progress.runs_done, progress.runs)

        state = reextract(scope, tables, settings, workers=workers, progress=tell)
    found = review(tables.load(), scope.branch, _done(scope, state)) if state.done else Review({}, (), ())
    _show(scope, state, found, with_samples=action == "compare", as_json=as_json)
    return ExitCode.DEGRADED if found.shut_gates or state.skipped else ExitCode.DONE


def _is_done(tables: ArchiveTables, scope: Scope) -> bool:
    """Whether it was promoted by a command that was killed after its commit, before it could say so."""
    if not was_promoted(tables, scope.branch):
        return False
    state = read_state(tables.store, scope)
    wanted = select(portal=scope.portal, since=scope.window.start, before=scope.window.end)
    rows = runs_from(tables.scan("runs", row_filter=wanted))
    # Without a state it may have been discarded since: then it counts if readers see what it would have given.
    return state is not None or len({row.extractor_version for row in rows}) == 1


def _finished(tables: ArchiveTables, scope: Scope) -> State:
    state = read_state(tables.store, scope)
    again = f"run warraq reextract --portal {scope.portal} for this span first, without --promote"
    if state is None or not has_branch(tables, scope.branch):
        raise UsageError(f"there is no re-extraction {scope.branch}", remedy=again)
    left = {str(run) for run in scope.runs} - set(state.done) - set(state.skipped)
    if left or not state.done:
        raise StageFailed(f"{scope.branch}: {len(left)} runs are still to be re-extracted", remedy=again)
    return state


def _done(scope: Scope, state: State) -> list[RunId]:
    done = set(state.done)
    return [run for run in scope.runs if str(run) in done]


def _say(line: str, result: dict[str, object], *, as_json: bool) -> int:
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else line)
    return ExitCode.DONE


def _show(scope: Scope, state: State, found: Review, *, with_samples: bool, as_json: bool) -> None:
    if as_json:
        result = {"branch": scope.branch, "extractor_version": state.version, "runs": len(state.done)}
        told = {**result, "skipped": state.skipped, **asdict(found)}
        click.echo(json.dumps(told, ensure_ascii=False))
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
