"""What follows from an answer: another address, or the same again after a while."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy import Request


@dataclass(frozen=True)
class Follow:
    """A request to send at once: the answer leads there."""

    request: Request


@dataclass(frozen=True)
class Retry:
    """A request to send again after some seconds."""

    request: Request
    after_seconds: float
