"""In which order sources are asked: about the past the most exact first, and the others only if it gave nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from spiders.sources.records import SourceRequest

# How exactly a kind of source lists a window of the past, best first. Kinds not named here are always asked.
EXACTNESS = ("wordpress", "dated_archive", "sitemap", "numeric_ids", "web_archive")
_FIRST = ("auto",)  # finds the others


class DiscoveryPlan:
    """Requests to sources that wait, are under way or are spared.

    `in_order` is for windows of the past; about the present all sources are asked at once, because each misses some.
    """

    def __init__(self, *, in_order: bool) -> None:
        self._in_order = in_order
        self._waiting: dict[str, list[SourceRequest]] = defaultdict(list)
        self._under_way: Counter[str] = Counter()
        self._asked: set[SourceRequest] = set()
        self._links: Counter[str] = Counter()
        self._failures: Counter[str] = Counter()
        self.spared: dict[str, str] = {}  # kind of source: the kind that made it unnecessary

    @property
    def is_done(self) -> bool:
        return not any(self._waiting.values()) and not self._under_way.total()

    @property
    def listed_links(self) -> int:
        """Links that the answers so far listed, those of other windows included."""
        return self._links.total()

    def add(self, requests: Iterable[SourceRequest]) -> None:
        """Take requests up; each once."""
        for request in requests:
            if request not in self._asked and request.kind not in self.spared:
                self._asked.add(request)
                self._waiting[request.kind].append(request)

    def take(self) -> list[SourceRequest]:
        """The requests to send now."""
        taken = [request for kind in self._kinds_now() for request in self._waiting.pop(kind, [])]
        self._under_way.update(request.kind for request in taken)
        return taken

    def finish(self, request: SourceRequest, *, links: int, failed: bool) -> None:
        """Note how a request ended; its follow-ups are added before."""
        kind = request.kind
        self._under_way[kind] -= 1
        self._links[kind] += links
        self._failures[kind] += failed
        if self._in_order and not self._under_way[kind] and not self._waiting[kind]:
            self._spare_weaker(kind)

    def _kinds_now(self) -> list[str]:
        waiting = [kind for kind, requests in self._waiting.items() if requests]
        if not self._in_order:
            return waiting
        free = [kind for kind in waiting if kind not in EXACTNESS]
        if any(self._under_way[kind] for kind in _FIRST) or any(kind in _FIRST for kind in free):
            return free
        ranked = sorted((kind for kind in waiting if kind in EXACTNESS), key=EXACTNESS.index)
        busy = [kind for kind in EXACTNESS if self._under_way[kind]]
        return free + ([kind for kind in ranked if kind in busy] if busy else ranked[:1])

    def _spare_weaker(self, kind: str) -> None:
        if kind not in EXACTNESS or not self._links[kind] or self._failures[kind]:
            return
        for weaker in EXACTNESS[EXACTNESS.index(kind) + 1 :]:
            if self._waiting.pop(weaker, []):
                self.spared[weaker] = kind
