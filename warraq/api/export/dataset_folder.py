"""A data set folder as the Hugging Face libraries load it: Parquet by split, a card, Croissant, checksums.

Articles of one story stand in one split, so that no near copy of a test text is trained on. Interrupted, the same call
goes on behind the last whole file.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from storage.errors import RetryLater, UsageError
from storage.read.query import Answer
from storage.schema.parquet import COMPRESSION, COMPRESSION_LEVEL, ROW_GROUP_ROWS, sha256_of
from warraq.api.arguments import whole_number
from warraq.api.export.dataset_card import Described, card, croissant
from warraq.api.export.tally import Tally
from warraq.api.export.whole_file import REMEDY, not_written

_SPLIT_NAME = re.compile(r"[A-Za-z0-9_]+")
SHARES: Mapping[str, float] = {"train": 0.9, "validation": 0.05, "test": 0.05}
SHARD_ROWS = 20_000
STORY = "story_id"
ORDER = "published_at"  # of the rows in each split: an export that was begun in another order does not go on
STATE, CARD, CROISSANT, SUMS = ".export.json", "README.md", "croissant.json", "SHA256SUMS"
LOCK = ".export.lock"
PART = ".part"  # what is being written has this at the end of its name
Progress = Callable[[int], None]


@dataclass
class _State:
    """What is begun: of which rows, and the files that are whole."""

    of: str
    files: dict[str, int] = field(default_factory=dict)  # rows by name


def write_dataset_folder(
    rows: Answer,
    folder: Path,
    *,
    described: Described,
    seed: int = 0,
    shares: Mapping[str, float] = SHARES,
    shard_rows: int = SHARD_ROWS,
    progress: Progress | None = None,
) -> Path:
    """Write the rows, which have a `story_id` and always the same order for the same `described`.

    Raises UsageError where the folder holds something else, and where there are no rows: `datasets` loads no such set.
    """
    if STORY not in rows.schema.names:
        raise UsageError("the rows do not say of which story they are", remedy=f"select {STORY} too")
    given = list(shares.values()) if isinstance(shares, Mapping) else []
    are_shares = all(isinstance(share, int | float) and share >= 0 for share in given)
    if not given or not are_shares or abs(sum(given) - 1) > 1e-9:
        raise UsageError("the shares of the splits do not add up to 1", remedy="for example train 0.9, test 0.1")
    if bad := [name for name in shares if not isinstance(name, str) or not _SPLIT_NAME.fullmatch(name)]:
        raise UsageError(f"{bad[0]!r} cannot name a split", remedy="letters, digits and _, as in train")
    seed = whole_number(seed, name="seed", least=None, most=None)
    shard_rows = whole_number(shard_rows, name="shard_rows", least=1)
    batches = (batch for batch in rows.batches if batch.num_rows)
    begun = next(batches, None)
    if begun is None:
        raise UsageError("nothing is selected, and a data set has rows", remedy="ask for more")
    asked = json.dumps([ORDER, asdict(described), seed, dict(shares), shard_rows, rows.schema.names], default=str)
    try:
        with _alone(folder):
            state = _begun(folder, hashlib.sha256(asked.encode()).hexdigest())
            splits = {name: _Split(folder, name, rows.schema, state, shard_rows) for name in shares}
            tally = _fill(splits, chain([begun], batches), seed, shares, progress)
            filled = [name for name in shares if any(path.startswith(f"data/{name}-") for path in state.files)]
            empty = [name for name, share in shares.items() if share and name not in filled]
            _describe(folder, state, tally, described, schema=rows.schema, splits=filled, empty=empty)
    except OSError as error:
        raise not_written(folder, error) from error
    return folder


def check_folder(folder: Path) -> None:
    """Raise now what would be raised when the rows are there: UsageError where it is no folder, or another's."""
    if "\0" in str(folder) or (os.path.lexists(folder) and not folder.is_dir()):
        raise UsageError(f"{str(folder)!r} is no folder", remedy=REMEDY)
    try:
        if folder.is_dir() and not _is_new(folder):
            _read_state(folder)
    except OSError as error:
        raise not_written(folder, error) from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Make the folder if it is not there, and let nobody else write in it; a process that is killed lets go."""
    check_folder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RetryLater(
                f"another process writes in {folder}", remedy="wait for it, or choose a new folder"
            ) from None
        try:
            yield
        finally:
            (folder / LOCK).unlink(missing_ok=True)


def _fill(
    splits: Mapping[str, _Split],
    batches: Iterable[pa.RecordBatch],
    seed: int,
    shares: Mapping[str, float],
    progress: Progress | None,
) -> Tally:
    tally = Tally()
    for batch in batches:
        tally.add(batch)
        for name, part in _parted(batch, seed, shares).items():
            splits[name].add(part)
        if progress:
            progress(tally.rows)
    for split in splits.values():
        split.finish()
    return tally


def split_of(story: str, seed: int, shares: Mapping[str, float]) -> str:
    """The split of a story: the same for the same seed, whatever else is exported."""
    place = int(hashlib.md5(f"{seed}:{story}".encode(), usedforsecurity=False).hexdigest()[:8], 16) / 2**32
    for name, share in shares.items():
        place -= share
        if place < 0:
            return name
    return list(shares)[-1]


def _parted(batch: pa.RecordBatch, seed: int, shares: Mapping[str, float]) -> dict[str, pa.RecordBatch]:
    splits = pa.array([split_of(story, seed, shares) for story in batch[STORY].to_pylist()])
    return {name: batch.filter(pc.equal(splits, name)) for name in shares}


def _begun(folder: Path, asked: str) -> _State:
    """The state of the folder; an empty or new one is begun, also where that was interrupted."""
    if _is_new(folder):
        state = _State(asked)
        _put(folder / STATE, json.dumps(asdict(state)))
    else:
        state = _read_state(folder)
    if state.of != asked:
        raise UsageError(
            f"{folder} holds an export of another selection or state of the archive", remedy="choose a new folder"
        )
    # A file that somebody took away is written again.
    state.files = {path: rows for path, rows in state.files.items() if (folder / path).is_file()}
    (folder / "data").mkdir(exist_ok=True)
    return state


def _is_new(folder: Path) -> bool:
    return {path.name for path in folder.iterdir()} <= {LOCK, f"{STATE}{PART}"}


def _read_state(folder: Path) -> _State:
    try:
        return _State(**json.loads((folder / STATE).read_text()))
    except (OSError, ValueError, TypeError):
        raise UsageError(f"{folder} holds something else", remedy="choose a new folder") from None


def _put(path: Path, text: str) -> None:
    """Write it whole or not at all."""
    part = path.with_name(f"{path.name}{PART}")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


class _Split:
    """The files of one split, each whole or not there."""

    def __init__(self, folder: Path, name: str, schema: pa.Schema, state: _State, shard_rows: int) -> None:
        self.folder, self.name, self.schema, self.state, self.shard_rows = folder, name, schema, state, shard_rows
        self.number = 0
        self.rows = 0
        self.writer: pq.ParquetWriter | None = None

    @property
    def path(self) -> str:
        return f"data/{self.name}-{self.number:05d}.parquet"

    def add(self, batch: pa.RecordBatch) -> None:
        while batch.num_rows:
            some = batch.slice(0, self.shard_rows - self.rows)
            if self.path not in self.state.files:
                self._open().write_batch(some, row_group_size=ROW_GROUP_ROWS)
            self.rows += some.num_rows
            batch = batch.slice(some.num_rows)
            if self.rows == self.shard_rows:
                self._close()

    def finish(self) -> None:
        """Write the rest; a split without a row is none, because `datasets` loads no folder that has one."""
        if self.rows:
            self._close()

    def _open(self) -> pq.ParquetWriter:
        if self.writer is None:
            self.writer = pq.ParquetWriter(
                self.folder / f"{self.path}{PART}",
                self.schema,
                compression=COMPRESSION,
                compression_level=COMPRESSION_LEVEL,
            )
        return self.writer

    def _close(self) -> None:
        if self.path not in self.state.files:
            self._open().close()
            (self.folder / f"{self.path}{PART}").replace(self.folder / self.path)
            self.state.files[self.path] = self.rows
            _put(self.folder / STATE, json.dumps(asdict(self.state)))
        self.number += 1
        self.rows, self.writer = 0, None


def _describe(
    folder: Path,
    state: _State,
    tally: Tally,
    described: Described,
    *,
    schema: pa.Schema,
    splits: Sequence[str],
    empty: Sequence[str],
) -> None:
    """The papers, the card last: what has a card is whole."""
    digests = {path: sha256_of(folder / path) for path in sorted(state.files)}
    sizes = {path: (folder / path).stat().st_size for path in digests}
    texts = {
        CROISSANT: croissant(schema, digests, sizes, splits, described),
        CARD: card(schema, state.files, splits, tally, described, empty=empty),
    }
    sums = {**digests, **{name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}}
    listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
    for name, text in {SUMS: listed, **texts}.items():
        _put(folder / name, text)
