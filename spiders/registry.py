"""All portals: every module in spiders/portals and, if set, in the folder WARRAQ_PORTALS that has a `PORTAL`."""

from __future__ import annotations

import difflib
import functools
import importlib
import importlib.util
import pkgutil
from pathlib import Path

import spiders.portals
from spiders.definition import Portal
from storage.errors import UsageError
from storage.settings import Settings


def load_portals(settings: Settings) -> dict[str, Portal]:
    """All portals by name, sorted. Raises UsageError for a definition that cannot be used."""
    portals = dict(_packaged_portals())
    if settings.portals_folder:
        for path in sorted(settings.portals_folder.glob("*.py")):
            if not path.name.startswith("_"):
                portals[path.stem] = _read_definition(path)
    if "demo" in portals:
        portals["demo"] = portals["demo"].at(settings.demo_url + "/")
    return dict(sorted(portals.items()))


def find_portal(name: str, settings: Settings) -> Portal:
    """The portal of this name; raises UsageError that suggests the nearest."""
    portals = load_portals(settings)
    if name in portals:
        return portals[name]
    near = difflib.get_close_matches(name.lower(), portals, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    raise UsageError(f"no portal is named {name!r}", remedy=f"{hint}`warraq portals` lists all {len(portals)}")


@functools.cache
def _packaged_portals() -> dict[str, Portal]:
    found = {}
    for info in pkgutil.iter_modules(spiders.portals.__path__):
        module = importlib.import_module(f"spiders.portals.{info.name}")
        found[info.name] = _checked(info.name, getattr(module, "PORTAL", None), where=f"spiders/portals/{info.name}.py")
    return found


def _read_definition(path: Path) -> Portal:
    spec = importlib.util.spec_from_file_location(f"warraq_portal_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path}: not a Python file", remedy="a definition is a .py file with a PORTAL")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UsageError(f"{path}: {type(error).__name__}: {error}", remedy="correct the definition") from error
    return _checked(path.stem, getattr(module, "PORTAL", None), where=str(path))


def _checked(name: str, portal: object, *, where: str) -> Portal:
    if not isinstance(portal, Portal):
        raise UsageError(f"{where}: no PORTAL of type Portal", remedy="define PORTAL = Portal(name=…, …)")
    if portal.name != name:
        raise UsageError(f"{where}: PORTAL.name is {portal.name!r}", remedy=f"name it {name!r}, like its file")
    return portal
