"""The log of commits in packs: the same entries, fewer objects, and whatever is done to a pack is named."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from storage.fixity.log import read_log
from storage.iceberg.commit_log import HEAD, Told, entries, log_head, write_entry
from storage.iceberg.multi_table_commit import point_to_newest
from storage.objects.keys import PACKED, log_entry_key, log_pack_key, log_packs_root, log_prefix
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.expiry import pack_log

NOW = datetime.now(UTC)
MARGIN = timedelta(days=3)
LATER = NOW + timedelta(days=4)


def lengthened(tables: ArchiveTables, length: int) -> ArchiveTables:
    """The log as long as after so many commits, by one."""
    runs = tables.load()["runs"]
    home = tables.store.url
    head = log_head(tables.load())
    while head is None or int(head.split("/")[-1].split(".")[0]) < length:
        told = Told("compact", lambda: {"text": "}\n}\n{ وراق"})
        key = write_entry(runs.io, home=home, runs=runs, lists={}, told=told, at="2024-12-25T00:00:00+00:00")
        runs.metadata.properties[HEAD] = head = key
    before = tables.load()["runs"]
    with before.transaction() as change:
        change.set_properties({HEAD: head})
    point_to_newest(tables.catalog)
    return tables


@pytest.fixture
def packed(local_settings: Settings) -> ArchiveTables:
    """With all that can be packed in packs alone."""
    tables = lengthened(open_tables(local_settings), 2 * PACKED)
    pack_log(tables, now=NOW, margin=MARGIN)
    assert pack_log(tables, now=LATER, margin=MARGIN) == 2 * PACKED - 1
    return tables


def told(tables: ArchiveTables) -> list[tuple[str, bytes]]:
    return [(entry.key, entry.data) for entry in entries(tables.store, log_head(tables.load()))]


def keys(tables: ArchiveTables, root: str) -> list[str]:
    return [info.key for info in tables.store.list(root)]


def problems(tables: ArchiveTables) -> list[str]:
    return read_log(tables.store, tables.load()).fixity.problems


def test_entries_are_packed_and_their_own_objects_go_once_nobody_reads_them(settings: Settings) -> None:
    tables = lengthened(open_tables(settings), PACKED + 5)
    before = told(tables)
    assert [int(key.split("/")[-1][:9]) for key, _ in before] == list(range(PACKED + 5, 0, -1))
    assert pack_log(tables, now=NOW, margin=MARGIN) == 0
    assert keys(tables, log_packs_root()) == [log_pack_key(0)]
    assert len(keys(tables, log_prefix())) == PACKED + 5
    assert pack_log(tables, now=LATER, margin=MARGIN) == PACKED - 1
    assert keys(tables, log_prefix()) == sorted(key for key, _ in before[:6])
    assert told(tables) == before
    assert problems(tables) == []
    assert pack_log(tables, now=LATER, margin=MARGIN) == 0


def test_a_stretch_is_packed_when_another_entry_follows_it(local_settings: Settings) -> None:
    tables = lengthened(open_tables(local_settings), PACKED - 1)
    pack_log(tables, now=NOW, margin=MARGIN)
    assert keys(tables, log_packs_root()) == []
    lengthened(tables, PACKED)
    pack_log(tables, now=NOW, margin=MARGIN)
    assert keys(tables, log_packs_root()) == [log_pack_key(0)]
    assert problems(tables) == []


@pytest.mark.parametrize("at", [0, 40, 5000, -1])
def test_a_byte_of_a_pack_that_changed_is_named(packed: ArchiveTables, at: int) -> None:
    data = bytearray(packed.store.get(log_pack_key(PACKED)))
    data[at] ^= 1
    packed.store.put(log_pack_key(PACKED), bytes(data))
    assert any(log_pack_key(PACKED) in problem for problem in problems(packed))
    packed.store.put(log_pack_key(PACKED), bytes(data[:-1]))
    assert any(log_pack_key(PACKED) in problem for problem in problems(packed))


def test_a_pack_that_is_gone_or_has_changed_places_is_named(packed: ArchiveTables) -> None:
    first, second = (packed.store.get(log_pack_key(number)) for number in (0, PACKED))
    packed.store.delete(log_pack_key(0))
    assert any(log_pack_key(0) in problem for problem in problems(packed))
    packed.store.put(log_pack_key(0), second)
    packed.store.put(log_pack_key(PACKED), first)
    assert any(log_pack_key(PACKED) in problem for problem in problems(packed))
    packed.store.put(log_pack_key(PACKED), second)
    packed.store.put(log_pack_key(0), first + second)
    assert problems(packed) == [f"{log_pack_key(0)}: does not hold the entries of the log that it stands for"]


def test_while_the_entries_are_there_a_damaged_pack_is_named_and_made_again(local_settings: Settings) -> None:
    tables = lengthened(open_tables(local_settings), 2 * PACKED)
    before = told(tables)
    pack_log(tables, now=NOW, margin=MARGIN)
    whole = tables.store.get(log_pack_key(0))
    tables.store.put(log_pack_key(0), b"{\n}\n" + whole[200:])
    assert told(tables) == before
    assert problems(tables) == [f"{log_pack_key(0)}: does not hold the entries of the log that it stands for"]
    assert pack_log(tables, now=LATER, margin=MARGIN) == PACKED  # those of the other pack
    assert tables.store.get(log_pack_key(0)) == whole


def test_an_entry_that_nobody_reads_any_more_is_still_compared(packed: ArchiveTables) -> None:
    """One beside its pack, and one of a commit that was killed."""
    beside, data = next((key, data) for key, data in told(packed) if key.endswith(".json") and "000000003." in key)
    packed.store.put(beside, data)
    assert problems(packed) == []
    packed.store.put(beside, data.replace(b"compact", b"combust"))
    assert problems(packed) == [f"{beside}: its sha256 is not the one in its name"]
    packed.store.delete(beside)
    killed = log_entry_key(7, sha256(b"{}").hexdigest())
    packed.store.put(killed, b"{ }")
    assert problems(packed) == [f"{killed}: its sha256 is not the one in its name"]


def test_a_catalog_that_went_back_behind_a_pack_is_named_and_what_it_had_told_stays(packed: ArchiveTables) -> None:
    old = next(key for key, _ in told(packed) if f"/{2 * PACKED - 5:09d}." in key)
    lost = [key for key, _ in told(packed) if key > old and int(key.split("/")[-1][:9]) < 2 * PACKED]
    with packed.load()["runs"].transaction() as change:
        change.set_properties({HEAD: old})
    assert any(problem.startswith(f"{log_pack_key(PACKED)}: the catalog knows nothing") for problem in problems(packed))
    lengthened(packed, 2 * PACKED)
    after = told(packed)
    pack_log(packed, now=NOW, margin=MARGIN)
    assert told(packed) == after
    assert {*lost} <= {*keys(packed, log_prefix())}
    assert problems(packed) == []


def test_of_an_entry_for_which_the_disk_has_no_room_nothing_stays(local_settings: Settings) -> None:
    tables = lengthened(open_tables(local_settings), 2)
    runs, before = tables.load()["runs"], keys(tables, log_prefix())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            told = Told("compact", lambda: {"text": "ورق" * 5_000})
            write_entry(runs.io, home=tables.store.url, runs=runs, lists={}, told=told, at="2024-12-25T00:00:00+00:00")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert keys(tables, log_prefix()) == before
    assert problems(tables) == []


KILLED_AT_2000_BYTES = """
import resource, signal, sys
from pyiceberg.io.pyarrow import PyArrowFileIO
from storage.iceberg.digest_names import write_whole
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
write_whole(PyArrowFileIO(), sys.argv[1], bytes(5000))
"""


def test_of_a_file_whose_writer_is_killed_no_part_has_its_name(tmp_path: Path) -> None:
    file = tmp_path / "log" / "1.json"
    done = subprocess.run([sys.executable, "-c", KILLED_AT_2000_BYTES, str(file)], check=False)
    assert done.returncode == -signal.SIGXFSZ
    assert not file.exists()
