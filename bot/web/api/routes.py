"""The addresses of the API, and how each is answered."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TypeVar
from zoneinfo import ZoneInfo

import orjson
from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.desk.agency import MOST_LOOSE, Agency, Standing
from bot.errors import BadInput, NoSuchPicture, NotAllowed, NotFound, NotReady, Refused, Stale, VisnykError
from bot.feeds.findings import Rejected
from bot.feeds.items import item_of
from bot.model.news import Incoming, RevisionKind
from bot.model.pictures import EXTENSIONS, picture_of
from bot.model.tokens import Answered, ApiToken
from bot.ports import TokenStore
from bot.screens.links import Links
from bot.text.phrasebook import phrases
from bot.timing.clock import Clock
from bot.web.api.access import Access
from bot.web.api.models import Article, ChangedArticle, NewArticle, Uploaded
from bot.web.api.openapi import document
from bot.web.problems import Problem

_KINDS = {"typo": RevisionKind.TYPO, "correction": RevisionKind.CORRECTION}
_MOST_KEY = 255
_MOST_DIGITS = 15
_REASON_MOST = 300
_FARTHEST = timedelta(days=730)
_NO_FIT = "The request does not fit; see errors."
_AGAIN = {"Retry-After": "2"}
_LATER = {"Retry-After": "3600"}
_STATUS: tuple[tuple[type[VisnykError], HTTPStatus], ...] = (
    (NotFound, HTTPStatus.NOT_FOUND),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (Stale, HTTPStatus.CONFLICT),
    (NotReady, HTTPStatus.UNPROCESSABLE_ENTITY),
    (NoSuchPicture, HTTPStatus.UNPROCESSABLE_ENTITY),
    (Refused, HTTPStatus.UNPROCESSABLE_ENTITY),
    (BadInput, HTTPStatus.UNPROCESSABLE_ENTITY),
)
_OWN_WORDS = {
    HTTPStatus.NOT_FOUND: "This token has brought no article of that number.",
    HTTPStatus.FORBIDDEN: "The token is not good for that: see its scopes.",
    HTTPStatus.CONFLICT: "The article has been changed meanwhile, or cannot be changed any more. Ask how it stands.",
}
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """Answers the agency's own system."""

    agency: Agency
    access: Access
    tokens: TokenStore
    links: Links
    clock: Clock
    zone: str

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/api/openapi.json", self._openapi),
            web.post("/api/articles", self._submit),
            web.post("/api/media", self._upload),
            web.get("/api/articles/{number}", self._standing),
            web.put("/api/articles/{number}", self._change),
            web.delete("/api/articles/{number}", self._withdraw),
        ]

    async def _openapi(self, _: web.Request) -> web.Response:
        return web.Response(body=orjson.dumps(document(self.links.site)), content_type="application/json")

    async def _submit(self, request: web.Request) -> web.Response:
        token = await self.access.token_of(request)
        body = await request.read()

        async def work() -> web.Response:
            asked = _model(NewArticle, body)
            incoming = await self._incoming(asked.fields())
            at = self._planned(asked.publish_at)
            submitting = self.agency.submit(
                token,
                incoming,
                asked.state,
                urgent=asked.urgent,
                at=at,
                picture=self.links.picture_name(asked.photo),
                request=_named(request, body),
            )
            standing = await _foreseen(submitting)
            return self._answer(standing, HTTPStatus.CREATED if standing.new else HTTPStatus.OK)

        return await self._once(request, token, body, work)

    async def _upload(self, request: web.Request) -> web.Response:
        token = await self.access.token_of(request)
        body = await request.read()

        async def work() -> web.Response:
            picture = picture_of(body)
            if picture is None:
                raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"This is none of {', '.join(EXTENSIONS)}.")
            extension = EXTENSIONS[picture.kind]
            if not self.links.picture("", extension):
                sentence = "This newsroom has no PUBLIC_URL, so nobody could be shown the picture."
                raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, sentence)
            name = await _foreseen(self.agency.upload(token, picture))
            if name is None:
                sentence = f"{MOST_LOOSE} pictures wait for their articles: bring these first."
                raise Problem(HTTPStatus.TOO_MANY_REQUESTS, sentence, headers=_LATER)
            made = Uploaded(url=self.links.picture(name, extension), type=picture.kind, bytes=len(body))
            return _json(made.model_dump_json().encode(), HTTPStatus.CREATED)

        return await self._once(request, token, body, work)

    async def _once(
        self, request: web.Request, token: ApiToken, body: bytes, work: Callable[[], Awaitable[web.Response]]
    ) -> web.Response:
        """Do what is asked, or answer as before when it was asked with the same key."""
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return await work()
        if len(key) > _MOST_KEY or not key.isascii() or not key.isprintable():
            raise Problem(HTTPStatus.BAD_REQUEST, "Idempotency-Key: at most 255 signs of ASCII.")
        try:
            known = await self.tokens.begin(token.id, key, _printed(request, body), self.clock.now())
        except KeyError:
            sentence = "Something else was asked with this Idempotency-Key."
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, sentence) from None
        if known is not None and known.status == 0:
            raise Problem(HTTPStatus.CONFLICT, "The same request is being worked on.", headers=_AGAIN)
        if known is not None:
            return _json(known.body.encode(), HTTPStatus(known.status))
        answered: Answered | None = None
        try:
            answer = await work()
            assert isinstance(answer.body, bytes)
            answered = Answered(answer.status, answer.body.decode())
        finally:  # what was not done may be asked for again
            await self.tokens.end(token.id, key, answered)
        return answer

    async def _standing(self, request: web.Request) -> web.Response:
        token = await self.access.token_of(request)
        return self._answer(await _foreseen(self.agency.standing(token, _number(request))))

    async def _change(self, request: web.Request) -> web.Response:
        token = await self.access.token_of(request)
        asked = _model(ChangedArticle, await request.read())
        incoming = await self._incoming(asked.model_dump(include={"title", "lead", "html"}))
        kind = _KINDS[asked.kind]
        return self._answer(await _foreseen(self.agency.change(token, _number(request), incoming, kind, asked.note)))

    async def _withdraw(self, request: web.Request) -> web.Response:
        token = await self.access.token_of(request)
        note = request.query.get("note", "")
        if len(note) > _REASON_MOST:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"note: at most {_REASON_MOST} characters.")
        standing = await _foreseen(self.agency.withdraw(token, _number(request), note))
        return web.Response(status=HTTPStatus.NO_CONTENT) if standing is None else self._answer(standing)

    def _planned(self, at: datetime | None) -> datetime | None:
        """Return when an article is to go out, None for now; what lies far ahead is a slip, such as one of units."""
        now = self.clock.now()
        if at is None or at <= now:
            return None
        if at - now > _FARTHEST:
            sentence = f"This is more than {_FARTHEST.days} days ahead."
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _NO_FIT, errors={"publish_at": sentence})
        return at

    async def _incoming(self, fields: dict[str, object]) -> Incoming:
        try:  # beside the loop: a megabyte of tags takes seconds
            return await asyncio.to_thread(item_of, fields, ZoneInfo(self.zone), self.clock.now())
        except Rejected as rejected:
            sentence = phrases("en")(rejected.reason, **rejected.values)
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, sentence) from None

    def _answer(self, standing: Standing, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
        return _json(Article.of(standing, self.links).model_dump_json().encode(), status)


async def _foreseen(asked: "Awaitable[S]") -> "S":
    """Return what a service answers; what it refuses is said in the API's words."""
    try:
        return await asked
    except VisnykError as error:
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), None)
        if status is None:
            raise
        number = error.variables.get("number")
        sentence = _OWN_WORDS.get(status) or phrases("en")(error.phrase, **error.variables)
        if isinstance(error, Stale) and number is not None:
            sentence = f"What is there of that id has other words or was put away: see /api/articles/{number}."
        raise Problem(status, sentence) from None


