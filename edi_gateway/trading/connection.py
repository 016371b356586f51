"""Connections: the places documents come from and go to, each a file of its own, shared by partners."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from edi_gateway.trading.as2_connection import As2Connection
from edi_gateway.trading.base import Terms
from edi_gateway.trading.looked_at import LookedAt
from edi_gateway.trading.scalars import Duration
from edi_gateway.trading.secrets import SecretAt


class FolderConnection(LookedAt):
    """A folder on this machine."""

    name: str = Field(description="File name without .yaml.")
    kind: Literal["folder"] = Field(description="folder")
    senders: tuple[str, ...] = Field(description="Partners whose documents may arrive through it.")
    inbox: str = Field(description="The folder we collect from.")
    outbox: str = Field(description="The folder we put into.")
    pattern: str = Field("*", description="Which file names are collected, with * and ?.")
    poll: Duration = Field(timedelta(minutes=1), description="How often we look.")


class MailboxConnection(Terms):
    """An account on our own SFTP server: they write inbox/, they read outbox/."""

    name: str = Field(description="File name without .yaml.")
    kind: Literal["mailbox"] = Field(description="mailbox")
    senders: tuple[str, ...] = Field(description="Partners whose documents may arrive through it.")
    account: str = Field(pattern=r"^[a-z][a-z0-9_-]*$", description="The login, and the name of its folder.")
    keys: tuple[str, ...] = Field((), description="Their public keys, as in authorized_keys.")
    password_hash: SecretAt | None = Field(None, description="Where the hash of their password is, if they log in with one.")
    fetched_within: Duration = Field(timedelta(days=1), description="For how long what we put there may lie before that is told.")


class SftpConnection(LookedAt):
    """An SFTP server of theirs, or of their VAN, that we call."""

    name: str = Field(description="File name without .yaml.")
    kind: Literal["sftp"] = Field(description="sftp")
    senders: tuple[str, ...] = Field(description="Partners whose documents may arrive through it.")
    host: str = Field(description="Name or address of the server.")
    port: int = Field(22, ge=1, le=65535, description="TCP port.")
    login: str = Field(description="The user name they gave us.")
    host_keys: tuple[str, ...] = Field(min_length=1, description="Public keys or SHA256 fingerprints; several for a rollover.")
    key: SecretAt | None = Field(None, description="Where our private key is.")
    password: SecretAt | None = Field(None, description="Where our password is.")
    inbox: str = Field("/outbox", description="The folder we collect from.")
    outbox: str = Field("/inbox", description="The folder we put into.")
    pattern: str = Field("*", description="Which file names are collected, with * and ?.")
    poll: Duration = Field(timedelta(minutes=5), description="How often we look.")


Connection = Annotated[FolderConnection | MailboxConnection | SftpConnection | As2Connection, Field(discriminator="kind")]
