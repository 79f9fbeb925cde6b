"""How good an extraction is, against the truth about its page.

The figures: token F1 of the body, share of the boilerplate strings that leaked into it and of the required strings that
are in it, articles that came out as none, listings that did, title right, day right, day given but plausibly wrong,
author right, author invented. Texts are compared folded: NFKC, no Arabic marks, no tatweel,
no punctuation, lower case.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

# Marks of recitation, harakat, tatweel; zero-width and direction characters.
_MARK_RANGES = (
    r"\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640"
    r"\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff"
)
_MARKS = re.compile(f"[{_MARK_RANGES}]")
_WORD = re.compile(r"\w+")
SAME_DAY = timedelta(hours=6)  # two instants so near are the same date, whatever their zones
WRONG_BEYOND = timedelta(days=1, hours=14)  # a day, and the widest offset of a zone


@dataclass(frozen=True)
class Gold:
    """What a careful person, or the demo portal itself, says of a page."""

    title: str | None
    body: str
    published: str | None
    author: str | None
    must_not_contain: tuple[str, ...] | None = ()  # None: the gold does not say
    must_contain: tuple[str, ...] = ()
    is_listing: bool = False  # no article: no body is the right answer
    is_author_known: bool = True  # whether no `author` means that nobody is named
    optional: tuple[str, ...] = ()
    other_titles: tuple[str, ...] = ()
    other_days: tuple[str, ...] = ()
    other_authors: tuple[str | None, ...] = ()


@dataclass(frozen=True)
class Prediction:
    """What an extractor says of a page; the empty one stands for a failure or a rejection."""

    title: str | None = None
    body: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figures:
    """0 to 1 each; None where a page does not count for a figure."""

    precision: float | None
    recall: float | None
    f1: float | None
    leak: float | None
    title: float | None
    date: float | None
    date_null: float | None
    wrong: float | None
    author: float | None
    author_false: float | None
    required: float | None = None
    rejected: float | None = None
    kept_out: float | None = None


def judge(gold: Gold, predicted: Prediction) -> Figures:
    """The figures of one page."""
    if gold.is_listing:
        unknown = dict.fromkeys(field.name for field in fields(Figures))
        return Figures(**{**unknown, "kept_out": float(not fold(predicted.body))})
    precision, recall = _overlap(gold, predicted.body)
    return Figures(
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        leak=None if gold.must_not_contain is None else _leak(gold.must_not_contain, predicted.body),
        title=_judge_title(gold, predicted.title),
        required=_leak(gold.must_contain, predicted.body) if gold.must_contain else None,
        rejected=float(not fold(predicted.body)),
        **_judge_day(gold, predicted.published),
        **_judge_authors(gold, predicted.authors),
    )


def means(rows: Sequence[Figures]) -> Figures:
    """The mean of each figure over the pages that count for it."""
    return Figures(**{field.name: _mean(getattr(row, field.name) for row in rows) for field in fields(Figures)})


def fold(text: str | None) -> str:
    """Words only, without marks, in one spelling of compatibility characters."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", text or "")).lower()
    return " ".join(_WORD.findall(plain))


def _overlap(gold: Gold, body: str | None) -> tuple[float, float]:
    """Precision and recall of the body's words as multisets; optional words count neither way."""
    wanted, got = Counter(fold(gold.body).split()), Counter(fold(body).split())
    allowed = Counter(word for text in gold.optional for word in fold(text).split())
    hits = (wanted & got).total()
    needless = (got - wanted - allowed).total()
    precision = hits / (hits + needless) if hits + needless else float(not wanted)
    return precision, hits / wanted.total() if wanted else 1.0


def _judge_title(gold: Gold, title: str | None) -> float | None:
    if gold.title is None:
        return None
    return float(fold(title) in {fold(other) for other in (gold.title, *gold.other_titles)})


def _leak(strings: Sequence[str], body: str | None) -> float:
    text = fold(body)
    return sum(1 for string in map(fold, strings) if string and string in text) / max(1, len(strings))


def _judge_day(gold: Gold, published: str | None) -> dict[str, float | None]:
    days = [moment for moment in map(_moment, (gold.published, *gold.other_days)) if moment]
    day = _moment(published)
    is_right = day is not None and any(_same_day(day, other) for other in days)
    is_near = day is not None and any(abs(_naive(day) - _naive(other)) <= WRONG_BEYOND for other in days)
    return {
        "date": float(is_right) if days else None,
        "date_null": float(day is None),
        "wrong": float(day is not None and bool(days) and not is_right and not is_near),
    }


def _judge_authors(gold: Gold, authors: Sequence[str]) -> dict[str, float | None]:
    """Right if a name contains the gold's or is contained in it; an unnamed desk may be left out."""
    if not gold.is_author_known:
        return {"author": None, "author_false": None}
    names = [fold(name) for name in authors if name]
    allowed = [folded for folded in (fold(name) for name in (gold.author, *gold.other_authors) if name) if folded]
    is_right = any(name and (name in other or other in name) for name in names for other in allowed)
    if not gold.author:
        return {"author": None, "author_false": float(bool(names) and not is_right)}
    may_be_left_out = None in gold.other_authors and not names
    return {"author": None if may_be_left_out else float(is_right), "author_false": None}


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        match = re.match(r"\d{4}-\d{2}-\d{2}", text, re.ASCII)
        return datetime.combine(date.fromisoformat(match[0]), datetime.min.time()) if match else None


def _same_day(one: datetime, gold: datetime) -> bool:
    if one.tzinfo and gold.tzinfo:
        return one.astimezone(gold.tzinfo).date() == gold.date() or abs(one - gold) < SAME_DAY
    return one.date() == gold.date()


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _mean(values: Iterable[float | None]) -> float | None:
    counted = [value for value in values if value is not None]
    return sum(counted) / len(counted) if counted else None
