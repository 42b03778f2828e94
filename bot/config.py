"""Settings: read once at the start from the environment and `.env`, checked, and never changed afterwards."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, IPvAnyNetwork, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.environment import ENV_FILE, Environment, is_emptied, without_token
from bot.errors import BadSetting, ConfigError
from bot.faults import code_of, faults_of, secret_in
from bot.fetch.networks import allowed, is_web_address
from bot.text.languages import LANGUAGES

_TOKEN = re.compile(r"[0-9]+:[!-~]+")
_BIND = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]*):([0-9]{1,5})")
_PUBLIC = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?")
_OWN_CHAT = re.compile(r"chat:[1-9][0-9]{0,17}")
_LARGEST_ID = 2**52  # of a person, as Telegram has it
_SHORTEST_PASSPHRASE = 10
_FEWEST_DAYS = 7  # what is younger may be withdrawn, mentioned under, or found to have arrived


class Settings(BaseSettings):
    """Everything the operator can set. A field's description is what the README's table says of it.

    What is set to nothing counts as not set: then the other place holds, and in the end the default.
    """

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return where settings come from, what wins first."""
        return init_settings, Environment(settings_cls), dotenv_settings, file_secret_settings

    bot_token: SecretStr | None = Field(None, description="The bot's token from @BotFather.")
    bot_token_file: Path | None = Field(None, description="A file that holds the token, instead of `BOT_TOKEN`.")
    telegram_api_url: str = Field(
        "https://api.telegram.org", description="The Bot API server: Telegram's, a local one, or a stand-in."
    )
    database_url: SecretStr = Field(
        SecretStr("sqlite:///data/visnyk.db"),
        description="Where everything is kept: `sqlite:///file` or `postgresql://user:password@host/name`.",
    )
    admins: Annotated[frozenset[int], NoDecode] = Field(
        frozenset(), description="Telegram ids of the owners, separated by commas. Empty: a one-time code is printed."
    )
    newsroom: str = Field("Вісник", description="The newsroom's name: the source of what its editors write.")
    language: str = Field("uk", description="Language of the shell, and for readers whose own is not known.")
    timezone: str = Field("Europe/Kyiv", description="Time zone for readers and editors who have not chosen one.")
    send_rate: float = Field(30, gt=0, le=1000, description="Messages a second for the whole bot, replies included.")
    paid_rate: int = Field(
        0, ge=0, le=1000, description="Messages a second as a paid broadcast (0.1 Star each), 0 for none."
    )
    paid_stars: int = Field(0, ge=0, description="Stars that paid broadcasts may cost in a day at most.")
    paid_for: Literal["urgent", "all"] = Field("urgent", description="What is sent as a paid broadcast.")
    hold_above: int = Field(
        1000, ge=0, description="Urgent news for more readers than this waits 30 seconds, so that it can be undone."
    )
    semantic: Literal["auto", "on", "off"] = Field(
        "auto",
        description="Whether related items and stories go by meaning, too: `auto` where the model is installed and "
        "300 MB are free.",
    )
    related_from_words: float = Field(
        0.46, ge=0, le=1, description="How certain a related item must be to be shown at once, by words; 0 shows all."
    )
    related_from_meaning: float = Field(0.53, ge=0, le=1, description="The same by meaning, which has another scale.")
    http_bind: str = Field("", description="Where the bot listens for HTTP, as `host:port`. Empty: nowhere.")
    public_url: str = Field("", description="How the world reaches what listens there: `https://news.example`.")
    webhook: Literal["on", "off"] = Field(
        "off", description="`on`: Telegram brings updates to `PUBLIC_URL`; `off`: the bot asks for them."
    )
    http_drain: float = Field(
        3,
        ge=0,
        le=3,
        description="Seconds for which a process that stops goes on answering and says at `/readyz` that it leaves, so "
        "that a balancer asks others. On SQLite there are none, and it stops at once.",
    )
    webhook_certificate: Path | None = Field(
        None,
        description="The certificate that `PUBLIC_URL` shows, a PEM file without its key, where it is self-signed.",
    )
    websub_hub: str = Field(
        "",
        description="A WebSub hub that feeds name, and that is told when they change: "
        "`https://pubsubhubbub.appspot.com`.",
    )
    http_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = Field(
        (), description="Addresses or networks of the proxies in front of it, separated by commas."
    )
    fetch_allow: str = Field(
        "",
        description="Addresses beside the public internet that feeds and webhooks may lead to, separated by commas: "
        "`10.0.0.0/8`, `192.168.1.5:8080`, `cms.local`.",
    )
    fetch_proxy: str = Field("", description="An HTTP proxy for feeds and webhooks: `http://proxy:3128`.")
    fetch_contact: str = Field("", description="An address or e-mail for sites whose feeds are fetched, told to them.")
    alert_url: SecretStr = Field(
        SecretStr(""),
        description="Where a webhook tells somebody that Telegram is away or refuses the token: `https://…`.",
    )
    backup_to: str = Field(
        "",
        description="A folder that backups are put into, best on another disk, or `chat:123456789`, an owner’s chat. "
        "Empty: none are made.",
    )
    backup_passphrase: SecretStr = Field(
        SecretStr(""), description="Backups are encrypted with it; one that goes to a chat has to be."
    )
    backup_passphrase_file: Path | None = Field(
        None, description="A file that holds the passphrase, instead of `BACKUP_PASSPHRASE`."
    )
    backup_every: float = Field(24, ge=0.1, le=720, description="Hours between two backups.")
    backup_keep: int = Field(7, ge=1, le=1000, description="How many of the newest backups stay in the folder.")
    keep_ledger_days: int = Field(
        0,
        ge=0,
        le=36_500,
        description="Days after which a delivery that is over is kept only as far as corrections need it; 0: never.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged.")
    log_format: Literal["auto", "text", "json"] = Field(
        "auto", description="`text` for people, `json` for machines; `auto` is text on a terminal."
    )

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in values.items() if not isinstance(value, str) or value.strip()}

    @field_validator("admins", "http_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part for part in value.replace(",", " ").split() if part] if isinstance(value, str) else value

    @field_validator("admins")
    @classmethod
    def _people(cls, value: frozenset[int]) -> frozenset[int]:
        if any(not 0 < number < _LARGEST_ID for number in value):
            raise BadSetting("value-people")
        return value

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str) -> str:
        if value not in LANGUAGES:
            raise BadSetting("value-choice", choices=", ".join(LANGUAGES))
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise BadSetting("value-zone") from None
        return value

    @field_validator("http_bind")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        found = _BIND.fullmatch(value)
        if value and (found is None or int(found[2]) > 65_535):
            raise BadSetting("value-bind")
        return value

    @field_validator("public_url")
    @classmethod
    def _public_address(cls, value: str) -> str:
        if value and not _PUBLIC.fullmatch(value):
            raise BadSetting("value-public")
        return value.rstrip("/")

    @field_validator("websub_hub")
    @classmethod
    def _hub_address(cls, value: str) -> str:
        if not re.fullmatch(r"(https?://[!#-;=?-~]+)?", value):  # it stands in a header, between < and >
            raise BadSetting("value-hub")
        return value

    @field_validator("fetch_allow")
    @classmethod
    def _networks(cls, value: str) -> str:
        allowed(value)
        return value

    @field_validator("fetch_proxy")
    @classmethod
    def _proxy(cls, value: str) -> str:
        if value and not is_web_address(value):
            raise BadSetting("value-address")
        return value

    @field_validator("fetch_contact")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.isascii() or not value.isprintable():
            raise BadSetting("value-ascii")
        return value.strip()

    @field_validator("alert_url")
    @classmethod
    def _secret_address(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not is_web_address(value.get_secret_value()):
            raise BadSetting("value-address")
        return value

    @field_validator("telegram_api_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if not is_web_address(value):
            raise BadSetting("value-address")
        if not value.isascii():
            raise BadSetting("value-ascii")
        return value.rstrip("/")

    @field_validator("backup_to")
    @classmethod
    def _folder_or_chat(cls, value: str) -> str:
        if value.startswith("chat:") and _OWN_CHAT.fullmatch(value) is None:
            raise BadSetting("value-chat")
        return value

    @field_validator("keep_ledger_days")
    @classmethod
    def _long_enough(cls, value: int) -> int:
        if 0 < value < _FEWEST_DAYS:
            raise BadSetting("value-days", n=_FEWEST_DAYS)
        return value

    @property
    def backup_folder(self) -> str:
        """The folder that backups are put into; "" for none."""
        return "" if self.backup_chat is not None else self.backup_to

    @property
    def backup_chat(self) -> int | None:
        """The private chat that backups are sent to; None for none."""
        return int(self.backup_to.removeprefix("chat:")) if self.backup_to.startswith("chat:") else None

    def passphrase(self) -> str:
        """Return what backups are encrypted with; "" where they are not.

        Raises:
            ConfigError: its file cannot be read or is empty, or it is too short.

        """
        word = self.backup_passphrase.get_secret_value().strip()
        file = self.backup_passphrase_file
        if file is not None and not (word := secret_in(file, "BACKUP_PASSPHRASE_FILE")):
            raise ConfigError("config-passphrase-empty")
        if word and len(word) < _SHORTEST_PASSPHRASE:
            raise ConfigError("config-passphrase-short", n=_SHORTEST_PASSPHRASE)
        return word

    @property
    def listens_on(self) -> tuple[str, int] | None:
        """The host ("" for every address of the machine) and the port to listen on; None for nowhere."""
        found = _BIND.fullmatch(self.http_bind)
        return (found[1].strip("[]"), int(found[2])) if found is not None else None

    def token(self) -> str:
        """Return the bot's token.

        Raises:
            ConfigError: there is none, its file cannot be read, or it does not look like one.

        """
        file, name = self.bot_token_file, "BOT_TOKEN" if self.bot_token_file is None else "BOT_TOKEN_FILE"
        token = secret_in(file, name) if file is not None else self._token_of_setting()
        if not looks_like_a_token(token):
            raise ConfigError("config-token-odd", setting=name)
        return token

    def _token_of_setting(self) -> str:
        token = self.bot_token.get_secret_value().strip() if self.bot_token is not None else ""
        if not token:
            raise without_token(type(self).model_fields)
        return token


def looks_like_a_token(text: str) -> bool:
    """Tell whether a text has the form of a bot's token."""
    return _TOKEN.fullmatch(text) is not None


def load_settings(**overrides: object) -> Settings:
    """Read the settings from the environment and `.env`; `overrides` win.

    Raises:
        ConfigError: a value does not fit; the text names each setting and what is wrong with it, without its value.

    """
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        raise ConfigError("config-settings", *faults_of(error)) from None
    except UnicodeDecodeError:
        raise ConfigError("config-not-utf8") from None
    except OSError as error:
        raise ConfigError("config-unreadable", setting=".env", code=code_of(error)) from None
    # A variable that nobody has filled in must not lead to a new and empty newsroom beside the one there is.
    if "database_url" not in settings.model_fields_set and is_emptied("DATABASE_URL"):
        raise ConfigError("config-settings", BadSetting("value-empty", setting="DATABASE_URL"))
    return settings
