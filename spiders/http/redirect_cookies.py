"""Cookies that a redirect sets: some portals send a visitor round until he comes back with one. Of one run only."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy.http import Response

MAX_COOKIES = 10  # of one host; such a portal sets one or two
_MAX_CHARACTERS = 2_000  # of one cookie


class RunCookies:
    """By host, in memory: a crawl begins without any. What pages set besides redirects is not wanted."""

    def __init__(self) -> None:
        self._by_host: dict[str, dict[bytes, bytes]] = {}

    def header_for(self, url: str) -> bytes | None:
        """The Cookie header for a request, or None."""
        cookies = self._by_host.get(urlsplit(url).netloc.lower())
        return b"; ".join(name + b"=" + value for name, value in cookies.items()) if cookies else None

    def is_circle(self, target: str, visited: tuple[str, ...]) -> bool:
        """Whether an address was asked already, with the cookies that there are now."""
        return self.mark(target, self.header_for(target)) in visited

    def mark(self, url: str, sent: bytes | None) -> str:
        """What stands for a request in `visited`: its address and the cookies it carried."""
        return f"{url} {sent.decode('latin-1')}" if sent else url

    def take(self, response: Response) -> None:
        """Keep what a redirect sets."""
        cookies = self._by_host.setdefault(urlsplit(response.url).netloc.lower(), {})
        for line in response.headers.getlist("Set-Cookie"):
            name, separator, value = line.partition(b";")[0].strip().partition(b"=")
            if separator and name and len(line) <= _MAX_CHARACTERS and (name in cookies or len(cookies) < MAX_COOKIES):
                cookies[name] = value
