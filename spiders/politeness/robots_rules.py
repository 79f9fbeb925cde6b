"""What robots.txt permits. In doubt nothing is: an answer that is neither rules nor "there are none" means stop."""

from __future__ import annotations

import re
from dataclasses import dataclass

from protego import Protego

from extract.html.decoding import encoding_of
from spiders.politeness.mining_agents import EVERYBODY, MINING_AGENTS
from storage.identity.urls import joined_address

MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5: at least so much is to be read; of a longer file the rest is not
MAX_CRAWL_DELAY_SECONDS = 60.0  # a longer one would stretch a day's run over days; it is named in the report
MAX_UNREADABLE_SHARE = 0.02  # of the characters outside of comments that are none
# RFC 9309, 2.3.1.3: a client error means there are no rules. Not so for these: the portal refuses us or asks to wait.
_REFUSALS = frozenset({401, 403, 407, 421, 425, 429, 451})
_AGENT_LINE = re.compile(r"[\ufeff\s]*user[- ]?agent\s*[: ]\s*([^#]*)", re.IGNORECASE)
_AGENT = "User-agent: "  # as it is written for the parser
_PRODUCT = re.compile(r"[a-z0-9_.-]+|\*", re.IGNORECASE)
_DIRECTIVE = re.compile(
    r"\s*(?:user[- ]?agent|(?:dis+)?allow|site-?map|crawl[- ]?delay|request-rate|visit-time|host|clean-param)\s*[: ]",
    re.IGNORECASE,
)
# Where hosts have no such file they answer with a page: a "not found" with status 200, the front page, a log-in.
_PAGE = re.compile(r"\s*<(?:!doctype|html|head|body|script|meta|title|div|pre|!--|\?xml)\b", re.IGNORECASE)
_LOGIN = re.compile(r"<input\b[^<>]{0,500}\btype\s*=\s*[\"']?password", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style)\b.*?(?:</\1|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_COMMENT = re.compile(r"#.*")
_UNREADABLE = re.compile("[\ufffd\x00-\x08\x0e-\x1f\x7f-\x9f]")


class UnreadableRobots(ValueError):
    """A robots.txt whose bytes are no text: what it forbids cannot be known, so all of it is."""


@dataclass(frozen=True)
class MinersRules:
    """What a host's rules say to known miners, of each address: they may have parts of a site only."""

    rules: Protego
    user_agent: str  # ours
    named: tuple[str, ...]  # the miners that have a group of their own

    def refusing(self, url: str) -> str | None:
        """The line that holds for an address: who is refused where we are let in, `*` for all that are not named."""
        # Where the door is closed to everybody it is closed to us too, and no opt-out of mining.
        if not self.rules.can_fetch(url, self.user_agent):
            return None
        refused = [name for name in (*self.named, EVERYBODY) if not self.rules.can_fetch(url, name)]
        return f"robots.txt refuses {', '.join(refused)}" if refused else None


@dataclass(frozen=True)
class RobotsRules:
    """The rules of one host for our user agent. `denied` is why everything is refused, or None."""

    rules: Protego | None
    denied: str | None = None
    crawl_delay: float = 0.0
    miners: MinersRules | None = None
    is_elsewhere: bool = False  # the host sends to another one, which is not the portal's
    told: str | None = None  # the answer is no robots.txt; what was made of it

    def permits(self, url: str, user_agent: str) -> bool:
        """Whether this URL may be fetched."""
        if self.denied:
            return False
        return self.rules is None or bool(self.rules.can_fetch(url, user_agent))


def rules_from_answer(status: int, body: bytes, *, user_agent: str) -> RobotsRules:
    """Rules from a host's answer to /robots.txt."""
    if status in _REFUSALS or not (200 <= status < 300 or 400 <= status < 500):
        return RobotsRules(None, denied=f"robots.txt answered {status}")
    if status >= 400:
        return RobotsRules(None)
    try:
        text = _text(body)
        if _LOGIN.search(text) and _PAGE.match(text):
            return RobotsRules(None, denied="robots.txt is answered with a form to log in")
        rules, miners = _parsed(text, user_agent=user_agent)
    except ValueError as error:
        return RobotsRules(None, denied=f"robots.txt cannot be read: {error}")
    return RobotsRules(rules, crawl_delay=_crawl_delay(rules, user_agent), miners=miners, told=_no_robots(text))


def _parsed(text: str, *, user_agent: str) -> tuple[Protego, MinersRules]:
    """The rules; a group is ours by our product's name alone, in any case of letters, whatever version follows."""
    known = {agent.lower() for agent in (user_agent, *MINING_AGENTS)}
    lines: list[str] = []
    for line in _lines(text):
        match = _AGENT_LINE.match(line)
        lines += _agent_lines(match[1], known) if match else [line]
    named = {line.removeprefix(_AGENT) for line in lines if line.startswith(_AGENT)}
    miners = tuple(agent for agent in MINING_AGENTS if agent.lower() in named)
    rules = Protego.parse("\n".join(lines))
    return rules, MinersRules(rules, user_agent, miners)


def sitemaps_named(body: bytes, *, url: str) -> tuple[str, ...]:
    """The addresses behind `Sitemap:` in the robots.txt at `url`, relative ones made absolute; of no text none."""
    try:
        named = Protego.parse("\n".join(_lines(_text(body)))).sitemaps
    except ValueError:
        return ()
    # An address has no blanks, so what they part are several.
    return tuple(
        dict.fromkeys(found for line in named for word in line.split() if (found := joined_address(url, word)))
    )


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
    rules = _COMMENT.sub("", text)
    if len(_UNREADABLE.findall(rules)) > MAX_UNREADABLE_SHARE * len(rules):
        raise UnreadableRobots("its bytes are no text")
    return text


def _lines(text: str) -> list[str]:
    """The lines of a robots.txt; of a page those that it shows, in which rules may stand."""
    if _PAGE.match(text):
        text = _TAG.sub("\n", _HIDDEN.sub("\n", text))
    return text.splitlines()


def _no_robots(text: str) -> str | None:
    """What to tell of an answer that is no robots.txt though its status says so; None for one that is, or is empty."""
    lines = [line for line in _lines(text) if line.strip() and not line.lstrip().startswith("#")]
    has_rules = any(_DIRECTIVE.match(line) for line in lines)
    if _PAGE.match(text):
        return f"robots.txt is a page: {'the rules it shows count' if has_rules else 'it counts as none'}"
    if lines and not has_rules:
        return f"robots.txt has no rule, it counts as none: {' '.join(lines[0].split())[:60]!r}"
    return None


def _agent_lines(value: str, known: set[str]) -> list[str]:
    """One line for each agent that is named: «Warraq/2.0 (archive), otherbot» are two."""
    lines = []
    for name in value.split(","):
        product = _PRODUCT.match(name.strip())
        word = product[0].lower() if product else "unnamed"
        # Protego takes a part of our name for our name; RFC 9309 does not.
        is_exact = word == "*" or word in known
        lines.append(f"{_AGENT}{word if is_exact else f'{word}@elsewhere'}")
    return lines


def _crawl_delay(rules: Protego, user_agent: str) -> float:
    delay = float(rules.crawl_delay(user_agent) or 0.0)
    rate = rules.request_rate(user_agent)
    if rate and rate.requests:
        delay = max(delay, rate.seconds / rate.requests)
    return min(max(0.0, delay), MAX_CRAWL_DELAY_SECONDS)
