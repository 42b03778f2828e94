"""Links into the bot."""


def article_link(username: str, article_id: int) -> str:
    """Return the link that opens an article in somebody's own chat with the bot; `username` is the bot's."""
    return f"https://t.me/{username}?start=a_{article_id}"
