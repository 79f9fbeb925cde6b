"""`warraq demo-portal` as a person starts it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

from tests.fixtures.demo_visitor import visit
from warraq.demo.portal import DemoSite


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "warraq", "demo-portal", *arguments]


def test_it_serves_until_it_is_asked_to_end() -> None:
    arguments = (
        "--port",
        "0",
        "--articles",
        "30",
        "--days",
        "3",
        "--until",
        "2024-12-04",
        "--json",
        "--fault",
        "410@#2",
    )
    with subprocess.Popen(_command(*arguments), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            about = json.loads(process.stdout.readline())
            assert (about["articles"], about["from"], about["to"]) == (30, "2024-12-01", "2024-12-03")
            site = DemoSite(articles=30, days=3, base_url=about["url"].rstrip("/"))
            assert visit(site.truth(1).url).status == 200
            assert visit(site.truth(2).url).status == 410
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_it_writes_truth_and_pages(tmp_path: Path) -> None:
    truth, pages = tmp_path / "truth.jsonl", tmp_path / "corpus"
    arguments = ("--articles", "5", "--until", "2024-12-11", "--truth", str(truth), "--write-pages", str(pages))
    subprocess.run(_command(*arguments), check=True, timeout=60)
    assert truth.read_bytes() == (pages / "gold.jsonl").read_bytes()
    assert len(list((pages / "pages").iterdir())) == 8


def test_mistakes_are_told_in_one_line() -> None:
    for arguments, expected in (
        (("--fault", "nonsense"), "is not a fault"),
        (("--until", "tomorrow"), "--until: 'tomorrow' is not a day"),
    ):
        run = subprocess.run(_command(*arguments), capture_output=True, text=True, timeout=60, check=False)
        assert run.returncode == 2
        assert expected in run.stderr
        assert len(run.stderr.splitlines()) == 1
