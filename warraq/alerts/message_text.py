"""The words of the alerts: plain text, Arabic names isolated so that the line around them stays in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storage.model.window import spell_time
from warraq.alerts.channels import Message
from warraq.alerts.incidents import BAD_DEFINITION, Trouble
from warraq.cli.terminal_text import isolated, safe_line

MAX_LINES = 40
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


def message(troubles: Sequence[Trouble], titles: Mapping[str, str]) -> Message:
    """One trouble with all that is known of it, or many with a line each."""
    if len(troubles) == 1:
        return _single(troubles[0], titles)
    portals = len({trouble.subject for trouble in troubles})
    lines = [f"{headline(trouble, titles)}: {trouble.detail[:80]}" for trouble in troubles[:MAX_LINES]]
    if len(troubles) > MAX_LINES:
        lines.append(f"… and {len(troubles) - MAX_LINES} more: warraq alert --list")
    return Message(f"Warraq: {len(troubles)} new troubles of {portals} portals at once", "\n".join(lines))


def over_message(ended: Sequence[Trouble], titles: Mapping[str, str]) -> Message:
    """The end of all troubles of one portal."""
    first = ended[0]
    lines = [
        f"over: {what(trouble)}, from {spell_time(trouble.first_seen)}"
        + (f" to {spell_time(trouble.ended_at)}" if trouble.ended_at else "")
        + (f", seen {trouble.times} times" if trouble.times > 1 else "")
        for trouble in ended
    ]
    return Message(f"Warraq: {_name(first, titles)} is well again", "\n".join(lines))


def headline(trouble: Trouble, titles: Mapping[str, str]) -> str:
    """Who has which trouble."""
    return f"{_name(trouble, titles)} {what(trouble)}"


def what(trouble: Trouble) -> str:
    """The trouble as the end of a sentence about its portal."""
    if trouble.is_failure:
        return f"failed in {trouble.cause.split('-failed-')[0]}"
    return _KINDS.get(trouble.cause, trouble.cause)


def _single(trouble: Trouble, titles: Mapping[str, str]) -> Message:
    remedy = _REMEDIES.get(trouble.cause, "the end of the task's log in Airflow").format(trouble.subject)
    lines = [
        trouble.detail,
        f"run: {trouble.run_id}" if trouble.run_id else "",
        f"seen: {spell_time(trouble.first_seen)}",
        f"look: {remedy}",
        "No more is said of this until it is over. To hear nothing meanwhile:",
        f"warraq silence {trouble.subject} --until DAY --reason WHY",
    ]
    return Message(f"Warraq: {headline(trouble, titles)}", "\n".join(filter(None, lines)))


def _name(trouble: Trouble, titles: Mapping[str, str]) -> str:
    title = safe_line(titles.get(trouble.subject, ""))
    return f"{trouble.subject} ({isolated(title)})" if title else trouble.subject
