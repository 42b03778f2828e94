"""What servers are known by."""

import ssl
from functools import cache

import certifi


@cache
def certificates() -> ssl.SSLContext:
    """Return what trusts the certificates that come along, and the machine's own: local servers have one of those.

    Reading them takes a tenth of a second, so it is done when somebody first asks, and once for everybody.
    """
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context
