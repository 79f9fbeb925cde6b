"""All portals: every module in spiders/portals and, if set, in the folder WARRAQ_PORTALS that has a `PORTAL`.

A definition that cannot be used stops nothing but itself: it is left out, and told by whoever looks after portals.
"""

from __future__ import annotations

import difflib
import functools
import importlib.util
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import spiders.portals
from spiders.portal.definition import Portal
from spiders.portal.wellformed import complaints
from storage.errors import UsageError
from storage.settings import Settings


@dataclass(frozen=True)
class BadDefinition:
    """A file whose portal is left out, and why in one line."""

    name: str
    path: Path
    problem: str

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}"


@dataclass(frozen=True)
class Definitions:
    """All portals by name, sorted, and the files that give none."""

    portals: dict[str, Portal]
    bad: tuple[BadDefinition, ...]


def read_definitions(settings: Settings) -> Definitions:
    """Every definition there is; a folder that cannot be read is told as a bad definition too."""
    portals, bad = dict(_packaged().portals), list(_packaged().bad)
    for path in _files_of(settings.portals_folder):
        found = _read(path)
        if isinstance(found, Portal) and found.name in portals:
            found = BadDefinition(path.stem, path, f"the name {path.stem!r} exists already, in spiders/portals")
        if isinstance(found, BadDefinition):
            bad.append(found)
        else:
            portals[path.stem] = found
    if settings.portals_folder and not settings.portals_folder.is_dir():
        bad.append(BadDefinition("portals", settings.portals_folder, "WARRAQ_PORTALS names a folder that is not there"))
    if "demo" in portals:
        portals["demo"] = portals["demo"].at(settings.demo_url + "/")
    return Definitions(dict(sorted(portals.items())), tuple(bad))


def load_portals(settings: Settings) -> dict[str, Portal]:
    """All portals by name, sorted, without the definitions that cannot be used."""
    return read_definitions(settings).portals


def find_portal(name: str, settings: Settings) -> Portal:
    """The portal of this name; raises UsageError that names its file's mistake, or suggests the nearest name."""
    definitions = read_definitions(settings)
    if name in definitions.portals:
        return definitions.portals[name]
    for bad in definitions.bad:
        if bad.name == name:
            raise UsageError(str(bad), remedy="correct the definition")
    near = difflib.get_close_matches(name.lower(), definitions.portals, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    raise UsageError(
        f"no portal is named {name!r}", remedy=f"{hint}`warraq portals` lists all {len(definitions.portals)}"
    )


@functools.cache
def _packaged() -> Definitions:
    portals, bad = {}, []
    for info in pkgutil.iter_modules(spiders.portals.__path__):
        found = _read(Path(str(info.module_finder.path)) / f"{info.name}.py")  # type: ignore[union-attr]  # a folder's
        if isinstance(found, BadDefinition):
            bad.append(found)
        else:
            portals[info.name] = found
    return Definitions(portals, tuple(bad))


def _files_of(folder: Path | None) -> Iterator[Path]:
    if folder:
        yield from (path for path in sorted(folder.glob("*.py")) if not path.name.startswith("_"))


def _read(path: Path) -> Portal | BadDefinition:
    spec = importlib.util.spec_from_file_location(f"warraq_portal_{path.stem}", path)
    if spec is None or spec.loader is None:
        return BadDefinition(path.stem, path, "not a Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        portal: object = getattr(module, "PORTAL", None)
        if not isinstance(portal, Portal):
            return BadDefinition(path.stem, path, "no PORTAL of type Portal: define PORTAL = Portal(name=…, …)")
        if portal.name != path.stem:
            return BadDefinition(
                path.stem, path, f"PORTAL.name is {portal.name!r}: name it {path.stem!r}, like its file"
            )
        wrong = "; ".join(complaints(portal))
    except (Exception, SystemExit) as error:  # a definition is code: whatever it raises is its own mistake
        portal, wrong = None, f"{type(error).__name__}: {error}".replace("\n", " ")[:300]
    return portal if isinstance(portal, Portal) and not wrong else BadDefinition(path.stem, path, wrong)
