"""What the operator sets: environment variables ``EDI_GATEWAY_…`` or a ``.env`` file; secrets are masked wherever shown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from edi_gateway.errors import Collected, WrongInput


class Settings(BaseSettings):
    """The gateway's settings. Every field is the environment variable ``EDI_GATEWAY_<FIELD>``; an empty one counts as unset."""

    model_config = SettingsConfigDict(
        env_prefix="EDI_GATEWAY_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data: Path = Field(Path("data"), description="Folder for the database, mailboxes, host keys and large payloads.")
    database: SecretStr | None = Field(
        None, description="Database URL; default: SQLite in the data folder. PostgreSQL: postgresql+psycopg://…"
    )
    partners: Path = Field(Path("partners"), description="Folder of partner profiles and connections.")
    maps: Path = Field(Path("maps"), description="Folder of maps and code lists.")
    host: str = Field("127.0.0.1", description="Address the web and the SFTP mailbox server listen on.")
    web_port: int = Field(8080, ge=0, le=65535, description="Port of the web pages and API; 0 takes a free one.")
    sftp_port: int = Field(2222, ge=0, le=65535, description="Port of the SFTP mailbox server; 0 takes a free one.")
    mailbox_addresses: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Networks the SFTP mailbox server may be reached from, with commas; none: from anywhere."
    )
    mailbox_sessions: int = Field(100, ge=1, description="Connections that may be logged in to mailboxes at once.")
    mailbox_sessions_per_account: int = Field(8, ge=1, description="The same of one account.")
    mailbox_strangers: int = Field(40, ge=1, description="Connections that may not have logged in yet, at once.")
    mailbox_strangers_per_address: int = Field(8, ge=1, description="The same from one address.")
    mailbox_login_seconds: float = Field(30, gt=0, description="How long a connection may take to log in.")
    mailbox_idle_seconds: float = Field(900, gt=0, description="How long one that is logged in may ask for nothing.")
    mailbox_handles: int = Field(64, ge=1, description="Files and listings that may be open in one session.")
    mailbox_largest_megabytes: int = Field(2048, ge=1, description="The largest file that is taken.")
    mailbox_password_tries: int = Field(4, ge=1, description="Passwords that may be tried on one connection.")
    mailbox_free_failures: int = Field(2, ge=0, description="Failed logins from an address before it has to wait.")
    mailbox_longest_delay: float = Field(8, ge=0, description="Seconds it waits at most: 1, doubled with each failure.")
    mailbox_failures_until_blocked: int = Field(20, ge=1, description="Failed logins after which an address is not answered.")
    mailbox_blocked_minutes: int = Field(15, ge=1, description="For how long; and when failures are forgotten.")
    threads: int = Field(
        4,
        ge=1,
        le=64,
        description="Lanes an engine has to the world at once, and servers and ERPs it looks into: four at least of either. "
        "Stages of our own store take turns, however many threads there are.",
    )
    vault_key: SecretStr | None = Field(None, description="Key of the vault, 32 bytes in base64; secrets are encrypted under it.")
    vault_key_file: Path | None = Field(None, description="File that holds the key of the vault instead.")
    internal_webhooks: bool = Field(False, description="Whether webhooks may go into internal networks, and by plain HTTP.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")
    log_form: Literal["console", "json"] = Field("console", description="Logs for people or for machines.")

    @field_validator("mailbox_addresses", mode="before")
    @classmethod
    def _with_commas(cls, given: object) -> object:
        return tuple(each.strip() for each in given.split(",") if each.strip()) if isinstance(given, str) else given

    @property
    def database_url(self) -> str:
        """The database URL in the clear; never log it."""
        if self.database is not None:
            return self.database.get_secret_value()
        return f"sqlite:///{self.data / 'gateway.sqlite3'}"


def load(**given: object) -> Settings:
    """The settings from the environment and ``.env``, with ``given`` on top. Raises WrongInput naming what is bad."""
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks and converts
    except ValidationError as error:
        raise Collected(
            [
                WrongInput(str(each["msg"]), where="EDI_GATEWAY_" + "_".join(str(part) for part in each["loc"]).upper())
                for each in error.errors(include_input=False)
            ]
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise WrongInput(f"cannot be read: {error}", where=".env", do="make it a readable file of UTF-8 text") from error
