"""Lines that stand in many articles of a portal: boilerplate that no rule knows.

A set is learnt from a fixed window of the archive, never from the order of calls, and named by its content. Extraction
uses the set it is given and says so in the row, so the same set gives the same text again.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from storage.identity.arabic_folding import text_norm

RULE_PREFIX = "learnt:"  # of the rule id in removed_blocks, before the version
VERSION_MARK = "+learnt-"  # in extractor_version, before the version


@dataclass(frozen=True)
class LearnParameters:
    """When a line counts as repeated. Each article counts once, however many editions it has."""

    min_articles: int = 8  # fewer are chance: a series, a correction
    min_share: float = 0.02  # of the window's articles
    edge_lines: int = 3  # first and last lines of a body, where sites put what is not the article
    min_edge_share: float = 0.8  # of a line's occurrences at an edge; phrases inside of reports stay
    everywhere_share: float = 0.2  # a line in so many articles is no report's own, wherever it stands
    max_characters: int = 200  # longer ones are background paragraphs that an agency repeats
    max_share_of_text: float = 0.3  # of the words of its articles: a line that is most of them is their text
    min_window_articles: int = 50  # below this nothing is learnt


@dataclass(frozen=True)
class LearntLine:
    """A line as folded by text_norm, one of its spellings, and the number of articles it stood in."""

    folded: str
    example: str
    articles: int


@dataclass(frozen=True)
class LearntLines:
    """The repeated lines of a portal in one window. `version` names window and content."""

    portal: str
    version: str
    window: str  # as storage.model.window.Window spells it
    articles: int
    parameters: LearnParameters
    lines: tuple[LearntLine, ...]  # most frequent first

    @cached_property
    def folded(self) -> frozenset[str]:
        """The folded lines, for look-up."""
        return frozenset(line.folded for line in self.lines)

    @property
    def rule(self) -> str:
        """The rule id of what this set removes."""
        return f"{RULE_PREFIX}{self.version}"


@dataclass
class _Tally:
    """What is counted of one line; sums and sets only, so that the order of articles does not matter."""

    articles: set[str] = field(default_factory=set)
    seen: int = 0
    at_edge: int = 0
    words: int = 0
    words_of_articles: int = 0
    example: str = ""


def learn_lines(
    articles: Iterable[tuple[str, Sequence[str], Sequence[str]]],
    *,
    portal: str,
    window: str,
    parameters: LearnParameters = LearnParameters(),
) -> LearntLines:
    """The lines that repeat, from (article_id, lines of the body, lines an earlier set removed) in any order.

    What an earlier set removed counts as if it still stood there, else a second learning would forget it.
    """
    tallies: defaultdict[str, _Tally] = defaultdict(_Tally)
    seen: set[bytes] = set()
    ids: set[str] = set()
    for article_id, body, removed in articles:
        digest = hashlib.sha256("\n".join((article_id, *body, "", *removed)).encode("utf-8", "surrogatepass")).digest()
        if digest not in seen:
            seen.add(digest)
            ids.add(article_id)
            _count(tallies, article_id, body, removed, parameters)
    found = [
        LearntLine(folded, tally.example, len(tally.articles))
        for folded, tally in tallies.items()
        if _is_repeated(tally, articles=len(ids), parameters=parameters)
    ]
    if len(ids) < parameters.min_window_articles:
        found = []
    lines = tuple(sorted(found, key=lambda line: (-line.articles, line.folded)))
    unnamed = LearntLines(portal, "", window, len(ids), parameters, lines)
    return LearntLines(portal, _version(unnamed), window, len(ids), parameters, lines)


def _count(
    tallies: defaultdict[str, _Tally],
    article_id: str,
    body: Sequence[str],
    removed: Sequence[str],
    parameters: LearnParameters,
) -> None:
    words = sum(len(line.split()) for line in (*body, *removed))
    # Where removed lines stood is not known; as a rule it was the end.
    last = len(body) + len(removed) - parameters.edge_lines
    placed = [(line, i < parameters.edge_lines or i >= last) for i, line in enumerate(body)]
    placed += [(line, True) for line in removed]
    of_article: dict[str, tuple[str, bool]] = {}
    for line, at_edge in placed:
        folded = text_norm(line) if len(line) <= parameters.max_characters else ""
        if folded:
            spelling, was_at_edge = of_article.get(folded, (line, False))
            of_article[folded] = (min(spelling, line), was_at_edge or at_edge)
    for folded, (line, at_edge) in of_article.items():
        tally = tallies[folded]
        tally.articles.add(article_id)
        tally.seen += 1
        tally.at_edge += at_edge
        tally.words += len(folded.split())
        tally.words_of_articles += words
        tally.example = min(tally.example, line) if tally.example else line


def _is_repeated(tally: _Tally, *, articles: int, parameters: LearnParameters) -> bool:
    count = len(tally.articles)
    share = count / articles
    return (
        count >= parameters.min_articles
        and share >= parameters.min_share
        and tally.words <= parameters.max_share_of_text * tally.words_of_articles
        and (tally.at_edge >= parameters.min_edge_share * tally.seen or share >= parameters.everywhere_share)
    )


def repeated_lines(texts: Sequence[str], learnt: LearntLines | None) -> frozenset[int]:
    """Which of an article's lines the set knows, by position; none if they are most of the article."""
    if learnt is None or not learnt.lines:
        return frozenset()
    limit = learnt.parameters.max_characters
    known = [i for i, text in enumerate(texts) if len(text) <= limit and text_norm(text) in learnt.folded]
    words = [len(text.split()) for text in texts]
    if 2 * sum(words[i] for i in known) > sum(words):
        return frozenset()
    return frozenset(known)


