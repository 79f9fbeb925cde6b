"""What changed between two editions, word by word."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from storage.model.records import Edition

_WORDS = re.compile(r"\n|[^\s]+")
# Word lists longer than this are compared by paragraph: matching is quadratic, and a page may be hostile.
MAX_WORDS = 6_000


@dataclass(frozen=True)
class Change:
    """A stretch of words: `same`, `removed` or `added`."""

    kind: str
    text: str


def changes(before: str, after: str) -> list[Change]:
    """The stretches that lead from one text to the other; line ends count as words."""
    old, new = _split(before), _split(after)
    found: list[Change] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Change("same", _join(old[a:b])))
            continue
        if b > a:
            found.append(Change("removed", _join(old[a:b])))
        if d > c:
            found.append(Change("added", _join(new[c:d])))
    return found


def edition_changes(before: Edition, after: Edition) -> dict[str, list[Change]]:
    """Title and body, each only if it changed."""
    fields = {"title": (before.text.title, after.text.title), "body": (before.text.body, after.text.body)}
    return {name: changes(old, new) for name, (old, new) in fields.items() if old != new}


def _split(text: str) -> list[str]:
    words = _WORDS.findall(text)
    return words if len(words) <= MAX_WORDS else [part for line in text.splitlines() for part in (line, "\n")]


def _join(words: list[str]) -> str:
    return re.sub(r" ?\n ?", "\n", " ".join(words))
