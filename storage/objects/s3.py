"""Objects in S3 or what speaks its language; the only module that imports boto3."""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import io
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import botocore.session
from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.loaders import Loader

from storage.errors import StoreUnreachable, UsageError
from storage.objects.resuming_reader import ResumingReader
from storage.objects.s3_errors import BEYOND_THE_END, LOST, MISSING, TAKEN, status_of, translated, was_retried
from storage.objects.store import ObjectInfo, check_key
from storage.settings import Settings

CONNECT_SECONDS = 2.0  # three attempts and their pauses: a dead endpoint is named within ten seconds
READ_SECONDS = 30.0  # between two packets, not for a whole object
ATTEMPTS = 3
CONNECTIONS = 16  # threads of one process that may talk at once
MULTIPART_BYTES = 64 << 20  # larger files go up in parts: one lost connection costs a part, not the file
PART_BYTES = 16 << 20
MAX_PARTS = 10_000  # the limit of S3
READ_AHEAD_BYTES = 1 << 20


class S3Store:
    """Keys below a prefix of one bucket, through one client (which threads may share)."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self.client = client
        self.bucket = bucket
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self.url = f"s3://{bucket}/{self.prefix}".rstrip("/")

    @classmethod
    def connect(cls, settings: Settings) -> S3Store:
        """Open the bucket that the settings name and list it once, so that a wrong setting is known at the start."""
        bucket, _, prefix = settings.archive.removeprefix("s3://").partition("/")
        with translated(settings.archive, endpoint=settings.s3_endpoint):
            store = cls(_client(settings), bucket, prefix)
            store.client.list_objects_v2(Bucket=bucket, Prefix=store.prefix, MaxKeys=1)
        return store

    def put(self, key: str, data: bytes, *, if_absent: bool = False) -> None:
        self._put(key, io.BytesIO(data), if_absent=if_absent)

    def put_file(self, key: str, path: Path, *, if_absent: bool = False) -> None:
        with path.open("rb") as file:
            if path.stat().st_size > MULTIPART_BYTES:
                self._put_parts(key, file, size=path.stat().st_size, if_absent=if_absent)
                return
            self._put(key, file, if_absent=if_absent)

    def get(self, key: str) -> bytes:
        with self.open(key) as reader:
            return reader.read()

    def get_range(self, key: str, *, offset: int, length: int) -> bytes:
        if length <= 0:
            return b""
        with self.translating(key):
            try:
                span = f"bytes={offset}-{offset + length - 1}"
                data: bytes = self.client.get_object(**self.names(key), Range=span)["Body"].read()
            except ClientError as error:
                if status_of(error) == BEYOND_THE_END:
                    return b""
                raise
        return data

    def open(self, key: str) -> BinaryIO:
        with self.translating(key):
            answer = self.client.get_object(**self.names(key))

        def reopen(offset: int) -> Any:
            # If-Match: half of an old object and half of a new one would be neither.
            try:
                part = self.client.get_object(**self.names(key), Range=f"bytes={offset}-", IfMatch=answer["ETag"])
            except ClientError as error:
                if status_of(error) != TAKEN:
                    raise
                raise StoreUnreachable(
                    f"{self.url}/{key}: was written anew while it was read", remedy="run the same command again"
                ) from error
            return part["Body"]

        raw = ResumingReader(answer["Body"], size=answer["ContentLength"], reopen=reopen, lost=LOST)
        return _TranslatingReader(raw, lambda: self.translating(key))

    def exists(self, key: str) -> bool:
        with self.translating(key):
            try:
                self.client.head_object(**self.names(key))
            except ClientError as error:
                if status_of(error) == MISSING:
                    return False
                raise
        return True

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        found = []
        with self.translating(prefix):
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self.prefix + prefix
            )
            for page in pages:
                for entry in page.get("Contents", ()):
                    key = entry["Key"].removeprefix(self.prefix)
                    if not key.endswith("/"):  # a folder, as consoles and SeaweedFS make them: no object of ours
                        found.append(ObjectInfo(key, entry["Size"], entry["LastModified"]))
        # S3 lists in key order; SeaweedFS (4.48) in the order of a directory walk.
        yield from sorted(found, key=lambda info: info.key)

    def delete(self, key: str) -> None:
        with self.translating(key):
            self.client.delete_object(**self.names(key))

    def names(self, key: str) -> dict[str, str]:
        """Bucket and key as the client wants them; raises StageFailed for a key that is none."""
        return {"Bucket": self.bucket, "Key": self.prefix + check_key(key)}

    def translating(self, key: str) -> contextlib.AbstractContextManager[None]:
        """Inside, what the client raises becomes an error of storage.errors."""
        return translated(f"{self.url}/{key}", endpoint=self.client.meta.endpoint_url)

    def _put(self, key: str, body: BinaryIO, *, if_absent: bool) -> None:
        md5 = hashlib.md5(usedforsecurity=False)
        while data := body.read(READ_AHEAD_BYTES):
            md5.update(data)
        body.seek(0)
        condition = {"IfNoneMatch": "*"} if if_absent else {}
        with self.translating(key):
            try:
                self.client.put_object(
                    **self.names(key), Body=body, ContentMD5=base64.b64encode(md5.digest()).decode(), **condition
                )
            except ClientError as error:
                # A first try may have arrived and its answer been lost: then the key is taken by ourselves.
                if not (status_of(error) == TAKEN and was_retried(error) and self._holds(key, body)):
                    raise

    def _holds(self, key: str, body: BinaryIO) -> bool:
        """Whether the object is these very bytes. Its ETag does not say: under SSE-KMS it is no MD5."""
        body.seek(0)
        with self.open(key) as stored:
            while True:
                there = stored.read(READ_AHEAD_BYTES)
                if there != body.read(READ_AHEAD_BYTES):
                    return False
                if not there:
                    return True

    def _put_parts(self, key: str, file: BinaryIO, *, size: int, if_absent: bool) -> None:
        part_bytes = max(PART_BYTES, -(-size // MAX_PARTS))
        condition = {"IfNoneMatch": "*"} if if_absent else {}
        names = self.names(key)
        with self.translating(key):
            upload = {**names, "UploadId": self.client.create_multipart_upload(**names)["UploadId"]}
            try:
                parts: list[dict[str, Any]] = []
                while data := file.read(part_bytes):
                    md5 = base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
                    number = len(parts) + 1
                    answer = self.client.upload_part(**upload, PartNumber=number, Body=data, ContentMD5=md5)
                    parts.append({"PartNumber": number, "ETag": answer["ETag"]})
                self._complete(key, upload, parts, file, condition)
            except BaseException:
                # Parts of an upload that is never completed are invisible, and paid for.
                with contextlib.suppress(BotoCoreError, ClientError):
                    self.client.abort_multipart_upload(**upload)
                raise

    def _complete(
        self,
        key: str,
        upload: Mapping[str, Any],
        parts: Sequence[Mapping[str, Any]],
        file: BinaryIO,
        condition: Mapping[str, str],
    ) -> None:
        try:
            self.client.complete_multipart_upload(**upload, MultipartUpload={"Parts": list(parts)}, **condition)
        except ClientError as error:
            # As in _put: the upload is gone, or the key taken, because a first try did it.
            is_done = error.response.get("Error", {}).get("Code") == "NoSuchUpload" or status_of(error) == TAKEN
            if not (is_done and was_retried(error) and self._holds(key, file)):
                raise


def _client(settings: Settings) -> Any:
    """A client costs 0.03 s of CPU and a connection; stores share it where nothing but the environment says who asks.

    Keys from elsewhere, as a file or the machine's role, may be others at the next call.
    """
    if settings.s3_endpoint and not re.fullmatch(r"https?://[^\s/?#]+/?", settings.s3_endpoint):
        raise UsageError(
            f"AWS_ENDPOINT_URL={settings.s3_endpoint!r} is not an address", remedy="write it as http://host:port"
        )
    if os.environ.get("AWS_ACCESS_KEY_ID") and os.environ.get("AWS_SECRET_ACCESS_KEY"):
        environ = tuple(sorted(os.environ.items()))
        return _shared_client(settings.s3_endpoint, settings.s3_region, os.getpid(), environ)
    return _new_client(settings.s3_endpoint, settings.s3_region)


@functools.lru_cache(maxsize=4)
def _shared_client(endpoint: str | None, region: str, _process: int, _environ: tuple[tuple[str, str], ...]) -> Any:
    """One for each process, for a fork may not talk through its parent's connections."""
    return _new_client(endpoint, region)


