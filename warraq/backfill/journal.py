"""What an interrupted backfill had done already, so that the same command goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.model.window import RunId


@dataclass(frozen=True)
class Journal:
    """A file with one finished run id a line, named after the question; deleted when all is done."""

    path: Path

    @classmethod
    def of(cls, cache: Path, question: Sequence[str]) -> Journal:
        """The journal of a backfill of this archive, these portals and this range."""
        digest = hashlib.sha256("\n".join(question).encode()).hexdigest()[:24]
        return cls(cache / "backfills" / digest)

    def done(self) -> set[str]:
        """Run ids that are finished; a line that a kill cut off counts as not finished."""
        if not self.path.exists():
            return set()
        text = self.path.read_text(encoding="utf-8")
        return set(text[: text.rfind("\n") + 1].splitlines())

    def add(self, run: RunId) -> None:
        """Note a finished run."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{run}\n")

    def close(self) -> None:
        """All is done: the next backfill of this range begins anew."""
        self.path.unlink(missing_ok=True)
