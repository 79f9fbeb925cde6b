"""Each layout's pages hold the truth, and hold the boilerplate that tests must find gone."""

from __future__ import annotations

import json
import re
from datetime import datetime
from html import escape, unescape
from pathlib import Path

import pytest

from spiders.portals.demo import PORTAL
from storage.model.records import Precision
from tests.fixtures.demo_visitor import visit
from tests.fixtures.paths import ROOT
from warraq.demo.layouts import LAYOUTS
from warraq.demo.portal import DemoSite
from warraq.demo.server.corpus_writer import save_corpus
from warraq.demo.server.faults import FaultKind
from warraq.demo.server.server import ServedSite
from warraq.demo.site import phrases
from warraq.demo.site.non_articles import STUBS
from warraq.demo.site.written_times import dual_line, eastern_numeric, egyptian_line, maghrebi_line

_MARKS = re.compile(r"[ً-ْـ]")


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", _MARKS.sub("", text)))


def _visible(body: bytes, encoding: str) -> str:
    html = re.sub(r"<(script|style).*?</\1>", " ", body.decode(encoding), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_served_page_shows_its_truth(layout: str, served: ServedSite) -> None:
    numbers = [n for n in range(60) if served.site.card(n).layout == layout]
    assert len(numbers) == 6
    for number in numbers:
        truth = served.site.truth(number)
        reply = visit(truth.url)
        assert reply.status == 200
        text = _visible(reply.body, truth.encoding)
        for part in (truth.title, *truth.paragraphs, *truth.boilerplate):
            assert " ".join(part.split()) in text
        assert len(truth.boilerplate) > 5
        if truth.author:
            assert truth.author in reply.body.decode(truth.encoding)


@pytest.mark.parametrize("edition", [0, 1])
def test_no_body_holds_boilerplate_after_folding(edition: int) -> None:
    site = DemoSite(articles=500, days=20)
    for number in range(0, 500, 3):
        truth = site.truth(number, edition=edition)
        body = _folded(truth.body)
        assert not [text for text in truth.boilerplate if _folded(text) in body]


def test_hashed_class_names_change_nothing_but_the_names() -> None:
    named, hashed = DemoSite(articles=10), DemoSite(articles=10, hashed_css=True)
    for number in range(10):
        assert named.truth(number) == hashed.truth(number)
        one, other = named.page(number).body, hashed.page(number).body
        assert _visible(one, named.truth(number).encoding) == _visible(other, named.truth(number).encoding)
        assert not re.findall(rb' class="(?!s[0-9a-f]{8}")', other)


def test_set_phrases_come_in_many_spellings() -> None:
    site = DemoSite(articles=400)
    pages = [site.page(number).body.decode(site.truth(number).encoding) for number in range(0, 400, 2)]
    for pool in (phrases.READ_ALSO, phrases.RELATED, phrases.FOLLOW, phrases.SHARE, phrases.COMMENTS, phrases.POPULAR):
        assert all(any(escape(phrase) in page for page in pages) for phrase in pool)


def test_addresses_are_those_of_the_portal_definition() -> None:
    site = DemoSite(articles=100)
    assert PORTAL.article_url
    articles = [site.truth(n).url for n in range(100)] + [site.base_url + path for path in site.odd_paths()]
    articles += [site.base_url + path for path in STUBS]
    assert [url for url in articles if not re.search(PORTAL.article_url, url)] == []
    lists = ["/", "/section/tech", "/archive/2024/12/01?page=2", "/feed/", "/amp/story/577010", "/page/1", "/?p=577010"]
    assert [path for path in lists if re.search(PORTAL.article_url, site.base_url + path)] == []


def test_the_first_layout_has_the_shape_of_al_masaa(served: ServedSite) -> None:
    truth = served.site.truth(0)
    text = _visible(visit(truth.url).body, "utf-8")
    assert re.fullmatch(r"/\d{6}/", truth.path)
    places = [
        text.index("موقع بوابة الميزان الإخبارية"),
        text.index(f"{truth.title} . الميزان الإخباري", 400),
        text.index("تابع أحدث الأخبار عبر تطبيق"),
        text.index(truth.paragraphs[0]),
        text.index("أخبار متعلقة :"),
    ]
    assert places == sorted(places)
    assert re.search("[٠-٩]", truth.body)
    assert not re.search("[0-9]", truth.body)


def test_the_windows_1256_page_is_named_by_its_meta_element_only(served: ServedSite) -> None:
    number = next(n for n in range(20) if served.site.card(n).layout == "cp1256")
    reply = visit(served.site.truth(number).url)
    assert reply.headers["content-type"] == "text/html"
    assert b'charset="windows-1256"' in reply.body[:400]
    assert served.site.truth(number).title in reply.body.decode("windows-1256")
    with pytest.raises(UnicodeDecodeError):
        reply.body.decode("utf-8")


def test_text_dates_come_without_machine_readable_ones() -> None:
    site = DemoSite(articles=100)
    numbers = [n for n in range(100) if site.card(n).layout == "text_date"]
    precisions = set()
    for number in numbers:
        truth, html = site.truth(number), site.page(number).body.decode()
        article = html[html.index("<article>") : html.index("</article>")]
        assert "datetime=" not in article
        assert "published_time" not in html
        local = site.card(number).local_time
        assert (dual_line(local) if truth.precision is Precision.DAY else maghrebi_line(local)) in article
        precisions.add(truth.precision)
    assert precisions == {Precision.DAY, Precision.MINUTE}


def test_times_are_written_as_arabic_portals_write_them() -> None:
    moment = datetime.fromisoformat("2024-01-12T14:05:00+02:00")
    assert egyptian_line(moment) == "الجمعة، 12 يناير 2024 02:05 م"
    assert dual_line(moment) == "12 كانون الثاني/يناير 2024"
    assert maghrebi_line(moment) == "الجمعة 12 جانفي 2024 - 14:05"
    assert eastern_numeric(moment) == "١٢/٠١/٢٠٢٤ ٠٢:٠٥ م"


def test_eastern_digits_stand_in_the_json_ld_of_one_layout() -> None:
    site = DemoSite(articles=20)
    number = next(n for n in range(20) if site.card(n).layout == "digits")
    html = site.page(number).body.decode()
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)[0])
    assert re.fullmatch(r"[٠-٩]{4}-[٠-٩]{2}-[٠-٩]{2}T.*", data["datePublished"])


