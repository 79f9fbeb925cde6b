"""What a worker process does with one captured page."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace

from extract.boilerplate.learnt_lines import LearntLines, version_with
from extract.decide.version import extractor_version
from extract.page import Page
from extract.profile import PortalProfile
from spiders.portal.definition import Portal
from storage.model.outcomes import Rejection
from storage.model.records import ArticleText, Capture, LinkRecord, Rejected, WarcPlace
from storage.tables.removal_register import NOTHING_DENIED, Denied, Removal, masked

# What a clean process imports once, before workers are forked from it. The parent needs no extractor and loads none.
PRELOAD = (__name__, "extract.extractor")

MASK = "█████"  # of one length, so that it does not tell the name's


@dataclass(frozen=True)
class PageJob:
    """A captured page and the link that led to it. `problem` says why its body could not be decoded."""

    page: Page
    url: str
    place: WarcPlace
    link: LinkRecord
    problem: str | None = None


@dataclass(frozen=True)
class Rules:
    """What pages of a portal are extracted with."""

    portal: Portal
    learnt: LearntLines | None = None
    denied: Denied = NOTHING_DENIED  # what was removed on request

    @property
    def version(self) -> str:
        """As it stands in each row."""
        return version_with(extractor_version(), self.learnt)

    @property
    def work(self) -> Callable[[PageJob], ArticleText | Rejected]:
        """What Workers take."""
        return functools.partial(page_result, self.portal.profile, self.learnt, self.denied)


def page_job(capture: Capture, link: LinkRecord) -> PageJob:
    """The job for one capture."""
    page = Page(
        body=capture.body,
        captured_at=capture.captured_at,
        url=capture.url,
        content_type=capture.header("content-type"),
        status=capture.status,
        # A revisited link carries what we made of the article before: our own guess is no witness of its date.
        listed_at=link.listed_at if link.source != "revisit" else None,
        link_header=", ".join(value for name, value in capture.headers if name.lower() == "link"),
    )
    return PageJob(page, capture.url, capture.place, link, capture.problem)


def page_result(
    profile: PortalProfile, learnt: LearntLines | None, denied: Denied, job: PageJob
) -> ArticleText | Rejected:
    """The article on the page, or why there is none; words that are to be redacted are masked."""
    if job.problem:
        return Rejected(Rejection.DAMAGED, job.problem)
    from extract.extractor import extract_article  # noqa: PLC0415 - half a second for the parent, who extracts nothing

    found = extract_article(job.page, profile, learnt=learnt)
    return _redacted(found, denied) if denied.removals and isinstance(found, ArticleText) else found


def _redacted(text: ArticleText, denied: Denied) -> ArticleText:
    blocks = [block.text for block in text.removed_blocks]
    said = (text.title, text.body, text.description or "", *text.authors, *text.tags, *blocks)
    for removal in denied.redactions(*said):

        def mask(words: str, removal: Removal = removal) -> str:
            return masked(words, removal, mask=MASK)

        text = replace(
            text,
            title=mask(text.title),
            body=mask(text.body),
            description=None if text.description is None else mask(text.description),
            licence=None if text.licence is None else mask(text.licence),
            authors=tuple(map(mask, text.authors)),
            tags=tuple(map(mask, text.tags)),
            removed_blocks=tuple(replace(block, text=mask(block.text)) for block in text.removed_blocks),
        )
    return replace(text, word_count=len(text.body.split()))


def failed_page(job: PageJob, cause: str) -> Rejected:
    """The result for a page that killed or hung its worker."""
    return Rejected(Rejection.TOO_COMPLEX, f"extraction {cause}")
