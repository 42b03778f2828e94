"""What comes of fetching: a body, or the reason why there is none. Failing is a value, not an exception."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why nothing could be had from an address; `fetch-` and the value is the key of a phrase."""

    ADDRESS = "address"  # it is none
    SCHEME = "scheme"  # neither http nor https
    CREDENTIALS = "credentials"  # it carries a name and a password
    PORT = "port"
    NETWORK = "network"  # not of the public network; `detail` is the zone
    NAME = "name"  # nobody knows the server
    CONNECTION = "connection"  # it does not answer, or breaks off
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"  # what it says is no HTTP
    REDIRECTS = "redirects"  # it sends on and on
    REDIRECT = "redirect"  # to nowhere
    SIZE = "size"
    PACKING = "packing"  # packed in a way that cannot be undone, or not at all as it says
    KIND = "kind"  # a picture, a film, an archive
    DENIED = "denied"
    MISSING = "missing"
    GONE = "gone"  # for good, it says
    BUSY = "busy"
    SERVER = "server"  # it has an error
    STATUS = "status"  # anything else; `detail` is the number
    # What was fetched and is no feed.
    NO_FEED = "no-feed"
    ENTITIES = "entities"
    ENCODING = "encoding"
    UNREADABLE = "unreadable"  # the parser gave up, or was stopped
    DAMAGED = "damaged"  # it is one, but some of its bytes make no characters; `detail` as `damage_of` writes it
    # What was fetched for its text.
    ROBOTS = "robots"  # robots.txt keeps programs away, or is not to be had; or the page wants to be kept by nobody
    PAID = "paid"  # the page says that not all of it is there for everybody
    NO_TEXT = "no-text"  # there is no article on it


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing was had. `retry_after` is for how many seconds the server asks to be left alone, 0 when it does not."""

    reason: Reason
    detail: str = ""
    retry_after: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What an address holds. `unchanged` is the server's word for it, and then there is no body.

    `address` is where it was found in the end, `moved` where it has moved to for good, "" if it has not. `kind` is the
    media type, `charset` the encoding that is said beside it. `fresh_for` is for how many seconds the server says that
    nothing newer is to be had. `robots` is what it says of what programs may do with the answer (X-Robots-Tag, each of
    them a line).
    """

    address: str
    body: bytes = b""
    kind: str = ""
    charset: str = ""
    moved: str = ""
    etag: str = ""
    modified: str = ""
    fresh_for: float = 0.0
    robots: str = ""
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Posted:
    """What a server answered to what was brought to it; what else it said is not read.

    `retry_after` is for how many seconds it asks to be left alone, 0 when it does not.
    """

    status: int
    retry_after: float = 0.0
