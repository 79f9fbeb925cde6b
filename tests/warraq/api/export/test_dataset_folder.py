"""Data set folders: loaded offline by Hugging Face's library, no story on both sides, taken up where they stopped."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import warraq
from storage.errors import UsageError
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import edition, fetch, records, run_id, run_row
from tests.storage.read.test_stories import Planted, publish
from warraq.cli.main import main


@pytest.fixture
def settings(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    return read_settings()


@pytest.fixture
def planted(settings: Settings) -> Planted:
    """Forty stories, each with two copies."""
    found = Planted(3)
    for story in range(40):
        base = [found.paragraph() for _ in range(4)]
        found.add(base, story, agency="رويترز")
        found.add(found.copy(base, "words changed"), story)
        found.add(base, story)
    publish(settings, found.rows)
    return found


def test_it_is_loaded_offline_with_no_story_on_both_sides(
    planted: Planted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    with warraq.open_archive() as archive:
        folder = archive.articles().to_dataset(
            tmp_path / "corpus", seed=5, shares={"train": 0.6, "validation": 0.2, "test": 0.2}
        )
    datasets = pytest.importorskip("datasets", reason="Hugging Face's library is not installed")
    loaded = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))
    assert set(loaded) == {"train", "validation", "test"}
    stories = {split: {planted.story_of[article] for article in rows["article_id"]} for split, rows in loaded.items()}
    assert sum(len(rows) for rows in loaded.values()) == 120
    assert all(stories.values())
    assert not stories["train"] & stories["test"]
    assert not stories["train"] & stories["validation"]
    assert not stories["test"] & stories["validation"]
    assert loaded["train"].features["published_at"].dtype.startswith("timestamp")


def test_the_card_says_what_it_is(planted: Planted, tmp_path: Path) -> None:
    with warraq.open_archive() as archive:
        folder = archive.articles(portal="raya", columns=["article_id", "portal", "title", "quality"]).to_dataset(
            tmp_path / "c"
        )
    card = (folder / "README.md").read_text(encoding="utf-8")
    for told in (
        "license: other",
        "path: data/train-*.parquet",
        "| raya |",
        "The rights in the texts",
        "`quality`",
        "snapshots:",
    ):
        assert told in card, told
    sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert len(sums) == 5
    assert all(sha256((folder / name).read_bytes()).hexdigest() == digest for name, digest in sums.items())
    assert pq.read_schema(folder / "data/test-00000.parquet").names == [
        "article_id",
        "portal",
        "title",
        "quality",
        "story_id",
    ]


def test_the_card_says_which_split_has_nothing(planted: Planted, tmp_path: Path) -> None:
    with warraq.open_archive() as archive:
        some = archive.articles(portal="raya").sample(1)
        folder = some.to_dataset(tmp_path / "few", shares={"train": 0.5, "test": 0.5, "none": 0})
        whole = archive.articles(portal="raya").to_dataset(tmp_path / "many")
    (held,) = {path.name.partition("-")[0] for path in (folder / "data").iterdir()}
    missing = "test" if held == "train" else "train"
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert f"No story fell to {missing}, so there is no such split" in card
    assert f"split: {missing}" not in card
    assert "No story fell" not in (whole / "README.md").read_text(encoding="utf-8")


def test_croissant_describes_all_files(planted: Planted, tmp_path: Path) -> None:
    with warraq.open_archive() as archive:
        folder = archive.articles().to_dataset(tmp_path / "c", shard_rows=10)
    described = json.loads((folder / "croissant.json").read_text())
    assert {record["name"] for record in described["recordSet"]} == {"train", "validation", "test"}
    sums = {one["contentUrl"]: one["sha256"] for one in described["distribution"] if one["@type"] == "cr:FileObject"}
    files = [path.relative_to(folder) for path in folder.glob("data/*")]
    assert sums == {str(path): sha256((folder / path).read_bytes()).hexdigest() for path in files}
    assert re.fullmatch(r"ni:///sha-256;[\w-]{43}", described["url"])
    for one in described["distribution"]:
        if one["@type"] == "cr:FileSet":
            assert any(path.match(one["includes"]) for path in files)


def test_an_interrupted_export_goes_on_and_gives_the_same(planted: Planted, tmp_path: Path) -> None:
    def files(folder: Path) -> dict[str, bytes]:
        return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}

    class Stopped(Exception):
        pass

    def stop(done: int) -> None:
        raise Stopped(done)

    with warraq.open_archive() as archive:
        whole = archive.articles().to_dataset(tmp_path / "whole", shard_rows=10)
        with pytest.raises(Stopped):
            archive.articles().to_dataset(tmp_path / "part", shard_rows=10, progress=stop)
        begun = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "part" / "data").glob("*.parquet")}
        assert begun
        assert not (tmp_path / "part" / "README.md").exists()
        part = archive.articles().to_dataset(tmp_path / "part", shard_rows=10)
        assert files(part) == files(whole)
        assert all((part / "data" / name).stat().st_mtime_ns == at for name, at in begun.items())
        with pytest.raises(UsageError, match="another selection"):
            archive.articles(portal="raya").to_dataset(tmp_path / "part")
        (tmp_path / "own").mkdir()
        (tmp_path / "own" / "notes.txt").write_text("mine")
        with pytest.raises(UsageError, match="something else"):
            archive.articles().to_dataset(tmp_path / "own")
        assert (tmp_path / "own" / "notes.txt").read_text() == "mine"


@pytest.fixture
def plain(settings: Settings) -> Iterator[Settings]:
    run = run_id()
    open_tables(settings).replace_run(run, RecordRows(run, *records(run, 5)))
    other = replace(edition(run_id("raya"), 1))
    fetches = [fetch(other)]
    open_tables(settings).replace_run(
        run_id("raya"), RecordRows(run_id("raya"), [other], fetches, run_row(run_id("raya"), fetches))
    )
    yield settings


@pytest.mark.parametrize("name", ["a.parquet", "a.csv", "a.jsonl", "a.ndjson", "a.arrow", "corpus"])
def test_the_command_writes_what_the_name_says(
    plain: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    target = tmp_path / name
    with pytest.raises(SystemExit) as ended:
        main(["export", "--output", str(target), "--portal", "almasaa", "--columns", "article_id,title"])
    assert ended.value.code == 0
    assert "5 articles" in capsys.readouterr().out
    if name == "a.parquet":
        assert pq.read_table(target).column_names == ["article_id", "title"]
    if name.endswith("json") or name.endswith("jsonl"):
        assert len(target.read_text(encoding="utf-8").splitlines()) == 5
    if name == "corpus":
        assert (target / "README.md").exists()


@pytest.mark.parametrize(
    "words",
    [["--output", "x.xlsx"], ["--output", "x.zip"], ["--output", "x.csv", "--columns", "no"], ["--output", "-"], []],
)
def test_what_cannot_be_written_is_refused(
    plain: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["export", *words])
    assert (ended.value.code, capsys.readouterr().err.count("\n")) == (2, 1)
    assert not list(tmp_path.glob("x.*"))


def test_no_file_is_put_in_the_place_of_a_pipe_a_folder_or_a_link(
    plain: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.csv")
    Path("folder.csv").mkdir()
    Path("link.csv").symlink_to("real.csv")
    Path("real.csv").write_text("before")
    for name in ("pipe.csv", "folder.csv", "real.csv/x.csv"):
        with pytest.raises(SystemExit) as ended:
            main(["export", "--output", name])
        assert (ended.value.code, capsys.readouterr().err.count("\n")) == (2, 1), name
    assert Path("pipe.csv").is_fifo()
    with pytest.raises(SystemExit):
        main(["export", "--output", "link.csv", "--columns", "portal"])
    assert Path("link.csv").is_symlink()
    assert len(Path("real.csv").read_text().splitlines()) == 7


def test_a_dash_is_standard_output(plain: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["export", "--output", "-", "--format", "csv", "--columns", "portal"])
    out, err = capsys.readouterr()
    assert (out.splitlines()[0], len(out.splitlines()), err.splitlines()[-1]) == ("portal", 7, "-: 6 articles")
