"""What robots.txt permits. In doubt nothing is: an answer that is neither rules nor "there are none" means stop."""

from __future__ import annotations

from dataclasses import dataclass, field

from protego import Protego

MAX_ROBOTS_BYTES = 512 * 1024  # RFC 9309 asks for at least 500 KiB
MAX_CRAWL_DELAY_SECONDS = 60.0  # a longer one would stretch a day's run over days; it is named in the report
# RFC 9309, 2.3.1.3: a client error means there are no rules. Not so for these: the portal refuses us or asks to wait.
_REFUSALS = frozenset({401, 403, 407, 421, 425, 429, 451})
# Robots groups by which portals opt out of text and data mining or of being archived for it.
MINING_AGENTS = ("CCBot", "GPTBot", "Google-Extended", "anthropic-ai", "ClaudeBot", "Applebot-Extended", "cohere-ai")


@dataclass(frozen=True)
class RobotsRules:
    """The rules of one host for our user agent. `denied` is why everything is refused, or None."""

    rules: Protego | None
    denied: str | None = None
    crawl_delay: float = 0.0
    sitemaps: tuple[str, ...] = ()
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
        rules = Protego.parse(body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", errors="replace"))
    except ValueError as error:
        return RobotsRules(None, denied=f"robots.txt cannot be read: {error}")
    refused = tuple(agent for agent in MINING_AGENTS if not rules.can_fetch(root, agent))
    return RobotsRules(
        rules,
        crawl_delay=_crawl_delay(rules, user_agent),
        sitemaps=tuple(rules.sitemaps),
        # Where the door is closed to everybody it is closed to us too, and no opt-out of mining.
        mining_agents_refused=refused if rules.can_fetch(root, user_agent) else (),
    )


def rules_without_answer(cause: str) -> RobotsRules:
    """Rules for a host that did not answer: nothing is permitted."""
    return RobotsRules(None, denied=f"robots.txt is unreachable: {cause}")


def rules_elsewhere(target: str) -> RobotsRules:
    """Rules for a host whose robots.txt redirects away from the portal: nothing is permitted."""
    return RobotsRules(None, denied=f"robots.txt {target}, which is not the portal's", is_elsewhere=True)


def _crawl_delay(rules: Protego, user_agent: str) -> float:
    delay = float(rules.crawl_delay(user_agent) or 0.0)
    rate = rules.request_rate(user_agent)
    if rate and rate.requests:
        delay = max(delay, rate.seconds / rate.requests)
    return min(max(0.0, delay), MAX_CRAWL_DELAY_SECONDS)