@pytest.mark.parametrize("path", STUBS)
def test_pages_that_are_no_articles_are_served(path: str, served: ServedSite) -> None:
    reply = visit(served.base_url + path)
    assert reply.status == 200
    assert STUBS[path].title in reply.body.decode()


@pytest.mark.parametrize("path", DemoSite().odd_paths())
def test_oddly_shaped_articles_show_their_truth(path: str, served: ServedSite) -> None:
    page, truth = served.site.odd_page(path)
    reply = visit(truth.url)
    assert reply.body == page.body
    text = _visible(reply.body, "utf-8")
    assert all(paragraph in text for paragraph in truth.paragraphs)
    assert f'lang="{truth.language}"' in reply.body.decode()


def test_amp_and_mobile_variants_hold_the_article(served: ServedSite) -> None:
    truth = served.site.truth(1)
    amp = visit(f"{served.base_url}/amp{truth.path}")
    assert f'<link rel="canonical" href="{truth.url}">' in amp.body.decode()
    assert truth.paragraphs[0] in unescape(amp.body.decode())
    assert visit(f"{served.base_url}/m{truth.path}").body == visit(truth.url).body


def test_a_saved_corpus_holds_pages_gold_and_manifest(tmp_path: Path) -> None:
    site = DemoSite(articles=10)
    save_corpus(site, tmp_path)
    gold = [json.loads(line) for line in (tmp_path / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    manifest = [json.loads(line) for line in (tmp_path / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["file"] for row in gold] == [row["file"] for row in manifest]
    assert len(gold) == 13
    assert (tmp_path / gold[0]["file"]).read_bytes() == site.page(0).body
    assert gold[0]["body"] == site.truth(0).body
    assert gold[0]["published"] == site.card(0).local_time.isoformat()


def test_the_document_names_every_layout_and_every_fault() -> None:
    text = (ROOT / "docs" / "reference" / "demo_portal.md").read_text(encoding="utf-8")
    missing = [name for name in (*LAYOUTS, *FaultKind) if f"`{name}`" not in text]
    assert not missing, f"describe {missing} in docs/reference/demo_portal.md"
