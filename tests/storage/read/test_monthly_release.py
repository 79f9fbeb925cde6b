"""Releases: a month as plain files that never change and can be checked without us."""

from __future__ import annotations

import hashlib
import io
import json
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from storage.errors import UsageError
from storage.iceberg.live_files import live_dataset
from storage.model.window import RunId
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.read.release.documents import Credit, spdx_name
from storage.read.release.making import make_release
from storage.read.release.names import base_name, base_of, is_release_name, number_of, numbered, scope_of
from storage.read.release.releases import Month, Release, read_release, release_names, release_tag
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.maintenance import maintain
from storage.tables.staging import RecordRows
from tests.fixtures.on_disk import ON_DISK
from tests.fixtures.rows import fetch, records, run_id, run_row

NOW = datetime(2025, 1, 10, tzinfo=UTC)
DECEMBER = Month.parse("2024-12", now=NOW)


def publish(tables: ArchiveTables, run: RunId, articles: int, *, text: str = "") -> None:
    tables.replace_run(run, RecordRows(run, *records(run, articles, text=text)))


def release(tables: ArchiveTables, settings: Settings, *portals: str, now: datetime = NOW) -> Release:
    return make_release(tables, DECEMBER, portals=portals, now=now, code_version="0.1.0", spill=settings.cache)


def objects(store: ObjectStore, name: str) -> dict[str, bytes]:
    prefix = f"releases/{name}/"
    return {info.key.removeprefix(prefix): store.get(info.key) for info in store.list(prefix)}


@pytest.fixture
def tables(settings: Settings) -> ArchiveTables:
    tables = open_tables(settings)
    for portal in ("almasaa", "youm7"):
        for day in (1, 31):
            publish(tables, run_id(portal, day), 3)
        publish(tables, run_id(portal, 30, month=11), 2)
    return tables


def test_a_release_holds_the_windows_of_the_month_one_file_a_portal(tables: ArchiveTables, settings: Settings) -> None:
    made = release(tables, settings)
    store = open_store(settings)
    found = objects(store, "2024-12")
    assert [(file.path, file.rows) for file in made.files] == [
        ("articles/almasaa.parquet", 6),
        ("articles/youm7.parquet", 6),
        ("latest.parquet", 12),
        ("opt_outs.parquet", 0),
        ("gone.parquet", 0),
        ("edits.parquet", 0),
        ("runs.parquet", 4),
    ]
    for file in made.files:
        data = found[file.path]
        assert hashlib.sha256(data).hexdigest() == file.sha256
        assert (len(data), pq.read_table(io.BytesIO(data)).num_rows) == (file.bytes, file.rows)
    assert read_release(store, "2024-12") == made
    assert release_names(store) == ["2024-12"]
    rows = pq.read_table(io.BytesIO(found["articles/almasaa.parquet"]))
    assert {at.month for at in rows["window_start"].to_pylist()} == {12}
    assert rows.schema.field("title").metadata[b"description_ar"].decode().startswith("العنوان")


def test_its_papers_agree_with_its_files(tables: ArchiveTables, settings: Settings, tmp_path: Path) -> None:
    made = release(tables, settings)
    found = objects(open_store(settings), "2024-12")
    for name, data in found.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    check = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stdout + check.stderr
    assert set(found) - {"claim.json", "done.json", "SHA256SUMS"} == {
        line.split("  ")[1] for line in found["SHA256SUMS"].decode().splitlines()
    }
    package = json.loads(found["datapackage.json"])
    assert {one["path"]: one["rows"] for one in package["resources"]} == {file.path: file.rows for file in made.files}
    for one in package["resources"]:
        names = pq.read_schema(tmp_path / one["path"]).names
        assert [field["name"] for field in one["schema"]["fields"]] == names
    assert hashlib.sha256(found["manifest.json"]).hexdigest() in found["CITATION.cff"].decode()
    assert b"news.articles" in found["data_dictionary.md"]


