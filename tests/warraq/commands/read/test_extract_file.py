"""`warraq extract-file` prints what anybody needs to try the extractor on a saved page."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from storage.errors import UsageError
from tests.extract.expected import PAGES
from warraq.cli.main import command_line


def run(*words: str) -> list[dict[str, object]]:
    result = CliRunner().invoke(command_line, ["extract-file", *words, "--json"], catch_exceptions=False)
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_json_object_a_file_in_their_order() -> None:
    names = [str(PAGES / "polopoly_json_ld_body.html"), str(PAGES / "reject_gallery.html")]
    article, rejection = run(*names)
    assert [article["file"], rejection["file"]] == names
    assert article["published"] == "2024-12-11T10:28:00+02:00"
    assert article["published_at"] == "2024-12-11T08:28:00+00:00"
    assert str(article["body"]).count("\n") == 7
    assert rejection["rejection"] == "gallery"
    assert "body" not in rejection


def test_a_feed_and_a_packed_page_are_understood(tmp_path: Path) -> None:
    feed, packed = tmp_path / "feed.xml", tmp_path / "page.html.gz"
    feed.write_text("<?xml version='1.0'?><rss><channel/></rss>", encoding="utf-8")
    packed.write_bytes(gzip.compress((PAGES / "interview.html").read_bytes()))
    first, second = run(str(feed), str(packed))
    assert first["rejection"] == "not_html"
    assert second["authors"] == ["سلمى الخطاط"]


def test_people_get_a_panel() -> None:
    result = CliRunner().invoke(command_line, ["extract-file", str(PAGES / "interview.html")], catch_exceptions=False)
    assert "الورق يتنفس مثلنا" in result.stdout
    assert "سلمى الخطاط" in result.stdout


def test_a_missing_file_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no_such_page"):
        run(str(tmp_path / "no_such_page.html"))


def test_an_unknown_portal_suggests_the_nearest() -> None:
    with pytest.raises(UsageError, match="almassaa"):
        run(str(PAGES / "interview.html"), "--portal", "almassaa")
