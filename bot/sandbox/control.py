"""What the sandbox's page shows: everything that happens, the clock, the ledger. Served under `/sim`."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import orjson
from aiohttp import web

from bot.sandbox.clock import SandboxClock
from bot.sandbox.languages import page_languages
from bot.sandbox.people import answer, body_of, number
from bot.sandbox.places import Place
from bot.sandbox.world import Json, Person, World

_PAGE = Path(__file__).with_name("page")
_BEHIND = 2_000  # events a slow page may be behind
_END: Json = {"kind": "end"}  # a page that is too far behind is let go; it comes back and reads everything
_PULSE_SECONDS = 0.5

LedgerView = Callable[[], Awaitable[Json]]
Places = Callable[[], Mapping[str, Sequence[Place]]]
Restart = Callable[[], Awaitable[None]]


class Control:
    """The page's side of the stand-in.

    `roles` says which person is reader and which editor, by language; `places` where they meet. `begin_anew` has the
    newsroom wiped and started again, and returns when it is open.
    """

    def __init__(
        self,
        *,
        world: World,
        clock: SandboxClock,
        roles: Json,
        places: Places,
        ledger: LedgerView,
        begin_anew: Restart,
    ) -> None:
        self._world = world
        self._clock = clock
        self._roles = roles
        self._places = places
        self._ledger = ledger
        self._begin_anew = begin_anew
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
            web.post("/sim/clock", self._set_clock),
            web.post("/sim/restart", self._restart),
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
        return answer(page_languages())

    async def _state(self, _: web.Request) -> web.Response:
        shown = {number for role in self._roles.values() for number in role.values()}
        places = {code: [place.as_json() for place in there] for code, there in self._places().items()}
        chats = shown | {place["id"] for there in places.values() for place in there}
        return answer(
            {
                "bot": self._world.bot_user(),
                "roles": self._roles,
                "people": {number: self._world.people[number].as_user() for number in shown},
                "places": places,
                "chats": {number: list(self._world.chats[number].messages.values()) for number in chats},
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
        return answer(await self._ledger())

    async def _file(self, request: web.Request) -> web.Response:
        content = self._world.files.get(request.match_info["file_id"])
        if content is None:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type=_kind_of(content))

    async def _set_clock(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        if "speed" in body:
            self._clock.run_at(number(body, "speed"))
        if "skip" in body:
            self._clock.skip(number(body, "skip"))
        return answer(self._clock_state())

    async def _restart(self, _: web.Request) -> web.Response:
        """Begin anew, and tell every page to read it all again."""
        await self._begin_anew()
        self._tell({"kind": "restart"})
        return answer({})


def _kind_of(content: bytes) -> str:
    if content.lstrip()[:4] in {b"<svg", b"<?xm"}:
        return "image/svg+xml"
    if content[:4] == b"\x1aE\xdf\xa3":
        return "video/webm"
    if content[4:8] == b"ftyp":
        return "video/mp4"
    return "application/json" if content[:1] == b"{" else "image/jpeg"


async def _next(queue: asyncio.Queue[Json], seconds: float) -> Json | None:
    """Return what happens next, or None when nothing does for that long."""
    if seconds <= 0:
        return None
    try:
        async with asyncio.timeout(seconds):
            return await queue.get()
    except TimeoutError:
        return None
