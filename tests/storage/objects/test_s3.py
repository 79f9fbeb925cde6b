"""What a store refuses is told by its code, with what helps; shown before a real S3 server."""

from __future__ import annotations

import io
import itertools
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from botocore.exceptions import ConnectionClosedError
from botocore.loaders import JSONFileLoader

from storage.errors import (
    DamagedObject,
    ObjectExists,
    RetryLater,
    StoreDenied,
    StoreUnreachable,
    WarraqError,
)
from storage.objects.open import open_store
from storage.objects.resuming_reader import ResumingReader
from storage.objects.s3 import S3Store
from storage.objects.store import ObjectStore
from storage.settings import Settings
from tests.fixtures.s3_proxy import Fault, LoseAnswer, Refuse, S3Proxy
from tests.fixtures.s3_server import S3Server

pytestmark = pytest.mark.s3


@pytest.fixture
def proxy(s3_server: S3Server) -> S3Proxy:
    return S3Proxy(s3_server)


@pytest.fixture
def store(proxy: S3Proxy, s3_settings: Settings) -> Iterator[ObjectStore]:
    with proxy.running() as endpoint:
        yield open_store(replace(s3_settings, s3_endpoint=endpoint))


@pytest.mark.parametrize(
    ("status", "code", "kind", "remedy"),
    [
        (400, "RequestTimeout", StoreUnreachable, "again later"),
        (503, "SlowDown", StoreUnreachable, "again later"),
        (500, "InternalError", StoreUnreachable, "again later"),
        (503, "ServiceUnavailable", StoreUnreachable, "again later"),
        (400, "IncompleteBody", StoreUnreachable, "again later"),
        (409, "OperationAborted", StoreUnreachable, "again later"),
        (403, "RequestTimeTooSkewed", StoreDenied, "set the clock"),
        (400, "ExpiredToken", StoreDenied, "AWS_SESSION_TOKEN"),
        (400, "InvalidToken", StoreDenied, "AWS_SESSION_TOKEN"),
        (403, "AccessDenied", StoreDenied, "AWS_ACCESS_KEY_ID"),
        (403, "SignatureDoesNotMatch", StoreDenied, "AWS_ACCESS_KEY_ID"),
        (400, "AuthorizationHeaderMalformed", StoreDenied, "AWS_REGION"),
        (400, "BadDigest", DamagedObject, "network"),
        (404, "NoSuchBucket", StoreDenied, "WARRAQ_ARCHIVE"),
        (507, "InsufficientStorage", RetryLater, "make room"),
        (418, "Teapot", WarraqError, "doctor"),
    ],
)
def test_a_refusal_is_told_by_its_code(
    proxy: S3Proxy, store: ObjectStore, status: int, code: str, kind: type[WarraqError], remedy: str
) -> None:
    proxy.judge = lambda _method, _path: Refuse(status, code)
    with pytest.raises(kind) as told:
        store.put("a", b"bytes")
    assert code in told.value.message
    assert remedy in told.value.remedy


def test_a_folder_that_a_console_made_is_no_object(s3_settings: Settings) -> None:
    store = open_store(s3_settings)
    assert isinstance(store, S3Store)
    store.put("notes/a", b"1")
    store.client.put_object(Bucket=store.bucket, Key=f"{store.prefix}notes/folder/", Body=b"")
    assert [info.key for info in store.list("notes/")] == ["notes/a"]


def test_a_store_that_was_busy_once_is_asked_again(proxy: S3Proxy, store: ObjectStore) -> None:
    faults: Iterator[Fault | None] = itertools.chain([Refuse(400, "RequestTimeout"), Refuse(503, "SlowDown")])
    proxy.judge = lambda _method, _path: next(faults, None)
    store.put("a", b"bytes")
    assert (store.get("a"), proxy.faults) == (b"bytes", 2)