def test_a_second_release_has_another_name_and_leaves_the_first_alone(
    tables: ArchiveTables, settings: Settings
) -> None:
    release(tables, settings)
    store = open_store(settings)
    first = objects(store, "2024-12")
    publish(tables, run_id("almasaa", 1), 5, text="corrected")
    second = release(tables, settings)
    assert second.name == "2024-12-r2"
    assert second.rows == 14
    assert objects(store, "2024-12") == first
    assert release_names(store) == ["2024-12", "2024-12-r2"]
    assert (second.revises, second.rows_removed) == ("2024-12", 0)
    quality = json.loads(store.get("releases/2024-12-r2/quality.json"))
    almasaa, youm7 = quality["portals"]["almasaa"], quality["portals"]["youm7"]
    assert (quality["compared_with"], quality["missing"]) == ("2024-12", [])
    assert (almasaa["editions_before"], almasaa["note"]) == (6, "as before")
    assert (youm7["editions_before"], youm7["share_of_before"]) == (6, 1.0)
    assert "It revises 2024-12: the archive of 2024-12 has changed since" in (
        store.get("releases/2024-12-r2/README.md").decode()
    )
    publish(tables, run_id("raya", 2), 3)
    third = release(tables, settings)
    assert (third.name, third.revises) == ("2024-12-r3", "2024-12-r2")
    assert json.loads(store.get("releases/2024-12-r3/quality.json"))["portals"]["raya"]["note"] == "new"


def test_its_state_of_the_tables_is_tagged_and_survives_maintenance(tables: ArchiveTables, settings: Settings) -> None:
    made = release(tables, settings)
    for day in (1, 31):
        publish(tables, run_id("almasaa", day), 1, text="later")
    for days in (10, 20, 30):
        day = timedelta(days=1)
        maintain(settings, now=datetime.now(UTC) + days * day, keep=day, margin=day, staging=day)
    table = tables.load()["articles"]
    tagged = table.snapshot_by_name(release_tag(made.name))
    assert tagged is not None
    assert tagged.snapshot_id == made.snapshots["articles"]
    assert live_dataset(table, snapshot_id=tagged.snapshot_id).to_table().num_rows == 16


@ON_DISK
def test_only_named_portals_are_released(tables: ArchiveTables, settings: Settings) -> None:
    made = release(tables, settings, "youm7")
    assert (made.name, made.portals) == ("2024-12-of-youm7", ("youm7",))
    runs = pq.read_table(io.BytesIO(objects(open_store(settings), made.name)["runs.parquet"]))
    assert set(runs["portal"].to_pylist()) == {"youm7"}
    with pytest.raises(UsageError, match="no articles of raya in 2024-12"):
        release(tables, settings, "raya")


def test_an_interrupted_release_goes_on_with_what_it_began(tables: ArchiveTables, settings: Settings) -> None:
    first = release(tables, settings)
    store = open_store(settings)
    whole = objects(store, "2024-12")
    for name in ("manifest.json", "SHA256SUMS", "articles/youm7.parquet"):
        store.delete(f"releases/2024-12/{name}")
    publish(tables, run_id("almasaa", 1), 9, text="after the release began")
    assert release(tables, settings, now=NOW + timedelta(hours=1)) == first
    assert objects(store, "2024-12") == whole


@ON_DISK
def test_a_release_of_other_portals_is_another_one_and_no_correction(tables: ArchiveTables, settings: Settings) -> None:
    whole = release(tables, settings)
    publish(tables, run_id("youm7", 30, month=11), 9, text="more")
    some = release(tables, settings, "almasaa")
    assert (whole.name, some.name) == ("2024-12", "2024-12-of-almasaa")
    readme = open_store(settings).get(f"releases/{some.name}/README.md").decode()
    assert "It holds almasaa and no other portal: a release of its own, and no correction of another one." in readme
    assert "2024-12-of-almasaa-r2" in readme
    for portals in ((), ("almasaa",), ("youm7", "almasaa")):
        with pytest.raises(UsageError, match="nothing of 2024-12 has changed since release 2024-12"):
            release(tables, settings, *portals)
    publish(tables, run_id("almasaa", 1), 5, text="corrected")
    again = [release(tables, settings, "almasaa"), release(tables, settings)]
    assert [one.name for one in again] == ["2024-12-of-almasaa-r2", "2024-12-r2"]
    assert [one.revises for one in again] == ["2024-12-of-almasaa", "2024-12"]
    assert (some.revises, whole.revises) == (None, None)
    names = ["2024-12", "2024-12-r2", "2024-12-of-almasaa", "2024-12-of-almasaa-r2"]
    assert release_names(open_store(settings)) == names


