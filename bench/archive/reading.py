"""Three questions of an analyst, asked of the archive and of bare Parquet files by the same DuckDB."""

from __future__ import annotations

import functools
from pathlib import Path

import duckdb

from bench.archive.findings import YEAR, Finding, best
from bench.archive.year import HOURLY_MONTH, HOURLY_PORTAL
from storage.read.query import connect
from storage.settings import Settings

DAY = f"published_at >= '{YEAR}-06-10' AND published_at < '{YEAR}-06-11'"
MONTH = f"published_at >= '{YEAR}-{HOURLY_MONTH:02d}-01' AND published_at < '{YEAR}-{HOURLY_MONTH + 1:02d}-01'"
PORTAL_MONTH = f"SELECT count(*), sum(length(body)) FROM {{}} WHERE portal = 'portal{HOURLY_PORTAL:02d}' AND {MONTH}"
QUESTIONS = {
    "one day across all portals": f"SELECT count(*), sum(length(body)) FROM {{}} WHERE {DAY}",
    "one portal-month": PORTAL_MONTH,
    "one column over the year": "SELECT avg(word_count), count(DISTINCT CAST(published_at AS DATE)) FROM {}",
}


def reading(folder: Path, settings: Settings, *, rounds: int) -> list[Finding]:
    """Beside one file as write_table makes it (the target), one sorted file (a stricter peer) and hourly files."""
    bare = duckdb.connect()
    bare.execute("SET TimeZone = 'UTC'")
    for name in ("plain", "tuned"):
        bare.execute(f"CREATE VIEW {name} AS FROM read_parquet('{folder}/{name}.parquet')")
    bare.execute(f"CREATE VIEW hourly AS FROM read_parquet('{folder}/hourly/*.parquet')")
    archive = connect(settings)
    found = []
    for words, sql in QUESTIONS.items():
        peers = {"editions": archive, "plain": bare, "tuned": bare}
        answers = {name: _ask(peer, sql.format(name)) for name, peer in peers.items()}
        if len({str(answer) for answer in answers.values()}) != 1:
            raise SystemExit(f"{words}: the answers differ: {answers}")
        asked = {name: functools.partial(_ask, peer, sql.format(name)) for name, peer in peers.items()}
        times = best(asked, rounds=rounds)
        found.append(Finding(f"{words}, ms, beside one plain file", times["editions"], times["plain"], limit=1.5))
        found.append(Finding(f"{words}, ms, beside one sorted file", times["editions"], times["tuned"]))
    asked = {
        "ours": functools.partial(_ask, archive, PORTAL_MONTH.format("editions")),
        "hourly": functools.partial(_ask, bare, PORTAL_MONTH.format("hourly")),
        "latest": functools.partial(_ask, archive, PORTAL_MONTH.format("articles")),
        "connect": lambda: connect(settings).close(),
    }
    times = best(asked, rounds=rounds)
    return [
        *found,
        Finding("one portal-month, ms, beside 721 hourly files", times["ours"], times["hourly"], limit=0.2),
        Finding("the same through the view of latest editions, ms", times["latest"]),
        Finding("connecting, ms", times["connect"]),
    ]


def _ask(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return connection.execute(sql).fetchall()
