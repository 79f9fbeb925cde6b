"""What a release is called: its month, the portals if it is not of all, and which making of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

_MAX_NAMED = 3  # portals; of more the name has their number and a digest
_NAME = re.compile(
    r"(?P<base>(?P<month>[0-9]{4}-(?:0[1-9]|1[0-2]))"
    r"(?P<scope>-of-(?:[a-z][a-z0-9]*(?:_[a-z][a-z0-9]*)*|[0-9]+portals_[0-9a-f]{8}))?)(?:-r(?P<number>[0-9]+))?"
)


def is_release_name(name: object) -> bool:
    """Whether a release can have this name."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def base_name(month: str, portals: Sequence[str]) -> str:
    """The name of the first release of a month: 2024-12 of all portals, 2024-12-of-almasaa_raya of those alone."""
    if not portals:
        return month
    named = sorted(portals)
    if len(named) <= _MAX_NAMED:
        return f"{month}-of-{'_'.join(named)}"
    return f"{month}-of-{len(named)}portals_{hashlib.sha256('_'.join(named).encode()).hexdigest()[:8]}"


def numbered(base: str, number: int) -> str:
    """The name of the release that is made so many times: 2024-12, 2024-12-r2."""
    return base if number == 1 else f"{base}-r{number}"


def base_of(name: str) -> str:
    """The name of the first release of the same month and portals."""
    return _part(name, "base") or name


def scope_of(name: str) -> str:
    """What the name says of its portals; "" for a release of all."""
    return _part(name, "scope")


def number_of(name: str) -> int:
    """Which making of it a release is: 1, 2 for -r2."""
    return int(_part(name, "number") or 1)


def in_order(name: str) -> tuple[str, str, int]:
    """What releases are sorted by: month, portals, number."""
    return name[:7], base_of(name), number_of(name)


def _part(name: str, part: str) -> str:
    found = _NAME.fullmatch(name)
    return (found[part] or "") if found else ""
