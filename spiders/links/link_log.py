"""The log of a crawl's links: every link it considered, and the one outcome each ended with."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from storage.errors import StageFailed
from storage.model.outcomes import Outcome
from storage.model.records import LinkRecord, WarcPlace


class LinkLog:
    """Links by identity. A link is opened once, settled once; `check()` proves it at the end."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.sources: Counter[str] = Counter()
        self._records: dict[str, LinkRecord] = {}
        self._open: set[str] = set()
        self._settled_twice: list[str] = []

    def __contains__(self, link_id: str) -> bool:
        return link_id in self._records

    def __len__(self) -> int:
        return len(self._records)

    @property
    def open_links(self) -> int:
        """Links that are still to end."""
        return len(self._open)

    def open(self, record: LinkRecord) -> None:
        """Take a link up. Its record's outcome stands if the crawl ends before the link does."""
        self._records[record.link_id] = record
        self._open.add(record.link_id)
        self.sources[record.source] += 1

    def settle(self, link_id: str, outcome: Outcome, **facts: Any) -> LinkRecord:
        """End a link; `facts` are fields of LinkRecord. The record is returned."""
        record = replace(self._records[link_id], outcome=outcome, **facts)
        return self.adopt(record)

    def adopt(self, record: LinkRecord) -> LinkRecord:
        """End a link with a complete record, for example one that an earlier attempt left."""
        if record.link_id in self._open:
            self._open.remove(record.link_id)
            self.outcomes[record.outcome] += 1
        else:
            self._settled_twice.append(record.url)
        self._records[record.link_id] = record
        return record

    def forget(self, link_id: str) -> None:
        """Drop a settled link that no source listed and that turned out not to exist."""
        record = self._records.pop(link_id)
        self.outcomes[record.outcome] -= 1
        self.sources[record.source] -= 1

    def withdraw(self, link_id: str) -> None:
        """Take a link back that nobody has asked for yet: another listing says more about it."""
        if link_id in self._open:
            self._open.remove(link_id)
            self.sources[self._records.pop(link_id).source] -= 1
        else:
            self.forget(link_id)

    def is_open(self, link_id: str) -> bool:
        """Whether a link is still to end."""
        return link_id in self._open

    def settle_open(self, outcome: Outcome, *, detail: str | None) -> int:
        """End all links that are still open, for one reason; how many there were."""
        waiting = list(self._open)
        for link_id in waiting:
            self.settle(link_id, outcome, detail=detail)
        return len(waiting)

    def add_places(self, places: dict[str, WarcPlace]) -> None:
        """Note where captured links lie; places are known once they are written."""
        for link_id in places.keys() & self._records.keys():
            place = places[link_id]
            self._records[link_id] = replace(self._records[link_id], place=place)

    def records(self) -> list[LinkRecord]:
        """All links in the order they were found."""
        return list(self._records.values())

    def check(self) -> None:
        """Raise StageFailed unless every link ended exactly once, and what was captured has its place."""
        counted = Counter(record.outcome for record in self._records.values())
        total = sum(self.outcomes.values())
        if self._open or self._settled_twice or counted != self.outcomes or total != len(self._records):
            example = self._settled_twice[0] if self._settled_twice else next(iter(self._open), "")
            raise StageFailed(
                f"the outcomes do not add up: {len(self._records)} links, {total} outcomes, {len(self._open)} open, "
                f"{len(self._settled_twice)} twice, for example {example}",
                remedy="this is a defect of the crawler; the raw archive is kept, please report it",
            )
        lost = [record.url for record in self._records.values() if _needs_place(record) and record.place is None]
        if lost:
            raise StageFailed(
                f"{len(lost)} captured pages are not in the raw archive, for example {lost[0]}",
                remedy="this is a defect of the crawler; crawl the window again",
            )


def _needs_place(record: LinkRecord) -> bool:
    return record.outcome == Outcome.CAPTURED
