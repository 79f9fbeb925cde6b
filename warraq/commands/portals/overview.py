"""`warraq overview`: what Airflow's page "Archive" shows, for programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from spiders.registry import find_portal
from storage.settings import read_settings


@click.command()
@click.argument("portal", required=False)
def command(portal: str | None) -> None:
    """Print one JSON object: the whole fleet, or one portal with a year of days, level shifts, funnel and last runs.

    The page "Archive" in Airflow is made of it: one reading for all who look.

    \b
    Examples:
      warraq overview
      warraq overview almasaa
    """
    from storage.model.window import spell_time
    from storage.objects.open import open_store
    from warraq.alerts.incidents import read_troubles
    from warraq.alerts.mutes import silences
    from warraq.monitoring.overview import fleet, portal_in_full

    settings = read_settings()
    now = datetime.now(UTC).replace(microsecond=0)
    name = find_portal(portal, settings).name if portal else None
    found = portal_in_full(settings, name, now=now) if name else fleet(settings, now=now)
    store = open_store(settings)
    found["incidents"] = [
        {"subject": one.subject, "cause": one.cause, "detail": one.detail, "since": spell_time(one.first_seen)}
        for one in read_troubles(store, name)
        if one.ended_at is None
    ]
    found["silences"] = [
        {"subject": one.subject, "until": spell_time(one.until), "reason": one.reason}
        for one in silences(store, now=now)
        if name in (None, one.subject)
    ]
    click.echo(json.dumps(found, ensure_ascii=False))
