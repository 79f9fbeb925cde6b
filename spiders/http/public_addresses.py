"""Which addresses a crawl may connect to, decided on the resolved address that is then used: no second look-up."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, Self

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from zope.interface import implementer  # type: ignore[import-untyped] # comes with Twisted, has no stubs

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
# RFC 6052: IPv6 addresses that carry an IPv4 address in their last 32 bits.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# In IANA's special-purpose registries, but global to the ipaddress module of Pythons before 3.11.10.
_SPECIAL = tuple(
    map(
        ipaddress.ip_network,
        ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "100::/64", "3fff::/20", "5f00::/16", "fec0::/10"),
    )
)


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet; what is hidden in an IPv6 address is looked at too."""
    try:
        ip: IPAddress = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    if any(ip in network for network in _SPECIAL if network.version == ip.version):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


@implementer(IHostnameResolver)
class GuardedResolver:
    """Twisted name resolver that withholds addresses a portal must not lead to, and remembers which hosts it refused.

    Every connection of Scrapy's HTTP handler goes through it, literal addresses included, and the connection is made
    to the address that was checked, so an answer that changes between check and use (DNS rebinding) cannot pass.
    """

    refused: dict[str, str]  # host: the address that was withheld; of this process

    def __init__(self, reactor: Any, *, allow_private: bool) -> None:
        self._reactor = reactor
        self._inner: Any = reactor.nameResolver  # zope interfaces are no types to mypy
        self._allow_private = allow_private
        self._answers: dict[str, list[IPv4Address | IPv6Address]] = {}
        self.refused = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        return cls(reactor, allow_private=crawler.settings.getbool("ALLOW_PRIVATE_ADDRESSES"))

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Any = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Resolve once a run, hand on only addresses that may be used."""
        if hostName in self._answers:
            resolution = _Answered(hostName)
            resolutionReceiver.resolutionBegan(resolution)
            for address in self._answers[hostName]:
                resolutionReceiver.addressResolved(type(address)("TCP", address.host, portNumber))
            resolutionReceiver.resolutionComplete()
            return resolution
        guard = _Guard(self, resolutionReceiver, hostName)
        return self._inner.resolveHostName(guard, hostName, portNumber, addressTypes, transportSemantics)

    def admits(self, host: str, address: str) -> bool:
        """Whether a connection to this address is allowed; a refusal is remembered under the host's name."""
        if self._allow_private or is_public(address):
            return True
        self.refused[host.lower()] = address
        return False

    def is_ipv6_only(self, host: str) -> bool:
        """Whether all that a host's name led to were IPv6 addresses."""
        return (
            all(isinstance(address, IPv6Address) for address in self._answers.get(host, ())) and host in self._answers
        )

    def remember(self, host: str, addresses: list[IPv4Address | IPv6Address]) -> None:
        self._answers[host] = addresses


class _Guard:
    """Stands between the resolver and the connection, and drops addresses that are not admitted."""

    def __init__(self, resolver: GuardedResolver, receiver: Any, host: str) -> None:
        self._resolver = resolver
        self._receiver = receiver
        self._host = host
        self._admitted: list[IPv4Address | IPv6Address] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's name
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if self._resolver.admits(self._host, address.host):
            self._admitted.append(address)
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        if self._admitted:
            self._resolver.remember(self._host, self._admitted)
        self._receiver.resolutionComplete()


class _Answered:
    """A resolution that is complete when it begins."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing is under way that could be ended."""
