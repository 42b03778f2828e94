"""The wizard itself. It asks everything first, then writes `.env`, and only then changes anything at Telegram."""

import os
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.cli.newsroom import opened
from bot.cli.setup import env_file
from bot.cli.setup.shopfront import NAME_MOST, Identity, Shopfront, Trouble
from bot.cli.setup.terminal import Terminal
from bot.config import Settings, load_settings, looks_like_a_token
from bot.desk.ownership import code_beforehand
from bot.errors import BadZone, ConfigError
from bot.faults import code_of
from bot.model.pictures import picture_of
from bot.screens.links import bot_link, claim_link
from bot.text.cleaning import clean_line
from bot.text.languages import BY_CODE, LANGUAGES
from bot.text.phrasebook import Phrasebook, phrases, told
from bot.timing.clock import SystemClock
from bot.timing.zones import find_zone
from storage.people.editors import Editors
from storage.runtime.facts import Facts

Loop = Callable[[Coroutine[Any, Any, Any]], Any]
EXAMPLE = Path(".env.example")
_DATABASE_SECONDS = 5
_PICTURE_MOST = 5_000_000  # bytes


@dataclass(slots=True)
class Wizard:
    """One sitting. `loop` runs what Telegram and the database are asked; `written` says whether `.env` was."""

    terminal: Terminal
    loop: Loop
    settings: Settings
    file: Path
    language: str
    written: bool = False

    @property
    def say(self) -> Phrasebook:
        """The phrases, in the language that was chosen last."""
        return phrases(self.language)

    def run(self) -> int:
        """Ask, write, set up, and end with the way in; returns 0.

        Raises:
            ConfigError: what stands in the environment or in a file is no good, or `.env` cannot be written.
            EOFError, KeyboardInterrupt: whoever sits there has had enough.

        """
        self.terminal.say(self.say("setup-hello"))
        self._choose_language()
        shopfront, identity = self._ask_for_token()
        values = {"LANGUAGE": self.language, "TIMEZONE": self._ask_for_zone(), "NEWSROOM": self._ask_for_name(identity)}
        if not self._token_elsewhere:
            values["BOT_TOKEN"] = shopfront.token
        picture = self._ask_for_picture()
        self._write(values)
        self._set_up(shopfront, identity, values["NEWSROOM"], picture)
        self._show_the_way_in(identity.username)
        return 0

    def agreed(self) -> bool:
        """Ask whether to begin at all; returns the answer."""
        return self._yes(self.say("setup-offer"))

    # Asking

    def _choose_language(self) -> None:
        names = ", ".join(f"{number} {BY_CODE[code].name}" for number, code in enumerate(LANGUAGES, 1))
        while True:
            question = self.say("setup-language") + f" ({names})"
            answer = self.terminal.answer(question, str(LANGUAGES.index(self.language) + 1))
            known = {str(number): code for number, code in enumerate(LANGUAGES, 1)} | {code: code for code in LANGUAGES}
            if answer in known:
                self.language = known[answer]
                return
            self.terminal.say(self.say("setup-not-understood"))

    @property
    def _token_elsewhere(self) -> str:
        """The setting that holds the token and is not this wizard's to write, "" for none."""
        if self.settings.bot_token_file is not None:
            return "BOT_TOKEN_FILE"
        return "BOT_TOKEN" if _in_environment("BOT_TOKEN") else ""

    def _ask_for_token(self) -> tuple[Shopfront, Identity]:
        if where := self._token_elsewhere:
            found = self._check(self.settings.token())
            if found is None:
                raise ConfigError("setup-token-elsewhere-refused", where=where)
            self.terminal.say(self.say("setup-token-elsewhere", where=where, bot=found[1].username))
            return found
        if (kept := self._keep_token()) is not None:
            return kept
        self.terminal.say(self.say("setup-token-how"))
        while True:
            token = self.terminal.ask_secretly(self.say("setup-token") + ": ").strip()
            if not looks_like_a_token(token):
                self.terminal.say(self.say("setup-token-odd"))
            elif (found := self._check(token)) is None:
                self.terminal.say(self.say("setup-token-refused"))
            else:
                self.terminal.say(self.say("setup-token-good", bot=found[1].username))
                return found

    def _keep_token(self) -> tuple[Shopfront, Identity] | None:
        """Return what there is of an earlier sitting, when it is good and wanted."""
        token = self.settings.bot_token.get_secret_value().strip() if self.settings.bot_token else ""
        found = self._check(token) if looks_like_a_token(token) else None
        if found is None:
            return None
        return found if self._yes(self.say("setup-token-keep", bot=found[1].username)) else None

    def _yes(self, question: str) -> bool:
        yes = self.say("setup-yes")
        return self.terminal.answer(question, yes).casefold()[0] in {yes[0], "y"}

    def _check(self, token: str) -> tuple[Shopfront, Identity] | None:
        """Return whose token it is, None when Telegram does not accept it; asks again while Telegram is away."""
        shopfront = Shopfront(self.settings.telegram_api_url, token)
        while (found := self.loop(shopfront.identity())) is Trouble.AWAY:
            self.terminal.ask(self.say("setup-away", host=shopfront.host) + " ")
        return (shopfront, found) if isinstance(found, Identity) else None

    def _ask_for_zone(self) -> str:
        while True:
            try:
                return find_zone(self.terminal.answer(self.say("setup-zone"), self.settings.timezone))
            except BadZone as error:
                self.terminal.say(self.say(error.phrase, **error.variables))

    def _ask_for_name(self, identity: Identity) -> str:
        named = "newsroom" in self.settings.model_fields_set
        offered = self.settings.newsroom if named or not identity.name else identity.name
        while True:
            name = clean_line(self.terminal.answer(self.say("setup-name"), offered))
            if len(name) > NAME_MOST or not name:
                self.terminal.say(self.say("setup-name-long", n=NAME_MOST))
            elif not _can_be_written(name):
                self.terminal.say(self.say("setup-name-odd"))
            else:
                return name

    def _ask_for_picture(self) -> bytes:
        """Return a picture for the bot, b"" for none."""
        while True:
            answer = self.terminal.answer(self.say("setup-picture")).strip("'\" ")  # as a file is that is dragged here
            if not answer:
                return b""
            path = Path(answer).expanduser()
            try:
                content = path.read_bytes() if path.is_file() and path.stat().st_size <= _PICTURE_MOST else b""
            except (OSError, ValueError):
                content = b""
            picture = picture_of(content)
            if picture is not None and picture.kind == "image/jpeg":
                return content
            self.terminal.say(self.say("setup-picture-odd", megabytes=_PICTURE_MOST // 1_000_000))

    # Doing

    def _write(self, values: dict[str, str]) -> None:
        try:
            source = self.file if self.file.exists() else EXAMPLE
            text = source.read_bytes().decode("utf-8") if source.exists() else ""
            env_file.write(self.file, env_file.with_settings(text, values))
        except (OSError, ValueError) as error:
            code = code_of(error) if isinstance(error, OSError) else "EILSEQ"
            raise ConfigError("setup-unwritten", file=str(self.file), code=code) from None
        self.written = True
        self.terminal.say(self.say("setup-written", file=str(self.file.resolve())))
        self.settings = load_settings()
        over = ", ".join(name for name, value in values.items() if _read(self.settings, name) != value)
        if over:
            self.terminal.say(self.say("setup-environment", names=over))

    def _set_up(self, shopfront: Shopfront, identity: Identity, name: str, picture: bytes) -> None:
        self.terminal.say(self.say("setup-telling"))
        if name != identity.name and not self.loop(shopfront.rename(name)):
            self.terminal.say(self.say("setup-name-later"))
        told = self.loop(shopfront.furnish(self.language))
        self.terminal.say(self.say("setup-told" if told else "setup-told-later"))
        if not picture or not self.loop(shopfront.picture(picture)):
            self.terminal.say(self.say("setup-picture-refused" if picture else "setup-picture-later"))

    def _show_the_way_in(self, username: str) -> None:
        link, code = bot_link(username), None
        if self.settings.admins:
            self.terminal.say(self.say("setup-owners"))
        else:
            try:
                code = self.loop(_owner_code())
            except ConfigError as error:
                self.terminal.say(f"{told(error, self.say)} " + self.say("setup-code-later"))
            else:
                self.terminal.say(self.say("setup-code", code=code) if code else self.say("setup-owned"))
        if code:
            link = claim_link(username, code)
        self.terminal.say(self.say("setup-link", link=link))
        self.terminal.show_code(link)
        self.terminal.say(self.say("setup-next"))


async def _owner_code() -> str | None:
    """Make a code that whoever has it becomes the owner with; None when there is an owner."""
    async with opened(seconds=_DATABASE_SECONDS) as database:
        return await code_beforehand(Editors(database), Facts(database), SystemClock())


def _read(settings: Settings, name: str) -> str:
    value = getattr(settings, name.lower())
    return str(value.get_secret_value() if isinstance(value, SecretStr) else value)


def _in_environment(name: str) -> bool:
    return any(key.upper() == name and value for key, value in os.environ.items())


def _can_be_written(name: str) -> bool:
    try:
        env_file.with_settings("", {"NEWSROOM": name})
    except ValueError:
        return False
    return True
