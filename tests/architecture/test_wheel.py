"""The built wheel holds every package, every portal, and runs without the checkout."""

from __future__ import annotations

import configparser
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.fixtures.paths import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # From a copy of what git knows: a build in the checkout would leave build/ and egg-info behind.
    source = folder / "source"
    source.mkdir()
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in files:
        if (ROOT / name).is_file() and not name.startswith(("tests/", "docs/", "bench/")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_module_of_every_package(wheel: Path) -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    packages = setup["options"]["packages"].split()
    held = set(zipfile.ZipFile(wheel).namelist())
    on_disk = {
        str(path.relative_to(ROOT))
        for top in ("storage", "extract", "spiders", "warraq")
        for path in (ROOT / top).rglob("*.py")
    }
    assert on_disk <= held, f"name their packages in setup.cfg: {sorted(on_disk - held)}"
    assert {f"{package.replace('.', '/')}/__init__.py" for package in packages} <= held


def test_the_installed_wheel_lists_every_portal(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    program = (
        "import spiders.registry as r; from storage.settings import read_settings;"
        "print(r.__file__); print(*r.load_portals(read_settings({})))"
    )
    result = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); {program}"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    where, names = result.stdout.splitlines()
    assert where.startswith(str(tmp_path)), "the checkout was imported instead of the wheel"
    expected = {path.stem for path in (ROOT / "spiders/portals").glob("*.py")} - {"__init__"}
    assert set(names.split()) == expected
