"""The vault: secrets encrypted at rest with AES-256-GCM, each bound to its name, under a key that is kept elsewhere.

The key is 32 bytes, written in base64, from ``EDI_GATEWAY_VAULT_KEY`` or the file ``EDI_GATEWAY_VAULT_KEY_FILE``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.settings import Settings
from edi_gateway.store.database import Database
from edi_gateway.store.secrets import SecretRow
from edi_gateway.store.unit import Unit
from edi_gateway.wording import count

_SIZE = 32
_NONCE = 12
_WHERE = "EDI_GATEWAY_VAULT_KEY"
_MAKE_ONE = "make one: edi-gateway vault new-key FILE"


class VaultKey:
    """A key of the vault; shown only by its id, which tells nothing about it."""

    def __init__(self, key: bytes) -> None:
        if len(key) != _SIZE:
            raise WrongInput(f"the vault's key is not {_SIZE} bytes", where=_WHERE, do=_MAKE_ONE)
        self._aead = AESGCM(key)
        self.id = hashlib.sha256(b"edi-gateway vault key id" + key).hexdigest()[:16]

    def __repr__(self) -> str:
        return f"VaultKey({self.id})"

    @classmethod
    def read(cls, text: str) -> VaultKey:
        """From base64. Raises WrongInput, without quoting any of it."""
        try:
            return cls(base64.b64decode(text.strip(), validate=True))
        except binascii.Error:
            raise WrongInput(
                "the vault's key is not base64", where=_WHERE, do="make one: edi-gateway vault new-key FILE"
            ) from None

    @classmethod
    def read_file(cls, path: Path) -> VaultKey:
        """From a file. Raises WrongInput."""
        try:
            return cls.read(path.read_text(encoding="ascii"))
        except (OSError, UnicodeDecodeError) as error:
            raise WrongInput("the vault's key file cannot be read", where=str(path)) from error

    @classmethod
    def configured(cls, settings: Settings) -> VaultKey | None:
        """The one the settings name; None where they name none."""
        if settings.vault_key is not None:
            return cls.read(settings.vault_key.get_secret_value())
        return cls.read_file(settings.vault_key_file) if settings.vault_key_file else None

    def seal(self, name: str, text: bytes) -> bytes:
        """Encrypts under a name; it opens under no other."""
        nonce = os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, text, name.encode())

    def open(self, row: SecretRow) -> bytes:
        """Raises NeedsPerson for what was sealed under another key, or altered."""
        try:
            return self._aead.decrypt(row.sealed[:_NONCE], row.sealed[_NONCE:], row.name.encode())
        except InvalidTag:
            what = f"the secret {row.name} does not open with key {self.id}; it was sealed with key {row.key_id}"
            raise NeedsPerson(what, where=_WHERE, do="give the gateway the key it was sealed with") from None


def new_key() -> str:
    """A new key, in base64."""
    return base64.b64encode(os.urandom(_SIZE)).decode()


class Vault:
    """Secrets by name, over one store; ``key`` None: nothing can be put in or taken out."""

    def __init__(self, store: Database, key: VaultKey | None) -> None:
        self._store, self._key = store, key

    def put(self, name: str, secret: bytes, by: str) -> None:
        """Keeps a secret, in place of an earlier one of that name. Raises WrongInput without a key."""
        with self._store.write() as unit:
            self.put_in(unit, name, secret, by)

    def put_in(self, unit: Unit, name: str, secret: bytes, by: str) -> None:
        """The same, in a transaction that has begun."""
        key = self._usable()
        unit.secrets.put(name, key.seal(name, secret), key.id, by)
        unit.events.tell("vault.changed", f"secret:{name}", f"the secret {name} was put into the vault", actor=by)

    def get(self, name: str) -> bytes | None:
        """The secret; None where there is none of that name. Raises WrongInput without a key, NeedsPerson with a wrong one."""
        with self._store.read() as unit:
            row = unit.secrets.get(name)
        return None if row is None else self._usable().open(row)

    def text(self, name: str) -> str | None:
        """The same, as text: what ``vault:NAME`` in a partner's file stands for."""
        secret = self.get(name)
        return None if secret is None else secret.decode()

    def rows(self) -> list[SecretRow]:
        """What there is, sealed."""
        with self._store.read() as unit:
            return unit.secrets.all()

    def drop(self, name: str, by: str) -> None:
        """Forgets a secret. Raises WrongInput where there is none."""
        with self._store.write() as unit:
            if not unit.secrets.drop(name):
                raise WrongInput(f"the vault holds no secret called {name}", do="edi-gateway vault list")
            unit.events.tell("vault.changed", f"secret:{name}", f"the secret {name} was taken out of the vault", actor=by)

    def rotate(self, to: VaultKey, by: str) -> int:
        """Seals every secret anew, all or none, under another key; returns how many. The settings have to name it after that."""
        key = self._usable()
        with self._store.write() as unit:
            rows = unit.secrets.all()
            for row in rows:
                unit.secrets.put(row.name, to.seal(row.name, key.open(row)), to.id, by)
            text = f"{count(len(rows), 'secret')} now sealed with key {to.id} instead of {key.id}"
            unit.events.tell("vault.rotated", "vault", text, actor=by)
        return len(rows)

    def _usable(self) -> VaultKey:
        if self._key is None:
            todo = "make a key, edi-gateway vault new-key FILE, and set EDI_GATEWAY_VAULT_KEY_FILE"
            raise WrongInput("the vault has no key", where=_WHERE, do=todo)
        return self._key
