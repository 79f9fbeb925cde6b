"""What the archive holds of portals and a time: an answer from where nothing is archived is no silence of theirs."""

from __future__ import annotations

from datetime import date, datetime

from storage.errors import UsageError
from storage.read.query import sql_errors
from warraq.api.connections import Connections
from warraq.api.selection import Selection

MOST_NAMED = 5  # portals that a message names
# The days of which there are articles, or a run that may have found none.
_SPANS = """
SELECT portal, min(day) AS first, max(day) AS last, bool_or(is_asked) AS is_asked FROM (
    SELECT portal, day, (day + 1)::TIMESTAMPTZ > coalesce(?, '-infinity'::TIMESTAMPTZ)
        AND day::TIMESTAMPTZ < coalesce(?, 'infinity'::TIMESTAMPTZ) AS is_asked
    FROM archived_days
    UNION ALL
    SELECT portal, published_at::DATE, false FROM editions WHERE published_at IS NOT NULL
) GROUP BY portal ORDER BY portal
"""
_COUNTRIES = "SELECT portal, any_value(country) FROM editions GROUP BY portal"


def check_held(connections: Connections, selection: Selection) -> None:
    """Raise UsageError, with what there is, where nothing of the portals, countries and time is archived.

    Which words are asked for says nothing: an archived time without hits is one.
    """
    asked = Selection(
        portals=selection.portals, countries=selection.countries, since=selection.since, until=selection.until
    )
    where, values = asked.conditions()
    connection = connections.shared()
    with sql_errors():
        if connection.execute(f"SELECT 1 FROM editions WHERE {where} LIMIT 1", values).fetchall():  # noqa: S608
            return
        spans = connection.execute(_SPANS, [asked.since, asked.until]).fetchall()
    own = _portals_of(connections, asked, [portal for portal, *_ in spans])
    if any(is_asked for portal, _, _, is_asked in spans if portal in own):
        return
    there = {portal: (first, last) for portal, first, last, _ in spans}
    found = {portal: span for portal, span in there.items() if portal in own} or there
    release = connections.release
    where_told = "the archive" if release is None else f"release {release.name}"
    raise UsageError(
        f"nothing{_named(asked)} is archived{_between(asked.since, asked.until)}", remedy=_told(where_told, found)
    )


def _portals_of(connections: Connections, asked: Selection, portals: list[str]) -> set[str]:
    """Those of the portals that are asked for."""
    own = {portal for portal in portals if not asked.portals or portal in asked.portals}
    if not asked.countries:
        return own
    from spiders.registry import load_portals  # noqa: PLC0415 - loads the portals

    countries = {name: portal.country for name, portal in load_portals(connections.settings).items()}
    with sql_errors():
        countries |= dict(connections.shared().execute(_COUNTRIES).fetchall())
    return {portal for portal in own if countries.get(portal) in asked.countries}


def _named(asked: Selection) -> str:
    return "".join(f" of {', '.join(names)}" for names in (asked.portals, asked.countries) if names)


def _between(since: datetime | None, until: datetime | None) -> str:
    if since is None or until is None:
        begins = "" if since is None else f" from {_spelled(since)} on"
        return begins + ("" if until is None else f" before {_spelled(until)}")
    return f" from {_spelled(since)} to {_spelled(until)}"


def _spelled(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}".removesuffix("T00:00:00Z")


def _told(where: str, spans: dict[str, tuple[date, date]]) -> str:
    if not spans:
        return f"{where} holds nothing yet: warraq archive PORTAL"
    names = list(spans)
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    first, last = min(first for first, _ in spans.values()), max(last for _, last in spans.values())
    return f"{where} has days from {first} to {last} of {', '.join(names[:MOST_NAMED])}{more}"
