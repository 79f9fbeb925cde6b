"""What a release is: its month, files and claim; and reading those there are."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from storage.errors import DamagedObject, ObjectMissing, UsageError
from storage.model.record_json import note_fields
from storage.objects.keys import release_prefix, releases_root
from storage.objects.store import ObjectStore
from storage.read.release.documents import NOBODY_NAMED, Credit
from storage.read.release.names import in_order, is_release_name
from storage.read.release.opt_outs import SPEC as OPT_OUTS_SPEC

MANIFEST, CLAIM, WITHDRAWN = "manifest.json", "claim.json", "withdrawn.json"
# Written last: whoever made a release without it may not know that it is made.
DONE = "done.json"
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Month:
    """A calendar month in UTC; a release holds the windows that start in it."""

    start: datetime
    end: datetime

    @classmethod
    def parse(cls, text: str, *, now: datetime) -> Month:
        """Read `2024-12`. Raises UsageError, also for a month that is not over."""
        match = _MONTH.fullmatch(text.strip())
        if not match:
            raise UsageError(f"{text!r} is not a month", remedy="write it as 2024-12")
        year, month = int(match[1]), int(match[2])
        if (year, month) >= (now.year, now.month):
            raise UsageError(f"{match[0]} is not over", remedy="name a month that has ended")
        start = datetime(max(year, 1), month, 1, tzinfo=UTC)
        end = start + timedelta(days=calendar.monthrange(start.year, month)[1])
        return cls(start, end)

    def __str__(self) -> str:
        return f"{self.start:%Y-%m}"

    def holds(self, portals: Sequence[str] | None = None) -> pc.Expression:
        """Which rows are of the month: files may hold those of neighbouring windows and other portals."""
        kind = pa.timestamp("us", tz="UTC")
        start = pc.field("window_start")
        within = (start >= pa.scalar(self.start, kind)) & (start < pa.scalar(self.end, kind))
        return within if portals is None else within & pc.field("portal").isin(list(portals))


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
    month: str
    portals: tuple[str, ...]
    files: tuple[ReleaseFile, ...]
    schema_version: int
    code_version: str
    snapshots: dict[str, int]
    created_at: str
    revises: str | None = None  # the release of the same month that this one corrects
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
            f"{key} is damaged", remedy="delete it, if no release of this month is being made"
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
    """The finished releases, by month, portals and number."""
    keys = (info.key for info in store.list(releases_root()))
    names = [key.split("/")[1] for key in keys if key.endswith("/" + MANIFEST)]
    return sorted(names, key=in_order)


def release_tag(name: str) -> str:
    """The tag that holds a release's snapshots in the Iceberg tables."""
    return f"release-{name}"