S = TypeVar("S")


def _model(kind: type[M], body: bytes) -> M:
    """Return what is asked; raises Problem with each field that does not fit."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        wrong = {".".join(map(str, one["loc"])) or "body": one["msg"] for one in error.errors(include_input=False)}
    except ValueError:
        wrong = {"body": "this is no JSON"}
    status = HTTPStatus.BAD_REQUEST if set(wrong) == {"body"} else HTTPStatus.UNPROCESSABLE_ENTITY
    raise Problem(status, _NO_FIT, errors=wrong)


def _printed(request: web.Request, body: bytes) -> str:
    """Return the fingerprint of what is asked."""
    return hashlib.sha256(b"%s %s\n%s" % (request.method.encode(), request.path.encode(), body)).hexdigest()


def _named(request: web.Request, body: bytes) -> str:
    """Return what a request is called that may be asked again, "" for one without a key."""
    key = request.headers.get("Idempotency-Key", "")
    return f"{key}\n{_printed(request, body)}" if key else ""


def _number(request: web.Request) -> int:
    written = request.match_info["number"]
    if not (written.isascii() and written.isdigit() and len(written) <= _MOST_DIGITS):
        raise Problem(HTTPStatus.NOT_FOUND, _OWN_WORDS[HTTPStatus.NOT_FOUND])
    return int(written)


def _json(body: bytes, status: HTTPStatus) -> web.Response:
    return web.Response(status=status, body=body, content_type="application/json")
