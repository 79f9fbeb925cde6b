"""The store goes away in the middle of a stage: one clear error that asks to come back, and then the same rows."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from storage.errors import ExitCode, RetryLater, StoreUnreachable
from storage.objects.open import open_store
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from tests.fixtures.demo_runs import archive, pages, rows_of
from tests.fixtures.raw_runs import RUN, write_round
from tests.fixtures.s3_server import S3Server
from warraq.pipeline.extract import extract_run
from warraq.pipeline.publish import publish_run


@pytest.mark.s3
@pytest.mark.slow
def test_a_store_that_stops_in_the_middle_costs_a_retry_and_no_row(
    own_s3_server: S3Server, own_s3_settings: Settings
) -> None:
    write_round(open_store(own_s3_settings), pages(0, 1, 2), spool=own_s3_settings.cache)
    with pytest.raises(StoreUnreachable, match="does not answer") as caught:
        extract_run(RUN, own_s3_settings, progress=lambda _: own_s3_server.stop())
    assert caught.value.exit_code == ExitCode.RETRY_LATER
    own_s3_server.start()
    extract_run(RUN, own_s3_settings)
    with pytest.raises(StoreUnreachable):
        publish_run(RUN, own_s3_settings, progress=lambda step: own_s3_server.stop() if step == "commit" else None)
    own_s3_server.start()
    assert open_tables(own_s3_settings).scan("articles").num_rows == 0
    publish_run(RUN, own_s3_settings)
    rows = rows_of(own_s3_settings)
    assert (len(rows["articles"]), len(rows["fetches"]), len(rows["runs"])) == (3, 3, 1)


@pytest.mark.skipif(not shutil.which("mount"), reason="needs to mount a small disk")
def test_a_disk_that_fills_up_costs_a_retry_and_no_row(local_settings: Settings, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("this machine may not mount a tmpfs")
    settings = replace(local_settings, archive=str(disk / "archive"))
    ballast = disk / "ballast"
    try:
        write_round(open_store(settings), pages(0, 1, 2), spool=settings.cache)
        archive(settings)
        before = rows_of(settings)
        write_round(open_store(settings), pages(3, 4, 5, minute=60), spool=settings.cache)
        extract_run(RUN, settings)
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while file.write(bytes(1024)):
                pass
        with pytest.raises(RetryLater, match="no space left"):
            extract_run(RUN, settings)
        with pytest.raises(RetryLater):
            publish_run(RUN, settings)
        ballast.unlink(missing_ok=True)
        assert rows_of(settings) == before
        archive(settings)
        assert len(rows_of(settings)["articles"]) == 6
    finally:
        ballast.unlink(missing_ok=True)
        subprocess.run(["umount", "-l", str(disk)], check=True)
