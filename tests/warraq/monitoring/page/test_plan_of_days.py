"""The plan of chosen days in Arabic says as much as the one in English."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from spiders.portals.demo import PORTAL
from storage.model.records import Run
from storage.model.window import Window
from tests.fixtures.run_rows import run, window
from warraq.backfill.plan import plan_portal
from warraq.backfill.terminal import plan_as_json
from warraq.monitoring.page.plan_of_days import arabic_lines

DAYS = [window(f"2025-01-0{day}", f"2025-01-0{day + 1}") for day in range(1, 5)]
ASKED = Window(DAYS[0].start, window("2025-01-06", "2025-01-07").end)
KNOWN = [replace(run("2025-01-01", "2025-01-02"), requests=40, crawl_seconds=9.0)]
ACROSS = [run(f"2025-01-02T{hour:02d}Z", f"2025-01-02T{hour + 1:02d}Z") for hour in range(5)]


@pytest.mark.parametrize("runs", [[], KNOWN, [*KNOWN, *ACROSS]])
@pytest.mark.parametrize("windows", [DAYS, DAYS[:1], []])
def test_each_line_has_its_like_with_the_same_numbers(runs: list[Run], windows: list[Window]) -> None:
    plan = plan_portal(PORTAL, windows, runs, only_missing=True, newest_first=False, asked=ASKED)
    told = json.loads(json.dumps(plan_as_json(plan)))
    arabic = arabic_lines(told)
    assert len(arabic) == len(told["lines"])
    for line, english in zip(arabic, told["lines"], strict=True):
        assert re.search(r"[ء-ي]{3}", line)
        # The basis of a cost and the pause between requests are not said again.
        assert set(re.findall(r"\d[\d,.:]*", line)) <= set(re.findall(r"\d[\d,.:]*", english))
        assert re.search(r"\d", line) or not re.search(r"\d", english)
