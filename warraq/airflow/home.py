"""The embedded Airflow's home: its folder, secrets made once, and the environment its processes run with."""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import warraq
from storage.errors import UsageError
from storage.settings import Settings

DEFAULT_PORT = 18080  # below 32768: ports above may be taken by any outgoing connection
USERS = {"admin": "admin", "viewer": "viewer"}  # user: role of Airflow's SimpleAuthManager; a viewer cannot trigger
DATABASE_FILE = "airflow.db"
ADDRESS_FILE = "address"  # where the running Airflow listens, for commands that talk to it
PASSWORDS_FILE = "passwords.json"
LOCK_FILE = "lock"  # held, with its process id, by the `warraq up` that runs there
_SECRETS_FILE = "secrets.json"

# What a person may change by setting the same variable; each differs from Airflow's default for the reason beside it.
CHANGEABLE = {
    "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
    "AIRFLOW__CORE__PARALLELISM": "4",  # 32 waiting worker processes would cost gigabytes
    "AIRFLOW__API__WORKERS": "1",  # one person looks at it
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",  # 1 s between two tasks of an empty window is long
    "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",  # 5 delays the end of each short task
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",  # a new DAG file appears within half a minute
    # A new portal's DAG within two minutes: making those of 60 portals each half minute took a tenth of a core.
    "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "120",
    "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
    "AIRFLOW__DAG_PROCESSOR__PRINT_STATS_INTERVAL": "300",
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
}


@dataclass(frozen=True)
class AirflowHome:
    """Where the embedded Airflow lives and listens. Make one with `prepare_home`."""

    folder: Path
    port: int
    environ: Mapping[str, str]
    passwords: Mapping[str, str]

    @property
    def url(self) -> str:
        """Address of the web page and the REST API, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def logs(self) -> Path:
        """Folder with one log file a component."""
        return self.folder / "components"


def default_home(settings: Settings, environ: Mapping[str, str] | None = None) -> Path:
    """`.airflow` beside a local archive; for a remote one the user's state folder (XDG)."""
    env = os.environ if environ is None else environ
    if not settings.is_s3:
        return Path(settings.archive).parent / ".airflow"
    return Path(env.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "warraq" / "airflow"


def project_folder(name: str) -> Path:
    """The folder `dags` or `plugins`: beside the packages in a checkout, under share/warraq in an installation."""
    beside = Path(warraq.__file__).resolve().parent.parent / name
    shared = Path(sys.prefix) / "share" / "warraq" / name
    for folder in (beside, shared):
        if folder.is_dir():
            return folder
    raise UsageError(f"no folder {name!r} in {beside.parent} or {shared.parent}", remedy="install warraq again")


def prepare_home(
    folder: Path, *, port: int, settings: Settings, environ: Mapping[str, str] | None = None
) -> AirflowHome:
    """Make the folder (0700) and its secrets (0600) if they are not there, and spell the environment.

    Raises UsageError when Airflow is not installed or the folder cannot be written.
    """
    found = importlib.util.find_spec("airflow")
    if found is None or found.origin is None:  # a folder that happens to be called airflow has no origin
        raise UsageError("Airflow is not installed", remedy="pip install 'warraq[airflow]' -c constraints.txt")
    folder = folder.expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        keys = _read_or_make(folder / _SECRETS_FILE, _new_secrets())
        passwords = _read_or_make(folder / PASSWORDS_FILE, {user: secrets.token_urlsafe(15) for user in USERS})
    except OSError as error:
        raise UsageError(f"Airflow home {folder}: {error.strerror}", remedy="name another with --home") from error
    env = dict(os.environ if environ is None else environ)
    # Airflow's processes start in a third of the time when their bytecode is kept.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    links = {"WARRAQ_AIRFLOW_URL": f"http://127.0.0.1:{port}"}  # in alerts; who is behind a proxy sets its own
    spelled = {**CHANGEABLE, **links, **env, **_fixed(folder, port, keys), **_archive(settings)}
    for name in ("no_proxy", "NO_PROXY"):
        spelled[name] = ",".join(filter(None, [env.get(name), "127.0.0.1", "localhost"]))
    return AirflowHome(folder=folder, port=port, environ=spelled, passwords=passwords)


def _fixed(folder: Path, port: int, keys: Mapping[str, str]) -> dict[str, str]:
    url = f"http://127.0.0.1:{port}"
    return {
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__CORE__DAGS_FOLDER": str(project_folder("dags")),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(project_folder("plugins")),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__CORE__FERNET_KEY": keys["fernet_key"],
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{user}:{role}" for user, role in USERS.items()),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(folder / PASSWORDS_FILE),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder / DATABASE_FILE}?timeout=30",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONNECT_ARGS": "warraq.airflow.sqlite.CONNECT_ARGS",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__API__SECRET_KEY": keys["api_secret_key"],
        "AIRFLOW__API_AUTH__JWT_SECRET": keys["jwt_secret"],
        "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK": "False",  # an HTTP server nobody asks
    }


def _archive(settings: Settings) -> dict[str, str]:
    """The settings that were resolved against this process's folder; tasks run elsewhere."""
    found = {
        "WARRAQ_ARCHIVE": settings.archive,
        "WARRAQ_CACHE": str(settings.cache),
        "WARRAQ_DEMO_URL": settings.demo_url,
    }
    if settings.portals_folder:
        found["WARRAQ_PORTALS"] = str(settings.portals_folder)
    return found


def _new_secrets() -> dict[str, str]:
    return {
        "fernet_key": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "api_secret_key": secrets.token_urlsafe(48),
        "jwt_secret": secrets.token_urlsafe(64),  # 86 characters; Airflow warns below 64
    }


def _read_or_make(path: Path, fresh: Mapping[str, str]) -> dict[str, str]:
    """A JSON object that only its owner can read; missing keys are added, present ones stay."""
    known: dict[str, str] = {}
    if path.exists():
        path.chmod(0o600)
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise UsageError(f"{path} is damaged: {error}", remedy="delete it; new secrets are made") from error
    complete = {**fresh, **known}
    if complete != known:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(complete, file)
    return complete
