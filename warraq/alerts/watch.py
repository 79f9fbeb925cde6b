"""What operators are told: all portals judged, or a task's word noted, and messages sent for what is new or over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from spiders.registry import find_portal, load_portals
from storage.errors import StoreUnreachable
from storage.model.window import spell_time
from storage.objects.open import open_store
from storage.settings import Settings
from warraq.alerts.channels import Message, open_channel, ping
from warraq.alerts.incidents import (
    BAD_DEFINITION,
    Trouble,
    definition_subject,
    end_failures,
    failure,
    finding,
    mark_told,
    next_steps,
    open_trouble,
    read_troubles,
    subject_of,
    take_steps,
)
from warraq.alerts.message_text import Place, message, over_message
from warraq.alerts.mutes import silences
from warraq.findings.causes import NEXT_STEPS

if TYPE_CHECKING:
    from warraq.monitoring.health import PortalHealth

CARE_DAGS = ("maintain_archive", "release_archive", "reextract_archive", "check_portals")
_AWAY = "archive-unreachable-told"  # a file in the cache: the archive itself cannot hold this state


@dataclass(frozen=True)
class Told:
    """Sends messages, or prints them where no channel is set; counts them."""

    settings: Settings
    say: Callable[[str], None]
    sent: list[str] = field(default_factory=list)

    def send(self, said: Message) -> bool:
        """Whether it went out; raises what Channel.send and open_channel raise."""
        channel = open_channel(self.settings.alerts) if self.settings.alerts else None
        self.say(said.subject + ("" if channel else " (not sent: WARRAQ_ALERTS is not set)"))
        if channel:
            channel.send(said)
            self.sent.append(said.subject)
        return channel is not None

    def tell(self, troubles: Sequence[Trouble]) -> bool:
        """New troubles."""
        return self.send(message(troubles, place_of(self.settings)))

    def tell_over(self, ended: Sequence[Trouble]) -> bool:
        """The end of a portal's troubles; without a channel they are forgotten all the same."""
        self.send(over_message(ended, place_of(self.settings)))
        return True


def look(
    settings: Settings, *, silent_hours: float | None, say: Callable[[str], None], now: datetime | None = None
) -> list[str]:
    """Judge all portals as of `now`, tell what is new and what is over; returns the subjects of what was sent.

    Raises WarraqError when a message cannot be sent.
    """
    now, told = now or _now(), Told(settings, say)
    try:
        store = open_store(settings)
        known = read_troubles(store)
        judged, seen = _judge(settings, silent_hours=silent_hours, now=now)
    except StoreUnreachable as error:
        _tell_away(settings, told, error)
        raise
    silenced = frozenset(one.subject for one in silences(store, now=now))
    if _away_file(settings).exists():
        told.send(Message("Warraq: the archive can be reached again", ""))
        _away_file(settings).unlink()
    steps = next_steps(known, seen, judged=judged, silenced=silenced, now=now)
    take_steps(store, steps, tell=told.tell, tell_over=told.tell_over, now=now)
    if settings.ping:
        ping(settings.ping)
    return told.sent


def note_event(
    settings: Settings,
    event: str,
    name: str,
    *,
    stage: str,
    because: str,
    say: Callable[[str], None],
    link: str | None = None,
) -> list[str]:
    """A task's word: `failed`, `degraded` or `done`. Tells at once what nobody was told of."""
    store = open_store(settings)
    now, told = _now(), Told(settings, say)
    if event in ("degraded", "done"):
        end_failures(store, name, now=now)
    trouble = None
    if event == "failed":
        trouble = open_trouble(store, failure(name, stage, because, now=now, link=link))
    elif event == "degraded":
        trouble = open_trouble(store, finding(name, "degraded", because, now=now))
    if trouble and not any(one.subject == trouble.subject for one in silences(store, now=now)) and told.tell([trouble]):
        mark_told(store, trouble, now=now)
    return told.sent


def _judge(settings: Settings, *, silent_hours: float | None, now: datetime) -> tuple[frozenset[str], list[Trouble]]:
    from warraq.monitoring.archived_runs import health_of_all  # noqa: PLC0415
    from warraq.monitoring.health import Health  # noqa: PLC0415 - slow import, which a task's event does not wait for

    found = health_of_all(settings, set(), now=now, silent_hours=silent_hours)
    seen = [
        finding(definition_subject(one.portal), BAD_DEFINITION, one.detail, now=now)
        if one.health is Health.DEFINITION
        else finding(one.portal, str(one.health).replace(" ", "-"), _detail(one), now=now)
        for one in found
        if one.is_sick and one.health is not Health.NEVER
    ]
    # One a subject and kind: that is what the state can hold.
    return frozenset(one.portal for one in found), list({one.key: one for one in seen}.values())


def _detail(one: PortalHealth) -> str:
    """What is, beside what is usual, and why; on one line."""
    parts = [
        f"since {spell_time(one.since)}" if one.since else "",
        NEXT_STEPS[one.cause].meaning if one.cause else "",
        one.detail,
        f"archived until {spell_time(one.last_window_end)}" if one.last_window_end else "",
        f"nothing new for {one.quiet_hours:g} hours" if one.quiet_hours is not None else "",
        f"{one.articles_lately} articles in 24 hours, usually {one.expected_lately:.0f}"
        if one.expected_lately is not None
        else "",
        f"next: {one.command}" if one.cause else "",
    ]
    return "; ".join(filter(None, parts))


def _tell_away(settings: Settings, told: Told, error: StoreUnreachable) -> None:
    flag = _away_file(settings)
    if not flag.exists() and told.send(Message("Warraq: the archive cannot be reached", error.message)):
        flag.parent.mkdir(parents=True, exist_ok=True)
        flag.touch()


def _away_file(settings: Settings) -> Path:
    return settings.cache / _AWAY


def place_of(settings: Settings) -> Place:
    """What messages need to know of this installation."""
    portals = load_portals(settings)
    return Place(
        titles={name: portal.title_ar for name, portal in portals.items()},
        zones={name: portal.timezone for name, portal in portals.items()},
        airflow_url=settings.airflow_url,
    )


def arabic_titles(settings: Settings) -> dict[str, str]:
    """Arabic names of the portals."""
    return {name: portal.title_ar for name, portal in load_portals(settings).items()}


def silenced_subject(name: str, settings: Settings) -> str:
    """What a silence of this portal or DAG names. Raises UsageError for a name that is neither."""
    return subject_of(name)[0] if name in CARE_DAGS else find_portal(name, settings).name


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
