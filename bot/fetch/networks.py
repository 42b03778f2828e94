"""Which addresses of the network may be reached: the public ones, and those that the operator allows.

What is judged is the address a connection is about to be made to. Names say nothing: they may mean another address by
the time it is made.
"""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

import regex

from bot.errors import BadSetting

PORTS = frozenset({80, 443})
"""Ports that may be asked anywhere."""

Ip = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Zone(StrEnum):
    """Why an address is none of the public network; the values end the key of a phrase."""

    UNSPECIFIED = "unspecified"
    LOOPBACK = "loopback"
    METADATA = "metadata"
    LINK_LOCAL = "link-local"
    PRIVATE = "private"
    CARRIER = "carrier"
    MAPPED = "mapped"
    TRANSLATED = "translated"
    TUNNEL = "tunnel"
    MULTICAST = "multicast"
    RESERVED = "reserved"


def _networks(*names: str) -> tuple[Network, ...]:
    return tuple(ip_network(name) for name in names)


# In this order: the first that has an address names it. What Python's own `is_global` lets through stands here, too.
_ZONES: tuple[tuple[Zone, tuple[Network, ...]], ...] = (
    (Zone.UNSPECIFIED, _networks("0.0.0.0/8", "::/128")),
    (Zone.LOOPBACK, _networks("127.0.0.0/8", "::1/128")),
    # Of clouds: credentials for whoever asks from inside. Azure's and Oracle's look like public ones.
    (
        Zone.METADATA,
        _networks(
            "169.254.169.254/32",
            "169.254.170.2/32",
            "100.100.100.200/32",
            "168.63.129.16/32",
            "192.0.0.192/32",
            "fd00:ec2::/32",
        ),
    ),
    (Zone.LINK_LOCAL, _networks("169.254.0.0/16", "fe80::/10")),
    (Zone.PRIVATE, _networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10")),
    (Zone.CARRIER, _networks("100.64.0.0/10")),
    (Zone.MAPPED, _networks("::ffff:0:0/96", "::ffff:0:0:0/96", "::/96")),
    (Zone.TRANSLATED, _networks("64:ff9b::/96", "64:ff9b:1::/48")),
    (Zone.TUNNEL, _networks("2002::/16", "2001::/32", "192.88.99.0/24")),
    (Zone.MULTICAST, _networks("224.0.0.0/4", "ff00::/8")),
    # Of protocols (RFC 6890), and for documents (RFC 9637): not every Python knows.
    (Zone.RESERVED, _networks("192.0.0.0/24", "3fff::/20")),
)


def zone_of(address: str) -> Zone | None:
    """Return why an address must not be reached; None for one of the public network.

    Raises:
        ValueError: it is no address.

    """
    ip = ip_address(address.partition("%")[0])
    for zone, networks in _ZONES:
        if any(ip.version == network.version and ip in network for network in networks):
            return zone
    return None if ip.is_global and not ip.is_reserved else Zone.RESERVED


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one entry allows: a network or a name, at one port or with None at any."""

    network: Network | None
    name: str
    port: int | None


_BRACKETS = regex.compile(r"\[(?P<host>[0-9a-f:.%]+)\](?::(?P<port>\d{1,5}))?", regex.IGNORECASE)
_NAME = regex.compile(r"(?P<host>[\w.-]+)(?::(?P<port>\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the operator lets be reached beside the public network: networks, addresses and names, with or without port.

    With a port it is that one only, without one it is any.
    """

    entries: tuple[_Entry, ...] = ()

    def name(self, host: str, port: int) -> bool:
        """Tell whether a server may be reached by its name, wherever that leads."""
        plain = host.rstrip(".").casefold()
        return any(one.name == plain and one.port in {None, port} for one in self.entries if one.network is None)

    def address(self, address: str, port: int) -> bool:
        """Tell whether an address is in a network that may be reached."""
        ip = ip_address(address.partition("%")[0])
        return any(
            one.network is not None and ip.version == one.network.version and ip in one.network
            for one in self.entries
            if one.port in {None, port}
        )

    def port(self, port: int) -> bool:
        """Tell whether a port that is none of the usual ones may be asked at all."""
        return port in PORTS or any(one.port in {None, port} for one in self.entries)


def allowed(text: str) -> Allowed:
    """Return what a list names, entries separated by commas: 10.0.0.0/8, 192.168.1.5:8080, [fd00::5]:8080, cms.local.

    Raises:
        BadSetting: an entry is none of these; `n` says which.

    """
    return Allowed(tuple(_entry(number, part) for number, part in enumerate(text.replace(",", " ").split(), 1)))


def _entry(number: int, text: str) -> _Entry:
    try:
        return _Entry(ip_network(text, strict=False), "", None)
    except ValueError:
        pass
    found = _BRACKETS.fullmatch(text) or _NAME.fullmatch(text)
    port = int(found["port"]) if found is not None and found["port"] else None
    if found is None or (port is not None and not 0 < port < 65_536):
        raise BadSetting("value-entry", n=number)
    try:
        return _Entry(ip_network(found["host"]), "", port)
    except ValueError:
        return _Entry(None, str(found["host"]).rstrip(".").casefold(), port)


def is_web_address(text: str) -> bool:
    """Tell whether a text is an address of the web: `http://` or `https://`, a server, perhaps its port and a path."""
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is none, or half an address of IPv6
        return False
    return named and text.startswith(("http://", "https://")) and not any(map(str.isspace, text))
