"""Connections: the places documents come from and go to, each a file of its own, shared by partners."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from edi_gateway.trading.as2_connection import As2Connection
from edi_gateway.trading.looked_at import LookedAt
from edi_gateway.trading.scalars import Duration
from edi_gateway.trading.secrets import SecretAt
from edi_gateway.trading.sent_as_files import SentAsFiles
from edi_gateway.trading.weak_algorithms import WeakAlgorithms


class FolderConnection(LookedAt, SentAsFiles):
    """A folder on this machine."""

    name: str = Field(description="File name without .yaml.")
    kind: Literal["folder"] = Field(description="folder")
    senders: tuple[str, ...] = Field(description="Partners whose documents may arrive through it.")
    inbox: str = Field(description="The folder we collect from.")
    outbox: str = Field(description="The folder we put into.")
    archive: str = Field(
        "", description="Where collected files are moved; without it they are deleted. Either once they are on record."
    )
    pattern: str = Field("*", description="Which file names are collected, with * and ?.")
    settled: Duration = Field(timedelta(seconds=2), description="How long a file must not have changed.")
    poll: Duration = Field(timedelta(minutes=1), description="How often we look.")


class MailboxConnection(SentAsFiles):
    """An account on our own SFTP server: they write inbox/, they read outbox/."""

    name: str = Field(description="File name without .yaml.")
    kind: Literal["mailbox"] = Field(description="mailbox")
    senders: tuple[str, ...] = Field(description="Partners whose documents may arrive through it.")
    account: str = Field(pattern=r"^[a-z][a-z0-9_-]*$", description="The login, and the name of its folder.")
    keys: tuple[str, ...] = Field((), description="Their public keys, as in authorized_keys.")
    password_hash: SecretAt | None = Field(None, description="Where the hash of their password is, if they log in with one.")
    former_password_hash: SecretAt | None = Field(None, description="The hash of the one before, while both are taken.")
    addresses: tuple[str, ...] = Field(
        (), description="Networks they may come from, such as 203.0.113.0/24; none: from anywhere."
    )
    quota_megabytes: int = Field(4096, ge=1, description="How much may lie uncollected in their inbox.")
    quota_files: int = Field(10_000, ge=1, description="How many files may lie uncollected in their inbox.")
    archive: bool = Field(False, description="Whether what we collected is kept in /archive, which they may read.")
    fetched_within: Duration = Field(timedelta(days=1), description="For how long what we put there may lie before that is told.")


class SftpConnection(LookedAt, SentAsFiles):
    """An SFTP server of theirs, or of their VAN, that we call."""

    name: str = Field(description="File name without .yaml.")
    kind: Literal["sftp"] = Field(description="sftp")
    senders: tuple[str, ...] = Field(description="Partners whose documents may arrive through it.")
    host: str = Field(pattern=r"^[^?\s]+$", description="Name or address of the server.")
    port: int = Field(22, ge=1, le=65535, description="TCP port.")
    login: str = Field(pattern=r"^[^?]+$", description="The user name they gave us.")
    host_keys: tuple[str, ...] = Field(
        (), description="Public keys or SHA256 fingerprints, several for a rollover; connection trust-host-key writes them."
    )
    key: SecretAt | None = Field(None, description="Where our private key is: Ed25519, ECDSA or RSA.")
    passphrase: SecretAt | None = Field(None, description="Where its passphrase is, if it has one.")
    password: SecretAt | None = Field(None, description="Where our password is.")
    inbox: str = Field("/outbox", description="The folder we collect from.")
    outbox: str = Field("/inbox", description="The folder we put into.")
    archive: str = Field(
        "", description="Where collected files are moved; without it they are deleted. Either once they are on record."
    )
    pattern: str = Field("*", description="Which file names are collected, with * and ?.")
    poll: Duration = Field(timedelta(minutes=5), description="How often we look.")
    settled: Duration = Field(timedelta(seconds=5), description="How long a file must not have changed, between two looks.")
    claim: bool = Field(True, description="Whether we rename a file before we fetch it; no where they do not allow it.")
    temporary_suffix: str = Field(
        ".part",
        pattern=r"^(\.[A-Za-z]+)?$",
        description="What our files end in until they are complete; empty: written under their name.",
    )
    weak_algorithms: WeakAlgorithms | None = Field(None, description="What is allowed although it is weak, until a day.")


Connection = Annotated[FolderConnection | MailboxConnection | SftpConnection | As2Connection, Field(discriminator="kind")]
