"""How to name what was read: a release by its digest, a live archive by the snapshots of its tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from storage.errors import UsageError
from storage.objects.open import open_store
from storage.read.release.documents import NOBODY_NAMED, TITLE, Credit, citation_line
from storage.read.release.releases import read_credit
from warraq.api.connections import Connections

_TEX_WORDS = {"\\": "backslash", "~": "asciitilde", "^": "asciicircum", "{": "braceleft", "}": "braceright"}


@dataclass(frozen=True)
class Citation:
    """A citation; `str()` is one line for a footnote. Only a release stays readable for ever."""

    title: str
    version: str
    identifier: str
    moment: datetime
    is_frozen: bool
    author: str = NOBODY_NAMED.creator
    doi: str | None = None

    @property
    def date(self) -> str:
        """The day of what is cited, in UTC."""
        return self.moment.astimezone(UTC).date().isoformat()

    def __str__(self) -> str:
        kept = "" if self.is_frozen else " (a live archive: make a release to cite)"
        credit = Credit(self.author, doi=self.doi)
        line = citation_line(credit, title=self.title, version=self.version, day=self.date, identifier=self.identifier)
        return line + kept

    def bibtex(self) -> str:
        """The same for BibTeX."""
        fields = {
            "author": f"{{{_tex(self.author)}}}",  # braced once more: BibTeX takes it for one name, whatever is in it
            "title": self.title,
            "version": self.version,
            "year": self.date[:4],
            "note": self.identifier,
        }
        fields |= {"doi": self.doi} if self.doi else {}
        told = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{warraq-{self.version.replace(' ', '-')},\n{told}\n}}\n"


def _tex(text: str) -> str:
    """A text in which nothing commands TeX."""
    words = {sign: f"\\text{word}{{}}" for sign, word in _TEX_WORDS.items()}
    return "".join(f"\\{sign}" if sign in "&%$#_" else words.get(sign, sign) for sign in text)


def cite(connections: Connections) -> Citation:
    """The citation of what these connections read. Raises UsageError where nothing was archived yet."""
    release = connections.release
    if release is not None:
        store = open_store(connections.settings)
        manifest, credit = store.get(release.key), read_credit(store, release.name)
        return Citation(
            TITLE,
            f"release {release.name}",
            f"sha256:{sha256(manifest).hexdigest()}",
            datetime.fromisoformat(release.created_at),
            True,
            credit.creator,
            credit.doi,
        )
    snapshots = connections.snapshot_ids()
    stamps = [
        snapshot.timestamp_ms
        for name, number in snapshots.items()
        if (snapshot := connections.tables[name].metadata.snapshot_by_id(number)) is not None
    ]
    if not stamps:
        raise UsageError("nothing is archived yet, so there is nothing to cite", remedy="warraq archive PORTAL")
    newest = datetime.fromtimestamp(max(stamps) / 1000, UTC)
    named = ", ".join(f"{name} {number}" for name, number in sorted(snapshots.items()))
    return Citation(
        TITLE,
        f"state of {newest.isoformat(timespec='milliseconds')}",
        f"snapshots: {named}",
        newest,
        False,
    )
