"""Arguments as people give them: what is none is a UsageError that names it, not an accident further in."""

from __future__ import annotations

import difflib
import functools
import operator
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import ParamSpec, TypeVar

from storage.errors import UsageError
from storage.model.window import TIME_FORMS, parse_time

Time = str | date | datetime
Names = str | Sequence[str]
MOST_ROWS = 2**31 - 1  # that a table has
Given = ParamSpec("Given")
Result = TypeVar("Result")


class UnknownArgument(UsageError, TypeError):
    """A name that no argument has; a TypeError too, which is what Python itself raises for it."""


def names_checked(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """The function, which raises UnknownArgument for a name that none of its arguments has."""
    code = function.__code__
    known = [name for name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] if name != "self"]

    @functools.wraps(function)
    def checked(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        if unknown := [name for name in kwargs if name not in known]:
            near = difflib.get_close_matches(unknown[0], known, n=2)
            hint = f"did you mean {' or '.join(near)}? " if near else ""
            raise UnknownArgument(
                f"{function.__name__}() has no argument {unknown[0]!r}", remedy=f"{hint}It has {', '.join(known)}"
            )
        return function(*args, **kwargs)

    return checked


def instant(time: Time, *, name: str) -> datetime:
    """A UTC instant; a day is its beginning, and a time without a zone is UTC. Raises UsageError naming `name`."""
    if isinstance(time, str):
        return parse_time(time, name=name)
    # What pandas calls NaT is a datetime, and like no other it is not itself.
    if isinstance(time, date) and time == time:  # noqa: PLR0124
        if not isinstance(time, datetime):
            return datetime(time.year, time.month, time.day, tzinfo=UTC)
        try:
            return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
        except OverflowError:
            pass
    raise UsageError(f"{name}: {time!r} is not a time", remedy=f"a date, a datetime, or text as {TIME_FORMS}")


def text_of(value: str | None, *, name: str) -> str | None:
    """A text with something in it, or None where none is given."""
    return None if value is None else required(value, name=name)


def required(value: str, *, name: str) -> str:
    """A text with something in it."""
    if not isinstance(value, str):
        raise UsageError(f"{name}: {value!r} is no text", remedy="give it as str")
    if not value.strip():
        raise UsageError(f"{name}: there is no word to look for in {value!r}", remedy="give a word")
    return value


def truth(value: bool, *, name: str) -> bool:
    """True or false, and nothing that only looks like one: "no" is true to Python."""
    if not isinstance(value, bool):
        raise UsageError(f"{name}={value!r} is neither true nor false", remedy="True or False")
    return value


def chosen(value: Names | None, *, name: str) -> tuple[str, ...]:
    """As `several`, but an empty list is refused: it names nothing, and would be taken for all."""
    found = several(value, name=name)
    if value is not None and not found:
        raise UsageError(f"{name}: an empty list names none", remedy="leave it out where all are meant")
    return found


def several(value: Names | None, *, name: str) -> tuple[str, ...]:
    """One text, several or none, as a tuple."""
    if value is None:
        return ()
    found = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, Iterable) else (value,)
    for one in found:
        if not isinstance(one, str):
            raise UsageError(f"{name}: {one!r} is no text", remedy="one text, or a list of them")
    return found


def whole_number(value: int, *, name: str, least: int | None = 0, most: int | None = MOST_ROWS) -> int:
    """A whole number within its bounds."""
    try:
        number = operator.index(value)
    except TypeError:
        raise UsageError(f"{name}={value!r} is no whole number", remedy="for example 20") from None
    if (least is not None and number < least) or (most is not None and number > most):
        raise UsageError(f"{name}={number} is out of its bounds", remedy=f"a number from {least} to {most}")
    return number


def address_of(uri: str | os.PathLike[str]) -> str:
    """Where an archive is, as text."""
    if not isinstance(uri, str | os.PathLike) or "\0" in (found := os.fspath(uri)):
        raise UsageError(f"{uri!r} is no place of an archive", remedy="a directory, or s3://bucket/prefix")
    return found
