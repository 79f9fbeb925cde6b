"""How to name what was read: a release by its digest, a live archive by the snapshots of its tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from storage.errors import UsageError
from storage.objects.open import open_store
from warraq.api.connections import Connections


@dataclass(frozen=True)
class Citation:
    """A citation; `str()` is one line for a footnote. Only a release stays readable for ever."""

    title: str
    version: str
    identifier: str
    moment: datetime
    is_frozen: bool

    @property
    def date(self) -> str:
        """The day of what is cited, in UTC."""
        return self.moment.astimezone(UTC).date().isoformat()

    def __str__(self) -> str:
        kept = "" if self.is_frozen else " (a live archive: make a release to cite)"
        return f"Warraq. {self.title}, {self.version}. {self.date}. {self.identifier}{kept}"

    def bibtex(self) -> str:
        """The same for BibTeX."""
        return (
            f"@misc{{warraq-{self.version.replace(' ', '-')},\n  author = {{Warraq}},\n  title = {{{self.title}}},\n"
            f"  version = {{{self.version}}},\n  year = {{{self.date[:4]}}},\n  note = {{{self.identifier}}}\n}}\n"
        )


def cite(connections: Connections) -> Citation:
    """The citation of what these connections read. Raises UsageError where nothing was archived yet."""
    release = connections.release
    if release is not None:
        manifest = open_store(connections.settings).get(release.key)
        return Citation(
            "Arabic news portals",
            f"release {release.name}",
            f"sha256:{sha256(manifest).hexdigest()}",
            datetime.fromisoformat(release.created_at),
            True,
        )
    snapshots = connections.snapshot_ids()
    stamps = [
        snapshot.timestamp_ms
        for name, number in snapshots.items()
        if (snapshot := connections.tables[name].metadata.snapshot_by_id(number)) is not None
    ]
    if not stamps:
        raise _nothing_to_cite(connections)
    newest = datetime.fromtimestamp(max(stamps) / 1000, UTC)
    named = ", ".join(f"{name} {number}" for name, number in sorted(snapshots.items()))
    return Citation(
        "Arabic news portals",
        f"state of {newest.isoformat(timespec='milliseconds')}",
        f"snapshots: {named}",
        newest,
        False,
    )


def _nothing_to_cite(connections: Connections) -> UsageError:
    commits = [entry.timestamp_ms for table in connections.tables.values() for entry in table.history()]
    if not commits:
        return UsageError("nothing is archived yet, so there is nothing to cite", remedy="warraq archive PORTAL")
    first = datetime.fromtimestamp(min(commits) / 1000, UTC).isoformat(timespec="milliseconds")
    return UsageError("nothing was archived by then, so there is nothing to cite", remedy=f"the first is of {first}")
