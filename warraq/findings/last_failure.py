"""The last failure of each portal, kept in the archive: why nothing comes can be said long after the log is gone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from storage.errors import ExitCode, Interrupted, StoreUnreachable, UsageError, WarraqError
from storage.model.record_json import record_from_json, record_to_json
from storage.model.window import RunId
from storage.objects.keys import failure_key, failures_root
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.settings import Settings

MAX_TEXT = 1_000


@dataclass(frozen=True)
class LastFailure:
    """A stage that ended badly; one a portal is kept, the latest."""

    run_id: str
    stage: str
    at: datetime
    exit_code: int
    error: str
    remedy: str

    @property
    def is_final(self) -> bool:
        """Whether the same run would fail again."""
        return self.exit_code != ExitCode.RETRY_LATER


@contextlib.contextmanager
def failures_noted(settings: Settings, run: RunId, *, stage: str) -> Iterator[None]:
    """Notes how the stage inside fails, if it does.

    A typing error is no failure of the portal, nor is being asked to stop; a store that is out of reach takes no note.
    """
    try:
        yield
    except (UsageError, Interrupted, StoreUnreachable):
        raise
    except WarraqError as error:
        with contextlib.suppress(WarraqError):  # the store itself may be what failed
            note_failure(open_store(settings), run, stage, error, now=datetime.now(UTC))
        raise


def note_failure(store: ObjectStore, run: RunId, stage: str, error: WarraqError, *, now: datetime) -> None:
    """Keep it in the place of the one before."""
    failure = LastFailure(
        run_id=str(run),
        stage=stage,
        at=now.replace(microsecond=0),
        exit_code=int(error.exit_code),
        error=error.message[:MAX_TEXT],
        remedy=error.remedy[:MAX_TEXT],
    )
    store.put(failure_key(run.portal), record_to_json(failure))


def last_failures(store: ObjectStore) -> dict[str, LastFailure]:
    """The latest failure of each portal that had one."""
    found = {}
    for info in store.list(failures_root()):
        failure = record_from_json(LastFailure, store.get(info.key), where=info.key)
        found[RunId.parse(failure.run_id).portal] = failure
    return found
