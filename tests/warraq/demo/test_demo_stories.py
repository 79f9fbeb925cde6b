"""The demo portal's texts: the same from the same seed, and never the same sentence twice."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from datetime import date

import pytest

from warraq.demo.portal import MAX_ARTICLES, DemoSite
from warraq.demo.site.sentences import egyptian_spelling, templates
from warraq.demo.site.stories import SENTENCES_AN_ARTICLE, SUBHEADINGS_AN_ARTICLE

THOUSANDS = 3000
_DIGEST = """
import hashlib, sys
from warraq.demo.server.listings import Listings
from warraq.demo.portal import DemoSite
site = DemoSite(seed=5, articles=60)
digest = hashlib.sha256()
for number in range(60):
    digest.update(site.page(number).body)
    digest.update(repr(site.truth(number, edition=1)).encode())
digest.update(Listings(site).feed())
digest.update(Listings(site).front_page())
sys.stdout.write(digest.hexdigest())
"""


def test_the_same_seed_gives_the_same_bytes_in_every_process_and_locale() -> None:
    digests = set()
    for hash_seed, locale, zone in (("1", "C", "Asia/Tokyo"), ("2", "ar_EG.UTF-8", "UTC")):
        environ = os.environ | {"PYTHONHASHSEED": hash_seed, "LC_ALL": locale, "TZ": zone, "PYTHONUTF8": "0"}
        run = subprocess.run([sys.executable, "-c", _DIGEST], env=environ, capture_output=True, text=True, check=True)
        digests.add(run.stdout)
    assert len(digests) == 1
    assert len(digests.pop()) == 64


def test_another_seed_gives_another_site() -> None:
    one, other = DemoSite(seed=1, articles=20), DemoSite(seed=2, articles=20)
    assert not {one.story(n).title for n in range(20)} & {other.story(n).title for n in range(20)}


def test_no_sentence_occurs_twice_in_thousands_of_articles() -> None:
    site = DemoSite(articles=THOUSANDS, days=300)
    seen: dict[str, int] = {}
    sentences = 0
    for number in range(THOUSANDS):
        story = site.story(number)
        edited = site.story(number, edition=1)
        for text in (story.title, *story.paragraphs, edited.paragraphs[1], edited.paragraphs[-1]):
            for sentence in re.split(r"(?<=[^.]\.) ", text):
                assert seen.setdefault(sentence, number) == number, f"{sentence!r} is in {seen[sentence]} and {number}"
                sentences += 1
    assert sentences == len(seen) > 10 * THOUSANDS


@pytest.mark.parametrize(
    ("kind", "an_article"),
    [("sentence", SENTENCES_AN_ARTICLE), ("opening", 1), ("headline", 1), ("subheading", SUBHEADINGS_AN_ARTICLE)],
)
def test_every_template_has_room_for_the_largest_site(kind: str, an_article: int) -> None:
    for template in templates(kind):
        assert template.fillings >= MAX_ARTICLES * an_article, template.literals


def test_a_site_of_fifty_thousand_articles_costs_nothing_before_it_is_asked() -> None:
    site = DemoSite(articles=50_000, days=365, first_day=date(2024, 1, 1))
    last = site.story(49_999)
    assert last.local_time.date() == date(2024, 12, 30)
    assert hashlib.sha256(site.page(49_999).body).digest() == hashlib.sha256(site.page(49_999).body).digest()


def test_an_edit_changes_the_text_and_keeps_the_identity() -> None:
    site = DemoSite()
    before, after = site.truth(13), site.truth(13, edition=1)
    assert (before.url, before.title, before.published_at) == (after.url, after.title, after.published_at)
    assert before.body != after.body
    assert before.modified_at is None
    assert after.modified_at is not None
    assert after.modified_at > after.published_at


def test_egyptian_spelling_drops_the_dots_of_a_final_yeh_only() -> None:
    assert egyptian_spelling("في البيت الذي يبنيه علي.") == "فى البيت الذى يبنيه على."
