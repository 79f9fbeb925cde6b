"""Find an article by its id, an edition's id or any spelling of its address."""

from __future__ import annotations

import re

import duckdb

from spiders.registry import load_portals
from storage.errors import UsageError
from storage.identity.urls import canonical_url, spelled_url
from storage.model.records import Edition
from storage.read.query import connect, sql_errors
from storage.schema.arrow_and_iceberg import editions_from
from storage.settings import Settings

_ID = re.compile(r"[0-9a-f]{32}")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
NARROW = "SELECT DISTINCT article_id FROM editions WHERE "
# Ids first, rows second: whole rows are read from the article's own windows only, never from the whole archive.
WHOLE = """
SELECT * FROM editions WHERE portal = ? AND article_id = ? AND window_start BETWEEN ? AND ?
ORDER BY captured_at, edition_id, run_id
"""


class NotArchived(UsageError):
    """The archive has no such article."""


def find_editions(wanted: str, settings: Settings) -> list[Edition]:
    """All editions of the article, the oldest capture first. Raises NotArchived where there is none."""
    with connect(settings) as connection:
        return editions_of(wanted, connection, settings)


def editions_of(wanted: str, connection: duckdb.DuckDBPyConnection, settings: Settings) -> list[Edition]:
    """The same on a connection to the archive."""
    with sql_errors():
        ids = _article_ids(connection, wanted, settings)
        if not ids:
            raise NotArchived(f"{wanted} is not in the archive", remedy="search for it: warraq search WORDS")
        if len(ids) > 1:
            raise UsageError(f"{wanted} is the address of {len(ids)} articles", remedy=f"name one: {', '.join(ids)}")
        return _editions(connection, ids[0])


def _article_ids(connection: duckdb.DuckDBPyConnection, wanted: str, settings: Settings) -> list[str]:
    if _ID.fullmatch(wanted):
        rows = connection.execute(NARROW + "article_id = ? OR edition_id = ?", [wanted, wanted]).fetchall()
    elif _ADDRESS.match(wanted):
        known = spellings(wanted, settings)
        rows = connection.execute(NARROW + "url IN (SELECT unnest(?))", [known]).fetchall()
        if not rows:
            rows = connection.execute(NARROW + "canonical_url IN (SELECT unnest(?))", [known]).fetchall()
    else:
        raise UsageError(
            f"{wanted!r} is neither an id nor a URL", remedy="ids have 32 hex digits; a URL begins with http"
        )
    return sorted(row[0] for row in rows)


def spellings(url: str, settings: Settings) -> list[str]:
    """The URL as typed, in its normal spelling, and as each portal it may belong to spells it."""
    found = {url, spelled_url(url), canonical_url(url)}
    for portal in load_portals(settings).values():
        if portal.hosts.owns(url):
            found.add(portal.canonical(url))
    return sorted(found)


def _editions(connection: duckdb.DuckDBPyConnection, article_id: str) -> list[Edition]:
    portal, first, last = connection.execute(
        "SELECT any_value(portal), min(window_start), max(window_start) FROM editions WHERE article_id = ?",
        [article_id],
    ).fetchall()[0]
    return editions_from(connection.execute(WHOLE, [portal, article_id, first, last]).to_arrow_table())
