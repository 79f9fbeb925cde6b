"""Removal on request: nothing of it is left anywhere, everything else stays, and it does not return."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from botocore.exceptions import ClientError

import warraq
from storage.model.record_json import sealed_record
from storage.model.records import Edition, Role, Run
from storage.model.window import RunId
from storage.objects.keys import refused_key
from storage.objects.open import open_store
from storage.objects.s3 import S3Store
from storage.objects.s3_versions import old_versions
from storage.objects.store import ObjectStore
from storage.raw.chunk_writer import ChunkWriter
from storage.raw.run import RawRun
from storage.read.release.making import make_release
from storage.read.release.releases import Month, read_release, release_names
from storage.schema.arrow_and_iceberg import editions_from, runs_from
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.removal_register import read_removals
from storage.tables.staging import RecordRows
from tests.fixtures.demo_runs import NEXT_DAY, SITE, archive, pages, rows_of
from tests.fixtures.on_disk import ON_DISK
from tests.fixtures.raw_runs import NOON, RUN, exchange, link, report_of, write_round
from tests.fixtures.rows import edition, fetch, run_id, run_row
from tests.storage.tables.test_waiting_runs import killed_while_waiting, publish
from warraq.alerts.action_log import note_action
from warraq.api.search_index import index_files, keep_index
from warraq.cli.main import main
from warraq.monitoring.verify import VerifyScope, verify_archive
from warraq.pipeline.extract import extract_run

WHY = ("--reason", "asked for", "--basis", "policy 3", "--by", "سلمى")
URL = SITE.base_url + SITE.path(SITE.card(2))
STAGED = RunId.parse("demo/2024-12-27T00Z--2024-12-28T00Z")


def fill(settings: Settings) -> None:
    """Three days with a listing that names them, published twice, released, one waiting; 2 is what will go."""
    store = open_store(settings)
    _crawl(store, settings, RUN, range(4))
    archive(settings)
    _crawl(store, settings, NEXT_DAY, (2, 4, 5), edition=1, minute=1440)
    archive(settings, NEXT_DAY)
    write_round(store, pages(6), spool=settings.cache, run=RUN)
    archive(settings)
    _crawl(store, settings, STAGED, (2, 7), edition=2, minute=2880)
    extract_run(STAGED, settings)
    note_action(store, "silence", "demo", by="سلمى", detail=f"until {URL} answers")
    store.put(refused_key(STAGED), sealed_record(replace(finished_row(settings), findings=(f"{URL} answers 500",))))
    (settings.cache / "spill").mkdir(parents=True, exist_ok=True)
    now = datetime(2025, 2, 1, tzinfo=UTC)
    month = Month.parse("2024-12", now=now)
    make_release(open_tables(settings), month, now=now, code_version="1", spill=settings.cache / "spill")


def finished_row(settings: Settings) -> Run:
    return runs_from(open_tables(settings).scan("runs"))[0]


def _crawl(
    store: ObjectStore, settings: Settings, run: RunId, numbers: object, *, edition: int = 0, minute: int = 0
) -> None:
    raw = RawRun(store, run)
    writer = ChunkWriter(store, run, round_=1, attempt=1, spool=settings.cache)
    found = pages(*numbers, edition=edition, minute=minute)  # type: ignore[misc]
    items = "".join(f"<item><link>{page.url}</link></item>" for page in found)
    writer.write(exchange(f"{SITE.base_url}/feed.xml", f"<rss>{items}</rss>".encode()), role=Role.SOURCE, link=None)
    links = []
    for page in found:
        one = link(page.url, at=page.captured_at)
        links.append(replace(one, place=writer.write(page, role=Role.PAGE, link=one), http_status=200))
    chunks = writer.close()
    raw.finish(report_of(run, links, chunks=tuple(chunks)), links)


def everything(settings: Settings) -> dict[str, str]:
    """What is readable in any object of the archive, by key: unpacked, rows as text."""
    store, found = open_store(settings), {}
    for info in store.list(""):
        data = store.get(info.key)
        if info.key.endswith(".parquet"):
            path = settings.cache / "look.parquet"
            path.write_bytes(data)
            found[info.key] = json.dumps(pq.read_table(path).to_pylist(), default=str, ensure_ascii=False)
        elif info.key.endswith(".gz"):
            found[info.key] = _members(data).decode("utf-8", "replace")
        else:
            found[info.key] = data.decode("utf-8", "replace")
    return found


def _members(data: bytes) -> bytes:
    out = b""
    while data:
        inflater = zlib.decompressobj(31)
        member = inflater.decompress(data)
        out += gzip.decompress(member) if member[:2] == b"\x1f\x8b" else member
        data = inflater.unused_data
    return out


def remove(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["remove", *words])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def problems(settings: Settings) -> list[str]:
    months = verify_archive(settings, VerifyScope(), workers=1)
    return [problem for month in months for problem in month.problems]


def texts(settings: Settings) -> list[tuple[str, str]]:
    return sorted((str(row["run_id"]), str(row["body"])) for row in rows_of(settings)["articles"])


@pytest.fixture
def filled(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("WARRAQ_ARCHIVE", settings.archive)
    monkeypatch.setenv("WARRAQ_CACHE", str(settings.cache))
    fill(settings)
    return settings


def said_of_it(settings: Settings) -> list[str]:
    """Titles, bodies and the address of the article that goes."""
    rows = editions_from(open_tables(settings).scan("articles"))
    mine: list[Edition] = [row for row in rows if row.url == URL]
    assert mine
    return [URL, SITE.path(SITE.card(2)), *(row.text.title for row in mine), *(row.text.body[:60] for row in mine)]


@pytest.mark.slow
def test_nothing_of_it_is_left_and_all_else_is_as_it_was(
    filled: Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    said, before = said_of_it(filled), texts(filled)
    others = [text for text in before if not any(body in text[1] for body in said[2:])]
    assert remove(URL, "--dry-run") == 0
    told = capsys.readouterr().out
    assert f"{RUN}: 1 articles, 1 links, 2 captures" in told
    assert "release 2024-12: 5 rows" in told  # and three changes
    assert "nothing was changed" in told
    assert texts(filled) == before
    # Words of it also stand in the search index, and in what was the index before.
    with warraq.open_archive() as opened:
        keep_index(opened.connections)
    index, former = index_files(filled)
    former.write_bytes(b"words")
    elsewhere = shutil.copytree(index, tmp_path / "index of another machine")

    assert remove(URL, *WHY) == 0
    assert (index.exists(), former.exists()) == (False, False)
    # Of what is taken out of an index something stays in its files, so it is written anew wherever it is.
    shutil.copytree(elsewhere, index)
    with warraq.open_archive() as opened:
        assert keep_index(opened.connections).is_new
        assert not keep_index(opened.connections).is_new
    left = {key: [text for text in said if text in content] for key, content in everything(filled).items()}
    assert {key: found for key, found in left.items() if found} == {}
    assert texts(filled) == others
    assert problems(filled) == []
    assert release_names(open_store(filled)) == ["2024-12-r2"]
    revised = read_release(open_store(filled), "2024-12-r2")
    assert (revised.revises, revised.rows_removed, revised.rows) == ("2024-12", 5, len(others))
    (entry,) = read_removals(open_store(filled))
    assert (entry.reason, entry.basis, entry.by, entry.captures) == ("asked for", "policy 3", "سلمى", 6)
    assert entry.done_at is not None
    # Captures that stay are read at their old places.
    assert [capture.url for capture in RawRun(open_store(filled), RUN).captures()] == [
        SITE.base_url + SITE.path(SITE.card(number)) for number in (0, 1, 3, 6)
    ]


@pytest.mark.slow
def test_it_does_not_come_back(local_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(local_settings, removals=tmp_path / "register")
    for name in ("archive", "cache", "removals"):
        monkeypatch.setenv(f"WARRAQ_{name.upper()}", str(getattr(settings, name)))
    fill(settings)
    said = said_of_it(settings)
    # A file of a snapshot that was forgotten, which no maintenance has deleted yet.
    data = next(Path(settings.archive).rglob("news/articles/data/**/*.parquet"))
    left_over = data.with_name("left-over.parquet")
    left_over.write_bytes(data.read_bytes())
    os.utime(left_over, (0, 0))
    assert remove(URL, *WHY) == 0
    assert not left_over.exists()
    others = texts(settings)
    # Crawled again, in another edition; and found at another address that states the old one as its own.
    again = RunId.parse("demo/2024-12-28T00Z--2024-12-29T00Z")
    _crawl(open_store(settings), settings, again, (2, 8), edition=3, minute=4320)
    elsewhere = exchange(f"{URL}?from=home&x=1", SITE.page(2).body, at=NOON + timedelta(days=3))
    write_round(open_store(settings), [elsewhere], spool=settings.cache, run=again)
    archive(settings, again)
    assert len(texts(settings)) == len(others) + 1
    assert not [text for text in texts(settings) for body in said[2:] if body in text[1]]
    assert remove("--again") == 0
    left = [key for key, content in everything(settings).items() if any(text in content for text in said)]
    assert left == []
    assert problems(settings) == []
    # An older backup knows nothing of it, and the second place of the register does.
    fresh = replace(settings, archive=str(tmp_path / "restored"))
    monkeypatch.setenv("WARRAQ_ARCHIVE", fresh.archive)
    fill(fresh)
    assert not [text for text in texts(fresh) for body in said[2:] if body in text[1]]
    assert remove("--again") == 0
    assert [key for key, content in everything(fresh).items() if any(text in content for text in said)] == []
    assert problems(fresh) == []


@pytest.mark.slow
@pytest.mark.slow
def test_what_waits_for_its_commit_while_it_is_removed_is_not_committed_by_others(
    local_settings: Settings, local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    write_round(open_store(local_settings), pages(2, 3), spool=local_settings.cache)
    extract_run(RUN, local_settings)
    killed_while_waiting(local_settings, local_environ, RUN, by="warraq.pipeline.publish.publish_run")
    assert remove(URL, *WHY) == 0
    publish(run_id("almasaa"), local_settings)
    assert [row["portal"] for row in rows_of(local_settings)["runs"]] == ["almasaa"]


@ON_DISK
def test_a_name_is_masked_where_the_article_stays(filled: Settings) -> None:
    row = next(row for row in editions_from(open_tables(filled).scan("articles")) if row.url == URL)
    name = " ".join(row.text.body.split()[1:3])
    count = len(texts(filled))
    assert remove("--text", name, "--redact", *WHY) == 0
    assert len(texts(filled)) == count
    assert not [body for _, body in texts(filled) if name in body]
    assert any("█████" in body for _, body in texts(filled))
    assert problems(filled) == []
    archive(filled, RUN)
    assert not [body for _, body in texts(filled) if name in body]


@pytest.mark.slow
def test_a_portals_time_and_what_is_below_a_prefix_go_too(filled: Settings) -> None:
    assert remove("--portal", "demo", "--from", "2024-12-26", "--to", "2024-12-27", *WHY) == 0
    assert {run for run, _ in texts(filled)} == {str(RUN)}
    prefix = URL.rpartition("/")[0]
    assert remove("--prefix", prefix, *WHY) == 0
    assert not [row for row in rows_of(filled)["articles"] if str(row["url"]).startswith(prefix)]
    assert problems(filled) == []


@pytest.mark.slow
@ON_DISK
def test_an_embargo_holds_rows_back_until_its_date(filled: Settings) -> None:
    before = texts(filled)
    until = datetime.now(UTC) + timedelta(seconds=5)
    assert remove(URL, "--embargo", f"{until:%Y-%m-%dT%H:%M:%SZ}", *WHY) == 0
    assert len(texts(filled)) == len(before) - 2
    while datetime.now(UTC) < until:
        time.sleep(0.2)
    assert remove("--again") == 0
    assert texts(filled) == before
    assert problems(filled) == []


def test_what_is_asked_for_badly_is_refused(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    assert remove() == 2
    assert remove(URL) == 2
    assert remove(URL, "--prefix", URL, *WHY) == 2
    assert remove("https://elsewhere.example/a", *WHY) == 2
    assert remove("0" * 32, *WHY) == 2
    assert remove(URL, "--redact", *WHY) == 2
    assert read_removals(open_store(read_settings())) == []


@pytest.mark.slow
@pytest.mark.kills
def test_killed_at_any_step_the_same_command_ends_it(local_settings: Settings, local_environ: dict[str, str]) -> None:
    fill(local_settings)
    said, others = said_of_it(local_settings), texts(local_settings)
    others = [text for text in others if not any(body in text[1] for body in said[2:])]
    seed = int(os.environ.get("WARRAQ_TEST_SEED", time.time_ns() % 10**6))
    chooser = random.Random(seed)
    words = [sys.executable, "-m", "warraq", "remove", URL, *WHY]
    kills = int(os.environ.get("WARRAQ_TEST_KILLS", "5"))
    for _ in range(kills):
        child = subprocess.Popen(words, env={**os.environ, **local_environ}, stderr=subprocess.PIPE, text=True)
        lines = chooser.randrange(1, 10)  # of what it says it does
        assert child.stderr
        for _, _line in zip(range(lines), child.stderr, strict=False):
            pass
        time.sleep(chooser.random() * 0.3)
        child.send_signal(signal.SIGKILL)
        child.communicate()
    ended = subprocess.run(words, env={**os.environ, **local_environ}, capture_output=True, text=True)
    assert ended.returncode == 0, (seed, ended.stderr)
    assert texts(local_settings) == others, seed
    assert [key for key, content in everything(local_settings).items() if any(text in content for text in said)] == []
    assert problems(local_settings) == [], seed
    assert release_names(open_store(local_settings)) == ["2024-12-r2"], seed


@pytest.mark.s3
@pytest.mark.slow
def test_a_bucket_that_keeps_versions_keeps_none_of_it(
    own_s3_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = own_s3_settings
    store = open_store(settings)
    assert isinstance(store, S3Store)
    store.client.put_bucket_versioning(Bucket=store.bucket, VersioningConfiguration={"Status": "Enabled"})
    for name in ("archive", "cache", "catalog"):
        monkeypatch.setenv(f"WARRAQ_{name.upper()}", str(getattr(settings, name)))
    fill(settings)
    said, elsewhere = said_of_it(settings), "raw/portal=almasaa/date=2024-12-25/a-note"
    for text in (b"before", b"now"):
        store.put(elsewhere, text)
    assert remove(URL, *WHY) == 0
    assert _told_by_versions(store, said) != []
    assert remove(URL, "--portal", "demo", "--dry-run", "--json") == 0
    assert remove("--again", "--versions-too") == 0
    assert _told_by_versions(store, said) == []
    assert [one.key for one in old_versions(store, [elsewhere])] == [elsewhere], "others keep their old versions"
    store.delete(elsewhere)
    assert problems(settings) == []


def _told_by_versions(store: S3Store, said: list[str]) -> list[str]:
    """Old versions of the raw archive and the tables that say something of the article."""
    found = []
    for one in old_versions(store, [""]):
        with contextlib.suppress(ClientError):  # a marker has no bytes
            answer = store.client.get_object(**store.names(one.key), VersionId=one.version_id)
            data = answer["Body"].read()
            content = _members(data) if one.key.endswith(".warc.gz") else data
            found += [str(one) for text in said if text.encode() in content]
    return found


@ON_DISK
def test_of_several_revisions_of_a_month_the_newest_says_of_which_portals(filled: Settings) -> None:
    run = run_id("raya", 26)
    fetches = [fetch(edition(run, 0))]
    tables, now = open_tables(filled), datetime(2025, 2, 2, tzinfo=UTC)
    tables.replace_run(run, RecordRows(run, [edition(run, 0)], fetches, run_row(run, fetches)))
    month = Month.parse("2024-12", now=now)
    make_release(tables, month, now=now, code_version="1", spill=filled.cache / "spill")
    store = open_store(filled)
    assert release_names(store) == ["2024-12", "2024-12-r2"]
    assert remove(URL, *WHY) == 0
    assert release_names(store) == ["2024-12-r3"]
    assert read_release(store, "2024-12-r3").portals == ("demo", "raya")
