"""An archive as it was, and as a release froze it: what is named can be read again, or is refused by name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import warraq
from storage.errors import UsageError
from storage.model.record_json import sealed_json
from storage.objects.keys import release_prefix
from storage.read.release.making import make_release
from storage.read.release.releases import WITHDRAWN, Month, release_names
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import records, run_id
from warraq.cli.main import main


@pytest.fixture
def settings(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    return read_settings()


def publish(settings: Settings, day: int) -> None:
    run = run_id(day=day)
    open_tables(settings).replace_run(run, RecordRows(run, *records(run, 2)))


def test_a_time_that_has_not_come_is_no_state_to_read(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    publish(settings, 25)
    soon = datetime.now(UTC) + timedelta(hours=1)
    for future in ("2099-01-01", date(2099, 1, 1), soon, soon.isoformat()):
        with pytest.raises(UsageError, match="has not come yet"):
            warraq.open_archive(as_of=future)
    with pytest.raises(SystemExit) as ended:
        main(["query", "SELECT 1", "--as-of", "2099-01-01"])
    out, err = capsys.readouterr()
    assert (ended.value.code, out, err.count("\n")) == (2, "", 1)
    assert "2099-01-01T00:00:00+00:00 has not come yet" in err


def test_the_time_in_a_citation_leads_to_the_state_it_cites(settings: Settings) -> None:
    publish(settings, 25)
    with warraq.open_archive() as archive:
        cited = archive.cite()
    publish(settings, 26)
    for time in (cited.version.removeprefix("state of "), cited.moment, cited.moment.isoformat()):
        with warraq.open_archive(as_of=time) as again:
            assert again.cite() == cited
            assert again.articles().count() == 2


@pytest.mark.parametrize("name", ["", " ", "2024-11", "2024-12-r2", "2024-12/..", "../x", "a\0b", "2024-13", "latest"])
def test_what_names_no_release_is_told_with_those_there_are(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    publish(settings, 25)
    with pytest.raises(UsageError) as none_yet:
        warraq.open_archive(release=name)
    assert none_yet.value.message == f"no release is named {name!r}"
    assert "there is none yet" in none_yet.value.remedy
    now = datetime(2025, 1, 2, tzinfo=UTC)
    made = make_release(
        open_tables(settings), Month.parse("2024-12", now=now), now=now, code_version="1", spill=tmp_path / "spill"
    )
    for words in (["query", "SELECT 1"], ["export", "--output", str(tmp_path / "x.csv")]):
        with pytest.raises(SystemExit) as ended:
            main([*words, "--release", name])
        out, err = capsys.readouterr()
        assert (ended.value.code, out, err.count("\n")) == (2, "", 1)
        if not name.strip():
            assert err.startswith("error: --release: an empty text says nothing")
            continue
        assert err.startswith("error: no release is named ")
        assert f"there are: {made.name}" in err


def test_a_release_that_was_withdrawn_is_told_as_such(settings: Settings) -> None:
    publish(settings, 25)
    told = {"release": "2024-12", "rows_removed": 1, "portals": ["almasaa"]}
    open_tables(settings).store.put(release_prefix("2024-12") + WITHDRAWN, sealed_json(told))
    with pytest.raises(UsageError, match="2024-12 was withdrawn"):
        warraq.open_archive(release="2024-12")


def test_of_several_months_the_unchanged_are_told_and_a_slip_leaves_all_unmade(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    def release(*months: str) -> tuple[object, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["release", *months])
        return ended.value.code, *capsys.readouterr()

    publish(settings, 25)
    run = run_id(day=5, month=11)
    open_tables(settings).replace_run(run, RecordRows(run, *records(run, 2)))
    code, out, err = release("2024-12", "2024-13")
    assert (code, out) == (2, "")
    assert "2024-13" in err
    assert release("2024-12")[0] == 0
    code, out, err = release("2024-12", "2024-11")
    assert code == 0
    assert "release 2024-11" in out
    assert "nothing of 2024-12 has changed since release 2024-12" in err
    code, _, err = release("2024-12", "2024-11")
    assert code == 2
    for month in ("2024-12", "2024-11"):
        assert err.count(f"nothing of {month} has changed since release {month}") == 1
    # What is wrong with one of them stops no other.
    code, out, err = release("2024-10", "2024-11..2024-12", "2024-12")
    assert code == 2
    assert "release 2024-11-to-2024-12" in out
    assert "nothing is archived for 2024-10" in err
    assert "nothing of 2024-12 has changed" in err


def test_one_doi_is_given_to_one_release(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    def release(*words: str) -> tuple[object, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["release", *words, "--doi", "10.5281/zenodo.9"])
        return ended.value.code, *capsys.readouterr()

    publish(settings, 25)
    code, out, err = release("2024-12", "2024-11")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "one DOI names one release, and these are 2: 2024-12, 2024-11" in err
    assert "warraq release 2024-11-to-2024-12" in err
    assert release_names(open_tables(settings).store) == []
    assert release("2024-11-to-2024-12", "2024-11..2024-12")[0] == 0, "the same, named twice"
    assert release_names(open_tables(settings).store) == ["2024-11-to-2024-12"]
