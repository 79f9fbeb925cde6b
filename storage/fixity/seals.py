"""Seals that others can check without us: a signature by an SSH key, a time stamp (RFC 3161) of an authority.

Made by OpenSSH and OpenSSL, which whoever checks them has too.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from http.client import HTTPException, InvalidURL
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from storage.errors import RetryLater, StageFailed, UsageError
from storage.objects.keys import release_prefix
from storage.tables.archive_tables import ArchiveTables

SUMS, SIGNATURE, STAMP = "SHA256SUMS", "SHA256SUMS.sig", "SHA256SUMS.tsr"
SEALED = "seal release"  # in the log of commits
ANSWER_SECONDS = 30
SERVER_ERROR, TOO_MANY = 500, 429  # from an authority that may do it later
MAX_ANSWER_BYTES = 1 << 20  # a time stamp with its certificates has some kilobytes


def check_key(key: Path | None) -> None:
    """Raises UsageError where a key to sign with is named and is no file."""
    if key is not None and not key.is_file():
        raise UsageError(f"the key '{key}' does not exist", remedy="name the file of a private SSH key")


def ssh_signature(text: bytes, key: Path, *, namespace: str) -> bytes:
    """A text signed with a private SSH key, as `ssh-keygen -Y` checks it. Raises UsageError, StageFailed."""
    words = [_tool("ssh-keygen", "OpenSSH"), "-q", "-Y", "sign", "-n", namespace, "-f", str(key)]
    return _run(words, text, told="ssh-keygen did not sign")


def time_stamp(text: bytes, authority: str) -> bytes:
    """What an authority at an address says of when a text was there (RFC 3161), as `openssl ts -verify` checks it.

    It is sent the text's digest only. Raises UsageError, RetryLater, StageFailed.
    """
    no_address = UsageError("a time stamp's authority is an address", remedy="write it as https://…")
    try:
        where = urlsplit(authority)
    except ValueError as error:
        raise no_address from error
    if where.scheme not in ("http", "https") or not where.hostname:
        raise no_address
    openssl, digest = _tool("openssl", "OpenSSL"), hashlib.sha256(text).hexdigest()
    query = _run([openssl, "ts", "-query", "-digest", digest, "-sha256", "-cert"], told="openssl made no query")
    request = Request(authority, data=query, headers={"Content-Type": "application/timestamp-query"})  # noqa: S310
    try:
        with urlopen(request, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - checked above
            stamp = bytes(answer.read(MAX_ANSWER_BYTES))
    except HTTPError as error:
        error.close()
        kind = RetryLater if error.code >= SERVER_ERROR or error.code == TOO_MANY else StageFailed
        raise kind(f"{where.hostname} gives no time stamp: status {error.code}", remedy="name another") from error
    except (InvalidURL, UnicodeError) as error:
        raise no_address from error
    except (URLError, HTTPException, OSError) as error:
        raise RetryLater(f"{where.hostname} does not answer", remedy="try again, or name another") from error
    with tempfile.NamedTemporaryFile(prefix="warraq-stamp-") as file:
        file.write(stamp)
        file.flush()
        said = _run([openssl, "ts", "-reply", "-in", file.name, "-text"], told=f"{where.hostname} gave no time stamp")
    if b"Status: Granted" not in said or bytes.fromhex(digest) not in stamp:
        raise StageFailed(f"{where.hostname} did not stamp this", remedy="name another authority")
    return stamp


def seal_release(tables: ArchiveTables, name: str, *, key: Path | None, authority: str | None) -> list[str]:
    """Sign and stamp the checksums of a release, which hold all of it; the keys of what was made. Again replaces."""
    sums = tables.store.get(release_prefix(name) + SUMS)
    made: dict[str, bytes] = {}
    if key is not None:
        made[SIGNATURE] = ssh_signature(sums, key, namespace="warraq-release")
    if authority is not None:
        made[STAMP] = time_stamp(sums, authority)
    for file, data in made.items():
        tables.store.put(release_prefix(name) + file, data)
    digests: Mapping[str, str] = {file: hashlib.sha256(data).hexdigest() for file, data in made.items()}
    if made:
        tables.note(SEALED, {"release": name, "files": digests})
    return [release_prefix(name) + file for file in made]


def _tool(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise UsageError(f"{name} is not installed", remedy=f"install {package}, or leave the option out")
    return found


def _run(words: Sequence[str], text: bytes = b"", *, told: str) -> bytes:
    ended = subprocess.run(words, input=text, capture_output=True, check=False)  # noqa: S603 - fixed words, a path
    if ended.returncode:
        raise StageFailed(told, remedy=" ".join(ended.stderr.decode("utf-8", "replace").split())[:200])
    return ended.stdout
