"""Asks for robots.txt, ai.txt and tdmrep.json, keeps what came, and says when a portal cannot be reached."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response

from spiders.http.bounded_body import TAKE_BYTES, is_cut
from spiders.http.exchange import exchange_of, header_map, header_pairs
from spiders.http.redirects import Step, Trail, redirect_target
from spiders.http.request_outcomes import Ending, HostFacts, ending_of_exception, ending_of_response
from spiders.http.retry_policy import RULES, wait_before_next_try
from spiders.job.job import CrawlJob
from spiders.job.scrapy_settings import AGENT
from spiders.politeness.opt_out import AI_TXT_PATH, TDMREP_PATH, ai_txt_opt_out, tdmrep_rules
from spiders.politeness.robots_rules import (
    MAX_ROBOTS_BYTES,
    RobotsRules,
    rules_elsewhere,
    rules_from_answer,
    rules_without_answer,
)
from storage.errors import RetryLater, StageFailed, WarraqError
from storage.identity.hosts import root_of
from storage.model.outcomes import Outcome
from storage.model.records import Role
from storage.raw.content_encoding import OversizedBody, UndecodableBody, decode_body

PRIORITY = 20


@dataclass
class RobotsRequests:
    """Fetches with `download`, past the callbacks but not past the middleware."""

    job: CrawlJob
    download: Callable[[Request], Awaitable[Response]]
    host_facts: Callable[[str], HostFacts]
    unreachable: WarraqError | None = field(default=None)  # the portal's own robots.txt got no usable answer
    answers: dict[str, Response] = field(default_factory=dict)  # by URL of the robots.txt

    async def ask(self, root: str) -> RobotsRules:
        """The rules of one host. Never raises: without an answer nothing is permitted."""
        rules = await self._rules(root)
        if rules.denied:
            self.job.state.add_problem(f"{root}: {rules.denied}")
            if root == root_of(self.job.plan.portal.start_url):
                self.unreachable = _failure(self.job.plan.portal.name, root, rules)
        if rules.told:
            self.job.state.add_problem(f"{root}: {rules.told}")
        self._note_miners(root, rules)
        return rules

    def _note_miners(self, root: str, rules: RobotsRules) -> None:
        """Keep what the host says to miners; the report tells it here if it is of all pages, else by page."""
        state = self.job.state
        state.site = replace(state.site, robots={**state.site.robots, root: rules.miners})
        if rules.miners and (refused := rules.miners.refusing(f"{root}/")):
            state.note_opt_out(refused, of_site=False)

    async def ask_opt_out(self, rules: RobotsRules) -> None:
        """Look for ai.txt and tdmrep.json at the portal's own host."""
        for path in (AI_TXT_PATH, TDMREP_PATH):
            url = urljoin(self.job.plan.portal.start_url, path)
            if rules.denied or not rules.permits(url, AGENT):
                continue
            try:
                response = await self._get(url)
                body = decoded_robots(response)
            except UndecodableBody as error:
                self.job.state.add_problem(f"{url}: {error}")
                continue
            except Exception as error:
                self.job.state.add_problem(f"{url}: {ending_of_exception(error).detail}")
                continue
            if response.status == 200:
                self._note_site(path, body, header_map(response.headers).get("content-type", ""))

    def _note_site(self, path: str, body: bytes, content_type: str) -> None:
        if path == AI_TXT_PATH:
            if stated := ai_txt_opt_out(body, content_type):
                self.job.state.note_opt_out(stated, of_site=True)
            return
        state = self.job.state
        state.site = replace(state.site, rules=tdmrep_rules(body))
        if any(rule.is_reserved for rule in state.site.rules):
            state.opt_outs["tdmrep.json reserves pages"] += 1

    async def _rules(self, root: str) -> RobotsRules:
        url, tries = f"{root}/robots.txt", 1
        ending, response = await self._answer(url)
        while wait := wait_before_next_try(ending.outcome, tries=tries):
            await asyncio.sleep(wait)
            ending, response = await self._answer(url)
            tries += 1
        if ending.outcome is Outcome.OFF_DOMAIN:
            return rules_elsewhere(ending.detail or "")
        if response is None:
            return rules_without_answer(f"{ending.outcome}: {ending.detail}")
        if RULES[ending.outcome].is_transient:
            return rules_without_answer(f"robots.txt answered {response.status}")
        self.answers[url] = response
        try:
            body = decoded_robots(response) if response.status == 200 else b""
        except UndecodableBody as error:
            return rules_without_answer(f"its body cannot be decoded: {error}")
        return rules_from_answer(response.status, body, user_agent=AGENT)

    async def _answer(self, url: str) -> tuple[Ending, Response | None]:
        """How one try to get a robots.txt ended, and the answer if there was one."""
        try:
            response = await self._get(url)
        except Exception as error:
            return ending_of_exception(error, host=self.host_facts(url)), None
        named = header_map(response.headers)
        return ending_of_response(response.status, named, response.body, is_known=False), response

    async def _get(self, url: str) -> Response:
        """The answer after redirects, which the middleware judges one by one; each is kept."""
        trail = Trail()
        while True:
            # What is read of it is at its beginning, however long it is.
            meta: dict[str, Any] = {"role": Role.ROBOTS, "download_maxsize": 0, TAKE_BYTES: 4 * MAX_ROBOTS_BYTES}
            request = Request(url, meta=meta, dont_filter=True, priority=PRIORITY)
            response = await self.download(request)
            if self.job.recorder:
                self.job.recorder.put(exchange_of(request, response), role=Role.ROBOTS)
            target = redirect_target(response.status, response.url, header_pairs(response.headers))
            trail = trail.after(response, self.job.cookies)
            if not target or trail.step(target, self.job.cookies) is Step.ENDLESS:
                return response
            url = target


def _failure(portal: str, root: str, rules: RobotsRules) -> WarraqError:
    """Why nothing of a portal can be asked for, and what to do."""
    message = f"{portal}: {rules.denied}; nothing was asked for"
    if rules.is_elsewhere:
        remedy = "has the site moved? put its new address into the definition, as start_url or in domains"
        return StageFailed(message, remedy=remedy)
    return RetryLater(message, remedy=f"see whether {root}/robots.txt opens in a browser, then try again")


def decoded_robots(response: Response) -> bytes:
    """The bytes of a robots.txt; of a very long one the first. Raises UndecodableBody for one that is damaged."""
    try:
        return decode_body(response.body, header_pairs(response.headers), max_bytes=4 * MAX_ROBOTS_BYTES)
    except OversizedBody as error:
        return error.partial
    except UndecodableBody as error:
        if is_cut(response) and len(error.partial) >= MAX_ROBOTS_BYTES:
            return error.partial
        raise
