"""What an answer says when something is wrong: problem details (RFC 9457), never a stack trace."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

import orjson
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

log = structlog.get_logger(__name__)

_NOTHING: Mapping[str, str] = MappingProxyType({})
_AGAIN_SECONDS = "5"


class Problem(Exception):
    """A request that cannot be done: an HTTP status, and a sentence for whoever wrote the client."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        headers: Mapping[str, str] = _NOTHING,
        errors: Mapping[str, str] = _NOTHING,
    ) -> None:
        """`errors` says for each field that does not fit what is wrong with it."""
        super().__init__(detail)
        self.status, self.detail, self.headers, self.errors = status, detail, headers, errors


def answer_of(problem: Problem) -> web.Response:
    """Return the answer that says what is wrong."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": problem.status.phrase,
        "status": problem.status.value,
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = dict(problem.errors)
    return web.Response(
        status=problem.status.value,
        body=orjson.dumps(body),
        content_type="application/problem+json",
        headers=problem.headers,
    )


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every failure in one form. What nobody foresaw goes to the log, and nothing of it to whoever asked."""
    try:
        return await handler(request)
    except Problem as problem:
        return answer_of(problem)
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        status = HTTPStatus(error.status)
        allow = {name: error.headers[name] for name in ("Allow",) if name in error.headers}
        return answer_of(Problem(status, _SENTENCES.get(status, status.description or status.phrase), headers=allow))
    except Exception:
        log.exception("a request failed", route=route_of(request))
        sentence = "Something went wrong here. It is written down; try again later."
        return answer_of(Problem(HTTPStatus.INTERNAL_SERVER_ERROR, sentence, headers={"Retry-After": _AGAIN_SECONDS}))


_SENTENCES = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take that method; see Allow.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "This is more than is taken at once.",
}


def route_of(request: web.Request) -> str:
    """Return what was asked for without what may be secret: names of the parts of its path, not the parts."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "-"
