"""What a release is called: its months, the portals if it is not of all, and which making of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

_MAX_NAMED = 3  # portals; of more the name has their number and a digest
_MONTH = "[0-9]{4}-(?:0[1-9]|1[0-2])"
_TO = "-to-"
_NAME = re.compile(
    rf"(?P<base>(?P<months>{_MONTH}(?:{_TO}{_MONTH})?)"
    r"(?P<scope>-of-(?:[a-z][a-z0-9]*(?:_[a-z][a-z0-9]*)*|[0-9]+portals_[0-9a-f]{8}))?)(?:-r(?P<number>[0-9]+))?"
)


def is_release_name(name: object) -> bool:
    """Whether a release can have this name."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def named_months(first: str, last: str) -> str:
    """How a name has its months: 2024-12, or 2024-10-to-2024-12 of several."""
    return first if first == last else f"{first}{_TO}{last}"


def base_name(months: str, portals: Sequence[str]) -> str:
    """The name of the first release of some months: 2024-12 of all portals, 2024-12-of-almasaa_raya of those alone."""
    if not portals:
        return months
    named = sorted(portals)
    if len(named) <= _MAX_NAMED:
        return f"{months}-of-{'_'.join(named)}"
    return f"{months}-of-{len(named)}portals_{hashlib.sha256('_'.join(named).encode()).hexdigest()[:8]}"


def numbered(base: str, number: int) -> str:
    """The name of the release that is made so many times: 2024-12, 2024-12-r2."""
    return base if number == 1 else f"{base}-r{number}"


def base_of(name: str) -> str:
    """The name of the first release of the same months and portals."""
    return _part(name, "base") or name


def months_of(name: str) -> str:
    """What the name says of its months: 2024-12, 2024-10-to-2024-12."""
    return _part(name, "months")


def first_and_last(name: str) -> tuple[str, str]:
    """The first and the last month of a release, which may be one."""
    first, _, last = months_of(name).partition(_TO)
    return first, last or first


def count_of_months(name: str) -> int:
    """How many months it is of."""
    first, last = (int(month[:4]) * 12 + int(month[5:]) for month in first_and_last(name))
    return last - first + 1


def has_month(name: str, month: str) -> bool:
    """Whether a month is among those of a release."""
    first, last = first_and_last(name)
    return first <= month <= last


def scope_of(name: str) -> str:
    """What the name says of its portals; "" for a release of all."""
    return _part(name, "scope")


def number_of(name: str) -> int:
    """Which making of it a release is: 1, 2 for -r2."""
    return int(_part(name, "number") or 1)


def in_order(name: str) -> tuple[str, str, int]:
    """What releases are sorted by: first month, last month, portals, number."""
    return name[:7], base_of(name), number_of(name)


def _part(name: str, part: str) -> str:
    found = _NAME.fullmatch(name)
    return (found[part] or "") if found else ""
