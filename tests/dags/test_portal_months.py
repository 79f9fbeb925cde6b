"""How a re-extraction is split into tasks."""

from __future__ import annotations

import pytest
from warraq_dags.portal_months import portal_months

from storage.errors import UsageError


def test_a_range_is_cut_at_the_months_for_each_portal() -> None:
    words = portal_months("demo almasaa", "2024-11-15", "2025-01-02")
    assert [(line[2], line[4], line[6]) for line in words] == [
        ("demo", "2024-11-15", "2024-12-01"),
        ("demo", "2024-12-01", "2025-01-01"),
        ("demo", "2025-01-01", "2025-01-02"),
        ("almasaa", "2024-11-15", "2024-12-01"),
        ("almasaa", "2024-12-01", "2025-01-01"),
        ("almasaa", "2025-01-01", "2025-01-02"),
    ]


def test_an_unknown_portal_is_refused_before_a_task_exists() -> None:
    with pytest.raises(UsageError, match="no portal is named"):
        portal_months("demo --promote", "2024-11-15", "2025-01-02")
