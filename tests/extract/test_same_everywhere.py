"""The same pages give the same records in any process, order, locale, time zone and hash seed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date, timedelta

import pytest

from extract.extractor import extract_article
from extract.page import Page
from spiders.portals.demo import PORTAL
from warraq.demo.portal import DemoSite

PAGES = 12  # each of the demo portal's layouts
SURROUNDINGS = {
    "C locale": {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "0"},
    "Arabic locale, Cairo": {"LC_ALL": "ar_EG.UTF-8", "TZ": "Africa/Cairo", "PYTHONHASHSEED": "1"},
    "Auckland, random hashes": {"LANG": "en_NZ.UTF-8", "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "random"},
    "ASCII output, Honolulu": {"LC_ALL": "POSIX", "TZ": "Pacific/Honolulu", "PYTHONUTF8": "0", "PYTHONHASHSEED": "42"},
}


def records(*, backwards: bool = False) -> str:
    """Digest of the records of some pages, extracted forwards or backwards."""
    site = DemoSite(articles=PAGES, first_day=date(2024, 12, 25), days=2)
    numbers = sorted(range(PAGES), reverse=backwards)
    found = {}
    for number in numbers:
        story = site.story(number)
        page = Page(
            body=site.page(number).body,
            captured_at=story.published_at + timedelta(hours=5),
            url=site.base_url + site.path(site.card(number)),
        )
        found[number] = repr(extract_article(page, PORTAL.profile))
    text = "\n".join(found[number] for number in range(PAGES))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@pytest.fixture(scope="module")
def expected() -> str:
    """The digest in this process."""
    return records()


def test_the_order_of_pages_does_not_matter(expected: str) -> None:
    assert records(backwards=True) == expected


@pytest.mark.parametrize("surroundings", SURROUNDINGS.values(), ids=SURROUNDINGS.keys())
def test_process_locale_zone_and_hash_seed_do_not_matter(surroundings: dict[str, str], expected: str) -> None:
    environ = {name: value for name, value in os.environ.items() if name not in ("LC_ALL", "LANG", "TZ")} | surroundings
    done = subprocess.run(
        [sys.executable, "-W", "ignore", __file__], env=environ, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == expected


if __name__ == "__main__":
    sys.stdout.write(records())