@ON_DISK
def test_a_release_of_some_portals_is_compared_with_those_of_the_release_before(
    tables: ArchiveTables, settings: Settings
) -> None:
    november = Month.parse("2024-11", now=NOW)
    make_release(tables, november, now=NOW, code_version="1", spill=settings.cache)
    made = release(tables, settings, "youm7")
    quality = json.loads(open_store(settings).get(f"releases/{made.name}/quality.json"))
    assert (quality["compared_with"], quality["missing"]) == ("2024-11", [])
    assert quality["portals"]["youm7"]["editions_before"] == 2


@ON_DISK
def test_an_earlier_version_named_releases_of_some_portals_like_corrections(
    tables: ArchiveTables, settings: Settings
) -> None:
    release(tables, settings)
    make_release(tables, DECEMBER, portals=["youm7"], now=NOW, code_version="1", spill=settings.cache, base="2024-12")
    assert release_names(open_store(settings)) == ["2024-12", "2024-12-r2"]
    with pytest.raises(UsageError, match=r"nothing of 2024-12 has changed since release 2024-12$"):
        release(tables, settings)
    assert read_release(open_store(settings), "2024-12-r2").portals == ("youm7",)
    publish(tables, run_id("almasaa", 1), 5, text="corrected")
    assert release(tables, settings).revises == "2024-12", "of the same portals"


@pytest.mark.parametrize(
    ("portals", "base"),
    [
        ((), "2024-12"),
        (("r2",), "2024-12-of-r2"),
        (("raya", "almasaa"), "2024-12-of-almasaa_raya"),
        (("d", "c", "b", "a"), "2024-12-of-4portals_da4b37d5"),
    ],
)
def test_a_release_is_named_by_month_portals_and_number(portals: tuple[str, ...], base: str) -> None:
    assert base_name("2024-12", portals) == base
    for number in (1, 2, 12):
        name = numbered(base, number)
        assert is_release_name(name)
        assert (base_of(name), number_of(name), scope_of(name)) == (base, number, base.removeprefix("2024-12"))
    for wrong in ("2024-13", "2024-12-raya", "2024-12-of-", "../2024-12", "2024-12-of-a-b", "", None):
        assert not is_release_name(wrong)


@pytest.mark.parametrize("month", ["2024-13", "12-2024", "2024", "9999-12", "2024-Q4", "2025-01", "٢٠٢٤-١٢x"])
def test_a_month_that_is_none_or_not_over_is_refused(month: str) -> None:
    with pytest.raises(UsageError):
        Month.parse(month, now=NOW)


@ON_DISK
def test_a_month_without_articles_is_refused(tables: ArchiveTables, settings: Settings) -> None:
    with pytest.raises(UsageError, match="nothing is archived for 2024-10"):
        make_release(tables, Month.parse("2024-10", now=NOW), now=NOW, code_version="1", spill=settings.cache)
    assert release_names(open_store(settings)) == []


@pytest.mark.kills
def test_a_release_killed_at_any_moment_is_finished_by_the_same_command(local_environ: dict[str, str]) -> None:
    import os
    import random
    import time

    settings = read_settings(local_environ)
    tables = open_tables(settings)
    for day in range(1, 4):
        publish(tables, run_id("almasaa", day), 3)
    seed = int(os.environ.get("WARRAQ_TEST_SEED", time.time_ns() % 100_000))
    chance = random.Random(seed)
    command = [sys.executable, "-m", "warraq", "release", "2024-12"]
    for _ in range(int(os.environ.get("WARRAQ_TEST_KILLS", "4"))):
        process = subprocess.Popen(command, env={**os.environ, **local_environ}, stderr=subprocess.PIPE)
        time.sleep(chance.uniform(0.8, 3.0))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    done = subprocess.run(command, env={**os.environ, **local_environ}, capture_output=True, text=True, check=False)
    # A kill that came after the end leaves a whole release, which the command then names instead of making another.
    whole = done.returncode == 2 and "nothing of 2024-12 has changed" in done.stderr
    assert done.returncode == 0 or whole, f"seed {seed}: {done.stderr}"
    store = open_store(settings)
    for name in release_names(store):
        made = read_release(store, name)
        found = objects(store, name)
        assert made.rows == 9, f"seed {seed}"
        assert all(hashlib.sha256(found[file.path]).hexdigest() == file.sha256 for file in made.files), f"seed {seed}"