def _new_client(endpoint: str | None, region: str) -> Any:
    style = {"addressing_style": "path"} if endpoint else {}
    # A session of its own: the shared one remembers the credentials of the first call and is not thread-safe.
    session = botocore.session.get_session()  # type: ignore[no-untyped-call] # botocore has no types
    session.register_component("data_loader", _descriptions())
    return Session(botocore_session=session).client(  # type: ignore[no-untyped-call] # nor boto3
        "s3",
        endpoint_url=endpoint,
        region_name=region,
        config=Config(  # type: ignore[no-untyped-call]
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            max_pool_connections=CONNECTIONS,
            s3=style,
            # The newer default checksums break S3-compatible stores; uploads carry Content-MD5 instead.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


class _Descriptions(Loader):
    """botocore's descriptions of services and endpoints, each file read once."""

    @property
    def search_paths(self) -> list[str]:
        """A copy: each session of boto3 adds a folder to it, which no client looks into."""
        return list(super().search_paths)


@functools.cache
def _descriptions() -> Loader:
    """One for all sessions of the process: reading them is most of what a client costs, 0.1 s of CPU."""
    return _Descriptions()  # type: ignore[no-untyped-call]


class _TranslatingReader(io.BufferedReader):
    """A buffered reader whose errors are those of storage.errors."""

    def __init__(self, raw: io.RawIOBase, translating: Callable[[], contextlib.AbstractContextManager[None]]) -> None:
        super().__init__(raw, READ_AHEAD_BYTES)
        self._translating = translating

    def read(self, size: int | None = -1, /) -> bytes:
        with self._translating():
            return super().read(size)

    def read1(self, size: int = -1, /) -> bytes:
        with self._translating():
            return super().read1(size)

    def readinto(self, buffer: Any, /) -> int:
        with self._translating():
            return super().readinto(buffer)

    def readline(self, size: int | None = -1, /) -> bytes:
        with self._translating():
            return super().readline(size)
