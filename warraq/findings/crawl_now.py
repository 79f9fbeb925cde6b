"""Where the crawls under way stand: each tells it every few seconds, in one small object of the archive."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from storage.errors import DamagedObject, ObjectMissing, WarraqError
from storage.model.record_json import record_from_json, sealed_record
from storage.model.window import RunId, spell_time
from storage.objects.keys import crawl_now_key, crawls_root
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.settings import Settings

if TYPE_CHECKING:
    from spiders.links.options import CrawlProgress

TELL_SECONDS = 5.0  # a window without news is over before; then nothing is written
LEAVE_SECONDS = 0.2  # for taking the note away; a store that hangs holds up no crawl that was told to stop
QUIET = timedelta(minutes=2)  # a crawl that has said nothing for so long was killed
# What says nothing against the portal, and nothing against us.
_NO_ERRORS = frozenset(
    {"captured", "unchanged", "skipped_seen", "out_of_window", "off_domain", "budget", "robots", "opt_out", "gone"}
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CrawlNow:
    """One crawl as it last told of itself. `errors` are links by outcome."""

    run_id: str
    at: datetime
    phase: str
    queue: int  # links that wait
    ended: int
    requests: int
    requests_a_minute: float
    bytes_received: int
    seconds: float
    waiting_seconds: float  # how long the portal still asks us to wait
    errors: dict[str, int]

    def as_json(self, *, now: datetime) -> dict[str, Any]:
        """For programs; `is_quiet`: it has said nothing for long, and was probably killed."""
        return {**asdict(self), "at": spell_time(self.at), "is_quiet": now - self.at > QUIET}


@contextlib.contextmanager
def crawl_told(
    settings: Settings, run: RunId, *, every_seconds: float = TELL_SECONDS
) -> Iterator[Callable[[CrawlProgress], None]]:
    """A function that takes the crawl's progress; a thread of its own writes the last, so that no request waits."""
    last: list[CrawlProgress] = []
    is_over = threading.Event()
    key = crawl_now_key(run.portal)

    def write() -> None:
        before, store = 0, None
        try:
            while not is_over.wait(every_seconds):
                store = store or open_store(settings)
                if last:
                    store.put(key, sealed_record(_now(run, last[-1], (last[-1].requests - before) / every_seconds)))
                    before = last[-1].requests
            if store:
                store.delete(key)
        except WarraqError as error:  # the view is not worth a crawl
            _log.warning("where the crawl stands is not told any more: %s", error)

    thread = threading.Thread(target=write, name="crawl-now", daemon=True)
    thread.start()

    def take(progress: CrawlProgress) -> None:
        last[:] = [progress]

    try:
        yield take
    finally:
        is_over.set()
        thread.join(LEAVE_SECONDS)


def crawls_now(store: ObjectStore, *, now: datetime) -> list[dict[str, Any]]:
    """The crawls under way, by portal."""
    found = []
    for info in store.list(crawls_root()):
        with contextlib.suppress(ObjectMissing, DamagedObject):  # it has ended meanwhile
            found.append(record_from_json(CrawlNow, store.get(info.key), where=info.key).as_json(now=now))
    return found


def _now(run: RunId, told: CrawlProgress, a_second: float) -> CrawlNow:
    return CrawlNow(
        run_id=str(run),
        at=datetime.now(UTC).replace(microsecond=0),
        phase=str(told.phase),
        queue=told.links - told.ended,
        ended=told.ended,
        requests=told.requests,
        requests_a_minute=round(60 * a_second, 1),
        bytes_received=told.bytes_received,
        seconds=round(told.seconds, 1),
        waiting_seconds=round(told.waiting_seconds, 1),
        errors={name: count for name, count in told.outcomes.items() if name not in _NO_ERRORS},
    )
