"""PostgreSQL and Redis as Debian packages bring them: private instances on loopback, for as long as a test runs."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from warraq.airflow.stack import free_port

READY_SECONDS = 60
# A cluster of a test may be lost with the machine: without fsync it is ready in half the time.
_POSTGRES_OPTIONS = ("-c", "fsync=off", "-c", "max_connections=200", "-c", "listen_addresses=127.0.0.1")


def postgres_programs() -> Path | None:
    """The folder with initdb and postgres; Debian keeps it off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    program = str(found[-1]) if found else shutil.which("initdb")
    return Path(program).resolve().parent if program else None


def missing_packages() -> list[str]:
    """Debian packages without which the servers cannot be started."""
    wanted = {"postgresql": postgres_programs(), "redis-server": shutil.which("redis-server")}
    return [package for package, program in wanted.items() if not program]


@contextmanager
def private_postgres(*databases: str) -> Iterator[Callable[[str], str]]:
    """A fresh cluster with these databases; gives what spells a database's address without a scheme."""
    programs, port, password = postgres_programs(), free_port(), secrets.token_hex(16)
    assert programs
    # Not in tmp_path: the user postgres cannot enter the folders above it, and root may not run a cluster.
    folder = Path(tempfile.mkdtemp(prefix="warraq-postgres-"))
    user = "postgres" if os.geteuid() == 0 else None
    (folder / "password").write_text(password)
    if user:
        entry = pwd.getpwnam(user)
        for path in (folder, folder / "password"):
            os.chown(path, entry.pw_uid, entry.pw_gid)
    environ = {**os.environ, "PGPASSWORD": password, "PGHOST": "127.0.0.1", "PGPORT": str(port), "PGUSER": "warraq"}

    def run(*words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [programs / words[0], *words[1:]],
            user=user,
            cwd=folder,
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    data = folder / "data"
    initdb = ("initdb", "-D", str(data), "-U", "warraq", "-A", "scram-sha-256", f"--pwfile={folder / 'password'}")
    made = run(*initdb, "--no-sync", "--encoding=UTF8")
    assert made.returncode == 0, made.stderr.decode()
    command = [programs / "postgres", "-D", data, "-p", str(port), "-k", folder, *_POSTGRES_OPTIONS]
    try:
        # SIGINT: without waiting for open connections.
        with _running(command, folder / "log", user=user, end=signal.SIGINT) as check:
            check(lambda: run("pg_isready", "-d", "postgres").returncode == 0)
            for database in databases:
                created = run("createdb", database)
                assert created.returncode == 0, created.stderr.decode()
            yield lambda database: f"warraq:{password}@127.0.0.1:{port}/{database}"
    finally:
        shutil.rmtree(folder)


@contextmanager
def private_redis(folder: Path) -> Iterator[str]:
    """A Redis that keeps nothing; gives its address."""
    port, password = free_port(), secrets.token_hex(16)
    folder.mkdir()
    config = folder / "redis.conf"
    config.write_text(f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\ndir {folder}\n')
    ping = ["redis-cli", "-h", "127.0.0.1", "-p", str(port), "ping"]
    with _running(["redis-server", config], folder / "log", user=None, end=signal.SIGTERM) as check:
        check(lambda: b"PONG" in _output(ping, {**os.environ, "REDISCLI_AUTH": password}))
        yield f"redis://:{password}@127.0.0.1:{port}/0"


def _output(command: list[str], environ: dict[str, str]) -> bytes:
    return subprocess.run(command, env=environ, capture_output=True, check=False).stdout


@contextmanager
def _running(
    command: list[str | Path], log: Path, *, user: str | None, end: signal.Signals
) -> Iterator[Callable[[Callable[[], bool]], None]]:
    """Run a server until the block ends; gives a function that waits until the server answers."""
    with log.open("wb") as lines:
        process = subprocess.Popen(command, user=user, cwd=log.parent, stdout=lines, stderr=lines)

    def wait_until(is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while True:
            assert process.poll() is None, f"{command[0]} has ended: {log.read_text()}"
            if is_ready():
                return
            assert time.monotonic() < deadline, f"{command[0]} does not answer: {log.read_text()}"
            time.sleep(0.1)

    try:
        yield wait_until
    finally:
        process.send_signal(end)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
