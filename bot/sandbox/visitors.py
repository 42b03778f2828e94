"""Who may speak to the demo's server: programs and pages of this machine, no page of another site.

Any site that is open in the same browser can send requests to 127.0.0.1, or let a name of its own lead there (DNS
rebinding). So the host must be this machine by its own names, and what a browser says of where a request comes from
must be the page itself.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_OWN_SITE = frozenset({"same-origin", "none"})  # Sec-Fetch-Site: the page itself, or typed by somebody
_PAGE = "/"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def own_visitors_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse (403) a strange host, a request from another site, and (415) what the page does not send as JSON."""
    if not is_here(request.host) or _is_from_elsewhere(request):
        raise web.HTTPForbidden
    if request.method != "GET" and request.path.startswith("/sim/") and request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType  # a form of another site needs no permission to be sent, JSON does
    return await handler(request)


def is_here(host: str) -> bool:
    """Tell whether a request's host is this machine, by one of its own names."""
    address = urlsplit(f"http://{host}")
    try:
        return address.hostname in _NAMES and (address.port is None or address.port > 0)
    except ValueError:  # what stands behind the colon is no port
        return False


def _is_from_elsewhere(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        return True
    follows_link = request.method == "GET" and request.path == _PAGE and origin is None
    return request.headers.get("Sec-Fetch-Site", "none") not in _OWN_SITE and not follows_link
