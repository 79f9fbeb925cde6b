"""Pages: asks for the links of a run and settles each with what came back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from spiders.fetch.archived_copies import captured_then, open_copy
from spiders.fetch.next_request import Follow, Retry
from spiders.http.browser import browser_meta, ending_of_browser_error
from spiders.http.decompression import check_growth
from spiders.http.exchange import exchange_of, header_map, header_pairs, request_of
from spiders.http.redirects import NOWHERE_YET, Step, Trail, is_consent_wall, redirect_target, sent_on_to
from spiders.http.request_outcomes import Ending, HostFacts, Refused, ending_of_exception, ending_of_response
from spiders.http.retry_policy import REACHED, RULES, wait_before_next_try
from spiders.job.job import CrawlJob
from spiders.links.known_links import KnownLink
from spiders.links.link_selection import listing_rank
from spiders.links.told_apart import told_apart_by
from spiders.politeness.page_opt_out import page_statement
from spiders.sources.discovery import choose_sources
from spiders.sources.records import ListedLink
from storage.identity.urls import canonical_url, doubtful_parameters, without_tracking
from storage.model.outcomes import Outcome
from storage.model.records import Role
from storage.raw.content_encoding import Headers


@dataclass(frozen=True)
class PageTask:
    """A link on its way: where the request stands in redirects and tries."""

    link: ListedLink
    link_id: str
    known: KnownLink | None = None
    tries: int = 1
    trail: Trail = NOWHERE_YET


@dataclass
class Pages:
    """Makes page requests and settles links; `host_facts` tells what was seen of a host."""

    job: CrawlJob
    host_facts: Callable[[str], HostFacts]
    silent: int = field(default=0)  # links in a row that got no answer
    sampled: Counter[str] = field(default_factory=Counter)  # pages taken up, by the listing that named them
    _stripped: defaultdict[str, list[ListedLink]] = field(default_factory=lambda: defaultdict(list))  # as listed, by id
    _ranks: dict[str, tuple[int, float, str]] = field(default_factory=dict)  # of the listing that counts, by link id

    def consider(self, link: ListedLink) -> PageTask | None:
        """Take a listed link up; None where it needs no request, or a listing that dates it better was read before.

        What was removed on request is written down nowhere.
        """
        selection = self.job.selection
        if selection.is_denied(link.url):
            self.job.state.denied.add(selection.identity(link.url))
            return None
        return self._taken_up(link)

    def _taken_up(self, link: ListedLink) -> PageTask | None:
        job = self.job
        if link.copy is None:
            link = self._without_tracking(link)
        choice = job.selection.choose(link)
        record = choice.record
        rank = listing_rank(link)
        if record.link_id in job.link_log:
            if job.plan.options.sample_pages is not None or rank >= self._ranks[record.link_id]:
                return None
            job.link_log.withdraw(record.link_id)
        self._ranks[record.link_id] = rank
        if link.is_guess and _is_missing(job.plan.earlier.get(record.link_id)):
            return None
        job.link_log.open(record)
        if choice.ending is not None:
            job.link_log.settle(record.link_id, choice.ending, detail=choice.detail)
            return None
        if earlier := job.plan.earlier.get(record.link_id):
            job.link_log.adopt(earlier)
            return None
        if job.plan.options.dry_run or not self._is_in_sample(link, record.link_id):
            return None
        return PageTask(link, record.link_id, choice.known)

    def learn(self, links: Sequence[ListedLink]) -> list[ListedLink]:
        """See by which parameters a listing tells stories apart; links of others to be considered again for it."""
        selection = self.job.selection
        names = told_apart_by(links, selection.portal)
        if not names:
            return []
        selection.portal = selection.portal.telling_apart(names)
        again = []
        for link_id, listed in list(self._stripped.items()):
            if any(names & doubtful_parameters(link.url) for link in listed) and self.job.link_log.is_open(link_id):
                self.job.link_log.withdraw(link_id)
                again += self._stripped.pop(link_id)
        return again

    def _without_tracking(self, link: ListedLink) -> ListedLink:
        """The link as it is asked for; what was left out in doubt is remembered, a later listing may know better."""
        portal = self.job.selection.portal
        url = without_tracking(link.url, keep_query=portal.keep_query, told_apart_by=portal.told_apart_by)
        if url == link.url:
            return link
        stripped = replace(link, url=url)
        if doubtful_parameters(link.url).difference(portal.told_apart_by):
            self._stripped[self.job.selection.identity(url)].append(link)
        return stripped

    def _is_in_sample(self, link: ListedLink, link_id: str) -> bool:
        """Whether the link is fetched; a probe settles those beyond its sample, which each listing has a share of."""
        wanted = self.job.plan.options.sample_pages
        if wanted is None:
            return True
        share = -(-wanted // max(1, len(choose_sources(self.job.discovery)[0])))
        if self.sampled.total() >= wanted or self.sampled[link.source_url] >= share:
            self.job.link_log.settle(link_id, Outcome.BUDGET, detail="a probe fetches a sample")
            return False
        self.sampled[link.source_url] += 1
        return True

    def request(self, task: PageTask, url: str | None = None) -> Request:
        """The request for a link, or for the page it was redirected to."""
        copy = task.link.copy
        target = url or (copy.fetch_url if copy else task.link.url)
        headers = task.known.conditions if task.known and not task.trail else {}
        if copy and copy.byte_range:
            headers["Range"] = f"bytes={copy.byte_range[0]}-{copy.byte_range[1]}"
        meta = {"role": Role.PAGE, "task": task, "is_copy": copy is not None}
        if self.job.plan.portal.javascript and not copy:
            meta |= browser_meta()
        return Request(target, headers=headers, meta=meta, dont_filter=True)

    def read(self, response: Response) -> Follow | Retry | None:
        """Settle a link with its response, or say what to ask next."""
        request = request_of(response)
        task: PageTask = request.meta["task"]
        self.silent = 0
        headers = header_pairs(response.headers)
        if target := _led_to(response, headers, is_copy=task.link.copy is not None):
            return self._redirect(task, response, target)
        if task.link.copy:
            try:
                response = open_copy(response, task.link.copy)
            except Refused as refusal:
                self._settle(task, response, refusal.ending)
                return None
            headers = header_pairs(response.headers)
        named = header_map(response.headers)
        ending = ending_of_response(response.status, named, response.body, is_known=task.known is not None)
        detail = remark = None
        if ending.outcome is Outcome.CAPTURED:
            try:
                check_growth(response.body, headers, may_be_cut="partial" in response.flags)
            except Refused as refusal:
                ending = refusal.ending
            stated, remark = page_statement(headers, response.body)
            if stated:
                self.job.state.note_opt_out(stated, of_site=False)
                detail = f"opt-out: {stated}"
            if detail and self.job.plan.settings.obey_opt_out:
                ending = Ending(Outcome.OPT_OUT, detail)
        if (again := self._try_again(task, ending)) is not None:
            if self.job.recorder:  # `warraq why LINK` tells the tries by it
                self.job.recorder.put(exchange_of(request, response), role=Role.OTHER)
            return again
        if ending.outcome is Outcome.CAPTURED:
            # The row of the fetch says that its page, or its site, reserves mining.
            detail = detail or self.job.state.stated_of(response.url) or remark
        self._settle(task, response, Ending(ending.outcome, ending.detail or detail))
        return None

    def fail(self, request: Request, error: BaseException) -> Follow | Retry | None:
        """Settle a link that got no response, or say when to ask again."""
        task: PageTask = request.meta["task"]
        ending = ending_of_browser_error(error) if self.job.plan.portal.javascript else None
        ending = ending or ending_of_exception(error, host=self.host_facts(request.url))
        if (again := self._try_again(task, ending)) is not None:
            return again
        self.silent = self.silent + 1 if RULES[ending.outcome].is_silence else 0
        final_url = request.url if task.trail else None
        self.job.link_log.settle(task.link_id, ending.outcome, detail=ending.detail, final_url=final_url)
        return None

    def _redirect(self, task: PageTask, response: Response, target: str) -> Follow | Retry | None:
        trail = task.trail.after(response, self.job.cookies)
        ending = None
        if trail.step(target, self.job.cookies) is Step.ENDLESS:
            ending = Ending(Outcome.REDIRECT_LIMIT, f"{len(trail)} redirects, the last to {target}"[:300])
        elif not (task.link.copy or self.job.plan.portal.hosts.owns(target)) and is_consent_wall(target):
            ending = Ending(Outcome.BLOCKED, f"a consent wall stands before it: {target}"[:300])
        elif not (task.link.copy or self.job.plan.portal.hosts.owns(target)):
            ending = Ending(Outcome.OFF_DOMAIN, f"redirects to {target}"[:300])
            self.job.moved.leads(target, is_page=True)
            if moved := self.job.moved.failure():
                self.job.state.fail(moved)
        elif not task.link.copy and self._is_front_page(target) and not self._is_front_page(task.link.url):
            ending = Ending(Outcome.HTTP_3XX, "redirects to the front page")
        else:
            other = self.job.selection.identity(target)
            if other != task.link_id and other in self.job.link_log:
                ending = Ending(Outcome.HTTP_3XX, "redirects to another link of this run")
        if ending is not None:
            self._settle(task, response, ending, final_url=target)
            return None
        if self.job.recorder:
            self.job.recorder.put(exchange_of(request_of(response), response), role=Role.OTHER)
        following = PageTask(task.link, task.link_id, task.known, task.tries, trail)
        return Follow(self.request(following, target))

    def _is_front_page(self, url: str) -> bool:
        """Where portals send readers of articles they have removed."""
        parts = urlsplit(url)
        front = urlsplit(self.job.plan.portal.start_url).path
        return parts.path.rstrip("/") in {"", front.rstrip("/")} and not parts.query

    def _try_again(self, task: PageTask, ending: Ending) -> Follow | Retry | None:
        wait = wait_before_next_try(ending.outcome, tries=task.tries)
        if wait is None or self.job.state.is_ending:
            return None
        following = PageTask(task.link, task.link_id, task.known, task.tries + 1)
        return Retry(self.request(following), wait)

    def _settle(self, task: PageTask, response: Response, ending: Ending, *, final_url: str | None = None) -> None:
        job = self.job
        named = header_map(response.headers)
        request = request_of(response)
        received_at: datetime = request.meta.get("received_at") or datetime.now(UTC)
        copy = task.link.copy
        self.job.moved.has_page |= ending.outcome in REACHED
        captured_at = captured_then(response.url, copy) if copy else received_at
        known = task.known
        record = job.link_log.settle(
            task.link_id,
            ending.outcome,
            detail=ending.detail or (f"copy at {copy.fetch_url}" if copy else None),
            http_status=response.status,
            final_url=final_url or (response.url if response.url != task.link.url and not copy else None),
            content_type=named.get("content-type"),
            bytes_received=len(response.body),
            fetch_seconds=(received_at - request.meta.get("requested_at", received_at)).total_seconds(),
            captured_at=captured_at if ending.outcome in REACHED else None,
            etag=named.get("etag") or (known.etag if known and response.status == 304 else None),
            last_modified=named.get("last-modified") or (known.last_modified if known else None),
        )
        if job.recorder and ending.outcome not in {Outcome.TOO_LARGE, Outcome.OPT_OUT}:
            role = Role.PAGE if ending.outcome is Outcome.CAPTURED else Role.OTHER
            exchange = exchange_of(request, response)
            if copy:
                exchange = replace(exchange, url=task.link.url, captured_at=captured_at, ip_address=None)
            job.recorder.put(exchange, role=role, link=record)
        if task.link.is_guess and response.status in {404, 410}:
            job.link_log.forget(task.link_id)
            job.state.left_out += 1


def _led_to(response: Response, headers: Headers, *, is_copy: bool) -> str | None:
    """Where an answer leads on to; for a missing page that was listed with a double percent-encoding, the single one.

    What an archived copy says about other addresses is of its own time.
    """
    if is_copy:
        return redirect_target(response.status, response.url, headers)
    if response.status == 404 and "%25" in response.url:
        parts = urlsplit(response.url)
        path = urlsplit(canonical_url(response.url)).path + "/" * parts.path.endswith("/")
        return parts._replace(path=path).geturl() if path != parts.path else None
    return sent_on_to(response.status, response.url, headers, response.body)


def _is_missing(record: Any) -> bool:
    return record is not None and record.http_status in {404, 410}
