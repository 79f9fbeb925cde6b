"""Why a page gave what it gave: each decision of the extractor with its evidence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from extract.body.text_card import TEXT_CARD
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
from storage.model.records import ArticleText, CrawlReport, Edition, Rejected, WarcPlace
from storage.model.window import RunId
from storage.objects.open import open_store
from storage.raw.run import RawRun
from storage.settings import Settings
from warraq.lookup.kind_places import kind_places, path_of
from warraq.pipeline.extract import RunPages

MAX_FEATURES = 6  # of the scorecard, shown of a line
MAX_BESIDE = 200  # lines beside the text of a rejected page
REJECTED, BESIDE = "rejected", "beside_text"  # in place of a rule: would have been the text, was not looked at for it
_SOURCES = {"body_from_json_ld": "json_ld", "body_from_script": "script"}


@dataclass(frozen=True)
class JudgedLine:
    """One line of the page that was looked at for the text: kept (no rule), or taken out by a rule.

    `score` is the scorecard's log-odds that the line is text, `evidence` its heaviest features; rules and trafilatura
    have a say beside it. Both are empty for lines that stand in JSON-LD or a script.
    """

    text: str
    rule: str | None
    tag: str  # its element and those above, innermost last
    words: int
    link_share: float  # 0 to 1
    place: int  # number of the block on the page, or in what its JSON-LD or script states
    source: str = "page"  # page, json_ld or script: where the line was read
    score: float | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """The decisions of one page. Where the page is no article there is only `kind`, `title` and `body`.

    `unread` says why trafilatura did not read the text (the flags `trafilatura_silent`, `trafilatura_partial`).
    """

    result: ArticleText | Rejected
    kind: Decision[bool]
    title: Decision[str] | None
    date: Decision[datetime | None] | None
    authors: Decision[tuple[str, ...]] | None
    body: tuple[JudgedLine, ...]
    unread: str | None = None


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
        body=tuple(_lines(result, seen)),
        unread=seen.text.unread if seen.text else None,
    )


def explain_edition(edition: Edition, settings: Settings, *, learnt: LearntLines | None) -> Explanation:
    """The evidence behind an archived page: read as its run read it, with its portal's profile and learnt lines.

    Raises DamagedObject or ObjectMissing where the page cannot be read.
    """
    return explain_capture(RunId.parse(edition.run_id), edition.place, edition.url, settings, learnt=learnt)


def explain_capture(
    run: RunId, place: WarcPlace, url: str, settings: Settings, *, learnt: LearntLines | None
) -> Explanation:
    """The same of any page that a run captured, one that was rejected among them; `url` is for the error."""
    portal = find_portal(run.portal, settings)
    raw = RawRun(open_store(settings), run)
    pages = RunPages(raw, _crawl(raw), portal)
    for job in pages.at([(place.key, place.offset)]):
        return explain_page(job.page, portal.profile, learnt=learnt)
    if pages.damaged:
        raise pages.damaged[0][1]
    raise ObjectMissing(f"{run} does not name the page of {url}", remedy="tell what else is lacking: warraq verify")


def _crawl(raw: RawRun) -> CrawlReport:
    report = raw.report()
    if report is None:
        raise ObjectMissing(f"the raw archive of {raw.run} is not here", remedy="restore it from a copy")
    return report


def _kind(result: ArticleText | Rejected, evidence: PageEvidence | None) -> Decision[bool]:
    """The sum of what speaks for and against an article; another reason for a rejection stands before it as a veto."""
    decision = _placed(evidence) if evidence is not None else Decision(True, 0.0)
    if isinstance(result, ArticleText):
        return Decision(True, decision.score, decision.evidence)
    veto = Evidence(str(result.reason), -math.inf, result.detail)
    return Decision(False, -math.inf, (veto, *decision.evidence))


def _placed(evidence: PageEvidence) -> Decision[bool]:
    places, decision = kind_places(evidence), article_decision(evidence)
    return replace(decision, evidence=tuple(replace(e, where=places.get(e.name)) for e in decision.evidence))


def _lines(result: ArticleText | Rejected, seen: Seen) -> Iterator[JudgedLine]:
    """The lines of the text and those taken from between them; of a rejected page those beside it too, for there the
    text that was not seen may stand.
    """
    if seen.text is None:
        return
    is_rejected = isinstance(result, Rejected)
    source = next((of for flag, of in _SOURCES.items() if flag in seen.text.flags), "page")
    judged: dict[int, str | None] = {}
    for block, rule in seen.text.judged:
        said = rule or (REJECTED if is_rejected else None)
        if source == "page":
            judged[block.order] = said
        else:
            yield _line(block, said, source, None)
    beside = 0
    for block, features in zip(seen.blocks, seen.features, strict=True):
        if block.order in judged:
            yield _line(block, judged[block.order], "page", features)
        elif is_rejected and beside < MAX_BESIDE:
            beside += 1
            yield _line(block, block.pruned_by or BESIDE, "page", features)


def _line(block: Block, rule: str | None, source: str, features: Sequence[float] | None) -> JudgedLine:
    # Of text that a script or JSON-LD states there is nothing around it to be scored.
    decision = TEXT_CARD.decide(features) if features is not None else None
    return JudgedLine(
        text=block.text,
        rule=rule,
        tag=path_of(block),
        words=len(block.text.split()),
        link_share=round(block.link_share, 2),
        place=block.order,
        source=source,
        score=decision.score if decision else None,
        evidence=decision.strongest(MAX_FEATURES) if decision else (),
    )
