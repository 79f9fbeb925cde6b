"""The text that a page carries in the state of its scripts, for pages that show none: their scripts would draw it."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from itertools import islice

from extract.html.block import Block
from extract.html.blocks import read_blocks
from extract.html.own_story import OwnStory
from extract.html.parsing import Element, NotHtml, TooComplex, parse_html
from extract.html.script_state import (
    MAX_SCRIPT_CHARACTERS,
    MIN_PARAGRAPH_LETTERS,
    MIN_SCRIPT_CHARACTERS,
    MIN_TEXT_CHARACTERS,
    story_in_state,
)

MIN_PARAGRAPHS = 2
# Between two paragraphs of one text stand a picture and its caption.
MAX_GAP_CHARACTERS = 1_500

# Markup in a string of JSON: its signs are escaped, in a string within a string twice.
_ESCAPES = {"u003c": "<", "u003e": ">", "u0026": "&", '"': '"', "/": "/", "n": "\n", "t": " ", "r": ""}
_ESCAPED = re.compile(r'\\+(u003[cC]|u003[eE]|u0026|["/ntr])')
_CODE_POINT = re.compile(r"\\+u([0-9a-fA-F]{4})")
_OPENING = re.compile(r"<(p|h[2-6]|blockquote|li)\b[^<>]{0,500}>", re.IGNORECASE)
MAX_PARAGRAPH_CHARACTERS = 20_000
MAX_OPENINGS = 20_000
_NO_LETTERS = re.compile(r"[\W\d_]+")
_TAG = re.compile(r"<[^<>]{1,1000}>")
# Between two paragraphs: a list of other stories begins.
_OTHER_STORIES = re.compile(r'"(?:related|recommended|latest|mostRead|popular|trending)[A-Za-z_]{0,20}"\s*:\s*[\[{]')


def scripted_blocks(root: Element, story: OwnStory, *, is_article: bool) -> list[Block] | None:
    """The blocks of the page's own story in a script, or of the longest run of paragraphs in a script's strings; None
    where no script has a text.
    """
    told = story_in_state(root.iter("script"), story, is_article=is_article)
    best = (told or {}).get("articleBody", "")
    for script in root.iter("script") if not best else ():
        source = script.text or ""
        if not MIN_SCRIPT_CHARACTERS <= len(source) <= MAX_SCRIPT_CHARACTERS or (
            "003c" not in source and "<p" not in source
        ):
            continue
        for run in _runs(_unescaped(source)):
            best = max(best, run, key=len)
    if len(_TAG.sub("", best)) < MIN_TEXT_CHARACTERS:
        return None
    try:
        return read_blocks(parse_html(f"<html><body><article>{best}</article></body></html>"))
    except (NotHtml, TooComplex):
        return None


def _unescaped(source: str) -> str:
    text = _ESCAPED.sub(lambda match: _ESCAPES[match[1].lower()], source)
    return _CODE_POINT.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return "" if 0xD800 <= code <= 0xDFFF else html.escape(chr(code), quote=False)


def _runs(text: str) -> Sequence[str]:
    """Paragraphs that stand near each other, as markup."""
    runs: list[list[str]] = []
    end = -MAX_GAP_CHARACTERS
    lower = text.lower()
    if len(lower) != len(text):  # İ becomes two characters
        lower = text
    for match in islice(_OPENING.finditer(text), MAX_OPENINGS):
        closing = f"</{match[1].lower()}>"
        close = lower.find(closing, match.end() + 1, match.end() + MAX_PARAGRAPH_CHARACTERS)
        if match.start() < end or close < 0:
            continue
        gap = text[max(0, end) : match.start()]
        if not runs or len(gap) > MAX_GAP_CHARACTERS or _OTHER_STORIES.search(gap):
            runs.append([])
        end = close + len(closing)
        runs[-1].append(text[match.start() : end])
    return ["".join(run) for run in runs if sum(map(_is_long, run)) >= MIN_PARAGRAPHS]


def _is_long(paragraph: str) -> bool:
    return len(_NO_LETTERS.sub("", _TAG.sub("", paragraph))) >= MIN_PARAGRAPH_LETTERS
