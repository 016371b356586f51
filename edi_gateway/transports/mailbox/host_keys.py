"""The keys our server proves itself with: made once, kept in the data folder, readable by nobody else."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import paramiko
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.files import explained, sync_folder
from edi_gateway.transports.ssh import public_key_of

_ED25519 = "ssh_host_ed25519_key"
_OTHERS: dict[str, type[paramiko.PKey]] = {"ssh_host_ecdsa_key": paramiko.ECDSAKey, "ssh_host_rsa_key": paramiko.RSAKey}


def host_keys(folder: Path) -> list[paramiko.PKey]:
    """The host keys in ``folder``; an Ed25519 one is made when there is none yet.

    An ECDSA or RSA key is used when somebody has put one there under OpenSSH's name, for partners whose software is old.
    Raises NeedsPerson when others may read a key.
    """
    with explained("keep host keys", folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / _ED25519
        if not path.exists():
            _make(path)
        keys: list[paramiko.PKey] = [_load(path, paramiko.Ed25519Key)]
        return keys + [_load(folder / name, kind) for name, kind in _OTHERS.items() if (folder / name).exists()]


def _make(path: Path) -> None:
    text = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(fd, "wb") as out:
        out.write(text)
        out.flush()
        os.fsync(fd)
    temporary.rename(path)
    sync_folder(path.parent)
    key = public_key_of(paramiko.Ed25519Key.from_private_key_file(str(path)))
    path.with_suffix(".pub").write_text(f"{key.line}\n")


def _load(path: Path, kind: type[paramiko.PKey]) -> paramiko.PKey:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise NeedsPerson("others may read this host key", where=str(path), do="replace it if they have; chmod 600 it if not")
    try:
        return kind.from_private_key_file(str(path))
    except (paramiko.SSHException, ValueError, IndexError) as error:
        raise WrongInput(f"this host key cannot be read: {error}", where=str(path), do="restore it from the backup") from error
