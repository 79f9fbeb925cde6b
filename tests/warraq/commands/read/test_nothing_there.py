"""A time or portal of which nothing is archived is told, with what there is: no empty file, and no 0 hits."""

from __future__ import annotations

from pathlib import Path

import pytest

import warraq
from storage.settings import read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import records, run_id, run_row
from warraq.cli.main import main

HELD = "days from 2024-12-01 to 2024-12-02 of"


@pytest.fixture(autouse=True)
def archive(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Articles of almasaa on the first, and a crawl of okaz that found none on the second."""
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    tables = open_tables(read_settings())
    run, empty = run_id("almasaa", 1), run_id("okaz", 2)
    tables.replace_run(run, RecordRows(run, *records(run, 2)))
    tables.replace_run(empty, RecordRows(empty, [], [], run_row(empty, [])))


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[object, str]:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    return ended.value.code, capsys.readouterr().err


NOWHERE = [
    (["--from", "2030-01-01"], f"nothing is archived from 2030-01-01 on — the archive has {HELD} almasaa, okaz"),
    (["--to", "2024-12-01T00:00Z"], "nothing is archived before 2024-12-01 — "),
    (["--portal", "youm7"], f"nothing of youm7 is archived — the archive has {HELD} almasaa, okaz"),
    (["--country", "TN"], "nothing of TN is archived — "),
    (
        ["--portal", "almasaa", "--from", "2024-12-02", "--to", "2024-12-03"],
        "nothing of almasaa is archived from 2024-12-02 to 2024-12-03 — the archive has days from 2024-12-01 to "
        "2024-12-01 of almasaa",
    ),
]


@pytest.mark.parametrize(("where", "told"), NOWHERE)
def test_a_search_where_nothing_is_archived_is_told(
    where: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ([], ["--counts", "portal"]):
        code, err = said(capsys, "search", "خبر", *words, *where)
        assert (code, told in err) == (2, True), err


@pytest.mark.parametrize("name", ["x.csv", "x.parquet", "x.wacz", "folder"])
def test_an_export_of_nothing_is_told_and_makes_no_file(
    name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for where, told in NOWHERE[:3]:
        code, err = said(capsys, "export", "--output", str(tmp_path / name), *where)
        assert (code, told in err) == (2, True), err
    assert not list(tmp_path.glob("*x*")) + list(tmp_path.glob("folder"))


def test_an_archived_time_without_hits_is_an_answer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for where in (["--from", "2024-12-01"], ["--portal", "okaz"], ["--country", "SA", "--from", "2024-12-02T12:00Z"]):
        assert said(capsys, "search", "زنجبيل", *where)[0] == 0
        assert said(capsys, "export", "--text", "زنجبيل", "--output", str(tmp_path / "x.csv"), *where)[0] == 0


def test_of_a_release_it_is_told_what_the_release_has(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert said(capsys, "release", "2024-12")[0] == 0
    words = ("--release", "2024-12", "--from", "2025-01-01")
    for asked in (("search", "خبر"), ("export", "--output", str(tmp_path / "x.csv"))):
        code, err = said(capsys, *asked, *words)
        assert (code, "release 2024-12 has days from 2024-12-01 to 2024-12-" in err) == (2, True)


def test_in_python_it_is_an_empty_table() -> None:
    with warraq.open_archive() as archive:
        assert archive.search("خبر", since="2030-01-01").total == 0
        assert archive.articles(portal="youm7").to_arrow().num_rows == 0