@ON_DISK
def test_one_row_an_article_is_named_by_a_file_of_its_own(tables: ArchiveTables, settings: Settings) -> None:
    run = run_id("almasaa", 3)
    old = records(run_id("almasaa", 1), 1)[0][0]
    newer = replace(records(run, 1, text="edited")[0][0], article_id=old.article_id, opt_out="meta robots noai")
    newer = replace(newer, text=replace(newer.text, licence="CC BY 4.0"))
    fetches = [fetch(newer)]
    tables.replace_run(run, RecordRows(run, [newer], fetches, run_row(run, fetches)))
    release(tables, settings)
    found = objects(open_store(settings), "2024-12")
    latest = pq.read_table(io.BytesIO(found["latest.parquet"])).to_pylist()
    every = [
        row
        for name, content in found.items()
        if name.startswith("articles/")
        for row in pq.read_table(io.BytesIO(content)).to_pylist()
    ]
    assert len(latest) == len({row["article_id"] for row in every}) == len(every) - 1
    (named,) = (row for row in latest if row["article_id"] == old.article_id)
    told = (named["edition_id"], named["opt_out"], named["licence"])
    assert told == (newer.edition_id, "meta robots noai", "CC BY 4.0")
    counted = json.loads(found["quality.json"])["portals"]["almasaa"]
    assert (counted["opt_outs"], counted["licences"]) == (1, {"CC BY 4.0": 1})
    assert "1 editions state a licence" in found["README.md"].decode()
    assert "1 articles are of pages or sites that reserved" in found["README.md"].decode()


def test_a_release_that_nobody_was_told_of_is_finished_by_the_same_call(
    tables: ArchiveTables, settings: Settings
) -> None:
    first = release(tables, settings)
    whole = objects(open_store(settings), "2024-12")
    open_store(settings).delete("releases/2024-12/done.json")
    assert release(tables, settings, now=NOW + timedelta(hours=1)) == first
    assert objects(open_store(settings), "2024-12") == whole
    with pytest.raises(UsageError, match="has changed since release 2024-12"):
        release(tables, settings)


@ON_DISK
def test_a_month_that_did_not_change_is_refused_with_the_citation_there_is(
    tables: ArchiveTables, settings: Settings
) -> None:
    first = release(tables, settings)
    publish(tables, run_id("almasaa", 5, month=11), 2)  # of another month
    with pytest.raises(UsageError, match="has changed since release 2024-12") as caught:
        release(tables, settings)
    digest = hashlib.sha256(open_store(settings).get(first.key)).hexdigest()
    assert f"sha256:{digest}" in caught.value.remedy
    assert release_names(open_store(settings)) == ["2024-12"]
    # The same editions extracted by other rules are another release.
    run = run_id("almasaa", 1)
    editions, fetches, row = records(run, 5)
    editions = [replace(edition, extractor_version="2") for edition in editions]
    tables.replace_run(run, RecordRows(run, editions, fetches, row))
    assert release(tables, settings).name == "2024-12-r2"


