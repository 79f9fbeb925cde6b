"""Which page is made by what."""

from __future__ import annotations

from collections.abc import Callable

from spiders.registry import read_definitions
from storage.schema import data_dictionary
from storage.settings import read_settings
from warraq.cli import portal_table
from warraq.cli.reference import closed_lists, commands, glossary, rooms, rules


def _portals() -> str:
    # Without the environment: portals of one's own are not part of the project's page.
    return portal_table.markdown(list(read_definitions(read_settings({})).portals.values()))


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands.render,
    "data_dictionary.md": data_dictionary.render,
    "flags.md": closed_lists.flags,
    "glossary.md": glossary.render,
    "outcomes.md": closed_lists.outcomes,
    "portals.md": _portals,
    "rooms.md": rooms.render,
    "rules.md": rules.render,
}
