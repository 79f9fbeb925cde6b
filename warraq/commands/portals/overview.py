"""`warraq overview`: what Airflow's page "Archive" shows, for programs."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from spiders.registry import find_portal
from storage.errors import UsageError
from storage.model.window import RunId, spell_time
from storage.settings import Settings, read_settings
from warraq.cli.terminal_text import json_text

if TYPE_CHECKING:
    from storage.objects.store import ObjectStore

_ID = re.compile(r"[0-9a-f]{32}")
SHOWN_ACTIONS = 20


@click.command()
@click.argument("wanted", required=False, metavar="[PORTAL|RUN|ID]")
@click.option("--page", "link_id", metavar="LINK", help="With a RUN: the page of one of its links as it was captured.")
@click.option("--live", is_flag=True, help="Only the crawls under way.")
def command(wanted: str | None, link_id: str | None, *, live: bool) -> None:
    """Print one JSON object: the fleet, a portal with its year, a run with its pages, or an article by its id.

    The page "Archive" in Airflow is made of it: one reading for all who look.

    \b
    Examples:
      warraq overview
      warraq overview almasaa
      warraq overview almasaa/2024-12-25T00Z--2024-12-26T00Z
      warraq overview --live
    """
    settings = read_settings()
    now = datetime.now(UTC).replace(microsecond=0)
    is_run = bool(wanted and "/" in wanted)
    if link_id and not is_run:
        raise UsageError("--page needs a run", remedy="name it: warraq overview almasaa/2024-12-25T00Z--…")
    if live:
        found = _live(settings, now)
    elif wanted and is_run:
        found = _run(settings, RunId.parse(wanted), link_id)
    elif wanted and _ID.fullmatch(wanted):
        from warraq.monitoring.page.article_in_full import article_in_full

        found = article_in_full(settings, wanted)
    else:
        found = _portals(settings, find_portal(wanted, settings).name if wanted else None, now)
    click.echo(json_text({"made_at": spell_time(now), **found}))


def _run(settings: Settings, run: RunId, link_id: str | None) -> dict[str, Any]:
    from warraq.lookup.run_pages import captured_page, run_in_full

    return captured_page(settings, run, link_id) if link_id else run_in_full(settings, run)


def _live(settings: Settings, now: datetime) -> dict[str, Any]:
    from storage.objects.open import open_store
    from warraq.findings.crawl_now import crawls_now

    return {"crawls": crawls_now(open_store(settings), now=now)}


def _portals(settings: Settings, name: str | None, now: datetime) -> dict[str, Any]:
    from storage.objects.open import open_store
    from warraq.findings.crawl_now import crawls_now
    from warraq.monitoring.overview import fleet, portal_in_full

    found = portal_in_full(settings, name, now=now) if name else fleet(settings, now=now)
    store = open_store(settings)
    crawls = [each for each in crawls_now(store, now=now) if name in (None, RunId.parse(each["run_id"]).portal)]
    return {**found, "crawls": crawls, **_operators(store, name, now)}


def _operators(store: ObjectStore, name: str | None, now: datetime) -> dict[str, Any]:
    """What people were told, and what they did."""
    from warraq.alerts.action_log import actions
    from warraq.alerts.incidents import read_troubles
    from warraq.alerts.mutes import silences

    return {
        "incidents": [
            {
                "subject": one.subject,
                "cause": one.cause,
                "detail": one.detail,
                "since": spell_time(one.first_seen),
                "acknowledged_by": one.acknowledged_by,
            }
            for one in read_troubles(store, name)
            if one.ended_at is None
        ],
        "silences": [
            {"subject": one.subject, "until": spell_time(one.until), "reason": one.reason}
            for one in silences(store, now=now)
            if name in (None, one.subject)
        ],
        "actions": [one.as_json() for one in actions(store, subject=name, limit=SHOWN_ACTIONS)],
    }