def learnt_verdicts(lines: Sequence[tuple[int, str]], learnt: LearntLines | None) -> dict[int, str]:
    """The rule id for each of an article's numbered lines that the set knows."""
    if learnt is None:
        return {}
    found = repeated_lines([text for _, text in lines], learnt)
    return {number: learnt.rule for position, (number, _) in enumerate(lines) if position in found}


def _payload(learnt: LearntLines) -> dict[str, Any]:
    payload = asdict(learnt)
    payload["lines"] = [list(asdict(line).values()) for line in learnt.lines]
    return payload


def _version(learnt: LearntLines) -> str:
    payload = _payload(learnt) | {"version": ""}
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True)
    return f"{learnt.window}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def to_json(learnt: LearntLines) -> bytes:
    """The set as it is stored; the same set gives the same bytes."""
    return (json.dumps(_payload(learnt), ensure_ascii=True, sort_keys=True, indent=1) + "\n").encode("ascii")


def from_json(data: bytes) -> LearntLines:
    """Read a stored set; raises ValueError if it is damaged or not named by its content."""
    try:
        payload = json.loads(data)
        learnt = LearntLines(
            portal=str(payload["portal"]),
            version=str(payload["version"]),
            window=str(payload["window"]),
            articles=int(payload["articles"]),
            parameters=LearnParameters(**payload["parameters"]),
            lines=tuple(LearntLine(str(line[0]), str(line[1]), int(line[2])) for line in payload["lines"]),
        )
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError(f"not a set of learnt lines: {error!r}") from error
    if _version(learnt) != learnt.version:
        raise ValueError(f"the content is not that of version {learnt.version}")
    return learnt


def version_with(extractor_version: str, learnt: LearntLines | None) -> str:
    """The extractor's version as it is stored in a row: with the set that was used, if any."""
    return extractor_version if learnt is None else f"{extractor_version}{VERSION_MARK}{learnt.version}"


def version_used(extractor_version: str) -> str | None:
    """The version of the set that a stored row was made with; None for a row made without."""
    _, mark, version = extractor_version.partition(VERSION_MARK)
    return version if mark else None
