"""Addresses a crawl may connect to: public ones, told after resolution, and no second look-up."""

from __future__ import annotations

import pytest
from twisted.internet.address import IPv4Address, IPv6Address

from spiders.http.public_addresses import GuardedResolver, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.0.8",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "3fff::1",
        "3fff:fff::1",
        "5f00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
        "not an address",
        "",
    ],
)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_public(address)


class Answers:
    """A name resolver that gives a different answer each time, as a rebinding attack does."""

    def __init__(self, *answers: list[str]) -> None:
        self.left = list(answers)

    def resolveHostName(self, receiver, host, port=0, *_rest):  # type: ignore[no-untyped-def] # noqa: N802
        receiver.resolutionBegan(None)
        for address in self.left.pop(0):
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()


class Receiver:
    """What a connection is told."""

    def __init__(self) -> None:
        self.addresses: list[tuple[str, int]] = []
        self.is_complete = False

    def resolutionBegan(self, _resolution: object) -> None:  # noqa: N802
        pass

    def addressResolved(self, address: IPv4Address | IPv6Address) -> None:  # noqa: N802
        self.addresses.append((address.host, address.port))

    def resolutionComplete(self) -> None:  # noqa: N802
        self.is_complete = True


class Reactor:
    """As much of a reactor as holds a resolver."""

    def __init__(self, inner: Answers) -> None:
        self.nameResolver = inner


def resolve(resolver: GuardedResolver, port: int) -> list[tuple[str, int]]:
    receiver = Receiver()
    resolver.resolveHostName(receiver, "news.example", port)
    assert receiver.is_complete
    return receiver.addresses


def test_a_name_that_changes_its_address_is_not_looked_up_again() -> None:
    resolver = GuardedResolver(Reactor(Answers(["93.184.215.14"], ["127.0.0.1"])), allow_private=False)
    assert resolve(resolver, 80) == [("93.184.215.14", 80)]
    assert resolve(resolver, 443) == [("93.184.215.14", 443)]


def test_private_addresses_among_public_ones_are_withheld_and_told() -> None:
    resolver = GuardedResolver(Reactor(Answers(["10.0.0.7", "93.184.215.14"])), allow_private=False)
    assert resolve(resolver, 80) == [("93.184.215.14", 80)]
    assert resolver.refused == {"news.example": "10.0.0.7"}


def test_a_local_portal_may_be_local() -> None:
    resolver = GuardedResolver(Reactor(Answers(["127.0.0.1"])), allow_private=True)
    assert resolve(resolver, 80) == [("127.0.0.1", 80)]


@pytest.mark.parametrize(
    ("addresses", "only"), [(["2606:2800::1"], True), (["2606:2800::1", "93.184.215.14"], False), ([], False)]
)
def test_a_host_without_an_ipv4_address_is_told(addresses: list[str], only: bool) -> None:
    resolver = GuardedResolver(Reactor(Answers(addresses)), allow_private=False)
    resolve(resolver, 443)
    assert resolver.is_ipv6_only("news.example") is only
