"""What discovery found is kept for 90 days, looked for again when it dies, and a change is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from spiders.links.working_sources import LOOK_AGAIN_AFTER, FoundSources, read_found, write_found
from spiders.portal.definition import Feed, Section, Sitemap
from spiders.registry import load_portals
from storage.objects.open import open_store
from storage.settings import read_settings
from tests.fixtures.crawl_child import crawl, define
from tests.fixtures.site_walk import portal
from tests.fixtures.small_site import Answer, page, serve_small

NOW = datetime(2024, 12, 25, 8, tzinfo=UTC)
TEXT = page("<article><h1>افتتاح حديقة عامة</h1><p>افتتحت البلدية صباح اليوم حديقة عامة وسط المدينة.</p></article>")


def test_what_was_found_counts_for_ninety_days(local_environ: dict[str, str]) -> None:
    store = open_store(read_settings(local_environ))
    assert read_found(store, portal()) == FoundSources()
    found = FoundSources((Feed("/feed"), Sitemap("/map.xml")), NOW)
    write_found(store, portal(), found)
    read = read_found(store, portal())
    assert read == found
    assert read.current(NOW + LOOK_AGAIN_AFTER - timedelta(days=1)) == found.sources
    assert read.current(NOW + LOOK_AGAIN_AFTER) == ()
    assert read_found(store, portal(start_url="https://other.example/")) == FoundSources()
    write_found(store, portal(), FoundSources(found.sources))
    assert read_found(store, portal()).current(NOW) == (), "an earlier version did not say when"


def test_a_dead_source_and_a_new_one_are_told_and_sections_are_not() -> None:
    before = FoundSources((Feed("/old"), Sitemap("/map.xml"), Section("/a")), NOW)
    gone, new = before.changes_to((Sitemap("/map.xml"), Feed("/new"), Section("/b")))
    assert gone == "discovery: feed /old worked before and lists nothing now"
    assert new.startswith("discovery: feed /new is new")
    assert before.changes_to((*before.sources, Section("/b"))) == ()
    assert FoundSources().changes_to((Feed("/new"),)) == ()


def test_when_a_found_feed_dies_another_is_looked_for_and_both_are_told(
    local_environ: dict[str, str], tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    window = (f"{now - timedelta(days=1):%Y-%m-%dT%H:00Z}", f"{now + timedelta(hours=1):%Y-%m-%dT%H:00Z}")
    items = "".join(
        f"<item><link>{{url}}/news/{n}</link><pubDate>{now - timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}</pubDate></item>"
        for n in range(6)
    )
    feed: Answer = (200, {"Content-Type": "application/rss+xml"}, f"<rss><channel>{items}</channel></rss>".encode())

    def front(path: str) -> Answer:
        return page(f'<head><link rel="alternate" type="application/rss+xml" href="{path}"></head><p>مرحبا</p>')

    answers = {"/": front("/one.rss"), "/one.rss": feed, **{f"/news/{n}": TEXT for n in range(6)}}
    with serve_small(answers) as site:
        fields = {"sources": "(Auto(),)", "is_local": "True", "politeness": "Politeness(delay_seconds=0.0)"}
        environ = {**local_environ, **define(tmp_path / "portals", "odd", f"{site.url}/", **fields)}
        first = crawl("odd", *window, environ=environ)
        assert first.report["problems"] == [], first.stderr
        del answers["/one.rss"]
        answers |= {"/": front("/two.rss"), "/two.rss": feed}
        second = crawl("odd", *window, environ=environ)
    told = "\n".join(second.report["problems"])
    assert f"feed {site.url}/one.rss worked before and lists nothing now" in told
    assert f"feed {site.url}/two.rss is new" in told


def test_a_declared_source_that_dies_is_told_and_another_is_proposed_and_not_read(
    local_environ: dict[str, str], tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    window = (f"{now - timedelta(days=1):%Y-%m-%dT%H:00Z}", f"{now + timedelta(hours=1):%Y-%m-%dT%H:00Z}")
    dated = f"<lastmod>{now - timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}</lastmod>"

    def listing(*numbers: int) -> Answer:
        entries = "".join(f"<url><loc>{{url}}/news/{n}</loc>{dated}</url>" for n in numbers)
        return 200, {"Content-Type": "application/xml"}, f"<urlset>{entries}</urlset>".encode()

    rules = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow:\nSitemap: /a.xml\nSitemap: /new.xml\n")
    answers: dict[str, Answer] = {"/robots.txt": rules, "/a.xml": listing(1, 2), "/b.xml": listing(3)}
    answers |= {"/new.xml": listing(4), **{f"/news/{n}": TEXT for n in range(1, 5)}}
    with serve_small(answers) as site:
        fields = {"is_local": "True", "politeness": "Politeness(delay_seconds=0.0)"}
        fields["sources"] = "(Sitemap('/a.xml'), Sitemap('/b.xml'))"
        environ = {**local_environ, **define(tmp_path / "portals", "odd", f"{site.url}/", **fields)}
        first = crawl("odd", *window, environ=environ)
        assert first.report["problems"] == [], first.stderr
        assert "/new.xml" not in site.hits, "the clock has begun, nothing is due"
        del answers["/b.xml"]
        store = open_store(read_settings(environ))
        began = read_found(store, load_portals(read_settings(environ))["odd"])
        write_found(
            store, load_portals(read_settings(environ))["odd"], replace(began, found_at=now - timedelta(days=2))
        )
        second = crawl("odd", *window, environ=environ)
        told = "\n".join(second.report["problems"])
        assert f"sitemap {site.url}/b.xml of the definition lists nothing" in told.replace(" /b", f" {site.url}/b")
        assert f"sitemap {site.url}/new.xml lists articles: put it into the definition" in told
        assert "/a.xml lists articles" not in told
        assert "/news/4" not in site.hits
        site.hits.clear()
        crawl("odd", *window, environ=environ)
        assert "/new.xml" not in site.hits, "not in every run"
