"""`warraq demo-portal`: serve the demo portal, or write its truth and pages to files."""

from __future__ import annotations

import signal
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click

from storage.errors import UsageError
from warraq.cli.terminal_text import json_text
from warraq.demo.layouts import LAYOUTS
from warraq.demo.portal import MAX_ARTICLES, DemoSite
from warraq.demo.server.corpus_writer import save_corpus, write_truth
from warraq.demo.server.faults import FAULT_FORMS, Fault
from warraq.demo.server.server import LOOPBACK, serve

DEFAULT_PORT = 18800


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True, help="0 takes a free one."
)
@click.option("--host", default=LOOPBACK, show_default=True, help="Where it listens; containers name their service.")
@click.option("--articles", type=click.IntRange(0, MAX_ARTICLES), default=200, show_default=True)
@click.option("--days", type=click.IntRange(1, 20_000), default=10, show_default=True, help="Days they spread over.")
@click.option("--until", metavar="DATE", help="The day after the last day with articles; default today.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same site.")
@click.option("--delay", type=click.FloatRange(0, 60), default=0.0, help="Seconds before each answer.")
@click.option("--crawl-delay", type=click.FloatRange(0, 60), help="Seconds that robots.txt asks for.")
@click.option("--layout", "layouts", multiple=True, type=click.Choice(list(LAYOUTS)), help="Only these layouts.")
@click.option("--fault", "faults", multiple=True, metavar="FAULT", help=f"{FAULT_FORMS}. May be repeated.")
@click.option("--stubs/--no-stubs", default=True, show_default=True, help="Also list pages that are no articles.")
@click.option("--truth", type=click.Path(dir_okay=False, path_type=Path), help="Write the truth as JSON Lines and end.")
@click.option("--write-pages", type=click.Path(file_okay=False, path_type=Path), help="Write a corpus folder and end.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object when ready.")
def command(
    *,
    port: int,
    host: str,
    articles: int,
    days: int,
    until: str | None,
    seed: int,
    delay: float,
    crawl_delay: float | None,
    layouts: tuple[str, ...],
    faults: tuple[str, ...],
    stubs: bool,
    truth: Path | None,
    write_pages: Path | None,
    as_json: bool,
) -> None:
    """Serve a made-up Arabic news portal until Ctrl-C.

    \b
    Examples:
      warraq demo-portal
      warraq demo-portal --articles 50000 --days 365 --until 2025-01-01
      warraq demo-portal --fault '429:3*2@/feed/' --fault 'edited+1@#7'
      warraq demo-portal --articles 40 --write-pages demo-corpus
    """
    wrong = [Fault.parse(text) for text in faults]
    site = DemoSite(
        seed=seed,
        articles=articles,
        first_day=_until(until) - timedelta(days=days),
        days=days,
        base_url=f"http://{host}:{port or DEFAULT_PORT}",
        layouts=layouts or tuple(LAYOUTS),
        list_stubs=stubs,
        crawl_delay_seconds=crawl_delay,
    )
    if truth or write_pages:
        if truth:
            write_truth(site, truth)
        if write_pages:
            save_corpus(site, write_pages)
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with serve(site, host=host, port=port, faults=wrong, delay_seconds=delay) as served:
        last_day = site.calendar.last_day
        if as_json:
            about = {
                "url": f"{served.base_url}/",
                "articles": articles,
                "from": str(site.first_day),
                "to": str(last_day),
            }
            click.echo(json_text(about))
        else:
            click.echo(
                f"{served.base_url}/ serves {articles} articles of {site.first_day} to {last_day}; Ctrl-C ends it"
            )
        stop.wait()


def _until(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--until: {text!r} is not a day", remedy="write it as 2024-12-25") from None
