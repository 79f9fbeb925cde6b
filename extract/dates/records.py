"""What passes between the parts of the date resolver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from extract.decide.decision import Evidence

# Roles of a witness: what its date is a date of.
PUBLISHED = "published"
MODIFIED = "modified"
OTHER = "other"  # of something else than the text

# Kinds of witness, as stored in `published_source`.
JSON_LD = "json_ld"
META = "meta"
TIME_ELEMENT = "time_element"
VISIBLE_TEXT = "visible_text"
URL = "url"
LISTING = "listing"
NEAR_HEADLINE = "near_headline"  # where visible text stands: between headline and text


@dataclass(frozen=True)
class ParsedDate:
    """A date read from text. `wall` is the clock time as written, `instant` the same in UTC.

    Without a time of day the precision is `day` and the instant is 00:00 UTC of the day as written, whatever the zone:
    so the day stays the day in UTC and in every zone of the Arab world.
    """

    instant: datetime
    wall: datetime  # without zone
    precision: str  # storage.model.records.Precision
    has_zone: bool  # the text itself says the zone
    role: str | None = None  # PUBLISHED, MODIFIED or OTHER where a label says so
    is_relative: bool = False
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class DateWitness:
    """One place of a page that says a date. `kind:where` is the name by which a portal's quirk refers to it."""

    kind: str
    where: str
    raw: str
    role: str = PUBLISHED
    weight: float = 1.0  # how far it is to be believed when it stands alone, 0 to 1

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.where}"


@dataclass(frozen=True)
class ResolvedDate:
    """A date and its evidence: kind of witness, how sure (0 to 1), its text as found, what is odd about it (sorted)."""

    instant: datetime
    precision: str
    source: str
    confidence: float
    raw: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class RefusedDate:
    """A stated publication that is not believed: its text as found, and why (a flag of `docs/explain/dates.md`)."""

    witness: DateWitness
    reason: str


@dataclass(frozen=True)
class ResolvedDates:
    """Publication and last change of an article; None where no witness can be believed. `flags` holds those of both,
    and why the publication is missing or a stronger witness of it was refused. `refused`: stated publications that were
    not believed, the strongest first; beside a date, those that would have been believed more.
    `evidence` is that of the publication: witnesses for it (above 0) and against it, what lowered the confidence, what
    was refused.
    """

    published: ResolvedDate | None
    modified: ResolvedDate | None
    flags: tuple[str, ...] = ()
    refused: tuple[RefusedDate, ...] = ()
    evidence: tuple[Evidence, ...] = ()
