"""Shared fixtures: settings of a local archive and of one in a real S3 server (SeaweedFS), fresh for each test."""

from __future__ import annotations

import gc
import signal
import uuid
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from storage.settings import Settings, read_settings
from tests.fixtures.paths import ROOT
from tests.fixtures.s3_server import S3Server

# The same examples in every run, and no example is judged by the seconds that a busy machine takes for it.
hypothesis_settings.register_profile("warraq", deadline=None, derandomize=True)
hypothesis_settings.load_profile("warraq")

# What keeps a test out of the quick lane: servers or other processes that it starts, or a library slow to load.
FIXTURES_OF_SERVERS = {"served", "s3_server", "own_s3_server", "postgres", "redis", "parse", "stack", "crawl_environ"}
FOLDERS_OF_PROCESSES = (
    "bench",
    "compose",
    "corpus",
    "dags",
    "end_to_end",
    "spiders/check",
    "spiders/crawl",
    "spiders/politeness",
    "warraq/alerts",
    "warraq/airflow",
    "warraq/api",
    "warraq/backfill",
    "warraq/commands",
    "warraq/demo",
    "warraq/monitoring",
    "warraq/pipeline",
    "warraq/reextract",
)
# Files whose tests take more than two seconds of CPU together (`pytest --durations` finds the next ones).
FILES_OF_SECONDS = (
    "architecture/test_help_is_quick.py",
    "extract/boilerplate/test_learnt_lines.py",
    "extract/test_never_raises.py",
    "extract/test_same_everywhere.py",
    "spiders/links/test_told_apart.py",
    "spiders/links/test_working_sources.py",
    "spiders/portals/test_bad_definitions.py",
    "spiders/portals/test_check_by_clock.py",
    "spiders/sources/ids/test_numeric_ids.py",
    "spiders/sources/reading/test_markup.py",
    "spiders/sources/test_listings_as_served.py",
    "spiders/sources/test_parsers_are_bounded.py",
    "spiders/sources/test_parsers_never_raise.py",
    "storage/iceberg/test_private_names.py",
    "storage/raw/test_run.py",
    "storage/read/test_monthly_release.py",
    "storage/read/test_query.py",
    "storage/read/test_reading.py",
    "storage/tables",
    "warraq/cli/test_main.py",
)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What 8,000 tests are made of stays to the end: it is looked through for garbage neither meanwhile nor later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make quick` leaves to `make test`."""
    folders = tuple(str(ROOT / "tests" / name) for name in FOLDERS_OF_PROCESSES)
    files = tuple(str(ROOT / "tests" / name) for name in FILES_OF_SECONDS)
    for item in items:
        if FIXTURES_OF_SERVERS & set(getattr(item, "fixturenames", ())) or str(item.path).startswith(folders):
            item.add_marker("processes")
        elif str(item.path).startswith(files):
            item.add_marker("slow")


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_counts() -> Iterator[None]:
    """Shells start background jobs with SIGINT ignored, and children inherit that: those we start are to obey it."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """One real S3 server for all tests of this process."""
    server = S3Server(tmp_path_factory.mktemp("seaweed"))
    server.start()
    yield server
    server.stop(for_good=True)


@pytest.fixture
def own_s3_server(tmp_path: Path) -> Iterator[S3Server]:
    """A real S3 server that a test may stop and start."""
    folder = tmp_path / "seaweed"
    folder.mkdir()
    server = S3Server(folder)
    server.start()
    yield server
    server.stop(for_good=True)


@pytest.fixture
def own_s3_settings(own_s3_server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of an archive in `own_s3_server`."""
    environ = {**own_s3_server.environ, "WARRAQ_ARCHIVE": f"s3://{own_s3_server.bucket}/own"}
    environ |= {"WARRAQ_CATALOG": f"sqlite:///{tmp_path}/catalog.db", "WARRAQ_CACHE": str(tmp_path / "cache")}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return read_settings(environ)


@pytest.fixture
def local_environ(tmp_path: Path) -> dict[str, str]:
    """Variables of a fresh archive in a directory, for child processes."""
    return {"WARRAQ_ARCHIVE": str(tmp_path / "archive"), "WARRAQ_CACHE": str(tmp_path / "cache")}


@pytest.fixture
def s3_environ(s3_server: S3Server, tmp_path: Path) -> dict[str, str]:
    """Variables of a fresh archive in the S3 server (a prefix of its own), for child processes."""
    return {
        **s3_server.environ,
        "WARRAQ_ARCHIVE": f"s3://{s3_server.bucket}/{uuid.uuid4().hex}",
        "WARRAQ_CATALOG": f"sqlite:///{tmp_path}/catalog.db",
        "WARRAQ_CACHE": str(tmp_path / "cache"),
    }


@pytest.fixture
def local_settings(local_environ: dict[str, str]) -> Settings:
    """Settings of a fresh archive in a directory."""
    return read_settings(local_environ)


@pytest.fixture
def s3_settings(s3_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a fresh archive in the S3 server; the credentials are in the environment, where libraries look."""
    for name, value in s3_environ.items():
        monkeypatch.setenv(name, value)
    return read_settings(s3_environ)


@pytest.fixture(params=["local", pytest.param("s3", marks=pytest.mark.s3)])
def settings(request: pytest.FixtureRequest) -> Settings:
    """A test that takes this runs twice: on a directory and on S3."""
    found = request.getfixturevalue(f"{request.param}_settings")
    assert isinstance(found, Settings)
    return found
