"""`warraq receipt`: a file that a program of one page checks without Warraq, and that no change survives."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from storage.objects.open import open_store
from storage.settings import Settings
from tests.fixtures.demo_runs import archive, pages, rows_of
from tests.fixtures.paths import ROOT
from tests.fixtures.raw_runs import write_round
from warraq.cli.main import main

CHECKER = ROOT / "docs" / "how_to" / "check_receipt.py"


@pytest.fixture
def archived(local_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("WARRAQ_ARCHIVE", local_settings.archive)
    write_round(open_store(local_settings), pages(*range(5)), spool=local_settings.cache)
    archive(local_settings)
    return local_settings


def made(path: Path, *words: str) -> dict[str, object]:
    with pytest.raises(SystemExit) as ended:
        main(["receipt", *words, "--out", str(path)])
    assert ended.value.code == 0
    found: dict[str, object] = json.loads(path.read_text())
    return found


def checked(path: Path) -> tuple[int, str]:
    # Isolated and without site-packages: nothing but the standard library.
    ended = subprocess.run([sys.executable, "-I", "-S", str(CHECKER), str(path)], capture_output=True, text=True)
    return ended.returncode, ended.stdout


def test_every_article_is_proved_by_the_standard_library_alone(archived: Settings, tmp_path: Path) -> None:
    for row in rows_of(archived)["articles"]:
        for name in (str(row["article_id"]), str(row["url"])):
            made(tmp_path / "receipt.json", name)
            code, out = checked(tmp_path / "receipt.json")
            assert (code, str(row["title"]) in out, "committed" in out) == (0, True, True), out


def test_no_change_of_a_receipt_is_proved(archived: Settings, tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    row = rows_of(archived)["articles"][0]
    receipt = made(path, str(row["article_id"]))
    log = receipt["log"]
    warc = receipt["warc"]
    assert isinstance(log, dict)
    assert isinstance(warc, dict)
    record = base64.b64decode(warc["record"])
    changes: list[dict[str, object]] = [
        {"row": str(receipt["row"]).replace(str(row["title"])[:5], "غيره", 1)},
        {"root": "0" * 64},
        {"path": []},
        {"log": {**log, "entry": log["entry"].replace("20", "19", 1)}},
        {"warc": {**warc, "record": base64.b64encode(record[:-9] + b"x" + record[-8:]).decode()}},
    ]
    for change in changes:
        path.write_text(json.dumps({**receipt, **change}))
        code, out = checked(path)
        assert (code, "NOT PROVED" in out) == (1, True), change.keys()


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs OpenSSH")
def test_a_receipt_can_be_signed(archived: Settings, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    row = rows_of(archived)["articles"][0]
    receipt = made(tmp_path / "receipt.json", str(row["article_id"]), "--sign", str(key))
    (tmp_path / "signature").write_text(str(receipt.pop("signature")))
    text = json.dumps(receipt, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    words = ["ssh-keygen", "-Y", "check-novalidate", "-n", "warraq-receipt", "-s", str(tmp_path / "signature")]
    assert subprocess.run(words, input=text, capture_output=True).returncode == 0
    assert subprocess.run(words, input=text + b" ", capture_output=True).returncode != 0


def test_an_unknown_article_is_refused(archived: Settings) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["receipt", "0" * 32])
    assert ended.value.code == 2
