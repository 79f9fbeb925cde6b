"""`warraq check` and `warraq new-portal` against the demo portal over HTTP, and against sites with something wrong."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from spiders.check.scaffold import article_pattern, definition_text, site_names, unknown_portal
from spiders.portal.definition import Feed, Sitemap
from spiders.registry import load_portals
from spiders.sources.records import ListedLink
from storage.settings import read_settings
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import ServedSite, serve

BROKEN = '''"""The demo portal with a definition that has gone wrong."""

from spiders.portal.definition import Feed, Politeness, Portal, Section

PORTAL = Portal(
    name="broken",
    title_ar="مكسور",
    title_en="Broken",
    country="EG",
    timezone="Africa/Cairo",
    start_url="{url}/",
    sources=(Feed("/feed/"), Feed("/gone/feed"), Section("/")),
    article_url=r"/no-such-article/",
    politeness=Politeness(delay_seconds=0.0),
    body_css=("div.not-there",),
    remove_css=("body",),
    is_local=True,
)
'''


@pytest.fixture(scope="module")
def demo() -> Iterator[ServedSite]:
    today = datetime.now(UTC).date()
    with serve(DemoSite(articles=60, days=4, first_day=today - timedelta(days=4))) as served:
        yield served


def warraq(*arguments: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("WARRAQ_")}
    own = {"WARRAQ_ARCHIVE": str(folder / "archive"), "WARRAQ_CACHE": str(folder / "cache"), **environ}
    command = [sys.executable, "-m", "warraq", *arguments]
    return subprocess.run(command, env={**clean, **own}, capture_output=True, text=True, timeout=120, check=False)


def test_check_finds_the_demo_portal_in_order_and_writes_no_archive(demo: ServedSite, tmp_path: Path) -> None:
    ended = warraq("check", "demo", "--json", folder=tmp_path, WARRAQ_DEMO_URL=demo.base_url)
    found = json.loads(ended.stdout)
    assert found["problems"] == []
    assert ended.returncode == 0
    assert found["robots_status"] == 200
    assert found["links"] > 20
    assert 3 <= len(found["pages"]) <= 5
    assert all(page["title"] and page["published_at"] for page in found["pages"])
    assert {source["kind"] for source in found["found"]} >= {"feed", "sitemap"}
    assert found["requests"] < 25, "a probe asks little"
    assert not (tmp_path / "archive").exists()


def test_check_tells_people_and_saves_what_it_saw(demo: ServedSite, tmp_path: Path) -> None:
    saved = tmp_path / "pages"
    ended = warraq("check", "demo", "--save", str(saved), folder=tmp_path, WARRAQ_DEMO_URL=demo.base_url)
    assert "robots.txt: 200" in ended.stdout
    assert "nothing is wrong" in ended.stdout
    rows = [json.loads(line) for line in (saved / "manifest.jsonl").read_text().splitlines()]
    assert {row["role"] for row in rows} == {"robots", "source", "page"}
    assert all((saved / row["file"]).is_file() for row in rows)
    pages = [row for row in rows if row["role"] == "page"]
    assert len((saved / "extracted.jsonl").read_text().splitlines()) == len(pages)
    again = warraq("check", "demo", "--save", str(saved), folder=tmp_path, WARRAQ_DEMO_URL=demo.base_url)
    assert (again.returncode, "is not empty" in again.stderr) == (2, True)


def test_check_names_what_is_wrong_with_a_definition(demo: ServedSite, tmp_path: Path) -> None:
    portals = tmp_path / "portals"
    portals.mkdir()
    (portals / "broken.py").write_text(BROKEN.format(url=demo.base_url))
    ended = warraq("check", "broken", "--json", folder=tmp_path, WARRAQ_PORTALS=str(portals))
    assert ended.returncode == 3, ended.stderr
    problems = json.loads(ended.stdout)["problems"]
    for complaint in (
        "/gone/feed: status 404",
        "article_url fits only 0 of",
        "no article links",
        "body_css 'div.not-there' matches on none of",
    ):
        assert any(complaint in line for line in problems), f"{complaint!r} is not among {problems}"
    assert not any("remove_css" in line for line in problems)


def test_check_of_a_site_that_is_down_says_try_again(tmp_path: Path) -> None:
    ended = warraq("check", "demo", folder=tmp_path, WARRAQ_DEMO_URL="http://127.0.0.1:9")
    assert ended.returncode == 4, ended.stdout + ended.stderr
    assert ended.stderr.startswith("error: ")
    assert "Traceback" not in ended.stderr


def test_check_of_a_public_portal_needs_a_contact_address(tmp_path: Path) -> None:
    ended = warraq("check", "almasaa", folder=tmp_path)
    assert ended.returncode == 2
    assert "WARRAQ_CONTACT" in ended.stderr


def test_new_portal_writes_a_definition_that_works(demo: ServedSite, tmp_path: Path) -> None:
    portals = tmp_path / "portals"
    environ = {"WARRAQ_PORTALS": str(portals)}
    ended = warraq("new-portal", "mizan", demo.base_url, "--country", "eg", "--json", folder=tmp_path, **environ)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    portal = load_portals(read_settings(environ))["mizan"]
    assert (portal.country, portal.timezone, portal.start_url) == ("EG", "Africa/Cairo", f"{demo.base_url}/")
    assert Feed("/feed/") in portal.sources
    assert Sitemap("/sitemap.xml") in portal.sources
    assert "الميزان" in portal.title_ar
    assert portal.verified_live is None
    checked = warraq("check", "mizan", folder=tmp_path, **environ)
    assert checked.returncode == 0, checked.stdout
    again = warraq("new-portal", "mizan", demo.base_url, folder=tmp_path, **environ)
    assert (again.returncode, "exists" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("New-Site", "https://example.com"), "cannot name a portal"),
        (("youm7", "https://example.com"), "exists"),
        (("example", "ftp://example.com"), "is not a web address"),
        (("example", "https://example.com", "--country", "Egypt"), "--country"),
        (("example", "https://example.com", "--timezone", "Cairo"), "--timezone"),
    ],
)
def test_new_portal_refuses_before_it_asks_anybody(arguments: tuple[str, ...], complaint: str, tmp_path: Path) -> None:
    ended = warraq("new-portal", *arguments, folder=tmp_path, WARRAQ_PORTALS=str(tmp_path))
    assert ended.returncode == 2
    assert complaint in ended.stderr
    assert list(tmp_path.glob("*.py")) == []


def links(*paths: str) -> list[ListedLink]:
    return [ListedLink(f"https://news.example{path}", "feed", "https://news.example/feed") for path in paths]


@pytest.mark.parametrize(
    ("paths", "pattern"),
    [
        ([f"/news/{n}" for n in range(577100, 577120)], r"^https?://[^/]+/(?:news/\d+)"),
        ([f"/{n}/" for n in range(577100, 577120)], r"^https?://[^/]+/(?:\d+)"),
        ([f"/story/2024/3/{n}/خبر-اليوم/{577100 + n}" for n in range(10, 20)], None),
        ([f"/view.aspx?id={n}" for n in range(1000, 1010)], r"^https?://[^/]+/(?:view\.aspx\?(?:[^#]*&)?id=\d+)"),
        (["/", "/a", "/b/c"], None),
    ],
)
def test_the_form_of_article_addresses_is_read_from_the_links(paths: list[str], pattern: str | None) -> None:
    found = article_pattern(links(*paths))
    if pattern is not None:
        assert found == pattern
    elif found is not None:
        assert all(re.search(found, link.url) for link in links(*paths))


def test_what_a_site_calls_itself_stays_text() -> None:
    hostile = 'x" + __import__("os").system("id") + "\\'
    page = f"<html lang=ar><head><meta property='og:site_name' content='{hostile}'></head></html>".encode()
    names = site_names(page, otherwise="example")
    portal = unknown_portal("example", "https://news.example.eg/", country=None, timezone=None)
    assert (portal.country, portal.timezone, portal.is_local) == ("EG", "Africa/Cairo", False)
    text = definition_text(replace(portal, title_ar=names.site_name), (Feed("/f"),), notes=(hostile,))
    calls = [node.func.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]  # type: ignore[attr-defined]
    assert sorted(calls) == ["Auto", "Feed", "Portal"]
