"""Row filters in pyiceberg's own notation, from values that cannot break out of them."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.errors import UsageError
from storage.model.window import PORTAL_NAME, RunId


def select(
    *,
    portal: str | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
    run: RunId | None = None,
    without: RunId | None = None,
    captured: bool = False,
) -> str:
    """Rows of a portal, of windows that start in [since, before), of one run or of all but one run.

    Naming portal and window lets a scan pass over whole partitions. The empty selection is everything.
    """
    terms = []
    if run is not None:
        portal, since = run.portal, run.window.start
        terms += [f"run_id == '{run}'", f"window_start <= '{_spelled(since)}'"]
    if portal is not None:
        if not PORTAL_NAME.fullmatch(portal):
            raise UsageError(f"{portal!r} cannot name a portal", remedy="list the portals: warraq portals")
        terms.append(f"portal == '{portal}'")
    if since is not None:
        terms.append(f"window_start >= '{_spelled(since)}'")
    if before is not None:
        terms.append(f"window_start < '{_spelled(before)}'")
    if without is not None:
        terms.append(f"run_id != '{without}'")
    if captured:
        terms.append("captured_at is not null")
    return " and ".join(terms) or "true"


def _spelled(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()
