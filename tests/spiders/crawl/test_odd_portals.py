"""Portals that send a visitor round, answer out of all bounds, or whose declared sources have died."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.model.window import Window
from tests.fixtures.crawl_child import crawl, define, links_by_path, raw_run
from tests.fixtures.small_site import Answer, page, serve_small, sitemap

WINDOW = ("2024-12-01", "2024-12-02")
RUN = "odd/2024-12-01T00Z--2024-12-02T00Z"
LOCAL = {"is_local": "True", "politeness": "Politeness(delay_seconds=0.0, concurrency=2)"}
TEXT = page("<html><body><h1>خبر من المدينة</h1></body></html>")


def sent(to: str, **headers: str) -> Answer:
    return 302, {"Location": to, **{name.replace("_", "-"): value for name, value in headers.items()}}, b""


def test_a_portal_that_wants_its_cookie_back_is_crawled(local_environ: dict[str, str], tmp_path: Path) -> None:
    """The sitemap is behind a redirect to itself, the pages behind a detour; each run begins without cookies."""
    carried: list[str] = []

    def wall(path: str, headers: Mapping[str, str]) -> Answer | None:
        cookie = headers.get("Cookie") or ""
        carried.append(cookie)
        if path.startswith("/welcome?"):
            return sent(path.partition("?")[2], Set_Cookie="seen=yes; Path=/; HttpOnly")
        if path.startswith("/news/") and "seen=yes" not in cookie:
            return sent(f"/welcome?{path}")
        if path == "/sitemap.xml" and "first=1" not in cookie:
            return sent(path, Set_Cookie="first=1")
        return None

    paths = [f"/news/{number}" for number in range(6)]
    site_map = sitemap(*("{url}" + path for path in paths))
    with serve_small({"/sitemap.xml": site_map, **dict.fromkeys(paths, TEXT)}, judge=wall) as site:
        fields = {"sources": "(Sitemap('/sitemap.xml'),)", **LOCAL}
        environ = {**local_environ, **define(tmp_path / "portals", "odd", f"{site.url}/", **fields)}
        ended = crawl("odd", *WINDOW, environ=environ)
        assert ended.exit_code == 0, ended.stderr
        assert ended.report["outcomes"] == {"captured": 6}
        carried.clear()
        crawl("odd", *WINDOW, environ=environ)
    assert carried[0] == "", "a run begins without cookies"


def test_what_an_answer_may_not_be_ends_its_link_and_not_the_crawl(
    local_environ: dict[str, str], tmp_path: Path
) -> None:
    """Addresses that are none, headers without end, pages that only send on, also in circles, a double encoding."""
    refresh = '<html><head><meta http-equiv="refresh" content="{}; url={}"></head></html>'
    answers = {
        "/broken": sent("http://[nowhere/"),
        "/empty": sent(""),
        "/file": sent("file:///etc/passwd"),
        "/removed": sent("/"),
        "/%D8%A3/": TEXT,
        "/headers": (200, {f"X-Header-{number}": "a" * 20 for number in range(1_500)}, b"<html></html>"),
        "/sends": page(refresh.format(0, "/arrives")),
        "/arrives": TEXT,
        "/round": page(refresh.format(1, "'/and-round'")),
        "/and-round": page(refresh.format("0", "/round")),
        "/reloads": page(refresh.format(300, "/reloads")),
    }
    listed = [path for path in answers if path not in {"/arrives", "/and-round", "/%D8%A3/"}]
    listed.append("/%25D8%25A3/")
    with serve_small({**answers, "/sitemap.xml": sitemap(*("{url}" + path for path in listed))}) as site:
        fields = {"sources": "(Sitemap('/sitemap.xml'),)", **LOCAL}
        environ = {**local_environ, **define(tmp_path / "portals", "odd", f"{site.url}/", **fields)}
        ended = crawl("odd", *WINDOW, environ=environ)
    links = links_by_path(raw_run(RUN, environ))
    assert {path: link.outcome for path, link in links.items()} == {
        "broken": "http_3xx",
        "empty": "http_3xx",
        "file": "off_domain",
        "removed": "http_3xx",
        "%25D8%25A3/": "captured",
        "headers": "bad_response",
        "sends": "captured",
        "round": "redirect_limit",
        "reloads": "captured",
    }, ended.stderr
    assert links["sends"].final_url == f"{site.url}/arrives"
    assert "Traceback" not in ended.stderr


def test_discovery_is_the_last_resort_of_a_portal_whose_sources_died(
    local_environ: dict[str, str], tmp_path: Path
) -> None:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    window = Window(now - timedelta(hours=1), now)
    answers = {"/new-map.xml": sitemap("{url}/one", "{url}/two"), "/one": TEXT, "/two": TEXT}
    robots = (200, {"Content-Type": "text/plain"}, b"Sitemap: /new-map.xml\n")
    with serve_small({**answers, "/robots.txt": robots}) as site:
        fields = {"sources": "(Feed('/dead'), Sitemap('/dead.xml'))", **LOCAL}
        environ = {**local_environ, **define(tmp_path / "portals", "odd", f"{site.url}/", **fields)}
        ended = crawl("odd", f"{window.start:%Y-%m-%dT%H:%MZ}", f"{window.end:%Y-%m-%dT%H:%MZ}", environ=environ)
    assert ended.exit_code == 3, "degraded: " + ended.stderr
    assert ended.report["outcomes"] == {"captured": 2}
    assert "no declared source of odd listed a link" in ended.report["reasons"][0]
    assert any("/dead.xml: status 404" in line for line in ended.report["problems"])


def test_a_site_that_moved_is_told_and_not_followed(local_environ: dict[str, str], tmp_path: Path) -> None:
    with serve_small({}) as new, serve_small({}, judge=lambda path, headers: sent(f"{new.url}{path}")) as old:
        fields = {"sources": "(Feed('/rss'),)", **LOCAL}
        environ = {**local_environ, **define(tmp_path / "portals", "odd", f"{old.url}/", **fields)}
        ended = crawl("odd", *WINDOW, environ=environ)
    assert ended.exit_code == 5
    assert f"robots.txt leads to {new.url}" in ended.error["error"]
    assert "start_url" in ended.error["remedy"]
    assert new.hits == []


@pytest.mark.parametrize("what", ["links", "sources"])
def test_a_portal_whose_pages_or_sources_moved_is_one_thing_to_tell(
    what: str, local_environ: dict[str, str], tmp_path: Path
) -> None:
    paths = [f"/{number}" for number in range(40)]
    with serve_small({}) as new:
        answers = {path: sent(f"{new.url}{path}") for path in (*paths, "/map.xml")}
        if what == "links":
            answers["/map.xml"] = sitemap(*("{url}" + path for path in paths))
        with serve_small(answers) as old:
            fields = {"sources": "(Sitemap('/map.xml'),)", **LOCAL}
            environ = {**local_environ, **define(tmp_path / "portals", "odd", f"{old.url}/", **fields)}
            ended = crawl("odd", *WINDOW, environ=environ)
    assert ended.exit_code == 5, ended.stderr
    site = new.url.removeprefix("http://")
    count = f"10 {what}" if what == "links" else f"1 {what}"
    assert ended.error["error"] == f"odd has moved to {site}: {count} lead there, and nothing was reached"
    assert len([path for path in old.hits if path in paths]) < 20, "the rest is not asked for"
    assert new.hits == []


def test_links_to_a_partner_are_no_move(local_environ: dict[str, str], tmp_path: Path) -> None:
    paths = [f"/{number}" for number in range(12)]
    with serve_small({}) as partner:
        answers = {path: sent(f"{partner.url}{path}") for path in paths}
        answers |= {"/own": TEXT, "/map.xml": sitemap("{url}/own", *("{url}" + path for path in paths))}
        with serve_small(answers) as site:
            fields = {"sources": "(Sitemap('/map.xml'),)", **LOCAL}
            environ = {**local_environ, **define(tmp_path / "portals", "odd", f"{site.url}/", **fields)}
            ended = crawl("odd", *WINDOW, environ=environ)
    assert ended.report["outcomes"] == {"captured": 1, "off_domain": 12}, ended.stderr


def test_pages_behind_a_consent_wall_are_blocked_and_no_move(local_environ: dict[str, str], tmp_path: Path) -> None:
    paths = [f"/{number}" for number in range(12)]
    answers = {path: sent(f"http://consent.example.org/ask?back={path}") for path in paths}
    answers |= {"/map.xml": sitemap(*("{url}" + path for path in paths))}
    with serve_small(answers) as site:
        fields = {"sources": "(Sitemap('/map.xml'),)", **LOCAL}
        environ = {**local_environ, **define(tmp_path / "portals", "odd", f"{site.url}/", **fields)}
        ended = crawl("odd", *WINDOW, environ=environ)
    assert ended.exit_code == 5
    assert "has moved" not in ended.error["error"]
    assert "blocked: 12 links (a consent wall stands before it)" in ended.error["error"]
