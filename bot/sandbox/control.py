"""What the sandbox's page asks for: people's doings in, everything that happens out. Served under `/sim`."""

import asyncio
import base64
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson
from aiohttp import web

from bot.sandbox.client import typed_messages
from bot.sandbox.clock import SandboxClock
from bot.sandbox.languages import page_languages
from bot.sandbox.world import Chat, Json, Person, World

_PAGE = Path(__file__).with_name("page")
_BEHIND = 2_000  # events a slow page may be behind
_END: Json = {"kind": "end"}  # a page that is too far behind is let go; it comes back and reads everything
_PULSE_SECONDS = 0.5
_PHOTO_MOST = 10_000_000
_TEXT_MOST = 200_000

LedgerView = Callable[[], Awaitable[Json]]


class Control:
    """The page's side of the stand-in. `roles` says which person is reader and which editor, by language."""

    def __init__(self, world: World, clock: SandboxClock, roles: Json, ledger: LedgerView) -> None:
        self._world = world
        self._clock = clock
        self._roles = roles
        self._ledger = ledger
        self._listeners: set[asyncio.Queue[Json]] = set()
        world.changed = self._tell

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the page and of what it asks for."""
        return [
            web.get("/", self._index),
            web.get("/page/{name}", self._asset),
            web.get("/sim/languages", self._languages),
            web.get("/sim/state", self._state),
            web.get("/sim/events", self._events),
            web.get("/sim/ledger", self._show_ledger),
            web.get("/sim/file/{file_id}", self._file),
            web.post("/sim/say", self._say),
            web.post("/sim/photo", self._photo),
            web.post("/sim/tap", self._tap),
            web.post("/sim/block", self._block),
            web.post("/sim/clock", self._set_clock),
        ]

    def _tell(self, event: Json) -> None:
        for queue in list(self._listeners):
            queue.put_nowait(event)
            if queue.qsize() > _BEHIND:
                self._listeners.discard(queue)
                queue.put_nowait(_END)

    async def _index(self, _: web.Request) -> web.FileResponse:
        # In no other site's frame: a click meant for that one would be a tap here.
        return web.FileResponse(_PAGE / "index.html", headers={"Content-Security-Policy": "frame-ancestors 'none'"})

    async def _asset(self, request: web.Request) -> web.FileResponse:
        path = (_PAGE / request.match_info["name"]).resolve()
        if path.parent != _PAGE.resolve() or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Cache-Control": "no-cache"})

    async def _languages(self, _: web.Request) -> web.Response:
        return _json(page_languages())

    async def _state(self, _: web.Request) -> web.Response:
        shown = {number for role in self._roles.values() for number in role.values()}
        return _json(
            {
                "bot": self._world.bot_user(),
                "roles": self._roles,
                "people": {number: self._world.people[number].as_user() for number in shown},
                "chats": {number: list(self._world.chats[number].messages.values()) for number in shown},
                "blocked": [number for number in shown if self._world.people[number].blocked],
                "menus": {number: self._menu(self._world.people[number]) for number in shown},
                "clock": self._clock_state(),
                "ledger": await self._ledger(),
            }
        )

    def _menu(self, person: Person) -> list[Json]:
        """Return the commands Telegram would offer a person: their own chat's first, their language's first."""
        for scope in (f"chat:{person.id}", "all_private_chats:", "default:"):
            for code in (person.language_code, ""):
                if (scope, code) in self._world.menus:
                    return self._world.menus[scope, code]
        return []

    def _clock_state(self) -> Json:
        return {"now": self._clock.now().timestamp(), "speed": self._clock.speed}

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Send what happens as server-sent events, and the clock and the ledger every second."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        queue: asyncio.Queue[Json] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            pulse = 0.0
            while True:
                event = await _next(queue, pulse + _PULSE_SECONDS - time.monotonic())
                if event == _END:
                    return response
                if event is None:
                    event = {"kind": "pulse", "clock": self._clock_state(), "ledger": await self._ledger()}
                    pulse = time.monotonic()
                await response.write(b"data: " + orjson.dumps(event) + b"\n\n")
        except (ConnectionResetError, asyncio.CancelledError):
            return response
        finally:
            self._listeners.discard(queue)

    async def _show_ledger(self, _: web.Request) -> web.Response:
        return _json(await self._ledger())

    async def _file(self, request: web.Request) -> web.Response:
        content = self._world.files.get(request.match_info["file_id"])
        if content is None:
            raise web.HTTPNotFound
        kind = "image/svg+xml" if content.lstrip()[:4] in {b"<svg", b"<?xm"} else "image/jpeg"
        return web.Response(body=content, content_type=kind)

    async def _who(self, request: web.Request) -> tuple[Person, Chat, Json]:
        """Return who does something, in which chat, and what."""
        body: Json = orjson.loads(await request.read())
        person = self._world.people.get(int(body.get("person") or 0))
        chat = self._world.chats.get(int(body.get("chat") or body.get("person") or 0))
        if person is None or chat is None:
            raise web.HTTPNotFound
        return person, chat, body

    async def _say(self, request: web.Request) -> web.Response:
        person, chat, body = await self._who(request)
        text = str(body.get("text", "")).strip()
        if not text or len(text) > _TEXT_MOST:
            raise web.HTTPBadRequest
        marks: list[Json] = []
        if text.startswith("/"):
            length = len(text.split()[0].encode("utf-16-le")) // 2
            marks = [{"type": "bot_command", "offset": 0, "length": length}]
        *_, last = [self._world.says(person, chat, content) for content in typed_messages(text, marks)]
        return _json(last)

    async def _photo(self, request: web.Request) -> web.Response:
        person, chat, body = await self._who(request)
        data = base64.b64decode(str(body.get("data", "")).rpartition(",")[2])
        if not data or len(data) > _PHOTO_MOST:
            raise web.HTTPBadRequest
        content: Json = {"photo": [self.keep_file(data)]}
        if body.get("caption"):
            content["caption"] = str(body["caption"])[:1024]
        return _json(self._world.says(person, chat, content))

    def keep_file(self, data: bytes) -> Json:
        """Keep a picture and return it as the Bot API's PhotoSize."""
        file_id = f"sandbox-{len(self._world.files) + 1}"
        self._world.files[file_id] = data
        return {"file_id": file_id, "file_unique_id": file_id, "width": 1280, "height": 720}

    async def _tap(self, request: web.Request) -> web.Response:
        person, chat, body = await self._who(request)
        message = chat.messages.get(int(body.get("message_id", 0)))
        if message is None:
            raise web.HTTPNotFound
        return _json({"tap": self._world.taps_on(person, chat, message, str(body.get("data", ""))).id})

    async def _block(self, request: web.Request) -> web.Response:
        person, chat, body = await self._who(request)
        person.blocked = bool(body.get("blocked"))
        old, new = ("member", "kicked") if person.blocked else ("kicked", "member")
        self._world.membership(person, chat, old, new)
        return _json({"blocked": person.blocked})

    async def _set_clock(self, request: web.Request) -> web.Response:
        body: Json = orjson.loads(await request.read())
        if "speed" in body:
            self._clock.run_at(float(body["speed"]))
        if "skip" in body:
            self._clock.skip(float(body["skip"]))
        return _json(self._clock_state())


async def _next(queue: asyncio.Queue[Json], seconds: float) -> Json | None:
    """Return what happens next, or None when nothing does for that long."""
    if seconds <= 0:
        return None
    try:
        async with asyncio.timeout(seconds):
            return await queue.get()
    except TimeoutError:
        return None


def _json(value: object) -> web.Response:
    return web.Response(body=orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS), content_type="application/json")
