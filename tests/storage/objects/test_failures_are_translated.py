"""What goes wrong below the tables is told as what the caller can do about it."""

from __future__ import annotations

import errno
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy.exc import OperationalError

from storage.errors import DamagedObject, RetryLater, StoreDenied, StoreUnreachable, UsageError
from storage.iceberg.catalog import translated
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import records, run_id


def test_a_damaged_data_file_is_damage_and_no_absent_store(local_settings: Settings) -> None:
    tables, run = open_tables(local_settings), run_id()
    tables.replace_run(run, RecordRows(run, *records(run, 20)))
    (file,) = map(Path, tables.files("articles"))
    sound = file.read_bytes()
    # The magic at the end, the footer, the pages: Arrow has another word for each.
    for damaged in (sound[:-1] + b"x", sound[:-200] + bytes(190) + sound[-10:], sound[:4] + bytes(2000) + sound[2004:]):
        file.write_bytes(damaged)
        with pytest.raises(DamagedObject, match="cannot be read"):
            tables.scan("articles")


def test_arrow_itself_tells_damage_without_an_error_number(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"PAR1" + bytes(100) + b"\x10\0\0\0PAR1")
    with pytest.raises(DamagedObject), translated("the archive"):
        pq.read_table(tmp_path / "x.parquet")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError("When reading 'b/k': AWS Error NETWORK_CONNECTION during GetObject"), StoreUnreachable),
        (OSError(errno.EIO, "Input/output error"), StoreUnreachable),
        (ConnectionRefusedError("refused"), StoreUnreachable),
        (OSError(errno.ENOSPC, "No space left on device"), RetryLater),
    ],
)
def test_an_absent_or_full_store_is_told_as_such(error: OSError, told: type[Exception]) -> None:
    with pytest.raises(told), translated("the archive"):
        raise error


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("permission denied for table iceberg_tables", UsageError),
        ("cannot execute UPDATE in a read-only transaction", UsageError),
        ("attempt to write a readonly database", UsageError),
        ('password authentication failed for user "warraq"', StoreDenied),
        ("could not connect to server", StoreUnreachable),
    ],
)
def test_a_role_that_may_only_read_is_a_mistake_and_a_wrong_password_is_denied(
    words: str, told: type[Exception]
) -> None:
    with pytest.raises(told, match="the catalog of"), translated("the archive"):
        raise OperationalError("UPDATE iceberg_tables", {}, Exception(words))
