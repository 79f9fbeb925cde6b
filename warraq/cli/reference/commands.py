"""The page of all commands, from their own help."""

from __future__ import annotations

import click

from warraq.cli.main import command_line

WIDTH = 100
HEAD = """# Commands

<!-- Generated: `make docs`. -->

Each command ends with a summary a person can read, takes `--json` where a program may ask, and has an exit code that
means something: 0 done, 2 usage (also a time or portal of which the archive has nothing to read), 3 degraded, 4 try
again later, 5 failed for good.
"""


def render() -> str:
    """Markdown with the help text of `warraq` and of each command, in the order of `warraq --help`."""
    names = command_line.context_settings["help_option_names"]
    top = click.Context(
        command_line, info_name="warraq", terminal_width=WIDTH, max_content_width=WIDTH, help_option_names=names
    )
    parts = [HEAD, _block("warraq", command_line.get_help(top))]
    for name in command_line.list_commands(top):
        command = command_line.get_command(top, name)
        if command is not None:
            context = click.Context(command, info_name=name, parent=top, terminal_width=WIDTH, max_content_width=WIDTH)
            parts.append(_block(f"warraq {name}", command.get_help(context)))
    return "\n".join(parts)


def _block(title: str, text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return f"## {title}\n\n```\n{lines}\n```\n"
