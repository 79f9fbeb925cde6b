"""Writers whom a page names for machines, and how far that counts where our Arabic words cannot judge a byline."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from extract.fields.person_names import MAX_NAME_CHARACTERS, person_names
from extract.html.block import Block
from extract.html.json_ld import strings, types_of
from extract.html.metadata import PageMetadata
from extract.lexicon.people import DESK_WORDS
from storage.identity.arabic_folding import text_norm

MAX_STATED = 8
_ORGANISATIONS = frozenset(("Organization", "NewsMediaOrganization", "Corporation", "WebSite"))
_NAME_FIELDS = (
    "author",
    "article:author",
    "articleauthor",
    "parsely-author",
    "cxenseparse:author",
    "sailthru.author",
    "byl",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
)
_PARTICLE_WORDS = "de del della der den di da do dos du la le van von vom zu zum bin al el ten ter y e af av"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
# Words of bylines in Latin letters that no person is called, where sites print them with capitals.
_BYLINE_WORDS = """updated update published publish posted written reviewed checked edited verified researched medically
fact last read reading minute minutes min share photo photos image images getty reuters credit courtesy by on at in and
the this for with from about comments views contact email subscribe follow licensed certified senior chief executive
learn more view full profile featured items item lead reviewer
am pm ist gmt utc est digital director actualizado publicado aktualisiert veroffentlicht publie mis"""
_NO_NAMES = frozenset(_BYLINE_WORDS.split())
_NAME_LINE = re.compile(r"[^\W\d_][\w.'’\-]*(?:[ /,&]+[^\W\d_][\w.'’\-]*){1,7}[ /,&]*")
# «EHA»: an agency's.
_ACRONYM = re.compile(r"[A-ZÇĞİÖŞÜ]{2,6}")
# «webdesk2» is whose login it is.
_ACCOUNT = re.compile(r"[a-z_.-]{3,}\d{1,4}")
_ADDRESS = re.compile(r"[@/]|\bwww\.|\.(?:com|net|org|info)\b", re.IGNORECASE)


def stated_persons(metadata: PageMetadata) -> list[str]:
    """Names that JSON-LD gives as persons (or without a type)."""
    value = (metadata.article or {}).get("author")
    items = value if isinstance(value, list) else [value]
    names: list[str] = []
    for item in items[:MAX_STATED]:
        if isinstance(item, dict) and types_of(item) & _ORGANISATIONS:
            continue
        names += strings(item) or _name_in_parts(item)
    return names


def stated_accounts(metadata: PageMetadata) -> list[str]:
    """Names that meta elements give: a writer's, as often the account's that saved the page."""
    return [name for field in _NAME_FIELDS for name in metadata.meta.get(field, []) if not _ADDRESS.search(name)]


def name_line(block: Block, outlets: set[str]) -> list[str]:
    """The persons that a paragraph names and nothing else, in letters that have capitals: «Nora Lindqvist/Per Dahl»."""
    if block.tag != "p" or block.links or not _NAME_LINE.fullmatch(block.text):
        return []
    names = [name for name in person_names(block.text, outlets) if is_plausible(name)]
    return names if all(_has_capitals(name) for name in names) else []


def other_script_authors(
    shown: Iterable[str],
    metadata: PageMetadata,
    outlets: set[str],
    *,
    alone: Iterable[str] = (),
    linked: Collection[str] = (),
) -> list[str]:
    """The writers of a page that is not in Arabic letters. `shown` are the names read from its bylines.

    Words for labels, desks and outlets are known in Arabic, so elsewhere what is stated for machines is the better
    witness: a shown name counts if it agrees or if nobody is stated, and a stated one need not be shown. `alone` are
    names that are a line below the headline, which nothing calls a byline. `linked` are those of `shown` that lead to a
    writer's page: beside one that is stated they are writers too, where metadata have room for one.
    """
    plausible = [name for name in shown if is_plausible(name)]
    called = [name.strip(" ,;") for name in stated_persons(metadata)]
    persons = [name for text in called for name in person_names(text, outlets) if is_plausible(name)]
    is_shown_better = any(map(_has_capitals, plausible)) and any(map(_has_capitals, called))
    if not persons and not is_shown_better:
        persons = [name for name in called if _is_called_person(name) and text_norm(name) not in outlets]
    accounts = [
        name for text in stated_accounts(metadata) for name in person_names(text, outlets) if is_plausible(name)
    ]
    for stated in (persons, accounts):
        if stated:
            agreed = [name for name in plausible if any(_same(name, other) for other in stated)]
            return [name for name in plausible if name in agreed or name in linked] if agreed else stated
    return plausible or list(alone) or [name for name in called if _is_called_person(name)]


def is_plausible(name: str) -> bool:
    """Whether a name in letters that have capitals is written like a person's."""
    words = [word for word in re.split(r"[\s\-]+", name) if word]
    if any(text_norm(word) in _NO_NAMES for word in words) or _ACCOUNT.fullmatch(name):
        return False
    return all(not word[0].islower() or text_norm(word) in _PARTICLES for word in words)


def _has_capitals(name: str) -> bool:
    return name != name.lower()


def _same(one: str, other: str) -> bool:
    a, b = text_norm(one), text_norm(other)
    return a in b or b in a


def _name_in_parts(item: object) -> list[str]:
    if not isinstance(item, dict):
        return []
    parts = [part for key in ("givenName", "familyName") for part in strings(item.get(key))[:1]]
    return [" ".join(parts)] if len(parts) > 1 else []


def _is_called_person(name: str) -> bool:
    """A name of one word, an agency's or one that looks like a desk's: it is the publisher who calls it a person."""
    folded = text_norm(name)
    if not 2 <= len(folded) <= MAX_NAME_CHARACTERS or _ADDRESS.search(name) or _ACRONYM.fullmatch(name.strip()):
        return False
    if _ACCOUNT.fullmatch(name):
        return False
    return not set(folded.split()) <= DESK_WORDS
