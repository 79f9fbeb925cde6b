"""What an element is for, told by its tag, role and class names: navigation, sharing, related links, comments…

Class names are split into words (`related-posts`, `relatedPosts` → related, posts), because portals agree on the
English words and on nothing else. A rule only proposes: see `extract/body/region.py` for the guard that keeps wrappers.
"""

from __future__ import annotations

import re
from functools import lru_cache

from extract.html.block import HEADING_TAGS, MAX_LABEL_WORDS
from extract.html.parsing import Element
from extract.lexicon.class_names import BODY_NAMES, FACT_BOXES, STRUCTURE_RULES, STRUCTURE_TAGS

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# 2638ad0 and n1AuAdJl are no advertisements, ad300x250 is one.
_PART = re.compile(r"[^A-Za-z0-9]+")
_NUMBER_INSIDE = re.compile(r"\d(?!x\d)[A-Za-z]")
_NO_WORDS = frozenset[str]()
_BESIDE = frozenset(("no", "without", "with", "has"))
HIDDEN = "shape.hidden"
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Names of text that a click unfolds or shows next: it is hidden, and yet the article's.
_UNFOLDS = re.compile(
    r"more|full|rest|content|text|body|article|story|details|collaps|accordion|expand|answer|slide|slick|swiper",
    re.IGNORECASE,
)
# Classes of a theme's wrapper may list every tag of the article; the first ones tell enough. What is remembered is as
# short, whatever a page has for a class.
MAX_NAME_CHARACTERS = 300
# Places of the structure rules, by their words, and those that look at whole names.
_PLACES: dict[str, set[int]] = {}
for _place, _rule in enumerate(STRUCTURE_RULES):
    for _word in _rule.words:
        _PLACES.setdefault(_word, set()).add(_place)
_NAMED = [(place, rule.names.search) for place, rule in enumerate(STRUCTURE_RULES) if rule.names is not None]
# Words beside so many buttons ask the reader something: a quiz, a bet on a result.
MIN_BUTTONS = 2


@lru_cache(maxsize=20_000)
def _words(names: str) -> frozenset[str]:
    """The words of class names and ids."""
    return _NO_WORDS.union(*map(_words_of_one, names.split()))


@lru_cache(maxsize=20_000)
def _words_of_one(name: str) -> frozenset[str]:
    """The words of a name, but for parts that a program made up, headings that became an id, and names that say what
    there is beside or inside the element, as `no-share` does.
    """
    parts = [part for part in _PART.split(name) if part]
    # A name of more is a heading that became an id.
    if len(parts) > MAX_LABEL_WORDS or (parts[:1] and parts[0].lower() in _BESIDE):
        return _NO_WORDS
    told = [part for part in parts if not _NUMBER_INSIDE.search(part)]
    return frozenset(word.lower() for part in told for word in _WORD.findall(part))


@lru_cache(maxsize=20_000)
def _named_rule(names: str) -> str | None:
    proposed = set[int]().union(*map(_proposed_by_one, names.split()))
    if not proposed:
        return None
    words = _words(names)
    rules = (STRUCTURE_RULES[place] for place in sorted(proposed))
    return next((rule.id for rule in rules if not rule.unless & words), None)


@lru_cache(maxsize=20_000)
def _proposed_by_one(name: str) -> frozenset[int]:
    """Places of the structure rules that one name speaks of: pages repeat names more than what they combine."""
    folded = name.lower()
    by_names = [place for place, search in _NAMED if search(folded)]
    return frozenset(by_names).union(*[_PLACES[word] for word in _words_of_one(name) if word in _PLACES])


def names_of(element: Element) -> str:
    """Class and id of an element as one string, the first characters."""
    classes, name = element.get("class"), element.get("id")
    both = f"{classes or ''} {name}" if name else classes or ""
    return both.strip()[:MAX_NAME_CHARACTERS]


def is_hidden(element: Element) -> bool:
    """Whether the element says that it is not shown."""
    style = element.get("style")
    is_said = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    return is_said or (style is not None and _HIDDEN_STYLE.search(style) is not None)


def structure_rule(element: Element) -> str | None:
    """The id of the rule that takes the element for something else than article text, or None."""
    # Elementor builds a page's head and foot of plain elements, and says which they are.
    rule = STRUCTURE_TAGS.get(element.tag) or STRUCTURE_TAGS.get(element.get("data-elementor-type"))
    if rule is not None:
        return None if element.tag == "aside" and class_words(element) & FACT_BOXES else rule
    role = element.get("role")
    if role in ("navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "complementary", "menu"):
        return f"role.{role}"
    names = names_of(element)
    if is_hidden(element) and element.get("role") != "tabpanel" and not _UNFOLDS.search(names):
        return HIDDEN
    if len(element) > MIN_BUTTONS and (buttons := sum(1 for _ in element.iterchildren("button"))):
        if buttons >= MIN_BUTTONS:
            return "tag.buttons"
        if element.find("input") is not None:
            return "tag.form"  # in all but its tag
    if element.tag == "section":
        names = f"{names} {element.get('aria-labelledby') or ''}".strip()  # the id of its heading, which says it too
    rule = _named_rule(names[:MAX_NAME_CHARACTERS]) if names else None
    return None if rule == "class.navigation" and element.tag in HEADING_TAGS else rule


def class_words(element: Element, *more: str) -> frozenset[str]:
    """The words of an element's class and id, and of `more` attributes that name it."""
    names = names_of(element)
    if more:
        names = " ".join(filter(None, (names, *map(element.get, more))))[:MAX_NAME_CHARACTERS]
    return _words(names) if names else _NO_WORDS


@lru_cache(maxsize=20_000)
def _body_rank(names: str) -> int | None:
    folded = names.lower()
    for rank, pattern in enumerate(BODY_NAMES):
        if pattern.search(folded):
            return rank
    return None


def body_rank(element: Element) -> int | None:
    """How strongly the element calls itself the article's text: 0 is strongest, None not at all."""
    if "articlebody" in (element.get("itemprop") or "").lower():
        return 0
    names = names_of(element)
    return _body_rank(names) if names else None
