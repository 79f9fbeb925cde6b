"""The words of the alerts: plain text, Arabic names isolated so that the line around them stays in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from warraq.alerts.channels import Message
from warraq.alerts.incidents import BAD_DEFINITION, Trouble, shortened
from warraq.cli.terminal_text import isolated, safe_line

MAX_LINES = 40
MAX_DIGEST_DETAIL = 160
_KINDS = {
    "degraded": "is published with findings",
    "drifting": "brings half of what it usually brings, or less",
    "late": "has missed three windows of its schedule",
    "dead": "was not archived for two weeks",
    "silent": "has published nothing new",
    "stopped": "is no longer archived",
    BAD_DEFINITION: "is left out, its definition cannot be used",
}
_REMEDIES = {
    "degraded": "warraq health {0}",
    "drifting": "warraq check {0}",
    "late": "look at the runs of archive_{0} in Airflow: paused, or failing?",
    "dead": "warraq health {0}",
    "silent": "warraq check {0}",
    "stopped": "look at the runs of archive_{0} in Airflow: paused, or failing?",
    BAD_DEFINITION: "warraq portals",
}


@dataclass(frozen=True)
class Place:
    """What messages need to know beside the trouble: names and zones of the portals, and where Airflow is."""

    titles: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    airflow_url: str | None = None

    def time(self, instant: datetime, subject: str) -> str:
        """An instant by the portal's clock, with the zone's name."""
        zone = self.zones.get(subject, "UTC")
        return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"


def message(troubles: Sequence[Trouble], place: Place) -> Message:
    """One trouble with all that is known of it, or many with a line each: a digest, not a storm."""
    if len(troubles) == 1:
        return _single(troubles[0], place)
    portals = len({trouble.subject for trouble in troubles})
    worst = sorted(troubles, key=lambda trouble: trouble.severity != "page")
    lines = [
        f"[{trouble.severity}] {headline(trouble, place.titles)}: {shortened(trouble.detail, MAX_DIGEST_DETAIL)}"
        for trouble in worst[:MAX_LINES]
    ]
    if len(troubles) > MAX_LINES:
        lines.append(f"… and {len(troubles) - MAX_LINES} more: warraq alert --list")
    if place.airflow_url:
        lines.append(f"page: {place.airflow_url}/archive/")
    return Message(f"[{worst[0].severity}] Warraq: {len(troubles)} new troubles of {portals} portals", "\n".join(lines))


def over_message(ended: Sequence[Trouble], place: Place) -> Message:
    """The end of all troubles of one portal."""
    first = ended[0]
    lines = [
        f"over: {what(trouble)}, from {place.time(trouble.first_seen, trouble.subject)}"
        + (f" to {place.time(trouble.ended_at, trouble.subject)}" if trouble.ended_at else "")
        + (f", seen {trouble.times} times" if trouble.times > 1 else "")
        for trouble in ended
    ]
    if link := _page(first, place):
        lines.append(f"page: {link}")
    return Message(f"[recovered] Warraq: {_name(first, place.titles)} is well again", "\n".join(lines))


def headline(trouble: Trouble, titles: Mapping[str, str]) -> str:
    """Who has which trouble."""
    return f"{_name(trouble, titles)} {what(trouble)}"


def what(trouble: Trouble) -> str:
    """The trouble as the end of a sentence about its portal."""
    if trouble.is_failure:
        return f"failed in {trouble.cause.split('-failed-')[0]}"
    return _KINDS.get(trouble.cause, trouble.cause)


def _single(trouble: Trouble, place: Place) -> Message:
    remedy = _REMEDIES.get(trouble.cause, "the end of the task's log in Airflow").format(trouble.subject)
    page, runs = _page(trouble, place), ""
    if place.airflow_url and trouble.subject in place.titles:
        runs = f"{place.airflow_url}/dags/archive_{trouble.subject}/runs"
    lines = [
        trouble.detail,
        f"run: {trouble.run_id}" if trouble.run_id else "",
        f"seen: {place.time(trouble.first_seen, trouble.subject)}",
        f"look: {remedy}",
        f"log: {trouble.link}" if trouble.link else "",
        f"runs: {runs}" if runs else "",
        f"page: {page}" if page else "",
        "No more is said of this until it is over. To hear nothing meanwhile:",
        f"warraq silence {trouble.subject} --until DAY --reason WHY",
    ]
    subject = f"[{trouble.severity}] Warraq: {headline(trouble, place.titles)}"
    return Message(subject, "\n".join(filter(None, lines)))


def _page(trouble: Trouble, place: Place) -> str:
    """The page of the portal in Airflow."""
    if not place.airflow_url:
        return ""
    below = f"portal/{trouble.subject}" if trouble.subject in place.titles else ""
    return f"{place.airflow_url}/archive/{below}"


def _name(trouble: Trouble, titles: Mapping[str, str]) -> str:
    title = safe_line(titles.get(trouble.subject, ""))
    return f"{trouble.subject} ({isolated(title)})" if title else trouble.subject
