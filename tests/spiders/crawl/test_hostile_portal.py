"""Portals that fail, lie or attack: each link ends in the outcome that says what happened, and the crawl goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.fixtures.crawl_child import child_environ, crawl, define, links_by_path, raw_run
from warraq.demo.server.server import ServedSite

WINDOW = ("2024-12-01", "2024-12-03")
RUN = "demo/2024-12-01T00Z--2024-12-03T00Z"
# Fault by article number, and how its link ends.
FAULTS = {
    10: ("500", "http_5xx"),
    11: ("500*2", "captured"),
    12: ("reset", "connection"),
    13: ("cut", "bad_response"),
    14: ("404", "http_4xx"),
    15: ("410", "http_4xx"),
    16: ("403", "http_4xx"),
    17: ("redirect-loop", "redirect_limit"),
    18: ("redirect-off-domain:http://news.example/", "off_domain"),
    19: ("redirect-private:http://169.254.169.254/latest/meta-data/", "off_domain"),
    20: ("huge:20", "too_large"),
    21: ("gzip-bomb:200", "too_large"),
    22: ("429:1*1", "captured"),
    23: ("503:1*1", "captured"),
    24: ("truncated-gzip", "captured"),  # complete as sent, damaged inside: extraction says so
    25: ("not-html", "captured"),
    26: ("soft-404", "captured"),
}
CRAWL_WITH_OPTIONS = """
from datetime import UTC, datetime
from spiders.crawl.run import crawl
from spiders.registry import find_portal
from storage.settings import read_settings
from storage.model.window import Window
settings = read_settings()
window = Window.parse(sys.argv[1], sys.argv[2], now=datetime.now(UTC))
crawl(find_portal("demo", settings), window, settings, options=CrawlOptions(page_seconds=2.0))
"""


def test_each_fault_ends_in_its_outcome(served: ServedSite, crawl_environ: dict[str, str]) -> None:
    for number, (fault, _) in FAULTS.items():
        served.faults.add(f"{fault}@#{number}")
    ended = crawl("demo", *WINDOW, environ=crawl_environ)
    links = links_by_path(raw_run(RUN, crawl_environ))
    found = {}
    for number, (fault, _) in FAULTS.items():
        link = links[served.site.path(served.site.card(number)).lstrip("/")]
        found[number] = (fault, link.outcome)
    assert found == FAULTS, ended.stderr
    # 9 of about 60 failed: told, but not degraded.
    assert ended.exit_code in (0, 3), ended.stderr
    problems = "\n".join(ended.report["problems"])
    for outcome in ("http_5xx", "connection", "redirect_limit", "too_large"):
        assert f"{outcome}: " in problems
    assert "for example http" in problems
    # The tries before the one that counted are in the raw archive too: `warraq why LINK` tells them.
    raw = raw_run(RUN, crawl_environ)
    entries = [entry for chunk in raw.counting_chunks() for entry in raw.index(chunk)]
    tried = links[served.site.path(served.site.card(11)).lstrip("/")].url
    assert [(entry.status, entry.role) for entry in entries if entry.url == tried] == [
        (500, "other"),
        (500, "other"),
        (200, "page"),
    ]


def test_patience_that_is_asked_for_is_given_by_all_requests(served: ServedSite, crawl_environ: dict[str, str]) -> None:
    path = served.site.path(served.site.card(22))
    served.faults.add("429:3*1@#22")
    crawl("demo", *WINDOW, environ=crawl_environ)
    hits = served.hits.all()
    asked = next(hit for hit in hits if hit.path == path and hit.status == 429)
    # What was under way may still arrive; after that nobody asks for three seconds.
    quiet_until = asked.until + 2.9
    early = [hit.path for hit in hits if asked.until + 1 < hit.at < quiet_until]
    assert early == []
    assert any(hit.at >= quiet_until for hit in hits)


def test_a_wait_of_an_hour_is_left_to_a_later_run(served: ServedSite, crawl_environ: dict[str, str]) -> None:
    served.faults.add("503:3600@#22")
    ended = crawl("demo", *WINDOW, environ=crawl_environ)
    assert ended.exit_code == 4, ended.stderr
    assert "3600 s" in ended.error["error"]
    assert raw_run(RUN, crawl_environ).report() is None


def test_sources_that_break_are_told(served: ServedSite, crawl_environ: dict[str, str]) -> None:
    environ = {**crawl_environ, **_two_sources(served, crawl_environ)}
    served.faults.add("500@/feed/", "gzip-bomb:200@/sitemap.xml")
    ended = crawl("two", *WINDOW, environ=environ)
    assert ended.exit_code == 3, "discovery steps in, and the run is degraded: " + ended.stderr
    assert "no declared source of two listed a link" in ended.report["reasons"][0]
    assert any("/sitemap.xml: " in line for line in ended.report["problems"])


def test_a_host_that_leads_to_a_private_address_is_not_connected_to(
    served: ServedSite, crawl_environ: dict[str, str]
) -> None:
    port = served.base_url.rsplit(":", 1)[1]
    folder = _folder(crawl_environ)
    # The portal is not declared local, and its name resolves to loopback.
    environ = {**crawl_environ, "WARRAQ_CONTACT": "desk@archive.example"}
    environ |= define(folder, "trap", f"http://localhost:{port}/")
    ended = crawl("trap", *WINDOW, environ=environ)
    assert ended.exit_code == 4, ended.stderr
    assert "private_address" in ended.error["error"]
    environ |= define(folder, "trapip", f"http://127.0.0.1:{port}/")
    ended = crawl("trapip", *WINDOW, environ=environ)
    assert "private_address" in ended.error["error"]
    assert served.hits.all() == []


def test_a_portal_that_is_down_is_to_be_tried_again(served: ServedSite, crawl_environ: dict[str, str]) -> None:
    environ = {**crawl_environ, "WARRAQ_DEMO_URL": "http://127.0.0.1:9"}
    ended = crawl("demo", *WINDOW, environ=environ)
    assert ended.exit_code == 4, ended.stderr
    assert "robots.txt is unreachable" in ended.error["error"]


def test_a_portal_that_goes_down_midway_is_to_be_tried_again(served: ServedSite, crawl_environ: dict[str, str]) -> None:
    served.faults.add("reset@every/1")
    ended = crawl("demo", *WINDOW, environ=crawl_environ)
    assert ended.exit_code == 4, ended.stderr
    served.faults.clear()
    again = crawl("demo", *WINDOW, environ=crawl_environ)
    assert again.exit_code == 0, again.stderr


def test_time_caps_hold_for_a_page_and_for_a_run(served: ServedSite, crawl_environ: dict[str, str]) -> None:
    served.faults.add("slow:12@#22", "trickle:12@#23", "slow:0.2@every/1")
    code = f"import sys; from spiders.links.options import CrawlOptions\n{CRAWL_WITH_OPTIONS}"
    process = subprocess.Popen(
        [sys.executable, "-c", code, *WINDOW], env=child_environ(crawl_environ), stderr=subprocess.PIPE, text=True
    )
    _, stderr = process.communicate(timeout=200)
    links = links_by_path(raw_run(RUN, crawl_environ))
    ends = [links[served.site.path(served.site.card(number)).lstrip("/")].outcome for number in (22, 23)]
    assert ends == ["timeout", "timeout"], stderr

    served.faults.add("slow:5@every/1")
    limited = crawl("demo", *WINDOW, "--max-seconds", "12", environ=crawl_environ)
    assert limited.exit_code == 3, limited.stderr
    assert limited.report["outcomes"]["budget"] >= 1
    assert any("limit of 12 seconds" in problem for problem in limited.report["problems"])


def _folder(environ: dict[str, str]) -> Path:
    return Path(environ["WARRAQ_CACHE"]).parent / "portals"


def _two_sources(served: ServedSite, environ: dict[str, str]) -> dict[str, str]:
    sources = "(Feed('/feed/'), Sitemap('/sitemap.xml'))"
    return define(
        _folder(environ),
        "two",
        f"{served.base_url}/",
        sources=sources,
        is_local="True",
        politeness="Politeness(delay_seconds=0.0)",
    )
