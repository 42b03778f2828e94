"""The sample newsroom: articles of the project's own, dated back from the moment the demo starts.

Each is a file in `newsroom/`: a head of `name: value` lines, an empty line, then the text in HTML.
`ago` says how long before the start it was published: `2h`, `3d`.
"""

from datetime import timedelta
from pathlib import Path

from bot.app import App
from bot.feeds.findings import Item
from bot.feeds.importer import Importing, Report
from bot.model.news import Incoming, Photo
from bot.relevance.threading import Threader
from bot.sandbox.world import World
from bot.text.markup import parse_html, to_html
from storage.articles.imports import Imports

_FOLDER = Path(__file__).with_name("newsroom")
_UNITS = {"m": 1, "h": 60, "d": 1440}


def read_articles() -> list[tuple[dict[str, str], str]]:
    """Return the sample articles: their heads and their texts."""
    found = []
    for path in sorted(_FOLDER.glob("*.html")):
        head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
        fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
        found.append((fields | {"id": path.stem}, body))
    return found


async def import_newsroom(app: App, world: World) -> None:
    """Fill the newsroom; nothing of it is pushed."""
    ground = app.parts.ground
    now = ground.clock.now()
    items = []
    for fields, body in read_articles():
        number, unit = int(fields["ago"][:-1]), fields["ago"][-1]
        incoming = Incoming(
            title=fields["title"],
            lead=fields.get("lead", ""),
            body=to_html(parse_html(body)),
            source=fields["source"],
            url=fields.get("url", ""),
            language=fields["language"],
            topics=tuple(fields["topics"].split()),
            photo=_photo(fields, world),
            published_at=now - timedelta(minutes=number * _UNITS[unit]),
            external_id=fields["id"],
            identity=f"sample:{fields['id']}",
            story=fields.get("story", ""),
        )
        items.append(Item(fields["id"], 0, incoming))
    items.sort(key=lambda item: item.incoming.published_at if item.incoming and item.incoming.published_at else now)
    importing = Importing(
        store=Imports(ground.database),
        corrections=ground.store.corrections,
        placing=Threader(ground.store.stories),
        clock=ground.clock,
    )
    await importing.take_batch(items, Report(), push=False)


def _photo(fields: dict[str, str], world: World) -> Photo | None:
    name = fields.get("photo")
    if not name:
        return None
    size = world.keep_file(f"newsroom-{name}", (_FOLDER / name).read_bytes(), {"width": 1280, "height": 720})
    return Photo(file_id=size["file_id"], caption=fields.get("caption", ""), credit=fields.get("credit", ""))
