"""The policies of docs/explain/raw_archive.md, enforced by a real S3 server: they are enough, and they hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import pytest

import warraq
from storage.errors import RetryLater, StoreDenied
from storage.objects.keys import reextraction_key, release_prefix, releases_root, silences_root, troubles_root
from storage.objects.open import open_store
from storage.objects.s3 import S3Store
from storage.read.query import connect
from storage.read.release.making import make_release
from storage.read.release.releases import Month, read_release
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.maintenance import maintain
from tests.fixtures.demo_runs import NEXT_DAY, archive, pages, rows_of
from tests.fixtures.paths import ROOT
from tests.fixtures.raw_runs import RUN, write_round
from tests.fixtures.s3_server import GRPC_OFFSET, Identity, S3Server
from warraq.airflow.compose_secrets import key_and_certificate
from warraq.cli.main import main
from warraq.monitoring.doctor_checks import Status, store_checks
from warraq.monitoring.verify import VerifyScope, verify_archive

pytestmark = pytest.mark.s3

PAGE = ROOT / "docs" / "explain" / "raw_archive.md"
OTHER_BUCKET = "other"
NOW = datetime(2100, 1, 1, tzinfo=UTC)  # after everything a store dates by its own clock


def policies() -> list[dict[str, Any]]:
    """As they stand on the page, for the bucket and the prefix of these tests."""
    section = PAGE.read_text(encoding="utf-8").split("## What the store must allow")[1]
    texts = re.findall(r"```json\n(.*?)```", section, re.DOTALL)
    return [json.loads(text.replace("BUCKET", "archive").replace("PREFIX", "news")) for text in texts]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    worker, reader = (Identity(name, policy) for name, policy in zip(("worker", "reader"), policies(), strict=True))
    folder = tmp_path_factory.mktemp("seaweed")
    server = S3Server(folder, identities=(worker, reader), channel_pem=key_and_certificate())
    server.start()
    yield server
    server.stop(for_good=True)


class Actor:
    """Becomes one of the server's identities, or its administrator."""

    def __init__(self, server: S3Server, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server = server
        self.folder = folder
        self.monkeypatch = monkeypatch

    def becomes(self, name: str, *, bucket: str = "archive", prefix: str = "news") -> Settings:
        identity = {} if name == "admin" else Identity(name, {}).environ
        environ = {
            **self.server.environ,
            **identity,
            "WARRAQ_ARCHIVE": f"s3://{bucket}/{prefix}",
            "WARRAQ_CATALOG": f"sqlite:///{self.folder}/catalog.db",
            "WARRAQ_CACHE": str(self.folder / "cache"),
        }
        for variable, value in environ.items():
            self.monkeypatch.setenv(variable, value)
        return read_settings(environ)


@pytest.fixture
def actor(server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Actor]:
    """With an empty archive and a second bucket."""
    actor = Actor(server, tmp_path, monkeypatch)
    store = open_store(actor.becomes("admin", prefix=""))
    assert isinstance(store, S3Store)
    for info in store.list(""):
        store.delete(info.key)
    if OTHER_BUCKET not in {bucket["Name"] for bucket in store.client.list_buckets()["Buckets"]}:
        store.client.create_bucket(Bucket=OTHER_BUCKET)
    yield actor


def archive_two_days(settings: Settings) -> None:
    for run, numbers in ((RUN, (0, 1, 2)), (NEXT_DAY, (3, 4, 5))):
        write_round(open_store(settings), pages(*numbers), spool=settings.cache, run=run)
        archive(settings, run)


@pytest.mark.slow
def test_the_workers_policy_is_enough_for_all_that_workers_do(actor: Actor) -> None:
    settings = actor.becomes("worker")
    assert {check.status for check in store_checks(settings)} == {Status.OK}
    archive_two_days(settings)
    done = maintain(settings, now=NOW, keep=timedelta(0), margin=timedelta(0), staging=timedelta(0))
    assert done.compacted
    assert done.files_removed
    assert done.staged_objects_removed
    release = make_release(
        open_tables(settings), Month.parse("2024-12", now=NOW), now=NOW, code_version="test", spill=actor.folder
    )
    assert read_release(open_store(settings), release.name) == release
    assert not [problem for month in verify_archive(settings, VerifyScope(), workers=1) for problem in month.problems]


def test_a_release_that_a_removal_takes_back_is_emptied_by_a_worker_and_made_by_the_same_call(actor: Actor) -> None:
    settings = actor.becomes("worker")
    archive_two_days(settings)
    tables, month = open_tables(settings), Month.parse("2024-12", now=NOW)
    readme = release_prefix("2024-12") + "README.md"
    freeze = partial(make_release, tables, month, now=NOW, code_version="test", spill=actor.folder)
    title = str(rows_of(settings)["articles"][0]["title"])
    url = next(str(row["url"]) for row in rows_of(settings)["articles"] if row["title"] == title)

    def remove_now(_portal: str) -> None:
        actor.becomes("admin")
        with pytest.raises(SystemExit) as end:
            main(("remove", url, "--reason", "a request", "--basis", "law"))
        assert end.value.code == 0
        tables.store.put(readme, title.encode())  # as one that was on its way when the removal deleted the rest

    with pytest.raises(RetryLater, match="took back"):
        freeze(progress=remove_now)
    store = open_store(actor.becomes("worker"))
    assert [(info.key, info.bytes) for info in store.list(releases_root())] == [(readme, 0)]
    assert freeze().rows == 5
    assert not [problem for month in verify_archive(settings, VerifyScope(), workers=1) for problem in month.problems]


@pytest.mark.parametrize("key", ["raw/portal=demo/kept", "releases/2024-12/kept"])
def test_a_worker_deletes_neither_what_was_received_nor_what_was_released(actor: Actor, key: str) -> None:
    store = open_store(actor.becomes("worker"))
    store.put(key, b"kept")
    with pytest.raises(StoreDenied):
        store.delete(key)
    assert store.get(key) == b"kept"


@pytest.mark.parametrize("root", [silences_root(), troubles_root(), reextraction_key("a-branch")])
def test_a_worker_clears_away_what_is_only_for_a_time(actor: Actor, root: str) -> None:
    store = open_store(actor.becomes("worker"))
    store.put(f"{root.rstrip('/')}/gone", b"gone")
    store.delete(f"{root.rstrip('/')}/gone")
    assert not list(store.list(root))


@pytest.mark.parametrize("name", ["worker", "reader"])
def test_nobody_leaves_the_bucket_and_the_prefix(actor: Actor, name: str) -> None:
    for bucket, prefix in ((OTHER_BUCKET, "news"), ("archive", "elsewhere")):
        open_store(actor.becomes("admin", bucket=bucket, prefix=prefix)).put("tables/secret", b"secret")
        with pytest.raises(StoreDenied):
            open_store(actor.becomes(name, bucket=bucket, prefix=prefix))
        # As somebody would who has the credential and does not list first.
        store = replace_place(open_store(actor.becomes(name)), bucket=bucket, prefix=prefix)
        with pytest.raises(StoreDenied):
            store.get("tables/secret")
        with pytest.raises(StoreDenied):
            store.put("tables/mine", b"mine")
        with pytest.raises(StoreDenied):
            store.delete("tables/secret")


@pytest.mark.slow
def test_a_reader_queries_and_writes_nothing(actor: Actor) -> None:
    settings = actor.becomes("worker")
    archive_two_days(settings)
    reading = actor.becomes("reader")
    assert connect(reading).execute("SELECT count(*) FROM editions").fetchall() == [(6,)]
    store = open_store(reading)
    (raw, *_) = (info.key for info in store.list("raw/"))
    with pytest.raises(StoreDenied):
        store.get(raw)
    for key in ("tables/planted", "raw/planted", "releases/planted", raw):
        with pytest.raises(StoreDenied):
            store.put(key, b"planted")
    (table_file, *_) = (info.key for info in store.list("tables/"))
    with pytest.raises(StoreDenied):
        store.delete(table_file)
    with pytest.raises(StoreDenied):
        archive(reading)
    assert len(rows_of(actor.becomes("worker"))["articles"]) == 6


def test_a_reader_keeps_a_search_index_without_a_catalog(
    actor: Actor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    archive_two_days(actor.becomes("worker"))
    actor.becomes("reader")
    monkeypatch.delenv("WARRAQ_CATALOG")
    with warraq.open_archive() as archive:
        assert "`warraq maintain --search-index-only` makes it" in archive.search("القاهرة").how
    with pytest.raises(SystemExit) as ended:
        main(["maintain", "--search-index-only"])
    assert (ended.value.code, capsys.readouterr().out) == (0, "search index: 6 articles, written anew\n")
    with warraq.open_archive() as archive:
        assert archive.search("القاهرة").how == "index"


def make_identity(server: S3Server, name: str) -> None:
    """Tell the S3 server's second port of an administrator, as SeaweedFS's filer would."""

    def text(number: int, value: bytes) -> bytes:
        return bytes([number << 3 | 2, len(value)]) + value

    keys = Identity(name, {}).environ
    credential = text(1, keys["AWS_ACCESS_KEY_ID"].encode()) + text(2, keys["AWS_SECRET_ACCESS_KEY"].encode())
    identity = text(1, name.encode()) + text(2, credential) + text(3, b"Admin")
    with grpc.insecure_channel(f"127.0.0.1:{server.port + GRPC_OFFSET}") as channel:
        channel.unary_unary("/messaging_pb.SeaweedS3IamCache/PutIdentity")(text(1, identity), timeout=5)


def test_nobody_makes_an_identity_without_the_certificate(
    server: S3Server, own_s3_server: S3Server, actor: Actor
) -> None:
    with pytest.raises(grpc.RpcError):
        make_identity(server, "intruder")
    with pytest.raises(StoreDenied):
        open_store(actor.becomes("intruder"))
    # What the certificate is for.
    make_identity(own_s3_server, "intruder")


def replace_place(store: object, *, bucket: str, prefix: str) -> S3Store:
    assert isinstance(store, S3Store)
    return S3Store(store.client, bucket, prefix)
