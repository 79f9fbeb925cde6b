"""Why a page gave what it gave: each decision of the extractor with its evidence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from extract.boilerplate.learnt_lines import LearntLines
from extract.decide.decision import Decision, Evidence
from extract.extractor import Seen, extract_article
from extract.html.block import Block
from extract.page import Page
from extract.profile import UNKNOWN_PORTAL, PortalProfile
from extract.verdict.listing_pages import article_decision
from extract.verdict.page_evidence import Evidence as PageEvidence
from spiders.registry import find_portal
from storage.errors import ObjectMissing
from storage.model.records import ArticleText, Edition, Rejected, RemovedBlock
from storage.model.window import RunId
from storage.objects.open import open_store
from storage.raw.run import RawRun, finished_crawl
from storage.settings import Settings
from warraq.pipeline.extract import RunPages

MAX_PATH_TAGS = 4


@dataclass(frozen=True)
class JudgedLine:
    """One line of the page that was looked at for the text: kept (no rule), or taken out by a rule."""

    text: str
    rule: str | None
    tag: str  # its element and those above, innermost last
    words: int
    link_share: float  # 0 to 1
    place: int  # number of the block on the page


@dataclass(frozen=True)
class Explanation:
    """The decisions of one page. Where the page is no article there is only `kind`, `title` and `body`."""

    result: ArticleText | Rejected
    kind: Decision[bool]
    title: Decision[str] | None
    date: Decision[datetime | None] | None
    authors: Decision[tuple[str, ...]] | None
    body: tuple[JudgedLine, ...]


def explain_page(
    page: Page, profile: PortalProfile = UNKNOWN_PORTAL, *, learnt: LearntLines | None = None
) -> Explanation:
    """Extract the page and tell why. Never raises; the result is that of `extract_article`."""
    seen = Seen()
    result = extract_article(page, profile, learnt=learnt, seen=seen)
    headline, dates, byline = seen.headline, seen.dates, seen.byline
    return Explanation(
        result=result,
        kind=_kind(result, seen.evidence),
        title=Decision(headline.text, float(headline.witnesses), headline.evidence) if headline else None,
        date=Decision(
            dates.published.instant if dates.published else None,
            dates.published.confidence if dates.published else 0.0,
            dates.evidence,
        )
        if dates
        else None,
        authors=Decision(byline.authors, float(len(byline.authors)), byline.evidence) if byline else None,
        body=tuple(_lines(result, seen.blocks)),
    )


def explain_edition(edition: Edition, settings: Settings, *, learnt: LearntLines | None) -> Explanation:
    """The evidence behind an archived page: read as its run read it, with its portal's profile and learnt lines.

    Raises DamagedObject or ObjectMissing where the page cannot be read.
    """
    portal = find_portal(edition.portal, settings)
    raw = RawRun(open_store(settings), RunId.parse(edition.run_id))
    pages = RunPages(raw, finished_crawl(raw), portal)
    for job in pages.at([(edition.place.key, edition.place.offset)]):
        return explain_page(job.page, portal.profile, learnt=learnt)
    if pages.damaged:
        raise pages.damaged[0][1]
    raise ObjectMissing(
        f"{edition.run_id} does not name the page of {edition.url}", remedy="tell what else is lacking: warraq verify"
    )


def _kind(result: ArticleText | Rejected, evidence: PageEvidence | None) -> Decision[bool]:
    """The sum of what speaks for and against an article; another reason for a rejection stands before it as a veto."""
    decision = article_decision(evidence) if evidence is not None else Decision(True, 0.0)
    if isinstance(result, ArticleText):
        return Decision(True, decision.score, decision.evidence)
    veto = Evidence(str(result.reason), -math.inf, result.detail)
    return Decision(False, -math.inf, (veto, *decision.evidence))


def _lines(result: ArticleText | Rejected, blocks: Sequence[Block]) -> Iterator[JudgedLine]:
    """The lines of the text and those taken from between them, in the order of the page."""
    kept = set(result.body.split("\n")) if isinstance(result, ArticleText) else set()
    rules: dict[str, list[RemovedBlock]] = {}
    for removed in result.removed_blocks:
        rules.setdefault(removed.text, []).append(removed)
    for block in blocks:
        taken = next((found for text, found in _starting(rules, block.text)), None)
        if taken:
            yield _line(block, taken.pop(0).rule)
        elif block.text in kept:
            yield _line(block, None)


def _starting(rules: dict[str, list[RemovedBlock]], text: str) -> Iterator[tuple[str, list[RemovedBlock]]]:
    """The removed blocks of this text; long ones are stored cut."""
    for key in (text, text[:500]):
        if rules.get(key):
            yield key, rules[key]


def _line(block: Block, rule: str | None) -> JudgedLine:
    tags = [str(element.tag) + _name(element.get("class")) for element in block.path[:MAX_PATH_TAGS]]
    return JudgedLine(
        text=block.text,
        rule=rule,
        tag=" > ".join(reversed(tags)),
        words=len(block.text.split()),
        link_share=round(block.link_share, 2),
        place=block.order,
    )


def _name(classes: str | None) -> str:
    first = (classes or "").split()[:1]
    return f".{first[0][:30]}" if first else ""
