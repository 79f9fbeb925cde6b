"""The news agency that a byline, a dateline or a signature names; never the running text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from extract.html.block import Block
from extract.lexicon.agencies import AGENCIES, AGENCY
from storage.identity.arabic_folding import text_norm

MAX_BYLINE_CHARACTERS = 120
MAX_SOURCE_WORDS = 6
_SOURCE = re.compile(
    r"^(?:ال)?(?:مصدر|مصادر)(?: (?:الخبر|المقال|الاصلي|الاصليه))?(?: |$)"
    r"|^(?:نقلا عن|بحسب|عن وكاله|source)(?: |$)|^عن (?=\S+$)"
)
_ANY = re.compile(AGENCY)
_NEWSPAPER = re.compile(r"(?:صحيفه|جريده|مجله|يوميه|اسبوعيه) ")  # «صحيفة الوطنية» is not the agency of that name
# Between place, day and agency in a dateline or a signature.
_BETWEEN = re.compile(r"\sـ+\s|[-–—/،,()«»]")
# «المنيا / واس /», «المنيا – رويترز –», «المنيا ـ رويترز.»: one or two parts before the text.
_DATELINE = re.compile(r"^([^؟!]{2,40}?(?:\s*[-–—ـ/]{1,3}\s*[^؟!:/–—ـ-]{2,24}?)?)(?:\s*[-–—ـ]{1,3}\s|\s*/|\.\s)")


def agency_of(texts: Iterable[str]) -> str | None:
    """The agency that one of the short texts names."""
    folded = [text_norm(text) for text in texts if len(text) <= MAX_BYLINE_CHARACTERS]
    if not any(map(_ANY.search, folded)):
        return None
    for agency in AGENCIES:
        if any(agency.pattern.search(text) for text in folded):
            return agency.name
    return None


def source_agency(blocks: Sequence[Block], *, own: Sequence[str] = (), only_labelled: bool = False) -> str | None:
    """The agency that a line of source names («المصدر: رويترز»), in one line or in two; or one that is a line alone.

    `own` are the site's names, folded: what names the site itself names no agency.
    """
    for at, block in enumerate(blocks):
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        if len(block.text) > MAX_BYLINE_CHARACTERS:
            continue
        label = _SOURCE.match(block.folded)
        if only_labelled and label is None:
            continue
        value = block.folded[label.end() :] if label else block.folded
        if label and not value and following is not None and len(following.text) <= MAX_BYLINE_CHARACTERS:
            value = following.folded
        if _NEWSPAPER.match(value) or says_itself(value, own):
            continue
        if label is None:
            named = _alone_in(block)
        elif len(value.split()) <= MAX_SOURCE_WORDS:
            named = agency_of([value])
        else:
            named = None
        if named is not None:
            return named
    return None


def says_itself(folded: str, own: Iterable[str]) -> bool:
    """Whether a name is one of the site's own, or has nothing that is not in it: «وفا» on the site «وكالة وفا»."""
    return bool(folded) and any(f" {folded} " in f" {name} " for name in own)


def _alone_in(block: Block) -> str | None:
    """The agency that a line without label is, alone or with its place or a second one («رويترز - المنيا»), or that an
    element of the line is.
    """
    if not _ANY.search(block.folded):
        return None
    pieces = block.pieces if block.pruned_by is None else []
    texts = pieces if block.words > MAX_SOURCE_WORDS else [block.text, *pieces]
    parts = {text_norm(part) for text in texts for part in (text, *_BETWEEN.split(text))}
    return next((agency.name for agency in AGENCIES if any(map(agency.pattern.fullmatch, parts))), None)


def dateline_agency(body: str) -> str | None:
    """The agency of a dateline («القاهرة - أ ش أ:», «دمشق (CNN) --») or of a signature in brackets at the end."""
    first = body[:100].split("\n", maxsplit=1)[0]
    match = re.match(r"^([^.؟!:]{2,60}?)\s*(?::|--)", first) or _DATELINE.match(first)
    candidates = []
    if match:
        candidates += re.findall(r"[(/«]\s*([^()«»/]{2,30})\s*[)/»]", match[0]) + _BETWEEN.split(match[1])
        candidates = [part for part in candidates if len(part.split()) <= 4]
    last = body[-60:].rsplit("\n", maxsplit=1)[-1]
    candidates += re.findall(r"المصدر\s*[:：]\s*([^.،:]{2,30})\W*$", last)
    candidates += re.findall(r"[(\[]\s*([^()\[\]]{2,30})\s*[)\]]\W*$", last)
    candidates += re.findall(r"[.؟!]\s*[-–—ـ/«*]+\s*([^«»/.-]{2,30}?)\W*$", last)
    for text in candidates:
        folded = text_norm(text)
        for agency in AGENCIES:
            if agency.pattern.fullmatch(folded):
                return agency.name
    return None
