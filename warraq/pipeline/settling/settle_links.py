"""Reckons up a run: which texts are new, and the one outcome each link ends with. Pure; order in, order out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from spiders.portal.definition import Portal
from storage.errors import StageFailed
from storage.identity.ids import article_id, edition_id
from storage.identity.urls import spelled_url
from storage.model.asked_again import asked_again
from storage.model.outcomes import Outcome, outcome_names, rejected
from storage.model.record_spool import RecordSpool
from storage.model.records import ArticleText, Edition, Fetch, LinkRecord, Rejected
from storage.model.rights import stated_opt_out
from storage.model.window import RunId
from warraq.pipeline.settling.shared_canonicals import SharedCanonicals
from warraq.pipeline.settling.template_texts import TemplateTexts
from warraq.pipeline.workers.page_job import PageJob, Rules

# How a page ends that the portal shows no more; what may be trouble of that hour says nothing.
_TAKEN_AWAY = {Outcome.GONE, Outcome.LEGAL_BLOCK, Outcome.HTTP_3XX, Outcome.HTTP_4XX, Outcome.OFF_DOMAIN}
_OUTCOMES = {name: rank for rank, name in enumerate(outcome_names())}


class Known(Protocol):
    """What the archive knows apart from this run."""

    def has_article(self, article_id: str) -> bool: ...

    def has_edition(self, edition_id: str) -> bool: ...


# Article, address, headline and text of the pages that the archive has of some articles.
PagesOf = Callable[[Collection[str]], Iterable[tuple[str, str, str, str]]]


@dataclass(frozen=True)
class Settled:
    """A run's rows, and their counts."""

    editions: Sequence[Edition]
    fetches: list[Fetch]
    articles_new: int
    new_editions: int  # new texts of articles that are not new, or have one in the run already
    findings: tuple[str, ...] = ()

    @property
    def outcomes(self) -> dict[str, int]:
        """Links by outcome, in the order of the closed list."""
        counts = Counter(fetch.outcome for fetch in self.fetches)
        return {name: counts[name] for name in sorted(counts, key=_OUTCOMES.__getitem__)}


@dataclass(frozen=True)
class _Telling:
    """What one capture of a link said: an edition's id, or a rejection as it is spelled."""

    link: LinkRecord
    said: str
    article: str | None = None


