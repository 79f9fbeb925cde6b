"""Records that wait on disk, so that a run of a hundred thousand pages needs no more memory than one of a hundred."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar, overload

from storage.model.record_json import record_from_json, record_to_json

T = TypeVar("T")


class RecordSpool(Generic[T]):
    """Keeps records of one kind in a temporary file, which goes with it."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind
        self._file = tempfile.TemporaryFile(prefix="warraq-spool-")  # noqa: SIM115 - closed below
        weakref.finalize(self, self._file.close)
        self._ends = [0]

    def add(self, record: T) -> int:
        """Keep a record; its place."""
        self._file.seek(self._ends[-1])
        self._ends.append(self._ends[-1] + self._file.write(record_to_json(record)))
        return len(self._ends) - 2

    def at(self, place: int) -> T:
        """The record kept at a place."""
        start, end = self._ends[place], self._ends[place + 1]
        self._file.seek(start)
        return record_from_json(self._kind, self._file.read(end - start), where="spool")

    def these(self, places: Sequence[int]) -> Spooled[T]:
        """The records at some places, in that order, read when they are asked for."""
        return Spooled(self, places)


class Spooled(Sequence[T]):
    """Some records of a spool; each is read when it is asked for."""

    def __init__(self, spool: RecordSpool[T], places: Sequence[int]) -> None:
        self._spool, self._places = spool, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, number: int) -> T: ...

    @overload
    def __getitem__(self, number: slice) -> Spooled[T]: ...

    def __getitem__(self, number: int | slice) -> T | Spooled[T]:
        if isinstance(number, slice):
            return Spooled(self._spool, self._places[number])
        return self._spool.at(self._places[number])

    def __iter__(self) -> Iterator[T]:
        return map(self._spool.at, self._places)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # compared by content, as lists are