@ON_DISK
def test_its_papers_say_who_made_it_and_what_it_is_worth(tables: ArchiveTables, settings: Settings) -> None:
    store = open_store(settings)
    publish(tables, run_id("almasaa", 5, month=11), 40)
    november = make_release(
        tables, Month.parse("2024-11", now=NOW), now=NOW, code_version="1", spill=settings.cache / "duckdb"
    )
    credit = Credit("مركز الأرشيف", "For research only.", "10.5281/zenodo.123")
    december = make_release(
        tables,
        Month.parse("2024-12", now=NOW),
        now=NOW,
        code_version="1",
        spill=settings.cache / "duckdb",
        credit=credit,
    )
    told = {name: store.get(f"releases/2024-12/{name}").decode() for name in ("CITATION.cff", "README.md")}
    assert all("مركز الأرشيف" in text and "10.5281/zenodo.123" in text for text in told.values())
    datacite = json.loads(store.get("releases/2024-12/datacite.json"))
    assert datacite["doi"] == "10.5281/zenodo.123"
    from datacite import schema45

    nameless = json.loads(store.get(f"releases/{november.name}/datacite.json"))
    assert [error.message for told in (datacite, nameless) for error in schema45.validator.iter_errors(told)] == []
    assert datacite["rightsList"] == [{"rights": "For research only."}]
    zenodo = json.loads(store.get("releases/2024-12/zenodo.json"))
    # As Zenodo documents a deposit: restricted access needs its conditions, and a language three letters.
    assert zenodo | {"title": "", "description": ""} == {
        "title": "",
        "description": "",
        "upload_type": "dataset",
        "creators": [{"name": "مركز الأرشيف"}],
        "version": "2024-12",
        "publication_date": f"{NOW:%Y-%m-%d}",
        "access_right": "restricted",
        "access_conditions": "For research only.",
        "language": "ara",
        "doi": "10.5281/zenodo.123",
    }
    assert json.loads(store.get("releases/2024-12/datapackage.json"))["licenses"][0]["title"] == "For research only."
    quality = json.loads(store.get("releases/2024-12/quality.json"))
    almasaa = quality["portals"]["almasaa"]
    assert (quality["compared_with"], almasaa["editions_before"]) == (november.name, 42)
    assert almasaa["editions"] == next(file.rows for file in december.files if file.portal == "almasaa")
    assert almasaa["note"] == ("few" if almasaa["editions"] < 20 else "as before")
    assert quality["runs"]["ok"] >= 1


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("CC-BY-4.0", "CC-BY-4.0"),
        ("cc-by-nc-sa-4.0", "CC-BY-NC-SA-4.0"),
        ("CC0-1.0", "CC0-1.0"),
        ("ODbL-1.0", "ODbL-1.0"),
        ("odc-by-1.0", "ODC-By-1.0"),
        ("PDDL-1.0", "PDDL-1.0"),
        ("cdla-permissive-2.0", "CDLA-Permissive-2.0"),
        ("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/deed.ar", "CC0-1.0"),
        ("For research only.", None),
        ("CC-BY-4.0 for the metadata only", None),
        ("https://terms.example/", None),
    ],
)
def test_a_licence_is_named_as_spdx_spells_it(stated: str, name: str | None) -> None:
    assert spdx_name(stated) == name


@ON_DISK
@pytest.mark.parametrize(
    ("stated", "name"),
    [("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"), ("For research only.", None)],
)
def test_an_open_licence_is_open_in_all_papers(
    stated: str, name: str | None, tables: ArchiveTables, settings: Settings
) -> None:
    credit = Credit("Archive", stated)
    make_release(tables, DECEMBER, now=NOW, code_version="1", spill=settings.cache, credit=credit)
    store = open_store(settings)
    zenodo, datacite, package = (
        json.loads(store.get(f"releases/2024-12/{file}.json")) for file in ("zenodo", "datacite", "datapackage")
    )
    if name is None:
        assert (zenodo["access_right"], zenodo["access_conditions"], zenodo.get("license")) == (
            "restricted",
            stated,
            None,
        )
    else:
        assert (zenodo["access_right"], zenodo["license"]) == ("open", name.lower())
        assert "access_conditions" not in zenodo
    assert datacite["rightsList"][0].get("rightsIdentifier") == name
    assert package["licenses"][0]["name"] == (name or "other")
    assert (f"license: {name}\n" in store.get("releases/2024-12/CITATION.cff").decode()) == (name is not None)


@ON_DISK
def test_a_month_of_a_merged_year_is_the_release_that_it_was(tables: ArchiveTables, settings: Settings) -> None:
    release(tables, settings)
    later = NOW + timedelta(days=100)
    publish(tables, run_id("raya", 30, month=11), 2)
    publish(tables, run_id("raya", 3, month=10), 2)
    maintain(settings, now=later, keep=timedelta(days=1), margin=timedelta(days=9), staging=timedelta(days=30))
    assert all("/year=2024/" in path for path in tables.files("articles"))
    with pytest.raises(UsageError, match="nothing of 2024-12 has changed since release 2024-12"):
        release(tables, settings, now=later)
    publish(tables, run_id("almasaa", 31), 1, text="again")
    again = release(tables, settings, now=later)
    rows = {file.portal: file.rows for file in again.files if file.table == "articles" and file.portal}
    assert rows == {"almasaa": 4, "youm7": 6}  # and none of a portal whose year has nothing of the month
