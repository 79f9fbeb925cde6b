"""Pages whose story is told by pictures or a film: what they show."""

from __future__ import annotations

from extract.html.element_roles import class_words
from extract.lexicon.page_kinds import GALLERY_WORDS, VIDEO_HOSTS, VIDEO_WORDS
from extract.verdict.page_evidence import Evidence


def pictures_shown(evidence: Evidence) -> int:
    """Pictures in elements that call themselves galleries."""
    count = 0
    for element in evidence.root.iter("div", "ul", "section", "figure", "amp-carousel"):
        if element.tag == "amp-carousel" or class_words(element) & GALLERY_WORDS:
            count = max(count, sum(1 for _ in element.iter("img", "amp-img")))
    return count


def has_player(evidence: Evidence) -> bool:
    """Whether a film or a sound can be played on the page."""
    for element in evidence.root.iter("video", "iframe", "amp-youtube", "amp-video", "amp-iframe", "div"):
        if element.tag == "div":
            if class_words(element) & VIDEO_WORDS and "jwplayer" in class_words(element):
                return True
        elif element.tag in ("video", "amp-youtube", "amp-video") or VIDEO_HOSTS.search(element.get("src") or ""):
            return True
    return False
