"""What robots.txt permits. In doubt nothing is: an answer that is neither rules nor "there are none" means stop."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin

from protego import Protego

from extract.html.decoding import encoding_of

MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5: at least so much is to be read; of a longer file the rest is not
MAX_CRAWL_DELAY_SECONDS = 60.0  # a longer one would stretch a day's run over days; it is named in the report
MAX_UNREADABLE_SHARE = 0.02  # of a text's characters that are none: a few damaged ones in a comment are no doubt
# RFC 9309, 2.3.1.3: a client error means there are no rules. Not so for these: the portal refuses us or asks to wait.
_REFUSALS = frozenset({401, 403, 407, 421, 425, 429, 451})
# Robots groups by which portals opt out of text and data mining or of being archived for it.
MINING_AGENTS = ("CCBot", "GPTBot", "Google-Extended", "anthropic-ai", "ClaudeBot", "Applebot-Extended", "cohere-ai")
_AGENT_LINE = re.compile(r"[\ufeff\s]*user[- ]?agent\s*[: ]\s*([^#]*)", re.IGNORECASE)
_PRODUCT = re.compile(r"[a-z0-9_.-]+|\*", re.IGNORECASE)
_UNREADABLE = re.compile("[\ufffd\x00-\x08\x0e-\x1f\x7f-\x9f]")


class UnreadableRobots(ValueError):
    """A robots.txt whose bytes are no text: what it forbids cannot be known, so all of it is."""


@dataclass(frozen=True)
class RobotsRules:
    """The rules of one host for our user agent. `denied` is why everything is refused, or None."""

    rules: Protego | None
    denied: str | None = None
    crawl_delay: float = 0.0
    mining_agents_refused: tuple[str, ...] = field(default=())
    is_elsewhere: bool = False  # the host sends to another one, which is not the portal's

    def permits(self, url: str, user_agent: str) -> bool:
        """Whether this URL may be fetched."""
        if self.denied:
            return False
        return self.rules is None or bool(self.rules.can_fetch(url, user_agent))


def rules_from_answer(status: int, body: bytes, *, user_agent: str, root: str) -> RobotsRules:
    """Rules from a host's answer to /robots.txt; `root` is the host's front page, asked about for mining opt-outs."""
    if status in _REFUSALS or not (200 <= status < 300 or 400 <= status < 500):
        return RobotsRules(None, denied=f"robots.txt answered {status}")
    if status >= 400:
        return RobotsRules(None)
    try:
        rules = read_robots(body, user_agent=user_agent)
    except ValueError as error:
        return RobotsRules(None, denied=f"robots.txt cannot be read: {error}")
    refused = tuple(agent for agent in MINING_AGENTS if not rules.can_fetch(root, agent))
    return RobotsRules(
        rules,
        crawl_delay=_crawl_delay(rules, user_agent),
        # Where the door is closed to everybody it is closed to us too, and no opt-out of mining.
        mining_agents_refused=refused if rules.can_fetch(root, user_agent) else (),
    )


def read_robots(body: bytes, *, user_agent: str) -> Protego:
    """The rules of a robots.txt in any encoding, of its first 500 KiB. Raises ValueError for what is no text.

    A group is ours by our product's name alone, in any case of letters and whatever version stands behind it.
    """
    known = {agent.lower() for agent in (user_agent, *MINING_AGENTS)}
    lines: list[str] = []
    for line in _text(body).splitlines():
        match = _AGENT_LINE.match(line)
        lines += _agent_lines(match[1], known) if match else [line]
    return Protego.parse("\n".join(lines))


def sitemaps_named(body: bytes, *, url: str) -> tuple[str, ...]:
    """The addresses behind `Sitemap:` in the robots.txt at `url`, relative ones made absolute; of no text none."""
    try:
        named = Protego.parse(_text(body)).sitemaps
        return tuple(dict.fromkeys(urljoin(url, address) for address in named))
    except ValueError:
        return ()


def rules_without_answer(cause: str) -> RobotsRules:
    """Rules for a host that did not answer: nothing is permitted."""
    return RobotsRules(None, denied=f"robots.txt is unreachable: {cause}")


def rules_elsewhere(target: str) -> RobotsRules:
    """Rules for a host whose robots.txt redirects away from the portal: nothing is permitted."""
    return RobotsRules(None, denied=f"robots.txt {target}, which is not the portal's", is_elsewhere=True)


def _text(body: bytes) -> str:
    if len(body) > MAX_ROBOTS_BYTES:
        # A line that is cut in two would say something else.
        body = body[:MAX_ROBOTS_BYTES]
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1] or body
    text = body.decode(encoding_of(body, None), errors="replace").replace("\ufeff", "")
    if len(_UNREADABLE.findall(text)) > MAX_UNREADABLE_SHARE * len(text):
        raise UnreadableRobots("its bytes are no text")
    return text


def _agent_lines(value: str, known: set[str]) -> list[str]:
    """One line for each agent that is named: «Warraq/2.0 (archive), otherbot» are two."""
    lines = []
    for name in value.split(","):
        product = _PRODUCT.match(name.strip())
        word = product[0].lower() if product else "unnamed"
        # Protego takes a part of our name for our name; RFC 9309 does not.
        is_exact = word == "*" or word in known
        lines.append(f"User-agent: {word if is_exact else f'{word}@elsewhere'}")
    return lines


def _crawl_delay(rules: Protego, user_agent: str) -> float:
    delay = float(rules.crawl_delay(user_agent) or 0.0)
    rate = rules.request_rate(user_agent)
    if rate and rate.requests:
        delay = max(delay, rate.seconds / rate.requests)
    return min(max(0.0, delay), MAX_CRAWL_DELAY_SECONDS)
