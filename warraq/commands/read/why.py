"""`warraq why`: the evidence behind a page's fields, a run's verdict, a link's end, a day's articles."""

from __future__ import annotations

import contextlib
import enum
import math
import re
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storage.errors import DamagedObject, ObjectMissing, StageFailed, UsageError
from storage.model.window import PORTAL_NAME, RunId, parse_time
from storage.settings import Settings, read_settings
from warraq.cli.terminal_text import json_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract.decide.decision import Decision
    from storage.model.records import Edition
    from warraq.lookup.explain_page import Explanation
    from warraq.lookup.link_history import LinkEnding

PARTS = ("kind", "title", "date", "author", "body")
_ID = re.compile(r"[0-9a-f]{32}")


class Asked(enum.Enum):
    """What a word of the command line names; the value is how an error calls it."""

    FILE = "a saved page"
    LINK = "a URL or id of the archive"
    RUN = "a run"
    PORTAL = "a portal's day"


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
    redirects and waits are told too. A run is told by its audit's figures, a portal's day (by default its latest) by
    the way from listed links to articles beside the usual day.

    \b
    Examples:
      warraq why page.html --date
      warraq why https://almessa.gomhuriaonline.com/123 --body
      warraq why almasaa/2024-12-25T00Z--2024-12-26T00Z
      warraq why almasaa 2024-12-25
    """
    from warraq.cli.why_tables import show

    settings = read_settings()
    asked = _asked(wanted, day, settings)
    _check_options(wanted, asked, parts, {"--url": url, "--captured-at": captured_at, "--portal": portal})
    chosen = tuple(part for part in PARTS if part in parts) or PARTS
    if asked is Asked.FILE:
        answer = _of_file(wanted, url=url, captured_at=captured_at, portal=portal, parts=chosen)
    elif asked is Asked.RUN:
        answer = _of_run(wanted, settings)
    elif asked is Asked.PORTAL:
        answer = _of_day(wanted, day, settings)
    else:
        answer = _of_link(wanted, settings, parts=chosen, only_page=bool(parts))
    if as_json:
        click.echo(json_text(answer, default=_plain))
    else:
        show(answer)


def _asked(wanted: str, day: str | None, settings: Settings) -> Asked:
    if day is not None:
        return Asked.PORTAL
    if "://" in wanted or _ID.fullmatch(wanted):
        return Asked.LINK
    if wanted == "-" or _is_file(wanted):
        return Asked.FILE
    if "--" in wanted:
        return Asked.RUN
    if PORTAL_NAME.fullmatch(wanted):
        _check_portal(wanted, settings)
        return Asked.PORTAL
    what = "is a folder" if _is_folder(wanted) else "there is no such file"
    raise UsageError(
        f"{wanted[:200]}: {what}",
        remedy="name a saved page, a URL with its http://, an id of 32 hex digits, a run, or a portal and a day",
    )


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except OSError:  # too long for a name
        return False


def _is_folder(name: str) -> bool:
    try:
        return Path(name).is_dir()
    except OSError:
        return False


def _check_portal(name: str, settings: Settings) -> None:
    from spiders.registry import find_portal

    try:
        find_portal(name, settings)
    except UsageError as error:
        raise UsageError(f"{name}: there is no such file, and {error.message}", remedy=error.remedy) from None


def _check_options(wanted: str, asked: Asked, parts: tuple[str, ...], of_files: dict[str, str | None]) -> None:
    """Raise UsageError for an option that has no meaning here, instead of passing over it."""
    given = [name for name, value in of_files.items() if value is not None]
    if given and asked is not Asked.FILE:
        raise UsageError(
            f"{', '.join(given)}: only for a saved page (FILE), and {wanted[:200]} is {asked.value}",
            remedy="leave it out: the archive knows address, time and portal of its pages",
        )
    if parts and asked in (Asked.RUN, Asked.PORTAL):
        options = ", ".join(f"--{part}" for part in PARTS if part in parts)
        raise UsageError(
            f"{options}: only for a page (FILE, URL or ID), and {wanted[:200]} is {asked.value}",
            remedy="leave it out, or name a page of it",
        )


def _of_file(
    name: str, *, url: str | None, captured_at: str | None, portal: str | None, parts: tuple[str, ...]
) -> dict[str, Any]:
    """The decisions of a saved page."""
    from extract.page import Page
    from warraq.lookup.explain_page import explain_page
    from warraq.lookup.saved_page import profile_named, read_saved

    moment = parse_time(captured_at, name="--captured-at") if captured_at else datetime.now(UTC).replace(microsecond=0)
    page = Page(body=read_saved(name), captured_at=moment, url=url)
    return {"page": _page_object(explain_page(page, profile_named(portal, page)), parts)}


def _of_link(wanted: str, settings: Settings, *, parts: tuple[str, ...], only_page: bool) -> dict[str, Any]:
    """The decisions of an archived page, an article or a rejected one, and how its link ended in each run.

    Raises UsageError for what the archive does not have.
    """
    from warraq.lookup.link_history import link_history

    edition = _edition(wanted, settings)
    history = link_history(wanted, settings)
    if edition is None and not history:
        raise UsageError(f"{wanted} is not in the archive", remedy="search for it: warraq search WORDS")
    if edition is None and (led := next((e.article_id or e.final_url for e in reversed(history)), None)):
        with contextlib.suppress(UsageError):  # the end of the redirects is no address, or that of several articles
            edition = _edition(led, settings)
    try:
        found = _explained(edition, history, settings)
    except (DamagedObject, ObjectMissing, StageFailed) as error:
        if only_page:
            raise
        return {"page": {"missing": error.message}, "link": [asdict(ending) for ending in history]}
    if only_page:
        if found is None:
            raise UsageError(
                f"no page of {wanted} is archived: the link ended {history[-1].outcome}",
                remedy=f"see its answers: warraq why {wanted}",
            )
        return {"page": _page_object(found, parts)}
    told: dict[str, Any] = {"page": _page_object(found, parts)} if found else {}
    return told | {"link": [asdict(ending) for ending in history]}


def _of_run(wanted: str, settings: Settings) -> dict[str, Any]:
    """A run's row and the figures of its audit."""
    from warraq.cli.run_table import run_as_json
    from warraq.monitoring.audit_measures import archived_audit

    row, measures = archived_audit(RunId.parse(wanted), settings)
    return {"run": run_as_json(row), "measures": [asdict(measure) for measure in measures]}


