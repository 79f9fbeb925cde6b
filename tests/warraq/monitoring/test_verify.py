"""`warraq verify`: sound archives are sound, and a changed byte or text is found wherever it is."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner

from storage.errors import DamagedObject, ExitCode, UsageError
from storage.fixity.table_files import check_table_metadata
from storage.model.window import RunId
from storage.objects.keys import (
    NOTE_PREFIXES,
    catalog_marker_key,
    crawl_key,
    log_prefix,
    raw_prefix,
    raw_register_root,
    raw_root,
    release_prefix,
    staging_prefix,
    staging_root,
    tables_prefix,
)
from storage.objects.local import LocalStore
from storage.objects.open import open_store
from storage.read.release.making import make_release
from storage.read.release.releases import Month
from storage.schema.arrow_and_iceberg import runs_from, table_of
from storage.schema.columns import RUNS, TABLES
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from tests.fixtures.demo_runs import NEXT_DAY, archive, pages
from tests.fixtures.raw_runs import RUN, write_round
from tests.fixtures.rows import TableRows
from warraq.api.connections import Connections
from warraq.api.search_index import check_index, index_path, keep_index, open_index
from warraq.commands.operate.verify import command
from warraq.monitoring.verify import MonthReport, VerifyScope, verify_archive

SEED = 20241225


@pytest.fixture
def archived(local_settings: Settings) -> Settings:
    """Two runs of a few articles each."""
    for run, numbers in ((RUN, range(4)), (NEXT_DAY, range(4, 8))):
        write_round(open_store(local_settings), pages(*numbers), spool=local_settings.cache, run=run)
        archive(local_settings, run)
    return local_settings


def of_runs(months: list[MonthReport]) -> MonthReport:
    """The report of the one portal and month there is, beside that of what all share."""
    shared, month = months
    assert (shared.portal, shared.month, shared.problems) == ("all", "tables", [])
    return month


def problems(settings: Settings, selection: VerifyScope | None = None) -> list[str]:
    months = verify_archive(settings, selection or VerifyScope(), workers=1)
    return [problem for month in months for problem in month.problems]


def test_a_sound_archive_is_sound_and_everything_in_it_was_looked_at(archived: Settings) -> None:
    shared, month = verify_archive(archived, VerifyScope())
    assert (month.portal, month.month, month.runs) == ("demo", "2024-12", 2)
    assert (month.articles, month.derived, month.other_version, month.problems) == (8, 8, 0, [])
    store = open_store(archived)
    data = [info for info in store.list(tables_prefix()) if info.key.endswith(".parquet")]
    folders = (raw_root(), staging_root(), raw_register_root())
    assert month.objects == sum(len(list(store.list(folder))) for folder in folders) + len(data)
    metadata = [info for info in store.list(tables_prefix()) if "/metadata/" in info.key]
    notes = [catalog_marker_key(), *(info.key for prefix in NOTE_PREFIXES for info in store.list(prefix))]
    assert shared.unrecorded == 0
    assert shared.objects == len(metadata) + len(list(store.list(log_prefix()))) + len(notes)


def live_metadata(settings: Settings) -> list[str]:
    """The keys of the files the tables stand on now."""
    keys = []
    for table in open_tables(settings).load().values():
        snapshot = table.current_snapshot()
        assert snapshot is not None
        keys += [table.metadata_location, snapshot.manifest_list]
        keys += [manifest.manifest_path for manifest in snapshot.manifests(table.io)]
    return [key.removeprefix(f"{settings.archive}/") for key in keys]


@pytest.mark.slow
def test_a_flipped_byte_in_any_live_metadata_file_is_found(archived: Settings) -> None:
    store = LocalStore(Path(archived.archive))
    chooser = random.Random(SEED)
    for key in live_metadata(archived):
        data = store.get(key)
        at = chooser.randrange(len(data))
        store.put(key, data[:at] + bytes([data[at] ^ 1 << chooser.randrange(8)]) + data[at + 1 :])
        try:
            found = check_table_metadata(open_tables(archived, create=False)).problems
        except DamagedObject as error:  # the table cannot even be opened
            found = [error.message]
        assert any(key in problem for problem in found), f"byte {at} of {key} was not noticed: {found}"
        store.put(key, data)
    assert check_table_metadata(open_tables(archived)).problems == []


@pytest.mark.slow
def test_a_flipped_byte_is_found_in_every_kind_of_object(archived: Settings) -> None:
    store = LocalStore(Path(archived.archive))
    chooser = random.Random(SEED)
    data_files = [info.key for info in store.list(tables_prefix()) if info.key.endswith(".parquet")]
    one_a_table = {key.split("/")[2]: key for key in data_files}
    staged = [info.key for info in store.list(staging_prefix(RUN)) if info.key.endswith(".parquet")]
    assert len(staged) == len(TABLES)
    for key in [*(info.key for info in store.list(raw_prefix(RUN))), *one_a_table.values(), *staged]:
        data = store.get(key)
        at = chooser.randrange(len(data))
        store.put(key, data[:at] + bytes([data[at] ^ 1 << chooser.randrange(8)]) + data[at + 1 :])
        found = problems(archived)
        assert any(key in problem for problem in found), f"seed {SEED}: byte {at} of {key} was not noticed: {found}"
        store.put(key, data)
    assert problems(archived) == []


def test_a_copy_at_another_path_is_not_proved_by_the_rows_of_the_first(archived: Settings, tmp_path: Path) -> None:
    shutil.copytree(archived.archive, tmp_path / "copy")
    with pytest.raises(UsageError, match="belongs to the archive in"):
        verify_archive(replace(archived, archive=str(tmp_path / "copy")), VerifyScope())


def test_a_missing_object_is_found(archived: Settings) -> None:
    store = open_store(archived)
    key = next(info.key for info in store.list(raw_root()) if info.key.endswith(".warc.gz"))
    store.delete(key)
    assert any(key in problem for problem in problems(archived))


def test_a_chunk_that_was_cut_short_is_found(archived: Settings) -> None:
    store = open_store(archived)
    key = next(info.key for info in store.list(raw_root()) if info.key.endswith(".warc.gz"))
    data = store.get(key)
    store.put(key, data[: len(data) // 2])
    assert any(f"{key}: {len(data) // 2} bytes instead of {len(data)}" in problem for problem in problems(archived))


def test_rows_whose_crawl_report_is_gone_are_found(archived: Settings) -> None:
    open_store(archived).delete(crawl_key(RUN))
    assert any("no crawl report in the raw archive" in problem for problem in problems(archived))


def test_a_row_that_was_altered_after_extraction_is_found(archived: Settings) -> None:
    tables = open_tables(archived)
    rows = {name: tables.scan(name, row_filter=f"run_id == '{RUN}'") for name in ("articles", "fetches", "runs")}
    bodies = ["نص آخر", *rows["articles"]["body"].to_pylist()[1:]]
    position = rows["articles"].schema.get_field_index("body")
    forged = rows["articles"].set_column(position, "body", pa.array(bodies, pa.string()))
    tables.replace_run(RUN, TableRows({**rows, "articles": forged}))
    (problem,) = problems(archived)
    assert "derived again, it differs in body" in problem


def test_rows_that_vanished_from_the_tables_are_found(archived: Settings) -> None:
    tables = open_tables(archived)
    rows = {name: tables.scan(name, row_filter=f"run_id == '{RUN}'") for name in ("articles", "fetches", "runs")}
    fewer = {name: rows[name].slice(1) for name in ("articles", "fetches")}
    tables.replace_run(RUN, TableRows({**rows, **fewer}))
    assert len(problems(archived)) == 2


def test_texts_of_another_extractor_version_are_compared_by_digest_only(archived: Settings) -> None:
    tables = open_tables(archived)
    rows = {name: tables.scan(name, row_filter=f"run_id == '{RUN}'") for name in ("articles", "fetches", "runs")}
    old = [replace(each, extractor_version="0.1") for each in runs_from(rows["runs"])]
    position = rows["articles"].schema.get_field_index("extractor_version")
    older = rows["articles"].set_column(
        position, "extractor_version", pa.array(["0.1"] * rows["articles"].num_rows, pa.string())
    )
    tables.replace_run(RUN, TableRows({**rows, "articles": older, "runs": table_of(RUNS, old)}))
    month = of_runs(verify_archive(archived, VerifyScope()))
    assert (month.derived, month.other_version, month.problems) == (4, 4, [])


def test_a_selection_and_a_sample_limit_the_work(archived: Settings) -> None:
    later = VerifyScope(since=datetime(2024, 12, 26, tzinfo=UTC))
    assert of_runs(verify_archive(archived, later)).runs == 1
    assert verify_archive(archived, VerifyScope(portal="almasaa")) == []
    month = of_runs(verify_archive(archived, VerifyScope(sample=1)))
    assert (month.articles, month.derived) == (2, 2)


def test_the_command_says_sound_or_fails(archived: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARRAQ_ARCHIVE", archived.archive)
    sound = CliRunner().invoke(command, ["--json", "--workers", "1"], standalone_mode=False)
    assert (sound.return_value, json.loads(sound.stdout)["sound"]) == (ExitCode.DONE, True)
    store = open_store(archived)
    key = next(info.key for info in store.list(raw_root()) if info.key.endswith(".warc.gz"))
    store.put(key, b"x" + store.get(key)[1:])
    broken = CliRunner().invoke(command, ["--workers", "1"], standalone_mode=False)
    assert broken.return_value == ExitCode.FAILED
    assert key in broken.stdout
    with pytest.raises(UsageError, match="nothing is archived in this selection"):
        CliRunner().invoke(command, ["--from", "2030-01-01"], standalone_mode=False, catch_exceptions=False)


def test_a_changed_release_is_found(archived: Settings) -> None:
    store = open_store(archived)
    month = Month.parse("2024-12", now=datetime(2025, 2, 1, tzinfo=UTC))
    spill = archived.cache / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    now = datetime(2025, 2, 1, tzinfo=UTC)
    release = make_release(open_tables(archived), month, now=now, code_version="1", spill=spill)
    assert problems(archived) == []
    reports = {(report.portal, report.month): report for report in verify_archive(archived, VerifyScope())}
    assert reports["release", release.name].objects == len(list(store.list(release_prefix(release.name))))
    for key in [info.key for info in store.list(release_prefix(release.name))]:
        data = store.get(key)
        store.put(key, data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])
        found = problems(archived, VerifyScope(since=datetime(2024, 12, 31, tzinfo=UTC)))
        assert found, f"{key} was changed and nobody noticed"
        store.put(key, data)
    assert problems(archived, VerifyScope(since=datetime(2025, 1, 1, tzinfo=UTC))) == []


def test_a_run_with_pages_and_no_rows_is_named(
    archived: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WARRAQ_ARCHIVE", archived.archive)
    waiting = RunId.parse("demo/2025-01-26T00Z--2025-01-27T00Z")
    write_round(open_store(archived), pages(9), spool=archived.cache, run=waiting)
    write_round(open_store(archived), pages(10), spool=archived.cache, run=NEXT_DAY)  # crawled again, and no more
    result = CliRunner().invoke(command, ["--workers", "1"], standalone_mode=False)
    assert result.return_value == ExitCode.DEGRADED
    assert f"warraq publish {waiting}" in result.stdout
    assert f"{NEXT_DAY}: its rows are of an earlier round (1 pages wait)" in result.stdout
    archive(archived, waiting)
    archive(archived, NEXT_DAY)
    assert CliRunner().invoke(command, ["--workers", "1"], standalone_mode=False).return_value == ExitCode.DONE


@pytest.mark.s3
def test_an_archive_in_s3_is_verified_like_one_in_a_directory(s3_settings: Settings) -> None:
    store = open_store(s3_settings)
    write_round(store, pages(0, 1), spool=s3_settings.cache)
    archive(s3_settings)
    assert problems(s3_settings) == []
    key = next(info.key for info in store.list(raw_root()) if info.key.endswith(".warc.gz"))
    store.put(key, store.get(key)[:-1] + b"x")
    assert any(key in problem for problem in problems(s3_settings))


def test_a_search_index_that_is_damaged_or_not_the_archives_is_told(
    archived: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WARRAQ_ARCHIVE", archived.archive)
    connections = Connections(archived, open_tables(archived).load())
    keep_index(connections)
    assert check_index(connections) == []
    folder, damaged = index_path(archived), tmp_path / "damaged"
    for path in [path for path in folder.iterdir() if path.stat().st_size and not path.name.startswith(".")]:
        kept = path.read_bytes()
        # A file of its own: an open index maps the former one, and what a mapped file loses ends the process.
        damaged.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
        damaged.replace(path)
        assert str(folder) in str(check_index(connections)), path.name
        path.unlink()
        assert str(folder) in str(check_index(connections)), path.name
        path.write_bytes(kept)
    index = open_index(connections)
    assert index is not None
    index.change(index.opened_state, gone=sorted(index.keys(""))[:1], added=())
    told = CliRunner().invoke(command, ["--workers", "1"], standalone_mode=False)
    assert told.return_value == ExitCode.FAILED
    assert "1 articles are not those of the archive" in told.output


def test_where_the_tables_cannot_be_read_the_damaged_file_is_named(archived: Settings) -> None:
    for path in [*Path(archived.archive).rglob("tables/news/articles/metadata/snap-*.avro")][-1:]:
        kept = path.read_bytes()
        for at in range(0, len(kept), len(kept) // 8):
            path.write_bytes(kept[:at] + bytes([kept[at] ^ 4]) + kept[at + 1 :])
            try:
                told = str([problem for month in verify_archive(archived, VerifyScope()) for problem in month.problems])
            except DamagedObject as error:
                told = error.message
            assert path.name in told, at
        path.write_bytes(kept)


def test_a_release_of_several_months_is_verified_with_each_of_them() -> None:
    def months(first: int, last: int) -> VerifyScope:
        return VerifyScope(since=datetime(2024, first, 1, tzinfo=UTC), before=datetime(2024, last + 1, 1, tzinfo=UTC))

    name = "2024-04-to-2024-06-r2"
    assert [month for month in range(1, 12) if months(month, month).has_release(name)] == [4, 5, 6]
    assert months(5, 9).has_release(name)
    assert VerifyScope().has_release(name)
    assert not VerifyScope(portal="raya").has_release(name)
