"""Whose a web address is: one answer for crawl, listings, import and pages, by the host in its one spelling."""

from __future__ import annotations

import functools
import ipaddress
import unicodedata
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_KEPT_CHARACTERS = 4096


def split_address(url: str) -> SplitResult | None:
    """A web address in its parts; None for what is none: another scheme, no host, a port or brackets that are wrong."""
    # A crawl asks some ten questions about each address, one after the other; what is longer may be anything.
    return _split(url) if len(url) <= _MAX_KEPT_CHARACTERS else _split.__wrapped__(url)


@functools.lru_cache(maxsize=256)
def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    return parts if parts.scheme.lower() in DEFAULT_PORTS and parts.hostname and port != 0 else None


@functools.lru_cache(maxsize=1024)
def ascii_host(host: str) -> str:
    """A host's name in one spelling: lower case, punycode, no dot at the end, IPv6 in brackets."""
    if "%" in host and ":" not in host:
        host = unquote_to_bytes(host).decode("utf-8", "replace")
    host = unicodedata.normalize("NFKC", host).rstrip(".").lower()
    if ":" in host:
        host = host.strip("[]")
        try:
            return f"[{ipaddress.IPv6Address(host).compressed}]"
        except ValueError:
            return f"[{host}]"
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def authority(url: str) -> str | None:
    """Host of a web address, with its port where that is not the scheme's own; None for what is no web address."""
    parts = split_address(url)
    if parts is None:
        return None
    host = ascii_host(parts.hostname or "")
    return host if parts.port in (None, DEFAULT_PORTS[parts.scheme.lower()]) else f"{host}:{parts.port}"


def root_of(url: str) -> str:
    """Scheme and authority of a web address, as robots.txt is asked for; of another text what looks like them."""
    scheme = url.partition(":")[0].lower()
    return f"{scheme}://{authority(url) or urlsplit(url).netloc.lower()}"


@functools.lru_cache(maxsize=1024)
def registered_domain(host: str) -> str | None:
    """The domain that somebody registered, by the public suffix list: example.or.kr, but example.com.

    None for an IP address, a name without a dot, or a suffix itself.
    """
    found: str = _domains_extractor().extract_str(host.partition(":")[0]).top_domain_under_public_suffix
    return found or None


@functools.cache
def _domains_extractor() -> Any:
    import tldextract  # noqa: PLC0415 - 27 MB and 0.1 s, for few addresses of few runs

    # The list that the package brings: nothing is asked of the network, nothing is written.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@dataclass(frozen=True)
class PortalHosts:
    """The hosts of one portal; the first is that of its canonical address.

    One that starts with a dot stands for all below it. A host counts with and without `www.`, in any case, in letters
    or punycode, with a dot at its end or its scheme's own port; not with another port, nor below it (`m.` and the like
    are named in the definition).
    """

    names: tuple[str, ...]

    def owns(self, url: str, *, also: frozenset[str] = frozenset()) -> bool:
        """Whether a URL is an address on one of these hosts, or of `also` (hosts of sources, as `authority` has them).

        One that carries a user's name is nobody's.
        """
        found = authority(url)
        if found is None or "@" in urlsplit(url).netloc:
            return False
        return found in also or _bare(found) in self._bare or f".{found}".endswith(self._suffixes)

    def is_beneath(self, url: str) -> bool:
        """Whether a URL is on a subdomain of the portal's own host: listings may lie there, pages may not."""
        found = authority(url)
        own = next(iter(self._bare_in_order), "").partition(":")[0]
        is_name = "." in own and not own.replace(".", "").isdigit()
        return found is not None and is_name and found.partition(":")[0].endswith(f".{own}")

    def is_same_site(self, url: str) -> bool:
        """Whether a URL is on a host that the portal's owner registered: its own, or another below the same domain."""
        if self.owns(url):
            return True
        domain = registered_domain(authority(url) or "")
        return domain is not None and domain in self._domains

    def is_front_page(self, url: str) -> bool:
        """Whether a URL names the root of a host: some pages state that as their canonical address."""
        parts = split_address(url)
        return parts is not None and parts.path in ("", "/") and not parts.query

    @functools.cached_property
    def _bare_in_order(self) -> tuple[str, ...]:
        return tuple(_bare(named_authority(name)) for name in self.names if name and not name.startswith("."))

    @functools.cached_property
    def _bare(self) -> frozenset[str]:
        return frozenset(self._bare_in_order)

    @functools.cached_property
    def _suffixes(self) -> tuple[str, ...]:
        return tuple(f".{named_authority(name[1:])}" for name in self.names if name.startswith("."))

    @functools.cached_property
    def _domains(self) -> frozenset[str]:
        found = (registered_domain(named_authority(name.removeprefix("."))) for name in self.names)
        return frozenset(domain for domain in found if domain)


def _bare(host: str) -> str:
    return host.removeprefix("www.")


@functools.lru_cache(maxsize=1024)
def named_authority(name: str) -> str:
    """A host of a definition, perhaps with a port, as `authority` spells it."""
    return (authority(f"http://{name}") or name.lower()).removesuffix(":443")
