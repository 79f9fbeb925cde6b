"""A day against the portal's own lists: the share held, each missing URL with its reason, and how sure the list is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from click.testing import CliRunner

from storage.model.window import RunId, Window
from storage.objects.open import open_store
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from tests.fixtures.demo_runs import NEXT_DAY, archive, pages
from tests.fixtures.raw_runs import NOON, RUN, link, write_round
from warraq.findings.completeness import day_lists, missing_links, summed
from warraq.monitoring.overview import fleet

DAY = Window(datetime(2024, 12, 25, tzinfo=UTC), datetime(2024, 12, 26, tzinfo=UTC))
HOST = "http://127.0.0.1:18800"


def listed(name: str, outcome: str, *, source: str = "sitemap", at: datetime | None = NOON) -> object:
    return replace(link(f"{HOST}/{name}", outcome=outcome, at=None), source=source, listed_at=at)


def crawled(settings: Settings, run: RunId, numbers: tuple[int, ...], *others: object) -> None:
    write_round(open_store(settings), pages(*numbers), spool=settings.cache, run=run, others=others)  # type: ignore[arg-type]
    archive(settings, run)


def test_the_share_held_of_a_day_and_a_reason_for_each_url_that_is_missing(local_settings: Settings) -> None:
    crawled(
        local_settings,
        RUN,
        (0, 1, 2),
        listed("gone", "http_4xx"),
        listed("slow", "timeout", source="feed"),
        listed("tomorrow", "out_of_window", at=NOON + timedelta(days=1)),
        listed("old", "skipped_seen", source="section", at=None),
    )
    (day,) = day_lists(open_tables(local_settings), DAY)
    assert (day.day, day.listed, day.held, day.share) == (date(2024, 12, 25), 5, 3, 0.6)
    assert day.missing == {"http_4xx": 1, "timeout": 1}
    assert (day.kind, day.confidence) == ("sitemap", "medium")
    assert [(one.url, one.reason) for one in missing_links(open_tables(local_settings), DAY, "demo")] == [
        (f"{HOST}/gone", "http_4xx"),
        (f"{HOST}/slow", "timeout"),
    ]


def test_what_a_later_run_got_is_held_and_the_surest_list_says_how_sure(local_settings: Settings) -> None:
    late = pages(3)[0].url
    crawled(local_settings, RUN, (0,), replace(link(late, outcome="timeout", at=None), listed_at=NOON))
    assert day_lists(open_tables(local_settings), DAY)[0].missing == {"timeout": 1}
    crawled(local_settings, NEXT_DAY, (3,), listed("p", "robots", source="wordpress"))
    days = day_lists(open_tables(local_settings), DAY)
    assert days[0].missing == {"robots": 1}
    assert (days[0].held, days[0].kind, days[0].confidence) == (2, "wordpress", "high")
    whole = summed(days)
    assert whole is not None
    assert whole.share == round(2 / 3, 3)


def test_coverage_and_page_show_it(local_settings: Settings, local_environ: dict[str, str]) -> None:
    from warraq.commands.portals.coverage import command

    crawled(local_settings, RUN, (0, 1, 2), listed("gone", "http_4xx"))
    (row,) = fleet(local_settings, now=datetime(2024, 12, 26, 1, tzinfo=UTC))["portals"]
    assert row["lists"]["held_share"] == 0.75
    span = ["--from", "2024-12-25", "--to", "2024-12-26"]
    shown = CliRunner().invoke(command, ["demo", *span], env=local_environ)
    assert "75 % of 4 listed (sitemap: medium)" in shown.output
    told = CliRunner().invoke(command, ["demo", "--missing", *span], env=local_environ)
    assert told.output.startswith(f"2024-12-25 http_4xx {HOST}/gone")
