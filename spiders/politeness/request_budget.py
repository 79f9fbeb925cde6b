"""One request budget a portal, shared by all processes of all runs: a database row says when the next may leave."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from storage.errors import StoreUnreachable
from storage.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine, TextClause

# A portal may ask for more patience, but a wrong clock must not silence it for a week.
MAX_HOLD_OFF_SECONDS = 3600.0
# A request is sent a little after its turn is taken, and not always equally late; this keeps gaps above the delay.
# On a machine with four times as many busy processes as cores, 10 ms were seen.
GUARD_SECONDS = 0.05
_TABLE = "warraq_request_budget"
# The database's own clock, so that machines need not agree on the time.
_CLOCKS = {"sqlite": ":clock", "postgresql": "extract(epoch from clock_timestamp())"}


def budget_url(settings: Settings) -> str:
    """Where the budget lives: in the catalog database if it is PostgreSQL, else in a file beside catalog or archive."""
    catalog = settings.catalog or ""
    if catalog.startswith("postgresql"):
        return catalog
    if catalog.startswith("sqlite") and ":///" in catalog:
        folder = Path(catalog.partition(":///")[2]).absolute().parent
    else:
        folder = settings.cache if settings.is_s3 else Path(settings.archive)
    return f"sqlite:///{folder / 'request_budget.db'}"


class RequestBudget:
    """Turns of one portal. Methods block on the database: call them outside the event loop."""

    def __init__(self, url: str, portal: str) -> None:
        from sqlalchemy import create_engine, event  # noqa: PLC0415 - slow import, not needed without a delay

        if url.startswith("sqlite:///"):
            Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        self.portal = portal
        self._engine: Engine = create_engine(url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
        if self._engine.dialect.name == "sqlite":
            # Write-ahead logging: waiting processes read while one takes its turn, and no turn costs an fsync.
            event.listen(self._engine, "connect", _use_write_ahead_log)
        self._clock = _CLOCKS.get(self._engine.dialect.name, ":clock")
        self._create()

    def take_turn(self, delay_seconds: float) -> float:
        """Take the portal's next turn if it has come: 0.0, and the next one is `delay_seconds` away.

        Otherwise the seconds until somebody may try again; nothing is reserved. Raises StoreUnreachable.
        """
        step = delay_seconds + GUARD_SECONDS
        taken = self._run(
            f"UPDATE {_TABLE} SET next_at = {self._clock} + :step "  # noqa: S608 - constants only
            f"WHERE portal = :portal AND (next_at <= {self._clock} OR next_at > {self._clock} + :limit)",
            step=step,
            limit=MAX_HOLD_OFF_SECONDS + step,
        )
        if taken:
            return 0.0
        wait = self._read(f"SELECT next_at - {self._clock} FROM {_TABLE} WHERE portal = :portal")  # noqa: S608
        return max(0.001, wait)

    def hold_off(self, seconds: float) -> None:
        """Nobody asks the portal for so long (429 or 503 with Retry-After)."""
        self._run(
            f"UPDATE {_TABLE} SET next_at = {self._clock} + :hold "  # noqa: S608
            f"WHERE portal = :portal AND next_at < {self._clock} + :hold",
            hold=min(seconds, MAX_HOLD_OFF_SECONDS),
        )

    def close(self) -> None:
        self._engine.dispose()

    def _create(self) -> None:
        self._run(f"CREATE TABLE IF NOT EXISTS {_TABLE} (portal VARCHAR(255) PRIMARY KEY, next_at DOUBLE PRECISION)")
        self._run(f"INSERT INTO {_TABLE} (portal, next_at) VALUES (:portal, 0) ON CONFLICT DO NOTHING")  # noqa: S608

    def _run(self, statement: str, **values: float) -> int:
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - slow import

        try:
            with self._engine.connect() as connection:
                return connection.execute(_text(statement), self._values(values)).rowcount
        except SQLAlchemyError as error:
            raise self._unreachable(error) from error

    def _read(self, statement: str) -> float:
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - slow import

        try:
            with self._engine.connect() as connection:
                return float(connection.execute(_text(statement), self._values({})).scalar_one())
        except SQLAlchemyError as error:
            raise self._unreachable(error) from error

    def _values(self, values: dict[str, float]) -> dict[str, object]:
        return {**values, "portal": self.portal, "clock": time.time()}

    def _unreachable(self, error: Exception) -> StoreUnreachable:
        place = self._engine.url.render_as_string(hide_password=True)
        cause = str(error).splitlines()[0]
        return StoreUnreachable(
            f"the request budget in {place} does not answer: {cause}",
            remedy="check WARRAQ_CATALOG, or try again later",
        )


def _text(statement: str) -> TextClause:
    from sqlalchemy import text  # noqa: PLC0415 - slow import

    return text(statement)


def _use_write_ahead_log(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined] # sqlite3 connection behind SQLAlchemy's hook
    cursor.execute("PRAGMA busy_timeout = 20000")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()
