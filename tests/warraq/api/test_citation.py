"""A release is cited as who made it wants it cited, wherever a citation stands."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

import warraq
from storage.objects.open import open_store
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import records, run_id
from warraq.cli.main import main

DOI = "10.5281/zenodo.1"


@pytest.fixture
def settings(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    found = read_settings()
    open_tables(found).replace_run(run_id(), RecordRows(run_id(), *records(run_id(), 2)))
    return found


def ended(words: list[str]) -> object:
    with pytest.raises(SystemExit) as done:
        main(words)
    return done.value.code


def test_creator_and_doi_of_a_release_stand_in_every_citation_of_it(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = ["release", "2024-12", "--creator", "Archive & Press", "--doi", DOI, "--licence", "CC-BY-4.0"]
    assert ended(made) == 0
    with warraq.open_archive(release="2024-12") as archive:
        line, bibtex = str(archive.cite()), archive.cite().bibtex()
    assert line.startswith("Archive & Press. Arabic news portals, release 2024-12.")
    assert f" https://doi.org/{DOI}. sha256:" in line
    assert "author = {{Archive \\& Press}}" in bibtex
    assert f"doi = {{{DOI}}}" in bibtex
    assert bibtex.count("{") == bibtex.count("}")
    output = tmp_path / "a.parquet"
    assert ended(["export", "--release", "2024-12", "-o", str(output)]) == 0
    assert pq.read_schema(output).metadata[b"citation"].decode() == line
    capsys.readouterr()
    assert ended(["release", "2024-12"]) == 2
    assert line in capsys.readouterr().err
    told = yaml.safe_load(open_store(settings).get("releases/2024-12/CITATION.cff"))
    assert (told["license"], told["doi"]) == ("CC-BY-4.0", DOI)


@pytest.mark.parametrize(
    ("licence", "field"), [("https://example.org/terms", "license-url"), ("For research: ask us", "abstract")]
)
def test_terms_that_no_list_names_stand_as_they_were_given(settings: Settings, licence: str, field: str) -> None:
    assert ended(["release", "2024-12", "--licence", licence]) == 0
    told = yaml.safe_load(open_store(settings).get("releases/2024-12/CITATION.cff"))
    assert told[field] == licence
    assert "license" not in told


def test_nothing_of_a_name_commands_tex(settings: Settings) -> None:
    assert ended(["release", "2024-12", "--creator", "مركز {الأرشيف\\ 100%"]) == 0
    with warraq.open_archive(release="2024-12") as archive:
        bibtex = archive.cite().bibtex()
    assert "مركز \\textbraceleft{}الأرشيف\\textbackslash{} 100\\%" in bibtex
    assert bibtex.count("{") == bibtex.count("}")


def test_who_named_nobody_is_cited_as_before(settings: Settings) -> None:
    with warraq.open_archive() as archive:
        assert str(archive.cite()).startswith("Warraq. Arabic news portals, state of ")
        assert "author = {{Warraq}}" in archive.cite().bibtex()
