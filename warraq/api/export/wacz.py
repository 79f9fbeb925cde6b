"""The archived pages of some articles as one WACZ file (version 1.1.1), for ReplayWeb.page and pywb."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from fastwarc.warc import ArchiveIterator

from storage.identity.urls import spelled_url
from storage.model.records import WarcPlace
from storage.objects.store import ObjectStore
from storage.raw.run import read_record
from warraq.api.export.whole_file import whole_file

WARC, INDEX, PAGES, PACKAGE, DIGEST = (
    "archive/data.warc.gz",
    "indexes/index.cdx",
    "pages/pages.jsonl",
    "datapackage.json",
    "datapackage-digest.json",
)
# With `hasText`, ReplayWeb.page searches the texts too.
_PAGES = {"format": "json-pages-1.0", "id": "pages", "title": "All pages", "hasText": True}
_WWW = re.compile(r"^www\d*\.")
# Fixed, so that the same pages give the same bytes.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Page:
    """An archived page: where its record is, and the article on it."""

    place: WarcPlace
    title: str
    text: str
    captured_at: datetime


def write_wacz(
    store: ObjectStore,
    pages: Iterable[Page],
    path: Path,
    *,
    title: str,
    rights: str,
    created: str,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write the records of the pages with their index, whole or not at all; returns how many.

    Raises ObjectMissing, DamagedObject, and what `whole_file` raises.
    """
    with whole_file(path) as part, tempfile.TemporaryDirectory(prefix="warraq-wacz-") as scratch:
        warc, listed = Path(scratch) / "data.warc.gz", Path(scratch) / "pages.jsonl"
        lines: list[str] = []
        count = 0
        with warc.open("wb") as records, listed.open("w", encoding="utf-8") as texts:
            texts.write(json.dumps(_PAGES) + "\n")
            for page in pages:
                record = read_record(store, page.place)
                member = _gzipped(record)
                lines.append(_index_line(record, member, records.tell()))
                records.write(member)
                moment = page.captured_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
                told = {"url": _target(record), "ts": moment, "title": page.title, "text": page.text}
                texts.write(json.dumps(told, ensure_ascii=False) + "\n")
                count += 1
                if progress:
                    progress(count)
        index = "".join(line + "\n" for line in sorted(lines)).encode()
        _pack(part, {WARC: warc, PAGES: listed, INDEX: index}, title=title, rights=rights, created=created)
    return count


def _gzipped(record: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(record) + packer.flush()


def _target(record: bytes) -> str:
    head = record[: record.find(b"\r\n\r\n")].decode("utf-8", "replace")
    fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    return next((value for name, value in fields.items() if name.lower() == "warc-target-uri"), "").strip("<>")


def _index_line(record: bytes, member: bytes, offset: int) -> str:
    """One CDXJ line: key, time of capture, and where the record is."""
    parsed = next(iter(ArchiveIterator(BytesIO(record), parse_http=True)))
    url = _target(record)
    headers = parsed.http_headers
    status = str(headers.status_code) if headers is not None and headers.status_code else "-"
    stated = (headers.get("Content-Type") if headers is not None else None) or ""
    kind = stated.partition(";")[0].strip().lower()
    payload = parsed.reader.read()
    digest = hashlib.sha256(payload).hexdigest()
    moment = parsed.record_date.strftime("%Y%m%d%H%M%S")
    facts = {
        "url": url,
        "mime": kind or "unk",
        "status": status,
        "digest": f"sha256:{digest}",
        "length": str(len(member)),
        "offset": str(offset),
        "filename": "data.warc.gz",
    }
    return f"{surt(url)} {moment} {json.dumps(facts, ensure_ascii=False)}"


def surt(url: str) -> str:
    """The key of an address in a CDX index, as pywb makes it: host from the back, path and query, in small letters."""
    parts = urlsplit(spelled_url(url).lower())
    host = _WWW.sub("", parts.hostname or "")
    port = f":{parts.port}" if parts.port else ""
    turned = host if ":" in host else ",".join(reversed(host.split(".")))
    path = posixpath.normpath(f"/{parts.path.lstrip('/')}")
    query = "&".join(sorted(parts.query.split("&")))
    return f"{turned}{port}){path}{'?' + query if query else ''}"


def _pack(path: Path, files: dict[str, Path | bytes], *, title: str, rights: str, created: str) -> None:
    resources = []
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in files.items():
            size, digest = _store(packed, name, content)
            resources.append({"name": name.rpartition("/")[2], "path": name, "hash": f"sha256:{digest}", "bytes": size})
        package = json.dumps(
            {
                "profile": "data-package",
                "wacz_version": "1.1.1",
                "title": title,
                "description": rights,
                "software": "Warraq",
                "created": created,
                "resources": resources,
            },
            ensure_ascii=False,
            indent=1,
        ).encode()
        _store(packed, PACKAGE, package)
        told = {"path": PACKAGE, "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
        _store(packed, DIGEST, json.dumps(told).encode())


def _store(packed: zipfile.ZipFile, name: str, content: Path | bytes) -> tuple[int, str]:
    """Put it in uncompressed, as the format asks; its size and digest."""
    size, digest = 0, hashlib.sha256()
    told = len(content) if isinstance(content, bytes) else content.stat().st_size
    # ReplayWeb.page takes a file's own header for as long as the directory says: both or none are to have long sizes.
    with packed.open(zipfile.ZipInfo(name, _ZIP_TIME), "w", force_zip64=told > zipfile.ZIP64_LIMIT) as out:
        for piece in _pieces(content):
            out.write(piece)
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()


def _pieces(content: Path | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece
