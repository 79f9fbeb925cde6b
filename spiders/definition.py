"""The name by which definitions outside this tree (WARRAQ_PORTALS) import what they are written in."""

from __future__ import annotations

from spiders.portal.definition import *  # noqa: F403 - whatever a definition may use
