"""The commands of the stages: exit codes that mean something, one line for a mistake, JSON for programs."""

from __future__ import annotations

import json
import socket

import pytest

from storage.errors import ExitCode
from storage.objects.keys import raw_root
from storage.objects.open import open_store
from storage.settings import Settings
from tests.fixtures.demo_runs import NEXT_DAY, pages
from tests.fixtures.raw_runs import RUN, link, write_round
from warraq.cli.main import main

STAGES = ("extract", "publish")


@pytest.fixture
def here(local_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A fresh local archive that the environment names."""
    monkeypatch.setenv("WARRAQ_ARCHIVE", local_settings.archive)
    monkeypatch.setenv("WARRAQ_CACHE", str(local_settings.cache))
    return local_settings


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as caught:
        main(list(words))
    told = capsys.readouterr()
    return int(caught.value.code or 0), told.out, told.err


def test_extract_and_publish_tell_programs_what_they_did(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    write_round(open_store(here), pages(0, 1, 2), spool=here.cache)
    code, out, _ = call(capsys, "extract", str(RUN), "--json")
    assert code == ExitCode.DONE
    told = json.loads(out)
    assert (told["run_id"], told["outcomes"], told["captures"]) == (str(RUN), {"new": 3}, 3)
    code, out, _ = call(capsys, "publish", str(RUN), "--json")
    assert (code, json.loads(out)["verdict"]) == (ExitCode.DONE, "ok")


def test_people_get_a_table_and_the_next_step(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    write_round(open_store(here), pages(0, 1, 2), spool=here.cache)
    code, out, err = call(capsys, "extract", str(RUN))
    assert code == ExitCode.DONE
    assert f"staged; next: warraq publish {RUN}" in out
    assert "3 of 3 pages extracted" in err
    code, out, _ = call(capsys, "publish", str(RUN))
    assert code == ExitCode.DONE
    assert "verdict" in out
    assert "\x1b" not in out, "no colours where there is no terminal"


def test_a_degraded_run_is_published_with_code_3(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    lost = [link(f"http://127.0.0.1/{n}", outcome="http_5xx") for n in range(9)]
    write_round(open_store(here), pages(*range(6)), spool=here.cache, others=lost)
    call(capsys, "extract", str(RUN))
    code, out, _ = call(capsys, "publish", str(RUN), "--json")
    assert code == ExitCode.DEGRADED
    assert json.loads(out)["findings"] == ["crawl: 9 of 15 links failed (http_5xx 9)"]


def test_an_empty_window_is_one_line_and_nothing_published(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    write_round(open_store(here), [], spool=here.cache, run=NEXT_DAY)
    assert call(capsys, "extract", str(NEXT_DAY))[0] == ExitCode.DONE
    code, out, err = call(capsys, "publish", str(NEXT_DAY))
    assert (code, out) == (ExitCode.FAILED, "")
    last = err.splitlines()[-1]
    assert last.startswith(f"error: {NEXT_DAY} is not published: crawl: no source of demo listed a link")
    assert "warraq check demo" in last


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    ("run", "code", "words"),
    [
        ("demo", ExitCode.USAGE, "is not a run"),
        ("demo/2024-12-26T00Z--2024-12-25T00Z", ExitCode.USAGE, "reversed"),
        ("demo/../../etc--x", ExitCode.USAGE, "is not a time"),
        ("demo/2030-01-01T00Z--2030-01-02T00Z", ExitCode.FAILED, "demo/2030-01-01T00Z--2030-01-02T00Z"),
    ],
)
def test_a_wrong_run_is_one_line(
    here: Settings, capsys: pytest.CaptureFixture[str], stage: str, run: str, code: int, words: str
) -> None:
    found, out, err = call(capsys, stage, run)
    assert (found, out) == (code, "")
    assert words in err
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1
    assert list(open_store(here).list(raw_root())) == []


@pytest.mark.parametrize("stage", [*STAGES, "verify"])
def test_an_unreachable_store_is_one_line_and_worth_another_try(
    here: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("WARRAQ_ARCHIVE", "s3://archive/news")
        monkeypatch.setenv("WARRAQ_CATALOG", f"sqlite:///{here.cache}.db")
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "planted-secret")
        code, out, err = call(capsys, stage, *([] if stage == "verify" else [str(RUN)]))
    assert (code, out) == (ExitCode.RETRY_LATER, "")
    (line,) = err.splitlines()
    assert "does not answer" in line
    assert "planted-secret" not in line