class Reckoning:
    """Collects what the captures of all rounds say, then settles every link.

    The first capture of each distinct text is the edition's origin, so a round with the same pages changes nothing.
    First means first archived: the order of the raw archive, unlike the clock, never runs backwards.
    """

    def __init__(
        self, run: RunId, rules: Rules, rounds: Iterable[Iterable[LinkRecord]], *, finished_at: datetime
    ) -> None:
        """`finished_at` is when the last round was over."""
        self._run, self._rules, self._portal = run, rules, rules.portal
        self._finished_at = finished_at
        self._records: dict[str, list[LinkRecord]] = {}
        for links in rounds:
            for link in links:
                self._records.setdefault(link.link_id, []).append(link)
        self._tellings: dict[str, list[_Telling]] = defaultdict(list)
        # Texts wait on disk; here is the place of each edition, and the article it is of.
        self._spool = RecordSpool(Edition)
        self._editions: dict[str, tuple[int, str]] = {}
        self._origins: dict[str, str] = {}  # edition: the link whose capture it came from
        self._shared = SharedCanonicals()
        self._templates = TemplateTexts()

    def add(self, job: PageJob, result: ArticleText | Rejected) -> None:
        """Take what one capture gave; captures come in the order of the raw archive."""
        if isinstance(result, Rejected):
            self.add_rejected(job.link, result)
            return
        edition = edition_of(self._run, self._rules, job, result)
        self._shared.add(edition, own=self._portal.canonical(job.url))
        self._templates.add(edition)
        if edition.edition_id not in self._editions:
            self._editions[edition.edition_id] = self._spool.add(edition), edition.article_id
            self._origins[edition.edition_id] = job.link.link_id
        self._tell(_Telling(job.link, edition.edition_id, edition.article_id))

    def add_rejected(self, link: LinkRecord, result: Rejected) -> None:
        """Take a capture that is no article, or cannot be read."""
        self._tell(_Telling(replace(link, detail=result.detail or link.detail), rejected(result.reason)))

    def drop(self, link: LinkRecord) -> None:
        """Leave a link out altogether, as if nobody had listed it."""
        self._records.pop(link.link_id, None)
        self._tellings.pop(link.link_id, None)

    def settle(self, known: Known, pages_of: PagesOf = lambda _: ()) -> Settled:
        """Every link with its outcome, and the texts the archive does not have. Raises StageFailed on a gap.

        `pages_of` is asked of articles that the archive has and that new texts at other addresses claim to be.
        """
        self._leave_out_templates()
        doubtful: dict[str, list[int]] = defaultdict(list)
        for edition, (place, article) in self._editions.items():
            if article in self._shared.stated and known.has_article(article) and not known.has_edition(edition):
                doubtful[article].append(place)
        for article, url, title, body in pages_of(doubtful) if doubtful else ():
            claims = [edition.text for edition in self._spool.these(doubtful[article])]
            self._shared.add_archived(article, own=self._portal.canonical(url), title=title, body=body, claims=claims)
        self._part_stories(known)
        news = self._news(known)
        fetches = [self._fetch(link_id, news, known) for link_id in self._records]
        stray = next((fetch for fetch in fetches if fetch.outcome not in _OUTCOMES), None)
        if stray:
            raise StageFailed(
                f"{self._run}: the outcomes do not add up; {stray.link.url} is {stray.outcome!r}, not an end",
                remedy=f"crawl the window again: warraq crawl {self._run.portal}",
            )
        editions = self._spool.these([self._editions[edition][0] for edition in news])
        counts = Counter(news.values())
        findings = self._shared.findings()
        return Settled(editions, fetches, counts[Outcome.NEW], counts[Outcome.EDITION], findings)

    def _leave_out_templates(self) -> None:
        """Reject the pages that give the same few words under many addresses."""
        templates = self._templates.rejections()
        if not templates:
            return
        for edition in templates.keys() & self._editions.keys():
            del self._editions[edition], self._origins[edition]
        for link_id, tellings in self._tellings.items():
            self._tellings[link_id] = [
                _Telling(replace(telling.link, detail=why.detail), rejected(why.reason))
                if (why := templates.get(telling.said))
                else telling
                for telling in tellings
            ]

    def _part_stories(self, known: Known) -> None:
        """Give the stories that state one address of each other's back the addresses they were fetched from; one that
        the archive knows by its own keeps it.
        """
        parted: dict[str, str] = {}  # edition as it was told: as it is now
        editions: dict[str, tuple[int, str]] = {}
        origins: dict[str, str] = {}
        for edition_id_, (place, article) in self._editions.items():
            edition = self._spool.at(place) if article in self._shared.stated else None
            address = self._portal.canonical(edition.url) if edition is not None else ""
            is_parted = self._shared.is_shared(article) and not self._shared.keeps(article, own=address)
            if edition is not None and not known.has_article(article):
                is_parted = is_parted or known.has_article(article_id(edition.portal, address))
            if edition is None or not is_parted:
                editions[edition_id_], origins[edition_id_] = (place, article), self._origins[edition_id_]
                continue
            own = self._shared.parted(edition, own=address)
            editions[own.edition_id] = self._spool.add(own), own.article_id
            origins[own.edition_id] = self._origins[edition_id_]
            parted[edition_id_] = own.edition_id
        self._editions, self._origins = editions, origins
        for link_id, tellings in self._tellings.items():
            self._tellings[link_id] = [
                replace(telling, said=parted[telling.said], article=editions[parted[telling.said]][1])
                if telling.said in parted
                else telling
                for telling in tellings
            ]

    def _tell(self, telling: _Telling) -> None:
        self._records.setdefault(telling.link.link_id, [telling.link])
        self._tellings[telling.link.link_id].append(telling)

    def _news(self, known: Known) -> dict[str, Outcome]:
        """The editions the archive does not have: NEW for the first of an unknown article, else EDITION."""
        news: dict[str, Outcome] = {}
        seen: set[str] = set()
        for edition, (_, article) in self._editions.items():
            if not known.has_edition(edition):
                is_new = article not in seen and not known.has_article(article)
                news[edition] = Outcome.NEW if is_new else Outcome.EDITION
            seen.add(article)
        return news

    def _fetch(self, link_id: str, news: dict[str, Outcome], known: Known) -> Fetch:
        tellings = self._tellings.get(link_id, [])
        articles = [telling for telling in tellings if telling.article]
        if articles:
            shown = _first_shown(articles)
            own = {news.get(each.said) for each in articles if self._origins[each.said] == link_id}
            outcome = next((each for each in (Outcome.NEW, Outcome.EDITION) if each in own), Outcome.UNCHANGED)
            link = self._told_of_later(shown.link, tellings)
            return self._row(link, outcome, article=shown.article, edition=shown.said)
        if tellings:
            shown = next(telling for telling in tellings if telling.said == tellings[-1].said)
            return self._row(shown.link, shown.said)
        records = self._records[link_id]
        link = next(record for record in records if record.outcome == records[-1].outcome)
        guess = article_id(self._portal.name, identity_of(self._portal, None, link.url))
        return self._row(link, link.outcome, article=guess if known.has_article(guess) else None)

    def _told_of_later(self, link: LinkRecord, tellings: Sequence[_Telling]) -> LinkRecord:
        """The link of the text that was shown, with what a later round found in its place."""
        record, last = self._records[link.link_id][-1], tellings[-1]
        if record.outcome in _TAKEN_AWAY:
            told = asked_again(record, record.outcome, by=self._finished_at)
        elif not last.article:
            told = asked_again(last.link, last.said, by=self._finished_at)
        else:
            return link
        return replace(link, detail=f"{link.detail}; {told}" if link.detail else told)

    def _row(self, link: LinkRecord, outcome: str, *, article: str | None = None, edition: str | None = None) -> Fetch:
        link = replace(
            link,
            url=spelled_url(link.url),
            source_url=link.source_url and spelled_url(link.source_url),
            final_url=link.final_url and spelled_url(link.final_url),
        )
        return Fetch(
            link=link,
            portal=self._portal.name,
            run_id=str(self._run),
            window_start=self._run.window.start,
            window_end=self._run.window.end,
            outcome=str(outcome),
            article_id=article,
            edition_id=edition,
        )


