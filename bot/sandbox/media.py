"""Pictures, films and files as they come back in messages."""

from bot.sandbox.checks import CAPTION_LIMIT, Refusal, text_of
from bot.sandbox.world import Json, World

_MEDIA = frozenset({"photo", "video", "animation", "document"})


def media_of(world: World, kind: str, source: str | tuple[str, bytes]) -> Json | list[Json]:
    """Return a file as a message shows it; one that is uploaded comes with its name.

    Raises Refusal for one that is neither known nor on the web.
    """
    if isinstance(source, tuple):
        name, content = source
        shape = {"file_name": name, "file_size": len(content)}
        return {**world.keep_file(f"{kind}-{world.next_number()}", content, shape)}
    if source not in world.files and not source.startswith(("http://", "https://")):
        raise Refusal("wrong file identifier/HTTP URL specified")
    file = world.shapes.get(source) or {"file_id": source, "file_unique_id": source[-16:], "width": 1280, "height": 720}
    return [file] if kind == "photo" else {"duration": 1, **file}


def album_item(world: World, item: Json) -> Json:
    """Return what one message of an album shows. Raises Refusal."""
    content: Json = {item["type"]: media_of(world, item["type"], str(item.get("media") or ""))}
    if item.get("caption"):
        text, entities = text_of(item, "caption", CAPTION_LIMIT)
        content |= {"caption": text} | ({"caption_entities": entities} if entities else {})
    return content


def shown(world: World, blocks: list[Json]) -> list[Json]:
    """Return input blocks as they come back in a message: media become files. Raises Refusal."""
    result = []
    for block in blocks:
        if (kind := block["type"]) in _MEDIA:
            result.append(block | {kind: media_of(world, kind, str(block[kind]["media"]))})
        elif kind == "list":
            items = [{"label": str(item.get("value", "•")), **item} for item in block["items"]]
            result.append(block | {"items": items})
        else:
            result.append(block)
    return result
