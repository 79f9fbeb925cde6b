"""Records that a writer cut into segments, put together again; the segments may lie in several files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from storage.raw.foreign_records import LeftOut, Unusable

MAX_WAITING = 50  # records of which more segments are to come; writers cut one at a time


@dataclass
class SegmentedRecord:
    """A response of which the first segment was read: its WARC headers (lower-case names) and its block so far."""

    where: str
    headers: dict[str, str]
    block: bytearray = field(default_factory=bytearray)
    following: int = 2  # number of the segment that comes next


class Segments:
    """Those that wait, by the id of their first record."""

    def __init__(self, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._waiting: dict[str, SegmentedRecord] = {}

    def begin(self, where: str, headers: dict[str, str], block: bytes) -> LeftOut | None:
        """Take a first segment up; what is pushed out by it, if anything."""
        self._waiting[headers.get("warc-record-id", where)] = SegmentedRecord(where, headers, bytearray(block))
        if len(self._waiting) > MAX_WAITING:
            return _incomplete(self._waiting.pop(next(iter(self._waiting))))
        return None

    def go_on(self, where: str, headers: dict[str, str], block: bytes) -> SegmentedRecord | LeftOut | None:
        """Take a continuation; the whole record with the last one, or why it cannot become whole."""
        origin = headers.get("warc-segment-origin-id", "")
        record = self._waiting.get(origin)
        if record is None:
            return LeftOut(Unusable.INCOMPLETE, where, headers.get("warc-target-uri", ""), cause="no first segment")
        if headers.get("warc-segment-number", "").strip() != str(record.following):
            del self._waiting[origin]
            return _incomplete(record)
        record.block += block
        record.following += 1
        if len(record.block) > self._max_bytes:
            del self._waiting[origin]
            return LeftOut(Unusable.TOO_LARGE, record.where, record.headers.get("warc-target-uri", ""))
        if "warc-segment-total-length" not in headers:
            return None
        del self._waiting[origin]
        is_whole = headers["warc-segment-total-length"].strip() == str(len(record.block))
        return record if is_whole else _incomplete(record)

    def rest(self) -> Iterator[LeftOut]:
        """What never became whole, when all files are read."""
        yield from map(_incomplete, self._waiting.values())
        self._waiting.clear()


def _incomplete(record: SegmentedRecord) -> LeftOut:
    return LeftOut(Unusable.INCOMPLETE, record.where, record.headers.get("warc-target-uri", ""))
