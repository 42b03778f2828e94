"""What the stand-in answers a request with."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.world import Chat

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request gets: a status and a JSON body."""

    status: int
    body: Json

    @classmethod
    def good(cls, result: object) -> "Answer":
        """Return a success."""
        return cls(200, {"ok": True, "result": result})

    @classmethod
    def bad(cls, status: int, description: str, **parameters: object) -> "Answer":
        """Return an error with the server's words."""
        body: Json = {"ok": False, "error_code": status, "description": description}
        return cls(status, body | ({"parameters": parameters} if parameters else {}))


def closed_to_the_bot(chat: Chat) -> Answer | None:
    """Return why the bot has no business in a chat any more, or None."""
    if chat.moved_to is not None:
        text = "Bad Request: group chat was upgraded to a supergroup chat"
        return Answer.bad(400, text, migrate_to_chat_id=chat.moved_to)
    if chat.person is not None and chat.person.deactivated:
        return Answer.bad(403, "Forbidden: user is deactivated")
    if chat.person is not None and chat.person.blocked:
        return Answer.bad(403, "Forbidden: bot was blocked by the user")
    if chat.bot_status in {"kicked", "left"}:
        return Answer.bad(403, f"Forbidden: bot was kicked from the {chat.kind} chat")
    return None
