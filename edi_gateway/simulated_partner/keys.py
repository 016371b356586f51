"""The key a simulated buyer logs in to its mailbox with: an Ed25519 pair of its own, made where it is told to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from edi_gateway.errors import NeedsPerson, WrongInput


class KeyPair(NamedTuple):
    """A private key's file, and the public line for the mailbox account's ``keys:``."""

    private_file: Path
    public_line: str


def make_keys(folder: Path, name: str) -> KeyPair:
    """The key pair of ``name`` in ``folder``, made once and found again; the private file is for its owner alone (0600).

    Raises NeedsPerson when the folder cannot be written, WrongInput when what lies there is no such key.
    """
    path = folder / f"{name}_ed25519"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write_new(path, _new_key())
        return KeyPair(path, _public_line(path, name))
    except OSError as error:
        raise NeedsPerson(
            f"a key cannot be kept there: {error.strerror}", where=str(path), do="give a folder that may be written"
        ) from error


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())


def _write_new(path: Path, body: bytes) -> None:
    """Never readable by others, not even for a moment, and never half there under its name."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    temporary.unlink(missing_ok=True)
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(fd, "wb") as out:
        out.write(body)
    temporary.rename(path)


def _public_line(path: Path, name: str) -> str:
    try:
        key = load_ssh_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise WrongInput(
            "this is no private key without passphrase", where=str(path), do="remove the file; a new key is made"
        ) from error
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return f"{public.decode()} {name}"
