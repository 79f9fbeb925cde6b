"""No input makes the extractor raise, and hostile pages end soon and in little memory.

`python -m tests.extract.test_never_raises 10000` extracts so many damaged copies of the saved pages and says how long
the slowest took and how much memory all of them.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.extractor import extract_article
from extract.page import Page
from extract.profile import PortalProfile
from storage.model.outcomes import Rejection
from storage.model.records import ArticleText, Rejected
from tests.extract.expected import saved_pages
from tests.fixtures.paths import ROOT

CAPTURED_AT = datetime(2025, 3, 1, tzinfo=UTC)
MEGABYTES = 300  # above what the extractor holds before it reads the page
SECONDS = 5  # of the processor, which a busy machine slows; alone it is less than two
PROSE = "<p>" + "قال الوزير إن المشروع يسير وفق الخطة الموضوعة له منذ العام الماضي. " * 3 + "</p>"
HEAD = "<html><head><title>عنوان الخبر الطويل هنا للتجربة</title></head><body><h1>عنوان الخبر الطويل هنا للتجربة</h1>"
CARD = f'<div class="card"><a href="/x">عنوان خبر من الأخبار الكثيرة هنا</a>{PROSE}</div>'

TAGS = "div p span a h1 h2 ul li table tr td br b script form article img meta title time"
tags = st.sampled_from(TAGS.split())
attributes = st.sampled_from(
    [
        "",
        " class='entry-content'",
        " class='related'",
        " href='/1'",
        " itemprop='articleBody'",
        " name='author' content='x'",
    ]
)
words = st.sampled_from(
    ["اقرأ أيضا:", "كتب: سامي", "2024-13-45", "قال الوزير إن العمل يبدأ غدا صباحا.", "&#0;", "\u200f", "…"]
)
pieces = st.one_of(
    st.builds("<{}{}>".format, tags, attributes), st.builds("</{}>".format, tags), words, st.text(max_size=20)
)


def extract(body: bytes, **known: str) -> ArticleText | Rejected:
    return extract_article(Page(body, CAPTURED_AT, **known))  # type: ignore[arg-type]  # url, content_type


@settings(max_examples=150)
@given(st.lists(pieces, max_size=60))
def test_no_markup_makes_it_raise(parts: list[str]) -> None:
    result = extract("".join(parts).encode("utf-8", "replace"))
    assert isinstance(result, ArticleText | Rejected)


@settings(max_examples=100)
@given(st.binary(max_size=400), st.text(max_size=40), st.text(max_size=40))
def test_no_bytes_address_or_content_type_makes_it_raise(body: bytes, url: str, content_type: str) -> None:
    result = extract(HEAD.encode() + body + PROSE.encode(), url=url, content_type=content_type)
    assert isinstance(result, ArticleText | Rejected)


@settings(max_examples=60)
@given(
    st.text(max_size=60), st.sampled_from(["headline", "author", "datePublished", "articleBody", "keywords", "image"])
)
def test_no_value_in_json_ld_makes_it_raise(value: str, key: str) -> None:
    script = '<script type="application/ld+json">{"@type":"NewsArticle","%s":%s}</script>'
    for written in (f'"{value}"', "[[1]]", '{"a":{"b":[null]}}', "true", "1e999"):
        assert extract((HEAD + script % (key, written) + PROSE).encode("utf-8", "replace"))


@pytest.mark.parametrize("path", saved_pages(), ids=lambda path: path.stem)
def test_a_mutated_page_does_not_make_it_raise(path: Path) -> None:
    for body in mutations(path, 12):
        assert isinstance(extract(body), ArticleText | Rejected)


def mutations(path: Path, count: int) -> Iterator[bytes]:
    """Damaged copies of a page: pieces replaced, and the end cut off, in turn."""
    body = path.read_bytes()
    dice = random.Random(path.stem)
    for number in range(count):
        changed = bytearray(body)
        for _ in range(20 if number % 2 == 0 else 0):
            at = dice.randrange(len(changed))
            changed[at : at + dice.randrange(30)] = dice.choice([b"", b"<", b"</div>", b"\xff", b'"', body[:50]])
            changed = changed or bytearray(b" ")
        yield bytes(changed) if number % 2 == 0 else body[: dice.randrange(len(body))]


HOSTILE = {
    "twenty megabytes": (HEAD + PROSE * 60_000)[:11_000_000],
    "a hundred thousand elements": HEAD + "<b>كلمة</b> " * 100_000,
    "many links": HEAD + '<li><a href="/x">عنوان خبر من الأخبار الكثيرة هنا</a></li>' * 25_000,
    "ten thousand cards": HEAD + CARD * 10_000,
    "links and excerpts in turn": HEAD
    + "".join(f'<p><a href="/{i}">عنوان القصة رقم {i} في القائمة</a></p>{PROSE}' for i in range(6_000)),
    "nine thousand paragraphs": HEAD + "".join(f"<p>{i} كلام كثير عن أمور كثيرة لا تنتهي.</p>" for i in range(9_000)),
    "headings of other stories": HEAD + PROSE * 3 + "<div>اقرأ أيضا</div>" * 3_000 + PROSE,
    "lists of other stories": HEAD
    + PROSE * 3
    + '<section><h3>اقرأ أيضا</h3><ul><li><a href="/1">عنوان خبر آخر طويل قليلا</a></li></ul></section>' * 2_000
    + PROSE,
    "other stories in turn": HEAD
    + PROSE * 3
    + "".join(
        f"<h3>متحف {i} لأدوات الصيد في مخزن مهجور</h3><p>يوزع الخباز {i} أرغفته على من فقدوا بيوتهم.</p>"
        for i in range(3_000)
    ),
    "days": HEAD + PROSE * 3 + "<p>12 مايو 2026</p>" * 3_000 + PROSE,
    "headings of tags": HEAD + PROSE * 3 + "<div>الوسوم</div>" * 3_000 + PROSE,
    "offers to skip": HEAD + PROSE * 3 + '<p><a href="#end">تخطى الأكثر قراءة وواصل القراءة</a></p>' * 3_000 + PROSE,
    "headings of references": HEAD
    + PROSE * 3
    + "<section><h3>المراجع</h3><ul><li>دليل</li></ul></section>" * 3_000
    + PROSE,
    "headlines": HEAD + "<div><h1>عنوان آخر من العناوين الكثيرة</h1><p>كلام كثير.</p></div>" * 6_000,
    "deep nesting": HEAD + "<div>" * 50_000 + PROSE,
    "nested tables": HEAD + "<table><tr><td>" * 3_000 + PROSE,
    "open brackets in json-ld": HEAD + '<script type="application/ld+json">' + "[" * 200_000 + "</script>" + PROSE,
    "long headline": HEAD + "<h1>" + "عنوان | " * 50_000 + "</h1>" + PROSE,
    "long class": HEAD + '<div class="' + "a-b " * 300_000 + '">' + PROSE,
    "only digits": HEAD + "<p>" + "12 " * 100_000 + "</p>" + PROSE,
    "only dashes": HEAD + "<p>" + "- " * 100_000 + "</p><p>" + "-" * 100_000 + "</p>" + PROSE,
    "lines deep down": HEAD + "<div>" * 1_500 + PROSE * 3_000,
    "inline elements in one line": HEAD + "<p>" + "<b>كلمة</b>" * 9_000 + "</p>" + PROSE,
    "a row of cells": HEAD + "<table><tr>" + "<td>خلية</td>" * 18_000 + "</tr></table>" + PROSE,
    "marks that change places": HEAD + "<p>" + "\u0f71\u0f72\u0f74" * 30_000 + "</p>" + PROSE,
    "a word like names": HEAD + "<p>" + "a" * 110 + "!</p><p>" + "Ab-" * 60 + "!</p>" + PROSE,
    "many stated titles": HEAD
    + "".join(f'<meta property="og:title" content="عنوان رقم {i} من العناوين الكثيرة">' for i in range(1_900))
    + "".join(f"<p>{i} كلام كثير عن أمور كثيرة لا تنتهي.</p>" for i in range(4_000)),
    "many nodes in json-ld": HEAD
    + '<script type="application/ld+json">'
    + '{"@type":"NewsArticle","headline":"خبر"} ' * 9_000
    + "</script>"
    + PROSE,
    "a list without end": HEAD + "<p>وشملت القائمة:</p><ul>" + "<li>بند قصير</li>" * 18_000 + "</ul>" + PROSE,
    "many headings of comments": HEAD + PROSE * 3 + "<h3>التعليقات</h3><p>رائع جدا هذا الخبر يا سادة.</p>" * 9_000,
    "paragraphs in a script that nobody closes": HEAD
    + "<script>"
    + "\\u003cp\\u003e" * 200_000
    + "</script><p>قصير</p>",
    "comments before the page": "<?xml ?>" + "<!-- -->" * 2_000 + HEAD + PROSE,
    "one element's attributes": HEAD + "<div " + " ".join(f"a{i}=1" for i in range(200_000)) + ">" + PROSE,
    "attributes of many elements": HEAD + f"<b {' '.join(f'a{i}' for i in range(60))}>كلمة</b> " * 12_000 + PROSE,
    "a word without end": HEAD + "<p>" + "ا" * 1_200_000 + "</p>" + PROSE,
    "dots without end": HEAD + "<p>" + "." * 1_200_000 + "</p>" + PROSE,
    "long words in long lines": HEAD + ("<p>" + ("الم" * 32 + " ") * 79 + "</p>") * 165,
    "lines behind breaks": HEAD + "<p>" + "<br>".join(f"{i} كلام كثير عن أمور لا تنتهي " * 5 for i in range(5_400)),
    "lines without a stop": HEAD
    + "".join(f"<p>{'وذلك من الأمور التي كانت على ما يرام في المدينة ' * 5}{i}</p>" for i in range(4_000)),
    "marks of no letter": '<meta name="author" content="' + "\u0301\u0323" * 1_000_000 + '">' + HEAD + PROSE * 3,
    "many metas": "<head>" + '<meta name="author" content="سامي الغندور">' * 20_000 + "</head>" + PROSE,
}


@pytest.fixture(scope="module")
def spent() -> dict[str, tuple[float, float]]:
    """Seconds and megabytes of each hostile page, each read in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", __name__, "hostile"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, tuple[float, float]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_ends_soon_and_takes_little_memory(name: str, spent: dict[str, tuple[float, float]]) -> None:
    seconds, megabytes = spent[name]
    assert seconds < SECONDS
    assert megabytes < MEGABYTES


