"""Links into the bot, and links that pass an article on."""

from dataclasses import dataclass
from urllib.parse import quote

_CHANNELS_FROM = 10**12  # the Bot API writes channel 5 as -1000000000005
_SHARED_TITLE = 120  # characters: a Cyrillic letter takes six in an address


def article_link(username: str, article_id: int) -> str:
    """Return the link that opens an article in somebody's own chat with the bot; `username` is the bot's."""
    return f"https://t.me/{username}?start=a_{article_id}"


def post_link(chat_id: int, username: str, message_id: int) -> str:
    """Return the address of a channel's post: anybody's of a public one, members' of another; "" where it has none.

    https://core.telegram.org/api/links#message-links
    """
    if username:
        return f"https://t.me/{username}/{message_id}"
    number = -chat_id - _CHANNELS_FROM
    return f"https://t.me/c/{number}/{message_id}" if number > 0 else ""


def invitation_link(username: str, token: str) -> str:
    """Return the link by which somebody joins the newsroom."""
    return f"https://t.me/{username}?start=e_{token}"


def bot_link(username: str) -> str:
    """Return the bot's address."""
    return f"https://t.me/{username}"


def claim_link(username: str, code: str) -> str:
    """Return the link that sends the bot the owner's one-time code when Start is pressed."""
    return f"{bot_link(username)}?start=c_{code}"


@dataclass(slots=True)
class Links:
    """The bot's links for whoever makes cards; `username` is "" until Telegram has told it, and then no link is.

    `site` is the address of the public pages, "" where there are none.
    """

    username: str = ""
    site: str = ""

    def article(self, article_id: int) -> str:
        """Return the link that opens an article in Telegram, "" while nobody knows it."""
        return article_link(self.username, article_id) if self.username else ""

    def page(self, article_id: int) -> str:
        """Return the address of an article's public page, "" where it has none."""
        return f"{self.site}/a/{article_id}" if self.site else ""

    def picture(self, name: str, extension: str) -> str:
        """Return the address of a picture that was uploaded, "" where nobody could ask for it."""
        return f"{self.site}/media/{name}.{extension}" if self.site else ""

    def picture_name(self, address: str) -> str:
        """Return the name of the uploaded picture at an address, "" for any other address."""
        begin = f"{self.site}/media/"
        return address.removeprefix(begin).partition(".")[0] if self.site and address.startswith(begin) else ""

    def share(self, article_id: int, title: str) -> str:
        """Return the link that lets somebody choose a chat to pass an article on to: its title, and the way to it.

        That is its public page, where everybody can read it; else it opens in Telegram. "" while nobody knows either.
        """
        address = self.page(article_id) or self.article(article_id)
        if not address:
            return ""
        shown = quote(title[:_SHARED_TITLE], safe="")
        return f"https://t.me/share/url?url={quote(address, safe='')}&text={shown}"
