"""robots.txt and listings that are longer than is read, or lack their end: what came counts, and the rest is told."""

from __future__ import annotations

import gzip
from pathlib import Path

from spiders.politeness.robots_rules import MAX_ROBOTS_BYTES
from storage.model.records import Role
from tests.fixtures.crawl_child import crawl, define, links_by_path, raw_run
from tests.fixtures.small_site import Answer, page, serve_small, sitemap

WINDOW = ("2024-12-01", "2024-12-02")
RUN = "odd/2024-12-01T00Z--2024-12-02T00Z"
LOCAL = {"is_local": "True", "politeness": "Politeness(delay_seconds=0.0)", "sources": "(Sitemap('/sitemap.xml'),)"}
TEXT = page("<article><h1>افتتاح حديقة عامة</h1><p>افتتحت البلدية صباح اليوم حديقة عامة وسط المدينة.</p></article>")


def test_of_a_robots_txt_of_megabytes_the_beginning_is_obeyed(local_environ: dict[str, str], tmp_path: Path) -> None:
    robots = b"User-agent: *\nDisallow: /private/\n" + b"# nothing more\n" * (8 * MAX_ROBOTS_BYTES // 15)
    answers: dict[str, Answer] = {
        "/robots.txt": (200, {"Content-Type": "text/plain"}, robots),
        "/sitemap.xml": sitemap("{url}/private/2", *(f"{{url}}/news/{n}" for n in range(9))),
        "/private/2": TEXT,
        **{f"/news/{n}": TEXT for n in range(9)},
    }
    with serve_small(answers) as site:
        environ = {**local_environ, **define(tmp_path / "portals", "odd", f"{site.url}/", **LOCAL)}
        ended = crawl("odd", *WINDOW, environ=environ)
        assert ended.exit_code == 0, ended.stderr
        assert ended.report["outcomes"] == {"captured": 9, "robots": 1}
        assert "/private/2" not in site.hits
    (robots_capture,) = [
        each for each in raw_run(RUN, environ).captures(role=Role.ROBOTS) if each.url.endswith("robots.txt")
    ]
    assert len(robots_capture.body) < len(robots)


def test_a_page_in_place_of_robots_txt_is_told_and_a_form_to_log_in_closes_the_door(
    local_environ: dict[str, str], tmp_path: Path
) -> None:
    lost = page("<!DOCTYPE html><html><body><h1>عذرا، الصفحة غير موجودة</h1></body></html>")
    answers: dict[str, Answer] = {"/robots.txt": lost, "/sitemap.xml": sitemap("{url}/news/1"), "/news/1": TEXT}
    with serve_small(answers) as site:
        environ = {**local_environ, **define(tmp_path / "portals", "odd", f"{site.url}/", **LOCAL)}
        ended = crawl("odd", *WINDOW, environ=environ)
        assert ended.exit_code == 0, ended.stderr
        assert f"{site.url}: robots.txt is a page: it counts as none" in ended.report["problems"]
        answers["/robots.txt"] = page("<html><body><form><input name=a><input type=password></form></body></html>")
        site.hits.clear()
        closed = crawl("odd", "2024-12-03", "2024-12-04", environ=environ)
    assert closed.exit_code == 4
    assert "a form to log in" in closed.error["error"]
    assert site.hits == ["/robots.txt"]


def test_a_sitemap_that_lacks_its_end_degrades_the_run(local_environ: dict[str, str], tmp_path: Path) -> None:
    whole = "".join(f"<url><loc>{{url}}/news/{n}</loc><!-- {n * 7919 % 9973} --></url>" for n in range(40))
    packed_for: dict[str, bytes] = {}

    def cut(path: str, _: object) -> Answer | None:
        return (200, {"Content-Type": "application/gzip"}, packed_for["body"]) if path == "/sitemap.xml" else None

    with serve_small({f"/news/{n}": TEXT for n in range(40)}, judge=cut) as site:
        text = f"<urlset>{whole}</urlset>".replace("{url}", site.url)
        packed_for["body"] = gzip.compress(text.encode())[:-60]
        environ = {**local_environ, **define(tmp_path / "portals", "odd", f"{site.url}/", **LOCAL)}
        ended = crawl("odd", *WINDOW, environ=environ)
    captured = len(links_by_path(raw_run(RUN, environ)))
    assert 20 <= captured < 40
    (finding,) = ended.report["findings"]
    assert finding.startswith("crawl: sitemap ")
    assert "gzip cut off" in finding
    assert any("gzip cut off" in problem for problem in ended.report["problems"])
