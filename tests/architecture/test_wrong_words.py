"""Commands that cannot be obeyed: one line that names the thing and the remedy, exit code 2."""

from __future__ import annotations

import json

import pytest

from warraq.cli.main import main


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("quer x", "error: no command is named 'quer' — did you mean query? `warraq --help` lists all"),
        ("frobnicate", "error: no command is named 'frobnicate' — `warraq --help` lists all"),
        ("--bogus", "error: no such option '--bogus' — `warraq --help` shows how"),
        ("query", "error: missing argument 'SQL' — `warraq query --help` shows how"),
        ("archive demo --from 2024-12-25", "error: missing option '--to' — `warraq archive --help` shows how"),
        (
            "verify --sample 0",
            "error: invalid value for '--sample': 0 is not in the range x>=1 — `warraq verify --help`",
        ),
        ("coverage --from 2024-13-01", "error: --from: '2024-13-01' is not a time — write it as 2024-12-25 or"),
        ("release 2024-13", "error: '2024-13' is neither a month nor a span of months — write it as 2024-12,"),
        ("archive almasa --from 2024-12-25 --to 2024-12-26", "error: no portal is named 'almasa' — did you mean almas"),
        ("archive demo --from 2024-12-26 --to 2024-12-25", "error: the window is reversed or empty: from 2024-12-26T"),
        ("extract demo", "error: 'demo' is not a run — write it as almasaa/2024-12-25T00Z--2024-12-26T00Z"),
    ],
)
def test_wrong_words_are_answered_in_one_line(words: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words.split())
    out, err = capsys.readouterr()
    assert (ended.value.code, out, err.count("\n")) == (2, "", 1), err
    assert err.startswith(told)


def test_a_program_gets_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["crawl", "demo", "--json"])
    assert json.loads(capsys.readouterr().err) == {
        "error": "missing option '--from'",
        "remedy": "`warraq crawl --help` shows how",
    }