def _first_shown(tellings: Sequence[_Telling]) -> _Telling:
    """The first capture of the last text, which may be one that came back, since it was shown again."""
    others = [place for place, telling in enumerate(tellings) if telling.said != tellings[-1].said]
    return tellings[others[-1] + 1 if others else 0]


def edition_of(run: RunId, rules: Rules, job: PageJob, text: ArticleText) -> Edition:
    """The row of `news.articles` that a capture gives."""
    portal = rules.portal
    canonical = identity_of(portal, text.canonical_url, job.url)
    article = article_id(portal.name, canonical)
    return Edition(
        article_id=article,
        edition_id=edition_id(article, text.title, text.body),
        url=spelled_url(job.url),
        portal=portal.name,
        country=portal.country,
        text=replace(text, canonical_url=canonical),
        captured_at=job.page.captured_at,
        run_id=str(run),
        window_start=run.window.start,
        window_end=run.window.end,
        place=job.place,
        extractor_version=rules.version,
        opt_out=stated_opt_out(job.link.detail),
    )


def identity_of(portal: Portal, stated: str | None, url: str) -> str:
    """The URL an article is known by: what the page states, if that is on the portal, else where it was found."""
    for candidate in (stated, url):
        if candidate:
            canonical = portal.canonical(candidate)
            is_own = portal.hosts.owns(canonical) and not portal.hosts.is_front_page(canonical)
            if candidate is url or is_own:
                return canonical
    return url
