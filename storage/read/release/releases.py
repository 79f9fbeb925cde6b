"""What a release is: its months, files and claim; and reading those there are."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc

from storage.errors import DamagedObject, ObjectMissing, UsageError
from storage.model.record_json import note_fields
from storage.model.window import western_digits
from storage.objects.keys import release_prefix, releases_root
from storage.objects.store import ObjectStore
from storage.read.release.documents import NOBODY_NAMED, Credit
from storage.read.release.names import in_order, is_release_name, named_months
from storage.read.release.opt_outs import SPEC as OPT_OUTS_SPEC

MANIFEST, CLAIM, WITHDRAWN = "manifest.json", "claim.json", "withdrawn.json"
# Written last: whoever made a release without it may not know that it is made.
DONE = "done.json"
_MONTH = "([0-9]{4})-(0[1-9]|1[0-2])"
_MONTHS = re.compile(rf"{_MONTH}(?:(?:\.\.|-to-){_MONTH})?")
_QUARTER, _YEAR = re.compile("([0-9]{4})-[Qq]([1-4])"), re.compile("[0-9]{4}")


@dataclass(frozen=True)
class Months:
    """A calendar month in UTC, or some in a row; a release holds the windows that start in them."""

    start: datetime
    end: datetime

    @classmethod
    def parse(cls, text: str, *, now: datetime) -> Self:
        """Read `2024-12`, `2024-10..2024-12`, `2024-Q4`, `2024`, or what a release's name says of its months.

        Raises UsageError, also for months that are not over.
        """
        ends = _ends(text.strip())
        if ends is None:
            raise UsageError(
                f"{text!r} is neither a month nor a span of months",
                remedy="write it as 2024-12, 2024-10..2024-12, 2024-Q4 or 2024",
            )
        return cls._of(text, *ends, now=now)

    @classmethod
    def _of(cls, text: str, first: tuple[int, int], last: tuple[int, int], *, now: datetime) -> Self:
        if last < first:
            raise UsageError(f"{text!r} ends before it begins", remedy="write the earlier month first")
        if last >= (now.year, now.month):
            raise UsageError(f"{text.strip()} is not over", remedy="name months that have ended")
        year, month = last
        after = (year, month + 1) if month < 12 else (year + 1, 1)
        return cls(*(datetime(max(year, 1), month, 1, tzinfo=UTC) for year, month in (first, after)))

    def __str__(self) -> str:
        last = self.end - timedelta(days=1)
        return named_months(f"{self.start:%Y-%m}", f"{last:%Y-%m}")

    def holds(self, portals: Sequence[str] | None = None) -> pc.Expression:
        """Which rows are of the month: files may hold those of neighbouring windows and other portals."""
        kind = pa.timestamp("us", tz="UTC")
        start = pc.field("window_start")
        within = (start >= pa.scalar(self.start, kind)) & (start < pa.scalar(self.end, kind))
        return within if portals is None else within & pc.field("portal").isin(list(portals))


class Month(Months):
    """One calendar month in UTC."""

    @classmethod
    def parse(cls, text: str, *, now: datetime) -> Self:
        """Read `2024-12`. Raises UsageError, also for a month that is not over."""
        ends = _ends(text.strip())
        if ends is None or ends[0] != ends[1]:
            raise UsageError(f"{text!r} is not a month", remedy="write it as 2024-12")
        return cls._of(text, *ends, now=now)


def _ends(text: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Year and month of the first and the last month; in any digits."""
    text = western_digits(text)
    if match := _MONTHS.fullmatch(text):
        first = int(match[1]), int(match[2])
        return first, (int(match[3]), int(match[4])) if match[3] else first
    if match := _QUARTER.fullmatch(text):
        year, last = int(match[1]), 3 * int(match[2])
        return (year, last - 2), (year, last)
    if _YEAR.fullmatch(text):
        return (int(text), 1), (int(text), 12)
    return None


@dataclass(frozen=True)
class ReleaseFile:
    """One file of a release."""

    path: str
    table: str
    portal: str | None
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Release:
    """What manifest.json says."""

    name: str
    month: str  # or several: 2024-10-to-2024-12
    portals: tuple[str, ...]
    files: tuple[ReleaseFile, ...]
    schema_version: int
    code_version: str
    snapshots: dict[str, int]
    created_at: str
    revises: str | None = None  # the release of the same months that this one corrects
    rows_removed: int = 0  # on request, from that one

    @property
    def key(self) -> str:
        return release_prefix(self.name) + MANIFEST

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files if file.table == "articles")

    @property
    def has_opt_outs(self) -> bool:
        """Whether it has a file of opt-outs; in older ones only the rows say what was stated at their capture."""
        return self.keeps(OPT_OUTS_SPEC.name)

    def keeps(self, view: str) -> bool:
        """Whether it has a file of a view's rows."""
        return any(file.table == view for file in self.files)


@dataclass(frozen=True)
class Claim:
    """What a release that has begun is made of; written first, so that an interrupted one goes on with the same."""

    name: str
    month: str
    portals: tuple[str, ...]
    snapshots: dict[str, int]
    created_at: str
    before: str | None = None  # the release its counts are compared with: the one it corrects, if there is one
    credit: Credit = NOBODY_NAMED


def read_withdrawn(store: ObjectStore, name: str) -> dict[str, Any] | None:
    """What is left of a withdrawn release: its portals and how many rows went; None for another."""
    key = release_prefix(name) + WITHDRAWN
    try:
        return note_fields(store.get(key), where=key)
    except ObjectMissing:
        return None


def read_claim(store: ObjectStore, name: str) -> Claim:
    """What a release was begun with; raises ObjectMissing, DamagedObject."""
    key = release_prefix(name) + CLAIM
    try:
        fields = json.loads(store.get(key))
        credit = Credit(**fields.pop("credit", {}))
        return Claim(**{**fields, "portals": tuple(fields["portals"]), "credit": credit})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedObject(
            f"{key} is damaged", remedy="delete it, if no release of these months is being made"
        ) from error


def read_credit(store: ObjectStore, name: str) -> Credit:
    """Who made a release, under which terms, and its DOI. Raises DamagedObject."""
    try:
        return read_claim(store, name).credit
    except ObjectMissing:
        return NOBODY_NAMED


def read_release(store: ObjectStore, name: str) -> Release:
    """The manifest of a finished release; raises DamagedObject, and ObjectMissing where none has this name."""
    if not is_release_name(name):
        raise ObjectMissing(f"no release is named {name!r}")
    try:
        manifest = store.get(release_prefix(name) + MANIFEST)
    except ObjectMissing:
        if read_withdrawn(store, name) is None:
            raise ObjectMissing(f"no release is named {name!r}") from None
        raise ObjectMissing(f"release {name} was withdrawn, because rows of it were removed") from None
    try:
        fields = json.loads(manifest)
        files = tuple(ReleaseFile(**file) for file in fields.pop("files"))
        return Release(**{**fields, "portals": tuple(fields["portals"]), "files": files})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedObject(f"the manifest of release {name} is damaged", remedy="restore it from a copy") from error


def release_names(store: ObjectStore) -> list[str]:
    """The finished releases, by months, portals and number."""
    keys = (info.key for info in store.list(releases_root()))
    names = [key.split("/")[1] for key in keys if key.endswith("/" + MANIFEST)]
    return sorted(names, key=in_order)


def release_tag(name: str) -> str:
    """The tag that holds a release's snapshots in the Iceberg tables."""
    return f"release-{name}"
