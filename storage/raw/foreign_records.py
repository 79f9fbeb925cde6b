"""What a foreign file's records come to: an exchange, or the reason why there is none."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from storage.model.records import Exchange


class Unusable(enum.StrEnum):
    """Why a record of a foreign file gives no capture."""

    REQUEST = "request"
    OTHER_KIND = "other_kind"  # resources and conversions: what other programs made of pages
    NOT_HTTP = "not_http"
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"
    INCOMPLETE = "incomplete"  # a record in segments, of which some are not in the file
    NO_DATE = "no_date"
    NO_URL = "no_url"


# The record may have been a page, and is lost.
LOSSES = frozenset(
    {Unusable.NOT_HTTP, Unusable.TOO_LARGE, Unusable.DAMAGED, Unusable.INCOMPLETE, Unusable.NO_DATE, Unusable.NO_URL}
)


@dataclass(frozen=True)
class LeftOut:
    """A record that gives no capture: why, which one it is, and its address where it names one."""

    reason: Unusable
    where: str
    url: str = ""
    cause: str = ""

    @property
    def message(self) -> str:
        """One line for a person."""
        cause = f" ({self.cause})" if self.cause else ""
        return f"{self.where} ({self.url or 'no address'}): {_SAYS[self.reason]}{cause}"


@dataclass(frozen=True)
class Revisit:
    """A capture that only says: the same bytes as then. Its page is in another record."""

    url: str
    refers_to: str  # the address those bytes were captured at, mostly the same


Foreign = Exchange | LeftOut | Revisit

_SAYS = {
    Unusable.REQUEST: "a request",
    Unusable.OTHER_KIND: "no answer of a server",
    Unusable.NOT_HTTP: "no HTTP answer",
    Unusable.TOO_LARGE: "too large",
    Unusable.DAMAGED: "cannot be read",
    Unusable.INCOMPLETE: "segments of it are not in the file",
    Unusable.NO_DATE: "no date, or one that cannot be",
    Unusable.NO_URL: "names no address",
}
