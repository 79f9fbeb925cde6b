"""A parameter is tracking only where the portal's listings do not tell stories apart by it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from spiders.links.told_apart import read_told_apart, told_apart_by, write_told_apart
from spiders.portal.definition import Portal
from spiders.sources.records import ListedLink
from storage.objects.local import LocalStore
from tests.fixtures.crawl_child import child_environ, crawl, define, links_by_path, raw_run
from tests.fixtures.small_site import page, serve_small, sitemap

PORTAL = Portal("nakhla", "نخلة", "Nakhla", "EG", "Africa/Cairo", "https://nakhla.example/")


def listed(*addresses: str | tuple[str, str], source: str = "sitemap") -> list[ListedLink]:
    pairs = [(address, None) if isinstance(address, str) else address for address in addresses]
    return [ListedLink(f"https://nakhla.example{url}", source, "x", title=title) for url, title in pairs]


@pytest.mark.parametrize(
    ("links", "names"),
    [
        (listed("/s.php?ref=1", "/s.php?ref=2"), {"ref"}),
        (listed("/s.php?src=1&c=4", "/s.php?c=4&src=2"), {"src"}),
        (listed("/s.php?REF=1&amp;x=1", "/s.php?ref=2&amp;x=1"), {"ref"}),
        (listed("/s.php?feature=a&ref=9", "/s.php?feature=b&ref=9"), {"feature"}),
        (listed("/s.php?id=1&ref=map", "/s.php?id=2&ref=map"), set()),
        (listed("/s.php?ref=1", "/s.php"), set()),
        (listed("/s.php?ref=1", "/other.php?ref=2"), set()),
        (listed("/s.php?utm_source=1", "/s.php?utm_source=2"), set()),
        (listed("/s.php?id=1", "/s.php?id=2"), set()),
        (listed(("/s?ref=1", "المرفأ"), ("/s?ref=2", "المرفأ"), source="feed"), set()),
        (listed(("/s?ref=1", "المرفأ"), ("/s?ref=2", "السوق"), source="feed"), {"ref"}),
        (listed(("/s?ref=1", "المرفأ"), ("/s?ref=2", "السوق"), source="section"), {"ref"}),
        (listed(("/55012?ref=1", "المرفأ يفتح"), ("/55012?ref=2", "المرفأ"), source="section"), set()),
        (listed("/s?ref=1", "/s?ref=2", source="section"), set()),
        (listed("/s?ref=1", "/s?ref=2", source="web_archive"), set()),
        (listed("/s?ref=1", "/s?ref=2", source="revisit"), set()),
        ([ListedLink(f"https://other.example/s?ref={n}", "sitemap", "x") for n in (1, 2)], set()),
        ([], set()),
    ],
)
def test_a_listing_tells_stories_apart_or_not(links: list[ListedLink], names: set[str]) -> None:
    assert told_apart_by(links, PORTAL) == names
    assert told_apart_by(links, PORTAL.telling_apart(names)) == set()


def test_what_was_learnt_is_kept_and_nonsense_is_passed_over(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    assert read_told_apart(store, PORTAL) == PORTAL
    write_told_apart(store, PORTAL.telling_apart({"src", "ref"}))
    assert read_told_apart(store, PORTAL).told_apart_by == ("ref", "src")
    store.put("learnt/parameters/portal=nakhla.json", b"{]")
    assert read_told_apart(store, PORTAL) == PORTAL


def test_stories_that_a_parameter_names_are_asked_for_and_archived_in_every_run(
    local_environ: dict[str, str], tmp_path: Path
) -> None:
    """The first listing names one story only, before the second tells; a later, quiet hour lists one again."""
    story = (
        "<html lang='ar'><h1>{0} في المرفأ</h1>"
        + "<p>{0} عند الرصيف الكبير في صباح الأحد وسط حضور كثيف من السكان.</p>" * 9
    )
    answers = {f"/s.php?ref={n}": page(story.format(word)) for n, word in ((1, "سفينة"), (2, "سوق"), (3, "مهرجان"))}
    answers["/n.php?id=4"] = page(story.format("منارة"))
    answers["/one.xml"] = sitemap("{url}/s.php?ref=2")
    every = [f"{{url}}/s.php?ref={n}&amp;utm_source=map" for n in (1, 2, 3)]
    answers["/sitemap.xml"] = sitemap(*every, "{url}/n.php?id=4&amp;src=map")
    with serve_small(answers) as site:
        fields = {"sources": "(Sitemap('/one.xml'), Sitemap('/sitemap.xml'))", "is_local": "True"}
        fields["politeness"] = "Politeness(delay_seconds=0.0, concurrency=1)"
        environ = {**local_environ, **define(tmp_path / "portals", "odd", f"{site.url}/", **fields)}
        ended = crawl("odd", "2024-12-01", "2024-12-02", environ=environ)
        links = links_by_path(raw_run("odd/2024-12-01T00Z--2024-12-02T00Z", environ))
        assert {name: link.outcome for name, link in links.items()} == dict.fromkeys(
            ("s.php?ref=1", "s.php?ref=2", "s.php?ref=3", "n.php?id=4"), "captured"
        ), ended.stderr
        site.answers["/one.xml"] = site.answers["/sitemap.xml"] = sitemap("{url}/s.php?ref=3")
        crawl("odd", "2024-12-05", "2024-12-06", environ=environ)
        later = links_by_path(raw_run("odd/2024-12-05T00Z--2024-12-06T00Z", environ))
        assert {name: link.outcome for name, link in later.items()} == {"s.php?ref=3": "captured"}
        assert "/s.php" not in site.hits
    run = ["odd/2024-12-01T00Z--2024-12-02T00Z"]
    for stage in ("extract", "publish"):
        subprocess.run([sys.executable, "-m", "warraq", stage, *run], env=child_environ(environ), check=False)
    sql = "SELECT count(DISTINCT article_id) AS n FROM articles"
    told = subprocess.run(
        [sys.executable, "-m", "warraq", "query", sql, "--format", "json"],
        env=child_environ(environ),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(told.stdout) == [{"n": 4}]
