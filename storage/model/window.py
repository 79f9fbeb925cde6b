"""Windows and run ids: the slice of time a run is responsible for, and the run's name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from storage.errors import RetryLater, UsageError

PORTAL_NAME = re.compile(r"[a-z][a-z0-9]{1,39}")
_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2})(?::?(\d{2}))?(?::?(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}:?\d{2})?)?"
)
_DIGITS = {start + value: str(value) for start in (0x660, 0x6F0) for value in range(10)}
TIME_FORMS = "2024-12-25 or 2024-12-25T06:00Z"
# A scheduler starts a run the moment its window ends, by a clock that may be ahead of this machine's.
CLOCKS_APART = timedelta(minutes=5)


def western_digits(text: str) -> str:
    """The text with Arabic and Persian digits as those of ISO 8601."""
    return text.translate(_DIGITS)


def parse_time(text: str, *, name: str = "time") -> datetime:
    """Read `2024-12-25` or `2024-12-25T06:00Z`, also in Arabic digits, as a UTC instant; one without zone is UTC.

    Raises UsageError, naming the option, for anything else.
    """
    match = _TIME.fullmatch(western_digits(text.strip()))
    try:
        if not match:
            raise ValueError
        day = date.fromisoformat(match[1])
        hour, minute, second = (int(part or 0) for part in match.group(2, 3, 4))
        fraction, zone = match.group(5, 6)
        offset = timedelta()
        if zone and zone != "Z":
            digits = zone[1:].replace(":", "")
            offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (1 if zone[0] == "+" else -1)
        return datetime.combine(day, time(hour, minute, second, int((fraction or "0").ljust(6, "0"))), UTC) - offset
    except (ValueError, OverflowError):
        raise UsageError(f"{name}: {text!r} is not a time", remedy=f"write it as {TIME_FORMS}") from None


def spell_time(instant: datetime) -> str:
    """Spell a UTC instant as short as it is exact and safe in a key: 2024-12-25T00Z, …T0630Z, …T063015Z."""
    instant = instant.astimezone(UTC)
    form = "%Y-%m-%dT%H" + ("%M" if instant.minute or instant.second else "") + ("%S" if instant.second else "")
    return instant.strftime(form) + "Z"


@dataclass(frozen=True, order=True)
class Window:
    """The half-open UTC interval [start, end) a run is responsible for."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise UsageError("a window needs times with a zone", remedy=f"write them as {TIME_FORMS}")
        if self.start.microsecond or self.end.microsecond:
            raise UsageError("a window is counted in whole seconds", remedy=f"write its times as {TIME_FORMS}")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.start >= self.end:
            raise UsageError(
                f"the window is reversed or empty: from {spell_time(self.start)} to {spell_time(self.end)}",
                remedy="--from must be before --to; the end is not part of the window",
            )

    @classmethod
    def typed(cls, start: str, end: str) -> Window:
        """Read a span of time that people typed. Raises UsageError."""
        return cls(parse_time(start, name="--from"), parse_time(end, name="--to"))

    @classmethod
    def parse(cls, start: str, end: str, *, now: datetime) -> Window:
        """Read the window of a scheduled run, or of a form.

        One that is not over is refused: its last hours would count as archived before they have passed. Raises
        UsageError; RetryLater for one that ends so soon that the clocks of two machines may differ by it.
        """
        window = cls.typed(start, end)
        left = window.end - now
        if timedelta() < left <= CLOCKS_APART:
            raise RetryLater(
                f"the window ends at {spell_time(window.end)}, which has not come by this machine's clock",
                remedy="run it again then; if it has come, set the clock",
                retry_after_seconds=left.total_seconds(),
            )
        if left > timedelta():
            which = "begins" if window.start > now else "ends"
            raise UsageError(
                f"the window {which} in the future: {spell_time(window.start if which == 'begins' else window.end)}",
                remedy=f"it is {spell_time(now.replace(microsecond=0))} now; ask for a window that is over",
            )
        return window

    @classmethod
    def until_now(cls, start: str, end: str, *, now: datetime) -> tuple[Window, str]:
        """Read a window that people typed, cut to the minute that has passed, and the sentence that tells so or "".

        Hours that have not come are left to a later run. Raises UsageError where none has come.
        """
        window, minute = cls.typed(start, end), now.replace(second=0, microsecond=0)
        if window.end <= now:
            return window, ""
        if window.start >= minute:
            return cls.parse(start, end, now=now), ""
        cut = cls(window.start, minute)
        return cut, f"--to {end} has not come yet: the window ends now, at {spell_time(minute)}"

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= instant < self.end

    def days(self) -> list[date]:
        """The UTC calendar days the window touches, in order."""
        last = (self.end - timedelta(microseconds=1)).date()
        first = self.start.date()
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def __str__(self) -> str:
        return f"{spell_time(self.start)}--{spell_time(self.end)}"


@dataclass(frozen=True, order=True)
class RunId:
    """One portal × one window, spelled `almasaa/2024-12-25T00Z--2024-12-26T00Z`."""

    portal: str
    window: Window

    def __post_init__(self) -> None:
        if not PORTAL_NAME.fullmatch(self.portal):
            raise UsageError(
                f"{self.portal!r} cannot name a portal", remedy="a name is 2 to 40 of a-z and 0-9, a letter first"
            )

    @classmethod
    def parse(cls, text: str) -> RunId:
        """Read a run id as `str()` spells it; raises UsageError."""
        portal, slash, times = text.strip().partition("/")
        start, dashes, end = times.partition("--")
        if not (slash and dashes):
            raise UsageError(f"{text!r} is not a run", remedy="write it as almasaa/2024-12-25T00Z--2024-12-26T00Z")
        return cls(portal, Window(parse_time(start, name="run start"), parse_time(end, name="run end")))

    def __str__(self) -> str:
        return f"{self.portal}/{self.window}"
