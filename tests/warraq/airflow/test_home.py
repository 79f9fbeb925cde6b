"""The embedded Airflow's home: secrets, addresses, and mistakes answered in one line."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from storage.errors import UsageError
from storage.settings import read_settings
from tests.fixtures.paths import ROOT
from warraq.airflow.home import USERS, AirflowHome, default_home, prepare_home
from warraq.airflow.ports import free_port
from warraq.cli.main import command_line


def make_home(folder: Path, environ: dict[str, str] | None = None) -> AirflowHome:
    settings = read_settings({"WARRAQ_ARCHIVE": str(folder / "archive")})
    return prepare_home(folder / "home", port=18099, settings=settings, environ=environ or {})


def test_secrets_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    first, second = make_home(tmp_path), make_home(tmp_path)
    assert first.environ == second.environ
    assert first.passwords == second.passwords
    files = [path for path in first.folder.iterdir() if path.suffix == ".json"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(first.folder.stat().st_mode) == 0o700
    assert len(first.environ["AIRFLOW__API_AUTH__JWT_SECRET"]) >= 64


def test_two_homes_share_no_secret(tmp_path: Path) -> None:
    one, two = make_home(tmp_path / "one"), make_home(tmp_path / "two")
    for name in ("AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__API__SECRET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET"):
        assert one.environ[name] != two.environ[name]
    assert not set(one.passwords.values()) & set(two.passwords.values())


def test_open_files_of_an_older_home_are_closed(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    (home.folder / "passwords.json").chmod(0o644)
    make_home(tmp_path)
    assert stat.S_IMODE((home.folder / "passwords.json").stat().st_mode) == 0o600


def test_every_address_is_on_loopback_whatever_the_environment_says(tmp_path: Path) -> None:
    home = make_home(
        tmp_path, {"AIRFLOW__API__HOST": "0.0.0.0", "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True"}
    )
    assert home.environ["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert home.environ["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS"] == "False"
    assert home.environ["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"] == "admin:admin,viewer:viewer"
    assert set(home.passwords) == set(USERS)


def test_a_person_may_change_how_many_tasks_run_at_once(tmp_path: Path) -> None:
    assert make_home(tmp_path, {"AIRFLOW__CORE__PARALLELISM": "9"}).environ["AIRFLOW__CORE__PARALLELISM"] == "9"


def test_bytecode_may_be_written_and_loopback_is_asked_without_a_proxy(tmp_path: Path) -> None:
    home = make_home(tmp_path, {"PYTHONDONTWRITEBYTECODE": "1", "NO_PROXY": "intranet"})
    assert "PYTHONDONTWRITEBYTECODE" not in home.environ
    assert home.environ["NO_PROXY"] == "intranet,127.0.0.1,localhost"


def test_tasks_see_the_archive_where_the_command_saw_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read_settings({"WARRAQ_ARCHIVE": "news"})
    home = prepare_home(tmp_path / "home", port=18099, settings=settings, environ={"WARRAQ_ARCHIVE": "news"})
    assert home.environ["WARRAQ_ARCHIVE"] == str(tmp_path / "news")


def test_the_default_home_is_beside_a_local_archive_and_in_the_state_folder_for_a_remote_one(tmp_path: Path) -> None:
    local = read_settings({"WARRAQ_ARCHIVE": str(tmp_path / "archive")})
    remote = read_settings({"WARRAQ_ARCHIVE": "s3://bucket/news"})
    assert default_home(local, {}) == tmp_path / ".airflow"
    assert default_home(remote, {"XDG_STATE_HOME": "/state"}) == Path("/state/warraq/airflow")


def test_damaged_secrets_are_named_with_their_remedy(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    (home.folder / "secrets.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match=r"secrets\.json is damaged"):
        make_home(tmp_path)


def test_a_home_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file", encoding="utf-8")
    with pytest.raises(UsageError, match="Airflow home"):
        make_home(tmp_path)


def test_a_taken_port_is_a_one_line_usage_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-m", "warraq", "up", "--port", str(port), "--home", str(tmp_path / "home")],
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert ended.returncode == 2
    assert f"port {port} cannot be used" in ended.stderr
    assert "--port" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert json.loads((tmp_path / "home" / "secrets.json").read_text())


def test_without_airflow_the_extra_to_install_is_named(tmp_path: Path) -> None:
    root = ROOT
    program = (
        f"import sys; sys.path.insert(0, {str(root)!r})\n"
        "from pathlib import Path\n"
        "from storage.errors import UsageError\n"
        "from storage.settings import read_settings\n"
        "from warraq.airflow.home import prepare_home\n"
        "try:\n"
        f"    prepare_home(Path({str(tmp_path)!r}), port=18099, settings=read_settings({{}}))\n"
        "except UsageError as error:\n"
        "    print(error.message, error.remedy)\n"
    )
    # -S: no site-packages, so no Airflow.
    ended = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, timeout=30)
    assert "Airflow is not installed" in ended.stdout, ended.stderr
    assert "warraq[airflow]" in ended.stdout


def test_an_archive_that_no_run_could_use_is_refused_before_airflow_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARRAQ_ARCHIVE", str(tmp_path / "archive"))
    (tmp_path / "archive").touch()
    with pytest.raises(UsageError, match="a file stands where a folder is needed"):
        command_line.main(["up", "--home", str(tmp_path / "home")], standalone_mode=False)
    assert not (tmp_path / "home").exists()


def test_a_demo_beside_another_and_beside_another_airflow_takes_other_ports(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from warraq.airflow.ports import free_port\n"
        "from warraq.commands.start.demo import DEFAULT_PORT, DemoTour\n"
        "tour = DemoTour(Path(sys.argv[1]), articles=1, days=1, port=DEFAULT_PORT)\n"
        "print(tour.portal_url.rpartition(':')[2], free_port(tour.port), flush=True); sys.stdin.read()"
    )
    demos = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / name)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    ports: list[str] = []
    for demo in demos:
        assert demo.stdout
        ports += demo.stdout.readline().split()
    for demo in demos:
        demo.communicate()
    assert len(set(ports)) == 4, f"none has begun to listen yet, and each has ports of its own: {ports}"
    with socket.socket() as other_airflow:
        other_airflow.bind(("127.0.0.1", 0))
        other_airflow.listen()
        taken = other_airflow.getsockname()[1]
        assert free_port(taken) != taken
