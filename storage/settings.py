"""Where things are and who we are: read from the environment in one function, into one frozen record."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from storage.errors import UsageError

DEFAULT_ARCHIVE = "archive"


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations. Each field's variable is in .env.example."""

    archive: str  # a directory or s3://bucket/prefix
    catalog: str | None  # a SQLAlchemy URL; None: pyiceberg's own configuration, or SQLite beside a local archive
    s3_endpoint: str | None
    s3_region: str
    contact: str | None  # e-mail or URL that portals can reach us at; sent in the User-Agent
    portals_folder: Path | None  # further portal definitions, one file each
    demo_url: str  # where the demo portal listens
    obey_opt_out: bool  # text and data mining opt-outs are obeyed, not only recorded
    cache: Path  # spool for open chunks and scratch files; safe to delete when nothing runs
    alerts: str | None = field(repr=False)  # where alerts go; holds a password or token, so it is never shown
    ping: str | None = field(repr=False)  # called after each look that worked: who hears nothing knows that all is dead
    airflow_url: str | None  # where people reach Airflow, for links in alerts
    silent_hours: float | None  # a portal without anything new for so long is told; None: each by its own rhythm
    statsd: str | None  # host:port that takes metrics
    removals: Path | None = None  # a second place for the register of removals, which a restore does not touch

    @property
    def is_s3(self) -> bool:
        return self.archive.startswith("s3://")


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; empty variables count as unset. Raises UsageError naming the variable."""
    env = {k: v for k, v in (os.environ if environ is None else environ).items() if v}
    archive = env.get("WARRAQ_ARCHIVE", DEFAULT_ARCHIVE)
    if "://" in archive and not archive.startswith("s3://"):
        raise UsageError(
            f"WARRAQ_ARCHIVE={archive!r}: unknown kind of store", remedy="a directory or s3://bucket/prefix"
        )
    if not archive.startswith("s3://"):
        archive = str(Path(archive).expanduser().absolute())
    elif not archive.removeprefix("s3://").split("/")[0]:
        raise UsageError("WARRAQ_ARCHIVE names no bucket", remedy="write it as s3://bucket/prefix")
    folder, register = env.get("WARRAQ_PORTALS"), env.get("WARRAQ_REMOVALS")
    cache = env.get("WARRAQ_CACHE") or str(Path(env.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "warraq")
    return Settings(
        archive=archive.rstrip("/") or "/",
        catalog=env.get("WARRAQ_CATALOG"),
        s3_endpoint=env.get("AWS_ENDPOINT_URL_S3") or env.get("AWS_ENDPOINT_URL"),
        s3_region=env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION") or "us-east-1",
        contact=env.get("WARRAQ_CONTACT"),
        portals_folder=Path(folder).expanduser().absolute() if folder else None,
        demo_url=env.get("WARRAQ_DEMO_URL", "http://127.0.0.1:18800").rstrip("/"),
        obey_opt_out=_flag(env, "WARRAQ_OBEY_OPT_OUT", default=False),
        cache=Path(cache).expanduser().absolute(),
        alerts=env.get("WARRAQ_ALERTS"),
        ping=env.get("WARRAQ_ALERTS_PING"),
        airflow_url=env.get("WARRAQ_AIRFLOW_URL", "").rstrip("/") or None,
        silent_hours=_hours(env, "WARRAQ_SILENT_HOURS"),
        statsd=env.get("WARRAQ_STATSD"),
        removals=Path(register).expanduser().absolute() if register else None,
    )


def _hours(env: Mapping[str, str], name: str) -> float | None:
    text = env.get(name)
    if text is None:
        return None
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 1 <= hours < float("inf"):
        raise UsageError(f"{name}={text!r} is no number of hours", remedy="write 1 or more")
    return hours


def _flag(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = env.get(name, "").strip().lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    if text:
        raise UsageError(f"{name}={text!r} is neither yes nor no", remedy="write 1 or 0")
    return default
