"""Secrets: a file names where one is, never what it is. Here they are fetched.

They are shown masked, and only ``get_secret_value`` gives the text.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field, SecretStr, field_validator

from edi_gateway.errors import WrongInput
from edi_gateway.trading.base import Terms


class SecretReference(Terms):
    """Where a secret is; never the secret. Written as one word: ``env:NAME``, ``file:PATH`` or ``vault:NAME``."""

    at: str = Field(
        description="env:NAME, an environment variable; file:PATH, a file's content; vault:NAME, the gateway's vault."
    )

    @field_validator("at")
    @classmethod
    def _only_named(cls, value: str) -> str:
        kind, _, name = value.partition(":")
        if kind not in {"env", "file", "vault"} or not name:
            raise ValueError("a secret is only named here, never written; write env:NAME, file:PATH or vault:NAME")
        return value


def _reference(value: object) -> object:
    return {"at": value} if isinstance(value, str) else value


FromVault: TypeAlias = Callable[[str], str | None]
"""Gives the secret of a name; None where there is none of it."""

SecretAt: TypeAlias = Annotated[SecretReference, BeforeValidator(_reference)]


def resolve(
    reference: SecretReference, used_by: str, environment: Mapping[str, str] | None = None, vault: FromVault | None = None
) -> SecretStr:
    """The secret behind ``env:NAME``, ``file:PATH`` (relative to the working folder; one final line end is dropped) or
    ``vault:NAME``.

    ``used_by`` says whose secret it is ("connection acme-sftp, key"), for the error. Raises WrongInput that names the
    place, never what stands there.
    """
    kind, _, name = reference.at.partition(":")
    match kind:
        case "env":
            text = _from_environment(name, os.environ if environment is None else environment)
        case "vault":
            text = _from_vault(name, vault)
        case _:
            text = _from_file(name)
    if isinstance(text, WrongInput):
        raise WrongInput(text.what, where=used_by, do=text.do)
    return SecretStr(text)


def _from_environment(name: str, environment: Mapping[str, str]) -> str | WrongInput:
    text = environment.get(name, "")
    return text or WrongInput(f"the environment variable {name} is not set or empty", do="set it where the gateway is started")


def _from_vault(name: str, vault: FromVault | None) -> str | WrongInput:
    text = vault(name) if vault is not None else None
    return text or WrongInput(f"the vault holds no secret called {name}", do=f"put it there: edi-gateway vault set {name}")


def _from_file(name: str) -> str | WrongInput:
    try:
        text = Path(name).read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        return WrongInput(f"the secret's file {name} is not UTF-8 text")
    except OSError as error:
        return WrongInput(f"the secret's file {name} cannot be read: {error.strerror}")
    return text or WrongInput(f"the secret's file {name} is empty")
