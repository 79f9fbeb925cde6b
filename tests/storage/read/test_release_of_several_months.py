"""Months in a row are one release: one name, one citation, files over all of them."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

import warraq
from storage.errors import UsageError
from storage.fixity.releases import check_release
from storage.model.window import RunId
from storage.objects.keys import release_prefix
from storage.objects.open import open_store
from storage.read.release.documents import Credit
from storage.read.release.making import make_release
from storage.read.release.names import (
    base_name,
    base_of,
    count_of_months,
    first_and_last,
    has_month,
    is_release_name,
    months_of,
    number_of,
    numbered,
    scope_of,
)
from storage.read.release.releases import Months, Release, read_release, release_names
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.on_disk import ON_DISK
from tests.fixtures.rows import records, run_id

NOW = datetime(2025, 1, 10, tzinfo=UTC)
QUARTER = "2024-10-to-2024-12"


def publish(settings: Settings, run: RunId, articles: int, *, text: str = "") -> None:
    open_tables(settings).replace_run(run, RecordRows(run, *records(run, articles, text=text)))


def release(settings: Settings, months: str, *portals: str, credit: Credit = Credit()) -> Release:  # noqa: B008 - frozen
    wanted, spill = Months.parse(months, now=NOW), settings.cache / "duckdb"
    tables = open_tables(settings)
    return make_release(tables, wanted, portals=portals, now=NOW, code_version="1", spill=spill, credit=credit)


@pytest.fixture
def archived(settings: Settings) -> Settings:
    for month in (7, 8, 9, 10, 11, 12):
        publish(settings, run_id("almasaa", 5, month=month), 3)
    publish(settings, run_id("raya", 31, month=10), 2)
    return settings


def test_a_quarter_is_one_release_with_one_citation(archived: Settings) -> None:
    made = release(archived, "2024-Q4", credit=Credit("Archive", doi="10.5281/zenodo.9"))
    assert (made.name, made.month, made.portals) == (QUARTER, QUARTER, ("almasaa", "raya"))
    store = open_store(archived)
    files = [(file.path, file.rows) for file in made.files]
    assert files[:3] == [("articles/almasaa.parquet", 9), ("articles/raya.parquet", 2), ("latest.parquet", 11)]
    rows = pq.read_table(io.BytesIO(store.get(release_prefix(QUARTER) + "articles/almasaa.parquet")))
    assert {at.month for at in rows["window_start"].to_pylist()} == {10, 11, 12}
    for paper in ("CITATION.cff", "datacite.json", "zenodo.json", "README.md"):
        told = store.get(release_prefix(QUARTER) + paper).decode()
        assert "10.5281/zenodo.9" in told
        assert QUARTER in told
    assert check_release(store, QUARTER).problems == []
    assert release_names(store) == [QUARTER]
    with warraq.open_archive(archived.archive, release=QUARTER) as archive:
        assert archive.articles(exclude_opt_out=False).count() == 11
        assert archive.sql("SELECT count(*) AS n FROM runs").to_pylist() == [{"n": 4}]
        assert "zenodo.9" in str(archive.cite())


@ON_DISK
def test_it_is_refused_unchanged_and_revised_when_one_of_its_months_changed(archived: Settings) -> None:
    release(archived, "2024-Q4")
    for same in ("2024-10..2024-12", QUARTER):
        with pytest.raises(UsageError, match=f"nothing of {QUARTER} has changed since release {QUARTER}") as told:
            release(archived, same)
        assert "sha256:" in told.value.remedy
    publish(archived, run_id("almasaa", 6, month=9), 1)  # of a month before
    with pytest.raises(UsageError, match="has changed since"):
        release(archived, "2024-Q4")
    publish(archived, run_id("almasaa", 6, month=11), 1)
    again = release(archived, "2024-Q4")
    assert (again.name, again.revises) == (f"{QUARTER}-r2", QUARTER)
    some = release(archived, "2024-Q4", "raya")
    assert (some.name, some.revises) == (f"{QUARTER}-of-raya", None)


@ON_DISK
def test_it_is_compared_with_the_one_before_of_as_many_months(archived: Settings) -> None:
    def compared(made: Release) -> str | None:
        told = open_store(archived).get(release_prefix(made.name) + "quality.json")
        before: str | None = json.loads(told)["compared_with"]
        return before

    release(archived, "2024-11")
    assert compared(release(archived, "2024-08..2024-09")) is None
    assert compared(release(archived, "2024-Q3")) is None
    assert compared(release(archived, "2024-09..2024-11")) is None, "they overlap"
    assert compared(release(archived, "2024-Q4")) == "2024-07-to-2024-09"
    assert compared(release(archived, "2024-12")) == "2024-11"
    assert compared(release(archived, "2024-10..2024-11")) == "2024-08-to-2024-09"


@ON_DISK
def test_a_span_without_articles_is_refused(archived: Settings) -> None:
    with pytest.raises(UsageError, match="nothing is archived for 2023-01-to-2023-12"):
        release(archived, "2023")
    with pytest.raises(UsageError, match="no articles of raya in 2024-07-to-2024-09"):
        release(archived, "2024-Q3", "raya")
    with pytest.raises(UsageError, match="no release is named"):
        warraq.open_archive(archived.archive, release=QUARTER)
    assert read_release(open_store(archived), release(archived, "2024").name).month == "2024-01-to-2024-12"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2024-12", "2024-12"),
        ("٢٠٢٤-١٢", "2024-12"),
        ("2024-12..2024-12", "2024-12"),
        ("2024-10..2024-12", QUARTER),
        (QUARTER, QUARTER),
        (" 2024-q4 ", QUARTER),
        ("2024-Q1", "2024-01-to-2024-03"),
        ("2024", "2024-01-to-2024-12"),
        ("2023-11..2024-02", "2023-11-to-2024-02"),
    ],
)
def test_months_are_written_in_several_ways(text: str, name: str) -> None:
    months = Months.parse(text, now=NOW)
    assert str(months) == name
    assert Months.parse(name, now=NOW) == months


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2024-12..2024-10", "ends before it begins"),
        ("2025", "is not over"),
        ("2024-12..2025-01", "is not over"),
        ("2024-Q5", "nor a span of months"),
        ("2024-12..", "nor a span of months"),
        ("2024-12-2024-12", "nor a span of months"),
        ("24", "nor a span of months"),
    ],
)
def test_months_that_are_none_or_not_over_are_refused(text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        Months.parse(text, now=NOW)


@pytest.mark.parametrize("months", ["2024-12", QUARTER, "2023-11-to-2024-02"])
@pytest.mark.parametrize("portals", [(), ("raya",), ("r2", "almasaa")])
def test_a_name_says_months_portals_and_number(months: str, portals: tuple[str, ...]) -> None:
    base = base_name(months, portals)
    for number in (1, 3):
        name = numbered(base, number)
        assert is_release_name(name)
        assert (months_of(name), base_of(name), number_of(name)) == (months, base, number)
        assert scope_of(name) == base.removeprefix(months)
    first, last = first_and_last(base)
    assert (first, last) == (months[:7], months[-7:])
    assert count_of_months(base) == {"2024-12": 1, QUARTER: 3, "2023-11-to-2024-02": 4}[months]
    assert has_month(base, first)
    assert has_month(base, last)
    assert not has_month(base, "2023-10")
    assert not has_month(base, "2025-01")
