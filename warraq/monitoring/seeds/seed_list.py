"""The list that `warraq new-portal --from-list` reads, and a name for each address."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from storage.errors import UsageError
from storage.model.window import PORTAL_NAME

MAX_SEEDS = 10_000
_COUNTRY = re.compile(r"[A-Z]{2}")
_ZONE = re.compile(r"(?:Africa|Asia|Europe|America|Atlantic|Indian|Australia|Pacific|Etc)/[\w/+-]+|UTC")
# Parts of a host that name no portal: «ar.example.com», «www.example.com.eg».
_NO_NAMES = frozenset(
    {"www", "m", "ar", "arabic", "en", "com", "net", "org", "gov", "co", "edu", "info", "news", "press"}
)


@dataclass(frozen=True)
class Seed:
    """An address that may be a portal's, and what the list says of it."""

    url: str
    name: str = ""
    country: str | None = None
    timezone: str | None = None

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc.lower().removeprefix("www.")


def read_seeds(text: str, *, where: str) -> list[Seed]:
    """The seeds of a list: one a line, its fields apart by tabs and in any order, each host once.

    An address, and where it is known a name, a country (EG) and a time zone (Africa/Cairo). Empty lines, those with #
    and a first line of titles are passed over. Raises UsageError for a line without an address.
    """
    seeds: dict[str, Seed] = {}
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines()]
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("#"):
            continue
        seed = _seed([field.strip() for field in line.split("\t") if field.strip()])
        if seed is None and not seeds and number == 1:
            continue
        if seed is None:
            raise UsageError(f"{where}, line {number}: names no address", remedy="write https://www.example.com/ there")
        seeds.setdefault(seed.host, seed)
    if not seeds:
        raise UsageError(f"{where} names no address", remedy="write one a line, such as https://www.example.com/")
    if len(seeds) > MAX_SEEDS:
        raise UsageError(f"{where} names {len(seeds):,} sites", remedy=f"split it into lists of {MAX_SEEDS:,}")
    return list(seeds.values())


def named(seeds: list[Seed], *, taken: Collection[str]) -> Iterator[Seed]:
    """The seeds with names that are free: the list's own, or one made of the host."""
    used = set(taken)
    for seed in seeds:
        wanted = seed.name or _name_of(seed.host)
        name = (
            wanted
            if wanted not in used
            else next(f"{wanted[:36]}{n}" for n in range(2, 10_000) if f"{wanted[:36]}{n}" not in used)
        )
        used.add(name)
        yield replace(seed, name=name)


def _seed(fields: list[str]) -> Seed | None:
    seed = Seed("")
    for field in fields:
        if _COUNTRY.fullmatch(field):
            seed = replace(seed, country=field)
        elif _ZONE.fullmatch(field):
            seed = replace(seed, timezone=field)
        elif (url := _address(field)) and not seed.url:
            seed = replace(seed, url=url)
        elif PORTAL_NAME.fullmatch(field):
            seed = replace(seed, name=field)
    return seed if seed.url else None


def _address(field: str) -> str | None:
    if " " in field or ("://" not in field and "." not in field):
        return None
    parts = urlsplit(field if "://" in field else f"https://{field}")
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return f"{parts.scheme}://{parts.netloc}{parts.path or '/'}" if is_web else None


def _name_of(host: str) -> str:
    bare, _, port = host.partition(":")
    labels = [re.sub(r"[^a-z0-9]", "", label) for label in bare.split(".")]
    telling = [label for label in labels[:-1] if label not in _NO_NAMES and not label.isdigit()] or labels[:1]
    name = telling[0] if telling and telling[0][:1].isalpha() else f"site{port or telling[0]}"
    return name[:40] if len(name) > 1 else f"{name}site"