def _of_day(portal: str, day: str | None, settings: Settings) -> dict[str, Any]:
    """A portal's way to articles on a day, by default the latest that its runs cover."""
    from warraq.monitoring.archived_runs import portal_day

    try:
        wanted = date.fromisoformat(day) if day is not None else None
    except ValueError:
        raise UsageError(f"{day!r} is no day", remedy="write it as 2024-12-25") from None
    return {"day": asdict(portal_day(portal, wanted, settings))}


def _plain(value: object) -> str:
    """A value that JSON has no type for."""
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def _edition(wanted: str, settings: Settings) -> Edition | None:
    """The edition that was asked for, else the article's last; None where the archive has no such article."""
    from warraq.lookup.article import NotArchived, find_editions

    try:
        editions = find_editions(wanted, settings)
    except NotArchived:
        return None
    return next((edition for edition in editions if edition.edition_id == wanted), editions[-1])


def _explained(edition: Edition | None, history: Sequence[LinkEnding], settings: Settings) -> Explanation | None:
    """The evidence of the article's page, else of the newest page that was captured and rejected; None without one."""
    from storage.objects.open import open_store
    from warraq.lookup.explain_page import explain_capture, explain_edition
    from warraq.pipeline.learnt_lines_store import learnt_in_use

    store = open_store(settings)
    if edition is not None:
        return explain_edition(edition, settings, learnt=learnt_in_use(store, edition.portal))
    ending = next((ending for ending in reversed(history) if ending.is_rejected and ending.page), None)
    if ending is None or ending.page is None:
        return None
    run = RunId.parse(ending.run_id)
    return explain_capture(run, ending.page, ending.url, settings, learnt=learnt_in_use(store, run.portal))


def _page_object(found: Explanation, parts: tuple[str, ...]) -> dict[str, Any]:
    from storage.model.records import Rejected

    told: dict[str, Any] = {}
    if isinstance(found.result, Rejected):
        told |= {"rejection": str(found.result.reason), "detail": found.result.detail}
    decisions = {"kind": found.kind, "title": found.title, "date": found.date, "author": found.authors}
    told |= {part: _decision(decisions[part]) for part in parts if decisions.get(part)}
    if "body" in parts:
        if found.unread:
            told["unread"] = found.unread
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
