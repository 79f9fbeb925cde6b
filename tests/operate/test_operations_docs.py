"""Every command in the operations documents is one that can be typed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from warraq.cli import command_line

DOCS = Path(__file__).resolve().parents[2] / "docs" / "operations"
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def commands() -> list[str]:
    lines = [
        line.strip()
        for document in sorted(DOCS.glob("*.md"))
        for block in BLOCK.findall(document.read_text(encoding="utf-8"))
        for line in block.splitlines()
    ]
    return sorted(
        {line[line.index("warraq ") :] for line in lines if re.match(r"(docker compose exec \S+ )?warraq ", line)}
    )


@pytest.mark.parametrize("line", commands())
def test_a_documented_command_parses(line: str) -> None:
    name, *words = shlex.split(line)[1:]
    context = click.Context(command_line)
    command = command_line.get_command(context, name)
    assert command, f"no command {name}: {line}"
    command.make_context(name, words, parent=context)


def test_documents_link_only_to_what_exists() -> None:
    for document in DOCS.glob("*.md"):
        for target in re.findall(r"\]\((?!http)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
