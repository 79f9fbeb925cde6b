"""Writes an article from (seed, number): text, people, section, tags; nothing about how a page looks."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from warraq.demo.site import words
from warraq.demo.site.calendar import Calendar
from warraq.demo.site.sentences import dice, eastern_digits, egyptian_spelling, say
from warraq.demo.site.truth import Card, Story
from warraq.demo.site.written_times import WEEKDAYS

FIRST_ID = 577_000
ID_STEP = 3  # one id in three belongs to an article: the gaps of a real portal
SENTENCES_AN_ARTICLE = 64  # room of the sentence counter
SUBHEADINGS_AN_ARTICLE = 4
EDITED_AFTER = timedelta(hours=3)
# Layouts that set Eastern digits, and the one that drops the dots of a final yeh.
EASTERN_LAYOUTS = frozenset({"masaa", "digits"})
EGYPTIAN_LAYOUTS = frozenset({"masaa"})
SUBHEADED_LAYOUTS = frozenset({"masaa", "wordpress", "microdata", "amp"})


def public_id(seed: int, number: int) -> int:
    """The number in an article's address."""
    return FIRST_ID + number * ID_STEP + dice(seed, "id", number).randrange(ID_STEP)


def number_of(seed: int, identifier: int) -> int | None:
    """The article behind a public id, None for a gap."""
    number = (identifier - FIRST_ID) // ID_STEP
    return number if number >= 0 and public_id(seed, number) == identifier else None


def headline(seed: int, number: int, layout: str) -> str:
    """An article's title alone: cheap, for lists of links."""
    text = say("headline", number, seed=seed, template=dice(seed, "headline", number).randrange(1000))
    return _spelled(text, layout)


def section_of(number: int, layouts: int) -> str:
    """Key of the section of an article: whole rounds of layouts take turns, so each section has each layout."""
    return tuple(words.SECTIONS)[number // layouts % len(words.SECTIONS)]


def card(seed: int, number: int, *, layouts: tuple[str, ...], calendar: Calendar) -> Card:
    """What a list says of an article; ten times cheaper than the article."""
    layout = layouts[number % len(layouts)]
    return Card(
        number=number,
        public_id=public_id(seed, number),
        layout=layout,
        title=headline(seed, number, layout),
        section=section_of(number, len(layouts)),
        published_at=calendar.published_at(number),
    )


def write_story(seed: int, number: int, *, layouts: tuple[str, ...], calendar: Calendar, edition: int = 0) -> Story:
    """The whole article. Edition 1 is the silent edit: one sentence replaced, one paragraph added."""
    front = card(seed, number, layouts=layouts, calendar=calendar)
    layout = front.layout
    throw = dice(seed, "story", number)
    author, agency = _origin(throw)
    paragraphs, subheadings = _paragraphs(seed, number, throw, subheaded=layout in SUBHEADED_LAYOUTS)
    paragraphs[0] = paragraphs[0].replace("{day}", f"اليوم {WEEKDAYS[calendar.day_of(number).weekday()]}")
    tags = throw.sample(words.THEMES, 2) + throw.sample(words.REGIONS, 1)
    story = Story(
        **vars(front),
        paragraphs=tuple(_spelled(text, layout) for text in paragraphs),
        subheadings=frozenset(subheadings),
        description=_spelled(say("description", number, seed=seed, template=throw.randrange(1000)), layout),
        author=author and _spelled(author, layout),
        agency=agency,
        tags=tuple(_spelled(tag, layout) for tag in tags),
        caption=_spelled(say("caption", number, seed=seed, template=throw.randrange(1000)), layout),
    )
    return story if edition == 0 else _edited(seed, story)


def _origin(throw: random.Random) -> tuple[str | None, str | None]:
    """A person, an agency, or neither."""
    kind = throw.randrange(10)
    if kind < 6:
        first = throw.choice(words.FEMALE_NAMES if throw.randrange(3) == 0 else words.FIRST_NAMES)
        return f"{first} {throw.choice(words.FAMILY_NAMES)}", None
    return None, throw.choice(words.AGENCIES) if kind < 8 else None


def _paragraphs(seed: int, number: int, throw: random.Random, *, subheaded: bool) -> tuple[list[str], list[int]]:
    counter = number * SENTENCES_AN_ARTICLE
    paragraphs = [say("opening", number, seed=seed, template=throw.randrange(1000))]
    subheadings: list[int] = []
    amount = throw.randrange(5, 10)
    for index in range(amount):
        if subheaded and index in (2, amount - 2):
            subheadings.append(len(paragraphs))
            place = number * SUBHEADINGS_AN_ARTICLE + len(subheadings)
            paragraphs.append(say("subheading", place, seed=seed, template=throw.randrange(1000)))
        texts = []
        for _ in range(throw.randrange(1, 4)):
            texts.append(say("sentence", counter, seed=seed, template=throw.randrange(1000)))
            counter += 1
        paragraphs.append(" ".join(texts))
    return paragraphs, subheadings


def _edited(seed: int, story: Story) -> Story:
    """The same article after the newsroom changed it without saying so."""
    throw = dice(seed, "edit", story.number)
    counter = story.number * SENTENCES_AN_ARTICLE + SENTENCES_AN_ARTICLE - 2
    changed = say("sentence", counter, seed=seed, template=throw.randrange(1000))
    added = say("sentence", counter + 1, seed=seed, template=throw.randrange(1000))
    texts = (
        *story.paragraphs[:1],
        _spelled(changed, story.layout),
        *story.paragraphs[2:],
        _spelled(added, story.layout),
    )
    return replace(story, paragraphs=texts, modified_at=story.published_at + EDITED_AFTER, edition=1)


def _spelled(text: str, layout: str) -> str:
    if layout in EGYPTIAN_LAYOUTS:
        text = egyptian_spelling(text)
    return eastern_digits(text) if layout in EASTERN_LAYOUTS else text
