"""An option that would be ignored is refused: whoever gave it believes that it did something."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from storage.settings import Settings
from tests.fixtures.paths import ROOT
from warraq.cli.main import command_line, main

EMPTY = (
    ["remove", "--portal", "almasaa", "--from", ""],
    ["remove", "--portal", "almasaa", "--embargo", ""],
    ["remove", "", "--portal", "almasaa"],
    ["remove", "--portal", "", "--text", "زلزال"],
    ["verify", "--to", " "],
    ["files", "--from="],
    ["coverage", ""],
    ["report", "", "--month", "2024-12", "-o", "x.html"],
    ["export", "-o", "x.csv", "--portal", "almasaa", "--portal", ""],
)
PAGE = "page.html"
UNUSED = (
    (["search", "سد", "--counts", "month", "--limit", "3"], "--limit"),
    (["search", "سد", "--counts", "month", "--sort", "best"], "--sort"),
    (["export", "-o", "x.csv", "--seed", "7"], "--seed"),
    (["export", "-o", "x.wacz", "--columns", "title"], "--columns"),
    (["release", "--creator", "Archive"], "--creator"),
    (["release", "--portal", "almasaa"], "--portal"),
    (["why", "https://a.example/1", "--captured-at", "2024-12-25"], "--captured-at"),
    (["why", "almasaa", "2024-12-25", "--url", "https://a.example/1"], "--url"),
    (["why", "almasaa", "2024-12-25", "--date"], "--date"),
    (["why", "almasaa/2024-12-25T00Z--2024-12-26T00Z", "--body"], "--body"),
)


def refused(capsys: pytest.CaptureFixture[str], words: list[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main(words)
    told = capsys.readouterr()
    assert (ended.value.code, told.out, told.err.count("\n")) == (2, "", 1), (words, told)
    return told.err


@pytest.fixture
def empty_archive(
    local_environ: dict[str, str], local_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("words", EMPTY, ids=" ".join)
def test_an_empty_text_is_not_taken_for_an_option_that_was_left_out(
    words: list[str], empty_archive: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "an empty text says nothing" in refused(capsys, words)


@pytest.mark.parametrize(("words", "option"), UNUSED, ids=[" ".join(words) for words, _ in UNUSED])
def test_an_option_that_the_others_leave_without_effect_is_named(
    words: list[str], option: str, empty_archive: None, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(capsys, words)
    assert option in told
    assert "says nothing" in told or "only for" in told


def test_what_was_not_given_is_not_refused(empty_archive: None, capsys: pytest.CaptureFixture[str]) -> None:
    Path(PAGE).write_text((ROOT / "README.md").read_text(encoding="utf-8"), encoding="utf-8")
    for words in (["portals"], ["why", PAGE, "--captured-at", "2024-12-25", "--date"]):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 0, capsys.readouterr().err


@pytest.mark.parametrize("words", [["release", "2024-12"], ["receipt", "https://a.example/1"]], ids=" ".join)
def test_a_key_that_is_not_there_is_told_before_anything_is_made(
    words: list[str], empty_archive: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "'nokey' does not exist" in refused(capsys, [*words, "--sign", "nokey"])


def test_a_folder_in_place_of_a_file_to_import_is_called_one(
    empty_archive: None, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("pages").mkdir()
    assert "pages: a folder" in refused(capsys, ["import", "pages", "--portal", "almasaa"])


def test_every_command_looks_at_its_texts() -> None:
    context = click.Context(command_line)
    for name in command_line.list_commands(context):
        command = command_line.get_command(context, name)
        assert command is not None
        for param in command.params:
            assert param.callback is not None or param.type is not click.STRING or param.name == "help", (name, param)
