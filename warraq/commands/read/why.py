"""`warraq why`: the evidence behind a page's fields, a run's verdict, a link's end, a day's articles."""

from __future__ import annotations

import math
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storage.errors import UsageError
from storage.model.window import RunId, Window, parse_time
from storage.settings import Settings, read_settings
from warraq.cli.terminal_text import json_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from extract.boilerplate.learnt_lines import LearntLines
    from extract.decide.decision import Decision
    from extract.page import Page
    from extract.profile import PortalProfile
    from warraq.lookup.explain_page import Explanation

PARTS = ("kind", "title", "date", "author", "body")


@click.command()
@click.argument("wanted", metavar="FILE|URL|ID|RUN|PORTAL")
@click.argument("day", required=False, metavar="[DAY]")
@click.option("--kind", "parts", flag_value="kind", multiple=True, help="Only why it is an article, or is none.")
@click.option("--title", "parts", flag_value="title", multiple=True, help="Only why this title.")
@click.option("--date", "parts", flag_value="date", multiple=True, help="Only why this date: each witness.")
@click.option("--author", "parts", flag_value="author", multiple=True, help="Only why these authors.")
@click.option("--body", "parts", flag_value="body", multiple=True, help="Only why these lines: each with its rule.")
@click.option("--url", help="Address of the page in FILE; by default the one that the page itself states.")
@click.option("--captured-at", help="When FILE was saved, UTC; by default now.")
@click.option("--portal", help="Portal whose definition helps with FILE; `auto` finds it by the page's address.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(
    *,
    wanted: str,
    day: str | None,
    parts: tuple[str, ...],
    url: str | None,
    captured_at: str | None,
    portal: str | None,
    as_json: bool,
) -> None:
    """Tell why: a page's fields, a run's verdict, how a link ended, why a day has so many articles.

    FILE is a saved page (`-` reads standard input). A URL or an id is looked up in the archive, and its link's answers,
    redirects and waits are told too. A run is told by its audit's figures, a portal's day by the way from listed links
    to articles beside the usual day.

    \b
    Examples:
      warraq why page.html --date
      warraq why https://almessa.gomhuriaonline.com/123 --body
      warraq why almasaa/2024-12-25T00Z--2024-12-26T00Z
      warraq why almasaa 2024-12-25
    """
    settings = read_settings()
    chosen = tuple(part for part in PARTS if part in parts) or PARTS
    if day is not None:
        told = _day(wanted, day, settings)
    elif wanted == "-" or Path(wanted).is_file():
        told = {"page": _file(wanted, url=url, captured_at=captured_at, portal=portal, parts=chosen)}
    elif "--" in wanted and "://" not in wanted:
        told = _run(RunId.parse(wanted), settings)
    else:
        told = _archived(wanted, settings, parts=chosen, only_page=bool(parts))
    if as_json:
        click.echo(json_text(told, default=_plain))
    else:
        _print(told)


def _file(
    name: str, *, url: str | None, captured_at: str | None, portal: str | None, parts: tuple[str, ...]
) -> dict[str, Any]:
    from extract.page import Page
    from warraq.lookup.saved_page import profile_named, read_saved

    moment = parse_time(captured_at, name="--captured-at") if captured_at else datetime.now(UTC).replace(microsecond=0)
    page = Page(body=read_saved(name), captured_at=moment, url=url)
    return _explained(page, profile_named(portal, page), parts)


def _explained(
    page: Page, profile: PortalProfile, parts: tuple[str, ...], *, learnt: LearntLines | None = None
) -> dict[str, Any]:
    from warraq.lookup.explain_page import explain_page

    return _page_object(explain_page(page, profile, learnt=learnt), parts)


def _page_object(found: Explanation, parts: tuple[str, ...]) -> dict[str, Any]:
    from storage.model.records import Rejected

    told: dict[str, Any] = {}
    if isinstance(found.result, Rejected):
        told |= {"rejection": str(found.result.reason), "detail": found.result.detail}
    decisions = {"kind": found.kind, "title": found.title, "date": found.date, "author": found.authors}
    told |= {part: _decision(decisions[part]) for part in parts if decisions.get(part)}
    if "body" in parts:
        told["body"] = [asdict(line) for line in found.body]
    return told


