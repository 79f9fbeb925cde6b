"""Every command in the documents, and in the examples of `--help`, is one that can be typed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from tests.fixtures.paths import ROOT
from warraq.cli.main import command_line

BLOCK = re.compile(r"```(?:sh|console)?\n(.*?)```", re.DOTALL)
TYPED = re.compile(r"(?:\$ |docker compose exec \S+ )?(warraq \S.*)")
FILE = re.compile(r"[\w-]+\.(?:tsv|txt|html|json|jsonl)")
GROUP = click.Context(command_line)


def commands() -> list[str]:
    """What documents and `--help` tell people to type; the generated page of commands repeats the latter."""
    pages = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    pages.remove(ROOT / "docs" / "reference" / "commands.md")
    texts = [block for page in pages for block in BLOCK.findall(page.read_text(encoding="utf-8"))]
    for name in command_line.list_commands(GROUP):
        command = command_line.get_command(GROUP, name)
        assert command
        texts.append((command.help or "").partition("Examples:")[2])
    lines = [TYPED.fullmatch(line.strip()) for text in texts for line in text.splitlines()]
    return sorted({match[1].partition("   #")[0] for match in lines if match})


@pytest.mark.parametrize("line", commands())
def test_a_documented_command_parses(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line, comments=True)[1:]
    words = words[: next((at for at, word in enumerate(words) if word in (">", "|")), len(words))]
    for word in words:
        if FILE.fullmatch(word):  # some commands look at once whether it is there
            (tmp_path / word).touch()
    name, *words = words
    command = command_line.get_command(GROUP, name)
    assert command, f"no command {name}: {line}"
    command.make_context(name, words, parent=GROUP)
