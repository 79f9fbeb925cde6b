"""Where the attacked archives lie: a directory, S3, S3 with its catalog in PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from storage.settings import Settings, read_settings
from tests.fixtures.private_servers import private_postgres
from tests.fixtures.s3_server import S3Server

PLACES = ("directory", "S3", "PostgreSQL")


def in_directory(folder: Path, name: str) -> Settings:
    """An archive in a directory."""
    return read_settings({"WARRAQ_ARCHIVE": str(folder / name), "WARRAQ_CACHE": str(folder / f"{name}-cache")})


def in_bucket(folder: Path, server: S3Server, name: str, *, catalog: str | None = None) -> Settings:
    """An archive in S3; the variables that lead there are set for this process too, which compares."""
    environ = {**server.environ, "WARRAQ_ARCHIVE": f"s3://{server.bucket}/{name}"}
    environ |= {"WARRAQ_CATALOG": catalog or f"sqlite:///{folder}/{name}.db", "WARRAQ_CACHE": str(folder / name)}
    os.environ.update(environ)
    return read_settings(environ)


@contextmanager
def serving_s3(folder: Path) -> Iterator[S3Server]:
    """A SeaweedFS until the block ends."""
    server = S3Server(folder / "weed")
    server.folder.mkdir()
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def places(folder: Path, wanted: Sequence[str]) -> Iterator[Iterator[tuple[str, Settings]]]:
    """Empty archives, one a kind of place; servers end with the block."""

    def opened() -> Iterator[tuple[str, Settings]]:
        if "directory" in wanted:
            yield "directory", in_directory(folder, "killed")
        if {"S3", "PostgreSQL"} & set(wanted):
            server = stack.enter_context(serving_s3(folder))
        if "S3" in wanted:
            yield "S3", in_bucket(folder, server, "s3")
        if "PostgreSQL" in wanted:
            address = stack.enter_context(private_postgres("attack"))
            catalog = f"postgresql+psycopg2://{address('attack')}"
            yield "PostgreSQL", in_bucket(folder, server, "postgres", catalog=catalog)

    with ExitStack() as stack:
        yield opened()