def _decision(decision: Decision[Any] | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    return {
        "value": decision.value,
        "score": None if math.isinf(decision.score) else round(decision.score, 3),
        "evidence": [
            # What decides alone has no weight that could be added up.
            {"name": piece.name, "weight": None if math.isinf(piece.weight) else piece.weight, "where": piece.where}
            for piece in decision.evidence
        ],
    }


def _archived(wanted: str, settings: Settings, *, parts: tuple[str, ...], only_page: bool) -> dict[str, Any]:
    from storage.objects.open import open_store
    from warraq.lookup.article import find_editions
    from warraq.lookup.explain_page import explain_edition
    from warraq.lookup.link_history import link_history
    from warraq.pipeline.learnt_lines_store import learnt_in_use

    try:
        editions = find_editions(wanted, settings)
    except UsageError as error:
        history = link_history(wanted, settings)
        if not history:
            raise error from None
        return {"link": [asdict(ending) for ending in history]}
    chosen = next((edition for edition in editions if edition.edition_id == wanted), editions[-1])
    learnt = learnt_in_use(open_store(settings), chosen.portal)
    told: dict[str, Any] = {"page": _page_object(explain_edition(chosen, settings, learnt=learnt), parts)}
    if not only_page:
        told["link"] = [asdict(ending) for ending in link_history(chosen.url, settings)]
    return told


def _run(run: RunId, settings: Settings) -> dict[str, Any]:
    from warraq.cli.run_table import run_as_json
    from warraq.monitoring.audit_measures import archived_audit

    row, measures = archived_audit(run, settings)
    return {"run": run_as_json(row), "measures": [asdict(measure) for measure in measures]}


def _day(portal: str, day: str, settings: Settings) -> dict[str, Any]:
    from spiders.registry import find_portal
    from warraq.monitoring.archived_runs import archived_runs
    from warraq.monitoring.funnel import USUAL_DAYS, funnel

    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        raise UsageError(f"{day!r} is no day", remedy="write it as 2024-12-25") from None
    start = datetime(wanted.year, wanted.month, wanted.day, tzinfo=UTC)
    window = Window(start - timedelta(days=USUAL_DAYS), start + timedelta(days=1))
    name = find_portal(portal, settings).name
    return {"day": asdict(funnel(name, wanted, archived_runs(settings, portal=name, window=window)))}


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def _print(told: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console()
    for name, shown in (("page", _print_page), ("link", _print_link), ("day", _print_day)):
        if name in told:
            shown(console, told[name])
    if "run" in told:
        _print_run(console, told)


def _table(console: Console, title: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    from rich.table import Table
    from rich.text import Text

    from warraq.cli.rtl_cells import cell
    from warraq.cli.terminal_text import safe_line

    table: Table = Table(title=Text(title), title_justify="left", header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in ("weight", "words", "links", "value") else "left")
    for row in rows:
        table.add_row(*(cell(safe_line("" if value is None else str(value))) for value in row))
    console.print(table)


def _print_page(console: Console, page: dict[str, Any]) -> None:
    if "rejection" in page:
        _table(console, "not an article", ("reason", "detail"), [(page["rejection"], page["detail"])])
    for part in ("kind", "title", "date", "author"):
        if decision := page.get(part):
            rows = [
                ("decides" if piece["weight"] is None else f"{piece['weight']:+.2f}", piece["name"], piece["where"])
                for piece in decision["evidence"]
            ]
            _table(console, f"{part}: {_value(part, decision)}", ("weight", "evidence", "where"), rows)
    if "body" in page:
        lines: list[tuple[Any, ...]] = [
            (line["rule"] or "kept", line["words"], line["link_share"], line["tag"], line["text"][:160])
            for line in page["body"]
        ]
        _table(console, "body: lines of the text and those taken out", ("rule", "words", "links", "in", "line"), lines)


def _value(part: str, decision: dict[str, Any]) -> str:
    from warraq.cli.terminal_text import isolated, safe_line

    value = decision["value"]
    if part == "kind":
        return "an article" if value else "no article"
    if not value:
        return "none"
    if part == "date":
        return f"{value.isoformat()}, confidence {decision['score']:.2f}"
    return isolated(safe_line("، ".join(value) if part == "author" else value))


def _print_link(console: Console, endings: list[dict[str, Any]]) -> None:
    from warraq.cli.terminal_text import safe_line

    for ending in endings:
        rows: list[tuple[Any, ...]] = [
            ("listed", ending["listed_at"], f"{ending['source']} {ending['source_url'] or ''}".strip()),
        ]
        for answer in ending["answers"]:
            waited = f"after {answer['waited_seconds']:.1f} s, " if answer["waited_seconds"] is not None else ""
            target = f" → {answer['leads_to']}" if answer["leads_to"] else ""
            rows.append((f"{waited}status {answer['status']}", answer["captured_at"], f"{answer['url']}{target}"))
        if ending["missing"]:
            rows.append(("answers", None, ending["missing"]))
        rows.append((f"ended {ending['outcome']}", None, ending["detail"] or ending["final_url"]))
        title = f"{ending['run_id']}: {safe_line(ending['url'])}"
        _table(console, title, ("step", "when", "what"), rows)


def _print_run(console: Console, told: dict[str, Any]) -> None:
    run = told["run"]
    rows = [
        ("beyond" if measure["is_bad"] else "", measure["name"], measure["value"], measure["limit"], measure["basis"])
        for measure in told["measures"]
    ]
    _table(console, f"{run['run_id']}: {run['verdict']}", ("", "figure", "value", "limit", "basis"), rows)
    outcomes = [(name, count) for name, count in run["outcomes"].items()]
    _table(console, "links by outcome", ("outcome", "links"), outcomes)
    if run["findings"]:
        _table(console, "findings", ("finding",), [(finding,) for finding in run["findings"]])


def _print_day(console: Console, day: dict[str, Any]) -> None:
    rows = [
        (step["name"], f"{step['count']:g}", None if step["usual"] is None else f"{step['usual']:g}")
        for step in day["steps"]
    ]
    usual = f"{day['usual_days']} days before" if day["usual_days"] else "too few days before"
    _table(
        console, f"{day['portal']} on {day['day']}, {len(day['runs'])} runs", ("step", "value", f"usual: {usual}"), rows
    )
    losses = [(f"{loss['articles']:g}", loss["name"], loss["told"], loss["next_step"]) for loss in day["losses"]]
    if losses:
        _table(console, f"largest cause: {losses[0][1]}", ("articles lost", "cause", "told", "next step"), losses)
    elif not day["runs"]:
        _table(
            console, "no run covers this day", ("remedy",), [(f"warraq archive {day['portal']} --from {day['day']}",)]
        )
    if day["findings"]:
        _table(console, "findings of its runs", ("finding",), [(finding,) for finding in day["findings"]])