@pytest.mark.parametrize("hides_md5", [False, True])
def test_a_lost_answer_to_a_conditional_put_is_no_conflict(
    proxy: S3Proxy, store: ObjectStore, tmp_path: Path, hides_md5: bool
) -> None:
    proxy.hides_md5 = hides_md5
    for put in (store.put, lambda key, data, if_absent: _put_file(store, tmp_path, key, data)):
        faults: Iterator[Fault | None] = itertools.chain([LoseAnswer()])
        proxy.judge = lambda _method, _path, faults=faults: next(faults, None)  # type: ignore[misc]
        put(f"taken-{put is store.put}", b"my bytes", if_absent=True)
    store.put("theirs", b"their bytes")
    faults = itertools.chain([LoseAnswer()])
    proxy.judge = lambda _method, _path: next(faults, None)
    with pytest.raises(ObjectExists):
        store.put("theirs", b"my bytes", if_absent=True)
    assert store.get("theirs") == b"their bytes"


def _put_file(store: ObjectStore, folder: Path, key: str, data: bytes) -> None:
    path = folder / "file"
    path.write_bytes(data)
    store.put_file(key, path, if_absent=True)


@pytest.mark.parametrize("hides_md5", [False, True])
def test_a_lost_answer_to_the_end_of_an_upload_in_parts_is_no_conflict(
    proxy: S3Proxy, store: ObjectStore, tmp_path: Path, hides_md5: bool
) -> None:
    proxy.hides_md5 = hides_md5
    path = tmp_path / "large"
    path.write_bytes(b"0123456789abcdef" * (65 << 16))  # more than goes up at once
    lost: list[str] = []

    def lose_the_end(method: str, query: str) -> Fault | None:
        if method == "POST" and "uploadId=" in query and not lost:
            lost.append(query)
            return LoseAnswer()
        return None

    proxy.judge = lose_the_end
    store.put_file("large", path, if_absent=True)
    assert lost
    assert store.get_range("large", offset=0, length=16) == b"0123456789abcdef"


def test_what_is_written_anew_while_it_is_read_is_read_again_later(store: ObjectStore) -> None:
    store.put("large", b"1" * (3 << 20))
    with store.open("large") as reader:
        reader.read(1 << 20)
        store.put("large", b"2" * (3 << 20))
        assert isinstance(reader, io.BufferedReader)
        raw = reader.raw
        assert isinstance(raw, ResumingReader)
        raw._body = BrokenBody()
        with pytest.raises(StoreUnreachable, match="was written anew"):
            reader.read()


class BrokenBody:
    """A connection that is cut."""

    def read(self, amt: int | None = None) -> bytes:
        raise ConnectionClosedError(endpoint_url="cut")

    def close(self) -> None:
        """Nothing."""


def test_what_botocore_knows_of_services_is_read_once_for_all_clients(
    s3_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = S3Store.connect(s3_settings)
    read: list[str] = []
    monkeypatch.setattr(JSONFileLoader, "load_file", lambda _self, path: read.append(path))
    monkeypatch.setenv("AWS_APP_ID", "another")
    second = S3Store.connect(s3_settings)
    assert second.client is not first.client
    second.put("a/b", b"1")
    assert first.get("a/b") == b"1"
    assert read == []


def test_stores_of_one_process_share_a_client_while_the_environment_names_who_asks(
    s3_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, second = S3Store.connect(s3_settings), S3Store.connect(replace(s3_settings, archive="s3://archive/beside"))
    assert second.client is first.client
    second.put("a", b"1")
    assert not first.exists("a")
    child = os.fork()
    if not child:
        is_shared = True
        try:
            is_shared = S3Store.connect(s3_settings).client is first.client
        finally:
            os._exit(is_shared)
    assert os.waitpid(child, 0)[1] == 0, "connections are no fork's"
    keys = [f"{name.lower()} = {os.environ[name]}" for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(StoreDenied):
        S3Store.connect(s3_settings)
    # Of a file, which may hold others at the next call.
    file = tmp_path / "credentials"
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    file.write_text("\n".join(["[default]", *keys]), encoding="utf-8")
    S3Store.connect(s3_settings).put("b", b"2")
    file.write_text("[default]\naws_access_key_id = nobody\naws_secret_access_key = wrong\n", encoding="utf-8")
    with pytest.raises(StoreDenied):
        S3Store.connect(s3_settings)
