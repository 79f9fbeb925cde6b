"""Records as JSON, and back with their types checked."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from storage.errors import DamagedObject

T = TypeVar("T")

_ADAPTERS: dict[type, TypeAdapter[Any]] = {}  # one costs milliseconds to build


def _adapter(kind: type) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def record_to_json(record: Any) -> bytes:
    """One line of JSON; times as ISO 8601."""
    return _adapter(type(record)).dump_json(record)


def record_from_json(kind: type[T], text: bytes | str, *, where: str) -> T:
    """The record that record_to_json() wrote; raises DamagedObject, naming `where`."""
    try:
        record: T = _adapter(kind).validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DamagedObject(
            f"{where}: not a {kind.__name__} ({place}: {first['msg']})", remedy="restore the object or crawl again"
        ) from error
    return record


def to_json_lines(records: Iterable[Any]) -> bytes:
    """Gzipped JSON, one record a line; the same records give the same bytes."""
    return gzip.compress(b"".join(record_to_json(record) + b"\n" for record in records), mtime=0)


def lines_of(data: bytes, *, where: str) -> list[bytes]:
    """The lines of a gzipped object; raises DamagedObject."""
    try:
        return gzip.decompress(data).splitlines()
    except (OSError, EOFError, zlib.error) as error:
        raise DamagedObject(f"{where}: {error}", remedy="restore the object or crawl again") from error


def sealed_json(fields: dict[str, Any]) -> bytes:
    """Indented JSON that carries the sha256 of its own content, so that a changed byte shows."""
    return json.dumps({**fields, "sha256": _seal(fields)}, ensure_ascii=False, indent=1).encode()


def open_sealed_json(data: bytes, *, where: str) -> dict[str, Any]:
    """The fields sealed_json() wrote; raises DamagedObject if a byte has changed since."""
    try:
        fields = json.loads(data)
        seal = fields.pop("sha256")
        sound = seal == _seal(fields) and data == sealed_json(fields)
    except (ValueError, KeyError, AttributeError):
        sound = False
    if not sound:
        raise DamagedObject(f"{where}: changed since it was written", remedy="restore the object or crawl again")
    return dict(fields)


def sealed_record(record: Any) -> bytes:
    """A record as sealed_json() writes it; record_from_json() reads it."""
    return sealed_json(json.loads(record_to_json(record)))


def note_fields(data: bytes, *, where: str) -> dict[str, Any]:
    """The fields of a small object that is written again and again: compared with its seal, if it has one.

    Earlier versions wrote none. Raises DamagedObject.
    """
    try:
        fields = json.loads(data)
        is_sealed = "sha256" in fields
    except (ValueError, TypeError):
        raise DamagedObject(f"{where}: is no JSON object", remedy="restore it, or delete it to begin anew") from None
    if is_sealed or _is_seal_of_another_name(fields):
        return open_sealed_json(data, where=where)
    return dict(fields)


def _is_seal_of_another_name(fields: dict[str, Any]) -> bool:
    """Whether the last field is the seal of the others: then a byte of the word sha256 itself has changed."""
    *others, last = fields.items() or [("", "")]
    return last[1] == _seal(dict(others))


def _seal(fields: dict[str, Any]) -> str:
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
