"""Parameters that look like tracking and by which a portal's listings tell stories apart: those are kept.

`?ref=3` mostly says how a reader came, and on some portals it names the story. The listings know: where leaving a
parameter out makes one address of several stories, it is no tracking. What was learnt is kept in the archive, because
a quiet hour lists one story only, and in each crawl's report, so that extraction gives the same rows again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable

from spiders.portal.definition import Portal
from spiders.sources.reading.article_links import names_one_thing
from spiders.sources.records import ListedLink
from storage.errors import ObjectMissing
from storage.identity.urls import doubtful_parameters, parameter_value, without_parameter
from storage.objects.keys import told_apart_key
from storage.objects.store import ObjectStore

# Each entry of these is a story of its own; a page links one story several times, and says so in its links' texts.
_ENTRIES = frozenset({"feed", "news_sitemap", "sitemap", "wordpress"})
# What others captured or what was counted up is no listing of the portal's.
_NO_LISTINGS = frozenset({"web_archive", "numeric_ids", "revisit"})


def told_apart_by(links: Iterable[ListedLink], portal: Portal) -> frozenset[str]:
    """The doubtful parameters by which the links of one listing are told apart, without those known before."""
    groups: dict[tuple[str, str], dict[str, tuple[str | None, bool]]] = defaultdict(dict)
    for link in links:
        if "?" not in link.url or link.source in _NO_LISTINGS:
            continue
        for name in doubtful_parameters(link.url).difference(portal.told_apart_by):
            rest = without_parameter(link.url, name)
            value = parameter_value(link.url, name)
            if value and portal.hosts.owns(link.url):
                groups[name, rest][value] = link.title, link.source in _ENTRIES
    return frozenset(name for (name, rest), stories in groups.items() if _are_stories(rest, stories))


def _are_stories(rest: str, stories: dict[str, tuple[str | None, bool]]) -> bool:
    """Whether addresses that differ in one parameter are several stories, and not several ways to one."""
    titles = {title for title, _ in stories.values() if title}
    if all(is_entry for _, is_entry in stories.values()):
        return len(stories) > 1 and len(titles) != 1
    return len(titles) > 1 and not names_one_thing(rest)


def read_told_apart(store: ObjectStore, portal: Portal) -> Portal:
    """The portal with what earlier crawls learnt; as it is where that is missing or unreadable."""
    try:
        names = json.loads(store.get(told_apart_key(portal.name)))
        return portal.telling_apart(str(name) for name in names)
    except (ObjectMissing, ValueError, TypeError):
        return portal


def write_told_apart(store: ObjectStore, portal: Portal) -> None:
    """Keep what the portal is told apart by."""
    store.put(told_apart_key(portal.name), json.dumps(sorted(portal.told_apart_by)).encode())
