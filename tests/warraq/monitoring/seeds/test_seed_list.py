"""Lists of addresses as people keep them, and the names that portals get."""

from __future__ import annotations

import pytest

from storage.errors import UsageError
from warraq.monitoring.seeds.seed_list import Seed, named, read_seeds

LIST = """url\tcountry\tname
# sites of the north
https://www.example.com/\tEG

ar.second.example.jo\tAsia/Amman\tJO
third\thttp://third.example.org/ar/\tSA
https://example.com/again
http://127.0.0.1:8123/
"""


def test_fields_are_told_apart_by_what_they_are_and_a_host_counts_once() -> None:
    assert read_seeds(LIST, where="list") == [
        Seed("https://www.example.com/", country="EG"),
        Seed("https://ar.second.example.jo/", country="JO", timezone="Asia/Amman"),
        Seed("http://third.example.org/ar/", name="third", country="SA"),
        Seed("http://127.0.0.1:8123/"),
    ]


def test_names_come_from_the_list_or_the_host_and_are_free() -> None:
    seeds = read_seeds(LIST, where="list")
    assert [seed.name for seed in named(seeds, taken={"example"})] == ["example2", "second", "third", "site8123"]


@pytest.mark.parametrize(
    ("text", "complaint"), [("", "names no address"), ("https://a.example/\nEG\tx", "line 2"), ("# only", "no address")]
)
def test_a_list_without_addresses_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        read_seeds(text, where="list")
