"""What owners are told of listeners without having asked."""

from urllib.parse import urlsplit

from bot.model.listeners import Listener, ListenerNews
from bot.screens.card import Card
from bot.screens.look import Look
from bot.text.styled import Styled, bold, join, styled

_KEYS = {
    ListenerNews.FAILING: "listener-failing",
    ListenerNews.DISABLED: "listener-disabled",
    ListenerNews.RECOVERED: "listener-recovered",
}
_SHOWN = 120


def listener_card(listener: Listener, look: Look) -> Card:
    """Return the news of a listener: that it takes nothing, is told nothing any more, or is well again."""
    assert listener.news is not None
    key, name = _KEYS[listener.news], shown_address(listener.address)
    parts: list[Styled | str] = [bold(look.say(key, name=name))]
    if listener.news is not ListenerNews.RECOVERED:
        parts.append(why_text(listener.reason, listener.detail, look))
    last = look.moment(listener.succeeded_at) if listener.succeeded_at is not None else look.say("listener-never")
    parts.append(look.say(f"{key}-text", time=last))
    if listener.news is ListenerNews.DISABLED:
        parts.append(styled(f"python -m bot webhooks enable {listener.id}", "code"))
    return Card(join("\n\n", parts))


def why_text(reason: str, detail: str, look: Look) -> str:
    """Return why a listener did not take something, in one or two sentences that say what to do."""
    return look.say(f"listener-why-{reason}", detail=detail or "—")


def shown_address(address: str) -> str:
    """Return an address as people see it: what stands behind a question mark may be a password."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"[:_SHOWN]
