"""Portal definitions as people and programs read them: a table, one in full, records, and docs/reference/portals.md."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from spiders.portal.definition import Portal

_SHOWN_APART = ("name", "title_ar", "title_en", "country", "sources", "notes", "facts_as_of", "verified_live")


def as_record(portal: Portal) -> dict[str, Any]:
    """All fields of the definition, with the kind of each source."""
    record = asdict(portal)
    record["sources"] = [{"kind": source.kind, **asdict(source)} for source in portal.sources]
    return record


def source_kinds(portal: Portal) -> str:
    """The kinds of source in their order, counted where there are several: `feed×3, auto`."""
    kinds = Counter(source.kind for source in portal.sources)
    return ", ".join(kind if number == 1 else f"{kind}×{number}" for kind, number in kinds.items())


def print_table(portals: list[Portal]) -> None:
    """One line a portal on the terminal."""
    from rich.console import Console  # noqa: PLC0415 - slow import
    from rich.table import Table  # noqa: PLC0415 - slow import

    from warraq.cli.rtl_cells import cell  # noqa: PLC0415 - slow import

    console = Console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("portal", "title", "country", "sources", "schedule"):
        table.add_column(heading, no_wrap=heading in {"portal", "country", "schedule"}, overflow="fold")
    for portal in portals:
        table.add_row(portal.name, cell(portal.title_ar), portal.country, source_kinds(portal), portal.schedule)
    console.print(table)
    console.print(f"\n{len(portals)} portals; `warraq portals NAME` tells all about one", highlight=False)


def print_portal(portal: Portal) -> None:
    """Everything that is known of one portal on the terminal."""
    from rich.console import Console  # noqa: PLC0415 - slow import
    from rich.markup import escape  # noqa: PLC0415 - slow import

    console = Console(highlight=False)
    console.print(
        f"[bold]{portal.name}[/bold]  {escape(portal.title_ar)}  {escape(portal.title_en)}  ({portal.country})"
    )
    console.print(f"facts as of {portal.facts_as_of or 'unknown'}; {verification(portal)}", style="dim")
    for source in portal.sources:
        past = "lists the past" if source.lists_past else "recent only"
        address = escape(_address(portal, source))
        console.print(f"  [cyan]{source.kind}[/cyan] {address} [dim]({past})[/dim]", soft_wrap=True)
    defaults = Portal("", "", "", "", "", "")
    for name, value in vars(portal).items():
        if name not in _SHOWN_APART and value != getattr(defaults, name):
            shown = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
            console.print(f"  {name}: {escape(shown)}", soft_wrap=True)
    for note in portal.notes:
        console.print(f"  · {escape(note)}", soft_wrap=True)


def verification(portal: Portal) -> str:
    """Whether the definition was tried against the live site."""
    return f"checked live on {portal.verified_live}" if portal.verified_live else "not yet checked live"


def markdown(portals: list[Portal]) -> str:
    """docs/reference/portals.md: one row a portal. The page is generated and a test compares it."""
    lines = [
        "# Portals",
        "",
        "<!-- Generated: `warraq portals --markdown > docs/reference/portals.md`. -->",
        "",
        f"{len(portals)} definitions in `spiders/portals/`, one file each. Facts come from published code and saved",
        "pages, gathered at the date given; none stands for a visit to the live site unless the last column says",
        "so (`warraq check PORTAL` makes one). How links are found: [sources.md](../explain/sources.md).",
        "",
        "| Portal | Title | Country | Time zone | Site | Sources | Schedule | Facts as of | Checked live |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for portal in portals:
        cells = (
            f"`{portal.name}`",
            f"{portal.title_ar} · {portal.title_en}",
            portal.country,
            portal.timezone,
            portal.start_url,
            source_kinds(portal),
            f"`{portal.schedule}`",
            portal.facts_as_of or "—",
            portal.verified_live or "not yet",
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    noted = [portal for portal in portals if portal.notes]
    lines += ["", "## What to know of each", ""]
    for portal in noted:
        lines.append(f"- **{portal.name}**: {' '.join(portal.notes)}")
    return "\n".join(lines) + "\n"


def _address(portal: Portal, source: object) -> str:
    url = getattr(source, "url", None)
    return portal.absolute(url) if url else ""
