"""ReplayWeb.page from npm, in the one version that was tried: `python -m tests.engines.replayweb_page FOLDER`."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import tarfile
from pathlib import Path

NAME, VERSION = "replaywebpage", "2.5.3"
# As npm's registry states it.
SHA512 = "nCj2PSON3BxeSJKE8AsYPyULv0XPZKJWfy4l9PyQre9SqwLZ+WKZVs/sfLqPOQ4GrH+0YkjbwOhr8cSTH08gsQ=="


def package(folder: Path) -> Path:
    """Where it is after `fetch`."""
    return folder / f"{NAME}-{VERSION}.tgz"


def fetch(folder: Path) -> None:
    """Have npm put it there, if it is not."""
    if not package(folder).exists():
        command = ["npm", "pack", "--silent", f"{NAME}@{VERSION}"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def scripts(folder: Path) -> dict[str, bytes]:
    """Its page and its service worker. Raises ValueError where the package is another."""
    content = package(folder).read_bytes()
    if base64.b64encode(hashlib.sha512(content).digest()).decode() != SHA512:
        raise ValueError(f"{package(folder)} is not the package that npm's registry had; delete it")
    with tarfile.open(package(folder)) as packed:
        found = {name: packed.extractfile(f"package/{name}") for name in ("ui.js", "sw.js")}
        return {name: file.read() for name, file in found.items() if file is not None}


if __name__ == "__main__":
    fetch(Path(sys.argv[1]))
    scripts(Path(sys.argv[1]))
