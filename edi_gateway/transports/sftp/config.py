"""How an SFTP server is reached, and what proves who we are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec


class SftpConfig(msgspec.Struct, frozen=True, kw_only=True):
    """An account on somebody's SFTP server. Names of folders are theirs; one that is empty is not used in that direction.

    ``host_keys``: public keys or ``SHA256:`` fingerprints the server may show, several for a rollover. ``inbox``: the folder we
    collect from; ``outbox``: the folder we put into; ``archive``: where collected files are moved, empty deletes them.
    ``pattern``: shell-style, any case. ``stable_for``: seconds a file must be unchanged between two looks. ``claims``: whether
    files are claimed by renaming them; without it only one collector may look there. ``claim_lasts``, ``owner``: as for a folder.
    ``temporary_suffix``: uploads carry it until they are complete; empty where renaming is not allowed.
    ``timeout``: seconds any answer may take. ``keepalive``: seconds between signs of life. ``weak_algorithms``: ciphers and MACs
    that are taken although they are weak, through ``weak_until``.
    """

    host: str
    login: str
    host_keys: tuple[str, ...] = ()
    port: int = 22
    inbox: str = ""
    outbox: str = ""
    archive: str = ""
    pattern: str = "*"
    stable_for: float = 5.0
    claims: bool = True
    claim_lasts: float = 600.0
    owner: str = ""
    temporary_suffix: str = ".part"
    timeout: float = 30.0
    keepalive: int = 30
    weak_algorithms: tuple[str, ...] = ()
    weak_until: date = date.max

    def weak_on(self, day: date) -> tuple[str, ...]:
        """The weak algorithms that are allowed on a day."""
        return self.weak_algorithms if day <= self.weak_until else ()

    @property
    def where(self) -> str:
        """The account as messages name it."""
        return f"sftp://{self.login}@{self.host}:{self.port}"


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """What we log in with: a private key (its text or its file), a password, or both when the server asks for both."""

    password: str | None = None
    key: str | None = None
    key_file: Path | None = None
    passphrase: str | None = None

    def __repr__(self) -> str:
        held = [name for name in self.__struct_fields__ if getattr(self, name) is not None]
        return f"Credentials({', '.join(f'{name}=…' for name in held)})"