def spent_on(body: bytes) -> tuple[float, float]:
    """Seconds of the processor, and megabytes at the most, of a process that only extracts this."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.process_time()
        is_result = isinstance(extract(body), ArticleText | Rejected)
        seconds = time.process_time() - started
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        os.write(writer, json.dumps([seconds, (most - held) / 1024]).encode())
        os._exit(0 if is_result else 1)
    os.close(writer)
    with os.fdopen(reader) as said:
        seconds, megabytes = json.loads(said.read())
    _, status = os.waitpid(child, 0)
    assert status == 0
    return seconds, megabytes


def extract_damaged(count: int) -> None:
    """Extract damaged copies of the saved pages, and print what it took."""
    paths = saved_pages()
    before, slowest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0.0
    found = {"articles": 0, "rejected": 0}
    for number, path in enumerate(paths):
        for body in mutations(path, count // len(paths) + (number < count % len(paths))):
            started = time.process_time()
            found["articles" if isinstance(extract(body), ArticleText) else "rejected"] += 1
            slowest = max(slowest, time.process_time() - started)
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    sys.stdout.write(f"{found}, none raised; the slowest took {slowest:.2f} s, all of them {more:.0f} MB\n")


def main() -> None:
    """What the tests run in a process without threads, and the long run."""
    extract(HEAD.encode())
    if sys.argv[1] == "hostile":
        sys.stdout.write(json.dumps({name: spent_on(page.encode()) for name, page in HOSTILE.items()}))
    else:
        extract_damaged(int(sys.argv[1]))


def test_a_page_beyond_the_bounds_is_too_complex() -> None:
    for name in ("twenty megabytes", "a hundred thousand elements"):
        result = extract(HOSTILE[name].encode())
        assert isinstance(result, Rejected)
        assert result.reason is Rejection.TOO_COMPLEX


def test_selectors_that_do_not_parse_select_nothing() -> None:
    profile = PortalProfile(title=("h1[",), body=("::",), remove=("p:nth(",), author=(">",), date=("",), section=("[",))
    assert isinstance(extract_article(Page((HEAD + PROSE).encode(), CAPTURED_AT), profile), ArticleText)


if __name__ == "__main__":
    main()
